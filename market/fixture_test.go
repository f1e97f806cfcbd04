package market_test

import (
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"bidfit/market"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
)

var asOf = time.Date(2026, time.June, 24, 0, 0, 0, 0, notice.London)

// read gives the notices of releases in JSON Lines.
func read(tb testing.TB, r io.Reader) []*notice.Notice {
	tb.Helper()
	byOCID := map[string][]notice.Release{}
	var ocids []string
	for item, err := range ocds.Decode(tb.Context(), r, "test.jsonl") {
		if err != nil {
			tb.Fatal(err)
		}
		if item.Release == nil {
			tb.Fatalf("rejected: %+v", item.Rejected)
		}
		if byOCID[item.Release.OCID] == nil {
			ocids = append(ocids, item.Release.OCID)
		}
		byOCID[item.Release.OCID] = append(byOCID[item.Release.OCID], *item.Release)
	}
	var all []*notice.Notice
	for _, ocid := range ocids {
		notices, err := ocds.Project(ocid, byOCID[ocid])
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, notices...)
	}
	return all
}

// history reads a file of published awards, where it is.
func history(tb testing.TB, name string) []*notice.Notice {
	tb.Helper()
	return packed(tb, noticetest.Shared(tb, "data", "award-history", name+".jsonl.gz"))
}

func packed(tb testing.TB, file string) []*notice.Notice {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	return read(tb, z)
}

// records reads made-up releases.
func records(tb testing.TB, lines ...string) []*market.Record {
	tb.Helper()
	var list []*market.Record
	for _, n := range read(tb, strings.NewReader(strings.Join(lines, "\n"))) {
		list = append(list, market.Read(n))
	}
	return list
}

func mentions(records []*market.Record) []market.Mention {
	var list []market.Mention
	for _, r := range records {
		list = append(list, r.Mentions()...)
	}
	return list
}
