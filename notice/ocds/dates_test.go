package ocds

import (
	"strings"
	"testing"

	"bidfit/notice"
)

func TestParseMoment(t *testing.T) {
	for in, want := range map[string]string{
		"2026-07-14T17:00:00+01:00":     "2026-07-14T17:00:00+01:00",
		"2026-07-14T23:59:59Z":          "2026-07-14T23:59:59Z",
		" 2026-07-14t23:59:59z ":        "2026-07-14T23:59:59Z",
		"2026-07-14 17:00:00":           "2026-07-14T17:00:00+01:00",
		"2026-01-14T17:00":              "2026-01-14T17:00:00Z",
		"2026-07-14T17:00Z":             "2026-07-14T17:00:00Z",
		"2026-07-14T17:00:00+0100":      "2026-07-14T17:00:00+01:00",
		"2026-07-14T17:00:00.123+01:00": "2026-07-14T17:00:00+01:00",
		"2026-07-14T17:00:00.5":         "2026-07-14T17:00:00+01:00",
		"2026-07-14 17:00:00 +01:00":    "2026-07-14T17:00:00+01:00",
		"2026-07-14":                    "2026-07-14",
		"2026-07-14Z":                   "2026-07-14",
		"2026-07-14+01:00":              "2026-07-14",
		"14/07/2026":                    "2026-07-14",
		"14/07/2026 09:30":              "2026-07-14T09:30:00+01:00",
		"2028-02-29":                    "2028-02-29",
	} {
		m, err := parseMoment(in)
		if err != nil || m.String() != want {
			t.Errorf("parseMoment(%q) = %v, %v; want %s", in, m, err, want)
		}
	}
	for _, in := range []string{"", " ", "soon", "2026", "2026-07", "2026-02-30", "2026-13-01", "0025-07-14", "20226-07-14", "0001-01-01T00:00:00Z",
		"2026-07-14T25:00:00Z", "2026-07-14T", "07/14/2026", "2926-07-14T00:00:00Z"} {
		if m, err := parseMoment(in); err == nil {
			t.Errorf("parseMoment(%q) = %v, want an error", in, m)
		}
	}
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"2026-07-14T17:00:00+01:00", "2026-07-14", "14/07/2026 09:30", "20226-07-14", "2026-07-14 17:00:00 +01:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMoment(s)
		if err != nil {
			return
		}
		text, err := m.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var again notice.Moment
		if err := again.UnmarshalText(text); err != nil || again.Day != m.Day || again.Unix() != m.Unix() {
			t.Errorf("%q is %v, written %s, read again %v (%v)", s, m, text, again, err)
		}
	})
}

func TestDates(t *testing.T) {
	n := projectOne(t, tenderRelease(`
		"tenderPeriod":{"endDate":"2026-08-03T23:59:59Z"},"enquiryPeriod":{"endDate":"2026-07-20T12:00:00+01:00"},
		"awardPeriod":{"endDate":"2026-10-12"},"communication":{"futureNoticeDate":"2026-09-01T00:00:00+01:00"},
		"lots":[{"id":"1","hasRenewal":true,"hasOptions":true,"options":{"description":"A second site"},
			"contractPeriod":{"startDate":"2027-04-01T00:00:00+01:00","endDate":"2029-03-31T23:59:59+01:00","maxExtentDate":"2031-03-31T23:59:59+01:00"}}]`))
	lot := n.Lots[0]
	for what, got := range map[string]string{
		"2026-08-03T23:59:59Z":      n.Deadline.Value.String(),
		"2026-07-20T12:00:00+01:00": n.Questions.Value.String(),
		"2026-10-12":                n.AwardBy.Value.String(),
		"2026-09-01T00:00:00+01:00": n.Future.Value.String(),
		"2027-04-01T00:00:00+01:00": lot.Contract.Start.Value.String(),
		"2029-03-31T23:59:59+01:00": lot.Contract.End.Value.String(),
		"2031-03-31T23:59:59+01:00": lot.Contract.MaxExtent.Value.String(),
	} {
		if what != got {
			t.Errorf("got %s, want %s", got, what)
		}
	}
	if lot.Renewal.Value != "yes" || lot.Options.Value != "A second site" || len(n.Issues) > 0 {
		t.Errorf("renewal %q, options %q, issues %v", lot.Renewal.Value, lot.Options.Value, n.Issues)
	}
}

func TestDatesThatCannotBeMeant(t *testing.T) {
	for _, date := range []string{`"0025-07-14T12:00:00Z"`, `"20226-07-14T12:00:00Z"`, `"as soon as may be"`, `20260714`} {
		n := projectOne(t, tenderRelease(`"tenderPeriod":{"endDate":`+date+`}`))
		if n.Deadline.Known() || n.Deadline.Kind != "" || !hasIssue(n, "unreadable-date") {
			t.Errorf("%s: deadline %+v, issues %v", date, n.Deadline, codesOf(n))
		}
	}
	n := projectOne(t, tenderRelease(`"contractPeriod":{"startDate":"2027-04-01","endDate":"2026-03-31"}`))
	if !hasIssue(n, "period-backwards") || !n.Lots[0].Contract.End.Known() {
		t.Errorf("a period that ends before it starts: %+v, issues %v", n.Lots[0].Contract, codesOf(n))
	}
}

