package ocds

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"bidfit/notice"
)

// This file reads single values: what is said, where, and whether it can be
// meant. Null and blank text are silence; everything else that cannot be read becomes an
// Issue and stays unknown.

// words reads prose exactly as published, so that byte spans into it hold.
func (p *projector) words(v *value) notice.Said[string] {
	s, ok := p.text(v)
	if !ok {
		return notice.Said[string]{}
	}
	return notice.Say(s, v.path())
}

// token reads a name, code or address: text without the blanks around it.
func (p *projector) token(v *value) notice.Said[string] {
	s, ok := p.text(v)
	if !ok {
		return notice.Said[string]{}
	}
	return notice.Say(strings.TrimSpace(s), v.path())
}

// text reads a string, or the literal of a number where text was due.
func (p *projector) text(v *value) (string, bool) {
	switch v.kind() {
	case jsontext.KindInvalid, jsontext.KindNull:
		return "", false
	case jsontext.KindString:
		s, _ := v.str()
		return s, strings.TrimSpace(s) != ""
	case jsontext.KindNumber:
		return v.num()
	}
	p.issue("wrong-type", v, "text was expected here, not %s", kindName(v))
	return "", false
}

// tokens reads a list of names or codes; a single one counts as a list of one.
func (p *projector) tokens(v *value) []notice.Said[string] {
	var list []notice.Said[string]
	add := func(v *value) {
		if said := p.token(v); said.Known() {
			list = append(list, said)
		}
	}
	if !v.isArray() {
		add(v)
	}
	for _, e := range v.each() {
		add(e)
	}
	return distinct(list, textKey)
}

// id reads an identifier, for comparing: the text of a string or the literal of
// a number, "" where there is none.
func id(v *value) string {
	if s, ok := v.str(); ok {
		return strings.TrimSpace(s)
	}
	n, _ := v.num()
	return n
}

// flag reads a truth value.
func (p *projector) flag(v *value) notice.Said[bool] {
	if b, ok := v.boolean(); ok {
		return notice.Say(b, v.path())
	}
	if v == nil || v.isNull() {
		return notice.Said[bool]{}
	}
	s, _ := v.str()
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes":
		p.issue("wrong-type", v, "the text %q was read as true", s)
		return notice.Say(true, v.path())
	case "false", "no":
		p.issue("wrong-type", v, "the text %q was read as false", s)
		return notice.Say(false, v.path())
	}
	p.issue("wrong-type", v, "true or false was expected here, not %s", kindName(v))
	return notice.Said[bool]{}
}

// moment reads a date.
func (p *projector) moment(v *value) notice.Said[notice.Moment] {
	s, ok := p.text(v)
	if !ok {
		return notice.Said[notice.Moment]{}
	}
	m, err := parseMoment(s)
	if err != nil {
		p.issue("unreadable-date", v, "%v", err)
		return notice.Said[notice.Moment]{}
	}
	return notice.Say(m, v.path())
}

// count reads a whole number from 1 to most. Publishers write 1e9999 or the
// largest number they have for "no limit".
func (p *projector) count(v *value, most int) notice.Said[int] {
	literal, ok := p.number(v)
	if !ok {
		return notice.Said[int]{}
	}
	n, err := decimal(literal, 0)
	if err == nil && (n < 1 || n > int64(most)) {
		err = fmt.Errorf("%s is not between 1 and %d", clip(literal), most)
	}
	if err != nil {
		p.issue("number-out-of-range", v, "%v", err)
		return notice.Said[int]{}
	}
	return notice.Say(int(n), v.path())
}

// tally reads a count, which may be none.
func (p *projector) tally(v *value) notice.Said[int] {
	literal, ok := p.number(v)
	if !ok {
		return notice.Said[int]{}
	}
	n, err := decimal(literal, 0)
	if err == nil && (n < 0 || n > mostCounted) {
		err = fmt.Errorf("%s is not between 0 and %d", clip(literal), mostCounted)
	}
	if err != nil {
		p.issue("number-out-of-range", v, "%v", err)
		return notice.Said[int]{}
	}
	return notice.Say(int(n), v.path())
}

const mostCounted = 1_000_000_000

// share reads a part of a whole, published as a fraction of one: 0.95 is 95 %.
func (p *projector) share(v *value) notice.Said[notice.Share] {
	literal, ok := p.number(v)
	if !ok {
		return notice.Said[notice.Share]{}
	}
	n, err := decimal(literal, 4)
	if err == nil && (n < 0 || n > 10_000) {
		err = fmt.Errorf("%s is no part of a whole, which is between 0 and 1", clip(literal))
	}
	if err != nil {
		p.issue("number-out-of-range", v, "%v", err)
		return notice.Said[notice.Share]{}
	}
	return notice.Say(notice.Share(n), v.path())
}

