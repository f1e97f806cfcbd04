// Package ocdstest reads files of releases for tests.
package ocdstest

import (
	"os"
	"testing"

	"bidfit/notice"
	"bidfit/notice/ocds"
)

// Releases are the releases in some files by OCID, and the OCIDs in the order in which they first stand there. Every release has
// to be readable.
func Releases(tb testing.TB, files ...string) (releases map[string][]notice.Release, ocids []string) {
	tb.Helper()
	releases = map[string][]notice.Release{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			tb.Fatal(err)
		}
		for item, err := range ocds.Decode(tb.Context(), f, file) {
			if err != nil {
				tb.Fatal(err)
			}
			if r := item.Release; r != nil {
				if releases[r.OCID] == nil {
					ocids = append(ocids, r.OCID)
				}
				releases[r.OCID] = append(releases[r.OCID], *r)
			}
		}
		f.Close()
	}
	return releases, ocids
}

// Published are the notices of some files, each after its last release, in the order of their first.
func Published(tb testing.TB, files ...string) (all []*notice.Notice) {
	tb.Helper()
	releases, ocids := Releases(tb, files...)
	for _, ocid := range ocids {
		list, err := ocds.Project(ocid, releases[ocid])
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}
