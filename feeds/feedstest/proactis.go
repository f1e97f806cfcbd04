package feedstest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"bidfit/notice"
)

// Proactis is a Public Contracts Scotland or a Sell2Wales.
type Proactis struct {
	// Releases is what there is, by the number of the kind of notice.
	Releases map[int][]Dated
	// None is how a month without releases of a kind is answered: "" is an empty list, "missing" a package without one, "null".
	None string
	// Fault is asked before each request for what goes wrong; n counts from 1.
	Fault func(n int, r *http.Request) Fault

	mu    sync.Mutex
	asked []string
	times []time.Time
}

// Asked are the months and kinds asked for, as in "2026-08/2", Times when.
func (u *Proactis) Asked() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.asked)
}

func (u *Proactis) Times() []time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.times)
}

func (u *Proactis) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	month, err1 := time.ParseInLocation("01-2006", q.Get("dateFrom"), notice.London)
	kind, err2 := strconv.Atoi(q.Get("noticeType"))
	u.mu.Lock()
	u.asked = append(u.asked, fmt.Sprintf("%s/%d", month.Format("2006-01"), kind))
	u.times = append(u.times, time.Now())
	n := len(u.asked)
	u.mu.Unlock()
	if u.Fault != nil {
		if fault := u.Fault(n, r); fault != nil && fault(w, r) {
			return
		}
	}
	if r.URL.Path != "/v1/Notices" || err1 != nil || err2 != nil || q.Get("outputType") != "0" {
		Status(http.StatusBadRequest, "", "bad request")(w, r)
		return
	}
	var raws [][]byte
	for _, x := range u.Releases[kind] {
		at := x.At.In(notice.London)
		if at.Year() == month.Year() && at.Month() == month.Month() && !x.Shown.After(time.Now()) && !x.At.After(time.Now()) {
			raws = append(raws, bytes.TrimSpace(x.Raw))
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	io.WriteString(w, `{"uri":"http://`+r.Host+`/v1/Notices","publishedDate":"2026-08-12T00:00:00Z","publisher":{"name":"The service"},"version":"1.1"`)
	switch {
	case len(raws) > 0 || u.None == "":
		io.WriteString(w, `,"releases":[`)
		w.Write(bytes.Join(raws, []byte(",")))
		io.WriteString(w, "]")
	case u.None == "null":
		io.WriteString(w, `,"releases":null`)
	}
	io.WriteString(w, "}")
}

// Regional is a made-up release as these services write them: without an id, its parties named by numbers of its own.
func Regional(prefix string, n int, at time.Time) Dated {
	return Dated{At: at, Raw: fmt.Appendf(nil, `{"ocid":"%s-%010d","date":%q,"tag":["tender"],"initiationType":"tender",`+
		`"parties":[{"id":"org-%d","name":"Wick Town Council","roles":["buyer"]}],"buyer":{"id":"org-%[4]d","name":"Wick Town Council"},`+
		`"tender":{"id":"T%[2]d","title":"Ferry %[2]d","status":"active"},"links":[{"rel":"canonical","href":"http://x.example/v1/Notice?id=%[1]s-%010[2]d"}]}`,
		prefix, n, at.UTC().Format(time.RFC3339), n%7+1)}
}