func TestContractLength(t *testing.T) {
	for period, want := range map[string]int{
		`{"durationInDays":1440}`: 1440, `{"durationInDays":"48"}`: 48, `{"durationInMonths":48}`: 1440,
		`{"durationInDays":90,"durationInMonths":48}`: 90, `{"durationInDays":1e9999}`: 0, `{"durationInDays":"1e9999"}`: 0,
		`{"durationInDays":0}`: 0, `{"durationInDays":-3}`: 0, `{"durationInDays":2147483647}`: 0, `{}`: 0,
	} {
		n := projectOne(t, tenderRelease(`"lots":[{"id":"1","contractPeriod":`+period+`}]`))
		days := n.Lots[0].Contract.Days
		if days.Value != want || want == 0 && period != `{}` && !hasIssue(n, "number-out-of-range") {
			t.Errorf("%s: %+v, issues %v; want %d days", period, days, codesOf(n), want)
		}
	}
	n := projectOne(t, tenderRelease(`"milestones":[{"title":"Contract start","dueDate":"2015-04-01"},{"title":"Contract end","dueDate":"2020-03-31"},{"title":"Party","dueDate":"2030-01-01"}]`))
	if c := n.Lots[0].Contract; c.Start.Value.String() != "2015-04-01" || c.End.Value.String() != "2020-03-31" {
		t.Errorf("milestones: %+v", c)
	}
}

func TestDeadline(t *testing.T) {
	const engagement = `"planning":{"milestones":[{"id":"1","type":"engagement","dueDate":"2026-07-14T17:00:00+01:00"},{"id":"2","type":"delivery","dueDate":"2026-09-14"}]},`
	end := func(date string) string { return `"status":"active","tenderPeriod":{"endDate":"` + date + `"},` }
	moved := func(n int, section, date string) string {
		return oldRelease(n, "tenderUpdate", `"amendments":[{"id":"1","unstructuredChanges":[{"where":{"section":"`+section+`"},"oldValue":{"date":"2026-08-01"},"newValue":{"date":"`+date+`"}}]}],`, "")
	}
	withEngagement := func(n int, tag, noticeType, tender string) string {
		text := actRelease(n, tag, "UK4", tender, "")
		text = strings.Replace(text, `"UK4"`, `"`+noticeType+`"`, 1)
		return strings.Replace(text, `"tender":{`, engagement+`"tender":{`, 1)
	}
	tests := []struct {
		name     string
		releases []string
		kind     notice.DeadlineKind
		want     string
	}{
		{"bids", []string{actRelease(1, "tender", "UK4", end("2026-08-01"), "")}, notice.DeadlineTender, "2026-08-01"},
		{"an update moves it", []string{actRelease(1, "tender", "UK4", end("2026-08-01"), ""), actRelease(2, "tenderUpdate", "UK4", end("2026-08-15"), "")}, notice.DeadlineTender, "2026-08-15"},
		{"interest", []string{actRelease(1, "tender", "UK4", `"expressionOfInterestDeadline":"2026-08-02",`, "")}, notice.DeadlineInterest, "2026-08-02"},
		{"who misses the earlier is out", []string{actRelease(1, "tender", "UK4", end("2026-08-20")+`"expressionOfInterestDeadline":"2026-08-02",`, "")}, notice.DeadlineInterest, "2026-08-02"},
		{"the newer word counts", []string{
			actRelease(1, "tender", "UK4", `"expressionOfInterestDeadline":"2026-08-02",`, ""), actRelease(2, "tenderUpdate", "UK4", end("2026-08-20"), ""),
		}, notice.DeadlineTender, "2026-08-20"},
		{"a corrigendum moves it in its own words", []string{oldRelease(1, "tender", end("2026-08-01"), ""), moved(2, "IV.2.2", "2026-08-09")}, notice.DeadlineTender, "2026-08-09"},
		{"twice", []string{oldRelease(1, "tender", end("2026-08-01"), ""), moved(3, "IV.2.2", "2026-08-19"), moved(2, "IV.2.2", "2026-08-09")}, notice.DeadlineTender, "2026-08-19"},
		{"or something else", []string{oldRelease(1, "tender", end("2026-08-01"), ""), moved(2, "IV.2.7", "2026-08-09")}, notice.DeadlineTender, "2026-08-01"},
		{"the full notice repeated after it counts", []string{moved(1, "IV.2.2", "2026-08-09"), oldRelease(2, "tenderUpdate", end("2026-08-30"), "")}, notice.DeadlineTender, "2026-08-30"},
		{"engagement", []string{withEngagement(1, "planning", "UK2", `"status":"planned",`)}, notice.DeadlineEngagement, "2026-07-14T17:00:00+01:00"},
		{"engagement past, no deadline yet", []string{withEngagement(1, "planning", "UK2", `"status":"planned",`), actRelease(2, "planning", "UK3", `"status":"planned",`, "")}, "", "0001-01-01T00:00:00Z"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := projectOne(t, test.releases...)
			if n.Deadline.Kind != test.kind || n.Deadline.Value.String() != test.want {
				t.Errorf("deadline %s %v, want %s %s", n.Deadline.Kind, n.Deadline.Value, test.kind, test.want)
			}
		})
	}
	n := projectOne(t, withEngagement(1, "tender", "UK4", end("2026-08-01")))
	if n.Deadline.Kind != notice.DeadlineTender || n.Engagement.Value.String() != "2026-07-14T17:00:00+01:00" {
		t.Errorf("deadline %+v, engagement %+v", n.Deadline, n.Engagement)
	}
}
