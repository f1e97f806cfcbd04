package bleve_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"bidfit/index"
	"bidfit/index/bleve"
	"bidfit/notice"
)

// childDir is the environment variable that turns this test binary into the
// process that is killed: it puts batches into the index there for ever.
const childDir = "BIDFIT_TEST_INDEX"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, putForEver(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Batch k puts perBatch notices of its own and takes those of batch k-3 away again.
const (
	perBatch = 15
	lives    = 3
)

func batch(k uint64) (notices []*notice.Notice, gone []string) {
	for i := range perBatch {
		notices = append(notices, &notice.Notice{
			ID:          fmt.Sprintf("batch-%06d-%02d", k, i),
			Title:       say(fmt.Sprintf("Gritting of roads in ward%d", k)),
			Description: say(strings.Repeat("Salt is spread before frost is forecast. ", 20)),
		})
		if k > lives {
			gone = append(gone, fmt.Sprintf("batch-%06d-%02d", k-lives, i))
		}
	}
	return notices, gone
}

// putForEver goes on from the mark and says what it has done.
func putForEver(dir string) error {
	x, err := bleve.Open(dir)
	if err != nil {
		return err
	}
	if r := x.Rebuilt(); r != "" {
		return errors.New("rebuilt: " + r)
	}
	fmt.Println("open", x.Mark().N)
	for k := x.Mark().N + 1; ; k++ {
		notices, gone := batch(k)
		if err := x.Put(context.Background(), index.Mark{Store: "child", N: k}, notices, gone); err != nil {
			n, again := x.Count(context.Background())
			fmt.Println("failed", x.Mark().N, n)
			return errors.Join(err, again, x.Close())
		}
		fmt.Println("put", k)
	}
}

// child starts a process that puts for ever, and gives what it says. A wrapper is a command to start it with.
func child(t *testing.T, dir string, wrapper ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	wrapper = append(wrapper, exe)
	c := exec.Command(wrapper[0], wrapper[1:]...)
	c.Env = append(os.Environ(), childDir+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	said := bufio.NewScanner(out)
	if !said.Scan() || !strings.HasPrefix(said.Text(), "open") {
		t.Fatalf("the child says %q", said.Text())
	}
	return c, said
}

// TestKill kills a process in the middle of Put, ten times at seeded moments:
// what it had been told was done is done, and the mark vouches for exactly the notices that are there.
func TestKill(t *testing.T) {
	const seed = 20260811
	random := rand.New(rand.NewPCG(seed, seed))
	dir := t.TempDir()
	for round := range 10 {
		c, out := child(t, dir)
		var told uint64
		for range 1 + random.IntN(8) {
			if !out.Scan() {
				t.Fatalf("round %d: the child ended: %v", round, out.Err())
			}
			if _, err := fmt.Sscanf(out.Text(), "put %d", &told); err != nil {
				t.Fatalf("round %d: the child says %q", round, out.Text())
			}
		}
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Microsecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said before it died
			if _, err := fmt.Sscanf(out.Text(), "put %d", &told); err != nil {
				break // cut in the middle of a line
			}
		}
		c.Wait()
		checkAgreement(t, dir, told)
	}
}

func checkAgreement(t *testing.T, dir string, told uint64) {
	t.Helper()
	x, err := bleve.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	m := x.Mark()
	if x.Rebuilt() != "" || m.Store != "child" || m.N < told || m.N > told+1 {
		t.Fatalf("killed after batch %d, the mark is %+v, rebuilt %q", told, m, x.Rebuilt())
	}
	want := make(map[string]bool)
	for k := m.N - min(lives, m.N) + 1; k <= m.N; k++ {
		notices, _ := batch(k)
		for _, n := range notices {
			want[n.ID] = true
		}
	}
	r, err := x.Search(t.Context(), index.Query{Words: "salt", Size: index.MaxSize})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Hits {
		if !want[h.ID] {
			t.Errorf("the mark is at %d, and %s is there", m.N, h.ID)
		}
		delete(want, h.ID)
	}
	for id := range want {
		t.Errorf("the mark is at %d, and %s is missing", m.N, id)
	}
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	c, _ := child(t, dir)
	_, err := bleve.Open(dir)
	if !errors.Is(err, index.ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("Open while another process has the index: %v, want ErrInUse and the folder", err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	x := open(t, dir)
	if x.Rebuilt() != "" {
		t.Errorf("rebuilt: %s", x.Rebuilt())
	}
	if _, err := bleve.Open(dir); !errors.Is(err, index.ErrInUse) {
		t.Errorf("Open a second time in one process: %v, want ErrInUse", err)
	}
}

// TestFull takes a disk that has no more room: here, a limit on the length of
// files. The Put that fails leaves what was there, and a later process goes on from it.
func TestFull(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to set a limit with")
	}
	dir := t.TempDir()
	c, out := child(t, dir, "sh", "-c", `ulimit -f 200 && exec "$0"`)
	var told, mark, count uint64
	for out.Scan() {
		if _, err := fmt.Sscanf(out.Text(), "failed %d %d", &mark, &count); err == nil {
			continue
		}
		if _, err := fmt.Sscanf(out.Text(), "put %d", &told); err != nil {
			t.Fatalf("the child says %q", out.Text())
		}
	}
	if err := c.Wait(); err == nil {
		t.Error("the child that ran out of room ended as if nothing were wrong")
	}
	if mark != told || count != min(told, lives)*perBatch {
		t.Errorf("after batch %d the disk was full, and the index goes on at %d with %d notices", told, mark, count)
	}
	checkAgreement(t, dir, told)
}
