package profiles

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// The bounds of a profile: far above what anybody writes, low enough that one
// profile cannot slow matching down for all.
const (
	maxEntries     = 200    // of every list
	maxKeyword     = 100    // bytes of a keyword or excluded word
	maxName        = 200    // bytes of a name, buyer, certification or framework
	maxExperience  = 2_000  // bytes of a past contract
	maxDescription = 20_000 // bytes
	maxLeadDays    = 365
	maxWeight      = 100
)

const tooLong = "has %d entries, more than %d; keep the most telling"

var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Check holds the rules of a profile file against a profile built in code. The
// error is an [Errors] without places.
func (p Profile) Check() error {
	var errs Errors
	p.check(func(at spot, value, message string) {
		errs = append(errs, Error{Field: at.field, Value: value, Message: message})
	})
	return errs.err()
}

// rules judges values and reports what is wrong where.
type rules struct {
	report func(at spot, value, message string)
}

func (r rules) fail(at spot, value, format string, args ...any) {
	r.report(at, value, fmt.Sprintf(format, args...))
}

// check is every rule there is, the fields in order.
func (p *Profile) check(report func(at spot, value, message string)) {
	r := rules{report}
	r.id(p.ID)
	if p.Name == "" {
		r.fail(whole("name"), "", "missing; write the supplier's name")
	}
	r.line(whole("name"), p.Name, maxName)
	r.identifiers(p.Identifiers)
	r.text(whole("description"), p.Description, maxDescription, "\n\t")
	if len(p.Keywords)+len(p.CPV) == 0 && p.Description == "" {
		r.fail(whole(""), "", "the profile says nothing to match by; give it keywords, cpv codes or a description")
	}

	keywords := r.phrases("keywords", p.Keywords)
	excluded := r.phrases("exclude", p.Exclude)
	r.contradictions(p, keywords, excluded)
	r.codes(p.CPV)
	r.regions(p.Regions)
	r.band(p.Value)
	r.base(p.Base)
	if p.Turnover != nil {
		r.pounds("turnover", *p.Turnover, "turnover of a year")
	}
	r.insurance(p.Insurance)
	r.list("buyers.prefer", p.Buyers.Prefer, maxName)
	r.list("buyers.avoid", p.Buyers.Avoid, maxName)
	for i, b := range p.Buyers.Avoid {
		if slices.ContainsFunc(p.Buyers.Prefer, func(a string) bool { return folded(a) == folded(b) }) {
			r.fail(spot{"buyers.avoid", i}, b, "%s is preferred and avoided; take it out of one list", quote(b))
		}
	}
	r.list("experience", p.Experience, maxExperience)
	r.list("certifications", p.Certifications, maxName)
	r.list("frameworks", p.Frameworks, maxName)
	if p.LeadDays < 0 || p.LeadDays > maxLeadDays {
		r.fail(whole("leadDays"), fmt.Sprint(p.LeadDays), "%d is outside 0 to %d; write the days a bid takes to prepare", p.LeadDays, maxLeadDays)
	}
	r.weights(p.Weights)
}

func (r rules) id(id string) {
	switch {
	case id == "":
		r.fail(whole("id"), id, "missing; write a short name for commands and files, such as trent")
	case id == "." || id == "..":
		r.fail(whole("id"), id, "%s is a folder, not an id; write a name such as trent", quote(id))
	case !goodID.MatchString(id):
		r.fail(whole("id"), id, "%s is not an id; use 1 to 64 of the letters A-Z and a-z, digits, dot, dash and underscore", quote(id))
	}
}

// line is the rule of a text on one line.
func (r rules) line(at spot, s string, limit int) { r.text(at, s, limit, "") }

// text is the rule of every text: whole, short enough, and nothing invisible in
// it but the control characters allowed.
func (r rules) text(at spot, s string, limit int, allowed string) {
	if len(s) > limit {
		r.fail(at, s, "%s is %d bytes long, more than %d; shorten it", quote(s), len(s), limit)
	}
	if strings.TrimSpace(s) != s {
		r.fail(at, s, "%s has blanks around it; take them off", quote(s))
	}
	for _, c := range s {
		if c == unicode.ReplacementChar {
			r.fail(at, s, "%s holds the character U+FFFD, which stands for letters lost; write them again", quote(s))
			return
		}
		if (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029' || c == '\ufeff') && !strings.ContainsRune(allowed, c) {
			r.fail(at, s, "%s holds the invisible character U+%04X; take it out", quote(s), c)
			return
		}
	}
}

// list is the rule of a list of texts: not too many, none blank, none twice.
func (r rules) list(field string, texts []string, limit int) {
	if !r.count(field, len(texts)) {
		return
	}
	seen := map[string]bool{}
	for i, s := range texts {
		at := spot{field, i}
		if s == "" {
			r.fail(at, s, "an entry is blank; write a text or take it out")
			continue
		}
		r.line(at, s, limit)
		if seen[folded(s)] {
			r.fail(at, s, "%s stands here twice; take one out", quote(s))
		}
		seen[folded(s)] = true
	}
}

// count is the rule of every list. Of one that is too long the entries are not judged.
func (r rules) count(field string, n int) bool {
	if n > maxEntries {
		r.fail(whole(field), fmt.Sprint(n), tooLong, n, maxEntries)
	}
	return n <= maxEntries
}

