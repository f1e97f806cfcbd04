package ocds_test

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/notice/ocds/ocdstest"
)

// signs are those of some notices, as a store has them.
type signs map[notice.Publisher]map[string][]notice.Sign

func (all signs) add(s notice.Sign) {
	if all[s.Publisher] == nil {
		all[s.Publisher] = map[string][]notice.Sign{}
	}
	for _, key := range s.Keys() {
		all[s.Publisher][key] = append(all[s.Publisher][key], s)
	}
}

func (all signs) under(service notice.Publisher, keys []string) ([]notice.Sign, error) {
	var found []notice.Sign
	for _, key := range keys {
		if list := all[service][key]; len(list) > notice.MostAlike {
			return nil, nil
		}
		found = append(found, all[service][key]...)
	}
	return found, nil
}

// inContractsFinder gives a release that a file has from that service's site the OCID and the place that it has there.
func inContractsFinder(r notice.Release) notice.Release {
	ocid := strings.Replace(r.OCID, "ocds-history-", "ocds-b5fd17-", 1)
	r.Raw = []byte(strings.ReplaceAll(string(r.Raw), r.OCID, ocid))
	r.OCID = ocid
	return r
}

// published are the notices of the shared files, each once.
func published(t *testing.T) []*notice.Notice {
	files := noticetest.Notices(t)
	more := noticetest.Shared(t, "data", "award-history")
	files = append(files, more+"/contracts-finder-2020.jsonl.gz", more+"/lancashire-councils.jsonl.gz")
	releases, ocids := ocdstest.Releases(t, files...)
	var all []*notice.Notice
	for _, ocid := range ocids {
		list := releases[ocid]
		for i := range list {
			list[i] = inContractsFinder(list[i])
		}
		notices, err := ocds.Project(list[0].OCID, list)
		if err != nil {
			t.Fatal(err)
		}
		if len(notices) == 1 {
			all = append(all, notices...)
		}
	}
	return all
}

// Among the published notices no two of two services are joined that are not one: there is no year of which two services are here. What has the same
// title and buyer in two of them at all is told, to be judged.
func TestCopiesPublished(t *testing.T) {
	all, titles := signs{}, map[string][]*notice.Notice{}
	var have []notice.Sign
	for _, n := range published(t) {
		if s, ok := n.Sign(); ok {
			have = append(have, s)
			all.add(s)
			for _, key := range s.Keys() {
				titles[key] = append(titles[key], n)
			}
		}
	}
	pairs := 0
	for _, s := range have {
		copies, _ := notice.Copies(s, all.under)
		for _, c := range copies {
			pairs++
			t.Logf("joined: %s and %s, %q: %s", s.OCID, c.OCID, s.Title, c.Because)
		}
	}
	for key, list := range titles {
		services := map[notice.Publisher]int{}
		for _, n := range list {
			services[n.Publisher]++
		}
		if len(services) > 1 {
			t.Logf("alike in title and buyer: %q %v", key, services)
			for _, n := range list {
				t.Logf("    %s first %s, last %s, deadline %v, value %v", n.OCID, n.First().Format(time.DateOnly), n.Updated().Format(time.DateOnly), n.Deadline.Value, n.Value.Net.Value)
			}
		}
	}
	t.Logf("%d notices have a sign; %d joinings", len(have), pairs/2)
	if pairs > 0 || len(have) < 4000 {
		t.Errorf("%d joinings of %d notices: judge them", pairs/2, len(have))
	}
}

// Notices of one service that have the same title and buyer are mostly different procurements: call-offs, rounds, lots let one by one. Were one of two of
// them in another service, and nothing else with that title there to make it doubtful, few would be joined.
func TestCopiesRepeated(t *testing.T) {
	groups := map[string][]notice.Sign{}
	for _, n := range published(t) {
		if s, ok := n.Sign(); ok {
			key := string(s.Publisher) + s.Keys()[0]
			groups[key] = append(groups[key], s)
		}
	}
	pairs, joined := 0, 0
	for _, list := range groups {
		for i, a := range list {
			for _, b := range list[:i] {
				pairs++
				if b.Publisher = notice.ContractsFinder; a.Publisher == notice.ContractsFinder {
					b.Publisher = notice.FindATender
				}
				if because, ok := a.Alike(b); ok {
					joined++
					t.Logf("%s %s %q: %s", a.OCID, b.OCID, a.Title, because)
				}
			}
		}
	}
	t.Logf("%d pairs, %d alike", pairs, joined)
	// Of the 24 each was looked at: all are one procurement that was published twice.
	if pairs < 7000 || joined > 24 {
		t.Errorf("%d of %d pairs are alike", joined, pairs)
	}
}

