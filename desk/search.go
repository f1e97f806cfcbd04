package desk

import (
	"context"
	"errors"
	"fmt"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/store"
)

// Found is one page of a search.
type Found struct {
	Total   uint64           `json:"total"`
	Notices []*notice.Notice `json:"notices"`
}

// Search finds notices that mention the words and carry the tokens, best first.
func (d *Desk) Search(ctx context.Context, q index.Query) (Found, error) {
	if err := d.CatchUp(ctx); err != nil {
		return Found{}, err
	}
	var r index.Result
	err := d.mending(ctx, func(ctx context.Context) (err error) {
		r, err = d.index.Search(ctx, q)
		return err
	})
	if err != nil {
		return Found{}, err
	}
	f := Found{Total: r.Total, Notices: make([]*notice.Notice, 0, len(r.Hits))}
	for _, h := range r.Hits {
		n, err := d.store.Notice(ctx, h.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue // removed since the index was read; the next catch-up forgets it
		}
		if err != nil {
			return Found{}, err
		}
		f.Notices = append(f.Notices, n)
	}
	return f, nil
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
