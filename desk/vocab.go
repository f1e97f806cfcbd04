package desk

import (
	"context"
	"errors"
	"maps"
	"sync"

	"bidfit/matcher"
	"bidfit/notice/calendar"
	"bidfit/notice/cpv"
	"bidfit/profiles"
	"bidfit/store"
	"bidfit/vocab"
)

// UseVocab lets the desk answer from imported tables, with CPV names in a language
// ("en"). A desk that was given none answers from what is built in. To be called before the desk is asked anything.
func (d *Desk) UseVocab(v *vocab.Vocab, language string) {
	d.vocab, d.language = v, language
	d.slots.forget()
}

// Locality tells where a postcode or an outward code lies: from the imported
// directory, else from its outward code, with the accuracy in Source; false where it is no
// postcode or nothing is known of it. A damaged table is reported to the log, and stops nothing.
func (d *Desk) Locality(postcode string) (vocab.Place, bool) {
	p, ok, err := d.vocab.Postcode(postcode)
	d.warn("the postcode directory", err)
	return p, ok
}

// Calendar knows the bank holidays: those built in, and over them the imported ones.
func (d *Desk) Calendar() *calendar.Calendar {
	c, err := d.vocab.Calendar()
	d.warn("the imported list of bank holidays", err)
	return c
}

// warn reports once that a table cannot be read and what is built in answers for it.
func (d *Desk) warn(table string, err error) {
	if err == nil {
		return
	}
	if _, said := d.warned.LoadOrStore(table, true); !said {
		d.log.Warn(table+" cannot be read; what is built in answers for it", "why", err)
	}
}

// Names are the names of CPV codes beyond those built in: the official ones of an imported
// table, in the language the desk was given, and where that is silent what publishers call a code.
func (d *Desk) Names(ctx context.Context) (cpv.Names, error) {
	learned, err := d.LearnedNames(ctx)
	if err != nil {
		return nil, err
	}
	official := d.officialNames()
	if len(official) == 0 {
		return learned, nil
	}
	names := maps.Clone(official)
	for c, name := range learned {
		if names[c] == "" {
			names[c] = name
		}
	}
	return names, nil
}

// officialNames are those of the imported table.
func (d *Desk) officialNames() cpv.Names {
	names, err := d.vocab.CPVNames(d.language)
	d.warn("the imported table of CPV names", err)
	return names
}

// learnedNames are the names that a version of the lexicon has learned.
type learnedNames struct {
	mu      sync.Mutex
	version string
	names   cpv.Names
}

// LearnedNames are what publishers call the CPV codes that have no official name built in, as the lexicon has learned them.
// They are shared, and must not be changed.
func (d *Desk) LearnedNames(ctx context.Context) (cpv.Names, error) {
	_, version, err := d.store.Newest(ctx)
	if err != nil || version == "" {
		return nil, err
	}
	d.learned.mu.Lock()
	defer d.learned.mu.Unlock()
	if d.learned.version == version {
		return d.learned.names, nil
	}
	_, encoded, err := d.store.Lexicon(ctx, version)
	if errors.Is(err, store.ErrNotFound) { // another has taken its place
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lexicon, err := matcher.DecodeLexicon(encoded)
	if err != nil {
		return nil, nil // of another version of bidfit: the next match learns it anew
	}
	d.learned.version, d.learned.names = version, lexicon.Names()
	return d.learned.names, nil
}

// matcher holds lots against a profile, and calls CPV codes by their imported names.
func (d *Desk) matcher(l *matcher.Lexicon, p profiles.Profile) (*matcher.Matcher, error) {
	m, err := matcher.New(l, p)
	if err != nil {
		return nil, err
	}
	return m.Naming(d.officialNames()), nil
}
