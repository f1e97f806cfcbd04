package findatender

import (
	"fmt"
	"slices"
	"time"

	"bidfit/notice"
)

// wall is a time as the service writes it: what a clock in London shows, in seconds. All windows are cut on this line, and each ends with the very text with
// which its neighbour begins. So nothing is lost or left out in the night when an hour comes twice, however the service reads the doubled times.
type wall int64

const wallLayout = "2006-01-02T15:04:05"

// first and last are the bounds of what is read and kept: 2000 and 2199. Nothing was published before, and a date beyond is a mistake.
var first, last = wall(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()), wall(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 1)

func wallOf(t time.Time) wall {
	_, offset := t.In(notice.London).Zone()
	return wall(t.Unix() + int64(offset))
}

// floor is a wall time that is not after the instant by any reading, ceil one that is not before it.
func floor(t time.Time) wall {
	w := wallOf(t)
	if w.doubled() {
		w -= w % 3600
	}
	return w
}

func ceil(t time.Time) wall {
	w := wallOf(t.Add(time.Second - 1))
	if w.doubled() {
		w += 3600 - w%3600
	}
	return w
}

func (w wall) String() string { return time.Unix(int64(w), 0).UTC().Format(wallLayout) }

// MarshalText writes it as the service does.
func (w wall) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (w *wall) UnmarshalText(b []byte) error {
	t, err := time.Parse(wallLayout, string(b))
	if err != nil || wall(t.Unix()) < first || wall(t.Unix()) > last || len(b) != len(wallLayout) {
		return fmt.Errorf("%q is not a local time like 2026-08-10T00:00:00", b)
	}
	*w = wall(t.Unix())
	return nil
}

// instant is the first at which the clocks show this time; of one that they leave out it is an hour later.
func (w wall) instant() time.Time {
	u := time.Unix(int64(w), 0).UTC()
	t := time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, notice.London)
	if e := t.Add(-time.Hour); wallOf(e) == w {
		return e
	}
	return t
}

// doubled says whether the clocks show this time twice.
func (w wall) doubled() bool { return wallOf(w.instant().Add(time.Hour)) == w }

// cut is a place near a wall time at which windows can meet: an hour that the clocks leave out has none.
func (w wall) cut() wall {
	if wallOf(w.instant()) != w {
		return w - w%3600 + 3600
	}
	return w
}

// span is the time [From, To).
type span struct {
	From wall `json:"from"`
	To   wall `json:"to"`
}

// spans are in order, apart from one another.
type spans []span

// add is the spans with one more, those that touch as one.
func (s spans) add(n span) spans {
	if n.From >= n.To {
		return s
	}
	out := make(spans, 0, len(s)+1)
	for _, o := range s {
		switch {
		case o.To < n.From || n.To < o.From:
			out = append(out, o)
		default:
			n = span{min(o.From, n.From), max(o.To, n.To)}
		}
	}
	out = append(out, n)
	slices.SortFunc(out, func(a, b span) int { return int(a.From - b.From) })
	return out
}

// without is the spans less one.
func (s spans) without(n span) spans {
	if n.From >= n.To {
		return s
	}
	out := make(spans, 0, len(s)+1)
	for _, o := range s {
		for _, part := range [2]span{{o.From, min(o.To, n.From)}, {max(o.From, n.To), o.To}} {
			if part.From < part.To {
				out = append(out, part)
			}
		}
	}
	return out
}

// hold says whether all of [from, to] is in one of the spans.
func (s spans) hold(from, to wall) bool {
	return slices.ContainsFunc(s, func(o span) bool { return o.From <= from && to <= o.To })
}
