package law

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

var yes, no = true, false

// council is a sub-central procurement of services above the threshold, begun on a day.
func council(begun time.Time) Procurement {
	return Procurement{Regime: notice.Act2023, Nation: England, Authority: SubCentral, Category: "services", Above: &yes, Begun: begun}
}

func with(p Procurement, change func(*Procurement)) Procurement {
	change(&p)
	return p
}

var june2025, june2026 = day(2025, 6, 2), day(2026, 6, 2)

func TestThreshold(t *testing.T) {
	for _, c := range []struct {
		name   string
		p      Procurement
		pounds notice.Pence // 0 where none is known
		source string
	}{
		{"services, 2026", council(june2026), 207_720, "row 12 (SI 2025/1200)"},
		{"services, 2025", council(june2025), 214_904, "row 12 (SI 2025/163)"},
		{"the last day of 2025", council(day(2025, 12, 31).Add(23 * time.Hour)), 214_904, "SI 2025/163"},
		{"the first day of 2026", council(day(2026, 1, 1)), 207_720, "SI 2025/1200"},
		{"central", with(council(june2026), func(p *Procurement) { p.Authority = Central }), 135_018, "row 11"},
		{"works, whoever buys", with(council(june2026), func(p *Procurement) { p.Category, p.Authority = "works", "" }), 5_193_000, "row 10"},
		{"light touch", with(council(june2026), func(p *Procurement) { p.LightTouch = true }), 663_540, "row 8"},
		{"light touch concession", with(council(june2026), func(p *Procurement) { p.LightTouch, p.Concession = true, true }), 5_372_609, "row 7"},
		{"utilities", with(council(june2026), func(p *Procurement) { p.Utilities, p.Authority = true, Utility }), 415_440, "row 6"},
		{"utilities, light touch", with(council(june2026), func(p *Procurement) { p.Utilities, p.LightTouch = true, true }), 884_720, "row 5"},
		{"utilities, works", with(council(june2026), func(p *Procurement) { p.Utilities, p.Category = true, "works" }), 5_193_000, "row 4"},
		{"defence", with(council(june2025), func(p *Procurement) { p.Defence = true }), 429_809, "row 3"},
		{"a concession", with(council(june2026), func(p *Procurement) { p.Concession = true }), 5_193_000, "row 9"},
		{"Wales", with(council(june2026), func(p *Procurement) { p.Nation = Wales }), 207_720, "(Wales) Regulations 2025"},
		{"Scotland", with(council(june2026), func(p *Procurement) { p.Regime, p.Nation = notice.Regulations, Scotland }), 207_720, "SPPN 4/2025"},
		{"Scotland before", with(council(june2025), func(p *Procurement) { p.Regime, p.Nation = notice.Regulations, Scotland }), 214_904, "SPPN 5/2023"},
		{"the old law", with(council(day(2025, 2, 23)), func(p *Procurement) { p.Regime = notice.Regulations }), 214_904, "Public Contracts Regulations 2015, reg. 5"},

		{"an authority of no kind", with(council(june2026), func(p *Procurement) { p.Authority = "" }), 0, ""},
		{"nothing said of what is bought", with(council(june2026), func(p *Procurement) { p.Category = "" }), 0, ""},
		{"no regime", with(council(june2026), func(p *Procurement) { p.Regime = "" }), 0, ""},
		{"no day", council(time.Time{}), 0, ""},
		{"before 2024", with(council(day(2023, 6, 1)), func(p *Procurement) { p.Regime = notice.Regulations }), 0, ""},
		{"the old law after its day: a call-off, or health care", with(council(june2025), func(p *Procurement) { p.Regime = notice.Regulations }), 0, ""},
		{"old utilities", with(council(day(2025, 1, 2)), func(p *Procurement) { p.Regime, p.Utilities = notice.Regulations, true }), 0, ""},
	} {
		got, ok := c.p.Threshold()
		if ok != (c.pounds != 0) || got.Amount != c.pounds*100 || !strings.Contains(string(got.Source), c.source) {
			t.Errorf("%s: %v %s, %q", c.name, ok, got.Amount, got.Source)
		}
	}
}

