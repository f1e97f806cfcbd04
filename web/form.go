package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/suggest"
)

// profileForm is a profile being written: what is typed in it, and all that is said about that. A profile that is not right is no reason to
// lose a letter: what is shown again is what was sent.
type profileForm struct {
	New      bool
	ID       string // the profile's; "" while it is new
	Revision uint64 // that the change sets out from
	Action   string // where the form is sent
	CPV, ITL finder
	Band     bandSpread
	Preview  *profilePreview
	Draft    *profileDraft

	values url.Values
	faults map[string][]string // by field
}

// profilePreview is what the profile would list now, or why that cannot be told yet.
type profilePreview struct {
	*desk.Preview
	ID    string // that a new profile would get
	Empty bool   // nothing to match by is said yet
	Waits []string
}

// profileFields are the controls of the form in the order of the page, which is that of the summary of errors.
var profileFields = func() []Field {
	list := []Field{
		{Name: "form", Label: "The profile"},
		{Name: "file", Label: "Profile file", Type: "file", Accept: ".yaml,.yml,.json,application/yaml,application/json", Hint: "YAML or JSON, as “bidfit profile show” writes it. It fills the form; nothing is kept until you save."},
		{Name: "q.supplier", Label: "Supplier that won contracts", Hint: "Its name as in award notices, or its number, such as GB-COH-01234567."},
		{Name: "name", Label: "Name", Required: true, Autocomplete: "organization", Hint: "The supplier this profile is for."},
		{Name: "description", Label: "What you do", Type: "textarea", Rows: 4, Required: true,
			Hint: "A sentence or two in your own words; or leave it blank and list keywords. It is held against the words of every notice."},
		{Name: "regions", Label: "Where you can deliver", Required: true},
		{Name: "value.min", Label: "Smallest contract", Before: "£", InputMode: "numeric", Autocomplete: "off"},
		{Name: "value.max", Label: "Largest contract", Before: "£", InputMode: "numeric", Autocomplete: "off"},
		{Name: "keywords", Label: "Keywords", Type: "textarea", Rows: 5, Hint: "Words and phrases that say what you sell, one a line. Endings and spellings are matched; capitals such as HR are an acronym."},
		{Name: "cpv", Label: "CPV codes"},
		{Name: "exclude", Label: "Words that rule a notice out", Type: "textarea", Rows: 3, Hint: "One a line. A notice whose title or code says one of them is barred: use them for what you never do."},
		{Name: "sme", Label: "Small or medium-sized enterprise", Type: "radio", Hint: "Fewer than 250 staff, and at most £44m turnover or £38m balance sheet."},
		{Name: "vcse", Label: "Voluntary, community or social enterprise", Type: "radio"},
		{Name: "base", Label: "Where you are based", Hint: "A postcode, or a region or its code. It is held against contracts reserved for suppliers of a place.", Autocomplete: "off"},
		{Name: "turnover", Label: "Turnover of a year", Before: "£", InputMode: "numeric", Autocomplete: "off", Hint: "Pounds, digits only."},
	}
	for _, kind := range profiles.Insurances() {
		list = append(list, Field{Name: "insurance." + kind, Label: insuranceWords[kind], Before: "£", InputMode: "numeric", Autocomplete: "off"})
	}
	list = append(list,
		Field{Name: "certifications", Label: "Certificates, accreditations and clearances", Type: "textarea", Rows: 4,
			Hint: "One a line, such as ISO 9001. Once you list any, the list is taken as whole: what a notice requires and it lacks is a gap."},
		Field{Name: "frameworks", Label: "Frameworks you are on", Type: "textarea", Rows: 3, Hint: "One a line, by name or OCID."},
		Field{Name: "experience", Label: "Contracts you have delivered", Type: "textarea", Rows: 5, Hint: "One a line: the title and a few words on what was done."},
		Field{Name: "identifiers", Label: "Registered numbers", Type: "textarea", Rows: 2,
			Hint: "One a line: GB-COH- and a company number, GB-PPON-, or GB-CHC-, GB-SC- or GB-NIC- and a charity's. What you have won is known by them."},
		Field{Name: "buyers.prefer", Label: "Buyers you would rather work for", Type: "textarea", Rows: 3, Hint: "One a line: whole words of the name, or an identifier."},
		Field{Name: "buyers.avoid", Label: "Buyers you would rather not", Type: "textarea", Rows: 3},
		Field{Name: "leadDays", Label: "Days a bid takes you to prepare", InputMode: "numeric", Autocomplete: "off", Hint: "0 to 365. A deadline nearer than that counts as short. Blank is the default."})
	for _, c := range profiles.Criteria() {
		list = append(list, Field{Name: "weights." + c, Label: upper(c), InputMode: "numeric", Autocomplete: "off"})
	}
	return append(list, Field{Name: "id", Label: "Id", Autocomplete: "off", Hint: "Short, for addresses and commands. Left blank, it is made of the name."})
}()

