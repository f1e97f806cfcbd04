package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bidfit/index"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/suggest"
)

// Diagnosis is what is the matter with a profile.
type Diagnosis struct {
	Profile  string    `json:"profile"`
	Revision uint64    `json:"revision"`
	AsOf     time.Time `json:"asOf"`
	Lexicon  string    `json:"lexicon"`
	Seen     int       `json:"seen"` // open notices assessed
	// Relevant and Irrelevant are how many notices were answered so; Closed of them are open no more.
	Relevant   int    `json:"relevant"`
	Irrelevant int    `json:"irrelevant"`
	Closed     int    `json:"closed"`
	Counts     Counts `json:"counts"`
	Bands      []Band `json:"bands"` // the highest first
	// Middle are the notices that score from 40 to 59, where a word more or less tips the advice.
	Middle []Placed `json:"middle"`
	// Low are relevant and ranked below the first twenty or not advised for a bid, High are irrelevant and not advised against.
	Low      []Placed  `json:"low"`
	High     []Placed  `json:"high"`
	Codes    []Breadth `json:"cpv"`
	Keywords []Reach   `json:"keywords"`
	Regions  []Reach   `json:"regions"`
	// Causes are the codes and keywords that stand in irrelevant notices not advised against, those in most first.
	Causes []Culprit `json:"causes"`
	// Proposals are changes that pay, tried one at a time, the best first.
	Proposals []Proposal `json:"proposals"`
	// Needs say what could not be told for want of answers.
	Needs []string `json:"needs"`
	// Changes and Preview are what was asked to be tried.
	Changes []Change `json:"changes,omitzero"`
	Preview *Effect  `json:"preview,omitzero"`
}

// Band is how many notices score so much.
type Band struct {
	From int `json:"from"`
	To   int `json:"to"`
	Counts
}

// Breadth is how much a code of the profile takes in.
type Breadth struct {
	Code cpv.Code `json:"code"`
	Name string   `json:"name"`
	Open int      `json:"open"` // open notices filed under it or below it
	// Wordless of them say next to none of the profile's words.
	Wordless int               `json:"wordless"`
	Verdict  string            `json:"verdict,omitzero"` // what is wrong with it, in words
	Examples []suggest.Example `json:"examples"`         // of the wordless
}

// Reach is how many open notices a keyword or region finds.
type Reach struct {
	Text string `json:"text"`
	Open int    `json:"open"`
	// Advised of them are advised for a bid or a review.
	Advised int    `json:"advised"`
	Verdict string `json:"verdict,omitzero"`
}

// Culprit is a code or keyword of the profile, with how many irrelevant notices it finds that are not advised
// against, and how many relevant ones.
type Culprit struct {
	Field      string            `json:"field"`
	Value      string            `json:"value"`
	Irrelevant int               `json:"irrelevant"`
	Relevant   int               `json:"relevant"`
	Examples   []suggest.Example `json:"examples"` // irrelevant ones
}

// Proposal is one change of the profile that was tried.
type Proposal struct {
	Change Change `json:"change"`
	// Why is what it rests on, Text what it does.
	Why  string `json:"why"`
	Text string `json:"text"`
	// Of the notices answered, those that come into the first twenty or leave it.
	RelevantIn    int `json:"relevantIn"`
	RelevantOut   int `json:"relevantOut"`
	IrrelevantIn  int `json:"irrelevantIn"`
	IrrelevantOut int `json:"irrelevantOut"`
	// Gain is by how many points the relevant gain on the irrelevant in the mean, in tenths.
	Gain     int               `json:"gain"`
	After    Counts            `json:"after"`
	Examples []suggest.Example `json:"examples"`
}

const (
	tried       = 40 // changes tried at most
	proposed    = 10
	shownMiddle = 10
	broadShare  = 50 // percent of a code's notices without words from which on it is too broad
	fewOpen     = 5  // notices, up to which no code is
	manyShare   = 10 // percent of the open notices from which on a keyword finds everything
)

