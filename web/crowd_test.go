package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/notice/ocds"
	"bidfit/store"
	"bidfit/store/bolt"

	"bidfit/index/bleve"
)

// What the pages are measured over: the bundled notices again and again, each time under other OCIDs, elsewhere, and mostly by other buyers. The
// first copies are as they are; of the others, years before, everything is awarded.
const (
	crowdOpen   = 5  // copies that are not awarded
	crowdAlike  = 16 // every so many copies the buyers are those of the sample: the largest has one in a hundred notices
	crowdOthers = 61 // other sets of buyers
)

// crowdSize is how many notices the pages are measured over: BIDFIT_CROWD, else 5,000.
func crowdSize(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("BIDFIT_CROWD"))
	if err != nil {
		return 5000
	}
	return n
}

// crowd is a desk over many notices with the bundled profile. The folder BIDFIT_CROWD_DIR keeps it for the next run.
func crowd(b *testing.B) *desk.Desk {
	b.Helper()
	size, dir := crowdSize(b), os.Getenv("BIDFIT_CROWD_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	dir = filepath.Join(dir, strconv.Itoa(size))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	st, err := bolt.Open(filepath.Join(dir, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	ix, err := bleve.Open(filepath.Join(dir, "index"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ix.Close() })
	d := desk.New(st, ix, store.Default, slog.New(slog.DiscardHandler))
	stores.Store(d, st)
	started := time.Now()
	if stats, err := d.Stats(b.Context()); err != nil {
		b.Fatal(err)
	} else if stats.Notices < size {
		source := desk.Source{Name: "crowd", Open: func() (io.ReadCloser, error) { return crowdReleases(b, size), nil }}
		if _, err := d.Ingest(b.Context(), []desk.Source{source}, desk.Ingesting{}); err != nil {
			b.Fatal(err)
		}
		register(b, d, bundled(b, "hartwell-resolve.yaml"))
	}
	ready := time.Now()
	list, err := d.Review(b.Context(), sampleProfile, desk.ReviewOptions{AsOf: sampleDay, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	stats, err := d.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d notices, %d open; read in %v, in memory in %v", stats.Notices, list.Seen, ready.Sub(started).Round(time.Second), time.Since(ready).Round(time.Millisecond))
	return d
}

var (
	ocidPrefix = regexp.MustCompile(`ocds-([0-9a-z]{6})-`)
	ocidOf     = regexp.MustCompile(`ocds-[0-9a-z]{6}-[^"]*`)
	registered = regexp.MustCompile(`^(?:GB-PPON-)?([A-Z]{4}-)[0-9]{4}(-[A-Z]{4})$|^(?:GB-COH-)?[0-9]{2}([0-9]{6})$`)
	otherID    = regexp.MustCompile(`(GB-(?:CFS|FTS)(?:-|","id":"))([0-9]+)`)
	yearOf     = regexp.MustCompile(`"(20[23][0-9])-`)
	tagOf      = regexp.MustCompile(`"tag":\[[^\]]*\]`)
	statusOf   = regexp.MustCompile(`"status":"(active|planned|planning|scheduled|pending)"`)
)

// crowdReleases writes so many releases of other notices, and the bundled ones before them.
func crowdReleases(b *testing.B, size int) io.ReadCloser {
	lines := bytes.Split(bytes.TrimSpace(bundled(b, "notices.jsonl")), []byte("\n"))
	r, w := io.Pipe()
	go func() {
		ocids := map[string]bool{}
		for _, line := range lines {
			ocids[string(ocidOf.Find(line))] = true
		}
		for copied := range size/len(ocids) + 1 {
			for _, line := range lines {
				if copied > 0 {
					line = copyOf(line, copied)
				}
				if _, err := w.Write(append(line, '\n')); err != nil {
					return
				}
			}
		}
		w.Close()
	}()
	return r
}

// copyOf is a bundled release of another notice.
func copyOf(line []byte, copied int) []byte {
	var said struct {
		Tender  struct{ Title string }
		Parties []struct{ ID, Name string }
	}
	if err := json.Unmarshal(line, &said); err != nil {
		panic(err) // it is bundled
	}
	line = ocidPrefix.ReplaceAll(line, fmt.Appendf(nil, "ocds-$1-c%d-", copied))
	if copied >= crowdOpen {
		line = tagOf.ReplaceAll(line, []byte(`"tag":["award"]`))
		line = statusOf.ReplaceAll(line, []byte(`"status":"complete"`))
		line = yearOf.ReplaceAllFunc(line, func(at []byte) []byte {
			year, _ := strconv.Atoi(string(at[1:5]))
			return fmt.Appendf(nil, `"%d-`, year-2-copied%4)
		})
	}
	title := said.Tender.Title
	pairs := []string{title, title + " in " + place(copied*31+len(title))}
	if set := copied % crowdOthers; copied%crowdAlike != 0 {
		for _, p := range said.Parties {
			pairs = append(pairs, `"`+p.Name+`"`, fmt.Sprintf(`"%s %s"`, place(set), p.Name))
			switch id := registered.FindStringSubmatch(p.ID); {
			case id == nil:
			case id[1] != "":
				was := strings.TrimPrefix(p.ID, "GB-PPON-")
				pairs = append(pairs, was, fmt.Sprint(id[1], 2000+set, id[2]))
			default:
				pairs = append(pairs, strings.TrimPrefix(p.ID, "GB-COH-"), fmt.Sprint(10+set, id[3]))
			}
		}
	}
	if title == "" {
		pairs = pairs[2:]
	}
	other := strings.NewReplacer(pairs...).Replace(string(line))
	if copied%crowdAlike != 0 {
		other = otherID.ReplaceAllString(other, fmt.Sprintf("${1}%d$2", copied%crowdOthers))
	}
	return []byte(other)
}

// place is one of some eight hundred towns.
func place(n int) string {
	first := strings.Fields("Ash Bram Cran Dun El Fen Gos Hal Ing Kel Lang Mar Nor Ot Pen Quin Row Stan Thorn Up Wal Yar Zel Brad Clif Dray Hart Pick")
	last := strings.Fields("bury by combe dale den field ford gate ham hurst land leigh low mere mouth over ridge set stead stock thorpe ton vale wade well wick wold worth yarn")
	return first[n%len(first)] + last[n/len(first)%len(last)]
}
