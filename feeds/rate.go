package feeds

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rate is how often a service may be asked: at most Requests in any time of length Per. They may all come at once.
type Rate struct {
	Requests int
	Per      time.Duration
}

// ParseRate reads "12/120s", "10/m" or "3600/1h".
func ParseRate(s string) (Rate, error) {
	n, per, ok := strings.Cut(strings.TrimSpace(s), "/")
	if ok && per != "" && (per[0] < '0' || per[0] > '9') {
		per = "1" + per
	}
	requests, err := strconv.Atoi(n)
	d, err2 := time.ParseDuration(per)
	if !ok || err != nil || err2 != nil || requests < 1 || requests > 1000 || d < time.Millisecond || d > 24*time.Hour {
		return Rate{}, fmt.Errorf("rate %q: it is written as requests and time, 12/120s, with 1 to 1000 requests in at most 24h", s)
	}
	return Rate{requests, d}, nil
}

func (r Rate) String() string {
	per := r.Per.String()
	if strings.HasSuffix(per, "m0s") || strings.HasSuffix(per, "h0m") {
		per = strconv.FormatFloat(r.Per.Seconds(), 'f', -1, 64) + "s"
	}
	return strconv.Itoa(r.Requests) + "/" + per
}

// margin is what is added to Per. What a network does to the distance of two requests is answered by counting from the answer of the first;
// this is for clocks that do not run alike.
func (r Rate) margin() time.Duration { return min(2*time.Second, r.Per/50) }

// Time is how long so many requests take at least, after a pause.
func (r Rate) Time(requests int) time.Duration {
	if requests < 1 || r.Requests < 1 {
		return 0
	}
	return time.Duration((requests-1)/r.Requests) * (r.Per + r.margin())
}

// Asked is what the state of a feed keeps of its requests, so that the rate holds over a stop.
type Asked struct {
	// Times are those of the last requests, in milliseconds of Unix time.
	Times []int64 `json:"times,omitempty"`
	// Open is whether the last one was under way.
	Open bool `json:"open,omitzero"`
	// NotBefore is until when the service asked to be left alone.
	NotBefore time.Time `json:"notBefore,omitzero"`
}

func save(times []time.Time, open bool, notBefore time.Time) Asked {
	a := Asked{Times: make([]int64, len(times)), Open: open, NotBefore: notBefore.UTC().Truncate(time.Millisecond)}
	for i, t := range times {
		// Rounded up: never a moment before.
		a.Times[i] = t.Add(time.Millisecond - 1).UnixMilli()
	}
	if notBefore.IsZero() {
		a.NotBefore = time.Time{}
	}
	return a
}

// restore reads what was kept. A time that has not come yet is that of a clock that was set back: it counts as now. So does a request that was under way
// when all ended: when it arrived nobody knows.
func (a Asked) restore(now time.Time, n int) ([]time.Time, time.Time) {
	var times []time.Time
	for _, ms := range a.Times[max(0, len(a.Times)-n):] {
		t := time.UnixMilli(ms)
		if t.After(now) {
			t = now
		}
		times = append(times, t)
	}
	if n := len(times); a.Open && n > 0 {
		times[n-1] = now
	}
	slices.SortFunc(times, time.Time.Compare)
	notBefore := a.NotBefore
	if latest := now.Add(maxRetryAfter); notBefore.After(latest) {
		notBefore = latest
	}
	return times, notBefore
}

// maxRetryAfter is the longest that is believed.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads Retry-After, in seconds or as a date; 0 where there is none that can be read. A date is held against the Date of the same
// answer, so that it does not matter how the clocks differ.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if s == "" {
		return 0
	}
	if digits := strings.TrimLeft(s, "0123456789"); digits == "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(n) * time.Second
	}
	t, err := http.ParseTime(s)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	// A date has no part of a second.
	return min(max(t.Sub(now), 0), maxRetryAfter)
}
