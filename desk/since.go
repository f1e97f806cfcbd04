package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/notice/ocds"
	"bidfit/pursuit"
	"bidfit/store"
)

// SinceDecision asks Since for the newest decision.
const SinceDecision = "decision"

// Since is why a fit is not what it was, cause by cause: what changed since, one after another, each with
// the points it makes. The points of the causes sum to the difference of the scores, those of the changes of a cause to the cause's.
type Since struct {
	// Release is the newest one of that time, AsOf the day the fit was computed for then; zero where it is not known.
	Release string    `json:"release"`
	AsOf    time.Time `json:"asOf,omitzero"`
	// Decided is when the decision was made that kept the fit of then; zero where it is computed anew.
	Decided time.Time `json:"decided,omitzero"`
	// Lot is the lot the fits are about; LotThen the one of then where there was no such lot.
	Lot     string   `json:"lot"`
	LotThen *string  `json:"lotThen,omitzero"`
	Then    Standing `json:"then"`
	Now     Standing `json:"now"`
	Causes  []Cause  `json:"causes"`
}

// Standing is what a fit comes to.
type Standing struct {
	Score     int            `json:"score"`
	Relevance int            `json:"relevance"`
	Advice    matcher.Advice `json:"advice"`
}

// CauseKind is what makes a fit another.
type CauseKind string

const (
	CauseBidfit  CauseKind = "bidfit"  // it judges otherwise than it did
	CauseDay     CauseKind = "day"     // it is later
	CauseNotice  CauseKind = "notice"  // it says something else
	CauseProfile CauseKind = "profile" // so does it
	CauseLexicon CauseKind = "lexicon" // more was learned of what words mean
)

// Cause is one thing that changed and what that does to the fit.
type Cause struct {
	Cause   CauseKind      `json:"cause"`
	Words   string         `json:"words"`
	Points  int            `json:"points"`
	Advice  matcher.Advice `json:"advice"` // after it
	Changes []Shift        `json:"changes"`
}

// Shift is one criterion, gate or condition that changed, and what in the notice is behind it.
type Shift struct {
	matcher.Change
	Because []changes.Change `json:"because,omitzero"`
}

// Since tells why a fit is another than it was: after a release (by its identity), at the end of a date, or when it was
// last decided on (SinceDecision). After a release the day is held, so that the notice alone is compared. ErrNotFound for
// an unknown profile, notice, lot, release or decision, and for a date before the first release.
func (d *Desk) Since(ctx context.Context, profile string, target pursuit.Target, since string, asOf time.Time) (Since, error) {
	c, err := d.compare(ctx, profile, target)
	if err != nil {
		return Since{}, err
	}
	now, err := c.fit(target, asOf)
	if err != nil {
		return Since{}, err
	}
	if since == SinceDecision {
		return d.sinceDecision(ctx, c, target, now, asOf)
	}
	at, day, err := pointOf(c.notice, since, asOf)
	if err != nil {
		return Since{}, err
	}
	older, err := d.after(ctx, c.notice, at)
	if err != nil {
		return Since{}, err
	}
	then := hold(c.lots.lexicon, older)
	told := newTelling(then.assess(c.matcher, nil, day), now.Lot)
	told.Release, told.AsOf = older.Releases[len(older.Releases)-1].Identity, day
	if !day.Equal(asOf) {
		told.step(CauseDay, passed(day, asOf), then.assess(c.matcher, nil, asOf), nil)
	}
	told.step(CauseNotice, released(older, c.notice), now, changes.Between(older, c.notice))
	return told.Since, nil
}

// pointOf finds how many releases a notice had at a point of time, and the day its fit is computed for.
func pointOf(n *notice.Notice, since string, asOf time.Time) (releases int, day time.Time, err error) {
	var ids []string
	for i, r := range n.Releases {
		if r.Identity == since {
			return i + 1, asOf, nil
		}
		ids = append(ids, r.Identity)
	}
	var m notice.Moment
	if m.UnmarshalText([]byte(since)) != nil {
		return 0, asOf, fmt.Errorf("release %q of %s: %w (it has %s; a date or %q will do too)", since, n.ID, store.ErrNotFound, strings.Join(ids, ", "), SinceDecision)
	}
	for _, r := range n.Releases { // in the order they count; one without a date came with the one before it
		if r.Date.After(m.End()) {
			break
		}
		releases++
	}
	if releases == 0 {
		return 0, asOf, fmt.Errorf("%s on %s: %w: its first release is of %s", n.ID, since, store.ErrNotFound, n.Releases[0].Date.In(notice.London).Format(time.DateOnly))
	}
	return releases, m.Time.In(notice.London), nil
}

