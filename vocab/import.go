package vocab

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"bidfit/notice"
	"bidfit/notice/calendar"
	"bidfit/notice/itl"
	"bidfit/notice/unpack"
)

// Options says how a file is imported. The zero value lets its content tell.
type Options struct {
	// As is the only kind that will do, "" for any.
	As Kind
	// Edition is a year or a year and month ("2025-05"); "" takes it from the name of the file or of its columns.
	Edition string
	// Now stamps the day of the import.
	Now time.Time
	// Read is told how many bytes of the file were read.
	Read func(n int)
	// Open opens a file by its name, os.Open where there is none.
	Open func(name string) (*os.File, error)
}

// BadRow is a row that could not be used.
type BadRow struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// Summary says what an import did.
type Summary struct {
	File    string `json:"file"`
	Kind    Kind   `json:"kind"`
	Edition string `json:"edition,omitzero"`
	// Rows counts the rows that were used, Bad the others; FirstBad are the first few of those.
	Rows     int      `json:"rows"`
	Bad      int      `json:"bad"`
	FirstBad []BadRow `json:"firstBad,omitzero"`
	// Languages are those of CPV names.
	Languages []string `json:"languages,omitzero"`
	// Unchanged says that the same file had been imported before: nothing was written.
	Unchanged bool `json:"unchanged"`
	// Notes are for a person: what was passed over, what is used instead.
	Notes  []string `json:"notes,omitzero"`
	SHA256 string   `json:"sha256"`
}

const (
	// mostBad is how many bad rows are told one by one.
	mostBad = 5
	// mostSources is how many files a table that grows by several remembers.
	mostSources = 12

	// What a packed file may unpack to: so many times its size once it is past the floor, and never more than the ceiling.
	// The postcode directory unpacks to six times its size, 1.3 GB.
	mostRatio = 100
	floor     = 64 << 20
	ceiling   = 8 << 30

	mostMembers = 10_000 // of a ZIP
)

// importing is one file on its way into a table.
type importing struct {
	ctx     context.Context
	rows    *rows
	summary Summary
}

// each hands every row to use. Bad rows are counted; that most are bad, or none
// good, is an error: it is another kind of file then.
func (im *importing) each(use func(fields [][]byte) error) error {
	s := &im.summary
	for n := 0; ; n++ {
		if n%4096 == 0 && im.ctx.Err() != nil {
			return im.ctx.Err()
		}
		fields, err := im.rows.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = use(fields)
		}
		var row badRow
		switch {
		case err == nil:
			s.Rows++
		case errors.As(err, &row):
			if s.Bad++; s.Bad <= mostBad {
				s.FirstBad = append(s.FirstBad, BadRow{im.rows.line, row.reason})
			}
		default:
			return err
		}
	}
	switch {
	case s.Rows == 0 && s.Bad == 0:
		return errors.New("it has a heading and no rows")
	case s.Bad > s.Rows:
		return fmt.Errorf("%d of its %d rows cannot be used, and nothing was imported; the first is line %d: %s", s.Bad, s.Bad+s.Rows, s.FirstBad[0].Line, s.FirstBad[0].Reason)
	}
	return nil
}

// bounded ends what unpacks beyond all measure.
type bounded struct {
	r      io.Reader
	packed func() int64 // how many packed bytes that took
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > ceiling || b.n > floor && b.n/mostRatio > b.packed() {
		return 0, fmt.Errorf("it unpacks to more than %d times its size, or %d GiB: no table does", mostRatio, ceiling>>30)
	}
	return n, err
}

// Import reads one table from a file as it comes, plain or packed with gzip or
// zstd, and puts it into its place: all of it or, with an error, nothing. The name is for the header and
// the edition. Reading a file a second time changes nothing.
func (v *Vocab) Import(ctx context.Context, file string, r io.Reader, o Options) (Summary, error) {
	s, err := v.importOne(ctx, file, r, nil, o)
	if err != nil && !errors.Is(err, errUnrecognised) && ctx.Err() == nil {
		err = fmt.Errorf("importing %s: %w", file, err)
	}
	return s, err
}

