package evaluate

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/cpv"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

func load(t testing.TB, file string) []*notice.Notice {
	f, err := os.Open(file)
	if err != nil { t.Fatal(err) }
	defer f.Close()
	rel := map[string][]notice.Release{}
	var order []string
	for item, err := range ocds.Decode(context.Background(), f, file) {
		if err != nil { t.Fatal(err) }
		if r := item.Release; r != nil {
			if rel[r.OCID] == nil { order = append(order, r.OCID) }
			rel[r.OCID] = append(rel[r.OCID], *r)
		}
	}
	var all []*notice.Notice
	for _, o := range order {
		l, err := ocds.Project(o, rel[o])
		if err != nil { t.Fatal(err) }
		all = append(all, l...)
	}
	return all
}

func suggest0(wins []*notice.Notice) profiles.Profile {
	p := profiles.Profile{ID: "x", Name: "x"}
	var d strings.Builder
	for _, w := range wins {
		d.WriteString(w.Title.Value + ". " + w.Description.Value + "\n")
		for _, l := range w.Lots {
			for _, c := range l.CPV {
				if !slices.Contains(p.CPV, c.Value.Code) { p.CPV = append(p.CPV, c.Value.Code) }
			}
		}
	}
	p.Description = d.String()
	slices.Sort(p.CPV)
	_ = cpv.Code(0)
	return p
}

func TestExp(t *testing.T) {
	for _, file := range []string{
		noticetest.Shared(t, "data", "award-history", "contracts-finder-2020.jsonl.gz"),
		noticetest.Shared(t, "data", "award-history", "lancashire-councils.jsonl.gz"),
		noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz"),
	} {
		all := load(t, file)
		var aw []*notice.Notice
		for _, n := range all { if len(suppliers(n)) > 0 { aw = append(aw, n) } }
		l := matcher.Learn(slices.Values(all))
		tasks := Awards(l, suggest0, aw)
		fmt.Println(file[len(file)-40:], len(all), len(aw), len(tasks))
		for _, m := range append(Baselines(), Bidfit()) {
			var qs []Quality
			for i := range tasks {
				q, err := m.Run(&tasks[i], matcher.OrderRelevance)
				if err != nil { t.Fatal(err) }
				qs = append(qs, q)
			}
			q := Mean(qs)
			fmt.Printf("  %-8s MRR %.3f hit10 %.3f pct %.2f\n", m.Name, q.RR, q.Hit10, q.Percentile)
		}
	}
}
