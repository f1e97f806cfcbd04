package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"bidfit/desk"
	"bidfit/index"
	"bidfit/pursuit"
	"bidfit/store"
)

// savedLink leads to what a saved search finds.
type savedLink struct {
	desk.Saved
	Href string
	// Current says that it is what the page shows.
	Current bool
}

// saving is the form that keeps what a page shows as a search.
type saving struct {
	Words string
	Has   []string
	Name  Field
}

// mostName is how many letters the name of a search may have.
const mostName = 60

// saved are the searches that are kept, of which one may be what is looked for.
func (s *server) saved(ctx context.Context, q index.Query) ([]savedLink, error) {
	all, err := s.Desk.Saved(ctx)
	if err != nil {
		return nil, err
	}
	var list []savedLink
	for _, x := range all {
		list = append(list, savedLink{x, "/search?" + x.Query, x.Query == desk.QueryString(q)})
	}
	return list, nil
}

// savingOf is the form for what is looked for: as it failed or, with a name proposed, where it is not kept yet.
func savingOf(q index.Query, saved []savedLink, failed *saving) *saving {
	if failed != nil {
		return failed
	}
	if desk.QueryString(q) == "" {
		return nil
	}
	for _, x := range saved {
		if x.Current {
			return nil
		}
	}
	f := &saving{Words: q.Words, Has: q.Tokens, Name: savingName}
	var parts []string
	if q.Words != "" {
		parts = append(parts, q.Words)
	}
	for _, token := range q.Tokens {
		parts = append(parts, tokenWords(token))
	}
	f.Name.Value = upper(cut(mostName, strings.Join(parts, ", ")))
	return f
}

var savingName = Field{Name: "name", Label: "Name", Hint: "A search that has this name already is replaced.", Required: true, Most: mostName, Autocomplete: "off"}

// searches keeps a search under a name, or removes one.
func (s *server) searches(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	ctx, name := r.Context(), strings.TrimSpace(r.PostFormValue("name"))
	switch do := r.PostFormValue("do"); do {
	case "remove":
		back := localPath(r.PostFormValue("back"), "/search")
		err := s.Desk.ForgetSearch(ctx, "", name)
		if errors.Is(err, store.ErrNotFound) {
			return s.redirect(w, r, back, "It was removed already.")
		}
		if err != nil {
			return err
		}
		return s.redirect(w, r, back, "The saved search “"+typed(mostName, name)+"” is removed.")
	case "", "save":
	default:
		return wrongf("do=%.40q is neither save nor remove.", do)
	}
	q := desk.QueryOf(r.PostForm)
	query := desk.QueryString(q)
	f := &saving{Words: q.Words, Has: q.Tokens, Name: savingName}
	f.Name.Value = name
	_, err := s.Desk.SaveSearch(ctx, pursuit.Search{Name: name, Query: query, Who: s.Who, When: s.Now()})
	if errors.Is(err, desk.ErrSearch) {
		f.Name.Error = sentence(err)
		return s.searchAt(w, r, &url.URL{Path: "/search", RawQuery: query}, f)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/search?"+query, "Saved as “"+typed(mostName, name)+"”: the search page leads back here, and says how many it finds.")
}
