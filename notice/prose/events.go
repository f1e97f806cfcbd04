package prose

import (
	"strings"
	"time"

	"bidfit/notice"
)

// Events reads the dates in a text and what happens then. Every day with its month is one; a range gives its start and
// its end, a month alone none. published is the day of the release, by which a missing year is
// found; where it is zero, a date without a year is left out. A date without a time of day is the whole day, in
// London; one with a time is that instant.
//
// Confidence is that of the date (see dates); what happens then is the plainest
// word of its sentence, row or heading, and EventOther where none speaks.
func (t *Text) Events(published time.Time) []Found[notice.Event] {
	if t.numbers == 0 {
		return nil
	}
	s := t.scan
	dates := s.dates(published)
	found := make([]Found[notice.Event], 0, len(dates))
	kinds := kindReader{scan: s, dates: dates}
	var last notice.EventKind
	for i, d := range dates {
		kind := kinds.of(i, last)
		if i+1 < len(dates) && dates[i+1].joined == ranged && (kind == notice.EventEnd || kind == notice.EventOther && lasts(d, dates[i+1])) {
			kind = notice.EventStart // "until" and the like of the end have been read
		}
		if d.joined == ranged && last == notice.EventStart && kind == notice.EventOther {
			kind = notice.EventEnd
		}
		found = append(found, Found[notice.Event]{
			Value:      notice.Event{When: d.moment(kind == notice.EventStart), Kind: kind},
			Start:      s.tokens[d.from].start,
			End:        s.tokens[d.to-1].end,
			Confidence: d.confidence,
		})
		last = kind
	}
	return found
}

// lasts reports whether a range of dates of which nothing is said is so long that it can only be that of a contract.
func lasts(a, b date) bool {
	const days = 170
	from := time.Date(a.y, time.Month(a.m), a.d, 0, 0, 0, 0, time.UTC)
	return time.Date(b.y, time.Month(b.m), b.d, 0, 0, 0, 0, time.UTC).Sub(from) >= days*24*time.Hour
}

// monthStart reports whether the first letters of a month stand at i.
func monthStart(text string, i int) bool {
	if i+2 >= len(text) {
		return false
	}
	b, c := text[i+1]|0x20, text[i+2]|0x20
	switch text[i] | 0x20 {
	case 'j':
		return b == 'a' && c == 'n' || b == 'u' && (c == 'n' || c == 'l')
	case 'f':
		return b == 'e' && c == 'b'
	case 'm':
		return b == 'a' && (c == 'r' || c == 'y')
	case 'a':
		return b == 'p' && c == 'r' || b == 'u' && c == 'g'
	case 's':
		return b == 'e' && c == 'p' || b == 'p' && c == 't'
	case 'o':
		return b == 'c' && c == 't'
	case 'n':
		return b == 'o' && c == 'v'
	case 'd':
		return b == 'e' && c == 'c'
	}
	return false
}

// kindReader says what happens on dates by the words around them.
type kindReader struct {
	*scan
	dates []date
	both  bool // the words before the last date speak of start and end
	open  bool // the last date is when something opens that is to be handed in
}

// far is how many tokens of its sentence are read to either side of a date.
const far = 45

// of is what happens on date i; last is what happens on the date before it.
func (k *kindReader) of(i int, last notice.EventKind) notice.EventKind {
	d := k.dates[i]
	free := 0
	if i > 0 {
		free = k.dates[i-1].to
	}
	start := d.from
	for start > free && d.from-start < far && !k.tokens[start].gap {
		start--
	}
	before := k.window(start, d.from)
	kind, sure := decide(before, true)
	opened := k.open
	k.open = sure && kind == notice.EventOther && opens(before)
	if k.both {
		k.both = false
		return notice.EventEnd
	}
	if i+1 < len(k.dates) && k.dates[i+1].joined != apart && runs(before, k.dates[i+1].joined) {
		k.both = true
		return notice.EventStart // "the contract start and end dates are 1 May 2026 and …"
	}
	if d.joined != apart && i > 0 && !sure {
		if d.joined == ranged && (last == notice.EventStart || last == notice.EventOther && kind == notice.EventEnd) {
			return notice.EventEnd
		}
		if d.joined == ranged && opened {
			return notice.EventSubmission
		}
		return last
	}
	if sure {
		return kind
	}
	stop, end := len(k.tokens), d.to
	if i+1 < len(k.dates) {
		stop = k.dates[i+1].from
	}
	for end < stop && end-d.to < far && !k.tokens[end].gap {
		end++
	}
	if behind, ok := decide(k.window(d.to, end), false); ok {
		return behind
	}
	if kind != "" {
		return kind
	}
	// The line before it, where that is short: a heading, or the label of a row.
	for lines := 0; lines < 3 && start > 0 && k.tokens[start].gap; lines++ {
		line := start - 1
		for line > free && start-line < far && !k.tokens[line].gap {
			line--
		}
		if line < free || start-line > 16 {
			break
		}
		if above, _ := decide(k.window(line, start), true); above != "" {
			return above
		}
		start = line
	}
	if free > 0 && d.from-free < 12 && !k.gaps(free, d.from) {
		return last
	}
	return notice.EventOther
}

