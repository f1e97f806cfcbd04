package alerts_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bidfit/alerts"
	"bidfit/matcher"
	"bidfit/pursuit"

	"bidfit/desk"
)

// A notice is told of once, at the time of the subscription; then what changes, what closes, and what is withdrawn.
func TestDigest(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	sub := w.subscribe(alerts.Subscription{Profile: "care"})
	w.tick(at(2, "10:00"))
	w.expect("what was there before")
	w.ingest(release{n: 2, id: 2}, release{n: 3, id: 3, title: "Road surfacing"})
	r := w.tick(at(2, "11:00"))
	w.expect("before its time")
	if r.Noted != 1 || r.Changes != 2 {
		t.Errorf("noted %+v", r)
	}
	w.tick(at(3, "07:29"))
	w.expect("before its time")
	w.tick(at(3, "07:30"))
	w.expect("at its time", "new "+id(2))
	w.tick(at(3, "07:31"))
	w.tick(at(4, "07:30"))
	w.expect("nothing is told twice")

	w.ingest(release{n: 2, id: 4, tag: "tenderUpdate", date: "2026-06-04T09:00:00+01:00", contact: "Somebody"})
	w.tick(at(5, "07:30"))
	w.expect("a change that counts for nothing")
	w.ingest(release{n: 2, id: 5, tag: "tenderUpdate", date: "2026-06-05T09:00:00+01:00", contact: "Somebody", deadline: "2026-07-10T12:00:00+01:00"})
	w.ingest(release{n: 2, id: 6, tag: "tenderUpdate", date: "2026-06-05T10:00:00+01:00", contact: "Somebody", deadline: "2026-07-08T12:00:00+01:00"})
	w.tick(at(6, "07:30"))
	if m := w.got.all; len(m) != 1 || len(m[0].Items) != 1 || len(m[0].Items[0].Changes) != 1 || m[0].Items[0].Changes[0].Before != "20 July 2026, 12:00" {
		t.Errorf("two amendments: %+v", m)
	}
	w.expect("an amendment amended", "changed "+id(2))

	// An amendment before anything was told is told as new, and one that is withdrawn before that is not told of.
	w.ingest(release{n: 4, id: 7}, release{n: 5, id: 8})
	w.tick(at(6, "10:00"))
	w.ingest(release{n: 4, id: 9, tag: "tenderUpdate", date: "2026-06-06T09:00:00+01:00", deadline: "2026-07-10T12:00:00+01:00"},
		release{n: 5, id: 10, tag: "tenderUpdate", date: "2026-06-06T09:00:00+01:00", status: "cancelled"})
	w.tick(at(7, "07:30"))
	w.expect("amended and withdrawn meanwhile", "new "+id(4))

	w.tick(at(7+28, "07:30")) // 5 July, three days before the first deadline; two days before the other is 8 July
	w.expect("three days before", "closing "+id(2))
	w.tick(at(8+28, "07:30"))
	w.expect("the day after")
	w.ingest(release{n: 4, id: 11, tag: "tenderUpdate", date: "2026-07-06T09:00:00+01:00", deadline: "2026-07-10T12:00:00+01:00", status: "cancelled"})
	w.tick(at(9+28, "07:30"))
	if m := w.got.all; len(m) != 1 || m[0].Items[0].Why != "the procurement is cancelled" {
		t.Errorf("withdrawn: %+v", m)
	}
	w.expect("withdrawn", "withdrawn "+id(4))
	w.tick(at(10+28, "07:30"))
	w.tick(at(30+28, "07:30"))
	w.expect("after the deadline")
	w.ingest(release{n: 2, id: 12, tag: "award", date: "2026-07-29T09:00:00+01:00", deadline: "2026-07-08T12:00:00+01:00"})
	w.tick(at(31+28, "07:30"))
	w.expect("awarded in due course")

	sent, err := w.engine.Sent(t.Context(), sub, 0) // of the last month
	if err != nil || len(sent) != 2 || sent[0].Outcome != alerts.Delivered {
		t.Errorf("sent %+v, %v", sent, err)
	}
}

