package ocds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// TestRealNotices projects every release of ../shared and checks that every place cited
// is there, that a notice survives JSON, that every open stage is where it belongs and that
// nothing a single release says in the fields we read is lost.
func TestRealNotices(t *testing.T) {
	t.Parallel()
	byOCID, ocids := sharedReleases(t)
	for _, ocid := range ocids {
		releases, notices := byOCID[ocid], sharedNotices(t)[ocid]
		for _, n := range notices {
			checkPlaces(t, n, releases)
			checkRoundTrip(t, n)
			checkStage(t, n)
			if len(n.Lots) == 0 || !n.Buyer.Name.Known() || n.Title.Value == "" {
				t.Errorf("%s: %d lots, buyer %q, title %q", n.ID, len(n.Lots), n.Buyer.Name.Value, n.Title.Value)
			}
		}
		if len(releases) == 1 && len(notices) == 1 {
			checkNothingLost(t, notices[0], releases[0].Raw)
		}
	}
}

// checkRoundTrip writes a notice as JSON, reads it and writes it again.
func checkRoundTrip(t *testing.T, n *notice.Notice) {
	t.Helper()
	first, err := json.Marshal(n)
	if err != nil {
		t.Fatalf("%s: %v", n.ID, err)
	}
	var again notice.Notice
	if err := json.Unmarshal(first, &again); err != nil {
		t.Fatalf("%s: %v", n.ID, err)
	}
	second, err := json.Marshal(&again)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("%s: JSON changes when it is read and written again (%v)", n.ID, err)
	}
}

// checkStage: a notice whose newest release speaks of planning or a tender can be
// acted upon, unless it has ended or that release merely corrects an award.
func checkStage(t *testing.T, n *notice.Notice) {
	t.Helper()
	newest := n.Releases[len(n.Releases)-1]
	open := slices.ContainsFunc(newest.Tags, func(tag string) bool {
		return strings.HasPrefix(tag, "planning") || strings.HasPrefix(tag, "tender") && tag != "tenderCancellation"
	})
	if open && !n.Stage.Open() && n.Stage != notice.StageEnded && newest.Type != "F14" {
		t.Errorf("%s: stage %s after a release tagged %v", n.ID, n.Stage, newest.Tags)
	}
	if n.Stage == notice.StageOther {
		t.Errorf("%s: no stage", n.ID)
	}
}

