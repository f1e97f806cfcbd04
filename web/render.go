package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"bidfit/notice"
	"bidfit/store"
)

//go:embed templates/*.html
var templates embed.FS

// page is what a handler gives to be rendered.
type page struct {
	Title string
	// Nav is the part of the navigation that the page belongs to: home, profiles or search.
	Nav string
	// Crumbs lead back to where the page hangs from, the page itself not among them.
	Crumbs []Crumb
	// Profile is the id of the profile that the page is about, "" for none.
	Profile string
	Status  int // 0 is 200
	// Body is what the template of the page shows.
	Body any
}

// Crumb is a step of the way to a page.
type Crumb struct{ Title, Href string }

// view is what a template gets: the page, and what all pages show.
type view struct {
	page
	AsOf time.Time
	// Moved is said where AsOf is not today; Sample where that is because the store holds the sample alone.
	Moved, Sample bool
	Profiles      []store.Profile
	// Flash is what the request before had to say.
	Flash *flash
	// Here is the address of the page on this server, for forms that lead back to it.
	Here            string
	Version         string
	Styles, Scripts []string // addresses
}

// pages are the templates by the name of their page.
type pages struct {
	templates map[string]*template.Template
	static    *static
}

// parsed reads the templates, once; those embedded are right or no test passes.
var parsed = sync.OnceValue(func() *pages {
	p := &pages{templates: map[string]*template.Template{}, static: readStatic()}
	shared := template.Must(template.New("").Funcs(helpers).ParseFS(templates, "templates/layout.html", "templates/part-*.html"))
	entries, err := templates.ReadDir("templates")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		if e.Name() == "layout.html" || strings.HasPrefix(e.Name(), "part-") {
			continue
		}
		t := template.Must(template.Must(shared.Clone()).ParseFS(templates, path.Join("templates", e.Name())))
		p.templates[strings.TrimSuffix(e.Name(), ".html")] = t
	}
	return p
})

// render writes a page.
func (s *server) render(w http.ResponseWriter, r *http.Request, name string, p page) error {
	ctx := r.Context()
	v := view{page: p, AsOf: s.asOf(ctx), Flash: takeFlash(w, r), Here: r.URL.RequestURI(), Version: s.Version,
		Styles: s.pages.static.styles, Scripts: s.pages.static.scripts}
	v.Moved, v.Sample = notice.DaysUntil(v.AsOf, s.Now()) != 0, s.sampleOnly(ctx)
	var err error
	if v.Profiles, err = s.Desk.Profiles(ctx); err != nil && p.Status == 0 {
		return err
	}
	return s.write(w, p.Status, name, "layout", v)
}

// write executes a template and, once that has worked, sends it: "layout" is the page, any other part that its file defines a fragment.
func (s *server) write(w http.ResponseWriter, status int, name, part string, value any) error {
	t := s.pages.templates[name]
	if t == nil {
		return fmt.Errorf("there is no page %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, value); err != nil {
		return fmt.Errorf("rendering %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if status != 0 {
		w.WriteHeader(status)
	}
	_, err := b.WriteTo(w)
	return err
}
