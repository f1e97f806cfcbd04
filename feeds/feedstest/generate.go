package feedstest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"bidfit/notice"
)

// Made says what notices are made up. The same one gives the same notices.
type Made struct {
	Seed     uint64
	From, To time.Time
	// Weekday is how many there are on a day from Monday to Friday, at least and at most; zero is 370 and 530, as measured on Find a Tender.
	Weekday [2]int
	// Late is the share that is shown up to LateBy after the date that it bears.
	Late   float64
	LateBy time.Duration
	// Skew is how far the service's clock goes wrong, one way and the other in turn.
	Skew time.Duration
	// Twice is the share of which the service holds a second, identical copy.
	Twice float64
	// Extra are more releases at one instant each.
	Extra map[time.Time]int
}

// hours is how many of a thousand weekday notices come in each hour in London: that of the recorded days.
var hours = [24]int{2, 1, 0, 0, 0, 1, 2, 14, 42, 104, 92, 126, 98, 71, 133, 141, 101, 44, 13, 4, 1, 7, 1, 2}

// holes is how many notice numbers of a thousand are never published: 4 of 959 on the recorded days.
const holes = 4

// made is what the text of a made-up release depends on.
type made struct {
	ocid int
	kind byte // 't'ender, 'u'pdate, 'p'lanning, 'a'ward
	seed uint64
}

// Releases makes them, in the order of their dates. Numbers ascend, with holes and now and then out of order, and begin again with each year.
func (m Made) Releases() []Release {
	rng := rand.New(rand.NewPCG(m.Seed, 6))
	if m.Weekday == [2]int{} {
		m.Weekday = [2]int{370, 530}
	}
	var times []time.Time
	y, mo, d := m.From.In(notice.London).Date()
	for day := time.Date(y, mo, d, 0, 0, 0, 0, notice.London); day.Before(m.To); day = day.AddDate(0, 0, 1) {
		n := m.Weekday[0] + rng.IntN(m.Weekday[1]-m.Weekday[0]+1)
		switch {
		case day.Weekday() == time.Saturday || day.Weekday() == time.Sunday:
			n = 4 + rng.IntN(20)
		case day.Month() == time.December && day.Day() >= 25 || day.Month() == time.January && day.Day() == 1:
			n = 10 + rng.IntN(30)
		}
		for range n {
			at := rng.IntN(1000)
			h := 0
			for ; at >= hours[h]; h++ {
				at -= hours[h]
			}
			y, mo, d := day.Date()
			times = append(times, time.Date(y, mo, d, h, rng.IntN(60), rng.IntN(60), 0, notice.London))
		}
	}
	for at, n := range m.Extra {
		for range n {
			times = append(times, at)
		}
	}
	times = slices.DeleteFunc(times, func(t time.Time) bool { return t.Before(m.From) || !t.Before(m.To) })
	slices.SortFunc(times, time.Time.Compare)

	var (
		all    = make([]Release, 0, len(times))
		year   int
		number int
		ocid   = 400_000
	)
	for i, t := range times {
		if y := t.In(notice.London).Year(); y != year {
			if number = 0; year == 0 && t.In(notice.London).YearDay() > 1 {
				number = t.In(notice.London).YearDay() * 340
			}
			year = y
		}
		number++
		for rng.IntN(1000) < holes {
			number++
		}
		r := Release{ID: fmt.Sprintf("%06d-%d", number, year), At: t, Shown: t, Seq: 500_000 + i, made: made{seed: rng.Uint64()}}
		switch k := rng.IntN(100); {
		case k < 25 && ocid > 400_200:
			r.made.kind, r.made.ocid = 'u', ocid-rng.IntN(200)
		case k < 45:
			r.made.kind, r.made.ocid = 'p', ocid
			ocid++
		case k < 70:
			r.made.kind, r.made.ocid = 'a', ocid
			ocid++
		default:
			r.made.kind, r.made.ocid = 't', ocid
			ocid++
		}
		if m.Skew > 0 {
			// A wave of ten days: the clock is ahead for five, then behind.
			phase := int64(t.Unix()/3600) % 240
			r.At = t.Add(m.Skew * time.Duration(min(phase, 240-phase)-60) / 60).Truncate(time.Second)
		}
		if rng.Float64() < m.Late {
			r.At = r.At.Add(-time.Duration(rng.Int64N(int64(m.LateBy)))).Truncate(time.Second)
		}
		if len(all) > 0 && rng.IntN(400) == 0 {
			// Two that were numbered in one order and published in the other.
			last := &all[len(all)-1]
			if last.ID[7:] == r.ID[7:] {
				last.ID, r.ID = r.ID, last.ID
			}
		}
		all = append(all, r)
	}
	for i := range len(all) {
		if rng.Float64() < m.Twice {
			all = append(all, all[i])
		}
	}
	slices.SortStableFunc(all, func(a, b Release) int { return a.At.Compare(b.At) })
	return all
}

