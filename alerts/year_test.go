package alerts_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/go-json-experiment/json"

	"bidfit/alerts"
	"bidfit/alerts/guard"
	alertmail "bidfit/alerts/mail"
	"bidfit/alerts/webhook"
	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/notice/cpv"
	"bidfit/notice/itl"
	"bidfit/profiles"
	"bidfit/store"
)

// The simulation lets days go by: notices come, change, are cancelled and awarded, and many subscribe to them by e-mail and webhook. What arrives at
// a server of each over TCP is held against what a model of the notices says had to. BIDFIT_SIM_DAYS, _NOTICES (releases a day), _PROFILES and
// _FULL (profiles that are held against every open notice each day, the long way) make it longer:
//
//	BIDFIT_SIM_DAYS=365 BIDFIT_SIM_NOTICES=500 BIDFIT_SIM_PROFILES=1000 go test ./alerts -run TestYear -v -timeout 60m
func TestYear(t *testing.T) {
	y := newYear(t, size("DAYS", 25), size("NOTICES", 40), size("PROFILES", 60), size("FULL", 3))
	for day := range y.days {
		y.morning(day)
		y.evening(day)
		if (day+1)%30 == 0 || day == y.days-1 {
			y.measure(day + 1)
		}
	}
	y.morning(y.days)
	y.conclude()
}

func size(name string, usual int) int {
	n, err := strconv.Atoi(os.Getenv("BIDFIT_SIM_" + name))
	if err != nil {
		return usual
	}
	return n
}

// made is a notice as the model knows it.
type made struct {
	id       string
	ocid     int
	trade    int
	place    int
	deadline time.Time
	version  int // changes that count
	closed   int // the day it was cancelled or awarded on, 0 while it is neither
	awarded  bool
	near     time.Time // the deadline that was near
}

// hears is what a subscriber was told.
type hears struct {
	version int
	near    time.Time // the deadline it was told is near
	gone    bool
}

// subscriber is one profile and its subscription.
type subscriber struct {
	alerts.Subscription
	full    bool // held against everything, the long way
	from    int  // touches before this it was told of
	last    int  // number of its last message
	told    map[*made]*hears
	arrived []arrival
	more    int
}

type arrival struct {
	what   alerts.Happening
	notice string
}

// touch says that something happened to a notice.
type touch struct {
	*made
	closing bool
}

type year struct {
	*testing.T
	*world
	days, perDay int
	rng          *rand.Rand
	first        time.Time

	trades  []cpv.Code
	places  []itl.Region
	open    []*made
	dead    []*made // closed ones, until nobody asks any more
	release map[string]*made
	serial  int
	touches []touch
	before  int // touches that were dropped already

	mu       sync.Mutex
	subs     []*subscriber
	byName   map[string]*subscriber
	messages int
	items    map[alerts.Happening]int
	ids      map[string]*made

	ingest, tick, oracle time.Duration
	memory               []measured
}

type measured struct {
	day, goroutines, open int
	heap, rss             uint64
}

