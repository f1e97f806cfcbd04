package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bidfit/desk"
	"bidfit/dossier"
	"bidfit/index"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/words"
)

// searchBody is a page of what was found.
type searchBody struct {
	Words  string
	Wrong  string // what is wrong with the query
	Total  int
	Lines  []line
	Facets []facet
	Chosen []choice // the facts it is narrowed by, each with the way back
	Pager  *Pager
	// Has are the chosen tokens, for the form to keep.
	Has []string
	// Back is the address of the page, for forms that lead back to it.
	Back   string
	Saved  []savedLink
	Saving *saving // nil where there is nothing to save
	// Entry says that nothing is looked for yet.
	Entry bool
}

// Nothing is said where no notice was found.
func (b *searchBody) Nothing() Empty {
	e := Empty{Title: "No notice has all of that", Text: "Every word must be mentioned somewhere. Try fewer words, or take out what narrows the search."}
	if len(b.Has) > 0 {
		e.Href, e.Label = "/search?"+url.Values{"q": {b.Words}}.Encode(), "Search without what narrows it"
	}
	return e
}

// line is one notice of a list.
type line struct {
	ID, Href string
	Title    []Marked
	Snippet  []Marked // where the words stand in its text
	Stage    notice.Stage
	Buyer    string
	Worth    string
	Places   string
	Due      *DaysLeft
	Closes   string // what the day is for: closes, expected
	Released time.Time
}

// Marked is a piece of text, marked where words that were looked for stand.
type Marked struct {
	Text string
	Hit  bool
}

// facet is one kind of fact, with how many of the notices found have each value.
type facet struct {
	Title   string
	Choices []choice
	More    []choice // those of few notices
}

// choice is a value of a facet: its link adds it to the query, or takes it out.
type choice struct {
	Label  string
	N      uint64
	Chosen bool
	Href   string
}

// mostHas is how many bytes the facts may have that a search is narrowed by: every link to a facet repeats them.
const mostHas = 400

// onPage is how many notices a page of a search has.
const onPage = 20

func (s *server) search(w http.ResponseWriter, r *http.Request) error {
	return s.searchAt(w, r, r.URL, nil)
}

// searchAt shows what the query of an address finds, with the form of a search that could not be saved.
func (s *server) searchAt(w http.ResponseWriter, r *http.Request, at *url.URL, failed *saving) error {
	ctx, query := r.Context(), at.Query()
	q := desk.QueryOf(query)
	q.Size = onPage
	number := 1
	if p := query.Get("page"); p != "" {
		var err error
		if number, err = strconv.Atoi(p); err != nil || number < 1 || number > index.MaxReach/onPage {
			return wrongf("page: %q is no page; the pages are 1 to %d.", p, index.MaxReach/onPage)
		}
	}
	if n := len(strings.Join(q.Tokens, "&has=")); n > mostHas {
		return wrongf("has: what narrows the search has %d bytes and may have %d. Take some of it out.", n, mostHas)
	}
	q.From = (number - 1) * onPage
	body := searchBody{Words: q.Words, Has: q.Tokens, Back: at.RequestURI(), Entry: desk.QueryString(q) == ""}
	p := page{Title: "Search", Nav: "search", Body: &body}
	if q.Words != "" {
		p.Title = cut(60, q.Words) + " – Search"
	}
	if failed != nil {
		p.Status = http.StatusUnprocessableEntity
	}
	var err error
	if body.Saved, err = s.saved(ctx, q); err != nil {
		return err
	}
	found, err := s.Desk.Search(ctx, q)
	if errors.Is(err, index.ErrQuery) {
		p.Status, body.Wrong = http.StatusBadRequest, sentence(err)
		return s.render(w, r, "search", p)
	}
	if err != nil {
		return err
	}
	phrases, err := q.Clauses()
	if err != nil {
		return err
	}
	asOf := s.asOf(ctx)
	body.Total = int(found.Total)
	for _, n := range found.Notices {
		body.Lines = append(body.Lines, lineOf(n, phrases, asOf))
	}
	body.Pager = pager(at, number, onPage, body.Total, index.MaxReach, "")
	if body.Facets, err = s.facets(ctx, at, q); err != nil {
		return err
	}
	for _, token := range q.Tokens {
		body.Chosen = append(body.Chosen, choice{Label: tokenWords(token), Chosen: true, Href: toggled(at, token)})
	}
	body.Saving = savingOf(q, body.Saved, failed)
	return s.render(w, r, "search", p)
}

