package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/notice/cpv"
	"bidfit/pursuit"
	"bidfit/store"
)

// Review is the ranked list of a profile as its people work it: one row for each open opportunity, on its best lot.
type Review struct {
	Profile  string        `json:"profile"`
	Name     string        `json:"name"`
	Revision uint64        `json:"revision"`
	AsOf     time.Time     `json:"asOf"`
	Lexicon  string        `json:"lexicon"`
	Learned  string        `json:"learned,omitzero"`
	Order    matcher.Order `json:"order"`
	Filter   Filter        `json:"filter"`
	// Seen is how many notices were assessed, Counts what is advised of them, whatever the filter.
	Seen   int    `json:"seen"`
	Counts Counts `json:"counts"`
	// Snoozed and Known are how many are not listed for that reason; StateSnoozed and StateKnown list them.
	Snoozed int     `json:"snoozed"`
	Known   int     `json:"known"`
	Facets  []Facet `json:"facets"`
	// Total is how many rows the filter leaves, Rows the page of them from Offset on.
	Total  int   `json:"total"`
	Offset int   `json:"offset"`
	Rows   []Row `json:"rows"`
	// Next is the cursor of the page after this one, "" where it is the last.
	Next string `json:"next,omitzero"`
}

// Row is one opportunity of a ranked list.
type Row struct {
	// Target is what a decision made on this row is about: the notice and its best lot.
	Target pursuit.Target `json:"target"`
	Rank   int            `json:"rank"` // from 1, in the list as it is filtered and ordered; 0 outside such a list
	// Fit is shared: it must not be changed.
	Fit   *matcher.Fit `json:"fit"`
	Title string       `json:"title"`        // of the notice
	Lot   string       `json:"lot,omitzero"` // title of the best lot, where it says something else
	Lots  int          `json:"lots"`         // how many the notice has

	Buyer    string        `json:"buyer,omitzero"`
	BuyerID  string        `json:"buyerId,omitzero"`
	BuyerKey string        `json:"buyerKey,omitzero"` // its value in FacetBuyer
	Stage    notice.Stage  `json:"stage"`
	Worth    Money         `json:"worth,omitzero"`
	Deadline notice.Moment `json:"deadline,omitzero"`
	DaysLeft *int          `json:"daysLeft,omitzero"` // London days, negative once it has gone by; nil where there is no deadline
	Places   []Place       `json:"places"`
	CPV      []Division    `json:"cpv"` // the divisions of its codes
	Release  string        `json:"release"`
	Updated  time.Time     `json:"updated,omitzero"` // date of the newest release

	Reason string `json:"reason,omitzero"` // what earns most
	Gap    string `json:"gap,omitzero"`    // what is missing most

	// Decision is in force: about the best lot, else the notice, else another lot of it (Target says which).
	Decision *Decided `json:"decision,omitzero"`
	// Against says that it contradicts the advice of today; Decision.Against that it did so that day.
	Against bool             `json:"against,omitzero"`
	Rating  []pursuit.Answer `json:"rating,omitzero"`
	Snooze  *pursuit.Snooze  `json:"snooze,omitzero"`
	// Resurfaced is what the snooze waited for, in words; "" while it waits.
	Resurfaced string         `json:"resurfaced,omitzero"`
	Entry      *pursuit.Entry `json:"entry,omitzero"`

	// Gone says that the notice or lot is not in the store any more; only of what is worked on.
	Gone bool `json:"gone,omitzero"`

	Unseen bool          `json:"unseen,omitzero"`
	Seen   *pursuit.Seen `json:"seen,omitzero"`
	// Changed says that it was released again since it was seen, Changes what is different. They may be none, where nothing of note is.
	Changed bool             `json:"changed,omitzero"`
	Changes []changes.Change `json:"changes,omitzero"`
}

// Division is a division of CPV.
type Division struct {
	Code string `json:"code"` // two digits, as in FacetDivision
	Name string `json:"name"`
}

// ReviewOptions say what a review shows. The zero value is everything that is not hidden, by score.
type ReviewOptions struct {
	AsOf   time.Time
	Filter Filter
	Order  matcher.Order
	// After is the Next of another page: rows after it, wherever they stand now. Offset leaves out rows otherwise.
	After  string
	Offset int
	Limit  int // rows of a page, 0 for all
}

