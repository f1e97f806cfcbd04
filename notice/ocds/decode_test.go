package ocds

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// outcome is what decoding a text came to, as one line: OCIDs of releases with
// the codes of their issues, codes of what was rejected, and the error.
func outcome(ctx context.Context, r io.Reader) string {
	var out []string
	for item, err := range Decode(ctx, r, "f") {
		out = append(out, describe(item, err))
	}
	return strings.Join(out, " ")
}

func describe(item Item, err error) string {
	switch {
	case errors.Is(err, ErrNothing):
		return "ERROR nothing"
	case err != nil:
		return "ERROR " + err.Error()
	case item.Rejected != nil:
		if item.Rejected.OCID != "" {
			return "!" + item.Rejected.Code + "(" + item.Rejected.OCID + ")"
		}
		return "!" + item.Rejected.Code
	}
	var codes []string
	for _, i := range item.Release.Issues {
		if i.Code != "missing-date" {
			codes = append(codes, i.Code+"@"+i.At.Pointer)
		}
	}
	if codes == nil {
		return item.Release.OCID
	}
	return item.Release.OCID + "[" + strings.Join(codes, " ") + "]"
}

func gzipped(texts ...string) string {
	var b bytes.Buffer
	for _, text := range texts {
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
	}
	return b.String()
}

// badSum spoils the checksum of a gzip member.
func badSum(packed string) string {
	b := []byte(packed)
	b[len(b)-8] ^= 0xff
	return string(b)
}

func zstded(text string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(z.EncodeAll([]byte(text), nil))
}

func utf16Text(text string, big bool) string {
	var b strings.Builder
	for _, c := range "\ufeff" + text {
		if big {
			b.WriteByte(byte(c >> 8))
		}
		b.WriteByte(byte(c))
		if !big {
			b.WriteByte(byte(c >> 8))
		}
	}
	return b.String()
}

const (
	relA = `{"ocid":"a","id":"1","tag":["tender"]}`
	relB = `{"ocid":"b","id":"2","tag":["tender"]}`
	relC = `{"ocid":"c","id":"3","tag":["tender"]}`
)

