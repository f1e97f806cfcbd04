package export

import (
	"bufio"
	"fmt"
	"iter"

	"bidfit/dossier"
	"bidfit/matcher"
	"bidfit/notice"
)

// inTable and inSection are the columns that the table of a document and the sections below it show.
var (
	inTable   = []string{"title", "buyer", "advice", "score", "valueNet", "deadline", "decision"}
	inSection = []string{
		"lot", "buyer", "stage", "published", "deadline", "valueNet", "valuePerYear", "contractStart", "contractEnd", "cpv", "regions",
		"decision", "decisionReason", "progress", "owner", "nextAction", "nextDate", "hours", "note", "portal", "url",
	}
)

// writeMarkdown writes a document: a table of the rows, and a section a row with its reasons, gaps and questions. Whatever came from a
// publisher is text in it and nothing else (dossier.Escape).
func writeMarkdown(out *bufio.Writer, o Options, rows iter.Seq2[Row, error]) error {
	fmt.Fprintf(out, "# Shortlist of %s\n\nAs of %s\n", dossier.Escape(o.listed()), o.AsOf.In(notice.London).Format("2 January 2006"))
	columns := named(inTable...)
	count := 0
	for r, err := range rows {
		if err != nil {
			return err
		}
		if count == 0 {
			out.WriteString("\n| # |")
			for _, f := range columns {
				out.WriteString(" " + f.Header + " |")
			}
			out.WriteString("\n|--:|")
			for _, f := range columns {
				if f.Kind.numeric() {
					out.WriteString("--:|")
				} else {
					out.WriteString("---|")
				}
			}
			out.WriteByte('\n')
		}
		count++
		fmt.Fprintf(out, "| %d |", count)
		for _, f := range columns {
			out.WriteString(" " + dossier.Escape(f.Words(r)) + " |")
		}
		out.WriteByte('\n')
	}
	if count == 0 {
		out.WriteString("\nNothing is on it.\n")
		return nil
	}
	again := 0
	for r, err := range rows {
		if err != nil {
			return err
		}
		again++
		section(out, again, r)
	}
	if again != count {
		return fmt.Errorf("the list had %d rows, then %d: its rows must be there twice", count, again)
	}
	return nil
}

// section writes all that a row says, and why.
func section(out *bufio.Writer, number int, r Row) {
	fmt.Fprintf(out, "\n## %d. %s\n\n%s\n\n", number, dossier.Escape(r.heading()), dossier.Escape(r.target().String()))
	fit := &r.Fit
	fmt.Fprintf(out, "- **fit:** %s, score %d (%d–%d), %d%% known\n", dossier.Escape(string(fit.Advice)), fit.Score, fit.Low, fit.High, fit.Known)
	for _, f := range named(inSection...) {
		value := f.Words(r)
		switch address := dossier.Address(value); {
		case value == "":
		case address != "":
			fmt.Fprintf(out, "- **%s:** <%s>\n", f.Header, address)
		default:
			fmt.Fprintf(out, "- **%s:** %s\n", f.Header, dossier.Escape(value))
		}
	}
	var reasons, gaps, unknown, gates []string
	for _, e := range fit.Evidence {
		text := e.Criterion + ": " + e.Reason
		if e.Points != 0 {
			text = fmt.Sprintf("%s (%+d): %s", e.Criterion, e.Points, e.Reason)
		}
		switch e.Finding {
		case matcher.Met:
			reasons = append(reasons, text)
		case matcher.Unknown:
			unknown = append(unknown, text)
		default:
			gaps = append(gaps, text)
		}
	}
	for _, g := range fit.Gates {
		if g.State == matcher.GateBarred {
			gates = append(gates, g.Gate+": "+g.Reason)
		}
	}
	listed(out, "Barred", gates)
	listed(out, "Reasons", reasons)
	listed(out, "Gaps", gaps)
	listed(out, "Not known", unknown)
	listed(out, "Questions to the buyer", fit.Questions())
}

func listed(out *bufio.Writer, heading string, texts []string) {
	if len(texts) == 0 {
		return
	}
	out.WriteString("\n### " + heading + "\n\n")
	for _, t := range texts {
		out.WriteString("- " + dossier.Escape(t) + "\n")
	}
}