// Review lists what a profile is to look at. ErrNotFound for an unknown profile; ErrCursor.
func (d *Desk) Review(ctx context.Context, profile string, o ReviewOptions) (Review, error) {
	v, err := d.look(ctx, profile, o.AsOf)
	if err != nil {
		return Review{}, err
	}
	out := Review{
		Profile: v.profile.ID, Name: v.profile.Name, Revision: v.profile.Revision, AsOf: o.AsOf, Lexicon: v.lexicon, Learned: v.list.learned.Version(),
		Order: o.Order, Filter: o.Filter, Seen: len(v.list.rows), Rows: []Row{},
	}
	if out.Order == "" {
		out.Order = matcher.OrderScore
	}
	shown, t := v.filter(o.Filter, out.Order, &out)
	out.Facets, out.Total = t.facets(o.Filter, d.officialNames()), len(shown)
	out.Offset = max(0, o.Offset)
	if o.After != "" {
		if out.Offset, err = v.list.after(shown, o.After, out.Order); err != nil {
			return Review{}, err
		}
	}
	out.Offset = min(out.Offset, len(shown))
	page := shown[out.Offset:]
	if o.Limit > 0 && len(page) > o.Limit {
		page = page[:o.Limit]
		out.Next = cursor(v.list.rows[page[len(page)-1]].fit)
	}
	out.Rows = make([]Row, len(page))
	err = atOnce(ctx, len(page), func(i int) (err error) {
		out.Rows[i], err = d.row(ctx, v, v.list.rows[page[i]])
		out.Rows[i].Rank = out.Offset + i + 1
		return err
	})
	return out, err
}

// view is the list of one profile on one day, with what its people did.
type view struct {
	profile store.Profile
	asOf    time.Time
	lexicon string
	marked
}

// look takes a view.
func (d *Desk) look(ctx context.Context, profile string, asOf time.Time) (*view, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return nil, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	v := &view{profile: p, asOf: asOf, lexicon: l.lexicon.Version()}
	v.marked, err = d.marked(ctx, l, p, asOf)
	return v, err
}

// filter gives the rows that are shown, in order, and counts all of them.
func (v *view) filter(f Filter, order matcher.Order, out *Review) ([]int32, *tally) {
	t := &tally{list: v.list, want: f.choice(v.list), buyers: make([]int, len(v.list.buyers))}
	advice, state := &facetTable[inAdvice], &facetTable[inState]
	bid, review := advice.bit(string(matcher.Bid)), advice.bit(string(matcher.Review))
	snoozed, known := state.bit(StateSnoozed), state.bit(StateKnown)
	shown := []int32{}
	for _, i := range v.list.in(order) {
		m := &v.marks[i]
		switch m[inAdvice] {
		case bid:
			out.Counts.Bid++
		case review:
			out.Counts.Review++
		default:
			out.Counts.NoBid++
		}
		switch {
		case m[inState]&known != 0:
			out.Known++
		case m[inState]&snoozed != 0:
			out.Snoozed++
		}
		if t.count(i, m) {
			shown = append(shown, i)
		}
	}
	return shown, t
}

// masks are all values of a row.
func (v *view) masks(r *row) masks {
	m := r.static
	m[inDeadline] = deadlineMask(r.fit.Deadline, v.asOf)
	state := &facetTable[inState]
	w := v.work(r)
	var bit uint64
	for _, s := range w.states(v.did.known.holds(r.fit)) {
		bit |= state.bit(s)
	}
	m[inState] = bit
	return m
}

// work is what was done about one row.
type work struct {
	seen       *pursuit.Seen
	decision   *Decided
	against    bool
	rated      *pursuit.Rated
	snooze     *pursuit.Snooze
	resurfaced string
	entry      *pursuit.Entry
	changed    bool
}

