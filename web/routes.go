package web

import (
	"net/http"
	"slices"

	"bidfit/desk"
	"bidfit/market"
	"bidfit/matcher"
	"bidfit/pursuit"
)

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
	list := []route{
		{"GET", "/{$}", (*server).home, "what is new, changed and closing this week; the first run on an empty store"},

		{"POST", "/notices", (*server).upload, "read an uploaded file of notices, or the sample"},
		{"GET", "/quarantine", (*server).quarantine, "what could not be read, and why"},

		{"GET", "/feeds", (*server).feeds, "how each feed is doing, and how fresh the data is"},
		{"POST", "/feeds", (*server).switchFeed, "switch a feed on or off"},

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
		{"GET", "/profiles/{profile}/fits/{notice}/pack", (*server).pack, "what a go/no-go meeting needs, to be printed"},

		// Shortlist, calendar, exports.
		{"GET", "/profiles/{profile}/shortlist", (*server).shortlist, "what is being worked on, and which bids the hours are enough for"},
		{"POST", "/profiles/{profile}/shortlist", (*server).enter, "put something on the shortlist, change it, take it off"},
		{"GET", "/profiles/{profile}/calendar", (*server).calendar, "what comes when of what is being worked on"},
		{"GET", "/profiles/{profile}/export.csv", (*server).export, "what a list shows, as CSV"},
		{"GET", "/profiles/{profile}/export.xlsx", (*server).export, "the same as an Excel workbook"},
		{"GET", "/profiles/{profile}/export.json", (*server).export, "the same as JSON"},
		{"GET", "/profiles/{profile}/export.jsonl", (*server).export, "the same as JSON Lines"},
		{"GET", "/profiles/{profile}/export.md", (*server).export, "the same as Markdown"},
		{"GET", "/profiles/{profile}/export.ics", (*server).export, "its dates as a calendar"},
		{"GET", "/profiles/{profile}/export.atom", (*server).export, "the same as a feed"},

		// Alerts: who is told of a profile, and what whoever has a secret address sees.
		{"GET", "/profiles/{profile}/alerts", (*server).alertsPage, "who is told what is new, and how; the form of a further subscription"},
		{"POST", "/profiles/{profile}/alerts", (*server).addAlert, "subscribe, or show the form again"},
		{"GET", "/profiles/{profile}/alerts/{alert}", (*server).alertPage, "one subscription: what it tells, what waits, what was sent"},
		{"POST", "/profiles/{profile}/alerts/{alert}", (*server).alertDone, "change, pause, resume, test or remove it"},
		{"GET", "/feeds/{secret}/list.atom", (*server).subscribed, "the list of a subscription as a feed"},
		{"GET", "/feeds/{secret}/dates.ics", (*server).subscribed, "its dates as a calendar"},
		{"GET", "/unsubscribe/{secret}", (*server).unsubscribe, "whether a subscription by e-mail is to end"},
		{"POST", "/unsubscribe/{secret}", (*server).unsubscribed, "end it"},

		// Notices.
		{"GET", "/notices/{notice}", (*server).notice, "everything a notice says"},
		{"GET", "/notices/{notice}/clients", (*server).clients, "one notice against every profile"},
		{"GET", "/notices/{notice}/similar", (*server).similar, "notices like one, who won such and at what price"},
		{"GET", "/notices/{notice}/notice.json", (*server).noticeJSON, "the same as JSON"},
		{"GET", "/notices/{notice}/notice.md", (*server).noticeMarkdown, "the same as Markdown"},
		{"GET", "/notices/{notice}/releases.json", (*server).noticeRecord, "the releases as published, and compiled: an OCDS record package"},

		// Search, and who buys what from whom.
		{"GET", "/search", (*server).search, "find notices by words and facts"},
		{"POST", "/searches", (*server).searches, "keep a search under a name, or remove one"},
		{"GET", "/buyers/{id}", (*server).buyer, "what a buyer buys, from whom and at what price"},
		{"GET", "/suppliers/{id}", (*server).supplier, "what a supplier won, from whom and at what price"},

		// What ends: it stands last, so that whoever walks the table in order still finds the profile.
		{"GET", "/profiles/{profile}/remove", (*server).removeProfile, "whether a profile is to be removed"},
		{"POST", "/profiles/{profile}/remove", (*server).profileRemoved, "remove a profile; what was decided for it stays"},

		// What pages are made of, and whether the server is well.
		{"GET", "/static/{hash}/{file}", (*server).static, "styles and scripts"},
		{"GET", "/healthz", (*server).healthz, "whether the store answers"},
		{"GET", "/readyz", (*server).readyz, "whether answers are complete and new, and where not, why: JSON, and 503"},
		{"GET", "/metrics", (*server).measured, "figures for Prometheus"},

		// The API, for programs: operations has all of it.
		{"GET", "/api", (*server).apiRoots, "where everything of the API is"},
		{"GET", apiRoot, (*server).apiRoots, "the same"},
	}
	for _, o := range operations() {
		list = append(list, o.route())
	}
	return list
}