// number reads the literal of a number, also out of a string.
func (p *projector) number(v *value) (string, bool) {
	if n, ok := v.num(); ok {
		return n, true
	}
	s, ok := p.text(v)
	if !ok {
		return "", false
	}
	n := plainNumber(s)
	if _, err := decimal(n, 0); err == nil {
		p.issue("number-as-text", v, "the text %q was read as the number %s", clip(s), clip(n))
	}
	return n, true
}

// plainNumber takes away what people write around figures: "£12,000 " is 12000.
func plainNumber(s string) string {
	s = strings.TrimSpace(strings.ToUpper(s))
	s = strings.TrimSuffix(strings.TrimPrefix(s, "GBP"), "GBP")
	return strings.NewReplacer("£", "", ",", "", " ", "", "\u00a0", "").Replace(s)
}

// placeholder is the largest amount that says "no price": 0, 1p and £1 are
// typed where a form insists on a figure.
const placeholder notice.Pence = 100

// pence reads an amount of money.
func (p *projector) pence(v *value) notice.Said[notice.Pence] {
	literal, ok := p.number(v)
	if !ok {
		return notice.Said[notice.Pence]{}
	}
	n, err := decimal(literal, 2)
	if err != nil {
		p.issue("number-out-of-range", v, "%v", err)
		return notice.Said[notice.Pence]{}
	}
	amount := notice.Pence(n)
	if amount <= placeholder {
		p.issue("placeholder-amount", v, "%s is typed where no price is known", clip(literal))
		return notice.Said[notice.Pence]{}
	}
	return notice.Say(amount, v.path())
}

// money reads a Value object.
func (p *projector) money(v *value) notice.Value {
	m := notice.Value{
		Net:      p.pence(v.get("amount")),
		Gross:    p.pence(v.get("amountGross")),
		Currency: p.token(v.get("currency")),
	}
	m.Currency.Value = strings.ToUpper(m.Currency.Value)
	net, gross := m.Net.Value, m.Gross.Value
	switch {
	case !m.Net.Known() || !m.Gross.Known():
	case gross < net:
		p.issue("gross-below-net", v.get("amountGross"), "%v with VAT is less than %v without", gross, net)
	case gross/2 > net:
		p.issue("gross-far-above-net", v.get("amountGross"), "%v with VAT is more than twice %v without", gross, net)
	}
	return m
}

// period reads the time a contract runs.
func (p *projector) period(v *value) notice.Period {
	t := notice.Period{
		Start:     p.moment(v.get("startDate")),
		End:       p.moment(v.get("endDate")),
		MaxExtent: p.moment(v.get("maxExtentDate")),
		Days:      p.count(v.get("durationInDays"), longestDays),
	}
	if months := p.count(v.get("durationInMonths"), longestDays/monthDays); months.Known() && !t.Days.Known() {
		t.Days = notice.Say(months.Value*monthDays, months.At)
	}
	if t.Start.Known() && t.End.Known() && t.End.Value.End().Before(t.Start.Value.Time) {
		p.issue("period-backwards", v.get("endDate"), "the contract ends on %v, before it starts on %v", t.End.Value, t.Start.Value)
	}
	return t
}

const (
	longestDays = 100 * 366
	monthDays   = 30 // as the publishers themselves turn months into days: 48 months are 1440
)

// decimal reads a JSON number, scaled by ten to the power of places and rounded to
// the nearest whole, without ever going through a float.
func decimal(literal string, places int) (int64, error) {
	const most = 16 // digits: ten trillion pounds in pence, and far from overflow
	n, negative := strings.CutPrefix(literal, "-")
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(n), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a number", clip(literal))
	}
	shift := 0
	if hasExponent {
		var err error
		if shift, err = strconv.Atoi(exponent); err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0, fmt.Errorf("%q is not a number", clip(literal))
		}
		shift = max(-len(digits)-most, min(shift, len(digits)+2*most)) // further makes no difference
	}
	point := len(whole) + shift + places // where the decimal point stands in digits
	significant := strings.TrimLeft(digits, "0")
	point -= len(digits) - len(significant)
	switch {
	case significant == "" || point < 0:
		return 0, nil
	case point > most:
		return 0, fmt.Errorf("%s is too large to be meant", clip(literal))
	}
	for len(significant) <= point {
		significant += "0"
	}
	var value int64
	for _, d := range significant[:point] {
		value = value*10 + int64(d-'0')
	}
	if significant[point] >= '5' {
		value++
	}
	if negative {
		value = -value
	}
	return value, nil
}

// kindName names what was found, for a person.
func kindName(v *value) string {
	switch v.kind() {
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "true or false"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindString:
		return "text"
	}
	return "nothing"
}
