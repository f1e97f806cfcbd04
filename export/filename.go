package export

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"bidfit/notice"
)

// FileName is what to call a file of the format: "hartwell-resolve-2026-06-24.csv".
func (f Format) FileName(o Options) string {
	return safe(o.Profile.ID+"-"+o.AsOf.In(notice.London).Format("2006-01-02"), f.Extension)
}

// Attachment is the value of Content-Disposition under which a browser saves a file by a name: in ASCII for those who know no
// better (RFC 6266), and in full (RFC 8187) where that is something else.
func Attachment(name string) string {
	name = safe(name, "")
	ascii := strings.Map(func(c rune) rune {
		if c >= utf8.RuneSelf {
			return '_'
		}
		return c
	}, name)
	header := `attachment; filename="` + ascii + `"`
	if ascii != name {
		// PathEscape leaves what RFC 8187 does not: $ & + : = @
		header += "; filename*=UTF-8''" + beyond.Replace(url.PathEscape(name))
	}
	return header
}

var beyond = strings.NewReplacer("$", "%24", "&", "%26", "+", "%2B", ":", "%3A", "=", "%3D", "@", "%40")

// safe is a name that no system takes for a folder, a hidden file or an option, and no header for its end.
func safe(name, extension string) string {
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || strings.ContainsRune(`/\<>:"|?*;%'`, c) {
			return '_'
		}
		return c
	}, line(name))
	const longest = 120 // bytes; file systems take 255, with room for " (1)"
	for len(name) > longest {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name = strings.Trim(name, " .-"); name == "" {
		name = "shortlist"
	}
	return name + extension
}
