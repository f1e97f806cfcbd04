package findatender

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/feeds"
	"bidfit/notice"
)

func FuzzState(f *testing.F) {
	st := newState()
	since := wall(1786320000)
	st.Since = &since
	st.Covered = spans{{1786320000, 1786406400}}
	st.Numbers.add(2026, run{75502, 75962, 1786320000, 1786406399})
	st.Numbers.add(2026, run{75970, 75970, 1786406399, 1786406399})
	st.Holes = []hole{{gap: gap{2026, 75963, 75969}, Tries: 1, Next: time.Date(2026, 8, 12, 0, 0, 0, 0, time.UTC)}}
	st.doubt(span{1786320000, 1786320001}, "a test")
	st.Asked = feeds.Asked{Times: []int64{1786406400000}, Open: true}
	v, err := st.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(v))
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"version":1,"covered":[{"from":"2026-08-10T00:00:00","to":"2026-08-09T00:00:00"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := decode(b)
		if err != nil {
			if !strings.Contains(err.Error(), "--since") {
				t.Errorf("no remedy: %v", err)
			}
			return
		}
		v, err := st.encode()
		if err != nil {
			t.Fatalf("%s cannot be written again: %v", b, err)
		}
		again, err := decode(v)
		if err != nil {
			t.Fatalf("%s was written as %s: %v", b, v, err)
		}
		if w, err := again.encode(); err != nil || string(w) != string(v) {
			t.Errorf("%s\n%s\n%v", v, w, err)
		}
		// Whatever it says, a sync can be planned from it.
		s := &sync{st: st, scale: 1, reread: map[gap]bool{}, audit: true}
		s.plan(feeds.Ask{}, time.Date(2026, 8, 12, 10, 0, 0, 0, time.UTC))
		st.reconcile()
		if len(s.todo) > 0 {
			if w := s.next(); w.From >= w.To {
				t.Errorf("%v to read, next %v", s.todo, w)
			}
		}
	})
}

