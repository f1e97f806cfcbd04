package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"bidfit/desk"
	"bidfit/notice"
	"bidfit/pursuit"
)

// mostReason is how many letters a reason may have.
const mostReason = 2000

// fragmentHeader is sent by scripts that put what comes back in the place of what is there: they get the rows alone.
const fragmentHeader = "X-Fragment"

// attempt is what was tried about a target and why it failed; what was typed is in it.
type attempt struct {
	Do, Reason, Until string
	Error             string
}

// tried is a form that failed, in whole or in part.
type tried struct {
	attempt
	// Bulk says that it was about several targets, or about none.
	Bulk  bool
	about map[pursuit.Target]*attempt
	// Chosen are the targets it was about.
	Chosen map[string]bool
	// Elsewhere are the errors of targets, by target; the page may not show those.
	Elsewhere []pair
	// Done is what was done of it all the same.
	Done string
}

// pursuits does what a form says about notices: decide, snooze, rate, see, and take back.
func (s *server) pursuits(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	profile := r.PathValue("profile")
	if _, err := s.Desk.Profile(r.Context(), profile); err != nil {
		return err
	}
	t := &tried{attempt: attempt{Do: r.PostFormValue("do"), Reason: strings.TrimSpace(r.PostFormValue("reason")), Until: r.PostFormValue("until")},
		about: map[pursuit.Target]*attempt{}, Chosen: map[string]bool{}}
	deed, err := s.deed(r, profile, t)
	if err != nil {
		t.Error = sentence(err)
		return s.untold(w, r, profile, deed.Targets, t)
	}
	all, err := s.Desk.Act(r.Context(), deed)
	if err != nil {
		return err
	}
	var done []desk.Done
	for i, x := range all {
		if x.Err != nil {
			failed := t.attempt
			failed.Error = sentence(x.Err)
			t.about[deed.Targets[i]] = &failed
			t.Elsewhere = append(t.Elsewhere, pair{deed.Targets[i].String(), failed.Error})
			continue
		}
		done = append(done, x)
	}
	if err := s.seen(r, deed, done); err != nil {
		return err
	}
	told, err := s.told(r, profile, done)
	if err != nil {
		return err
	}
	if len(t.Elsewhere) > 0 {
		t.Done = told
		return s.untold(w, r, profile, deed.Targets, t)
	}
	if r.Header.Get(fragmentHeader) != "" {
		return s.rows(w, r, profile, deed.Targets, told, nil)
	}
	back := backOf(r, profile)
	if len(done) == 1 && back.Path == "/profiles/"+profile {
		back.Fragment = anchorOf(done[0].Target)
	}
	return s.redirectWith(w, r, back.String(), flash{told, undoOf(profile, done)})
}

// formFault is a form that cannot be read.
func formFault(err error) error {
	if f := faultOf(err); f.Status != http.StatusInternalServerError {
		return err // it is too large
	}
	return wrongf("The form cannot be read: %s Go back and send it again.", sentence(err))
}

// deed reads what is to be done; what is wrong with it is said to who typed it.
func (s *server) deed(r *http.Request, profile string, t *tried) (desk.Deed, error) {
	d := desk.Deed{Profile: profile, Reason: t.Reason, Who: s.Who, When: s.Now(), AsOf: s.asOf(r.Context())}
	var wrong error
	for _, text := range r.PostForm["target"] {
		target, err := pursuit.ParseTarget(text)
		if err != nil {
			wrong = err
			continue
		}
		if !slices.Contains(d.Targets, target) {
			d.Targets = append(d.Targets, target)
		}
		t.Chosen[text] = true
	}
	t.Bulk = len(d.Targets) != 1
	if wrong != nil {
		return d, wrong
	}
	d.Do = desk.Do(t.Do)
	if d.Do == desk.DoSnooze {
		d.Until = pursuit.Until(t.Until)
	}
	return d, checkDeed(d)
}

// checkDeed says what is wrong with a deed that somebody sent.
func checkDeed(d desk.Deed) error {
	if _, err := desk.ParseDo(string(d.Do)); err != nil {
		return fmt.Errorf("what is to be done: %w", err)
	}
	switch n := len(d.Targets); {
	case n == 0:
		return fmt.Errorf("no notice is chosen: tick one at least")
	case n > desk.MostTargets:
		return fmt.Errorf("%d notices are more than the %d that can be done at once: choose fewer", n, desk.MostTargets)
	}
	if n := utf8.RuneCountInString(d.Reason); n > mostReason {
		return fmt.Errorf("the reason has %s, and %s are kept: shorten it", notice.Count(n, "letter", "letters"), strings.TrimSpace(notice.Count(mostReason, "", "")))
	}
	if d.Do == desk.DoSnooze {
		if _, err := pursuit.ParseUntil(string(d.Until)); err != nil {
			return fmt.Errorf("snooze until: %w", err)
		}
	}
	return nil
}