func (v *Vocab) importOne(ctx context.Context, file string, r io.Reader, packed func() int64, o Options) (Summary, error) {
	im := &importing{ctx: ctx, summary: Summary{File: filepath.Base(file)}}
	s := &im.summary
	if o.Edition != "" {
		if err := CheckEdition(o.Edition); err != nil {
			return *s, err
		}
	}
	hash := sha256.New()
	raw := io.TeeReader(r, hash)
	text, err := unpack.Open(raw)
	if err != nil {
		return *s, err
	}
	defer text.Close()
	if packed == nil {
		packed = text.RawBytes
	}
	in := bufio.NewReaderSize(&bounded{r: text, packed: packed}, 64<<10)
	first, err := firstByte(in)
	if err != nil {
		return *s, err
	}
	if head, _ := in.Peek(4); bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return *s, errors.New("a ZIP is read from a file alone, not from standard input or from within another archive: save or unpack it")
	}
	var store func(Source) error
	if first == '{' {
		store, err = im.holidays(v, in, o.As)
	} else {
		store, err = im.csv(v, in, o)
	}
	if err != nil {
		return *s, err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil { // what an unpacker leaves
		return *s, err
	}
	s.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if s.Edition = editionOf(s.File, s.Edition); o.Edition != "" {
		s.Edition = o.Edition
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if s.Unchanged = v.has(*s); s.Unchanged {
		return *s, nil
	}
	sweep(v.dir, o.Now)
	return *s, store(Source{
		File: shortName(s.File), Edition: s.Edition, Imported: o.Now.In(notice.London).Format(time.DateOnly), Rows: s.Rows, SHA256: s.SHA256,
	})
}

// shortName keeps a header from growing with a name.
func shortName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '_'
	}, s)
	const most = 80
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}

// firstByte is the first byte of a text that is no blank, 0 where there is none.
func firstByte(in *bufio.Reader) (byte, error) {
	head, err := in.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return 0, err
	}
	if head = bytes.TrimLeft(head, " \t\r\n"); len(head) > 0 {
		return head[0], nil
	}
	return 0, nil
}

// holidays reads the JSON of GOV.UK.
func (im *importing) holidays(v *Vocab, in io.Reader, as Kind) (func(Source) error, error) {
	s := &im.summary
	if as != "" && as != KindHolidays {
		return nil, unrecognised(s.File, as, errors.New("it is JSON"))
	}
	b, err := io.ReadAll(io.LimitReader(in, longestList+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > longestList:
		return nil, unrecognised(s.File, KindHolidays, fmt.Errorf("it is JSON of more than %d MiB", longestList>>20))
	}
	c, err := calendar.Parse(b)
	if err != nil {
		return nil, err
	}
	s.Kind = KindHolidays
	for _, d := range []calendar.Division{calendar.EnglandAndWales, calendar.Scotland, calendar.NorthernIreland} {
		first, last := c.Years(d)
		for y := first; y <= last && y != 0; y++ {
			s.Rows += len(c.Holidays(y, d))
		}
		switch {
		case first == 0:
			s.Notes = append(s.Notes, fmt.Sprintf("%s is missing; what is built in is used for it", d))
		default:
			s.Notes = append(s.Notes, fmt.Sprintf("%s: %d to %d", d, first, last))
		}
	}
	return func(from Source) error {
		b, err := c.MarshalJSON()
		if err != nil {
			return err
		}
		v.calendar = nil
		return v.write(holidaysFile, Header{Kind: KindHolidays, Sources: []Source{from}, Rows: s.Rows}, func(w *tableWriter) error {
			_, err := w.Write(b)
			return err
		})
	}, nil
}

// csv reads a table of rows.
func (im *importing) csv(v *Vocab, in io.Reader, o Options) (func(Source) error, error) {
	s := &im.summary
	var l layout
	im.rows = newRows(in)
	_, err := im.rows.heading(func(columns []string) (ok bool) {
		l, ok = recognise(columns, o.As)
		return ok
	})
	if err != nil {
		return nil, unrecognised(s.File, o.As, err)
	}
	s.Kind = l.kind
	switch l.kind {
	case KindCPV:
		return im.cpv(v, l)
	case KindNames:
		for i := range l.pairs {
			if l.pairs[i].year == "" && o.Edition != "" {
				l.pairs[i].year = o.Edition[:4]
			}
		}
		return im.names(v, l)
	}
	s.Edition = l.columns.edition
	for p, what := range map[part]string{partAuthority: "local authorities", partWard: "wards", partConstituency: "constituencies"} {
		if l.columns.of[p] < 0 {
			s.Notes = append(s.Notes, "it has no column of "+what)
		}
	}
	slices.Sort(s.Notes)
	read, err := im.readPostcodes(l.columns)
	if err != nil {
		return nil, err
	}
	if read.twice > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d postcodes stand there twice; one in use goes before one terminated, else the first counts", read.twice))
	}
	return func(from Source) error {
		if v.postcodes != nil {
			v.retired = append(v.retired, v.postcodes) // somebody may be reading it
			v.postcodes = nil
		}
		h := Header{Kind: KindPostcodes, Sources: []Source{from}, Rows: len(read.postcodes), Places: len(read.places)}
		return v.write(postcodesFile, h, func(w *tableWriter) error { return writePostcodes(w, read) })
	}, nil
}

