package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bidfit/feeds"
	"bidfit/feeds/feedstest"
	"bidfit/notice"
	"bidfit/notice/noticetest"
	"bidfit/notice/ocds"
	"bidfit/store"
	"bidfit/store/bolt"
)

// totals are what "sync --json" ends with.
type totals struct {
	Releases, Stored, Duplicates, Quarantined, Requests, Gaps int
}

// upstream is a service at an address that the command can be sent to.
func upstream(t testing.TB, u *feedstest.Upstream) string {
	t.Helper()
	server := httptest.NewServer(u)
	t.Cleanup(server.Close)
	return server.URL + "/api/1.0"
}

// madeDay is a service of fictional notices, on one day in August.
func madeDay() *feedstest.Upstream {
	from := time.Date(2026, time.August, 12, 0, 0, 0, 0, notice.London)
	return &feedstest.Upstream{Releases: feedstest.Made{Seed: 6, From: from, To: from.AddDate(0, 0, 1)}.Releases()}
}

// empty is a place with an empty store.
func empty(t testing.TB) *workplace {
	t.Helper()
	p := &workplace{dir: t.TempDir()}
	p.env = append(os.Environ(), "HOME="+filepath.Join(p.dir, "home"), "USER=tester", "BIDFIT_DATA=data", "BIDFIT_TIMEOUT=10s", "BIDFIT_CONFIG=")
	return p
}

// synced gives a sync and reads its totals.
func (p *workplace) synced(t testing.TB, args ...string) totals {
	t.Helper()
	e := p.give(t, "", append([]string{"sync", "find-a-tender", "--json", "--rate", "1000/1s"}, args...)...)
	var got totals
	if err := json.Unmarshal([]byte(e.out), &got); err != nil || e.code != 0 {
		t.Fatalf("sync %q exits with %d (%v)\n%s%s", args, e.code, err, e.out, e.talk)
	}
	if keys := regexp.MustCompile(`"\w+"`).FindAllString(e.out, -1); !slices.Equal(keys, []string{`"releases"`, `"stored"`, `"duplicates"`, `"quarantined"`, `"requests"`, `"gaps"`}) {
		t.Errorf("the keys are %v", keys)
	}
	return got
}

