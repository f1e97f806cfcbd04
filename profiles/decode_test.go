package profiles

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/notice/noticetest"
)

// trent is a profile with something in every field, as a person would write it.
const trent = `# Who we are
id: Trent.1
name: Trentwater Mediation Trust
identifiers: [gb-coh-476611, GB-CHC-1234567]
description: |
  We settle quarrels between neighbours.

  We also train housing officers.
keywords: [mediation, "anti-social behaviour", HR]
exclude:
  - construction
cpv:
  - 03110000        # a leading zero is no octal number
  - 85312300-2      # a check digit is let go
  - "75200000"
regions: [UKG2, wales, TLF1]
value: {min: 10000, max: 750000.50}
sme: true
vcse: False
base: ST18 0YY
turnover: 2500000
insurance: {public: 5000000, cyber: 0}
buyers:
  prefer: [Borough of Ashwick]
  avoid: [GB-PPON-ABCD-1234-EFGH]
certifications: [ISO 9001]
frameworks: [ocds-h6vhtk-000001]
leadDays: 14
weights: {subject: 30, timing: 0}
`

func trentProfile() Profile {
	return Profile{
		ID:             "Trent.1",
		Name:           "Trentwater Mediation Trust",
		Identifiers:    []string{"GB-COH-00476611", "GB-CHC-1234567"},
		Description:    "We settle quarrels between neighbours.\n\nWe also train housing officers.",
		Keywords:       []string{"mediation", "anti-social behaviour", "HR"},
		Exclude:        []string{"construction"},
		CPV:            []cpv.Code{3110000, 85312300, 75200000},
		Regions:        []itl.Region{"TLG2", "TLL", "TLF1"},
		Value:          Band{Min: new(notice.Pence(10000_00)), Max: new(notice.Pence(750000_50))},
		SME:            new(true),
		VCSE:           new(false),
		Base:           "TLG24",
		Turnover:       new(Pounds(2_500_000_00)),
		Insurance:      map[string]Pounds{"public": 5_000_000_00, "cyber": 0},
		Buyers:         Buyers{Prefer: []string{"Borough of Ashwick"}, Avoid: []string{"GB-PPON-ABCD-1234-EFGH"}},
		Certifications: []string{"ISO 9001"},
		Frameworks:     []string{"ocds-h6vhtk-000001"},
		LeadDays:       14,
		Weights:        map[string]int{"subject": 30, "timing": 0},
	}
}

func decodeString(t *testing.T, s string) []Profile {
	t.Helper()
	got, err := Decode(strings.NewReader(s), "trent.yaml")
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	return got
}

