package alerts

import "strings"

// Where what is subscribed to is found, below the address that others reach bidfit under. The secret stands in the path: whoever
// has the address has the subscription, and a new one is made by removing it.

// UnsubscribePath is the page on which a subscription ends.
func (s Subscription) UnsubscribePath() string { return "/unsubscribe/" + s.Secret.Reveal() }

// AtomPath and CalendarPath are what a subscription of [Feed] is fetched at.
func (s Subscription) AtomPath() string     { return "/feeds/" + s.Secret.Reveal() + "/list.atom" }
func (s Subscription) CalendarPath() string { return "/feeds/" + s.Secret.Reveal() + "/dates.ics" }

// Unsecret is a path of the pages as it may be written down: without the secret in it.
func Unsecret(path string) string {
	for _, prefix := range []string{"/unsubscribe/", "/feeds/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			_, rest, more := strings.Cut(rest, "/")
			if more {
				rest = "/" + rest
			}
			return prefix + Secret("").String() + rest
		}
	}
	return path
}
