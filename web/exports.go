package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"bidfit/desk"
	"bidfit/export"
)

// What a query says of an export beside the filter and the order of its list.
const (
	queryList  = "list"  // shortlist; the review otherwise
	queryStage = "stage" // of a shortlist, as desk.Shortlisted.Only takes it
	queryExcel = "excel" // 1: CSV as Excel reads it
)

// export sends what a list shows, in the format that the address ends with. What fails before anything is sent is a page; after that the
// connection is broken off, since half a file could look like a whole one.
func (s *server) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := export.FormatOf(r.URL.Path)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	what, err := exporting(q)
	if err != nil {
		return err
	}
	excel := q.Get(queryExcel)
	if excel != "" && (excel != "1" || f.Name != "csv") {
		return wrongf("%s=%.40s is understood of CSV alone, and is 1 or is left out.", queryExcel, excel)
	}
	what.AsOf = s.asOf(ctx)
	return s.exported(w, r, f, what, export.Options{Excel: excel == "1", Self: s.self(r)})
}

// exported sends a list of the profile of a request.
func (s *server) exported(w http.ResponseWriter, r *http.Request, f export.Format, what desk.Exporting, o export.Options) error {
	ctx := r.Context()
	profile, err := s.Desk.Profile(ctx, r.PathValue("profile"))
	if err != nil {
		return err
	}
	rows, err := s.Desk.Exported(ctx, profile.ID, what)
	if err != nil {
		return err
	}
	o.Profile, o.AsOf = profile.Profile, what.AsOf
	w.Header().Set("Content-Type", f.MediaType(o))
	if f.Name != "atom" { // a feed is followed, not kept
		w.Header().Set("Content-Disposition", export.Attachment(f.FileName(o)))
	}
	out := &begun{w: w}
	if err := export.Write(out, f, o, rows); err != nil {
		if out.sent == 0 {
			return err
		}
		s.Log.Error("an export broke off", "request", w.Header().Get("X-Request-Id"), "path", r.URL.Path, "after", out.sent, "why", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exporting reads which list a query is about.
func exporting(q url.Values) (desk.Exporting, error) {
	e := desk.Exporting{List: desk.Listing(cmp.Or(q.Get(queryList), string(desk.ListReview)))}
	var err error
	switch e.List {
	case desk.ListShortlist:
		e.Stage = q.Get(queryStage)
		_, err = desk.Shortlisted{}.Only(e.Stage)
	case desk.ListReview:
		o, err := reviewOptions(q)
		e.Filter, e.Order = o.Filter, o.Order
		return e, err
	default:
		err = fmt.Errorf("%s=%.40s is neither %s nor %s", queryList, e.List, desk.ListReview, desk.ListShortlist)
	}
	if err != nil {
		return e, wrongf("%s", sentence(err))
	}
	return e, nil
}

// self is the whole address of a request on this server, whose name was checked.
func (s *server) self(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + r.URL.RequestURI()
}

// begun counts what was sent.
type begun struct {
	w    http.ResponseWriter
	sent int
}

func (b *begun) Write(p []byte) (int, error) {
	n, err := b.w.Write(p)
	b.sent += n
	return n, err
}

// exportLink is one way to take a list along.
type exportLink struct {
	Title, For, Href string
	Save             bool
}

// exportLinks are the exports of a list by its query, which begins with "?" or is "".
func exportLinks(profile, query string) []exportLink {
	var list []exportLink
	for _, f := range export.Formats() {
		at := pathOf("profiles", profile, "export"+f.Extension)
		list = append(list, exportLink{f.Title, exportFor[f.Name], at + query, f.Name != "atom"})
		if f.Name == "csv" {
			and := query + "&"
			if query == "" {
				and = "?"
			}
			list = append(list, exportLink{"CSV for Excel", "with a byte order mark", at + and + queryExcel + "=1", true})
		}
	}
	return list
}

// exportFor says what a format is for.
var exportFor = map[string]string{
	"csv": "any spreadsheet", "xlsx": "numbers and dates as such", "json": "programs", "jsonl": "programs, a row a line",
	"md": "a document", "ics": "dates, to be subscribed to", "atom": "to be followed",
}

// shortlistQuery is the query of an export of a shortlist.
func shortlistQuery(stage string) string {
	q := url.Values{queryList: {string(desk.ListShortlist)}}
	if stage != "" {
		q.Set(queryStage, stage)
	}
	return "?" + q.Encode()
}

// withQuery is an address with a query, where it has any.
func withQuery(path string, q url.Values) string {
	for name, values := range q {
		if strings.Join(values, "") == "" {
			q.Del(name)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
