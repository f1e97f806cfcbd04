package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"bidfit/dossier"
	"bidfit/notice"
)

// timeline is the dates of a notice drawn on a line: near days wide apart, far ones close together, today where they meet.
type timeline struct {
	Width, Height, Axis int
	Today               int
	Marks               []mark
	Ticks               []tick
}

// mark is one date, numbered as in the list beside the drawing.
type mark struct {
	N, X, Y int
	Past    bool
	Main    bool // a deadline
}

type tick struct {
	X     int
	Label string
}

const (
	lineWidth  = 860
	lineMargin = 24
	markSize   = 22 // a mark and the room around it
	mostMarks  = 30
	mostLanes  = 6
)

// drawn is the timeline of dates; nil where there are too few to draw.
func drawn(dates []dossier.Date) *timeline {
	if len(dates) < 2 {
		return nil
	}
	if len(dates) > mostMarks {
		dates = dates[:mostMarks]
	}
	first, last := min(dates[0].Days, -1), max(dates[len(dates)-1].Days, 1)
	stretch := func(days int) float64 { return math.Copysign(math.Log1p(math.Abs(float64(days))/3), float64(days)) }
	from, to := stretch(first), stretch(last)
	x := func(days int) int {
		return lineMargin + int(math.Round((stretch(days)-from)/(to-from)*(lineWidth-2*lineMargin)))
	}
	t := &timeline{Width: lineWidth, Today: x(0)}
	lanes := []int{} // the x of the last mark of each
	for i, d := range dates {
		m := mark{N: i + 1, X: x(d.Days), Past: d.Days < 0, Main: isDeadline(d.What)}
		lane := slices.IndexFunc(lanes, func(at int) bool { return m.X-at >= markSize })
		switch {
		case lane >= 0:
		case len(lanes) < mostLanes:
			lane = len(lanes)
			lanes = append(lanes, 0)
		default:
			lane = mostLanes - 1
		}
		lanes[lane] = m.X
		m.Y = lane
		t.Marks = append(t.Marks, m)
	}
	t.Axis = lineMargin + len(lanes)*markSize
	for i := range t.Marks {
		t.Marks[i].Y = t.Axis - (t.Marks[i].Y+1)*markSize + 4
	}
	t.Height = t.Axis + 34
	const apart = 70 // of two labels
	taken := []int{t.Today}
	for _, years := range []int{1, 3, 10} {
		for _, sign := range []int{-1, 1} {
			t.tick(sign*years*365, fmt.Sprint(years)+" y", first, last, x, &taken, apart)
		}
	}
	for _, days := range []int{30, 7, 90, 14, 180} {
		for _, sign := range []int{-1, 1} {
			t.tick(sign*days, fmt.Sprint(days)+" d", first, last, x, &taken, apart)
		}
	}
	return t
}

// tick adds a tick where there is room for its label.
func (t *timeline) tick(days int, label string, first, last int, x func(int) int, taken *[]int, apart int) {
	at := x(days)
	if days < first || days > last || at < lineMargin+10 || at > lineWidth-lineMargin-10 ||
		slices.ContainsFunc(*taken, func(other int) bool { return max(at-other, other-at) < apart }) {
		return
	}
	*taken = append(*taken, at)
	if days < 0 {
		label += " ago"
	} else {
		label = "in " + label
	}
	t.Ticks = append(t.Ticks, tick{at, label})
}

// isDeadline reports whether a date is by when a bidder has to act.
func isDeadline(what string) bool {
	return len(what) > 8 && what[:8] == "deadline" || what == "submit by"
}

// dateRow is one date in the list beside the drawing.
type dateRow struct {
	dossier.Date
	Due *DaysLeft
}

// dateRows are the dates as a list, each with its day as the dossier has it: of some only the day is meant, whatever hour was published.
func dateRows(d *dossier.Dossier, asOf time.Time) []dateRow {
	rows := make([]dateRow, len(d.Dates))
	for i, x := range d.Dates {
		rows[i] = dateRow{x, due(asOf, x.When)}
		rows[i].Due.Day = strings.TrimSuffix(x.Words, ", "+notice.InDays(x.Days))
	}
	return rows
}