func (im *importing) cpv(v *Vocab, l layout) (func(Source) error, error) {
	s := &im.summary
	all, err := im.readCPV(l)
	if err != nil {
		return nil, err
	}
	s.Languages = slices.Sorted(maps.Keys(all))
	return func(from Source) error {
		v.edition++
		for _, language := range s.Languages {
			delete(v.cpv, language)
			names := all[language]
			h := Header{Kind: KindCPV, Variant: language, Sources: []Source{from}, Rows: len(names)}
			if err := v.write(cpvFile(language), h, func(w *tableWriter) error { return writeCPV(w, names) }); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// built is the ITL edition that is part of the program.
const built = "2025"

func (im *importing) names(v *Vocab, l layout) (func(Source) error, error) {
	s := &im.summary
	read, err := im.readNames(l)
	if err != nil {
		return nil, err
	}
	counts, unknown := map[string]int{}, 0
	for code, e := range read {
		counts[e.What]++
		s.Edition = max(s.Edition, e.Edition)
		if _, err := itl.FromGazetteer(code); err != nil && strings.HasPrefix(code, "TL") {
			unknown++
		}
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		s.Notes = append(s.Notes, fmt.Sprintf("%s: %d", what, counts[what]))
	}
	if unknown > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d ITL codes are not of the edition built in (%s): their names are shown, places are compared by that of %s", unknown, built, built))
	}
	return func(from Source) error {
		old, err := v.namesLocked()
		if err != nil && !errors.As(err, new(*DamagedError)) {
			return err
		}
		sources := append(v.sources(namesFile), from)
		sources = sources[max(0, len(sources)-mostSources):]
		all := merge(old, read)
		if len(all) > mostNames {
			return fmt.Errorf("with what was imported before, it names more than %d areas", mostNames)
		}
		v.names = nil
		return v.write(namesFile, Header{Kind: KindNames, Sources: sources, Rows: len(all)}, func(w *tableWriter) error { return writeNames(w, all) })
	}, nil
}

// files are the tables that an import of this kind writes.
func (s Summary) files() []string {
	switch s.Kind {
	case KindPostcodes:
		return []string{postcodesFile}
	case KindNames:
		return []string{namesFile}
	case KindHolidays:
		return []string{holidaysFile}
	}
	var files []string
	for _, language := range s.Languages {
		files = append(files, cpvFile(language))
	}
	return files
}

// has reports whether the very file of an import is in the tables already, and they are whole.
func (v *Vocab) has(s Summary) bool {
	for _, file := range s.files() {
		t, err := v.open(file)
		if err != nil {
			return false
		}
		same := slices.ContainsFunc(t.Sources, func(from Source) bool { return from.SHA256 == s.SHA256 && from.Edition == s.Edition })
		if err := errors.Join(t.check(), t.close()); err != nil || !same {
			return false
		}
	}
	return true
}

// sources are those of a table at hand; none where it cannot be read.
func (v *Vocab) sources(file string) []Source {
	t, err := v.open(file)
	if err != nil {
		return nil
	}
	defer t.close()
	return t.Sources
}

// write puts a table into its place.
func (v *Vocab) write(file string, h Header, content func(*tableWriter) error) error {
	w, err := createTable(v.dir)
	if err != nil {
		return err
	}
	if err := content(w); err != nil {
		return errors.Join(err, w.discard())
	}
	return w.commit(filepath.Join(v.dir, file), h)
}

// ImportFile imports a file, or of a ZIP every table in it: of several
// postcode directories the largest. What could not be imported is in the error; the rest is.
func (v *Vocab) ImportFile(ctx context.Context, file string, o Options) ([]Summary, error) {
	open := o.Open
	if open == nil {
		open = os.Open
	}
	f, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the files in it", file)
	}
	in := &counted{f, o.Read}
	var head [4]byte
	if n, _ := f.ReadAt(head[:], 0); n < len(head) || string(head[:]) != "PK\x03\x04" {
		s, err := v.Import(ctx, file, in, o)
		if err != nil {
			return nil, err
		}
		return []Summary{s}, nil
	}
	return v.importZIP(ctx, file, in, info.Size(), o)
}

// counted tells how much was read.
type counted struct {
	f    *os.File
	tell func(int)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.f.Read(p)
	c.count(n)
	return n, err
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.f.ReadAt(p, at)
	c.count(n)
	return n, err
}

func (c *counted) count(n int) {
	if c.tell != nil {
		c.tell(n)
	}
}

func (v *Vocab) importZIP(ctx context.Context, file string, in io.ReaderAt, size int64, o Options) ([]Summary, error) {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("%s: the ZIP cannot be read: %w; fetch it again", file, err)
	}
	if len(z.File) > mostMembers {
		return nil, fmt.Errorf("%s: the ZIP has %d members; %d are read at most", file, len(z.File), mostMembers)
	}
	var members []*zip.File
	var directory *zip.File // the largest
	passed := 0
	for _, m := range z.File {
		switch kind := sniff(m, o.As); {
		case kind == "":
		case kind != KindPostcodes:
			members = append(members, m)
		case directory == nil:
			directory = m
		default:
			passed++
			if m.UncompressedSize64 > directory.UncompressedSize64 {
				directory = m
			}
		}
	}
	if directory != nil {
		members = append(members, directory)
	}
	if len(members) == 0 {
		return nil, unrecognised(file, o.As, errors.New("there is no such table in the ZIP"))
	}
	var done []Summary
	var errs []error
	for _, m := range members {
		s, err := v.importMember(ctx, file, m, o)
		if ctx.Err() != nil {
			return done, ctx.Err()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("importing %s in %s: %w", shortName(m.Name), file, err))
			continue
		}
		if m == directory && passed > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("%d smaller postcode files in the ZIP were passed over", passed))
		}
		done = append(done, s)
	}
	return done, errors.Join(errs...)
}

