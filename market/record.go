package market

import (
	"slices"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Record is what one notice says of the market.
type Record struct {
	Brief
	Also      []string // other OCIDs of the same opportunity
	Buyers    []notice.Organisation
	Suppliers []notice.Organisation // of all its awards
	Members   []notice.Organisation // of a dynamic market
	Bidders   []notice.Organisation // who made a bid, as far as that was published
	Awards    []Award
	Codes     []cpv.Code   // of all its lots, the main one first
	Regions   []itl.Region // of all its lots
	Direct    string       // why it cannot be bid for in the open, "" where nobody said so
	SME, VCSE Yes          // what any of its lots says
	// Window is the number of days from the first tender notice to the deadline; nil where either is unknown.
	Window *int

	stems   map[string]bool // of the title
	start   *notice.Moment  // the first start of any lot's contract
	updated time.Time
}

// Yes is whether something is said, and to be so.
type Yes int8

const (
	Unsaid Yes = iota
	SaidNo
	SaidYes
)

// Brief is a notice in one line.
type Brief struct {
	Notice    string         `json:"notice"` // Notice.ID
	OCID      string         `json:"ocid"`
	Title     string         `json:"title"`
	Stage     notice.Stage   `json:"stage"`
	Type      string         `json:"type,omitzero"`
	Method    string         `json:"method,omitzero"` // open, selective, limited, direct; "" unknown
	Framework bool           `json:"framework,omitzero"`
	Published time.Time      `json:"published,omitzero"` // first published
	Deadline  *notice.Moment `json:"deadline,omitzero"`
	Future    *notice.Moment `json:"future,omitzero"` // when the tender is expected
	Value     *Worth         `json:"value,omitzero"`
	URL       string         `json:"url,omitzero"`
}

// Worth is a known value in pounds. Several may not be added up blindly: Gross ones include
// VAT, a Ceiling is what a framework may come to and not what anybody gets, and
// what is Shared is of several suppliers together.
type Worth struct {
	Amount  notice.Pence `json:"amount"`
	Gross   bool         `json:"gross,omitzero"`
	Ceiling bool         `json:"ceiling,omitzero"`
	Shared  bool         `json:"shared,omitzero"`
}

// Award is one award: the fact that figures are made of. It is one row for all its
// suppliers: what they share is told once.
type Award struct {
	Notice    string    `json:"notice"`
	ID        string    `json:"award"`
	Title     string    `json:"title"`
	Lots      []string  `json:"lots,omitzero"`
	Buyers    []Mention `json:"buyers"`
	Suppliers []Mention `json:"suppliers"`
	// Codes and Regions are those of the award's lots, or of all lots where it names none.
	Codes   []cpv.Code     `json:"cpv,omitzero"`
	Regions []itl.Region   `json:"regions,omitzero"`
	Value   *Worth         `json:"value,omitzero"`
	Date    *notice.Moment `json:"date,omitzero"` // of the award, or of the first signature
	Start   *notice.Moment `json:"start,omitzero"`
	End     *notice.Moment `json:"end,omitzero"`
	// MaxEnd is the end with every extension used, where one is said.
	MaxEnd *notice.Moment `json:"maxEnd,omitzero"`
	// Planned says that the run is the one that the tender announced: nobody has said since how it was agreed.
	Planned bool   `json:"planned,omitzero"`
	Method  string `json:"method,omitzero"`
	Direct  string `json:"direct,omitzero"`
	// Bids is how many were made for its lot; nil where that is not published, or not for the lot alone.
	Bids   *int   `json:"bids,omitzero"`
	Status string `json:"status,omitzero"`
	// Void says that it was cancelled or came to nothing: it is in no figure.
	Void bool `json:"void,omitzero"`
	// Ended says that the contract was terminated before its time.
	Ended bool `json:"ended,omitzero"`
}

// Read takes from a notice what it says of the market.
func Read(n *notice.Notice) *Record {
	r := &Record{Brief: brief(n), Direct: n.Direct.Value, Members: n.Members, stems: titleStems(n.Title.Value), updated: n.Updated()}
	for i := range n.Bidders {
		r.Bidders = append(r.Bidders, n.Bidders[i].Organisation)
	}
	for _, also := range n.Also {
		r.Also = append(r.Also, also.Value)
	}
	for _, c := range n.Copies {
		r.Also = append(r.Also, c.OCID)
	}
	for _, o := range append([]notice.Organisation{n.Buyer}, n.Buyers...) {
		if o.Name.Known() || o.ID.Known() {
			r.Buyers = append(r.Buyers, o)
		}
	}
	all := make([]*notice.Lot, len(n.Lots))
	for i := range n.Lots {
		l := &n.Lots[i]
		all[i] = l
		r.SME, r.VCSE = either(r.SME, l.SME), either(r.VCSE, l.VCSE)
		if s := when(l.Contract.Start); s != nil && (r.start == nil || s.Before(r.start.Time)) {
			r.start = s
		}
	}
	r.Codes, r.Regions = codes(all), regions(all)
	r.Window = window(n)
	for i := range n.Awards {
		r.Awards = append(r.Awards, r.award(n, &n.Awards[i], all))
		r.Suppliers = append(r.Suppliers, n.Awards[i].Suppliers...)
	}
	return r
}

func brief(n *notice.Notice) Brief {
	b := Brief{
		Notice: n.ID, OCID: n.OCID, Title: n.Title.Value, Stage: n.Stage, Type: n.Type.Value, Method: method(n),
		Framework: n.Framework.Known(), Published: n.First(), Deadline: when(n.Deadline.Said), Future: when(n.Future),
		Value: worth(n.Value), URL: n.URL(),
	}
	if b.Value == nil && len(n.Lots) == 1 {
		b.Value = worth(n.Lots[0].Value)
	}
	if b.Value != nil {
		b.Value.Ceiling = b.Framework
	}
	return b
}

// method is how a procurement is run: direct where it cannot be bid for in the open.
func method(n *notice.Notice) string {
	if n.Direct.Known() {
		return "direct"
	}
	return n.Method.Value
}

func when(m notice.Said[notice.Moment]) *notice.Moment {
	if !m.Known() {
		return nil
	}
	return &m.Value
}

// worth is the net value or, where only that is known, the gross one; nil where it is
// unknown or in another currency.
func worth(v notice.Value) *Worth {
	switch {
	case !v.Pounds():
	case v.Net.Known():
		return &Worth{Amount: v.Net.Value}
	case v.Gross.Known():
		return &Worth{Amount: v.Gross.Value, Gross: true}
	}
	return nil
}

func either(y Yes, said notice.Said[bool]) Yes {
	switch {
	case !said.Known():
		return y
	case said.Value:
		return SaidYes
	}
	return max(y, SaidNo)
}

// window counts the days from the first tender notice to the deadline for tenders.
func window(n *notice.Notice) *int {
	if !n.Deadline.Known() || n.Deadline.Kind == notice.DeadlineEngagement {
		return nil
	}
	for _, r := range n.Releases {
		if !slices.Contains(r.Tags, "tender") || r.Date.IsZero() {
			continue
		}
		if days := notice.DaysUntil(r.Date, n.Deadline.Value.Time); days >= 0 {
			return &days
		}
		return nil
	}
	return nil
}

func (r *Record) award(n *notice.Notice, a *notice.Award, all []*notice.Lot) Award {
	w := Award{
		Notice: n.ID, ID: a.ID, Title: n.Title.Value, Lots: a.Lots,
		Method: r.Method, Direct: r.Direct, Codes: r.Codes, Regions: r.Regions,
		Value: worth(a.Worth()), Date: when(a.Date), Status: a.State().Value,
	}
	lots := all
	if len(a.Lots) > 0 {
		lots = slices.DeleteFunc(slices.Clone(all), func(l *notice.Lot) bool { return !slices.Contains(a.Lots, l.ID) })
		if c := codes(lots); len(c) > 0 {
			w.Codes = c
		}
		if g := regions(lots); len(g) > 0 {
			w.Regions = g
		}
	}
	if len(lots) == 1 && len(all) > 1 && lots[0].Title.Known() {
		w.Title += ": " + lots[0].Title.Value
	}
	for i := range r.Buyers {
		w.Buyers = append(w.Buyers, MentionOf(&r.Buyers[i]))
	}
	seen := map[string]bool{}
	for i := range a.Suppliers {
		if m := MentionOf(&a.Suppliers[i]); !seen[m.key()] || m.key() == "" {
			seen[m.key()] = true
			w.Suppliers = append(w.Suppliers, m)
		}
	}
	if w.Date == nil {
		w.Date = when(a.Signed())
	}
	if w.Value != nil {
		w.Value.Ceiling, w.Value.Shared = r.Framework, len(w.Suppliers) > 1
	}
	w.runs(a.Runs(), lots)
	if len(lots) == 1 {
		w.Bids = bids(n, lots[0].ID, len(all) == 1)
	}
	switch strings.ToLower(w.Status) {
	case "cancelled", "unsuccessful", "withdrawn":
		w.Void = true
	case "terminated":
		w.Ended = true
	}
	return w
}

// bids is how many bids were made for a lot, which may go without saying where it is the only one.
func bids(n *notice.Notice, lot string, only bool) *int {
	for i := range n.Statistics {
		if s := &n.Statistics[i]; s.Measure == "bids" && s.Count.Known() && (s.Lot == lot || only && s.Lot == "") {
			return &s.Count.Value
		}
	}
	return nil
}

// runs says how long the contracts run or, where nobody has said, how long the tender said they would.
func (w *Award) runs(p notice.Period, lots []*notice.Lot) {
	if p == (notice.Period{}) {
		for _, l := range lots {
			if l.Contract.End.Known() && (!p.End.Known() || l.Contract.End.Value.After(p.End.Value.Time)) {
				p, w.Planned = l.Contract, true
			}
		}
	}
	w.Start, w.End, w.MaxEnd = when(p.Start), when(p.End), when(p.MaxExtent)
	if w.End == nil && w.Start != nil && p.Days.Known() {
		w.End = &notice.Moment{Time: w.Start.In(notice.London).AddDate(0, 0, p.Days.Value), Day: true}
	}
}

// Year is the year of the award in London; 0 where it is unknown.
func (w *Award) Year() int {
	if w.Date == nil {
		return 0
	}
	return w.Date.In(notice.London).Year()
}

// Division is the CPV division of the award's first code; 0 where it has none. An
// award is counted under one division, so that the values of all divisions are those of all awards.
func (w *Award) Division() cpv.Code {
	if len(w.Codes) == 0 {
		return 0
	}
	return w.Codes[0].At(cpv.Division)
}

// codes lists the CPV codes of lots, main ones first.
func codes(lots []*notice.Lot) []cpv.Code {
	var main, rest []cpv.Code
	for _, l := range lots {
		for _, c := range l.CPV {
			if c.Value.Code == 0 {
				continue
			}
			if c.Value.Main {
				main = append(main, c.Value.Code)
			} else {
				rest = append(rest, c.Value.Code)
			}
		}
	}
	return each(append(main, rest...))
}

func regions(lots []*notice.Lot) []itl.Region {
	var list []itl.Region
	for _, l := range lots {
		for _, p := range l.Places {
			if p.Value.Region != "" {
				list = append(list, p.Value.Region)
			}
		}
	}
	return each(list)
}

// each keeps the first of equal values, in their order.
func each[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(list, func(v T) bool {
		was := seen[v]
		seen[v] = true
		return was
	})
}

// Mentions lists every organisation that a record names.
func (r *Record) Mentions() []Mention {
	var list []Mention
	for _, all := range [][]notice.Organisation{r.Buyers, r.Suppliers, r.Members, r.Bidders} {
		for i := range all {
			list = append(list, MentionOf(&all[i]))
		}
	}
	return list
}

// Once leaves of the records of one opportunity, which name each other's OCIDs, one: the
// one with the most awards, then the one published first, then the smallest id. The result is in the order of the ids.
func Once(records []*Record) []*Record {
	records = slices.Clone(records)
	slices.SortFunc(records, func(a, b *Record) int { return strings.Compare(a.Notice, b.Notice) })
	records = slices.CompactFunc(records, func(a, b *Record) bool { return a.Notice == b.Notice })
	byOCID := map[string][]int{}
	for i, r := range records {
		byOCID[r.OCID] = append(byOCID[r.OCID], i)
	}
	f := newForest(len(records))
	for i, r := range records {
		for _, also := range r.Also {
			// An OCID that unrelated buyers share names several opportunities, and so none.
			if others := byOCID[also]; len(others) == 1 && len(byOCID[r.OCID]) == 1 {
				f.join(i, others[0])
			}
		}
	}
	best := map[int]int{}
	for i, r := range records {
		j, ok := best[f.root(i)]
		if !ok || len(r.Awards) > len(records[j].Awards) ||
			len(r.Awards) == len(records[j].Awards) && r.Published.Before(records[j].Published) {
			best[f.root(i)] = i
		}
	}
	var kept []*Record
	for i, r := range records {
		if best[f.root(i)] == i {
			kept = append(kept, r)
		}
	}
	return kept
}