func (k *kindReader) gaps(from, to int) bool {
	for i := from; i <= to && i < len(k.tokens); i++ {
		if k.tokens[i].gap {
			return true
		}
	}
	return false
}

// runs reports whether the words before two dates that hang together speak of the start and the end of something.
func runs(window string, how link) bool {
	if strings.Contains(window, " start") && strings.Contains(window, " end ") {
		return true
	}
	if how != ranged || strings.Contains(window, "event") || strings.Contains(window, "engagement") {
		return false
	}
	for _, word := range [...]string{" contract period", " contract term", " period of ", " run for ", " duration", " term of "} {
		if strings.Contains(window, word) {
			return true
		}
	}
	return false
}

// window is tokens in small letters, a blank before and after each.
func (k *kindReader) window(from, to int) string {
	var b strings.Builder
	b.WriteByte(' ')
	for i := from; i < to; i++ {
		if t := k.tokens[i]; t.kind == mark && t.r != '&' {
			continue
		}
		b.WriteString(k.lower(i))
		b.WriteByte(' ')
	}
	return b.String()
}

// cues are the words and phrases that tell what happens; the last word of one that ends with a blank stands in
// full. Those of EventSubmission speak of handing something in, and give way to a plainer word
// beside them; those of no kind mark a last moment.
var cues = func() (table [26][]cue) {
	for kind, list := range map[notice.EventKind]string{
		notice.EventQuestions: "clarification|clarifying|question |questions |queries|query|enquir|q & a|tqs ",
		notice.EventRegister: "register |registration|registering|rsvp|sign up|book |booking|wishing to attend|wish to attend|interest in attending|" +
			"confirm attendance|confirm your attendance|like to attend|intention to attend|interested in attending",
		notice.EventVisit: "site visit|visit |visits |viewing|site tour|walk round|site inspection",
		notice.EventEngagement: "engagement|webinar|briefing|supplier day|bidders day|bidder day|event |events |session|workshop|meet the buyer|" +
			"market consultation|information day|open day|market warming|conference|teams slots|meetings will|meet at ",
		notice.EventInterview: "interview|presentation|demonstration|clarification meeting|demos |pitches",
		notice.EventInterest: "expression of interest|expressions of interest|eoi|express interest|express an interest|express your interest|" +
			"express their interest|expressing|register interest|register your interest|register their interest|register an interest|" +
			"want to be considered|wish to be considered|wishing to be considered|want to be taken|wish to be taken|" +
			"request to participate|requests to participate|rtp|participation|selection questionnaire|sq |psq|pqq|procurement specific questionnaire",
		notice.EventNotice: "publish|publication|issue |issued|invitation to tender|tender notice|advert|launch|this notice|notice was|ted notice|" +
			"release|documents available|tender documentation available",
		notice.EventAward: "award|notification of intent|notification of outcome|preferred bidder|notify",
		notice.EventStart: "commenc|start|began |begin|effective|w e f |with effect from|go live|goes live|mobilis|contract period|contract term|" +
			"contract duration|contract dates|will run|shall run|runs from|run from|cover the period|period of framework|framework period|" +
			"duration ",
		notice.EventEnd: "expir|end date|ending|end |ends |terminat|completion|complete by|completed by|extended to|extend to|extension|to extend|" +
			"extended until|conclude|cease|valid until|open until|in force until",
		notice.EventOther: "standstill|representation|born|appointed on|resigned on|dated|evaluation|moderation|internal review|signed",
		notice.EventSubmission: "submission|submit|return|closing|closes|close |close on|deadline|due |receipt of|received|receive by|uploaded|" +
			"respond|response|reply|tenders by|bids by|quotes|quotation|quote |proposals|applications|completed questionnaire|questionnaire|email|" +
			"contact|apply by|bid by|bids |offers ",
		"": "by |before |deadline|no later than|closing|closes|close |latest |until |due |not later than|midnight ",
	} {
		for text := range strings.SplitSeq(list, "|") {
			first := text[0] - 'a'
			table[first] = append(table[first], cue{kind, text})
		}
	}
	return table
}()

// cue is a word or phrase that tells what happens.
type cue struct {
	kind notice.EventKind
	text string
}

// reach is where a cue stands in a window, and how long it is.
type reach struct{ at, size int }

