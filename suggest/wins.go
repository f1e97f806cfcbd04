package suggest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
	"bidfit/profiles"
)

// The bounds of what a draft takes over.
const (
	mostCodes      = 30
	mostKeywords   = 20
	mostRegions    = 12
	mostPreferred  = 10
	mostExperience = 40
	longestTold    = 600 // bytes of one past contract
)

// FromWins makes a profile of the contracts a supplier has won: codes, keywords, regions, buyers
// that chose it more than once, a value band, whether it is an SME or VCSE, and the contracts as its
// experience. is tells which suppliers of an award are meant; nil takes every award of the notices. The
// profile passes Check as long as name is one that does; its ID is made of the name.
func FromWins(l *matcher.Lexicon, name string, wins []*notice.Notice, is func(market.Mention) bool) profiles.Profile {
	return Wins(l, name, wins, is).Profile
}

// win is one notice with the awards in it that the supplier won.
type win struct {
	*notice.Notice
	record *market.Record
	awards []market.Award
}

// Wins is FromWins with the grounds of what stands in the profile. The counts over the store are left for who has one.
func Wins(l *matcher.Lexicon, name string, wins []*notice.Notice, is func(market.Mention) bool) Draft {
	list := won(wins, is)
	d := Draft{Codes: []Code{}, Keywords: []Keyword{}, Exclude: []Keyword{}}
	p := &d.Profile
	p.Name = plain(name, 200)
	p.ID = ID(p.Name)
	d.codesOfWins(list)
	d.keywordsOfWins(l, list)
	d.regionsOfWins(list)
	d.bandOfWins(list)
	d.kindOfWins(list, is)
	d.buyersOfWins(list)
	for _, w := range list[:min(mostExperience, len(list))] {
		if told := tell(w.Notice); told != "" && !holds(p.Experience, told) {
			p.Experience = append(p.Experience, told)
		}
	}
	d.note("experience", "%s, the newest first", notice.Count(len(p.Experience), "past contract", "past contracts"))
	if len(p.Keywords)+len(p.CPV) == 0 {
		p.Description = plain(strings.Join(p.Experience, " "), 2_000)
	}
	if len(p.Keywords)+len(p.CPV) == 0 && p.Description == "" {
		p.Description = p.Name
	}
	return d
}

func (d *Draft) note(field, format string, args ...any) {
	d.Notes = append(d.Notes, Note{field, fmt.Sprintf(format, args...)})
}