// Doctor says what is the matter with a profile on a day, and tries the changes given, without keeping
// anything. answers are what is known of notices; nil takes the decisions made for the profile. ErrNotFound.
func (d *Desk) Doctor(ctx context.Context, profile string, answers []Answer, changes []Change, asOf time.Time) (Diagnosis, error) {
	p, err := d.store.Profile(ctx, d.workspace, profile)
	if err != nil {
		return Diagnosis{}, err
	}
	if answers == nil {
		if answers, err = d.answers(ctx, profile); err != nil {
			return Diagnosis{}, err
		}
	}
	if err := d.CatchUp(ctx); err != nil {
		return Diagnosis{}, err
	}
	names, err := d.Names(ctx)
	if err != nil {
		return Diagnosis{}, err
	}
	l, err := d.inStep(ctx, false)
	if err != nil {
		return Diagnosis{}, err
	}
	x := &examination{
		bench: bench{d, l, asOf}, profile: p.Profile, names: names,
		notices: map[string]*notice.Notice{},
		d: Diagnosis{
			Profile: p.ID, Revision: p.Revision, AsOf: asOf, Lexicon: l.lexicon.Version(), Changes: changes,
			Middle: []Placed{}, Low: []Placed{}, High: []Placed{}, Codes: []Breadth{}, Keywords: []Reach{}, Regions: []Reach{}, Causes: []Culprit{},
			Proposals: []Proposal{}, Needs: []string{},
		},
	}
	x.answers = x.byNotice(answers)
	if x.now, err = x.rank(ctx, p.Profile); err != nil {
		return Diagnosis{}, fmt.Errorf("profile %s: %w", profile, err)
	}
	for _, step := range []func(context.Context) error{x.bands, x.answered, x.breadth, x.reach, x.propose, x.preview} {
		if err := step(ctx); err != nil {
			return Diagnosis{}, fmt.Errorf("examining %s: %w", profile, err)
		}
	}
	return x.d, nil
}

// answers takes ratings and, where a notice has none, the newest decision for answers: bid and watch say that a notice
// is relevant, no-bid that it is not.
func (d *Desk) answers(ctx context.Context, profile string) ([]Answer, error) {
	rated, err := d.Ratings(ctx, profile)
	if err != nil {
		return nil, err
	}
	var list []Answer
	said := map[pursuit.Target]bool{}
	for _, r := range rated {
		if r.Relevance() != "" {
			said[r.Target] = true
			list = append(list, Answer{r.Notice, r.Relevance() == pursuit.Relevant})
		}
	}
	pursuits, err := d.stands(ctx, profile)
	if err != nil {
		return nil, err
	}
	for i := range pursuits {
		if !said[pursuits[i].Target] {
			list = append(list, Answer{pursuits[i].Notice, pursuits[i].Current().Verdict != pursuit.NoBid})
		}
	}
	return list, nil
}

// byNotice is what was answered of each notice. One with a relevant lot is relevant.
func (b *bench) byNotice(answers []Answer) map[string]bool {
	m := make(map[string]bool, len(answers))
	for _, a := range answers {
		id := b.listed(a.Notice)
		m[id] = m[id] || a.Relevant
	}
	return m
}

// examination is a diagnosis being made.
type examination struct {
	bench
	profile profiles.Profile
	answers map[string]bool
	names   cpv.Names
	now     *ranked
	notices map[string]*notice.Notice // those looked into
	d       Diagnosis
}

// read finds a notice; nil where it is gone.
func (x *examination) read(ctx context.Context, id string) (*notice.Notice, error) {
	if n, ok := x.notices[id]; ok {
		return n, nil
	}
	n, err := x.desk.store.Notice(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		n, err = nil, nil
	}
	if err == nil {
		x.notices[id] = n
	}
	return n, err
}

// bands counts the scores.
func (x *examination) bands(context.Context) error {
	x.d.Seen, x.d.Counts = len(x.now.fits), x.now.counts()
	for from := 80; from >= 0; from -= 20 {
		b := Band{From: from, To: from + 19}
		if from == 80 {
			b.To = 100
		}
		for i := range x.now.fits {
			if f := &x.now.fits[i]; f.Score >= b.From && f.Score <= b.To {
				b.add(f.Advice)
				if from == 40 && len(x.d.Middle) < shownMiddle {
					p := x.now.placed(i, x.answers)
					p.Reason = holds(f)
					x.d.Middle = append(x.d.Middle, p)
				}
			}
		}
		x.d.Bands = append(x.d.Bands, b)
	}
	return nil
}

