package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"bidfit/desk"
	"bidfit/feeds"
)

// quiet is a feed that has nothing, or fails.
type quiet struct {
	name string
	err  error
}

func (f *quiet) Name() string { return f.name }

func (f *quiet) Sync(_ context.Context, _ feeds.Ask, to feeds.Sink) error {
	to.Tell(feeds.Progress{Tally: feeds.Tally{Requests: 3, Gaps: 2}, From: sampleDay.Add(-time.Hour), To: sampleDay})
	return f.err
}

// once reads a feed at a time.
func once(t *testing.T, d *desk.Desk, f feeds.Feed, at time.Time) {
	t.Helper()
	d.Sync(t.Context(), f, feeds.Ask{}, desk.Syncing{Who: "a test", Clock: func() time.Time { return at }}) // its error is what is looked at
}

// TestFirstFeed: an empty store offers its feeds, and one that is chosen is on; a server that reads none offers none.
func TestFirstFeed(t *testing.T) {
	d := newDesk(t)
	one, two := &quiet{name: "one"}, &quiet{name: "two"}
	d.UseFeeds(desk.Scheduled{Feed: one, Title: "Service One", About: "Of the north", Every: time.Hour}, desk.Scheduled{Feed: two, Title: "Service Two", Every: time.Hour})
	o := optionsOf(t, d)
	shut := New(o)
	o.Reads = true
	door := New(o)
	holds(t, "first run", body(t, ask(t, door, "GET", "/", nil)), "Service One", "Of the north", `name="feed" value="two"`, `name="to" value="on"`)
	if page := body(t, ask(t, shut, "GET", "/", nil)); strings.Contains(page, "Service One") || !strings.Contains(page, "bidfit sync") {
		t.Error("a server that reads none offers feeds")
	}
	post := func(door http.Handler, feed, to string) *http.Response {
		t.Helper()
		return ask(t, door, "POST", "/feeds", func(r *http.Request) {
			r.URL.RawQuery = ""
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.PostForm = url.Values{"feed": {feed}, "to": {to}}
		})
	}
	on := func() (names []string) {
		t.Helper()
		r, err := d.Ready(t.Context(), sampleDay)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Feeds {
			if f.On {
				names = append(names, f.Feed)
			}
		}
		return names
	}
	for _, c := range []struct {
		door     http.Handler
		feed, to string
		status   int
		on       string
	}{
		{door, "two", "on", http.StatusSeeOther, "two"},
		{door, "two", "on", http.StatusSeeOther, "two"},
		{door, "one", "on", http.StatusSeeOther, "one two"},
		{door, "one", "off", http.StatusSeeOther, "two"},
		{door, "three", "on", http.StatusNotFound, "two"},
		{door, "two", "sideways", http.StatusBadRequest, "two"},
		{shut, "two", "off", http.StatusBadRequest, "two"},
	} {
		if res := post(c.door, c.feed, c.to); res.StatusCode != c.status || strings.Join(on(), " ") != c.on {
			t.Errorf("%s %s: %s, on are %v, want %s", c.feed, c.to, res.Status, on(), c.on)
		}
	}
	holds(t, "the feeds", body(t, ask(t, door, "GET", "/feeds", nil)), "Service Two", "Switch off", "Switch on", "it has not been read yet")
}

// TestReadyz: 200 while feeds are read, 503 with the reasons once one has failed or been silent for too long.
func TestReadyz(t *testing.T) {
	d := sampleDesk(t)
	f := &quiet{name: "one"}
	d.UseFeeds(desk.Scheduled{Feed: f, Title: "Service One", On: true, Every: 15 * time.Minute, Stale: 6 * time.Hour})
	o := optionsOf(t, d)
	door := New(o)
	now := sampleDay
	for _, c := range []struct {
		name string
		read time.Duration // before now; 0 is not
		err  error
		want int
		says string
	}{
		{"never read", 0, nil, 503, "one: it has not been read yet"},
		{"read an hour ago", time.Hour, nil, 200, `"reasons":[]`},
		{"read seven hours ago", 7 * time.Hour, nil, 503, "longer ago than 6 hours"},
		{"read", time.Second, nil, 200, `"reasons":[]`},
		{"fails since seven hours", 7 * time.Hour, errors.New("503 Service Unavailable"), 503, "503 Service Unavailable"},
		{"read again", time.Second, nil, 200, `"reasons":[]`},
	} {
		f.err = c.err
		if c.read > 0 {
			once(t, d, f, now.Add(-c.read))
		}
		res := ask(t, door, "GET", "/readyz", nil)
		text := body(t, res)
		var r desk.Ready
		if err := json.Unmarshal([]byte(text), &r); err != nil || res.StatusCode != c.want || r.Ready != (c.want == 200) || !strings.Contains(text, c.says) || res.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s (%v)\n%s", c.name, res.Status, err, text)
		}
	}
}

