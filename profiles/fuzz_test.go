package profiles

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// FuzzDecode reads any bytes: it ends, without panic, in profiles that pass
// their own rules and come back from both written forms, or in errors that have a message.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(trent))
	f.Add(Encode(trentProfile()))
	f.Add([]byte(head + "value: {min: £10,000}\n"))
	f.Add([]byte(`{"id": "a", "name": "A", "keywords": ["hire"], "value": {"min": 1e4}}` + "\n[]"))
	f.Add([]byte("- id: a\n  name: |2-\n     x\n  keywords: [\"\\u00e9\", 'it''s']\n"))
	f.Add([]byte("id: &a [*a, !!x ? <<: *b]\n"))
	f.Add([]byte("a:\n\t- b: >+\n\n  c\r\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := Decode(bytes.NewReader(src), "f")
		if err != nil {
			all, ok := errors.AsType[Errors](err)
			if !ok || len(all) == 0 || got != nil {
				t.Fatalf("%T %v beside %d profiles", err, err, len(got))
			}
			for _, e := range all {
				if e.Message == "" || strings.ContainsAny(e.Message, "\x1b\x00") {
					t.Fatalf("message %q", e.Message)
				}
			}
			return
		}
		for _, p := range got {
			if err := p.Check(); err != nil {
				t.Fatalf("decoded, and refused by Check: %v", err)
			}
			text := Encode(p)
			back, err := Decode(bytes.NewReader(text), "encoded")
			if err != nil || len(back) != 1 || !reflect.DeepEqual(pruned(back[0]), pruned(p)) {
				t.Fatalf("YAML\n%s\nbecame %+v, %v\nfrom   %+v", text, back, err, p)
			}
			if again := Encode(back[0]); !bytes.Equal(again, text) {
				t.Fatalf("written twice:\n%s\n%s", text, again)
			}
			data, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var kept Profile
			if err := json.Unmarshal(data, &kept); err != nil || !reflect.DeepEqual(kept, p) {
				t.Fatalf("JSON %s became %+v, %v\nfrom %+v", data, kept, err, p)
			}
		}
	})
}

// pruned is p without the difference between no list and an empty one, which a person does not see.
func pruned(p Profile) Profile {
	for _, l := range []*[]string{&p.Keywords, &p.Exclude, &p.Experience, &p.Certifications, &p.Frameworks, &p.Buyers.Prefer, &p.Buyers.Avoid} {
		if len(*l) == 0 {
			*l = nil
		}
	}
	return p
}

// FuzzEncode writes a profile of any texts: if the rules let it pass, it comes back from YAML as it was.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{
		"plain words", "yes", "null", "~", "3663", "0x1F", "a: b", "a #b", "- a", "? a", "'a'", `"a"`, `\`, "a\nb", "a\n\n  b\n", " a", "é ü", "a\u00a0b", "🙂", "a\tb", "%a", "@a", "`", "|", ">", "{a}", "[a]", "a,b", "&a", "*a", "!a", "---", "...", ".inf", "<<", "=", "1e3", "\u2028", "'tis", "O'Neil & Sons (UK) Ltd.",
		strings.Repeat("long words that have to be folded somewhere ", 9) + "end", strings.Repeat("# a\n---\n- b\n", 9) + "end",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, short, long string) {
		p := Profile{ID: "a", Name: short, Description: long, Keywords: []string{"hire"}, Certifications: []string{short}}
		if p.Check() != nil {
			return
		}
		text := Encode(p)
		back, err := Decode(bytes.NewReader(text), "encoded")
		if err != nil || !reflect.DeepEqual(back, []Profile{p}) {
			t.Fatalf("%s\nbecame %+v, %v\nfrom   %+v", text, back, err, p)
		}
	})
}

// What Encode writes, to be looked at.
func TestEncodeGolden(t *testing.T) {
	p := trentProfile()
	p.Description = "We settle quarrels between neighbours, in families and at school, and we train the officers of councils and housing associations who meet them first."
	p.Keywords = append(p.Keywords, "yes", "24/7 cover", "café: late")
	got := Encode(p)
	const golden = "testdata/trent.yaml"
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; Encode wrote\n%s", golden, got)
	}
}
