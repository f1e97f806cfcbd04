// Package market is who buys what from whom, out of notices already read. It
// does no I/O and reads no clock.
//
//	Resolve            which mentions are one organisation, and why     (resolve.go)
//	Read, Record       what one notice says of the market               (record.go)
//	Award              one award: the fact that figures are made of     (award.go)
//	Money, Tally       figures with how many they rest on               (figures.go)
//	Buyer, Supplier    one organisation, seen from a bidder             (buyer.go, supplier.go)
//	EndsBy, Followers  how a contract ends, and what follows it         (renewals.go)
//	Became, Rates      what became of a bid, and how often one is won   (outcome.go, rates.go)
//	Alike, Before      notices like another one, and its last round     (alike.go)
//
// UK6 and UK7 of one award are one award ([notice.Award]); an award published under two
// OCIDs of one opportunity is one ([Once]); members of a dynamic market (UK14, UK15) are no
// awards. What nobody said is counted as unknown and is in no figure.
package market
