package ocds

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
)

// releasesOf makes the releases of one OCID: member texts, published day after day.
func releasesOf(t testing.TB, members ...string) []notice.Release {
	t.Helper()
	var text strings.Builder
	for i, m := range members {
		fmt.Fprintf(&text, `{"ocid":"o","id":"%d","date":"2026-01-%02dT00:00:00Z","tag":["tender"],%s}`+"\n", i+1, i+1, m)
	}
	return decodeAll(t, []byte(text.String()))
}

// mergeSchema is a release schema with every merge property.
const mergeSchema = `{"properties":{
	"ocid":{"type":"string"}, "id":{"omitWhenMerged":true}, "date":{"omitWhenMerged":true},
	"secret":{"type":"array","omitWhenMerged":true}, "kept":{"type":"string","omitWhenMerged":false},
	"whole":{"type":["array","null"],"wholeListMerge":true,"items":{"$ref":"#/definitions/Thing"}},
	"object":{"type":"object","wholeListMerge":true,"properties":{"gone":{"omitWhenMerged":true}}},
	"noids":{"type":"array","items":{"type":"object","properties":{"key":{}}}},
	"mixed":{"type":"array","items":{"type":["object","string"],"properties":{"id":{}}}},
	"things":{"type":"array","items":{"$ref":"#/definitions/Thing"}}},
"definitions":{"Thing":{"type":"object","properties":{
	"id":{"versionId":true},"gone":{"omitWhenMerged":true},
	"list":{"type":"array","wholeListMerge":true},
	"parts":{"type":"array","items":{"$ref":"#/definitions/Thing"}}}}}}`

