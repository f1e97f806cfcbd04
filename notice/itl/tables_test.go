package itl

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bidfit/notice/noticetest"
)

var update = flag.Bool("update", false, "rebuild the embedded files from ../shared/refdata")

// rows reads a table of the official lists without its heading.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(noticetest.Shared(t, "refdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	if strings.HasSuffix(name, ".tsv") {
		r.Comma = '\t'
	}
	list, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return list[1:]
}

// TestRegionsFile holds the embedded regions against the official lists; with -update it writes them.
func TestRegionsFile(t *testing.T) {
	authorities := map[string][]string{}
	seen := map[string]bool{}
	for _, r := range rows(t, "lau_lad_itl.tsv") {
		lau, lad, name, area := r[0], r[1], r[2], r[3]
		entry := lau
		if lad != lau && !seen[lad] {
			entry = lad + " " + lau
		}
		if !seen[lad] {
			entry = name + " " + entry
		}
		seen[lad] = true
		authorities[area] = append(authorities[area], entry)
	}
	became := map[string][]string{}
	for _, r := range rows(t, "itl3_21_25.tsv") {
		became[r[0]] = append(became[r[0]], r[1])
	}
	names := map[string]string{}
	var later, earlier []string
	for _, r := range rows(t, "itl.tsv") {
		vintage, code, name := r[0], r[1], r[2]
		if vintage != "2025" {
			continue
		}
		names[code] = name
		line := code + "\t" + name
		if len(code) == 5 {
			line += "\t" + hundredths(t, r[3]) + "\t" + hundredths(t, r[4]) + "\t" + strings.Join(authorities[code], ";")
		}
		later = append(later, line)
	}
	for _, r := range rows(t, "itl.tsv") {
		vintage, code, name := r[0], r[1], r[2]
		if vintage != "2021" {
			continue
		}
		if names[code] == name {
			name = ""
		}
		line := code + "\t" + name
		if s := became[code]; len(s) > 0 && !slices.Equal(s, []string{code}) {
			line += "\t" + strings.Join(s, " ")
		}
		earlier = append(earlier, strings.TrimRight(line, "\t"))
	}
	order := func(a, b string) int {
		x, _, _ := strings.Cut(a, "\t")
		y, _, _ := strings.Cut(b, "\t")
		return broaderFirst(Region(x), Region(y))
	}
	slices.SortFunc(later, order)
	slices.SortFunc(earlier, order)
	golden(t, "regions.txt", strings.Join(later, "\n")+"\n2021\n"+strings.Join(earlier, "\n")+"\n")
}

// hundredths rounds degrees to hundredths of a degree.
func hundredths(t *testing.T, s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(int(math.Round(f * 100)))
}

// TestPostcodesFile does the same for the outward codes.
func TestPostcodesFile(t *testing.T) {
	type district struct {
		number int
		text   string
	}
	byArea := map[string]map[string][]district{}
	for _, r := range rows(t, "outcode.tsv") {
		if r[1] == "" {
			continue // the Channel Islands and the Isle of Man
		}
		n := strings.IndexAny(r[0], "0123456789")
		area, text := r[0][:n], r[0][n:]
		number, err := strconv.Atoi(text)
		if err != nil {
			number = -1
		}
		if byArea[area] == nil {
			byArea[area] = map[string][]district{}
		}
		byArea[area][r[1]] = append(byArea[area][r[1]], district{number, text})
	}
	var b strings.Builder
	for _, r := range rows(t, "postcode_area_itl.csv") {
		area, itl1 := r[0], r[2]
		fmt.Fprintf(&b, "%s %s", area, itl1)
		var codes []string
		for c := range byArea[area] {
			codes = append(codes, c)
		}
		slices.Sort(codes)
		for _, c := range codes {
			fmt.Fprintf(&b, " %s", c)
			list := byArea[area][c]
			slices.SortFunc(list, func(x, y district) int {
				return cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.text, y.text))
			})
			for len(list) > 0 {
				n := 1
				for n < len(list) && list[0].number >= 0 && list[n].number == list[0].number+n {
					n++
				}
				if n > 1 {
					fmt.Fprintf(&b, " %d-%d", list[0].number, list[n-1].number)
				} else {
					fmt.Fprintf(&b, " %s", list[0].text)
				}
				list = list[n:]
			}
		}
		b.WriteByte('\n')
	}
	golden(t, "postcodes.txt", b.String())
}

func golden(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the official lists give; rebuild it with go test -update", name)
	}
}
