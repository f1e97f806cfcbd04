package calendar

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
)

var update = flag.Bool("update", false, "rebuild holidays.txt from ../shared/refdata")

// titles are how GOV.UK writes what the official list calls by a key.
var titles = map[string]string{
	"new_year": "New Year’s Day", "2nd_january": "2nd January", "st_patrick": "St Patrick’s Day", "good_friday": "Good Friday",
	"easter_monday": "Easter Monday", "early_may": "Early May bank holiday", "early_may_ve": "Early May bank holiday (VE day)",
	"spring": "Spring bank holiday", "battle_boyne": "Battle of the Boyne (Orangemen’s Day)", "summer": "Summer bank holiday",
	"late_august": "Summer bank holiday", "st_andrew": "St Andrew’s Day", "christmas": "Christmas Day", "boxing_day": "Boxing Day",
	"kings_coronation": "Bank holiday for the coronation of King Charles III", "queen_platinum": "Platinum Jubilee bank holiday",
	"queens_bank_holiday": "Bank Holiday for the State Funeral of Queen Elizabeth II", "world_cup": "World Cup bank holiday",
}

// TestHolidaysFile holds the embedded bank holidays against the official list; with -update it writes them.
func TestHolidaysFile(t *testing.T) {
	text, err := os.ReadFile(noticetest.Shared(t, "refdata", "bank_holidays.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		f := append(strings.Split(strings.TrimRight(line, "\r"), "\t"), "")
		title := titles[f[2]]
		if title == "" {
			t.Fatalf("bank_holidays.tsv has a holiday %q that this test cannot name", f[2])
		}
		mark := ""
		if f[3] == "substitute_day" {
			mark = "*"
		}
		parts[f[1]+" "+mark+" "+title] += map[string]string{"england-and-wales": "E", "scotland": "S", "northern-ireland": "N"}[f[0]]
	}
	var lines []string
	for key, in := range parts {
		f := strings.SplitN(key, " ", 3)
		var letters string
		for _, l := range "ESN" {
			if strings.ContainsRune(in, l) {
				letters += string(l)
			}
		}
		lines = append(lines, f[0]+" "+letters+f[1]+" "+f[2])
	}
	slices.Sort(lines)
	want := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile("holidays.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if holidaysText != want {
		t.Error("holidays.txt is not what the official list gives; rebuild it with go test -update")
	}
}

func on(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, notice.London)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkingDay(t *testing.T) {
	for _, test := range []struct {
		day  string
		in   Division
		want bool
	}{
		{"2026-07-13", EnglandAndWales, true},  // a Monday
		{"2026-07-13", NorthernIreland, false}, // substitute for the 12th
		{"2026-07-11", EnglandAndWales, false}, // a Saturday
		{"2026-07-12", Scotland, false},        // a Sunday
		{"2026-04-03", Scotland, false},        // Good Friday
		{"2026-04-06", EnglandAndWales, false}, // Easter Monday
		{"2026-04-06", Scotland, true},         // no bank holiday there
		{"2026-01-02", Scotland, false},
		{"2026-01-02", NorthernIreland, true},
		{"2026-01-02", UnitedKingdom, false},
		{"2026-12-28", EnglandAndWales, false}, // substitute for Boxing Day
		{"2031-12-25", EnglandAndWales, true},  // a Thursday of a year nobody has announced
	} {
		if got := Default().WorkingDay(on(test.day), test.in); got != test.want {
			t.Errorf("%s in %s: working %v, want %v", test.day, test.in, got, test.want)
		}
	}
	// The last hour of Easter Sunday in UTC is Easter Monday in London's summer time.
	if Default().WorkingDay(time.Date(2026, 4, 5, 23, 30, 0, 0, time.UTC), EnglandAndWales) {
		t.Error("half past midnight on Easter Monday in London was taken for a working day")
	}
	if h, ok := Default().Holiday(on("2026-12-28"), EnglandAndWales); !ok || h.Title != "Boxing Day" || !h.Substitute || !h.Day.Equal(on("2026-12-28")) {
		t.Errorf("28 December 2026 is %+v, %v", h, ok)
	}
}

func TestAddWorkingDays(t *testing.T) {
	for _, test := range []struct {
		from string
		n    int
		in   Division
		want string
		sure bool
	}{
		{"2026-12-18", 8, EnglandAndWales, "2027-01-04", true}, // 21–24, 29–31 December, then Monday 4 January
		{"2026-12-18", 8, Scotland, "2027-01-05", true},        // 4 January 2027 stands for the 2nd
		{"2026-07-10", 1, EnglandAndWales, "2026-07-13", true},
		{"2026-07-10", 1, NorthernIreland, "2026-07-14", true},
		{"2026-07-11", 0, EnglandAndWales, "2026-07-11", true},
		{"2026-07-13", -1, EnglandAndWales, "2026-07-10", true},
		{"2026-04-07", -1, EnglandAndWales, "2026-04-02", true},
		{"2028-12-28", 3, EnglandAndWales, "2029-01-02", false},
	} {
		got, sure := Default().AddWorkingDays(on(test.from), test.n, test.in)
		if !got.Equal(on(test.want)) || sure != test.sure {
			t.Errorf("%s and %d working days in %s is %s, %v; want %s, %v", test.from, test.n, test.in, got.Format(time.DateOnly), sure, test.want, test.sure)
		}
	}
	if got, sure := Default().AddWorkingDays(on("2026-01-01"), 1<<40, Scotland); sure || got.Year() > 2126 {
		t.Errorf("a count beyond a century came to %s, %v", got, sure)
	}
}

// TestThereAndBack: what lies between two days leads from one to the other.
func TestThereAndBack(t *testing.T) {
	c := Default()
	for _, d := range append(slices.Clone(divisions), UnitedKingdom) {
		for from := on("2025-11-01"); from.Before(on("2026-02-01")); from = from.AddDate(0, 0, 1) {
			for n := -15; n <= 15; n++ {
				to, sure := c.AddWorkingDays(from, n, d)
				if !sure {
					t.Fatalf("%s and %d in %s is not sure", from, n, d)
				}
				if got, sure := c.WorkingDaysBetween(from, to, d); got != n || !sure {
					t.Fatalf("%s: from %s to %s are %d, want %d", d, from.Format(time.DateOnly), to.Format(time.DateOnly), got, n)
				}
			}
		}
	}
	if n, sure := c.WorkingDaysBetween(on("0001-01-01"), on("9999-01-01"), Scotland); sure || n > mostDays {
		t.Errorf("over ten thousand years are %d, %v", n, sure)
	}
	if n, sure := c.WorkingDaysBetween(on("2028-12-20"), on("2029-01-03"), Scotland); sure || n == 0 {
		t.Errorf("into an unknown year are %d, %v; want some, and that it is not sure", n, sure)
	}
}

func TestYears(t *testing.T) {
	for _, d := range append(slices.Clone(divisions), UnitedKingdom) {
		if first, last := Default().Years(d); first > 2019 || last < 2028 {
			t.Errorf("%s: %d to %d", d, first, last)
		}
	}
	if Default().Knows(on("2040-01-01"), Scotland) || !Default().Knows(on("2026-01-01"), Scotland) || Default().Knows(on("2026-01-01"), "mars") {
		t.Error("Knows is wrong about 2040, 2026 or Mars")
	}
	if got := len(Default().Holidays(2026, EnglandAndWales)); got != 8 {
		t.Errorf("%d bank holidays in 2026", got)
	}
}

func TestDivisionOf(t *testing.T) {
	for r, want := range map[itl.Region]Division{
		"TLG24": EnglandAndWales, "TLL": EnglandAndWales, itl.EnglandAndWales: EnglandAndWales, "TLM50": Scotland, "TLN": NorthernIreland,
		itl.UK: UnitedKingdom, itl.GreatBritain: UnitedKingdom, "": UnitedKingdom,
	} {
		if got := DivisionOf(r); got != want {
			t.Errorf("%q lies in %s, want %s", r, got, want)
		}
	}
}

const list = `{"england-and-wales": {"division": "england-and-wales", "events": [
	{"title": "New Year’s Day", "date": "2026-01-01", "notes": "", "bunting": true},
	{"title": "Jubilee", "date": "2026-06-05", "notes": "", "bunting": true},
	{"title": "Boxing Day", "date": "2031-12-29", "notes": "Substitute day", "bunting": true}]},
	"isle-of-elsewhere": {"events": 7}}`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := c.Holiday(on("2031-12-29"), EnglandAndWales); !ok || !h.Substitute || h.Title != "Boxing Day" {
		t.Errorf("29 December 2031 is %+v, %v", h, ok)
	}
	all := Default().With(c)
	if first, last := all.Years(EnglandAndWales); first != 2019 || last != 2031 {
		t.Errorf("together %d to %d", first, last)
	}
	if all.WorkingDay(on("2026-06-05"), EnglandAndWales) {
		t.Error("a holiday that was announced later is a working day")
	}
	if !all.WorkingDay(on("2026-04-03"), EnglandAndWales) {
		t.Error("the newer list does not have Good Friday 2026, and it is a holiday all the same")
	}
	if all.WorkingDay(on("2026-04-03"), Scotland) || all.WorkingDay(on("2025-04-18"), EnglandAndWales) {
		t.Error("what the newer list does not know was lost")
	}
	b, err := all.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	for d, days := range all.parts {
		for day, h := range days {
			if got := again.parts[d][day]; got.Title != h.Title || got.Substitute != h.Substitute {
				t.Errorf("%s %s came back as %+v", d, h.Day, got)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:   "not the bank holiday JSON",
		`[]`: "not the bank holiday JSON",
		`{}`: "none of the divisions",
		`{"scotland": {"events": [{"title": "x", "date": "1 May 2026"}]}}`:  `event 1: the date "1 May 2026"`,
		`{"scotland": {"events": [{"title": " ", "date": "2026-05-01"}]}}`:  "event 1, 2026-05-01, has no title",
		`{"scotland": {"events": 3}}`:                                       "bank holidays of scotland",
		`{"scotland": {"events": [{"title": "x", "date": "0025-01-01"}]}}`:  "is no day",
		`{"scotland": {"events": [{"title": "x", "date": "2026-02-30"}]}} `: "is no day",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte(`{"scotland": {"events": [{"title": "x", "date": "2026-05-01"}]}}`))
	f.Add([]byte(`{"scotland": {"events": [{}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		b, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(b)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, b)
		}
		c.AddWorkingDays(on("2026-01-01"), 30, UnitedKingdom)
		for _, d := range divisions {
			if len(c.parts[d]) != len(again.parts[d]) {
				t.Fatalf("%s: %d holidays came back as %d", d, len(c.parts[d]), len(again.parts[d]))
			}
		}
	})
}