// holds is what keeps a fit from more.
func holds(f *matcher.Fit) string {
	for _, g := range f.Gates {
		if g.State == matcher.GateBarred {
			return g.Reason
		}
	}
	if gap := f.TopGap(); gap != nil {
		return gap.Reason
	}
	for _, c := range f.Conditions {
		if c.Holds {
			return c.Reason
		}
	}
	return ""
}

// answered tells which relevant notices are ranked low and which irrelevant ones high, and why.
func (x *examination) answered(context.Context) error {
	for id, relevant := range x.answers {
		if relevant {
			x.d.Relevant++
		} else {
			x.d.Irrelevant++
		}
		if _, ok := x.now.place[id]; !ok {
			x.d.Closed++
		}
	}
	for i := range x.now.fits {
		f := &x.now.fits[i]
		relevant, ok := x.answers[f.ID()]
		p := x.now.placed(i, x.answers)
		switch {
		case !ok:
		case relevant && (i >= first || f.Advice != matcher.Bid):
			p.Reason = holds(f)
			x.d.Low = append(x.d.Low, p)
		case !relevant && f.Advice != matcher.NoBid:
			if best := f.TopReason(); best != nil {
				p.Reason = best.Reason
			}
			x.d.High = append(x.d.High, p)
		}
	}
	open := x.d.Relevant + x.d.Irrelevant - x.d.Closed
	switch {
	case open == 0:
		x.d.Needs = append(x.d.Needs, "nothing open was decided for this profile: which code, word or region would surface what you want, and which causes rejections, can be told once you have, in the ranked list or with \"bidfit decide\"")
	case x.d.Relevant == 0:
		x.d.Needs = append(x.d.Needs, "nothing was decided as bid or watch: what would surface what you want can be told once something is")
	case x.d.Irrelevant == 0:
		x.d.Needs = append(x.d.Needs, "nothing was decided as no-bid: what causes rejections can be told once something is")
	}
	return nil
}

// breadth counts what each code takes in, and how much of that says none of the profile's words.
func (x *examination) breadth(ctx context.Context) error {
	wordless := map[string]bool{}
	for i := range x.now.fits {
		for _, e := range x.now.fits[i].Evidence {
			if e.Criterion == matcher.Words && e.Share < 15 {
				wordless[x.now.fits[i].ID()] = true
			}
		}
	}
	for _, c := range x.profile.CPV {
		name, of := x.names.Of(c)
		if of != c {
			name = "under " + of.String() + " " + name
		}
		b := Breadth{Code: c, Name: name, Examples: []suggest.Example{}}
		var ids []string
		err := x.desk.carrying(ctx, []string{index.CPVToken(c)}, func(id string) {
			if _, ok := x.now.place[id]; ok {
				ids = append(ids, id)
			}
		})
		if err != nil {
			return err
		}
		slices.SortFunc(ids, func(a, b string) int { return x.now.place[a] - x.now.place[b] })
		b.Open = len(ids)
		for _, id := range ids {
			if wordless[id] {
				if b.Wordless++; len(b.Examples) < 3 {
					b.Examples = append(b.Examples, suggest.Example{Notice: id, Title: x.now.fits[x.now.place[id]].Title})
				}
			}
		}
		switch {
		case b.Open == 0:
			b.Verdict = "finds nothing that is open"
		case c.Level() < cpv.Class && b.Open > fewOpen && b.Wordless*100 >= b.Open*broadShare:
			b.Verdict = fmt.Sprintf("too broad: %d of the %d open notices under it say next to none of your words; name the classes you work in instead", b.Wordless, b.Open)
		}
		x.d.Codes = append(x.d.Codes, b)
	}
	return nil
}

