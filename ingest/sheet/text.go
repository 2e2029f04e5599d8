package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// textFile is an open text file: one sheet of records.
type textFile struct {
	file      *os.File
	size      int64
	limits    Limits
	encoding  textEncoding
	separator byte
	declared  bool // by a first line "sep=;"
	before    int  // records before the first; of a part
}

// openText decides encoding and separator of a text file.
func openText(f *os.File, size int64, limits Limits) (File, error) {
	t := &textFile{file: f, size: size, limits: limits}
	m := memories.Get().(*memory)
	defer memories.Put(m)
	var err error
	if t.encoding, err = m.detectEncoding(f, size); err != nil {
		return nil, err
	}
	sample, err := t.head(m)
	if err != nil {
		return nil, err
	}
	if len(sample) == 0 {
		return nil, &FormatError{Code: "empty-file", Message: "the file has a byte order mark and nothing else", Hint: "export it again"}
	}
	if c, _, ok := declaredSeparator(sample); ok {
		t.separator, t.declared = c, true
	} else {
		t.separator = guessSeparator(sample, m)
	}
	return t, nil
}

// separatorBytes is how much of a file is read to find its separator. It is less
// in other encodings than UTF-8.
const separatorBytes = 520 << 10

// head returns the decoded start of the file.
func (t *textFile) head(m *memory) ([]byte, error) {
	in := t.reader()
	in.text = m.text
	for in.read < separatorBytes/2 && in.fill() {
	}
	m.text = in.text[:0]
	if in.err != nil && in.err != io.EOF && !isFormatError(in.err) {
		return nil, in.err
	}
	return in.text, nil
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
func guessSeparator(sample []byte, m *memory) byte {
	best, bestScore := byte(','), 0
	for _, c := range []byte{'\t', ';', '|', ','} {
		if score := separatorScore(sample, c, m); score*10 > bestScore*11 {
			best, bestScore = c, score
		}
	}
	return best
}

// separatorScore is the share of records (in thousandths) with the commonest
// number of fields, squared, times the separators in those; 0 where that is none.
func separatorScore(sample []byte, separator byte, m *memory) int {
	if bytes.IndexByte(sample, separator) < 0 {
		return 0
	}
	c := fieldCounter{recordParser: recordParser{separator: separator}, textBlock: textBlock{text: sample, separator: separator, marks: m.marks}, cells: m.cells}
	defer func() { m.marks, m.cells = c.marks, c.cells }()
	c.scan(true)
	counts := map[int]int{}
	records := 0
	for c.pos < len(sample) && records < 1000 {
		fields, ok := c.count()
		if !ok {
			break
		}
		if fields > 0 {
			counts[fields]++
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

// fieldCounter counts the fields of records.
type fieldCounter struct {
	textBlock
	recordParser
	cells []Cell
}

// count passes the next record and returns how many fields it has; 0 for a blank
// one. ok is false where a quote stays open.
func (c *fieldCounter) count() (fields int, ok bool) {
	const most = 16 << 10 // of the fields of a plain record
	if cells, end, plain := c.cutPlain(c.cells[:0], most); plain && c.behindLineEnd(end) > 0 {
		c.cells, c.pos = cells, c.behindLineEnd(end)
		if len(cells) == 1 && cells[0].Kind == Empty {
			return 0, true
		}
		return len(cells), true
	}
	n, ok := c.parse(c.text[c.pos:], true)
	c.pos += n
	if fields = len(c.fields); fields == 1 && c.fields[0].end == c.fields[0].start {
		fields = 0
	}
	return fields, ok
}

// textReader decodes the file into a block of which the caller consumes whole
// records.
type textReader struct {
	textBlock
	src     io.Reader
	decoder decoder
	raw     []byte // read, not yet decoded
	err     error  // io.EOF at the proper end
	offset  int64  // of raw in the file
	read    int64  // bytes of the file in text, and before it
}

func (t *textFile) reader() *textReader {
	skip := t.encoding.skip
	return &textReader{textBlock: textBlock{separator: t.separator}, src: io.NewSectionReader(t.file, skip, t.size-skip), decoder: t.encoding.decoder, offset: skip}
}

// plain reports whether the text is the bytes of the file.
func (r *textReader) plain() bool {
	_, ok := r.decoder.(utf8Decoder)
	return ok
}

// fill decodes more of the file behind the text. It reports false when nothing
// more comes; err then says why.
func (r *textReader) fill() bool {
	if r.err != nil {
		return false
	}
	had := len(r.text)
	if cap(r.text)-had < textBlockBytes/4 { // of a record longer than that
		r.text = append(make([]byte, 0, max(2*cap(r.text), textBlockBytes)), r.text...)
	}
	if r.plain() {
		r.fillPlain()
		return len(r.text) > had
	}
	if r.raw == nil {
		r.raw = make([]byte, 0, textBlockBytes/2)
	}
	// Two bytes become three at most, but for a rare sign.
	n, err := readFull(r.src, r.raw[len(r.raw):min(cap(r.raw), len(r.raw)+(cap(r.text)-had)/2)])
	r.read += int64(n)
	r.raw = r.raw[:len(r.raw)+n]
	var used int
	var bad bool
	r.text, used, bad = r.decoder.decode(r.text, r.raw)
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
	return len(r.text) > had
}

// fillPlain reads UTF-8 without a second buffer.
func (r *textReader) fillPlain() {
	n, err := readFull(r.src, r.text[len(r.text):cap(r.text)])
	r.read += int64(n)
	r.text = r.text[:len(r.text)+n]
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
func (t *textFile) Rows(yield func(*Row) error) error { return overlap(t.readRows, yield) }

// Top reads the first records.
func (t *textFile) Top(n int) ([]Row, error) {
	rows, _, err := top(t.readRows, n)
	return rows, err
}

func (t *textFile) readRows(out *batcher) error {
	_, err := t.records(out)
	return err
}

// records reads the records and returns the number of the last one.
func (t *textFile) records(out *batcher) (last int, err error) {
	r := &textRows{out: out, textReader: t.reader(), limits: t.limits, row: t.before, recordParser: recordParser{separator: t.separator, most: int(t.limits.Columns)}}
	r.text = out.now.room()
	marks := spareMarks.Get().(*[]uint32)
	r.marks = *marks
	defer func() {
		out.now.texts, *marks = r.text, r.marks
		spareMarks.Put(marks)
	}()
	if t.declared {
		for len(r.text) < 64 && r.fill() {
		}
		_, r.pos, _ = declaredSeparator(r.text)
	}
	r.scan(!r.plain())
	for {
		more, err := r.plainRecords()
		if err == nil && !more {
			if more, err = r.record(); err == nil && more {
				err = r.addRow()
			}
		}
		if err != nil || !more {
			return r.row, err
		}
		if len(out.now.cells) >= mostBlockCells || out.enough() {
			if err := r.turn(); err != nil {
				return r.row, err
			}
		}
	}
}

// spareMarks are kept for the next file, as batches are.
var spareMarks = sync.Pool{New: func() any { return new([]uint32) }}

// textBlockBytes is how much text is read at once: more than a batch of a workbook
// has, because cells are made so quickly that handing smaller ones over shows.
const textBlockBytes = 128 << 10

// mostBlockCells bounds the cells that are made of a block: it may have a
// separator in every other byte.
const mostBlockCells = 8 * batchCells

// textRows turns records into rows. The cells of a batch are stretches of the
// block they were read from, which belongs to the batch.
type textRows struct {
	*textReader
	recordParser
	limits     Limits
	out        *batcher
	row        int
	records    [mostRecords]cutRecord // that were cut at once
	cells      []Cell                 // of the last record
	fieldCount int                    // of the last record
	cut        bool                   // the last record ends with the file, without a line end
	width      int64
	now        Row // that was yielded last, if rows are
}

// mostRecords and roomCells bound what is cut at once: it is to stay in the nearest cache.
const (
	mostRecords = 16
	roomCells   = 512
)

// plainRecords makes rows of the next plain records of the block; some is false where the
// next one is not plain, or not whole.
func (r *textRows) plainRecords() (some bool, err error) {
	b := &r.textBlock
	b.findNext()
	first, room := uint32(b.next), r.room()
	from := uint32(0)
	for i := range b.cutRecords(room, r.records[:]) {
		c := &r.records[i]
		cells := room[from:c.end]
		if r.out.enough() || len(cells) > r.most || c.next > b.valid && !utf8.Valid(b.text[b.pos:c.next]) {
			return i > 0, nil
		}
		width := bits.Len64(c.filled) // empty cells at the end of a row are none
		if len(cells) > wordBits {
			r.shown, width = showWide(cells)
		} else if r.shown = c.filled; c.filled&^c.printing != 0 {
			r.shown &^= hideBlank(cells, c.filled&^c.printing)
		}
		b.pos, b.next, from = c.next, int(first+c.marks), c.end
		if err := r.countRow(); err != nil {
			return false, err
		}
		r.cells, r.fieldCount, r.cut, some = cells[:width], len(cells), false, true
		if r.out.yield == nil {
			r.cells = r.out.now.keepCells(r.cells)
		}
		if err := r.addRow(); err != nil {
			return false, err
		}
	}
	return some, nil
}

// room returns room for cells behind those of the batch.
func (r *textRows) room() []Cell {
	b := r.out.now
	b.cells = grown(b.cells)
	n := len(b.cells)
	room := b.cells[n:min(cap(b.cells), n+roomCells)]
	b.mostCells = max(b.mostCells, n+len(room))
	return room
}

// addRow makes a row of the cells of the last record.
func (r *textRows) addRow() error {
	width := len(r.cells)
	if width == 0 {
		return nil
	}
	if r.cut && r.usual.cuts(r.fieldCount) {
		return place(&FormatError{Code: "truncated-file",
			Message: fmt.Sprintf("the file ends inside its last row: %d of %d columns and no line end", r.fieldCount, r.usual.fields),
			Hint:    "it was cut short: export or copy it again; if the row is whole, end it with a line break"}, "", r.row, r.fieldCount)
	}
	r.usual.add(r.fieldCount)
	if r.width += int64(width); r.width > r.limits.Cells {
		return place(limitExceeded("cells", r.limits.Cells, "the file's rows are very many or very wide"), "", r.row, 1)
	}
	offset := r.read - int64(len(r.text)-r.pos)
	if r.out.yield == nil {
		r.out.now.rows = append(r.out.now.rows, Row{Cells: r.cells[:width:width], Number: r.row, Shown: r.shown, Offset: offset})
		return nil
	}
	b := r.out.now
	r.now.Cells, r.now.Number, r.now.Shown, r.now.Offset = r.cells[:width:width], r.row, r.shown, offset
	b.mostCells, b.cells = max(b.mostCells, r.fieldCount), b.cells[:0] // which are those of the next one then
	if r.out.refused = r.out.yield(&r.now); r.out.refused != nil {
		return errStopped
	}
	return nil
}

// turn hands the batch over with its block, or takes the block for nothing where its
// rows were yielded or are copied. What is not consumed of the block begins the next one.
func (r *textRows) turn() error {
	rest := r.text[r.pos:]
	switch {
	case r.out.most > 0 && !r.out.send():
		return errStopped
	case r.out.yield != nil || r.out.most > 0:
		r.text = append(r.text[:0], rest...)
	default:
		next := r.out.spare()
		rest = append(next.room(), rest...)
		r.out.now.texts = r.text
		if !r.out.send() {
			next.recycle()
			return errStopped
		}
		r.out.now, r.text = next, rest
	}
	r.pos = 0
	r.scan(!r.plain())
	return nil
}

// record reads the next record into cells; more is false behind the last one.
func (r *textRows) record() (more bool, err error) {
	for {
		if next := r.plainRecord(); next > 0 {
			r.pos = next
			return true, r.countRow()
		}
		rest, end := r.text[r.pos:], r.err == io.EOF
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
		if err := r.more(); err != nil {
			return false, err
		}
	}
}

// more reads on where the block has no whole record any more.
func (r *textRows) more() error {
	if r.pos > 0 && r.err == nil {
		if err := r.turn(); err != nil {
			return err
		}
	}
	if !r.fill() && r.err != io.EOF {
		return place(r.err, "", r.row+1, max(len(r.fields), 1))
	}
	r.scan(!r.plain())
	return nil
}

func (r *textRows) openQuote() string {
	if r.inQuote {
		return ": a quote is opened but not closed"
	}
	return ""
}

// countRow counts a record.
func (r *textRows) countRow() error {
	r.row++
	if int64(r.row) > r.limits.Rows {
		return place(limitExceeded("rows", r.limits.Rows, "the file has very many rows"), "", r.row, 1)
	}
	return nil
}

// take makes cells of the record that was parsed, n bytes long.
func (r *textRows) take(n int) error {
	record := r.text[r.pos : r.pos+n]
	if err := r.countRow(); err != nil {
		return err
	}
	atEnd := r.err == io.EOF && r.pos+n == len(r.text)
	r.cut, r.fieldCount = atEnd && !endsLine(record), len(r.fields)
	cells := r.out.now.cells
	before := len(cells)
	valid := utf8.Valid(record)
	r.shown = 0
	for i := range r.fields {
		value := r.fields[i].value(record)
		if len(value) == 0 {
			continue
		}
		if !valid && !utf8.Valid(value) {
			return place(r.notUTF8(value, atEnd && i == len(r.fields)-1), "", r.row, i+1)
		}
		if r.fields[i].quoted && r.holdsRows(value) {
			return place(&FormatError{Code: "quoted-rows", Message: fmt.Sprintf("a text in quotes goes over %d lines, which look like rows of their own", bytes.Count(value, []byte{'\n'})+1),
				Hint: "a quote in a text is not doubled, or not closed: export it again"}, "", r.row, i+1)
		}
		for len(cells) < before+i {
			cells = append(cells, Cell{})
		}
		cell := textCell(unsafe.String(unsafe.SliceData(value), len(value)))
		r.shown = withCell(r.shown, i, cell.Visible)
		cells = append(cells, cell)
	}
	r.out.now.cells, r.cells = cells, cells[before:]
	r.pos += n
	return nil
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
	run             int // records of so many fields, one behind the other
	ragged          bool
}

// regularRecords is how many records of one width make a shorter last one
// suspicious.
const regularRecords = 10

// cuts reports whether a last record without a line end breaks off: it has fewer
// fields than each of the many before it.
func (u *usualWidth) cuts(fields int) bool {
	return !u.ragged && u.records >= regularRecords && fields < u.fields
}

func (u *usualWidth) add(fields int) {
	if fields != u.fields {
		u.ragged, u.run = u.records > 0, 0
	}
	u.fields = fields
	u.records++
	u.run++
}

func endsLine(record []byte) bool {
	last := record[len(record)-1]
	return last == '\n' || last == '\r'
}
