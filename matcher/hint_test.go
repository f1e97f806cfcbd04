package matcher

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds/ocdstest"
)

// cleaners are notices that teach what cleaning is, and one that is filed as something else.
func cleaners(t testing.TB) (taught []*notice.Notice, misfiled *notice.Notice) {
	clean := func(i int, code cpv.Code) *notice.Notice {
		n := mediationNotice(t)
		n.Title.Value, n.Description.Value = "Cleaning of washrooms", "Daily janitorial cleaning of washrooms, windows and floors, with janitors on site."
		n.Lots[0].Title, n.Lots[0].Description = say("Cleaning", "/tender/lots/0/title"), say("Washrooms, floors.", "/tender/lots/0/description")
		n.Lots[0].CPV[0].Value = notice.Classification{Code: code}
		return n
	}
	for i := range 20 {
		taught = append(taught, clean(i, 90911200))
	}
	return taught, clean(21, 79990000)
}

// Words of one trade under the code of another are hinted at, with both quoted; the same words under their own code are not.
func TestHint(t *testing.T) {
	taught, misfiled := cleaners(t)
	l := Learn(slices.Values(taught))
	m, err := New(l, mediation())
	if err != nil {
		t.Fatal(err)
	}
	f := m.Assess(l.Prepare(misfiled), today)
	if len(f.Hints) != 1 || f.Hints[0].Hint != HintCodes {
		t.Fatalf("%+v", f.Hints)
	}
	h := f.Hints[0]
	for _, want := range []string{"sit in 9091 Cleaning services", "the code says 7999 Miscellaneous business-related services", "read the text before you trust the code"} {
		if !strings.Contains(h.Reason, want) {
			t.Errorf("%q does not say %q", h.Reason, want)
		}
	}
	if last := h.At[len(h.At)-1]; len(h.At) != pointers+1 || last.Quote != "79990000" {
		t.Errorf("%+v", h.At)
	}
	for _, q := range h.At[:pointers] {
		text, ok := misfiled.Prose(q.Path)
		if !ok || text[q.Start:q.End] != q.Quote {
			t.Errorf("%+v is not what stands there", q)
		}
	}
	for name, change := range map[string]func(*notice.Notice){
		"its own code": func(n *notice.Notice) { n.Lots[0].CPV[0].Value.Code = 90910000 },
		"its own code among two": func(n *notice.Notice) {
			n.Lots[0].CPV = append(n.Lots[0].CPV, sayOf(notice.Classification{Code: 90000000}, "/x"))
		},
		"no code":               func(n *notice.Notice) { n.Lots[0].CPV = nil },
		"a title of that trade": func(n *notice.Notice) { n.Title.Value, n.Lots[0].Title.Value = "Miscellaneous business services", "" },
		"few words": func(n *notice.Notice) {
			n.Title.Value, n.Description.Value, n.Lots[0].Title.Value, n.Lots[0].Description.Value = "Cleaning", "", "", ""
		},
	} {
		_, n := cleaners(t)
		change(n)
		if f := m.Assess(l.Prepare(n), today); f.Hints != nil {
			t.Errorf("%s: %+v", name, f.Hints)
		}
	}
}

// A hint changes nothing but itself.
func TestHintsChangeNoScore(t *testing.T) {
	taught, misfiled := cleaners(t)
	l := Learn(slices.Values(taught))
	rng := rand.New(rand.NewPCG(27, 28))
	hinted := 0
	for range 200 {
		n, p := supposeAny(rng, t)
		if rng.IntN(2) == 0 {
			n.Title, n.Description, n.Lots[0].CPV = misfiled.Title, misfiled.Description, misfiled.Lots[0].CPV
			n.Lots[0].Title, n.Lots[0].Description = misfiled.Lots[0].Title, misfiled.Lots[0].Description
		}
		m, err := New(l, p)
		if err != nil {
			t.Fatal(err)
		}
		o := l.Prepare(n)
		with := all(m.Assess(o, today))
		for i := range o.lots {
			hinted += len(o.lots[i].hints)
			o.lots[i].hints = nil
		}
		for i, without := range all(m.Assess(o, today)) {
			if a, b := with[i], without; a.Lot != b.Lot || a.Score != b.Score || a.Low != b.Low || a.High != b.High || a.Known != b.Known || a.Advice != b.Advice {
				t.Errorf("with the hint %+v, without %+v", a, b)
			}
		}
	}
	if hinted < 20 {
		t.Errorf("%d hints: too few to tell", hinted)
	}
}

// On published notices hints are rare; where a notice's codes are exchanged for another's, they are not.
func TestHintsPublished(t *testing.T) {
	notices := ocdstest.Published(t, noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz"))
	l := Learn(slices.Values(notices))
	count := func(n *notice.Notice) (hints int) {
		o := l.Prepare(n)
		if len(o.lots) > 0 {
			hints = len(o.lots[0].hints)
		}
		return hints
	}
	told, exchanged, all := 0, 0, 0
	for i, n := range notices {
		if len(n.Lots) == 0 || len(n.Lots[0].CPV) == 0 {
			continue
		}
		all++
		told += count(n)
		other := notices[(i+len(notices)/2)%len(notices)]
		if len(other.Lots) == 0 {
			continue
		}
		wrong := *n
		wrong.Lots = slices.Clone(n.Lots)
		wrong.Lots[0].CPV = other.Lots[0].CPV
		exchanged += count(&wrong)
	}
	t.Logf("of %d notices %d have a hint; with another's codes %d", all, told, exchanged)
	if told*100 > all*2 || exchanged < 10*told {
		t.Errorf("of %d notices %d have a hint; with another's codes %d", all, told, exchanged)
	}
}