// reach counts what each keyword and region finds among the open notices.
func (x *examination) reach(ctx context.Context) error {
	count := func(text string, q index.Query) (Reach, error) {
		r := Reach{Text: text}
		q.Tokens, q.Size = append(q.Tokens, openStages...), index.MaxSize
		err := x.desk.mending(ctx, func(ctx context.Context) error {
			found, err := x.desk.index.Search(ctx, q)
			r.Open, r.Advised = int(found.Total), 0
			for _, h := range found.Hits {
				if i, ok := x.now.place[h.ID]; ok && x.now.fits[i].Advice != matcher.NoBid {
					r.Advised++
				}
			}
			return err
		})
		if err != nil {
			return Reach{}, fmt.Errorf("counting what %q finds: %w", text, err)
		}
		return r, nil
	}
	for _, k := range x.profile.Keywords {
		r, err := count(k, index.Query{Words: together(k)})
		if err != nil {
			return err
		}
		switch {
		case r.Open == 0:
			r.Verdict = "finds nothing that is open"
		case r.Open > fewOpen && r.Open*100 >= x.d.Seen*manyShare && r.Advised*2 < min(r.Open, index.MaxSize):
			r.Verdict = fmt.Sprintf("finds %d%% of everything open, most of it not for you: say what of it you do", r.Open*100/max(1, x.d.Seen))
		}
		x.d.Keywords = append(x.d.Keywords, r)
	}
	for _, region := range x.profile.Regions {
		r, err := count(region.Label(), index.Query{Tokens: []string{index.RegionToken(region)}})
		if err != nil {
			return err
		}
		if r.Open == 0 {
			r.Verdict = "no open notice names a place in it"
		}
		x.d.Regions = append(x.d.Regions, r)
	}
	return nil
}

// trial is a change worth trying and why.
type trial struct {
	Change
	why      string
	strength int // how many notices speak for it
	examples []suggest.Example
}

// propose tries changes that the answers suggest, one at a time, and keeps those that pay.
func (x *examination) propose(ctx context.Context) error {
	trials, err := x.trials(ctx)
	if err != nil {
		return err
	}
	for _, t := range trials {
		p, err := t.apply(x.profile)
		if err != nil {
			continue // an excluded word inside a keyword, the last thing to match by
		}
		after, err := x.rank(ctx, p)
		if err != nil {
			return err
		}
		if o := x.judge(t, after); o != nil {
			x.d.Proposals = append(x.d.Proposals, *o)
		}
	}
	slices.SortStableFunc(x.d.Proposals, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.net(), a.net()), cmp.Compare(b.Gain, a.Gain))
	})
	x.d.Proposals = slices.Clip(x.d.Proposals[:min(proposed, len(x.d.Proposals))])
	return nil
}

// net is how many answered notices come to stand where they belong.
func (p *Proposal) net() int {
	return p.RelevantIn - p.RelevantOut + p.IrrelevantOut - p.IrrelevantIn
}

// judge says what a change does; nil where it does not pay.
func (x *examination) judge(t trial, after *ranked) *Proposal {
	o := &Proposal{Change: t.Change, Why: t.why, After: after.counts(), Examples: t.examples}
	strangers := 0
	gains := map[bool][2]int{} // by relevance: points gained, and notices
	for i := range after.fits {
		id := after.fits[i].ID()
		was := x.now.place[id]
		relevant, answered := x.answers[id]
		in, out := i < first && was >= first, i >= first && was < first
		switch {
		case !answered && in:
			strangers++
		case !answered:
		case relevant && in:
			o.RelevantIn++
		case relevant && out:
			o.RelevantOut++
		case !relevant && in:
			o.IrrelevantIn++
		case !relevant && out:
			o.IrrelevantOut++
		}
		if answered {
			g := gains[relevant]
			gains[relevant] = [2]int{g[0] + scored(&after.fits[i]) - scored(&x.now.fits[was]), g[1] + 1}
		}
	}
	for relevant, g := range gains {
		gain := g[0] * 10 / g[1]
		if !relevant {
			gain = -gain
		}
		o.Gain += gain
	}
	if o.net() < 0 || o.net() == 0 && o.Gain < 10 {
		return nil
	}
	o.Text = o.tell(strangers)
	return o
}

// scored is a score, 0 where a gate bars.
func scored(f *matcher.Fit) int {
	if f.Barred() {
		return 0
	}
	return f.Score
}