// after is a notice as it stood after the first of its releases.
func (d *Desk) after(ctx context.Context, n *notice.Notice, releases int) (*notice.Notice, error) {
	if releases == len(n.Releases) {
		return n, nil
	}
	published, err := d.Published(ctx, n)
	if err != nil {
		return nil, err
	}
	var older *notice.Notice
	for state := range ocds.States(n.OCID, published[:releases], 0) {
		older = state
	}
	older.ID = n.ID
	return older, ctx.Err()
}

// sinceDecision goes from the fit that a decision kept to that of now: bidfit itself, the day, the notice, the profile, the lexicon.
func (d *Desk) sinceDecision(ctx context.Context, c *comparison, target pursuit.Target, now matcher.Fit, asOf time.Time) (Since, error) {
	decided, err := d.decided(ctx, c, target)
	if err != nil {
		return Since{}, err
	}
	told := newTelling(decided.Fit, now.Lot)
	told.Release, told.AsOf, told.Decided = decided.Release, decided.AsOf, decided.When

	at := 1 + slices.IndexFunc(c.notice.Releases, func(r notice.Published) bool { return r.Identity == decided.Release })
	if at == 0 {
		at = len(c.notice.Releases) // it was revised, and is no longer told apart
	}
	older, err := d.after(ctx, c.notice, at)
	if err != nil {
		return Since{}, err
	}
	profile, err := d.store.ProfileRevision(ctx, d.workspace, c.profile.ID, decided.ProfileRevision)
	if err != nil {
		return Since{}, fmt.Errorf("profile %s as it was when it was decided: %w", c.profile.ID, err)
	}
	lexicon, err := d.cited(ctx, decided.Lexicon, c.lots.lexicon)
	if err != nil {
		return Since{}, err
	}
	assess := func(n *notice.Notice, p store.Profile, l *matcher.Lexicon, day time.Time) (matcher.Fit, error) {
		m, err := d.matcher(l, p.Profile)
		if err != nil {
			return matcher.Fit{}, fmt.Errorf("profile %s: %w", p.ID, err)
		}
		return m.Assess(l.Prepare(n), day), nil
	}
	for _, s := range []struct {
		cause   CauseKind
		words   string
		notice  *notice.Notice
		profile store.Profile
		lexicon *matcher.Lexicon
		day     time.Time
		skip    bool
		because []changes.Change
	}{
		{CauseBidfit, "bidfit judges otherwise than it did", older, profile, lexicon, decided.AsOf, decided.AsOf.IsZero(), nil},
		{CauseDay, passed(decided.AsOf, asOf), older, profile, lexicon, asOf, decided.AsOf.Equal(asOf), nil},
		{CauseNotice, released(older, c.notice), c.notice, profile, lexicon, asOf, older == c.notice, changes.Between(older, c.notice)},
		{CauseProfile, fmt.Sprintf("the profile is at revision %d, and was at %d", c.profile.Revision, profile.Revision), c.notice, c.profile, lexicon, asOf, profile.Revision == c.profile.Revision, nil},
	} {
		if s.skip {
			continue
		}
		f, err := assess(s.notice, s.profile, s.lexicon, s.day)
		if err != nil {
			return Since{}, err
		}
		told.step(s.cause, s.words, f, s.because)
	}
	told.step(CauseLexicon, "what words mean was learned anew: lexicon "+c.lots.lexicon.Version()+", and was "+lexicon.Version(), now, nil)
	return told.Since, nil
}

// decided is the newest decision about a target; where there is none about the very target, the newest about
// the notice it is of or, for a notice, about one of its lots.
func (d *Desk) decided(ctx context.Context, c *comparison, target pursuit.Target) (pursuit.Decision, error) {
	all, err := d.pursuitsOf(ctx, c.profile.ID, c.notice.ID)
	if err != nil {
		return pursuit.Decision{}, err
	}
	var best *pursuit.Decision
	for i := range all {
		of := all[i].Current()
		exact := of.Lot == target.Lot
		if of.Verdict == "" || !exact && of.Lot != "" && target.Lot != "" {
			continue
		}
		if best == nil || exact || best.Lot != target.Lot && of.When.After(best.When) {
			best = &of
		}
	}
	if best == nil {
		return pursuit.Decision{}, fmt.Errorf("a decision of %s about %s: %w; \"decide\" keeps one", c.profile.ID, target, store.ErrNotFound)
	}
	return *best, nil
}

