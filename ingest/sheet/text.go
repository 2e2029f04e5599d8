package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"strings"
	"unicode/utf8"
)

// textFile is an open text file: one sheet of records.
type textFile struct {
	file      *os.File
	size      int64
	limits    Limits
	encoding  textEncoding
	separator byte
	declared  bool // by a first line "sep=;"
}

// openText decides encoding and separator of a text file.
func openText(f *os.File, size int64, limits Limits) (File, error) {
	t := &textFile{file: f, size: size, limits: limits}
	var err error
	if t.encoding, err = detectEncoding(f, size); err != nil {
		return nil, err
	}
	sample, err := t.head()
	if err != nil {
		return nil, err
	}
	if len(sample) == 0 {
		return nil, &FormatError{Code: "empty-file", Message: "the file has a byte order mark and nothing else", Hint: "export it again"}
	}
	if c, _, ok := declaredSeparator(sample); ok {
		t.separator, t.declared = c, true
	} else {
		t.separator = guessSeparator(sample)
	}
	return t, nil
}

// head returns the decoded start of the file.
func (t *textFile) head() ([]byte, error) {
	in := t.reader()
	for len(in.buf) < sampleBytes && in.fill() {
	}
	if in.err != nil && in.err != io.EOF && !isFormatError(in.err) {
		return nil, in.err
	}
	return in.buf, nil
}

func isFormatError(err error) bool {
	var e *FormatError
	return errors.As(err, &e)
}

// Sheets returns the one sheet, which is the file.
func (t *textFile) Sheets() []Sheet { return []Sheet{t} }

// Release does nothing: the file is its one sheet.
func (t *textFile) Release() {}

// Close closes the file.
func (t *textFile) Close() error { return t.file.Close() }

// Merges returns none: text has no merged cells.
func (t *textFile) Merges() []Range { return nil }

// KnownMerges returns none.
func (t *textFile) KnownMerges() (merges []Range, known bool) { return nil, true }

var separatorNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

// Info says how the text is read.
func (t *textFile) Info() Info {
	name, ok := separatorNames[t.separator]
	if !ok {
		name = fmt.Sprintf("separator %q", t.separator)
	}
	if t.declared {
		name += " (sep= line)"
	}
	return Info{Format: t.encoding.name + ", " + name, Bytes: t.size}
}

// declaredSeparator reads a first line "sep=;", as Excel does, and returns its
// length with the line end.
func declaredSeparator(b []byte) (separator byte, length int, ok bool) {
	line := b
	if end := bytes.IndexAny(b, "\r\n"); end >= 0 {
		line, length = b[:end], end+1
		if b[end] == '\r' && end+1 < len(b) && b[end+1] == '\n' {
			length++
		}
	}
	if len(line) == 7 && line[0] == '"' && line[6] == '"' {
		line = line[1:6]
	}
	if len(line) != 5 || !strings.EqualFold(string(line[:4]), "sep=") || line[4] >= utf8.RuneSelf || line[4] == '"' {
		return 0, 0, false
	}
	return line[4], max(length, len(line)), true
}

// guessSeparator takes the separator that cuts the records of the sample into
// the most equal pieces. A comma must win clearly: it also stands in amounts.
func guessSeparator(sample []byte) byte {
	best, bestScore := byte(','), 0
	for _, c := range []byte{'\t', ';', '|', ','} {
		if score := separatorScore(sample, c); score*10 > bestScore*11 {
			best, bestScore = c, score
		}
	}
	return best
}

// separatorScore is the share of records (in thousandths) with the commonest
// number of fields, squared, times the separators in those; 0 where that is none.
func separatorScore(sample []byte, separator byte) int {
	p := recordParser{separator: separator}
	counts := map[int]int{}
	records := 0
	for pos := 0; pos < len(sample) && records < 1000; {
		n, ok := p.parse(sample[pos:], true)
		if !ok {
			break
		}
		pos += n
		if len(p.fields) > 1 || len(p.fields) == 1 && p.fields[0].end > p.fields[0].start {
			counts[len(p.fields)]++
			records++
		}
	}
	mode := 1
	for fields, count := range counts {
		if fields > 1 && (count > counts[mode] || mode == 1 || count == counts[mode] && fields > mode) {
			mode = fields
		}
	}
	if mode == 1 {
		return 0
	}
	share := 1000 * counts[mode] / records
	return share * share * (mode - 1)
}

