package market_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/market"
	"bidfit/notice"
)

// m is a mention: its name and then its identifiers.
func m(name string, ids ...string) market.Mention { return market.Mention{Name: name, IDs: ids} }

// groups writes who is one with whom: the mentions by their place, group by group.
func groups(ms []market.Mention) string {
	d := market.Resolve(ms)
	var parts []string
	for _, o := range d.Organisations {
		var in []string
		for i, m := range ms {
			if d.Of(m) == o {
				in = append(in, fmt.Sprint(i))
			}
		}
		parts = append(parts, strings.Join(in, " "))
	}
	slices.Sort(parts)
	return strings.Join(parts, " | ")
}

func TestResolve(t *testing.T) {
	const coh1, coh2, ppon1, ppon2 = "GB-COH-00000001", "GB-COH-00000002", "GB-PPON-PAAA-1111-AAAA", "GB-PPON-PBBB-2222-BBBB"
	for _, tt := range []struct {
		name     string
		mentions []market.Mention
		want     string
	}{
		{"spellings", []market.Mention{m("Wren & Co. Ltd"), m("WREN AND COMPANY LIMITED"), m("Wrens Ltd")}, "0 1 | 2"},
		{"one number, two names", []market.Mention{m("Wren Ltd", coh1), m("Lark Ltd", coh1)}, "0 1"},
		{"two numbers, one name", []market.Mention{m("Wren Ltd", coh1), m("Wren Ltd", coh2)}, "0 | 1"},
		{"two numbers and none", []market.Mention{m("Wren Ltd", coh1), m("Wren Ltd", coh2), m("Wren"), m("Wren Limited")}, "0 | 1 | 2 3"},
		{"one number and none", []market.Mention{m("Wren Ltd", coh1), m("WREN"), m("Wren Ltd", ppon1)}, "0 1 2"},
		{"numbers chained by an identifier", []market.Mention{m("Wren", coh1), m("Wren Old", coh1, ppon1), m("Lark", ppon1)}, "0 1 2"},
		{"no chain of names brings two numbers together", []market.Mention{
			m("Wren", coh1), m("Wren", ppon1), m("Lark", ppon1), m("Lark", coh2),
		}, "0 | 1 2 | 3"},
		{"nor a chain over one without", []market.Mention{
			m("Wren", coh1), m("Wren", "GB-FTS-1"), m("Lark", "GB-FTS-1"), m("Lark", coh2),
		}, "0 | 1 2 | 3"},
		{"profile numbers join and never part", []market.Mention{
			m("Wren", "GB-FTS-1"), m("Wren", "GB-FTS-2"), m("Lark", "GB-FTS-2"), m("Wren", coh1),
		}, "0 1 2 3"},
		{"PPONs part", []market.Mention{m("St Mary's School", ppon1), m("St Marys School", ppon2)}, "0 | 1"},
		{"a branch with a number of its own", []market.Mention{
			m("Wick County Council", ppon1), m("Wick County Council t/a Wick Supplies", ppon2), m("Wick County Council"),
		}, "0 2 | 1"},
		{"no names", []market.Mention{m("n/a"), m("See attached"), m("n/a", coh1)}, "2"},
	} {
		if got := groups(tt.mentions); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestResolveTells looks at what is said of an organisation: its best id and most used name, why it is one, its namesakes.
func TestResolveTells(t *testing.T) {
	d := market.Resolve([]market.Mention{
		m("WREN LTD", "GB-FTS-9", "GB-COH-00000001"), m("Wren Limited", "GB-COH-00000001"), m("Wren Limited"), m("Wren Limited"),
		m("Wren", "GB-COH-00000002"),
	})
	o := d.Of(m("x", "GB-COH-00000001"))
	if o != nil {
		t.Errorf("a mention that was not resolved is %v", o)
	}
	o = d.Of(m("Wren Limited", "GB-COH-00000001"))
	if o.ID != "GB-COH-00000001" || o.Name != "Wren Limited" || o.Ref() != o.ID ||
		!slices.Equal(o.IDs, []string{"GB-COH-00000001", "GB-FTS-9"}) || !slices.Equal(o.Names, []string{"Wren Limited", "WREN LTD"}) {
		t.Errorf("the organisation is %+v", o)
	}
	if len(o.Joins) != 1 || o.Joins[0].By != "GB-COH-00000001" {
		t.Errorf("it is one because of %+v", o.Joins)
	}
	if len(o.Namesakes) != 2 {
		t.Errorf("its namesakes are %+v", o.Namesakes)
	}
	if alone := d.Of(m("Wren Limited")); alone == o || alone.Ref() != "Wren Limited" {
		t.Errorf("with two numbers the one without is %+v", alone)
	}
	if bearing := d.Bearing("=wren"); len(bearing) != 3 {
		t.Errorf("%d bear the name", len(bearing))
	}
	joined := market.Resolve([]market.Mention{m("Wren Ltd"), m("Wren plc", "GB-COH-00000001")}).Organisations
	if len(joined) != 1 || len(joined[0].Joins) != 1 || joined[0].Joins[0].By != "=wren" {
		t.Errorf("joined by name: %+v", joined)
	}
}

// made are mentions at random, few names and numbers so that they meet often.
func made(r *rand.Rand, n int) []market.Mention {
	names := []string{"Wren Ltd", "WREN", "Lark & Co", "Lark and Company", "Finch", "Finch t/a Larks", "Heron LLP", "n/a", ""}
	schemes := []string{"GB-COH-", "GB-PPON-", "GB-FTS-", "GB-CFS-", "GB-CHC-"}
	ms := make([]market.Mention, n)
	for i := range ms {
		ms[i].Name = names[r.IntN(len(names))]
		for range r.IntN(3) {
			ms[i].IDs = append(ms[i].IDs, fmt.Sprintf("%s%d", schemes[r.IntN(len(schemes))], r.IntN(6)))
		}
	}
	return ms
}

// TestResolveProperties holds of any mentions: their order and repetition change nothing, shared identifiers join,
// every joining is a ground of its own, and what joins by names alone never brings two numbers of one register together.
func TestResolveProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for round := range 2000 {
		ms := made(r, 1+r.IntN(14))
		d := market.Resolve(ms)
		shuffled := slices.Clone(ms)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := market.Resolve(shuffled); !reflect.DeepEqual(d.Organisations, again.Organisations) {
			t.Fatalf("round %d: another order of %v gives other organisations", round, ms)
		}
		byID := map[string]*market.Organisation{}
		nodes := map[*market.Organisation]map[string]bool{}
		for _, x := range ms {
			o := d.Of(x)
			if (o == nil) != (len(x.Keys()) == 0) {
				t.Fatalf("round %d: %v is %v", round, x, o)
			}
			if o == nil {
				continue
			}
			if nodes[o] == nil {
				nodes[o] = map[string]bool{}
			}
			keys := x.Keys()
			slices.Sort(keys)
			nodes[o][strings.Join(slices.Compact(keys), "\n")] = true
			for _, id := range x.IDs {
				if other := byID[id]; other != nil && other != o {
					t.Fatalf("round %d: %s is two organisations in %v", round, id, ms)
				}
				byID[id] = o
			}
		}
		for _, o := range d.Organisations {
			if len(o.Joins) != len(nodes[o])-1 {
				t.Fatalf("round %d: %d mentions became one by %d joinings in %v", round, len(nodes[o]), len(o.Joins), ms)
			}
			// Without the names, identifiers alone make groups; of these at most one may have a number of a register.
			var own []market.Mention
			for _, x := range ms {
				if d.Of(x) == o {
					own = append(own, market.Mention{IDs: x.IDs})
				}
			}
			held := map[string]int{}
			for _, part := range market.Resolve(own).Organisations {
				registers := map[string]bool{}
				for _, id := range part.IDs {
					registers[id[:strings.LastIndex(id, "-")]] = true
				}
				for register := range registers {
					held[register]++
				}
			}
			for _, register := range []string{"GB-COH", "GB-PPON", "GB-CHC"} {
				if held[register] > 1 {
					t.Fatalf("round %d: names brought %d of %s together in %v", round, held[register], register, ms)
				}
			}
		}
	}
}

// TestResolveHostile resolves many mentions made to be slow: one name under many numbers, one long chain. Were it quadratic, the test would not end.
func TestResolveHostile(t *testing.T) {
	const n = 40_000
	var ms []market.Mention
	for i := range n {
		ms = append(ms, m("Wren Ltd", fmt.Sprintf("GB-COH-%08d", i+1)))
		ms = append(ms, m(fmt.Sprintf("Link %d", n-i), fmt.Sprintf("GB-FTS-%d", i), fmt.Sprintf("GB-FTS-%d", i+1)))
	}
	d := market.Resolve(ms)
	if len(d.Organisations) != n+1 {
		t.Errorf("%d organisations", len(d.Organisations))
	}
}

// BenchmarkResolve resolves everybody in the award history.
func BenchmarkResolve(b *testing.B) {
	var all []market.Mention
	for _, name := range []string{"lancashire-councils", "contracts-finder-2020"} {
		for _, n := range history(b, name) {
			all = append(all, market.Read(n).Mentions()...)
		}
	}
	b.ReportMetric(float64(len(all)), "mentions")
	for b.Loop() {
		market.Resolve(all)
	}
}

// TestRealNames counts what resolving makes of the award history, and looks for joins that cannot be right.
func TestRealNames(t *testing.T) {
	for name, want := range map[string][2]int{"lancashire-councils": {670, 602}, "contracts-finder-2020": {2443, 2211}} {
		var all []market.Mention
		written := map[string]bool{}
		for _, n := range history(t, name) {
			for _, x := range market.Read(n).Mentions() {
				all = append(all, x)
				written[cmp.Or(x.Name, "?")+strings.Join(x.IDs, " ")] = true
			}
		}
		d := market.Resolve(all)
		t.Logf("%s: %d as written, %d organisations", name, len(written), len(d.Organisations))
		if len(written) != want[0] || len(d.Organisations) != want[1] {
			t.Errorf("%s: %d as written and %d organisations, want %d and %d", name, len(written), len(d.Organisations), want[0], want[1])
		}
		for _, o := range d.Organisations {
			keys := map[string]bool{}
			for _, spelling := range o.Names {
				keys[notice.NameKey(spelling)] = true
			}
			if len(keys) > 1 && o.ID == "" {
				t.Errorf("%s: %q are one without an identifier", name, o.Names)
			}
		}
	}
}
