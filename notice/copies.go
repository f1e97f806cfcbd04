package notice

import (
	"html"
	"slices"
	"strings"
	"time"
	"unicode"

	"bidfit/notice/words"
)

// Copy is a notice of another service that is about the same opportunity, where neither names the other.
type Copy struct {
	OCID      string    `json:"ocid"`
	Publisher Publisher `json:"publisher"`
	// Because is why they are thought to be one: "same buyer, title and deadline".
	Because string `json:"because"`
}

// Sign is what tells copies of a notice in other services: buyer, title and date, and little else, for it is kept of every notice.
// What a sign has and when two are alike changes with [ocds.ProjectionVersion] alone, so that stores are read anew.
type Sign struct {
	OCID      string    `json:"ocid"`
	Publisher Publisher `json:"publisher"`
	Title     string    `json:"title"`  // folded
	Buyers    []string  `json:"buyers"` // identifiers in registers, and folded names after "=", sorted
	Days      []int     `json:"days"`   // on which releases of it were published, rising
	Deadline  int       `json:"deadline,omitzero"`
	Amounts   []Pence   `json:"amounts,omitzero"`
	Winners   []string  `json:"winners,omitzero"` // folded names of the suppliers, sorted
	Run       [2]int    `json:"run,omitzero"`     // first and last day of its contract, where it has one lot and both are said
}

const (
	// nearDays is how far apart copies may be published that have the same deadline; nearerDays those that agree in a value or in the
	// contract's dates, and at least one of them says no deadline. What comes again every month or year is farther apart.
	nearDays   = 14
	nearerDays = 7
	// A title of less than leastLetters says too little, one of less than leastWords does where there is no deadline.
	leastLetters = 10
	leastWords   = 3
	// MostAlike is how many notices of one service may have the same buyer and title: of a series none can be told from the others.
	MostAlike = 50
	// A sign keeps so many days and winners.
	mostDays    = 64
	mostWinners = 64
)

// registers are those in which an organisation has one number.
var registers = []string{"GB-COH-", "GB-PPON-", "GB-CHC-", "GB-SC-", "GB-NIC-"}

func register(id string) int {
	return slices.IndexFunc(registers, func(r string) bool { return strings.HasPrefix(id, r) })
}

// Sign is the sign of a notice; false for one of no known service, and one that says too little. So is a notice whose OCID unrelated buyers share:
// its OCID does not name one opportunity. Whoever has all notices of the OCID sees to that for the first of them.
func (n *Notice) Sign() (Sign, bool) {
	s := Sign{OCID: n.OCID, Publisher: n.Publisher, Title: foldTitle(n.Title.Value)}
	if n.ID != n.OCID || n.Publisher == "" || n.Publisher == OtherPublisher || len(s.Title) < leastLetters {
		return Sign{}, false
	}
	for _, o := range append([]Organisation{n.Buyer}, n.Buyers...) {
		for _, id := range append(slices.Clone(o.IDs), o.ID.Value) {
			if register(id) >= 0 {
				s.Buyers = append(s.Buyers, id)
			}
		}
		if key := NameKey(o.Name.Value); key != "" {
			s.Buyers = append(s.Buyers, "="+key)
		}
	}
	for _, r := range n.Releases {
		if !r.Date.IsZero() {
			s.Days = append(s.Days, day(r.Date))
		}
	}
	slices.Sort(s.Buyers)
	slices.Sort(s.Days)
	s.Buyers, s.Days = slices.Compact(s.Buyers), slices.Compact(s.Days)
	s.Days = s.Days[max(0, len(s.Days)-mostDays):]
	if len(s.Buyers) == 0 || len(s.Days) == 0 {
		return Sign{}, false
	}
	if n.Deadline.Known() {
		s.Deadline = day(n.Deadline.Value.Time)
	}
	for _, v := range []Said[Pence]{n.Value.Net, n.Value.Gross} {
		if v.Known() && v.Value > 100 { // 0 and 1 stand for no price
			s.Amounts = append(s.Amounts, v.Value)
		}
	}
	for i := range n.Awards {
		for j := range n.Awards[i].Suppliers {
			if key := NameKey(n.Awards[i].Suppliers[j].Name.Value); key != "" {
				s.Winners = append(s.Winners, key)
			}
		}
	}
	slices.Sort(s.Winners)
	s.Winners = slices.Compact(s.Winners)
	s.Winners = s.Winners[:min(len(s.Winners), mostWinners)]
	if len(n.Lots) == 1 {
		if c := n.Lots[0].Contract; c.Start.Known() && c.End.Known() {
			s.Run = [2]int{day(c.Start.Value.Time), day(c.End.Value.Time)}
		}
	}
	return s, true
}

