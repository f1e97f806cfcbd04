package desk

import (
	"context"
	"fmt"
	"time"

	"bidfit/pursuit"
	"bidfit/store"
)

// Opinion is what somebody says of a target.
type Opinion struct {
	Profile string
	Target  pursuit.Target
	Answer  pursuit.Answer
	Undo    bool // the answer is taken back
	Note    string
	Who     string
	When    time.Time // of the answer
	AsOf    time.Time // of the fit it was said about
}

// Rate keeps an answer with the fit as it is at AsOf. A target of a procurement published twice is rated under
// the notice that Match lists. To take back what nobody said is ErrNotFound.
func (d *Desk) Rate(ctx context.Context, o Opinion) (pursuit.Rated, error) {
	e, err := d.Explain(ctx, o.Profile, o.Target, o.AsOf)
	if err != nil {
		return pursuit.Rated{}, err
	}
	o.Target.Notice = e.Notice.ID
	if o.Undo {
		said, err := d.inForce(ctx, o)
		if err != nil {
			return pursuit.Rated{}, err
		}
		if !said {
			return pursuit.Rated{}, fmt.Errorf("%s is not rated %s for %s: %w", o.Target, o.Answer, o.Profile, store.ErrNotFound)
		}
	}
	return d.store.Rate(ctx, d.workspace, pursuit.Rating{
		Target: o.Target, Profile: e.Profile, Answer: o.Answer, Undone: o.Undo, Note: o.Note, Who: o.Who, When: o.When,
		ProfileRevision: e.ProfileRevision, Lexicon: e.Lexicon, Relevance: e.Fit.Relevance, Score: e.Fit.Score,
	})
}

// inForce reports whether an answer about a target stands.
func (d *Desk) inForce(ctx context.Context, o Opinion) (bool, error) {
	rated, err := d.Ratings(ctx, o.Profile)
	if err != nil {
		return false, err
	}
	for _, r := range rated {
		if r.Target != o.Target {
			continue
		}
		for _, a := range r.Answers() {
			if a == o.Answer {
				return true, nil
			}
		}
	}
	return false, nil
}

// Ratings lists what was rated for a profile, "" for all, by profile and target.
func (d *Desk) Ratings(ctx context.Context, profile string) ([]pursuit.Rated, error) {
	return d.store.Ratings(ctx, d.workspace, profile)
}
