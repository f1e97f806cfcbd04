package bleve

import (
	"context"
	"errors"
	"fmt"
	"math/bits"

	engine "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	api "github.com/blevesearch/bleve_index_api"

	"bidfit/index"
)

// Tally tells of each token how many of the notices that the query finds carry it. The query is run once; what each token is carried by
// is read beside it.
func (x *Index) Tally(ctx context.Context, q index.Query, tokens []string) ([]uint64, error) {
	bq, err := boolean(q)
	if err != nil {
		return nil, fmt.Errorf("index: tally: %w", err)
	}
	counts := make([]uint64, len(tokens))
	err = x.read("tally", func(live engine.Index) (err error) {
		advanced, err := live.Advanced()
		if err != nil {
			return err
		}
		reader, err := advanced.Reader()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, reader.Close()) }()
		found, err := everything, error(nil)
		if _, all := bq.(*query.MatchAllQuery); !all {
			if found, err = foundBy(ctx, live, reader, bq); err != nil {
				return damaged(ctx, err)
			}
		}
		for i, token := range tokens {
			if err := ctx.Err(); err != nil {
				return damaged(ctx, err)
			}
			if counts[i], err = found.carrying(ctx, reader, token); err != nil {
				return damaged(ctx, err)
			}
		}
		return nil
	})
	return counts, err
}

// damaged is an error of reading, where nobody gave up.
func damaged(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("gave up: %w", ctx.Err())
	}
	return fmt.Errorf("%w (Reset and read the store again): %w", index.ErrDamaged, err)
}

// numbers is a set of documents by their numbers, which hold for one reader.
type numbers struct {
	all  bool
	bits []uint64
	n    uint64
}

var everything = numbers{all: true}

func (n *numbers) add(number uint64) {
	for number/64 >= uint64(len(n.bits)) {
		n.bits = append(n.bits, make([]uint64, 1+len(n.bits))...)
	}
	n.bits[number/64] |= 1 << (number % 64)
	n.n++
}

func (n *numbers) has(number uint64) bool {
	return number/64 < uint64(len(n.bits)) && n.bits[number/64]>>(number%64)&1 == 1
}

// after is the first of them from a number on.
func (n *numbers) after(number uint64) (uint64, bool) {
	for at := number / 64; at < uint64(len(n.bits)); at++ {
		word := n.bits[at]
		if at == number/64 {
			word &= ^uint64(0) << (number % 64)
		}
		if word != 0 {
			return at*64 + uint64(bits.TrailingZeros64(word)), true
		}
	}
	return 0, false
}

// givingUp is how many documents are read between looks at whether anybody still waits.
const givingUp = 4096

// foundBy is what a query finds, unscored.
func foundBy(ctx context.Context, live engine.Index, reader api.IndexReader, q query.Query) (n numbers, err error) {
	searcher, err := q.Searcher(ctx, reader, live.Mapping(), search.SearcherOptions{Score: "none"})
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: reader}
	for i := 1; ; i++ {
		match, err := searcher.Next(sc)
		if err != nil || match == nil {
			return n, err
		}
		n.add(match.IndexInternalID.Value())
		sc.DocumentMatchPool.Put(match)
		if i%givingUp == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
}

// sparse is how many times more documents have to carry a token than were found, for the found ones to be looked up one by one.
const sparse = 16

// carrying counts those that carry a token.
func (n *numbers) carrying(ctx context.Context, reader api.IndexReader, token string) (count uint64, err error) {
	postings, err := reader.TermFieldReader(ctx, []byte(token), tokenField, false, false, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, postings.Close()) }()
	if n.all {
		return postings.Count(), nil
	}
	if n.n == 0 {
		return 0, nil
	}
	var doc api.TermFieldDoc
	if postings.Count() > sparse*n.n {
		var id api.IndexInternalID
		for next, more := n.after(0); more; {
			id = api.NewIndexInternalID(id, next)
			at, err := postings.Advance(id, doc.Reset())
			if err != nil || at == nil {
				return count, err
			}
			number := at.ID.Value()
			if number == next {
				count++
				number++
			}
			next, more = n.after(number)
		}
		return count, nil
	}
	for i := 1; ; i++ {
		at, err := postings.Next(doc.Reset())
		if err != nil || at == nil {
			return count, err
		}
		if n.has(at.ID.Value()) {
			count++
		}
		if i%givingUp == 0 && ctx.Err() != nil {
			return count, ctx.Err()
		}
	}
}
