package web

import "net/http"

// handler answers a request, or says why it cannot.
type handler func(*server, http.ResponseWriter, *http.Request) error

// route is one line of the table of everything that can be asked for.
type route struct {
	method  string
	pattern string // of http.ServeMux
	handle  handler
	summary string
}

// routes is the table. {notice} is a notice.ID and {profile} a profile's id, both path-escaped; a lot travels as ?lot=ID.
func routes() []route {
	return []route{
		{"GET", "/{$}", (*server).home, "what is new, changed and closing this week; the first run on an empty store"},

		{"POST", "/notices", (*server).upload, "read an uploaded file of notices, or the sample"},
		{"GET", "/quarantine", (*server).quarantine, "what could not be read, and why"},

		// Profiles: list, form, register, change, remove.
		{"GET", "/profiles", (*server).profileList, "the profiles, and what there is to do for each"},
		{"GET", "/profiles/new", (*server).newProfile, "the form of a new profile"},
		{"POST", "/profiles", (*server).registerProfile, "register a profile, or show the form again"},
		{"GET", "/profiles/{profile}/edit", (*server).editProfile, "the form of a profile"},
		{"POST", "/profiles/{profile}", (*server).reviseProfile, "change a profile, or show the form again"},
		{"GET", "/profiles/{profile}/profile.yaml", (*server).profileYAML, "a profile as a file"},
		{"GET", "/profiles/{profile}/profile.json", (*server).profileJSON, "the same as JSON"},
		{"GET", "/profiles/{profile}/doctor", (*server).profileDoctor, "what is the matter with a profile"},
		{"GET", "/finders/cpv", (*server).findCPV, "CPV codes by words, by code, by tree"},
		{"GET", "/finders/itl", (*server).findITL, "regions by words, by code, by tree"},

		// Review: the ranked list of a profile, and what is decided there.
		{"GET", "/profiles/{profile}", (*server).review, "the ranked list of a profile: filters, facets, order"},
		{"POST", "/profiles/{profile}/pursuits", (*server).pursuits, "decide, snooze, rate, see, take back; of several at once"},

		// Fit report and pack.
		{"GET", "/profiles/{profile}/fits/{notice}", (*server).fit, "why a notice fits a profile, or does not"},

		// Shortlist, calendar, exports.

		// Notices.
		{"GET", "/notices/{notice}", (*server).notice, "everything a notice says"},
		{"GET", "/notices/{notice}/similar", (*server).similar, "notices like one, who won such and at what price"},
		{"GET", "/notices/{notice}/notice.json", (*server).noticeJSON, "the same as JSON"},
		{"GET", "/notices/{notice}/notice.md", (*server).noticeMarkdown, "the same as Markdown"},
		{"GET", "/notices/{notice}/releases.json", (*server).noticeRecord, "the releases as published, and compiled: an OCDS record package"},

		// Search, and who buys what from whom.
		{"GET", "/search", (*server).search, "find notices by words and facts"},
		{"GET", "/buyers/{id}", (*server).buyer, "what a buyer buys, from whom and at what price"},
		{"GET", "/suppliers/{id}", (*server).supplier, "what a supplier won, from whom and at what price"},

		// What ends: it stands last, so that whoever walks the table in order still finds the profile.
		{"GET", "/profiles/{profile}/remove", (*server).removeProfile, "whether a profile is to be removed"},
		{"POST", "/profiles/{profile}/remove", (*server).profileRemoved, "remove a profile; what was decided for it stays"},

		// What pages are made of, and whether the server is well.
		{"GET", "/static/{hash}/{file}", (*server).static, "styles and scripts"},
		{"GET", "/healthz", (*server).healthz, "whether the store answers"},
	}
}