func newYear(t *testing.T, days, perDay, people, full int) *year {
	y := &year{
		T: t, world: newWorld(t, t.TempDir()), days: days, perDay: perDay, rng: rand.New(rand.NewPCG(20, 26)),
		first: time.Date(2026, time.January, 5, 0, 0, 0, 0, notice.London), release: map[string]*made{}, byName: map[string]*subscriber{},
		items: map[alerts.Happening]int{}, ids: map[string]*made{}, places: itl.Regions(2025, 1),
	}
	classes := 0
	for _, c := range cpv.Codes() {
		if name, of := c.Name(); c.Level() == cpv.Class && of == c && len(name) < 60 && !strings.Contains(name, ";") {
			if classes++; classes%max(4, 200*4/max(1, perDay)) == 0 { // of few notices more are of one trade
				y.trades = append(y.trades, c)
			}
		}
	}
	sender, hooks := y.smtp(), y.webhooks()
	hook, err := guarded(hooks)
	if err != nil {
		t.Fatal(err)
	}
	y.engine = alerts.NewEngine(y.desk, y.store, store.Default, map[alerts.Channel]alerts.Deliverer{alerts.Email: sender, alerts.Webhook: hook}, alerts.Options{})
	for i := range people {
		p := profiles.Profile{ID: fmt.Sprint("p", i), Name: fmt.Sprint("Example ", i)}
		for range 1 + y.rng.IntN(2) {
			code := y.trades[y.rng.IntN(len(y.trades))]
			name, _ := code.Name()
			p.Keywords, p.CPV = append(p.Keywords, name), append(p.CPV, code)
		}
		slices.Sort(p.Keywords)
		slices.Sort(p.CPV)
		p.Keywords, p.CPV = slices.Compact(p.Keywords), slices.Compact(p.CPV)
		for range y.rng.IntN(5) {
			if r := y.places[y.rng.IntN(len(y.places))]; !slices.Contains(p.Regions, r) {
				p.Regions = append(p.Regions, r)
			}
		}
		if _, err := y.desk.PutProfile(t.Context(), p, y.first); err != nil {
			t.Fatal(err)
		}
		s := &subscriber{full: i < full, told: map[*made]*hears{}}
		s.Profile, s.Channel, s.To = p.ID, alerts.Email, fmt.Sprintf("s%d@example.org", i)
		if i%2 == 1 {
			s.Channel, s.To = alerts.Webhook, fmt.Sprintf("%s/s%d", hooks, i)
		}
		switch {
		case s.full:
		case i%10 == 7:
			s.AtOnce = true
		case i%10 == 8:
			s.Days = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
		}
		if i%3 == 0 {
			s.Advice = matcher.Bid
		} else if !s.full {
			s.Score = 45 // words that many trades use make many notices fit a little
		}
		var err error
		if s.Subscription, err = y.engine.Add(t.Context(), s.Subscription, y.first); err != nil {
			t.Fatal(err)
		}
		y.subs = append(y.subs, s)
		y.byName[fmt.Sprint("s", i)] = s
	}
	if _, err := y.engine.Tick(t.Context(), y.first); err != nil {
		t.Fatal(err)
	}
	return y
}

// smtp is a mail server on this machine, and who sends to it.
func (y *year) smtp() *alertmail.Sender {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &letter{y: y}, nil }))
	server.ErrorLog, server.Domain = log.New(io.Discard, "", 0), "mx.example"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		y.T.Fatal(err)
	}
	go server.Serve(l)
	y.T.Cleanup(func() { server.Close() })
	sender, err := alertmail.New(alertmail.Options{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Encryption: alertmail.None, From: "bidfit <alerts@supplier.example>"})
	if err != nil {
		y.T.Fatal(err)
	}
	return sender
}

// letter is one session of the mail server.
type letter struct {
	y  *year
	to string
}

func (l *letter) Reset()                                    {}
func (l *letter) Logout() error                             { return nil }
func (l *letter) Mail(string, *smtp.MailOptions) error      { return nil }
func (l *letter) Rcpt(to string, _ *smtp.RcptOptions) error { l.to = to; return nil }
func (l *letter) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextPart()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	var list []arrival
	var what alerts.Happening
	more := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "New"):
			what = alerts.New
		case strings.HasPrefix(line, "Changed since"):
			what = alerts.Changed
		case strings.HasPrefix(line, "Closing soon"):
			what = alerts.Closing
		case strings.HasPrefix(line, "No longer open"):
			what = alerts.Withdrawn
		case strings.HasPrefix(line, "Notice: "):
			list = append(list, arrival{what, line[strings.LastIndexByte(line, '/')+1:]})
		case strings.HasPrefix(line, "And "):
			fmt.Sscanf(line, "And %d", &more)
		}
	}
	name, _, _ := strings.Cut(l.to, "@")
	id, _, _ := strings.Cut(strings.Trim(m.Header.Get("Message-ID"), "<>"), "@")
	l.y.arrive(name, id, list, more)
	return nil
}

// webhooks is a server that takes webhooks on this machine.
func (y *year) webhooks() string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var got struct {
			Data alerts.Message `json:"data"`
		}
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if err != nil {
			y.T.Error(err)
		}
		var list []arrival
		for _, x := range got.Data.Items {
			list = append(list, arrival{x.Happening, x.Release})
		}
		y.arrive(r.URL.Path[1:], r.Header.Get("webhook-id"), list, got.Data.More)
	}))
	y.T.Cleanup(server.Close)
	return server.URL
}

