package feedstest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bidfit/feeds"
)

// Recorded reads the pages of recorded days, one folder each, as a service that has exactly their releases: it cuts them anew by any window.
func Recorded(days ...string) (*Upstream, error) {
	u := &Upstream{}
	for _, day := range days {
		pages, err := filepath.Glob(filepath.Join(day, "*.json.gz"))
		if err != nil || len(pages) == 0 {
			return nil, fmt.Errorf("no recorded pages in %s: %v", day, err)
		}
		for _, page := range pages {
			if err := u.read(page); err != nil {
				return nil, fmt.Errorf("%s: %w", page, err)
			}
			if u.Header == nil {
				_, u.Header, err = RecordedHeader(strings.TrimSuffix(page, ".json.gz") + ".headers")
				if err != nil {
					return nil, err
				}
			}
		}
	}
	slices.SortStableFunc(u.Releases, func(a, b Release) int { return a.At.Compare(b.At) })
	for i := range u.Releases {
		u.Releases[i].Seq = i + 1
	}
	u.Limit = feeds.Rate{Requests: 12, Per: 120 * time.Second}
	return u, nil
}

func (u *Upstream) read(page string) error {
	f, err := os.Open(page)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	// Bytes as they are: numbers that no parser takes are part of the record.
	var in struct {
		Releases []jsontext.Value `json:"releases"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	for _, raw := range in.Releases {
		var r struct {
			ID   string    `json:"id"`
			Date time.Time `json:"date"`
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			return err
		}
		u.Releases = append(u.Releases, Release{ID: r.ID, At: r.Date, Shown: r.Date, Raw: bytes.Clone(raw)})
	}
	return nil
}

// RecordedHeader reads the status and the header of a recorded answer.
func RecordedHeader(file string) (int, http.Header, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, nil, err
	}
	line, rest, _ := strings.Cut(strings.ReplaceAll(string(b), "\r", ""), "\n")
	parts := strings.Fields(line)
	if len(parts) < 2 {
		return 0, nil, fmt.Errorf("%s: no status line", file)
	}
	status, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", file, err)
	}
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(strings.TrimSpace(rest) + "\n\n"))).ReadMIMEHeader()
	return status, http.Header(h), err
}