// TestDecodeForms lists the forms in which releases come.
func TestDecodeForms(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"release", relA, "a"},
		{"compiled release", `{"tag":["compiled"],"id":"a-2026-01-01","ocid":"a"}`, "a"},
		{"release package", `{"uri":"u","releases":[` + relA + `,` + relB + `],"links":{"next":"n"}}`, "a b"},
		{"members in another order", `{"releases":[` + relA + `],"publisher":{"releases":1,"name":"x"},"extensions":["y"]}`, "a"},
		{"empty package", `{"uri":"u","releases":[]}`, ""},
		{"package without releases", `{"uri":"u","publishedDate":"2026-01-01","publisher":{}}`, ""},
		{"record package", `{"records":[{"ocid":"a","releases":[` + relA + `,` + relA + `],"compiledRelease":` + relC + `},{"ocid":"b","releases":[` + relB + `]}]}`, "a a b"},
		{"record with compiled release only", `{"records":[{"ocid":"c","compiledRelease":` + relC + `,"versionedRelease":{"ocid":"c","x":[]}}]}`, "c"},
		{"record with links and a compiled release", `{"records":[{"ocid":"c","releases":[{"url":"u","date":"d","tag":["tender"]}],"compiledRelease":` + relC + `}]}`, "c[linked-releases@]"},
		{"record with the compiled release first", `{"records":[{"compiledRelease":` + relC + `,"releases":[` + relA + `]}]}`, "a"},
		{"record with links only", `{"records":[{"ocid":"c","releases":[{"url":"u"},{"url":"v"}]}]}`, "!linked-releases(c) ERROR nothing"},
		{"record with a versioned release only", `{"records":[{"ocid":"c","versionedRelease":{"ocid":"c"}}]}`, "!versioned-only(c) ERROR nothing"},
		{"record of nothing", `{"records":[{"ocid":"c"},{"ocid":"b","releases":[` + relB + `]}]}`, "!empty-record(c) b"},
		{"single record", `{"ocid":"a","releases":[` + relA + `]}`, "a"},
		{"array of releases", `[` + relA + `,` + relB + `]`, "a b"},
		{"array of packages", `[{"releases":[` + relA + `]},{"records":[{"releases":[` + relB + `]}]}]`, "a b"},
		{"results envelope", `{"hitCount":2,"results":[{"uri":"u","releases":[` + relA + `]},{"releases":[` + relB + `]}]}`, "a b"},
		{"results of releases", `{"results":[` + relA + `]}`, "a"},
		{"JSON Lines", relA + "\n" + relB + "\r\n\n" + relC, "a b c"},
		{"lines of packages", `{"releases":[` + relA + "]}\n" + `{"releases":[` + relB + "]}\n", "a b"},
		{"concatenated", relA + relB + ` {"releases":[` + relC + `]}`, "a b c"},
		{"array without brackets", relA + ",\n" + relB, "a b"},
		{"text sequence", "\x1e" + relA + "\n\x1e" + relB + "\n", "a b"},
		{"pretty", "{\n  \"releases\": [\n    {\n      \"ocid\": \"a\"\n    },\n    {\n      \"ocid\": \"b\"\n    }\n  ]\n}", "a b"},
		{"releases one a line in an array", "[\n" + relA + ",\n" + relB + "\n]", "a b"},
		{"gzip", gzipped(relA), "a"},
		{"gzip of several members", gzipped(relA+"\n", relB), "a b"},
		{"zstd", zstded(relA), "a"},
		{"zstd of several frames", zstded(relA) + zstded(relB), "a b"},
		{"UTF-8 mark", "\ufeff" + relA + "\n" + relB, "a[encoding@] b"},
		{"marks inside", relA + "\n\ufeff" + relB, "a b"},
		{"UTF-16 little-endian", utf16Text(relA, false), "a[encoding@]"},
		{"UTF-16 big-endian", utf16Text(relA, true), "a[encoding@]"},
		{"gzip with a mark", gzipped("\ufeff" + relA), "a[encoding@]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := outcome(t.Context(), strings.NewReader(tt.text)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := outcome(t.Context(), iotest.OneByteReader(strings.NewReader(tt.text))); got != tt.want {
				t.Errorf("byte by byte: got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDecodeFaults lists what is wrong with files, and what is kept of them.
func TestDecodeFaults(t *testing.T) {
	pack := func(s string) string { return `{"uri":"u","releases":[` + relA + `,` + s + `,` + relC + `]}` }
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	tests := []struct{ name, text, want string }{
		{"empty", "", "ERROR nothing"},
		{"white space", " \n\t\n", "ERROR nothing"},
		{"empty gzip", gzipped(""), "ERROR nothing"},
		{"html", "<!DOCTYPE html><html><body>{\"ocid\":\"a\"}</body></html>", "!html ERROR nothing"},
		{"plain text", "Rate limit of 12 exceeded. Please retry after 120 seconds.", "!not-json ERROR nothing"},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\x00\n{\"ocid\":\"a\"}", "!binary ERROR nothing"},
		{"zip", "PK\x03\x04\x14\x00", "!binary ERROR nothing"},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", "!binary ERROR nothing"},
		{"scalar", "42", "!not-json ERROR nothing"},
		{"other JSON", `{"error":"not found"}`, "!not-a-release ERROR nothing"},
		{"array of numbers", `[1,2,"x",null]`, "!not-a-release ERROR nothing"},
		{"too deep an envelope", strings.Repeat("[", 100_000), "!too-deep ERROR nothing"},
		{"too deep a release", pack(deep), "a !too-deep c"},
		{"too deep and cut", `{"ocid":"a","x":` + strings.Repeat("[", 100_000), "!too-deep(a) ERROR nothing"},
		{"64 levels", pack(`{"ocid":"b","x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`), "a b c"},
		{"65 levels", pack(`{"ocid":"b","x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`), "a !too-deep(b) c"},

		{"missing ocid", pack(`{"id":"2","tag":["tender"]}`), "a !missing-ocid c"},
		{"null ocid", pack(`{"ocid":null,"id":"2"}`), "a !missing-ocid c"},
		{"empty ocid", pack(`{"ocid":"  ","id":"2"}`), "a !missing-ocid c"},
		{"number for an ocid", pack(`{"ocid":17,"id":"2"}`), "a !bad-ocid c"},
		{"object for an ocid", pack(`{"ocid":{"a":1},"id":"2"}`), "a !bad-ocid c"},
		{"long ocid", pack(`{"ocid":"` + strings.Repeat("x", 65536) + `"}`), "a !bad-ocid(" + strings.Repeat("x", 32) + ") c"},
		{"space in the ocid", pack(`{"ocid":"b b"}`), "a !bad-ocid c"},
		{"space around the ocid", pack(`{"ocid":" b "}`), "a b[trimmed-ocid@/ocid] c"},
		{"another case", pack(`{"OCID":"b","tag":[]}`), "a !missing-ocid c"},
		{"versioned release", pack(`{"ocid":"b","initiationType":[{"value":"tender"}]}`), "a !versioned-release(b) c"},
		{"release that is no object", pack(`"x",7,null,true`), "a !not-a-release c"},
		{"number for an id", pack(`{"ocid":"b","id":1.50}`), "a b c"},
		{"object for an id", pack(`{"ocid":"b","id":{}}`), "a b[bad-id@/id] c"},
		{"string for a tag", pack(`{"ocid":"b","tag":"tender"}`), "a b[bad-tag@/tag] c"},
		{"number in a tag", pack(`{"ocid":"b","tag":["tender",7]}`), "a b[bad-tag@/tag/1] c"},
		{"number for a date", pack(`{"ocid":"b","date":7}`), "a b[bad-date@/date] c"},
		{"garbage for a date", pack(`{"ocid":"b","date":"2026-02-30"}`), "a b[bad-date@/date] c"},

		{"duplicate name", pack(`{"ocid":"b","t":{"x":1,"y":2,"x":3}}`), "a b[duplicate-name@/t/x] c"},
		{"duplicate name, escaped", pack(`{"ocid":"b","x":1,"\u0078":3}`), "a b[duplicate-name@/x] c"},
		{"duplicate ocid", pack(`{"ocid":"x","ocid":"b"}`), "a b[duplicate-name@/ocid] c"},
		{"zeros for a number", pack(`{"ocid":"b","v":{"amount": 000,"currency":"GBP"}}`), "a b[broken-value@/v/amount] c"},
		{"number with spaces", pack(`{"ocid":"b","v":{"amount": 12 000}}`), "a b[broken-number@/v/amount] c"},
		{"number with commas", pack(`{"ocid":"b","v":{"amount": 12, 000,"currency":"GBP"}}`), "a b[broken-number@/v/amount] c"},
		{"NaN", pack(`{"ocid":"b","v":NaN,"w":[-Infinity]}`), "a b[not-a-number@/v not-a-number@/w/0] c"},
		{"huge number", pack(`{"ocid":"b","v":1e9999}`), "a b c"},
		{"missing value", pack(`{"ocid":"b","v":,"w":}`), "a b[missing-value@/v missing-value@/w] c"},
		{"literals of Python", pack(`{"ocid":"b","v":True,"w":None}`), "a b[bad-literal@/v broken-value@/w] c"},
		{"trailing commas", pack(`{"ocid":"b","v":[1,],}`), "a b[stray-comma@/v/1 stray-comma@] c"},
		{"missing comma", pack(`{"ocid":"b" "v":[1 2]}`), "a b[missing-comma@ broken-value@/v/0] c"},
		{"control characters", pack("{\"ocid\":\"b\",\"t\":\"x\ny\tz\x00\"}"), "a b[control-character@/t control-character@/t control-character@/t] c"},
		{"NUL", pack(`{"ocid":"b","t":"x\u0000y","u":"\\u0000"}`), "a b[control-character@/t] c"},
		{"lone surrogates", pack(`{"ocid":"b","t":"\ud800 \udc00 \ud83d\ude00"}`), "a b[lone-surrogate@/t lone-surrogate@/t] c"},
		{"latin-1", pack("{\"ocid\":\"b\",\"t\":\"Caf\xe9 \xa35\"}"), "a b[not-utf8@/t not-utf8@/t] c"},
		{"bad escapes", pack(`{"ocid":"b","t":"it\'s C:\path \u12"}`), "a b[bad-escape@/t bad-escape@/t bad-escape@/t] c"},
		{"unescaped quotes", pack(`{"ocid":"b","t":"the "Big" job","u":1}`), "a b[unescaped-quote@/t unescaped-quote@/t] c"},
		{"garbage in a release", pack(`{"ocid":"b",!!}`), "a !invalid-json(b) c"},
		{"missing brace", pack(`{"ocid":"b","t":{"x":1}`), "a !invalid-json(b) c"},
		{"missing brace at the end", `{"releases":[` + relA + `,{"ocid":"b","t":{"x":1}]}`, "a !invalid-json(b)"},
		{"brace too many", pack(`{"ocid":"b"}}`), "a b !not-a-release c"},
		{"missing quote", pack(`{"ocid":"b","t":"x}`), "a !invalid-json(b) c"},
		{"missing quote, pretty", "{\"releases\": [\n {\n  \"ocid\": \"a\",\n  \"t\": \"x\n },\n {\n  \"ocid\": \"b\",\n  \"t\": \"y\"\n }\n]}", "!invalid-json(a) b"},

		{"cut in a release", `{"releases":[` + relA + `,{"ocid":"b","id":"2`, "a !truncated(b)"},
		{"cut between releases", `{"releases":[` + relA + `,`, "a !truncated"},
		{"cut behind the releases", `{"releases":[` + relA + `]`, "a !truncated"},
		{"cut in the head", `{"uri":"u","rel`, "!truncated ERROR nothing"},
		{"cut in a record", `{"records":[{"ocid":"a","releases":[` + relA + `],"compiledRel`, "a !truncated(a)"},
		{"cut behind a compiled release", `{"records":[{"ocid":"c","compiledRelease":` + relC + `,`, "!truncated(c) c"},
		{"bad line", relA + "\n{\"ocid\":\"b\",!}\n" + relC, "a !invalid-json(b) c"},
		{"line cut in a string", relA + "\n{\"ocid\":\"b\",\"t\":\"x\n" + relC + "\n" + relA, "a !invalid-json(b) c a"},
		{"line cut in an object", relA + "\n{\"ocid\":\"b\",\"t\":{\"u\":1\n" + relC + "\n" + relA, "a !invalid-json(b) c a"},
		{"line cut behind a comma", relA + "\n{\"ocid\":\"b\",\"t\":{\"u\":1,\n" + relC + "\n" + relA, "a !invalid-json(b) c a"},
		{"line cut behind a colon", relA + "\n{\"ocid\":\"b\",\"t\":\n" + relC + "\n" + relA, "a !invalid-json(b) c a"},
		{"line of garbage", relA + "\nnull\nError: timeout\n" + relC, "a !not-json c"},
		{"last line cut", relA + "\n{\"ocid\":\"b\",\"t\":\"x", "a !truncated(b)"},
		{"gzip cut", gzipped(relA + "\n" + relB)[:50], "a !truncated"},
		{"gzip with a wrong sum", badSum(gzipped(relA)), "a !damaged-archive"},
		{"gzip and garbage", gzipped(relA+"\n") + "garbage of some length", "a !damaged-archive"},
		{"gzip header only", "\x1f\x8b\x08", "ERROR nothing"},
		{"zstd cut", zstded(relA + "\n" + strings.Repeat(relB+"\n", 2000))[:40], "ERROR nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := outcome(t.Context(), strings.NewReader(tt.text)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if len(tt.text) > 10_000 {
				return
			}
			if got := outcome(t.Context(), iotest.OneByteReader(strings.NewReader(tt.text))); got != tt.want {
				t.Errorf("byte by byte:\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestRepairs holds the repaired text of releases against what was meant.
func TestRepairs(t *testing.T) {
	tests := []struct{ text, want string }{
		{`{"ocid":"b","x":1,"y":2,"x":3}`, `{"ocid":"b","y":2,"x":3}`},
		{`{"ocid":"x","ocid":"b"}`, `{"ocid":"b"}`},
		{`{"ocid":"b","v": 000,"w": 12 000 ,"x":1,234,567.89,"y":+5,"z":007}`, `{"ocid":"b","v":null,"w":12000,"x":1234567.89,"y":5,"z":7}`},
		{`{"ocid":"b","v":[1,000],"w":.5,"x":5.,"y":-012,"z":0x1F}`, `{"ocid":"b","v":[1,null],"w":0.5,"x":5,"y":-12,"z":null}`},
		{`{"ocid":"b","v":NaN,"w":Infinity,"x":True,"y":False,"z":None}`, `{"ocid":"b","v":null,"w":null,"x":true,"y":false,"z":null}`},
		{`{"ocid":"b","v":1e9999,"x":,}`, `{"ocid":"b","v":1e9999,"x":null}`},
		{"{\"ocid\":\"b\",\"t\":\"a\nb\tc\x01\x00d\\u0000e\"}", `{"ocid":"b","t":"a\nb\tc\u0001de"}`},
		{`{"ocid":"b","t":"\ud800x \ud83d\ude00 \ud83dy","n":null,}`, "{\"ocid\":\"b\",\"t\":\"\ufffdx \\ud83d\\ude00 \ufffdy\",\"n\":null}"},
		{"{\"ocid\":\"b\",\"t\":\"Caf\xe9 \x80\xa35 café \xed\xa0\x80\"}", "{\"ocid\":\"b\",\"t\":\"Café €£5 café \ufffd\"}"},
		{`{"ocid":"b","t":"it\'s C:\path \u12 \/","u":"say "hi" now"}`, `{"ocid":"b","t":"it's C:\\path \\u12 \/","u":"say \"hi\" now"}`},
		{`{"ocid":"b" "v":[1 ,, 2,] "w":{"a":1,}}`, `{"ocid":"b","v":[1,2],"w":{"a":1}}`},
	}
	for _, tt := range tests {
		rd := reader{}
		r, fault := rd.read([]byte(tt.text), true)
		if fault != nil {
			t.Errorf("%s: %v", tt.text, *fault)
			continue
		}
		if string(r.Raw) != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.text, r.Raw, tt.want)
		}
		if len(r.Issues) == 0 {
			t.Errorf("%s: repaired without an issue", tt.text)
		}
	}
}

// TestReadRelease reads what identifies a release.
func TestReadRelease(t *testing.T) {
	text := "{ \"ocid\" : \"ocds-h6vhtk-1\",\n \"id\":\"058880-2026\", \"date\":\"2026-06-23T10:49:00+01:00\", \"tag\":[\"planning\",\"tender\"], \"t\":\"a  \\u00e9 b\" }"
	r := decodeAll(t, []byte(text))[0]
	if r.OCID != "ocds-h6vhtk-1" || r.ID != "058880-2026" || r.Identity() != "058880-2026" || !slices.Equal(r.Tags, []string{"planning", "tender"}) {
		t.Errorf("%+v", r)
	}
	if got := (notice.Moment{Time: r.Date}).String(); got != "2026-06-23T10:49:00+01:00" {
		t.Errorf("date %s", got)
	}
	if want := `{"ocid":"ocds-h6vhtk-1","id":"058880-2026","date":"2026-06-23T10:49:00+01:00","tag":["planning","tender"],"t":"a  \u00e9 b"}`; string(r.Raw) != want {
		t.Errorf("got  %s\nwant %s", r.Raw, want)
	}
	compact := decodeAll(t, r.Raw)[0]
	if compact.Hash != r.Hash {
		t.Error("white space changes the hash")
	}
	none := decodeAll(t, []byte(`{"ocid":"a","id":null,"date":"2026-06-23"}`))[0]
	if none.ID != "" || none.Identity() != notice.HashName(none.Hash) {
		t.Errorf("identity %q", none.Identity())
	}
	if got := none.Date.In(notice.London).String(); got != "2026-06-23 00:00:00 +0100 BST" {
		t.Errorf("date only: %s", got)
	}
	number := decodeAll(t, []byte(`{"ocid":"a","id":1.50}`))[0]
	if number.ID != "1.50" {
		t.Errorf("id %q", number.ID)
	}
}

// TestOffsets checks the places of releases and of what is rejected.
func TestOffsets(t *testing.T) {
	text := `{"releases":[` + relA + `, {"id":"x","tag":[]},` + relC + `]}`
	var got []int64
	for item, err := range Decode(t.Context(), strings.NewReader(text), "f.json") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.Offset)
		if r := item.Rejected; r != nil {
			if r.Offset != item.Offset || r.File != "f.json" || string(r.Raw) != `{"id":"x","tag":[]}` || r.Reason == "" {
				t.Errorf("%+v", *r)
			}
		}
	}
	want := []int64{int64(strings.Index(text, relA)), int64(strings.Index(text, `{"id":"x"`)), int64(strings.Index(text, relC))}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDecodeStops(t *testing.T) {
	text := strings.Repeat(relA+"\n", 1000)
	n := 0
	for range Decode(t.Context(), strings.NewReader(text), "f") {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("read %d items after a break", n)
	}
	for _, text := range []string{"<html>", "", "[1,2", `{"ocid":1}`, `{"records":[{"compiledRelease":` + relA + `,"releases":[{"url":"u"}`, gzipped(text)[:60]} {
		for range Decode(t.Context(), strings.NewReader(text), "f") {
			break // nothing may follow
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := outcome(ctx, strings.NewReader(relA)); got != "ERROR read f: context canceled" {
		t.Errorf("cancelled: %q", got)
	}
	broken := io.MultiReader(strings.NewReader(relA+"\n"+relB+"\n"), iotest.ErrReader(errors.New("disk on fire")))
	if got := outcome(t.Context(), broken); got != "a b ERROR read f: disk on fire" {
		t.Errorf("failing reader: %q", got)
	}
}

// TestSharedNotices reads every real notice: nothing is rejected.
func TestSharedNotices(t *testing.T) {
	want := map[string]int{
		"contracts-finder-open-2025.jsonl.gz": 852, "contracts-finder.jsonl.gz": 211, "find-a-tender.jsonl.gz": 1115,
		"public-contracts-scotland.jsonl.gz": 90, "sell2wales.jsonl.gz": 90,
	}
	for name, n := range want {
		releases := decodeAll(t, readFile(t, noticetest.Shared(t, "data", "notices", name)))
		if len(releases) != n {
			t.Errorf("%s: %d releases, want %d", name, len(releases), n)
		}
		for _, r := range releases {
			for _, i := range r.Issues {
				t.Logf("%s %s: %+v", name, r.OCID, i)
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join(noticetest.Shared(t, "data", "find-a-tender-api"), "*", "*", "*.json.gz"))
	if err != nil || len(pages) == 0 {
		t.Fatal("no recorded pages", err)
	}
	n := 0
	for _, page := range pages {
		n += len(decodeAll(t, readFile(t, page)))
	}
	if n < 100 {
		t.Errorf("%d pages hold %d releases", len(pages), n)
	}
}

func ExampleDecode() {
	text := `{"releases":[{"ocid":"ocds-b5fd17-1","id":"1","date":"2026-06-01T09:00:00Z"},{"id":"2","tag":["tender"]}]}`
	for item, err := range Decode(context.Background(), strings.NewReader(text), "page.json") {
		switch {
		case err != nil:
			fmt.Println(err)
		case item.Rejected != nil:
			fmt.Println("rejected:", item.Rejected.Code)
		default:
			fmt.Println(item.Release.OCID, item.Release.Identity())
		}
	}
	// Output:
	// ocds-b5fd17-1 1
	// rejected: missing-ocid
}