// operations is the table of the API. Patterns are below apiRoot, each has its parameters and, by the types of its function, its body and its
// reply; "go test ./web -run TestOpenAPI -update" writes openapi.json anew after a change.
func operations() []operation {
	lot := textParam("lot", "one lot of the notice, by its id; \"~A\" is one read from the text")
	after := textParam(queryAfter, "next of the page before: goes on after it")
	order := choiceParam(queryOrder, "what comes first", matcher.OrderScore, matcher.OrderLow, matcher.OrderRelevance, matcher.OrderDeadline)
	progress := textParam("stage", "one stage of the shortlist alone: qualify, prepare, submitted, won, lost, withdrawn; none is what is decided and not on it")
	filter := []param{
		textParam(desk.FacetAdvice, "bid, review, no-bid").repeated(),
		textParam(desk.FacetAction, "what the stage allows: bid, engage, prepare, watch, join, none").repeated(),
		textParam(desk.FacetStage, "of the procurement: tender, market, engagement, planned, pipeline").repeated(),
		textParam(desk.FacetRegion, "of delivery, in ITL 1 or 2: TLG").repeated(),
		textParam(desk.FacetDivision, "CPV division, in two digits").repeated(),
		textParam(desk.FacetBand, "of the value, by the pounds it begins at: 0, 1000, 10000 and so on to 1000000000").repeated(),
		textParam(desk.FacetDeadline, "overdue, week, fortnight, month, later").repeated(),
		textParam(desk.FacetState, "unseen, changed, resurfaced, undecided, decided, bid, no-bid, watch, contradicting, shortlisted, snoozed, known").repeated(),
		textParam(desk.FacetBuyer, "as the facet of an answer names it").repeated(),
		textParam(desk.QueryWords, "in title, lots and buyer, all of them"),
	}
	with := func(more []param, list ...param) []param { return append(slices.Clone(more), list...) }

	return []operation{
		asking("/", "index", "where everything is", (*apiCall).index),
		serving("/openapi.json", "openapi", "this API as an OpenAPI 3.1 document", "application/json", (*apiCall).spec),
		asking("/status", "status", "what is stored, how fresh it is, and how each feed is doing", (*apiCall).wellness),
		asking("/home", "home", "of every profile what is new, changed, back and closing", (*apiCall).home, numberParam("rows", "rows of each kind", usualGlance, 0, 50)),

		asking("/profiles", "listProfiles", "the profiles, with their revisions", (*apiCall).profileList),
		sending("POST", "/profiles", "createProfile", "register a profile that is not there yet", 201, (*apiCall).createProfile),
		asking("/profiles/{profile}", "getProfile", "a profile, as it is sent; its ETag is its revision", (*apiCall).profileOne),
		sending("PUT", "/profiles/{profile}", "putProfile", "register a profile or a change of one; If-Match holds it to the one it changes", 200, (*apiCall).putProfile),
		sending("POST", "/preview", "preview", "what a profile that is not kept would list now", 200, (*apiCall).preview),
		sending("POST", "/suggest", "suggest", "draft a profile out of a text or of past awards", 200, (*apiCall).suggest),

		asking("/profiles/{profile}/review", "review", "the ranked list as its people work it, with facets", (*apiCall).review,
			with(filter, order, after, numberParam(queryFrom, "rows to leave out, where after is not given", 0, 0, 1_000_000), limitParam(usualItems, "rows"))...),
		asking("/profiles/{profile}/match", "match", "the open notices, those that fit best first", (*apiCall).match,
			order, flagParam("all", "closed stages too"), flagParam("known", "what was rated as known too"), limitParam(usualItems, "fits")),
		asking("/profiles/{profile}/fits/{notice}", "explain", "why a notice fits, or does not", (*apiCall).explain,
			lot, flagParam("whatIf", "the cheapest changes with which the advice would be better"),
			textParam("since", "why it is not what it was: at a release (its notice number), on a date, or \"decision\"")),
		asking("/profiles/{profile}/fits/{notice}/questions", "questions", "what to ask the buyer", (*apiCall).questions, lot),
		asking("/profiles/{profile}/fits/{notice}/pack", "pack", "what a go/no-go meeting has on the table", (*apiCall).pack, lot),

		asking("/profiles/{profile}/pursuits", "listPursuits", "everything decided, with the fits of those days", (*apiCall).decisions),
		sending("POST", "/profiles/{profile}/pursuits", "act", "decide, rate, snooze, wake, see or undo, of many at once", 200, (*apiCall).act),
		asking("/profiles/{profile}/ratings", "listRatings", "what was rated, and what that taught", (*apiCall).ratings),
		asking("/profiles/{profile}/shortlist", "shortlist", "what is being worked on", (*apiCall).shortlist, progress),
		sending("PUT", "/profiles/{profile}/shortlist/{notice}", "putEntry", "put a notice on the shortlist, or say anew what stands there", 200, (*apiCall).putEntry, lot),
		removing("/profiles/{profile}/shortlist/{notice}", "removeEntry", "take a notice off the shortlist", (*apiCall).unlist, lot),
		asking("/profiles/{profile}/agenda", "agenda", "what comes on which day", (*apiCall).agenda,
			textParam("from", "the first day, as 2026-07-01; today where it is not given"), textParam("until", "the last day")),
		asking("/profiles/{profile}/budget", "budget", "which bids to write with the hours there are", (*apiCall).budget,
			numberParam("hoursPerBid", "that a bid takes where the shortlist does not say", desk.DefaultHoursPerBid, 1, pursuit.MostHours),
			numberParam("hoursPerMonth", "that there are", desk.DefaultHoursPerMonth, 1, desk.MostHoursPerMonth),
			flagParam("review", "what is to be reviewed may be bid for too")),
		serving("/profiles/{profile}/export/{format}", "export", "a list as a file: csv, xlsx, json, jsonl, md, ics or atom", "application/octet-stream", (*apiCall).export,
			with(filter, order, choiceParam(queryList, "which list: what is advised and decided, what is decided, the review with its filter, the shortlist (stage is one of its own there)",
				desk.ListAdvised, desk.ListDecided, desk.ListReview, desk.ListShortlist),
				flagParam("excel", "CSV begins with a byte order mark"), flagParam("raw", "CSV for programs, its texts as they are"))...),
		asking("/profiles/{profile}/renewals", "renewals", "contracts in the field that end soon", (*apiCall).renewals,
			numberParam("within", "months", 12, 1, 120), numberParam("lead", "months before the end that a tender is expected", market.Lead, 1, 60), limitParam(usualItems, "contracts")),
		asking("/profiles/{profile}/partners/{other}", "partners", "two profiles as one bidder", (*apiCall).partners,
			textParam("notice", "for this one alone"), lot, flagParam("all", "what the other should bid for alone too"), limitParam(usualItems, "notices")),
		asking("/profiles/{profile}/outcomes", "outcomes", "what became of what was decided, and how often it was won", (*apiCall).outcomes, limitParam(usualItems, "decisions")),
		asking("/outcomes", "allOutcomes", "the same for all profiles", (*apiCall).outcomes, limitParam(usualItems, "decisions")),
		asking("/profiles/{profile}/alerts", "listAlerts", "who is told what is new, and how each stands", (*apiCall).alertList, numberParam("limit", "messages sent, of each", 10, 1, mostItems)),
		sending("POST", "/profiles/{profile}/alerts", "addAlert", "subscribe; a key or secret addresses are in this answer alone", 201, (*apiCall).addAlertOne),
		asking("/profiles/{profile}/alerts/{alert}", "getAlert", "one subscription, what waits and what was sent", (*apiCall).alertOne, numberParam("limit", "messages sent", 10, 1, mostItems)),
		sending("PUT", "/profiles/{profile}/alerts/{alert}", "putAlert", "say anew what a subscription tells, and when", 200, (*apiCall).putAlert),
		sending("POST", "/profiles/{profile}/alerts/{alert}/test", "testAlert", "send a test, and tell what was answered", 200, (*apiCall).testAlert),
		removing("/profiles/{profile}/alerts/{alert}", "removeAlert", "remove a subscription", (*apiCall).removeAlert),
		removing("/profiles/{profile}", "removeProfile", "remove a profile; what was decided for it stays", (*apiCall).removeProfile),

		asking("/search", "search", "notices that mention all words, those that do so most first", (*apiCall).search,
			textParam("q", "words, and \"words together\""), textParam("has", "what a notice carries: stage:tender, cpv:853, itl:TLG; of one kind they are alternatives").repeated(),
			after, limitParam(usualItems, "notices")),
		asking("/searches", "listSearches", "the saved searches, and how many notices each finds now", (*apiCall).searches),
		sending("PUT", "/searches/{name}", "putSearch", "save a search under a name, in the place of one of that name", 200, (*apiCall).putSearch),
		removing("/searches/{name}", "removeSearch", "remove a saved search", (*apiCall).forgetSearch),
		asking("/notices/{notice}", "notice", "everything a notice says", (*apiCall).dossier),
		serving("/notices/{notice}/record", "record", "the releases as published, and compiled: an OCDS record package", "application/json", (*apiCall).record),
		asking("/notices/{notice}/similar", "similar", "notices like one, who won such and at what price", (*apiCall).similar, limitParam(5, "of each kind")),
		asking("/notices/{notice}/clients", "clients", "one notice against every profile", (*apiCall).clients, lot, limitParam(usualItems, "profiles")),
		asking("/buyers/{id}", "buyer", "what a buyer buys, from whom and at what price", (*apiCall).buyer, limitParam(8, "of each list")),
		asking("/suppliers/{id}", "supplier", "what a supplier won, from whom and at what price", (*apiCall).supplier, limitParam(8, "of each list")),
		asking("/finders/cpv", "findCPV", "CPV codes by words or digits; the divisions for nothing", (*apiCall).findCPV, textParam("q", "words, or what a code begins with"), limitParam(usualItems, "codes")),
		asking("/finders/itl", "findITL", "regions by words or code", (*apiCall).findITL, textParam("q", "words, or a code"), limitParam(usualItems, "regions")),
	}
}
