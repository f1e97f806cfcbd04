package web

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"bidfit/store"
)

//go:embed static
var staticFiles embed.FS

// static is what pages are styled and quickened with. Its address holds a hash of all of it, so that browsers keep it for good.
type static struct {
	hash            string
	files           map[string][]byte
	styles, scripts []string // addresses; app.css and app.js first
}

func readStatic() *static {
	s := &static{files: map[string][]byte{}}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err)
	}
	sum := sha256.New()
	for _, e := range entries {
		b, err := staticFiles.ReadFile(path.Join("static", e.Name()))
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", e.Name(), len(b), b)
		s.files[e.Name()] = b
	}
	s.hash = fmt.Sprintf("%x", sum.Sum(nil))[:16]
	for _, e := range entries {
		switch address := s.address(e.Name()); path.Ext(e.Name()) {
		case ".css":
			s.styles = append(s.styles, address)
		case ".js":
			s.scripts = append(s.scripts, address)
		}
	}
	for _, list := range [][]string{s.styles, s.scripts} {
		slices.SortStableFunc(list, func(a, b string) int {
			return strings.Compare(rankOf(a), rankOf(b))
		})
	}
	return s
}

// rankOf puts app.css and app.js before what builds on them.
func rankOf(address string) string {
	if name := path.Base(address); !strings.HasPrefix(name, "app.") {
		return name
	}
	return ""
}

// mediaTypes do not depend on what the machine takes an extension for.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// address is where a file is served.
func (s *static) address(name string) string { return "/static/" + s.hash + "/" + name }

func (s *server) static(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	b, ok := s.pages.static.files[name]
	if !ok || r.PathValue("hash") != s.pages.static.hash {
		return fmt.Errorf("static file %q: %w", name, store.ErrNotFound)
	}
	w.Header().Set("Content-Type", mediaTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err := w.Write(b)
	return err
}
