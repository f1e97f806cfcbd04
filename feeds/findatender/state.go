package findatender

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
)

// state is what is kept between two syncs, and after every page.
type state struct {
	Version int `json:"version"`
	// Since is from when on everything is to be read by a sync that goes on.
	Since *wall `json:"since,omitempty"`
	// Covered is what was read, each part not before it was two hours old.
	Covered spans `json:"covered"`
	// Numbers are the notice numbers seen; Runs is how they are written.
	Numbers numbers              `json:"-"`
	Runs    map[string][]runText `json:"numbers"`
	// Holes are the missing numbers that were asked for, Absent how many turned out to be none.
	Holes  []hole `json:"holes,omitempty"`
	Absent int    `json:"absent"`
	// Doubtful are times of which not everything may have come.
	Doubtful []doubt     `json:"doubtful,omitempty"`
	Density  density     `json:"density"`
	Asked    feeds.Asked `json:"asked"`
}

// doubt is a time of which not everything may have come, and why.
type doubt struct {
	span `json:",inline"`
	Why  string `json:"why"`
	// Tries is how often it was read again in vain.
	Tries int `json:"tries,omitzero"`
}

// runText is a run as it is written.
type runText struct {
	Lo   int  `json:"lo"`
	Hi   int  `json:"hi"`
	From wall `json:"from"`
	To   wall `json:"to"`
}

const (
	stateVersion = 1
	maxDoubtful  = 200
)

func newState() *state {
	return &state{Version: stateVersion, Numbers: numbers{}, Density: known()}
}

func (s *state) encode() (jsontext.Value, error) {
	s.Runs = map[string][]runText{}
	for year, runs := range s.Numbers {
		out := make([]runText, len(runs))
		for i, r := range runs {
			out[i] = runText(r)
		}
		s.Runs[strconv.Itoa(year)] = out
	}
	if s.Covered == nil {
		s.Covered = spans{}
	}
	return json.Marshal(s, json.Deterministic(true))
}

// decode reads a state. One that is not as it was written is refused whole: to go on from a part of it could leave something out.
func decode(v jsontext.Value) (*state, error) {
	if len(v) == 0 || string(v) == "null" {
		return newState(), nil
	}
	s := newState()
	err := json.Unmarshal(v, s, json.RejectUnknownMembers(true))
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return nil, fmt.Errorf("what find-a-tender has read so far cannot be told from its state (%w): give a date to begin anew, as in --since 30d", err)
	}
	return s, nil
}

func (s *state) check() error {
	if s.Version != stateVersion {
		return fmt.Errorf("version %d, this bidfit knows %d", s.Version, stateVersion)
	}
	for i, c := range s.Covered {
		if c.From >= c.To || i > 0 && c.From <= s.Covered[i-1].To {
			return fmt.Errorf("covered: %v to %v is out of order", c.From, c.To)
		}
	}
	for name, runs := range s.Runs {
		year, err := strconv.Atoi(name)
		if err != nil || year < 2000 || year > 2199 || strconv.Itoa(year) != name {
			return fmt.Errorf("numbers: %q is no year", name)
		}
		for i, r := range runs {
			if r.Lo < 0 || r.Lo > r.Hi || r.Hi > 1e9 || i > 0 && r.Lo <= runs[i-1].Hi+1 {
				return fmt.Errorf("numbers: %d to %d of %d are out of order", r.Lo, r.Hi, year)
			}
			s.Numbers[year] = append(s.Numbers[year], run(r))
		}
	}
	for _, h := range s.Holes {
		if h.Lo < 0 || h.Lo > h.Hi || h.Hi > 1e9 || h.Tries < 0 || h.Year < 2000 || h.Year > 2199 {
			return fmt.Errorf("holes: %d to %d of %d", h.Lo, h.Hi, h.Year)
		}
	}
	for _, d := range s.Doubtful {
		if d.From >= d.To || d.Tries < 0 {
			return fmt.Errorf("doubtful: %v to %v", d.From, d.To)
		}
	}
	for _, d := range s.Density {
		if d < 0 || d > 10_000_000 {
			return errors.New("density: out of bounds")
		}
	}
	return nil
}

// see takes in the releases of a page.
func (s *state) see(p page) {
	for _, i := range p.items {
		if i.Release == nil || i.Release.Date.IsZero() {
			continue
		}
		if year, n, ok := parseNumber(i.Release.ID); ok {
			if w := wallOf(i.Release.Date); first <= w && w <= last {
				s.Numbers.add(year, run{n, n, w, w})
			}
		}
	}
}

// doubt remembers a time of which not everything may have come.
func (s *state) doubt(at span, why string) {
	for i := range s.Doubtful {
		if s.Doubtful[i].span == at {
			s.Doubtful[i].Why = why
			s.Doubtful[i].Tries++
			return
		}
	}
	s.Doubtful = append(s.Doubtful, doubt{span: at, Why: why})
	if len(s.Doubtful) > maxDoubtful {
		s.Doubtful = s.Doubtful[len(s.Doubtful)-maxDoubtful:]
	}
}

// trust takes in that a span was read as it should be.
func (s *state) trust(at span) {
	s.Doubtful = slices.DeleteFunc(s.Doubtful, func(d doubt) bool { return at.From <= d.From && d.To <= at.To })
}

// doubted says whether a second that could not be read as it should begins at a time: a window that ends there had better not look into it.
func (s *state) doubted(w wall) bool {
	return slices.ContainsFunc(s.Doubtful, func(d doubt) bool { return d.From == w })
}

// reconcile makes the holes those of the numbers that are missing now.
func (s *state) reconcile() []lies {
	s.Numbers.began(s.Covered)
	missing := s.Numbers.missing(s.Covered)
	holes := make([]hole, 0, len(missing))
	known := map[gap]hole{}
	for _, h := range s.Holes {
		known[h.gap] = h
	}
	for _, m := range missing {
		h, ok := known[m.gap]
		if !ok {
			h = hole{gap: m.gap}
		}
		holes = append(holes, h)
	}
	s.Holes = holes
	return missing
}

// none takes in that a hole is one: its numbers were never published.
func (s *state) none(g gap) {
	at, ok := s.Numbers.around(g)
	if !ok {
		return
	}
	s.Absent += g.size()
	s.Numbers.add(g.Year, run{g.Lo, g.Hi, at.From, at.To})
	s.Holes = slices.DeleteFunc(s.Holes, func(h hole) bool { return h.gap == g })
}

// gaps counts the numbers that are missing.
func (s *state) gaps() int {
	n := 0
	for _, m := range s.Numbers.missing(s.Covered) {
		n += m.size()
	}
	return n
}

// latest is the highest number seen of a year.
func (n numbers) latest(year int) (int, bool) {
	runs := n[year]
	if len(runs) == 0 {
		return 0, false
	}
	return runs[len(runs)-1].Hi, true
}

// young says how long ago a time was.
func (s span) age(now time.Time) time.Duration { return now.Sub(s.To.instant()) }
