package desk

import (
	"fmt"
	"testing"
)

// What is kept never weighs more than it may, is there until it has to make room, and is good for one edition.
func TestKeptBounds(t *testing.T) {
	var k kept[int]
	weight := func(v int) int { return v }
	has := func(edition uint64) (n, sum int) {
		for i := range 40 {
			if v, ok := k.get(edition, fmt.Sprint(i)); ok {
				n, sum = n+1, sum+v
			}
		}
		return n, sum
	}
	for i := range 40 {
		k.put(1, fmt.Sprint(i), 1+i%5, 30, weight)
		if v, ok := k.get(1, fmt.Sprint(i)); !ok || v != 1+i%5 {
			t.Fatalf("%d is not kept", i)
		}
		if n, sum := has(1); sum > 30 || sum != k.weight || n != len(k.of) {
			t.Fatalf("%d answers weigh %d, counted are %d", n, sum, k.weight)
		}
	}
	if n, _ := has(1); n < 6 {
		t.Errorf("only %d are kept", n)
	}
	k.put(1, "39", 9, 30, weight)
	if _, sum := has(1); sum > 30 || sum != k.weight {
		t.Errorf("put again they weigh %d, counted are %d", sum, k.weight)
	}
	k.put(1, "0", 31, 30, weight)
	if v, _ := k.get(1, "0"); v == 31 {
		t.Error("what is too heavy is kept")
	}
	k.put(2, "7", 1, 30, weight)
	if n, _ := has(1); n != 0 {
		t.Errorf("%d are kept of an edition before", n)
	}
	k.put(1, "8", 1, 30, weight)
	if _, ok := k.get(1, "8"); ok || k.edition != 2 {
		t.Error("an answer of an edition before is kept")
	}
}
