package evaluate

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bidfit/matcher"
	"bidfit/notice"
	"bidfit/profiles"
)

// Judgement is what a person thinks of one notice for one profile.
type Judgement struct {
	Profile, OCID string
	// Relevance is by what is bought alone, Shortlist with place, price, stage and method:
	// 0 no, 1 hardly, 2 yes, 3 by all means.
	Relevance, Shortlist int
	Why                  string
	Line                 int // where it stands, from 1
}

// maxJudgements is the size of the largest file of judgements, in bytes.
const maxJudgements = 16 << 20

// ReadJudgements reads a table with tabs between its columns, the first line naming them:
// profile_id, ocid, relevance, shortlist, and others that are skipped, but for why. Every pair stands in it
// once; pairs that do not are 0. The file's name is for the errors, which tell everything that is wrong, up to twenty.
func ReadJudgements(r io.Reader, file string) ([]Judgement, error) {
	src, err := io.ReadAll(io.LimitReader(r, maxJudgements+1))
	if err != nil {
		return nil, fmt.Errorf("reading judgements from %s: %w", file, err)
	}
	if len(src) > maxJudgements {
		return nil, fmt.Errorf("%s: is larger than 16 MiB; split it", file)
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !utf8.Valid(src) {
		return nil, fmt.Errorf("%s: is not UTF-8; save it as UTF-8", file)
	}
	const shown = 20
	var errs []error
	fail := func(line int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: "+format, append([]any{file, line}, args...)...))
	}
	var list []Judgement
	var column map[string]int
	seen := map[[2]string]int{}
	line := 0
	for text := range strings.Lines(string(src)) {
		line++
		text = strings.TrimRight(text, "\r\n")
		if strings.TrimSpace(text) == "" {
			continue
		}
		cells := strings.Split(text, "\t")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if column == nil {
			if column, err = columns(cells); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, line, err)
			}
			continue
		}
		if len(errs) >= shown {
			break
		}
		cell := func(name string) string {
			if i, ok := column[name]; ok && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		grade := func(name string) int {
			g, err := strconv.Atoi(cell(name))
			if err != nil || g < 0 || g > MaxGrade {
				fail(line, "%s: %q is no grade; write 0, 1, 2 or 3", name, clip(cell(name)))
			}
			return g
		}
		j := Judgement{Profile: cell("profile_id"), OCID: cell("ocid"), Why: cell("why"), Line: line}
		j.Relevance, j.Shortlist = grade("relevance"), grade("shortlist")
		for _, name := range []string{"profile_id", "ocid"} {
			if cell(name) == "" {
				fail(line, "%s is missing; the columns are parted by tabs", name)
			}
		}
		pair := [2]string{j.Profile, j.OCID}
		if first, ok := seen[pair]; ok {
			fail(line, "%s is judged for %s on line %d already; keep one", clip(j.OCID), clip(j.Profile), first)
		}
		seen[pair] = line
		list = append(list, j)
	}
	switch {
	case column == nil:
		return nil, fmt.Errorf("%s: is empty; its first line is profile_id, ocid, relevance, shortlist, why, parted by tabs", file)
	case len(errs) > 0:
		return nil, errors.Join(errs...)
	case len(list) == 0:
		return nil, fmt.Errorf("%s: holds no judgement; write a line for each notice that is worth a grade", file)
	}
	return list, nil
}

// columns finds the columns that are needed.
func columns(heading []string) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range heading {
		if _, twice := at[name]; twice {
			return nil, fmt.Errorf("column %q stands in the first line twice", clip(name))
		}
		at[name] = i
	}
	for _, name := range []string{"profile_id", "ocid", "relevance", "shortlist"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("the first line names no column %s; write profile_id, ocid, relevance, shortlist, why, parted by tabs", name)
		}
	}
	return at, nil
}

