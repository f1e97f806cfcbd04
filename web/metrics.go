package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"bidfit/desk"
)

// metrics are the figures that Prometheus fetches: how the feeds and the index are doing, asked of the desk when they are fetched, and how long
// requests took. A label is a feed, a route of the table, a method or a status: nothing that a notice or a profile says.
type metrics struct {
	took    *prometheus.HistogramVec
	handler http.Handler
}

func newMetrics(o Options) *metrics {
	m := &metrics{took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "bidfit_http_request_duration_seconds", Help: "How long requests took, by the pattern of their route.",
		Buckets: []float64{.005, .02, .05, .1, .25, .5, 1, 2.5, 10, 60},
	}, []string{"method", "route", "code"})}
	r := prometheus.NewRegistry()
	r.MustRegister(m.took, &deskFigures{o.Desk, o.Now}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "bidfit_build_info", Help: "Always 1; the label says which bidfit this is.",
			ConstLabels: prometheus.Labels{"version": o.Version}}, func() float64 { return 1 }))
	m.handler = promhttp.HandlerFor(r, promhttp.HandlerOpts{DisableCompression: true}) // the guard compresses
	return m
}

// timed notes how long a route takes.
func (m *metrics) timed(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w}
		status := http.StatusInternalServerError // of a panic
		defer func() {
			m.took.WithLabelValues(method(r.Method), route, strconv.Itoa(status)).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(rec, r)
		if status = rec.status; status == 0 {
			status = http.StatusOK
		}
	})
}

// method is one of those there are: what else is sent must not become a label.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
		return m
	}
	return "other"
}

// measured is the page of the figures.
func (s *server) measured(w http.ResponseWriter, r *http.Request) error {
	s.metrics.handler.ServeHTTP(w, r)
	return nil
}

// fetchTimeout is how long the desk may take over its figures.
const fetchTimeout = 10 * time.Second

// deskFigures asks the desk when it is asked itself.
type deskFigures struct {
	desk *desk.Desk
	now  func() time.Time
}

var feedLabel = []string{"feed"}

// The figures of the desk.
var (
	figureReady       = prometheus.NewDesc("bidfit_ready", "1 where /readyz says so.", nil, nil)
	figureBehind      = prometheus.NewDesc("bidfit_index_behind_notices", "Notices that the index has still to take in.", nil, nil)
	figureQuarantined = prometheus.NewDesc("bidfit_quarantine_releases", "Releases in quarantine.", nil, nil)
	figureOn          = prometheus.NewDesc("bidfit_feed_on", "1 where the schedule reads the feed.", feedLabel, nil)
	figureRunning     = prometheus.NewDesc("bidfit_feed_running", "1 while the feed is being read.", feedLabel, nil)
	figureRuns        = prometheus.NewDesc("bidfit_feed_runs_total", "How often the feed was read.", feedLabel, nil)
	figureRequests    = prometheus.NewDesc("bidfit_feed_requests_total", "Requests sent to the service, those that failed included.", feedLabel, nil)
	figureReleases    = prometheus.NewDesc("bidfit_feed_releases_total", "Releases that came, by what became of them.", []string{"feed", "result"}, nil)
	figureOdd         = prometheus.NewDesc("bidfit_feed_odd_releases_total", "Releases that could not be read or had to be repaired.", feedLabel, nil)
	figureGaps        = prometheus.NewDesc("bidfit_feed_gaps", "Notices that should be there by their numbers and could not be had.", feedLabel, nil)
	figureFailures    = prometheus.NewDesc("bidfit_feed_failures", "Runs that failed since one last succeeded.", feedLabel, nil)
	figureDrift       = prometheus.NewDesc("bidfit_feed_drift", "1 while what comes is odder than what came before.", feedLabel, nil)
	figureSucceeded   = prometheus.NewDesc("bidfit_feed_last_success_timestamp_seconds", "When the feed was last read up to the present.", feedLabel, nil)
	figureNewest      = prometheus.NewDesc("bidfit_feed_newest_release_timestamp_seconds", "Date of the newest release of the feed.", feedLabel, nil)
)

// Describe describes nothing: a collector without descriptions is asked, not checked beforehand.
func (f *deskFigures) Describe(chan<- *prometheus.Desc) {}

// Collect asks the desk.
func (f *deskFigures) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	r, err := f.desk.Ready(ctx, f.now())
	if err != nil {
		to <- prometheus.NewInvalidMetric(figureReady, err)
		return
	}
	say := func(d *prometheus.Desc, kind prometheus.ValueType, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, v, labels...)
	}
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	say(figureReady, gauge, one(r.Ready))
	say(figureBehind, gauge, float64(r.Behind))
	say(figureQuarantined, gauge, float64(r.Quarantined))
	for _, x := range r.Feeds {
		say(figureOn, gauge, one(x.On), x.Feed)
		say(figureRunning, gauge, one(x.Running != nil), x.Feed)
		say(figureRuns, counter, float64(x.Runs), x.Feed)
		say(figureRequests, counter, float64(x.Total.Requests), x.Feed)
		say(figureReleases, counter, float64(x.Total.Stored), x.Feed, "stored")
		say(figureReleases, counter, float64(x.Total.Duplicates), x.Feed, "duplicate")
		say(figureReleases, counter, float64(x.Total.Quarantined), x.Feed, "quarantined")
		say(figureOdd, counter, float64(x.Odd), x.Feed)
		say(figureGaps, gauge, float64(x.Total.Gaps), x.Feed)
		say(figureFailures, gauge, float64(x.Failures), x.Feed)
		say(figureDrift, gauge, one(x.Drift != ""), x.Feed)
		for _, t := range []struct {
			d  *prometheus.Desc
			at time.Time
		}{{figureSucceeded, x.Succeeded}, {figureNewest, x.Newest}} {
			if !t.at.IsZero() { // 1970 would be a lie
				say(t.d, gauge, float64(t.at.UnixMilli())/1000, x.Feed)
			}
		}
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
