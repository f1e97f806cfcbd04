package matcher

import (
	"cmp"
	"fmt"
)

// Order is what a list of fits is sorted by.
type Order string

const (
	OrderScore     Order = "score"     // the best first, barred ones last
	OrderLow       Order = "low"       // the safest first, barred ones last
	OrderDeadline  Order = "deadline"  // the most urgent first, barred ones last
	OrderRelevance Order = "relevance" // what is bought alone; gates are ignored
)

// ParseOrder reads an order as typed.
func ParseOrder(s string) (Order, error) {
	switch o := Order(s); o {
	case OrderScore, OrderLow, OrderDeadline, OrderRelevance:
		return o, nil
	}
	return "", fmt.Errorf("order %q is none of score, low, deadline, relevance", s)
}

// Compare is the order of fits: negative where a stands before b. It is total:
// only a fit and itself compare as 0.
func Compare(order Order) func(a, b Fit) int {
	return func(a, b Fit) int {
		gates := cmp.Compare(a.closed(), b.closed())
		score := cmp.Compare(b.Score, a.Score)
		relevance := cmp.Compare(b.Relevance, a.Relevance)
		var first int
		switch order {
		case OrderRelevance:
			first = cmp.Or(relevance, score)
		case OrderLow:
			first = cmp.Or(gates, cmp.Compare(b.Low, a.Low), score)
		case OrderDeadline:
			first = cmp.Or(gates, compareDeadline(a, b), score)
		default:
			first = cmp.Or(gates, score, relevance)
		}
		return cmp.Or(first, cmp.Compare(b.Known, a.Known),
			cmp.Compare(a.OCID, b.OCID), cmp.Compare(a.Notice, b.Notice), cmp.Compare(a.Lot, b.Lot))
	}
}

// closed is 1 where a gate bars the fit, else 0.
func (f *Fit) closed() int {
	if f.Barred() {
		return 1
	}
	return 0
}

// compareDeadline puts the earlier date first and no date last.
func compareDeadline(a, b Fit) int {
	switch {
	case a.Deadline.IsZero() && b.Deadline.IsZero():
		return 0
	case a.Deadline.IsZero():
		return 1
	case b.Deadline.IsZero():
		return -1
	}
	return a.Deadline.End().Compare(b.Deadline.End())
}
