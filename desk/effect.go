package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
)

// first is how many notices of a ranked list somebody is taken to read.
const first = 20

// Counts is how many notices are advised what.
type Counts struct {
	Bid    int `json:"bid"`
	Review int `json:"review"`
	NoBid  int `json:"noBid"`
}

func (c *Counts) add(a matcher.Advice) {
	switch a {
	case matcher.Bid:
		c.Bid++
	case matcher.Review:
		c.Review++
	default:
		c.NoBid++
	}
}

// Placed is a notice in a ranked list.
type Placed struct {
	Notice string         `json:"notice"`
	Lot    string         `json:"lot,omitzero"` // its best one
	Title  string         `json:"title"`
	Rank   int            `json:"rank"` // from 1; 0 where it is closed and in no list
	Score  int            `json:"score"`
	Advice matcher.Advice `json:"advice"`
	// Relevant is what was answered; nil where nothing was.
	Relevant *bool `json:"relevant,omitzero"`
	// Reason is what earned its points, or for one ranked low what keeps it there.
	Reason string `json:"reason,omitzero"`
}

// Moved is a notice whose place or advice is another one.
type Moved struct {
	Placed
	WasRank   int            `json:"wasRank"`
	WasScore  int            `json:"wasScore"`
	WasAdvice matcher.Advice `json:"wasAdvice"`
}

// Effect is what a changed profile does to the ranked list of open notices.
type Effect struct {
	Before Counts `json:"before"`
	After  Counts `json:"after"`
	// Entered and Left the first twenty, by the place they have or had.
	Entered []Moved `json:"entered"`
	Left    []Moved `json:"left"`
	// Advice is what is advised otherwise now, the best first.
	Advice []Moved `json:"advice"`
}

// Answer is what somebody has said of a notice: that what is bought is their trade, or is not.
type Answer struct {
	Notice   string `json:"notice"` // Notice.ID
	Relevant bool   `json:"relevant"`
}

// bench is the open lots on a day, to try profiles on.
type bench struct {
	desk *Desk
	lots *lots
	asOf time.Time
}

// ranked is the open notices in order for one profile.
type ranked struct {
	fits  []matcher.Fit
	place map[string]int // of each, by Notice.ID, from 0
}

// listed is the notice under which an opportunity stands in the ranked list: of several publications of one, only one does.
func (b *bench) listed(id string) string {
	if h, ok := b.lots.held[id]; ok {
		same, _ := b.lots.same(h)
		return primary(same).id
	}
	return id
}

// rank assesses every open lot for a profile.
func (b *bench) rank(ctx context.Context, p profiles.Profile) (*ranked, error) {
	m, err := b.desk.matcher(b.lots.lexicon, p)
	if err != nil {
		return nil, err
	}
	fits, err := b.lots.assess(ctx, m, MatchOptions{AsOf: b.asOf})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(fits, matcher.Compare(matcher.OrderScore))
	r := &ranked{fits, make(map[string]int, len(fits))}
	for i := range fits {
		r.place[fits[i].ID()] = i
	}
	return r, nil
}

// placed is a notice of the list.
func (r *ranked) placed(i int, answers map[string]bool) Placed {
	f := &r.fits[i]
	p := Placed{Notice: f.ID(), Lot: f.Lot, Title: f.Title, Rank: i + 1, Score: f.Score, Advice: f.Advice}
	if relevant, ok := answers[p.Notice]; ok {
		p.Relevant = &relevant
	}
	return p
}

// counts tells how many notices are advised what.
func (r *ranked) counts() (c Counts) {
	for i := range r.fits {
		c.add(r.fits[i].Advice)
	}
	return c
}

// effect compares two lists of the same notices.
func effect(before, after *ranked, answers map[string]bool) Effect {
	e := Effect{Before: before.counts(), After: after.counts(), Entered: []Moved{}, Left: []Moved{}, Advice: []Moved{}}
	for i := range after.fits {
		now := after.placed(i, answers)
		j, ok := before.place[now.Notice]
		if !ok {
			continue // both lists are of one moment
		}
		was := &before.fits[j]
		m := Moved{now, j + 1, was.Score, was.Advice}
		if i < first && j >= first {
			e.Entered = append(e.Entered, m)
		}
		if i >= first && j < first {
			e.Left = append(e.Left, m)
		}
		if now.Advice != was.Advice {
			e.Advice = append(e.Advice, m)
		}
	}
	slices.SortStableFunc(e.Left, func(a, b Moved) int { return a.WasRank - b.WasRank })
	return e
}

