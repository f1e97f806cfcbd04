package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bidfit/desk"
	"bidfit/matcher"
	"bidfit/pursuit"
)

func (a *app) rateCommand() *cobra.Command {
	var note, who string
	var undo, show bool
	cmd := &cobra.Command{
		Use:   "rate PROFILE OCID[/LOT] relevant|irrelevant|known",
		Short: "Say whether a notice was rightly shown; the ranking learns from it",
		Long: `Answer for a notice, or one of its lots, whether what is bought is what the profile
sells, or that you know it already. These are two questions: a notice may be relevant and known. Whether
to bid is a third ("bidfit decide"). What is known "match" hides, and says how many it hides.

From ten answers about relevance on, notices like the relevant ones rise and notices like
the irrelevant ones fall: a share at most to its double or half, each with the reason. What is learned is used only
while what either half of the answers teaches does not rank the other half worse. --show tells what was learned; --no-learning,
or "learning: false" in the configuration, ranks without.

Answers are added, never lost. --undo takes one back, or without an answer all that
stand; the record of it stays.`,
		Annotations: exits(append(storeExits, exitNotFound)...),
		Example: `  bidfit rate hartwell-resolve ocds-h6vhtk-06bae5 relevant
  bidfit rate hartwell-resolve ocds-h6vhtk-06bae5 known --note "we spoke to them in May"
  bidfit rate hartwell-resolve ocds-h6vhtk-06bae5 known --undo
  bidfit rate hartwell-resolve --show`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case show && undo:
				return usagef("rate: --show tells and --undo changes; choose one")
			case show:
				return arguments("PROFILE")(cmd, args)
			case undo:
				return arguments("PROFILE", "OCID[/LOT]", "[relevant|irrelevant|known]")(cmd, args)
			}
			return arguments("PROFILE", "OCID[/LOT]", "relevant|irrelevant|known")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if show {
				return a.lesson(cmd.Context(), args[0])
			}
			target, err := pursuit.ParseTarget(args[1])
			if err != nil {
				return usageError{err}
			}
			o := desk.Opinion{Profile: args[0], Target: target, Undo: undo, Note: note, Who: who, When: a.now.UTC(), AsOf: a.asOf}
			if len(args) > 2 {
				if o.Answer, err = pursuit.ParseAnswer(args[2]); err != nil {
					return usageError{err}
				}
			}
			if o.Who == "" {
				o.Who = a.config.Who
			}
			return a.rate(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "why, in a `SENTENCE`")
	cmd.Flags().StringVar(&who, "who", "", "`NAME` of whoever answers (default: the user)")
	cmd.Flags().BoolVar(&undo, "undo", false, "take the answer back")
	cmd.Flags().BoolVar(&show, "show", false, "tell what was answered for the profile and what was learned")
	return cmd
}

func (a *app) rate(ctx context.Context, o desk.Opinion) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	rated, err := d.Rate(ctx, o)
	if err != nil {
		return d.Registered(ctx, o.Profile, err)
	}
	if a.flags.json {
		return a.printJSON(rated)
	}
	lesson, err := d.Lesson(ctx, o.Profile)
	if err != nil {
		return err
	}
	p := a.page()
	last := rated.Ratings[len(rated.Ratings)-1]
	stands := "nothing"
	if answers := rated.Answers(); len(answers) > 0 {
		stands = listAnswers(answers)
	}
	p.printf("%s: %s for %s (relevance %d, score %d today)\n", oneLine(rated.String()), stands, rated.Profile, last.Relevance, last.Score)
	if last.Undone {
		p.printf("What was taken back stays on record.\n")
	}
	p.printf("%s\n", sentence(a.learning(lesson)))
	return p.err
}

// learning is what became of a lesson, given that learning may be switched off.
func (a *app) learning(l matcher.Lesson) string {
	if l.Kept && !a.config.Learning {
		return "learning is switched off; with it on: " + l.Why
	}
	return l.Why
}

func listAnswers(answers []pursuit.Answer) string {
	list := make([]string, len(answers))
	for i, a := range answers {
		list[i] = string(a)
	}
	return strings.Join(list, ", ")
}

// lesson tells what was answered for a profile and what that teaches.
func (a *app) lesson(ctx context.Context, profile string) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	all, err := d.Answered(ctx, profile)
	if err != nil {
		return d.Registered(ctx, profile, err)
	}
	if a.flags.json {
		return a.printJSON(all)
	}
	lesson, rated := all.Lesson, all.Ratings
	p := a.page()
	p.printf("%s: %d relevant, %d irrelevant, %d known\n", p.in(bold, profile), lesson.Relevant, lesson.Answers-lesson.Relevant, countKnown(rated))
	p.printf("%s\n", sentence(a.learning(lesson)))
	if lesson.Version != "" {
		p.field("learned", lesson.Version)
	}
	if len(lesson.Trials) > 0 {
		p.heading("Guard (each half of the answers, ranked without and with what the other half teaches; 1 is perfect)")
		for _, t := range lesson.Trials {
			p.printf("  at %3d%%  first half (%d) %s to %s, second half (%d) %s to %s\n", t.Strength,
				t.Halves[0].Answers, thousandths(t.Halves[0].Before), thousandths(t.Halves[0].After),
				t.Halves[1].Answers, thousandths(t.Halves[1].Before), thousandths(t.Halves[1].After))
		}
	}
	if len(lesson.Examples) > 0 {
		p.heading("What pulls")
		p.field("up", strings.Join(lesson.Raised, ", "))
		p.field("down", strings.Join(lesson.Lowered, ", "))
		p.heading("By which answers (what one changes of the share of a notice just like it)")
		for _, e := range lesson.Examples {
			about := fmt.Sprintf("  %s  %s  ", pad(fmt.Sprintf("%+d%%", e.Pull/10), -5), pad(string(called(e.Relevant)), 10))
			p.printf("%s%s\n", about, cut(lotTitle(e.Lot, e.Title), p.width-width(about)))
			p.printf("                     %s\n", p.in(faint, oneLine(pursuit.Target{Notice: e.Notice, Lot: e.Lot}.String())))
		}
	}
	return p.err
}

func called(relevant bool) pursuit.Answer {
	if relevant {
		return pursuit.Relevant
	}
	return pursuit.Irrelevant
}

func countKnown(rated []pursuit.Rated) (n int) {
	for i := range rated {
		if rated[i].Known() {
			n++
		}
	}
	return n
}

func thousandths(n int) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

// answers are the answers that stand for a profile, by target.
func answers(ctx context.Context, d *desk.Desk, profile string) (map[pursuit.Target]string, error) {
	rated, err := d.Ratings(ctx, profile)
	if err != nil {
		return nil, err
	}
	m := map[pursuit.Target]string{}
	for _, r := range rated {
		if list := r.Answers(); len(list) > 0 {
			m[r.Target] = listAnswers(list)
		}
	}
	return m, nil
}
