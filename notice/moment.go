package notice

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // one binary: no dependence on the machine's zone files
)

// London is the zone of every calendar day in the house.
var London = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("notice: embedded zone data lacks Europe/London: " + err.Error())
	}
	return l
}()

// End is the last instant of the moment: itself, or 23:59:59 of its day in London.
func (m Moment) End() time.Time {
	if !m.Day {
		return m.Time
	}
	y, mo, d := m.Time.In(London).Date()
	return time.Date(y, mo, d, 23, 59, 59, 0, London)
}

// String is "2026-07-14" for a day, RFC 3339 with the published offset otherwise.
func (m Moment) String() string {
	if m.Day {
		return m.Time.In(London).Format(time.DateOnly)
	}
	return m.Time.Format(time.RFC3339)
}

// MarshalText writes what String shows.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MarshalJSON keeps JSON on the same form: without it the embedded time.Time
// would answer for the moment, and a day would come back as midnight.
func (m Moment) MarshalJSON() ([]byte, error) { return []byte(`"` + m.String() + `"`), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Moment) UnmarshalJSON(b []byte) error {
	return m.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

// UnmarshalText reads "2026-07-14" or RFC 3339.
func (m *Moment) UnmarshalText(b []byte) error {
	s := string(b)
	if t, err := time.ParseInLocation(time.DateOnly, s, London); err == nil {
		*m = Moment{Time: t, Day: true}
		return nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("moment %q is neither a date (2026-07-14) nor RFC 3339", s)
	}
	*m = Moment{Time: t}
	return nil
}

// DaysUntil counts London calendar days from a to b: 0 on the same day, negative when b is earlier.
func DaysUntil(a, b time.Time) int {
	ay, am, ad := a.In(London).Date()
	by, bm, bd := b.In(London).Date()
	return int(time.Date(by, bm, bd, 0, 0, 0, 0, time.UTC).Sub(time.Date(ay, am, ad, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}
