package desk

import (
	"context"
	"errors"
	"fmt"

	"bidfit/matcher"
	"bidfit/store"
)

// Lexicon is what the current lexicon is, and what it knows of some words.
type Lexicon struct {
	Version string `json:"version"`
	// Bundled is true where the store has taught nothing yet and what came with the program is used.
	Bundled bool `json:"bundled"`
	// Notices is how many notices of the store it was learned from.
	Notices int            `json:"notices"`
	Stems   int            `json:"stems"`
	Company int            `json:"company"` // stems whose company is known
	Bytes   int            `json:"bytes"`
	Words   []matcher.Word `json:"words,omitzero"`
}

// Lexicon describes the lexicon that reports are made with, and looks words up in it. A lexicon of another
// version of bidfit is an error; LearnLexicon makes a new one.
func (d *Desk) Lexicon(ctx context.Context, words ...string) (Lexicon, error) {
	version, encoded, err := d.store.Lexicon(ctx, "")
	var l *matcher.Lexicon
	switch {
	case errors.Is(err, store.ErrNotFound):
		l = matcher.NewLexicon()
		encoded = l.Encode()
	case err != nil:
		return Lexicon{}, err
	default:
		if l, err = matcher.DecodeLexicon(encoded); err != nil {
			return Lexicon{}, fmt.Errorf("lexicon %s: %w", version, err)
		}
	}
	out := Lexicon{Version: l.Version(), Bundled: version == "", Bytes: len(encoded)}
	if !out.Bundled {
		out.Notices = l.Notices()
	}
	out.Stems, out.Company = l.Stems()
	names := d.officialNames()
	for _, w := range words {
		for _, found := range l.Look(w) {
			for i := range found.Classes {
				c := &found.Classes[i]
				if name, of := names.Of(c.Code); of == c.Code {
					c.Name = name
				}
			}
			out.Words = append(out.Words, found)
		}
	}
	return out, nil
}