// TestMergeRules has a case for every rule of the merge.
func TestMergeRules(t *testing.T) {
	schema, err := ReadRules(strings.NewReader(mergeSchema))
	if err != nil {
		t.Fatal(err)
	}
	const v = `{"releaseID":"%d","releaseDate":"2026-01-0%[1]dT00:00:00Z","releaseTag":["tender"],"value":%[2]s}`
	said := func(release int, value string) string { return fmt.Sprintf(v, release, value) }
	tests := []struct {
		name      string
		rules     *Rules
		releases  []string
		compiled  string
		versioned string // "": not looked at
	}{
		{"a later value replaces", nil, []string{`"x":1`, `"x":2`}, `"x":2`, `"x":[` + said(1, "1") + `,` + said(2, "2") + `]`},
		{"the same value is one version", nil, []string{`"x":1`, `"x":1`, `"x":2`}, `"x":2`, `"x":[` + said(1, "1") + `,` + said(3, "2") + `]`},
		{"silence keeps", nil, []string{`"x":1`, `"y":2`}, `"x":1,"y":2`, ""},
		{"null removes", nil, []string{`"x":1,"y":2`, `"x":null`}, `"y":2`, `"x":[` + said(1, "1") + `,` + said(2, "null") + `],"y":[` + said(1, "2") + `]`},
		{"null, then a value", nil, []string{`"x":1`, `"x":null`, `"x":3`}, `"x":3`, ""},
		{"null at first", nil, []string{`"x":null,"y":1`}, `"y":1`, ""},
		{"null removes an object", nil, []string{`"x":{"a":1},"y":1`, `"x":null`}, `"y":1`,
			`"x":{"a":[` + said(1, "1") + `,` + said(2, "null") + `]},"y":[` + said(1, "1") + `]`},
		{"null removes inside an object", nil, []string{`"x":{"a":1,"b":2}`, `"x":{"a":null}`}, `"x":{"b":2}`, ""},
		{"objects merge", nil, []string{`"x":{"a":1,"b":{"c":1}}`, `"x":{"b":{"d":2},"e":3}`}, `"x":{"a":1,"b":{"c":1,"d":2},"e":3}`, ""},
		{"an empty object says nothing", nil, []string{`"x":{"a":1},"y":{}`, `"x":{}`}, `"x":{"a":1}`, ""},
		{"arrays merge by id", nil, []string{`"l":[{"id":"1","a":1},{"id":"2"}]`, `"l":[{"id":"3"},{"id":"1","b":2}]`},
			`"l":[{"id":"1","a":1,"b":2},{"id":"2"},{"id":"3"}]`,
			`"l":[{"id":"1","a":[` + said(1, "1") + `],"b":[` + said(2, "2") + `]},{"id":"2"},{"id":"3"}]`},
		{"1 is not \"1\"", nil, []string{`"l":[{"id":1,"a":1}]`, `"l":[{"id":"1","a":2}]`}, `"l":[{"id":1,"a":1},{"id":"1","a":2}]`, ""},
		{"elements without an id are appended", nil, []string{`"l":[{"a":1}]`, `"l":[{"a":1},{"id":null,"a":2},{"id":true}]`}, `"l":[{"a":1},{"a":1},{"a":2},{"id":true}]`, ""},
		{"of one id in one release the last", nil, []string{`"l":[{"id":"1","a":1,"b":1},{"id":"2"},{"id":"1","a":2}]`}, `"l":[{"id":"2"},{"id":"1","a":2}]`, ""},
		{"arrays of anything else are replaced", nil, []string{`"l":[1,2]`, `"l":[3]`}, `"l":[3]`, `"l":[` + said(1, "[1,2]") + `,` + said(2, "[3]") + `]`},
		{"arrays with a non-object are replaced", nil, []string{`"l":[{"id":"1"}]`, `"l":[{"id":"2"},"x"]`}, `"l":[{"id":"2"},"x"]`, ""},
		{"replaced, then merged", nil, []string{`"l":["x"]`, `"l":[{"id":"1"}]`, `"l":[{"id":"2"}]`}, `"l":[{"id":"1"},{"id":"2"}]`, ""},
		{"an empty array says nothing", nil, []string{`"l":[{"id":"1"}],"m":[]`, `"l":[]`}, `"l":[{"id":"1"}]`, ""},
		{"additional classifications are replaced", nil, []string{
			`"tender":{"items":[{"id":"1","additionalClassifications":[{"id":"a"},{"id":"b"}]}]}`,
			`"tender":{"items":[{"id":"1","additionalClassifications":[{"id":"c"}]}]}`},
			`"tender":{"items":[{"id":"1","additionalClassifications":[{"id":"c"}]}]}`, ""},
		{"suppliers merge in 1.1", nil, []string{`"awards":[{"id":"1","suppliers":[{"id":"a"}]}]`, `"awards":[{"id":"1","suppliers":[{"id":"b"}]}]`},
			`"awards":[{"id":"1","suppliers":[{"id":"a"},{"id":"b"}]}]`, ""},
		{"suppliers are replaced in 1.0", Rules10(), []string{`"awards":[{"id":"1","suppliers":[{"id":"a"}]}]`, `"awards":[{"id":"1","suppliers":[{"id":"b"}]}]`},
			`"awards":[{"id":"1","suppliers":[{"id":"b"}]}]`, ""},
		{"ids of objects are versioned, those of elements are not", nil, []string{`"tender":{"id":"t","items":[{"id":"1","unit":{"id":"u"}}]}`},
			`"tender":{"id":"t","items":[{"id":"1","unit":{"id":"u"}}]}`,
			`"tender":{"id":[` + said(1, `"t"`) + `],"items":[{"id":"1","unit":{"id":[` + said(1, `"u"`) + `]}}]}`},
		{"an object becomes a string", nil, []string{`"x":{"a":1}`, `"x":"s"`, `"x":{"b":2}`}, `"x":{"b":2}`,
			`"x":[` + said(1, `{"a":1}`) + `,` + said(2, `"s"`) + `,` + said(3, `{"b":2}`) + `]`},
		{"numbers as published", nil, []string{`"x":1.50,"y":1e9999`}, `"x":1.50,"y":1e9999`, ""},

		{"schema: omitWhenMerged", schema, []string{`"secret":["x"],"kept":"y","things":[{"id":1,"gone":2,"parts":[{"id":1,"gone":3}]}]`},
			`"kept":"y","things":[{"id":1,"parts":[{"id":1}]}]`, ""},
		{"schema: wholeListMerge", schema, []string{`"whole":[{"id":1,"gone":2}]`, `"whole":[{"id":2,"gone":3}]`}, `"whole":[{"id":2,"gone":3}]`, ""},
		{"schema: wholeListMerge empties", schema, []string{`"whole":[{"id":1}]`, `"whole":[]`}, `"whole":[]`, ""},
		{"schema: wholeListMerge of an object", schema, []string{`"object":{"a":1,"gone":1}`, `"object":{"b":2}`}, `"object":{"a":1,"b":2}`, ""},
		{"schema: elements without ids", schema, []string{`"noids":[{"key":1}]`, `"noids":[{"key":2}]`}, `"noids":[{"key":2}]`, ""},
		{"schema: mixed elements", schema, []string{`"mixed":[{"id":1}]`, `"mixed":[{"id":2}]`}, `"mixed":[{"id":2}]`, ""},
		{"schema: references to itself", schema, []string{
			`"things":[{"id":1,"parts":[{"id":2,"list":[1,2],"parts":[{"id":3}]}]}]`,
			`"things":[{"id":1,"parts":[{"id":2,"list":[{"id":9}],"parts":[{"id":4}]}]}]`},
			`"things":[{"id":1,"parts":[{"id":2,"list":[{"id":9}],"parts":[{"id":3},{"id":4}]}]}]`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			releases := releasesOf(t, tt.releases...)
			got, err := CompileJSON(releases, tt.rules)
			if err != nil {
				t.Fatal(err)
			}
			date := fmt.Sprintf("2026-01-%02dT00:00:00Z", len(tt.releases))
			want := fmt.Sprintf(`{"tag":["compiled"],"id":"o-%s","date":"%s","ocid":"o",%s}`, date, date, tt.compiled)
			if string(got) != want {
				t.Errorf("compiled:\ngot  %s\nwant %s", got, want)
			}
			if tt.versioned == "" {
				return
			}
			got, err = VersionedJSON(releases, tt.rules)
			if err != nil {
				t.Fatal(err)
			}
			if want := `{"ocid":"o",` + tt.versioned + `}`; string(got) != want {
				t.Errorf("versioned:\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

func TestReadRulesErrors(t *testing.T) {
	for _, text := range []string{"", "<html>", "[]", "{}", `{"properties":1}`, strings.Repeat("[", 100_000)} {
		if _, err := ReadRules(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q: no error", text)
		}
	}
	if _, err := ReadRules(strings.NewReader(`{"properties":{"a":{"$ref":"#/properties/a"},"b":{"$ref":"#/nowhere"},"c":{"$ref":"other.json"}}}`)); err != nil {
		t.Errorf("references that lead nowhere: %v", err)
	}
}

// TestSort lists releases in the order in which they merge.
func TestSort(t *testing.T) {
	want := []string{
		`{"ocid":"o","id":"1","date":"2026-06-23T10:00:00+01:00"}`, // nine o'clock in UTC
		`{"ocid":"o","id":"2","date":"2026-06-23T09:30:00Z"}`,
		`{"ocid":"o","id":"058956-2025","date":"2026-06-23T10:00:00Z"}`,
		`{"ocid":"o","id":"058880-2026","date":"2026-06-23T11:00:00+01:00"}`,
		`{"ocid":"o","id":"058956-2026","date":"2026-06-23T10:00:00Z"}`,
		`{"ocid":"o","id":"100000-2026","date":"2026-06-23T10:00:00Z"}`,
		`{"ocid":"o","date":"2026-06-24","tag":["tender"]}`,
		`{"ocid":"o","date":"2026-06-24","tag":["award"]}`,
		`{"ocid":"o","date":"2026-06-24","tag":["tenderUpdate","contract"]}`,
		`{"ocid":"o","id":"000001-2020"}`,
		`{"ocid":"o","id":"000002-2020","date":"soon"}`,
	}
	releases := decodeAll(t, []byte(strings.Join(want, "\n")))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		rnd.Shuffle(len(releases), func(i, j int) { releases[i], releases[j] = releases[j], releases[i] })
		Sort(releases)
		for i, r := range releases {
			if string(r.Raw) != want[i] {
				t.Fatalf("at %d: got %s, want %s", i, r.Raw, want[i])
			}
		}
	}
}

// codes are the codes of issues, with their places.
func codes(list []notice.Issue) []string {
	var all []string
	for _, i := range list {
		all = append(all, i.Code+" "+i.At.Release+i.At.Pointer)
	}
	return all
}

func TestCompileIssues(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
		left       int // releases that take part
	}{
		{"clean", `{"ocid":"o","id":"1","date":"2026-01-01","x":1}{"ocid":"o","id":"2","date":"2026-01-02","x":2}`, nil, 2},
		{"a copy", `{"ocid":"o","id":"1","date":"2026-01-01","x":1}{"ocid":"o","id":"1","date":"2026-01-01","x":1}`, nil, 1},
		{"a revision", `{"ocid":"o","id":"1","date":"2026-01-01","x":1}{"ocid":"o","id":"1","date":"2026-01-02","x":2}{"ocid":"o","id":"1","date":"2026-01-03","x":2}`, []string{"revised-release 1"}, 1},
		{"undated", `{"ocid":"o","id":"1","x":1}{"ocid":"o","id":"2","date":"2026-01-02","x":2}`, []string{"undated-release 1"}, 2},
		{"a change of type", `{"ocid":"o","id":"1","date":"2026-01-01","x":{"a":1},"y":"1","z":true}{"ocid":"o","id":"2","date":"2026-01-02","x":[1],"y":1,"z":false}`,
			[]string{"type-changed 2/x", "type-changed 2/y"}, 2},
		{"a double id", `{"ocid":"o","id":"1","date":"2026-01-01","l":[{"id":"a"},{"id":"a"}]}`, []string{"duplicate-id 1/l/0"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compile(decodeAll(t, []byte(tt.text)))
			if got := codes(c.issues); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if len(c.releases) != tt.left {
				t.Errorf("%d releases take part, want %d", len(c.releases), tt.left)
			}
		})
	}
	c := compile([]notice.Release{{OCID: "o", ID: "1", Raw: []byte("{")}, {OCID: "o", ID: "2", Raw: []byte("[]")}})
	if got := codes(c.issues); c.root != nil || !slices.Equal(got, []string{"unreadable-release 1", "unreadable-release 2"}) {
		t.Errorf("unreadable releases: %q", got)
	}
	if _, err := CompileJSON(nil, nil); err == nil {
		t.Error("compiling nothing is no error")
	}
	if _, err := VersionedJSON(c.releases, nil); err == nil {
		t.Error("compiling what cannot be read is no error")
	}
}

// TestUndatedCompiled has a compiled release of releases of which some, or none, have a date.
func TestUndatedCompiled(t *testing.T) {
	got, err := CompileJSON(decodeAll(t, []byte(`{"ocid":"o","x":1}{"ocid":"o","id":"2","date":"2026-01-02"}`)), nil)
	if want := `{"tag":["compiled"],"id":"o-2026-01-02","date":"2026-01-02","ocid":"o","x":1}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	got, err = CompileJSON(decodeAll(t, []byte(`{"ocid":"o","x":1}`)), nil)
	if want := `{"tag":["compiled"],"id":"o","ocid":"o","x":1}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

// checkLeaves checks that every leaf of a compiled tree stands, where its path
// says, in the release that its path names.
func checkLeaves(t *testing.T, c *compiled) int {
	t.Helper()
	trees := map[string]*value{}
	for i := range c.releases {
		tree, err := parse(&c.releases[i])
		if err != nil {
			t.Fatal(err)
		}
		trees[c.releases[i].Identity()] = tree
	}
	leaves := 0
	var walk func(v *value, depth int)
	walk = func(v *value, depth int) {
		if depth > maxDepth {
			t.Fatal("the tree has no end")
		}
		at := v.path()
		there := trees[at.Release].resolve(at.Pointer)
		switch {
		case there == nil:
			t.Fatalf("%+v leads nowhere", at)
		case there.kind() != v.kind():
			t.Fatalf("%+v: kind %v, want %v", at, there.kind(), v.kind())
		case !v.merged && !equal(there, v):
			t.Fatalf("%+v: %s, want %s", at, there.appendJSON(nil), v.appendJSON(nil))
		}
		if len(v.kids) == 0 {
			leaves++
		}
		for _, kid := range v.kids {
			walk(kid, depth+1)
		}
	}
	if c.root != nil {
		walk(c.root, 0)
	}
	return leaves
}

func TestPlaces(t *testing.T) {
	c := compile(releasesOf(t,
		`"a/b":{"c~d":1,"e":[{"id":"1","x":[1,{"y":2}]},{"z":3}]},"w":[{"q":[[]]}]`,
		`"a/b":{"e":[{"z":4},{"id":"1","v":true}]},"w":["s"],"":{"":null,"u":""}`))
	if leaves := checkLeaves(t, c); leaves < 10 {
		t.Errorf("only %d leaves", leaves)
	}
	for _, tt := range []struct{ walk, want string }{
		{"/a~1b/c~0d", "1/a~1b/c~0d"}, {"/a~1b/e/0/v", "2/a~1b/e/1/v"}, {"/a~1b/e/0/x/1/y", "1/a~1b/e/0/x/1/y"},
		{"/a~1b/e/1/z", "1/a~1b/e/1/z"}, {"/a~1b/e/2/z", "2/a~1b/e/0/z"}, {"/a~1b/e/0", "2/a~1b/e/1"}, {"/w/0", "2/w/0"}, {"", "2"},
	} {
		at := c.root.resolve(tt.walk).path()
		if got := at.Release + at.Pointer; got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.walk, got, tt.want)
		}
	}
}

// TestSharedPlaces checks the places of every real notice.
func TestSharedPlaces(t *testing.T) {
	t.Parallel()
	byOCID, ocids := sharedReleases(t)
	leaves := 0
	for _, ocid := range ocids {
		leaves += checkLeaves(t, compile(byOCID[ocid]))
	}
	t.Logf("%d leaves of %d procurements", leaves, len(ocids))
}

// TestManyReleases merges an OCID of very many releases, each with something of its
// own, in time that grows with their size alone: were it the square, it would take minutes.
func TestManyReleases(t *testing.T) {
	const n = 100_000
	releases := make([]notice.Release, 0, n)
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, `{"ocid":"o","id":"%06d-2026","date":"2026-01-01T00:00:00Z","tender":{"title":"t%d","m%d":1},"awards":[{"id":"%d","value":{"amount":%d}}],"notes":[{"text":"n"}]}`+"\n", i, i, i%1000, i%4000, i)
	}
	for item, err := range Decode(t.Context(), &text, "f") {
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, *item.Release)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { releases[i], releases[j] = releases[j], releases[i] })
	var c *compiled
	most := peak(func() { c = compile(releases) })
	if title, _ := c.root.get("tender", "title").str(); title != fmt.Sprintf("t%d", n-1) {
		t.Errorf("title %s", title)
	}
	if got, want := len(c.root.get("awards").kids), 4000; got != want {
		t.Errorf("%d awards, want %d", got, want)
	}
	if got := len(c.root.get("notes").kids); got != n {
		t.Errorf("%d notes, want %d", got, n)
	}
	if most > 256<<20 {
		t.Errorf("took %d MiB", most>>20)
	}
	t.Logf("%d releases: %d MiB", n, most>>20)
}

