package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/store"
)

// homeBody is the home page.
type homeBody struct {
	Home  desk.Home
	Stats store.Stats
	First *firstRun // nil once there are notices
	Feeds []feedRow // how they are doing
	// Upload is the field for a file of notices.
	Upload Field
}

// NoProfile is said while there are notices and nobody they could fit.
func (homeBody) NoProfile() Empty {
	return Empty{"Nobody to find notices for yet", "A profile says what a supplier sells and where; then every open lot is ranked for it.", "/profiles/new", "Write a profile"}
}

// firstRun is what a store without notices offers.
type firstRun struct {
	Sample bool
	Feeds  []feedRow // that can be switched on; none where this server reads none
}

// ofEach is how many notices of each kind the home page names.
const ofEach = 5

func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	return s.homeWith(w, r, 0, "")
}

// homeWith is the home page with what is wrong with an upload.
func (s *server) homeWith(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	ctx := r.Context()
	stats, err := s.Desk.Stats(ctx)
	if err != nil {
		return err
	}
	ready, err := s.Desk.Ready(ctx, s.Now())
	if err != nil {
		return err
	}
	body := homeBody{Stats: stats, Feeds: s.feedRows(ready), Upload: Field{Name: "file", Label: "A file of notices", Type: "file", Required: true, Error: wrong, Accept: ".json,.jsonl,.ndjson,.gz,.zst",
		Hint: fmt.Sprintf("OCDS releases as JSON or JSON Lines, also as gzip or zstd, up to %d MiB. Reading the same file again changes nothing.", s.Upload>>20)}}
	title := "Home"
	if stats.Notices == 0 {
		first := &firstRun{Sample: s.Sample.Load != nil}
		if s.Reads {
			first.Feeds = body.Feeds
		}
		body.First, title = first, "Welcome to bidfit"
	} else if body.Home, err = s.Desk.Home(ctx, s.asOf(ctx), ofEach); err != nil {
		return err
	}
	return s.render(w, r, "home", page{Title: title, Nav: "home", Status: status, Body: body})
}

// upload reads a file of notices, or the sample, into the store.
func (s *server) upload(w http.ResponseWriter, r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		if r.PostFormValue("sample") == "" || s.Sample.Load == nil {
			return wrongf("A file of notices is sent as multipart/form-data, in the field \"file\".")
		}
		totals, err := s.Sample.Load(r.Context())
		if err != nil {
			return err
		}
		return s.redirect(w, r, "/", told(totals)+" Next: a profile, to see which of them fit.")
	}
	form, err := r.MultipartReader()
	if err != nil {
		return wrongf("The form cannot be read: %v.", err)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return s.homeWith(w, r, http.StatusUnprocessableEntity, "Choose a file.")
		}
		if err != nil {
			return unreadable(err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return s.read(w, r, part)
		}
	}
}

// unreadable is an error of reading what is sent: beyond the limit, or broken off.
func unreadable(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return err
	}
	return wrongf("The file did not arrive whole: %v. Send it again.", err)
}

// read puts the notices of an uploaded file into the store.
func (s *server) read(w http.ResponseWriter, r *http.Request, part *multipart.Part) error {
	name := cut(100, path.Base(part.FileName()))
	var first *notice.Rejected
	failed := ""
	source := desk.Source{Name: name, Open: func() (io.ReadCloser, error) { return part, nil }}
	totals, err := s.Desk.Ingest(r.Context(), []desk.Source{source}, desk.Ingesting{
		When: s.Now().UTC(),
		Rejected: func(x notice.Rejected) {
			if first == nil {
				first = &x
			}
		},
		Failed: func(_ string, err error) { failed = err.Error() },
	})
	switch {
	case errors.Is(err, desk.ErrNothingRead):
		why := cmp.Or(failed, err.Error())
		if first != nil {
			why = fmt.Sprintf("%s (at byte %d)", first.Reason, first.Offset)
		}
		return s.homeWith(w, r, http.StatusUnprocessableEntity, fmt.Sprintf("Nothing could be read from %s: %s", name, why))
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, new(*http.MaxBytesError)), errors.Is(err, io.ErrUnexpectedEOF):
		return unreadable(err)
	case err != nil:
		return err
	}
	message := name + ": " + told(totals)
	if totals.Quarantined > 0 {
		return s.redirect(w, r, "/quarantine", message)
	}
	return s.redirect(w, r, "/", message)
}

// told says what an ingest did.
func told(t desk.Totals) string {
	parts := []string{notice.Count(t.Stored, "release", "releases") + " stored"}
	if t.Duplicates > 0 {
		parts = append(parts, fmt.Sprintf("%d were here already", t.Duplicates))
	}
	if t.Quarantined > 0 {
		parts = append(parts, fmt.Sprintf("%d could not be read", t.Quarantined))
	}
	return strings.Join(parts, ", ") + "; " + notice.Count(t.Notices, "notice is", "notices are") + " here now."
}

// mostRejected is how many releases in quarantine are listed.
const mostRejected = 200

// quarantine lists what could not be read, the newest first.
func (s *server) quarantine(w http.ResponseWriter, r *http.Request) error {
	var list []notice.Rejected
	total := 0
	for x, err := range s.Desk.Quarantined(r.Context()) {
		if err != nil {
			return err
		}
		total++
		if list = append(list, x); len(list) > 2*mostRejected {
			list = append(list[:0], list[len(list)-mostRejected:]...)
		}
	}
	list = list[max(0, len(list)-mostRejected):]
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return s.render(w, r, "quarantine", page{Title: "Quarantine", Nav: "home", Crumbs: []Crumb{{"Home", "/"}}, Body: struct {
		Total int
		List  []notice.Rejected
	}{total, list}})
}
