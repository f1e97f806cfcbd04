package export

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bidfit/profiles"
)

// Format is one way of writing a shortlist.
type Format struct {
	Name  string // as it is asked for: "csv"
	Title string // as a menu calls it
	// Extension of a file, with its dot.
	Extension string
	// Media is the media type, with its character set where it has one.
	Media string
	// Binary is nothing for a terminal.
	Binary bool
	write  func(w *bufio.Writer, o Options, rows iter.Seq2[Row, error]) error
}

// Formats lists every format, that of most use first.
func Formats() []Format {
	return []Format{
		{"csv", "CSV", ".csv", "text/csv; charset=utf-8", false, writeCSV},
		{"xlsx", "Excel workbook", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true, writeXLSX},
		{"json", "JSON", ".json", "application/json", false, writeJSON},
		{"jsonl", "JSON Lines", ".jsonl", "application/jsonl", false, writeJSONL},
		{"md", "Markdown", ".md", "text/markdown; charset=utf-8", false, writeMarkdown},
		{"ics", "Calendar", ".ics", "text/calendar; charset=utf-8", false, writeCalendar},
		{"atom", "Atom feed", ".atom", "application/atom+xml", false, writeAtom},
	}
}

// Names lists the formats by name, for a message or a menu.
func Names() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	return find(fmt.Sprintf("there is no format %q", name), func(f Format) bool { return f.Name == name })
}

// FormatOf finds a format by the extension of a file.
func FormatOf(file string) (Format, error) {
	return find(fmt.Sprintf("the extension of %q names no format", file), func(f Format) bool {
		return strings.EqualFold(f.Extension, filepath.Ext(file))
	})
}

func find(otherwise string, is func(Format) bool) (Format, error) {
	all := Formats()
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	return Format{}, fmt.Errorf("%s; write %s", otherwise, strings.Join(Names(), ", "))
}

// Options say whose list it is, and who will read it.
type Options struct {
	// Profile is whose list it is, AsOf the day it is for: an empty list has both too.
	Profile profiles.Profile
	AsOf    time.Time
	// Self is the address that an Atom feed is found at; "" where it has none.
	Self string
	// Excel puts a byte order mark before CSV, without which Excel takes UTF-8 for the machine's old code page.
	Excel bool
	// Raw leaves the texts of the field map in CSV as they are, for programs: a spreadsheet may then run what a publisher wrote.
	Raw bool
}

// MediaType is the media type of what Write writes. Raw CSV is not sent as what spreadsheets are started for.
func (f Format) MediaType(o Options) string {
	if o.Raw && f.Name == "csv" {
		return "text/plain; charset=utf-8"
	}
	return f.Media
}

// Write writes rows as they come, until one of them is an error. After an error what was written is no whole
// file: JSON, calendar, feed and workbook lack their end, and nothing says so of CSV, JSON Lines and Markdown; whoever
// keeps or sends it has to break off. Up to 32 KiB are held back, so that an error before that leaves nothing written.
//
// Markdown ranges over the rows twice, for its table and its sections; the other formats do so once.
func Write(w io.Writer, f Format, o Options, rows iter.Seq2[Row, error]) error {
	out := bufio.NewWriterSize(w, 32<<10) // keeps its first error until Flush
	err := f.write(out, o, func(yield func(Row, error) bool) {
		for r, err := range rows {
			if _, failed := out.Write(nil); failed != nil || !yield(r, err) || err != nil {
				return
			}
		}
	})
	if _, failed := out.Write(nil); err != nil && failed == nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing %s: %w", f.Title, err)
	}
	return nil
}
