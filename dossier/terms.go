package dossier

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bidfit/notice"
	"bidfit/notice/words"
)

// Lot is what one bids for.
type Lot struct {
	ID          string      `json:"id"`
	Called      string      `json:"called,omitzero"` // "lot 2"; "" where the procurement is undivided
	Title       string      `json:"title,omitzero"`
	Description string      `json:"description,omitzero"`
	Status      string      `json:"status,omitzero"`
	FromProse   int         `json:"fromProse,omitzero"` // how sure the reading is of a lot that stands in prose, in percent
	At          notice.Path `json:"at,omitzero"`
	Value       Worth       `json:"value"`
	Runs        Length      `json:"runs"`
	Suits       Suits       `json:"suits"`
	Reserved    []string    `json:"reserved"`
	Weights     Weights     `json:"weights"`
	Criteria    []Fact      `json:"criteria"`
	Conditions  []Fact      `json:"conditions"`
	Renewal     string      `json:"renewal,omitzero"`
	Options     string      `json:"options,omitzero"`
	Items       []string    `json:"items,omitzero"`
	Further     []Fact      `json:"further,omitzero"`
}

// Suits is who the buyer says it suits; nil is not said, which is no "no".
type Suits struct {
	SME  *bool `json:"sme,omitzero"`
	VCSE *bool `json:"vcse,omitzero"`
}

// Words is whom it suits, in words; "" where nothing is said.
func (s Suits) Words() string {
	var yes, no []string
	for _, x := range []struct {
		said *bool
		name string
	}{{s.SME, "small and medium-sized enterprises (SME)"}, {s.VCSE, "voluntary, community and social enterprises (VCSE)"}} {
		switch {
		case x.said == nil:
		case *x.said:
			yes = append(yes, x.name)
		default:
			no = append(no, x.name)
		}
	}
	words := notice.Enumerate(yes)
	if len(no) > 0 {
		words = strings.TrimPrefix(words+"; not "+notice.Enumerate(no), "; ")
	}
	return words
}

// together is what lots say of whom they suit where all say the same.
func together(lots []Lot) Suits {
	if len(lots) == 0 {
		return Suits{}
	}
	s := lots[0].Suits
	for _, l := range lots[1:] {
		if l.Suits.SME == nil || s.SME == nil || *l.Suits.SME != *s.SME {
			s.SME = nil
		}
		if l.Suits.VCSE == nil || s.VCSE == nil || *l.Suits.VCSE != *s.VCSE {
			s.VCSE = nil
		}
	}
	return s
}

func said(b notice.Said[bool]) *bool {
	if !b.Known() {
		return nil
	}
	return &b.Value
}

func (b *builder) lots() []Lot {
	list := make([]Lot, len(b.n.Lots))
	for i := range b.n.Lots {
		l := &b.n.Lots[i]
		runs := length(l.Contract)
		x := Lot{
			ID: l.ID, Called: l.Called(), Title: Line(l.Title.Value), Status: Line(l.Status.Value), FromProse: l.FromProse,
			At: firstAt(l.Title.At, l.Status.At, l.Value.At()), Runs: runs, Value: worth(l.Value, runs),
			Suits: Suits{said(l.SME), said(l.VCSE)}, Reserved: reserved(l.Reserved), Weights: weights(l.Criteria),
			Criteria: []Fact{}, Conditions: []Fact{}, Renewal: words.Plain(l.Renewal.Value), Options: words.Plain(l.Options.Value),
			Description: words.Plain(l.Description.Value), Further: further(l, shownOfLot),
		}
		for _, c := range l.Criteria {
			x.Criteria = append(x.Criteria, Fact{Line(c.Value.Words()), Line(c.Value.Description), c.At})
		}
		for _, c := range l.Conditions {
			x.Conditions = append(x.Conditions, Fact{Value: words.Plain(c.Value), At: c.At})
		}
		for _, s := range l.Items {
			x.Items = append(x.Items, Line(s.Value))
		}
		list[i] = x
	}
	return list
}

// reserved says who alone may take part.
func reserved(list []notice.Said[notice.Reservation]) []string {
	out := []string{}
	for _, r := range list {
		out = append(out, reservationWords(r.Value))
	}
	return out
}