// spoken is what the words of a window speak of.
type spoken struct {
	kind    notice.EventKind // of the plain cue nearest to the date
	plain   reach
	giving  reach                     // the nearest cue of handing in
	has     map[notice.EventKind]bool // the kinds of all cues
	limited bool                      // a last moment is marked
}

// listen finds the cues of a window. The date stands at its end where before is true and at its start otherwise.
func listen(window string, before bool) spoken {
	said := spoken{plain: reach{at: -1}, giving: reach{at: -1}, has: map[notice.EventKind]bool{}}
	for i := 1; i < len(window); i++ {
		c := window[i]
		if window[i-1] != ' ' || c < 'a' || c > 'z' {
			continue
		}
		for _, cue := range cues[c-'a'] {
			if !strings.HasPrefix(window[i:], cue.text) {
				continue
			}
			said.has[cue.kind] = true
			switch at := (reach{i, len(cue.text)}); cue.kind {
			case "":
				said.limited = true
			case notice.EventSubmission:
				if nearer(at, said.giving, before) {
					said.giving = at
				}
			default:
				if nearer(at, said.plain, before) {
					said.plain, said.kind = at, cue.kind
				}
			}
		}
	}
	return said
}

// decide says what the words of a window speak of: the plain cue nearest to the date, corrected
// by those beside it. sure is false for what only hints.
func decide(window string, before bool) (kind notice.EventKind, sure bool) {
	if len(window) < 3 {
		return "", false
	}
	said := listen(window, before)
	kind, has := said.kind, said.has
	meeting := kind == notice.EventEngagement || kind == notice.EventVisit || kind == notice.EventInterview
	given := said.giving.at >= 0
	switch {
	case given && !said.limited && before && opens(window):
		return notice.EventOther, true // a questionnaire opens, and nothing is handed in yet
	case kind == notice.EventOther && before && strings.HasSuffix(window, " until "):
		return notice.EventEnd, true
	case has[notice.EventOther] && (kind == notice.EventStart || kind == notice.EventEnd || kind == notice.EventAward) &&
		strings.Contains(window, " standstill"):
		return notice.EventOther, true
	case given && (kind == "" || nearer(said.giving, said.plain, before) ||
		said.limited && (kind == notice.EventEngagement || kind == notice.EventEnd) && !has[notice.EventRegister] && strings.Contains(window, "deadline")):
		switch { // something is handed in; a plainer word says what
		case said.limited && has[notice.EventQuestions] && !strings.Contains(window, " respond to the questions"):
			return notice.EventQuestions, true
		case said.limited && has[notice.EventInterest]:
			return notice.EventInterest, true
		case said.limited && has[notice.EventRegister] && (has[notice.EventEngagement] || has[notice.EventVisit]):
			return notice.EventRegister, true
		case kind == notice.EventOther || kind == notice.EventInterview && !said.limited:
			return kind, true
		}
		return notice.EventSubmission, true
	case said.limited && meeting && has[notice.EventRegister]:
		return notice.EventRegister, true
	case said.limited && given && kind == notice.EventEngagement && endsLimited(window):
		return notice.EventSubmission, true
	case kind == notice.EventEnd && strings.Contains(window, "questionnaire"):
		return notice.EventSubmission, true
	case kind == notice.EventRegister && has[notice.EventInterest] && !has[notice.EventEngagement]:
		return notice.EventInterest, true
	case kind != "":
		return kind, true
	}
	if before && (strings.HasSuffix(window, " until ") || strings.HasSuffix(window, " until the ") || strings.HasSuffix(window, " up to ")) {
		return notice.EventEnd, false
	}
	if before && (strings.HasSuffix(window, " from ") || strings.HasSuffix(window, " from the ")) {
		return notice.EventStart, false
	}
	return "", false
}

// opens reports whether something begins to be there on the date that a window leads up to: "the questionnaire opens on".
func opens(window string) bool {
	if strings.HasSuffix(window, " from ") || strings.HasSuffix(window, " from the ") {
		return true
	}
	for _, word := range [...]string{" opens ", " open on ", " opening ", " will open ", " opened "} {
		if i := strings.LastIndex(window, word); i >= 0 && strings.Count(window[i+len(word):], " ") <= 3 {
			return true
		}
	}
	return false
}

// endsLimited reports whether a last moment is marked right before the date.
func endsLimited(window string) bool {
	for _, end := range [...]string{" by ", " before ", " than ", " until ", " by the ", " deadline "} {
		if strings.HasSuffix(window, end) {
			return true
		}
	}
	return false
}

// nearer reports whether a cue is nearer to the date than the best so far, or at the same place longer.
func nearer(a, best reach, before bool) bool {
	switch {
	case best.at < 0:
		return true
	case a.at == best.at:
		return a.size > best.size
	case before:
		return a.at > best.at
	}
	return a.at < best.at
}