// trades are what made-up notices are for: words, CPV code and category.
var trades = [...][3]string{
	{"Neighbour mediation service", "85312320", "services"}, {"Grounds maintenance of parks", "77314000", "services"},
	{"Replacement of street lighting", "45316110", "works"}, {"Supply of hospital beds", "33192120", "goods"},
	{"Cleaning of council offices", "90919200", "services"}, {"Software for case management", "72212000", "services"},
	{"Resurfacing of rural roads", "45233222", "works"}, {"School meals", "55523100", "services"},
	{"Legal advice on housing", "79110000", "services"}, {"Electric vehicles for the fleet", "34144900", "goods"},
	{"Roofing of a leisure centre", "45261210", "works"}, {"Home care for adults", "85312000", "services"},
}

var (
	places = [...][2]string{{"Northmarsh", "UKC11"}, {"Eastvale", "UKE21"}, {"Highmoor", "UKD72"}, {"Stonebury", "UKG24"}, {"Lowford", "UKK11"},
		{"Westhythe", "UKI31"}, {"Marlowdale", "UKF13"}, {"Inverglen", "UKM61"}, {"Llanferin", "UKL12"}, {"Kilbrae", "UKN06"}}
	bodies = [...]string{"Borough Council", "County Council", "Hospitals Trust", "Fire Authority", "Academy Trust", "Housing Association"}
)

// JSON is the release's text.
func (r *Release) JSON() []byte {
	if r.Raw != nil {
		return r.Raw
	}
	var (
		// What stays the same in a later release of one process depends on the OCID alone.
		rng    = rand.New(rand.NewPCG(uint64(r.made.ocid), 7))
		trade  = trades[rng.IntN(len(trades))]
		place  = places[rng.IntN(len(places))]
		buyer  = place[0] + " " + bodies[rng.IntN(len(bodies))]
		number = 1 + rng.IntN(9000)
		value  = (1 + rng.IntN(400)) * 5000
		at     = r.At.In(notice.London)
		due    = at.AddDate(0, 0, 14+int(r.made.seed%30)).Format("2006-01-02") + "T12:00:00Z"
		from   = at.AddDate(0, 3, 0).Format("2006-01-02") + "T00:00:00Z"
		until  = at.AddDate(2, 3, 0).Format("2006-01-02") + "T23:59:59Z"
		tag    = map[byte]string{'t': "tender", 'u': "tenderUpdate", 'p': "planning", 'a': "award"}[r.made.kind]
		status = map[byte]string{'t': "active", 'u': "active", 'p': "planning", 'a': "complete"}[r.made.kind]
	)
	b := fmt.Appendf(make([]byte, 0, 1600), `{"ocid":"ocds-h6vhtk-%06x","id":%q,"date":%q,"tag":[%q],"initiationType":"tender","language":"en",`+
		`"parties":[{"id":"GB-FTS-%d","name":%q,"roles":["buyer"],"address":{"locality":%q,"region":%q,"countryName":"United Kingdom"}}],"buyer":{"id":"GB-FTS-%d","name":%q},`,
		r.made.ocid, r.ID, at.Format(time.RFC3339), tag, number, buyer, place[0], place[1], number, buyer)
	b = fmt.Appendf(b, `"tender":{"id":"ocds-h6vhtk-%06x","title":"%s in %s","description":"%s for %s. The contract runs for two years.","status":%q,`+
		`"legalBasis":{"id":"2023/54","scheme":"UKPGA"},"procurementMethod":"open","procurementMethodDetails":"Open procedure","mainProcurementCategory":%q,"value":{"amount":%d,"amountGross":%d,"currency":"GBP"},`+
		`"items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":%q}],"deliveryAddresses":[{"region":%q}],"relatedLot":"1"}],`,
		r.made.ocid, trade[0], place[0], trade[0], buyer, status, trade[2], value, value*6/5, trade[1], place[1])
	if r.made.kind == 't' || r.made.kind == 'u' {
		b = fmt.Appendf(b, `"tenderPeriod":{"endDate":%q},`, due)
	}
	b = fmt.Appendf(b, `"lots":[{"id":"1","status":%q,"suitability":{"sme":true},"contractPeriod":{"startDate":%q,"endDate":%q}}]}`, status, from, until)
	if r.made.kind == 'a' {
		b = fmt.Appendf(b, `,"awards":[{"id":"1","status":"active","date":%q,"value":{"amount":%d,"currency":"GBP"},"relatedLots":["1"],"suppliers":[{"id":"GB-FTS-%d","name":"%s Works Ltd"}]}]`,
			at.Format(time.RFC3339), value, number+9000, place[0])
	}
	return append(b, '}')
}
