package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// flashCookie carries one message over a redirect. It is text, and shown as text; no link can set it.
const (
	flashCookie = "bidfit-flash"
	mostFlash   = 1000 // bytes
)

// redirect leads to a page of this server after a POST, where message is shown once; "" is none.
func (s *server) redirect(w http.ResponseWriter, r *http.Request, to, message string) error {
	if message != "" {
		if len(message) > mostFlash {
			message = strings.ToValidUTF8(message[:mostFlash], "") + "…"
		}
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(message)),
			Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	w.Header().Set("Location", localPath(to, "/"))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// takeFlash is the message that waits to be shown, which is then forgotten.
func takeFlash(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(text) > 2*mostFlash {
		return ""
	}
	return strings.ToValidUTF8(string(text), "")
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
