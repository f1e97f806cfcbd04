// Package index is the contract of a search index over notices: a cache of the
// store that remembers how far it has read and can be thrown away. Search,
// similar notices and finders ask it; matching never does.
//
// What is searched is said here, once, for every engine: [Describe] gives the
// texts and tokens of a notice, [Query] what may be asked of them, and
// [Query.Clauses] how its words are read. Engines keep the contract
// (index/bleve); indextest proves it of each.
package index

import (
	"context"
	"errors"

	"bidfit/notice"
)

// Mark is how far an index has read: which store, and up to which change.
type Mark struct {
	Store string
	N     uint64
}

// Hit is one notice found.
type Hit struct {
	ID string // Notice.ID
	// Score orders hits of one search; it means nothing across searches or in a fit.
	Score float64
}

// Result is one page of hits, best first, equal scores by ID.
type Result struct {
	Total uint64
	Hits  []Hit
}

var (
	// ErrQuery is wrapped by the error of a query beyond its bounds.
	ErrQuery = errors.New("the query is out of bounds")
	// ErrInUse is wrapped by the error of opening an index that another process holds.
	ErrInUse = errors.New("the index is open in another process")
	// ErrDamaged is wrapped by the error of reading an index that turns out
	// to be broken. The remedy is Reset and reading the store again.
	ErrDamaged = errors.New("the index is damaged")
)

// BatchSize is how many notices a reader of the store best gives to one Put: enough to
// share the cost of a commit, few enough to hold in memory.
const BatchSize = 512

// Index is the contract. Methods are safe for concurrent use.
type Index interface {
	// Mark is how far the index has read; the zero Mark when new, reset or rebuilt.
	Mark() Mark
	// Put adds or replaces notices, removes those gone, and moves the mark, in
	// one batch: after a crash either all of it is there or none. Of two notices with
	// one ID the later wins; one that is also gone is gone.
	Put(ctx context.Context, m Mark, notices []*notice.Notice, gone []string) error
	// Reset empties the index, whatever state it is in, for a rebuild.
	Reset(ctx context.Context) error
	// Search finds the notices for which every part of the query holds.
	Search(ctx context.Context, q Query) (Result, error)
	// Tally tells of each token how many of the notices that the query finds carry it. The page of the query is not looked at.
	Tally(ctx context.Context, q Query, tokens []string) ([]uint64, error)
	// Similar lists up to size notices that share the most telling words with
	// n, best first, n itself left out. n need not be in the index.
	Similar(ctx context.Context, n *notice.Notice, size int) ([]Hit, error)
	// Carried lists, in order, the tokens that begin with the prefix and that notices carry. Tokens
	// of notices since replaced or gone may still be among them: only a search tells.
	Carried(ctx context.Context, prefix string) ([]string, error)
	// Count is the number of notices in the index.
	Count(ctx context.Context) (uint64, error)
	Close() error
}
