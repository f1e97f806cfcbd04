package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/notice/noticetest"
)

// over runs a command over a data folder.
func over(t testing.TB, data string, args ...string) string {
	t.Helper()
	out, _ := bidfit(t, 0, append(args, "--data", data)...)
	return out
}

// rows is what the page of the notice that everything began with must show, as patterns of its text
// that hold for the sample, which retells it, and for the notice as published.
var rows = []struct{ row, pattern string }{
	{"history", `23 June 2026, 11:49 +058880-2026 UK2`},
	{"history, the update", `23 June 2026, 13:30 +\S+ UK2 (planningUpdate|compiled)`},
	{"summary", `Police, Fire & Crime Commissioner for Staffordshire is talking to suppliers before inviting`},
	{"who it suits", `suits +small and medium-sized enterprises \(SME\) and voluntary, community and social enterprises \(VCSE\)`},
	{"relevance", `relevance +bidfit explain PROFILE ocds-h6vhtk-06bae5`},
	{"notice type", `notice type +UK2 Preliminary market engagement notice`},
	{"CPV", `CPV +75200000 Provision of services to the community`},
	{"division", `in division 75000000 Administration, defence and social security services`},
	{"value", `value +£1,530,000 net, £1,836,000 with VAT`},
	{"band", `band +£1M–£10M`},
	{"VAT", `VAT +20 %`},
	{"lot A", `lot A +.*[Hh]ate [Cc]rime`},
	{"value of lot A", `£704,000 net, £176,000 a year`},
	{"lot B", `lot B +ASB & Mediation Service`},
	{"value of lot B", `£826,000 net, £206,500 a year`},
	{"delivery", `delivery +Shropshire and Staffordshire \(TLG2\), published as UKG2`},
	{"delivery, ITL 1", `in ITL 1 West Midlands \(England\) \(TLG\)`},
	{"buyer's region", `region +ITL 3 Staffordshire CC \(TLG24\)`},
	{"buyer's region, ITL 2", `in ITL 2 Shropshire and Staffordshire \(TLG2\)`},
	{"contract", `1 April 2027 to 31 March 2029, extendable to 31 March 2031`},
	{"length", `2 years, up to 4 years with extensions`},
	{"engagement deadline", `deadline for engagement\s+Tuesday 14 July 2026, 23:59, in 20 days`},
	{"light touch", `special regime +light touch`},
	{"threshold", `threshold +above the threshold`},
	{"status", `status +planning`},
	{"local authority", `local authority +`},
	{"ward", `ward +`},
	{"constituency", `constituency +`},
	{"engagement day", `market engagement +Friday 17 July 2026, in 23 days`},
	{"register by", `Tuesday 14 July 2026, 17:00, in 20 days`},
	{"portal", `https://portal\.`},
	{"stage", `stage +market engagement`},
	{"all stages", `stages so far +market engagement since 23 June 2026`},
	{"regime", `regime +Procurement Act 2023`},
	{"category", `category +services`},
	{"method", `procedure +Not specified`},
	{"techniques", `techniques +Not specified`},
	{"recurrence", `recurrence +Not specified`},
	{"number of lots", `lots +2 \(planning\)`},
	{"number of awards", `awards +0`},
	{"number of contracts", `contracts +0`},
	{"published", `published +Tuesday 23 June 2026, 11:49, yesterday`},
	{"questions", `questions until +Not specified`},
	{"award expected", `award expected by +Not specified`},
	{"award actual", `awarded +Not specified`},
	{"source", `source +Find a Tender`},
	{"OCID", `OCID +ocds-h6vhtk-06bae5`},
	{"latest notice", `notice page +https://\S+/058956-2026`},
	{"buyer", `name +Police, Fire & Crime Commissioner for Staffordshire`},
	{"post town", `post town +Stafford`},
	{"postcode", `postcode +ST18 0YY`},
	{"country", `country +United Kingdom`},
	{"contact", `e-mail +`},
	{"criteria", `criteria +Not specified`},
	{"weights", `weights +Not specified`},
	{"selection criteria", `to take part +Not specified`},
	{"lots cap", `lots cap +Not specified`},
	{"documents", `documents +`},
	{"raw record", `--raw`},
	{"Markdown and JSON", `--format json`},
}

