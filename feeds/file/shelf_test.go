package file

import (
	"context"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice/ocds"
)

// shelf is a sink that counts, and ends like a process that is killed.
type shelf struct {
	*feedstest.Sink
	takes int
	// left is how many calls are still done, 0 for no end; lost says that the last one is, and nobody told.
	left   int
	lost   bool
	killed bool
	watch  func(feeds.Progress)
}

var errKilled = errors.New("killed")

func newShelf() *shelf {
	s := &shelf{Sink: feedstest.NewSink()}
	s.Before = func(call string) error {
		if s.left > 0 && !s.killed {
			s.left--
			s.killed = s.left == 0
		}
		if s.killed && (s.left < 0 || !s.lost) {
			return errKilled
		}
		if call == "take" {
			s.takes++
		}
		return nil
	}
	s.After = func(string) error {
		if s.killed {
			s.left = -1 // what comes after is not done
			return errKilled
		}
		return nil
	}
	return s
}

func (s *shelf) Tell(p feeds.Progress) {
	s.Sink.Tell(p)
	if s.watch != nil {
		s.watch(p)
	}
}

// OCIDs lists those of the releases, sorted, each once.
func (s *shelf) OCIDs() []string {
	var list []string
	for _, h := range s.Have {
		list = append(list, h.OCID)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// thrown is a sink that keeps nothing.
type thrown struct {
	takes, items int
	watch        func(takes int)
}

func (s *thrown) Take(_ context.Context, _ string, items []ocds.Item) (feeds.Taken, error) {
	s.takes++
	s.items += len(items)
	s.watch(s.takes)
	return feeds.Taken{Stored: len(items)}, nil
}
func (*thrown) Keep(context.Context, jsontext.Value) error { return nil }
func (*thrown) Tell(feeds.Progress)                        {}
