package words

import "strings"

// Some words are written as one, with a hyphen or as two: "antisocial",
// "anti-social", "anti social". Where both halves keep their meaning, the joined
// word is split (compounds), so that "care" is mentioned by "healthcare". Where
// they do not, the parted word is joined (tails), so that "site" is not mentioned by "web site".

// parts splits a folded word that is a compound; other words are their only part.
func parts(w string) []string {
	if len(w) < 6 {
		return []string{w}
	}
	if p, ok := compounds[w]; ok {
		return p
	}
	if singular, ok := strings.CutSuffix(w, "s"); ok {
		if p, ok := compounds[singular]; ok {
			return []string{p[0], p[1] + "s"}
		}
	}
	for _, prefix := range [...]string{"multi", "cyber"} {
		if rest, ok := strings.CutPrefix(w, prefix); ok && len(rest) > 5 && !strings.HasPrefix(rest, "pl") {
			return []string{prefix, rest}
		}
	}
	return []string{w}
}

var compounds = func() map[string][]string {
	m := make(map[string][]string)
	for _, f := range strings.Fields(`
	after-care after-school air-conditioning anti-bullying anti-social anti-viral anti-virus
	book-keeping brick-work bus-lane bus-stop
	call-centre car-park car-parking care-giver care-giving care-leaver case-work case-worker child-care child-minder
	child-minding court-house cross-border cycle-lane cycle-path cycle-way
	damp-proofing data-centre data-center day-care decision-making door-set draught-proofing duct-work
	e-auction e-bike e-book e-commerce e-invoice e-invoicing e-learning e-procurement e-safety e-scooter e-signature
	e-sourcing e-tender e-tendering e-ticketing earth-work eye-care
	fire-fighter fire-fighting fire-proofing fire-stopping foot-care foot-path foot-way foster-carer fund-raiser fund-raising
	ground-water ground-work
	health-care help-desk help-line home-care home-worker home-working house-builder house-building house-keeping
	key-holder key-holding key-worker kerb-side land-owner life-cycle life-long meal-time metal-work
	night-time non-clinical non-compliant non-domestic non-emergency non-residential non-statutory non-urgent
	open-source pipe-work play-ground play-scheme pre-employment pre-fabricated pre-school
	road-side road-work rough-sleeper rough-sleeping
	school-wear service-desk smart-card soft-play sound-proofing steel-work stone-work street-light street-lighting
	street-scene street-work task-force tele-care tele-health tele-medicine touch-screen tree-work
	under-floor waste-water water-proofing weather-proofing whole-life wood-work work-force work-place work-wear
	youth-work youth-worker`) {
		first, second, _ := strings.Cut(f, "-")
		m[first+second] = []string{first, second}
	}
	return m
}()

// joinedEnd is where the word ends that the raw word before end makes together
// with the one after it ("co-operation", "web site"), or end where they are two.
func joinedEnd(text string, end int, tails []string) int {
	hyphen := 0
	for _, h := range [...]string{"-", "‐", "‑", "\u00ad"} {
		if strings.HasPrefix(text[end:], h) {
			hyphen = len(h)
		}
	}
	begin := end + max(hyphen, 1)
	if hyphen == 0 && at(text, end) != ' ' || begin >= len(text) || !ascii[text[begin]].letter {
		return end
	}
	next := wordEnd(text, begin)
	word := strings.ToLower(text[begin:min(next, begin+16)])
	for _, tail := range tails {
		tail, hyphened := strings.CutPrefix(tail, "-")
		if (hyphen > 0 || !hyphened) && strings.HasPrefix(word, tail) {
			return next
		}
	}
	return end
}

const longestHead = 6 // bytes of the longest word with tails

// tails are the beginnings of words that are one with the word before them;
// those with a hyphen only where a hyphen stands between.
var tails = map[string][]string{
	"back":   {"-up"},
	"bio":    {"-"},
	"by":     {"-pass", "-law"},
	"co":     {"-"},
	"data":   {"base"},
	"de":     {"-"},
	"e":      {"-mail"},
	"fire":   {"-wall"},
	"flood":  {"light"},
	"geo":    {"-"},
	"green":  {"-field"},
	"in":     {"-house"},
	"inter":  {"-"},
	"intra":  {"-"},
	"mid":    {"wife", "wive"},
	"neuro":  {"-", "divers"},
	"off":    {"-line", "-site", "-shore"},
	"on":     {"-line", "-site", "-going", "-board", "-shore"},
	"pay":    {"roll"},
	"photo":  {"copi", "copy", "-volt", "voltaic"},
	"play":   {"-group"},
	"post":   {"-code", "code"},
	"psycho": {"-"},
	"re":     {"-use", "-using", "-usable", "-able", "-cycl", "-furb", "-devel", "-gener", "-locat", "-plac", "-inst", "-surf", "-hab", "-model", "-new", "-design", "-open", "-hous", "-issue"},
	"set":    {"-up"},
	"socio":  {"-"},
	"stake":  {"holder"},
	"start":  {"-up"},
	"sub":    {"-", "contract", "station"},
	"web":    {"site", "page", "cast", "cam"},
	"well":   {"being", "-being"},
	"wi":     {"-fi"},
}
