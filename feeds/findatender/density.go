package findatender

import "time"

// density is how many releases are expected in each hour of a week in London, in hundredths, from Sunday 0:00. It is learned from what windows held, so that
// the next ones hold nearly as much as a page can.
type density [7 * 24]int

// known is where density begins: Monday 10 and Tuesday 11 August 2026, and a guess for weekends.
func known() (d density) {
	hours := [24]int{100, 50, 0, 0, 0, 50, 100, 650, 2000, 5000, 4400, 6050, 4700, 3400, 6350, 6750, 4850, 2100, 600, 200, 50, 250, 50, 50}
	for i := range d {
		if day := time.Weekday(i / 24); day == time.Saturday || day == time.Sunday {
			d[i] = hours[i%24] / 30
		} else {
			d[i] = hours[i%24]
		}
	}
	return d
}

const (
	// target is how many releases a window is meant to hold. More would cost more pages that are full and asked for again than it would save.
	target = 80
	// widest is the longest window: what is known of an hour says little about a time when nobody looked.
	widest = 8 * 24 * 3600
	// narrowest is the shortest that is chosen; shorter ones come of splitting.
	narrowest = 60
)

// slot is the hour of the week and how much of it is left before a wall time, going back.
func slot(end wall) (hour int, left wall) {
	start := (end - 1) - (end-1)%3600
	u := time.Unix(int64(start), 0).UTC()
	return int(u.Weekday())*24 + u.Hour(), end - start
}

// expect is how many releases a span is expected to hold.
func (d *density) expect(s span) float64 {
	n := 0.0
	week := 0
	for _, h := range d {
		week += h
	}
	if weeks := (s.To - s.From) / (7 * 24 * 3600); weeks > 1 {
		n = float64(weeks) * float64(week) / 100
		s.From += weeks * 7 * 24 * 3600
	}
	for end := s.To; end > s.From; {
		hour, left := slot(end)
		left = min(left, end-s.From)
		n += float64(d[hour]) / 100 * float64(left) / 3600
		end -= left
	}
	return n
}

// window is the last part of a span that is expected to hold target releases. Scale is how many times as many as expected there were of late.
func (d *density) window(s span, scale float64) span {
	far := max(s.From, s.To-widest)
	n := 0.0
	for end := s.To; end > far; {
		hour, left := slot(end)
		left = min(left, end-far)
		more := float64(d[hour]) / 100 * scale * float64(left) / 3600
		if n+more >= target {
			end -= wall(float64(left) * (target - n) / more)
			end = min(end, s.To-narrowest).cut()
			if end <= s.From || end >= s.To {
				return s
			}
			return span{end, s.To}
		}
		n += more
		end -= left
	}
	return span{far, s.To}
}

// reach is how far from a time on, forward or back, a good third of a page is expected.
func (d *density) reach(from wall, way wall) wall {
	const hour = 3600
	for n := wall(1); n < widest/hour; n++ {
		if d.expect(span{min(from, from+way*n*hour), max(from, from+way*n*hour)}) >= limit/3 {
			return n * hour
		}
	}
	return widest
}

// learn takes in what a whole window held.
func (d *density) learn(s span, dates []wall) {
	if s.To-s.From > widest {
		return
	}
	var seen [len(d)]int
	for _, w := range dates {
		if s.From <= w && w < s.To {
			hour, _ := slot(w + 1)
			seen[hour]++
		}
	}
	for end := s.To; end > s.From; {
		hour, left := slot(end)
		left = min(left, end-s.From)
		if part := float64(left) / 3600; part >= 0.5 && s.To-s.From <= 7*24*3600 {
			was := float64(d[hour]) / 100
			d[hour] = int(100 * min(was+(float64(seen[hour])/max(part, 0.5)-was)*0.1, 100_000))
		}
		end -= left
	}
}