// checkNothingLost reads the release's JSON with nothing of ours and looks for what it finds in the notice.
func checkNothingLost(t *testing.T, n *notice.Notice, raw []byte) {
	t.Helper()
	var release map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&release); err != nil {
		t.Fatal(err)
	}
	codes, regions, amounts := map[string]bool{}, map[string]bool{}, map[notice.Pence]bool{}
	for _, l := range n.Lots {
		for _, c := range l.CPV {
			codes[c.Value.Code.String()] = true
		}
		for _, p := range l.Places {
			regions[string(p.Value.Region)] = true
			regions["="+p.Value.Text] = true
		}
		for _, v := range []notice.Value{l.Value, n.Value} {
			amounts[v.Net.Value], amounts[v.Gross.Value], amounts[v.Min.Value] = true, true, true
		}
	}
	for _, a := range n.Awards {
		amounts[a.Value.Net.Value], amounts[a.Value.Gross.Value] = true, true
		for _, c := range a.Contracts {
			amounts[c.Value.Net.Value], amounts[c.Value.Gross.Value] = true, true
		}
	}
	tender, _ := release["tender"].(map[string]any)
	late := !strings.Contains(string(mustJSON(tender["items"])), "lassification") // then awards and contracts tell
	for path, v := range leaves(release, "") {
		inItems := strings.HasPrefix(path, "/tender/items/") || late && (strings.HasPrefix(path, "/awards/items/") || strings.HasPrefix(path, "/contracts/items/"))
		switch {
		case strings.HasSuffix(path, "lassification/id") || strings.HasSuffix(path, "lassifications/id"):
			if (inItems || strings.HasPrefix(path, "/tender/classification") || strings.HasPrefix(path, "/tender/additional")) && !codes[v] {
				t.Errorf("%s: CPV %s of %s is lost", n.ID, v, path)
			}
		case inItems && strings.HasSuffix(path, "/deliveryAddresses/region"):
			if !regions[string(region(v))] && !regions["="+v] && (len(v) != 2 || v == "UK") {
				t.Errorf("%s: region %s of %s is lost", n.ID, v, path)
			}
		case strings.HasPrefix(path, "/tender/value/amount"), strings.HasPrefix(path, "/tender/lots/value/amount"), path == "/tender/minValue/amount",
			strings.HasPrefix(path, "/contracts/value/amount"):
			r, ok := new(big.Rat).SetString(v)
			if !ok {
				t.Fatalf("%s: %s is no number", n.ID, v)
			}
			pence := r.Mul(r, big.NewRat(100, 1))
			want := notice.Pence(new(big.Int).Div(new(big.Int).Add(new(big.Int).Mul(pence.Num(), big.NewInt(2)), pence.Denom()), new(big.Int).Mul(pence.Denom(), big.NewInt(2))).Int64())
			if want > placeholder && !amounts[want] {
				t.Errorf("%s: %v of %s is lost", n.ID, want, path)
			}
		case path == "/tender/tenderPeriod/endDate", path == "/tender/expressionOfInterestDeadline":
			m, err := parseMoment(v)
			if err != nil || !n.Deadline.Value.Equal(m.Time) {
				t.Errorf("%s: deadline %s of %s is lost: %v %v", n.ID, v, path, n.Deadline, err)
			}
		}
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// leaves yields texts and numbers with their member names (array indexes left out).
func leaves(v any, path string) func(yield func(string, string) bool) {
	return func(yield func(string, string) bool) {
		switch v := v.(type) {
		case map[string]any:
			for name, kid := range v {
				for p, leaf := range leaves(kid, path+"/"+name) {
					if !yield(p, leaf) {
						return
					}
				}
			}
		case []any:
			for _, kid := range v {
				for p, leaf := range leaves(kid, path) {
					if !yield(p, leaf) {
						return
					}
				}
			}
		case string:
			yield(path, v)
		case json.Number:
			yield(path, v.String())
		}
	}
}

// TestRealCoverage holds how much the projection finds against what is known of the data.
func TestRealCoverage(t *testing.T) {
	t.Parallel()
	_, ocids := sharedReleases(t)
	has := map[string]func(*notice.Notice) bool{
		"cpv": func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return len(l.CPV) > 0 }) },
		"region": func(n *notice.Notice) bool {
			return anyLot(n, func(l notice.Lot) bool {
				return slices.ContainsFunc(l.Places, func(p notice.Said[notice.Place]) bool { return p.Value.Region != "" })
			})
		},
		"net": func(n *notice.Notice) bool {
			return n.Value.Net.Known() || anyLot(n, func(l notice.Lot) bool { return l.Value.Net.Known() })
		},
		"gross": func(n *notice.Notice) bool {
			return n.Value.Gross.Known() || anyLot(n, func(l notice.Lot) bool { return l.Value.Gross.Known() })
		},
		"deadline": func(n *notice.Notice) bool { return n.Deadline.Known() },
		"interest": func(n *notice.Notice) bool { return n.Deadline.Kind == notice.DeadlineInterest },
		"sme":      func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return l.SME.Value }) },
		"vcse":     func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return l.VCSE.Value }) },
		"reserved": func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return len(l.Reserved) > 0 }) },
		"criteria": func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return len(l.Criteria) > 0 }) },
		"contract": func(n *notice.Notice) bool {
			return anyLot(n, func(l notice.Lot) bool { return l.Contract != notice.Period{} })
		},
		"questions": func(n *notice.Notice) bool { return n.Questions.Known() },
		"winner": func(n *notice.Notice) bool {
			return slices.ContainsFunc(n.Awards, func(a notice.Award) bool { return len(a.Suppliers) > 0 })
		},
		"method":       func(n *notice.Notice) bool { return n.Method.Known() && n.MethodText.Known() },
		"category":     func(n *notice.Notice) bool { return n.Category.Known() },
		"law":          func(n *notice.Notice) bool { return n.Regime.Known() },
		"status":       func(n *notice.Notice) bool { return n.Status.Known() },
		"lots' status": func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return l.Status.Known() }) },
		"documents": func(n *notice.Notice) bool {
			return slices.ContainsFunc(n.Documents, func(d notice.Document) bool { return d.Title != "" && d.URL.Known() && d.Format != "" })
		},
		"milestones":    func(n *notice.Notice) bool { return len(n.Milestones) > 0 },
		"reference":     func(n *notice.Notice) bool { return n.Reference.Known() },
		"submission":    func(n *notice.Notice) bool { return n.Submission.Electronic.Known() || len(n.Submission.Methods) > 0 },
		"award by":      func(n *notice.Notice) bool { return n.AwardBy.Known() || n.AwardFrom.Known() },
		"variants":      func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return l.Variants.Known() }) },
		"renewal":       func(n *notice.Notice) bool { return anyLot(n, func(l notice.Lot) bool { return l.Renewal.Known() }) },
		"award's worth": anyAward(func(a *notice.Award) bool { return a.Worth().Priced() }),
		"award's state": anyAward(func(a *notice.Award) bool { return a.State().Known() }),
		"award's run":   anyAward(func(a *notice.Award) bool { return a.Runs() != notice.Period{} }),
		"award's CPV":   anyAward(func(a *notice.Award) bool { return len(a.CPV) > 0 }),
		"award's date":  anyAward(func(a *notice.Award) bool { return a.Date.Known() || a.Signed().Known() }),
		"contracts":     anyAward(func(a *notice.Award) bool { return len(a.Contracts) > 0 && a.Contracts[0].Status.Known() }),
		"winner's scale": anyAward(func(a *notice.Award) bool {
			return slices.ContainsFunc(a.Suppliers, func(o notice.Organisation) bool { return o.Scale.Known() })
		}),
		"bids": func(n *notice.Notice) bool { return len(n.Statistics) > 0 },
		"buyer's address": func(n *notice.Notice) bool {
			return n.Buyer.Street.Known() && n.Buyer.Postcode.Known() && n.Buyer.Locality.Known()
		},
		"buyer's region": func(n *notice.Notice) bool { return n.Buyer.Place.Value.Region != "" },
		"page":           func(n *notice.Notice) bool { return n.URL() != "" },
	}
	kinds := map[string]func(*notice.Notice) bool{
		"UK4": func(n *notice.Notice) bool { return n.Type.Value == "UK4" },
		"UK2": func(n *notice.Notice) bool { return n.Type.Value == "UK2" },
		"UK6": func(n *notice.Notice) bool { return n.Type.Value == "UK6" },
		"UK7": func(n *notice.Notice) bool { return n.Type.Value == "UK7" },
		"F02": func(n *notice.Notice) bool { return n.Publisher == notice.FindATender && n.Type.Value == "F02" },
		"F03": func(n *notice.Notice) bool { return n.Type.Value == "F03" },
		"CF":  func(n *notice.Notice) bool { return n.Publisher == notice.ContractsFinder },
		"PCS": func(n *notice.Notice) bool { return n.Publisher == notice.PublicContractsScotland },
		"S2W": func(n *notice.Notice) bool { return n.Publisher == notice.Sell2Wales },
	}
	total, found := map[string]int{}, map[string]map[string]int{}
	for _, ocid := range ocids {
		notices := sharedNotices(t)[ocid]
		for kind, is := range kinds {
			for _, n := range notices {
				if !is(n) {
					continue
				}
				total[kind]++
				if found[kind] == nil {
					found[kind] = map[string]int{}
				}
				for what, holds := range has {
					if holds(n) {
						found[kind][what]++
					}
				}
			}
		}
	}
	for kind, least := range map[string]map[string]int{ // percent
		"UK4": {"method": 100, "category": 100, "law": 100, "status": 100, "lots' status": 100, "documents": 100, "reference": 73, "submission": 100, "award by": 55, "renewal": 51, "buyer's address": 100,
			"cpv": 100, "region": 79, "net": 80, "gross": 97, "deadline": 100, "interest": 8, "sme": 70, "vcse": 28, "reserved": 8, "criteria": 75, "contract": 100, "questions": 80, "buyer's region": 98, "page": 100},
		"UK2": {"milestones": 100, "category": 100, "law": 100, "status": 100, "lots' status": 100, "documents": 100, "contract": 100, "gross": 62, "sme": 70, "buyer's address": 100,
			"cpv": 100, "region": 73, "deadline": 95, "page": 100},
		"UK6": {"award's CPV": 100, "award's date": 100, "award's run": 100, "award's state": 100, "award's worth": 99, "bids": 57, "winner": 100, "winner's scale": 100, "documents": 100},
		"UK7": {"award's CPV": 100, "award's date": 100, "award's run": 100, "award's state": 100, "award's worth": 98, "contracts": 100, "winner's scale": 100, "method": 91,
			"cpv": 100, "winner": 99, "page": 100},
		"F02": {"method": 100, "category": 100, "law": 100, "status": 100, "submission": 100, "award by": 64, "renewal": 90, "variants": 87, "criteria": 51,
			"cpv": 100, "region": 100, "net": 70, "deadline": 100, "page": 100},
		"F03": {"award's date": 98, "award's state": 100, "award's worth": 92, "bids": 95, "contracts": 98, "winner's scale": 98, "criteria": 96, "method": 100,
			"cpv": 100, "region": 100, "winner": 97},
		"CF": {"award's worth": 62, "award's state": 63, "award's run": 63, "category": 94, "documents": 94, "reference": 94, "buyer's address": 97, "law": 100, "net": 82,
			"cpv": 100, "region": 93, "deadline": 97, "contract": 98},
		"PCS": {"method": 100, "category": 100, "submission": 100, "variants": 100, "renewal": 100, "criteria": 72, "award by": 86, "documents": 100, "buyer's address": 100,
			"cpv": 100, "region": 100, "deadline": 100, "contract": 100, "page": 100},
		"S2W": {"method": 100, "category": 100, "submission": 100, "variants": 98, "renewal": 100, "criteria": 55, "award by": 93, "documents": 100, "buyer's address": 100,
			"cpv": 100, "region": 98, "deadline": 100, "contract": 100},
	} {
		for what, percent := range least {
			if got := 100 * found[kind][what] / max(1, total[kind]); got < percent {
				t.Errorf("%s: %d %% of %d notices have %s, want %d %% or more", kind, got, total[kind], what, percent)
			}
		}
	}
}