// kinds are the facets of a search and their values.
func kinds() []struct {
	Title  string
	Tokens []string
} {
	of := func(prefix string, values ...string) []string {
		for i, v := range values {
			values[i] = prefix + ":" + v
		}
		return values
	}
	var regions, divisions []string
	for _, r := range itl.Regions(2025, 1) {
		regions = append(regions, index.RegionToken(r))
	}
	for _, c := range cpv.Codes() {
		if c.Level() == cpv.Division {
			divisions = append(divisions, index.CPVToken(c))
		}
	}
	return []struct {
		Title  string
		Tokens []string
	}{
		{"Stage", of("stage", string(notice.StageTender), string(notice.StageMarket), string(notice.StagePlanned), string(notice.StageEngagement), string(notice.StagePipeline),
			string(notice.StageAward), string(notice.StageContract), string(notice.StageEnded), string(notice.StageOther))},
		{"Region", regions},
		{"What is bought", of("category", "services", "goods", "works")},
		{"CPV division", divisions},
		{"Published by", of("publisher", string(notice.FindATender), string(notice.ContractsFinder), string(notice.PublicContractsScotland), string(notice.Sell2Wales), string(notice.OtherPublisher))},
	}
}

// mostChoices is how many values of a facet stand open.
const mostChoices = 8

// Count is N for a template.
func (c choice) Count() int { return int(c.N) }

// facets count the values of each kind. Stages stay in the order of a procurement, others stand by how many they are.
func (s *server) facets(ctx context.Context, at *url.URL, q index.Query) ([]facet, error) {
	all := kinds()
	var tokens []string
	for _, kind := range all {
		tokens = append(tokens, kind.Tokens...)
	}
	counts, err := s.Desk.Tally(ctx, q, tokens)
	if err != nil {
		return nil, err
	}
	var list []facet
	for i, kind := range all {
		f := facet{Title: kind.Title}
		for _, token := range kind.Tokens {
			chosen := slices.Contains(q.Tokens, token)
			if counts[token] > 0 || chosen {
				f.Choices = append(f.Choices, choice{tokenWords(token), counts[token], chosen, toggled(at, token)})
			}
		}
		if i > 0 {
			slices.SortStableFunc(f.Choices, func(a, b choice) int { return int(int64(b.N) - int64(a.N)) })
		}
		if len(f.Choices) > mostChoices+1 {
			f.Choices, f.More = f.Choices[:mostChoices], f.Choices[mostChoices:]
		}
		if len(f.Choices) > 0 {
			list = append(list, f)
		}
	}
	return list, nil
}

// toggled is the address of a query with a token added to it or taken out, at its first page.
func toggled(at *url.URL, token string) string {
	q := at.Query()
	q.Del("page")
	has := desk.QueryOf(q).Tokens
	if i := slices.Index(has, token); i >= 0 {
		has = slices.Delete(has, i, i+1)
	} else {
		has = append(has, token)
	}
	q["has"] = has
	if q.Get("q") == "" {
		q.Del("q")
	}
	if encoded := q.Encode(); encoded != "" {
		return at.EscapedPath() + "?" + encoded
	}
	return at.EscapedPath()
}

// tokenWords is what a token says.
func tokenWords(token string) string {
	kind, value, _ := strings.Cut(token, ":")
	switch kind {
	case "stage":
		return notice.Stage(value).Words()
	case "publisher":
		return notice.Publisher(value).Words()
	case "itl":
		return itl.Region(value).Name()
	case "cpv":
		if code, err := cpv.Parse((value + "00000000")[:8]); err == nil && len(value) <= 8 {
			name, _ := code.Name()
			return value + " " + name
		}
		return value
	case "category":
		return value
	case "buyer", "supplier":
		return kind + " " + strings.TrimPrefix(value, "=")
	}
	return strings.ReplaceAll(token, ":", " ")
}

