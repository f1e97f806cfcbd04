package findatender

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"bidfit/feeds"
	"bidfit/notice/ocds"
)

// limit is how many releases a page holds at most.
const limit = 100

// page is what one answer held.
type page struct {
	url   string
	items []ocds.Item
	dates []wall // of its releases, newest first
	next  string
}

// read reads a page. An error says that the answer is not one; a release that cannot be read is an item of the page like the others.
func read(ctx context.Context, a feeds.Answer) (page, error) {
	p := page{url: a.URL}
	members, _ := feeds.Members(a.Body)
	releases, ok := members["releases"]
	if !ok || len(releases) == 0 || releases[0] != '[' {
		return p, errors.New("a package without releases")
	}
	if links, ok := members["links"]; ok {
		var l struct {
			Next string `json:"next"`
		}
		// A link that cannot be read is one that is not there: nothing rests on it.
		if json.Unmarshal(links, &l) == nil {
			p.next = l.Next
		}
	}
	if len(bytes.TrimSpace(releases[1:])) <= 1 {
		return p, nil // an empty window
	}
	for item, err := range ocds.Decode(ctx, bytes.NewReader(a.Body), a.URL) {
		if errors.Is(err, ocds.ErrNothing) && len(p.items) > 0 {
			break
		}
		if err != nil {
			return p, err
		}
		p.items = append(p.items, item)
		if item.Release != nil && !item.Release.Date.IsZero() {
			p.dates = append(p.dates, wallOf(item.Release.Date))
		}
	}
	slices.SortFunc(p.dates, func(a, b wall) int { return int(b - a) })
	return p, nil
}

// salvage is what can be read of an answer that is not a whole page.
func salvage(ctx context.Context, a feeds.Answer) page {
	p := page{url: a.URL}
	for item, err := range ocds.Decode(ctx, bytes.NewReader(a.Body), a.URL) {
		if err != nil {
			break
		}
		p.items = append(p.items, item)
	}
	return p
}

func (p page) full() bool { return len(p.items) >= limit }

// ask is the reference of a window. More asks for a second beyond its end: whether a release of that very second belongs to a window nobody says, and
// one that comes twice costs nothing.
func ask(s span, more bool) string {
	to := s.To
	if more && s.To-s.From > 1 {
		to++
	}
	return "ocdsReleasePackages?updatedFrom=" + s.From.String() + "&updatedTo=" + to.String() + fmt.Sprintf("&limit=%d", limit)
}

// strays says how a cursor leads out of the window that was asked for: it is plain base64 of the window and a number.
func strays(link string, s span) error {
	u, err := url.Parse(link)
	if err != nil {
		return errors.New("it cannot be read")
	}
	cursor := u.Query().Get("cursor")
	if cursor == "" || len(cursor) > 300 {
		return errors.New("it has no cursor that the service would take")
	}
	text, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return nil // some other kind of cursor
	}
	for part := range strings.SplitSeq(string(text), "|") {
		name, value, _ := strings.Cut(part, "=")
		if name == "updatedFrom" && value != s.From.String() || name == "updatedTo" && value != s.To.String() {
			return errors.New("its cursor is for another window")
		}
	}
	return nil
}
