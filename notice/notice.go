// Package notice holds the words of the house: what a publisher released
// ([Release]), what the releases of one procurement say when read together
// ([Notice], [Lot]), the place that said each value ([Said], [Path]) and what
// could not be read ([Issue]). It does no I/O and knows no file format; package
// ocds reads the publishers' JSON into these types.
//
// Names are those of the Open Contracting Data Standard 1.1 where it has one.
// Money is in whole pence ([Pence]), calendar days are those of Europe/London,
// and a value nobody published is the zero [Said], never a sentinel.
package notice

import (
	"iter"
	"strings"
	"time"

	"bidfit/notice/cpv"
	"bidfit/notice/itl"
)

// Path is the place in a published release that said something.
type Path struct {
	// Release is the release's identity: its id as published, or
	// "sha256:" and its content hash where the publisher gave none.
	Release string `json:"release"`
	// Pointer is a JSON Pointer (RFC 6901) into that release.
	Pointer string `json:"pointer"`
	// Start and End are the byte span inside the string at Pointer, for what
	// was read from prose; both zero mean the whole value.
	Start int `json:"start"`
	End   int `json:"end"`
}

// Said is a value and the place that said it. The zero Said is "nobody said".
type Said[T any] struct {
	Value T    `json:"value"`
	At    Path `json:"at"`
}

// Known reports whether anybody said the value.
func (s Said[T]) Known() bool { return s.At.Pointer != "" }

// IsZero lets encoders leave unsaid values out (omitzero).
func (s Said[T]) IsZero() bool { return !s.Known() }

// Say pairs a value with its place.
func Say[T any](v T, at Path) Said[T] { return Said[T]{Value: v, At: at} }

// Quote is a place and the publisher's own words there.
type Quote struct {
	Path
	Quote string `json:"quote"`
}

// Release is one published release, as it came, identified.
type Release struct {
	OCID string
	// ID is the release's id as published; "" where it has none.
	ID string
	// Hash is the SHA-256 of Raw with insignificant white space removed.
	Hash [32]byte
	// Date is the release's date; the zero time where it could not be read.
	Date time.Time
	Tags []string
	// Raw is the release's JSON text: valid UTF-8, valid JSON, repaired where
	// Issues say so.
	Raw []byte
	// Issues are what had to be repaired or noted on the way in.
	Issues []Issue
}

// Identity is the release's id, or "sha256:" and the hex content hash where
// the publisher gave none. OCID and Identity together name a release.
func (r *Release) Identity() string {
	if r.ID != "" {
		return r.ID
	}
	return HashName(r.Hash)
}

// HashName is how a content hash is written where an id is missing.
func HashName(h [32]byte) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("sha256:")
	for _, x := range h {
		b.WriteByte(hex[x>>4])
		b.WriteByte(hex[x&15])
	}
	return b.String()
}

// Rejected is a release (or the part of a file) that could not be read at all,
// with where it stood and why: the line kept in quarantine.
type Rejected struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"` // bytes into the decompressed stream
	OCID   string `json:"ocid,omitzero"`
	Code   string `json:"code"`   // stable, kebab-case: "missing-ocid", "invalid-json", "too-deep" …
	Reason string `json:"reason"` // a sentence for a person, with the remedy
	// Raw is what was rejected, cut to the first 64 KiB.
	Raw []byte `json:"-"`
}

// Issue is something in a release that could not be read as meant, or that had
// to be repaired. The rest of the release counts all the same.
type Issue struct {
	Code    string `json:"code"` // stable, kebab-case: "number-out-of-range", "unknown-cpv" …
	At      Path   `json:"at"`
	Message string `json:"message"`
}

// Publisher is the service that published a notice, known by its OCID prefix.
type Publisher string

const (
	FindATender             Publisher = "find-a-tender"             // ocds-h6vhtk-
	ContractsFinder         Publisher = "contracts-finder"          // ocds-b5fd17-
	PublicContractsScotland Publisher = "public-contracts-scotland" // ocds-r6ebe6-
	Sell2Wales              Publisher = "sell2wales"                // ocds-kuma6s-
	OtherPublisher          Publisher = "other"
)

