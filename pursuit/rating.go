package pursuit

import (
	"fmt"
	"time"
)

// Answer is what somebody said of a notice, apart from what they decided to do about it.
type Answer string

const (
	Relevant   Answer = "relevant"   // what is bought is what the profile sells
	Irrelevant Answer = "irrelevant" // it is not, wherever and at whatever price
	Known      Answer = "known"      // it needs no telling again, be it relevant or not
)

// ParseAnswer reads an answer as typed.
func ParseAnswer(s string) (Answer, error) {
	switch a := Answer(s); a {
	case Relevant, Irrelevant, Known:
		return a, nil
	}
	return "", fmt.Errorf("answer %q is none of relevant, irrelevant, known", s)
}

// Rating is one answer of one person about a target, kept with what they saw that day.
type Rating struct {
	Target
	Profile string `json:"profile"`
	Answer  Answer `json:"answer"`
	// Undone takes the answer back: it is in force no more, and still on record.
	Undone bool      `json:"undone,omitzero"`
	Note   string    `json:"note,omitzero"`
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
	// ProfileRevision, Lexicon and Learned are what the fit of that day was computed with, Relevance and
	// Score what came out. They are told, not kept: the lexicon may be gone.
	ProfileRevision uint64 `json:"profileRevision"`
	Lexicon         string `json:"lexicon"`
	Learned         string `json:"learned,omitzero"`
	Relevance       int    `json:"relevance"`
	Score           int    `json:"score"`
}

// Rated is everything answered about one target for one profile, oldest first.
type Rated struct {
	Target
	Profile string   `json:"profile"`
	Ratings []Rating `json:"ratings"`
}

// Relevance is the newest answer in force to whether the target is relevant: Relevant, Irrelevant, or "" for none.
func (r *Rated) Relevance() Answer { return r.newest(Relevant, Irrelevant) }

// Known reports whether the target is said to be known.
func (r *Rated) Known() bool { return r.newest(Known) == Known }

// Answers are the answers in force, that about relevance first.
func (r *Rated) Answers() []Answer {
	var list []Answer
	for _, a := range []Answer{r.Relevance(), r.newest(Known)} {
		if a != "" {
			list = append(list, a)
		}
	}
	return list
}

// newest is the newest of some answers that exclude each other, "" where it was taken back.
func (r *Rated) newest(of ...Answer) Answer {
	for i := len(r.Ratings) - 1; i >= 0; i-- {
		for _, a := range of {
			if rating := &r.Ratings[i]; rating.Answer == a {
				if rating.Undone {
					return ""
				}
				return a
			}
		}
	}
	return ""
}
