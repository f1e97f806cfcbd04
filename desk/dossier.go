package desk

import (
	"context"
	"fmt"
	"time"

	"bidfit/dossier"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/notice/ocds"
)

// mostSteps is how many of a notice's newest releases its history has words for: each is
// a merge of all before it, so that the whole of a long history would be quadratic.
const mostSteps = 60

// Dossier is everything a page says of a notice, found as Notice finds it. ErrNotFound.
func (d *Desk) Dossier(ctx context.Context, id string, asOf time.Time) (*dossier.Dossier, error) {
	n, err := d.Notice(ctx, id)
	if err != nil {
		return nil, err
	}
	also, err := d.Also(ctx, n.OCID)
	if err != nil {
		return nil, err
	}
	names, err := d.Names(ctx)
	if err != nil {
		return nil, err
	}
	releases, err := d.Published(ctx, n)
	if err != nil {
		return nil, err
	}
	told, err := history(ctx, n, releases)
	if err != nil {
		return nil, err
	}
	return dossier.Of(n, dossier.Given{AsOf: asOf, Names: names, Also: also, Locality: d.Locality, Changes: told}), nil
}

// Published are the releases that a notice was made of, in the order they count: of a shared
// OCID those of its own buyer, without revised ones.
func (d *Desk) Published(ctx context.Context, n *notice.Notice) ([]notice.Release, error) {
	all, err := d.store.Releases(ctx, n.OCID)
	if err != nil {
		return nil, fmt.Errorf("reading the releases of %s: %w", n.OCID, err)
	}
	byHash := make(map[string]notice.Release, len(all))
	for _, r := range all {
		byHash[notice.HashName(r.Hash)] = r
	}
	own := make([]notice.Release, 0, len(n.Releases))
	for _, p := range n.Releases {
		r, ok := byHash[p.Hash]
		if !ok {
			return nil, fmt.Errorf("release %s of %s is no longer in the store; \"verify\" tells what is wrong", p.Identity, n.ID)
		}
		own = append(own, r)
	}
	return own, nil
}

// Record is the OCDS record package of a notice, found as Notice finds it: its releases as published, and the
// compiled release. ErrNotFound.
func (d *Desk) Record(ctx context.Context, id string) ([]byte, error) {
	n, err := d.Notice(ctx, id)
	if err != nil {
		return nil, err
	}
	releases, err := d.Published(ctx, n)
	if err != nil {
		return nil, err
	}
	record, err := ocds.RecordPackage(releases)
	if err != nil {
		return nil, fmt.Errorf("the record of %s: %w", n.ID, err)
	}
	return record, nil
}

// history tells what each of the newest releases changed, by their identities.
func history(ctx context.Context, n *notice.Notice, releases []notice.Release) (map[string][]changes.Change, error) {
	told := map[string][]changes.Change{}
	if len(releases) < 2 {
		return told, nil
	}
	var before *notice.Notice
	for state := range ocds.States(n.OCID, releases, mostSteps) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if before != nil {
			newest := state.Releases[len(state.Releases)-1].Identity
			told[newest] = changes.Between(before, state)
		}
		before = state
	}
	return told, nil
}