// won sorts the wins, the newest first, and takes out of each the awards that are meant. What was cancelled is no win.
func won(wins []*notice.Notice, is func(market.Mention) bool) []win {
	var list []win
	for _, n := range wins {
		w := win{Notice: n, record: market.Read(n)}
		for _, a := range w.record.Awards {
			if !a.Void && (is == nil || slices.ContainsFunc(a.Suppliers, is)) {
				w.awards = append(w.awards, a)
			}
		}
		if len(w.awards) > 0 {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b win) int {
		return cmp.Or(b.First().Compare(a.First()), strings.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(list, func(a, b win) bool { return a.ID == b.ID })
}

// tally counts in how many wins each thing stands; in says what stands in one.
func tally[K comparable](list []win, in func(w *win) []K) map[K][]int {
	at := map[K][]int{}
	for i := range list {
		for _, k := range in(&list[i]) {
			if n := len(at[k]); n == 0 || at[k][n-1] != i {
				at[k] = append(at[k], i)
			}
		}
	}
	return at
}

// often lists the things that stand in most wins first.
func often[K comparable](at map[K][]int, compare func(a, b K) int) []K {
	return slices.SortedFunc(maps.Keys(at), func(a, b K) int {
		return cmp.Or(cmp.Compare(len(at[b]), len(at[a])), compare(a, b))
	})
}

// codesOfWins proposes the codes of the awards. A code that holds another one of them is taken only where it
// stands in more wins than all of those.
func (d *Draft) codesOfWins(list []win) {
	at := tally(list, func(w *win) (codes []cpv.Code) {
		for _, a := range w.awards {
			for _, c := range a.Codes {
				if c.Known() {
					codes = append(codes, c)
				}
			}
		}
		return codes
	})
	for _, c := range often(at, func(a, b cpv.Code) int { return cmp.Compare(a, b) }) {
		name, of := c.Name()
		code := Code{Code: c, Name: name, Of: of, Taken: true,
			Ground: fmt.Sprintf("%d of %s filed under it", len(at[c]), notice.Count(len(list), "past contract is", "past contracts are"))}
		for _, i := range at[c][:min(mostExamples, len(at[c]))] {
			code.Examples = append(code.Examples, example(list[i].Notice))
		}
		for k := range at {
			if k != c && c.Contains(k) && len(at[k]) >= len(at[c]) {
				code.Taken, code.Ground = false, code.Ground+"; "+k.String()+" says more"
				break
			}
		}
		if code.Taken = code.Taken && len(d.Profile.CPV) < mostCodes; code.Taken {
			d.Profile.CPV = append(d.Profile.CPV, c)
		}
		d.Codes = append(d.Codes, code)
	}
}

// keywordsOfWins proposes the phrases of the titles, and of the descriptions what stands in several.
func (d *Draft) keywordsOfWins(l *matcher.Lexicon, list []win) {
	ps := newPhrases(l)
	byID := map[string]*notice.Notice{}
	for i := range list {
		w := &list[i]
		byID[w.ID] = w.Notice
		named := namesOf(w.record.Buyers, w.record.Suppliers)
		buyer := notice.NameKey(w.Buyer.Name.Value)
		ps.read(w.Title.Value, w.ID, buyer, true, named)
		ps.read(w.Description.Value, w.ID, buyer, false, named)
		for _, a := range w.awards {
			for _, id := range a.Lots {
				if lot, ok := w.Lot(id); ok {
					ps.read(lot.Title.Value, w.ID, buyer, true, named)
				}
			}
		}
	}
	groups := map[cpv.Code]bool{}
	for _, c := range d.Codes {
		groups[c.Code.At(cpv.Group)] = true
	}
	score := func(p *phrase) int64 { return int64(2*len(p.titled)+len(p.in)) * p.rarity }
	var chosen []*phrase
	for _, p := range slices.SortedFunc(maps.Values(ps.byKey), func(a, b *phrase) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(len(b.stems), len(a.stems)), strings.Compare(a.key, b.key))
	}) {
		if len(chosen) == mostKeywords {
			break
		}
		alone := len(p.in) < 2 // one contract says it
		if alone && (len(p.titled) == 0 || len(p.stems) == 1 && len(list) > 2) || says(chosen, p) {
			continue
		}
		text := p.text()
		if !usable(text) || holds(d.Profile.Keywords, text) || len(groups) > 0 && affinity(l, p, groups) < leastAffinity {
			continue
		}
		chosen = append(chosen, p)
		k := Keyword{Text: text, Taken: true, Ground: fmt.Sprintf("in %d of %s, %d times in the title",
			len(p.in), notice.Count(len(list), "past contract", "past contracts"), len(p.titled))}
		for _, id := range slices.Sorted(maps.Keys(p.in))[:min(mostExamples, len(p.in))] {
			k.Examples = append(k.Examples, example(byID[id]))
		}
		d.Keywords = append(d.Keywords, k)
		d.Profile.Keywords = append(d.Profile.Keywords, text)
	}
}

// says reports whether a phrase adds nothing to those chosen: one of them holds it, and it does not stand in twice
// as many sources.
func says(chosen []*phrase, p *phrase) bool {
	return slices.ContainsFunc(chosen, func(c *phrase) bool { return within(p.stems, c.stems) && len(p.in) < 2*len(c.in) })
}

// regionsOfWins takes the places of the contracts, a region that lies in another one of them left out. The whole
// country is taken only where no contract names a place in it.
func (d *Draft) regionsOfWins(list []win) {
	at := tally(list, func(w *win) (regions []itl.Region) {
		for _, a := range w.awards {
			for _, r := range a.Regions {
				if p, err := itl.Parse(string(r)); err == nil {
					regions = append(regions, p.Current())
				}
			}
		}
		return regions
	})
	said := map[int]bool{}
	for _, of := range at {
		for _, i := range of {
			said[i] = true
		}
	}
	local := func(r itl.Region) bool { return !r.Nationwide() }
	some := slices.ContainsFunc(slices.Collect(maps.Keys(at)), local)
	for _, r := range often(at, func(a, b itl.Region) int { return strings.Compare(string(a), string(b)) }) {
		if some && !local(r) || len(d.Profile.Regions) == mostRegions {
			continue
		}
		inside := false
		for k := range at {
			inside = inside || k != r && (!some || local(k)) && k.Area().Contains(r.Area()) && (k.Area() != r.Area() || k < r)
		}
		if !inside {
			d.Profile.Regions = append(d.Profile.Regions, r)
		}
	}
	if len(d.Profile.Regions) == 0 {
		d.note("regions", "no past contract says where the work is; add the regions you work in, such as TLG2 or Wales")
		return
	}
	d.note("regions", "where %d of %s", len(said), notice.Count(len(list), "past contract says its work is", "past contracts say their work is"))
}

// bandOfWins makes a band of what the contracts are worth: the quartiles, or below four known values the ends, half
// and double, in round figures. Ceilings and values that several suppliers share are not taken.
func (d *Draft) bandOfWins(list []win) {
	var known []notice.Pence
	all := 0
	for _, w := range list {
		for _, a := range w.awards {
			all++
			if v := a.Value; v != nil && !v.Ceiling && !v.Shared && v.Amount > 100 {
				net := v.Amount
				if v.Gross {
					net = net * 5 / 6
				}
				known = append(known, net)
			}
		}
	}
	if len(known) < 2 {
		d.note("value", "%d of %s what it is worth to this supplier alone, too few for a band; add value: {min: …, max: …} in net pounds",
			len(known), notice.Count(all, "award says", "awards says"))
		return
	}
	slices.Sort(known)
	low, high := known[0], known[len(known)-1]
	how := "the smallest halved and the largest doubled"
	if len(known) >= 4 {
		low, high = known[(len(known)-1)/4], known[len(known)-1-(len(known)-1)/4]
		how = "the lower quartile halved and the upper one doubled"
	}
	low, high = roundDown(low/2), roundUp(high*2)
	d.Profile.Value = profiles.Band{Min: &low, Max: &high}
	d.note("value", "from %s: %s, in round figures", notice.Count(len(known), "known value", "known values"), how)
}

// roundDown and roundUp leave one digit that is not zero, of whole pounds.
func roundDown(p notice.Pence) notice.Pence {
	step := notice.Pence(100)
	for p/step >= 10 {
		step *= 10
	}
	return p / step * step
}

func roundUp(p notice.Pence) notice.Pence {
	down := roundDown(p)
	if down == p {
		return p
	}
	step := notice.Pence(100)
	for p/step >= 10 {
		step *= 10
	}
	return down + step
}

// kindOfWins says whether the supplier is an SME or VCSE, as the newest notice that tells has it.
func (d *Draft) kindOfWins(list []win, is func(market.Mention) bool) {
	for _, w := range list {
		for i := range w.record.Suppliers {
			o := &w.record.Suppliers[i]
			if is != nil && !is(market.MentionOf(o)) {
				continue
			}
			if d.Profile.SME == nil && o.Scale.Known() {
				switch strings.ToLower(o.Scale.Value) {
				case "sme", "micro", "small", "medium":
					d.Profile.SME = new(true)
				case "large":
					d.Profile.SME = new(false)
				}
			}
			if d.Profile.VCSE == nil && o.VCSE.Known() {
				d.Profile.VCSE = new(o.VCSE.Value)
			}
		}
	}
	for _, f := range []struct {
		name string
		is   *bool
	}{{"sme", d.Profile.SME}, {"vcse", d.Profile.VCSE}} {
		if f.is == nil {
			d.note(f.name, "no notice says; add %s: true or false", f.name)
		} else {
			d.note(f.name, "as notices say of the supplier")
		}
	}
}

// buyersOfWins prefers the buyers that chose the supplier more than once.
func (d *Draft) buyersOfWins(list []win) {
	names := map[string]string{}
	at := tally(list, func(w *win) []string {
		name := plain(w.Buyer.Name.Value, 200)
		key := notice.NameKey(name)
		if key == "" || strings.HasSuffix(name, "…") {
			return nil
		}
		if names[key] == "" || name < names[key] {
			names[key] = name
		}
		return []string{key}
	})
	for _, key := range often(at, strings.Compare) {
		name := names[key]
		_, err := words.ParsePhrase(name)
		if len(at[key]) >= 2 && len(d.Profile.Buyers.Prefer) < mostPreferred && err == nil && !holds(d.Profile.Buyers.Prefer, name) {
			d.Profile.Buyers.Prefer = append(d.Profile.Buyers.Prefer, name)
		}
	}
	if len(d.Profile.Buyers.Prefer) > 0 {
		d.note("buyers", "preferred are those that chose the supplier at least twice")
	}
}

// holds reports whether a text is in a list, in whatever case: that of profiles.Profile.Check, which is not that of
// strings.EqualFold.
func holds(list []string, text string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(list, func(s string) bool { return strings.ToLower(s) == lower })
}

// tell is a past contract in a few words: its title and the beginning of its description.
func tell(n *notice.Notice) string {
	title, text := plain(n.Title.Value, 200), plain(n.Description.Value, longestTold)
	switch {
	case text == "" || strings.EqualFold(title, text):
		return title
	case title == "" || strings.HasPrefix(strings.ToLower(text), strings.ToLower(title)):
		return text
	}
	return plain(strings.TrimRight(title, ".")+". "+text, longestTold)
}
