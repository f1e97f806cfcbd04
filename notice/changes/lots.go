package changes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bidfit/notice"
)

// lots compares the lots of two notices by their ids. Where a procurement was divided, or is
// no longer, what was said of the one lot is compared with what all of the many say alike.
func (d *differ) lots(older, newer *notice.Notice) {
	wasDivided, isDivided := divided(older), divided(newer)
	switch {
	case !wasDivided && !isDivided:
		if len(older.Lots) > 0 && len(newer.Lots) > 0 {
			a, b := older.Lots[0], newer.Lots[0]
			if sameWorth(a.Value, older.Value) && sameWorth(b.Value, newer.Value) {
				a.Value, b.Value = notice.Value{}, notice.Value{} // told already
			}
			if a.Status.Value == older.Status.Value && b.Status.Value == newer.Status.Value {
				a.Status, b.Status = notice.Said[string]{}, notice.Said[string]{}
			}
			d.compare(&a, &b)
		}
	case !wasDivided:
		d.add(LotDivision, lotAt(&newer.Lots[0]), "", lotNames(newer.Lots), "", "divided into %s: %s",
			notice.Count(len(newer.Lots), "lot", "lots"), clip(lotNames(newer.Lots), 200))
		if len(older.Lots) > 0 {
			d.compareWhole(&older.Lots[0], newer.Lots, true)
		}
	case !isDivided:
		d.add(LotDivision, lotAt(&older.Lots[0]), lotNames(older.Lots), "", "", "no longer divided into lots (there were %d)", len(older.Lots))
		if len(newer.Lots) > 0 {
			d.compareWhole(&newer.Lots[0], older.Lots, false)
		}
	default:
		d.compareLots(older.Lots, newer.Lots)
	}
}

func divided(n *notice.Notice) bool {
	return len(n.Lots) > 1 || len(n.Lots) == 1 && n.Lots[0].ID != ""
}

// compareWhole holds one undivided lot against many, in what the many say alike.
func (d *differ) compareWhole(one *notice.Lot, many []notice.Lot, dividedNow bool) {
	whole := alike(many, one)
	single := *one
	single.Title, single.Description, single.Status, single.Items = whole.Title, whole.Description, whole.Status, whole.Items
	single.Value, whole.Value = notice.Value{}, notice.Value{}
	whole.ID, whole.FromProse = "", 0
	single.ID, single.FromProse = "", 0
	if dividedNow {
		d.compare(&single, &whole)
	} else {
		d.compare(&whole, &single)
	}
}

// alike is what lots say together: their places and codes taken together, the rest where all agree; where
// they do not, it is as in other.
func alike(lots []notice.Lot, other *notice.Lot) notice.Lot {
	whole := lots[0]
	whole.CPV, whole.Places = nil, nil
	for i := range lots {
		l := &lots[i]
		whole.CPV = append(whole.CPV, l.CPV...)
		whole.Places = append(whole.Places, l.Places...)
		if i == 0 {
			continue
		}
		unless := func(same bool, as func()) {
			if !same {
				as()
			}
		}
		unless(yesNo(l.SME) == yesNo(whole.SME), func() { whole.SME = other.SME })
		unless(yesNo(l.VCSE) == yesNo(whole.VCSE), func() { whole.VCSE = other.VCSE })
		unless(none(reservationsOf(l.Reserved), reservationsOf(whole.Reserved)), func() { whole.Reserved = other.Reserved })
		unless(none(criteriaOf(l.Criteria), criteriaOf(whole.Criteria)), func() { whole.Criteria = other.Criteria })
		unless(none(sayings(l.Conditions), sayings(whole.Conditions)), func() { whole.Conditions = other.Conditions })
		unless(l.Renewal.Value == whole.Renewal.Value, func() { whole.Renewal = other.Renewal })
		unless(l.Options.Value == whole.Options.Value, func() { whole.Options = other.Options })
		unless(periodWords(l.Contract) == periodWords(whole.Contract), func() { whole.Contract = other.Contract })
	}
	return whole
}

func none(a, b []entry) bool {
	added, removed := apart(a, b)
	return len(added) == 0 && len(removed) == 0
}

func periodWords(p notice.Period) string {
	return fmt.Sprint(p.Start.Value.Date(), p.End.Value.Date(), p.MaxExtent.Value.Date(), p.Days.Value)
}

func sameWorth(a, b notice.Value) bool { return a.Words() == b.Words() }