func reservationWords(r notice.Reservation) string {
	switch r.Kind {
	case "sheltered":
		return "supported employment providers (Procurement Act 2023, section 32)"
	case "mutual":
		return "public service mutuals (Procurement Act 2023, section 33)"
	case "sme":
		return "small and medium-sized enterprises"
	case "vcse":
		return "voluntary, community and social enterprises"
	case "smeVcse":
		return "small and medium-sized enterprises, or voluntary, community and social enterprises"
	case "location":
		place := Line(r.Text)
		if r.Place.Region != "" && (r.Place.Region.Name() != place) {
			if place == r.Place.Text {
				place = r.Place.Region.Name()
			}
		}
		return "suppliers in " + place
	}
	return Line(r.Text)
}

// Weights are the weights of award criteria, summed by kind, in hundredths of a percent.
type Weights struct {
	Kinds []Weight `json:"kinds,omitzero"`
	// Words is "price 40 : quality 60"; "" where there are no weights to be added up.
	Words string `json:"words,omitzero"`
}

// Weight is the sum of one kind of criterion.
type Weight struct {
	Kind string `json:"kind"`
	Sum  int    `json:"sum"` // in hundredths
}

// weights adds up exact weights by kind: price first, then by size. Ranks, ranges and words are not added.
func weights(list []notice.Said[notice.Criterion]) Weights {
	var w Weights
	for _, c := range list {
		n, ok := hundredths(c.Value.Weight)
		if !ok || strings.HasPrefix(c.Value.Unit, "order") || strings.HasSuffix(c.Value.Unit, "Range") {
			return Weights{}
		}
		kind := cmp.Or(Line(c.Value.Kind), "other")
		i := slices.IndexFunc(w.Kinds, func(x Weight) bool { return x.Kind == kind })
		if i < 0 {
			w.Kinds = append(w.Kinds, Weight{Kind: kind})
			i = len(w.Kinds) - 1
		}
		w.Kinds[i].Sum += n
	}
	slices.SortStableFunc(w.Kinds, func(a, b Weight) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	var parts []string
	for _, k := range w.Kinds {
		parts = append(parts, k.Kind+" "+strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", k.Sum/100, k.Sum%100), "0"), "."))
	}
	if w.Words = strings.Join(parts, " : "); w.Words != "" && !w.whole() {
		w.Words += " (not 100 together)"
	}
	return w
}

// whole reports whether the weights add up to a hundred.
func (w Weights) whole() bool {
	sum := 0
	for _, k := range w.Kinds {
		sum += k.Sum
	}
	return sum == 100_00
}

func rank(kind string) int {
	switch kind {
	case "price":
		return 0
	case "cost":
		return 1
	}
	return 2
}

// hundredths reads "60", "60%" and "12.5".
func hundredths(s string) (int, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	whole, part, _ := strings.Cut(s, ".")
	if len(part) > 2 || len(whole) > 6 {
		return 0, false
	}
	n, err := strconv.Atoi(whole + (part + "00")[:2])
	return n, err == nil && n >= 0
}

// Asked is something the prose says: a condition, an amount, a length, with its words.
type Asked struct {
	Kind  string      `json:"kind"`
	Words string      `json:"words"`
	Quote string      `json:"quote"` // the sentence around it
	At    notice.Path `json:"at"`
	// FromProse is how sure the reading is, in percent.
	FromProse int    `json:"fromProse"`
	Lot       string `json:"lot,omitzero"`
}

// mostQuoted is how many bytes of a sentence are quoted.
const mostQuoted = 140

// quote is the sentence around a reading.
func (b *builder) quote(at notice.Path) string {
	text, ok := b.n.Prose(at)
	if !ok || at.End == 0 || at.End > len(text) {
		return ""
	}
	s := words.Sentence(text, words.Span{Start: at.Start, End: at.End}, mostQuoted)
	quoted := Line(text[s.Start:s.End])
	if quoted == "" {
		return ""
	}
	if rest := strings.TrimSpace(text[s.End:]); rest != "" && !strings.ContainsAny(quoted[len(quoted)-1:], ".!?") {
		quoted += "…"
	}
	return quoted
}

func (b *builder) asked() []Asked {
	list := []Asked{}
	seen := map[notice.Mention]bool{}
	for _, m := range b.n.Readings.Mentions {
		key := m.Value
		words := mentionWords(m.Value)
		key.Name, key.Amount = words, nil
		if seen[key] {
			continue
		}
		seen[key] = true
		list = append(list, Asked{string(m.Value.Kind), words, b.quote(m.At), m.At, m.Confidence, m.Lot})
	}
	return list
}

func mentionWords(m notice.Mention) string {
	name := Line(m.Name)
	amount := ""
	if m.Amount != nil {
		amount = m.Amount.String()
	}
	say := func(parts ...string) string {
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
	}
	s := ""
	switch m.Kind {
	case notice.MentionCertification:
		s = cmp.Or(name, "a certification")
	case notice.MentionInsurance:
		s = say(name, "insurance", amount)
		if strings.HasSuffix(name, "insurance") {
			s = say(name, amount)
		}
	case notice.MentionTurnover:
		s = say("turnover", amount)
	case notice.MentionTUPE:
		s = "staff may transfer (TUPE)"
	case notice.MentionClearance:
		s = say(name, "clearance")
	case notice.MentionPresence:
		s = say("a presence in", name)
		if name == "" {
			s = "a local presence"
		}
	case notice.MentionFramework:
		s = say("a framework", name)
	case notice.MentionCallOff:
		s = say("a call-off from a framework or market", name)
	case notice.MentionIncumbent:
		s = "done today by " + cmp.Or(name, "somebody")
	default:
		s = say(notice.Label(string(m.Kind)), name, amount)
	}
	if m.Wanted {
		s += ", welcome but not required"
	}
	return s
}

func (b *builder) lengths() []Asked {
	var list []Asked
	for _, l := range b.n.Readings.Lengths {
		list = append(list, Asked{"length", lengthWords(l.Value), b.quote(l.At), l.At, l.Confidence, l.Lot})
	}
	return distinct(list)
}

func (b *builder) amounts() []Asked {
	var list []Asked
	for _, a := range b.n.Readings.Amounts {
		list = append(list, Asked{string(a.Value.For), amountWords(a.Value), b.quote(a.At), a.At, a.Confidence, a.Lot})
	}
	return distinct(list)
}

// distinct leaves out what the prose says again.
func distinct(list []Asked) []Asked {
	type key struct{ kind, words, lot string }
	seen := map[key]bool{}
	return slices.DeleteFunc(list, func(a Asked) bool {
		k := key{a.Kind, a.Words, a.Lot}
		again := seen[k]
		seen[k] = true
		return again
	})
}

func amountWords(a notice.Amount) string {
	var s string
	switch {
	case a.Min != nil && a.Max != nil && *a.Min == *a.Max:
		s = a.Min.String()
	case a.Min != nil && a.Max != nil:
		s = a.Min.String() + "–" + a.Max.String()
	case a.Max != nil:
		s = "up to " + a.Max.String()
	case a.Min != nil:
		s = "from " + a.Min.String()
	}
	if a.Per != "" {
		s += " a " + a.Per
	}
	if a.VAT != nil {
		s += map[bool]string{true: " with VAT", false: " without VAT"}[*a.VAT]
	}
	return s
}

// Document is something attached or linked.
type Document struct {
	notice.Document
	Kind string `json:"kind,omitzero"` // in words
}

func documents(n *notice.Notice) []Document {
	list := []Document{}
	for _, d := range n.Documents {
		list = append(list, Document{d, notice.Label(d.Type)})
	}
	return list
}

// Link is an address.
type Link struct {
	URL string      `json:"url"`
	For string      `json:"for"`
	At  notice.Path `json:"at,omitzero"`
	// FromProse is how sure the reading is of an address that stands in prose, in percent.
	FromProse int `json:"fromProse,omitzero"`
}

// links are where to go: the portal, and what the prose names.
func links(n *notice.Notice) []Link {
	list := []Link{}
	if n.Portal.Known() {
		list = append(list, Link{URL: Line(n.Portal.Value), For: "portal", At: n.Portal.At})
	}
	seen := map[string]bool{}
	for _, l := range n.Readings.Links {
		if !seen[l.Value.URL] {
			seen[l.Value.URL] = true
			list = append(list, Link{Line(l.Value.URL), string(l.Value.For), l.At, l.Confidence})
		}
	}
	return list
}

// pages are the addresses of the notice's own pages, the newest first.
func pages(history []Step) []Link {
	list := []Link{}
	seen := map[string]bool{}
	for _, r := range slices.Backward(history) {
		if r.URL != "" && !seen[r.URL] {
			seen[r.URL] = true
			list = append(list, Link{URL: Line(r.URL), For: r.Identity, At: notice.Path{Release: r.Identity}})
		}
	}
	return list
}

// Address is a text that is a web address and nothing else, fit to be followed; "" otherwise.
func Address(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
		strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"\\^`{|}", r) }) {
		return ""
	}
	return s
}
