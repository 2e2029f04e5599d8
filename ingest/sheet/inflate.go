package sheet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"sync"
)

// inflater unpacks a DEFLATE stream (RFC 1951). Unpacking is the larger part of
// reading a workbook, so this one trades memory for speed: whole words of
// input, tables that decode nearly every symbol in one look, and matches
// copied in words. It accepts what compress/flate accepts, which its tests
// hold it to; whoever uses it still checks the part's check sum.
type inflater struct {
	src io.Reader
	err error // returned once the output is used up; io.EOF at the proper end

	in    []byte // input read, valid up to its length
	inPos int
	ended bool // src has no more: in ends in inPadding zeros
	bits  uint64
	nbits uint // valid bits in bits

	window   []byte // history, then output not yet taken from outPos to written
	outPos   int
	written  int
	history  int // bytes before written that a match may name
	last     bool
	stored   int // bytes left of a stored block
	inBlock  bool
	literals *codeTable
	offsets  *codeTable
	own      [2]codeTable // of dynamic blocks
	lengths  [maxLiterals + maxOffsets]uint8
}

const (
	historyBytes  = 32 << 10 // how far back a match reaches
	windowBytes   = 256 << 10
	inputBytes    = 128 << 10
	inPadding     = 16
	longestMatch  = 258
	stride        = 16                    // bytes of a match that are copied at once
	windowSlack   = longestMatch + stride // which may pass its end
	maxLiterals   = 288
	maxOffsets    = 32
	longestCode   = 15
	longestOffset = longestCode + 13 // bits of an offset with its extra bits
	mostLiterals  = 286              // that a dynamic block may define
	mostOffsets   = 30
	endOfBlock    = 256
	lengthSymbols = 257 // the first symbol that is a length
)

func newInflater(src io.Reader) *inflater {
	return &inflater{src: src, in: make([]byte, 0, inputBytes+inPadding), window: make([]byte, historyBytes+windowBytes)}
}

var errInflate = errors.New("the packed data are damaged")

// Read unpacks the next bytes.
func (f *inflater) Read(b []byte) (int, error) {
	for f.outPos == f.written {
		if f.err != nil {
			return 0, f.err
		}
		f.slide()
		f.err = f.unpack()
	}
	n := copy(b, f.window[f.outPos:f.written])
	f.outPos += n
	return n, nil
}

// slide moves the history to the front of the window, where room is needed.
func (f *inflater) slide() {
	if f.written < len(f.window)/2 {
		return
	}
	keep := min(f.history, historyBytes)
	copy(f.window, f.window[f.written-keep:f.written])
	f.outPos, f.written, f.history = keep, keep, keep
}