func (p *Proposal) tell(strangers int) string {
	verb := "adding "
	if p.Change.Drop {
		verb = "dropping "
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{p.RelevantIn, "brings %d you marked relevant into the first 20"}, {p.IrrelevantOut, "takes %d you marked irrelevant out of the first 20"},
		{p.RelevantOut, "loses %d you marked relevant from the first 20"}, {p.IrrelevantIn, "brings %d you marked irrelevant into the first 20"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf(part.what, part.n))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, fmt.Sprintf("parts what you marked relevant from what you did not by %d.%d points more in the mean", p.Gain/10, p.Gain%10))
	}
	if strangers > 0 {
		parts = append(parts, fmt.Sprintf("and brings in %d you have said nothing of", strangers))
	}
	return verb + p.Change.Field + " " + p.Change.Value + " " + strings.Join(parts, ", ")
}

// trials lists the changes that the answered notices suggest, those that most speak for first.
func (x *examination) trials(ctx context.Context) ([]trial, error) {
	var low, high []*notice.Notice
	collect := func(to *[]*notice.Notice, list []Placed) error {
		for _, p := range list {
			n, err := x.read(ctx, p.Notice)
			if err != nil {
				return err
			}
			if n != nil {
				*to = append(*to, n)
			}
		}
		return nil
	}
	if err := errors.Join(collect(&low, x.d.Low), collect(&high, x.d.High)); err != nil {
		return nil, err
	}
	var list []trial
	list = append(list, x.codesToAdd(low)...)
	list = append(list, x.regionsToAdd(low)...)
	for _, s := range suggest.Telling(x.lots.lexicon, low, 15) {
		list = append(list, trial{Change{false, "keyword", s.Text}, "its words stand in the title of " + wanted(len(s.In)), len(s.In), x.examples(s.In)})
	}
	var kept []*notice.Notice // the relevant ones
	for _, id := range slices.Sorted(maps.Keys(x.answers)) {
		if n, err := x.read(ctx, id); err != nil {
			return nil, err
		} else if x.answers[id] && n != nil {
			kept = append(kept, n)
		}
	}
	good := x.toDrop(kept)
	for _, t := range x.toDrop(high) {
		list = append(list, t)
		c := Culprit{Field: t.Field, Value: t.Value, Irrelevant: t.strength, Examples: t.examples}
		for _, g := range good {
			if g.Change == t.Change {
				c.Relevant = g.strength
			}
		}
		x.d.Causes = append(x.d.Causes, c)
	}
	slices.SortStableFunc(x.d.Causes, func(a, b Culprit) int {
		return cmp.Or(cmp.Compare(b.Irrelevant, a.Irrelevant), cmp.Compare(a.Relevant, b.Relevant))
	})
	for _, s := range suggest.Telling(x.lots.lexicon, high, 15) {
		// What one title alone says would be an exclusion of that notice, and no more.
		if phrase, err := words.ParsePhrase(s.Text); err != nil || len(s.In) < 2 || slices.ContainsFunc(kept, func(n *notice.Notice) bool { return len(phrase.Find(words.Tokens(n.Title.Value))) > 0 }) {
			continue
		}
		list = append(list, trial{Change{false, "exclude", s.Text}, "its words stand in the title of " + unwanted(len(s.In)) + ", and of no relevant one", len(s.In), x.examples(s.In)})
	}
	slices.SortStableFunc(list, func(a, b trial) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), strings.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value))
	})
	return list[:min(tried, len(list))], nil
}

func wanted(n int) string {
	return notice.Count(n, "notice that you marked relevant and that ranks low", "notices that you marked relevant and that rank low")
}

func unwanted(n int) string {
	return notice.Count(n, "notice that you marked irrelevant and that is not advised against", "notices that you marked irrelevant and that are not advised against")
}

// examples are notices by their ids.
func (x *examination) examples(ids []string) []suggest.Example {
	out := []suggest.Example{}
	for _, id := range ids[:min(3, len(ids))] {
		title := id
		if i, ok := x.now.place[id]; ok {
			title = x.now.fits[i].Title
		}
		out = append(out, suggest.Example{Notice: id, Title: title})
	}
	return out
}

