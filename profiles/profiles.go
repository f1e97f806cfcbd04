// Package profiles holds who is asking: the supplier [Profile], read strictly
// from YAML or JSON with errors that name line, field and remedy.
//
// [Decode] goes in three steps. A front end (yaml.go, json.go) turns the text
// into a tree of nodes that keeps every literal as it was written and where it
// stood, so that 03110000 is a code and not a number. The reader (decode.go)
// makes a Profile of each tree and remembers where each value came from. The
// rules (check.go) then judge the Profile alone: [Profile.Check] holds the same
// rules against profiles built in code. [Encode] writes the form a person edits.
// [DecodeForm] is a third front end, for a form in a browser.
package profiles

import (
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Profile is a supplier, as far as matching needs to know it.
type Profile struct {
	// ID is [A-Za-z0-9._-]{1,64}, case kept.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Identifiers are what the supplier is registered as, as notice.ParseIdentifier gives them
	// (GB-COH-01234567): what it has won is known by them.
	Identifiers []string     `json:"identifiers,omitzero"`
	Description string       `json:"description,omitzero"`
	Keywords    []string     `json:"keywords,omitzero"`
	Exclude     []string     `json:"exclude,omitzero"`
	CPV         []cpv.Code   `json:"cpv,omitzero"`
	Regions     []itl.Region `json:"regions,omitzero"`
	// Value is the band of net contract values, in pounds in files, pence here.
	Value Band `json:"value,omitzero"`
	// SME and VCSE say what the supplier is; nil where it does not say.
	SME  *bool `json:"sme,omitzero"`
	VCSE *bool `json:"vcse,omitzero"`

	// Base is where the supplier is based; "" where it does not say.
	Base itl.Region `json:"base,omitzero"`
	// Turnover is that of a year; nil where the supplier does not say.
	Turnover *Pounds `json:"turnover,omitzero"`
	// Insurance is the cover it has, by kind (Insurances); a kind left out is unsaid, 0 is none.
	Insurance map[string]Pounds `json:"insurance,omitzero"`

	Buyers Buyers `json:"buyers,omitzero"`
	// Experience is contracts delivered, each in a few words or as its notice told it: title and what was done.
	Experience []string `json:"experience,omitzero"`
	// Certifications are all it holds: standards, accreditations, security clearances. A list that
	// is there is whole; nil says nothing.
	Certifications []string `json:"certifications,omitzero"`
	// Frameworks the supplier is already on, by name or OCID.
	Frameworks []string `json:"frameworks,omitzero"`
	// LeadDays is how many days a bid takes to prepare; 0 means the default.
	LeadDays int `json:"leadDays,omitzero"`
	// Weights replaces the default weight of a criterion (0-100), by its name.
	Weights map[string]int `json:"weights,omitzero"`
}

// Buyers are named by a part of their name (whole words) or an identifier.
type Buyers struct {
	Prefer []string `json:"prefer,omitzero"`
	Avoid  []string `json:"avoid,omitzero"`
}

// Band is a notice.Range that files write in pounds: {min: 10000, max: 750000}.
type Band notice.Range

// Pounds is an amount that files write in pounds, kept in pence.
type Pounds notice.Pence

// String writes pounds: "£5,000,000".
func (p Pounds) String() string { return notice.Pence(p).String() }

// Insurances lists the kinds of cover a profile may name: public and employers' liability, professional
// indemnity, product liability, cyber and medical malpractice.
func Insurances() []string {
	return []string{"public", "employers", "professional", "products", "cyber", "medical"}
}

// Criteria lists the names a profile may weight, in the order reports show them.
func Criteria() []string {
	return []string{"subject", "words", "region", "value", "suitability", "timing", "buyer"}
}
