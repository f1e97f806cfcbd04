package desk_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice/calendar"
	"bidfit/store"
	"bidfit/vocab"
)

// tables are opened in a folder, with these texts imported.
func tables(t *testing.T, dir string, texts ...string) *vocab.Vocab {
	t.Helper()
	v, err := vocab.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	for _, text := range texts {
		if _, err := v.Import(t.Context(), "made.csv", strings.NewReader(text), vocab.Options{Now: asOf}); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

const (
	madeCodes     = "CODE,EN,DE\n85312000-9,Social work without accommodation,Sozialarbeit\n90911200-8,Building-cleaning,Gebäudereinigung\n85000000-9,Health,Gesundheitswesen\n"
	madeDirectory = "pcds,oslaua,osward,pcon\nST18 0YY,E07000197,E05010494,E14001523\n"
	madeHolidays  = `{"scotland": {"events": [{"title": "A day off", "date": "2031-05-06", "notes": ""}]}}`
)

// TestVocab: the desk answers from what is built in, and from imported tables once it has them; no score moves by them.
func TestVocab(t *testing.T) {
	d, _, _ := open(t, t.TempDir())
	ingest(t, d, made(60))
	if _, err := d.PutProfile(t.Context(), mediator(t), asOf); err != nil {
		t.Fatal(err)
	}
	plain := match(t, d)
	if p, ok := d.Locality("ST18 0YY"); !ok || p.Exact || p.Region != "TLG24" {
		t.Errorf("built in: %+v, %v", p, ok)
	}
	day := time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)
	if !d.Calendar().WorkingDay(day, calendar.Scotland) {
		t.Error("a holiday of 2031 is built in")
	}

	imported := tables(t, t.TempDir(), madeCodes, madeDirectory, madeHolidays)
	d.UseVocab(imported, "de")
	if p, ok := d.Locality("ST18 0YY"); !ok || !p.Exact || p.LocalAuthority.Name != "Stafford" {
		t.Errorf("imported: %+v, %v", p, ok)
	}
	if d.Calendar().WorkingDay(day, calendar.Scotland) {
		t.Error("the imported holiday is a working day")
	}
	names, err := d.Names(t.Context())
	if name, of := names.Of(85312000); err != nil || name != "Sozialarbeit" || of != 85312000 {
		t.Errorf("85312000 is %q of %s (%v)", name, of, err)
	}
	if name, _ := names.Of(85000000); name != "Gesundheitswesen" {
		t.Errorf("85000000 is %q: the language that was asked for goes before the names built in", name)
	}
	list, err := d.Review(t.Context(), "mediator", desk.ReviewOptions{AsOf: asOf, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	health := slices.ContainsFunc(list.Facets, func(f desk.Facet) bool {
		return f.Name == desk.FacetDivision && slices.ContainsFunc(f.Values, func(v desk.FacetValue) bool { return v.Value == "85" && v.Label == "Gesundheitswesen" })
	})
	if !health || len(list.Rows) != 1 || len(list.Rows[0].CPV) == 0 || list.Rows[0].CPV[0].Name != "Gesundheitswesen" {
		t.Errorf("the list has other names: %+v", list.Rows)
	}
	named := match(t, d)
	if len(named) != len(plain) {
		t.Fatalf("%d fits, with names %d", len(plain), len(named))
	}
	said := false
	for i, f := range named {
		g := plain[i]
		if f.Score != g.Score || f.Low != g.Low || f.High != g.High || f.Advice != g.Advice || f.OCID != g.OCID {
			t.Errorf("with names %s scores %d, without %s %d", f.OCID, f.Score, g.OCID, g.Score)
		}
		for _, e := range f.Evidence {
			said = said || strings.Contains(e.Reason, "85312000 Sozialarbeit")
		}
	}
	if !said {
		t.Error("no sentence calls the code by its imported name")
	}
	// What is imported while the desk is at work counts from then on.
	if _, err := imported.Import(t.Context(), "newer.csv", strings.NewReader(strings.ReplaceAll(madeCodes, "Sozialarbeit", "Soziales")), vocab.Options{Now: asOf}); err != nil {
		t.Fatal(err)
	}
	if again := fmt.Sprint(match(t, d)); !strings.Contains(again, "85312000 Soziales") || strings.Contains(again, "Sozialarbeit") {
		t.Error("the code is called by the name it had before the import")
	}
	counts, err := d.Counts(t.Context(), []string{"cpv:85312", "cpv:85", "itl:TLG24", "cpv:03"})
	if err != nil || counts["cpv:85312"] == 0 || counts["cpv:85"] != counts["cpv:85312"] || counts["itl:TLG24"] == 0 || counts["cpv:03"] != 0 {
		t.Errorf("%v, %v", counts, err)
	}
}

func match(t *testing.T, d *desk.Desk) []matcher.Fit {
	t.Helper()
	r, err := d.Match(t.Context(), "mediator", desk.MatchOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	return r.Fits
}

// TestDamagedVocab: damaged tables stop nothing, and are told of once.
func TestDamagedVocab(t *testing.T) {
	dir := t.TempDir()
	tables(t, dir, madeCodes, madeDirectory, madeHolidays)
	files, err := filepath.Glob(filepath.Join(dir, "*.vocab"))
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if err := os.WriteFile(file, []byte("not a table"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, s, ix := open(t, t.TempDir())
	var log bytes.Buffer
	d := desk.New(s, ix, store.Default, slog.New(slog.NewTextHandler(&log, nil)))
	d.UseVocab(tables(t, dir), "en")
	for range 3 {
		if p, ok := d.Locality("ST18 0YY"); !ok || p.Region != "TLG24" {
			t.Errorf("%+v, %v", p, ok)
		}
		if c := d.Calendar(); c == nil || c.WorkingDay(time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC), calendar.Scotland) {
			t.Error("Christmas is a working day")
		}
		if _, err := d.Names(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Count(log.String(), "import it again"); got != 3 {
		t.Errorf("the log tells of damaged tables %d times, want once for each of three:\n%s", got, log.String())
	}
}