// Stage is how far a procurement has come, seen from a supplier.
type Stage string

const (
	StagePipeline   Stage = "pipeline"   // UK1: announced for some day
	StageEngagement Stage = "engagement" // UK2: preliminary market engagement
	StagePlanned    Stage = "planned"    // UK3, F01: a tender is coming
	StageMarket     Stage = "market"     // UK13-15: a dynamic market to join
	StageTender     Stage = "tender"     // UK4, F02 and kin: bid
	StageAward      Stage = "award"      // UK5-7, F03 and kin: somebody has it, or is about to
	StageContract   Stage = "contract"   // UK8-11: performance, change, termination
	StageEnded      Stage = "ended"      // cancelled, withdrawn, unsuccessful, a market closed
	StageOther      Stage = "other"      // UK17 and what cannot be told
)

// Open reports whether a supplier can still do something at this stage.
func (s Stage) Open() bool {
	switch s {
	case StagePipeline, StageEngagement, StagePlanned, StageMarket, StageTender:
		return true
	}
	return false
}

// Regime is the law a procurement is run under.
type Regime string

const (
	Act2023     Regime = "act-2023"         // Procurement Act 2023 (legalBasis scheme UKPGA)
	Regulations Regime = "regulations-2015" // the 2015 and 2016 regulations (CELEX, Contracts Finder, Scotland)
)

// Range is a band of money; a nil end is open.
type Range struct {
	Min *Pence `json:"min,omitzero"`
	Max *Pence `json:"max,omitzero"`
}

// Value is what something is worth. Net excludes VAT and is held against a
// supplier's band; Gross includes it and is held against legal thresholds. Min is the
// lower end where the publisher gave a span (Contracts Finder minValue), net.
type Value struct {
	Net      Said[Pence]  `json:"net,omitzero"`
	Gross    Said[Pence]  `json:"gross,omitzero"`
	Min      Said[Pence]  `json:"min,omitzero"`
	PerYear  Said[Pence]  `json:"perYear,omitzero"`  // net, where a year's worth is named
	Currency Said[string] `json:"currency,omitzero"` // ISO 4217; silent means GBP
}

// Code is the value's currency; pounds where it does not say.
func (v Value) Code() string {
	if !v.Currency.Known() {
		return "GBP"
	}
	return v.Currency.Value
}

// Pounds reports whether the value is in pounds sterling (or does not say).
func (v Value) Pounds() bool { return v.Code() == "GBP" }

// Priced reports whether an amount is known.
func (v Value) Priced() bool { return v.Net.Known() || v.Gross.Known() || v.Min.Known() }

// Classification is a CPV code as published.
type Classification struct {
	Code        cpv.Code     `json:"code"`
	Description Said[string] `json:"description,omitzero"`
	// Main marks the main code of its tender (tender.classification).
	Main bool `json:"main,omitzero"`
}

// Place is where the work is, or where an organisation sits.
type Place struct {
	// Text is what was published: "UKG2", "North West", "ST18 0YY".
	Text string `json:"text"`
	// Region is what the text means; "" where it is outside the UK or means nothing to us.
	Region itl.Region `json:"region,omitzero"`
}

// Moment is a point in time, or a whole day where only a date was published.
type Moment struct {
	time.Time
	// Day marks a date without a time: the whole day, Europe/London.
	Day bool
}

// Period is the time a contract runs.
type Period struct {
	Start Said[Moment] `json:"start,omitzero"`
	End   Said[Moment] `json:"end,omitzero"`
	// MaxExtent is the end with every extension used.
	MaxExtent Said[Moment] `json:"maxExtent,omitzero"`
	// Days is a length given without dates (durationInDays).
	Days Said[int] `json:"days,omitzero"`
}

// Deadline is the last moment to do something, and what.
type Deadline struct {
	Said[Moment]
	Kind DeadlineKind `json:"kind,omitzero"`
}

// DeadlineKind is what a deadline is for.
type DeadlineKind string

