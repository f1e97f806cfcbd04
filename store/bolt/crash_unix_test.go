//go:build unix

package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"bidfit/pursuit"
	"bidfit/store"
	"bidfit/store/storetest"
)

// The tests of this file run the test program again as another process, which these variables turn into a writer.
const (
	childStore = "BOLT_TEST_STORE" // the store it writes to
	childLimit = "BOLT_TEST_LIMIT" // the largest file it may write
)

const childBatch = 5

func TestMain(m *testing.M) {
	if path := os.Getenv(childStore); path != "" {
		if err := child(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child puts samples for ever, from where the store ends, and prints how many are acknowledged.
func child(path string) error {
	s, err := Open(path, storetest.Projection(1))
	if err != nil {
		return err
	}
	fmt.Println("open")
	if limit, err := strconv.ParseUint(os.Getenv(childLimit), 10, 64); err == nil {
		return childWithin(s, limit)
	}
	for {
		if _, err := childPut(s); err != nil {
			return err
		}
	}
}

// childPut puts the next samples.
func childPut(s *Store) (acknowledged int, err error) {
	st, err := s.Stats(context.Background())
	if err != nil {
		return 0, err
	}
	if _, err := s.Put(context.Background(), samples(st.Releases, st.Releases+childBatch)); err != nil {
		return st.Releases, err
	}
	if err := childKeep(s, st.Releases+childBatch); err != nil {
		return st.Releases, err
	}
	fmt.Println(st.Releases + childBatch)
	return st.Releases + childBatch, nil
}

// childKeep keeps how far the child has come, in two records that say the same.
func childKeep(s *Store, n int) error {
	return s.Keep(context.Background(), store.Default,
		pursuit.Record{Kind: pursuit.KindSearch, Name: "a", Content: fmt.Append(nil, n)}, pursuit.Record{Kind: pursuit.KindSearch, Name: "b", Content: fmt.Append(nil, n)})
}

// run starts a child.
func run(t *testing.T, path string, env ...string) (*exec.Cmd, *bufio.Scanner, *strings.Builder) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childStore+"="+path), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out), &stderr
}

// holds checks that the store holds samples 0 to n-1 at least, whole batches only, and is sound.
func holds(t *testing.T, s *Store, n int) {
	t.Helper()
	st, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if st.Releases < n || st.Releases%childBatch != 0 {
		t.Fatalf("%d releases of %d acknowledged, in batches of %d", st.Releases, n, childBatch)
	}
	res, err := s.Put(t.Context(), samples(0, st.Releases))
	if err != nil || res.Stored != 0 || res.Duplicates != st.Releases {
		t.Fatalf("of %d releases %d are not there: %v", st.Releases, res.Stored, err)
	}
	kept, err := s.Records(t.Context(), store.Default, pursuit.KindSearch, "")
	if err != nil || n > 0 && len(kept) != 2 || len(kept) > 0 && (len(kept) != 2 || string(kept[0].Content) != string(kept[1].Content)) {
		t.Fatalf("of two records kept together there are %v, %v", kept, err)
	}
	if len(kept) > 0 {
		if told, err := strconv.Atoi(string(kept[0].Content)); err != nil || told < n {
			t.Fatalf("%d releases acknowledged, and the records say %s, %v", n, kept[0].Content, err)
		}
	}
	if all := findings(s); len(all) > 0 {
		t.Fatal(all)
	}
}

// A writer killed at any moment loses nothing it has acknowledged, and the next one goes on.
func TestKill(t *testing.T) {
	const seed, kills = 20260624, 20
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "bidfit.db")
	acknowledged := 0
	for kill := range kills {
		cmd, out, stderr := run(t, path)
		patience := r.IntN(6) // acknowledgements; 0: while it is opening, or creating
		for range patience {
			if !out.Scan() {
				t.Fatalf("kill %d: the child ended: %s", kill, stderr)
			}
			if n, err := strconv.Atoi(out.Text()); err == nil {
				acknowledged = n
			}
		}
		time.Sleep(time.Duration(r.IntN(20_000)) * time.Microsecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said before it died counts
			if n, err := strconv.Atoi(out.Text()); err == nil {
				acknowledged = n
			}
		}
		cmd.Wait()
		s, err := Open(path, storetest.Projection(1))
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		holds(t, s, acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d releases acknowledged", acknowledged)
}

// While one process has the store, another is told so, and a kill gives it free.
func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bidfit.db")
	cmd, out, stderr := run(t, path)
	if !out.Scan() {
		t.Fatal(stderr)
	}
	_, err := Open(path, storetest.Projection(1), Timeout(60*time.Millisecond))
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "is `bidfit serve` running?") {
		t.Errorf("opened twice: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	holds(t, opened(t, path), 0)
}

// childWithin writes until the disk is full, as far as it can tell, and then asks what is left.
func childWithin(s *Store, limit uint64) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return err
	}
	acknowledged := 0
	for {
		n, err := childPut(s)
		if err == nil {
			acknowledged = n
			continue
		}
		fmt.Println("failed:", err)
		if n != acknowledged {
			return fmt.Errorf("%d releases after %d acknowledged", n, acknowledged)
		}
		break
	}
	if _, err := s.Releases(context.Background(), sample(0).OCID); err != nil {
		return fmt.Errorf("reading after a failed write: %w", err)
	}
	if all := findings(s); len(all) > 0 {
		return errors.New(strings.Join(all, "\n"))
	}
	return s.Close()
}

// A write that the disk does not take fails, and leaves the store as it was.
func TestWriteFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bidfit.db")
	opened(t, path).Close()
	for _, limit := range []int{100_000, growth + 100_000} { // when the file first grows, and when it grows again
		cmd, out, stderr := run(t, path, childLimit+"="+strconv.Itoa(limit))
		acknowledged, failed := 0, false
		for out.Scan() {
			if n, err := strconv.Atoi(out.Text()); err == nil {
				acknowledged = n
			}
			failed = failed || strings.HasPrefix(out.Text(), "failed:")
		}
		if err := cmd.Wait(); err != nil || !failed {
			t.Fatalf("limit %d: %v, failed %v: %s", limit, err, failed, stderr)
		}
		s, err := Open(path, storetest.Projection(1))
		if err != nil {
			t.Fatalf("limit %d: %v", limit, err)
		}
		holds(t, s, acknowledged)
		s.Close()
		t.Logf("limit %d: %d releases", limit, acknowledged)
	}
}

func TestOpenWithoutPermission(t *testing.T) {
	if os.Getuid() == 0 {
		runAsNobody(t)
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "bidfit.db")
	opened(t, path).Close()
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, storetest.Projection(1)); err == nil || !strings.Contains(err.Error(), "mode of file and folder") {
		t.Errorf("a file that is read-only: %v", err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if _, err := Open(filepath.Join(dir, "new.db"), storetest.Projection(1)); err == nil || !strings.Contains(err.Error(), "mode of file and folder") {
		t.Errorf("a folder that is read-only: %v", err)
	}
}

// runAsNobody runs the calling test again as a user who may be forbidden something: root may do everything.
func runAsNobody(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "bolt-nobody") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(dir, "bolt.test")
	if err := os.WriteFile(exe, program, 0o755); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	again := exec.Command(exe, "-test.v", "-test.run", "^"+t.Name()+"$")
	again.Dir = dir
	again.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	again.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}