// guarded is who posts webhooks to one server on this machine.
func guarded(address string) (*webhook.Deliverer, error) {
	g, err := guard.New([]string{strings.TrimPrefix(address, "http://")})
	if err != nil {
		return nil, err
	}
	return webhook.New(webhook.Options{Guard: g, Agent: "bidfit/test"}), nil
}

// arrive notes what one message tells. Messages of one subscription come in order, each once: the last part of their IDs counts them.
func (y *year) arrive(to, id string, list []arrival, more int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	s := y.byName[to]
	y.messages++
	n, err := strconv.Atoi(id[strings.LastIndexByte(id, '-')+1:])
	if err != nil || n != s.last+1 {
		y.T.Errorf("message %s came to %s after number %d", id, to, s.last)
	}
	s.last, s.more = n, s.more+more
	s.arrived = append(s.arrived, list...)
}

func (y *year) at(day int, hour, minute int) time.Time {
	return time.Date(y.first.Year(), y.first.Month(), y.first.Day()+day, hour, minute, 0, 0, notice.London)
}

// morning ticks at 07:30 and looks at what arrived.
func (y *year) morning(day int) {
	now := y.at(day, 7, 30)
	for _, m := range y.open {
		if left := notice.DaysUntil(now, m.deadline); left >= 0 && left <= alerts.DefaultClosingDays && !m.near.Equal(m.deadline) {
			m.near = m.deadline
			y.touches = append(y.touches, touch{m, true})
		}
	}
	expected := map[*subscriber]map[string]bool{}
	began := time.Now()
	for _, s := range y.subs {
		if s.full {
			expected[s] = y.fits(s, now)
		}
	}
	y.oracle += time.Since(began)
	began = time.Now()
	if _, err := y.engine.Tick(y.Context(), now); err != nil {
		y.T.Fatal(err)
	}
	y.tick += time.Since(began)
	weekday := now.Weekday()
	for _, s := range y.subs {
		if len(s.Days) == 0 || slices.Contains(s.Days, weekday) {
			y.check(s, now, expected[s])
		}
	}
	y.forget(day)
}

// fits are the notices over the threshold of a subscriber, the long way.
func (y *year) fits(s *subscriber, now time.Time) map[string]bool {
	report, err := y.desk.Match(y.Context(), s.Profile, desk.MatchOptions{AsOf: now})
	if err != nil {
		y.T.Fatal(err)
	}
	over := map[string]bool{}
	for i := range report.Fits {
		f := &report.Fits[i]
		if !f.Barred() && (f.Advice == matcher.Bid || f.Advice == matcher.Review && s.Advice == matcher.Review) {
			over[f.ID()] = true
		}
	}
	return over
}

// check holds what arrived at a subscriber against what happened since the last time. over is what is over its threshold, nil where that was not asked.
func (y *year) check(s *subscriber, now time.Time, over map[string]bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	arrived := s.arrived
	s.arrived = nil
	if s.more > 0 {
		p, _ := y.desk.Profile(y.Context(), s.Profile)
		y.T.Fatalf("%s (%v): a message has %d more than it holds; this model does not know what", s.To, p.Profile, s.more)
	}
	got := map[*made]alerts.Happening{}
	for _, a := range arrived {
		m := y.release[a.notice]
		if m == nil {
			y.T.Errorf("%s was told of %s, which is none", s.To, a.notice)
			continue
		}
		if _, twice := got[m]; twice {
			y.T.Errorf("%s was told of %s twice at %v", s.To, m.id, now)
		}
		got[m] = a.what
		y.items[a.what]++
	}
	done := map[*made]bool{}
	from := max(0, s.from-y.before)
	closing := map[*made]bool{}
	changed := map[*made]bool{}
	for _, x := range y.touches[from:] {
		if x.closing {
			closing[x.made] = true
		} else {
			changed[x.made] = true
		}
	}
	for _, x := range y.touches[from:] {
		m := x.made
		if done[m] {
			continue
		}
		done[m] = true
		t := s.told[m]
		left := notice.DaysUntil(now, m.deadline)
		isOpen, isNear := m.closed == 0 && m.deadline.After(now), left >= 0 && left <= alerts.DefaultClosingDays
		var want alerts.Happening
		switch {
		case t != nil && t.gone:
		case t != nil && m.closed > 0:
			t.gone = true
			if !m.awarded {
				want = alerts.Withdrawn
			}
		case !isOpen:
		case t != nil && t.version != m.version:
			want = alerts.Changed
		case t != nil && closing[m] && isNear && !t.near.Equal(m.deadline):
			want = alerts.Closing
		case t != nil:
		case over == nil: // it was not asked whether it fits
			if want = got[m]; want != "" && want != alerts.New && want != alerts.Closing {
				y.T.Errorf("%s was told that %s is %s, and had not been told of it", s.To, m.id, want)
			}
		case over[m.id] && changed[m]:
			want = alerts.New
		case over[m.id] && closing[m]:
			want = alerts.Closing
		}
		if got[m] != want {
			y.T.Errorf("%s on %v: of %s it was told %q, and had to be told %q", s.To, now, m.id, got[m], want)
		}
		delete(got, m)
		if want != "" && want != alerts.Withdrawn {
			if t == nil {
				t = &hears{}
				s.told[m] = t
			}
			t.version = m.version
			if isNear {
				t.near = m.deadline
			}
		}
	}
	for m, what := range got {
		y.T.Errorf("%s on %v: it was told that %s is %s, and nothing had happened", s.To, now, m.id, what)
	}
	s.from = y.before + len(y.touches)
}