// work gathers what was done about the notices of a row.
func (v *view) work(r *row) work {
	var w work
	if len(v.did.about) == 0 {
		return w
	}
	for _, id := range r.ids {
		a := v.did.about[id]
		if a == nil {
			continue
		}
		if a.seen != nil && id == r.id {
			w.seen = a.seen
		}
		for lot, on := range a.lots {
			if w.better(on.decision, r, lot) {
				w.decision = on.decision
			}
			if lot != r.fit.Lot && lot != "" {
				continue
			}
			exact := lot == r.fit.Lot
			if on.rated != nil && (w.rated == nil || exact) {
				w.rated = on.rated
			}
			if on.snooze != nil && (w.snooze == nil || exact) {
				w.snooze = on.snooze
			}
			if on.entry != nil && (w.entry == nil || exact) {
				w.entry = on.entry
			}
		}
	}
	if w.decision != nil {
		w.against = w.decision.Verdict.Against(adviceOf(r.fit, w.decision.Lot))
	}
	if w.snooze != nil {
		w.resurfaced = resurfaced(w.snooze, r)
	}
	w.changed = w.seen != nil && w.seen.History != r.facts.marks[pursuit.UntilChange]
	return w
}

// better reports whether a decision tells more of a row than the one it has: one about its best lot before one about the
// notice before one about another lot, then the newer.
func (w *work) better(d *Decided, r *row, lot string) bool {
	if d == nil {
		return false
	}
	if w.decision == nil {
		return true
	}
	near := func(lot string) int {
		switch lot {
		case r.fit.Lot:
			return 2
		case "":
			return 1
		}
		return 0
	}
	a, b := near(lot), near(w.decision.Lot)
	return a > b || a == b && d.When.After(w.decision.When)
}

// adviceOf is what is advised of a lot, where there is none of the notice.
func adviceOf(f *matcher.Fit, lot string) matcher.Advice {
	for i := range f.Lots {
		if lot != "" && f.Lots[i].Lot == lot {
			return f.Lots[i].Advice
		}
	}
	return f.Advice
}

// resurfaced says what a snooze waited for, "" while it waits.
func resurfaced(s *pursuit.Snooze, r *row) string {
	if s.Mark == r.facts.mark(s.Until, s.Lot) {
		return ""
	}
	switch s.Until {
	case pursuit.UntilValue:
		return "the value is another"
	case pursuit.UntilDeadline:
		return "the deadline is another"
	case pursuit.UntilStage:
		return "it has come to another stage: " + r.facts.stage.Words()
	}
	return "it was released again"
}

// states are the values of FacetState that hold.
func (w *work) states(known bool) []string {
	list := make([]string, 0, 6)
	add := func(state string, holds bool) {
		if holds {
			list = append(list, state)
		}
	}
	add(StateUnseen, w.seen == nil)
	add(StateChanged, w.changed)
	add(StateResurfaced, w.resurfaced != "")
	add(StateUndecided, w.decision == nil)
	add(StateDecided, w.decision != nil)
	if w.decision != nil {
		add(string(w.decision.Verdict), true)
		add(StateContradicting, w.against || w.decision.Against)
	}
	add(StateShortlisted, w.entry != nil)
	add(StateSnoozed, w.snooze != nil && w.resurfaced == "")
	add(StateKnown, known)
	return list
}

// row is a row as it is shown.
func (d *Desk) row(ctx context.Context, v *view, r *row) (Row, error) {
	w := v.work(r)
	out := Row{
		Target: pursuit.Target{Notice: r.id, Lot: r.fit.Lot}, Fit: r.fit, Title: r.facts.title, Lots: len(r.facts.lots),
		Buyer: r.facts.buyer, BuyerID: r.facts.buyerID, BuyerKey: r.facts.key, Stage: r.facts.stage, Worth: r.lot.worth,
		Deadline: r.fit.Deadline, Places: r.lot.places, Release: r.facts.release, Updated: r.facts.updated,
		Decision: w.decision, Against: w.against, Snooze: w.snooze, Resurfaced: w.resurfaced, Entry: w.entry,
		Unseen: w.seen == nil, Seen: w.seen, Changed: w.changed,
	}
	if r.lot.title != r.facts.title {
		out.Lot = r.lot.title
	}
	if out.Places == nil {
		out.Places = []Place{}
	}
	if !r.fit.Deadline.IsZero() {
		days := notice.DaysUntil(v.asOf, r.fit.Deadline.Time)
		out.DaysLeft = &days
	}
	out.CPV = []Division{}
	names := d.officialNames()
	for _, c := range r.lot.codes {
		top := c.At(cpv.Division)
		name, _ := names.Of(top)
		if x := (Division{top.String()[:2], name}); !slices.Contains(out.CPV, x) {
			out.CPV = append(out.CPV, x)
		}
	}
	if e := r.fit.TopReason(); e != nil {
		out.Reason = e.Reason
	}
	if e := r.fit.TopGap(); e != nil {
		out.Gap = e.Reason
	}
	if w.rated != nil {
		out.Rating = w.rated.Answers()
	}
	if !w.changed {
		return out, nil
	}
	var err error
	out.Changes, err = d.told.of(w.seen, r, func() ([]changes.Change, error) { return d.changedSince(ctx, w.seen) })
	return out, err
}