func anyAward(holds func(*notice.Award) bool) func(*notice.Notice) bool {
	return func(n *notice.Notice) bool {
		for i := range n.Awards {
			if holds(&n.Awards[i]) {
				return true
			}
		}
		return false
	}
}

func anyLot(n *notice.Notice, holds func(notice.Lot) bool) bool {
	return slices.ContainsFunc(n.Lots, holds)
}

// TestRealOrder: the order in which releases arrive changes nothing.
func TestRealOrder(t *testing.T) {
	t.Parallel()
	byOCID, ocids := sharedReleases(t)
	several := 0
	for _, ocid := range ocids {
		releases := slices.Clone(byOCID[ocid])
		if len(releases) < 2 {
			continue
		}
		several++
		want := sharedNotices(t)[ocid]
		for range 3 {
			rand.Shuffle(len(releases), func(i, j int) { releases[i], releases[j] = releases[j], releases[i] })
			got, err := Project(ocid, releases)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: another order of releases gives another notice (%v)", ocid, err)
				break
			}
		}
	}
	if several == 0 {
		t.Error("no OCID has more than one release")
	}
}

// TestStaffordshire checks the notice the project started from, fact by fact.
func TestStaffordshire(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(noticetest.Shared(t, "data", "seed"), "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the seed is not one file: %v %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	n := projectOne(t, string(text))
	lot := n.Lots[0]
	for what, got := range map[string]string{
		"engagement":                string(n.Stage),
		"UK2":                       n.Type.Value,
		"act-2023":                  string(n.Regime.Value),
		"75200000":                  lot.CPV[0].Value.Code.String(),
		"£1,530,000":                n.Value.Net.Value.String(),
		"£1,836,000":                n.Value.Gross.Value.String(),
		"Hate Crime Service":        lot.Title.Value,
		"£704,000":                  lot.Value.Net.Value.String(),
		"£176,000":                  lot.Value.PerYear.Value.String(),
		"ASB & Mediation Service":   n.Lots[1].Title.Value,
		"£826,000":                  n.Lots[1].Value.Net.Value.String(),
		"£206,500":                  n.Lots[1].Value.PerYear.Value.String(),
		"TLG2":                      string(lot.Places[0].Value.Region),
		"TLG24":                     string(n.Buyer.Place.Value.Region),
		"ST18 0YY":                  n.Buyer.Postcode.Value,
		"2027-04-01T00:00:00+01:00": lot.Contract.Start.Value.String(),
		"2029-03-31T23:59:59+01:00": lot.Contract.End.Value.String(),
		"2031-03-31T23:59:59+01:00": lot.Contract.MaxExtent.Value.String(),
		"2026-07-14T23:59:59+01:00": n.Deadline.Value.String(),
		"lightTouch":                n.SpecialRegime[0].Value,
		"https://www.find-tender.service.gov.uk/Notice/058956-2026": n.URL(),
	} {
		if what != got {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	for what, got := range map[string]any{
		"engagement scheduled":                     n.Milestones[0].Kind + " " + n.Milestones[0].Status.Value,
		"publicAuthoritySubCentralGovernment":      n.Buyer.Type.Value,
		"Stafford":                                 n.Buyer.Locality.Value,
		"Staffordshire Police HQ, Weston Road":     n.Buyer.Street.Value,
		"United Kingdom":                           n.Buyer.Country.Value,
		"2023/54":                                  n.Law.Value,
		"services":                                 n.Category.Value,
		"planning":                                 n.Status.Value,
		"above the threshold: true":                fmt.Sprintf("above the threshold: %v", n.AboveThreshold.Value),
		"UK2 2026-06-23T11:49:57+01:00 text/html":  fmt.Sprint(n.Documents[0].Notice, " ", n.Documents[0].Published.Value, " ", n.Documents[0].Format),
		"UK2 2026-06-23T13:30:07+01:00 text/html ": fmt.Sprint(n.Documents[1].Notice, " ", n.Documents[1].Published.Value, " ", n.Documents[1].Format, " "),
	} {
		if what != got {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	if len(n.Lots) != 2 || lot.ID != "~A" || n.Lots[1].ID != "~B" || lot.FromProse == 0 || lot.Value.Gross.Known() || len(lot.Places) != 1 || len(lot.CPV) != 1 || !lot.SME.Value || !lot.VCSE.Value || !lot.Renewal.Known() || len(n.Issues) != 0 {
		t.Errorf("lots %+v, issues %v", n.Lots, n.Issues)
	}
}

func BenchmarkProject(b *testing.B) {
	byOCID, ocids := sharedReleases(b)
	releases, size := 0, 0
	for _, list := range byOCID {
		releases += len(list)
		for i := range list {
			size += len(list[i].Raw)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, ocid := range ocids {
			if _, err := Project(ocid, byOCID[ocid]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(releases*b.N)/b.Elapsed().Seconds(), "releases/s")
}