// compareLots compares two divided procurements.
func (d *differ) compareLots(older, newer []notice.Lot) {
	before := make(map[string]*notice.Lot, len(older))
	for i := range older {
		before[older[i].ID] = &older[i]
	}
	all := d.found
	d.found = nil
	common := 0
	for i := range newer {
		is := &newer[i]
		was, ok := before[is.ID]
		if !ok {
			d.lot = is
			d.add(LotAdded, lotAt(is), "", describe(is), "", "%s added%s", is.Called(), titled(is))
			continue
		}
		delete(before, is.ID)
		common++
		d.compare(was, is)
	}
	for i := range older {
		if was := &older[i]; before[was.ID] != nil {
			d.lot = was
			d.add(LotRemoved, lotAt(was), describe(was), "", "", "%s removed%s", was.Called(), titled(was))
		}
	}
	d.lot = nil
	d.found = append(all, together(d.found, common)...)
}

// together tells once what is the same change in every lot.
func together(list []found, lots int) []found {
	if lots < 2 {
		return list
	}
	type key struct {
		what                 Kind
		before, after, words string
	}
	keyOf := func(f found) key { return key{f.What, f.Before, f.After, f.alike} }
	count := map[key]int{}
	for _, f := range list {
		count[keyOf(f)]++
	}
	kept := list[:0]
	told := map[key]bool{}
	for _, f := range list {
		k := keyOf(f)
		switch {
		case f.Lot == "" || count[k] < lots:
			kept = append(kept, f)
		case !told[k]:
			told[k] = true
			f.Lot, f.Words = "", f.alike+", in every lot"
			kept = append(kept, f)
		}
	}
	return kept
}

// compare compares one lot with what it was.
func (d *differ) compare(was, is *notice.Lot) {
	d.lot = is
	defer func() { d.lot = nil }()
	if gone := withdrawn(is.Status.Value); gone && !withdrawn(was.Status.Value) && is.ID != "" {
		d.add(LotWithdrawn, is.Status.At, was.Status.Value, is.Status.Value, "", "%s withdrawn%s", is.Called(), titled(is))
	} else {
		d.text(LotStatus, "status", was.Status, is.Status)
	}
	d.value("value", was.Value, is.Value)
	d.text(Title, "title", was.Title, is.Title)
	d.sentences(Description, "description", sentencesOf(was.Description), sentencesOf(is.Description))
	d.list(CPV, "CPV code", "CPV codes", codes(was.CPV), codes(is.CPV))
	d.list(Items, "item", "items", sayings(was.Items), sayings(is.Items))
	d.list(Places, "place of delivery", "places of delivery", placesOf(was.Places), placesOf(is.Places))
	d.flag(Suitability, "suitable for SMEs", was.SME, is.SME)
	d.flag(Suitability, "suitable for VCSEs", was.VCSE, is.VCSE)
	d.list(Reserved, "reservation", "reservations", reservationsOf(was.Reserved), reservationsOf(is.Reserved))
	d.period(Duration, "contract", was.Contract, is.Contract)
	d.text(Renewal, "renewal", was.Renewal, is.Renewal)
	d.text(Renewal, "options", was.Options, is.Options)
	d.list(Criteria, "award criterion", "award criteria", criteriaOf(was.Criteria), criteriaOf(is.Criteria))
	d.list(Conditions, "condition of participation", "conditions of participation", sayings(was.Conditions), sayings(is.Conditions))
	d.rest(Other, "", was, is)
}

func withdrawn(status string) bool {
	switch strings.ToLower(status) {
	case "cancelled", "withdrawn", "unsuccessful", "terminated":
		return true
	}
	return false
}

func titled(l *notice.Lot) string {
	if title := oneLine(l.Title.Value); title != "" {
		return ": " + clip(title, 120)
	}
	return ""
}

func describe(l *notice.Lot) string {
	return clip(strings.Join(slices.DeleteFunc([]string{cmp.Or(oneLine(l.Title.Value), l.Called()), l.Value.Words()},
		func(s string) bool { return s == "" }), ", "), longest)
}

func lotNames(lots []notice.Lot) string {
	var parts []string
	for i := range lots {
		if i == 10 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, lots[i].Called()+titled(&lots[i]))
	}
	return strings.Join(parts, "; ")
}

// lotAt is a place that names the lot.
func lotAt(l *notice.Lot) notice.Path {
	for _, at := range []notice.Path{l.Title.At, l.Status.At, l.Value.At(), l.Contract.Start.At, l.Description.At} {
		if at.Pointer != "" {
			return at
		}
	}
	return notice.Path{}
}

func reservationsOf(list []notice.Said[notice.Reservation]) []entry {
	entries := make([]entry, len(list))
	for i, s := range list {
		name := s.Value.Kind
		if s.Value.Text != "" && s.Value.Text != name {
			name += ": " + oneLine(s.Value.Text)
		}
		entries[i] = entry{name + "\n" + placeName(s.Value.Place), name, s.At}
	}
	return entries
}

func criteriaOf(list []notice.Said[notice.Criterion]) []entry {
	entries := make([]entry, len(list))
	for i, s := range list {
		name := s.Value.Words()
		entries[i] = entry{name + "\n" + s.Value.Unit + "\n" + oneLine(s.Value.Description), name, s.At}
	}
	return entries
}
