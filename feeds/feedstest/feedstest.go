// Package feedstest is a service to try feeds against: Find a Tender as it was recorded, or years of notices that were made up, with the faults that
// the real one has shown. [Upstream] is an [http.Handler]: behind a listener it serves the program, behind a [Transport] it serves a feed without a network,
// so that a simulated clock (testing/synctest) runs through a year in minutes. [Sink] keeps what a feed reads. Only tests import it.
//
// Organisations, people and addresses in made-up notices are fictional.
package feedstest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"bidfit/feeds"
	"bidfit/notice"
)

// Release is one that the service has.
type Release struct {
	ID string // NNNNNN-YYYY
	// At is the date that it bears, by which windows are cut; Shown is when the service begins to give it.
	At, Shown time.Time
	// Seq is its number in the service, which cursors speak of.
	Seq  int
	Raw  []byte // its JSON; nil is made when it is asked for
	made made
}

// Fault is what goes wrong with one request. It says whether it has answered; otherwise the service does.
type Fault func(w http.ResponseWriter, r *http.Request) (answered bool)

// Upstream is a Find a Tender.
type Upstream struct {
	// Releases is what there is, in the order of At.
	Releases []Release
	// Now is the service's clock; nil is time.Now. What is not shown yet is not given.
	Now func() time.Time
	// Limit is the rate beyond which the service answers 429, as recorded; zero is none.
	Limit feeds.Rate
	// Header goes with every page.
	Header http.Header
	// Truncated is the share of windows whose page, asked without a cursor, silently lacks rows. Sticky is whether the same window always lacks the same.
	Truncated float64
	Sticky    bool
	Seed      uint64
	// Cursors is how links.next is wrong: "" is right, "none", "stick", "loop", "foreign", "lose" (the second page lacks rows).
	Cursors string
	// Fold is how a time that comes twice, in the night when the clocks go back, is read: "first", "second", or "text" where only texts are compared.
	Fold string
	// Ends is which ends of a window belong to it: "[)" (the default), "[]", "()".
	Ends string
	// Fault is asked before each request for what goes wrong; n counts from 1.
	Fault func(n int, at time.Time, r *http.Request) Fault

	mu       sync.Mutex
	arrivals []time.Time
	asked    []string
	counts   Counts
	index    map[string]int
}

// Counts is what was asked of a service.
type Counts struct {
	Requests int
	Refused  int // with 429 because of Limit
	Most     int // in any 120 s, by arrival
	ByID     int
	Full     int // pages that held as much as was asked for
	Lacking  int // pages that silently lacked rows
	Cursored int
	Foreign  int // asked for at a place that only a bad link names
}

// Counts is what was asked so far.
func (u *Upstream) Counts() Counts {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.counts
}

// Asked are the URLs asked for since the last call.
func (u *Upstream) Asked() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	a := u.asked
	u.asked = nil
	return a
}

func (u *Upstream) now() time.Time {
	if u.Now != nil {
		return u.Now()
	}
	return time.Now()
}

// arrive counts a request and says what becomes of it.
func (u *Upstream) arrive(r *http.Request) (fault Fault, refuse bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	at := time.Now()
	const span = 120 * time.Second
	u.arrivals = append(u.arrivals, at)
	u.arrivals = slices.DeleteFunc(u.arrivals, func(t time.Time) bool { return at.Sub(t) >= max(span, u.Limit.Per) })
	within := 0
	for _, t := range u.arrivals {
		if at.Sub(t) < span {
			within++
		}
	}
	u.counts.Requests++
	u.counts.Most = max(u.counts.Most, within)
	if len(u.asked) < 10_000 {
		u.asked = append(u.asked, r.URL.RequestURI())
	}
	if u.Limit.Requests > 0 && len(u.arrivals) > u.Limit.Requests {
		u.counts.Refused++
		return nil, true
	}
	if u.Fault != nil {
		fault = u.Fault(u.counts.Requests, at, r)
	}
	return fault, false
}

