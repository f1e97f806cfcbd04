package profiles

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// MaxFile is the size of the largest file Decode reads: a thousand profiles and more.
const MaxFile = 1 << 20

// maxErrors is how many errors are worth collecting.
const maxErrors = 1000

// Decode reads every profile of a YAML or JSON file: one, several YAML
// documents, JSON Lines, or a list. The file's name is for the errors only.
//
// Either all profiles are good or none is given, and the error is an [Errors]
// with everything that is wrong: in a file that breaks off, everything before it; of more than a
// thousand errors, the first thousand or so.
func Decode(r io.Reader, file string) ([]Profile, error) {
	src, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading profiles from %s: %w", cmp.Or(file, "input"), err)
	}
	profiles, errs := decode(src)
	for i := range errs {
		errs[i].File = file
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	return profiles, nil
}

func decode(src []byte) ([]Profile, Errors) {
	src, errs := clean(src)
	if errs != nil {
		return nil, errs
	}
	parse := parseYAML
	if looksJSON(src) {
		parse = parseJSON
	}
	docs, errs := parse(src)
	var profiles []Profile
	lines := map[string]int{} // of each id
	for _, n := range each(docs) {
		if len(errs) > maxErrors {
			break // this is not a file of profiles
		}
		p, wrong := read(n)
		if first, ok := lines[p.ID]; ok && p.ID != "" {
			wrong = append(wrong, Error{Line: n.line, Column: n.column, Field: "id", Value: p.ID,
				Message: fmt.Sprintf("%s is also the id of the profile on line %d; give each profile its own", quote(p.ID), first)})
		}
		lines[p.ID] = n.line
		profiles = append(profiles, p)
		errs = append(errs, wrong...)
	}
	if len(profiles) == 0 && errs == nil {
		errs = Errors{{Line: 1, Column: 1, Message: "holds no profile; write at least id, name and keywords"}}
	}
	return profiles, errs
}

// each is the documents, with those that are lists replaced by what they hold.
func each(docs []*node) []*node {
	var out []*node
	for _, n := range docs {
		if n.kind == list {
			out = append(out, n.items...)
		} else {
			out = append(out, n)
		}
	}
	return out
}

