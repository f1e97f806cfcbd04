package file

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
	"bidfit/notice/ocds"
)

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
