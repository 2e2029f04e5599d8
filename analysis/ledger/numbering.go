package ledger

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"

	"duepack/analysis/ledger/digit"
)

// DocID is a document number in eight bytes: the series of the book it is from
// in the upper four, and its last digits in the lower four. Two document numbers
// of one book are equal where their texts are, letter by letter. Zero is the
// empty text: no document.
type DocID uint64

// Series returns which series of its Numbering a document number is of.
func (id DocID) Series() uint32 { return uint32(id >> 32) }

// Digits returns the digits by which a document number differs from others of its
// series, as a number below 1,000,000,000.
func (id DocID) Digits() uint32 { return uint32(id) }

// Numbering holds the series of a book's document numbers, and turns texts into
// document numbers and back. A series is what its numbers have in common: the
// text with its last digits, nine at most, put to 0, so that INV-2026-0417 and
// INV-2026-0533 are of INV-2000-0000. A book has a few dozen of them; where every
// number has letters of its own, it has as many as numbers, and they cost what
// texts cost. Texts of more than 64 bytes are a series each, whatever digits they
// have: a pack may show one a million times, and they are not made again for that.
//
// The zero value is ready for use, and a nil Numbering knows the empty text only.
// Of must not be called at the same time as any other method.
type Numbering struct {
	series []series        // the first is that of the empty text
	slots  []seriesSlot    // a hash table of places in series: a power of two, at most half of them taken
	texts  strings.Builder // of series, some kilobytes of them together
	masked []byte          // the text whose series is looked up, with its digits put to 0
	recent [64]uint32      // series met lately, by shape: nearly every number is of one of them
}

// series is what the numbers of a series have in common, and how they lie.
type series struct {
	text        string
	numbers     uint32 // looked up so far, again and again the same ones among them
	least, most uint32 // of their digits
}

// add counts a number that was looked up.
func (s *series) add(digits uint32) {
	s.numbers++
	s.least, s.most = min(s.least, digits), max(s.most, digits)
}

// seriesSlot is the place of a series, 0 for none, and its hash.
type seriesSlot struct{ hash, place uint32 }

// seriesSeed makes hashes differ from run to run, so that no book can be written
// whose series all meet in one slot. No result depends on it.
var seriesSeed = maphash.MakeSeed()

// beyondDigits is above all numbers of nine digits: as many are told apart within
// a series, as they fit into four bytes.
const beyondDigits = 1_000_000_000

// longest is how many bytes a text has at most that shares a series with others.
const longest = 64

// Of returns the number of a text, which may be of a new series.
func (n *Numbering) Of(text string) DocID {
	if text == "" {
		return 0
	}
	if id, known := n.Known(text); known {
		return id
	}
	recent := &n.recent[shape(text)]
	digits := n.find(text, recent)
	n.series[*recent].add(digits)
	return DocID(*recent)<<32 | DocID(digits)
}

// Known returns the number of a text of one of the series met lately; false where
// it may be of another one, or is empty.
func (n *Numbering) Known(text string) (id DocID, known bool) {
	if text == "" || len(n.series) == 0 {
		return 0, false
	}
	recent := n.recent[shape(text)]
	s := &n.series[recent]
	digits, known := inSeries(text, s.text)
	if known {
		s.add(digits)
	}
	return DocID(recent)<<32 | DocID(digits), known
}

// find sets the series of a text, adding it where it is new, and returns its digits.
func (n *Numbering) find(text string, at *uint32) (digits uint32) {
	n.masked = append(n.masked[:0], text...)
	if len(text) <= longest {
		digits = mask(n.masked)
	}
	*at = n.place(n.masked)
	return digits
}

// mask makes the series of a text, and returns its digits.
func mask(text []byte) (digits uint32) {
	for i, unit := len(text)-1, uint32(1); i >= 0 && unit < beyondDigits; i-- {
		if isDigit(text[i]) {
			digits += uint32(text[i]-'0') * unit
			text[i], unit = '0', unit*10
		}
	}
	return digits
}

// shape makes a small number of what tells series apart: length and letters near
// the front.
func shape(text string) uint32 {
	mixed := uint32(len(text))<<16 | uint32(text[0])<<8 | uint32(text[len(text)/4])
	return mixed * 0x9e3779b1 >> 26
}

// inSeries returns the digits that a text has where its series has them, as a
// number; false where it is of another series.
func inSeries(text, series string) (digits uint32, ok bool) {
	if len(text) != len(series) {
		return 0, false
	}
	if len(text) > longest {
		return 0, text == series
	}
	if digits, ok := inPlainSeries(text, series); ok {
		return digits, true
	}
	unit := uint32(1) // of the next digit
	for i := len(text) - 1; i >= 0; i-- {
		c, of := text[i], series[i]
		if d := uint32(c) - '0'; d <= 9 && unit < beyondDigits {
			c, digits, unit = '0', digits+d*unit, unit*10
		}
		if c != of {
			return 0, false
		}
	}
	return digits, true
}