func TestValue(t *testing.T) {
	v, err := parseText([]byte(`{"s":"a\u00e9","n":1e9999,"t":true,"f":false,"z":null,"l":[1,"x"],"o":{"k":{"d":7}}}`), "r")
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := v.get("s").str(); !ok || s != "aé" {
		t.Errorf("str %q %v", s, ok)
	}
	if n, ok := v.get("n").num(); !ok || n != "1e9999" {
		t.Errorf("num %q %v", n, ok)
	}
	for name, want := range map[string][2]bool{"t": {true, true}, "f": {false, true}, "z": {false, false}, "none": {false, false}} {
		if b, ok := v.get(name).boolean(); b != want[0] || ok != want[1] {
			t.Errorf("boolean %s: %v %v", name, b, ok)
		}
	}
	if n, ok := v.get("o", "k", "d").num(); !ok || n != "7" {
		t.Errorf("get: %q", n)
	}
	if at := v.get("l").resolve("/1").path(); at != (notice.Path{Release: "r", Pointer: "/l/1"}) {
		t.Errorf("path %+v", at)
	}
	for _, nobody := range []*value{nil, v.get("none"), v.get("s", "deeper"), v.get("l", "0"), v.resolve("/l/2"), v.resolve("l"), v.resolve("/l/-1")} {
		if nobody != nil {
			t.Errorf("found %s", nobody.appendJSON(nil))
		}
		_, s := nobody.str()
		_, n := nobody.num()
		_, b := nobody.boolean()
		if s || n || b || nobody.kind() != 0 || nobody.get("x") != nil || nobody.path() != (notice.Path{}) {
			t.Error("nobody said something")
		}
		for range nobody.each() {
			t.Error("nobody has elements")
		}
		for range nobody.members() {
			t.Error("nobody has members")
		}
	}
	var names []string
	for name := range v.members() {
		names = append(names, name)
	}
	if !slices.Equal(names, []string{"s", "n", "t", "f", "z", "l", "o"}) {
		t.Errorf("members %q", names)
	}
	for _, bad := range []string{"", "{", `{"a":1`, `{"a":}`, `[1,]`, "{}{", strings.Repeat("[", 70) + strings.Repeat("]", 70), `"\ud800"`} {
		if _, err := parseText([]byte(bad), "r"); err == nil && bad != "{}{" {
			t.Errorf("%q: no error", bad)
		}
	}
}