// That a deadline is near is not forgotten over a change that counts for nothing.
func TestNearAndChanged(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	w.subscribe(alerts.Subscription{Profile: "care", Days: []time.Weekday{time.Monday}})
	w.tick(at(2, "10:00"))
	w.ingest(release{n: 2, id: 2, deadline: "2026-06-16T12:00:00+01:00"})
	w.tick(at(8, "07:30"))
	w.expect("on Monday", "new "+id(2))
	w.tick(at(13, "07:30"))
	w.ingest(release{n: 2, id: 3, tag: "tenderUpdate", date: "2026-06-13T09:00:00+01:00", deadline: "2026-06-16T12:00:00+01:00", contact: "Somebody"})
	w.tick(at(14, "07:30"))
	w.tick(at(15, "07:30"))
	w.expect("a week later", "closing "+id(2))
	w.subscribe(alerts.Subscription{Profile: "care", AtOnce: true})
	w.ingest(release{n: 3, id: 4, deadline: "2026-06-17T12:00:00+01:00"})
	w.tick(at(15, "07:31"))
	w.expect("new and near", "new "+id(3))
	for i := range 3 {
		w.ingest(release{n: 3, id: 5 + i, tag: "tenderUpdate", date: "2026-06-15T09:00:00+01:00", deadline: "2026-06-17T12:00:00+01:00", contact: fmt.Sprint("Somebody ", i)})
		w.tick(at(15+i/2, "08:00"))
	}
	w.tick(at(22, "07:30"))
	w.expect("after that")
}

// A missed time is made up for once, and a clock that jumps loses and repeats nothing.
func TestClock(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	w.subscribe(alerts.Subscription{Profile: "care"})
	w.tick(at(2, "10:00"))
	w.ingest(release{n: 2, id: 2})
	w.tick(at(2, "10:01"))
	w.start() // nobody was there for three days
	w.tick(at(5, "09:00"))
	w.expect("late", "new "+id(2))
	w.tick(at(5, "09:01"))

	w.ingest(release{n: 3, id: 3})
	w.tick(at(4, "09:00"))
	w.expect("a day back")
	w.tick(at(5, "06:00"))
	w.expect("a day back")
	w.tick(at(5, "07:30"))
	w.expect("at the same time again", "new "+id(3))
	w.ingest(release{n: 4, id: 4})
	w.tick(at(5, "07:31").AddDate(-10, 0, 0))
	w.expect("ten years back")
	w.start()
	w.tick(at(5, "07:32").AddDate(-10, 0, 0))
	w.tick(at(6, "07:31").AddDate(-10, 0, 0))
	w.expect("ten years ago", "new "+id(4))
	w.ingest(release{n: 5, id: 5})
	w.tick(at(6, "07:31"))
	w.expect("back again", "new "+id(5))
	w.ingest(release{n: 6, id: 6})
	w.tick(at(7, "06:31"))
	w.tick(at(8, "06:31")) // a day ahead
	w.expect("a day ahead", "new "+id(6))
	w.tick(at(7, "06:40"))
	w.tick(at(7, "07:40"))
	w.tick(at(8, "07:40"))
	w.expect("and back")
}

// However the clock jumps, every notice is told once.
func TestClockAtRandom(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	subs := []string{w.subscribe(alerts.Subscription{Profile: "care"}), w.subscribe(alerts.Subscription{Profile: "care", AtOnce: true})}
	w.tick(at(2, "10:00"))
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 1))
	now := at(3, "10:00")
	const many = 60
	for i := range many {
		w.ingest(release{n: 10 + i, id: 10 + i, deadline: "2026-12-20T12:00:00+00:00"})
		for range 1 + rng.IntN(4) {
			now = now.Add(time.Duration(rng.IntN(300)) * time.Minute)
			seen := now
			switch rng.IntN(4) {
			case 0:
				seen = now.Add(time.Duration(rng.IntN(48)-24) * time.Hour)
			case 1:
				seen = now.AddDate(-10, 0, rng.IntN(3))
			}
			w.tick(seen)
			if rng.IntN(8) == 0 {
				w.start()
			}
		}
	}
	w.tick(now.AddDate(0, 0, 2))
	count := map[string]int{}
	ids := map[string]bool{}
	for i, m := range w.got.all {
		if ids[m.ID] {
			t.Errorf("seed %d: message %s came twice", seed, m.ID)
		}
		ids[m.ID] = true
		for _, x := range m.Items {
			count[fmt.Sprint(w.got.to[i], " ", x.Happening, " ", x.Target.Notice)]++
		}
	}
	for _, sub := range subs {
		for i := range many {
			if n := count[fmt.Sprint(sub, " new ", id(10+i))]; n != 1 {
				t.Errorf("seed %d: %s was told %d times", seed, id(10+i), n)
			}
		}
	}
	if len(count) != 2*many {
		t.Errorf("seed %d: %d were told, want %d", seed, len(count), 2*many)
	}
}