// unpack fills the window until it is full, or the stream ends (io.EOF).
func (f *inflater) unpack() error {
	for f.written+windowSlack <= len(f.window) {
		if f.last && !f.inBlock {
			return io.EOF
		}
		err := f.step()
		if f.overrun() { // what is wrong may be wrong because it was not there
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// step reads the start of a block, or as much of it as the window takes.
func (f *inflater) step() error {
	switch {
	case !f.inBlock:
		return f.header()
	case f.literals == nil:
		return f.copyStored()
	}
	return f.symbols()
}

// load reads more input behind what is not used yet. At the end of the source
// it adds zeros, so that whole words can be read to the last byte; reading into
// them is noticed by overrun.
func (f *inflater) load() error {
	if f.ended {
		return io.ErrUnexpectedEOF
	}
	f.inPos -= int(f.nbits >> 3) // whole bytes go back
	f.nbits &= 7
	f.bits &= 1<<f.nbits - 1
	f.in = f.in[:copy(f.in, f.in[f.inPos:])]
	f.inPos = 0
	n, err := f.src.Read(f.in[len(f.in):inputBytes])
	f.in = f.in[:len(f.in)+n]
	switch {
	case errors.Is(err, io.EOF):
		f.ended = true
		f.in = append(f.in, make([]byte, inPadding)...)
	case err != nil:
		return err
	case n == 0:
		return io.ErrNoProgress
	}
	return nil
}

// overrun reports whether more was used than there was.
func (f *inflater) overrun() bool {
	return f.ended && f.inPos-int(f.nbits>>3) > len(f.in)-inPadding
}

// take returns the next n bits, at most 16.
func (f *inflater) take(n uint) (uint32, error) {
	for f.nbits < n {
		for f.inPos == len(f.in) {
			if err := f.load(); err != nil {
				return 0, err
			}
		}
		f.bits |= uint64(f.in[f.inPos]) << f.nbits
		f.inPos++
		f.nbits += 8
	}
	v := uint32(f.bits & (1<<n - 1))
	f.bits >>= n
	f.nbits -= n
	return v, nil
}

// header reads the start of a block.
func (f *inflater) header() error {
	h, err := f.take(3)
	if err != nil {
		return err
	}
	f.last, f.inBlock = h&1 == 1, true
	switch h >> 1 {
	case 0:
		return f.startStored()
	case 1:
		fixed := fixedTables()
		f.literals, f.offsets = &fixed[0], &fixed[1]
		return nil
	case 2:
		return f.dynamic()
	}
	return errInflate
}

// startStored reads the length of a stored block, which begins at a byte.
func (f *inflater) startStored() error {
	if _, err := f.take(f.nbits & 7); err != nil {
		return err
	}
	n, err := f.take(16)
	if err != nil {
		return err
	}
	check, err := f.take(16)
	if err != nil {
		return err
	}
	if n^check != 0xffff {
		return errInflate
	}
	f.literals, f.stored = nil, int(n)
	f.inBlock = n > 0
	return nil
}

// copyStored copies from a stored block as much as is there and fits.
func (f *inflater) copyStored() error {
	f.inPos -= int(f.nbits >> 3)
	f.bits, f.nbits = 0, 0
	for f.stored > 0 && f.written < len(f.window) {
		have := len(f.in) - f.inPos
		if f.ended {
			have -= inPadding
		}
		if have <= 0 {
			if err := f.load(); err != nil {
				return err
			}
			continue
		}
		n := copy(f.window[f.written:], f.in[f.inPos:f.inPos+min(have, f.stored)])
		f.inPos, f.stored = f.inPos+n, f.stored-n
		f.written, f.history = f.written+n, f.history+n
	}
	f.inBlock = f.stored > 0
	return nil
}

// lengthOrder is the order in which a block gives the lengths of the codes
// that its lengths are written in.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the tables of a block.
func (f *inflater) dynamic() error {
	counts, err := f.take(14)
	if err != nil {
		return err
	}
	literals, offsets, order := int(counts&31)+257, int(counts>>5&31)+1, int(counts>>10)+4
	if literals > mostLiterals || offsets > mostOffsets {
		return errInflate
	}
	var orders [19]uint8
	for i := range order {
		n, err := f.take(3)
		if err != nil {
			return err
		}
		orders[lengthOrder[i]] = uint8(n)
	}
	t := &f.own[0]
	if err := t.build(orders[:], orderBits, plainEntry); err != nil {
		return err
	}
	lengths := f.lengths[:literals+offsets]
	if err := f.codeLengths(t, lengths); err != nil {
		return err
	}
	if err := f.own[0].build(lengths[:literals], literalBits, literalEntry); err != nil {
		return err
	}
	f.literals, f.offsets = &f.own[0], &f.own[1]
	return f.offsets.build(lengths[literals:], offsetBits, offsetEntry)
}

// codeLengths reads the lengths of a block's codes, which are run-length coded.
func (f *inflater) codeLengths(t *codeTable, lengths []uint8) error {
	for i := 0; i < len(lengths); {
		symbol, err := f.symbol(t)
		if err != nil {
			return err
		}
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			i++
			continue
		}
		value, extra, repeat := uint8(0), uint(7), 11 // 18
		switch symbol {
		case 16:
			if i == 0 {
				return errInflate
			}
			value, extra, repeat = lengths[i-1], 2, 3
		case 17:
			extra, repeat = 3, 3
		}
		more, err := f.take(extra)
		if err != nil {
			return err
		}
		if repeat += int(more); i+repeat > len(lengths) {
			return errInflate
		}
		for range repeat {
			lengths[i] = value
			i++
		}
	}
	return nil
}

// symbol reads one symbol of a table of plain entries, bit by bit where the
// input is about to end.
func (f *inflater) symbol(t *codeTable) (uint32, error) {
	for {
		e := t.entries[f.bits&(1<<orderBits-1)]
		if n := uint(e & entryBits); n <= f.nbits && e&entryInvalid == 0 {
			f.bits >>= n
			f.nbits -= n
			return e >> entryShift, nil
		} else if n <= f.nbits {
			return 0, errInflate
		}
		if f.inPos == len(f.in) {
			if err := f.load(); err != nil {
				return 0, err
			}
			continue
		}
		f.bits |= uint64(f.in[f.inPos]) << f.nbits
		f.inPos++
		f.nbits += 8
	}
}

// symbols decodes a block until it ends, the window is full, or an error.
func (f *inflater) symbols() error {
	for f.inBlock && f.written+windowSlack <= len(f.window) {
		if len(f.in)-f.inPos < inPadding {
			if err := f.load(); err != nil {
				return err
			}
			continue
		}
		if err := f.decode(); err != nil {
			return err
		}
	}
	return nil
}

// decode is the inner loop. It runs while there are two words of input and
// room for a longest match, so that it need not look at the ends in between.
func (f *inflater) decode() error {
	in, out := f.in, f.window
	pos, at := f.inPos, f.written
	buffer, n := f.bits, f.nbits
	literals, offsets := &f.literals.entries, &f.offsets.entries
	lowest := f.written - f.history // a match must not begin before
	inEnd, outEnd := len(in)-inPadding, len(out)-windowSlack
	var failed error
loop:
	for pos <= inEnd && at <= outEnd {
		buffer |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
		pos += int((63 - n) >> 3)
		n |= 56
		e := literals[buffer&(1<<literalBits-1)]
		if e&entryLiteral != 0 {
			buffer >>= e & entryBits
			n -= uint(e & entryBits)
			out[at] = byte(e >> entryShift)
			at++
			if e = literals[buffer&(1<<literalBits-1)]; e&entryLiteral != 0 {
				buffer >>= e & entryBits
				n -= uint(e & entryBits)
				out[at] = byte(e >> entryShift)
				at++
				continue
			}
		}
		if e&entryLong != 0 {
			e = literals[e>>entryShift+uint32(buffer>>literalBits)&(1<<(e>>entryCode&15)-1)]
		}
		before := buffer
		buffer >>= e & entryBits
		n -= uint(e & entryBits)
		if e&(entryLiteral|entryEnd|entryInvalid) != 0 {
			switch {
			case e&entryInvalid != 0:
				failed = errInflate
				break loop
			case e&entryEnd != 0:
				f.inBlock = false
				break loop
			}
			out[at] = byte(e >> entryShift)
			at++
			continue
		}
		length := int(e>>entryShift) + int(before&(1<<(e&entryBits)-1)>>(e>>entryCode&15))

		if n < longestOffset {
			buffer |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
			pos += int((63 - n) >> 3)
			n |= 56
		}
		e = offsets[buffer&(1<<offsetBits-1)]
		if e&entryLong != 0 {
			e = offsets[e>>entryShift+uint32(buffer>>offsetBits)&(1<<(e>>entryCode&15)-1)]
		}
		before = buffer
		buffer >>= e & entryBits
		n -= uint(e & entryBits)
		offset := int(e>>entryShift) + int(before&(1<<(e&entryBits)-1)>>(e>>entryCode&15))
		from := at - offset
		if e&entryInvalid != 0 || from < lowest {
			failed = errInflate
			break
		}
		if offset < stride {
			at = copyMatch(out, at, from, length)
			continue
		}
		for end := at + length; ; {
			*(*[stride]byte)(out[at:]) = *(*[stride]byte)(out[from:])
			if at += stride; at >= end {
				at = end
				break
			}
			from += stride
		}
	}
	f.inPos, f.nbits = pos-int(n>>3), n&7 // whole bytes go back
	f.bits = buffer & (1<<f.nbits - 1)
	f.history += at - f.written
	f.written = at
	return failed
}

// copyMatch repeats length bytes from an earlier place and returns the place
// behind them. A match may overlap itself.
func copyMatch(out []byte, at, from, length int) int {
	end := at + length
	for at < end {
		at += copy(out[at:end], out[from:at])
	}
	return end
}

// codeTable decodes a Huffman code by its next bits: the first few lead to
// the symbol of a short code, or to a table for the longer ones that share them.
type codeTable struct {
	entries [tableSize]uint32
}

const (
	literalBits = 11
	offsetBits  = 9
	orderBits   = 7 // as long as these codes get
	// tableSize has room for the second tables: one of 2^k entries is for at
	// least k+1 codes; k ≤ 4 for the at most 288 literals, k ≤ 6 for 32 offsets.
	tableSize = 1<<literalBits + 1024
)

// An entry is a number of bits to take, with the extra bits of a length or an
// offset, then how many of them are the code's (of a long code the bits of its
// second table), marks, and a value. Extra bits are taken with the code, so that
// the next code can be looked up before they are.
const (
	entryBits    = 63
	entryCode    = 8
	entryInvalid = 1 << 12
	entryEnd     = 1 << 13
	entryLong    = 1 << 14
	entryLiteral = 1 << 15
	entryShift   = 16
)

func plainEntry(symbol int) uint32 { return uint32(symbol) << entryShift }

// literalEntry is the entry of a symbol that is a byte, the end, or a length
// (RFC 1951, 3.2.5).
func literalEntry(symbol int) uint32 {
	switch {
	case symbol < endOfBlock:
		return entryLiteral | uint32(symbol)<<entryShift
	case symbol == endOfBlock:
		return entryEnd
	case symbol >= mostLiterals:
		return entryInvalid
	case symbol == mostLiterals-1:
		return longestMatch << entryShift
	}
	k := uint32(symbol - lengthSymbols)
	if k < 8 {
		return (k + 3) << entryShift
	}
	extra := k/4 - 1
	return ((4+k%4)<<extra+3)<<entryShift | extra
}

// offsetEntry is the entry of a symbol that is a distance.
func offsetEntry(symbol int) uint32 {
	k := uint32(symbol)
	switch {
	case symbol >= mostOffsets:
		return entryInvalid
	case symbol < 4:
		return (k + 1) << entryShift
	}
	extra := k/2 - 1
	return ((2+k%2)<<extra+1)<<entryShift | extra
}

// build makes the table of the canonical code with these lengths. A code must
// be complete; only a single code of one bit, or none at all, may stand alone.
func (t *codeTable) build(lengths []uint8, tableBits int, entry func(symbol int) uint32) error {
	var counts, next [longestCode + 2]int
	for _, n := range lengths {
		counts[n]++
	}
	used, code := len(lengths)-counts[0], 0
	counts[0] = 0
	for n := 1; n <= longestCode; n++ {
		code = (code + counts[n-1]) << 1
		next[n] = code
		if code+counts[n] > 1<<n {
			return errInflate
		}
	}
	complete := code+counts[longestCode] == 1<<longestCode
	if !complete && used > 0 && (used > 1 || counts[1] != 1) {
		return errInflate
	}
	if !complete {
		for i := range 1 << tableBits {
			t.entries[i] = entryInvalid | 1
		}
	}
	t.placeSecond(lengths, tableBits, next)
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(symbol) + uint32(n) | uint32(n)<<entryCode
		at := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		table, length := t.entries[:1<<tableBits], int(n)
		if int(n) > tableBits {
			second := t.entries[at&(1<<tableBits-1)]
			first := int(second >> entryShift)
			table = t.entries[first : first+1<<(second>>entryCode&15)]
			at, length = at>>tableBits, int(n)-tableBits
		}
		for ; at < len(table); at += 1 << length {
			table[at] = e
		}
	}
	return nil
}

// placeSecond makes the entries that lead to second tables.
func (t *codeTable) placeSecond(lengths []uint8, tableBits int, next [longestCode + 2]int) {
	if int(slices.Max(lengths)) <= tableBits {
		return
	}
	var longest [1 << literalBits]uint8 // of the long codes, by their first bits
	for _, n := range lengths {
		if int(n) > tableBits {
			first := bits.Reverse16(uint16(next[n])) >> (16 - n) & (1<<tableBits - 1)
			longest[first] = max(longest[first], n)
		}
		next[n]++
	}
	second := uint32(1 << tableBits)
	for first, n := range longest[:1<<tableBits] {
		if n > 0 {
			size := uint32(n) - uint32(tableBits)
			t.entries[first] = entryLong | second<<entryShift | size<<entryCode
			second += 1 << size
		}
	}
}

// fixedTables are those of blocks without tables of their own.
var fixedTables = sync.OnceValue(func() *[2]codeTable {
	var tables [2]codeTable
	literals, offsets := make([]uint8, maxLiterals), make([]uint8, maxOffsets)
	for i := range literals {
		switch {
		case i < 144:
			literals[i] = 8
		case i < 256:
			literals[i] = 9
		case i < 280:
			literals[i] = 7
		default:
			literals[i] = 8
		}
	}
	for i := range offsets {
		offsets[i] = 5
	}
	if err := errors.Join(tables[0].build(literals, literalBits, literalEntry), tables[1].build(offsets, offsetBits, offsetEntry)); err != nil {
		panic(fmt.Sprintf("sheet: the fixed code of RFC 1951 is none: %v", err))
	}
	return &tables
})
