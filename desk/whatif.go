package desk

import (
	"context"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/pursuit"
)

// WhatIf looks for the cheapest change of profile or notice with which the advice on a lot, without one the best lot,
// would be better. ErrNotFound for an unknown profile, notice or lot.
func (d *Desk) WhatIf(ctx context.Context, profile string, target pursuit.Target, asOf time.Time) (matcher.WhatIf, error) {
	c, err := d.compare(ctx, profile, target)
	if err != nil {
		return matcher.WhatIf{}, err
	}
	f, err := c.fit(target, asOf)
	if err != nil {
		return matcher.WhatIf{}, err
	}
	w, _ := c.matcher.WhatIf(c.held.opportunity, f.Lot, asOf) // there is such a lot: it has a fit
	return w, nil
}

// Questions are what has to be asked of the buyer of one notice, with what such a letter begins with.
type Questions struct {
	Profile   string                     `json:"profile"`
	OCID      string                     `json:"ocid"`
	Lot       string                     `json:"lot,omitzero"` // the only one asked about
	Title     string                     `json:"title"`
	Reference string                     `json:"reference,omitzero"` // the buyer's own number
	Notice    string                     `json:"notice"`             // the newest release
	Buyer     string                     `json:"buyer,omitzero"`
	Email     string                     `json:"email,omitzero"`
	AsOf      time.Time                  `json:"asOf"`
	Until     notice.Said[notice.Moment] `json:"until,omitzero"`
	// Closed is said where that has gone by.
	Closed    bool               `json:"closed,omitzero"`
	Questions []matcher.Question `json:"questions"`
}

// Questions drafts what to ask the buyer: about one lot, or about all of a notice, each question once. ErrNotFound
// for an unknown profile, notice or lot.
func (d *Desk) Questions(ctx context.Context, profile string, target pursuit.Target, asOf time.Time) (Questions, error) {
	e, err := d.Explain(ctx, profile, target, asOf)
	if err != nil {
		return Questions{}, err
	}
	n, lots := e.Notice, []matcher.Fit{e.Fit}
	if target.Lot == "" {
		lots = append(lots, e.Fit.Lots...)
	}
	return Questions{
		Profile: e.Profile, OCID: n.OCID, Lot: target.Lot, Title: n.Title.Value, Reference: n.Reference.Value,
		Notice: n.Releases[len(n.Releases)-1].Identity, Buyer: n.Buyer.Name.Value, Email: n.Buyer.Email.Value, AsOf: asOf,
		Until: n.Questions, Closed: n.Questions.Known() && asOf.After(n.Questions.Value.End()), Questions: matcher.Ask(lots...),
	}, nil
}