// What people did about a notice says whether it is told.
func TestPeople(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	w.subscribe(alerts.Subscription{Profile: "care"})
	w.tick(at(2, "10:00"))
	w.ingest(release{n: 2, id: 2}, release{n: 3, id: 3}, release{n: 4, id: 4}, release{n: 5, id: 5}, release{n: 6, id: 6}, release{n: 7, id: 7})
	w.tick(at(2, "10:01"))
	for n, verdict := range map[int]pursuit.Verdict{2: pursuit.NoBid, 3: pursuit.Bid} {
		if _, err := w.desk.Decide(t.Context(), desk.Verdict{Profile: "care", Target: pursuit.Target{Notice: id(n)}, Verdict: verdict, Who: "a", When: at(2, "11:00"), AsOf: at(2, "11:00")}); err != nil {
			t.Fatal(err)
		}
	}
	for n, answer := range map[int]pursuit.Answer{4: pursuit.Irrelevant, 5: pursuit.Known} {
		if _, err := w.desk.Rate(t.Context(), desk.Opinion{Profile: "care", Target: pursuit.Target{Notice: id(n)}, Answer: answer, Who: "a", When: at(2, "11:00"), AsOf: at(2, "11:00")}); err != nil {
			t.Fatal(err)
		}
	}
	n, err := w.store.Notice(t.Context(), id(6))
	if err != nil {
		t.Fatal(err)
	}
	z, err := pursuit.Snooze{Target: pursuit.Target{Notice: id(6)}, Profile: "care", Until: pursuit.UntilDeadline, Mark: pursuit.UntilDeadline.Mark(n, ""), Who: "a", When: at(2, "11:00")}.Record()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Keep(t.Context(), "default", z); err != nil {
		t.Fatal(err)
	}
	w.tick(at(3, "07:30"))
	w.expect("decided, rated, snoozed", "new "+id(7))
	var all []release
	for n := 2; n <= 7; n++ {
		all = append(all, release{n: n, id: 20 + n, tag: "tenderUpdate", date: "2026-06-03T09:00:00+01:00", deadline: "2026-07-25T12:00:00+01:00"})
	}
	w.ingest(all...)
	w.tick(at(4, "07:30"))
	w.expect("all amended", "changed "+id(3), "changed "+id(5), "new "+id(6), "changed "+id(7))
}

// Nobody is flooded, whatever is added, and a profile that changes brings what it newly fits.
func TestProfileChanges(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1}, release{n: 2, id: 2, title: "Road surfacing", deadline: "2026-07-21T12:00:00+01:00"})
	w.profile("care", "neighbour mediation")
	w.subscribe(alerts.Subscription{Profile: "care", AtOnce: true})
	w.tick(at(2, "10:00"))
	w.ingest(release{n: 3, id: 3})
	w.tick(at(2, "10:01"))
	w.expect("at once", "new "+id(3))
	if _, err := w.engine.Add(t.Context(), alerts.Subscription{Profile: "care", AtOnce: true, Channel: alerts.Webhook, To: "https://example.org/x", Advice: matcher.Bid, Score: 100}, at(2, "10:01")); err != nil {
		t.Fatal(err)
	}
	w.profile("care", "neighbour mediation", "road surfacing")
	w.tick(at(2, "10:02"))
	w.expect("a profile that changed", "new "+id(2))
	w.start()
	w.tick(at(2, "10:03"))
	w.expect("once")
	if err := w.desk.RemoveProfile(t.Context(), "care"); err != nil {
		t.Fatal(err)
	}
	w.tick(at(2, "10:04"))
	subs, err := w.engine.Subscriptions(t.Context(), "")
	if err != nil || len(subs) != 2 || !subs[0].Paused || subs[0].Why != "profile care was removed" {
		t.Errorf("of a removed profile: %+v, %v", subs, err)
	}
}