// sniff finds out what a member of a ZIP is, by its heading; "" for what is no table.
func sniff(m *zip.File, as Kind) Kind {
	base := path.Base(m.Name)
	ext := strings.ToLower(path.Ext(base))
	if m.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(m.Name, "__MACOSX/") || !slices.Contains([]string{".csv", ".txt", ".json"}, ext) {
		return ""
	}
	r, err := m.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, err := unpack.Open(io.LimitReader(r, longestRow*4))
	if err != nil {
		return ""
	}
	defer text.Close()
	in := bufio.NewReader(io.LimitReader(text, longestRow*4))
	if first, _ := firstByte(in); first == '{' {
		if as == "" || as == KindHolidays {
			return KindHolidays
		}
		return ""
	}
	var l layout
	if _, err := newRows(in).heading(func(columns []string) (ok bool) { l, ok = recognise(columns, as); return ok }); err != nil {
		return ""
	}
	return l.kind
}

func (v *Vocab) importMember(ctx context.Context, file string, m *zip.File, o Options) (Summary, error) {
	r, err := m.Open()
	if err != nil {
		return Summary{}, err
	}
	defer r.Close()
	if o.Edition == "" && editionOf(m.Name, "") == "" {
		o.Edition = editionOf(filepath.Base(file), "") // onspd_may_2025.zip
	}
	return v.importOne(ctx, path.Base(m.Name), r, func() int64 { return int64(m.CompressedSize64) }, o)
}

// Table is one table as Status tells of it.
type Table struct {
	File string `json:"file"`
	Header
	// Err says why the table cannot be used, and what to do; "" where it can.
	Err string `json:"error,omitzero"`
}

// Status lists the imported tables, in order of their files. Every page is read.
func (v *Vocab) Status() ([]Table, error) {
	if v == nil {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(v.dir, "*.vocab"))
	if err != nil {
		return nil, err
	}
	list := make([]Table, 0, len(files))
	for _, file := range files {
		t, err := openTable(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		entry := Table{File: filepath.Base(file)}
		if err == nil {
			entry.Header = t.Header
			err = errors.Join(t.check(), t.close())
		}
		if err != nil {
			entry.Err = err.Error()
		}
		list = append(list, entry)
	}
	return list, nil
}
