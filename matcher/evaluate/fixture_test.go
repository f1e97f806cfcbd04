package evaluate

import (
	"fmt"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/profiles"
)

// The tests' own notices. Buyers, suppliers and contracts are invented.

func said(s string) notice.Said[string] {
	return notice.Say(s, notice.Path{Release: "1", Pointer: "/x"})
}

// bought is a notice of a day in 2025 with its tags, of what is bought and under which code.
func bought(id string, day int, title string, code cpv.Code, tags ...string) *notice.Notice {
	return &notice.Notice{
		ID: "ocds-trial1-" + id, OCID: "ocds-trial1-" + id, Stage: notice.StageAward, Title: said(title),
		Description: said("The council buys " + strings.ToLower(title) + "."),
		Buyer:       notice.Organisation{Name: said("Wick Borough Council")},
		Releases:    []notice.Published{{Identity: id, Date: time.Date(2025, 1, 1+day, 9, 0, 0, 0, time.UTC), Tags: tags}},
		Lots: []notice.Lot{{CPV: []notice.Said[notice.Classification]{
			notice.Say(notice.Classification{Code: code}, notice.Path{Release: "1", Pointer: "/cpv"}),
		}}},
	}
}

// wonBy says who won a notice.
func wonBy(n *notice.Notice, names ...string) *notice.Notice {
	for i, name := range names {
		n.Awards = append(n.Awards, notice.Award{ID: fmt.Sprint(i), Suppliers: []notice.Organisation{{Name: said(name)}}})
	}
	return n
}

// history is award notices: some suppliers win three contracts of a trade of their own, and then others win other things.
func history(suppliers, others int) []*notice.Notice {
	trades := []struct {
		name string
		code cpv.Code
	}{
		{"Window cleaning", 90911300}, {"Tree surgery", 77211500}, {"School meals", 55524000}, {"Road marking", 45233221},
		{"Lift repair", 50750000}, {"Taxi journeys", 60120000}, {"Roof repair", 45261900},
	}
	var all []*notice.Notice
	for s := range suppliers {
		trade := trades[s%len(trades)]
		for win, day := range []int{1, 2, 40} {
			all = append(all, wonBy(bought(fmt.Sprintf("s%d-%d", s, win), day, fmt.Sprintf("%s in ward %c", trade.name, 'A'+win), trade.code, "award"),
				fmt.Sprintf("Firm %c%c Limited", 'A'+s, 'A'+s)))
		}
	}
	for i := range others {
		n := bought(fmt.Sprintf("o%03d", i), 3+i, fmt.Sprintf("Desks and chairs, batch %d", i), 39100000, "award")
		all = append(all, wonBy(n, fmt.Sprintf("Other %c%c%c", 'A'+i/26, 'A'+i%26, 'A'+i%7)))
	}
	return all
}

func profile(id string, keywords ...string) profiles.Profile {
	return profiles.Profile{ID: id, Name: id, Keywords: keywords}
}