// What cannot be delivered is tried again, later each time, and given up in the end; what is refused or gone is not tried again.
func TestDelivery(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1, deadline: "2026-10-20T12:00:00+01:00"})
	w.profile("care", "neighbour mediation")
	now := at(2, "10:00")
	var subs []string
	for i := range 4 {
		subs = append(subs, w.subscribe(alerts.Subscription{Profile: "care", AtOnce: true, Channel: alerts.Webhook, To: fmt.Sprintf("https://example.org/%d", i)}))
	}
	w.tick(now)
	attempts := map[string]int{}
	first := map[string]string{}
	w.got.fail = func(s alerts.Subscription, m alerts.Message) error {
		w.got.mu.Lock()
		defer w.got.mu.Unlock()
		attempts[s.ID]++
		if first[s.ID] == "" {
			first[s.ID] = m.ID
		}
		if len(m.Items) != 1 || m.Items[0].Target.Notice == "" {
			t.Errorf("a message without what it tells: %+v", m)
		}
		switch s.ID {
		case subs[0]:
			return errors.New("no route")
		case subs[1]:
			return fmt.Errorf("550 no such user: %w", alerts.ErrRefused)
		case subs[2]:
			return fmt.Errorf("410 Gone: %w", alerts.ErrGone)
		}
		if attempts[s.ID] == 1 {
			return &alerts.LaterError{After: 3 * time.Hour, Err: errors.New("429")}
		}
		return nil
	}
	w.ingest(release{n: 2, id: 2, deadline: "2026-10-20T12:00:00+01:00"})
	r := w.tick(now)
	if r.Messages != 4 || r.Failed != 2 || r.GivenUp != 2 || r.Waiting != 2 {
		t.Errorf("the first attempts: %+v", r)
	}
	w.tick(now)
	w.tick(now.Add(2 * time.Hour))
	if attempts[subs[3]] != 1 || attempts[subs[0]] != 2 || attempts[subs[1]] != 1 || attempts[subs[2]] != 1 {
		t.Errorf("two hours later: %v", attempts)
	}
	box, err := w.engine.Outbox(t.Context(), subs[0])
	if err != nil || len(box) != 1 || box[0].ID != first[subs[0]] || box[0].Attempts != 2 || box[0].Why != "no route" || !box[0].Next.After(now.Add(2*time.Hour)) {
		t.Errorf("the outbox: %+v, %v", box, err)
	}
	w.start()
	w.tick(now.Add(4 * time.Hour))
	w.expect("after a while", "new "+id(2))
	gone, err := w.engine.Subscription(t.Context(), subs[2])
	if err != nil || !gone.Paused || gone.Why != "410 Gone: gone" {
		t.Errorf("the subscription that is gone: %+v, %v", gone, err)
	}
	var last time.Time
	for h := 5; h < 24*6; h++ {
		if w.tick(now.Add(time.Duration(h)*time.Hour)).GivenUp > 0 {
			last = now.Add(time.Duration(h) * time.Hour)
		}
	}
	if d := last.Sub(now); d < 60*time.Hour || d > 84*time.Hour {
		t.Errorf("given up after %v", d)
	}
	sent, err := w.engine.Sent(t.Context(), subs[0], 0)
	if err != nil || len(sent) != 1 || sent[0].Outcome != alerts.GivenUp || sent[0].Attempts != attempts[subs[0]] || sent[0].ID != first[subs[0]] {
		t.Errorf("given up: %+v, %v", sent, err)
	}
	if r := w.tick(now.Add(24 * 40 * time.Hour)); r.Waiting != 0 {
		t.Errorf("left: %+v", r)
	}
	w.tick(now.Add(24 * 45 * time.Hour))
	if sent, _ := w.engine.Sent(t.Context(), "", 0); len(sent) != 0 {
		t.Errorf("after a month it is remembered that %+v", sent)
	}
}

// What is paused, changed or removed sends nothing, then or later.
func TestPause(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.ingest(release{n: 1, id: 1})
	w.profile("care", "neighbour mediation")
	sub := w.subscribe(alerts.Subscription{Profile: "care"})
	w.tick(at(2, "10:00"))
	w.ingest(release{n: 2, id: 2})
	w.tick(at(2, "10:01"))
	if err := w.engine.Pause(t.Context(), sub, "unsubscribed"); err != nil {
		t.Fatal(err)
	}
	w.ingest(release{n: 3, id: 3})
	w.tick(at(3, "07:30"))
	if err := w.engine.Resume(t.Context(), sub); err != nil {
		t.Fatal(err)
	}
	w.tick(at(4, "07:30"))
	w.expect("what happened meanwhile")
	w.ingest(release{n: 4, id: 4})
	w.tick(at(5, "07:30"))
	w.expect("after that", "new "+id(4))
	w.got.fail = func(alerts.Subscription, alerts.Message) error { return context.DeadlineExceeded }
	w.ingest(release{n: 5, id: 5})
	w.tick(at(6, "07:30"))
	if err := w.engine.Remove(t.Context(), sub); err != nil {
		t.Fatal(err)
	}
	w.got.fail = nil
	w.tick(at(7, "07:30"))
	w.expect("removed")
	sent, err := w.engine.Sent(t.Context(), sub, 1)
	if err != nil || len(sent) != 1 || sent[0].Outcome != alerts.Dropped {
		t.Errorf("%+v, %v", sent, err)
	}
}
