package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/index"
	"bidfit/market"
	"bidfit/notice"
	"bidfit/store"
)

// role is what an organisation does in the notices that are asked for.
type role string

const (
	buyer    role = "buyer"
	supplier role = "supplier"
	other    role = "named" // a member of a dynamic market, a bidder
)

var roles = []role{buyer, supplier, other}

// Candidate is one of several organisations that a name may mean.
type Candidate struct {
	market.Mention
	Place   string `json:"place,omitzero"`
	Notices int    `json:"notices"` // that name it in the role that was asked for
}

// AmbiguousError says that a name means several organisations, and which: the one with the most notices first.
type AmbiguousError struct {
	Role, Asked string
	Candidates  []Candidate
	// More is how many names besides were not looked at.
	More int
}

func (e *AmbiguousError) Error() string {
	if len(e.Candidates) == 0 {
		return fmt.Sprintf("%s %q: %d names have that in them; give more of the name, or an id such as GB-COH-01234567", e.Role, e.Asked, e.More)
	}
	return fmt.Sprintf("%s %q may be any of %d; give the id or the whole name of one", e.Role, e.Asked, len(e.Candidates)+e.More)
}

// Buyer tells what the notices say of a buyer, who is named by an identifier, its name in any of its
// spellings, or a part of the name that no other buyer has. ErrNotFound, *AmbiguousError.
func (d *Desk) Buyer(ctx context.Context, nameOrID string, asOf time.Time) (market.Buyer, error) {
	o, c, err := d.organisation(ctx, buyer, nameOrID)
	if err != nil {
		return market.Buyer{}, err
	}
	return market.NewBuyer(o, c.directory, c.records, asOf), nil
}

// Supplier tells what the notices say of a supplier, who is named as Buyer names one. ErrNotFound, *AmbiguousError.
func (d *Desk) Supplier(ctx context.Context, nameOrID string, asOf time.Time) (market.Supplier, error) {
	o, c, err := d.organisation(ctx, supplier, nameOrID)
	if err != nil {
		return market.Supplier{}, err
	}
	return market.NewSupplier(o, c.directory, c.records, asOf), nil
}

// likeEnough is how many notices the index is asked for that are like another one.
const likeEnough = 200

// Similar tells which notices are like one, who won such, at what price, and which may have been its
// earlier round. n bounds each list, 0 is all that were found. ErrNotFound.
func (d *Desk) Similar(ctx context.Context, ocid string, n int, asOf time.Time) (market.Similar, error) {
	of, err := d.Notice(ctx, ocid)
	if err != nil {
		return market.Similar{}, err
	}
	this := market.Read(of)
	var keys []string
	for i := range this.Buyers {
		keys = append(keys, market.MentionOf(&this.Buyers[i]).Keys()...)
	}
	var like []*market.Record
	var c *circle
	reads := []func() error{
		func() (err error) { like, err = d.like(ctx, of); return err },
		func() (err error) { c, err = d.circle(ctx, keys); return err },
	}
	if err := atOnce(ctx, len(reads), func(i int) error { return reads[i]() }); err != nil {
		return market.Similar{}, err
	}
	names, err := d.Names(ctx)
	if err != nil {
		return market.Similar{}, err
	}
	return market.NewSimilar(this, c.directory, like, c.records, names, n, asOf), nil
}