// seen marks what was decided or answered as seen: whoever did so had it before them.
func (s *server) seen(r *http.Request, deed desk.Deed, done []desk.Done) error {
	switch deed.Do {
	case desk.DoBid, desk.DoNoBid, desk.DoWatch, desk.DoRelevant, desk.DoIrrelevant, desk.DoKnown:
	default:
		return nil
	}
	var targets []pursuit.Target
	for _, x := range done {
		targets = append(targets, x.Target)
	}
	return s.Desk.See(r.Context(), deed.Profile, deed.Who, deed.When, targets...)
}

// told says what was done, with the title where it is one notice.
func (s *server) told(r *http.Request, profile string, done []desk.Done) (string, error) {
	switch len(done) {
	case 0:
		return "", nil
	case 1:
		p, err := s.Desk.Pursued(r.Context(), profile, done[0].Target, s.asOf(r.Context()))
		if err != nil {
			return "", err
		}
		return cut(80, p.Row.Title) + ": " + doneWords(done[0].Words) + ".", nil
	}
	counts := map[string]int{}
	var order []string
	for _, x := range done {
		if counts[x.Words] == 0 {
			order = append(order, x.Words)
		}
		counts[x.Words]++
	}
	var parts []string
	for _, words := range order {
		parts = append(parts, fmt.Sprintf("%d: %s", counts[words], doneWords(words)))
	}
	return notice.Count(len(done), "notice", "notices") + ". " + upper(strings.Join(parts, "; ")) + ".", nil
}

// doneWords says in a page's words what the desk's say for all doors.
func doneWords(words string) string {
	words = strings.ReplaceAll(words, "no-bid", "no bid")
	for verdict, said := range map[string]string{"bid": "decided to bid", "no bid": "decided not to bid", "watch": "watched", "relevant": "rated relevant", "irrelevant": "rated not relevant", "known": "rated already known"} {
		if words == verdict || strings.HasPrefix(words, verdict+",") {
			return said + strings.TrimPrefix(words, verdict)
		}
	}
	return words
}

// undoOf is what can be taken back of what was done; nil where nothing can.
func undoOf(profile string, done []desk.Done) *undo {
	u := undo{Profile: profile}
	for _, x := range done {
		switch x.Do {
		case desk.DoUndo, desk.DoSee, desk.DoWake:
			return nil
		}
		u.Targets = append(u.Targets, x.Target.String())
	}
	return &u
}

// backOf is the page of this server that a form leads back to: the list, where it names none.
func backOf(r *http.Request, profile string) *url.URL {
	list := &url.URL{Path: "/profiles/" + profile}
	u, err := url.Parse(localPath(r.PostFormValue("back"), list.String()))
	if err != nil {
		return list
	}
	return u
}

// untold shows a form again that failed, with the error beside what was tried and all that was typed.
func (s *server) untold(w http.ResponseWriter, r *http.Request, profile string, targets []pursuit.Target, t *tried) error {
	if !t.Bulk && t.Error != "" {
		failed := t.attempt
		t.about[targets[0]] = &failed
	}
	if r.Header.Get(fragmentHeader) != "" && len(targets) > 0 {
		return s.rows(w, r, profile, targets, t.Done, t)
	}
	back := backOf(r, profile)
	if rest, ok := strings.CutPrefix(back.Path, "/profiles/"+profile+"/fits/"); ok && rest != "" && !strings.Contains(rest, "/") {
		return s.fitAt(w, r, profile, rest, back, t)
	}
	if back.Path != "/profiles/"+profile {
		back = &url.URL{Path: "/profiles/" + profile}
	}
	return s.reviewAt(w, r, profile, back, t)
}

// rows answers a script: the rows of some targets as they are now.
func (s *server) rows(w http.ResponseWriter, r *http.Request, profile string, targets []pursuit.Target, told string, t *tried) error {
	asOf := s.asOf(r.Context())
	var list []rowView
	for _, target := range targets {
		p, err := s.Desk.Pursued(r.Context(), profile, target, asOf)
		if err != nil {
			return err
		}
		v := newRowView(p.Row, profile, asOf, backOf(r, profile).String())
		if v.Told = told; t != nil {
			v.Tried = t.about[target]
		}
		list = append(list, v)
	}
	status := 0
	if t != nil {
		status = http.StatusUnprocessableEntity
	}
	return s.write(w, status, "review", "rows-of", list)
}
