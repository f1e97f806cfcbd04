package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bidfit/profiles"
	"bidfit/store"
	"bidfit/suggest"
)

// ErrChanged says that a profile has another revision than the one somebody set out from.
var ErrChanged = errors.New("the profile was changed meanwhile")

// FreeID makes an id out of a supplier's name that no profile has, in whatever case.
func (d *Desk) FreeID(ctx context.Context, name string) (string, error) {
	all, err := d.Profiles(ctx)
	if err != nil {
		return "", err
	}
	id := suggest.ID(name)
	for n := 2; slices.ContainsFunc(all, func(p store.Profile) bool { return strings.EqualFold(p.ID, id) }); n++ {
		id = fmt.Sprintf("%s-%d", suggest.ID(name), n)
	}
	return id, nil
}

// Register keeps a profile that is not there yet, where PutProfile would replace one. An id that is taken is told in profiles.Errors.
func (d *Desk) Register(ctx context.Context, p profiles.Profile, now time.Time) (store.Profile, error) {
	d.registering.Lock()
	defer d.registering.Unlock()
	switch there, err := d.Profile(ctx, p.ID); {
	case err == nil:
		return store.Profile{}, profiles.Errors{{Field: "id", Value: p.ID, Message: fmt.Sprintf("%q is the id of %s; write another", p.ID, there.Name)}}
	case !errors.Is(err, store.ErrNotFound):
		return store.Profile{}, err
	}
	return d.PutProfile(ctx, p, now)
}

// Revise keeps a change of a profile that was read at a revision. ErrNotFound; ErrChanged where it has another by now.
func (d *Desk) Revise(ctx context.Context, p profiles.Profile, read uint64, now time.Time) (store.Profile, error) {
	d.registering.Lock()
	defer d.registering.Unlock()
	switch there, err := d.Profile(ctx, p.ID); {
	case err != nil:
		return store.Profile{}, err
	case there.Revision != read:
		return there, fmt.Errorf("profile %s: %w: revision %d is there, %d was read", p.ID, ErrChanged, there.Revision, read)
	}
	return d.PutProfile(ctx, p, now)
}
