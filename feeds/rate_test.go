package feeds

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestParseRate(t *testing.T) {
	for s, want := range map[string]Rate{"12/120s": {12, 2 * time.Minute}, "10/m": {10, time.Minute}, "1/1.5s": {1, 1500 * time.Millisecond}, " 3/1h ": {3, time.Hour}} {
		if r, err := ParseRate(s); err != nil || r != want {
			t.Errorf("%q: %v, %v", s, r, err)
		} else if again, err := ParseRate(r.String()); err != nil || again != r {
			t.Errorf("%q is written %q and read %v, %v", s, r, again, err)
		}
	}
	for _, s := range []string{"", "12", "12/", "/s", "0/1s", "-1/s", "12/0s", "1/25h", "9999/s", "12/120", "a/s", "1/-1s"} {
		if r, err := ParseRate(s); err == nil {
			t.Errorf("%q is read as %v", s, r)
		}
	}
	if s := (Rate{12, 120 * time.Second}).String(); s != "12/120s" {
		t.Error(s)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "0", "-1", "99999999999999999999", "Wed, 12 Aug 2026 08:40:39 GMT", "Wednesday, 12-Aug-26 08:40:39 GMT", "Wed Aug 12 08:40:39 2026", "1.5", "soon", ""} {
		f.Add(s, "Wed, 12 Aug 2026 08:38:39 GMT")
		f.Add(s, "")
	}
	now := time.Date(2026, 8, 12, 8, 38, 39, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s, date string) {
		h := http.Header{"Retry-After": {s}, "Date": {date}}
		if d := retryAfter(h, now); d < 0 || d > maxRetryAfter {
			t.Errorf("%q, %q: %v", s, date, d)
		}
	})
}

func FuzzRate(f *testing.F) {
	f.Add("12/120s")
	f.Add("1/m")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRate(s)
		if err != nil {
			return
		}
		if r.Requests < 1 || r.Per <= 0 || r.margin() < 0 {
			t.Errorf("%q: %v", s, r)
		}
		if again, err := ParseRate(r.String()); err != nil || again != r {
			t.Errorf("%q is written %q and read %v, %v", s, r, again, err)
		}
	})
}

func FuzzAsked(f *testing.F) {
	f.Add(int64(1786524000000), int64(-5), int64(1<<62), int64(0))
	f.Fuzz(func(t *testing.T, a, b, c, notBefore int64) {
		now := time.Date(2026, 8, 12, 8, 0, 0, 0, time.UTC)
		times, until := Asked{Times: []int64{a, b, c}, NotBefore: time.UnixMilli(notBefore)}.restore(now, 2)
		if len(times) != 2 || !slices.IsSortedFunc(times, time.Time.Compare) || times[1].After(now) || until.Sub(now) > maxRetryAfter {
			t.Errorf("%v, %v", times, until)
		}
	})
}

// FuzzMembers reads any body as a package: it stays within it, and what it takes for whole can be cut nowhere without being noticed.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{`{"releases":[]}`, `{"links":{"next":"x"},"releases":[{"a":"b\"}"}]}`, `[1,2]`, `{"a":"\\"}`, `{"a"`, `{"a":1,"a":2}`, `{:,}`, `}`, `{"a":[}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		members, whole := Members(b)
		for name, v := range members {
			if len(v) > len(b) || len(name) > len(b) {
				t.Errorf("%q: %q", name, v)
			}
		}
		checkBody("application/json", b)
		if whole && len(b) < 200 && b[0] == '{' {
			for i := 1; i < len(b); i++ {
				if _, w := Members(b[:i]); w {
					// What is left of it is whole: then the rest was behind the end.
					if m, _ := Members(b[:i]); len(m) != len(members) {
						t.Errorf("%q is whole as %q", b, b[:i])
					}
				}
			}
		}
	})
}
