package matcher

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bidfit/notice"
	"bidfit/notice/law"
	"bidfit/notice/ocds"
	"bidfit/profiles"
)

// block finds a fenced block of a page.
func block(t *testing.T, page, kind string) string {
	t.Helper()
	m := regexp.MustCompile("(?s)```" + kind + "\n(.*?)```").FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("there is no %s block", kind)
	}
	return m[1]
}

// TestCriteriaPages executes the example of every page in docs/criteria: the
// profile, the release, and what the page says comes of them on 24 June 2026 with the lexicon of an empty store.
func TestCriteriaPages(t *testing.T) {
	pages, err := filepath.Glob("../docs/criteria/*.md")
	if err != nil || len(pages) != len(rules)+4 {
		t.Fatalf("%d pages for %d criteria, the gates, the conditions, the what-if and the formula: %v", len(pages), len(rules), err)
	}
	for _, file := range pages {
		topic := strings.TrimSuffix(filepath.Base(file), ".md")
		t.Run(topic, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			page := string(text)
			if r, ok := ruleOf(topic); ok {
				role := "Keeps"
				if r.Earns {
					role = "Earns"
				}
				if want := fmt.Sprintf("**%s**, weight %d.", role, r.Weight); !strings.Contains(page, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			want := block(t, page, "text")
			n, p := example(t, page)
			got := ""
			if topic == "whatif" {
				got = tellWhatIf(whatIf(t, n, p))
			} else {
				got = tell(fitOf(t, n, p, today), topic)
			}
			if *Update {
				page = strings.Replace(page, "```text\n"+want+"```", "```text\n"+got+"```", 1)
				if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("the example comes to\n%s\nthe page says\n%s", got, want)
			}
		})
	}
}

// example is the release of a page as a notice, and its profile.
func example(t *testing.T, page string) (*notice.Notice, profiles.Profile) {
	t.Helper()
	list, err := profiles.Decode(strings.NewReader(block(t, page, "yaml")), "profile.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var releases []notice.Release
	for item, err := range ocds.Decode(context.Background(), strings.NewReader(block(t, page, "json")), "release.json") {
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, *item.Release)
	}
	notices, err := ocds.Project(releases[0].OCID, releases)
	if err != nil {
		t.Fatal(err)
	}
	return notices[0], list[0]
}

// tellWhatIf writes what would change the advice.
func tellWhatIf(w WhatIf) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d: %s\n", w.Advice, w.Score, w.Why)
	for _, o := range w.Single {
		fmt.Fprintf(&b, "cost %2d  %-6s %d (%+d)  %s\n", o.Cost, o.Advice, o.Score, o.Points, o.Steps[0].Words)
	}
	return b.String()
}

// tell writes of a fit what a page is about.
func tell(f Fit, topic string) string {
	var b strings.Builder
	after := func(source law.Source, question string) {
		if source != "" {
			fmt.Fprintf(&b, "  [%s]\n", source)
		}
		if question != "" {
			fmt.Fprintf(&b, "  ask: %s\n", question)
		}
	}
	for _, e := range f.Evidence {
		if topic == e.Criterion || topic == "README" {
			fmt.Fprintf(&b, "%-11s %-7s share %3d  weight %2d  points %+3d  %s\n", e.Criterion, e.Finding, e.Share, e.Weight, e.Points, e.Reason)
		}
	}
	switch topic {
	case "README":
		fmt.Fprintf(&b, "relevance %d, score %d (%d to %d), known %d %%, %s\n", f.Relevance, f.Score, f.Low, f.High, f.Known, f.Advice)
	case "gates":
		for _, g := range f.Gates {
			fmt.Fprintf(&b, "%-9s %-7s %s\n", g.Gate, g.State, g.Reason)
			after(g.Source, g.Question)
		}
		fmt.Fprintf(&b, "relevance %d, score %d, %s\n", f.Relevance, f.Score, f.Advice)
	case "conditions":
		for _, c := range f.Conditions {
			fmt.Fprintf(&b, "%-13s %-7s %s\n", c.Condition, c.State, c.Reason)
			after(c.Source, c.Question)
		}
		fmt.Fprintf(&b, "relevance %d, score %d, %s\n", f.Relevance, f.Score, f.Advice)
	}
	return b.String()
}
