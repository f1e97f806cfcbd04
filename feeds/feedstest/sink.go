package feedstest

import (
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
)

// Sink keeps what a feed reads in memory. It is for one sync after another.
type Sink struct {
	// Have is the releases: when each identity was first taken, in which bytes.
	Have map[string]Had
	// State is what the feed kept last.
	State jsontext.Value
	// Tally sums up over all syncs; Last is what was told last, Waits how long was waited, by why.
	Tally feeds.Tally
	Last  feeds.Progress
	Told  int
	Waits map[string]time.Duration
	Keeps int
	// Rejected is what was quarantined.
	Rejected []*notice.Rejected
	// Before and After are called around every Take and Keep, with the name of the call; an error is that of a program which ends there.
	Before, After func(call string) error
}

// Had is a release that was taken.
type Had struct {
	OCID, ID string
	At       time.Time // by the clock
	Date     time.Time
	Hash     [32]byte
	Times    int
}

// NewSink is an empty one.
func NewSink() *Sink { return &Sink{Have: map[string]Had{}, Waits: map[string]time.Duration{}} }

func call(hook func(string) error, name string) error {
	if hook == nil {
		return nil
	}
	return hook(name)
}

// Take keeps the releases.
func (s *Sink) Take(ctx context.Context, _ string, items []ocds.Item) (feeds.Taken, error) {
	if err := ctx.Err(); err != nil {
		return feeds.Taken{}, err
	}
	if err := call(s.Before, "take"); err != nil {
		return feeds.Taken{}, err
	}
	var n feeds.Taken
	for _, i := range items {
		if i.Release == nil {
			n.Quarantined++
			s.Rejected = append(s.Rejected, i.Rejected)
			continue
		}
		key := i.Release.OCID + " " + i.Release.Identity()
		had, ok := s.Have[key]
		if !ok {
			had = Had{OCID: i.Release.OCID, ID: i.Release.ID, At: time.Now(), Date: i.Release.Date, Hash: i.Release.Hash}
			n.Stored++
		} else {
			n.Duplicates++
		}
		had.Times++
		s.Have[key] = had
	}
	s.Tally.Add(n)
	return n, call(s.After, "take")
}

// Keep keeps the state.
func (s *Sink) Keep(ctx context.Context, state jsontext.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := call(s.Before, "keep"); err != nil {
		return err
	}
	s.State = slices.Clone(state)
	s.Keeps++
	return call(s.After, "keep")
}

// Tell remembers what was told last.
func (s *Sink) Tell(p feeds.Progress) {
	s.Last = p
	s.Told++
	s.Waits[p.Why] += p.Wait
}

// IDs are the ids of the releases in order.
func (s *Sink) IDs() []string {
	var ids []string
	for _, h := range s.Have {
		ids = append(ids, h.ID)
	}
	slices.Sort(ids)
	return ids
}
