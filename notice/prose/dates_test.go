package prose

import (
	"strings"
	"testing"
	"time"

	"bidfit/notice"
)

// published is the day of the releases in these tests, a Monday.
var published = time.Date(2026, 8, 10, 9, 0, 0, 0, notice.London)

// when writes the dates read in a text.
func when(text string, published time.Time) string {
	var list []string
	for _, e := range Read(text).Events(published) {
		s := e.Value.When.Time.Format("2006-01-02T15:04Z07:00")
		if e.Value.When.Day {
			s = e.Value.When.String()
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

// In August London is at +01:00, in winter at Z.
func TestDates(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// one day, in every order
		{"Friday 17th July 2026", "2026-07-17"},
		{"17 July 2026", "2026-07-17"},
		{"17 july 2026.", "2026-07-17"},
		{"17th of July, 2026", "2026-07-17"},
		{"the 17 th July 2026", "2026-07-17"},
		{"17thJuly 2026", "2026-07-17"},
		{"1stSeptember 2026", "2026-09-01"},
		{"July 17th, 2026", "2026-07-17"},
		{"July 17 2026", "2026-07-17"},
		{"2026 July 17", "2026-07-17"},
		{"Friday, July the 17th 2026", "2026-07-17"},
		{"Monday, 3rd day of August 2026", "2026-08-03"},
		{"17 Jul 26", "2026-07-17"},
		{"17 Sept. 2026", "2026-09-17"},
		{"17-Jul-2026", "2026-07-17"},
		{"17/07/2026", "2026-07-17"},
		{"17 / 07 / 2026", "2026-07-17"},
		{"17.07.26", "2026-07-17"},
		{"1.4.2027", "2027-04-01"},
		{"1/4/27", "2027-04-01"},
		{"2026-07-17", "2026-07-17"},
		{"01-02-2027", "2027-02-01"},
		{"07/17/2026", "2026-07-17"}, // no seventeenth month
		{"01/05/26 to the 30/4/27and then", "2026-05-01 2027-04-30"},
		{"26&nbsp;August&nbsp;2026", "2026-08-26"},
		{"26\u00a0August\u00a02026", "2026-08-26"},
		{"on 26 Augest 2026", "2026-08-26"},
		{"on 26 Septmber 2026", "2026-09-26"},
		{"on 26 Feburary 2027", "2027-02-26"},
		{"until 31 May 2027rn (with options)", "2027-05-31"},
		{"29 February 2028", "2028-02-29"},

		// with a time
		{"before 14th July 5pm 2026", "2026-07-14T17:00+01:00"},
		{"Monday, 3rd of August 2026 at 12 noon", "2026-08-03T12:00+01:00"},
		{"12:00 noon on 3rd August 2026", "2026-08-03T12:00+01:00"},
		{"17:00hrs on 4th September", "2026-09-04T17:00+01:00"},
		{"4 September at 17:00hrs", "2026-09-04T17:00+01:00"},
		{"at 1700 hours on 4 September 2026", "2026-09-04T17:00+01:00"},
		{"by 5.00pm Friday 28 August 2026", "2026-08-28T17:00+01:00"},
		{"by 5pm; Friday 28 August 2026", "2026-08-28T17:00+01:00"},
		{"by 5 p.m. on 28 August 2026", "2026-08-28T17:00+01:00"},
		{"10am - 12pm on 8 September 2026", "2026-09-08T10:00+01:00"},
		{"10-12pm on 8 September 2026", "2026-09-08T10:00+01:00"},
		{"1-3pm on 8 September 2026", "2026-09-08T13:00+01:00"},
		{"8 September 2026 from 10:30am to 12:00pm", "2026-09-08T10:30+01:00"},
		{"8 September 2026, between 11am and 1pm", "2026-09-08T11:00+01:00"},
		{"noon on 9 December 2026", "2026-12-09T12:00Z"},
		{"by midnight on 8 June 2026", "2026-06-08T23:59+01:00"},
		{"will commence at midnight on 8 June 2026", "2026-06-08T00:00+01:00"},
		{"12:00 (12 noon / 12pm) on 10 September 2026", "2026-09-10T12:00+01:00"},
		{"23:59hrs (BST) 26/08/2025", "2025-08-26T23:59+01:00"},
		{"2026-11-01 0900 at the gate", "2026-11-01T09:00Z"},
		{"2026-11-01T09:30:00", "2026-11-01T09:30Z"},
		{"Date: Thursday, 1st October 2026\n- Time: 10:00 AM (UK time)", "2026-10-01T10:00+01:00"},
		{"18 August 2026 at 18:00 Kyiv time", "2026-08-18"},
		{"14:00pm on 18 August 2026", "2026-08-18T14:00+01:00"},
		{"by 12.30 on 18 August 2026", "2026-08-18T12:30+01:00"},
		{"clause 12.30 of 18 August 2026", "2026-08-18"},
		{"open 18 August 2026, 5pm on 19 August 2026 closed", "2026-08-18 2026-08-19T17:00+01:00"},
		{"12:30pm - 1:00pm Thursday 6 August 2026", "2026-08-06T12:30+01:00"},

		// ranges and lists
		{"1 April 2027 - 31 March 2029", "2027-04-01 2029-03-31"},
		{"01/04/2027-31/03/2029", "2027-04-01 2029-03-31"},
		{"1st to 3rd September 2026", "2026-09-01 2026-09-03"},
		{"1-3 September 2026", "2026-09-01 2026-09-03"},
		{"8, 9 and 10 June 2027", "2027-06-08 2027-06-09 2027-06-10"},
		{"on 9th and 11th of June 2027", "2027-06-09 2027-06-11"},
		{"20 December to 5 January 2027", "2026-12-20 2027-01-05"},
		{"from 8th July - 31st March 2027", "2026-07-08 2027-03-31"},
		{"1 October 2026 to 30 September", "2026-10-01 2027-09-30"},
		{"June 22-26th, 2026", "2026-06-22 2026-06-26"},
		{"Lot 1 - 3 September 2026", "2026-09-03"},
		{"2- Tue 25th August 2026", "2026-08-25"},

		// without a year: on 10 August 2026 or after, at most eleven months ahead
		{"10 August", "2026-08-10"},
		{"17 July", "2026-07-17"}, // the next is more than eleven months away
		{"9 July", "2027-07-09"},  // ten months and thirty days
		{"25 December", "2026-12-25"},
		{"Wednesday 1 July", "2026-07-01"}, // 1 July 2027 is a Thursday
		{"Thursday 13/08 at 2pm", "2026-08-13T14:00+01:00"},

		// no dates
		{"April 2027, autumn 2027, Q3 2026", ""},
		{"until Jul 27 inclusive; Jan 28 if extended", ""},
		{"Procurement Act 2023, PCR 2015, SI 2024/692", ""},
		{"31 November 2026, 30 February 2027, 32 July 2026", ""},
		{"24/7/365 cover", ""},
		{"clause 1.2.3 and 1.4.4, v2.2.26b", ""},
		{"https://example.org/2026/08/17/notice and www.example.org/17-07-2026", ""},
		{"file_17.07.2026.pdf, QU-17-07-2026, ref EC09-01-3216", ""},
		{"call 01782 123 456, 2026/S 000-012345, £12/07/2026", ""},
		{"Section 3 may vary; Stage 1 may be let", ""},
		{"STAGE 1 MAY BE LET", ""},
		{"5 marches, 9 decorations, 10 Marketing", ""},
		{"24 hours a day", ""},
	} {
		if got := when(c.text, published); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
	if got := when("by 17 September", time.Time{}); got != "" {
		t.Errorf("a date without a year, of a text without a day, is %q", got)
	}
	if got := when("by 17 September 2026", time.Time{}); got != "2026-09-17" {
		t.Errorf("a date with a year, of a text without a day, is %q", got)
	}
}

// TestEventSpans reads the very bytes of a date, with its weekday and time.
func TestEventSpans(t *testing.T) {
	for text, want := range map[string]string{
		"Send it by 5.00pm Friday 28 August 2026, please":     "5.00pm Friday 28 August 2026",
		"on Monday, 3rd of August 2026 at 12 noon (BST) in X": "Monday, 3rd of August 2026 at 12 noon (BST)",
		"é 17&nbsp;July 2026é":                                "17&nbsp;July 2026",
		"12:00 (12 noon) on 3 May 2027.":                      "12:00 (12 noon) on 3 May 2027",
	} {
		found := Read(text).Events(published)
		if len(found) != 1 || text[found[0].Start:found[0].End] != want {
			t.Errorf("%q: %+v, want the span of %q", text, found, want)
		}
	}
}

// TestEventConfidence holds the steps that dates states.
func TestEventConfidence(t *testing.T) {
	for text, want := range map[string]int{
		"17 July 2026":          95,
		"Friday 17 July 2026":   99, // it is one
		"Monday 17 July 2026":   50, // it is not
		"17/07/26":              85,
		"17.07.26":              70,
		"07/17/2026":            50,
		"17 Augest 2026":        85,
		"17 September":          80,
		"Thursday 17 September": 84,
		"from September 8":      60,
	} {
		found := Read(text).Events(published)
		if len(found) != 1 || found[0].Confidence != want {
			t.Errorf("%q: %+v, want a confidence of %d", text, found, want)
		}
	}
}

func TestEventKinds(t *testing.T) {
	const (
		engagement, register, visit, questions = notice.EventEngagement, notice.EventRegister, notice.EventVisit, notice.EventQuestions
		submission, interest, interview        = notice.EventSubmission, notice.EventInterest, notice.EventInterview
		issued, award, start, end, other       = notice.EventNotice, notice.EventAward, notice.EventStart, notice.EventEnd, notice.EventOther
	)
	for _, c := range []struct {
		text string
		want []notice.EventKind
	}{
		{"A market engagement day is planned on 17 July 2026; register for the event by 14 July 2026.", []notice.EventKind{engagement, register}},
		{"To attend the webinar, please register before 14th July 5pm 2026", []notice.EventKind{register}},
		{"A site visit takes place on 3 September 2026", []notice.EventKind{visit}},
		{"Clarification questions must be submitted by 3 September 2026", []notice.EventKind{questions}},
		{"The deadline for questions is 3 September 2026 and tenders must be returned by noon on 17 September 2026", []notice.EventKind{questions, submission}},
		{"Closing date: 3 September 2026", []notice.EventKind{submission}},
		{"Deadline for expressions of interest: 3 September 2026", []notice.EventKind{interest}},
		{"Suppliers should register their interest by 3 September 2026", []notice.EventKind{interest}},
		{"Interviews of the shortlisted: 8-10 December 2026", []notice.EventKind{interview, interview}},
		{"The tender notice will be published on 3 September 2026", []notice.EventKind{issued}},
		{"Contract award: 3 September 2026", []notice.EventKind{award}},
		{"commencing on 1 April 2027 and ending on 31 March 2029", []notice.EventKind{start, end}},
		{"Contract period: 1 April 2027 - 31 March 2029", []notice.EventKind{start, end}},
		{"The contract start and end dates are 1 May 2027 and 30 April 2028", []notice.EventKind{start, end}},
		{"Representations by midnight on 20 August 2026, when the standstill ends", []notice.EventKind{other}},
		{"Key dates\nInvitation to tender:\n13/11/2026\nTender return date:\n18/12/2026\nCommencement:\n30/3/2027", []notice.EventKind{issued, submission, start}},
		{"3 September 2026 - deadline for questions", []notice.EventKind{questions}},
		{"The contract value is £3m\n4 January 2027 to 3 January 2030", []notice.EventKind{start, end}},
		{"Evaluation projects until 31 March 2027", []notice.EventKind{end}},
		{"The questionnaire opens on 11 August 2026 and responses are due by 4 September 2026", []notice.EventKind{other, submission}},
		{"A questionnaire can be answered from 11 August 2026 to 4 September 2026", []notice.EventKind{other, submission}},
		{"Requests to participate must be submitted by 3 September 2026", []notice.EventKind{interest}},
		{"Suppliers who wish to be considered should contact us by 3 September 2026", []notice.EventKind{interest}},
		{"Her birthday, 3 September 2026", []notice.EventKind{other}},
	} {
		found := Read(c.text).Events(published)
		if len(found) != len(c.want) {
			t.Errorf("%q: %d events, want %d", c.text, len(found), len(c.want))
			continue
		}
		for i, f := range found {
			if f.Value.Kind != c.want[i] {
				t.Errorf("%q: %s is %s, want %s", c.text, f.Value.When, f.Value.Kind, c.want[i])
			}
		}
	}
}

func TestMonthWithin(t *testing.T) {
	for w, want := range map[string]int{"jannuary": 1, "febuary": 2, "aprl": 4, "agust": 8, "septmeber": 9, "ocotber": 10, "novmeber": 11,
		"decmber": 12, "marsh": 3, "degrees": 0, "members": 0, "decorations": 0, "junior": 0, "august's": 0} {
		if got, spelt := month(w, false); got != want && w != "august's" || spelt {
			t.Errorf("%q is month %d (spelt: %v), want %d", w, got, spelt, want)
		}
	}
}
