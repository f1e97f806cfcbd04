package market_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"bidfit/market"
	"bidfit/notice"
	"bidfit/notice/noticetest"
)

// raw is as much of a release as it takes to count by hand.
type raw struct {
	Tag   []string
	Buyer struct{ Name string }
	// Awards of the award history all count: none is cancelled, each release is one procurement.
	Awards []struct {
		Date      string
		Suppliers []struct{ Name string }
		Value     struct{ Amount *float64 }
	}
}

// walk reads the releases of the award history by themselves, without the house's own reading.
func walk(t *testing.T, name string) []raw {
	t.Helper()
	var all []raw
	for line := range noticetest.Lines(t, noticetest.Shared(t, "data", "award-history", name+".jsonl.gz")) {
		var r raw
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// TestRealSuppliers counts the wins of a few suppliers in the published awards, once through the house and once by hand.
func TestRealSuppliers(t *testing.T) {
	for name, suppliers := range map[string]map[string]string{
		"contracts-finder-2020": {
			"=deloitte":              `(?i)^deloitte( llp)?$`,
			"=serco":                 `(?i)^serco (ltd|limited)$`,
			"=seddon construction":   `(?i)^seddon construction (ltd|limited)$`,
			"=gardiner and theobald": `(?i)^gardiner (&|and) theobald( llp)?$`,
			"=computacenter uk":      `(?i)^computacenter \(u ?k\) (ltd|limited)$`,
		},
		"lancashire-councils": {
			"=ford motor co": `(?i)^ford motor (co\.?|company) (ltd|limited)$`,
			"=ralph livesey": `(?i)^ralph livesey (ltd|limited)$`,
			"=watling jcb":   `(?i)^watling jcb (ltd|limited)$`,
		},
	} {
		var records []*market.Record
		for _, n := range history(t, name) {
			records = append(records, market.Read(n))
		}
		d := market.Resolve(mentions(records))
		releases := walk(t, name)
		for key, pattern := range suppliers {
			is := regexp.MustCompile(pattern)
			wins, years, shared := 0, map[string]int{}, 0
			var values []float64
			for _, r := range releases {
				for _, a := range r.Awards {
					found := false
					for _, s := range a.Suppliers {
						found = found || is.MatchString(s.Name)
					}
					if !found {
						continue
					}
					wins++
					years[a.Date[:4]]++
					if a.Value.Amount != nil && *a.Value.Amount > 1 {
						values = append(values, *a.Value.Amount)
						if len(a.Suppliers) > 1 {
							shared++
						}
					}
				}
			}
			bearing := d.Bearing(key)
			if len(bearing) != 1 {
				t.Errorf("%s: %d organisations are %s", name, len(bearing), key)
				continue
			}
			s := market.NewSupplier(bearing[0], d, records, asOf)
			sum := 0.0
			for _, v := range values {
				sum += v
			}
			t.Logf("%s: %d wins, %d values, £%.0f", key, wins, len(values), sum)
			if wins == 0 || s.Values.Awards != wins || s.Values.Known != len(values) {
				t.Errorf("%s won %d awards, %d with a value; by hand %d and %d", key, s.Values.Awards, s.Values.Known, wins, len(values))
			}
			if diff := float64(s.Values.Sum) - 100*sum; diff > 50 || diff < -50 {
				t.Errorf("%s: £%s together, by hand %.2f", key, s.Values.Sum.Decimal(), sum)
			}
			for _, y := range s.Years {
				if years[y.Key] != y.Awards {
					t.Errorf("%s: %d awards in %s, by hand %d", key, y.Awards, y.Key, years[y.Key])
				}
			}
		}
	}
}

// TestRealBuyer sets the page of a county council against its notices from 2015 to 2026, counted by hand.
func TestRealBuyer(t *testing.T) {
	var records []*market.Record
	for _, n := range history(t, "lancashire-councils") {
		records = append(records, market.Read(n))
	}
	d := market.Resolve(mentions(records))
	b := market.NewBuyer(d.Bearing("=lancashire county council")[0], d, records, asOf)
	notices, awards := 0, 0
	var values []float64
	for _, r := range walk(t, "lancashire-councils") {
		if r.Buyer.Name != "Lancashire County Council" {
			continue
		}
		notices++
		for _, a := range r.Awards {
			awards++
			if a.Value.Amount != nil && *a.Value.Amount > 1 {
				values = append(values, *a.Value.Amount)
			}
		}
	}
	sort.Float64s(values)
	if b.Notices != notices || b.Values.Awards != awards || b.Values.Known+b.Values.Ceilings != len(values) {
		t.Errorf("%d notices, %d awards, %+v; by hand %d, %d and %d values", b.Notices, b.Values.Awards, b.Values, notices, awards, len(values))
	}
	if at := len(values) / 2; len(values)%2 == 1 && float64(*b.Values.Median) != 100*values[at] {
		t.Errorf("median %v, by hand %v", b.Values.Median, values[at])
	}
	sum := 0
	for _, list := range [][]market.Share{b.Divisions, b.Years} {
		sum = 0
		for _, s := range list {
			sum += s.Awards
		}
		if sum != awards {
			t.Errorf("the shares are of %d awards", sum)
		}
	}
	if !slices.ContainsFunc(b.Divisions, func(s market.Share) bool { return s.Key == "85" && s.Awards > 5 }) {
		t.Errorf("a county buys no social care: %+v", b.Divisions)
	}
}

// TestRealAwardsOnce counts the awards of every company number in the Find a Tender notices: an award that
// several notices tell (UK6, UK7) is one, a member of a market (UK14, UK15) has none.
func TestRealAwardsOnce(t *testing.T) {
	file := noticetest.Shared(t, "data", "notices", "find-a-tender.jsonl.gz")
	type party struct {
		ID                    string
		Identifier            struct{ Scheme, ID string }
		AdditionalIdentifiers []struct{ Scheme, ID string }
	}
	byHand := map[string]map[string]bool{} // company number -> OCID and award
	told := 0                              // how often an award names a supplier, again and again
	for line := range noticetest.Lines(t, file) {
		var r struct {
			OCID    string
			Parties []party
			Awards  []struct {
				ID        string
				Suppliers []struct{ ID string }
				Documents []struct{ NoticeType string }
			}
			Tender struct{ Documents []struct{ NoticeType string } }
		}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(line, "1e9999", "0")), &r); err != nil {
			t.Fatal(err)
		}
		numbers := map[string]string{}
		for _, p := range r.Parties {
			for _, i := range append(p.AdditionalIdentifiers, p.Identifier) {
				if n, ok := notice.CompanyNumber(i.ID); ok && i.Scheme == "GB-COH" {
					numbers[p.ID] = n
				}
			}
		}
		for _, a := range r.Awards {
			market := false
			for _, d := range append(a.Documents, r.Tender.Documents...) {
				market = market || slices.Contains([]string{"UK13", "UK14", "UK15", "UK16"}, d.NoticeType)
			}
			for _, s := range a.Suppliers {
				if n := numbers[s.ID]; n != "" && !market {
					if byHand[n] == nil {
						byHand[n] = map[string]bool{}
					}
					byHand[n][r.OCID+" "+a.ID] = true
					told++
				}
			}
		}
	}
	house := map[string]int{}
	for _, n := range packed(t, file) {
		r := market.Read(n)
		for _, w := range r.Awards {
			for _, s := range w.Suppliers {
				for _, id := range s.IDs {
					if number, ok := strings.CutPrefix(id, "GB-COH-"); ok {
						house[number]++
					}
				}
			}
		}
	}
	awards := 0
	for number, once := range byHand {
		awards += len(once)
		if house[number] != len(once) {
			t.Errorf("GB-COH-%s has %d awards, by hand %d: %v", number, house[number], len(once), once)
		}
	}
	t.Logf("%d company numbers, %d awards, told %d times", len(byHand), awards, told)
	if awards == told {
		t.Error("no award is told twice: the test shows nothing")
	}
}
