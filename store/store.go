// Package store is the contract of a store: the truth that everything else is
// computed from. Engines keep it (store/bolt), storetest proves it of each.
//
// Releases go in and are never changed or removed; notices are derived from
// them inside the same transaction; a change feed numbers what became of notices,
// profiles, pursuits, ratings and records, so that an index or a list in memory can follow.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
)

// Project derives the notices of one OCID from all its releases, one for
// each unrelated buyer. It is pure: the same releases in any order give the same
// notices. It is called inside the transaction that holds the OCID, at times in several goroutines
// at once, each with another OCID.
type Project func(ocid string, releases []notice.Release) ([]*notice.Notice, error)

// Projection is a Project and its version: a store whose notices were derived by
// an older version derives them again when it is opened, and one whose notices were derived by a
// newer version is not opened (ErrNewer).
type Projection struct {
	Version int
	Project Project
}

// Workspace separates the profiles and pursuits of those who share a store.
type Workspace string

const (
	// Default is the workspace of a store with one user.
	Default Workspace = "default"
	// Everybody is whose the records are that belong to the whole store: how far its feeds are.
	Everybody Workspace = "*"
)

// PutResult counts what became of a batch of releases. Stored + Duplicates is its length.
type PutResult struct {
	Stored     int
	Duplicates int
	// Changed are the ids of the notices that changed, new ones included, sorted.
	Changed []string
	// New is how many of them were not there before.
	New int
}

// Kind is what a change is about.
type Kind string

const (
	KindNotice  Kind = "notice"
	KindProfile Kind = "profile"
	KindPursuit Kind = "pursuit"
	KindRating  Kind = "rating"
	KindRecord  Kind = "record"
)

// Change is one entry of the change feed. Of the changes of one key only the newest is kept.
type Change struct {
	N         uint64
	Kind      Kind
	Workspace Workspace // "" for notices
	// Key is the id of the notice or profile; of a pursuit or rating, PROFILE/OCID[/LOT]; of a
	// record, KIND/PROFILE/NAME.
	Key  string
	Gone bool // the thing was removed
}

// PursuitKey is the Key of a change of a pursuit or rating.
func PursuitKey(profile string, t pursuit.Target) string { return profile + "/" + t.String() }

// RecordKey is the Key of a change of a record.
func RecordKey(r pursuit.Record) string { return string(r.Kind) + "/" + r.Profile + "/" + r.Name }

// Profile is a profile as stored.
type Profile struct {
	profiles.Profile
	// Revision counts the changes of this profile, from 1, its removal included.
	Revision uint64    `json:"revision"`
	Updated  time.Time `json:"updated"`
}

// Finding is something Verify found wrong.
type Finding struct {
	Where  string `json:"where"` // the kind of record and its key
	Reason string `json:"reason"`
}

// Stats says what a store holds.
type Stats struct {
	ID          string `json:"id"`
	Format      int    `json:"format"`
	Projection  int    `json:"projection"`
	Releases    int    `json:"releases"`
	Notices     int    `json:"notices"`
	Quarantined int    `json:"quarantined"`
	Profiles    int    `json:"profiles"`
	Pursuits    int    `json:"pursuits"`
	Ratings     int    `json:"ratings"` // targets that were rated
	Records     int    `json:"records"`
	Changes     uint64 `json:"changes"` // the newest change number
}

var (
	// ErrNotFound is returned (wrapped, with what was looked for) where nothing has the key.
	ErrNotFound = errors.New("not found")
	// ErrInUse is returned by Open while another process holds the store.
	ErrInUse = errors.New("the store is open in another process")
	// ErrNewer is returned by Open for a store written by a newer bidfit.
	ErrNewer = errors.New("the store was written by a newer bidfit")
)

// CorruptError is what reading a damaged record gives: where it is and what is wrong.
type CorruptError struct {
	Where string
	Err   error
}

func (e *CorruptError) Error() string { return fmt.Sprintf("%s is damaged: %v", e.Where, e.Err) }
func (e *CorruptError) Unwrap() error { return e.Err }

