package pursuit

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// Kind is what a record keeps.
type Kind string

const (
	KindSnooze Kind = "snooze"
	KindSeen   Kind = "seen"
	KindEntry  Kind = "entry"
	KindSearch Kind = "search"
	KindIngest Kind = "ingest" // when notices were last read, and how new they were
	KindFeed   Kind = "feed"   // how far a feed is, by its name; of the whole store
	KindAlert  Kind = "alert"  // a subscription, by its id

	// What the alerts write down as they work: how far they have read, what waits for its time, what was told of, what is to be
	// sent and what was.
	KindMark   Kind = "mark"
	KindDue    Kind = "due"
	KindTold   Kind = "told"
	KindOutbox Kind = "outbox"
	KindSent   Kind = "sent"
)

// Quiet reports whether nobody follows the records of a kind: they are kept in the same transactions as others, and the change feed does
// not tell of them. There may be millions, and each is read by whoever wrote it alone.
func (k Kind) Quiet() bool {
	switch k {
	case KindFeed, KindMark, KindDue, KindTold, KindOutbox, KindSent:
		return true
	}
	return false
}

// Record is the last word of a kind about one thing. Unlike decisions and ratings records are not
// added up: a later one takes the place of the one before.
type Record struct {
	Kind    Kind   `json:"kind"`
	Profile string `json:"profile,omitzero"` // "" for what belongs to no profile
	// Name is what it is about: a target as OCID[/LOT], or the name of a search.
	Name string `json:"name"`
	// Content is what is kept, as JSON; none says that nothing is kept any more.
	Content jsontext.Value `json:"content,omitzero"`
}

