package feedstest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// Dated is a release and when it was published; Shown is when the service begins to give it, the zero time at once.
type Dated struct {
	At, Shown time.Time
	Raw       []byte
}

// ContractsFinder is a Contracts Finder.
type ContractsFinder struct {
	Releases []Dated
	// Latin1 writes pages in ISO-8859-1, Results in the older envelope, which has no links.
	Latin1, Results bool
	// Links is how links.next is wrong: "" is right, "none", "stick", "loop", "foreign".
	Links string
	// Open leaves out what was published at the ends of a window.
	Open bool
	// Fault is asked before each request for what goes wrong; n counts from 1.
	Fault func(n int, r *http.Request) Fault

	mu    sync.Mutex
	asked []time.Time
}

// Asked are the times of the requests.
func (u *ContractsFinder) Asked() []time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.asked)
}

func (u *ContractsFinder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	u.asked = append(u.asked, time.Now())
	n := len(u.asked)
	u.mu.Unlock()
	if u.Fault != nil {
		if fault := u.Fault(n, r); fault != nil && fault(w, r) {
			return
		}
	}
	q := r.URL.Query()
	from, err1 := time.Parse(time.RFC3339, q.Get("publishedFrom"))
	to, err2 := time.Parse(time.RFC3339, q.Get("publishedTo"))
	limit, err3 := strconv.Atoi(q.Get("limit"))
	skip, err4 := 0, error(nil)
	if c := q.Get("cursor"); c != "" {
		var raw []byte
		if raw, err4 = base64.StdEncoding.DecodeString(c); err4 == nil {
			skip, err4 = strconv.Atoi(string(raw))
		}
	}
	if !strings.HasSuffix(r.URL.Path, "/Published/Notices/OCDS/Search") || err1 != nil || err2 != nil || err3 != nil || err4 != nil || limit < 1 || limit > 100 {
		Status(http.StatusBadRequest, "", "ValidationError")(w, r)
		return
	}
	var found []Dated
	for _, x := range u.Releases {
		in := !x.At.Before(from) && !x.At.After(to)
		if u.Open {
			in = x.At.After(from) && x.At.Before(to)
		}
		if in && !x.Shown.After(time.Now()) {
			found = append(found, x)
		}
	}
	slices.SortStableFunc(found, func(a, b Dated) int { return b.At.Compare(a.At) }) // the newest first
	skip = min(skip, len(found))
	page := found[skip:min(len(found), skip+limit)]
	next := ""
	if skip+limit < len(found) {
		c, origin := skip+limit, "http://"+r.Host
		switch u.Links {
		case "stick":
			c = max(skip, limit)
		case "loop":
			c = (skip + limit) % (2 * limit)
		case "foreign":
			origin = "http://elsewhere.example"
		}
		nq := r.URL.Query()
		nq.Set("cursor", base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(c))))
		next = origin + r.URL.Path + "?" + nq.Encode()
		if u.Links == "none" {
			next = ""
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	var raws []string
	for _, x := range page {
		raws = append(raws, string(bytes.TrimSpace(x.Raw)))
	}
	head := `"uri":"http://` + r.Host + r.URL.Path + `","version":"1.1","publishedDate":"2025-01-23T22:10:19Z","publisher":{"name":"Contracts Finder"}`
	text := fmt.Sprintf(`{%s,"releases":[%s]`, head, strings.Join(raws, ","))
	if u.Results {
		for i, raw := range raws {
			raws[i] = fmt.Sprintf(`{%s,"releases":[%s]}`, head, raw)
		}
		text = fmt.Sprintf(`{"maxPage":1,"page":1,"results":[%s]`, strings.Join(raws, ","))
	} else if next != "" {
		text += fmt.Sprintf(`,"links":{"next":%q}`, next)
	}
	text += "}"
	if u.Latin1 {
		w.Header().Set("Content-Type", "application/json; charset=iso-8859-1")
		text, _ = charmap.Windows1252.NewEncoder().String(text)
	}
	io.WriteString(w, text)
}

// Opportunity is a made-up release of Contracts Finder.
func Opportunity(n int, at time.Time, title string) Dated {
	return Dated{At: at, Raw: fmt.Appendf(nil, `{"ocid":"ocds-b5fd17-%08d","id":"%08d-1","date":%q,"tag":["tender"],"initiationType":"tender",`+
		`"tender":{"id":"T%d","title":%q,"datePublished":%[3]q,"status":"active"},"buyer":{"id":"GB-CFS-%[4]d","name":"Wick Town Council"},`+
		`"parties":[{"id":"GB-CFS-%[4]d","name":"Wick Town Council","roles":["buyer"]}]}`, n, n, at.UTC().Format(time.RFC3339), n, title)}
}
