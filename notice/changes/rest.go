package changes

import (
	"reflect"
	"slices"
	"strings"

	"bidfit/notice"
)

// compared are the fields, by type, that have words of their own in the other files, and those whose
// differences are none: names, history, and what is derived from the rest.
var compared = map[reflect.Type][]string{
	reflect.TypeFor[notice.Notice](): strings.Fields(`ID OCID Also Copies Publisher Releases Stage Type Regime Title Description Texts
		Language Buyer Buyers Parties Members Bidders Status Category Method MethodText Direct AboveThreshold SpecialRegime Framework DynamicMarket
		Recurrent Value Deadline OtherDeadline Questions Future AwardBy Engagement MaxLotsBid MaxLotsAwarded Portal Documents Milestones
		Readings Lots Awards Issues`),
	reflect.TypeFor[notice.Lot](): strings.Fields(`ID FromProse Title Description Status CPV Items Places Value SME VCSE
		Reserved Contract Renewal Options Criteria Conditions`),
	reflect.TypeFor[notice.Award]():    strings.Fields(`ID Title Status Date Lots Suppliers Value Contract Contracts Milestones`),
	reflect.TypeFor[notice.Contract](): strings.Fields(`ID Title Status Signed Period Value Milestones`),
	reflect.TypeFor[notice.Organisation](): strings.Fields(`Name ID IDs Place Locality Postcode Country Street Type Scale VCSE
		URL Email Phone ContactFor Roles`),
}

// rest compares every field that has no words of its own: of each name, what is said now and was
// not, and the other way round.
func (d *differ) rest(what Kind, of string, older, newer any) {
	skip := compared[reflect.TypeOf(older).Elem()]
	added, removed := apart(entriesOf(notice.Leaves(older, skip...)), entriesOf(notice.Leaves(newer, skip...)))
	d.replaced(what, of, added, removed)
}

// entriesOf are leaves, each under its name.
func entriesOf(leaves []notice.Leaf) []entry {
	list := make([]entry, len(leaves))
	for i, leaf := range leaves {
		text := oneLine(leaf.Text)
		list[i] = entry{leaf.Name + "\x00" + text, text, leaf.At}
	}
	return list
}

// replaced tells, name by name, what was added and removed.
func (d *differ) replaced(what Kind, of string, added, removed []entry) {
	labels := map[string][2][]entry{}
	var order []string
	sort := func(list []entry, side int) {
		for _, e := range list {
			label, _, _ := strings.Cut(e.key, "\x00")
			pair, seen := labels[label]
			if !seen {
				order = append(order, label)
			}
			pair[side] = append(pair[side], e)
			labels[label] = pair
		}
	}
	sort(removed, 0)
	sort(added, 1)
	slices.Sort(order)
	for _, label := range order {
		was, is := labels[label][0], labels[label][1]
		switch {
		case len(was) == 1 && len(is) == 1:
			d.add(what, is[0].at, clip(was[0].name, longest), clip(is[0].name, longest), label+of, " changed from %s to %s", quoted(clip(was[0].name, 120)), quoted(clip(is[0].name, 120)))
		case len(was) == 0 && len(is) == 1:
			d.add(what, is[0].at, "", clip(is[0].name, longest), label+of, " now said: %s", quoted(clip(is[0].name, 120)))
		case len(is) == 0:
			d.add(what, was[0].at, names(was, longest), "", label+of, " no longer said (it was %s)", names(was, 120))
		default:
			d.add(what, is[0].at, names(was, longest), names(is, longest), label+of, " changed: %s added, %d removed", notice.Count(len(is), "entry", "entries"), len(was))
		}
	}
}
