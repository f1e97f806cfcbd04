package desk

import (
	"context"
	"sync"

	"bidfit/store"
)

// Answers that depend on the notices alone are kept until one of them is another: which notices are like one, who is meant by a name, what
// each notice says of the market. What depends on the hour too is computed out of them each time. They weigh so many records in all, at
// about 4 KB each; when that is too much, some of them are forgotten.
const (
	mostRecords = 20_000 // read one by one
	mostCircles = 20_000 // in circles, which share them with those
	mostHits    = 100_000
	mostDates   = 20_000
)

// edition follows the change feed.
type edition struct {
	mu   sync.Mutex
	read uint64 // the change it has come to, 0 before it began
	last uint64 // the newest change of a notice it came by
}

// edition is a number that is the same as long as every notice is, and then a greater one.
func (d *Desk) edition(ctx context.Context) (uint64, error) {
	e := &d.noticed
	e.mu.Lock()
	defer e.mu.Unlock()
	newest, _, err := d.store.Newest(ctx)
	switch {
	case err != nil:
		return 0, err
	case e.read == 0:
		e.read, e.last = newest, newest
	case newest > e.read:
		for c, err := range d.store.Changes(ctx, e.read) {
			if err != nil {
				return 0, err
			}
			if e.read = c.N; c.Kind == store.KindNotice {
				e.last = c.N
			}
		}
	}
	return e.last, nil
}

// kept are answers that are good for one edition of the notices.
type kept[V any] struct {
	mu      sync.Mutex
	edition uint64
	of      map[string]V
	weight  int
}

func (k *kept[V]) get(edition uint64, key string) (v V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.edition == edition {
		v, ok = k.of[key]
	}
	return v, ok
}

// put keeps an answer. weight says what one weighs, most what all may; what weighs more alone is not kept.
func (k *kept[V]) put(edition uint64, key string, v V, most int, weight func(V) int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	w := weight(v)
	if edition < k.edition || w > most {
		return
	}
	if k.of == nil || k.edition != edition {
		k.edition, k.of, k.weight = edition, map[string]V{}, 0
	}
	if old, ok := k.of[key]; ok {
		k.weight -= weight(old)
		delete(k.of, key)
	}
	for other, x := range k.of { // in no order
		if k.weight+w <= most {
			break
		}
		k.weight -= weight(x)
		delete(k.of, other)
	}
	k.of[key] = v
	k.weight += w
}

// once gives what is kept under a key, else asks, and keeps the answer where no notice has become another meanwhile. ask must read the index
// itself into step: only then is it of the edition.
func once[V any](ctx context.Context, d *Desk, k *kept[V], key string, most int, weight func(V) int, ask func() (V, error)) (V, error) {
	before, err := d.edition(ctx)
	if err != nil {
		return *new(V), err
	}
	if v, ok := k.get(before, key); ok {
		return v, nil
	}
	v, err := ask()
	if err != nil {
		return v, err
	}
	after, err := d.edition(ctx)
	if err == nil && after == before {
		k.put(after, key, v, most, weight)
	}
	return v, err
}
