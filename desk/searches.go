package desk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bidfit/index"
	"bidfit/pursuit"
	"bidfit/store"
)

// What the query of a search is made of.
const (
	queryFind = "q"   // words
	queryHas  = "has" // facts, repeated
)

// MostSearches is how many searches over all notices are kept.
const MostSearches = 50

// ErrSearch is wrapped by what is wrong with a search that is to be saved.
var ErrSearch = errors.New("this search cannot be saved")

// Saved is a search over all notices that is kept under a name, and what it finds now.
type Saved struct {
	pursuit.Search
	Finds int `json:"finds"` // notices
	// Wrong says why it finds nothing: what may be searched for is another than when it was saved.
	Wrong string `json:"wrong,omitzero"`
}

// QueryOf is what the query of an address ("q=mediation&has=stage:tender") searches for: words, and facts of a kind, each once.
func QueryOf(values url.Values) index.Query {
	q := index.Query{Words: strings.TrimSpace(values.Get(queryFind))}
	for _, token := range values[queryHas] {
		if kind, value, ok := strings.Cut(strings.TrimSpace(token), ":"); ok && kind != "" && value != "" && !slices.Contains(q.Tokens, kind+":"+value) {
			q.Tokens = append(q.Tokens, kind+":"+value)
		}
	}
	return q
}

// QueryString is a search as the query of an address, always the same for what finds the same by the same words.
func QueryString(q index.Query) string {
	values := url.Values{}
	if q.Words != "" {
		values.Set(queryFind, q.Words)
	}
	if len(q.Tokens) > 0 {
		values[queryHas] = slices.Sorted(slices.Values(q.Tokens))
	}
	return values.Encode()
}

// SaveSearch keeps a search under its name, in the place of another of that name, and tells it as it is kept. One over all notices is kept as QueryString
// has it, and must look for something. ErrSearch.
func (d *Desk) SaveSearch(ctx context.Context, s pursuit.Search) (pursuit.Search, error) {
	s.Name = strings.TrimSpace(s.Name)
	if s.Profile == "" {
		values, err := url.ParseQuery(s.Query)
		if err != nil {
			return s, fmt.Errorf("%w: query %.80q: %w", ErrSearch, s.Query, err)
		}
		q := QueryOf(values)
		if s.Query = QueryString(q); s.Query == "" {
			return s, fmt.Errorf("%w: it looks for nothing; give words or facts", ErrSearch)
		}
		if _, err := q.Clauses(); err != nil {
			return s, fmt.Errorf("%w: %w", ErrSearch, err)
		}
		if _, err := q.Groups(); err != nil {
			return s, fmt.Errorf("%w: %w", ErrSearch, err)
		}
		there, err := d.Searches(ctx, "")
		if err != nil {
			return s, err
		}
		if len(there) >= MostSearches && !slices.ContainsFunc(there, func(o pursuit.Search) bool { return o.Name == s.Name }) {
			return s, fmt.Errorf("%w: %d are kept, and there are as many; remove one first", ErrSearch, MostSearches)
		}
	}
	if err := s.Check(); err != nil {
		return s, fmt.Errorf("%w: %w", ErrSearch, err)
	}
	return s, d.keep(ctx, s)
}

// Searches lists the searches that were saved for a profile ("": over all notices), by name.
func (d *Desk) Searches(ctx context.Context, profile string) ([]pursuit.Search, error) {
	records, err := d.store.Records(ctx, d.workspace, pursuit.KindSearch, profile)
	if err != nil {
		return nil, err
	}
	list := make([]pursuit.Search, 0, len(records))
	for _, r := range records {
		s, err := pursuit.Read[pursuit.Search](r)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// Saved lists the searches over all notices, by name, each with how many it finds.
func (d *Desk) Saved(ctx context.Context) ([]Saved, error) {
	if err := d.CatchUp(ctx); err != nil {
		return nil, err
	}
	searches, err := d.Searches(ctx, "")
	if err != nil {
		return nil, err
	}
	list := make([]Saved, 0, len(searches))
	for _, s := range searches {
		x := Saved{Search: s}
		values, err := url.ParseQuery(s.Query)
		if err == nil {
			x.Finds, err = d.counted(ctx, QueryOf(values))
		}
		switch {
		case errors.Is(err, index.ErrQuery):
			x.Wrong = err.Error()
		case err != nil:
			return nil, fmt.Errorf("saved search %q: %w", s.Name, err)
		}
		list = append(list, x)
	}
	return list, nil
}

// ForgetSearch removes a saved search. ErrNotFound.
func (d *Desk) ForgetSearch(ctx context.Context, profile, name string) error {
	there, err := d.store.Records(ctx, d.workspace, pursuit.KindSearch, profile, name)
	if err == nil && len(there) == 0 {
		err = fmt.Errorf("saved search %q: %w", name, store.ErrNotFound)
	}
	if err != nil {
		return err
	}
	return d.store.Keep(ctx, d.workspace, pursuit.Forget(pursuit.KindSearch, profile, name))
}