// evening has the releases of a day come, and ticks.
func (y *year) evening(day int) {
	now := y.at(day, 19, 0)
	var b bytes.Buffer
	left := y.perDay
	keep := y.open[:0]
	for _, m := range y.open {
		lapsed := m.deadline.Before(y.at(day, 0, 0))
		switch {
		case left == 0:
		case lapsed:
			m.closed, m.awarded = day+1, true
			y.put(&b, m, day, "award", "complete", "")
			left--
		case left > y.perDay/2 && y.rng.IntN(60) == 0:
			m.closed = day + 1
			y.put(&b, m, day, "tenderUpdate", "cancelled", "")
			left--
		case left > y.perDay/2 && y.rng.IntN(40) == 0 && m.deadline.After(now):
			m.deadline = m.deadline.AddDate(0, 0, 4+y.rng.IntN(5))
			m.version++
			y.put(&b, m, day, "tenderUpdate", "active", "")
			left--
		case left > y.perDay/2 && y.rng.IntN(80) == 0:
			y.put(&b, m, day, "tenderUpdate", "active", fmt.Sprint("Somebody ", y.serial))
			left--
		}
		if m.closed == 0 {
			keep = append(keep, m)
		} else {
			y.dead = append(y.dead, m)
		}
	}
	y.open = keep
	// In the beginning there is nothing to award: fewer come, so that there are not far more at once than ever after.
	left = min(left, y.perDay*3/5)
	for range left {
		m := &made{ocid: y.serial, trade: y.rng.IntN(len(y.trades)), place: y.rng.IntN(len(y.places)), deadline: y.at(day+14+y.rng.IntN(20), 12, 0)}
		m.id = id(m.ocid)
		y.open = append(y.open, m)
		y.put(&b, m, day, "tender", "active", "")
	}
	began := time.Now()
	source := desk.Source{Name: "day", Open: func() (io.ReadCloser, error) { return io.NopCloser(&b), nil }}
	totals, err := y.desk.Ingest(y.Context(), []desk.Source{source}, desk.Ingesting{When: now})
	if err != nil || totals.Stored != totals.Releases || totals.Stored > y.perDay {
		y.T.Fatalf("day %d: %+v, %v", day, totals, err)
	}
	y.ingest += time.Since(began)
	began = time.Now()
	if _, err := y.engine.Tick(y.Context(), now); err != nil {
		y.T.Fatal(err)
	}
	y.tick += time.Since(began)
	for _, s := range y.subs {
		if s.AtOnce {
			y.check(s, now, nil)
		}
	}
}

