package bleve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	engine "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	api "github.com/blevesearch/bleve_index_api"

	"bidfit/index"
	"bidfit/notice"
	"bidfit/notice/words"
)

// wordFields are the fields that words are looked for in, and what each counts.
var wordFields = [...]struct {
	name  string
	boost float64
}{{titleField, 3}, {textField, 1}, {namesField, 1}}

// Search finds the notices for which every part of the query holds.
func (x *Index) Search(ctx context.Context, q index.Query) (index.Result, error) {
	from, size, err := q.Page()
	if err != nil {
		return index.Result{}, fmt.Errorf("index: search: %w", err)
	}
	bq, err := boolean(q)
	if err != nil {
		return index.Result{}, fmt.Errorf("index: search: %w", err)
	}
	var r index.Result
	err = x.read("search", func(live engine.Index) error {
		r, err = find(ctx, live, bq, from, size)
		return err
	})
	return r, err
}

// find runs a query and gives a page of its hits.
func find(ctx context.Context, live engine.Index, q query.Query, from, size int) (index.Result, error) {
	req := engine.NewSearchRequestOptions(q, size, from, false)
	req.SortByCustom(search.SortOrder{&search.SortScore{Desc: true}, &search.SortDocID{}})
	found, err := live.SearchInContext(ctx, req)
	switch {
	case ctx.Err() != nil:
		return index.Result{}, fmt.Errorf("gave up: %w", ctx.Err())
	case err != nil:
		return index.Result{}, fmt.Errorf("%w (Reset and read the store again): %w", index.ErrDamaged, err)
	}
	r := index.Result{Total: found.Total, Hits: make([]index.Hit, len(found.Hits))}
	for i, h := range found.Hits {
		r.Hits[i] = index.Hit{ID: h.ID, Score: h.Score}
	}
	return r, nil
}

// boolean is the query in Bleve's types: the words score, the tokens only filter.
func boolean(q index.Query) (query.Query, error) {
	clauses, err := q.Clauses()
	if err != nil {
		return nil, err
	}
	groups, err := q.Groups()
	if err != nil {
		return nil, err
	}
	all := query.NewConjunctionQuery(nil)
	for _, g := range groups {
		all.AddQuery(carries(g))
	}
	switch {
	case len(clauses) == 0 && !q.Blank():
		return query.NewMatchNoneQuery(), nil
	case len(clauses) == 0 && len(groups) == 0:
		return query.NewMatchAllQuery(), nil
	case len(clauses) == 0:
		return all, nil // a filter would walk through every notice
	}
	b := query.NewBooleanQuery(nil, nil, nil)
	for _, c := range clauses {
		b.AddMust(mentions(c))
	}
	if len(groups) > 0 {
		b.AddFilter(all)
	}
	return b, nil
}

// mentions holds where any form of the phrase stands in any field of words.
func mentions(p words.Phrase) query.Query {
	any := query.NewDisjunctionQuery(nil)
	for _, form := range p.Forms {
		terms := terms(form)
		if len(terms) == 0 {
			continue
		}
		for _, f := range wordFields {
			any.AddQuery(together(terms, f.name, f.boost))
		}
	}
	return any
}

// carries holds where one of the tokens does; it adds nothing to a score.
func carries(tokens []string) query.Query {
	any := query.NewDisjunctionQuery(nil)
	for _, t := range tokens {
		any.AddQuery(together([]string{t}, tokenField, 0))
	}
	return any
}

// together holds where the terms stand at successive positions of the field; the term "" stands for any word.
func together(terms []string, field string, boost float64) query.Query {
	if len(terms) == 1 {
		q := query.NewTermQuery(terms[0])
		q.SetField(field)
		q.SetBoost(boost)
		return q
	}
	q := query.NewPhraseQuery(terms, field)
	q.SetBoost(boost)
	return q
}

// terms are the terms of a form as wordAnalyzer indexes them: "" for a word
// that is not indexed and takes a position, none of those at either end.
func terms(form []words.Term) []string {
	var list []string
	last := 0
	for _, t := range form {
		term := t.Stem
		switch {
		case t.Upper:
			term = upperTerm(t.Stem)
		case words.Light(t.Stem):
			continue
		case words.Stop(t.Stem):
			term = ""
		}
		if term == "" && len(list) == 0 {
			continue
		}
		list = append(list, term)
		if term != "" {
			last = len(list)
		}
	}
	return list[:last]
}

