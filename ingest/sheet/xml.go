package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// scanner cuts the XML of a part into tags and text, over blocks, without an
// allocation per token. It reads what spreadsheets contain: names are taken
// without their prefix, comments and processing instructions are skipped, a
// document type is refused, so no entity can be declared or fetched.
type scanner struct {
	src      *blocks
	buf      []byte // the block being read
	pos      int    // the next byte of buf
	taken    int64  // bytes of all blocks up to and with this one
	err      error  // why there is no further block; io.EOF at the proper end
	maxToken int64
	scratch  []byte
}

func newScanner(r blockReader, limits Limits) *scanner {
	return &scanner{src: readBlocks(r, blockBytes), maxToken: limits.RecordBytes}
}

func (s *scanner) close() { s.src.close() }

// offset is how many bytes of the part stand before pos.
func (s *scanner) offset() int64 { return s.taken - int64(len(s.buf)-s.pos) }

// more appends the next block behind what is left from pos on. It reports
// false at the end or on an error, which fail tells.
func (s *scanner) more() bool {
	if s.err != nil {
		return false
	}
	next, ok := <-s.src.ready
	if !ok {
		s.err = io.ErrUnexpectedEOF
		return false
	}
	s.err = next.err
	s.taken += int64(len(next.buf) - headroomBytes)
	rest := s.buf[s.pos:]
	if int64(len(rest)) > s.maxToken {
		s.err = limitExceeded("record-bytes", s.maxToken, "a single text or tag is very long")
		return false
	}
	old := s.buf
	if len(rest) <= headroomBytes { // it stands there
		s.pos = headroomBytes - len(rest)
		s.buf = next.buf
	} else { // next.buf is not given back: what comes next is copied from it
		joined := make([]byte, 0, 2*len(rest)+len(next.buf))
		joined = append(append(joined, rest...), next.buf[headroomBytes:]...)
		s.buf, s.pos = joined, 0
	}
	s.src.recycle(old)
	return len(next.buf) > headroomBytes || s.err == nil
}

// fail is the reason why more gave nothing, as a FormatError: the part's own
// damage, or that it ended inside something.
func (s *scanner) fail() error {
	if s.err == nil || errors.Is(s.err, io.EOF) || errors.Is(s.err, io.ErrUnexpectedEOF) {
		return corrupt("the XML ends before it is complete")
	}
	return s.err
}

// drain reads the rest of the part so that its check sum is verified.
func (s *scanner) drain() error {
	for s.err == nil {
		s.pos = len(s.buf)
		s.more()
	}
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.fail()
}

// tag is one start or end tag. Its slices are valid until the scanner moves.
type tag struct {
	name  []byte // without prefix
	attrs []byte
	end   bool // </name>
	empty bool // <name/>
}

func (t *tag) is(name string) bool { return string(t.name) == name }

// next moves behind the next tag and returns it; text before it is skipped.
// At the end of the part ok is false and the error nil.
func (s *scanner) next() (t tag, ok bool, err error) {
	for {
		i := bytes.IndexByte(s.buf[s.pos:], '<')
		if i < 0 {
			s.pos = len(s.buf)
			if s.more() {
				continue
			}
			if errors.Is(s.err, io.EOF) {
				return tag{}, false, nil
			}
			return tag{}, false, s.fail()
		}
		s.pos += i
		special, err := s.skipSpecial()
		if err != nil {
			return tag{}, false, err
		}
		if special {
			continue
		}
		t, err := s.tag()
		return t, err == nil, err
	}
}

// tag reads the tag that starts at pos.
func (s *scanner) tag() (tag, error) {
	end := tagEnd(s.buf[s.pos:])
	for end < 0 {
		if !s.more() {
			return tag{}, s.fail()
		}
		end = tagEnd(s.buf[s.pos:])
	}
	body := s.buf[s.pos+1 : s.pos+end]
	s.pos += end + 1
	var t tag
	if len(body) > 0 && body[0] == '/' {
		t.end, body = true, body[1:]
	} else if len(body) > 0 && body[len(body)-1] == '/' {
		t.empty, body = true, body[:len(body)-1]
	}
	n := 0
	for n < len(body) && !isSpace(body[n]) {
		n++
	}
	t.name, t.attrs = body[:n], body[n:]
	if i := bytes.IndexByte(t.name, ':'); i >= 0 {
		t.name = t.name[i+1:]
	}
	if len(t.name) == 0 || bytes.IndexByte(t.name, '<') >= 0 {
		return tag{}, corrupt("a tag without a name stands in the XML")
	}
	return t, nil
}