func (u *Upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault, refuse := u.arrive(r)
	if refuse {
		TooMany(strconv.Itoa(int(u.Limit.Per.Seconds())))(w, r)
		return
	}
	if fault != nil && fault(w, r) {
		return
	}
	u.serve(w, r)
}

// serve answers as the service does when nothing goes wrong.
func (u *Upstream) serve(w http.ResponseWriter, r *http.Request) {
	dir, last := path.Split(strings.TrimRight(r.URL.Path, "/"))
	switch {
	case last == "ocdsReleasePackages":
		u.window(w, r)
	case path.Base(dir) == "ocdsReleasePackages":
		u.byID(w, last)
	default:
		http.Error(w, "No such service.", http.StatusNotFound)
	}
}

func (u *Upstream) byID(w http.ResponseWriter, id string) {
	u.mu.Lock()
	u.counts.ByID++
	if u.index == nil {
		u.index = map[string]int{}
		for i := range u.Releases {
			u.index[u.Releases[i].ID] = i
		}
	}
	i, ok := u.index[id]
	u.mu.Unlock()
	if !ok || u.Releases[i].Shown.After(u.now()) {
		http.Error(w, `{"message":"Notice not found"}`, http.StatusNotFound)
		return
	}
	u.page(w, "/"+id, []*Release{&u.Releases[i]}, "")
}

// bound is a text of a window as an instant.
func (u *Upstream) bound(s string) (time.Time, bool) {
	s = strings.TrimSuffix(s, "Z") // accepted and ignored
	t, err := time.ParseInLocation("2006-01-02T15:04:05", s, notice.London)
	if err != nil {
		return time.Time{}, false
	}
	// Go reads a time that comes twice as either; both are tried.
	first := t
	if e := t.Add(-time.Hour); e.In(notice.London).Format("2006-01-02T15:04:05") == s {
		first = e
	}
	second := first
	if l := first.Add(time.Hour); l.In(notice.London).Format("2006-01-02T15:04:05") == s {
		second = l
	}
	if u.Fold == "second" {
		return second, true
	}
	return first, true
}