// lineOf is a notice as one of a list, with what was looked for marked in it.
func lineOf(n *notice.Notice, phrases []words.Phrase, asOf time.Time) line {
	l := line{ID: n.ID, Href: pathOf("notices", n.ID), Stage: n.Stage, Buyer: dossier.Line(n.Buyer.Name.Value), Worth: worthOf(n)}
	title := dossier.Line(n.Title.Value)
	if title == "" {
		title = n.ID
	}
	l.Title = marked(title, phrases, 0, wordAfter(title, min(len(title), mostTitle)))
	l.Released = n.Releases[len(n.Releases)-1].Date
	switch {
	case n.Deadline.Known():
		l.Due, l.Closes = due(asOf, n.Deadline.Value), "closes"
		if l.Due.Tone == "past" {
			l.Closes = "closed"
		}
	case n.Future.Known():
		l.Due, l.Closes = due(asOf, expected(n)), "expected"
	}
	var places []string
	for i := range n.Lots {
		for _, p := range n.Lots[i].Places {
			name := p.Value.Text
			if p.Value.Region != "" {
				name = p.Value.Region.Name()
			}
			if name = dossier.Line(name); !slices.Contains(places, name) {
				places = append(places, name)
			}
		}
	}
	const most = 2
	if len(places) > most {
		places = append(places[:most], fmt.Sprintf("%d more", len(places)-most))
	}
	l.Places = notice.Enumerate(places)
	l.Snippet = snippet(n, phrases)
	return l
}

// expected is the day that the next notice was announced for: whatever hour was published, the day is meant.
func expected(n *notice.Notice) notice.Moment {
	m := n.Future.Value
	m.Day = true
	return m
}

// worthOf is what a notice is worth: its own value or, where it has none, that of its only lot.
func worthOf(n *notice.Notice) string {
	if v := n.Value.Words(); v != "" || len(n.Lots) != 1 {
		return v
	}
	return n.Lots[0].Value.Words()
}

// mostTitle is about how many bytes of a title a list shows.
const mostTitle = 240

// A snippet is so many bytes around the first word that was found; texts are looked through so far.
const (
	snippetSize  = 240
	snippetReach = 20_000
)

// snippet is where the words stand in the texts of a notice; its beginning where no words were looked for, or none stands there.
func snippet(n *notice.Notice, phrases []words.Phrase) []Marked {
	texts := []string{n.Description.Value}
	for i := range n.Lots {
		texts = append(texts, n.Lots[i].Title.Value, n.Lots[i].Description.Value)
	}
	for _, t := range n.Texts {
		texts = append(texts, t.Value)
	}
	reach := snippetReach
	for _, text := range texts {
		if text = dossier.Line(text[:min(len(text), reach)]); text == "" || len(phrases) == 0 {
			continue
		}
		reach -= min(reach, len(text))
		if spans := hits(text, phrases); len(spans) > 0 {
			start := wordBefore(text, spans[0].Start, snippetSize/3)
			end := wordAfter(text, min(len(text), max(start+snippetSize, spans[0].End)))
			return marked(text, phrases, start, end)
		}
		if reach == 0 {
			break
		}
	}
	return []Marked{{Text: cut(snippetSize, n.Description.Value)}}
}

// wordEnds is how far the ends of a snippet look for the end of a word; a longer word is cut.
const wordEnds = 40

// wordBefore is where the first whole word begins, at most so many bytes before a place in a text.
func wordBefore(text string, at, most int) int {
	start := at - most
	if start <= 0 {
		return 0
	}
	if i := strings.IndexByte(text[start:at], ' '); i >= 0 && i < wordEnds {
		return start + i + 1
	}
	for start < at && !utf8.RuneStart(text[start]) {
		start++
	}
	return start
}

// wordAfter is where the word ends that a place in a text is in.
func wordAfter(text string, at int) int {
	rest := text[at:min(len(text), at+wordEnds)]
	if i := strings.IndexByte(rest, ' '); i >= 0 {
		return at + i
	}
	if at+len(rest) == len(text) {
		return len(text)
	}
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// hits are where phrases stand in a text, in order and apart.
func hits(text string, phrases []words.Phrase) []words.Span {
	var spans []words.Span
	tokens := words.Tokens(text)
	for _, p := range phrases {
		spans = append(spans, p.Find(tokens)...)
	}
	slices.SortFunc(spans, func(a, b words.Span) int { return a.Start - b.Start })
	at := 0
	return slices.DeleteFunc(spans, func(s words.Span) bool {
		if s.Start < at {
			return true
		}
		at = s.End
		return false
	})
}

// marked is a part of a text with the phrases in it marked.
func marked(text string, phrases []words.Phrase, from, to int) []Marked {
	var list []Marked
	add := func(s string, hit bool) {
		if s != "" {
			list = append(list, Marked{s, hit})
		}
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for _, s := range hits(text, phrases) {
		if s.Start < at || s.End > to {
			continue
		}
		add(text[at:s.Start], false)
		add(text[s.Start:s.End], true)
		at = s.End
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return list
}
