package desk

import (
	"bidfit/notice/calendar"
	"bidfit/vocab"
)

// UseVocab lets the desk answer from imported tables, with CPV names in a language
// ("en"). A desk that was given none answers from what is built in. To be called before the desk is asked anything.
func (d *Desk) UseVocab(v *vocab.Vocab, language string) {
	d.vocab, d.language = v, language
}

// Locality tells where a postcode or an outward code lies: from the imported
// directory, else from its outward code, with the accuracy in Source; false where it is no
// postcode or nothing is known of it. A damaged table is reported to the log, and stops nothing.
func (d *Desk) Locality(postcode string) (vocab.Place, bool) {
	p, ok, err := d.vocab.Postcode(postcode)
	if err != nil {
		d.log.Warn("the postcode directory cannot be read", "why", err)
	}
	return p, ok
}

// Calendar knows the bank holidays: those built in, and over them the imported ones.
func (d *Desk) Calendar() *calendar.Calendar {
	c, err := d.vocab.Calendar()
	if err != nil {
		d.log.Warn("the imported bank holidays cannot be read; those built in are used", "why", err)
	}
	return c
}
