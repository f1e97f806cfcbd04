package web

import (
	"cmp"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/store"
)

// profileList shows every profile with what there is to do for it.
func (s *server) profileList(w http.ResponseWriter, r *http.Request) error {
	h, err := s.Desk.Home(r.Context(), s.asOf(r.Context()), 0)
	if err != nil {
		return err
	}
	return s.render(w, r, "profiles", page{Title: "Profiles", Nav: "profiles", Body: h})
}

// newProfile shows the form with nothing in it; ?supplier= drafts one out of the contracts of a supplier.
func (s *server) newProfile(w http.ResponseWriter, r *http.Request) error {
	f := newForm()
	if asked := r.URL.Query().Get("supplier"); asked != "" {
		f.values.Set("q.supplier", asked)
		f.values.Set("suggested", "supplier")
	}
	return s.showForm(w, r, f, 0)
}

// editProfile shows the form with what a profile says; with ?add= or ?drop= and a field and its value, as a query, also or no more that.
func (s *server) editProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	f := formOf(p)
	f.accept(r.URL.Query()["add"])
	f.drop(r.URL.Query()["drop"])
	return s.showForm(w, r, f, 0)
}

// registerProfile and reviseProfile do what the button of the form says: "do" is save, preview, find, suggest:text, suggest:supplier,
// take (all that is recommended), upload, browse-cpv:CODE or browse-itl:REGION. All but save keep nothing and show the form again;
// "enter", the key, finds where something new is to be found, and else saves.
func (s *server) registerProfile(w http.ResponseWriter, r *http.Request) error {
	return s.formSent(w, r, newForm())
}

func (s *server) reviseProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	return s.formSent(w, r, formOf(p))
}

func (s *server) formSent(w http.ResponseWriter, r *http.Request, f *profileForm) error {
	if err := f.sent(r); err != nil {
		return err
	}
	ctx := r.Context()
	do, what, _ := strings.Cut(f.values.Get("do"), ":")
	if do == "enter" {
		do = "save"
		for _, q := range []string{"q.cpv", "q.regions"} {
			if f.values.Get(q) != "" && f.values.Get(q) != f.values.Get("was."+q) {
				do = "find"
			}
		}
	}
	switch do {
	case "save":
		return s.save(w, r, f)
	case "preview":
		if f.values.Get("part") == "preview" {
			p, err := s.previewed(ctx, f)
			if err != nil {
				return err
			}
			return s.write(w, 0, "profile-form", "preview", p)
		}
	case "find":
	case "suggest":
		f.values.Set("suggested", what)
	case "take":
		d, err := s.drafted(ctx, f)
		if err != nil {
			return err
		}
		if d != nil {
			d.each(func(p *proposal) bool {
				if p.Taken {
					f.accept([]string{p.Value})
				}
				return true
			})
		}
	case "upload":
		if err := f.upload(r); err != nil {
			return err
		}
	case "browse-cpv":
		f.values.Set("open.cpv", what)
	case "browse-itl":
		f.values.Set("open.itl", what)
	default:
		return wrongf("do=%.40q is nothing that this form does; press one of its buttons.", do)
	}
	return s.showForm(w, r, f, 0)
}

// save keeps the profile, or says beside the fields why not.
func (s *server) save(w http.ResponseWriter, r *http.Request, f *profileForm) error {
	ctx := r.Context()
	p, right, err := s.decoded(ctx, f)
	if err != nil {
		return err
	}
	if !right {
		return s.showForm(w, r, f, http.StatusUnprocessableEntity)
	}
	var kept store.Profile
	if f.New {
		kept, err = s.Desk.Register(ctx, p, s.Now())
	} else {
		kept, err = s.Desk.Revise(ctx, p, f.Revision, s.Now())
	}
	wrong, isWrong := errors.AsType[profiles.Errors](err)
	switch {
	case isWrong:
		f.take(wrong)
		return s.showForm(w, r, f, http.StatusUnprocessableEntity)
	case errors.Is(err, desk.ErrChanged):
		f.fault("form", fmt.Sprintf("somebody changed this profile while you wrote: revision %d is there. What you typed is all here: save again to put it in that one's place", kept.Revision))
		f.Revision = kept.Revision
		return s.showForm(w, r, f, http.StatusConflict)
	case err != nil:
		return err
	}
	said := fmt.Sprintf("%s is registered as %s.", kept.Name, kept.ID)
	switch {
	case !f.New && kept.Revision == f.Revision:
		said = "Nothing was different, so nothing was changed."
	case !f.New:
		said = fmt.Sprintf("%s is changed; this is revision %d.", kept.Name, kept.Revision)
	}
	return s.redirect(w, r, pathOf("profiles", kept.ID), said)
}