// codesToAdd are codes of relevant notices ranked low, and their classes, that no code of the profile holds.
func (x *examination) codesToAdd(low []*notice.Notice) []trial {
	in := map[cpv.Code][]string{}
	for _, n := range low {
		for i := range n.Lots {
			for _, c := range n.Lots[i].CPV {
				for _, code := range []cpv.Code{c.Value.Code, c.Value.Code.At(cpv.Class)} {
					held := slices.ContainsFunc(x.profile.CPV, func(p cpv.Code) bool { return p.Contains(code) })
					if code.Known() && !held && !slices.Contains(in[code], n.ID) {
						in[code] = append(in[code], n.ID)
					}
				}
			}
		}
	}
	var list []trial
	for _, c := range sortedCodes(in) {
		list = append(list, trial{Change{false, "cpv", c.String()}, "it is a code of " + wanted(len(in[c])), len(in[c]), x.examples(in[c])})
	}
	return list
}

func sortedCodes(in map[cpv.Code][]string) []cpv.Code {
	list := make([]cpv.Code, 0, len(in))
	for c := range in {
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

// regionsToAdd are the places of relevant notices ranked low that lie outside the profile's.
func (x *examination) regionsToAdd(low []*notice.Notice) []trial {
	var area itl.Area
	for _, r := range x.profile.Regions {
		area = area.Union(r.Area())
	}
	in := map[itl.Region][]string{}
	for _, n := range low {
		for i := range n.Lots {
			for _, p := range n.Lots[i].Places {
				r := p.Value.Region
				if r != "" && !area.IsEmpty() && !area.Contains(r.Area()) && !slices.Contains(in[r], n.ID) {
					in[r] = append(in[r], n.ID)
				}
			}
		}
	}
	var list []trial
	for r, ids := range in {
		list = append(list, trial{Change{false, "region", string(r)}, r.Label() + " is where the work is of " + wanted(len(ids)), len(ids), x.examples(ids)})
	}
	slices.SortFunc(list, func(a, b trial) int { return strings.Compare(a.Value, b.Value) })
	return list
}

// toDrop are the codes and keywords of the profile that irrelevant notices ranked high have.
func (x *examination) toDrop(high []*notice.Notice) []trial {
	var list []trial
	for _, c := range x.profile.CPV {
		var ids []string
		for _, n := range high {
			if slices.ContainsFunc(n.Lots, func(l notice.Lot) bool {
				return slices.ContainsFunc(l.CPV, func(k notice.Said[notice.Classification]) bool {
					return c.Contains(k.Value.Code) || k.Value.Code.Contains(c)
				})
			}) {
				ids = append(ids, n.ID)
			}
		}
		if len(ids) > 0 {
			list = append(list, trial{Change{true, "cpv", c.String()}, "it holds, or lies under, a code of " + unwanted(len(ids)), len(ids), x.examples(ids)})
		}
	}
	for _, k := range x.profile.Keywords {
		phrase, err := words.ParsePhrase(k)
		if err != nil {
			continue
		}
		var ids []string
		for _, n := range high {
			for s := range n.Proses() {
				if len(phrase.Find(words.Tokens(s.Value))) > 0 {
					ids = append(ids, n.ID)
					break
				}
			}
		}
		if len(ids) > 0 {
			list = append(list, trial{Change{true, "keyword", k}, "it stands in " + unwanted(len(ids)), len(ids), x.examples(ids)})
		}
	}
	return list
}

// preview tries the changes asked for, all together.
func (x *examination) preview(ctx context.Context) error {
	if len(x.d.Changes) == 0 {
		return nil
	}
	p := x.profile
	for _, c := range x.d.Changes {
		var err error
		if p, err = c.apply(p); err != nil {
			return &ChangeError{c, err}
		}
	}
	after, err := x.rank(ctx, p)
	if err != nil {
		return err
	}
	e := effect(x.now, after, x.answers)
	x.d.Preview = &e
	return nil
}

// ChangeError says why a change cannot be tried.
type ChangeError struct {
	Change Change
	Err    error
}

func (e *ChangeError) Error() string { return fmt.Sprintf("%s: %v", e.Change, e.Err) }
func (e *ChangeError) Unwrap() error { return e.Err }
