package bolt

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/store/storetest"
)

var noon = time.Date(2026, 6, 24, 12, 0, 0, 0, time.UTC)

func TestStore(t *testing.T) {
	storetest.Run(t, func(_ testing.TB, dir string, p store.Projection) (store.Store, error) {
		return Open(filepath.Join(dir, "bidfit.db"), p)
	})
}

// opened opens a store of the suite's projection, closed when the test ends.
func opened(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, storetest.Projection(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// sample is release i of an endless series: a release of ordinary size (median 8 KB of JSON), the same each time,
// one in five a further one of an earlier OCID.
func sample(i int) notice.Release {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	words := []string{"home", "care", "respite", "roofing", "supply", "of", "and", "the", "framework", "services", "council", "lot", "maintenance", "school"}
	var text strings.Builder
	for range 300 + r.IntN(1500) {
		text.WriteString(words[r.IntN(len(words))])
		fmt.Fprintf(&text, "%d ", r.IntN(50))
	}
	date := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	ocid := i
	if i%5 == 4 {
		ocid = r.IntN(i)
	}
	raw, err := json.Marshal(map[string]any{
		"ocid": fmt.Sprintf("ocds-h6vhtk-%06x", ocid), "id": fmt.Sprintf("%06d-2026", i), "date": date.Format(time.RFC3339),
		"title": fmt.Sprintf("Title %d", i), "text": text.String(), "also": []string{fmt.Sprintf("ocds-r6ebe6-%06x", ocid/3)},
	}, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return notice.Release{
		OCID: fmt.Sprintf("ocds-h6vhtk-%06x", ocid), ID: fmt.Sprintf("%06d-2026", i), Hash: sha256.Sum256(raw),
		Date: date, Tags: []string{"tender"}, Raw: raw,
	}
}

func samples(from, to int) []notice.Release {
	var all []notice.Release
	for i := from; i < to; i++ {
		all = append(all, sample(i))
	}
	return all
}

// furnish puts something of every kind into a store.
func furnish(t testing.TB, s *Store, releases []notice.Release) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for batch := range slices.Chunk(releases, 50) {
		_, err := s.Put(ctx, batch)
		must(err)
	}
	for i := range 5 {
		p, err := s.PutProfile(ctx, store.Default, profiles.Profile{ID: fmt.Sprintf("p%d", i%3), Name: fmt.Sprintf("Profile %d", i)}, noon)
		must(err)
		must(s.PutLexicon(ctx, fmt.Sprintf("v%d", i), releases[i].Raw))
		_, err = s.Decide(ctx, store.Default, pursuit.Decision{
			Target: pursuit.Target{Notice: "ocds-h6vhtk-000000"}, Profile: p.ID, Verdict: pursuit.Bid, Who: "the bid team", When: noon,
			ProfileRevision: p.Revision, Lexicon: fmt.Sprintf("v%d", i), Fit: matcher.Fit{OCID: "ocds-h6vhtk-000000", Also: []string{}},
		})
		must(err)
		_, err = s.Rate(ctx, store.Default, rating(i))
		must(err)
		must(s.Keep(ctx, store.Default, record(i), pursuit.Record{Kind: pursuit.KindSearch, Name: fmt.Sprint(i), Content: []byte("{}")}))
		must(s.Quarantine(ctx, []notice.Rejected{{File: "a.json", Offset: int64(i), Code: "invalid-json", Reason: "a brace is missing", Raw: []byte(strings.Repeat("{", 500))}}))
	}
}

// record is the i-th record of a furnished store.
func record(i int) pursuit.Record {
	return pursuit.Record{Kind: pursuit.KindSeen, Profile: fmt.Sprintf("p%d", i%3), Name: "ocds-h6vhtk-000000", Content: fmt.Appendf(nil, `{"note":%d}`, i)}
}

// rating is the i-th rating of a furnished store.
func rating(i int) pursuit.Rating {
	return pursuit.Rating{
		Target: pursuit.Target{Notice: "ocds-h6vhtk-000000"}, Profile: fmt.Sprintf("p%d", i%3), Answer: pursuit.Relevant,
		Note: fmt.Sprintf("note %d", i), Who: "the bid team", When: noon, ProfileRevision: 1, Lexicon: "v0",
	}
}

// findings is what Verify says.
func findings(s *Store) (all []string) {
	for f, err := range s.Verify(context.Background()) {
		if err != nil {
			return append(all, err.Error())
		}
		all = append(all, f.Where+": "+f.Reason)
	}
	return all
}

// answers is what a store answers to everything that can be asked of it about these releases, by question; an error is "error".
func answers(s *Store, releases []notice.Release) map[string]string {
	ctx := context.Background()
	all := make(map[string]string)
	add := func(question string, v any, err error) {
		b, encodingErr := json.Marshal(v, json.Deterministic(true))
		if err != nil || encodingErr != nil {
			b = []byte("error")
		}
		all[question] = string(b)
	}
	ocids := make(map[string]bool)
	i := 0
	for n, err := range s.Notices(ctx) {
		add(fmt.Sprintf("notice %d", i), n, err)
		i++
	}
	for i := range releases {
		ocids[releases[i].OCID] = true
	}
	for ocid := range ocids {
		n, err := s.Notice(ctx, ocid)
		add("notice "+ocid, n, err)
		of, err := s.Releases(ctx, ocid)
		add("releases "+ocid, of, err)
		also, err := s.Also(ctx, ocid)
		add("also "+ocid, also, err)
	}
	i = 0
	for c, err := range s.Changes(ctx, 0) {
		add(fmt.Sprintf("change %d", i), c, err)
		i++
	}
	i = 0
	for r, err := range s.Quarantined(ctx) {
		add(fmt.Sprintf("rejected %d", i), []any{r, r.Raw}, err)
		i++
	}
	list, err := s.Profiles(ctx, store.Default)
	add("profiles", list, err)
	for i := range 3 {
		p, err := s.Profile(ctx, store.Default, fmt.Sprintf("p%d", i))
		add(fmt.Sprintf("profile %d", i), p, err)
	}
	pursuits, err := s.Pursuits(ctx, store.Default, "")
	add("pursuits", pursuits, err)
	rated, err := s.Ratings(ctx, store.Default, "")
	add("ratings", rated, err)
	for i := range 3 {
		kept, err := s.Records(ctx, store.Default, pursuit.KindSeen, fmt.Sprintf("p%d", i))
		add(fmt.Sprintf("seen %d", i), kept, err)
	}
	searches, err := s.Records(ctx, store.Default, pursuit.KindSearch, "")
	add("searches", searches, err)
	for _, v := range []string{"", "v0", "v4"} {
		version, encoded, err := s.Lexicon(ctx, v)
		add("lexicon "+v, []any{version, encoded}, err)
	}
	stats, err := s.Stats(ctx)
	add("stats", stats, err)
	return all
}
