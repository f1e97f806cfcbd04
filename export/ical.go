package export

import (
	"bufio"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"bidfit/notice"
)

// ical writes iCalendar (RFC 5545) line by line.
type ical struct{ w *bufio.Writer }

// london is what RFC 5545 asks for wherever TZID names a zone: Europe/London since 1996.
const london = `BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE`

// begin writes what comes before the events. The zone makes a whole calendar of one without any.
func (c ical) begin(name string) {
	for _, s := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bidfit//shortlist//EN", "CALSCALE:GREGORIAN"} {
		c.line(s)
	}
	c.text("NAME", name)
	c.text("X-WR-CALNAME", name)
	c.line("REFRESH-INTERVAL;VALUE=DURATION:P1D")
	c.line("X-PUBLISHED-TTL:P1D")
	for s := range strings.SplitSeq(london, "\n") {
		c.line(s)
	}
}

// line writes a content line, folded so that no line has more than 75 octets and no character is torn.
func (c ical) line(s string) {
	for room := 75; len(s) > room; room = 74 { // the blank that a folded line begins with takes one
		cut := room
		for cut > room-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.w.WriteString(s[:cut])
		c.w.WriteString("\r\n ")
		s = s[cut:]
	}
	c.w.WriteString(s)
	c.w.WriteString("\r\n")
}

// inText is how TEXT is escaped; line ends are none of what it gets.
var inText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`)

// text writes a property whose value is foreign text of so many lines.
func (c ical) text(name string, lines ...string) {
	value := make([]string, len(lines))
	for i, s := range lines {
		value[i] = inText.Replace(line(s))
	}
	c.line(name + ":" + strings.Join(value, `\n`))
}

func (c ical) instant(name string, t time.Time) {
	c.line(name + ":" + t.UTC().Format("20060102T150405Z"))
}

// start writes when an event is: a day, or a time by London's clock. Where that shows the same hour twice, and before the zone's rules begin, it is UTC.
func (c ical) start(m notice.Moment) {
	const clock = "20060102T150405"
	t := m.In(notice.London)
	if m.Day {
		c.line("DTSTART;VALUE=DATE:" + t.Format("20060102"))
		return
	}
	shown := t.Format(clock)
	if twice := t.Add(-time.Hour).Format(clock) == shown || t.Add(time.Hour).Format(clock) == shown; twice || t.Year() < 1997 {
		c.instant("DTSTART", m.Time)
		return
	}
	c.line("DTSTART;TZID=Europe/London:" + shown)
}

// alarm reminds of an event some days before it.
func (c ical) alarm(days int, summary string) {
	c.line("BEGIN:VALARM")
	c.line("ACTION:DISPLAY")
	c.text("DESCRIPTION", summary)
	c.line(fmt.Sprintf("TRIGGER:-P%dD", days))
	c.line("END:VALARM")
}
