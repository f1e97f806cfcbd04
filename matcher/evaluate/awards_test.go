package evaluate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"bidfit/market"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
	"bidfit/suggest"
)

var names = matcher.NewLexicon()

func TestAwards(t *testing.T) {
	b := Awards(names, func(l *matcher.Lexicon, name string, wins []*notice.Notice, is func(market.Mention) bool) profiles.Profile {
		for _, w := range wins {
			if !is(market.MentionOf(&w.Awards[0].Suppliers[0])) {
				t.Errorf("%s is not by the supplier", w.ID)
			}
		}
		if is(market.Mention{Name: "Other AAA"}) {
			t.Error("another is taken for the supplier")
		}
		return suggest.FromWins(l, name, wins, is)
	}, history(6, 60))
	if len(b.Tasks) != 6 || b.Suppliers != 6 || b.Together+b.Few+b.Unread+b.Repeats != 0 {
		t.Fatalf("%d tasks: %+v", len(b.Tasks), b)
	}
	task := b.Tasks[0]
	if task.Name != "Firm AA Limited" || len(task.Wins) != 2 {
		t.Fatalf("%s with %d wins", task.Name, len(task.Wins))
	}
	// Of what comes after the last but one: sixty others, and the six last wins.
	if len(task.Candidates) != 66 {
		t.Errorf("%d candidates", len(task.Candidates))
	}
	if g := task.Grades[matcher.OrderRelevance]; len(g) != 1 || g["ocds-trial1-s0-2"] != MaxGrade {
		t.Errorf("to be found: %v", g)
	}
	// The profile knows what was won, and nothing of what will be.
	if got := strings.Join(append(slices.Clone(task.Profile.Experience), task.Profile.Description), "\n"); !strings.Contains(got, "Window cleaning in ward B") || strings.Contains(got, "ward C") {
		t.Errorf("the profile says %q", got)
	}
	if !slices.Contains(task.Profile.CPV, 90911300) {
		t.Errorf("its codes are %v", task.Profile.CPV)
	}
	if err := task.Profile.Check(); err != nil {
		t.Error(err)
	}
	table, err := Run(context.Background(), SetAwards, b.Tasks, matcher.OrderRelevance, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Rows {
		switch {
		case r.N != 6:
			t.Errorf("%s is over %d lists", r.Method, r.N)
		case r.Method == "random" && (r.MeanPercentile != 50 || r.MRR > .1):
			t.Errorf("chance: %+v", r)
		case r.Method != "random" && r.MRR != 1:
			t.Errorf("%s does not find the one notice of its trade: %+v", r.Method, r)
		}
	}
	if table.Notices != 66 {
		t.Errorf("%d candidates on average", table.Notices)
	}
}

// What cannot be measured is counted, and enough of it is said.
func TestAwardsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		notices []*notice.Notice
		says    string
	}{
		{"nothing", nil, "0 suppliers that can be measured, and an interval takes 5"},
		{"too few suppliers", history(4, 60), "4 suppliers that can be measured"},
		{"too few notices after them", history(6, 20), "6 suppliers with three wins: 0 won them together, 6 had too few notices after them"},
		{"all on one day", together(history(6, 60)), "6 won them together"},
	} {
		b := Awards(names, suggest.FromWins, c.notices)
		err := b.TooFew()
		if tooFew := (*TooFewError)(nil); !errors.As(err, &tooFew) || tooFew.Set != SetAwards || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// together moves all wins to one day.
func together(notices []*notice.Notice) []*notice.Notice {
	for _, n := range notices {
		if strings.HasPrefix(n.ID, "ocds-trial1-s") {
			n.Releases[0].Date = notices[0].Releases[0].Date
		}
	}
	return notices
}

// A win beside the last one is neither in the profile nor a wrong answer.
func TestAwardsBeside(t *testing.T) {
	all := history(1, 60)
	all = append(all, wonBy(bought("s0-3", 40, "Window cleaning of the library", 90911300, "award"), "FIRM AA LTD"))
	b := Awards(names, suggest.FromWins, all)
	if len(b.Tasks) != 1 {
		t.Fatalf("%+v", b)
	}
	task := b.Tasks[0]
	if len(task.Wins) != 2 || len(task.Candidates) != 61 || task.Grades[matcher.OrderRelevance]["ocds-trial1-s0-3"] == 0 {
		t.Errorf("%d wins, %d candidates, to be found %v", len(task.Wins), len(task.Candidates), task.Grades)
	}
}

// Cancelled awards are no wins, and neither is a place on a dynamic market.
func TestAwardsVoid(t *testing.T) {
	all := history(1, 60)
	all[0].Awards[0].Status = said("cancelled")
	if b := Awards(names, suggest.FromWins, all); b.Suppliers != 0 {
		t.Errorf("%+v", b)
	}
}

func TestOnce(t *testing.T) {
	tender := bought("t", 0, "Window Cleaning, Town Hall", 90911300, "tender")
	award := wonBy(bought("a", 5, "Window cleaning: town hall", 90911300, "award"), "Alder Ltd")
	again := wonBy(bought("b", 6, "Window cleaning, Town Hall", 90911300, "award"), "ALDER LIMITED")
	rival := wonBy(bought("c", 7, "Window cleaning, Town Hall", 90911300, "award"), "Birch Ltd")
	elsewhere := wonBy(bought("d", 8, "Window cleaning, Town Hall", 90911300, "award"), "Alder Ltd")
	elsewhere.Buyer.Name = said("Saltbourne City Council")
	untitled, other := bought("e", 9, "", 90911300, "award"), bought("f", 9, "", 77211500, "award")
	republished := wonBy(bought("g", 10, "Cleaning of windows", 90911300, "award"), "Cedar Ltd")
	republished.Also = []notice.Said[string]{said("ocds-trial1-h")}
	first := wonBy(bought("h", 9, "Windows", 90911300, "award"), "Cedar Ltd")
	var kept []string
	for _, r := range once(readAll([]*notice.Notice{republished, rival, again, award, tender, elsewhere, untitled, other, first})) {
		kept = append(kept, strings.TrimPrefix(r.Notice, "ocds-trial1-"))
	}
	if want := []string{"a", "c", "d", "e", "f", "h"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
}

func TestMask(t *testing.T) {
	n := wonBy(bought("a", 0, "Larkspur Care Ltd: home care", 85310000), "Larkspur Care Limited", "Éclair", "Ash")
	n.Description = said("Won by LARKSPUR  CARE (Larkspur Care Limited). Care by eclair’s staff; ash trees are cut. Larkspur grows here.")
	n.Texts = []notice.Said[string]{said("thanks to Larkspur Care")}
	n.Lots[0].Title, n.Lots[0].Items = said("Lot of Éclair"), []notice.Said[string]{said("larkspur care")}
	m := mask(n)
	for i, c := range [][2]string{
		{m.Title.Value, ": home care"},
		{m.Description.Value, "Won by  (). Care by  staff; ash trees are cut. Larkspur grows here."},
		{m.Texts[0].Value, "thanks to "},
		{m.Lots[0].Title.Value, "Lot of "},
		{m.Lots[0].Items[0].Value, ""},
	} {
		if c[0] != c[1] {
			t.Errorf("%d: %q, want %q", i, c[0], c[1])
		}
	}
	if n.Title.Value != "Larkspur Care Ltd: home care" || n.Texts[0].Value == m.Texts[0].Value || n.Lots[0].Title.Value != "Lot of Éclair" {
		t.Error("the notice itself was changed")
	}
	if plain := bought("b", 0, "Home care", 85310000); mask(plain) != plain {
		t.Error("a notice without suppliers is copied")
	}
}

func TestByPublisher(t *testing.T) {
	var all []*notice.Notice
	for _, ocid := range []string{"ocds-h6vhtk-1", "strange", "ocds-b5fd17-a-b", "ocds-h6vhtk-2"} {
		all = append(all, &notice.Notice{ID: ocid, OCID: ocid})
	}
	var got []string
	for _, g := range ByPublisher(all) {
		var ids []string
		for _, n := range g {
			ids = append(ids, n.ID)
		}
		got = append(got, strings.Join(ids, "+"))
	}
	if want := []string{"ocds-b5fd17-a-b", "ocds-h6vhtk-1+ocds-h6vhtk-2", "strange"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