const (
	DeadlineTender     DeadlineKind = "tender"               // tenderPeriod.endDate
	DeadlineInterest   DeadlineKind = "expressionOfInterest" // expressionOfInterestDeadline
	DeadlineEngagement DeadlineKind = "engagement"           // planning.milestones[engagement].dueDate
)

// Reservation limits who may take part. Kind "sheltered" is s.32 supported
// employment, "mutual" s.33 public service mutuals, "sme", "vcse" and "smeVcse" (either will do)
// below-threshold reservations (Procurement Act 2023, s.84-88 with NPPN 2024), "location" a county,
// borough or the whole UK (Place), "other" what we cannot name. A supplier must satisfy every
// reservation, and of several places one.
type Reservation struct {
	Kind  string `json:"kind"`
	Text  string `json:"text"`
	Place Place  `json:"place,omitzero"`
}

// Criterion is one award criterion.
type Criterion struct {
	Kind   string `json:"kind,omitzero"` // price, cost, quality
	Name   string `json:"name,omitzero"`
	Weight string `json:"weight,omitzero"` // as published, "60" or "40-60"
	// Description is what is said about it beyond its name.
	Description string `json:"description,omitzero"`
	Unit        string `json:"unit,omitzero"` // percentageExact, order, …
}

// Organisation is a party to a procurement.
type Organisation struct {
	Name Said[string] `json:"name,omitzero"`
	// ID is the best identifier the publisher gave: GB-COH, then GB-PPON, then
	// whatever else ("GB-FTS-1234"), company numbers padded to eight characters.
	ID         Said[string] `json:"id,omitzero"`
	IDs        []string     `json:"ids,omitzero"` // every identifier of it, sorted
	Place      Said[Place]  `json:"place,omitzero"`
	Locality   Said[string] `json:"locality,omitzero"`
	Postcode   Said[string] `json:"postcode,omitzero"`
	Country    Said[string] `json:"country,omitzero"`
	Street     Said[string] `json:"street,omitzero"`
	Type       Said[string] `json:"type,omitzero"`  // UK_CA_TYPE or TED_CA_TYPE
	Scale      Said[string] `json:"scale,omitzero"` // sme, large …
	VCSE       Said[bool]   `json:"vcse,omitzero"`
	URL        Said[string] `json:"url,omitzero"`
	Email      Said[string] `json:"email,omitzero"`
	Phone      Said[string] `json:"phone,omitzero"`
	ContactFor Said[string] `json:"contact,omitzero"` // name of the contact point
	// Roles are the parts it plays, as the publisher names them: buyer,
	// centralPurchasingBody, supplier, removedSupplier, reviewBody …
	Roles      []string     `json:"roles,omitzero"`
	RoleText   Said[string] `json:"roleDetails,omitzero"`
	Activity   Said[string] `json:"activity,omitzero"`     // main activity: COFOG or TED_CE_ACTIVITY
	Devolved   Said[string] `json:"devolved,omitzero"`     // UK_CA_DEVOLVED_REGULATIONS: Wales, Northern Ireland
	Profile    Said[string] `json:"buyerProfile,omitzero"` // details.buyerProfile, an address
	Mutual     Said[bool]   `json:"mutual,omitzero"`       // details.publicServiceMissionOrganization
	Sheltered  Said[bool]   `json:"sheltered,omitzero"`    // details.shelteredWorkshop
	Unnumbered Said[string] `json:"noIdentifier,omitzero"` // identifier.noIdentifierRationale
}

