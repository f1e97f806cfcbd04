package bolt

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bidfit/store/storetest"
)

var mutations = flag.Int("mutations", 120, "how many damaged files TestDamage opens")

// damage spoils a file as disks, cables and people do, and says how.
func damage(r *rand.Rand, content []byte) ([]byte, string) {
	b := bytes.Clone(content)
	page := os.Getpagesize()
	pages := len(b) / page
	at := r.IntN(len(b))
	switch r.IntN(8) {
	case 0:
		b[at] ^= 1 << r.IntN(8)
		return b, fmt.Sprintf("a bit of byte %d flipped", at)
	case 1:
		b[at] = byte(r.Uint32())
		return b, fmt.Sprintf("byte %d overwritten", at)
	case 2: // where pages say what they are
		at = r.IntN(pages)*page + r.IntN(128)
		b[at] ^= 1 << r.IntN(8)
		return b, fmt.Sprintf("a bit of byte %d flipped, byte %d of its page", at, at%page)
	case 3:
		at -= at % 512
		clear(b[at : at+512])
		return b, fmt.Sprintf("sector at %d zeroed", at)
	case 4:
		at -= at % page
		clear(b[at : at+page])
		return b, fmt.Sprintf("page %d zeroed", at/page)
	case 5:
		to := r.IntN(pages)
		copy(b[to*page:(to+1)*page], b[at-at%page:])
		return b, fmt.Sprintf("page %d written over page %d", at/page, to)
	case 6:
		for i := at; i < min(at+200, len(b)); i++ {
			b[i] = byte(r.Uint32())
		}
		return b, fmt.Sprintf("200 bytes of noise at %d", at)
	default:
		return b[:at], fmt.Sprintf("cut at %d", at)
	}
}

// A damaged file is refused, or answers with errors, or answers right; whatever it
// leaves out, Verify tells. It never panics.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bidfit.db")
	s := opened(t, path)
	releases := samples(0, 150)
	stored, more := releases[:120], releases[120:]
	furnish(t, s, stored)
	if all := findings(s); len(all) > 0 {
		t.Fatal(all)
	}
	want := answers(s, stored)
	s.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content = content[:highWater(t, content)]
	seed := rand.Uint64()
	t.Logf("seed %d, %d bytes", seed, len(content))
	r := rand.New(rand.NewPCG(seed, 0))
	refused, told := 0, 0
	for i := range *mutations {
		b, how := damage(r, content)
		path := filepath.Join(dir, fmt.Sprintf("damaged-%d.db", i))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, storetest.Projection(1))
		if err != nil {
			refused++
			os.Remove(path)
			continue
		}
		got := answers(s, stored)
		all := findings(s)
		if len(all) > 0 {
			told++
		}
		if !maps.Equal(got, want) && len(all) == 0 {
			t.Errorf("mutation %d (%s): answers differ, and Verify finds nothing", i, how)
		}
		for question, answer := range got {
			// Numbered questions shift when a record before them is lost; a name is answered right or not at all.
			if right, named := want[question]; named && answer != right && answer != "error" && strings.HasPrefix(question, "notice ocds") {
				t.Errorf("mutation %d (%s): %s is answered wrongly", i, how, question)
			}
		}
		s.Put(context.Background(), more[:20]) // any answer but a panic
		s.Put(context.Background(), more[20:])
		if err := s.Close(); err != nil {
			t.Logf("mutation %d (%s): closing: %v", i, how, err)
		}
		os.Remove(path)
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d of %d refused, %d told by Verify", refused, *mutations, told)
}