// TestHomeTellsFeeds: the home page says how fresh the data is, and which feed fails, in words.
func TestHomeTellsFeeds(t *testing.T) {
	d := sampleDesk(t)
	good, bad := &quiet{name: "one"}, &quiet{name: "two", err: errors.New("403 Forbidden")}
	d.UseFeeds(desk.Scheduled{Feed: good, Title: "Service One", On: true, Every: time.Hour, Stale: 6 * time.Hour},
		desk.Scheduled{Feed: bad, Title: "Service Two", On: true, Every: time.Hour, Stale: 6 * time.Hour},
		desk.Scheduled{Feed: &quiet{name: "three"}, Title: "Service Three"})
	once(t, d, good, sampleDay.Add(-time.Hour))
	once(t, d, bad, sampleDay.Add(-7*time.Hour))
	page := body(t, ask(t, New(optionsOf(t, d)), "GET", "/", nil))
	holds(t, "home", page, "Service One", "24 June 2026, 08:00", "Service Two", "not to be relied on:", "failed since 24 June 2026, 02:00", "403 Forbidden", `href="/feeds"`)
	if strings.Contains(page, "Service Three") {
		t.Error("it tells of a feed that is switched off")
	}
}

// TestMetrics: the figures are those of the desk, are written as Prometheus reads them, and no label holds what anybody wrote.
func TestMetrics(t *testing.T) {
	d := hostileDesk(t)
	door := New(optionsOf(t, d))
	for _, at := range []string{"/", "/profiles/" + hostileProfile, "/notices/" + hostileID, "/nowhere/" + url.PathEscape(hostileName), "/search?q=" + url.QueryEscape(hostileName)} {
		ask(t, door, "GET", at, nil)
	}
	ask(t, door, "BREW", "/profiles/"+hostileProfile, nil)
	res := ask(t, door, "GET", "/metrics", nil)
	text := body(t, res)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v\n%s", res.Status, err, text)
	}
	for _, want := range []string{
		"bidfit_ready 0", "bidfit_quarantine_releases 2", "bidfit_index_behind_notices 0", `bidfit_feed_failures{feed="wicked"} 2`, `bidfit_feed_requests_total{feed="wicked"} 2`,
		`bidfit_feed_gaps{feed="wicked"} 2`, `bidfit_feed_on{feed="wicked"} 1`, `bidfit_feed_releases_total{feed="wicked",result="stored"} 0`, `bidfit_build_info{version="test"} 1`,
		`bidfit_http_request_duration_seconds_count{code="200",method="GET",route="/notices/{notice}"} 1`,
		`bidfit_http_request_duration_seconds_count{code="404",method="GET",route="none"} 1`,
		`bidfit_http_request_duration_seconds_count{code="405",method="other",route="none"} 1`, "go_goroutines", "process_open_fds",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	if strings.Contains(text, "last_success") {
		t.Error("a feed that was never read has a time of success")
	}
	label := regexp.MustCompile(`^[a-zA-Z0-9 .:/{}$_+-]*$`)
	for name, family := range families {
		for _, m := range family.Metric {
			for _, l := range m.Label {
				if v := l.GetValue(); !label.MatchString(v) || strings.Contains(v, hostileID) || strings.Contains(v, hostileProfile) {
					t.Errorf("%s has the label %s=%q", name, l.GetName(), v)
				}
			}
		}
	}
}
