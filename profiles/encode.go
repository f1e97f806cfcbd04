package profiles

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"bidfit/notice"
)

// Encode writes a profile as a person edits it: YAML, a field a line in the order of [Profile],
// money in pounds, each code and region with its name beside it. Decode of it is the profile again.
func Encode(p Profile) []byte {
	w := &writer{}
	w.field("", "id", p.ID)
	w.field("", "name", p.Name)
	w.list("", "identifiers", p.Identifiers)
	if p.Description != "" {
		w.WriteString("description: " + prose(p.Description))
	}
	w.list("", "keywords", p.Keywords)
	w.list("", "exclude", p.Exclude)
	if len(p.CPV) > 0 {
		w.WriteString("cpv:\n")
		for _, c := range p.CPV {
			name, of := c.Name()
			if of != c {
				name = fmt.Sprintf("under %s %s", of, name)
			}
			// In quotes: other readers of YAML would take 03110000 for a number.
			fmt.Fprintf(w, "  - %q # %s\n", c, comment(name))
		}
	}
	if len(p.Regions) > 0 {
		w.WriteString("regions:\n")
		for _, r := range p.Regions {
			fmt.Fprintf(w, "  - %s # %s\n", scalar(string(r)), comment(r.Name()))
		}
	}
	if p.Value != (Band{}) {
		w.WriteString("value: # net pounds of one contract\n")
		w.pounds("min", p.Value.Min)
		w.pounds("max", p.Value.Max)
	}
	w.truth("sme", p.SME)
	w.truth("vcse", p.VCSE)
	if p.Base != "" {
		fmt.Fprintf(w, "base: %s # %s\n", scalar(string(p.Base)), comment(p.Base.Name()))
	}
	if p.Turnover != nil {
		fmt.Fprintf(w, "turnover: %s # pounds a year\n", notice.Pence(*p.Turnover).Decimal())
	}
	if len(p.Insurance) > 0 {
		w.WriteString("insurance: # pounds of cover\n")
		for _, kind := range Insurances() {
			if cover, ok := p.Insurance[kind]; ok {
				w.pounds(kind, (*notice.Pence)(&cover))
			}
		}
	}
	if len(p.Buyers.Prefer)+len(p.Buyers.Avoid) > 0 {
		w.WriteString("buyers:\n")
		w.list("  ", "prefer", p.Buyers.Prefer)
		w.list("  ", "avoid", p.Buyers.Avoid)
	}
	w.list("", "experience", p.Experience)
	w.list("", "certifications", p.Certifications)
	w.list("", "frameworks", p.Frameworks)
	if p.LeadDays != 0 {
		fmt.Fprintf(w, "leadDays: %d\n", p.LeadDays)
	}
	if len(p.Weights) > 0 {
		w.WriteString("weights:\n")
		for _, c := range Criteria() {
			if weight, ok := p.Weights[c]; ok {
				fmt.Fprintf(w, "  %s: %d\n", c, weight)
			}
		}
	}
	return w.Bytes()
}

type writer struct{ bytes.Buffer }

func (w *writer) field(indent, name, value string) {
	fmt.Fprintf(w, "%s%s: %s\n", indent, name, scalar(value))
}

func (w *writer) list(indent, name string, texts []string) {
	if len(texts) == 0 {
		return
	}
	fmt.Fprintf(w, "%s%s:\n", indent, name)
	for _, s := range texts {
		fmt.Fprintf(w, "%s  - %s\n", indent, scalar(s))
	}
}

func (w *writer) truth(name string, is *bool) {
	if is != nil {
		fmt.Fprintf(w, "%s: %t\n", name, *is)
	}
}

func (w *writer) pounds(name string, p *notice.Pence) {
	if p != nil {
		fmt.Fprintf(w, "  %s: %s\n", name, p.Decimal())
	}
}

// unquoted is a text that no reader of YAML takes for anything else, words with a meaning of
// their own aside.
var (
	unquoted = regexp.MustCompile(`^\pL[\pL\pN ,.&'()/+_-]*$`)
	meaning  = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// scalar writes a text on one line, in quotes where it needs them.
func scalar(s string) string {
	if unquoted.MatchString(s) && !meaning.MatchString(s) && !strings.HasSuffix(s, " ") {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(c):
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// column is where Encode folds long text.
const column = 88

// prose writes a description so that it can be read and edited: on its line
// where it fits, folded at blanks where it is long, line by line where it has lines.
func prose(s string) string {
	var b strings.Builder
	switch {
	case !foldable(s) || len(s) <= column/2 && !strings.Contains(s, "\n"):
		return scalar(s) + "\n"
	case strings.Contains(s, "\n"):
		b.WriteString("|-\n")
		for line := range strings.SplitSeq(s, "\n") {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
	default:
		b.WriteString(">-\n ")
		width := 0
		for word := range strings.SplitSeq(s, " ") {
			if width += len(word) + 1; width > column && width > len(word)+1 {
				b.WriteString("\n ")
				width = len(word) + 1
			}
			b.WriteString(" " + word)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// foldable reports whether a block text gives s back to the letter: all of it
// can be seen, and no blank stands where YAML drops or counts it.
func foldable(s string) bool {
	if s == "" || strings.TrimSpace(s) != s {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != line || strings.Contains(line, "  ") {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
}

// comment makes a name fit behind a "#".
func comment(s string) string { return strings.Join(strings.Fields(s), " ") }