func FuzzPage(f *testing.F) {
	for _, s := range []string{`{"releases":[]}`, `{"releases":[{"ocid":"ocds-h6vhtk-000001","id":"000001-2026","date":"2026-08-10T12:00:00+01:00","tag":["tender"]}],"links":{"next":"http://x/?cursor=YQ=="}}`,
		`{"releases":[{"ocid":"ocds-h6vhtk-000001","id":"000001-2026","date":"0001-01-01T00:00:00Z","tag":["tender"]}]}`,
		`{"releases":{},"links":[]}`, `{"links":{"next":5},"releases":[5,null,{}]}`, `[]`, `{"releases":[{"ocid":"x","a": 000}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := read(context.Background(), feeds.Answer{URL: "x", Body: b})
		if err != nil {
			return
		}
		if len(p.dates) > len(p.items) || !slices.IsSortedFunc(p.dates, func(a, b wall) int { return int(b - a) }) {
			t.Errorf("%v", p)
		}
		strays(p.next, span{0, 1})
		st := newState()
		st.see(p)
		if v, err := st.encode(); err != nil {
			t.Errorf("%q gives a state that cannot be written: %v", b, err)
		} else if _, err := decode(v); err != nil {
			t.Errorf("%q gives a state that cannot be read: %v", b, err)
		}
	})
}

// FuzzWall: windows lose nothing, however the service reads its times.
func FuzzWall(f *testing.F) {
	for _, s := range []int64{1774746000, 1792890000, 1792893600, 1792897200, 1786320000, 0, -1} {
		f.Add(s, uint32(7200))
	}
	f.Fuzz(func(t *testing.T, unix int64, width uint32) {
		unix = 946684800 + unix&0x7fffffff // 2000 to 2068
		at := time.Unix(unix, 0)
		w := wallOf(at)
		if w.String() != at.In(notice.London).Format(wallLayout) {
			t.Errorf("%v is written %v", at, w)
		}
		if i := w.instant(); !i.Equal(at) && !(w.doubled() && i.Add(time.Hour).Equal(at)) {
			t.Errorf("%v read again is %v", at, i)
		}
		if lo, hi := floor(at), ceil(at); lo > w || hi < w || lo.doubled() && lo%3600 != 0 || hi.doubled() {
			t.Errorf("%v between %v and %v", at, lo, hi)
		}
		var back wall
		if err := back.UnmarshalText([]byte(w.String())); err != nil || back != w {
			t.Errorf("%v, %v, %v", w, back, err)
		}
		// A span is cut into windows until nothing is left: each next to the one before, none empty, none at a time that the clocks leave out.
		d := known()
		rng := rand.New(rand.NewPCG(uint64(unix), uint64(width)))
		todo := spans{{floor(at), ceil(at.Add(time.Duration(width%1_000_000+1) * time.Second))}}
		all := todo[0]
		for end := all.To; len(todo) > 0; {
			part := d.window(todo[len(todo)-1], 0.3+rng.Float64()*3)
			if rng.IntN(3) == 0 && part.To-part.From > 1 {
				var dates []wall
				for range rng.IntN(130) {
					dates = append(dates, part.From+wall(rng.Int64N(int64(part.To-part.From))))
				}
				slices.SortFunc(dates, func(a, b wall) int { return int(b - a) })
				part.From = cutFull(part, dates)
			}
			if part.To != end || part.From >= part.To || part.From < all.From || part.From != all.From && part.From != part.From.cut() && part.To-part.From > 1 {
				t.Fatalf("%v of %v, expected to end at %v", part, todo, end)
			}
			end = part.From
			todo = todo.without(part)
			d.learn(part, nil)
		}
	})
}

// FuzzSpans holds the sets of spans against a set of seconds.
func FuzzSpans(f *testing.F) {
	f.Add([]byte{0, 3, 9, 1, 5, 7, 0, 9, 12})
	f.Fuzz(func(t *testing.T, ops []byte) {
		var s spans
		var seconds [257]bool
		for ; len(ops) >= 3; ops = ops[3:] {
			n := span{wall(ops[1]), wall(ops[2])}
			if ops[0]%2 == 0 {
				s = s.add(n)
			} else {
				s = s.without(n)
			}
			for i := n.From; i < n.To; i++ {
				seconds[i] = ops[0]%2 == 0
			}
		}
		for i, in := range seconds {
			if s.hold(wall(i), wall(i)+1) != in {
				t.Fatalf("%v: %d", s, i)
			}
		}
		for i, p := range s {
			if p.From >= p.To || i > 0 && p.From <= s[i-1].To {
				t.Fatalf("%v", s)
			}
		}
	})
}

// FuzzNumbers holds the runs of numbers against a set.
func FuzzNumbers(f *testing.F) {
	f.Add([]byte{5, 3, 4, 9, 9, 1})
	f.Fuzz(func(t *testing.T, seen []byte) {
		n := numbers{}
		has := [258]bool{}
		for _, b := range seen {
			n.add(2026, run{int(b), int(b), wall(b), wall(b)})
			has[b] = true
		}
		last := -2
		for _, r := range n[2026] {
			if r.Lo > r.Hi || r.Lo <= last+1 || r.From != wall(r.Lo) || r.To != wall(r.Hi) {
				t.Fatalf("%v", n)
			}
			last = r.Hi
			for i := r.Lo; i <= r.Hi; i++ {
				if !has[i] {
					t.Fatalf("%v has %d", n, i)
				}
				has[i] = false
			}
		}
		if slices.Contains(has[:], true) {
			t.Fatalf("%v lacks some", n)
		}
		for _, m := range n.missing(spans{{0, 300}}) {
			if _, ok := n.around(m.gap); !ok || m.size() < 1 {
				t.Fatalf("%v: %v", n, m)
			}
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"076460-2026", "000001-2021", "1-2026", "", "-2026", "076460-20260", "٠٧٦٤٦٠-2026", "999999999-2026", "+76460-2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		year, n, ok := parseNumber(s)
		if !ok {
			return
		}
		if y, m, ok := parseNumber(number(year, n)); !ok || y != year || m != n {
			t.Errorf("%q is %d of %d, written %q", s, n, year, number(year, n))
		}
	})
}