// textReader decodes the file into a buffer of which the caller consumes whole
// records.
type textReader struct {
	src     io.Reader
	decoder decoder
	raw     []byte // read, not yet decoded
	buf     []byte // decoded, from pos on not yet consumed
	pos     int
	err     error // io.EOF at the proper end
	offset  int64 // of raw in the file
	step    int   // bytes to read at once
	read    int64 // bytes of the file in buf, and before it
}

func (t *textFile) reader() *textReader {
	skip := t.encoding.skip
	step := int(min(textReadBytes, t.size)) + 4096 // small files need no large buffers
	return &textReader{src: io.NewSectionReader(t.file, skip, t.size-skip), decoder: t.encoding.decoder, offset: skip, step: step}
}

const textReadBytes = 256 << 10

// fill decodes more of the file behind buf. It reports false when nothing more
// comes; err then says why.
func (r *textReader) fill() bool {
	if r.err != nil {
		return false
	}
	if r.pos > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.pos:])]
		r.pos = 0
	}
	had := len(r.buf)
	if _, plain := r.decoder.(utf8Decoder); plain {
		r.fillPlain()
		return len(r.buf) > had
	}
	if r.raw == nil {
		r.raw = make([]byte, 0, r.step)
	}
	n, err := readFull(r.src, r.raw[len(r.raw):cap(r.raw)])
	r.read += int64(n)
	r.raw = r.raw[:len(r.raw)+n]
	var used int
	var bad bool
	r.buf, used, bad = r.decoder.decode(r.buf, r.raw)
	r.offset += int64(used)
	rest := r.raw[used:]
	switch {
	case bad:
		r.err = badBytes(rest, r.offset)
	case err != nil && !errors.Is(err, io.EOF):
		r.err = fmt.Errorf("read text: %w", err)
	case err != nil && len(rest) > 0:
		r.err = cutCharacter()
	case err != nil:
		r.err = io.EOF
	}
	r.raw = r.raw[:copy(r.raw, rest)]
	return len(r.buf) > had
}

// fillPlain reads UTF-8 without a second buffer.
func (r *textReader) fillPlain() {
	if cap(r.buf)-len(r.buf) < r.step/2 {
		r.buf = append(make([]byte, 0, max(2*len(r.buf), r.step)+r.step), r.buf...)
	}
	n, err := readFull(r.src, r.buf[len(r.buf):cap(r.buf)])
	r.read += int64(n)
	r.buf = r.buf[:len(r.buf)+n]
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("read text: %w", err)
	}
	r.err = err
}

func badBytes(rest []byte, offset int64) *FormatError {
	return &FormatError{Code: "bad-encoding",
		Message: fmt.Sprintf("the bytes %q at position %d are no character of the file's encoding", rest[:min(len(rest), 4)], offset),
		Hint:    saveAsUTF8}
}

func cutCharacter() *FormatError {
	return &FormatError{Code: "truncated-file", Message: "the file ends in the middle of a character",
		Hint: "it was cut short: export or copy it again"}
}

// Rows reads the records from the start. Row numbers count records, blank ones
// included, as a spreadsheet that opens the file shows them.
func (t *textFile) Rows(yield func(Row) error) error { return overlap(t.readRows, yield) }

func (t *textFile) readRows(out *batcher) error {
	r := &textRows{out: out, textReader: t.reader(), limits: t.limits, recordParser: recordParser{separator: t.separator, most: int(t.limits.Columns)}}
	if t.declared {
		for len(r.buf) < 64 && r.fill() {
		}
		_, n, _ := declaredSeparator(r.buf)
		r.pos = n
	}
	for {
		more, err := r.record()
		if err != nil || !more {
			return err
		}
		if len(r.cells) == 0 {
			continue
		}
		if r.width += int64(len(r.cells)); r.width > t.limits.Cells {
			return place(limitExceeded("cells", t.limits.Cells, "the file's rows are very many or very wide"), "", r.row, 1)
		}
		if err := out.add(Row{Cells: r.cells, Number: r.row, Offset: r.read - int64(len(r.buf)-r.pos)}); err != nil {
			return err
		}
	}
}

// textRows turns records into rows.
type textRows struct {
	*textReader
	recordParser
	limits  Limits
	out     *batcher
	cells   []Cell
	scratch []byte
	row     int
	width   int64
	usual   usualWidth
}