// put writes one release.
func (y *year) put(b *bytes.Buffer, m *made, day int, tag, status, contact string) {
	at := y.at(day, 9, y.serial%60)
	y.serial++
	release := fmt.Sprintf("%06d-%d", y.serial, at.Year())
	y.release[release] = m
	y.touches = append(y.touches, touch{m, false})
	code, place := y.trades[m.trade], y.places[m.place]
	name, _ := code.Name()
	buyer := fmt.Sprintf("Example Council %d", m.ocid%97)
	fmt.Fprintf(b, `{"ocid":"%s","id":"%s","tag":["%s"],"date":"%s","buyer":{"id":"GB-PPON-B%d","name":"%s"},"parties":[{"id":"GB-PPON-B%d","name":"%s","roles":["buyer"],"contactPoint":{"name":"%s"}}],`,
		m.id, release, tag, at.Format(time.RFC3339), m.ocid%97, buyer, m.ocid%97, buyer, contact)
	fmt.Fprintf(b, `"tender":{"id":"t%d","title":"%s in %s, no. %d","description":"%s for %s. The contract runs for two years and may be extended by one. Bidders are asked for two references of the last three years.","status":"%s","procurementMethod":"open","items":[{"id":"1","additionalClassifications":[{"scheme":"CPV","id":"%s"}],"deliveryAddresses":[{"region":"%s"}],"relatedLot":"1"}],"value":{"amount":%d,"currency":"GBP"},"tenderPeriod":{"endDate":"%s"},"lots":[{"id":"1","status":"%s"}]}`,
		m.ocid, name, place.Name(), m.ocid, name, buyer, status, code, place, 20000+m.ocid%50*5000, m.deadline.Format(time.RFC3339), status)
	if tag == "award" {
		fmt.Fprintf(b, `,"awards":[{"id":"1","status":"active","relatedLots":["1"],"suppliers":[{"id":"S%d","name":"Example Works %d Ltd"}]}]`, m.ocid%211, m.ocid%211)
	}
	b.WriteString("}\n")
}

// forget drops what nobody asks for any more, so that the model does not grow.
func (y *year) forget(day int) {
	first := y.before + len(y.touches)
	for _, s := range y.subs {
		first = min(first, s.from)
	}
	y.touches = slices.Delete(y.touches, 0, first-y.before)
	y.before = first
	if day%10 != 9 {
		return
	}
	gone := map[*made]bool{}
	y.dead = slices.DeleteFunc(y.dead, func(m *made) bool {
		gone[m] = m.closed < day-7
		return gone[m]
	})
	for _, s := range y.subs {
		for m := range s.told {
			if gone[m] {
				delete(s.told, m)
			}
		}
	}
	for r, m := range y.release {
		if gone[m] {
			delete(y.release, r)
		}
	}
}

// measure notes how much memory there is, and how many goroutines.
func (y *year) measure(day int) {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m := measured{day, runtime.NumGoroutine(), len(y.open), s.HeapAlloc, 0}
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			m.rss = kb << 10
		}
	}
	y.memory = append(y.memory, m)
	y.T.Logf("day %d: %d open notices, %d messages, heap %d MB, anonymous memory %d MB, %d goroutines; ingest %v, ticks %v, the long way %v",
		day, m.open, y.messages, m.heap>>20, m.rss>>20, m.goroutines, y.ingest.Round(time.Second), y.tick.Round(time.Second), y.oracle.Round(time.Second))
}

func (y *year) conclude() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.T.Logf("%d releases, %d messages, told: %v", y.serial, y.messages, y.items)
	for _, what := range alerts.Happenings {
		if y.items[what] == 0 {
			y.T.Errorf("nobody was told that anything is %s", what)
		}
	}
	waiting, err := y.engine.Outbox(context.Background(), "")
	if err != nil || len(waiting) > 0 {
		y.T.Errorf("%d messages are left, %v", len(waiting), err)
	}
	if err := cmp.Or(err, y.flat()); err != nil {
		y.T.Error(err)
	}
}

// flat says where memory or goroutines grow: from the fifth month on, when what is remembered for 90 days comes and goes.
func (y *year) flat() error {
	if len(y.memory) < 8 {
		return nil
	}
	steady := y.memory[5:]
	for _, m := range steady[1:] {
		if m.goroutines > steady[0].goroutines+8 {
			return fmt.Errorf("%d goroutines on day %d, %d on day %d", m.goroutines, m.day, steady[0].goroutines, steady[0].day)
		}
	}
	first, last := steady[0], steady[len(steady)-1]
	if last.heap > first.heap*5/4 {
		return fmt.Errorf("the heap grew from %d MB on day %d to %d MB on day %d", first.heap>>20, first.day, last.heap>>20, last.day)
	}
	return nil
}
