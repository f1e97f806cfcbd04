package profiles

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// full has every field there is, in orders that are not those of the alphabet.
const full = `id: trent
name: "Trentwater <b>Mediation</b> & Sons"
identifiers: [GB-COH-01234567]
description: |-
  We settle quarrels between neighbours,
  in families and at school.

  "Quoted", <script>alert(1)</script> & more.
keywords: [mediation, anti-social behaviour, HR, "2024"]
exclude: [construction]
cpv: ["85312300", "03110000", "75200000"]
regions: [TLL, TLG2, Staffordshire, TLI]
value: {min: 10000, max: 750000.50}
sme: true
vcse: false
base: ST18 0YY
turnover: 2500000
insurance: {public: 5000000, cyber: 0}
buyers: {prefer: [Borough of Ashwick], avoid: [GB-PPON-ABCD-1234-EFGH]}
experience:
  - Neighbour mediation for 4,000 homes, and training
  - "Second: with a colon"
certifications: [ISO 9001]
frameworks: [ocds-h6vhtk-000001]
leadDays: 14
weights: {subject: 30, timing: 0}
`

func TestForm(t *testing.T) {
	list, err := Decode(strings.NewReader(full), "full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := string(Encode(list[0]))
	form := list[0].Form()
	for name, values := range form { // as a browser sends them
		for i := range values {
			form[name][i] = strings.ReplaceAll(values[i], "\n", "\r\n")
		}
	}
	form["q.cpv"] = []string{"no field of a profile"}
	got, err := DecodeForm(form)
	if err != nil {
		t.Fatal(err)
	}
	if string(Encode(got)) != want {
		t.Errorf("the form gives another profile:\n%s\nwant\n%s", Encode(got), want)
	}
}

// TestFormErrors: a form is judged as a file is, in the same words.
func TestFormErrors(t *testing.T) {
	form := map[string][]string{
		"id": {"trent"}, "keywords": {"mediation\r\n\r\nmediation"}, "exclude": {"the"}, "value.min": {"£10,000"}, "value.max": {"5"},
		"cpv": {"99999999"}, "regions": {"Atlantis"}, "weights.subject": {"lots"}, "insurance.public": {"-1"}, "sme": {"maybe"}, "name": {"  "}, "description": {"a\xffb"},
	}
	_, err := DecodeForm(form)
	errs, ok := errors.AsType[Errors](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	got := map[string]string{}
	for _, e := range errs {
		got[e.Field] = e.Message
		if e.Field == "keywords" && e.Line != 3 {
			t.Errorf("the doubled keyword is on line %d, not 3", e.Line)
		}
	}
	file := "id: trent\nkeywords: [mediation, mediation]\nexclude: [the]\nvalue: {min: \"£10,000\", max: 5}\ncpv: [\"99999999\"]\nregions: [Atlantis]\n" +
		"weights: {subject: lots}\ninsurance: {public: -1}\nsme: maybe\ndescription: a\ufffdb\n"
	_, err = Decode(strings.NewReader(file), "")
	errs, _ = errors.AsType[Errors](err)
	want := map[string]string{}
	for _, e := range errs {
		want[e.Field] = e.Message
	}
	if !maps.Equal(got, want) {
		t.Errorf("the form says\n%v\nthe file says\n%v", got, want)
	}
	for _, field := range []string{"name", "keywords", "exclude", "value.min", "cpv", "regions", "weights.subject", "insurance.public", "sme", "description"} {
		if got[field] == "" {
			t.Errorf("nothing is said of %s: %v", field, slices.Sorted(maps.Keys(got)))
		}
	}
}

// FuzzForm: whatever a form says that DecodeForm takes, comes back the same.
func FuzzForm(f *testing.F) {
	f.Add("Trent", "We mediate.\r\nAnd train.", "mediation\nHR", "85312300", "TLG2\nWales", "10000.5", "true", "30")
	f.Add("", "\x00", "\xff", "853", "Atlantis", "1e9", "perhaps", "-1")
	f.Fuzz(func(t *testing.T, name, description, keywords, codes, regions, money, truth, weight string) {
		p, err := DecodeForm(map[string][]string{"id": {"x"}, "name": {name}, "description": {description}, "keywords": {keywords}, "cpv": {codes},
			"regions": {regions}, "value.min": {money}, "turnover": {money}, "sme": {truth}, "weights.words": {weight}, "experience": {description}, "base": {regions}})
		if err != nil {
			if all, ok := errors.AsType[Errors](err); !ok || slices.ContainsFunc(all, func(e Error) bool { return e.Message == "" }) {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		if err := p.Check(); err != nil {
			t.Fatalf("what the form gave is refused: %v", err)
		}
		again, err := DecodeForm(p.Form())
		if err != nil || string(Encode(again)) != string(Encode(p)) {
			t.Fatalf("%v\n%s\nbecame\n%s", err, Encode(p), Encode(again))
		}
	})
}