// like are the notices that the index finds like another one, the most alike first.
func (d *Desk) like(ctx context.Context, of *notice.Notice) ([]*market.Record, error) {
	hits, err := once(ctx, d, &d.likenings, of.ID, mostHits, func(hits []index.Hit) int { return 1 + len(hits) }, func() (hits []index.Hit, err error) {
		if err := d.CatchUp(ctx); err != nil {
			return nil, err
		}
		err = d.mending(ctx, func(ctx context.Context) (err error) {
			hits, err = d.index.Similar(ctx, of, likeEnough)
			return err
		})
		return hits, err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return d.recordsOf(ctx, ids)
}

// mostNames is how many names that have a word in common are looked into before the asker is asked for more of it.
const mostNames = 50

// meaning is the organisation that a name means, among those it has to be told apart from.
type meaning struct {
	*market.Organisation
	among *circle
}

// organisation finds the one that a name or an identifier means.
func (d *Desk) organisation(ctx context.Context, in role, asked string) (*market.Organisation, *circle, error) {
	m, err := once(ctx, d, &d.meanings, string(in)+"\x00"+asked, mostCircles, func(m meaning) int { return m.among.weight() }, func() (m meaning, err error) {
		m.Organisation, m.among, err = d.meant(ctx, in, asked)
		return m, err
	})
	return m.Organisation, m.among, err
}

// meant is organisation out of index and store.
func (d *Desk) meant(ctx context.Context, in role, asked string) (*market.Organisation, *circle, error) {
	if err := d.CatchUp(ctx); err != nil {
		return nil, nil, err
	}
	keys, more, err := d.keys(ctx, in, asked)
	if err != nil {
		return nil, nil, err
	}
	if more > 0 {
		return nil, nil, &AmbiguousError{Role: string(in), Asked: asked, More: more}
	}
	c, err := d.circle(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	notices := c.named(in)
	var meant []*market.Organisation
	elsewhere := false
	for _, key := range keys {
		for _, o := range c.directory.Bearing(key) {
			switch {
			case notices[o] == 0:
				elsewhere = true
			case !slices.Contains(meant, o):
				meant = append(meant, o)
			}
		}
	}
	switch {
	case len(meant) == 1:
		return meant[0], c, nil
	case len(meant) > 1:
		return nil, nil, c.ambiguous(in, asked, meant, notices)
	case elsewhere && in == buyer:
		return nil, nil, fmt.Errorf("buyer %q: %w; it is named as a supplier only: see \"bidfit supplier\"", asked, store.ErrNotFound)
	case elsewhere:
		return nil, nil, fmt.Errorf("supplier %q: %w; it is named as a buyer only: see \"bidfit buyer\"", asked, store.ErrNotFound)
	}
	return nil, nil, fmt.Errorf("%s %q: %w; give a word of its name or an id such as GB-COH-01234567; \"bidfit search\" finds notices by their words", in, asked, store.ErrNotFound)
}

// keys are what an asked name or identifier is carried as: exactly in some role or, where there is
// no such, in the role as names that have all its words in them. more counts the names where they are too many.
func (d *Desk) keys(ctx context.Context, in role, asked string) (keys []string, more int, err error) {
	for _, key := range exactly(asked) {
		for _, r := range roles {
			tokens, err := d.carried(ctx, string(r)+":"+key)
			if err != nil {
				return nil, 0, err
			}
			if slices.Contains(tokens, string(r)+":"+key) && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) > 0 {
		return keys, 0, nil
	}
	part := strings.Fields(notice.NameKey(asked))
	if len(part) == 0 {
		return nil, 0, nil
	}
	for _, r := range roles {
		if (r == buyer) != (in == buyer) {
			continue
		}
		names, err := d.carried(ctx, string(r)+":=")
		if err != nil {
			return nil, 0, err
		}
		for _, token := range names {
			name := strings.TrimPrefix(token, string(r)+":=")
			if hasAll(strings.Fields(name), part) && !slices.Contains(keys, "="+name) {
				keys = append(keys, "="+name)
			}
		}
	}
	if len(keys) > mostNames {
		return nil, len(keys), nil
	}
	return keys, 0, nil
}

// hasAll reports whether each part is a word of the name or, from three letters on, begins one.
func hasAll(name, parts []string) bool {
	for _, p := range parts {
		if !slices.ContainsFunc(name, func(w string) bool { return w == p || len(p) >= 3 && strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return true
}

// exactly lists the keys that an asked text can stand for as it is: a name, an identifier, a
// company number or PPON without its register before it.
func exactly(asked string) []string {
	asked = strings.TrimSpace(asked)
	upper := strings.ToUpper(asked)
	keys := []string{asked}
	if upper != asked {
		keys = append(keys, upper)
	}
	for _, register := range []string{"", "GB-COH-", "GB-PPON-"} {
		if id, err := notice.ParseIdentifier(register + strings.ReplaceAll(upper, " ", "")); err == nil && !slices.Contains(keys, id) {
			keys = append(keys, id)
		}
	}
	if key := notice.NameKey(asked); key != "" {
		keys = append(keys, "="+key)
	}
	return keys
}

func (d *Desk) carried(ctx context.Context, prefix string) (tokens []string, err error) {
	err = d.mending(ctx, func(ctx context.Context) (err error) {
		tokens, err = d.index.Carried(ctx, prefix)
		return err
	})
	return tokens, err
}

// circle is every notice that names an organisation, or one that shares an identifier or a name with it,
// and so on: which mentions are that organisation does not depend on any other notice. Others that
// stand in these notices are told apart by what these notices say of them.
type circle struct {
	directory *market.Directory
	records   []*market.Record
}

// weight is how many records a circle keeps.
func (c *circle) weight() int { return 1 + len(c.records) }

// circle is the circle of the organisations that have one of the keys.
func (d *Desk) circle(ctx context.Context, keys []string) (*circle, error) {
	return once(ctx, d, &d.circles, strings.Join(keys, "\x00"), mostCircles, (*circle).weight, func() (*circle, error) { return d.gather(ctx, keys) })
}

// gather is circle out of index and store.
func (d *Desk) gather(ctx context.Context, keys []string) (*circle, error) {
	if err := d.CatchUp(ctx); err != nil {
		return nil, err
	}
	c := &circle{}
	read := map[string]bool{}                // notices
	asked := map[string]bool{}               // keys
	bearing := map[string][]market.Mention{} // by key, of all that was read
	for len(keys) > 0 {
		for _, key := range keys {
			asked[key] = true
		}
		ids, err := d.naming(ctx, keys)
		if err != nil {
			return nil, err
		}
		ids = slices.DeleteFunc(ids, func(id string) bool {
			was := read[id]
			read[id] = true
			return was
		})
		records, err := d.recordsOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		c.records = append(c.records, records...)
		for _, r := range records {
			for _, m := range r.Mentions() {
				for _, key := range m.Keys() {
					bearing[key] = append(bearing[key], m)
				}
			}
		}
		var next []string
		for _, key := range keys {
			for _, m := range bearing[key] {
				for _, k := range m.Keys() {
					if !asked[k] {
						asked[k] = true
						next = append(next, k)
					}
				}
			}
		}
		keys = next
	}
	var mentions []market.Mention
	for _, r := range c.records {
		mentions = append(mentions, r.Mentions()...)
	}
	c.directory = market.Resolve(mentions)
	return c, nil
}

// naming lists the notices that name one of the keys as a buyer or a supplier, each once.
func (d *Desk) naming(ctx context.Context, keys []string) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	for _, r := range roles {
		var tokens []string
		for _, key := range keys {
			if len(key) < index.MaxWords-len(r)-1 {
				tokens = append(tokens, string(r)+":"+key)
			}
		}
		for some := range slices.Chunk(tokens, index.MaxTokens-2) {
			err := d.carrying(ctx, some, func(id string) {
				if !seen[id] {
					seen[id] = true
					ids = append(ids, id)
				}
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// narrower are facts that every notice has: what has too many notices for one question is asked for by each of them.
var narrower = [][]string{
	{"stage:pipeline", "stage:engagement", "stage:planned", "stage:market", "stage:tender", "stage:award", "stage:contract", "stage:ended", "stage:other"},
	{"publisher:find-a-tender", "publisher:contracts-finder", "publisher:public-contracts-scotland", "publisher:sell2wales", "publisher:other"},
}

// carrying tells of every notice that carries one of the tokens of each prefix.
func (d *Desk) carrying(ctx context.Context, tokens []string, found func(id string)) error {
	return d.mending(ctx, func(ctx context.Context) error { return d.pages(ctx, index.Query{Tokens: tokens}, narrower, found) })
}

// pages tells of every notice that a query finds, by whatever of narrow is needed to get to all of them.
func (d *Desk) pages(ctx context.Context, q index.Query, narrow [][]string, found func(id string)) error {
	for q.From, q.Size = 0, index.MaxSize; ; {
		r, err := d.index.Search(ctx, q)
		if err != nil {
			return err
		}
		if r.Total > index.MaxReach {
			if len(narrow) == 0 {
				return fmt.Errorf("%d notices at one stage: %w (%d)", r.Total, errTooMany, index.MaxReach)
			}
			for _, token := range narrow[0] {
				if err := d.pages(ctx, index.Query{Words: q.Words, Tokens: append(slices.Clone(q.Tokens), token)}, narrow[1:], found); err != nil {
					return err
				}
			}
			return nil
		}
		for _, h := range r.Hits {
			found(h.ID)
		}
		if q.From += len(r.Hits); len(r.Hits) == 0 || uint64(q.From) >= r.Total {
			return nil
		}
	}
}

// recordsOf reads of notices what they say of the market. The order is that of the ids; those that are gone are left out.
func (d *Desk) recordsOf(ctx context.Context, ids []string) ([]*market.Record, error) {
	before, err := d.edition(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]*market.Record, len(ids))
	var missing []int
	for i, id := range ids {
		if r, ok := d.records.get(before, id); ok {
			all[i] = r
		} else {
			missing = append(missing, i)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	err = atOnce(ctx, len(missing), func(m int) error {
		n, err := d.store.Notice(ctx, ids[missing[m]])
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			all[missing[m]] = market.Read(n)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	after, err := d.edition(ctx)
	if err != nil {
		return nil, err
	}
	if after == before {
		for _, i := range missing {
			if all[i] != nil {
				d.records.put(after, ids[i], all[i], mostRecords, func(*market.Record) int { return 1 })
			}
		}
	}
	return slices.DeleteFunc(all, func(r *market.Record) bool { return r == nil }), nil
}

// named counts the notices that name each organisation in a role.
func (c *circle) named(in role) map[*market.Organisation]int {
	notices := map[*market.Organisation]int{}
	for _, r := range c.records {
		all := r.Buyers
		if in == supplier {
			all = slices.Concat(r.Suppliers, r.Members, r.Bidders)
		}
		seen := map[*market.Organisation]bool{}
		for i := range all {
			if o := c.directory.Of(market.MentionOf(&all[i])); o != nil && !seen[o] {
				seen[o] = true
				notices[o]++
			}
		}
	}
	return notices
}

func (c *circle) ambiguous(in role, asked string, meant []*market.Organisation, notices map[*market.Organisation]int) *AmbiguousError {
	e := &AmbiguousError{Role: string(in), Asked: asked}
	for _, o := range meant {
		e.Candidates = append(e.Candidates, Candidate{Mention: market.Mention{Name: o.Name, IDs: o.IDs}, Place: c.place(o), Notices: notices[o]})
	}
	slices.SortStableFunc(e.Candidates, func(a, b Candidate) int { return b.Notices - a.Notices })
	return e
}

// place is where the notices say that an organisation sits.
func (c *circle) place(o *market.Organisation) string {
	for _, r := range c.records {
		for _, x := range slices.Concat(r.Buyers, r.Suppliers, r.Members, r.Bidders) {
			if x.Locality.Known() && c.directory.Of(market.MentionOf(&x)) == o {
				return x.Locality.Value
			}
		}
	}
	return ""
}