// day numbers the days in London.
func day(t time.Time) int {
	y, m, d := t.In(London).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// foldTitle leaves of a title its words and numbers, in small letters without accents.
func foldTitle(title string) string {
	parts := strings.FieldsFunc(words.Fold(marks.Replace(html.UnescapeString(title))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(parts, " ")
}

// Keys are what two signs that are alike have one of in common.
func (s Sign) Keys() []string {
	keys := make([]string, len(s.Buyers))
	for i, b := range s.Buyers {
		keys[i] = s.Title + "\n" + b
	}
	return keys
}

// Alike reports whether two signs are of one opportunity in two services, and why. It is the same whichever is asked.
func (s Sign) Alike(o Sign) (because string, ok bool) {
	if s.Publisher == o.Publisher || s.OCID == o.OCID || s.Title != o.Title || !s.sameBuyer(o) {
		return "", false
	}
	apart := daysApart(s.Days, o.Days)
	value, dates, winner := s.sameAmount(o), s.Run != [2]int{} && s.Run == o.Run, common(s.Winners, o.Winners)
	switch {
	case len(s.Amounts) > 0 && len(o.Amounts) > 0 && !value, len(s.Winners) > 0 && len(o.Winners) > 0 && !winner:
		return "", false // two of a series: what both say is not the same
	case s.Deadline != 0 && o.Deadline != 0:
		return "same buyer, title and deadline", s.Deadline == o.Deadline && apart <= nearDays
	case apart > nearerDays, strings.Count(s.Title, " ") < leastWords-1, len(s.Winners)+len(o.Winners) > 0 && !winner:
		return "", false
	case s.Run != [2]int{} && o.Run != [2]int{} && !dates:
		return "", false
	}
	because = "same buyer, title and "
	if winner {
		because = "same buyer, title, supplier and "
	}
	if dates {
		return because + "contract dates, published within a week", true
	}
	return because + "value, published within a week", value
}

func common[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// sameAmount: one is the same, or is the other with VAT.
func (s Sign) sameAmount(o Sign) bool {
	for _, a := range s.Amounts {
		for _, b := range o.Amounts {
			if a == b || 5*a == 6*b || 6*a == 5*b {
				return true
			}
		}
	}
	return false
}

// sameBuyer: one identifier in common, or a name, unless one register has given them two numbers.
func (s Sign) sameBuyer(o Sign) bool {
	named := false
	numbers := map[int]bool{}
	for _, b := range s.Buyers {
		switch same := slices.Contains(o.Buyers, b); {
		case b[0] == '=':
			named = named || same
		case same:
			return true
		default:
			numbers[register(b)] = true
		}
	}
	return named && !slices.ContainsFunc(o.Buyers, func(b string) bool { return b[0] != '=' && numbers[register(b)] })
}

// daysApart is the least distance of two days in rising lists.
func daysApart(a, b []int) int {
	least := 1 << 30
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if a[i] < b[j] {
			least = min(least, b[j]-a[i])
			i++
		} else {
			least = min(least, a[i]-b[j])
			j++
		}
	}
	return least
}

// Services are those whose notices are looked through for copies.
func Services() []Publisher {
	return []Publisher{FindATender, ContractsFinder, PublicContractsScotland, Sell2Wales}
}

// Copies finds what a sign is a copy of: in each other service the one notice that is alike, if that is like no other of the sign's own service. Where
// more than one is, none is told from the others (two lots under one title). Under gives the signs of a service that have one of some keys, nil where those are
// more than [MostAlike]; what it gives may hold signs twice.
func Copies(of Sign, under func(Publisher, []string) ([]Sign, error)) ([]Copy, error) {
	only := func(of Sign, in Publisher) (other Sign, because string, err error) {
		signs, err := under(in, of.Keys())
		for _, s := range signs {
			why, ok := of.Alike(s)
			switch {
			case !ok || s.OCID == other.OCID:
			case other.OCID != "":
				return Sign{}, "", nil
			default:
				other, because = s, why
			}
		}
		return other, because, err
	}
	var copies []Copy
	for _, service := range Services() {
		if service == of.Publisher {
			continue
		}
		other, because, err := only(of, service)
		if err != nil {
			return nil, err
		}
		if other.OCID == "" {
			continue
		}
		back, _, err := only(other, of.Publisher)
		if err != nil {
			return nil, err
		}
		if back.OCID == of.OCID {
			copies = append(copies, Copy{OCID: other.OCID, Publisher: other.Publisher, Because: because})
		}
	}
	return copies, nil
}
