package vocab

import (
	"errors"
	"io"
	"io/fs"

	"bidfit/notice/calendar"
)

const (
	holidaysFile = string(KindHolidays) + ".vocab"

	// longestList bounds the JSON of bank holidays. GOV.UK's has some 60 KiB.
	longestList = 4 << 20
)

// Calendar knows the bank holidays: those built in, and over them the imported
// ones. With an error, which says how to mend the table, come those built in.
func (v *Vocab) Calendar() (*calendar.Calendar, error) {
	if v == nil {
		return calendar.Default(), nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.calendar != nil {
		return v.calendar, nil
	}
	t, err := v.open(holidaysFile)
	if errors.Is(err, fs.ErrNotExist) {
		return calendar.Default(), nil
	}
	if err != nil {
		return calendar.Default(), err
	}
	imported, err := decodeHolidays(t)
	if err := errors.Join(err, t.close()); err != nil {
		return calendar.Default(), err
	}
	v.calendar = calendar.Default().With(imported)
	return v.calendar, nil
}

// decodeHolidays reads a table of holidays, which is the JSON of GOV.UK.
func decodeHolidays(t *table) (*calendar.Calendar, error) {
	b, err := io.ReadAll(io.LimitReader(t.content(), longestList))
	if err != nil {
		return nil, err
	}
	c, err := calendar.Parse(b)
	if err != nil {
		return nil, t.damaged(err.Error())
	}
	return c, nil
}
