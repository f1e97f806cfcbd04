package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bidfit/matcher"
	"bidfit/pursuit"
	"bidfit/store"
)

// Opinion is what somebody says of a target.
type Opinion struct {
	Profile string
	Target  pursuit.Target
	Answer  pursuit.Answer
	Undo    bool // the answer is taken back; where none is named, every answer that stands
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
	take := []pursuit.Answer{o.Answer}
	if o.Undo {
		stands, err := d.inForce(ctx, o.Profile, o.Target)
		if err != nil {
			return pursuit.Rated{}, err
		}
		if o.Answer == "" {
			take = stands
		}
		if len(stands) == 0 || !slices.Contains(stands, take[0]) {
			return pursuit.Rated{}, fmt.Errorf("%s is not rated %sfor %s, so there is nothing to take back: %w",
				o.Target, spaced(o.Answer), o.Profile, store.ErrNotFound)
		}
	}
	var all pursuit.Rated
	for _, answer := range take {
		all, err = d.store.Rate(ctx, d.workspace, pursuit.Rating{
			Target: o.Target, Profile: e.Profile, Answer: answer, Undone: o.Undo, Note: o.Note, Who: o.Who, When: o.When,
			ProfileRevision: e.ProfileRevision, Lexicon: e.Lexicon, Learned: e.Learned, Relevance: e.Fit.Relevance, Score: e.Fit.Score,
		})
		if err != nil {
			return pursuit.Rated{}, err
		}
	}
	return all, nil
}

func spaced(a pursuit.Answer) string {
	if a == "" {
		return ""
	}
	return string(a) + " "
}

// inForce are the answers about a target that stand.
func (d *Desk) inForce(ctx context.Context, profile string, target pursuit.Target) ([]pursuit.Answer, error) {
	rated, err := d.Ratings(ctx, profile)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rated, func(r pursuit.Rated) bool { return r.Target == target })
	if i < 0 {
		return nil, nil
	}
	return rated[i].Answers(), nil
}

// Ratings lists what was rated for a profile, "" for all, by profile and target.
func (d *Desk) Ratings(ctx context.Context, profile string) ([]pursuit.Rated, error) {
	return d.store.Ratings(ctx, d.workspace, profile)
}

// Lesson is what the answers for a profile teach and what the guard says of it, whether or not the desk uses it.
// ErrNotFound for an unknown profile.
func (d *Desk) Lesson(ctx context.Context, profile string) (matcher.Lesson, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return matcher.Lesson{}, err
	}
	rated, err := d.Ratings(ctx, profile)
	if err != nil {
		return matcher.Lesson{}, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return matcher.Lesson{}, err
	}
	m, err := d.matcher(l.lexicon, p.Profile)
	if err != nil {
		return matcher.Lesson{}, fmt.Errorf("profile %s: %w", profile, err)
	}
	answers, err := d.examples(ctx, l.lexicon, rated)
	if err != nil {
		return matcher.Lesson{}, err
	}
	return m.Study(answers), nil
}

// Answered is all that was answered for a profile, and what that teaches.
type Answered struct {
	Profile string          `json:"profile"`
	Ratings []pursuit.Rated `json:"ratings"`
	Lesson  matcher.Lesson  `json:"lesson"`
}

// Answered tells what was answered for a profile. ErrNotFound for an unknown profile.
func (d *Desk) Answered(ctx context.Context, profile string) (Answered, error) {
	lesson, err := d.Lesson(ctx, profile)
	if err != nil {
		return Answered{}, err
	}
	rated, err := d.Ratings(ctx, profile)
	return Answered{profile, rated, lesson}, err
}

// supplier makes a stored profile ready, with what its answers teach, which is nil where that is nothing: every
// question about the fit of a stored profile goes through it, and so gets the same numbers.
func (d *Desk) supplier(ctx context.Context, l *matcher.Lexicon, p store.Profile) (*matcher.Matcher, *matcher.Learned, error) {
	m, err := d.matcher(l, p.Profile)
	if err != nil {
		return nil, nil, fmt.Errorf("profile %s: %w", p.ID, err)
	}
	if d.plain {
		return m, nil, nil
	}
	rated, err := d.Ratings(ctx, p.ID)
	if err != nil || len(rated) < matcher.MinAnswers {
		return m, nil, err
	}
	answers, err := d.examples(ctx, l, rated)
	if err != nil {
		return nil, nil, err
	}
	learned := m.Study(answers).Learned
	return m.With(learned), learned, nil
}

// examples are what was said about relevance. What was said about a notice that is gone teaches nothing.
func (d *Desk) examples(ctx context.Context, l *matcher.Lexicon, rated []pursuit.Rated) ([]matcher.Answer, error) {
	rated = slices.DeleteFunc(slices.Clone(rated), func(r pursuit.Rated) bool { return r.Relevance() == "" })
	in := d.lots.Load() // in step, where they are there
	about := make([]*matcher.Opportunity, len(rated))
	err := atOnce(ctx, len(rated), func(i int) error {
		if in != nil && in.lexicon == l {
			if h := in.held[rated[i].Notice]; h != nil {
				about[i] = h.opportunity
				return nil
			}
		}
		n, err := d.store.Notice(ctx, rated[i].Notice)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			about[i] = l.Prepare(n)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var answers []matcher.Answer
	for i, r := range rated {
		if about[i] != nil {
			answers = append(answers, matcher.Answer{Opportunity: about[i], Lot: r.Lot, Relevant: r.Relevance() == pursuit.Relevant})
		}
	}
	return answers, nil
}

// known is what the user called known.
type known map[pursuit.Target]bool

func knownOf(rated map[pursuit.Target]pursuit.Rated) known {
	k := known{}
	for _, r := range rated {
		if r.Known() {
			k[r.Target] = true
		}
	}
	return k
}

// holds reports whether a notice is known, or each lot of it.
func (k known) holds(f *matcher.Fit) bool {
	id := f.ID()
	if len(k) == 0 || k[pursuit.Target{Notice: id}] {
		return len(k) > 0
	}
	for i := range f.Lots {
		if !k[pursuit.Target{Notice: id, Lot: f.Lots[i].Lot}] {
			return false
		}
	}
	return k[pursuit.Target{Notice: id, Lot: f.Lot}]
}
