package changes

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
	"bidfit/notice/words"
)

// Prose is compared sentence by sentence: a sentence that moved is no change, one that was reworded
// is one removed and one added.

// prose compares title, description and all further texts. A text that only repeats
// what the description says does not count twice.
func (d *differ) prose(older, newer *notice.Notice) {
	d.text(Title, "title", older.Title, newer.Title)
	before, after := sentencesOf(older.Description), sentencesOf(newer.Description)
	d.sentences(Description, "description", before, after)

	further := func(n *notice.Notice, told []sentence) []sentence {
		known := map[string]bool{}
		for _, s := range told {
			known[s.text] = true
		}
		var list []sentence
		texts := n.Texts
		texts = slices.Clip(texts)
		for _, m := range n.Milestones {
			texts = append(texts, m.Description)
		}
		for _, w := range n.Awards {
			for _, m := range w.Milestones {
				texts = append(texts, m.Description)
			}
			for _, c := range w.Contracts {
				for _, m := range c.Milestones {
					texts = append(texts, m.Description)
				}
			}
		}
		for _, t := range texts {
			for _, s := range sentencesOf(t) {
				if !known[s.text] {
					known[s.text] = true
					list = append(list, s)
				}
			}
		}
		return list
	}
	d.sentences(Text, "further text", further(older, before), further(newer, after))
}

// sentence is one sentence of a text, and the place the text stands in.
type sentence struct {
	text string
	at   notice.Path
}

// sentencesOf splits a text into its sentences, each as it is read.
func sentencesOf(said notice.Said[string]) []sentence {
	if !said.Known() {
		return nil
	}
	var list []sentence
	for line := range strings.Lines(words.Plain(said.Value)) {
		for line = strings.TrimSpace(line); line != ""; {
			end := sentenceEnd(line)
			list = append(list, sentence{oneLine(line[:end]), said.At})
			line = strings.TrimSpace(line[end:])
		}
	}
	return list
}

// sentenceEnd is where the first sentence of a line ends: behind a full stop, question or exclamation mark
// that is followed by white space and no small letter.
func sentenceEnd(line string) int {
	for i := 0; i+1 < len(line); i++ {
		if c := line[i]; c != '.' && c != '?' && c != '!' || line[i+1] != ' ' {
			continue
		}
		rest := strings.TrimLeft(line[i+1:], " ")
		if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsLower(r) {
			return i + 1
		}
	}
	return len(line)
}

// sentences compares two texts.
func (d *differ) sentences(what Kind, subject string, older, newer []sentence) {
	added, removed := surplus(newer, older), surplus(older, newer)
	before, after := quote(removed), quote(added)
	switch {
	case len(added) == 0 && len(removed) == 0:
	case len(older) == 0:
		d.add(what, added[0].at, "", after, subject, " now given: %s", notice.Count(len(added), "sentence", "sentences"))
	case len(newer) == 0:
		d.add(what, removed[0].at, before, "", subject, " no longer given")
	case len(removed) == 0:
		d.add(what, added[0].at, "", after, subject, " longer: %s added", notice.Count(len(added), "sentence", "sentences"))
	case len(added) == 0:
		d.add(what, newer[0].at, before, "", subject, " shorter: %s removed", notice.Count(len(removed), "sentence", "sentences"))
	default:
		d.add(what, added[0].at, before, after, subject, " rewritten: %s added, %d removed",
			notice.Count(len(added), "sentence", "sentences"), len(removed))
	}
}

// surplus lists the sentences of a that b has not, or has not so often.
func surplus(a, b []sentence) []sentence {
	left := map[string]int{}
	for _, s := range b {
		left[s.text]++
	}
	var more []sentence
	for _, s := range a {
		if left[s.text]--; left[s.text] < 0 {
			more = append(more, s)
		}
	}
	return more
}

// quote is the beginning of what the sentences say.
func quote(list []sentence) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		if b.WriteString(s.text); b.Len() > longest {
			break
		}
	}
	return clip(b.String(), longest)
}
