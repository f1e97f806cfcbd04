package desk

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"bidfit/index"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/store"
)

// This file finds what a question is about without reading the whole store.

// awardStages are the stages at which notices have awards.
var awardStages = []string{"stage:award", "stage:contract", "stage:ended"}

// errTooMany is what a question comes to that has more notices than an index can page through.
var errTooMany = errors.New("more notices than one question can take in")

// field lists the notices with awards that may be in a profile's field: those filed in a CPV division in which it stands by its
// codes or words, and those that mention all the words of one of its keywords. Where a profile has neither, or its field is too large for the
// index, or everything is asked for, it is every notice that has awards; scanned says so.
func (d *Desk) field(ctx context.Context, p *profiles.Profile, m *matcher.Matcher, everything bool) (ids []string, scanned bool, err error) {
	if err := d.CatchUp(ctx); err != nil {
		return nil, false, err
	}
	seen := map[string]bool{}
	found := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	var divisions []string
	for _, c := range m.Divisions() {
		divisions = append(divisions, index.CPVToken(c))
	}
	const room = 16 // tokens that narrow a question are added to it
	var questions []index.Query
	for some := range slices.Chunk(divisions, index.MaxTokens-room) {
		questions = append(questions, index.Query{Tokens: slices.Concat(some, awardStages)})
	}
	for _, k := range p.Keywords {
		q := index.Query{Words: k, Tokens: awardStages}
		if clauses, err := q.Clauses(); err == nil && len(clauses) > 0 {
			questions = append(questions, q)
		}
	}
	if everything || len(p.CPV)+len(p.Keywords) == 0 {
		questions = nil
	}
	for _, q := range questions {
		err := d.mending(ctx, func(ctx context.Context) error { return d.pages(ctx, q, narrower[1:], found) })
		if errors.Is(err, errTooMany) {
			questions = nil
			break
		}
		if err != nil {
			return nil, false, err
		}
	}
	if len(questions) > 0 {
		return ids, false, nil
	}
	ids = nil
	for n, err := range d.store.Notices(ctx) {
		if err != nil {
			return nil, false, err
		}
		if len(n.Awards) > 0 {
			ids = append(ids, n.ID)
		}
	}
	return ids, true, nil
}

// each does something with notices out of the store, on all processors: most of the work is unpacking them. do gets
// the place of the id. Notices that are gone since the index was read are passed over.
func (d *Desk) each(ctx context.Context, ids []string, do func(i int, n *notice.Notice) error) error {
	return atOnce(ctx, len(ids), func(i int) error {
		n, err := d.store.Notice(ctx, ids[i])
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		}
		return do(i, n)
	})
}

// atOnce does n things on all processors and gives the errors of all of them.
func atOnce(ctx context.Context, n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[i] = do(i)
			}
		})
	}
	workers.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// lexicon is the current one, of the lots in memory where they are in step and else out of the store alone.
func (d *Desk) lexicon(ctx context.Context) (*matcher.Lexicon, error) {
	_, version, err := d.store.Newest(ctx)
	if err != nil {
		return nil, err
	}
	if l := d.lots.Load(); version != "" && l.serve(version, false) {
		return l.lexicon, nil
	}
	if version != "" {
		if _, encoded, err := d.store.Lexicon(ctx, version); err == nil {
			if lexicon, err := matcher.DecodeLexicon(encoded); err == nil {
				return lexicon, nil
			}
		}
	}
	// There is none, or it cannot be read: the lots know what to do.
	l, err := d.inStep(ctx, false)
	if err != nil {
		return nil, err
	}
	return l.lexicon, nil
}

// sameOpportunity gathers the notices of one opportunity, published under whatever OCIDs: the notice itself and
// those of the OCIDs that are also its own, as Match takes them together.
func (d *Desk) sameOpportunity(ctx context.Context, n *notice.Notice) ([]*notice.Notice, error) {
	all := []*notice.Notice{n}
	also, err := d.store.Also(ctx, n.OCID)
	if err != nil {
		return nil, err
	}
	for _, ocid := range also {
		other, err := d.store.Notice(ctx, ocid)
		switch {
		case errors.Is(err, store.ErrNotFound): // named, and not in the store
		case err != nil:
			return nil, err
		case other.ID != n.ID:
			all = append(all, other)
		}
	}
	return all, nil
}
