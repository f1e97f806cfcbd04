package ocds

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decodeAll reads text and fails the test if anything is rejected.
func decodeAll(t testing.TB, text []byte) []notice.Release {
	t.Helper()
	var all []notice.Release
	for item, err := range Decode(t.Context(), bytes.NewReader(text), "test.json") {
		if err != nil {
			t.Fatal(err)
		}
		if item.Rejected != nil {
			t.Fatalf("rejected: %+v", *item.Rejected)
		}
		all = append(all, *item.Release)
	}
	return all
}

// sameJSON reports whether two texts are the same JSON, whatever the order of members.
func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	for _, p := range []struct {
		text []byte
		into *any
	}{{a, &x}, {b, &y}} {
		d := json.NewDecoder(bytes.NewReader(p.text))
		d.UseNumber()
		if err := d.Decode(p.into); err != nil {
			t.Fatalf("%v in %s", err, p.text)
		}
	}
	return reflect.DeepEqual(x, y)
}

// TestStandardMergeCases runs the standard's own fifty cases.
func TestStandardMergeCases(t *testing.T) {
	dir := noticetest.Shared(t, "data", "ocds-merge")
	schemas := map[string]string{
		"1.0": "release-schema-1__0__3.json", "1.1": "release-schema-1__1__4.json", "schema": "schema.json",
	}
	builtin := map[string]*Rules{"1.0": Rules10(), "1.1": DefaultRules()}
	ran := 0
	for folder, name := range schemas {
		fromSchema, err := ReadRules(bytes.NewReader(readFile(t, filepath.Join(dir, name))))
		if err != nil {
			t.Fatal(err)
		}
		for kind, merge := range map[string]func([]notice.Release, *Rules) ([]byte, error){
			"compiled": CompileJSON, "versioned": VersionedJSON,
		} {
			paths, _ := filepath.Glob(filepath.Join(dir, folder, "*-"+kind+".json"))
			for _, path := range paths {
				ran++
				t.Run(folder+"/"+filepath.Base(path), func(t *testing.T) {
					releases := decodeAll(t, readFile(t, strings.TrimSuffix(path, "-"+kind+".json")+".json"))
					want := readFile(t, path)
					for _, rules := range []*Rules{fromSchema, builtin[folder]} {
						if rules == nil && folder == "schema" {
							continue
						}
						got, err := merge(releases, rules)
						if err != nil {
							t.Fatal(err)
						}
						if !sameJSON(t, got, want) {
							t.Errorf("got  %s\nwant %s", got, want)
						}
					}
				})
			}
		}
	}
	if ran != 50 {
		t.Errorf("ran %d cases, want 50", ran)
	}
}

// TestBuiltinRulesAreTheSchemas holds the embedded tables against the schemas.
func TestBuiltinRulesAreTheSchemas(t *testing.T) {
	for path, rules := range map[string]*Rules{
		noticetest.Shared(t, "data", "ocds-schemas", "release-schema-1__1__5.json"): DefaultRules(),
		noticetest.Shared(t, "data", "ocds-merge", "release-schema-1__0__3.json"):   Rules10(),
	} {
		read, err := ReadRules(bytes.NewReader(readFile(t, path)))
		if err != nil {
			t.Fatal(err)
		}
		got, want := listRules(rules), listRules(read)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\nbuilt in %q\nschema   %q", filepath.Base(path), got, want)
		}
	}
}

// listRules writes rules as sorted lines "omit path" and "whole path".
func listRules(r *Rules) []string {
	var lines []string
	var walk func(r *rule, path string, depth int)
	walk = func(r *rule, path string, depth int) {
		switch {
		case r.omit:
			lines = append(lines, "omit "+path)
			return
		case r.whole:
			lines = append(lines, "whole "+path)
			return
		case depth > 12:
			return
		}
		for name, sub := range r.members {
			walk(sub, strings.TrimPrefix(path+"/"+name, "/"), depth+1)
		}
	}
	walk(r.root, "", 0)
	slices.Sort(lines)
	return lines
}

// TestMergingExamples runs the standard's worked examples: records with the
// compiled and the versioned release, and their releases in them or beside them.
func TestMergingExamples(t *testing.T) {
	beside := []string{"merge-award-2.json", "merge-tender-1.json", "merge-tender-3.json", "merge-award-1.json", "merge-tender-2.json"}
	for name, files := range map[string][]string{
		"example02-field-record.json":  {"example02-field-record.json"},
		"example02-object-record.json": {"example02-object-record.json"},
		"example03-record.json":        {"example03-record.json"},
		"merged.json":                  beside,
		"versioned.json":               beside,
	} {
		t.Run(name, func(t *testing.T) {
			dir := noticetest.Shared(t, "data", "ocds-schemas", "merging-examples")
			var releases []notice.Release
			for _, file := range files {
				releases = append(releases, decodeAll(t, readFile(t, filepath.Join(dir, file)))...)
			}
			var doc struct {
				Records []struct {
					CompiledRelease  json.RawMessage
					VersionedRelease json.RawMessage
				}
			}
			if err := json.Unmarshal(readFile(t, filepath.Join(dir, name)), &doc); err != nil {
				t.Fatal(err)
			}
			for _, merge := range []struct {
				do   func([]notice.Release, *Rules) ([]byte, error)
				want []byte
			}{{CompileJSON, doc.Records[0].CompiledRelease}, {VersionedJSON, doc.Records[0].VersionedRelease}} {
				if merge.want == nil {
					continue
				}
				got, err := merge.do(releases, nil)
				if err != nil {
					t.Fatal(err)
				}
				if !sameJSON(t, got, merge.want) {
					t.Errorf("got  %s\nwant %s", got, merge.want)
				}
			}
		})
	}
}