// Carried lists the tokens that begin with the prefix, out of the dictionary of the field.
func (x *Index) Carried(ctx context.Context, prefix string) ([]string, error) {
	var list []string
	err := x.read("carried", func(live engine.Index) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		dict, err := live.FieldDictPrefix(tokenField, []byte(prefix))
		if err != nil {
			return fmt.Errorf("%w (Reset and read the store again): %w", index.ErrDamaged, err)
		}
		defer func() { err = errors.Join(err, dict.Close()) }()
		for {
			entry, err := dict.Next()
			if err != nil {
				return fmt.Errorf("%w (Reset and read the store again): %w", index.ErrDamaged, err)
			}
			if entry == nil {
				return nil
			}
			list = append(list, entry.Term)
		}
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// What a comparison may cost.
const (
	tellingTerms = 25     // terms looked for, the most telling ones
	fewestTerms  = 5      // so many of them however many notices have them
	tellingReach = 10_000 // notices that have them, each counted for each of its terms
	tellingText  = 64_000 // bytes of the notice's text read for them
)

// Similar lists the notices that share the most telling words with n.
func (x *Index) Similar(ctx context.Context, n *notice.Notice, size int) ([]index.Hit, error) {
	_, size, err := index.Query{Size: size}.Page()
	if err != nil {
		return nil, fmt.Errorf("index: similar: %w", err)
	}
	var r index.Result
	err = x.read("similar", func(live engine.Index) error {
		telling, err := tellingTermsOf(ctx, live, n)
		if err != nil || len(telling) == 0 {
			return err
		}
		b := query.NewBooleanQuery(nil, nil, nil)
		for _, t := range telling {
			for _, f := range wordFields[:2] {
				b.AddShould(together([]string{t.stem}, f.name, f.boost*t.weight))
			}
		}
		b.SetMinShould(1)
		b.AddMustNot(query.NewDocIDQuery([]string{n.ID}))
		r, err = find(ctx, live, b, 0, size)
		return err
	})
	return r.Hits, err
}

// telling is a stem and how much it tells of a notice against all the others.
type telling struct {
	stem   string
	weight float64
	had    uint64 // by so many notices
}

// tellingTermsOf ranks the stems of the notice's title and text by how often it
// says them and how few others do. Stems that no other notice has find nothing and are left out.
func tellingTermsOf(ctx context.Context, live engine.Index, n *notice.Notice) ([]telling, error) {
	advanced, err := live.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	total, err := reader.DocCount()
	if err != nil {
		return nil, err
	}
	self, err := documents(ctx, reader, "_id", n.ID)
	if err != nil {
		return nil, err
	}
	var list []telling
	for stem, times := range stems(n) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		others, err := documents(ctx, reader, textField, stem)
		if err != nil {
			return nil, err
		}
		inTitles, err := documents(ctx, reader, titleField, stem)
		if err != nil {
			return nil, err
		}
		if others = max(others, inTitles); others <= self {
			continue
		}
		rare := math.Log(1 + float64(total)/float64(others))
		list = append(list, telling{stem, (1 + math.Log(float64(times))) * rare, others})
	}
	slices.SortFunc(list, func(a, b telling) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.stem, b.stem))
	})
	list = list[:min(len(list), tellingTerms)]
	reach := uint64(0)
	for i, t := range list {
		if reach += t.had; i >= fewestTerms && reach > tellingReach {
			return list[:i], nil
		}
	}
	return list, nil
}

// documents counts the documents that have a term.
func documents(ctx context.Context, r api.IndexReader, field, term string) (uint64, error) {
	postings, err := r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return 0, err
	}
	return postings.Count(), postings.Close()
}

// stems counts the stems that carry meaning in the title and, up to a bound, the text of n.
func stems(n *notice.Notice) map[string]int {
	d := index.Describe(n)
	count := make(map[string]int)
	left := tellingText
	for _, text := range append(d.Title, d.Text...) {
		text = text[:min(len(text), left)]
		left -= len(text)
		for _, t := range words.Tokens(text) {
			if !words.Stop(t.Stem) {
				count[t.Stem]++
			}
		}
	}
	return count
}
