package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/store"
)

// Found is one page of a search.
type Found struct {
	Total   uint64           `json:"total"`
	Notices []*notice.Notice `json:"notices"`
	// Next is the cursor of the page after this one, "" where it is the last, or lies beyond what a search reaches (index.MaxReach).
	Next string `json:"next,omitzero"`
}

// Search finds notices that mention the words and carry the tokens, best first.
func (d *Desk) Search(ctx context.Context, q index.Query) (Found, error) {
	r, err := d.searched(ctx, q)
	if err != nil {
		return Found{}, err
	}
	return d.found(ctx, q, r, r.Hits)
}

// SearchAfter is the page after another one, by its Next: it begins after the last notice of that, wherever it has come to stand within
// mostMoved places. The From of the query is not looked at. ErrCursor.
func (d *Desk) SearchAfter(ctx context.Context, q index.Query, cursor string) (Found, error) {
	last, err := readHit(cursor)
	if err != nil {
		return Found{}, err
	}
	if _, q.Size, err = q.Page(); err != nil {
		return Found{}, err
	}
	wide := q
	wide.From = max(0, last.Before-mostMoved)
	wide.Size = min(q.Size+2*mostMoved, index.MaxSize, index.MaxReach-wide.From)
	r, err := d.searched(ctx, wide)
	if err != nil {
		return Found{}, err
	}
	q.From = min(last.Before, wide.From+len(r.Hits)) // where its place is taken by others, those after that place
	if i := slices.IndexFunc(r.Hits, func(h index.Hit) bool { return h.ID == last.ID }); i >= 0 {
		q.From = wide.From + i + 1
	}
	rest := r.Hits[q.From-wide.From:]
	return d.found(ctx, q, r, rest[:min(len(rest), q.Size)])
}

// searched is what the index finds.
func (d *Desk) searched(ctx context.Context, q index.Query) (index.Result, error) {
	key := fmt.Sprintf("%d %d %q %q", q.From, q.Size, q.Words, q.Tokens)
	return once(ctx, d, &d.searches, key, mostHits, func(r index.Result) int { return 1 + len(r.Hits) }, func() (r index.Result, err error) {
		if err := d.CatchUp(ctx); err != nil {
			return index.Result{}, err
		}
		err = d.mending(ctx, func(ctx context.Context) (err error) {
			r, err = d.index.Search(ctx, q)
			return err
		})
		return r, err
	})
}

// found is a page of hits, which begins where the query does.
func (d *Desk) found(ctx context.Context, q index.Query, r index.Result, hits []index.Hit) (Found, error) {
	f := Found{Total: r.Total, Notices: make([]*notice.Notice, 0, len(hits))}
	for _, h := range hits {
		n, err := d.store.Notice(ctx, h.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue // removed since the index was read; the next catch-up forgets it
		}
		if err != nil {
			return Found{}, err
		}
		f.Notices = append(f.Notices, n)
	}
	if end := q.From + len(hits); len(hits) > 0 && uint64(end) < r.Total && end < index.MaxReach {
		f.Next = hit{end, hits[len(hits)-1].ID}.cursor()
	}
	return f, nil
}

// mostMoved is how far the last notice of a page may have moved until the next page is asked for.
const mostMoved = 100

// hit is what a cursor keeps: the last notice of a page, and how many are before the next.
type hit struct {
	Before int    `json:"n"`
	ID     string `json:"id"`
}

func (h hit) cursor() string { return writeCursor(h) }

func readHit(cursor string) (h hit, err error) {
	if err := readCursor(cursor, &h); err != nil {
		return hit{}, err
	}
	if h.Before < 1 || h.Before >= index.MaxReach || h.ID == "" {
		return hit{}, ErrCursor
	}
	return h, nil
}

// Notice finds a notice by its id, by an OCID it is also published under, or
// by the id of one of its releases (a notice number such as 058956-2026). ErrNotFound.
func (d *Desk) Notice(ctx context.Context, id string) (*notice.Notice, error) {
	n, err := d.store.Notice(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	also, aerr := d.store.Also(ctx, id)
	if aerr != nil {
		return nil, aerr
	}
	for _, ocid := range also {
		if n, err := d.store.Notice(ctx, ocid); !errors.Is(err, store.ErrNotFound) {
			return n, err
		}
	}
	found, serr := d.Search(ctx, index.Query{Tokens: []string{"release:" + id}, Size: 1})
	if serr == nil && len(found.Notices) == 1 {
		return found.Notices[0], nil
	}
	return nil, fmt.Errorf("notice %q: %w; \"search\" finds notices by their words", id, store.ErrNotFound)
}

// Also lists the other OCIDs of the same opportunity.
func (d *Desk) Also(ctx context.Context, ocid string) ([]string, error) {
	return d.store.Also(ctx, ocid)
}