// record reads the next record into cells; more is false behind the last one.
func (r *textRows) record() (more bool, err error) {
	for {
		rest, end := r.buf[r.pos:], r.err == io.EOF
		r.fields = r.fields[:0]
		switch {
		case len(rest) == 0 && end:
			return false, nil
		case len(rest) > 0:
			if n, ok := r.parse(rest, end); ok {
				return true, r.take(n)
			}
		}
		column := len(r.fields) + 1
		switch {
		case int64(len(r.fields)) > r.limits.Columns:
			return false, place(limitExceeded("columns", r.limits.Columns, "a row has very many columns"), "", r.row+1, len(r.fields))
		case end:
			return false, place(&FormatError{Code: "truncated-file", Message: "a quote is opened but never closed",
				Hint: "the file was cut short, or a quote in a text is not doubled: export it again"}, "", r.row+1, column)
		case int64(len(rest)) > r.limits.RecordBytes:
			return false, place(limitExceeded("record-bytes", r.limits.RecordBytes, "a record is very long"+r.openQuote()), "", r.row+1, column)
		}
		if !r.fill() && r.err != io.EOF {
			return false, place(r.err, "", r.row+1, max(len(r.fields), 1))
		}
	}
}

func (r *textRows) openQuote() string {
	if r.inQuote {
		return ": a quote is opened but not closed"
	}
	return ""
}

// take makes cells of the record that was parsed, n bytes long.
func (r *textRows) take(n int) error {
	record := r.buf[r.pos : r.pos+n]
	r.row++
	if int64(r.row) > r.limits.Rows {
		return place(limitExceeded("rows", r.limits.Rows, "the file has very many rows"), "", r.row, 1)
	}
	atEnd := r.err == io.EOF && r.pos+n == len(r.buf)
	r.cells = r.cells[:0]
	valid := utf8.Valid(record)
	for i := range r.fields {
		value := r.fields[i].value(record, &r.scratch)
		if len(value) == 0 {
			continue
		}
		if !valid && !utf8.Valid(value) {
			return place(r.notUTF8(value, atEnd && i == len(r.fields)-1), "", r.row, i+1)
		}
		for len(r.cells) < i {
			r.cells = append(r.cells, Cell{})
		}
		r.cells = append(r.cells, Cell{Text: r.out.keep(value), Kind: Text})
	}
	r.pos += n
	return r.checkLast(record, atEnd)
}

// notUTF8 tells a character cut by the end of the file from a bad one.
func (r *textRows) notUTF8(value []byte, last bool) error {
	i := 0
	for i < len(value) {
		c, size := utf8.DecodeRune(value[i:])
		if c == utf8.RuneError && size == 1 {
			break
		}
		i += size
	}
	if last && !utf8.FullRune(value[i:]) {
		return cutCharacter()
	}
	return &FormatError{Code: "bad-encoding", Message: fmt.Sprintf("the text %q is not valid UTF-8", value), Hint: saveAsUTF8}
}

// usualWidth watches whether all records have the same number of fields.
type usualWidth struct {
	fields, records int
	ragged          bool
}

// regularRecords is how many records of one width make a shorter last one
// suspicious.
const regularRecords = 10

// checkLast reports a file that breaks off inside its last record: no line end
// behind it, and fewer fields than each of the many before it.
func (r *textRows) checkLast(record []byte, atEnd bool) error {
	u := &r.usual
	switch fields := len(r.fields); {
	case len(r.cells) == 0:
	case atEnd && !endsLine(record) && !u.ragged && u.records >= regularRecords && fields < u.fields:
		return place(&FormatError{Code: "truncated-file",
			Message: fmt.Sprintf("the file ends inside its last row: %d of %d columns and no line end", fields, u.fields),
			Hint:    "it was cut short: export or copy it again; if the row is whole, end it with a line break"}, "", r.row, fields)
	default:
		u.ragged = u.ragged || u.records > 0 && fields != u.fields
		u.fields = fields
		u.records++
	}
	return nil
}

func endsLine(record []byte) bool {
	last := record[len(record)-1]
	return last == '\n' || last == '\r'
}

// recordParser cuts one record into fields.
type recordParser struct {
	separator byte
	fields    []field
	most      int  // how many fields a record may have; 0 for no bound
	inQuote   bool // the record ended inside a quoted field
}

// field is a stretch of a record.
type field struct {
	start, end int
	quoted     bool // between quotes, which start and end leave out
	escaped    bool // has doubled quotes, or text behind the closing quote
}

