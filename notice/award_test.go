package notice

import "testing"

func pounds(net, gross Pence, currency string) Value {
	at := Path{Release: "r", Pointer: "/x"}
	var v Value
	if net > 0 {
		v.Net = Say(net, at)
	}
	if gross > 0 {
		v.Gross = Say(gross, at)
	}
	if currency != "" {
		v.Currency = Say(currency, at)
	}
	return v
}

func TestWorth(t *testing.T) {
	contract := func(v Value, status string) Contract {
		return Contract{Value: v, Status: Said[string]{Value: status, At: Path{Pointer: "/status"}}}
	}
	own := pounds(100, 120, "GBP")
	tests := []struct {
		name      string
		contracts []Contract
		want      Value
	}{
		{"the award alone", nil, own},
		{"contracts that do not say", []Contract{{}, {}}, own},
		{"one contract", []Contract{contract(pounds(90, 0, "GBP"), "active")}, pounds(90, 0, "GBP")},
		{"two", []Contract{contract(pounds(90, 108, ""), ""), contract(pounds(10, 12, "GBP"), "")}, pounds(100, 120, "")},
		{"one silent", []Contract{{}, contract(pounds(10, 12, "GBP"), "")}, pounds(10, 12, "GBP")},
		{"only one with VAT", []Contract{contract(pounds(90, 108, "GBP"), ""), contract(pounds(10, 0, "GBP"), "")}, pounds(100, 0, "GBP")},
		{"one with, one without", []Contract{contract(pounds(90, 0, "GBP"), ""), contract(pounds(0, 12, "GBP"), "")}, own},
		{"two currencies", []Contract{contract(pounds(90, 0, "GBP"), ""), contract(pounds(10, 0, "EUR"), "")}, own},
		{"euros", []Contract{contract(pounds(90, 0, "EUR"), ""), contract(pounds(10, 0, "EUR"), "")}, pounds(100, 0, "EUR")},
		{"one cancelled", []Contract{contract(pounds(90, 0, "GBP"), "cancelled"), contract(pounds(10, 0, "GBP"), "active")}, pounds(10, 0, "GBP")},
		{"the final value alone", []Contract{{FinalValue: pounds(70, 0, "GBP")}}, pounds(70, 0, "GBP")},
		{"a value and a final value", []Contract{{Value: pounds(80, 0, "GBP"), FinalValue: pounds(70, 0, "GBP")}}, pounds(80, 0, "GBP")},
		{"all cancelled", []Contract{contract(pounds(90, 0, "GBP"), "cancelled")}, pounds(90, 0, "GBP")},
	}
	for _, test := range tests {
		a := Award{Value: own, Contracts: test.contracts}
		if got := a.Worth(); got != test.want {
			t.Errorf("%s: worth %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestRuns(t *testing.T) {
	day := func(s string) Said[Moment] {
		var m Moment
		if err := m.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return Say(m, Path{Pointer: "/" + s})
	}
	a := Award{Contract: Period{Start: day("2026-01-01")}}
	if a.Runs() != a.Contract {
		t.Errorf("without contracts it runs %+v", a.Runs())
	}
	a.Contracts = []Contract{
		{Period: Period{Start: day("2026-03-01"), End: day("2027-03-01")}, Signed: day("2026-02-11")},
		{Period: Period{Start: day("2026-02-01"), End: day("2027-02-01"), MaxExtent: day("2029-02-01")}, Signed: day("2026-02-10")},
	}
	if want := (Period{Start: day("2026-02-01"), End: day("2027-03-01"), MaxExtent: day("2029-02-01")}); a.Runs() != want {
		t.Errorf("it runs %+v", a.Runs())
	}
	if a.Signed() != day("2026-02-10") {
		t.Errorf("signed %v", a.Signed())
	}
}

func TestState(t *testing.T) {
	say := func(s string) Said[string] { return Say(s, Path{Pointer: "/" + s}) }
	for _, test := range []struct {
		award     string
		contracts []string
		want      string
	}{
		{"active", nil, "active"},
		{"active", []string{"terminated"}, "terminated"},
		{"active", []string{"cancelled", "active"}, "active"},
		{"", []string{"active"}, "active"},
		{"pending", []string{"cancelled", "terminated"}, "terminated"},
	} {
		a := Award{}
		if test.award != "" {
			a.Status = say(test.award)
		}
		for _, c := range test.contracts {
			a.Contracts = append(a.Contracts, Contract{Status: say(c)})
		}
		if got := a.State().Value; got != test.want {
			t.Errorf("%+v stands %q", test, got)
		}
	}
}