var insuranceWords = map[string]string{"public": "Public liability", "employers": "Employers’ liability", "professional": "Professional indemnity",
	"products": "Product liability", "cyber": "Cyber", "medical": "Medical malpractice"}

// Field is a control of the form with what is typed in it.
func (f *profileForm) Field(name string) (Field, error) {
	i := slices.IndexFunc(profileFields, func(x Field) bool { return x.Name == name })
	if i < 0 {
		return Field{}, fmt.Errorf("the form has no field %q", name)
	}
	x := profileFields[i]
	x.Value, x.Error = f.values.Get(name), strings.Join(f.faults[name], " ")
	if x.Type == "radio" {
		for _, o := range []Option{{Value: "", Label: "Not said"}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}} {
			o.Chosen = o.Value == x.Value
			x.Options = append(x.Options, o)
		}
	}
	return x, nil
}

// Fields are those whose names begin so, in order.
func (f *profileForm) Fields(prefix string) (list []Field, err error) {
	for _, x := range profileFields {
		if strings.HasPrefix(x.Name, prefix) {
			x, err = f.Field(x.Name)
			list = append(list, x)
		}
	}
	return list, err
}

// Value is what is typed in a field.
func (f *profileForm) Value(name string) string { return f.values.Get(name) }

// Wrong reports whether something is wrong with one of these fields, so that what is folded away opens; a name that ends in a dot is a group.
func (f *profileForm) Wrong(names ...string) bool {
	for name := range f.faults {
		if slices.ContainsFunc(names, func(n string) bool { return n == name || strings.HasSuffix(n, ".") && strings.HasPrefix(name, n) }) {
			return true
		}
	}
	return false
}

// Said counts which of these fields say something.
func (f *profileForm) Said(names ...string) int {
	n := 0
	for _, x := range profileFields {
		if f.values.Get(x.Name) != "" && slices.ContainsFunc(names, func(n string) bool { return n == x.Name || strings.HasSuffix(n, ".") && strings.HasPrefix(x.Name, n) }) {
			n++
		}
	}
	return n
}

// fault says what is wrong with a field.
func (f *profileForm) fault(name, message string) {
	f.faults[name] = append(f.faults[name], sentence(errors.New(message)))
}

// take puts what the rules found beside its field.
func (f *profileForm) take(errs profiles.Errors) {
	for _, e := range slices.SortedStableFunc(slices.Values(errs), func(a, b profiles.Error) int { return a.Line - b.Line }) {
		name, message := e.Field, e.Message
		switch name {
		case "":
			name = "description"
		case "insurance", "weights":
			name = "form"
		}
		if e.Line > 1 || e.Line == 1 && strings.Contains(strings.TrimSpace(f.values.Get(name)), "\n") {
			message = fmt.Sprintf("line %d: %s", e.Line, message)
		}
		f.fault(name, message)
	}
}

// isProfileField reports whether a name is that of a field that a proposal may fill.
func isProfileField(name string) bool {
	return slices.ContainsFunc(profileFields, func(x Field) bool {
		return x.Name == name && name != "form" && name != "file" && name != "q.supplier" && name != "id"
	})
}

// tickedFields are the fields whose values stand each for itself.
var tickedFields = []string{"cpv", "regions"}

// lineFields are the fields of one entry a line.
var lineFields = []string{"identifiers", "keywords", "exclude", "experience", "certifications", "frameworks", "buyers.prefer", "buyers.avoid"}