// twin is a release in Contracts Finder of what a notice of Find a Tender says, as its buyers write it there a while later.
func twin(n *notice.Notice, i int) string {
	title, buyer := n.Title.Value, n.Buyer.Name.Value
	switch i % 4 {
	case 1:
		title, buyer = strings.ToUpper(title), strings.ToUpper(buyer)
	case 2:
		title, buyer = strings.ReplaceAll(title, " - ", " – "), strings.ReplaceAll(buyer, " and ", " & ")
	case 3:
		title, buyer = html.EscapeString(title)+" ", "The "+buyer
	}
	at := n.Updated().Add(time.Duration(i%6) * 24 * time.Hour)
	deadline := ""
	if n.Deadline.Known() {
		deadline = fmt.Sprintf(`,"tenderPeriod":{"endDate":%q}`, n.Deadline.Value.End().UTC().Format(time.RFC3339))
	}
	value := ""
	if n.Value.Net.Known() {
		value = fmt.Sprintf(`,"value":{"amount":%s,"currency":"GBP"}`, n.Value.Net.Value.Decimal())
	}
	return fmt.Sprintf(`{"ocid":"ocds-b5fd17-%08d","id":"twin-%d","date":%q,"tag":["tender"],"buyer":{"id":"GB-CFS-%d","name":%q},`+
		`"parties":[{"id":"GB-CFS-%[4]d","name":%[5]q,"roles":["buyer"]}],"tender":{"id":"x","title":%q,"status":"active"%s%s}}`,
		i, i, at.Format(time.RFC3339), i, buyer, title, deadline, value)
}

// Of the open notices of Find a Tender, each with a copy made of it in Contracts Finder, those with a deadline are joined but for a few, and none wrongly.
func TestCopiesMade(t *testing.T) {
	all := signs{}
	var have []notice.Sign
	twins := map[string]string{}
	open, said := 0, 0
	for i, n := range published(t) {
		s, ok := n.Sign()
		if ok {
			have = append(have, s)
			all.add(s)
		}
		if n.Publisher != notice.FindATender || !n.Stage.Open() {
			continue
		}
		open++
		if n.Deadline.Known() {
			said++
		}
		text := twin(n, i)
		var copied *notice.Notice
		for item, err := range ocds.Decode(t.Context(), strings.NewReader(text), "twin") {
			if err != nil || item.Release == nil {
				t.Fatalf("%v: %s", err, text)
			}
			list, err := ocds.Project(item.Release.OCID, []notice.Release{*item.Release})
			if err != nil {
				t.Fatal(err)
			}
			copied = list[0]
		}
		if c, ok := copied.Sign(); ok {
			all.add(c)
			have = append(have, c)
			twins[c.OCID] = n.OCID
			twins[n.OCID] = c.OCID
		}
	}
	joined, wrong, with := 0, 0, 0
	var missed []string
	for _, s := range have {
		copies, err := notice.Copies(s, all.under)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range copies {
			if twins[s.OCID] == c.OCID {
				joined++
				if s.Deadline != 0 {
					with++
				}
			} else {
				wrong++
				t.Errorf("%s is joined to %s, not to its copy", s.OCID, c.OCID)
			}
		}
		if len(copies) == 0 && twins[s.OCID] != "" && s.Publisher == notice.FindATender {
			missed = append(missed, fmt.Sprintf("%s %q deadline %d", s.OCID, s.Title, s.Deadline))
		}
	}
	slices.Sort(missed)
	t.Logf("%d open notices, %d with a deadline; joined %d and %d, %d wrongly", open, said, joined/2, with/2, wrong)
	for _, m := range missed {
		t.Log("missed: ", m)
	}
	if joined/2*100 < 85*open || with/2*100 < 95*said {
		t.Error("too few are joined")
	}
}
