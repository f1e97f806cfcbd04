// Package alerts tells people what is new for a profile without their asking: digests by e-mail, signed webhooks, and
// subscriptions that a calendar or a feed reader fetches.
//
// A [Subscription] says who is told what and when. What happens to notices becomes [Item]s that wait for the subscription's
// time; then they become one [Message] in the outbox, which is delivered until the other side has taken it. Each step is one
// transaction of the store, so nothing is lost and only the message in flight can arrive twice, under the same ID.
package alerts

import (
	"context"
	"errors"
	"time"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/changes"
	"bidfit/pursuit"
)

// Channel is the way of a message.
type Channel string

const (
	Email   Channel = "email"
	Webhook Channel = "webhook"
	// Feed is fetched: an Atom feed and a calendar at a secret address. Nothing is sent.
	Feed Channel = "feed"
)

// Happening is what an alert tells of a notice.
type Happening string

const (
	New       Happening = "new"       // it has come over the threshold
	Changed   Happening = "changed"   // something that counts is another since it was told
	Closing   Happening = "closing"   // its deadline is near
	Withdrawn Happening = "withdrawn" // it was told, and is cancelled, withdrawn or no longer open to bid
)

// Subscription says who is told what about a profile, and when.
type Subscription struct {
	ID      string  `json:"id"` // random, lower-case; names it in commands, addresses and records
	Profile string  `json:"profile"`
	Channel Channel `json:"channel"`
	// To is the address of an e-mail or the URL of a webhook; "" for a feed.
	To string `json:"to,omitzero"`
	// Days are the days of the week it is sent on, none is every day; At is the time of day in Europe/London, "07:30".
	// AtOnce sends as soon as something happens, and neither counts.
	Days   []time.Weekday `json:"days,omitzero"`
	At     string         `json:"at,omitzero"`
	AtOnce bool           `json:"atOnce,omitzero"`
	// Advice is the least that is told of: review tells of bid and review. Score is the least score, in points.
	Advice matcher.Advice `json:"advice"`
	Score  int            `json:"score,omitzero"`
	// Tells are the happenings it tells of, none is all of them.
	Tells []Happening `json:"tells,omitzero"`
	// ClosingDays is how many London days before the deadline a notice counts as closing.
	ClosingDays int `json:"closingDays,omitzero"`
	// Paused sends nothing, and what happens meanwhile is not told later. Why says who or what paused it: "unsubscribed", "410 Gone".
	Paused bool   `json:"paused,omitzero"`
	Why    string `json:"why,omitzero"`
	// Secret signs webhooks (whsec_…), and is the secret part of the addresses of a feed and of unsubscribing. It is never printed but on creation.
	Secret Secret    `json:"secret,omitzero"`
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
}

// Item is what a message tells of one notice or lot.
type Item struct {
	Happening Happening      `json:"happening"`
	Target    pursuit.Target `json:"target"`
	Title     string         `json:"title"`
	Lot       string         `json:"lot,omitzero"` // title of the lot
	Buyer     string         `json:"buyer,omitzero"`
	Stage     notice.Stage   `json:"stage"`
	Deadline  notice.Moment  `json:"deadline,omitzero"`
	DaysLeft  *int           `json:"daysLeft,omitzero"` // London days on the day of the message
	Worth     string         `json:"worth,omitzero"`    // in words
	Places    string         `json:"places,omitzero"`   // in words
	Score     int            `json:"score"`
	Low       int            `json:"low"`
	High      int            `json:"high"`
	Advice    matcher.Advice `json:"advice"`
	Reason    string         `json:"reason,omitzero"` // what earns most
	Gap       string         `json:"gap,omitzero"`    // what is missing most
	// Release is the newest release; Changes are what is different since it was told, Why what ended it.
	Release string           `json:"release"`
	Changes []changes.Change `json:"changes,omitzero"`
	Why     string           `json:"why,omitzero"`
	Address string           `json:"address,omitzero"` // of the publisher's page, http or https
}

// Message is one alert, as it is kept in the outbox: it is made once and sent as often as it takes.
type Message struct {
	// ID is the same each time it is sent: Message-ID and webhook-id are made of it.
	ID           string    `json:"id"`
	Subscription string    `json:"subscription"`
	Profile      string    `json:"profile"`
	ProfileName  string    `json:"profileName"`
	Made         time.Time `json:"made"` // instant
	Items        []Item    `json:"items"`
	// More is how many further items there were than a message holds; they are in the list.
	More int `json:"more,omitzero"`
}

// Deliverer sends messages of one channel. nil says that the other side has taken it. An error that is [ErrRefused] is final
// for the message, one that is [ErrGone] for the subscription; any other is tried again later, a [*LaterError] not before its time.
type Deliverer interface {
	Deliver(ctx context.Context, s Subscription, m Message) error
}

var (
	// ErrRefused says that this message will never be taken.
	ErrRefused = errors.New("refused")
	// ErrGone says that nobody is there any more: the subscription is paused.
	ErrGone = errors.New("gone")
)

// LaterError says that the other side wants to be asked later.
type LaterError struct {
	After time.Duration
	Err   error
}

func (e *LaterError) Error() string { return e.Err.Error() }
func (e *LaterError) Unwrap() error { return e.Err }