// folded is a text as its duplicates share it: case and width of blanks do not count.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// identifiers is the rule of registered numbers: each in the form that notices carry.
func (r rules) identifiers(ids []string) {
	r.list("identifiers", ids, maxName)
	for i, id := range ids {
		if id == "" || len(ids) > maxEntries {
			continue // reported already
		}
		switch canonical, err := notice.ParseIdentifier(id); {
		case err != nil:
			r.fail(spot{"identifiers", i}, id, "%v", err)
		case canonical != id:
			r.fail(spot{"identifiers", i}, id, "%s is called %s in notices; write that", quote(id), canonical)
		}
	}
}

// phrases is the rule of keywords: a list whose entries each have something to be found by.
func (r rules) phrases(field string, keywords []string) []words.Phrase {
	r.list(field, keywords, maxKeyword)
	out := make([]words.Phrase, len(keywords))
	for i, k := range keywords {
		if k == "" || len(k) > maxKeyword || len(keywords) > maxEntries {
			continue // reported already
		}
		phrase, err := words.ParsePhrase(k)
		if err != nil {
			r.fail(spot{field, i}, k, "%s cannot be looked for: %v; write words that say what is sold", quote(k), err)
		}
		out[i] = phrase
	}
	return out
}

// contradictions reports excluded words that stand inside a keyword: whatever
// that keyword finds, they would bar.
func (r rules) contradictions(p *Profile, keywords, excluded []words.Phrase) {
	for _, k := range keywords {
		tokens := words.Tokens(k.Text)
		for i, x := range excluded {
			if len(x.Forms) > 0 && len(x.Find(tokens)) > 0 {
				r.fail(spot{"exclude", i}, p.Exclude[i], "%s would bar whatever the keyword %s finds; take one of them out", quote(p.Exclude[i]), quote(k.Text))
			}
		}
	}
}

func (r rules) codes(codes []cpv.Code) {
	if !r.count("cpv", len(codes)) {
		return
	}
	seen := map[cpv.Code]bool{}
	for i, c := range codes {
		at := spot{"cpv", i}
		if !c.Known() {
			_, err := cpv.Parse(c.String())
			r.fail(at, c.String(), "%v", err)
		}
		if seen[c] {
			r.fail(at, c.String(), "%s stands here twice; take one out", c)
		}
		seen[c] = true
	}
}

func (r rules) regions(regions []itl.Region) {
	if !r.count("regions", len(regions)) {
		return
	}
	seen := map[itl.Region]bool{}
	for i, region := range regions {
		at := spot{"regions", i}
		switch canonical, err := itl.Parse(string(region)); {
		case err != nil:
			r.fail(at, string(region), "%v", err)
		case canonical != region:
			r.fail(at, string(region), "%s is called %s here; write that", quote(string(region)), canonical)
		case seen[region]:
			r.fail(at, string(region), "%s stands here twice; take one out", region.Label())
		}
		seen[region] = true
	}
}

// base is the rule of the place a supplier sits in: one region, and no whole country.
func (r rules) base(base itl.Region) {
	if base == "" {
		return
	}
	canonical, err := itl.Parse(string(base))
	switch {
	case err != nil:
		r.fail(whole("base"), string(base), "%v", err)
	case canonical != base:
		r.fail(whole("base"), string(base), "%s is called %s here; write that", quote(string(base)), canonical)
	case base.Nationwide():
		r.fail(whole("base"), string(base), "%s is no place to be based in; write a county, a region or a postcode", base.Label())
	}
}

func (r rules) pounds(field string, p Pounds, what string) {
	if p < 0 || p > maxPounds*100 {
		r.fail(whole(field), notice.Pence(p).Decimal(), "%s is no %s; write pounds from 0, or leave it out", p, what)
	}
}

func (r rules) insurance(cover map[string]Pounds) {
	kinds := Insurances()
	for _, kind := range slices.Sorted(maps.Keys(cover)) {
		if !slices.Contains(kinds, kind) {
			r.fail(whole("insurance"), kind, "%s is no kind of insurance; the kinds are %s", quote(kind), strings.Join(kinds, ", "))
			continue
		}
		r.pounds("insurance."+kind, cover[kind], "cover")
	}
}

func (r rules) band(b Band) {
	if b.Min != nil && (*b.Min < 0 || *b.Min > maxPounds*100) {
		r.fail(whole("value.min"), b.Min.Decimal(), "%s is no value of a contract; write net pounds from 0, or leave it out for an open end", b.Min)
	}
	if b.Max != nil && (*b.Max < 0 || *b.Max > maxPounds*100) {
		r.fail(whole("value.max"), b.Max.Decimal(), "%s is no value of a contract; write net pounds from 0, or leave it out for an open end", b.Max)
	}
	if b.Max != nil && *b.Max == 0 {
		r.fail(whole("value.max"), "0", "no contract fits below £0; write the largest value, or leave it out for an open end")
	}
	if b.Min != nil && b.Max != nil && *b.Min > *b.Max {
		r.fail(whole("value.min"), b.Min.Decimal(), "%s is more than value.max, %s; exchange them", b.Min, b.Max)
	}
}

func (r rules) weights(weights map[string]int) {
	names := Criteria()
	for _, name := range names {
		if w, ok := weights[name]; ok && (w < 0 || w > maxWeight) {
			r.fail(whole("weights."+name), fmt.Sprint(w), "%d is outside 0 to %d; 0 leaves the criterion out", w, maxWeight)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		if !slices.Contains(names, name) {
			r.fail(whole("weights"), name, "%s is no criterion; the criteria are %s", quote(name), strings.Join(names, ", "))
		}
	}
	if len(weights) == len(names) && !slices.ContainsFunc(names, func(n string) bool { return weights[n] != 0 }) {
		r.fail(whole("weights"), "", "every criterion has weight 0, so nothing could be told apart; give one of them more")
	}
}
