package vocab

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
)

// today is the clock of these tests.
var today = time.Date(2026, 6, 24, 9, 0, 0, 0, time.UTC)

// The tables are made up in the styles of several editions. Milwich and its neighbours are where the ONS has them.
const (
	postcodes2025 = "pcd7,pcd8,pcds,dointr,doterm,lad25cd,wd25cd,ctry25cd,rgn25cd,pcon24cd,itl25cd,lat\n" +
		`"ST180YY","ST18 0YY","ST18 0YY","198001","","E07000197","E05010494","E92000001","E12000005","E14001523","E07000197","52.8"` + "\n" +
		`"KA280AA","KA28 0AA","KA28 0AA","198001","","S12000021","S13002894","S92000003","S99999999","S14000002","S30000034","55.7"` + "\n" +
		`"W1A 1AA","W1A  1AA","W1A 1AA","198001","201906","E09000033","E05013806","E92000001","E12000007","E14001172","E09000033","51.5"` + "\n" +
		`"ST18 0Y","","nowhere","","","","","","","","",""` + "\n" +
		`"JE2 3AB","JE2  3AB","JE2 3AB","198001","","L99999999","L99999999","L93000001","L99999999","L99999999","L99999999","99.9"` + "\n"
	postcodes2017 = "pcd;pcd2;pcds;doterm;oscty;oslaua;osward;ctry;gor;pcon;nuts\n" +
		"ST180YY;ST18 0YY;ST18 0YY;;E10000028;E07000197;E05010494;E92000001;E12000005;E14001523;E07000197\n"
	wardLookup = "\ufeffWD25CD,WD25NM,WD25NMW,PCON24CD,PCON24NM,LAD25CD,LAD25NM,ObjectId\n" +
		"E05010494,Milwich,,E14001523,\"Stone, Great Wyrley and Penkridge\",E07000197,Stafford,1\n" +
		"E05013806,Marylebone,,E14001172,Cities of London and Westminster,E09000033,Westminster,2\n" +
		"E05009999,Twice Split,,E14001523,\"Stone, Great Wyrley and Penkridge\",E07000197,Stafford,3\n" +
		"E05009999,Twice Split,,E14001172,Cities of London and Westminster,E07000197,Stafford,4\n"
	cpvTable = "CODE;BG;DE;EN\n" +
		"85312300-2;Насоки;Orientierungs- und Beratungsdienste;Guidance and counselling services\n" +
		"85310000-5;;Dienstleistungen des Sozialwesens;Social work services\n" +
		"85312399-9;;Unfug;Nonsense\n" +
		"3000000-1;;Landwirtschaft;\"Farming; \"\"fishing\"\" and forestry\"\n"
	holidays = `{"england-and-wales": {"division": "england-and-wales", "events": [
		{"title": "Jubilee of Somebody", "date": "2030-06-05", "notes": "", "bunting": true}]}}`
)

