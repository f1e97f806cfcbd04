package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"bidfit/market"
	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// Outcomes are what became of everything that was decided.
type Outcomes struct {
	Profile string    `json:"profile,omitzero"` // "" for all
	AsOf    time.Time `json:"asOf"`
	// Decided are the pursuits by profile, the newest decision first.
	Decided []DecidedOutcome `json:"decided"`
	// Whole is over everything that was bid for and won or lost, the others over its parts: by the advice of the day of the decision, by buyer, by
	// the decade of the value, and by CPV division.
	Whole     market.Rate   `json:"whole"`
	Advice    []market.Rate `json:"advice"`
	Buyers    []market.Rate `json:"buyers"`
	Bands     []market.Rate `json:"bands"`
	Divisions []market.Rate `json:"divisions"`
}

// First is the same with so many decisions listed, 0 for all; the rates stay those of all.
func (o Outcomes) First(n int) Outcomes {
	if n > 0 && len(o.Decided) > n {
		o.Decided = o.Decided[:n]
	}
	return o
}

// DecidedOutcome is the newest decision about a target, and what became of it.
type DecidedOutcome struct {
	Profile string `json:"profile"`
	Decided
	Title string `json:"title"`
	Buyer string `json:"buyer,omitzero"`
	market.Outcome
	// Counted says that it is in the rates: bid for, and won or lost, and no other decision about the same thing is.
	Counted bool `json:"counted"`
}

// Outcomes tells what became of what was decided for a profile ("" for all): by the notice that was decided on, or one of its opportunity under another OCID. A
// supplier is known by the profile's identifiers and its name, or by its name alone. ErrNotFound for an unknown profile.
func (d *Desk) Outcomes(ctx context.Context, profile string, asOf time.Time) (Outcomes, error) {
	if profile != "" {
		if _, err := d.store.Profile(ctx, d.workspace, profile); err != nil {
			return Outcomes{}, err
		}
	}
	pursuits, err := d.stands(ctx, profile)
	if err != nil {
		return Outcomes{}, err
	}
	if err := d.CatchUp(ctx); err != nil {
		return Outcomes{}, err
	}
	out := Outcomes{Profile: profile, AsOf: asOf, Decided: []DecidedOutcome{}}
	var all, advice, buyers, bands, divisions []market.Settled
	known := map[string]*self{}
	counted := map[string]bool{}
	slices.SortStableFunc(pursuits, func(a, b pursuit.Pursuit) int {
		if a.Profile != b.Profile {
			return strings.Compare(a.Profile, b.Profile)
		}
		return b.Current().When.Compare(a.Current().When)
	})
	for i := range pursuits {
		p := &pursuits[i]
		us := known[p.Profile]
		if us == nil {
			if us, err = d.self(ctx, p.Profile, p.Current().ProfileRevision); err != nil {
				return Outcomes{}, err
			}
			known[p.Profile] = us
		}
		x := p.Current()
		o := DecidedOutcome{
			Profile: p.Profile, Decided: decidedOf(x), Title: x.Fit.Title,
		}
		n, lot, err := d.settled(ctx, x.Target)
		switch {
		case errors.Is(err, store.ErrNotFound):
			o.Outcome = market.Outcome{Result: market.Unclear, Why: "the notice is not in the store any more"}
		case err != nil:
			return Outcomes{}, err
		default:
			o.Outcome = market.Became(n, lot, us.organisation, us.name, us.directory, asOf)
			o.Title, o.Buyer = n.Title.Value, n.Buyer.Name.Value
			if n.ID != x.Target.Notice {
				o.Source = n.ID
			}
			if o.Result == market.Lost && x.Verdict != pursuit.Bid {
				o.Result = market.Gone
			}
			if l, ok := n.Lot(lot); ok && lot != "" && l.Title.Known() {
				o.Title += ": " + l.Title.Value
			}
			key := p.Profile + "\n" + n.ID + "\n" + lot
			settled := o.Result == market.Won || o.Result == market.Lost
			if x.Verdict == pursuit.Bid && settled && !counted[key] {
				counted[key], o.Counted = true, true
				s := market.Settled{Won: o.Result == market.Won}
				add := func(list *[]market.Settled, key, name string) {
					*list = append(*list, market.Settled{Won: s.Won, Key: key, Name: name})
				}
				add(&all, "", "")
				add(&advice, string(x.Fit.Advice), "")
				add(&buyers, buyerKey(n), n.Buyer.Name.Value)
				add(&divisions, market.DivisionOf(n, lot), "")
				band, name := "", ""
				if v := o.Value; v != nil && !v.Ceiling {
					band, name = market.Band(v.Amount)
				}
				add(&bands, band, name)
			}
		}
		out.Decided = append(out.Decided, o)
	}
	out.Whole = market.NewRate(market.Rate{})
	if whole := market.Rates(all); len(whole) > 0 {
		out.Whole = whole[0]
	}
	out.Advice, out.Buyers, out.Bands, out.Divisions = market.Rates(advice), market.Rates(buyers), market.Rates(bands), market.Rates(divisions)
	return out, nil
}

// buyerKey is what a buyer is counted under: its best identifier, or its folded name.
func buyerKey(n *notice.Notice) string {
	keys := market.MentionOf(&n.Buyer).Keys()
	if n.Buyer.ID.Known() {
		return n.Buyer.ID.Value
	}
	if len(keys) > 0 {
		return keys[len(keys)-1]
	}
	return ""
}

// self is who a profile is among those whom notices name.
type self struct {
	name         string
	organisation *market.Organisation
	directory    *market.Directory
}

// self finds the organisation of a profile: by its identifiers and name, or by its name alone. A profile that has been removed is
// looked up as it was at a revision.
func (d *Desk) self(ctx context.Context, id string, revision uint64) (*self, error) {
	p, err := d.store.Profile(ctx, d.workspace, id)
	if errors.Is(err, store.ErrNotFound) {
		p, err = d.store.ProfileRevision(ctx, d.workspace, id, revision)
	}
	if err != nil {
		return nil, err
	}
	me := market.Mention{Name: p.Name, IDs: p.Identifiers}
	c, err := d.circle(ctx, me.Keys())
	if err != nil {
		return nil, err
	}
	mentions := []market.Mention{me}
	for _, r := range c.records {
		mentions = append(mentions, r.Mentions()...)
	}
	directory := market.Resolve(mentions)
	return &self{p.Name, directory.Of(me), directory}, nil
}

// settled finds the notice that tells what became of a target: of the notices of one opportunity the one with the
// most awards. The lot is the target's where the notice has it; of a notice under another OCID whose only lot is a different one it is that one.
func (d *Desk) settled(ctx context.Context, t pursuit.Target) (*notice.Notice, string, error) {
	n, err := d.Notice(ctx, t.Notice)
	if err != nil {
		return nil, "", err
	}
	all, err := d.sameOpportunity(ctx, n)
	if err != nil {
		return nil, "", err
	}
	if len(all) == 1 {
		return n, t.Lot, nil
	}
	records := make([]*market.Record, len(all))
	for i, x := range all {
		records[i] = market.Read(x)
	}
	best := n
	for _, r := range market.Once(records) {
		i := slices.IndexFunc(all, func(x *notice.Notice) bool { return x.ID == r.Notice })
		if len(all[i].Awards) > len(best.Awards) {
			best = all[i]
		}
	}
	lot := t.Lot
	if _, ok := best.Lot(lot); !ok && lot != "" && best.ID != n.ID && len(best.Lots) == 1 && len(n.Lots) == 1 {
		lot = best.Lots[0].ID
	}
	return best, lot, nil
}