// clean checks the size and encoding of a file and takes off what editors
// leave: a byte order mark, Windows line ends.
func clean(src []byte) ([]byte, Errors) {
	if len(src) > MaxFile {
		return nil, Errors{{Message: "is larger than 1 MiB; split it, a profile is a few kilobytes"}}
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(src, []byte(mark)) {
			return nil, Errors{{Line: 1, Column: 1, Message: "is UTF-16 text; save it as UTF-8"}}
		}
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if at := invalid(src); at >= 0 {
		c := cursor{src: src, place: place{1, 1}}
		p := c.at(at)
		message := fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8", src[at])
		if src[at] == 0 {
			message = "holds a NUL byte; this is not a text file, or it is UTF-16: save it as UTF-8"
		}
		return nil, Errors{{Line: p.line, Column: p.column, Message: message}}
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(src, []byte("\r"), []byte("\n")), nil
}

// invalid is where the text stops being UTF-8 without NUL, -1 for nowhere.
func invalid(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// spot names a value of a profile: a field, and the index in its list or -1.
type spot struct {
	field string
	index int
}

func whole(field string) spot { return spot{field, -1} }

// reader makes a profile of one node.
type reader struct {
	errs Errors
	at   map[spot]place
	// unread are the fields of which something could not be read.
	unread map[string]bool
}

// entry is a field a mapping may have, and how it is read.
type entry struct {
	name string
	read func(n *node, name string)
}

// read makes a profile of a node and lists what is wrong with it.
func read(n *node) (Profile, Errors) {
	r := &reader{at: map[spot]place{whole(""): n.place}, unread: map[string]bool{}}
	var p Profile
	r.mapping(n, "", []entry{
		{"id", r.text(&p.ID)},
		{"name", r.text(&p.Name)},
		{"identifiers", items(r, &p.Identifiers, notice.ParseIdentifier)},
		{"description", r.text(&p.Description)},
		{"keywords", r.texts(&p.Keywords)},
		{"exclude", r.texts(&p.Exclude)},
		{"cpv", items(r, &p.CPV, cpv.Parse)},
		{"regions", items(r, &p.Regions, itl.Parse)},
		{"value", func(n *node, name string) {
			r.mapping(n, name, []entry{{"min", r.pounds(&p.Value.Min)}, {"max", r.pounds(&p.Value.Max)}})
		}},
		{"sme", r.truth(&p.SME)},
		{"vcse", r.truth(&p.VCSE)},
		{"base", r.place(&p.Base)},
		{"turnover", r.amount(func(a Pounds) { p.Turnover = &a })},
		{"insurance", func(n *node, name string) {
			p.Insurance = map[string]Pounds{}
			var kinds []entry
			for _, kind := range Insurances() {
				kinds = append(kinds, entry{kind, r.amount(func(a Pounds) { p.Insurance[kind] = a })})
			}
			r.mapping(n, name, kinds)
			if len(p.Insurance) == 0 {
				p.Insurance = nil
			}
		}},
		{"buyers", func(n *node, name string) {
			r.mapping(n, name, []entry{{"prefer", r.texts(&p.Buyers.Prefer)}, {"avoid", r.texts(&p.Buyers.Avoid)}})
		}},
		{"experience", r.texts(&p.Experience)},
		{"certifications", r.texts(&p.Certifications)},
		{"frameworks", r.texts(&p.Frameworks)},
		{"leadDays", r.number(func(n int) { p.LeadDays = n })},
		{"weights", func(n *node, name string) {
			p.Weights = map[string]int{}
			var weights []entry
			for _, c := range Criteria() {
				weights = append(weights, entry{c, r.number(func(n int) { p.Weights[c] = n })})
			}
			r.mapping(n, name, weights)
			if len(p.Weights) == 0 {
				p.Weights = nil
			}
		}},
	})
	if n.kind == mapping {
		p.check(r.judged)
	}
	return p, r.errs
}

// fail reports what is wrong with a node.
func (r *reader) fail(n *node, field, format string, args ...any) {
	r.unread[field] = true
	r.errs = append(r.errs, Error{Line: n.line, Column: n.column, Field: field, Value: n.text, Message: fmt.Sprintf(format, args...)})
}

// judged takes what a rule found. What could not be read is reported already:
// that its field is missing, or the profile empty, is then no further error.
func (r *reader) judged(at spot, value, message string) {
	if r.unread[at.field] || at.field == "" && len(r.unread) > 0 {
		return
	}
	p, ok := r.at[at]
	if !ok {
		p, ok = r.at[whole(at.field)]
	}
	if !ok {
		p = r.at[whole("")]
	}
	r.errs = append(r.errs, Error{Line: p.line, Column: p.column, Field: at.field, Value: value, Message: message})
}

// mapping reads the fields of a mapping; within is the name of the field it stands in.
func (r *reader) mapping(n *node, within string, entries []entry) {
	if n.kind == null && within != "" {
		return
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	if n.kind != mapping {
		r.fail(n, within, "expected fields (%s), found %s; write each as \"field: value\" on its own line", strings.Join(names, ", "), n.shown())
		return
	}
	if len(n.fields) > maxFields {
		r.fail(n, within, tooMany)
		return
	}
	seen := map[string]int{}
	for _, f := range n.fields {
		name := f.key.text
		full := strings.TrimPrefix(within+"."+name, ".")
		if line, ok := seen[name]; ok {
			r.fail(f.key, full, "given twice, first on line %d; keep one", line)
			continue
		}
		seen[name] = f.key.line
		known := false
		for _, e := range entries {
			if e.name == name {
				known = true
				r.at[whole(full)] = f.value.place
				e.read(f.value, full)
			}
		}
		if !known {
			r.unknown(f.key, within, names)
		}
	}
}

// unknown reports a field that profiles do not have, with the one that may be meant.
func (r *reader) unknown(key *node, within string, names []string) {
	what := "a profile"
	if within != "" {
		what = within
	}
	remedy := "the fields are " + strings.Join(names, ", ")
	if name := nearest(key.text, names); name != "" {
		remedy = fmt.Sprintf("did you mean %q?", name)
	}
	r.fail(key, within, "%s has no field %s; %s", what, quote(key.text), remedy)
}

// shown is how a node is named in an error.
func (n *node) shown() string {
	if n.kind == text || n.kind == bare {
		return quote(n.text)
	}
	return string(n.kind)
}

// word is the text of a scalar. Bare letters count as written: a company may be
// called 3663, a keyword may be 24/7 or 2024.
func (r *reader) word(n *node, field string) (string, bool) {
	switch n.kind {
	case text, bare:
		return strings.TrimSpace(n.text), true
	case null:
		r.fail(n, field, "nothing stands here; write a text or take the entry out")
	default:
		r.fail(n, field, "expected a text, found %s; put it in quotes", n.shown())
	}
	return "", false
}

// text reads a text; nothing at all leaves it unsaid.
func (r *reader) text(to *string) func(*node, string) {
	return func(n *node, field string) {
		if n.kind == null {
			return
		}
		if s, ok := r.word(n, field); ok {
			*to = s
		}
	}
}

// texts reads a list of texts.
func (r *reader) texts(to *[]string) func(*node, string) {
	return items(r, to, func(s string) (string, error) { return s, nil })
}

// items reads a list of whatever parse makes of a text.
func items[T any](r *reader, to *[]T, parse func(string) (T, error)) func(*node, string) {
	return func(n *node, field string) {
		switch n.kind {
		case list:
		case null:
			return
		default:
			r.fail(n, field, "expected a list, found %s; write it in brackets, [a, b], or each entry on its own line after a dash", n.shown())
			return
		}
		if len(n.items) > maxEntries {
			r.fail(n, field, tooLong, len(n.items), maxEntries)
			return
		}
		for _, item := range n.items {
			s, ok := r.word(item, field)
			if !ok {
				continue
			}
			v, err := parse(s)
			if err != nil {
				r.fail(item, field, "%v", err)
				continue
			}
			r.at[spot{field, len(*to)}] = item.place
			*to = append(*to, v)
		}
	}
}

// place reads a region, or a postcode, which stands for its region.
func (r *reader) place(to *itl.Region) func(*node, string) {
	return func(n *node, field string) {
		if n.kind == null {
			return
		}
		s, ok := r.word(n, field)
		if !ok {
			return
		}
		region, err := itl.Parse(s)
		if err != nil {
			var none error
			if region, none = itl.FromPostcode(s); none != nil {
				r.fail(n, field, "%v; a postcode will do too", err)
				return
			}
		}
		*to = region
	}
}

// truth reads true or false; nothing leaves it unsaid.
func (r *reader) truth(to **bool) func(*node, string) {
	return func(n *node, field string) {
		if n.kind == null {
			return
		}
		switch v := strings.ToLower(n.text); {
		case n.kind == bare && (v == "true" || v == "false"):
			is := v == "true"
			*to = &is
		default:
			r.fail(n, field, "expected true or false, found %s; write true or false without quotes, or leave the field out", n.shown())
		}
	}
}

// pounds reads an amount of money; nothing leaves the end open.
func (r *reader) pounds(to **notice.Pence) func(*node, string) {
	return func(n *node, field string) {
		switch n.kind {
		case null:
		case text, bare:
			p, err := ParsePounds(n.text)
			switch {
			case err != nil:
				r.fail(n, field, "%v", err)
			case n.kind == text:
				r.fail(n, field, "expected a number, found a text in quotes; write %s without quotes", p.Decimal())
			default:
				*to = &p
			}
		default:
			r.fail(n, field, "expected pounds, found %s; write a number such as 10000", n.shown())
		}
	}
}

// amount reads an amount of money that is no end of a band; nothing leaves it unsaid.
func (r *reader) amount(set func(Pounds)) func(*node, string) {
	return func(n *node, field string) {
		var p *notice.Pence
		if r.pounds(&p)(n, field); p != nil {
			set(Pounds(*p))
		}
	}
}

var digits = regexp.MustCompile(`^[0-9]{1,9}$`)

// number reads a small whole number; nothing leaves it unsaid.
func (r *reader) number(set func(int)) func(*node, string) {
	return func(n *node, field string) {
		switch {
		case n.kind == null:
		case n.kind == bare && digits.MatchString(n.text):
			v, _ := strconv.Atoi(n.text) // nine digits fit
			set(v)
		default:
			r.fail(n, field, "expected a whole number, found %s; write digits only, without quotes", n.shown())
		}
	}
}