// Store is the contract. Methods are safe for concurrent use, also inside
// the loop over one of the sequences below. Whatever they return is the caller's own. An error
// leaves the store as it was before the call.
//
// A sequence is read in pieces: what is written while it runs may or may not
// appear in it. It yields an error in the place of a record that cannot be read and goes on with
// the next; after an error that concerns the whole store or the context it ends.
type Store interface {
	// ID is the random identity the store was created with.
	ID() string

	// Put adds releases in one transaction and projects every notice they
	// touch inside it. A release already there (OCID, identity and content hash) is a duplicate and changes
	// nothing; the same identity with other content is a further release.
	Put(ctx context.Context, releases []notice.Release) (PutResult, error)
	// Quarantine keeps what could not be read, once: the same file, offset and content again change nothing.
	Quarantine(ctx context.Context, rejected []notice.Rejected) error
	// Quarantined lists what is in quarantine, in the order it arrived.
	Quarantined(ctx context.Context) iter.Seq2[notice.Rejected, error]

	// Notice finds a notice by its ID, and tells it its copies, which the notices of all OCIDs make: where a notice that comes or
	// changes gives others to another one, the change feed and PutResult tell of that too. ErrNotFound.
	Notice(ctx context.Context, id string) (*notice.Notice, error)
	// Notices lists all notices in the order they were first stored.
	Notices(ctx context.Context) iter.Seq2[*notice.Notice, error]
	// Releases lists the releases of an OCID, in the order they arrived; none for an unknown OCID.
	Releases(ctx context.Context, ocid string) ([]notice.Release, error)
	// Also lists the other OCIDs of the same opportunity, sorted: those the OCID's notices name, those
	// that name it, those of their copies, and so on from each of them, whether or not they are in the store.
	Also(ctx context.Context, ocid string) ([]string, error)

	// Changes lists the newest change of every key after number n, rising. A reader who has
	// seen n never later sees a smaller number that it had not seen.
	Changes(ctx context.Context, after uint64) iter.Seq2[Change, error]

	// PutProfile keeps a profile under its ID as a further revision; a profile that says the same as
	// the stored one changes nothing.
	PutProfile(ctx context.Context, ws Workspace, p profiles.Profile, now time.Time) (Profile, error)
	// Profile finds a profile. ErrNotFound, also after removal.
	Profile(ctx context.Context, ws Workspace, id string) (Profile, error)
	// ProfileRevision finds a profile as it was at a revision: kept while a decision cites it, also after removal.
	ProfileRevision(ctx context.Context, ws Workspace, id string, revision uint64) (Profile, error)
	// Profiles lists the profiles of a workspace, sorted by id.
	Profiles(ctx context.Context, ws Workspace) ([]Profile, error)
	// RemoveProfile removes a profile; its pursuits and what they cite stay. ErrNotFound.
	RemoveProfile(ctx context.Context, ws Workspace, id string) error

	// Decide appends a decision to the pursuit of its target and returns the pursuit. ErrNotFound for a
	// profile, profile revision, notice or lexicon ("" is none) that is not in the store.
	Decide(ctx context.Context, ws Workspace, d pursuit.Decision) (pursuit.Pursuit, error)
	// Pursuits lists the pursuits of a profile ("" for all), sorted by profile and target; of a profile and
	// some targets, those there are.
	Pursuits(ctx context.Context, ws Workspace, profile string, of ...pursuit.Target) ([]pursuit.Pursuit, error)

	// Rate appends a rating to those of its target and returns them all. ErrNotFound for a profile, profile
	// revision or notice that is not in the store. The lexicon a rating names is not kept for it.
	Rate(ctx context.Context, ws Workspace, r pursuit.Rating) (pursuit.Rated, error)
	// Ratings lists what was rated for a profile ("" for all), sorted by profile and target; of a profile and
	// some targets, those there are.
	Ratings(ctx context.Context, ws Workspace, profile string, of ...pursuit.Target) ([]pursuit.Rated, error)

	// Keep keeps records, all or none. A record takes the place of the one of its kind, profile and name, one
	// without content removes it, and one that says what is there changes nothing. The change feed tells of each but those of
	// quiet kinds (pursuit.Kind.Quiet). ErrNotFound for a profile ("" is none) that is not in the store.
	Keep(ctx context.Context, ws Workspace, records ...pursuit.Record) error
	// Records lists the records of a kind that a profile has ("": those of no profile), sorted by name; of
	// some names, those there are.
	Records(ctx context.Context, ws Workspace, kind pursuit.Kind, profile string, names ...string) ([]pursuit.Record, error)
	// RecordsUnder lists the first records of a quiet kind that belong to no profile and whose names begin with a prefix, sorted by
	// name, at most so many (0: all). What is kept under names that begin with a day or an id is read a day or an id at a time.
	RecordsUnder(ctx context.Context, ws Workspace, kind pursuit.Kind, prefix string, most int) ([]pursuit.Record, error)

	// PutLexicon keeps a lexicon under its version and makes it current. Versions neither
	// current nor cited by a decision are dropped. A version never changes its content.
	PutLexicon(ctx context.Context, version string, encoded []byte) error
	// Lexicon finds a lexicon and its version; "" is the current one. ErrNotFound.
	Lexicon(ctx context.Context, version string) (string, []byte, error)

	// Newest is how far the store has come: the number of the newest change and the version of the current
	// lexicon, "" for none. It is quick, to be asked before every answer out of memory.
	Newest(ctx context.Context) (change uint64, lexicon string, err error)
	Stats(ctx context.Context) (Stats, error)
	// Verify reads every record and checks it: checksums, keys, that each notice is what its releases
	// project to, that the change feed is complete. An error means that verifying itself could not go on.
	Verify(ctx context.Context) iter.Seq2[Finding, error]
	Close() error
}
