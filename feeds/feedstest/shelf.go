// Package feedstest is the notice services as tests have them, with their faults, and the sink that feeds fill.
package feedstest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/notice"
	"bidfit/notice/ocds"
)

// ErrKilled is what a Shelf gives for what comes after it was to be killed.
var ErrKilled = errors.New("killed")

// Shelf is a sink in memory, to which things happen: it ends like a process that is killed, between any two of its calls or
// just after one that it still did. What it has then, a process finds that starts again.
type Shelf struct {
	// Left is how many calls of Take and Keep are still done, then everything fails; 0 is no end. Lost says that the last of them was done
	// and nobody told.
	Left int
	Lost bool
	// Watch is called with what is told.
	Watch func(feeds.Progress)

	mu       sync.Mutex
	kept     jsontext.Value
	releases map[string]*notice.Release
	rejected map[string]notice.Rejected
	takes    int
	last     feeds.Progress
	killed   bool
}

func (s *Shelf) call(do func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.killed {
		return ErrKilled
	}
	if s.Left > 0 {
		if s.Left--; s.Left == 0 {
			s.killed = true
			if !s.Lost {
				return ErrKilled
			}
			do()
			return ErrKilled
		}
	}
	do()
	return nil
}

// Take keeps releases, each once by OCID, identity and content.
func (s *Shelf) Take(ctx context.Context, source string, items []ocds.Item) (feeds.Taken, error) {
	if err := ctx.Err(); err != nil {
		return feeds.Taken{}, err
	}
	var n feeds.Taken
	err := s.call(func() {
		s.takes++
		if s.releases == nil {
			s.releases, s.rejected = map[string]*notice.Release{}, map[string]notice.Rejected{}
		}
		for _, x := range items {
			if x.Rejected != nil {
				n.Quarantined++
				s.rejected[x.Rejected.Code+" "+string(x.Rejected.Raw)] = *x.Rejected
				continue
			}
			key := x.Release.OCID + " " + x.Release.ID + " " + notice.HashName(x.Release.Hash)
			if _, ok := s.releases[key]; ok {
				n.Duplicates++
				continue
			}
			n.Stored++
			s.releases[key] = x.Release
		}
	})
	return n, err
}

// Keep keeps the state.
func (s *Shelf) Keep(ctx context.Context, state jsontext.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.call(func() { s.kept = slices.Clone(state) })
}

// Tell remembers what was told last.
func (s *Shelf) Tell(p feeds.Progress) {
	s.mu.Lock()
	s.last = p
	s.mu.Unlock()
	if s.Watch != nil {
		s.Watch(p)
	}
}

// State is what was kept last, Told what was told, Takes how often something was taken.
func (s *Shelf) State() jsontext.Value { s.mu.Lock(); defer s.mu.Unlock(); return slices.Clone(s.kept) }
func (s *Shelf) Told() feeds.Progress  { s.mu.Lock(); defer s.mu.Unlock(); return s.last }
func (s *Shelf) Takes() int            { s.mu.Lock(); defer s.mu.Unlock(); return s.takes }

// Again is the process that starts after this one ended.
func (s *Shelf) Again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killed, s.Left = false, 0
}

// Killed reports whether it has come to that.
func (s *Shelf) Killed() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.killed }

// OCIDs lists those of the releases, sorted, each once; Releases are they, sorted by OCID and id.
func (s *Shelf) OCIDs() []string {
	var list []string
	for _, r := range s.Releases() {
		list = append(list, r.OCID)
	}
	return slices.Compact(list)
}

func (s *Shelf) Releases() []*notice.Release {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*notice.Release
	for _, key := range slices.Sorted(maps.Keys(s.releases)) {
		list = append(list, s.releases[key])
	}
	return list
}

// Rejected lists what was rejected.
func (s *Shelf) Rejected() []notice.Rejected {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.rejected))
}