// record makes a record of what is to be kept; nil is nothing.
func record(kind Kind, profile, name string, content any) (Record, error) {
	r := Record{Kind: kind, Profile: profile, Name: name}
	if content == nil {
		return r, nil
	}
	var err error
	if r.Content, err = json.Marshal(content, json.Deterministic(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return Record{}, fmt.Errorf("%s of %s: %w", kind, name, err)
	}
	return r, nil
}

// Read is what a record keeps.
func Read[T any](r Record) (T, error) {
	var v T
	if err := json.Unmarshal(r.Content, &v); err != nil {
		return v, fmt.Errorf("%s of %s cannot be read: %w", r.Kind, r.Name, err)
	}
	return v, nil
}

// Until is the change of a notice that ends a snooze.
type Until string

const (
	UntilValue    Until = "value"
	UntilDeadline Until = "deadline"
	UntilStage    Until = "stage"
	UntilChange   Until = "change" // of anything: the next release
)

// ParseUntil reads an Until as typed.
func ParseUntil(s string) (Until, error) {
	switch u := Until(s); u {
	case UntilValue, UntilDeadline, UntilStage, UntilChange:
		return u, nil
	}
	return "", fmt.Errorf("%q is none of value, deadline, stage, change", s)
}

// Words finish a sentence: "snoozed until the value changes".
func (u Until) Words() string {
	switch u {
	case UntilValue:
		return "the value changes"
	case UntilDeadline:
		return "the deadline changes"
	case UntilStage:
		return "it comes to another stage"
	}
	return "anything changes"
}

// Mark is what is held against a later state of a notice, to tell whether the thing it is of changed.
func (u Until) Mark(n *notice.Notice, lot string) string {
	switch u {
	case UntilValue:
		mark := n.Value.Words()
		for i := range n.Lots {
			if l := &n.Lots[i]; lot == "" || l.ID == lot {
				mark += "|" + l.Value.Words()
			}
		}
		return mark
	case UntilDeadline:
		return said(n.Deadline.Said) + "|" + said(n.Engagement.Said) + "|" + said(n.Future)
	case UntilStage:
		return string(n.Stage)
	}
	return History(n)
}

func said(m notice.Said[notice.Moment]) string {
	if !m.Known() {
		return ""
	}
	return m.Value.End().UTC().Format(time.RFC3339)
}

// History is a mark of all that was released: it is another after any release, revision or withdrawal.
func History(n *notice.Notice) string {
	h := fnv.New64a()
	for _, r := range n.Releases {
		io.WriteString(h, r.Hash)
	}
	return fmt.Sprintf("%d-%016x", len(n.Releases), h.Sum64())
}

// Snooze hides a target until something about it changes.
type Snooze struct {
	Target
	Profile string    `json:"profile"`
	Until   Until     `json:"until"`
	Mark    string    `json:"mark"` // Until.Mark of that day
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
}

// Record is the snooze as it is kept.
func (s Snooze) Record() (Record, error) { return record(KindSnooze, s.Profile, s.Target.String(), s) }

// Seen is what of a notice the people of a profile last saw.
type Seen struct {
	Notice  string `json:"notice"`
	Profile string `json:"profile"`
	// History is the mark of the notice as it was seen, Release and Hash name the newest release of it.
	History string    `json:"history"`
	Release string    `json:"release"`
	Hash    string    `json:"hash"`
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
}

// Record is what was seen as it is kept.
func (s Seen) Record() (Record, error) { return record(KindSeen, s.Profile, s.Notice, s) }

// See is what is seen of a notice today.
func See(profile string, n *notice.Notice, who string, when time.Time) Seen {
	s := Seen{Notice: n.ID, Profile: profile, History: History(n), Who: who, When: when}
	if len(n.Releases) > 0 {
		last := n.Releases[len(n.Releases)-1]
		s.Release, s.Hash = last.Identity, last.Hash
	}
	return s
}

// Progress is how far one's own work on a bid has come.
type Progress string

const (
	Qualify   Progress = "qualify"
	Prepare   Progress = "prepare"
	Submitted Progress = "submitted"
	Won       Progress = "won"
	Lost      Progress = "lost"
	Withdrawn Progress = "withdrawn"
)

// Progresses are the stages of one's own pipeline, in order.
var Progresses = []Progress{Qualify, Prepare, Submitted, Won, Lost, Withdrawn}

// ParseProgress reads a stage of the pipeline as typed.
func ParseProgress(s string) (Progress, error) {
	for _, p := range Progresses {
		if string(p) == s {
			return p, nil
		}
	}
	return "", fmt.Errorf("stage %q is none of qualify, prepare, submitted, won, lost, withdrawn", s)
}

// Working reports whether there is work left to do before the deadline.
func (p Progress) Working() bool { return p == Qualify || p == Prepare }

// MostHours bounds what a bid may be said to take.
const MostHours = 10_000

// Entry is a place on the shortlist: one's own work on a bid.
type Entry struct {
	Target
	Profile string        `json:"profile"`
	Stage   Progress      `json:"stage"`
	Owner   string        `json:"owner,omitzero"`
	Note    string        `json:"note,omitzero"`
	Next    string        `json:"next,omitzero"`   // what is to be done next
	NextBy  notice.Moment `json:"nextBy,omitzero"` // and by when
	Hours   int           `json:"hours,omitzero"`  // the whole bid takes; 0 where nobody said
	Who     string        `json:"who"`
	When    time.Time     `json:"when"`
}

// Step is what is to be done next, in words: "to do: call the buyer"; "" where neither that nor a day is said.
func (e Entry) Step() string {
	switch {
	case e.Next != "":
		return "to do: " + e.Next
	case !e.NextBy.IsZero():
		return "next step"
	}
	return ""
}

// Check says what is wrong with an entry.
func (e Entry) Check() error {
	if _, err := ParseProgress(string(e.Stage)); err != nil {
		return err
	}
	if e.Hours < 0 || e.Hours > MostHours {
		return fmt.Errorf("hours: %d is not from 0 to %d; 0 is not known", e.Hours, MostHours)
	}
	for _, text := range []struct{ field, said string }{{"owner", e.Owner}, {"next action", e.Next}, {"note", e.Note}} {
		if len(text.said) > mostText {
			return fmt.Errorf("%s: %d bytes are more than the %d that are kept", text.field, len(text.said), mostText)
		}
	}
	return nil
}

// mostText bounds what is kept of a text that people write.
const mostText = 8 << 10

// Record is the entry as it is kept.
func (e Entry) Record() (Record, error) { return record(KindEntry, e.Profile, e.Target.String(), e) }

// Search is a search that is kept under a name.
type Search struct {
	Name    string    `json:"name"`
	Profile string    `json:"profile,omitzero"` // "" for a search over all notices
	Query   string    `json:"query"`            // as in an address: "q=mediation&stage=tender"
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
}

// Check says what is wrong with a search.
func (s Search) Check() error {
	switch {
	case s.Name == "":
		return errors.New("a saved search needs a name")
	case !utf8.ValidString(s.Name) || strings.ContainsFunc(s.Name, unicode.IsControl):
		return fmt.Errorf("the name of a saved search, %.80q, has characters that cannot be seen; leave them out", s.Name)
	case len(s.Name) > 200:
		return fmt.Errorf("the name of a saved search has %d bytes; 200 are kept", len(s.Name))
	case len(s.Query) > mostText:
		return fmt.Errorf("the query of search %q has %d bytes; %d are kept", s.Name, len(s.Query), mostText)
	}
	return nil
}

// Record is the search as it is kept.
func (s Search) Record() (Record, error) { return record(KindSearch, s.Profile, s.Name, s) }

// Ingest is when notices were last read into the store.
type Ingest struct {
	When time.Time `json:"when"`
	// Newest is the date of the newest release that was ever read.
	Newest time.Time `json:"newest,omitzero"`
	Stored int       `json:"stored"` // releases that were new
}

// Record is the ingest as it is kept.
func (i Ingest) Record() (Record, error) { return record(KindIngest, "", "last", i) }

// Forget is a record that nothing is kept under a name any more.
func Forget(kind Kind, profile, name string) Record {
	return Record{Kind: kind, Profile: profile, Name: name}
}
