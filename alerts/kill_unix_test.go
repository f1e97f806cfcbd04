//go:build unix

package alerts_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"bidfit/alerts"
	"bidfit/desk"
	"bidfit/index/bleve"
	"bidfit/notice"
	"bidfit/notice/ocds"
	"bidfit/store"
	"bidfit/store/bolt"
)

// These turn the test program into one that has notices come and tells of them, until it is killed or done.
const (
	childDir   = "ALERTS_TEST_DIR"
	childHooks = "ALERTS_TEST_HOOKS" // where its webhooks go
)

// childSteps is how many notices come, an hour apart.
const childSteps = 60

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(context.Background(), dir, os.Getenv(childHooks)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child goes on where the store ends, and prints how far it has come.
func child(ctx context.Context, dir, hooks string) error {
	s, err := bolt.Open(filepath.Join(dir, "bidfit.db"), store.Projection{Version: ocds.ProjectionVersion, Project: ocds.Project})
	if err != nil {
		return err
	}
	ix, err := bleve.Open(filepath.Join(dir, "index"))
	if err != nil {
		return err
	}
	d := desk.New(s, ix, store.Default, slog.New(slog.DiscardHandler))
	hook, err := guarded(hooks)
	if err != nil {
		return err
	}
	e := alerts.NewEngine(d, s, store.Default, map[alerts.Channel]alerts.Deliverer{alerts.Webhook: hook}, alerts.Options{})
	for {
		stats, err := s.Stats(ctx)
		if err != nil {
			return err
		}
		n := stats.Releases // the first is there from the beginning
		now := at(2, "10:00").Add(time.Duration(n) * time.Hour)
		if _, err := e.Tick(ctx, now); err != nil {
			return err
		}
		fmt.Println(n)
		if n > childSteps {
			_, err := e.Tick(ctx, now.AddDate(0, 0, 1))
			return err
		}
		for item, err := range ocds.Decode(ctx, strings.NewReader(release{n: n, id: n, deadline: "2026-12-20T12:00:00+00:00"}.json()+"\n"), "made") {
			if err != nil {
				return err
			}
			if _, err := s.Put(ctx, []notice.Release{*item.Release}); err != nil {
				return err
			}
		}
	}
}

// Killed at random moments, the program loses nothing, and what arrives twice has the same ID.
func TestKilled(t *testing.T) {
	var mu sync.Mutex
	times := map[string]map[string]int{} // by subscription and message
	told := map[string]map[string]string{}
	hooks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got struct {
			Data alerts.Message `json:"data"`
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if err != nil {
			return // of one that was killed while it sent
		}
		mu.Lock()
		defer mu.Unlock()
		to, id := r.URL.Path, r.Header.Get("webhook-id")
		if times[to] == nil {
			times[to], told[to] = map[string]int{}, map[string]string{}
		}
		times[to][id]++
		for _, x := range got.Data.Items {
			if before, ok := told[to][x.Target.Notice]; ok && before != id {
				t.Errorf("%s was told of %s in %s and in %s", to, x.Target.Notice, before, id)
			}
			told[to][x.Target.Notice] = id
		}
	}))
	defer hooks.Close()
	dir := t.TempDir()
	w := newWorld(t, dir)
	w.ingest(release{n: 0, id: 0})
	w.profile("care", "neighbour mediation")
	for i := range 4 {
		w.subscribe(alerts.Subscription{Profile: "care", Channel: alerts.Webhook, To: fmt.Sprint(hooks.URL, "/", i), AtOnce: i < 3})
	}
	w.tick(at(2, "09:00"))
	w.close()

	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	kills := 0
	for done := false; !done; {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childDir+"="+dir, childHooks+"="+hooks.URL)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		// It is killed a while after one of its next steps, however long a step takes.
		for left := 1 + rng.IntN(9); lines.Scan(); left-- {
			if left == 0 {
				timer := time.AfterFunc(time.Duration(rng.IntN(20_000))*time.Microsecond, func() { cmd.Process.Kill() })
				for lines.Scan() {
				}
				timer.Stop()
				break
			}
		}
		err = cmd.Wait()
		var exit *exec.ExitError
		switch {
		case err == nil:
			done = true
		case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL:
			kills++
		default:
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if kills < 3 {
		t.Errorf("killed %d times", kills)
	}
	again := 0
	for i := range 4 {
		to := fmt.Sprint("/", i)
		for n := 1; n <= childSteps; n++ {
			if told[to][id(n)] == "" {
				t.Errorf("%s was never told of %s", to, id(n))
			}
		}
		if len(told[to]) != childSteps {
			t.Errorf("%s was told of %d notices, %d came", to, len(told[to]), childSteps)
		}
		twice := 0
		for message, n := range times[to] {
			if twice += n - 1; n > 2 {
				t.Errorf("message %s came %d times", message, n)
			}
		}
		if twice > kills {
			t.Errorf("%d messages came twice to %s, and it was killed %d times", twice, to, kills)
		}
		again += twice
	}
	t.Logf("killed %d times; of %d messages %d came twice", kills, len(times["/0"])+len(times["/1"])+len(times["/2"])+len(times["/3"]), again)
}