// changedSince tells what is different in a notice since it was seen; nothing where the release it was seen after was revised.
func (d *Desk) changedSince(ctx context.Context, s *pursuit.Seen) ([]changes.Change, error) {
	n, err := d.store.Notice(ctx, s.Notice)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	told, _, err := d.ChangedSince(ctx, n, s.Hash)
	return told, err
}

// tellings are what changed since people saw it, as long as they are looked at: each takes a merge of releases.
type tellings struct {
	mu   sync.Mutex
	kept map[toldOf][]changes.Change
}

type toldOf struct{ notice, seen, now string }

const mostTellings = 1000

func (t *tellings) of(s *pursuit.Seen, r *row, tell func() ([]changes.Change, error)) ([]changes.Change, error) {
	key := toldOf{s.Notice, s.Hash, r.facts.marks[pursuit.UntilChange]}
	t.mu.Lock()
	told, ok := t.kept[key]
	t.mu.Unlock()
	if ok {
		return told, nil
	}
	told, err := tell()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil || len(t.kept) >= mostTellings {
		t.kept = map[toldOf][]changes.Change{}
	}
	t.kept[key] = told
	return told, nil
}

// ErrCursor says that a cursor is none that Review gave.
var ErrCursor = errors.New("the cursor is none that a list gave; begin with the first page")

// place is what a cursor keeps: what orders compare of the last row of a page.
type place struct {
	OCID      string        `json:"o"`
	Notice    string        `json:"n,omitzero"`
	Lot       string        `json:"l,omitzero"`
	Score     int           `json:"s"`
	Low       int           `json:"w"`
	Relevance int           `json:"r"`
	Known     int           `json:"k"`
	Deadline  notice.Moment `json:"d,omitzero"`
	Barred    bool          `json:"b,omitzero"`
}

// cursor is the place of a fit in any order.
func cursor(f *matcher.Fit) string {
	return writeCursor(place{f.OCID, f.Notice, f.Lot, f.Score, f.Low, f.Relevance, f.Known, f.Deadline, f.Barred()})
}

func writeCursor(place any) string {
	text, err := json.Marshal(place)
	if err != nil {
		panic(err) // of numbers and texts
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor reads what writeCursor wrote. ErrCursor.
func readCursor(cursor string, place any) error {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(text, place, json.RejectUnknownMembers(true)) != nil {
		return ErrCursor
	}
	return nil
}

// after is where the rows after a cursor begin: after its row, or where that would stand now.
func (l *list) after(shown []int32, cursor string, order matcher.Order) (int, error) {
	var p place
	if err := readCursor(cursor, &p); err != nil {
		return 0, err
	}
	last := matcher.Fit{OCID: p.OCID, Notice: p.Notice, Lot: p.Lot, Score: p.Score, Low: p.Low, Relevance: p.Relevance, Known: p.Known, Deadline: p.Deadline}
	if p.Barred {
		last.Gates = []matcher.Gate{{State: matcher.GateBarred}}
	}
	compare := matcher.Compare(order)
	return sort.Search(len(shown), func(i int) bool { return compare(*l.rows[shown[i]].fit, last) > 0 }), nil
}