// inPlainSeries is inSeries for eight to sixteen characters of which the last ones, eight
// at most, are the digits that differ, as nearly all are. It compares eight at once. ok is
// false where that is not known.
func inPlainSeries(text, series string) (number uint32, ok bool) {
	n := len(text)
	if n < 8 || n > 16 || n != len(series) {
		return 0, false
	}
	last, wanted := digit.Word(text[n-8:]), digit.Word(series[n-8:])
	count := bits.LeadingZeros64(digit.Others(last)) / 8
	if count == 0 {
		return 0, false
	}
	const zeros = '0' * digit.Every
	run := 64 - 8*count // bits below the digits
	differs := (last^zeros)<<(64-run)>>(64-run) ^ zeros ^ wanted
	differs |= (digit.Word(text) ^ digit.Word(series)) & (1<<(8*(n-8)) - 1)
	return uint32(digit.Number(last>>run, uint8(count))), differs == 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// place returns where a series is, adding it where it is new.
func (n *Numbering) place(text []byte) uint32 {
	if 2*len(n.series) >= len(n.slots) {
		n.grow()
	}
	hash := uint32(maphash.Bytes(seriesSeed, text))
	slot := n.slot(hash, text)
	if slot.place == 0 {
		*slot = seriesSlot{hash, uint32(len(n.series))}
		n.series = append(n.series, series{text: n.keep(text), least: math.MaxUint32})
	}
	return slot.place
}

// slot returns the slot of a series, or the one where it belongs.
func (n *Numbering) slot(hash uint32, text []byte) *seriesSlot {
	mask := uint32(len(n.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := &n.slots[at]
		if slot.place == 0 || slot.hash == hash && n.series[slot.place].text == string(text) {
			return slot
		}
	}
}

// grow makes room for twice as many series; for a few at first.
func (n *Numbering) grow() {
	const few = 64
	old := n.slots
	n.slots = make([]seriesSlot, max(few, 2*len(old)))
	n.series = slices.Grow(n.series, len(n.slots)/2-len(n.series))
	mask := uint32(len(n.slots) - 1)
	for _, s := range old {
		if s.place == 0 {
			continue
		}
		at := s.hash & mask
		for n.slots[at].place != 0 {
			at = (at + 1) & mask
		}
		n.slots[at] = s
	}
	if len(n.series) == 0 {
		n.series = append(n.series, series{})
	}
}

// keep returns a series as a text that shares its memory with others.
func (n *Numbering) keep(text []byte) string {
	const together = 16 << 10
	if n.texts.Cap()-n.texts.Len() < len(text) {
		n.texts = strings.Builder{}
		n.texts.Grow(max(len(text), min(together, 16*len(n.series))))
	}
	start := n.texts.Len()
	n.texts.Write(text)
	return n.texts.String()[start:]
}

// Series returns how many series there are, the empty text's among them.
func (n *Numbering) Series() int {
	if n == nil {
		return 0
	}
	return len(n.series)
}

// Span returns between which digits the numbers of a series lie that were looked
// up, and how often any of them was: at least as many times as there are of them.
func (n *Numbering) Span(series uint32) (least, most, times uint32) {
	s := &n.series[series]
	return s.least, s.most, s.numbers
}

// Append appends the text of a document number of the book.
func (n *Numbering) Append(dst []byte, id DocID) []byte {
	if id == 0 {
		return dst
	}
	dst = append(dst, n.series[id.Series()].text...)
	for i, digits := len(dst)-1, id.Digits(); digits > 0; i-- {
		if isDigit(dst[i]) {
			dst[i] += byte(digits % 10)
			digits /= 10
		}
	}
	return dst
}

// Text returns the text of a document number of the book.
func (n *Numbering) Text(id DocID) string {
	if id != 0 && id.Digits() == 0 { // as all long ones: it is that of its series
		return n.series[id.Series()].text
	}
	var room [longest]byte
	return string(n.Append(room[:0], id))
}

// Compare orders document numbers of the book as their texts are ordered.
func (n *Numbering) Compare(x, y DocID) int {
	if x.Series() == y.Series() { // as long, and different in digits only
		return cmp.Compare(x, y)
	}
	var roomX, roomY [longest]byte
	return bytes.Compare(n.Append(roomX[:0], x), n.Append(roomY[:0], y))
}

// Take adds the series of another numbering, and returns what Moved needs to make
// its numbers those of this one; nil where they are the same already.
func (n *Numbering) Take(other *Numbering) (moves []uint32) {
	moves = make([]uint32, len(other.series))
	same := true
	for i := 1; i < len(other.series); i++ { // but for the empty one
		from := &other.series[i]
		moves[i] = n.place(append(n.masked[:0], from.text...))
		same = same && moves[i] == uint32(i)
		to := &n.series[moves[i]]
		to.numbers += from.numbers
		to.least, to.most = min(to.least, from.least), max(to.most, from.most)
	}
	if same {
		return nil
	}
	return moves
}

// Moved returns a document number of a numbering that was taken into another, as
// the other has it.
func (id DocID) Moved(moves []uint32) DocID {
	if id == 0 {
		return 0
	}
	return DocID(moves[id.Series()])<<32 | id&0xffffffff
}

// Reset forgets all series. It keeps memory for as many as a book usually has.
func (n *Numbering) Reset() {
	const usual = 1 << 10
	if len(n.slots) > usual {
		*n = Numbering{}
		return
	}
	clear(n.series)
	clear(n.slots)
	*n = Numbering{series: n.series[:min(1, len(n.series))], slots: n.slots}
}
