package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Board is one notice held against every profile, those it fits best first.
type Board struct {
	// Notice is the one assessed: of an opportunity published under several OCIDs the one that Match assesses.
	Notice  *notice.Notice `json:"-"`
	Target  pursuit.Target `json:"target"`
	Title   string         `json:"title"`
	Also    []string       `json:"also"`
	AsOf    time.Time      `json:"asOf"`
	Lexicon string         `json:"lexicon"`
	Counts  Counts         `json:"counts"` // of the advice
	Clients []Client       `json:"clients"`
}

// First is the board with so many clients, 0 for all.
func (b Board) First(n int) Board {
	if n > 0 && len(b.Clients) > n {
		b.Clients = b.Clients[:n]
	}
	return b
}

// Client is how the notice fits one profile, and what was decided for it, oldest first: about the notice or any of its lots, under any OCID of it.
type Client struct {
	Profile   string      `json:"profile"`
	Name      string      `json:"name"`
	Revision  uint64      `json:"revision"`
	Fit       matcher.Fit `json:"fit"`
	Decisions []Decided   `json:"decisions"`
	// Decision is in force: about the lot of the fit, else the notice, else another lot.
	Decision *Decided `json:"decision,omitzero"`
}

// Decided is a decision without the fit it was based on.
type Decided struct {
	pursuit.Target
	Verdict pursuit.Verdict `json:"verdict"`
	Reason  string          `json:"reason,omitzero"`
	Who     string          `json:"who"`
	When    time.Time       `json:"when"`
	Score   int             `json:"score"` // of that day
	Advice  matcher.Advice  `json:"advice"`
	// Against marks a verdict that contradicts the advice of that day, Undone one that takes the verdict in force back.
	Against bool `json:"against,omitzero"`
	Undone  bool `json:"undone,omitzero"`
}

func decidedOf(d pursuit.Decision) Decided {
	return Decided{d.Target, d.Verdict, d.Reason, d.Who, d.When, d.Fit.Score, d.Fit.Advice, d.Against, d.Undone}
}

// Clients holds one notice, or one lot of it, against every profile of the workspace. ErrNotFound for an unknown notice or lot.
func (d *Desk) Clients(ctx context.Context, target pursuit.Target, asOf time.Time) (Board, error) {
	all, err := d.store.Profiles(ctx, d.workspace)
	if err != nil {
		return Board{}, err
	}
	lexicon, err := d.lexicon(ctx)
	if err != nil {
		return Board{}, err
	}
	s, err := d.single(ctx, lexicon, target.Notice)
	if err != nil {
		return Board{}, err
	}
	b := Board{
		Notice: s.notice, Target: pursuit.Target{Notice: s.notice.ID, Lot: target.Lot}, Title: s.notice.Title.Value, Also: s.also,
		AsOf: asOf, Lexicon: lexicon.Version(), Clients: make([]Client, len(all)),
	}
	if target.Lot != "" {
		if _, ok := s.notice.Lot(target.Lot); !ok { // said once, and not for each profile
			all = all[:min(1, len(all))]
		}
	}
	err = atOnce(ctx, len(all), func(i int) (err error) {
		b.Clients[i], err = d.client(ctx, lexicon, all[i], s, b.Target, asOf)
		return err
	})
	if err != nil {
		return Board{}, err
	}
	for _, c := range b.Clients {
		b.Counts.add(c.Fit.Advice)
	}
	compare := matcher.Compare(matcher.OrderScore)
	slices.SortFunc(b.Clients, func(x, y Client) int {
		// The fits are of lots of one notice: which lot it is does not matter for whom it fits better.
		x.Fit.Lot, y.Fit.Lot = "", ""
		return cmp.Or(compare(x.Fit, y.Fit), strings.Compare(x.Profile, y.Profile))
	})
	return b, nil
}

func (d *Desk) client(ctx context.Context, lexicon *matcher.Lexicon, p store.Profile, s *single, target pursuit.Target, asOf time.Time) (Client, error) {
	m, _, err := d.ready(ctx, lexicon, p)
	if err != nil {
		return Client{}, err
	}
	c := Client{Profile: p.ID, Name: p.Name, Revision: p.Revision, Fit: s.held.assess(m, s.also, asOf), Decisions: []Decided{}}
	if target.Lot != "" {
		if c.Fit, err = bringForward(c.Fit, target); err != nil {
			return Client{}, err
		}
	}
	pursuits, err := d.pursuitsOf(ctx, p.ID, s.ids...)
	if err != nil {
		return Client{}, err
	}
	for _, pu := range pursuits {
		for _, x := range pu.Decisions {
			c.Decisions = append(c.Decisions, decidedOf(x))
		}
		if x := pu.Current(); x.Verdict != "" {
			stands := decidedOf(x)
			if w := (work{decision: c.Decision}); w.better(&stands, &row{fit: &c.Fit}, pu.Lot) {
				c.Decision = &stands
			}
		}
	}
	slices.SortStableFunc(c.Decisions, func(a, b Decided) int { return a.When.Compare(b.When) })
	return c, nil
}

// single is one opportunity made ready alone, as the lots in memory would have it: no other notice is read.
type single struct {
	notice *notice.Notice
	held   *held
	also   []string
	ids    []string // of every notice of the opportunity
}

// single finds the notice of an opportunity that Match would assess. ErrNotFound.
func (d *Desk) single(ctx context.Context, lexicon *matcher.Lexicon, id string) (*single, error) {
	n, err := d.Notice(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := d.sameOpportunity(ctx, n)
	if err != nil {
		return nil, err
	}
	l := &lots{lexicon: lexicon, held: map[string]*held{}, also: map[string][]string{}}
	byID := map[string]*notice.Notice{}
	for _, x := range all {
		byID[x.ID] = x
		l.add(hold(lexicon, x))
	}
	same, _ := l.same(l.held[n.ID])
	s := &single{held: primary(same)}
	s.notice = byID[s.held.id]
	_, s.also = l.same(s.held)
	for _, h := range same {
		s.ids = append(s.ids, h.id)
	}
	return s, nil
}
