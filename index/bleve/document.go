package bleve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"
	"sync"

	engine "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	api "github.com/blevesearch/bleve_index_api"

	"bidfit/index"
	"bidfit/notice/words"
)

// The fields of a document. Nothing is stored in them: the store has the notice.
const (
	titleField = "title"
	textField  = "text"
	namesField = "names"
	tokenField = "tokens"
)

// Phrases need positions, which Bleve keeps with its term vectors; their byte offsets
// are left at zero, which costs next to nothing.
const (
	wordOptions  = api.IndexField | api.IncludeTermVectors
	tokenOptions = api.IndexField | api.SkipFreqNorm // only ever a filter
)

// separator stands between the texts of a field. A text that contains it is cut there.
const separator = "\x00"

// gap is how many positions lie between two texts or sentences: more than the
// words without meaning that stand in a row in any phrase.
const gap = 16

// newDocument gives Bleve a document whose analysis is left to its workers. No
// mapping is involved: the fields carry their analyzers.
func newDocument(d index.Document) *document.Document {
	doc := document.NewDocument(d.ID)
	field := func(name string, texts []string, options api.FieldIndexingOptions, a analysis.Analyzer) {
		if len(texts) > 0 {
			value := []byte(strings.Join(texts, separator))
			doc.AddField(document.NewTextFieldCustom(name, nil, value, options, a))
		}
	}
	field(titleField, d.Title, wordOptions, wordAnalyzer{})
	field(textField, d.Text, wordOptions, wordAnalyzer{})
	field(namesField, d.Names, wordOptions, wordAnalyzer{})
	field(tokenField, d.Tokens, tokenOptions, tokenAnalyzer{})
	return doc
}

// wordAnalyzer gives the terms of texts: the stem of every word that carries
// meaning and, at the same position, upperTerm of every acronym.
type wordAnalyzer struct{}

func (wordAnalyzer) Analyze(value []byte) analysis.TokenStream {
	var s stream
	position := 0
	for text := range bytes.SplitSeq(value, []byte(separator)) {
		tokens := words.Tokens(string(text))
		s.grow(len(tokens))
		position += gap
		for _, t := range tokens {
			if t.Gap {
				position += gap
			}
			if !t.Upper && words.Light(t.Stem) {
				continue // a phrase passes over it
			}
			position++
			if !words.Stop(t.Stem) {
				s.add(t.Stem, position)
			}
			if t.Upper {
				s.add(upperTerm(t.Stem), position)
			}
		}
	}
	return s.tokens
}

// tokenAnalyzer gives the texts themselves.
type tokenAnalyzer struct{}

func (tokenAnalyzer) Analyze(value []byte) analysis.TokenStream {
	var s stream
	for text := range bytes.SplitSeq(value, []byte(separator)) {
		s.add(string(text), 1)
	}
	return s.tokens
}

// upperTerm is how a word that stands in capitals is indexed beside its stem.
func upperTerm(stem string) string { return "^" + stem }

// stream collects tokens in few allocations.
type stream struct {
	tokens analysis.TokenStream
	spare  []analysis.Token
	terms  []byte
}

// grow makes room for n words.
func (s *stream) grow(n int) {
	if cap(s.tokens)-len(s.tokens) < n {
		s.tokens = append(make(analysis.TokenStream, 0, 2*(len(s.tokens)+n)), s.tokens...)
	}
}

func (s *stream) add(term string, position int) {
	if len(s.spare) == 0 {
		s.spare = make([]analysis.Token, 64)
	}
	start := len(s.terms)
	s.terms = append(s.terms, term...)
	t := &s.spare[0]
	s.spare = s.spare[1:]
	t.Term, t.Position = s.terms[start:len(s.terms):len(s.terms)], position
	s.tokens = append(s.tokens, t)
}

// stateKey is where Bleve keeps the state among its own internal values.
var stateKey = []byte("bidfit")

// state is what an index remembers about itself.
type state struct {
	Schema string
	Mark   index.Mark
}

// version is raised when newDocument, the fields or package index's Describe change.
const version = 2

// schema names what the terms of an index are. It changes with version and with what
// package words makes of a text, so that an index never holds other stems than its searches ask for.
var schema = sync.OnceValue(func() string {
	const probe = "The NHS organises Colour-coded e-mail services: organisations' IT centres, " +
		"cleaning, cleaner & cleaned; naïve café, £1,200.50 a year; ambulances.\nchildren's social-care licences rn"
	var b strings.Builder
	for _, t := range (wordAnalyzer{}).Analyze([]byte(probe)) {
		fmt.Fprintf(&b, "%s@%d ", t.Term, t.Position)
	}
	return fmt.Sprintf("%d-%08x", version, crc32.ChecksumIEEE([]byte(b.String())))
})

func encodeState(m index.Mark) []byte {
	b, err := json.Marshal(state{Schema: schema(), Mark: m})
	if err != nil {
		panic("bleve: a state is strings and a number: " + err.Error())
	}
	return b
}

// readState reads the state that is on the disk. The error says why it cannot be gone on from.
func readState(live engine.Index) (state, error) {
	var s state
	b, err := live.GetInternal(stateKey)
	if err != nil {
		return s, err
	}
	if len(b) == 0 {
		return s, fmt.Errorf("%w: it does not say how far it has read", index.ErrDamaged)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%w: how far it has read is unreadable: %v", index.ErrDamaged, err)
	}
	if want := schema(); s.Schema != want {
		return s, fmt.Errorf("it was written by another version (%q, this one writes %q)", s.Schema, want)
	}
	return s, nil
}