// opened is a folder of tables with these texts imported; the test ends where one cannot be.
func opened(t testing.TB, texts ...string) *Vocab {
	t.Helper()
	v, err := Open(filepath.Join(t.TempDir(), "vocab"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	for i, text := range texts {
		if _, err := v.Import(t.Context(), fmt.Sprintf("table-%d.csv", i), strings.NewReader(text), Options{Now: today}); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// TestStafford: with a directory and a lookup, the postcode of Staffordshire's commissioner lies where it does.
func TestStafford(t *testing.T) {
	for _, directory := range []string{postcodes2025, postcodes2017} {
		v := opened(t, directory, wardLookup)
		for _, s := range []string{"ST18 0YY", "st180yy", " ST18  0yy "} {
			got, ok, err := v.Postcode(s)
			if err != nil || !ok {
				t.Fatalf("%q: %v, %v", s, ok, err)
			}
			got.Source = ""
			want := Place{
				Postcode: "ST18 0YY", LocalAuthority: Named{"E07000197", "Stafford"}, Ward: Named{"E05010494", "Milwich"},
				Constituency: Named{"E14001523", "Stone, Great Wyrley and Penkridge"}, Country: Named{"E92000001", "England"},
				Region: "TLG24", Exact: true,
			}
			if got != want {
				t.Errorf("%q lies in\n%+v, want\n%+v", s, got, want)
			}
		}
	}
}

func TestPostcode(t *testing.T) {
	v := opened(t, postcodes2025)
	for s, want := range map[string]Place{
		// North Ayrshire lies in two areas; the column of the finer units says which.
		"KA28 0AA": {
			Postcode: "KA28 0AA", LocalAuthority: Named{"S12000021", "North Ayrshire"}, Ward: Named{Code: "S13002894"}, Constituency: Named{Code: "S14000002"},
			Country: Named{"S92000003", "Scotland"}, Region: "TLM20", Exact: true, Source: "table-0.csv, edition 2025, imported 2026-06-24",
		},
		"W1A 1AA": {
			Postcode: "W1A 1AA", LocalAuthority: Named{"E09000033", "Westminster"}, Ward: Named{Code: "E05013806"}, Constituency: Named{Code: "E14001172"},
			Country: Named{"E92000001", "England"}, Region: "TLI35", Terminated: "2019-06", Exact: true, Source: "table-0.csv, edition 2025, imported 2026-06-24",
		},
		"JE2 3AB": {Postcode: "JE2 3AB", Country: Named{"L93000001", "Channel Islands"}, Exact: true, Source: "table-0.csv, edition 2025, imported 2026-06-24"},
		"ST18 0YZ": {
			Postcode: "ST18 0YZ", Region: "TLG24",
			Source: "outward code ST18, right for 94 % at ITL 3, 97.5 % at ITL 2, 99 % at ITL 1; it is not in table-0.csv, edition 2025, imported 2026-06-24",
		},
		"ST18": {Postcode: "ST18", Region: "TLG24", Source: "outward code ST18, right for 94 % at ITL 3, 97.5 % at ITL 2, 99 % at ITL 1"},
		"G75 0AA": {
			Postcode: "G75 0AA", Region: "TLM",
			Source: "postcode area of G75, most of which lies there; it is not in table-0.csv, edition 2025, imported 2026-06-24",
		},
	} {
		got, ok, err := v.Postcode(s)
		if want.Region == "TLI35" {
			want.Region = got.Region // which area Westminster lies in is not what is tested
		}
		if err != nil || !ok || got != want {
			t.Errorf("%s: %v, %v\n got %+v\nwant %+v", s, ok, err, got, want)
		}
	}
	for _, s := range []string{"", "Stafford", "QQ1 1AA", "ST18 0YYY", "\xff"} {
		if got, ok, err := v.Postcode(s); ok || err != nil {
			t.Errorf("%q lies in %+v (%v)", s, got, err)
		}
	}
	var none *Vocab
	if p, ok, err := none.Postcode("ST18 0YY"); !ok || err != nil || p.Exact || p.Region != "TLG24" {
		t.Errorf("without tables: %+v, %v, %v", p, ok, err)
	}
}

// TestPostcodeOrder: a terminated postcode that was given out again is in use, in whatever order they stand.
func TestPostcodeOrder(t *testing.T) {
	rows := []string{"ST18 0YY,201901,E07000192,E14001523", "ST18 0YY,,E07000197,E14001523", "ST1 1AA,,E06000021,E14001523", "B1 1AA,,E08000025,E14001523"}
	for range 2 {
		slices.Reverse(rows)
		v := opened(t, "pcds,doterm,oslaua,pcon\n"+strings.Join(rows, "\n"))
		p, ok, err := v.Postcode("ST18 0YY")
		if err != nil || !ok || p.LocalAuthority.Name != "Stafford" || p.Terminated != "" {
			t.Errorf("%+v, %v, %v", p, ok, err)
		}
	}
}

// TestManyPostcodes asks for every postcode of a directory of many pages, and for as many that are not there.
func TestManyPostcodes(t *testing.T) {
	var b strings.Builder
	b.WriteString("pcds,wd25cd,lad25cd\n")
	const n = 20_000
	made := func(i int) string {
		return fmt.Sprintf("AB%d %d%c%c", 10+i/6760*2, i%10, 'A'+i/10%26, 'A'+i/260%26)
	}
	for i := range n {
		fmt.Fprintf(&b, "%s,E05%06d,E07000%03d\n", made(i*7919%n), i*7919%n%1000, i*7919%n%300)
	}
	v := opened(t, b.String())
	for i := range n {
		p, ok, err := v.Postcode(made(i))
		if want := fmt.Sprintf("E05%06d", i%1000); err != nil || !ok || !p.Exact || p.Ward.Code != want {
			t.Fatalf("%s: %+v, %v, %v; want ward %s", made(i), p, ok, err, want)
		}
		absent := strings.Replace(made(i), "AB1", "AB2", 1)
		if p, _, err := v.Postcode(absent); err != nil || p.Exact {
			t.Fatalf("%s, which is not there: %+v, %v", absent, p, err)
		}
	}
}

func TestPostcodeKey(t *testing.T) {
	var last uint64
	for _, s := range []string{"B1 1AA", "B1 1AB", "B1 2AA", "B10 1AA", "B2 1AA", "BA1 1AA", "E1 0AA", "E1W 0AA", "EC1A 1AA", "ZE3 9ZZ"} {
		key, ok := postcodeKey([]byte(s))
		if !ok || key <= last || key>>34 != 0 {
			t.Errorf("%s: %d, %v, after %d", s, key, ok, last)
		}
		last = key
	}
	for _, s := range []string{"", "ST18", "0YY ST18", "ST18 YY0", "S 0YY", "STT1 0YY", "ST18A 0YY", "ST180 0YY", "ST18 0YY 1", "ST-8 0YY", "1ST8 0YY", "ST1é 0YY"} {
		if key, ok := postcodeKey([]byte(s)); ok {
			t.Errorf("%q has the key %d", s, key)
		}
	}
}

func TestCPVNames(t *testing.T) {
	v := opened(t, cpvTable)
	for language, want := range map[string]map[cpv.Code]string{
		"en": {85312300: "Guidance and counselling services", 85310000: "Social work services", 3000000: `Farming; "fishing" and forestry`},
		"de": {85312300: "Orientierungs- und Beratungsdienste", 85310000: "Dienstleistungen des Sozialwesens", 3000000: "Landwirtschaft"},
		"bg": {85312300: "Насоки"},
		"fr": nil,
	} {
		got, err := v.CPVNames(language)
		if err != nil || !reflect.DeepEqual(map[cpv.Code]string(got), want) {
			t.Errorf("%s: %v, %v", language, got, err)
		}
	}
}

// TestSpellings: the same table with any separator, line end and encoding, plain and packed.
func TestSpellings(t *testing.T) {
	const table = "CODE,EN,FR\n85312300-2,Guidance and counselling services,Services d’orientation\n85310000-5,Social work services,Services d’action sociale – été\n"
	encoded := func(e interface{ String(string) (string, error) }, s string) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var gz, zs bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write([]byte(table))
	z.Close()
	w, _ := zstd.NewWriter(&zs)
	w.Write([]byte(table))
	w.Close()
	for name, text := range map[string]string{
		"comma": table, "semicolon": strings.ReplaceAll(table, ",", ";"), "tab": strings.ReplaceAll(table, ",", "\t"),
		"quotes":       "\"" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(table), ",", `","`), "\n", "\"\n\"") + "\"",
		"CR LF":        strings.ReplaceAll(table, "\n", "\r\n"),
		"BOM":          "\ufeff" + table,
		"Windows-1252": encoded(charmap.Windows1252.NewEncoder(), table),
		"UTF-16":       encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), table),
		"preamble":     "CPV 2008\n\n,,\n" + table,
		"other order":  "FR,X,EN,Code\nServices d’orientation,,Guidance and counselling services,85312300-2\nServices d’action sociale – été,,Social work services,85310000\n",
		"gzip":         gz.String(), "zstd": zs.String(),
	} {
		v := opened(t, text)
		en, err := v.CPVNames("en")
		if err != nil || en[85312300] != "Guidance and counselling services" || len(en) != 2 {
			t.Errorf("%s: %v, %v", name, en, err)
		}
		if fr, err := v.CPVNames("fr"); err != nil || fr[85310000] != "Services d’action sociale – été" {
			t.Errorf("%s: %v, %v", name, fr, err)
		}
	}
}