// cited finds a lexicon that a decision cites.
func (d *Desk) cited(ctx context.Context, version string, current *matcher.Lexicon) (*matcher.Lexicon, error) {
	if version == current.Version() {
		return current, nil
	}
	_, encoded, err := d.store.Lexicon(ctx, version)
	if errors.Is(err, store.ErrNotFound) {
		if l := matcher.NewLexicon(); l.Version() == version {
			return l, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("lexicon %s, with which it was decided: %w", version, err)
	}
	return matcher.DecodeLexicon(encoded)
}

// telling is a Since being told: it goes from fit to fit.
type telling struct {
	Since
	at matcher.Fit
}

func newTelling(then matcher.Fit, lot string) *telling {
	t := &telling{at: ofLot(then, lot)}
	t.Lot, t.Then, t.Causes = lot, standing(t.at), []Cause{}
	t.Now = t.Then
	if was := t.at.Lot; was != lot {
		t.LotThen = &was
	}
	return t
}

// step goes on to the next fit; a step in which nothing changes is not told.
func (t *telling) step(kind CauseKind, words string, to matcher.Fit, because []changes.Change) {
	to = ofLot(to, t.Lot)
	c := Cause{Cause: kind, Words: words, Points: to.Score - t.at.Score, Advice: to.Advice}
	for _, change := range matcher.Difference(t.at, to) {
		s := Shift{Change: change}
		for _, b := range because {
			if (b.Lot == "" || b.Lot == t.Lot) && slices.Contains(behind[change.Of], b.What) {
				s.Because = append(s.Because, b)
			}
		}
		c.Changes = append(c.Changes, s)
	}
	if c.Changes != nil {
		t.Causes = append(t.Causes, c)
	}
	t.at, t.Now = to, standing(to)
}

// behind is what in a notice a criterion, gate or condition judges.
var behind = map[string][]changes.Kind{
	matcher.Subject:     {changes.CPV, changes.LotDivision},
	matcher.Words:       {changes.Title, changes.Description, changes.Text, changes.Items, changes.CPV, changes.LotDivision},
	matcher.Region:      {changes.Places, changes.Buyer, changes.LotDivision},
	matcher.Value:       {changes.Worth, changes.Procedure, changes.LotDivision},
	matcher.Suitability: {changes.Suitability},
	matcher.Timing:      {changes.DeadlineDate, changes.Engagement, changes.Expected, changes.Stage},
	matcher.Buyer:       {changes.Buyer},

	matcher.GateStage:     {changes.Stage, changes.Ended, changes.Type},
	matcher.GateStatus:    {changes.Status, changes.LotStatus, changes.LotWithdrawn, changes.Ended},
	matcher.GateDeadline:  {changes.DeadlineDate, changes.Stage},
	matcher.GateProcedure: {changes.Direct, changes.Method},
	matcher.GateReserved:  {changes.Reserved},
	matcher.GateExclude:   {changes.Title, changes.Description, changes.Text, changes.Items, changes.CPV},

	matcher.ConditionPeriod:        {changes.DeadlineDate},
	matcher.ConditionLead:          {changes.DeadlineDate},
	matcher.ConditionQuestions:     {changes.Questions},
	matcher.ConditionAward:         {changes.AwardDate, changes.DeadlineDate},
	matcher.ConditionThreshold:     {changes.Worth, changes.Procedure},
	matcher.ConditionStart:         {changes.Duration, changes.AwardDate, changes.DeadlineDate},
	matcher.ConditionReservation:   {changes.Reserved},
	matcher.ConditionCertification: {changes.Conditions, changes.Description, changes.Text},
	matcher.ConditionClearance:     {changes.Conditions, changes.Description, changes.Text},
	matcher.ConditionInsurance:     {changes.Conditions, changes.Description, changes.Text},
	matcher.ConditionTurnover:      {changes.Conditions, changes.Description, changes.Text, changes.Worth, changes.Duration},
	matcher.ConditionPresence:      {changes.Conditions, changes.Description, changes.Text},
	matcher.ConditionTUPE:          {changes.Description, changes.Text},
	matcher.ConditionCallOff:       {changes.Description, changes.Text},
	matcher.ConditionCarbon:        {changes.Worth, changes.Duration},
}

// ofLot is the fit of a lot, without the others; where there is no such lot, the best.
func ofLot(f matcher.Fit, lot string) matcher.Fit {
	if i := slices.IndexFunc(f.Lots, func(x matcher.Fit) bool { return x.Lot == lot }); i >= 0 && f.Lot != lot {
		f = f.Lots[i]
	}
	f.Lots = nil
	return f
}

func standing(f matcher.Fit) Standing { return Standing{f.Score, f.Relevance, f.Advice} }

// passed tells that time has.
func passed(from, to time.Time) string {
	day := func(t time.Time) string { return t.In(notice.London).Format("2 January 2006") }
	if from.IsZero() {
		return "it is " + day(to) + " now, and bidfit may judge otherwise than it did"
	}
	return "it is " + day(to) + " now, and was " + day(from)
}

// released tells which releases came since.
func released(older, newer *notice.Notice) string {
	var ids []string
	for _, r := range newer.Releases {
		if !slices.ContainsFunc(older.Releases, func(o notice.Published) bool { return o.Hash == r.Hash }) {
			ids = append(ids, r.Identity)
		}
	}
	if len(ids) == 0 {
		return "the notice says what it said"
	}
	return "the notice was released again: " + strings.Join(ids, ", ")
}