// Milestone is a date the publisher set under a heading of its own.
type Milestone struct {
	ID          string       `json:"id,omitzero"`
	Kind        string       `json:"kind,omitzero"` // engagement, delivery, …
	Title       Said[string] `json:"title,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	Due         Said[Moment] `json:"due,omitzero"`
	Met         Said[Moment] `json:"met,omitzero"`    // dateMet
	Status      Said[string] `json:"status,omitzero"` // scheduled, met, notMet …
}

// Document is something the publisher attached or linked.
type Document struct {
	Type string `json:"type,omitzero"`
	// Notice is the kind of notice (UK4) where the document is the page of one: each is a release,
	// also where the store has them only as one compiled release.
	Notice string `json:"noticeType,omitzero"`
	Title  string `json:"title,omitzero"`
	// Description is what is said of it beyond its title; how to get at it where it has no address.
	Description string       `json:"description,omitzero"`
	URL         Said[string] `json:"url,omitzero"`
	// Published is the day it was put out, Format its media type.
	Published Said[Moment] `json:"published,omitzero"`
	Modified  Said[Moment] `json:"modified,omitzero"`
	Format    string       `json:"format,omitzero"`
	Language  string       `json:"language,omitzero"`
}

// Published is one entry in the history of a notice.
type Published struct {
	Identity string    `json:"id"`
	Hash     string    `json:"hash"` // HashName
	Date     time.Time `json:"date,omitzero"`
	Tags     []string  `json:"tags"`
	Type     string    `json:"type,omitzero"` // UK2, F02 …
	URL      string    `json:"url,omitzero"`
}

// Lot is what one bids for. A tender that is not divided is one lot with ID "".
// Where a lot is silent and its tender speaks for all, the tender's word is copied
// down (with the tender's place in At); a total over several lots is not copied.
type Lot struct {
	ID string `json:"id"`
	// FromProse is how sure the reading of a lot is that stands in prose alone, in
	// percent; 0 for a published lot. Its ID is "~" and what the text calls it ("~A").
	FromProse   int                    `json:"fromProse,omitzero"`
	Title       Said[string]           `json:"title,omitzero"`
	Description Said[string]           `json:"description,omitzero"`
	Status      Said[string]           `json:"status,omitzero"`
	CPV         []Said[Classification] `json:"cpv,omitzero"`
	// Items are the item descriptions of the lot.
	Items    []Said[string]      `json:"items,omitzero"`
	Places   []Said[Place]       `json:"places,omitzero"`
	Value    Value               `json:"value,omitzero"`
	SME      Said[bool]          `json:"sme,omitzero"`
	VCSE     Said[bool]          `json:"vcse,omitzero"`
	Reserved []Said[Reservation] `json:"reserved,omitzero"`
	Contract Period              `json:"contract,omitzero"`
	// Renewal and Options are descriptions, or "yes" or "no" where only that was said.
	Renewal    Said[string]      `json:"renewal,omitzero"`
	Options    Said[string]      `json:"options,omitzero"`
	Criteria   []Said[Criterion] `json:"criteria,omitzero"`
	Conditions []Said[string]    `json:"conditions,omitzero"` // selection criteria
	// Label is what the publisher calls the lot beside its id (identifiers[].id): "Lot 1".
	Label Said[string] `json:"label,omitzero"`
	// Variants is whether variants may be offered, Catalogue whether an electronic catalogue
	// must be (submissionTerms): allowed, notAllowed, required.
	Variants  Said[string] `json:"variants,omitzero"`
	Catalogue Said[string] `json:"catalogue,omitzero"`
	// LeastInvited and MostInvited are how many candidates are taken into the second stage.
	LeastInvited Said[int] `json:"leastInvited,omitzero"`
	MostInvited  Said[int] `json:"mostInvited,omitzero"`
}

// Notice is what the releases of one procurement say when read together.
type Notice struct {
	// ID names the notice in the store: its OCID, or OCID@BUYER for the second
	// and later unrelated buyers who share one OCID.
	ID   string `json:"id"`
	OCID string `json:"ocid"`
	// Also are other OCIDs the publisher names for the same opportunity.
	Also []Said[string] `json:"also,omitzero"`
	// Copies are notices of other services about the same opportunity. The store tells them of what it gives: it alone sees the other notices.
	Copies    []Copy    `json:"copies,omitzero"`
	Publisher Publisher `json:"publisher"`
	// Releases is the history, in order; the last is the newest.
	Releases []Published  `json:"releases"`
	Stage    Stage        `json:"stage"`
	Type     Said[string] `json:"type,omitzero"` // UK1-UK17, F01 …, CF-opportunity …
	Regime   Said[Regime] `json:"regime,omitzero"`

	// Reference is the buyer's own number for it (tender.id).
	Reference   Said[string] `json:"reference,omitzero"`
	Title       Said[string] `json:"title,omitzero"`
	Description Said[string] `json:"description,omitzero"`
	// Texts are further prose: the engagement description, procurement method
	// rationale, framework description and so on.
	Texts    []Said[string] `json:"texts,omitzero"`
	Language Said[string]   `json:"language,omitzero"`

	Buyer Organisation `json:"buyer,omitzero"`
	// Buyers are further buyers of a joint procurement.
	Buyers []Organisation `json:"buyers,omitzero"`
	// Parties are those who neither buy nor win: review bodies, contact points, suppliers
	// who left a contract or market.
	Parties []Organisation `json:"parties,omitzero"`
	// Members are the suppliers on a dynamic market, as far as its notices name them.
	Members []Organisation `json:"members,omitzero"`

	Status     Said[string] `json:"status,omitzero"`
	Reason     Said[string] `json:"statusDetails,omitzero"` // why it stands so; of an award or contract see there
	Category   Said[string] `json:"category,omitzero"`      // goods, services, works
	Method     Said[string] `json:"method,omitzero"`        // open, selective, limited, direct
	MethodText Said[string] `json:"methodText,omitzero"`
	// Direct is said when the procurement cannot be bid for in the open: a direct
	// award, an award or call-off under an existing framework.
	Direct Said[string] `json:"direct,omitzero"`
	// Grounds are why it is, or was, awarded without competition
	// (procurementMethodRationaleClassifications); the rationale in words is among Texts.
	Grounds        []Said[string] `json:"grounds,omitzero"`
	Competitive    Said[bool]     `json:"competitive,omitzero"` // a call-off: whether those on the framework compete
	Accelerated    Said[bool]     `json:"accelerated,omitzero"` // procedure.isAccelerated
	AboveThreshold Said[bool]     `json:"aboveThreshold,omitzero"`
	SpecialRegime  []Said[string] `json:"specialRegime,omitzero"` // lightTouch, utilities, …
	Agreements     []Said[string] `json:"coveredBy,omitzero"`     // trade agreements: GPA, CPTPP
	Law            Said[string]   `json:"law,omitzero"`           // legalBasis.id: 2023/54, 32014L0024
	// Categories are further kinds of purchase (additionalProcurementCategories).
	Categories []Said[string] `json:"categories,omitzero"`

	// Framework is said when the procurement sets up a framework; DynamicMarket
	// when it sets up a dynamic market or purchasing system. A framework's value is a ceiling.
	Framework      Said[string]       `json:"framework,omitzero"`
	DynamicMarket  Said[string]       `json:"dynamicMarket,omitzero"`
	FrameworkTerms FrameworkAgreement `json:"frameworkTerms,omitzero"`
	// MarketStatus is how a dynamic market stands: pending, active, terminated.
	MarketStatus      Said[string] `json:"marketStatus,omitzero"`
	MarketType        Said[string] `json:"marketType,omitzero"`
	ElectronicAuction Said[bool]   `json:"electronicAuction,omitzero"`
	// Recurrent is said when the need will come again, RecursOn when that is expected to be published.
	Recurrent Said[bool]     `json:"recurrent,omitzero"`
	RecursOn  []Said[Moment] `json:"recursOn,omitzero"` // recurrence.dates[].startDate

	Value    Value    `json:"value,omitzero"` // of the whole procurement
	Budget   Budget   `json:"budget,omitzero"`
	Deadline Deadline `json:"deadline,omitzero"`
	// OtherDeadline is the other one where both tenders and expressions of interest have theirs.
	OtherDeadline Deadline     `json:"otherDeadline,omitzero"`
	Opens         Said[Moment] `json:"opens,omitzero"`      // tenderPeriod.startDate
	Questions     Said[Moment] `json:"questions,omitzero"`  // enquiryPeriod.endDate
	Future        Said[Moment] `json:"future,omitzero"`     // communication.futureNoticeDate
	AwardFrom     Said[Moment] `json:"awardFrom,omitzero"`  // awardPeriod.startDate
	AwardBy       Said[Moment] `json:"awardBy,omitzero"`    // awardPeriod.endDate
	Published     Said[Moment] `json:"published,omitzero"`  // tender.datePublished: when the tender was first put out
	Engagement    Deadline     `json:"engagement,omitzero"` // kept beside a later tender deadline

	MaxLotsBid     Said[int] `json:"maxLotsBid,omitzero"`
	MaxLotsAwarded Said[int] `json:"maxLotsAwarded,omitzero"`

	Portal      Said[string] `json:"portal,omitzero"` // submissionMethodDetails
	Submission  Submission   `json:"submission,omitzero"`
	SecondStage SecondStage  `json:"secondStage,omitzero"`
	Opening     Opening      `json:"opening,omitzero"`
	Terms       Terms        `json:"terms,omitzero"`
	Fees        []Fee        `json:"fees,omitzero"`
	// Review is how a decision can be challenged (reviewDetails).
	Review     Said[string] `json:"review,omitzero"`
	Related    []Related    `json:"related,omitzero"`
	Amendments []Amendment  `json:"amendments,omitzero"` // tender.amendments
	Documents  []Document   `json:"documents,omitzero"`
	Milestones []Milestone  `json:"milestones,omitzero"`
	// Readings are what was read from the prose of all of it.
	Readings Readings `json:"readings,omitzero"`

	Lots   []Lot   `json:"lots"` // never empty
	Awards []Award `json:"awards,omitzero"`
	// Statistics are counts of bids and the lowest and highest of them, Bidders who made them.
	Statistics []Statistic `json:"statistics,omitzero"`
	Bidders    []Bidder    `json:"bidders,omitzero"`
	// Figures are what a notice says that is no procurement (UK17, payments compliance): its texts and
	// numbers under the publisher's own names.
	Figures []Figure `json:"figures,omitzero"`
	Issues  []Issue  `json:"issues,omitzero"`
}

// Updated is the date of the newest release.
func (n *Notice) Updated() time.Time {
	var t time.Time
	for _, r := range n.Releases {
		if r.Date.After(t) {
			t = r.Date
		}
	}
	return t
}

// First is the date of the oldest dated release.
func (n *Notice) First() time.Time {
	var t time.Time
	for _, r := range n.Releases {
		if !r.Date.IsZero() && (t.IsZero() || r.Date.Before(t)) {
			t = r.Date
		}
	}
	return t
}

// Lot finds a lot by its id.
func (n *Notice) Lot(id string) (*Lot, bool) {
	for i := range n.Lots {
		if n.Lots[i].ID == id {
			return &n.Lots[i], true
		}
	}
	return nil, false
}

// Proses are the texts of a notice, each whole, at the place that was published.
func (n *Notice) Proses() iter.Seq[Said[string]] {
	return func(yield func(Said[string]) bool) {
		all := func(texts ...Said[string]) bool {
			for _, s := range texts {
				if s.Known() && s.At.End == 0 && !yield(s) {
					return false
				}
			}
			return true
		}
		if !all(n.Title, n.Description) || !all(n.Texts...) {
			return
		}
		for i := range n.Lots {
			l := &n.Lots[i]
			if !all(l.Title, l.Description, l.Renewal, l.Options) || !all(l.Items...) || !all(l.Conditions...) {
				return
			}
			for _, c := range l.CPV {
				if !all(c.Value.Description) {
					return
				}
			}
		}
		for i := range n.Milestones {
			if !all(n.Milestones[i].Title, n.Milestones[i].Description) {
				return
			}
		}
	}
}

// Prose finds the text that was published at a place, whatever span of it the place names.
func (n *Notice) Prose(at Path) (string, bool) {
	for s := range n.Proses() {
		if s.At.Release == at.Release && s.At.Pointer == at.Pointer {
			return s.Value, true
		}
	}
	return "", false
}

// URL is the address of the newest release's page, "" where none was published.
func (n *Notice) URL() string {
	for i := len(n.Releases) - 1; i >= 0; i-- {
		if u := n.Releases[i].URL; u != "" {
			return u
		}
	}
	return ""
}