// stored are the ids of the releases in the store, sorted.
func (p *workplace) stored(t testing.TB) []string {
	t.Helper()
	s, err := bolt.Open(filepath.Join(p.dir, "data", "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seen := map[string]bool{}
	var ids []string
	for n, err := range s.Notices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[n.OCID] {
			continue
		}
		seen[n.OCID] = true
		releases, err := s.Releases(t.Context(), n.OCID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range releases {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// published are the ids of the releases of a service, sorted, each once.
func published(u *feedstest.Upstream) []string {
	var ids []string
	for _, r := range u.Releases {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// TestSyncMade: a day of notices is read whole, a second time nothing, and another address knows nothing of it.
func TestSyncMade(t *testing.T) {
	p, u := empty(t), madeDay()
	at := upstream(t, u)
	got := p.synced(t, "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", at)
	if n := len(u.Releases); got.Releases < n || got.Stored != n || got.Quarantined != 0 || got.Requests != u.Counts().Requests {
		t.Errorf("%+v, of %d releases", got, n)
	}
	if !slices.Equal(p.stored(t), published(u)) {
		t.Error("the store has other releases than the service")
	}
	again := p.synced(t, "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", at)
	if again.Stored != 0 || again.Requests > got.Requests/2 {
		t.Errorf("again: %+v", again)
	}
	if elsewhere := p.synced(t, "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", upstream(t, u)); elsewhere.Stored != 0 || elsewhere.Duplicates < len(u.Releases) {
		t.Errorf("elsewhere: %+v", elsewhere)
	}
	e := p.give(t, "", "sync", "find-a-tender", "--from", "2026-08-11", "--to", "2026-08-12", "--base-url", at, "--rate", "1000/1s")
	if e.code != 0 || !strings.HasPrefix(e.out, "find-a-tender: 0 releases read: 0 stored, 0 duplicates, 0 quarantined; ") || !strings.Contains(e.talk, "bidfit: find-a-tender: ") {
		t.Errorf("the day before: %+v", e)
	}
}

// TestSyncRecorded: the recorded days, cut anew by window, sync to exactly their releases, and what the service sends beside
// and against the rules costs none.
func TestSyncRecorded(t *testing.T) {
	dir := noticetest.Shared(t, "data", "find-a-tender-api")
	u, err := feedstest.Recorded(filepath.Join(dir, "backfill", "2026-08-10"), filepath.Join(dir, "backfill", "2026-08-11"))
	if err != nil {
		t.Fatal(err)
	}
	u.Limit = feeds.Rate{}
	// The recorded refusal, but for how long it asks to wait: half a minute less than two minutes is not to be slept away here.
	_, refusal, err := feedstest.RecordedHeader(filepath.Join(dir, "probe", "20-window-noZ-429.headers"))
	if err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(filepath.Join(dir, "probe", "20-window-noZ-429.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if refusal.Get("Retry-After") != "120" {
		t.Errorf("the recorded Retry-After is %q", refusal.Get("Retry-After"))
	}
	var refused, next time.Time
	u.Fault = func(n int, at time.Time, _ *http.Request) feedstest.Fault {
		switch n {
		case 3:
			refused = at
			return func(w http.ResponseWriter, _ *http.Request) bool {
				for name, values := range refusal {
					if name != "Content-Length" && name != "Transfer-Encoding" && name != "Connection" {
						w.Header()[name] = values
					}
				}
				w.Header().Set("Retry-After", "2")
				w.WriteHeader(http.StatusTooManyRequests)
				w.Write(said)
				return true
			}
		case 4:
			next = at
		}
		return nil
	}
	p, at := empty(t), upstream(t, u)
	for _, day := range []struct {
		from, to string
		releases int
	}{{"2026-08-10", "2026-08-11", 459}, {"2026-08-11", "2026-08-12", 496}} {
		got := p.synced(t, "--from", day.from, "--to", day.to, "--base-url", at)
		t.Logf("%s: %+v", day.from, got)
		if got.Stored != day.releases || got.Quarantined != 0 {
			t.Errorf("%s: %+v, want %d stored", day.from, got, day.releases)
		}
	}
	if next.Sub(refused) < 2*time.Second {
		t.Errorf("refused for two seconds, it asked again after %s", next.Sub(refused))
	}
	if got, want := p.stored(t), published(u); len(got) != 459+496 || !slices.Equal(got, want) {
		t.Errorf("%d releases are stored, %d were published", len(got), len(want))
	}
}

// TestSyncServices: each feed is read by its name, at the address it is sent to, and one after another where several are switched on.
func TestSyncServices(t *testing.T) {
	p := empty(t)
	at := time.Now().Add(-30 * time.Hour)
	england := httptest.NewServer(&feedstest.ContractsFinder{Releases: []feedstest.Dated{feedstest.Opportunity(1, at, "Bulk"), feedstest.Opportunity(2, at, "More")}})
	defer england.Close()
	scotland := httptest.NewServer(&feedstest.Proactis{})
	defer scotland.Close()
	folder := filepath.Join(p.dir, "inbox")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "releases.jsonl")
	if err := os.WriteFile(file, []byte(goodRelease+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, at, at); err != nil { // it rests
		t.Fatal(err)
	}
	e := p.give(t, "", "sync", "contracts-finder", "--since", "3d", "--json", "--rate", "1000/1s", "--base-url", england.URL)
	if e.code != 0 || !strings.Contains(e.out, `"stored":2,`) {
		t.Errorf("contracts-finder: %+v", e)
	}
	for _, name := range []string{"public-contracts-scotland", "sell2wales"} {
		e := p.give(t, "", "sync", name, "--json", "--rate", "1000/1s", "--base-url", scotland.URL+"/v1")
		if e.code != 0 || !strings.Contains(e.out, `"requests":4`) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	p.env = append(p.env, "BIDFIT_SYNC_FOLDER=inbox", "BIDFIT_SYNC_FEEDS=folder,contracts-finder", "BIDFIT_SYNC_URL_CONTRACTS_FINDER="+england.URL)
	e = p.give(t, "", "sync")
	lines := strings.Split(e.out, "\n")
	if e.code != 0 || len(lines) != 3 || !strings.HasPrefix(lines[0], "contracts-finder: ") || !strings.HasPrefix(lines[1], "folder: 1 release read: 1 stored") {
		t.Errorf("what is switched on: %+v", e)
	}
}

// TestSyncFailing: a service that fails is an error with the remedy, what was read before is kept, and the status says so until it is over.
func TestSyncFailing(t *testing.T) {
	p, u := empty(t), madeDay()
	at := upstream(t, u)
	u.Fault = func(n int, _ time.Time, _ *http.Request) feedstest.Fault {
		if n > 3 {
			return feedstest.Status(http.StatusForbidden, "", "Go away \x1b[31mplease")
		}
		return nil
	}
	args := []string{"sync", "find-a-tender", "--rate", "1000/1s", "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", at, "--json"}
	e := p.give(t, "", args...)
	var got totals
	if err := json.Unmarshal([]byte(e.out), &got); err != nil || e.code != exitFailed || got.Stored == 0 || got.Stored >= len(u.Releases) || got.Requests != 4 {
		t.Fatalf("%+v (%v)", e, err)
	}
	if !strings.Contains(e.talk, "403 Forbidden") || !strings.Contains(e.talk, "base URL") || strings.ContainsRune(e.talk, 0x1b) {
		t.Errorf("it says\n%s", e.talk)
	}
	if n := len(p.stored(t)); n != got.Stored {
		t.Errorf("%d are said to be stored, %d are", got.Stored, n)
	}
	u.Fault = nil
	if e = p.give(t, "", args...); e.code != 0 {
		t.Fatalf("%+v", e)
	}
	if !slices.Equal(p.stored(t), published(u)) {
		t.Error("something is missing")
	}
}

// TestSyncArguments: what cannot be meant is refused before anything is asked, with the remedy and without secrets.
func TestSyncArguments(t *testing.T) {
	home := t.TempDir()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	for _, c := range []struct {
		says string
		args []string
	}{
		{"there is no feed", []string{"ted"}},
		{"no feed is switched on", nil},
		{"sync.folder", []string{"folder"}},
		{"is not after", []string{"find-a-tender", "--from", "2026-08-12", "--to", "2026-08-12"}},
		{"--to 2026-08-13 for this one", []string{"find-a-tender", "--from", "2026-08-12", "--to", "2026-08-12"}},
		{"needs --from", []string{"find-a-tender", "--to", "2026-08-12"}},
		{"goes without", []string{"find-a-tender", "--since", "3d", "--from", "2026-08-12"}},
		{"no length of time", []string{"find-a-tender", "--since", "yesterday"}},
		{"no length of time", []string{"find-a-tender", "--since", "-3d"}},
		{"has not come yet", []string{"find-a-tender", "--from", "2999-01-01"}},
		{"neither a date", []string{"find-a-tender", "--from", "12/08/2026"}},
		{"over http can be changed", []string{"find-a-tender", "--base-url", "http://example.org/api/1.0"}},
		{"leave out the user name", []string{"find-a-tender", "--base-url", "https://me:hunter2@example.org/api/1.0"}},
		{"this is no address", []string{"find-a-tender", "--base-url", "https://me:hunter2@exa mple.org"}},
		{"no address of a service", []string{"find-a-tender", "--base-url", "file:///etc/passwd"}},
		{"no address of a service", []string{"find-a-tender", "--base-url", server.URL + "/api?key=hunter2x"}},
		{"rate", []string{"find-a-tender", "--rate", "often"}},
		{"is more than Find a Tender takes, 12/120s", []string{"find-a-tender", "--rate", "13/120s"}},
		{"of one feed", []string{"--base-url", server.URL}},
		{"are for one run", []string{"find-a-tender", "--watch", "--since", "3d"}},
		{"one argument too many", []string{"find-a-tender", "folder"}},
	} {
		var out bytes.Buffer
		code := run(t.Context(), append([]string{"sync"}, c.args...), environment("HOME", home, "USER", "tester"), strings.NewReader(""), &out, &out)
		if code != exitUsage || !strings.Contains(out.String(), c.says) {
			t.Errorf("sync %q exits with %d and says %s, want %q", c.args, code, out.String(), c.says)
		}
		if regexp.MustCompile(`hunter2\b`).MatchString(out.String()) {
			t.Errorf("sync %q repeats the password: %s", c.args, out.String())
		}
	}
	if asked > 0 {
		t.Errorf("the service was asked %d times", asked)
	}
}

// TestSyncKilled ends the command with SIGKILL at random moments, until it comes to its end: nothing is lost, nothing is there twice, and
// the releases are those of a run that nobody disturbed.
func TestSyncKilled(t *testing.T) {
	p, u := empty(t), madeDay()
	const seed, kills = 20260812, 8
	rng := rand.New(rand.NewPCG(seed, 1))
	var mu sync.Mutex
	var hit func() // called on the request that is to be the last
	left := 0
	u.Fault = func(int, time.Time, *http.Request) feedstest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if left--; left == 0 && hit != nil {
			hit()
		}
		return nil
	}
	at := upstream(t, u)
	args := []string{"sync", "find-a-tender", "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", at, "--rate", "1000/1s", "--json"}
	killed := 0
	for range kills {
		cmd := p.command(t.Context(), args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait := time.Duration(rng.IntN(40)) * time.Millisecond
		mu.Lock()
		left, hit = 1+rng.IntN(3), func() { time.AfterFunc(wait, func() { cmd.Process.Kill() }) }
		mu.Unlock()
		if cmd.Wait() != nil {
			killed++
		}
		mu.Lock()
		hit = nil
		mu.Unlock()
		if e := p.give(t, "", "verify"); e.code != 0 {
			t.Fatalf("seed %d, kill %d: %+v", seed, killed, e)
		}
	}
	if killed < kills/2 {
		t.Errorf("only %d of %d runs were killed", killed, kills)
	}
	if e := p.give(t, "", args...); e.code != 0 {
		t.Fatalf("the last run: %+v", e)
	}
	if got, want := p.stored(t), published(u); !slices.Equal(got, want) {
		t.Errorf("seed %d, after %d kills %d releases are stored, %d were published", seed, killed, len(got), len(want))
	}
	if e := p.give(t, "", "search", "--json", "--limit", "1", "contract"); e.code != 0 {
		t.Errorf("%+v", e)
	}
}

// TestSyncBeside: beside a server a sync goes through it, its bytes are those without one, and --watch is refused.
func TestSyncBeside(t *testing.T) {
	at, alone, u := empty(t), empty(t), madeDay()
	url := upstream(t, u)
	at.serving(t)
	args := []string{"sync", "find-a-tender", "--from", "2026-08-12", "--to", "2026-08-13", "--base-url", url, "--rate", "1000/1s"}
	one, two := at.give(t, "", args...), alone.give(t, "", args...)
	requests := regexp.MustCompile(`\d+ requests?`)
	if one.code != 0 || two.code != 0 || requests.ReplaceAllString(one.out, "") != requests.ReplaceAllString(two.out, "") {
		t.Errorf("beside %+v, alone %+v", one, two)
	}
	if e := at.give(t, "", "sync", "find-a-tender", "--watch", "--base-url", url); e.code != exitInUse || !strings.Contains(e.talk, "sync.feeds") {
		t.Errorf("--watch beside a server: %+v", e)
	}
	if e := at.give(t, "", "status"); e.code != 0 || !strings.HasPrefix(e.out, "ready\n") {
		t.Errorf("status: %+v", e)
	}
}

// started starts a command that stays, and returns what it says line by line.
func (p *workplace) started(t testing.TB, args ...string) (lines <-chan string, stopped func() ending) {
	t.Helper()
	cmd := p.command(context.Background(), args...)
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 10_000)
	all := ""
	read := make(chan bool)
	go func() {
		for s := bufio.NewScanner(talk); s.Scan(); {
			all += s.Text() + "\n"
			said <- s.Text()
		}
		close(said)
		close(read)
	}()
	done := false
	stopped = func() ending {
		if done {
			return ending{}
		}
		done = true
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		<-read
		cmd.Wait()
		return ending{talk: all, code: cmd.ProcessState.ExitCode()}
	}
	t.Cleanup(func() { stopped() })
	return said, stopped
}

// until waits for a line that says something, and returns it.
func until(t testing.TB, lines <-chan string, what string) string {
	t.Helper()
	for line := range lines {
		if strings.Contains(line, what) {
			return line
		}
	}
	t.Fatalf("it never says %q", what)
	return ""
}

// recent is a service whose notices are of the last two days, and the rest of today.
func recent() *feedstest.Upstream {
	now := time.Now()
	return &feedstest.Upstream{Releases: feedstest.Made{Seed: 7, From: now.AddDate(0, 0, -2), To: now.AddDate(0, 0, 1), Weekday: [2]int{60, 60}}.Releases()}
}

// TestSyncWatch: it stays, reads, works beside other commands, writes its log as JSON, and stops at once, with what it was doing kept.
func TestSyncWatch(t *testing.T) {
	p, u := empty(t), recent()
	p.env = append(p.env, "BIDFIT_SYNC_SINCE=3d", "BIDFIT_LOG_FORMAT=json")
	at := upstream(t, u)
	lines, stopped := p.started(t, "sync", "find-a-tender", "--watch", "--base-url", at, "--rate", "1000/1s")
	line := until(t, lines, `"a feed was read"`)
	var logged struct {
		Time, Level, Msg, Feed string
		Stored                 int
	}
	if err := json.Unmarshal([]byte(line), &logged); err != nil || logged.Time == "" || logged.Level != "INFO" || logged.Stored == 0 {
		t.Errorf("logged: %s (%v)", line, err)
	}
	e := p.give(t, "", "status", "--json")
	var s struct {
		Ready bool
		Feeds []struct {
			Feed, At string
			On       bool
			Next     time.Time
			Total    totals
		}
	}
	if err := json.Unmarshal([]byte(e.out), &s); err != nil || e.code != 0 || !s.Ready || len(s.Feeds) != 1 || !s.Feeds[0].On || s.Feeds[0].At != at || s.Feeds[0].Total.Stored != logged.Stored || !s.Feeds[0].Next.After(time.Now()) {
		t.Errorf("status: %+v (%v)", e, err)
	}
	if e := p.give(t, "", "sync", "--watch", "find-a-tender", "--base-url", at); e.code != exitInUse {
		t.Errorf("a second watch: %+v", e)
	}
	if e := stopped(); e.code != 0 || !strings.Contains(e.talk, "bidfit: stopped") {
		t.Errorf("stopped: %+v", e)
	}
}

// TestServeReads: a feed that is switched on is read by the server; while the service hangs, the status says so, and the server stops all the same.
func TestServeReads(t *testing.T) {
	p, u := empty(t), recent()
	hang := make(chan bool)
	var once sync.Once
	defer once.Do(func() { close(hang) })
	var mu sync.Mutex
	hanging := make(chan bool, 1)
	u.Fault = func(n int, _ time.Time, r *http.Request) feedstest.Fault {
		if n != 2 {
			return nil
		}
		return func(w http.ResponseWriter, r *http.Request) bool {
			hanging <- true
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			return true
		}
	}
	p.env = append(p.env, "BIDFIT_SYNC_SINCE=3d", "BIDFIT_SYNC_FEEDS=find-a-tender", "BIDFIT_SYNC_URL_FIND_A_TENDER="+upstream(t, u))
	lines, stopped := p.started(t, "serve", "--listen", "127.0.0.1:0")
	door := regexp.MustCompile(`http://\S+/`).FindString(until(t, lines, "serving"))
	mu.Lock()
	defer mu.Unlock()
	<-hanging
	get := func(path string) (int, string) {
		t.Helper()
		res, err := http.Get(door + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if code, body := get("readyz"); code != http.StatusOK || !strings.Contains(body, `"running"`) {
		t.Errorf("readyz: %d %s", code, body)
	}
	if _, body := get("metrics"); !strings.Contains(body, `bidfit_feed_running{feed="find-a-tender"} 1`) {
		t.Errorf("metrics:\n%s", body)
	}
	if e := p.give(t, "", "sync", "find-a-tender"); e.code != exitInUse || !strings.Contains(e.talk, "being read already, by bidfit serve") {
		t.Errorf("a sync while the server reads: %+v", e)
	}
	began := time.Now()
	if e := stopped(); e.code != 0 || !strings.Contains(e.talk, "bidfit: stopped") {
		t.Errorf("stopped: %+v", e)
	}
	if took := time.Since(began); took > stopTimeout {
		t.Errorf("it took %s to stop", took)
	}
	once.Do(func() { close(hang) })
	lines, stopped = p.started(t, "serve", "--listen", "127.0.0.1:0")
	until(t, lines, "a feed was read")
	if e := stopped(); e.code != 0 {
		t.Errorf("stopped: %+v", e)
	}
	now := time.Now()
	var want []string
	for _, r := range u.Releases {
		if r.Shown.Before(now.Add(-time.Minute)) {
			want = append(want, r.ID)
		}
	}
	got := p.stored(t)
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Fatalf("%s was published and is not in the store; %d are", id, len(got))
		}
	}
}

// TestStatusExpect: a script is told whether the data is complete and new.
func TestStatusExpect(t *testing.T) {
	p := empty(t)
	p.env = append(p.env, "BIDFIT_SYNC_FEEDS=find-a-tender")
	if e := p.give(t, "", "status"); e.code != 0 || !strings.Contains(e.out, "not ready  find-a-tender: it has not been read yet") || !strings.Contains(e.out, "last run       none yet") {
		t.Errorf("status: %+v", e)
	}
	if e := p.give(t, "", "status", "--expect", "ready"); e.code != exitUnexpected || !strings.Contains(e.talk, "not been read yet") {
		t.Errorf("status --expect ready: %+v", e)
	}
	if e := p.give(t, "", "status", "--expect", "bliss"); e.code != exitUsage {
		t.Errorf("status --expect bliss: %+v", e)
	}
}
