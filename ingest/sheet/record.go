package sheet

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

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
// spreadsheets from turning text into numbers, made 00123. It is a stretch of the
// record, in which it may be written anew.
func (f field) value(record []byte) []byte {
	text := record[f.start:f.end]
	if f.quoted && (f.escaped || bytes.IndexByte(text, '\r') >= 0) {
		text = unquote(text[:0], text) // never longer than what was read
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