func TestDecodeEveryField(t *testing.T) {
	for name, src := range map[string]string{
		"as written":          trent,
		"windows line ends":   strings.ReplaceAll(trent, "\n", "\r\n"),
		"old mac line ends":   strings.ReplaceAll(trent, "\n", "\r"),
		"byte order mark":     "\ufeff" + trent,
		"yaml directive":      "%YAML 1.2\n---\n" + trent,
		"between empty docs":  "---\n---\n" + trent + "---\n# nothing\n",
		"after an end":        "# old\n...\n--- # new\n" + trent + "...\n",
		"as a list of one":    "- " + strings.ReplaceAll(strings.TrimPrefix(trent, "# Who we are\n"), "\n", "\n  "),
		"as Encode writes it": string(Encode(trentProfile())),
	} {
		t.Run(name, func(t *testing.T) {
			got := decodeString(t, src)
			if len(got) != 1 || !reflect.DeepEqual(got[0], trentProfile()) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestDecodeJSON(t *testing.T) {
	one, err := json.Marshal(trentProfile())
	if err != nil {
		t.Fatal(err)
	}
	two := strings.Replace(string(one), "Trent.1", "Trent.2", 1)
	for name, src := range map[string]string{
		"an object":    string(one),
		"JSON Lines":   string(one) + "\n" + two + "\n",
		"windows":      string(one) + "\r\n\r\n" + two,
		"a list":       "[" + string(one) + ",\n" + two + "]",
		"indented":     strings.ReplaceAll(string(one), ",", ",\n\t"),
		"YAML holding": "---\n" + string(one) + "\n---\n" + two,
	} {
		t.Run(name, func(t *testing.T) {
			got := decodeString(t, src)
			if !reflect.DeepEqual(got[0], trentProfile()) {
				t.Errorf("got %+v", got[0])
			}
			if strings.Contains(src, "Trent.2") && (len(got) != 2 || got[1].ID != "Trent.2") {
				t.Errorf("got %d profiles, want Trent.1 and Trent.2", len(got))
			}
		})
	}
}

// Bare letters are taken as they stand, whatever YAML makes of them elsewhere.
func TestDecodeLiterals(t *testing.T) {
	p := decodeString(t, `
id: 007
name: 3663
keywords: [2024, 24/7, off road, 0x1F, 1e3, .5 mm cable]
cpv: [03000000]
regions: [England, UK, "Northern Ireland"]
value:
  min: 0.5
  max: ~
sme:
description:
weights:
`)[0]
	want := Profile{
		ID: "007", Name: "3663",
		Keywords: []string{"2024", "24/7", "off road", "0x1F", "1e3", ".5 mm cable"},
		CPV:      []cpv.Code{3000000},
		Regions:  []itl.Region{"England", "UK", "TLN"},
		Value:    Band{Min: new(notice.Pence(50))},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v\nwant %+v", p, want)
	}
}

const head = "id: a\nname: A\nkeywords: [mediation]\n"

func TestDecodeErrors(t *testing.T) {
	many := head + "certifications: [" + strings.Repeat("x, ", 201) + "]\n"
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", `f:1:1: holds no profile; write at least id, name and keywords`},
		{"comment only", "# soon\n", `f:1:1: holds no profile; write at least id, name and keywords`},
		{"empty list", "[]", `f:1:1: holds no profile; write at least id, name and keywords`},
		{"prose", "Dear Sirs\n", `f:1:1: expected fields (id, name, identifiers, description, keywords, exclude, cpv, regions, value, sme, vcse, base, turnover, insurance, buyers, experience, certifications, frameworks, leadDays, weights), found "Dear Sirs"; write each as "field: value" on its own line`},
		{"nothing in a list", `[null]`, `f:1:2: expected fields (id, name, identifiers, description, keywords, exclude, cpv, regions, value, sme, vcse, base, turnover, insurance, buyers, experience, certifications, frameworks, leadDays, weights), found nothing; write each as "field: value" on its own line`},
		{"nothing said", "{}", "f:1:1: id: missing; write a short name for commands and files, such as trent\nf:1:1: name: missing; write the supplier's name\nf:1:1: the profile says nothing to match by; give it keywords, cpv codes or a description"},

		{"cpv with a digit missing", head + "cpv:\n  - 8531230\n", `f:5:5: cpv: "8531230" is not a CPV code; did you mean 85312300 …`},
		{"cpv is no list", head + "cpv: 85312300\n", `f:4:6: cpv: expected a list, found "85312300"; write it in brackets, [a, b], or each entry on its own line after a dash`},
		{"cpv twice", head + "cpv: [85312300, 85312300-2]\n", `f:4:17: cpv: 85312300 stands here twice; take one out`},
		{"cpv cut by YAML elsewhere", head + "cpv: [3110000]\n", `f:4:7: cpv: "3110000" is not a CPV code; did you mean …`},
		{"keywords are no list", "id: a\nname: A\nkeywords: mediation, housing\n", `f:3:11: keywords: expected a list, found "mediation, housing"; write it in brackets, [a, b], or each entry on its own line after a dash`},
		{"keyword with a colon", "id: a\nname: A\nkeywords:\n  - CCTV: installation\n", `f:4:5: keywords: expected a text, found a mapping; put it in quotes`},
		{"keyword twice", "id: a\nname: A\nkeywords: [Pest Control, hire, pest  control]\n", `f:3:32: keywords: "pest  control" stands here twice; take one out`},
		{"blank keyword", "id: a\nname: A\nkeywords: [hire, ' ']\n", `f:3:18: keywords: an entry is blank; write a text or take it out`},
		{"missing keyword", "id: a\nname: A\nkeywords:\n  - hire\n  -\n", `f:5:5: keywords: nothing stands here; write a text or take the entry out`},
		{"long keyword", "id: a\nname: A\nkeywords: [" + strings.Repeat("ab ", 40) + "]\n", `f:3:12: keywords: "ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab "… is 119 bytes long, more than 100; shorten it`},
		{"keyword excluded", head + "exclude: [hire, Mediation]\n", `f:4:17: exclude: "Mediation" would bar whatever the keyword "mediation" finds; take one of them out`},
		{"keyword holds an excluded word", "id: a\nname: A\nkeywords: [window cleaning]\nexclude: [cleaning]\n", `f:4:11: exclude: "cleaning" would bar whatever the keyword "window cleaning" finds; take one of them out`},
		{"invisible letter", head + "certifications: [\"IS\\u202eO\"]\n", `f:4:18: certifications: "IS\u202eO" holds the invisible character U+202E; take it out`},
		{"too many", many, `f:4:17: certifications: has 201 entries, more than 200; keep the most telling`},

		{"unknown field", "id: a\nname: A\nkeyword: [x]\ncpv: [85312300]\n", `f:3:1: a profile has no field "keyword"; did you mean "keywords"?`},
		{"field in other case", head + "LeadDays: 3\n", `f:4:1: a profile has no field "LeadDays"; did you mean "leadDays"?`},
		{"field near nothing", head + "staff: 3\n", `f:4:1: a profile has no field "staff"; the fields are id, name, identifiers, description, keywords, exclude, cpv, regions, value, sme, vcse, base, turnover, insurance, buyers, experience, certifications, frameworks, leadDays, weights`},
		{"unknown field within", head + "value: {minimum: 3}\n", `f:4:9: value: value has no field "minimum"; did you mean "min"?`},
		{"unknown criterion", head + "weights: {cpv: 3, regions: 5}\n", "f:4:11: weights: weights has no field \"cpv\"; the fields are subject, words, region, value, suitability, timing, buyer\nf:4:19: weights: weights has no field \"regions\"; did you mean \"region\"?"},
		{"company number alone", head + "identifiers: [1234567]\n", `f:4:15: identifiers: "1234567" has no register before it; write GB-COH-1234567 if it is a company number`},
		{"no company number", head + "identifiers:\n  - GB-COH-Wren\n", `f:5:5: identifiers: "GB-COH-Wren" is no company number; it has up to eight digits, or two letters and up to six, such as GB-COH-SC123456`},
		{"identifier twice", head + "identifiers: [GB-COH-1, gb-coh-00000001]\n", `f:4:25: identifiers: "GB-COH-00000001" stands here twice; take one out`},
		{"field twice", head + "keywords: [hire]\n", `f:4:1: keywords: given twice, first on line 3; keep one`},
		{"field twice in JSON", `{"id": "a", "name": "A", "keywords": ["hire"], "id": "b"}`, `f:1:48: id: given twice, first on line 1; keep one`},

		{"no such region", head + "regions: [TLX9]\n", `f:4:11: regions: "TLX9" is not a region …`},
		{"bare TL", head + "regions: [TL]\n", `f:4:11: regions: "TL" is Timor-Leste…`},
		{"region twice", head + "regions: [TLG2, UKG2]\n", `f:4:17: regions: Shropshire and Staffordshire (TLG2) stands here twice; take one out`},

		{"value with a sign", head + "value: {min: £10,000}\n", `f:4:14: value.min: "£10" is not a plain number of pounds; write 10` + "\n" + `f:4:18: value: value has no field "000"; the fields are min, max`},
		{"value in thousands", head + "value: {min: 10k, max: £1.5m}\n", "f:4:14: value.min: \"10k\" is not a plain number of pounds; write 10000\nf:4:24: value.max: \"£1.5m\" is not a plain number of pounds; write 1500000"},
		{"value grouped", head + "value:\n  min: £10,000\n  max: 1_000_000\n", "f:5:8: value.min: \"£10,000\" is not a plain number of pounds; write 10000\nf:6:8: value.max: \"1_000_000\" is not a plain number of pounds; write 1000000"},
		{"value in quotes", head + "value: {min: \"10000\"}\n", `f:4:14: value.min: expected a number, found a text in quotes; write 10000 without quotes`},
		{"value with an exponent", `{"id": "a", "name": "A", "keywords": ["hire"], "value": {"min": 1e4}}`, `f:1:65: value.min: "1e4" is not a plain number of pounds; write digits only, such as 10000 or 1234.50`},
		{"value beyond floats", head + "value: {max: 1e9999}\n", `f:4:14: value.max: "1e9999" is not a plain number of pounds; write digits only, such as 10000 or 1234.50`},
		{"value of a thousandth", head + "value: {max: 1.005}\n", `f:4:14: value.max: "1.005" is not a plain number of pounds; write digits only, such as 10000 or 1234.50`},
		{"value too large", head + "value: {max: 9999999999999}\n", `f:4:14: value.max: "9999999999999" is more than any amount there is; write pounds, not pence`},
		{"value negative", head + "value: {min: -5}\n", `f:4:14: value.min: "-5" is negative; write pounds from 0, or leave it out`},
		{"value upside down", head + "value: {min: 750000, max: 10000}\n", `f:4:14: value.min: £750,000 is more than value.max, £10,000; exchange them`},
		{"value to nothing", head + "value: {max: 0}\n", `f:4:14: value.max: no contract fits below £0; write the largest value, or leave it out for an open end`},
		{"value as one number", head + "value: 10000\n", `f:4:8: value: expected fields (min, max), found "10000"; write each as "field: value" on its own line`},
		{"sme yes", head + "sme: yes\n", `f:4:6: sme: expected true or false, found "yes"; write true or false without quotes, or leave the field out`},
		{"sme a list", head + "sme: [true]\n", `f:4:6: sme: expected true or false, found a list; write true or false without quotes, or leave the field out`},
		{"lead days", head + "leadDays: 400\n", `f:4:11: leadDays: 400 is outside 0 to 365; write the days a bid takes to prepare`},
		{"lead days in words", head + "leadDays: two weeks\n", `f:4:11: leadDays: expected a whole number, found "two weeks"; write digits only, without quotes`},
		{"weight", head + "weights: {subject: 101, words: 2.5}\n", "f:4:20: weights.subject: 101 is outside 0 to 100; 0 leaves the criterion out\nf:4:32: weights.words: expected a whole number, found \"2.5\"; write digits only, without quotes"},
		{"weights all 0", head + "weights: {subject: 0, words: 0, region: 0, value: 0, suitability: 0, timing: 0, buyer: 0}\n", `f:4:10: weights: every criterion has weight 0, so nothing could be told apart; give one of them more`},
		{"base of nowhere", head + "base: Atlantis\n", `f:4:7: base: "Atlantis" is not a region …`},
		{"base nationwide", head + "base: England\n", `f:4:7: base: England is no place to be based in; write a county, a region or a postcode`},
		{"base a list", head + "base: [TLG2]\n", `f:4:7: base: expected a text, found a list; put it in quotes`},
		{"turnover in millions", head + "turnover: £2.5m\n", `f:4:11: turnover: "£2.5m" is not a plain number of pounds; write 2500000`},
		{"turnover negative", head + "turnover: -5\n", `f:4:11: turnover: "-5" is negative; write pounds from 0, or leave it out`},
		{"insurance as one number", head + "insurance: 5000000\n", `f:4:12: insurance: expected fields (public, employers, professional, products, cyber, medical), found "5000000"; write each as "field: value" on its own line`},
		{"kind of insurance", head + "insurance: {product: 5000000}\n", `f:4:13: insurance: insurance has no field "product"; did you mean "products"?`},
		{"insurance in words", head + "insurance: {public: five million}\n", `f:4:21: insurance.public: "five million" is not a plain number of pounds; write digits only, such as 10000 or 1234.50`},
		{"buyer both", head + "buyers: {prefer: [Ashwick], avoid: [ashwick]}\n", `f:4:37: buyers.avoid: "ashwick" is preferred and avoided; take it out of one list`},

		{"id with a slash", "id: a/b\nname: A\nkeywords: [hire]\n", `f:1:5: id: "a/b" is not an id; use 1 to 64 of the letters A-Z and a-z, digits, dot, dash and underscore`},
		{"id dots", "id: ..\nname: A\nkeywords: [hire]\n", `f:1:5: id: ".." is a folder, not an id; write a name such as trent`},
		{"id twice", "id: a\nname: A\nkeywords: [hire]\n---\n" + head, `f:5:1: id: "a" is also the id of the profile on line 1; give each profile its own`},
		{"id of wrong type, said once", "id: [a]\nname: A\nkeywords: [hire]\n", `f:1:5: id: expected a text, found a list; put it in quotes`},

		{"latin-1", "id: a\nname: Caf\xe9\n", `f:2:10: byte 0xe9 is not UTF-8; save the file as UTF-8`},
		{"UTF-16", "\xff\xfei\x00d\x00", `f:1:1: is UTF-16 text; save it as UTF-8`},
		{"NUL", "id: a\nname: A\x00\n", `f:2:8: holds a NUL byte; this is not a text file, or it is UTF-16: save it as UTF-8`},
		{"too large", strings.Repeat("# a\n", MaxFile/4+1), `f: is larger than 1 MiB; split it, a profile is a few kilobytes`},
		{"tab", "id: a\nbuyers:\n\tprefer: [x]\n", "f:3:1: not valid YAML: a tab stands where YAML wants blanks; indent with blanks only"},
		{"colon in a text", "id: a\nname: Ash: the company\n", `f:2:7: not valid YAML: mapping value is not allowed in this context; put a text that holds ": " in quotes, and check the indentation`},
		{"open quote", "id: a\nname: \"A\nkeywords: [hire]\n", `f:2:7: not valid YAML: could not find end character of double-quoted text; close the quotes`},
		{"alias", "id: a\nname: &n A\ndescription: *n\n", `f:2:7: anchors and aliases (&name, *name, <<) are not read in profiles; write the value out, or put it in quotes`},
		{"tag", "id: !!str 5\n", `f:1:5: tags (!name) are not read in profiles; leave it out, or put the value in quotes`},
		{"complex key", "? id\n: a\n", `f:1:1: keys with "?" are not read in profiles; write "field: value", or put the value in quotes`},
		{"cut JSON", `{"id": "a", "name": `, `f:1:21: not valid JSON: …`},
		{"deep JSON", strings.Repeat("[", 10_000), `f:1:9: nested deeper than a profile ever is; check the brackets and the indentation`},
		{"deep YAML", "id: " + strings.Repeat("[", 10_000), `f:1:13: nested deeper than a profile ever is; check the brackets and the indentation`},
		{"deep dashes", strings.Repeat("- ", 10_000), `f:1:17: nested deeper than a profile ever is; check the brackets and the indentation`},
		{"deep mappings", "a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h:\n        i:\n", `f:9:10: nested deeper than a profile ever is; check the brackets and the indentation`},
		{"deep line", strings.Repeat("a: ", 10_000), `f:1:26: nested deeper than a profile ever is; check the brackets and the indentation`},
		{"many fields", strings.Repeat("a: b\n", 10_000), `f:65:2: here stand more fields than a profile ever has; put each profile behind a dash or a line ---`},
		{"many fields in brackets", head + "value: {" + strings.Repeat("a: b, ", 100) + "}\n", `f:4:8: value: here stand more fields than a profile ever has; put each profile behind a dash or a line ---`},
		{"deep pairs", "id: [" + strings.Repeat("a: ", 10_000), `f:1:9: not valid YAML: …`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Decode(strings.NewReader(c.src), "f")
			if err == nil {
				t.Fatalf("no error; got %+v", got)
			}
			if got != nil {
				t.Errorf("profiles beside an error: %+v", got)
			}
			start, cut := strings.CutSuffix(c.want, "…") // the rest is another package's to say
			if err.Error() != c.want && !(cut && strings.HasPrefix(err.Error(), start)) {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

// Everything that is wrong is said at once, in the order it stands in the file.
func TestDecodeAllErrors(t *testing.T) {
	_, err := Decode(strings.NewReader("id: a b\nkeywords: [the, hire]\ncpv: [1]\n---\nid: b\nname: B\nregions: [Narnia]\n"), "two.yaml")
	var all Errors
	if !errors.As(err, &all) {
		t.Fatalf("%T is no Errors", err)
	}
	var got []string
	for _, e := range all {
		got = append(got, e.Field)
		if e.File != "two.yaml" || e.Line == 0 || e.Column == 0 {
			t.Errorf("%+v has no place", e)
		}
	}
	if want := []string{"name", "id", "keywords", "cpv", "regions"}; !reflect.DeepEqual(got, want) {
		t.Errorf("errors in %v, want %v", got, want)
	}
	one, ok := errors.AsType[Error](err)
	if !ok || one.Field != "name" {
		t.Errorf("the first error is %+v", one)
	}
}

// A store and --json keep a profile as JSON: it comes back as it was.
func TestJSONRoundTrip(t *testing.T) {
	for name, p := range map[string]Profile{
		"full":       trentProfile(),
		"open below": {ID: "a", Value: Band{Max: new(notice.Pence(1))}},
		"open above": {ID: "a", Value: Band{Min: new(notice.Pence(0))}},
		"no band":    {ID: "a"},
		"empty list": {ID: "a", Keywords: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			v1, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var back Profile
			if err := json.Unmarshal(v1, &back); err != nil || !reflect.DeepEqual(back, p) {
				t.Errorf("encoding/json: %s became %+v, %v", v1, back, err)
			}
			v2, err := jsonv2.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			back = Profile{}
			if err := jsonv2.Unmarshal(v2, &back); err != nil || !reflect.DeepEqual(back, p) {
				t.Errorf("json v2: %s became %+v, %v", v2, back, err)
			}
		})
	}
}

func TestBandJSON(t *testing.T) {
	b := Band{Min: new(notice.Pence(10000_00)), Max: new(notice.Pence(1234_05))}
	got, err := json.Marshal(b)
	if want := `{"min":10000,"max":1234.05}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	for _, bad := range []string{`{"min":"10000"}`, `{"min":1e4}`, `{"max":-1}`, `{"max":true}`, `[]`, `7`} {
		if err := json.Unmarshal([]byte(bad), &b); err == nil {
			t.Errorf("%s is read as %+v", bad, b)
		}
	}
}

// The page shows a profile that is read as it stands, and errors as they are printed.
func TestPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "profiles.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, rest, _ := strings.Cut(rest, "```")
	p := decodeString(t, example)[0]
	if len(p.CPV) != 2 || len(p.Regions) != 2 || p.VCSE == nil || p.Weights["subject"] != 30 || len(p.Buyers.Avoid) != 1 || p.LeadDays != 14 {
		t.Errorf("the example is read as %+v", p)
	}
	_, rest, _ = strings.Cut(rest, "```text\n")
	want, _, _ := strings.Cut(rest, "```")
	_, err = Decode(strings.NewReader("id: a\nname: A\nkeyword: [hire]\nvalue:\n  min: £10,000\n"), "trent.yaml")
	if err == nil || err.Error()+"\n" != want {
		t.Errorf("the errors are\n%v\nand the page shows\n%s", err, want)
	}
}

// Profiles that other people wrote.
func TestJudgedProfiles(t *testing.T) {
	src, err := os.ReadFile(noticetest.Shared(t, "data", "judged", "profiles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	got := decodeString(t, string(src))
	if len(got) != 8 {
		t.Fatalf("%d profiles, want 8", len(got))
	}
	for _, p := range got {
		if len(p.Keywords) < 5 || len(p.CPV) == 0 || len(p.Regions) == 0 || p.Value.Max == nil || p.SME == nil || p.VCSE == nil {
			t.Errorf("%s lost something: %+v", p.ID, p)
		}
		back, err := Decode(strings.NewReader(string(Encode(p))), p.ID)
		if err != nil || !reflect.DeepEqual(back, []Profile{p}) {
			t.Errorf("%s comes back from YAML as %+v, %v", p.ID, back, err)
		}
	}
}

func BenchmarkDecodeYAML(b *testing.B) {
	b.SetBytes(int64(len(trent)))
	for b.Loop() {
		if _, err := Decode(strings.NewReader(trent), ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeJSON(b *testing.B) {
	src, err := json.Marshal(trentProfile())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Decode(strings.NewReader(string(src)), ""); err != nil {
			b.Fatal(err)
		}
	}
}
