// Package prose reads what a notice says in running text: money, contract lengths
// and lots; dates, addresses and conditions. Every reader reads one string; what it finds
// keeps its byte span in that string, exactly as published, and how sure the reading is.
//
// Bottom up: scan.go takes a text apart once into words, numbers and marks, and knows where
// sentences end, whatever publishing did to the line ends. [Read] keeps that in a [Text], of which every reader is a method. Amounts (money.go) starts from
// pound signs and the like and lets the words of the sentence say what the money is for.
// Lengths (length.go) starts from years and months and asks what is so long. Lots (lots.go)
// finds lists of lots and what of the text belongs to each. Events (events.go) reads days and
// times (dates.go) and lets the words around them say what happens then. Links (links.go) tells by its
// host what an address leads to. Mentions (mentions.go, with the certificates) goes on from a table of words to
// insurance and turnover (cover.go), people and places (staff.go), frameworks and incumbents (route.go).
//
// A reader is linear in its text and finds at most [Most] things in it. Where it doubts whether a
// thing is meant at all it leaves it out; where it doubts what is meant, Confidence says so.
package prose

import "bidfit/notice"

// Text is a text taken apart once, for all readers.
type Text struct {
	*scan
	amounts []Found[notice.Amount]
	priced  bool // the amounts have been read
}

// Read takes a text apart.
func Read(text string) *Text { return &Text{scan: takeApart(text)} }

// Found is something read in a text: its value, its byte span, and how sure the
// reading is, in percent. 90 and more is plain wording, 80 is safe to stand in for a field nobody
// filled, below 60 is worth showing and nothing else.
type Found[T any] struct {
	Value      T
	Start, End int
	Confidence int
}

// Most is how many things of a kind are read in one text. The longest of two thousand published
// notices has a tenth of it.
const Most = 400
