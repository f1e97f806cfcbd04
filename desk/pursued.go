package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bidfit/pursuit"
)

// Pursued is one opportunity as the people of a profile work it, whatever has become of it: its row as Review has it (Rank 0), and all
// that was decided about it, oldest first: about the notice or any of its lots, under any OCID of it.
type Pursued struct {
	Row       Row       `json:"row"`
	Decisions []Decided `json:"decisions"`
}

// Pursued tells what the people of a profile did about a notice, on its best lot or on the lot that is named. ErrNotFound for an
// unknown profile, notice or lot.
func (d *Desk) Pursued(ctx context.Context, profile string, t pursuit.Target, asOf time.Time) (Pursued, error) {
	v, err := d.look(ctx, profile, asOf)
	if err != nil {
		return Pursued{}, err
	}
	n, err := d.Notice(ctx, t.Notice)
	if err != nil {
		return Pursued{}, err
	}
	r, err := d.rowOf(ctx, v, pursuit.Target{Notice: n.ID, Lot: t.Lot})
	if err != nil {
		return Pursued{}, err
	}
	out := Pursued{Decisions: []Decided{}}
	if out.Row, err = d.row(ctx, v, r); err != nil {
		return Pursued{}, fmt.Errorf("what %s did about %s: %w", profile, t, err)
	}
	for _, id := range r.ids {
		if a := v.did.about[id]; a != nil {
			for _, on := range a.lots {
				out.Decisions = append(out.Decisions, on.decided...)
			}
		}
	}
	slices.SortStableFunc(out.Decisions, func(a, b Decided) int { return a.When.Compare(b.When) })
	return out, nil
}