// holds reports whether a field says a value already.
func (f *profileForm) holds(name, value string) bool {
	if !slices.Contains(lineFields, name) {
		return slices.Contains(f.values[name], value)
	}
	return slices.ContainsFunc(strings.Split(f.values.Get(name), "\n"), func(line string) bool { return strings.EqualFold(strings.TrimSpace(line), value) })
}

// add has a field say a value too, or in place of what it said where it can say but one.
func (f *profileForm) add(name, value string) {
	switch {
	case !isProfileField(name) || f.holds(name, value):
	case slices.Contains(tickedFields, name):
		f.values.Add(name, value)
	case slices.Contains(lineFields, name) && strings.TrimSpace(f.values.Get(name)) != "":
		f.values.Set(name, strings.TrimRight(f.values.Get(name), "\r\n")+"\n"+value)
	default:
		f.values.Set(name, value)
	}
}

// drop takes values out of the lists of the form.
func (f *profileForm) drop(changes []string) {
	eachPair(changes, func(name, value string) {
		switch {
		case slices.Contains(tickedFields, name):
			f.values[name] = slices.DeleteFunc(f.values[name], func(v string) bool { return v == value })
		case slices.Contains(lineFields, name):
			kept := slices.DeleteFunc(strings.Split(f.values.Get(name), "\n"), func(line string) bool { return strings.EqualFold(strings.TrimSpace(line), value) })
			f.values.Set(name, strings.Join(kept, "\n"))
		}
	})
}

// accept adds what was ticked among the proposals.
func (f *profileForm) accept(proposals []string) { eachPair(proposals, f.add) }

// eachPair goes through fields and values that are written as queries; what is no query is not one of ours.
func eachPair(queries []string, do func(name, value string)) {
	for _, q := range queries {
		pairs, _ := url.ParseQuery(q)
		for _, name := range slices.Sorted(maps.Keys(pairs)) {
			for _, v := range pairs[name] {
				do(name, v)
			}
		}
	}
}

// formOf is the form with what a profile says.
func formOf(p store.Profile) *profileForm {
	return &profileForm{ID: p.ID, Revision: p.Revision, Action: pathOf("profiles", p.ID), values: p.Profile.Form(), faults: map[string][]string{}}
}

// newForm is the form with nothing in it.
func newForm() *profileForm {
	return &profileForm{New: true, Action: "/profiles", values: url.Values{}, faults: map[string][]string{}}
}

// sent reads the form that a request carries into f.
func (f *profileForm) sent(r *http.Request) error {
	read := r.ParseForm
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		read = func() error { return r.ParseMultipartForm(mostForm) }
	}
	if err := read(); err != nil {
		if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return large
		}
		return wrongf("The form cannot be read: %v. Go back and send it again.", err)
	}
	f.values = r.PostForm
	f.ordered()
	f.accept(f.values["propose"])
	if !f.New {
		f.values.Set("id", f.ID)
		n, err := strconv.ParseUint(f.values.Get("revision"), 10, 64)
		if err != nil {
			return wrongf("The form does not say which revision of the profile it changes. Open the profile again.")
		}
		f.Revision = n
	}
	return nil
}