// clip keeps a foreign value short inside a message.
func clip(s string) string {
	if len(s) > 60 {
		end := 60
		for !utf8.RuneStart(s[end]) {
			end--
		}
		return s[:end] + "…"
	}
	return s
}

// JudgedSet is profiles with the judgements on notices for them, and the names of their files, for errors.
type JudgedSet struct {
	Profiles   []profiles.Profile
	Judgements []Judgement
	Files      [2]string // of the profiles, of the judgements
}

// Missing is what a judged set speaks of and the notices do not have.
type Missing struct {
	Judged int      // judgements of 1 and more
	OCIDs  []string // of those, what is no candidate, in order
}

// Judged makes a task of each profile of a judged set. Candidates are the notices that were ever planned or
// tendered: what they have become by now is for the ranking to mind. It fails where
// judgements speak of a profile that is not there, and with a *TooFewError where most of what was judged is not among the candidates.
func Judged(l *matcher.Lexicon, set JudgedSet, notices []*notice.Notice, asOf time.Time) ([]Task, Missing, error) {
	known := map[string]bool{}
	for _, p := range set.Profiles {
		known[p.ID] = true
	}
	for _, j := range set.Judgements {
		if !known[j.Profile] {
			return nil, Missing{}, fmt.Errorf("%s:%d: there is no profile %q in %s", set.Files[1], j.Line, clip(j.Profile), set.Files[0])
		}
	}
	var open []*notice.Notice
	for _, n := range notices {
		if planned(n) {
			open = append(open, n)
		}
	}
	pool := NewPool(l, open)
	ids := map[string]string{} // by ID, OCID and what else it is called, the ID; the nearer name counts
	for _, name := range []func(n *notice.Notice) []string{
		func(n *notice.Notice) []string { return []string{n.ID} },
		func(n *notice.Notice) []string { return []string{n.OCID} },
		func(n *notice.Notice) (also []string) {
			for _, a := range n.Also {
				also = append(also, a.Value)
			}
			return also
		},
	} {
		for _, n := range pool.Notices {
			for _, s := range name(n) {
				if _, ok := ids[s]; !ok {
					ids[s] = n.ID
				}
			}
		}
	}
	var missing Missing
	grades := map[string]map[matcher.Order]map[string]int{}
	for _, p := range set.Profiles {
		grades[p.ID] = map[matcher.Order]map[string]int{matcher.OrderRelevance: {}, matcher.OrderScore: {}}
	}
	for _, j := range set.Judgements {
		if j.Relevance+j.Shortlist == 0 {
			continue
		}
		missing.Judged++
		id, ok := ids[j.OCID]
		if !ok {
			missing.OCIDs = append(missing.OCIDs, j.OCID)
			continue
		}
		g := grades[j.Profile]
		g[matcher.OrderRelevance][id] = max(g[matcher.OrderRelevance][id], j.Relevance)
		g[matcher.OrderScore][id] = max(g[matcher.OrderScore][id], j.Shortlist)
	}
	slices.Sort(missing.OCIDs)
	if 2*len(missing.OCIDs) > missing.Judged {
		return nil, missing, &TooFewError{SetJudged, fmt.Sprintf("%d of the %d judgements are on notices that are not here; read them in first, or name their files with --notices",
			len(missing.OCIDs), missing.Judged)}
	}
	var tasks []Task
	for _, p := range set.Profiles {
		tasks = append(tasks, Task{Name: p.ID, Profile: p, AsOf: asOf, Pool: pool, Grades: grades[p.ID]})
	}
	slices.SortStableFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Name, b.Name) })
	return tasks, missing, nil
}

// planned reports whether a notice was ever planned or tendered.
func planned(n *notice.Notice) bool {
	return slices.ContainsFunc(n.Releases, func(r notice.Published) bool {
		return slices.ContainsFunc(r.Tags, func(tag string) bool {
			return strings.HasPrefix(tag, "planning") || tag == "tender" || tag == "tenderUpdate"
		})
	})
}
