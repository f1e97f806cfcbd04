// Package index is the contract of a search index over notices: a cache of
// the store that remembers how far it has read and can be thrown away. Search, similar notices and finders
// ask it; matching never does. Engines keep it (index/bleve), indextest proves it of each.
package index

import (
	"context"

	"bidfit/notice"
)

// Mark is how far an index has read: which store, and up to which change.
type Mark struct {
	Store string
	N     uint64
}

// Query is what is looked for. All parts must hold; the zero Query finds everything.
type Query struct {
	// Words must all be mentioned (in the sense of package words), in any
	// field; words in "double quotes" must stand together.
	Words string
	// Tokens must each be carried by the notice, as Tokens gives them; those
	// of one prefix are alternatives ("stage:tender", "stage:planned").
	Tokens []string
	// From and Size page through the hits; Size 0 means 20, at most 1000.
	From, Size int
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

// Index is the contract. Methods are safe for concurrent use.
type Index interface {
	// Mark is how far the index has read; the zero Mark when new or rebuilt.
	Mark() Mark
	// Put adds or replaces notices, removes those gone, and moves the mark, in one batch: after a
	// crash either all of it is there or none.
	Put(ctx context.Context, m Mark, notices []*notice.Notice, gone []string) error
	// Reset empties the index, for a rebuild.
	Reset(ctx context.Context) error
	Search(ctx context.Context, q Query) (Result, error)
	// Similar lists notices that share the most telling words with one, itself left out.
	Similar(ctx context.Context, id string, size int) (Result, error)
	Count(ctx context.Context) (uint64, error)
	Close() error
}