// ordered lets each code and region count once, and keeps those that stood in the form before in their order.
func (f *profileForm) ordered() {
	for _, name := range tickedFields {
		before := strings.Split(f.values.Get("order."+name), orderMark)
		var list []string
		for _, v := range f.values[name] {
			if v != "" && !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		rank := func(v string) int {
			if i := slices.Index(before, v); i >= 0 {
				return i
			}
			return len(before)
		}
		slices.SortStableFunc(list, func(a, b string) int { return rank(a) - rank(b) })
		f.values[name] = list
	}
}

// Order is the order of codes or regions, as the form carries it.
func (f *profileForm) Order(name string) string { return strings.Join(f.values[name], orderMark) }

// orderMark parts codes and regions in a hidden field, where a browser makes two letters of a line end.
const orderMark = "|"

// decoded is the profile that the form says; what is wrong goes beside the fields.
func (s *server) decoded(ctx context.Context, f *profileForm) (profiles.Profile, bool, error) {
	if f.New && strings.TrimSpace(f.values.Get("id")) == "" {
		id, err := s.Desk.FreeID(ctx, f.values.Get("name"))
		if err != nil {
			return profiles.Profile{}, false, err
		}
		f.values.Set("id", id)
		defer f.values.Set("id", "")
	}
	p, err := profiles.DecodeForm(f.values)
	if errs, ok := errors.AsType[profiles.Errors](err); ok {
		f.take(errs)
	} else if err != nil {
		return p, false, err
	}
	if f.New && len(f.values["regions"]) == 0 {
		f.fault("regions", "tick where you can deliver; “Anywhere in the UK” is an answer too")
	}
	return p, len(f.faults) == 0, nil
}

// previewed is what the profile in the form would list. A name that is still missing does not stop it.
func (s *server) previewed(ctx context.Context, f *profileForm) (*profilePreview, error) {
	var out profilePreview
	values := make(url.Values, len(f.values))
	for name, v := range f.values {
		values[name] = v
	}
	if f.New {
		id, err := s.Desk.FreeID(ctx, values.Get("name"))
		if err != nil {
			return nil, err
		}
		if out.ID = strings.TrimSpace(values.Get("id")); out.ID == "" {
			out.ID = id
			values.Set("id", id)
		}
		if strings.TrimSpace(values.Get("name")) == "" {
			values.Set("name", "New supplier")
			out.ID = ""
		}
	}
	p, err := profiles.DecodeForm(values)
	if errs, ok := errors.AsType[profiles.Errors](err); ok {
		if out.Empty = len(errs) == 1 && errs[0].Field == ""; out.Empty {
			return &out, nil
		}
		named := &profileForm{values: values, faults: map[string][]string{}}
		named.take(errs)
		for _, x := range profileFields {
			if what := named.faults[x.Name]; len(what) > 0 {
				out.Waits = append(out.Waits, x.Label+": "+strings.Join(what, " "))
			}
		}
		return &out, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := s.Desk.Preview(ctx, p, s.asOf(ctx))
	out.Preview = &found
	return &out, err
}

// profileDraft is what is proposed for a profile: nothing of it counts until it is ticked.
type profileDraft struct {
	From   string // what it was made of
	Groups []proposals
	Notes  []suggest.Note
	// Recommended are how many of them a profile drafted without asking would have.
	Recommended int
}

// proposals are those for one part of the profile.
type proposals struct {
	Title string
	List  []proposal
}

// proposal is something a profile may say, and why.
type proposal struct {
	Value    string // the fields it fills, as a query
	Text     string
	Ground   string
	Counted  bool
	Notices  int
	Open     int
	Examples []suggest.Example
	Taken    bool
}

// drafted makes proposals out of what the form says: of the description, or of the supplier that is named. What cannot
// be drafted is told beside its field.
func (s *server) drafted(ctx context.Context, f *profileForm) (*profileDraft, error) {
	var d suggest.Draft
	var err error
	out := &profileDraft{}
	switch f.values.Get("suggested") {
	case "text":
		text := strings.TrimSpace(f.values.Get("description"))
		if text == "" {
			f.fault("description", "say what you do first; codes and words are proposed from that")
			return nil, nil
		}
		d, err = s.Desk.SuggestText(ctx, text)
		out.From, d.Profile.Name = "what you do", "" // the text does not say it
	case "supplier":
		asked := strings.TrimSpace(f.values.Get("q.supplier"))
		if asked == "" {
			f.fault("q.supplier", "name a supplier that has won contracts")
			return nil, nil
		}
		d, err = s.Desk.SuggestSupplier(ctx, asked, s.asOf(ctx))
		ambiguous, many := errors.AsType[*desk.AmbiguousError](err)
		switch {
		case errors.Is(err, store.ErrNotFound):
			f.fault("q.supplier", fmt.Sprintf("no award here names %q; check the spelling, or say above what you do", asked))
			return nil, nil
		case many:
			message := ambiguous.Error()
			for i, c := range ambiguous.Candidates[:min(5, len(ambiguous.Candidates))] {
				message += map[bool]string{true: ": ", false: "; "}[i == 0] + c.Name
			}
			f.fault("q.supplier", message)
			return nil, nil
		}
		out.From = "the contracts of " + d.Profile.Name
		if id, err := notice.ParseIdentifier(asked); err == nil {
			d.Profile.Identifiers = append(d.Profile.Identifiers, id)
		}
		if strings.TrimSpace(f.values.Get("name")) != "" {
			d.Profile.Name = ""
		}
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out.fill(d)
	return out, nil
}

// fill sets out a draft as proposals.
func (out *profileDraft) fill(d suggest.Draft) {
	one := func(name, value string) string { return url.Values{name: {value}}.Encode() }
	var codes, keywords, exclude proposals
	codes.Title, keywords.Title, exclude.Title = "CPV codes", "Keywords", "Words that rule a notice out"
	for _, c := range d.Codes {
		name := c.Name
		if c.Of != c.Code {
			name = "part of " + name
		}
		codes.List = append(codes.List, proposal{one("cpv", c.Code.String()), c.Code.String() + " " + name, c.Ground, true, c.Notices, c.Open, c.Examples, c.Taken})
	}
	for _, k := range d.Keywords {
		keywords.List = append(keywords.List, proposal{one("keywords", k.Text), k.Text, k.Ground, true, k.Notices, k.Open, k.Examples, k.Taken})
	}
	for _, k := range d.Exclude {
		exclude.List = append(exclude.List, proposal{one("exclude", k.Text), k.Text, k.Ground, true, k.Notices, k.Open, k.Examples, k.Taken})
	}
	grounds := map[string]string{}
	for _, n := range d.Notes {
		grounds[n.Field] += n.Text
	}
	rest := proposals{Title: "The rest"}
	p := d.Profile
	add := func(value, text, ground string) {
		rest.List = append(rest.List, proposal{Value: value, Text: text, Ground: ground, Taken: true})
	}
	if p.Name != "" {
		add(one("name", p.Name), "Name: "+p.Name, "")
	}
	for _, id := range p.Identifiers {
		add(one("identifiers", id), "Registered number "+id, "you asked by it")
	}
	for _, r := range p.Regions {
		add(one("regions", string(r)), r.Label(), grounds["regions"])
	}
	if b := p.Value; b != (profiles.Band{}) {
		ends, words := url.Values{}, []string{}
		if b.Min != nil {
			ends.Set("value.min", b.Min.Decimal())
			words = append(words, "from "+b.Min.String())
		}
		if b.Max != nil {
			ends.Set("value.max", b.Max.Decimal())
			words = append(words, "to "+b.Max.String())
		}
		add(ends.Encode(), "Contracts "+strings.Join(words, " "), grounds["value"])
	}
	for _, kind := range []struct {
		name, words string
		is          *bool
	}{{"sme", "Small or medium-sized: ", p.SME}, {"vcse", "Voluntary, community or social: ", p.VCSE}} {
		if kind.is != nil {
			add(one(kind.name, strconv.FormatBool(*kind.is)), kind.words+map[bool]string{true: "yes", false: "no"}[*kind.is], grounds[kind.name])
		}
	}
	for _, b := range p.Buyers.Prefer {
		add(one("buyers.prefer", b), "Prefer "+b, grounds["buyers.prefer"])
	}
	for _, e := range p.Experience {
		add(one("experience", e), "Delivered: "+e, "")
	}
	for _, g := range []proposals{codes, keywords, exclude, rest} {
		if len(g.List) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	out.Notes = d.Notes
}

// each goes through the proposals; those for which keep is false are dropped.
func (out *profileDraft) each(keep func(p *proposal) bool) {
	out.Recommended = 0
	for i := range out.Groups {
		g := &out.Groups[i]
		g.List = slices.DeleteFunc(g.List, func(p proposal) bool { return !keep(&p) })
		for _, p := range g.List {
			if p.Taken {
				out.Recommended++
			}
		}
	}
	out.Groups = slices.DeleteFunc(out.Groups, func(g proposals) bool { return len(g.List) == 0 })
}

// says reports whether the form says all of a proposal already.
func (f *profileForm) says(p *proposal) bool {
	all := true
	eachPair([]string{p.Value}, func(name, value string) { all = all && f.holds(name, value) })
	return all
}