// FuzzDecode reads any bytes: no panic, releases that are sound, and the same
// again when their text is read again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		relA, relA + "\n" + relB, `{"releases":[` + relA + `,{"ocid":"b","v": 000,"v":NaN,"t":"x` + "\xe9\x00" + `\ud800"}]}`,
		`{"records":[{"ocid":"c","releases":[{"url":"u"}],"compiledRelease":` + relC + `}]}`, `[[[{"results":[` + relA + `]}]]]`,
		"{\"ocid\":\"b\",\"t\":\"x\n" + relC, `{"ocid":"b","t":{"x":1},` + relC, `{"ocid":"b"}}]]`, "\ufeff" + relA, utf16Text(relA, true), gzipped(relA), zstded(relA),
		"<html>", `{"ocid":1}`, `{"ocid":"b","id":[],"date":"2026-02-30","tag":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ended := false
		for item, err := range Decode(t.Context(), bytes.NewReader(text), "f") {
			if ended {
				t.Fatal("something behind the end")
			}
			if err != nil {
				ended = true
				if !errors.Is(err, ErrNothing) {
					t.Fatal(err)
				}
				continue
			}
			if (item.Release == nil) == (item.Rejected == nil) {
				t.Fatal("neither or both of release and rejected")
			}
			if item.Rejected != nil {
				if item.Rejected.Code == "" || item.Rejected.Reason == "" {
					t.Fatalf("%+v", *item.Rejected)
				}
				continue
			}
			r := item.Release
			if r.OCID == "" || len(r.Issues) > maxIssues+3 {
				t.Fatalf("%+v", r)
			}
			if c := compile([]notice.Release{*r}); len(codes(c.issues)) > 0 && c.issues[0].Code == "unreadable-release" {
				t.Fatalf("%s: %v", r.Raw, c.issues)
			}
			again, fault := new(reader).read(r.Raw, true)
			if fault != nil {
				t.Fatalf("%s: %v", r.Raw, *fault)
			}
			if again.Hash != r.Hash || !bytes.Equal(again.Raw, r.Raw) || again.OCID != r.OCID || again.ID != r.ID {
				t.Fatalf("%s\nis read again as\n%s", r.Raw, again.Raw)
			}
		}
	})
}

// anyReleases are n releases of few names, ids and days, so that they often meet.
func anyReleases(rnd *rand.Rand, n int) string {
	var b strings.Builder
	pick := func(of ...string) { b.WriteString(of[rnd.IntN(len(of))]) }
	var value func(depth int)
	object := func(depth int, open string) {
		b.WriteString(open)
		for i, name := range []string{"a", "b", "items", "l"} {
			if rnd.IntN(3) > 0 {
				continue
			}
			if i > 0 || open != "{" {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%q:", name)
			value(depth + 1)
		}
		b.WriteByte('}')
	}
	value = func(depth int) {
		switch kind := rnd.IntN(8); {
		case kind < 3 && depth < 3:
			b.WriteByte('[')
			for i := range rnd.IntN(30 >> (2 * depth)) {
				if i > 0 {
					b.WriteByte(',')
				}
				if rnd.IntN(40) == 0 {
					pick("1", `"x"`, "[]", "null")
					continue
				}
				object(depth, fmt.Sprintf(`{"id":%s`, []string{`"1"`, "1", "2", "null", fmt.Sprint(i)}[rnd.IntN(5)]))
			}
			b.WriteByte(']')
		case kind < 5 && depth < 4:
			object(depth, `{"c":1`)
		default:
			pick("null", "1", `"1"`, "true", "false", "[]", "{}", "[1,2]", `""`)
		}
	}
	for range n {
		b.WriteString(`{"ocid":"o","id":`)
		pick(`"1"`, `"2"`, "3", "null", `"000001-2026"`, `"000002-2026"`)
		b.WriteString(`,"date":`)
		pick(`"2026-01-01"`, `"2026-01-02"`, "null", `"2026-01-02T00:00:00Z"`)
		b.WriteString(`,"tag":["tender"],"tender":`)
		value(0)
		object(0, `,"planning":{"d":2`)
		b.WriteString("}\n")
	}
	return b.String()
}

// FuzzCompile merges releases, those of the text and made ones, shuffled and
// doubled: nothing changes, and every leaf has its place.
func FuzzCompile(f *testing.F) {
	f.Add([]byte(`{"ocid":"o","id":"1","x":{"a":1}}{"ocid":"o","id":"2","x":[{"id":1},{"id":"1"}]}{"ocid":"o","id":"2","x":null}`), uint64(1))
	f.Add([]byte(`{"ocid":"o","date":"2026-01-01","l":[{"id":"1","a":[1]},{"id":"1"},{}]}{"ocid":"o","date":"2026-01-01","l":[{"id":"1","a":null}],"":{}}`), uint64(2))
	for seed := range uint64(100) {
		f.Add([]byte{}, seed)
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		text = append(slices.Clone(text), "\n"+anyReleases(rnd, 1+rnd.IntN(6))...)
		var releases []notice.Release
		for item := range Decode(t.Context(), bytes.NewReader(text), "f") {
			if item.Release != nil && len(releases) < 50 {
				releases = append(releases, *item.Release)
			}
		}
		if len(releases) == 0 {
			return
		}
		for i := range releases {
			releases[i].OCID = "o"
		}
		one, err := CompileJSON(releases, nil)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := VersionedJSON(releases, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again := decodeAll(t, one)[0]; !bytes.Equal(again.Raw, one) {
			t.Fatalf("the compiled release is not what is read of it:\n%s\n%s", one, again.Raw)
		}
		twice := append(slices.Clone(releases), releases...)
		rnd.Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
		if two, err := CompileJSON(twice, nil); err != nil || !bytes.Equal(one, two) {
			t.Fatalf("shuffled and doubled: %v\n%s\n%s", err, one, two)
		}
		if two, err := VersionedJSON(twice, nil); err != nil || !bytes.Equal(versions, two) {
			t.Fatalf("shuffled and doubled: %v\n%s\n%s", err, versions, two)
		}
		a, b := compile(releases), compile(twice)
		if !slices.Equal(codes(a.issues), codes(b.issues)) {
			t.Fatalf("issues %q, shuffled and doubled %q", codes(a.issues), codes(b.issues))
		}
		checkLeaves(t, a)
	})
}
