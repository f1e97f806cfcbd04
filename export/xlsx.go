package export

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"iter"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"bidfit/notice"
)

// A workbook is a zip of XML parts (ECMA-376). The sheet is written straight into it as rows come, texts in their
// cells (inlineStr) rather than in a table of their own: a text so typed is never a formula. There are no links.

// The limits of a worksheet.
const (
	xlsxRows = 1 << 20
	xlsxText = 32767 // UTF-16 units in a cell
)

// The formats of cells, by their place in cellXfs.
const (
	styleText   = iota
	styleHeader // bold
	stylePounds // #,##0
	stylePence  // #,##0.00
	styleDay
	styleTime
	styleQuoted // stays a text when somebody edits it, though it begins like a formula
)

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
	officeLinks   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	packageLinks = xmlHead + `<Relationships xmlns="` + relationships + `">` +
		`<Relationship Id="rId1" Type="` + officeLinks + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbookLinks = xmlHead + `<Relationships xmlns="` + relationships + `">` +
		`<Relationship Id="rId1" Type="` + officeLinks + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + officeLinks + `/styles" Target="styles.xml"/></Relationships>`
	stylesPart = xmlHead + `<styleSheet xmlns="` + spreadsheetML + `">` +
		`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	sheetHead = xmlHead + `<worksheet xmlns="` + spreadsheetML + `">` +
		`<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`
)

// writeXLSX writes a workbook of one sheet, its header frozen and with a filter.
func writeXLSX(out *bufio.Writer, _ Options, rows iter.Seq2[Row, error]) error {
	z := zip.NewWriter(out)
	part := func(name, content string) error {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		return err
	}
	for _, p := range [][2]string{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageLinks},
		{"xl/_rels/workbook.xml.rels", workbookLinks}, {"xl/styles.xml", stylesPart},
	} {
		if err := part(p[0], p[1]); err != nil {
			return fmt.Errorf("writing XLSX: %s: %w", p[0], err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return fmt.Errorf("writing XLSX: %w", err)
	}
	s := sheet{w: bufio.NewWriter(w), fields: Fields()}
	if err := s.write(rows); err != nil {
		return err
	}
	// The filter's range is named as well: Excel knows it by that.
	workbook := xmlHead + `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeLinks + `"><bookViews><workbookView/></bookViews>` +
		`<sheets><sheet name="Shortlist" sheetId="1" r:id="rId1"/></sheets><definedNames>` +
		`<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Shortlist!$A$1:$` + column(len(s.fields)-1) + `$` + strconv.Itoa(s.rows) +
		`</definedName></definedNames></workbook>`
	if err := part("xl/workbook.xml", workbook); err != nil {
		return fmt.Errorf("writing XLSX: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("writing XLSX: %w", err)
	}
	return nil
}

// sheet is a worksheet being written.
type sheet struct {
	w      *bufio.Writer
	fields []Field
	rows   int
}

func (s *sheet) write(rows iter.Seq2[Row, error]) error {
	s.w.WriteString(sheetHead + "<cols>")
	for i, f := range s.fields {
		fmt.Fprintf(s.w, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, f.width())
	}
	s.w.WriteString("</cols><sheetData>")
	s.begin()
	for i, f := range s.fields {
		s.text(i, styleHeader, f.Header)
	}
	s.w.WriteString("</row>")
	for r, err := range rows {
		if err != nil {
			return err
		}
		if s.rows == xlsxRows {
			return fmt.Errorf("a worksheet has no more than %d rows; write csv or jsonl", xlsxRows)
		}
		s.begin()
		for i, f := range s.fields {
			if v := f.Value(r); v != "" {
				s.cell(i, f.Kind, v)
			}
		}
		s.w.WriteString("</row>")
	}
	fmt.Fprintf(s.w, `</sheetData><autoFilter ref="A1:%s%d"/></worksheet>`, column(len(s.fields)-1), s.rows)
	return s.w.Flush()
}

func (s *sheet) begin() {
	s.rows++
	fmt.Fprintf(s.w, `<row r="%d">`, s.rows)
}

func (s *sheet) cell(i int, k Kind, v string) {
	switch k {
	case Number:
		s.number(i, styleText, v)
		return
	case Money:
		style := stylePounds
		if strings.Contains(v, ".") {
			style = stylePence
		}
		s.number(i, style, v)
		return
	case Date:
		if serial, style, ok := serial(v); ok {
			s.number(i, style, serial)
			return
		}
	}
	text := line(v)
	style := styleText
	if guard(text) != text {
		style = styleQuoted
	}
	s.text(i, style, text)
}

func (s *sheet) number(i, style int, v string) {
	fmt.Fprintf(s.w, `<c r="%s%d" s="%d"><v>%s</v></c>`, column(i), s.rows, style, v)
}

func (s *sheet) text(i, style int, text string) {
	fmt.Fprintf(s.w, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, column(i), s.rows, style)
	xml.EscapeText(s.w, []byte(escaped.ReplaceAllString(fitting(text), "_x005F$0")))
	s.w.WriteString("</t></is></c>")
}

// escaped is what a spreadsheet would read as a character by its number: "_x0041_" is an A.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// fitting cuts a text to what a cell holds.
func fitting(text string) string {
	if len(text) <= xlsxText {
		return text
	}
	units, cut := 0, 0 // cut leaves room for an ellipsis
	for i, c := range text {
		if units += utf16.RuneLen(c); units > xlsxText {
			return text[:cut] + "…"
		}
		if units < xlsxText {
			cut = i + utf8.RuneLen(c)
		}
	}
	return text
}

// serial is a date as a spreadsheet counts it: days since 30 December 1899, by London's calendar and clock.
// Before March 1900 spreadsheets disagree about the count.
func serial(v string) (number string, style int, ok bool) {
	var m notice.Moment
	if m.UnmarshalText([]byte(v)) != nil {
		return "", 0, false
	}
	t := m.In(notice.London)
	year, month, day := t.Date()
	if year < 1901 || year > 9999 {
		return "", 0, false
	}
	days := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400 + 25569
	if m.Day {
		return strconv.FormatInt(days, 10), styleDay, true
	}
	seconds := t.Hour()*3600 + t.Minute()*60 + t.Second()
	// Rounded to what tells seconds apart, so that noon is .5 and no fraction looks like an accident.
	fraction := math.Round(float64(seconds)/86400*1e9) / 1e9
	return strconv.FormatFloat(float64(days)+fraction, 'f', -1, 64), styleTime, true
}

// wide are the columns whose texts need more room than their kind has.
var wide = map[string]int{
	"ocid": 24, "title": 60, "buyer": 34, "buyerId": 26, "cpv": 44, "regions": 34, "gates": 40, "topReason": 50, "topGap": 50,
	"decisionReason": 34, "nextAction": 28, "note": 40, "portal": 34, "url": 44, "profile": 22,
}

// width is that of a column in characters.
func (f Field) width() int {
	least := len(f.Header) + 4 // the filter's button
	switch f.Kind {
	case Money:
		return max(least, 14)
	case Date:
		return max(least, 17)
	}
	return max(least, 10, wide[f.Name])
}

// column is the letters of a column: A, Z, AA.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + string(rune('A'+i%26))
}