func TestBadRows(t *testing.T) {
	v := opened(t)
	s, err := v.Import(t.Context(), "ONSPD_MAY_2025_UK.csv", strings.NewReader(postcodes2025), Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows != 4 || s.Bad != 1 || s.Edition != "2025-05" || !slices.Equal(s.FirstBad, []BadRow{{5, `"nowhere" is no postcode`}}) {
		t.Errorf("%+v", s)
	}
	text := "CODE,EN\n85312300,\"Guidance\n\n85310000,Social work\n85320000,Social\n75200000-8,Services\n" + strings.Repeat("x", 70_000) + "\n85000000,Health\n12,Bad\n"
	s, err = v.Import(t.Context(), "cpv.csv", strings.NewReader(text), Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	want := []BadRow{{2, "a quote is opened and not closed"}, {7, "the line is longer than 65536 bytes"}, {9, `"12" is no code of CPV 2008`}}
	if s.Rows != 4 || !slices.Equal(s.FirstBad, want) {
		t.Errorf("%+v, want %v", s, want)
	}
	if names, err := v.CPVNames("en"); err != nil || names[85310000] != "Social work" || names[85000000] != "Health" {
		t.Errorf("%v, %v", names, err)
	}
}

func TestImportErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "it is empty, or no text; a CPV table has",
		"a,b,c\n1,2,3\n":               "its columns are a, b, c; a CPV table has",
		"<!DOCTYPE html><html></html>": "its columns are <!doctype html><html></html>",
		"pcds,lad25cd\n":               "it has a heading and no rows",
		"pcds,lad25cd\nx,y\nz,w\nST18 0YY,E07000197\n": `2 of its 3 rows cannot be used, and nothing was imported; the first is line 2: "x" is no postcode`,
		"CODE,EN\n1,2\n": "nothing was imported",
		`{"a": 1}`:       "none of the divisions",
		"PK\x03\x04....": "a ZIP is read from a file alone",
		"\x1f\x8bbroken": "gzip",
	} {
		v := opened(t)
		if _, err := v.Import(t.Context(), "file", strings.NewReader(text), Options{Now: today}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
		if tables, err := v.Status(); err != nil || len(tables) != 0 {
			t.Errorf("%.40q left %v, %v", text, tables, err)
		}
	}
	v := opened(t)
	if _, err := v.Import(t.Context(), "f", strings.NewReader(cpvTable), Options{As: KindPostcodes, Now: today}); err == nil || !strings.Contains(err.Error(), "a postcode directory has a column pcds") {
		t.Errorf("a CPV table as a directory: %v", err)
	}
	if _, err := v.Import(t.Context(), "f", strings.NewReader(cpvTable), Options{Edition: "May", Now: today}); err == nil || !strings.Contains(err.Error(), `"May" is no edition`) {
		t.Errorf("edition May: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Import(ctx, "f", strings.NewReader(cpvTable), Options{Now: today}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestCutShort: a file that fails half-way leaves what was there, whole, and nothing beside it.
func TestCutShort(t *testing.T) {
	v := opened(t, postcodes2025, cpvTable)
	before := files(t, v.dir)
	disk := errors.New("the disk is gone")
	for _, text := range []string{postcodes2017, cpvTable + "85000000;;;Health\n", wardLookup, holidays} {
		r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(disk))
		if _, err := v.Import(t.Context(), "f", r, Options{Now: today}); !errors.Is(err, disk) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if after := files(t, v.dir); !reflect.DeepEqual(before, after) {
		t.Errorf("there were %d files, there are %d, or others", len(before), len(after))
	}
}

// files reads a folder.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}

// TestTwice: reading a file again changes nothing; another file replaces the table, or adds to the names.
func TestTwice(t *testing.T) {
	texts := []string{postcodes2025, cpvTable, wardLookup, holidays}
	v := opened(t, texts...)
	before := files(t, v.dir)
	for _, text := range texts {
		s, err := v.Import(t.Context(), "again.csv", strings.NewReader(text), Options{Now: today.AddDate(0, 1, 0)})
		if err != nil || !s.Unchanged {
			t.Errorf("%.20q: %+v, %v", text, s, err)
		}
	}
	if !reflect.DeepEqual(before, files(t, v.dir)) {
		t.Error("the tables have changed")
	}
	// A damaged table is no reason to read nothing.
	damage(t, filepath.Join(v.dir, postcodesFile), pageSize+3)
	if s, err := v.Import(t.Context(), "again.csv", strings.NewReader(postcodes2025), Options{Now: today}); err != nil || s.Unchanged {
		t.Errorf("over a damaged table: %+v, %v", s, err)
	}
	if p, ok, err := v.Postcode("ST18 0YY"); err != nil || !ok || !p.Exact {
		t.Errorf("then %+v, %v, %v", p, ok, err)
	}
}

// TestNewerNames: names add up; of two lists the newer edition counts, in whatever order they come.
func TestNewerNames(t *testing.T) {
	older := "LAD21CD,LAD21NM,ITL321CD,ITL321NM\nE07000197,Staffordtown,TLG24,Staffordshire CC\nE07000999,Gone,TLG24,Staffordshire CC\n"
	newer := "LAD28CD,LAD28NM,ITL328CD,ITL328NM,ITL228CD,ITL228NM\nE07000197,New Stafford,TLG29,Mid Staffordshire,TLG2,Shropshire and Staffordshire\n"
	lists := []string{older, newer}
	for range 2 {
		slices.Reverse(lists)
		v := opened(t, append([]string{postcodes2025, wardLookup}, lists...)...)
		p, _, err := v.Postcode("ST18 0YY")
		if err != nil || p.LocalAuthority.Name != "New Stafford" || p.Region != "TLG24" || p.NewerRegion != (Named{"TLG29", "Mid Staffordshire"}) {
			t.Errorf("%+v, %v", p, err)
		}
		if e, ok, err := v.Area("E07000999"); !ok || err != nil || e.Name != "Gone" || e.What != "local authority" {
			t.Errorf("%+v, %v, %v", e, ok, err)
		}
		if e, ok, err := v.Area("e05009999"); !ok || err != nil || !slices.Equal(e.Constituencies, []string{"E14001172", "E14001523"}) {
			t.Errorf("%+v, %v, %v", e, ok, err)
		}
	}
	v := opened(t)
	s, err := v.Import(t.Context(), "lookup.csv", strings.NewReader(newer), Options{Now: today})
	if err != nil || !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "1 ITL codes are not of the edition built in (2025)") }) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestHolidays(t *testing.T) {
	v := opened(t, holidays)
	c, err := v.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2030, 6, 5, 12, 0, 0, 0, notice.London)
	if c.WorkingDay(day, calendar.EnglandAndWales) || !c.WorkingDay(day, calendar.Scotland) {
		t.Error("the imported holiday is a working day in England, or a holiday in Scotland")
	}
	if c.WorkingDay(time.Date(2026, 12, 25, 12, 0, 0, 0, notice.London), calendar.EnglandAndWales) {
		t.Error("what was built in is lost")
	}
}

// TestZIP: of a ZIP every table is imported, of the directories the largest.
func TestZIP(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ONSPD_MAY_2025.zip")
	zipped(t, file, map[string]string{
		"Data/ONSPD.csv": postcodes2025, "Data/multi_csv/ONSPD_ST.csv": postcodes2017, "Documents/Ward names and codes.csv": wardLookup,
		"User Guide/guide.pdf": "%PDF", "__MACOSX/x.csv": wardLookup, "Documents/readme.txt": "Nothing to see\n",
	})
	v := opened(t)
	read := 0
	done, err := v.ImportFile(t.Context(), file, Options{Now: today, Read: func(n int) { read += n }})
	if err != nil || len(done) != 2 || read == 0 {
		t.Fatalf("%+v, %v, %d bytes", done, err, read)
	}
	last := done[1]
	if last.Edition != "2025-05" || !slices.Contains(last.Notes, "1 smaller postcode files in the ZIP were passed over") {
		t.Errorf("%+v", last)
	}
	if p, ok, err := v.Postcode("ST18 0YY"); err != nil || !ok || p.Ward.Name != "Milwich" {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
	empty := filepath.Join(t.TempDir(), "empty.zip")
	zipped(t, empty, map[string]string{"a.pdf": "%PDF"})
	if _, err := v.ImportFile(t.Context(), empty, Options{Now: today}); err == nil || !strings.Contains(err.Error(), "there is no such table in the ZIP") {
		t.Errorf("a ZIP without tables: %v", err)
	}
	if _, err := v.ImportFile(t.Context(), t.TempDir(), Options{Now: today}); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
}

func zipped(t testing.TB, file string, members map[string]string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range members {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// endless is an endless table of one row again and again.
type endless struct {
	head, row string
	at        int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	n := 0
	for n < len(p) {
		m := copy(p[n:], e.row[e.at:])
		n, e.at = n+m, (e.at+m)%len(e.row)
	}
	return n, nil
}

// TestBomb: what unpacks beyond all measure is refused, in a ZIP and in gzip.
func TestBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.Copy(z, io.LimitReader(&endless{head: "pcds,lad25cd\n", row: "ST18 0YY,E07000197\n"}, floor*2))
	z.Close()
	v := opened(t)
	if _, err := v.Import(t.Context(), "bomb.csv.gz", &packed, Options{Now: today}); err == nil || !strings.Contains(err.Error(), "unpacks to more than 100 times its size") {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "bomb.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	a := zip.NewWriter(f)
	w, _ := a.Create("ONSPD.csv")
	io.Copy(w, io.LimitReader(&endless{head: "pcds,lad25cd\n", row: "ST18 0YY,E07000197\n"}, floor*2))
	if err := errors.Join(a.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.ImportFile(t.Context(), file, Options{Now: today}); err == nil || !strings.Contains(err.Error(), "unpacks to more than 100 times its size") {
		t.Errorf("%v", err)
	}
}

// damage flips a bit of a file.
func damage(t testing.TB, file string, at int64) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 4
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

// TestDamage flips a bit at many places of every table, and cuts it, and asks: the answer is right, or it is a
// DamagedError that names the file and the remedy, with what is built in beside it.
func TestDamage(t *testing.T) {
	whole := opened(t, postcodes2025, cpvTable, wardLookup, holidays)
	tables := files(t, whole.dir)
	right, _, _ := whole.Postcode("ST18 0YY")
	ask := func(name, text string, how string) {
		dir := t.TempDir()
		for other, content := range tables {
			if other == name {
				content = text
			}
			if err := os.WriteFile(filepath.Join(dir, other), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		var all []error
		p, ok, err := v.Postcode("ST18 0YY")
		all = append(all, err)
		switch {
		case !ok || p.Region != "TLG24":
			t.Errorf("%s: %+v, %v", how, p, err)
		case err == nil && p != right:
			t.Errorf("%s: without an error the place is %+v", how, p)
		}
		names, err := v.CPVNames("en")
		all = append(all, err)
		if err == nil && names[85312300] != "Guidance and counselling services" {
			t.Errorf("%s: without an error the names are %v", how, names)
		}
		c, err := v.Calendar()
		all = append(all, err)
		if c == nil || c.WorkingDay(time.Date(2026, 12, 25, 0, 0, 0, 0, notice.London), calendar.Scotland) {
			t.Errorf("%s: Christmas is a working day (%v)", how, err)
		}
		if _, err := v.Status(); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		for _, err := range all {
			var damaged *DamagedError
			if err != nil && (!errors.As(err, &damaged) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "vocab import")) {
				t.Errorf("%s: %v", how, err)
			}
		}
		if strings.HasPrefix(name, "cpv-") && name != "cpv-en.vocab" {
			return
		}
		if errors.Join(all...) == nil {
			t.Errorf("%s: nobody noticed", how)
		}
	}
	for name, text := range tables {
		for at := 0; at < len(text); at += 709 {
			b := []byte(text)
			b[at] ^= 16
			ask(name, string(b), fmt.Sprintf("%s, bit of byte %d", name, at))
		}
		for _, n := range []int{0, 1, 100, pageSize, len(text) - 1} {
			ask(name, text[:n], fmt.Sprintf("%s, cut to %d", name, n))
		}
		ask(name, text+text, name+", doubled")
		ask(name, text[:pageSize]+text[:pageSize]+text[min(2*pageSize, len(text)):], name+", a page in another place")
		if name != postcodesFile {
			ask(name, tables[postcodesFile], name+", another table")
		}
	}
}

// TestSweep: what killed imports have left goes after a day, and is never taken for a table.
func TestSweep(t *testing.T) {
	v := opened(t, cpvTable)
	old, young := filepath.Join(v.dir, temporary+"1"), filepath.Join(v.dir, temporary+"2")
	for _, file := range []string{old, young} {
		if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, today, today); err != nil {
			t.Fatal(err)
		}
	}
	later := today.Add(30 * time.Hour)
	if err := os.Chtimes(young, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Import(t.Context(), "f", strings.NewReader(holidays), Options{Now: later}); err != nil {
		t.Fatal(err)
	}
	_, err1 := os.Stat(old)
	_, err2 := os.Stat(young)
	if !errors.Is(err1, os.ErrNotExist) || err2 != nil {
		t.Errorf("%v, %v", err1, err2)
	}
	tables, err := v.Status()
	if err != nil || len(tables) != 4 {
		t.Errorf("%d tables, %v", len(tables), err)
	}
}

func TestOpenErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vocab")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "is a file") {
		t.Errorf("a file for a folder: %v", err)
	}
}

// TestReference imports the official lists where they are at hand: every name and every ward is what they say.
func TestReference(t *testing.T) {
	read := func(name string) [][]string {
		f, err := os.Open(noticetest.Shared(t, "refdata", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := csv.NewReader(f)
		r.Comma, r.LazyQuotes = '\t', true
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	written := func(heading []string, rows [][]string) string {
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Write(heading)
		w.WriteAll(rows)
		return b.String()
	}
	codes := read("cpv.tsv")
	table := make([][]string, len(codes))
	for i, r := range codes {
		table[i] = []string{r[0][:8] + "-" + r[0][8:], r[1]}
	}
	wards, seats := read("ward_pcon_lad.tsv"), read("pcon24.tsv")
	var directory [][]string
	for i, r := range wards {
		directory = append(directory, []string{fmt.Sprintf("AB%d %d%c%c", 10+i/6760, i%10, 'A'+i/10%26, 'A'+i/260%26), r[0], r[2], r[3]})
	}
	v := opened(t, written([]string{"CODE", "EN"}, table), written([]string{"WD25CD", "WD25NM", "PCON24CD", "LAD25CD"}, wards),
		written([]string{"PCON24CD", "PCON24NM"}, seats), written([]string{"pcds", "wd25cd", "pcon24cd", "lad25cd"}, directory))
	names, err := v.CPVNames("en")
	if err != nil || len(names) != 9454 {
		t.Fatalf("%d names, %v", len(names), err)
	}
	for _, r := range codes {
		c, _ := cpv.Parse(r[0][:8])
		if name, of := names.Of(c); of != c || name != tidy([]byte(r[1])) {
			t.Errorf("%s is %q of %s, want %q", c, name, of, r[1])
		}
	}
	seat := map[string]string{}
	for _, r := range seats {
		seat[r[0]] = r[1]
	}
	for i, r := range wards {
		p, ok, err := v.Postcode(directory[i][0])
		if err != nil || !ok || p.Ward != (Named{r[0], r[1]}) || p.Constituency.Name != seat[r[2]] || p.LocalAuthority.Name == "" || p.Region == "" {
			t.Fatalf("%v: %+v, %v", r, p, err)
		}
	}
}

func FuzzImport(f *testing.F) {
	for _, text := range []string{postcodes2025, postcodes2017, wardLookup, cpvTable, holidays, "CODE,EN\n85312300,\"a\nb\n", "pcds|lad25cd\nST18 0YY|E07000197\n", "\"CODE\",\"EN\"\n\"85312300\"x,\"y\"\"\"\n", "\xff\xfeC\x00"} {
		f.Add([]byte(text))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		s, err := v.Import(t.Context(), "fuzz.csv", bytes.NewReader(text), Options{Now: today})
		if err != nil {
			return
		}
		if s.Bad > s.Rows || len(s.FirstBad) > mostBad || s.Rows == 0 && s.Kind != KindHolidays {
			t.Errorf("%+v", s)
		}
		for i, b := range s.FirstBad {
			if b.Line < 1 || i > 0 && b.Line < s.FirstBad[i-1].Line || b.Line > bytes.Count(text, []byte("\n"))+1 && !bytes.Contains(text, []byte{0}) {
				t.Errorf("bad lines %v of %d", s.FirstBad, bytes.Count(text, []byte("\n"))+1)
			}
		}
		tables, err := v.Status()
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			if table.Err != "" {
				t.Errorf("%s: %s", table.File, table.Err)
			}
		}
		again, err := v.Import(t.Context(), "fuzz.csv", bytes.NewReader(text), Options{Now: today})
		if err != nil || !again.Unchanged {
			t.Errorf("a second time: %+v, %v", again, err)
		}
		if _, _, err := v.Postcode("ST18 0YY"); err != nil {
			t.Error(err)
		}
		if _, err := v.CPVNames("en"); err != nil {
			t.Error(err)
		}
	})
}

// FuzzRows: whatever comes, rows are read to the end, and a text that RFC 4180 allows is read as by the standard library.
func FuzzRows(f *testing.F) {
	f.Add([]byte("a,b\n\"c,\"\"d\",e\r\n\"x\ny\",z\n"))
	f.Add([]byte("\"open\nand,on\n"))
	f.Add([]byte("é,\xe9\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newRows(bytes.NewReader(text))
		r.sep = ','
		var got [][]string
		clean := true
		for n := 0; ; n++ {
			fields, err := r.read()
			if errors.Is(err, io.EOF) {
				break
			}
			if errors.As(err, new(badRow)) {
				clean = false
			} else if err != nil {
				t.Fatal(err)
			} else {
				row := make([]string, len(fields))
				for i, f := range fields {
					row[i] = string(f)
				}
				got = append(got, row)
			}
			if n > len(text)+1 {
				t.Fatalf("%d rows of %d bytes", n, len(text))
			}
		}
		std := csv.NewReader(bytes.NewReader(text))
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		// Beyond the standard: quotes of more than a few lines, other encodings; and lines of blanks alone are passed over here.
		same := err == nil && clean && !bytes.ContainsAny(text, " \t\v\f\r") && len(text) < 1000
		if !same || !isASCII(text) {
			return
		}
		if !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	})
}

func isASCII(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 })
}

// FuzzTable: a table of any bytes, with its checksums made right, gives an answer or an error.
func FuzzTable(f *testing.F) {
	v := opened(f, postcodes2025, cpvTable, wardLookup, holidays)
	for _, text := range files(f, v.dir) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for i := 0; (i+1)*pageSize <= len(text); i++ {
			salt := uint64(0)
			if i > 0 {
				salt = leUint64(text[len(magic):])
			}
			copy(text[i*pageSize:], sealed(salt, int64(i), text[i*pageSize:i*pageSize+contentSize]))
		}
		dir := t.TempDir()
		for _, name := range []string{postcodesFile, cpvFile("en"), namesFile, holidaysFile} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		for _, err := range []error{
			second(v.CPVNames("en")), second(v.Calendar()), third(v.Postcode("ST18 0YY")), third(v.Postcode("AB10 1AA")), third(v.Area("E05010494")),
		} {
			if err != nil && !errors.As(err, new(*DamagedError)) {
				t.Error(err)
			}
		}
		if _, err := v.Status(); err != nil {
			t.Error(err)
		}
	})
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

func leUint64(b []byte) (n uint64) {
	for i := range 8 {
		n |= uint64(b[i]) << (8 * i)
	}
	return n
}

// BenchmarkPostcode looks up in a directory of 2.7 million.
func BenchmarkPostcode(b *testing.B) {
	v, err := Open(filepath.Join(b.TempDir(), "vocab"))
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	const n = 2_700_000
	made := func(i int) string {
		return fmt.Sprintf("%c%c%d %d%c%c", 'A'+i/1757600%26, 'A'+i/67600%26, i/6760%10, i%10, 'A'+i/10%26, 'A'+i/260%26)
	}
	read := &directoryRead{places: make([]codes, 20_000)}
	for i := range n {
		key, ok := postcodeKey([]byte(made(i)))
		if !ok {
			b.Fatal(made(i))
		}
		read.postcodes = append(read.postcodes, key<<(termBits+placeBits)|uint64(i%20_000))
	}
	slices.Sort(read.postcodes)
	err = v.write(postcodesFile, Header{Kind: KindPostcodes, Rows: n, Places: len(read.places)}, func(w *tableWriter) error { return writePostcodes(w, read) })
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if p, ok, err := v.Postcode(made(i * 7919 % n)); err != nil || !ok && p.Exact {
			b.Fatal(p, err)
		}
		i++
	}
}

func BenchmarkImport(b *testing.B) {
	var text bytes.Buffer
	e := &endless{head: "", row: strings.Repeat(strings.SplitN(postcodes2025, "\n", 3)[1]+"\n", 1)}
	text.WriteString(strings.SplitN(postcodes2025, "\n", 2)[0] + "\n")
	io.CopyN(&text, e, int64(len(e.row)*100_000))
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		v, err := Open(filepath.Join(b.TempDir(), "vocab"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := v.Import(b.Context(), "f.csv", bytes.NewReader(text.Bytes()), Options{Now: today}); err != nil {
			b.Fatal(err)
		}
	}
}
