package ocds

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"bidfit/notice"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
)

// TestNothingLost holds the projection against the publishers' JSON. It knows nothing of where
// the projection looks or puts things: it walks every release whole and gathers each CPV code, place, amount,
// date and supplier, walks the projected notices of that OCID whole by reflection, and looks for each of them
// there. What is not there must be told in an Issue, be replaced by a newer release that
// says the same place anew, or fall under one of the exceptions below.
func TestNothingLost(t *testing.T) {
	t.Parallel()
	history, err := filepath.Glob(filepath.Join(noticetest.Shared(t, "data", "award-history"), "*.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	releases, _ := sharedReleases(t)
	notices := maps.Clone(sharedNotices(t))
	byOCID := maps.Clone(releases)
	for _, name := range history {
		for line := range noticetest.Lines(t, name) {
			r := releaseOf(t, line)
			byOCID[r.OCID] = append(slices.Clip(byOCID[r.OCID]), r)
			delete(notices, r.OCID)
		}
	}
	total := map[string]map[string]int{}
	for _, ocid := range slices.Sorted(maps.Keys(byOCID)) {
		list := notices[ocid]
		if list == nil {
			if list, err = Project(ocid, byOCID[ocid]); err != nil {
				t.Fatal(err)
			}
		}
		for kind, ends := range lookFor(t, ocid, byOCID[ocid], list) {
			if total[kind] == nil {
				total[kind] = map[string]int{}
			}
			for end, n := range ends {
				total[kind][end] += n
				total[kind]["walked"] += n
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(total)) {
		ends := total[kind]
		t.Logf("%-8s walked %6d, found %6d, elsewhere %5d, superseded %4d, issue %4d",
			kind, ends["walked"], ends["found"], ends["elsewhere"], ends["superseded"], ends["issue"])
		for _, end := range slices.Sorted(maps.Keys(ends)) {
			switch end {
			case "walked", "found", "elsewhere", "superseded", "issue":
			default:
				t.Logf("         %6d %s", ends[end], end)
			}
		}
		if ends["found"] == 0 {
			t.Errorf("no %s was found at all", kind)
		}
	}
}

// TestLossIsFound: the walk finds what a projection leaves out.
func TestLossIsFound(t *testing.T) {
	release := releaseOf(t, releaseStart(1, "award")+`"tender":{"items":[{"id":"1","classification":{"scheme":"CPV","id":"90910000"},"deliveryAddresses":[{"region":"UKG24"}]}]},
		"parties":[{"id":"GB-COH-01234567","name":"Nib Works Ltd","roles":["supplier"],"address":{"region":"UKC"}}],
		"awards":[{"id":"1","date":"2026-08-01","value":{"amount":1000},"suppliers":[{"id":"GB-COH-01234567","name":"Nib Works Ltd"}]}]}`)
	walked := walk(t, &release)
	empty := projected(&notice.Notice{})
	whole := projected(projectOne(t, string(release.Raw)))
	kinds := map[string]bool{}
	for _, f := range walked.facts {
		kinds[f.kind] = true
		if empty.has(f) || !whole.has(f) {
			t.Errorf("%+v: in nothing %v, in its notice %v", f, empty.has(f), whole.has(f))
		}
	}
	if len(kinds) != 6 {
		t.Errorf("the walk knows %v", kinds)
	}
}

// An exception is something that a notice need not have, and why.
type exception struct {
	kind string
	path *regexp.Regexp // without ids and indices
	why  string
}

var exceptions = []exception{
	{"place", regexp.MustCompile(`/d +eliveryAddresses/`), "in a member whose name is broken by blanks (one release of Sell2Wales)"},
}

// lookFor looks for every fact of the releases of one OCID in its notices, and counts what became of them.
func lookFor(t *testing.T, ocid string, releases []notice.Release, notices []*notice.Notice) map[string]map[string]int {
	seen := projected(notices...)
	told := map[fact]bool{} // in an issue: of a release, what stands at its place
	walks := make([]*walker, len(releases))
	for i := range releases {
		walks[i] = walk(t, &releases[i])
		for _, n := range notices {
			for _, issue := range n.Issues {
				if issue.At.Release != releases[i].Identity() {
					continue
				}
				for _, f := range walks[i].facts {
					if f.pointer == issue.At.Pointer {
						told[fact{kind: f.kind, key: f.key, pointer: issue.At.Release}] = true
					}
				}
			}
		}
	}
	slices.SortFunc(walks, func(a, b *walker) int {
		return cmp.Or(a.release.Date.Compare(b.release.Date), cmp.Compare(a.release.ID, b.release.ID))
	})
	ends := map[string]map[string]int{}
	for i, w := range walks {
		replaced := map[string]bool{}
		for _, f := range w.facts {
			end := ""
			switch {
			case seen.at[notice.Path{Release: w.release.Identity(), Pointer: f.pointer}] && seen.has(f):
				end = "found"
			case seen.has(f):
				end = "elsewhere"
			case told[fact{kind: f.kind, key: f.key, pointer: w.release.Identity()}]:
				end = "issue"
			case slices.ContainsFunc(walks[i+1:], func(newer *walker) bool { return newer.restates(f) }):
				end = "superseded"
				replaced[f.kind+f.key] = true
			case strings.HasPrefix(f.path, "/parties") && replaced[f.kind+f.key]: // the entry of an organisation that is referred to no longer
				end = "superseded"
			}
			for _, e := range exceptions {
				if end == "" && e.kind == f.kind && e.path.MatchString(bare(f.path)) {
					end = e.why
				}
			}
			if end == "" {
				t.Errorf("%s: %s %q is lost: %s of release %s", ocid, f.kind, f.key, f.pointer, w.release.Identity())
				end = "lost"
			}
			if ends[f.kind] == nil {
				ends[f.kind] = map[string]int{}
			}
			ends[f.kind][end]++
		}
	}
	return ends
}

// fact is one thing that a release says.
type fact struct {
	kind    string // cpv, place (of delivery), seat (of an organisation), amount, date, supplier
	key     string // what it means
	pointer string // JSON Pointer
	path    string // the pointer with ids for indices where an element has one
}

// walker walks one release.
type walker struct {
	release *notice.Release
	facts   []fact
	paths   map[string]bool
}

func walk(t *testing.T, r *notice.Release) *walker {
	t.Helper()
	var tree any
	d := json.NewDecoder(bytes.NewReader(r.Raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	w := &walker{release: r, paths: map[string]bool{}}
	w.value(tree, nil, "", "", "")
	return w
}

// restates reports whether a release says anew what stands at the place of a fact: the value itself, the
// amount or period that it is a part of, or the list that it stands in where such lists are published whole:
// those without ids, and an award's suppliers and milestones.
func (w *walker) restates(f fact) bool {
	if w.paths[f.path] {
		return true
	}
	parent := f.path[:strings.LastIndexByte(f.path, '/')]
	if name := parent[strings.LastIndexByte(parent, '/')+1:]; (name == "value" || strings.HasSuffix(strings.ToLower(name), "period")) && w.paths[parent] {
		return true
	}
	for _, at := range whole.FindAllStringIndex(f.path, -1) {
		if w.paths[strings.TrimSuffix(f.path[:at[1]-1], "/")] {
			return true
		}
	}
	return false
}

var (
	dateLike = regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$`)
	idLike   = regexp.MustCompile(`^[A-Z]{2}-[A-Z]+-.`)
	whole    = regexp.MustCompile(`/#|(suppliers|milestones)\[`)
	escapes  = strings.NewReplacer("~", "~0", "/", "~1")
	indices  = regexp.MustCompile(`\[[^\]]*\]|/#\d+`)
)

func bare(path string) string { return indices.ReplaceAllString(path, "") }

// value walks a value that stands in an object under a name.
func (w *walker) value(v any, in map[string]any, name, pointer, path string) {
	w.paths[path] = true
	add := func(kind, key string) {
		if key != "" {
			w.facts = append(w.facts, fact{kind, key, pointer, path})
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			w.value(v[member], v, member, pointer+"/"+escapes.Replace(member), path+"/"+member)
		}
		w.organisation(v, name, pointer, path)
	case []any:
		for i, e := range v {
			step := "/#" + strconv.Itoa(i)
			if o, ok := e.(map[string]any); ok && o["id"] != nil && o["scheme"] == nil {
				step = fmt.Sprintf("[%v]", o["id"])
			}
			w.value(e, in, name, pointer+"/"+strconv.Itoa(i), path+step)
		}
	case json.Number:
		switch {
		case strings.HasPrefix(name, "amount"):
			add("amount", pence(v.String()))
		case name == "value" && in["currency"] != nil:
			add("amount", pence(v.String()))
		}
	case string:
		scheme, _ := in["scheme"].(string)
		v = strings.TrimSpace(v)
		switch {
		case name == "id" && strings.EqualFold(scheme, "CPV"):
			code, _, _ := strings.Cut(v, "-")
			add("cpv", code)
		case dateLike.MatchString(v):
			add("date", instant(v))
		case strings.HasPrefix(name, "amount"):
			add("amount", pence(v))
		case name == "region" && strings.HasPrefix(path, "/parties"):
			add("seat", v)
		case name == "region" && len(v) == 2 && in["country"] == v && in["countryName"] != nil && v != "GB":
			add("place", in["countryName"].(string)) // a country's name says more than its code
		case name == "region", name == "identifiers" && strings.Contains(path, "/gazetteer/"),
			name == "description" && strings.Contains(pointer, "/deliveryLocation"),
			name == "description" && strings.Contains(pointer, "/reservedParticipationLocation"):
			for _, part := range strings.FieldsFunc(v, func(r rune) bool { return name == "region" && (r == ',' || r == ';') }) {
				add("place", strings.TrimSpace(part))
			}
		case in["region"] == nil && strings.Contains(pointer, "/deliveryAddress") && (name == "postalCode" || name == "locality" || name == "countryName"):
			add("place", v)
		}
	}
}

// organisation notes suppliers and bidders, by name and by number.
func (w *walker) organisation(v map[string]any, name, pointer, path string) {
	roles, _ := v["roles"].([]any)
	is := name == "suppliers" || name == "tenderers" || name == "mainContractors" ||
		slices.ContainsFunc(roles, func(r any) bool { return r == "supplier" || r == "tenderer" || r == "removedSupplier" })
	if !is {
		return
	}
	if s, _ := v["name"].(string); s != "" {
		w.facts = append(w.facts, fact{"supplier", folded(s), pointer + "/name", path + "/name"})
	}
	if s, _ := v["id"].(string); idLike.MatchString(s) {
		w.facts = append(w.facts, fact{"supplier", number(s), pointer + "/id", path + "/id"})
	}
}

// folded is a name without what spelling varies in.
func folded(s string) string {
	return "=" + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// number is an organisation's identifier; a company's filled up to eight characters.
func number(s string) string {
	s = strings.ToUpper(s)
	n, ok := strings.CutPrefix(s, "GB-COH-")
	if !ok {
		return s
	}
	n = strings.ReplaceAll(n, " ", "")
	digits := strings.TrimLeft(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return "GB-COH-" + n[:len(n)-len(digits)] + strings.Repeat("0", max(0, 8-len(n))) + digits
}

// pence is an amount in whole pence.
func pence(s string) string {
	r, ok := new(big.Rat).SetString(s)
	if strings.ContainsAny(s, "eE") && len(s) < 10 && strings.Contains(s, "9999") || !ok {
		return s
	}
	r.Mul(r, big.NewRat(100, 1))
	return r.FloatString(0)
}

// instant is a point in time, or a day.
func instant(s string) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999"} {
		if d, err := time.ParseInLocation(layout, s, notice.London); err == nil {
			return d.UTC().Format(time.RFC3339Nano)
		}
	}
	return s
}

// seen is what stands in notices, wherever that is.
type seen struct {
	keys map[string]bool // kind and key
	at   map[notice.Path]bool
}

func projected(notices ...*notice.Notice) seen {
	s := seen{map[string]bool{}, map[notice.Path]bool{}}
	for _, n := range notices {
		s.walk(reflect.ValueOf(*n), "place")
	}
	return s
}

func (s seen) has(f fact) bool {
	if f.kind != "place" && f.kind != "seat" {
		return s.keys[f.kind+" "+f.key]
	}
	r, err := itl.Parse(f.key)
	if err != nil {
		r, _ = itl.FromPostcode(f.key)
	}
	return r != "" && s.keys[f.kind+" "+string(r)] || s.keys[f.kind+" "+folded(f.key)]
}

// walk notes everything below v; a place is one of delivery, or the seat of the organisation it stands in.
func (s seen) walk(v reflect.Value, place string) {
	switch x := v.Interface().(type) {
	case notice.Readings, notice.Issue:
		return
	case notice.Path:
		s.at[x] = true
		return
	case notice.Classification:
		s.keys["cpv "+x.Code.String()] = true
	case notice.Place:
		s.keys[place+" "+string(x.Region)] = true
		s.keys[place+" "+folded(x.Text)] = true
	case notice.Reservation:
		s.keys[place+" "+folded(x.Text)] = true
	case notice.Pence:
		s.keys["amount "+strconv.FormatInt(int64(x), 10)] = true
	case notice.Moment:
		key := x.UTC().Format(time.RFC3339Nano)
		if x.Day {
			key = x.In(notice.London).Format(time.DateOnly)
		}
		s.keys["date "+key] = true
		return
	case time.Time:
		s.keys["date "+x.UTC().Format(time.RFC3339Nano)] = true
		return
	case notice.Organisation:
		place = "seat"
		s.keys["supplier "+folded(x.Name.Value)] = true
		for _, id := range x.IDs {
			s.keys["supplier "+number(id)] = true
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		if at := v.FieldByName("At"); at.IsValid() && at.IsZero() { // nobody said it
			return
		}
		for i := range v.NumField() {
			s.walk(v.Field(i), place)
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.walk(v.Index(i), place)
		}
	}
}
