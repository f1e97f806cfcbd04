package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"
)

// flashCookie carries one message over a redirect. It is text, and shown as text; no link can set it.
const (
	flashCookie = "bidfit-flash"
	mostFlash   = 1000 // bytes of the message
	mostCookie  = 3800 // bytes of all of it, encoded; browsers take 4096 with the name
)

// flash is what a request had to say, and what can be taken back of what it did.
type flash struct {
	Text string `json:"text"`
	Undo *undo  `json:"undo,omitzero"`
}

// undo is what a form takes back: what was last done about some targets of a profile.
type undo struct {
	Profile string   `json:"profile"`
	Targets []string `json:"targets"`
}

// redirect leads to a page of this server after a POST, where message is shown once; "" is none.
func (s *server) redirect(w http.ResponseWriter, r *http.Request, to, message string) error {
	return s.redirectWith(w, r, to, flash{Text: message})
}

// redirectWith is redirect with a message that may offer to take back what was done; of too many targets it does not.
func (s *server) redirectWith(w http.ResponseWriter, r *http.Request, to string, f flash) error {
	if f.Text != "" {
		if len(f.Text) > mostFlash {
			f.Text = strings.ToValidUTF8(f.Text[:mostFlash], "") + "…"
		}
		value, err := f.encode()
		if err == nil && len(value) > mostCookie {
			f.Undo = nil
			value, err = f.encode()
		}
		if err != nil {
			return err
		}
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: value, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	w.Header().Set("Location", localPath(to, "/"))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

func (f flash) encode() (string, error) {
	text, err := json.Marshal(f)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// takeFlash is the message that waits to be shown, which is then forgotten; nil where none does.
func takeFlash(w http.ResponseWriter, r *http.Request) *flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f flash
	if err != nil || json.Unmarshal(text, &f) != nil || f.Text == "" {
		return nil
	}
	return &f
}

// localPath is a path on this server, as a form's "back" names it, or otherwise where that would lead elsewhere.
func localPath(to, otherwise string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) || strings.ContainsFunc(to, unicode.IsControl) {
		return otherwise
	}
	if u, err := url.Parse(to); err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return otherwise
	}
	return to
}
