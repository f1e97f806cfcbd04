package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/matcher/evaluate"
)

// measuredRows is what evaluate --json prints.
type measuredRows struct {
	Rows []evaluate.Row `json:"rows"`
}

// awardHistory is releases in which six firms win three contracts of their own trade each, and others win other things after the second.
func awardHistory() []byte {
	trades := []struct{ title, cpv string }{
		{"Window cleaning", "90911300"}, {"Tree surgery", "77211500"}, {"School meals", "55524000"},
		{"Road marking", "45233221"}, {"Lift repair", "50750000"}, {"Taxi journeys", "60120000"},
	}
	var b bytes.Buffer
	award := func(id string, day int, title, cpv, supplier string) {
		fmt.Fprintf(&b, `{"ocid":"ocds-trial1-%s","id":"%s","tag":["award"],"date":"2025-%02d-%02dT09:00:00Z","buyer":{"id":"b","name":"Wick Borough Council"},"parties":[{"id":"s","name":"%s","roles":["supplier"]}],"tender":{"id":"t","title":"%s","description":"%s, won by %s.","classification":{"scheme":"CPV","id":"%s"}},"awards":[{"id":"1","status":"active","suppliers":[{"id":"s","name":"%s"}]}]}`+"\n",
			id, id, 1+day/28, 1+day%28, supplier, title, title, supplier, cpv, supplier)
	}
	for i, t := range trades {
		for win, day := range []int{1, 2, 90} {
			award(fmt.Sprintf("firm%d-%d", i, win), day, fmt.Sprintf("%s in ward %c", t.title, 'A'+win), t.cpv, fmt.Sprintf("Firm %c%c Ltd", 'A'+i, 'A'+i))
		}
	}
	for i := range 60 {
		award(fmt.Sprintf("other%02d", i), 3+i, fmt.Sprintf("Desks and chairs, batch %d", i), "39100000", fmt.Sprintf("Other %c%c Ltd", 'A'+i/26, 'A'+i%26))
	}
	return b.Bytes()
}

// TestEvaluateAwards finds the last wins of a small history again, out of the store and out of the file.
func TestEvaluateAwards(t *testing.T) {
	dir := t.TempDir()
	file, data := filepath.Join(dir, "history.jsonl"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, awardHistory(), 0o600); err != nil {
		t.Fatal(err)
	}
	bidfit(t, 0, "ingest", file, "--data", data)
	out, talk := bidfit(t, 0, "evaluate", "--awards", "--data", data, "--json")
	rows := answer[measuredRows](t, out).Rows
	if len(rows) != 5 {
		t.Fatalf("%d rows: %s", len(rows), out)
	}
	for _, r := range rows {
		if r.Set != evaluate.SetAwards || r.Order != "relevance" || r.N != 6 || r.Method != "random" && r.MRR != 1 || r.Low > r.MRR || r.High < r.MRR {
			t.Errorf("%+v", r)
		}
	}
	if want := "awards: of 6 suppliers with three wins or more, 6 are measured; left out are 0 notices that tell of a contract again.\n"; talk != want {
		t.Errorf("said %q", talk)
	}
	if again, _ := bidfit(t, 0, "evaluate", "--awards", "--notices", file, "--json"); again != out {
		t.Errorf("out of the file:\n%s\nout of the store:\n%s", again, out)
	}
	table, _ := bidfit(t, 0, "evaluate", "--awards", "--data", data)
	if !strings.Contains(table, "6 lists of 66 notices on average") || !strings.Contains(table, "bidfit is level with the best plain method, tfidf: its MRR is 1.000, 1.00 times as high.") {
		t.Errorf("the table is\n%s", table)
	}
}

// TestEvaluateFeedback measures on decisions and answers: twenty are enough, nineteen are not.
func TestEvaluateFeedback(t *testing.T) {
	data := t.TempDir()
	day := "2026-06-24"
	bidfit(t, 0, "demo", "--data", data)
	decide := func(ocid, verdict string) {
		bidfit(t, 0, "decide", "hartwell-resolve", ocid, verdict, "--data", data, "--as-of", day)
	}
	for _, ocid := range []string{"demo01", "demo02", "demo04", "samp098"} {
		decide("ocds-h6vhtk-"+ocid, "bid")
	}
	decide("ocds-h6vhtk-06bae5", "watch")
	for i := 1; i <= 14; i++ {
		decide(fmt.Sprintf("ocds-h6vhtk-samp%03d", i), "no-bid")
	}
	_, talk := bidfit(t, 1, "evaluate", "--feedback", "--data", data, "--as-of", day)
	if !strings.Contains(talk, "a profile takes 20 answers, at least 5 for and 5 against; hartwell-resolve has 5 for and 14 against") {
		t.Errorf("said %q", talk)
	}
	decide("ocds-h6vhtk-samp015", "no-bid")
	decide("ocds-h6vhtk-demo02/2", "no-bid") // a lot of a notice that is bid for
	out, talk := bidfit(t, 0, "evaluate", "--feedback", "--data", data, "--as-of", day, "--json")
	rows := answer[measuredRows](t, out).Rows
	if len(rows) != 5 || rows[0].Set != evaluate.SetFeedback || rows[0].Order != "score" || rows[0].N != 1 || rows[0].NDCG10 < .9 {
		t.Errorf("%s", out)
	}
	if !strings.Contains(talk, "feedback: by relevance, a profile takes 20 answers, at least 5 for and 5 against; hartwell-resolve has 5 for and 0 against.") {
		t.Errorf("said %q", talk)
	}
	// Answers say of relevance what decisions do not, and are measured without what they teach.
	for i := 1; i <= 15; i++ {
		bidfit(t, 0, "rate", "hartwell-resolve", fmt.Sprintf("ocds-h6vhtk-samp%03d", i), "irrelevant", "--data", data, "--as-of", day)
	}
	out, _ = bidfit(t, 0, "evaluate", "--feedback", "--data", data, "--as-of", day, "--json")
	rows = answer[measuredRows](t, out).Rows
	if len(rows) != 10 || rows[0].Order != "score" || rows[5].Order != "relevance" || rows[5].Method != "bidfit" || rows[5].NDCG10 < .9 {
		t.Errorf("%s", out)
	}
	if plain, _ := bidfit(t, 0, "evaluate", "--feedback", "--no-learning", "--data", data, "--as-of", day, "--json"); plain != out {
		t.Errorf("with learning:\n%s\nwithout:\n%s", out, plain)
	}
	// Who answers otherwise than they decided is believed in what they answered.
	bidfit(t, 0, "rate", "hartwell-resolve", "ocds-h6vhtk-06bae5", "irrelevant", "--data", data, "--as-of", day)
	_, talk = bidfit(t, 0, "evaluate", "--feedback", "--data", data, "--as-of", day)
	if !strings.Contains(talk, "hartwell-resolve has 4 for and 16 against") {
		t.Errorf("said %q", talk)
	}
}