// showForm shows the form as it stands, with what its finders find and its profile lists.
func (s *server) showForm(w http.ResponseWriter, r *http.Request, f *profileForm, status int) error {
	ctx := r.Context()
	var err error
	if f.Draft, err = s.drafted(ctx, f); err != nil {
		return err
	}
	if f.Draft != nil {
		f.Draft.each(func(p *proposal) bool { return !f.says(p) })
	}
	if f.CPV, err = s.cpvFinder(ctx, f.Value("q.cpv"), f.Value("open.cpv"), f.values["cpv"]); err != nil {
		return err
	}
	if f.ITL, err = s.itlFinder(ctx, f.Value("q.regions"), f.Value("open.itl"), f.values["regions"]); err != nil {
		return err
	}
	f.CPV.Action, f.ITL.Action = f.Action, f.Action
	values, err := s.Desk.Values(ctx)
	if err != nil {
		return err
	}
	f.Band = spreadOf(values, bandOf(f))
	if f.Preview, err = s.previewed(ctx, f); err != nil {
		return err
	}
	p := page{Title: "New profile", Nav: "profiles", Crumbs: []Crumb{{"Profiles", "/profiles"}}, Status: status, Body: f}
	if !f.New {
		p.Title, p.Profile = "Change "+f.ID, f.ID
		p.Crumbs = append(p.Crumbs, Crumb{f.ID, pathOf("profiles", f.ID)})
	}
	return s.render(w, r, "profile-form", p)
}

// upload fills the form with what a file says.
func (f *profileForm) upload(r *http.Request) error {
	file, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		f.fault("file", "choose a file first")
		return nil
	}
	if err != nil {
		return wrongf("The file cannot be read: %v. Choose it again.", err)
	}
	defer file.Close()
	return f.read(file, header)
}

func (f *profileForm) read(file multipart.File, header *multipart.FileHeader) error {
	list, err := profiles.Decode(file, cut(60, header.Filename))
	wrong, isWrong := errors.AsType[profiles.Errors](err)
	switch {
	case isWrong:
		for _, e := range wrong[:min(20, len(wrong))] {
			f.fault("file", e.Error())
		}
		if more := len(wrong) - 20; more > 0 {
			f.fault("file", notice.Count(more, "more thing is", "more things are")+" wrong in it")
		}
		return nil
	case err != nil:
		return err
	case len(list) != 1:
		f.fault("file", fmt.Sprintf("%s holds %d profiles and the form is for one: take the others out, or register all with “bidfit profile add”", cut(60, header.Filename), len(list)))
		return nil
	}
	sent := f.values
	f.values = list[0].Form()
	for _, name := range []string{"revision", "open.cpv", "open.itl"} {
		f.values[name] = sent[name]
	}
	if !f.New {
		f.values.Set("id", f.ID)
	}
	return nil
}

// removeProfile asks whether a profile is to be removed; profileRemoved does it.
func (s *server) removeProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	pursuits, err := s.Desk.Pursuits(r.Context(), p.ID)
	if err != nil {
		return err
	}
	return s.render(w, r, "profile-remove", page{Title: "Remove " + p.ID, Nav: "profiles", Profile: p.ID,
		Crumbs: []Crumb{{"Profiles", "/profiles"}, {p.ID, pathOf("profiles", p.ID)}},
		Body: struct {
			store.Profile
			Pursuits int
		}{p, len(pursuits)}})
}

func (s *server) profileRemoved(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	if err := s.Desk.RemoveProfile(r.Context(), p.ID); err != nil {
		return err
	}
	return s.redirect(w, r, "/profiles", p.Name+" is removed. What was decided for it stays.")
}

// profileYAML and profileJSON are a profile as a file.
func (s *server) profileYAML(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	attach(w, p.ID+".yaml")
	_, err = w.Write(profiles.Encode(p.Profile))
	return err
}

func (s *server) profileJSON(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Desk.Profile(r.Context(), r.PathValue("profile"))
	if err != nil {
		return err
	}
	attach(w, p.ID+".json")
	w.Header().Set("Content-Type", "application/json")
	return desk.WriteJSON(w, p.Profile)
}

// diagnosis is what is the matter with a profile, as its page shows it.
type diagnosis struct{ desk.Diagnosis }

// Try is where the form shows a change.
func (d diagnosis) Try(c desk.Change) string {
	names := map[string]string{"keyword": "keywords", "region": "regions"}
	change := url.Values{cmp.Or(names[c.Field], c.Field): {c.Value}}.Encode()
	how := "add"
	if c.Drop {
		how = "drop"
	}
	return pathOf("profiles", d.Profile, "edit") + "?" + url.Values{how: {change}}.Encode()
}

// profileDoctor says what is the matter with a profile, and what would mend it.
func (s *server) profileDoctor(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("profile")
	d, err := s.Desk.Doctor(ctx, id, nil, nil, s.asOf(ctx))
	if err != nil {
		return err
	}
	return s.render(w, r, "profile-doctor", page{Title: "Is " + id + " right?", Nav: "profiles", Profile: id,
		Crumbs: []Crumb{{"Profiles", "/profiles"}, {id, pathOf("profiles", id)}}, Body: diagnosis{d}})
}