// TestEveryRow shows the notice that everything began with, as the sample retells it and as it was published.
func TestEveryRow(t *testing.T) {
	const id = "ocds-h6vhtk-06bae5"
	check := func(t *testing.T, file string) {
		home := t.TempDir()
		over(t, home, "ingest", file)
		page := over(t, home, "show", id, "--as-of", "2026-06-24")
		flat := strings.Join(strings.Fields(page), " ") // a row may be wrapped
		for _, r := range rows {
			if !regexp.MustCompile(r.pattern).MatchString(flat) {
				t.Errorf("%s: nothing on the page is like %s", r.row, r.pattern)
			}
		}
		if t.Failed() {
			t.Log(page)
		}
		var dossier struct {
			Summary []string `json:"summary"`
			Notice  struct {
				Value struct {
					Net struct {
						Value int64 `json:"value"`
						At    struct {
							Pointer string `json:"pointer"`
						} `json:"at"`
					} `json:"net"`
				} `json:"value"`
			} `json:"notice"`
		}
		if err := json.Unmarshal([]byte(over(t, home, "show", id, "--json")), &dossier); err != nil {
			t.Fatal(err)
		}
		if len(dossier.Summary) == 0 || dossier.Notice.Value.Net.Value != 153_000_000 || dossier.Notice.Value.Net.At.Pointer != "/tender/value/amount" {
			t.Errorf("the JSON says %+v", dossier)
		}
		markdown := over(t, home, "show", id, "--format", "markdown", "--as-of", "2026-06-24")
		for _, want := range []string{"# The Provision of", "\n## Summary\n", "- **band:** £1M–£10M", "£826,000 net, £206,500 a year", "\n## History\n"} {
			if !strings.Contains(markdown, want) {
				t.Errorf("the Markdown lacks %q", want)
			}
		}
		var record struct {
			Version string `json:"version"`
			URI     string `json:"uri"`
			Records []struct {
				OCID     string `json:"ocid"`
				Releases []struct {
					ID string `json:"id"`
				} `json:"releases"`
				CompiledRelease struct {
					Tag []string `json:"tag"`
				} `json:"compiledRelease"`
			} `json:"records"`
		}
		raw := over(t, home, "show", id, "--raw")
		if err := json.Unmarshal([]byte(raw), &record); err != nil {
			t.Fatal(err)
		}
		if record.Version != "1.1" || record.URI == "" || len(record.Records) != 1 || record.Records[0].OCID != id || len(record.Records[0].Releases) == 0 || len(record.Records[0].CompiledRelease.Tag) != 1 {
			t.Errorf("the record reads %+v", record)
		}
		again := filepath.Join(t.TempDir(), "record.json") // what is printed can be read again, and is the same
		if err := os.WriteFile(again, []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		if said := over(t, home, "ingest", "--json", again); !strings.Contains(said, fmt.Sprintf(`"duplicates":%d`, len(record.Records[0].Releases))) {
			t.Errorf("the record read again: %s", said)
		}
	}
	t.Run("retold", func(t *testing.T) { check(t, filepath.Join("sample", "notices.jsonl")) })
	t.Run("published", func(t *testing.T) { check(t, noticetest.Shared(t, "data", "seed", id+".json")) })
}

// TestLongHistory shows a notice of a thousand releases: the newest steps are told, in bounded time.
func TestLongHistory(t *testing.T) {
	const releases = 1000
	home := t.TempDir()
	file := filepath.Join(home, "long.jsonl")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("The vans carry books to schools in every parish of the county. ", 100)
	for i := range releases {
		date := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * 6 * time.Hour)
		fmt.Fprintf(f, `{"ocid":"ocds-h6vhtk-long01","id":"%06d-2024","tag":["tenderUpdate"],"date":%q,"buyer":{"name":"Saltbourne Borough Council"},"tender":{"id":"t","title":"Library vans","description":%q,"status":"active","value":{"amount":%d,"currency":"GBP"},"lots":[{"id":"1","title":"Vans"}],"tenderPeriod":{"endDate":%q}}}`+"\n",
			i+1, date.Format(time.RFC3339), text, 100_000+1000*i, date.AddDate(0, 2, 0).Format(time.RFC3339))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	over(t, home, "ingest", file)
	page := over(t, home, "show", "ocds-h6vhtk-long01", "--as-of", "2024-09-01")
	if n := strings.Count(page, "Value up"); n != 60 {
		t.Errorf("%d steps are told", n)
	}
	if n := strings.Count(page, "too long ago to be compared"); n != releases-61 {
		t.Errorf("%d steps are said not to be told", n)
	}
}