// tagEnd finds the ">" that ends the tag at the start of b, passing over
// quoted values, which may contain one. -1 where b does not hold it.
func tagEnd(b []byte) int {
	end := bytes.IndexByte(b, '>')
	if end < 0 || bytes.IndexByte(b[:end], '"') < 0 && bytes.IndexByte(b[:end], '\'') < 0 {
		return end
	}
	var quote byte
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skipSpecial passes a comment, an instruction or a CDATA section at pos (text
// outside of values does not matter) and reports whether there was one.
func (s *scanner) skipSpecial() (bool, error) {
	if err := s.want(2); err != nil {
		return false, err
	}
	switch s.buf[s.pos+1] {
	case '?':
		return true, s.instruction()
	case '!':
		kind, err := s.special()
		if err != nil {
			return false, err
		}
		_, err = s.upTo(kind.end)
		return true, err
	}
	return false, nil
}

// want makes sure that n bytes from pos on are there.
func (s *scanner) want(n int) error {
	for len(s.buf)-s.pos < n {
		if !s.more() {
			return s.fail()
		}
	}
	return nil
}

type specialKind struct{ start, end string }

var specialKinds = []specialKind{{"<!--", "-->"}, {"<![CDATA[", "]]>"}}

// special tells which of the two kinds starts at pos, where "<!" stands.
func (s *scanner) special() (specialKind, error) {
	for _, kind := range specialKinds {
		have := min(len(kind.start), len(s.buf)-s.pos)
		if string(s.buf[s.pos:s.pos+have]) != kind.start[:have] {
			continue
		}
		if err := s.want(len(kind.start)); err != nil {
			return kind, err
		}
		if string(s.buf[s.pos:s.pos+len(kind.start)]) == kind.start {
			return kind, nil
		}
	}
	return specialKind{}, corrupt("the XML has a document type declaration, which a workbook must not have")
}

// upTo moves behind the given mark and returns what stands from pos to it.
func (s *scanner) upTo(mark string) ([]byte, error) {
	for {
		if i := bytes.Index(s.buf[s.pos:], []byte(mark)); i >= 0 {
			found := s.buf[s.pos : s.pos+i]
			s.pos += i + len(mark)
			return found, nil
		}
		if !s.more() {
			return nil, s.fail()
		}
	}
}

// instruction passes <?…?>. An XML declaration may only name an encoding that
// the part is in: UTF-8, or UTF-16 that has been decoded before.
func (s *scanner) instruction() error {
	body, err := s.upTo("?>")
	if err != nil || !bytes.HasPrefix(body, []byte("<?xml ")) {
		return err
	}
	encoding, _ := attr(body[len("<?xml"):], "encoding")
	switch string(bytes.ToLower(encoding)) {
	case "", "utf-8", "utf8", "utf-16", "utf16", "utf-16le", "utf-16be", "us-ascii", "ascii":
		return nil
	}
	return corrupt("the XML is in the encoding %q (want UTF-8 or UTF-16)", encoding)
}

// text returns the characters up to the next tag, with references resolved
// and CDATA taken as it is. The slice is valid until the scanner moves.
func (s *scanner) text() ([]byte, error) {
	s.scratch = s.scratch[:0]
	for {
		i := bytes.IndexByte(s.buf[s.pos:], '<')
		if i < 0 {
			if !s.more() {
				return nil, s.fail()
			}
			continue
		}
		raw := s.buf[s.pos : s.pos+i]
		if s.pos+i+1 < len(s.buf) && s.buf[s.pos+i+1] != '!' && s.buf[s.pos+i+1] != '?' && len(s.scratch) == 0 && isPlain(raw) {
			s.pos += i
			return raw, nil
		}
		var err error
		if s.scratch, err = appendText(s.scratch, raw); err != nil {
			return nil, err
		}
		s.pos += i
		if done, err := s.textSpecial(); done || err != nil {
			return s.scratch, err
		}
	}
}

// textSpecial deals with the "<" at pos inside text: CDATA is text, comments
// and instructions are nothing, anything else ends the text (done).
func (s *scanner) textSpecial() (done bool, err error) {
	if err := s.want(2); err != nil {
		return false, err
	}
	switch s.buf[s.pos+1] {
	case '?':
		return false, s.instruction()
	case '!':
		kind, err := s.special()
		if err != nil {
			return false, err
		}
		s.pos += len(kind.start)
		body, err := s.upTo(kind.end)
		if err == nil && kind.start == "<![CDATA[" {
			s.scratch = append(s.scratch, body...)
		}
		if int64(len(s.scratch)) > s.maxToken {
			return false, limitExceeded("record-bytes", s.maxToken, "a single text is very long")
		}
		return false, err
	}
	return true, nil
}

// isPlain reports whether character data stands for itself: no reference and
// no carriage return, which XML turns into a line feed.
func isPlain(raw []byte) bool {
	return bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\r') < 0
}

// appendText appends character data with references resolved and line ends as
// line feeds.
func appendText(dst, raw []byte) ([]byte, error) {
	if isPlain(raw) {
		return append(dst, raw...), nil
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\r':
			dst = append(dst, '\n')
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		case '&':
			n := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
			r, ok := reference(raw[i+1 : i+max(n, 1)])
			if n < 0 || !ok {
				return nil, corrupt("the XML has an entity that is not declared: %q", raw[i:min(len(raw), i+12)])
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		default:
			dst = append(dst, c)
		}
	}
	return dst, nil
}

// reference resolves what stands between "&" and ";".
func reference(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], rune(10)
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	var r rune
	for _, c := range digits {
		d, ok := hexDigit(c)
		if !ok || d >= base || r > utf8.MaxRune {
			return 0, false
		}
		r = r*base + d
	}
	return r, len(digits) > 0 && r > 0 && utf8.ValidRune(r)
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

// attr returns the raw value of the attribute with this name, prefix and all.
func attr(attrs []byte, name string) ([]byte, bool) {
	for len(attrs) > 0 {
		key, value, rest := nextAttr(attrs)
		if string(key) == name {
			return value, true
		}
		attrs = rest
	}
	return nil, false
}

// attrText is attr with references resolved.
func attrText(attrs []byte, name string) string {
	raw, _ := attr(attrs, name)
	text, err := appendText(nil, raw)
	if err != nil {
		return string(raw)
	}
	return string(text)
}

// attrLocal is attr by the name without prefix, for r:id under any prefix.
func attrLocal(attrs []byte, local string) (string, bool) {
	for len(attrs) > 0 {
		key, value, rest := nextAttr(attrs)
		if i := bytes.IndexByte(key, ':'); i >= 0 && string(key[i+1:]) == local {
			return string(value), true
		}
		attrs = rest
	}
	return "", false
}

// nextAttr cuts the first attribute off. A key without a value ends the list.
func nextAttr(attrs []byte) (key, value, rest []byte) {
	for len(attrs) > 0 && isSpace(attrs[0]) {
		attrs = attrs[1:]
	}
	eq := bytes.IndexByte(attrs, '=')
	if eq < 0 {
		return nil, nil, nil
	}
	key = bytes.TrimRight(attrs[:eq], " \t\r\n")
	rest = bytes.TrimLeft(attrs[eq+1:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return nil, nil, nil
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return nil, nil, nil
	}
	return key, rest[1 : end+1], rest[end+2:]
}

// truth reads an XML boolean: 1, true (and on, which some writers use).
func truth(attrs []byte, name string) bool {
	v, _ := attr(attrs, name)
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}
