package web

import (
	"strings"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
)

// bandSpread is how the values of the open notices are spread over the band of a profile: a bar for each step of a logarithmic scale.
type bandSpread struct {
	Bars []valueBar
	// Steps are the ends of the bars in pounds, from 0 to the largest, parted by blanks: the scale of the two handles.
	Steps string
	// From and To are the steps that the handles stand at, from 0 to Last; at the ends the band is open.
	From, To, Last         int
	Known, Unknown, Within int
	Width                  int
}

// valueBar is one step of it, drawn in a box of 100 high.
type valueBar struct {
	X, Y, Height int
	Count        int
	From, To     string // in pounds; To is "" for the last
	In           bool   // the band takes in some of it
}

// barWide is how wide a bar is, the gap beside it included.
const barWide = 10

// spreadOf draws values behind a band.
func spreadOf(v desk.ValueSpread, band profiles.Band) bandSpread {
	out := bandSpread{Unknown: v.Unknown, Last: len(v.Bins), To: len(v.Bins), Width: barWide * len(v.Bins)}
	most := 1
	for _, b := range v.Bins {
		most = max(most, b.Count)
	}
	var steps []string
	for i, b := range v.Bins {
		x := valueBar{X: barWide * i, Count: b.Count, From: b.From.Decimal()}
		if b.Count > 0 {
			x.Height = max(100*b.Count/most, 4)
		}
		x.Y = 100 - x.Height
		if b.To != 0 {
			x.To = b.To.Decimal()
		}
		x.In = (band.Min == nil || b.To == 0 || b.To > *band.Min) && (band.Max == nil || b.From <= *band.Max)
		if out.Known += b.Count; x.In {
			out.Within += b.Count
		}
		if band.Min != nil && b.From <= *band.Min {
			out.From = i
		}
		if band.Max != nil && b.To != 0 && b.To >= *band.Max {
			out.To = min(out.To, i+1)
		}
		out.Bars = append(out.Bars, x)
		steps = append(steps, x.From)
	}
	out.Steps = strings.Join(steps, " ")
	return out
}

// bandOf is the band that a form says, as far as it can be read.
func bandOf(f *profileForm) profiles.Band {
	read := func(name string) *notice.Pence {
		p, err := profiles.ParsePounds(strings.TrimSpace(f.Value(name)))
		if err != nil {
			return nil // told beside the field
		}
		return &p
	}
	return profiles.Band{Min: read("value.min"), Max: read("value.max")}
}