// parse cuts the record at the start of b and returns its length with the line
// end. ok is false where b does not hold all of it; with last, the end of b
// ends a record too.
func (p *recordParser) parse(b []byte, last bool) (n int, ok bool) {
	p.fields, p.inQuote = p.fields[:0], false
	i := 0
	for {
		var f field
		if f, i = p.field(b, i); i < 0 {
			return 0, false
		}
		p.fields = append(p.fields, f)
		switch {
		case p.most > 0 && len(p.fields) > p.most:
			return 0, false
		case i == len(b):
			return i, last
		case b[i] == p.separator:
			i++
			continue
		case b[i] == '\n':
			return i + 1, true
		case i+1 < len(b) && b[i+1] == '\n':
			return i + 2, true
		case i+1 < len(b):
			return i + 1, true
		}
		return i + 1, last // CR at the end of b: a line feed may follow
	}
}

// field finds the end of the field that starts at i; -1 where a quote is open.
func (p *recordParser) field(b []byte, i int) (field, int) {
	if i < len(b) && b[i] == '"' {
		return p.quoted(b, i)
	}
	if i < len(b) && b[i] == ' ' {
		if f, end := p.spacedQuote(b, i); end > 0 {
			return f, end
		}
	}
	end := p.fieldEnd(b, i)
	return field{start: i, end: end}, end
}

// fieldEnd finds the separator or line end behind i, eight bytes at a time.
func (p *recordParser) fieldEnd(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	separators := ones * uint64(p.separator)
	for ; len(b)-i >= 8; i += 8 {
		word := binary.LittleEndian.Uint64(b[i:])
		// A byte is zero where the word has what is looked for, and the lowest
		// zero byte is the lowest whose top bit the subtraction raises.
		x, y, z := word^separators, word^ones*'\n', word^ones*'\r'
		if found := (x-ones)&^x | (y-ones)&^y | (z-ones)&^z; found&tops != 0 {
			return i + bits.TrailingZeros64(found&tops)/8
		}
	}
	for i < len(b) && b[i] != p.separator && b[i] != '\n' && b[i] != '\r' {
		i++
	}
	return i
}

// spacedQuote takes a field like ` "6,000"`, where blanks stand around the
// quotes: cut at its comma it would become two amounts. It must end in its
// line; otherwise the quote is part of the text and the result is 0.
func (p *recordParser) spacedQuote(b []byte, i int) (field, int) {
	for i < len(b) && b[i] == ' ' && p.separator != ' ' {
		i++
	}
	if i == len(b) || b[i] != '"' {
		return field{}, 0
	}
	line := b
	if end := bytes.IndexAny(b[i:], "\r\n"); end >= 0 {
		line = b[:i+end]
	}
	q := recordParser{separator: p.separator}
	f, end := q.quoted(line, i)
	if end < 0 || len(bytes.TrimRight(line[f.start:end], " ")) == 0 {
		return field{}, 0
	}
	closing := f.start + bytes.LastIndexByte(line[f.start:end], '"')
	if len(bytes.TrimLeft(line[closing+1:end], " ")) > 0 {
		return field{}, 0
	}
	f.end = closing
	return f, end
}

// quoted finds the end of a field in quotes. Text between the closing quote
// and the separator belongs to it, as in Excel.
func (p *recordParser) quoted(b []byte, i int) (field, int) {
	f := field{start: i + 1, quoted: true}
	i++
	for {
		q := bytes.IndexByte(b[i:], '"')
		if q < 0 {
			p.inQuote = true
			return f, -1
		}
		i += q
		f.end = i
		i++
		if i == len(b) || b[i] != '"' {
			break
		}
		f.escaped = true
		i++
	}
	for i < len(b) && b[i] != p.separator && b[i] != '\n' && b[i] != '\r' {
		f.escaped = true
		i++
		f.end = i
	}
	return f, i
}

// value returns the field's text: doubled quotes made single, line ends inside
// it made line feeds as in a workbook, and ="00123", by which exports keep
// spreadsheets from turning text into numbers, made 00123.
func (f field) value(record []byte, scratch *[]byte) []byte {
	text := record[f.start:f.end]
	if f.quoted && (f.escaped || bytes.IndexByte(text, '\r') >= 0) {
		*scratch = unquote((*scratch)[:0], text)
		text = *scratch
	}
	if n := len(text); n >= 3 && text[0] == '=' && text[1] == '"' && text[n-1] == '"' && bytes.IndexByte(text[2:n-1], '"') < 0 {
		return text[2 : n-1]
	}
	return text
}

// unquote appends the text of a quoted field: the first quote that is not
// doubled ends the quoted part, and what follows is taken as it is.
func unquote(dst, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && i+1 < len(text) && text[i+1] == '"':
			dst = append(dst, '"')
			i++
		case c == '"':
			return append(dst, text[i+1:]...)
		case c == '\r':
			dst = append(dst, '\n')
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