// The schedule is that of the official list.
func TestScheduleIsThatOfTheList(t *testing.T) {
	f, err := os.Open(noticetest.Shared(t, "refdata", "thresholds.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	amount := func(s string) notice.Pence {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return notice.Pence(n)
	}
	central := with(council(june2026), func(p *Procurement) { p.Authority = Central })
	earlier := func(p Procurement) Procurement { p.Begun = june2025; return p }
	held := 0
	for _, l := range lines[1:] {
		first, later := amount(l[2]), amount(l[3])
		check := func(a, b Threshold, aok, bok bool) {
			held++
			if !aok || !bok || a.Amount != first*100 || b.Amount != later*100 {
				t.Errorf("%s: %s and %s, the list has %d and %d", l[1], a.Amount, b.Amount, first, later)
			}
		}
		pair := func(f func(Procurement) (Threshold, bool), p Procurement) {
			a, aok := f(earlier(p))
			b, bok := f(p)
			check(a, b, aok, bok)
		}
		switch {
		case l[0] == "s85(3)(a)":
			pair(Procurement.WorksBelow, central)
		case l[0] == "s85(3)(b)":
			pair(Procurement.WorksBelow, council(june2026))
		case strings.Contains(l[1], "central government authority") && l[0] == "below-threshold notice":
			pair(Procurement.Below, central)
		case l[0] == "below-threshold notice":
			pair(Procurement.Below, council(june2026))
		default:
			n, err := strconv.Atoi(l[0])
			if err != nil {
				t.Fatalf("a row %q", l[0])
			}
			if held++; schedule1[n] != (row{first, later}) {
				t.Errorf("row %d is %v, the list has %d and %d", n, schedule1[n], first, later)
			}
		}
	}
	if held != 16 {
		t.Errorf("%d rows held", held)
	}
}

func TestBelow(t *testing.T) {
	for name, c := range map[string]struct {
		p      Procurement
		pounds notice.Pence
	}{
		"sub-central":          {council(june2026), 30_000},
		"central":              {with(council(june2026), func(p *Procurement) { p.Authority = Central }), 12_000},
		"utilities":            {with(council(june2026), func(p *Procurement) { p.Utilities = true }), 0},
		"of no kind":           {with(council(june2026), func(p *Procurement) { p.Authority = "" }), 0},
		"the old law":          {with(council(june2025), func(p *Procurement) { p.Regime = notice.Regulations }), 0},
		"Scotland":             {with(council(june2026), func(p *Procurement) { p.Regime, p.Nation = notice.Regulations, Scotland }), 50_000},
		"Scotland, works":      {with(council(june2026), func(p *Procurement) { p.Regime, p.Nation, p.Category = notice.Regulations, Scotland, "works" }), 2_000_000},
		"Scotland, of no kind": {with(council(june2026), func(p *Procurement) { p.Regime, p.Nation, p.Category = notice.Regulations, Scotland, "" }), 0},
	} {
		if got, ok := c.p.Below(); ok != (c.pounds != 0) || got.Amount != c.pounds*100 || ok == (got.Source == "") {
			t.Errorf("%s: %v %+v", name, ok, got)
		}
	}
}

func TestMinimumPeriod(t *testing.T) {
	old := with(council(day(2025, 1, 6)), func(p *Procurement) { p.Regime = notice.Regulations })
	scottish := with(council(june2026), func(p *Procurement) { p.Regime, p.Nation = notice.Regulations, Scotland })
	for _, c := range []struct {
		name               string
		p                  Procurement
		step               Step
		least, usual, full int // all 0 where the law sets none
		known              bool
		source             string
	}{
		{"tenders", council(june2026), Tenders, 10, 25, 35, true, "s. 54(4)"},
		{"requests", council(june2026), Requests, 10, 25, 25, true, "s. 54(3)"},
		{"light touch", with(council(june2026), func(p *Procurement) { p.LightTouch = true }), Tenders, 0, 0, 0, true, "s. 54"},
		{"below", with(council(june2026), func(p *Procurement) { p.Above = &no }), Tenders, 0, 0, 0, true, "Part 6"},
		{"above or below?", with(council(june2026), func(p *Procurement) { p.Above = nil }), Tenders, 0, 0, 0, false, ""},
		{"old tenders", old, Tenders, 15, 30, 35, true, "Public Contracts Regulations 2015, reg. 27"},
		{"old requests", old, Requests, 15, 30, 30, true, "reg. 28"},
		{"old light touch", with(old, func(p *Procurement) { p.LightTouch = true }), Tenders, 0, 0, 0, true, "regs 74–76"},
		{"old utilities, requests", with(old, func(p *Procurement) { p.Utilities = true }), Requests, 15, 30, 30, true, "Utilities Contracts Regulations 2016, reg. 46"},
		{"old utilities, tenders", with(old, func(p *Procurement) { p.Utilities = true }), Tenders, 0, 0, 0, false, ""},
		{"old, but after its day", with(old, func(p *Procurement) { p.Begun = june2025 }), Tenders, 0, 0, 0, false, ""},
		{"Scottish tenders", scottish, Tenders, 15, 30, 35, true, "(Scotland) Regulations 2015, reg. 28"},
		{"Scottish requests", scottish, Requests, 15, 30, 30, true, "(Scotland) Regulations 2015, reg. 29"},
		{"Scottish, below or above?", with(scottish, func(p *Procurement) { p.Above = nil }), Tenders, 0, 0, 0, false, ""},
		{"no regime", with(council(june2026), func(p *Procurement) { p.Regime = "" }), Tenders, 0, 0, 0, false, ""},
	} {
		got, ok := c.p.MinimumPeriod(c.step)
		if ok != c.known || got.Least != c.least || got.Usual != c.usual || got.Full != c.full || !strings.Contains(string(got.Source), c.source) || ok == (got.Source == "") {
			t.Errorf("%s: %v %+v", c.name, ok, got)
		}
		if ok && got.None() != (c.full == 0) {
			t.Errorf("%s: none is %v", c.name, got.None())
		}
	}
}

func TestAdvance(t *testing.T) {
	act, old := council(june2026), Procurement{Regime: notice.Regulations}
	for _, c := range []struct {
		p              Procurement
		planned, began time.Time
		want           bool
	}{
		{act, day(2026, 1, 1), day(2026, 2, 10), true}, // 40 days
		{act, day(2026, 1, 1), day(2026, 2, 9), false},
		{act, day(2025, 2, 10), day(2026, 2, 10), true}, // 12 months
		{act, day(2025, 2, 9), day(2026, 2, 10), false},
		{old, day(2024, 1, 1), day(2024, 2, 5), true}, // 35 days
		{old, day(2024, 1, 1), day(2024, 2, 4), false},
	} {
		if got := c.p.Advance(c.planned, c.began); got != c.want {
			t.Errorf("%s, planned %s, tendered %s: %v", c.p.Regime, c.planned.Format(time.DateOnly), c.began.Format(time.DateOnly), got)
		}
	}
}

func TestStandstill(t *testing.T) {
	s, ok := council(june2026).Standstill()
	if !ok || s.Days != 8 || !s.Working {
		t.Fatalf("%v %+v", ok, s)
	}
	for award, want := range map[string]string{
		"2026-06-01": "2026-06-11", // a Monday: Monday to Friday, Monday to Wednesday; on Thursday
		"2026-06-03": "2026-06-13", // a Wednesday: to Friday of the next week
		"2026-06-06": "2026-06-18", // a Saturday: counted from Monday
		"2026-12-21": "2027-01-05", // over Christmas: the 25th, the 28th in its place, New Year's Day
	} {
		at, err := time.ParseInLocation(time.DateOnly, award, notice.London)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Earliest(at.Add(15 * time.Hour)).Format(time.DateOnly); got != want {
			t.Errorf("an award of %s: %s, want %s", award, got, want)
		}
	}
	old, ok := with(council(day(2025, 1, 6)), func(p *Procurement) { p.Regime = notice.Regulations }).Standstill()
	if !ok || old.Days != 10 || old.Working || old.Earliest(day(2025, 1, 6)) != day(2025, 1, 17) {
		t.Errorf("%v %+v", ok, old)
	}
	for name, p := range map[string]Procurement{
		"light touch": with(council(june2026), func(p *Procurement) { p.LightTouch = true }),
		"below":       with(council(june2026), func(p *Procurement) { p.Above = &no }),
	} {
		if s, ok := p.Standstill(); !ok || s.Days != 0 || s.Earliest(june2026.Add(time.Hour)) != june2026 {
			t.Errorf("%s: %v %+v", name, ok, s)
		}
	}
	if _, ok := with(council(june2026), func(p *Procurement) { p.Above = nil }).Standstill(); ok {
		t.Error("a standstill of who knows what")
	}
}

// What sources there are, by regime, nation and authority.
func TestSources(t *testing.T) {
	act, central := council(june2026), with(council(june2026), func(p *Procurement) { p.Authority = Central })
	old := with(council(day(2025, 1, 6)), func(p *Procurement) { p.Regime = notice.Regulations })
	scottish := with(old, func(p *Procurement) { p.Nation = Scotland })
	silent := Procurement{}
	reserved := func(kind string) func(Procurement) (Source, bool) {
		return func(p Procurement) (Source, bool) { return p.Reserved(kind) }
	}
	for _, c := range []struct {
		name                                string
		rule                                func(Procurement) (Source, bool)
		act, central, old, scottish, silent Source
	}{
		{"direct award", Procurement.DirectAward, "Procurement Act 2023, ss. 41–43", "Procurement Act 2023, ss. 41–43", "Public Contracts Regulations 2015, reg. 32", "Public Contracts (Scotland) Regulations 2015, reg. 33", ""},
		{"framework", Procurement.Framework, "Procurement Act 2023, s. 45", "Procurement Act 2023, s. 45", "Public Contracts Regulations 2015, reg. 33", "Public Contracts (Scotland) Regulations 2015, reg. 34", ""},
		{"dynamic market", Procurement.DynamicMarket, "Procurement Act 2023, s. 34", "Procurement Act 2023, s. 34", "Public Contracts Regulations 2015, reg. 34", "Public Contracts (Scotland) Regulations 2015, reg. 35", ""},
		{"sheltered", reserved("sheltered"), "Procurement Act 2023, s. 32", "Procurement Act 2023, s. 32", "Public Contracts Regulations 2015, reg. 20", "Public Contracts (Scotland) Regulations 2015, reg. 21", ""},
		{"mutual", reserved("mutual"), "Procurement Act 2023, s. 33", "Procurement Act 2023, s. 33", "Public Contracts Regulations 2015, reg. 77", "", ""},
		{"SME", reserved("sme"), "", ppn005, "", "", ""},
		{"place", reserved("location"), "Local Government (Exclusion of Non-commercial Considerations) (England) Order 2026", ppn005, "", "", ""},
		{"of a place", Procurement.NeedsPlace, "", ppn005, "", "", ""},
		{"insurance", Procurement.InsuranceAtAward, "Procurement Act 2023, s. 22(3)(b)", "Procurement Act 2023, s. 22(3)(b)", "", "", ""},
		{"proportionate", Procurement.Proportionate, "Procurement Act 2023, s. 22", "Procurement Act 2023, s. 22", "", "", ""},
		{"cyber", Procurement.CyberEssentials, "", "PPN 014", "", "", ""},
		{"turnover", Procurement.TurnoverCap, "", "", "Public Contracts Regulations 2015, reg. 58(9)", "Public Contracts (Scotland) Regulations 2015, reg. 59", ""},
	} {
		for i, p := range []Procurement{act, central, old, scottish, silent} {
			want := []Source{c.act, c.central, c.old, c.scottish, c.silent}[i]
			if got, ok := c.rule(p); ok != (want != "") || ok && got != want {
				t.Errorf("%s, %d: %v %q, want %q", c.name, i, ok, got, want)
			}
		}
	}
	if s, ok := with(old, func(p *Procurement) { p.Begun = june2025 }).DirectAward(); ok {
		t.Errorf("of a call-off or of health care %q is told", s)
	}
	if c, ok := central.CarbonPlan(); !ok || c.Amount != 5_000_000_00 {
		t.Errorf("%v %+v", ok, c)
	}
	if _, ok := with(central, func(p *Procurement) { p.LightTouch = true }).CarbonPlan(); ok {
		t.Error("a carbon reduction plan under a special regime")
	}
	if s, ok := Notice("UK12"); !ok || s != "Procurement Act 2023, s. 55" {
		t.Errorf("%v %q", ok, s)
	}
	if _, ok := Notice("F02"); ok {
		t.Error("the Act has no F02")
	}
}

// What decides the rules is read from the notice; its own word on the regime goes first.
func TestOf(t *testing.T) {
	at := notice.Path{Release: "000001-2026", Pointer: "/x"}
	tender := func(date time.Time) notice.Published { return notice.Published{Tags: []string{"tender"}, Date: date} }
	n := &notice.Notice{
		Publisher: notice.FindATender,
		Releases:  []notice.Published{{Tags: []string{"planning"}, Date: day(2025, 12, 1)}, tender(day(2026, 2, 2)), {Tags: []string{"tenderUpdate"}, Date: day(2026, 3, 3)}},
		Buyer: notice.Organisation{
			Type:  notice.Say("publicAuthoritySubCentralGovernment", at),
			Place: notice.Say(notice.Place{Region: "TLL22"}, at),
		},
		Category: notice.Say("works", at), SpecialRegime: []notice.Said[string]{notice.Say("lightTouch", at)},
		AboveThreshold: notice.Say(true, at),
	}
	p := Of(n)
	if p.Regime != notice.Act2023 || p.Nation != Wales || p.Authority != SubCentral || p.Category != "works" || !p.LightTouch || p.Above == nil || !*p.Above || !p.Begun.Equal(day(2026, 2, 2)) {
		t.Errorf("%+v", p)
	}
	for name, c := range map[string]struct {
		change func(*notice.Notice)
		want   notice.Regime
	}{
		"its own word":                   {func(n *notice.Notice) { n.Regime = notice.Say(notice.Regulations, at) }, notice.Regulations},
		"a tender of the day before":     {func(n *notice.Notice) { n.Releases = []notice.Published{tender(day(2025, 2, 23))} }, notice.Regulations},
		"a tender of the day":            {func(n *notice.Notice) { n.Releases = []notice.Published{tender(day(2025, 2, 24))} }, notice.Act2023},
		"the Scottish service":           {func(n *notice.Notice) { n.Publisher = notice.PublicContractsScotland }, notice.Regulations},
		"a Scottish buyer":               {func(n *notice.Notice) { n.Buyer.Place.Value.Region = "TLM13" }, notice.Regulations},
		"a buyer of who knows where":     {func(n *notice.Notice) { n.Buyer.Place = notice.Said[notice.Place]{} }, ""},
		"a buyer of the whole country":   {func(n *notice.Notice) { n.Buyer.Place.Value.Region = "UK" }, ""},
		"no release with a date is read": {func(n *notice.Notice) { n.Releases = nil }, ""},
	} {
		n := *n
		n.Releases = append([]notice.Published(nil), n.Releases...)
		c.change(&n)
		if got := Of(&n).Regime; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	old := &notice.Notice{Publisher: notice.FindATender, Type: notice.Say("F05", at)}
	if p := Of(old); !p.Utilities || p.Above == nil || !*p.Above {
		t.Errorf("a contract notice of utilities: %+v", p)
	}
}