// Change is one thing added to a profile or dropped from it.
type Change struct {
	Drop  bool   `json:"drop,omitzero"`
	Field string `json:"field"` // cpv, keyword, exclude, region
	Value string `json:"value"`
}

// changeable are the fields a Change may name.
var changeable = []string{"cpv", "keyword", "exclude", "region"}

// ParseChange reads FIELD:VALUE as typed ("cpv:85312300", "keyword:support").
func ParseChange(s string, drop bool) (Change, error) {
	field, value, ok := strings.Cut(s, ":")
	c := Change{drop, strings.TrimSpace(field), strings.TrimSpace(value)}
	if !ok || c.Value == "" || !slices.Contains(changeable, c.Field) {
		return c, fmt.Errorf("%q is no change of a profile; write cpv:CODE, keyword:WORDS, exclude:WORDS or region:CODE", s)
	}
	return c, nil
}

// String is the change as a command line has it.
func (c Change) String() string {
	text := c.Field + ":" + c.Value
	if strings.ContainsAny(text, " '") {
		text = `"` + text + `"`
	}
	if c.Drop {
		return "--drop " + text
	}
	return "--add " + text
}

// apply makes the change in a copy of a profile, which still passes Check.
func (c Change) apply(p profiles.Profile) (profiles.Profile, error) {
	var err error
	switch c.Field {
	case "cpv":
		var code cpv.Code
		if code, err = cpv.Parse(c.Value); err == nil {
			p.CPV, err = with(p.CPV, code, c)
		}
	case "region":
		var r itl.Region
		if r, err = itl.Parse(c.Value); err == nil {
			p.Regions, err = with(p.Regions, r, c)
		}
	case "keyword":
		p.Keywords, err = with(p.Keywords, c.Value, c)
	case "exclude":
		p.Exclude, err = with(p.Exclude, c.Value, c)
	default:
		err = fmt.Errorf("a profile has no %q to change; the fields are %s", c.Field, strings.Join(changeable, ", "))
	}
	if err != nil {
		return profiles.Profile{}, err
	}
	return p, p.Check()
}

// with is a list with a value added or dropped.
func with[T comparable](list []T, v T, c Change) ([]T, error) {
	at := slices.IndexFunc(list, func(x T) bool {
		a, b := fmt.Sprint(x), fmt.Sprint(v)
		return x == v || strings.EqualFold(a, b)
	})
	switch {
	case c.Drop && at < 0:
		return nil, fmt.Errorf("%s: the profile has no %s %s to drop", c, c.Field, c.Value)
	case c.Drop:
		return slices.Delete(slices.Clone(list), at, at+1), nil
	case at >= 0:
		return nil, fmt.Errorf("%s: the profile has %s already", c, c.Value)
	}
	return append(slices.Clip(list), v), nil
}

// ProfileDiff is what two profiles say differently, and what that does to the ranked list.
type ProfileDiff struct {
	Profile string                `json:"profile"`
	Before  string                `json:"before"` // what the two are: "revision 3", a file's name
	After   string                `json:"after"`
	AsOf    time.Time             `json:"asOf"`
	Changes []profiles.Difference `json:"changes"`
	Effect  Effect                `json:"effect"`
}

// DiffProfiles compares two profiles field by field, and what each makes of the open notices on a day.
func (d *Desk) DiffProfiles(ctx context.Context, before, after profiles.Profile, asOf time.Time) (ProfileDiff, error) {
	diff := ProfileDiff{Profile: after.ID, AsOf: asOf, Changes: profiles.Diff(before, after)}
	if diff.Changes == nil {
		diff.Changes = []profiles.Difference{}
	}
	answers, err := d.answers(ctx, after.ID)
	if err != nil {
		return ProfileDiff{}, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return ProfileDiff{}, err
	}
	b := &bench{d, l, asOf}
	was, err := b.rank(ctx, before)
	if err != nil {
		return ProfileDiff{}, err
	}
	is, err := b.rank(ctx, after)
	if err != nil {
		return ProfileDiff{}, err
	}
	diff.Effect = effect(was, is, b.byNotice(answers))
	return diff, nil
}

// ProfileRevision finds a profile as it was at a revision. ErrNotFound.
func (d *Desk) ProfileRevision(ctx context.Context, id string, revision uint64) (profiles.Profile, error) {
	p, err := d.store.ProfileRevision(ctx, d.workspace, id, revision)
	return p.Profile, err
}
