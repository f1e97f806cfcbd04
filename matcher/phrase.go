package matcher

import "bidfit/notice/words"

// phrase is a keyword made ready to be found in pages; package words says what its forms are.
type phrase struct {
	text   string
	forms  [][]need
	rarity int64    // of its telling words together
	loose  []termID // the telling words of the written form, where there are two or more
}

// need is one word of a form.
type need struct {
	id    termID
	upper bool // only in capitals
}

// mostNeeds bounds the words of a form, so that looking for one needs no memory.
const mostNeeds = 16

// phrase makes a keyword ready.
func (l *Lexicon) phrase(w words.Phrase) phrase {
	p := phrase{text: w.Text}
	for _, t := range words.Tokens(w.Text) {
		if key := name(t); telling(key) {
			p.rarity += l.worth(idOf(key))
		} else if learnable(key) {
			p.rarity += l.worth(idOf(key)) / 2 // "project management" is said of a trade, though neither word is
		}
	}
	for i, form := range w.Forms {
		if len(form) > mostNeeds {
			form = form[:mostNeeds]
		}
		var needs []need
		for _, t := range form {
			n := need{idOf(t.Stem), t.Upper}
			needs = append(needs, n)
			if i == 0 && !n.upper && !words.Stop(t.Stem) {
				p.loose = append(p.loose, n.id)
			}
		}
		p.forms = append(p.forms, needs)
	}
	if len(p.loose) < 2 {
		p.loose = nil
	}
	return p
}

// span is where something stands in a page: tokens from up to, but not including, to.
type span struct {
	page     *page
	from, to uint32
}

// field is the text the span stands in.
func (s span) field() *field { return s.page.field(s.from) }

// find is the first place where any form stands as adjacent words, in the text that counts most.
func (ph *phrase) find(p *page) (span, bool) {
	var best span
	for _, form := range ph.forms {
		if s, ok := findForm(form, p); ok && (best.page == nil || s.from < best.from) {
			best = s
		}
	}
	return best, best.page != nil
}

// findForm is the first place where a form stands.
func findForm(form []need, p *page) (span, bool) {
	var local [mostNeeds]uint32 // the form's words as terms of the page
	for i, n := range form {
		at, ok := p.term(n.id)
		if !ok {
			return span{}, false
		}
		local[i] = uint32(at)
	}
	if len(form) == 0 {
		return span{}, false
	}
	for from := p.terms[local[0]].first; int(from) < len(p.tokens); from++ {
		if to := match(form, local[:], p.tokens, from); to > from {
			return span{p, from, to}, true
		}
	}
	return span{}, false
}

// match returns the token after the form that begins at a token, 0 where none
// does. It reads phrases as words.Phrase.Find does: light words do not part them, sentence ends do.
func match(form []need, local []uint32, tokens []token, at uint32) uint32 {
	for i := range form {
		for skip := i > 0; ; at++ {
			if int(at) == len(tokens) || skip && tokens[at].gap {
				return 0
			}
			t := &tokens[at]
			if t.term == local[i] && (t.upper || !form[i].upper) {
				break
			}
			if !skip || !t.light {
				return 0
			}
		}
		at++
	}
	return at
}

// closeBy is within how many words the words of a keyword count as near each other.
const closeBy = 8

// scattered reports where the telling words of a keyword first stand in one
// text, in any order, and whether they are near each other.
func (ph *phrase) scattered(p *page) (where span, near, ok bool) {
	if ph.loose == nil {
		return span{}, false, false
	}
	var local, last [mostNeeds]uint32 // terms of the page; 1 + where each was last seen in this text
	for i, id := range ph.loose {
		at, ok := p.term(id)
		if !ok {
			return span{}, false, false
		}
		local[i] = uint32(at)
	}
	n := len(ph.loose)
	for f := range p.fields {
		end := uint32(len(p.tokens))
		if f+1 < len(p.fields) {
			end = p.fields[f+1].from
		}
		clear(last[:n])
		for at := p.fields[f].from; at < end; at++ {
			hit := false
			for i := range n {
				if p.tokens[at].term == local[i] {
					last[i], hit = at+1, true
				}
			}
			if !hit {
				continue
			}
			from := at + 1
			for i := range n {
				from = min(from, last[i])
			}
			if from == 0 {
				continue
			}
			if at+1-from < closeBy {
				return span{p, from - 1, at + 1}, true, true
			}
			if !ok {
				where, ok = span{p, from - 1, at + 1}, true
			}
		}
	}
	return where, false, ok
}