func (u *Upstream) window(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	bad := func(format string, args ...any) {
		http.Error(w, `{"errors":[`+strconv.Quote(fmt.Sprintf(format, args...))+`]}`, http.StatusBadRequest)
	}
	from, ok1 := u.bound(q.Get("updatedFrom"))
	to, ok2 := u.bound(q.Get("updatedTo"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if q.Get("limit") == "" {
		limit, err = 100, nil
	}
	cursor := q.Get("cursor")
	if !ok1 || !ok2 || len(q.Get("updatedFrom")) > 20 || err != nil || limit < 1 || limit > 100 || len(cursor) > 300 || q.Has("stages") {
		bad("invalid parameters %s", r.URL.RawQuery)
		return
	}
	if u.Fold == "text" {
		from, to = from.Add(-time.Hour), to.Add(time.Hour)
	}
	now := u.now()
	lo, _ := slices.BinarySearchFunc(u.Releases, from, func(r Release, t time.Time) int { return r.At.Compare(t) })
	var rows []*Release
	for i := lo; i < len(u.Releases) && !u.Releases[i].At.After(to); i++ {
		one := &u.Releases[i]
		at := one.At
		in := !at.Before(from) && at.Before(to)
		switch u.Ends {
		case "[]":
			in = !at.Before(from) && !at.After(to)
		case "()":
			in = at.After(from) && at.Before(to)
		}
		if u.Fold == "text" {
			s := at.In(notice.London).Format("2006-01-02T15:04:05")
			in = s >= q.Get("updatedFrom")[:19] && s < q.Get("updatedTo")[:19]
		}
		if in && !one.Shown.After(now) {
			rows = append(rows, one)
		}
	}
	slices.Reverse(rows)
	key := q.Get("updatedFrom") + "|" + q.Get("updatedTo")
	start := 0
	if cursor != "" {
		u.mu.Lock()
		u.counts.Cursored++
		u.mu.Unlock()
		text, err := base64.StdEncoding.DecodeString(cursor)
		_, after, ok := strings.Cut(string(text), "nextCursor=")
		seq, err2 := strconv.Atoi(after)
		if err != nil || err2 != nil || !ok {
			bad("invalid cursor")
			return
		}
		start = slices.IndexFunc(rows, func(r *Release) bool { return r.Seq == seq }) + 1
	}
	if start > 0 && u.Cursors == "lose" {
		start += 20
	}
	whole := len(rows)
	rows = rows[min(start, len(rows)):]
	rows = rows[:min(limit, len(rows))]
	if cursor == "" && len(rows) == limit {
		u.mu.Lock()
		u.counts.Full++
		u.mu.Unlock()
	}
	if cursor == "" && u.lacks(key) && len(rows) > 0 {
		// Capped: some of the older ones are missing, and nothing says so.
		rng := u.rand(key)
		rows = rows[:rng.IntN(min(len(rows), limit-1)+1)]
		start, whole = 0, len(rows)
		u.mu.Lock()
		u.counts.Lacking++
		u.mu.Unlock()
	}
	next := ""
	if start+len(rows) < whole && len(rows) > 0 {
		next = u.next(r, q, cursor, rows[len(rows)-1].Seq)
	}
	u.page(w, "?updatedFrom="+q.Get("updatedFrom")+"&updatedTo="+q.Get("updatedTo")+"&limit="+strconv.Itoa(limit), rows, next)
}

func (u *Upstream) rand(key string) *rand.Rand {
	h := u.Seed
	for _, c := range []byte(key) {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return rand.New(rand.NewPCG(h, u.Seed))
}

// lacks says whether a window is one of those that silently lack rows.
func (u *Upstream) lacks(key string) bool {
	if u.Truncated <= 0 {
		return false
	}
	if !u.Sticky {
		u.mu.Lock()
		key += "#" + strconv.Itoa(u.counts.Requests)
		u.mu.Unlock()
	}
	return u.rand("lacks"+key).Float64() < u.Truncated
}

func (u *Upstream) next(r *http.Request, q url.Values, cursor string, seq int) string {
	host := "http://" + r.Host
	if r.TLS != nil || r.URL.Scheme == "https" {
		host = "https://" + r.Host
	}
	switch u.Cursors {
	case "none":
		return ""
	case "stick":
		if cursor != "" {
			return host + r.URL.RequestURI()
		}
	case "foreign":
		host = "http://elsewhere.example"
	case "loop":
		if cursor != "" {
			seq = -1 // from the start again
		}
	}
	q = url.Values{"updatedFrom": q["updatedFrom"], "updatedTo": q["updatedTo"], "limit": q["limit"]}
	q.Set("cursor", base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "updatedFrom=%s|updatedTo=%s|nextCursor=%d", q.Get("updatedFrom"), q.Get("updatedTo"), seq)))
	return host + r.URL.Path + "?" + q.Encode()
}

// page writes a package as the service does.
func (u *Upstream) page(w http.ResponseWriter, ref string, rows []*Release, next string) {
	for name, values := range u.Header {
		if name != "Date" && name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.Header().Set("Date", u.now().UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	var b bytes.Buffer
	published := ""
	if len(rows) > 0 {
		published = rows[0].At.In(notice.London).Format(time.RFC3339)
	}
	fmt.Fprintf(&b, `{"uri":"https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages%s","version":"1.1","publishedDate":%q,`+
		`"publisher":{"name":"A Simulated Service"},"license":"http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",`, ref, published)
	if next != "" {
		fmt.Fprintf(&b, `"links":{"next":%q},`, next)
	}
	b.WriteString(`"releases":[`)
	for i, one := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(one.JSON())
	}
	b.WriteString("]}")
	w.Write(b.Bytes())
}
