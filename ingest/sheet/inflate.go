package sheet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"sync"
)

// inflater unpacks a DEFLATE stream (RFC 1951). Unpacking is the larger part of
// reading a workbook, so this one trades memory for speed: whole words of
// input, tables that decode some literals and the length of the match behind
// them in one look, matches copied in words, and output written where it is
// read. It accepts what compress/flate accepts, which its tests hold it to;
// whoever uses it still checks the part's check sum.
type inflater struct {
	src io.Reader

	input [inputBytes + inPadding]byte
	inEnd int // input has been read up to here
	inPos int
	ended bool // src has no more: the last inPadding bytes are zeros
	bits  uint64
	nbits uint // valid bits in bits

	window  *[windowBytes]byte // history, then output up to written
	written int
	history int // bytes before written that a match may name
	last    bool
	inBlock bool
	stored  int         // bytes left of a stored block
	tables  blockTables // of the block, or of one before where it is stored
	fixed   bool        // they are the fixed ones
	lengths [maxLiterals + maxOffsets]uint8
}

const (
	historyBytes  = 32 << 10 // how far back a match reaches
	windowBytes   = headroomBytes + blockBytes
	inputBytes    = 128 << 10
	inPadding     = 16
	longestMatch  = 258
	stride        = 16                         // bytes of a match that are copied at once
	copiedFirst   = 2 * stride                 // few matches of a sheet are longer
	windowSlack   = longestMatch + copiedFirst // which may pass its end
	maxLiterals   = 288
	maxOffsets    = 32
	longestCode   = 15
	mostLiterals  = 286 // that a dynamic block may define
	mostOffsets   = 30
	endOfBlock    = 256
	lengthSymbols = 257 // the first symbol that is a length
)

func newInflater(src io.Reader) *inflater {
	return &inflater{src: src}
}

var errInflate = errors.New("the packed data are damaged")

// readBlock unpacks what comes next; see blockReader. buf must have windowBytes,
// which are filled to less than windowSlack from their end.
func (f *inflater) readBlock(buf []byte, at int) (n int, err error) {
	f.window, f.written, f.history = (*[windowBytes]byte)(buf), at, min(f.history, historyBytes, at)
	for f.written+windowSlack <= len(f.window) {
		if f.last && !f.inBlock {
			return f.written - at, io.EOF
		}
		err := f.step()
		if f.overrun() { // what is wrong may be wrong because it was not there
			return f.written - at, io.ErrUnexpectedEOF
		}
		if err != nil {
			return f.written - at, err
		}
	}
	return f.written - at, nil
}

// step reads the start of a block, or as much of it as the window takes.
func (f *inflater) step() error {
	switch {
	case !f.inBlock:
		return f.header()
	case f.stored > 0:
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
	f.inEnd = copy(f.input[:], f.input[f.inPos:f.inEnd])
	f.inPos = 0
	n, err := f.src.Read(f.input[f.inEnd:inputBytes])
	f.inEnd += n
	switch {
	case errors.Is(err, io.EOF):
		f.ended = true
		clear(f.input[f.inEnd : f.inEnd+inPadding])
		f.inEnd += inPadding
	case err != nil:
		return err
	case n == 0:
		return io.ErrNoProgress
	}
	return nil
}

// overrun reports whether more was used than there was.
func (f *inflater) overrun() bool {
	return f.ended && f.inPos-int(f.nbits>>3) > f.inEnd-inPadding
}

// take returns the next n bits, at most 16.
func (f *inflater) take(n uint) (uint32, error) {
	for f.nbits < n {
		for f.inPos == f.inEnd {
			if err := f.load(); err != nil {
				return 0, err
			}
		}
		f.bits |= uint64(f.input[f.inPos]) << f.nbits
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
		if !f.fixed {
			f.tables, f.fixed = *fixedTables(), true
		}
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
	f.stored = int(n)
	f.inBlock = n > 0
	return nil
}

// copyStored copies from a stored block as much as is there and fits.
func (f *inflater) copyStored() error {
	f.inPos -= int(f.nbits >> 3)
	f.bits, f.nbits = 0, 0
	for f.stored > 0 && f.written < len(f.window) {
		have := f.inEnd - f.inPos
		if f.ended {
			have -= inPadding
		}
		if have <= 0 {
			if err := f.load(); err != nil {
				return err
			}
			continue
		}
		n := copy(f.window[f.written:], f.input[f.inPos:f.inPos+min(have, f.stored)])
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
	f.fixed = false
	t := &f.tables.offsets // until its turn comes
	if err := t.build(orders[:], orderBits, &plainEntries); err != nil {
		return err
	}
	lengths := f.lengths[:literals+offsets]
	if err := f.codeLengths(t, lengths); err != nil {
		return err
	}
	return f.tables.build(lengths[:literals], lengths[literals:])
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
		if f.inPos == f.inEnd {
			if err := f.load(); err != nil {
				return 0, err
			}
			continue
		}
		f.bits |= uint64(f.input[f.inPos]) << f.nbits
		f.inPos++
		f.nbits += 8
	}
}

// symbols decodes a block until it ends, the window is full, or an error.
func (f *inflater) symbols() error {
	for f.inBlock && f.written+windowSlack <= windowBytes {
		if f.inEnd-f.inPos < inPadding {
			if err := f.load(); err != nil {
				return err
			}
			continue
		}
		f.usual()
		if f.inEnd-f.inPos < inPadding || f.written+windowSlack > windowBytes {
			continue
		}
		if err := f.one(); err != nil {
			return err
		}
	}
	return nil
}

// refill returns the bits that were read, with as many behind them as a word
// takes, of which there must be two. A round takes 48 at most.
func (f *inflater) refill() (buffer uint64, n uint, pos int) {
	return f.bits | binary.LittleEndian.Uint64(f.input[f.inPos:])<<f.nbits, f.nbits | 56, f.inPos + int((63-f.nbits)>>3)
}

// keep sets what was read and written.
func (f *inflater) keep(buffer uint64, n uint, pos, at int) {
	f.inPos, f.nbits = pos-int(n>>3), n&7 // whole bytes go back
	f.bits = buffer & (1<<f.nbits - 1)
	f.history += at - f.written
	f.written = at
}

// usual is the inner loop. It runs while there are two words of input and room for
// a longest match, so that it need not look at the ends in between, and up to a
// symbol that is not usual. It calls nothing, so that its values stay in registers;
// what is compared with constants needs no other check of its bounds.
func (f *inflater) usual() {
	in, out := &f.input, f.window
	pos, at := uint(f.inPos), uint(f.written)
	buffer, _, _ := f.refill()
	n := f.nbits                          // its lowest six bits
	lowest := uint(f.written - f.history) // a match must not begin before
	inEnd := uint(f.inEnd - inPadding)
	// What comes next is looked up before its bits are filled up, as enough of them
	// are there: a round takes 37 at most.
	e := f.tables.joined[buffer&(1<<literalBits-1)]
	for pos < inEnd && at <= windowBytes-windowSlack {
		word := pos & (inputBytes - 1) // pos itself, which is less
		buffer |= binary.LittleEndian.Uint64(in[word:word+8]) << (n & 63)
		pos += (^n & 63) >> 3
		n |= 56
		// Written also where there are none: what comes next is written over it.
		binary.LittleEndian.PutUint32(out[at:at+4], uint32(e>>joinedLiterals))
		to := at + uint(e>>joinedCount&3)
		rest := buffer >> (e & entryBits)
		if e&joinedNoMatch != 0 {
			if e&joinedSingle != 0 {
				break
			}
			buffer, at = rest, to
			n -= uint(e)
			e = f.tables.joined[buffer&(1<<literalBits-1)]
			continue
		}
		length := uint(e>>joinedBase) + uint(buffer&(1<<(e&entryBits)-1)>>(e>>entryCode&63))
		o := f.tables.offsets.entries[rest&(1<<offsetBits-1)]
		offset := uint(o>>entryShift) + uint(rest&(1<<(o&entryBits)-1)>>(o>>entryCode&63))
		from := to - offset
		if o&(entryLong|entryInvalid) != 0 || offset < stride || from < lowest || from > windowBytes-copiedFirst {
			break
		}
		buffer = rest >> (o & entryBits)
		n -= uint(e) + uint(o)
		e = f.tables.joined[buffer&(1<<literalBits-1)]
		// Without asking how long the match is: a wrong guess would cost more than
		// the copies.
		target, source := out[to:to+copiedFirst], out[from:from+copiedFirst]
		*(*[stride]byte)(target) = *(*[stride]byte)(source)
		*(*[stride]byte)(target[stride:]) = *(*[stride]byte)(source[stride:])
		at = to + length
		if length > copiedFirst { // asked before the loop, what it needs is not kept ready
			for done := uint(copiedFirst); done < length; done += stride {
				*(*[stride]byte)(out[to+done:]) = *(*[stride]byte)(out[from+done:])
			}
		}
	}
	f.keep(buffer, n&63, int(pos), int(at))
}

// one decodes one symbol of any kind.
func (f *inflater) one() error {
	buffer, n, pos := f.refill()
	e := f.tables.literals.find(buffer, literalBits)
	before := buffer
	buffer >>= e & entryBits
	n -= uint(e & entryBits)
	switch {
	case e&entryInvalid != 0:
		f.keep(buffer, n, pos, f.written)
		return errInflate
	case e&entryEnd != 0:
		f.inBlock = false
		f.keep(buffer, n, pos, f.written)
		return nil
	case e&entryLiteral != 0:
		f.window[f.written] = byte(e >> entryShift)
		f.keep(buffer, n, pos, f.written+1)
		return nil
	}
	length := e.value(before)
	o := f.tables.offsets.find(buffer, offsetBits)
	offset := o.value(buffer)
	buffer >>= o & entryBits
	n -= uint(o & entryBits)
	if o&entryInvalid != 0 || offset > f.history {
		f.keep(buffer, n, pos, f.written)
		return errInflate
	}
	f.keep(buffer, n, pos, copyMatch(f.window, f.written, f.written-offset, length))
	return nil
}

// copyMatch repeats length bytes from an earlier place and returns the place
// behind them. A match may overlap itself.
func copyMatch(out *[windowBytes]byte, at, from, length int) int {
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
	literalBits = 10 // more of them join more, but the tables of a block take longer to make
	offsetBits  = 9
	orderBits   = 7 // as long as these codes get
	// tableSize has room for the second tables: one of 2^k entries is for at
	// least k+1 codes; k ≤ 5 for the at most 288 literals, k ≤ 6 for 32 offsets.
	tableSize = 1<<literalBits + 1536
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

// The entries of all symbols, without their codes.
var (
	plainEntries   = entriesOf(func(symbol int) uint32 { return uint32(symbol) << entryShift })
	literalEntries = entriesOf(literalEntry)
	offsetEntries  = entriesOf(offsetEntry)
)

func entriesOf(entry func(symbol int) uint32) (entries [maxLiterals]uint32) {
	for symbol := range entries {
		entries[symbol] = entry(symbol)
	}
	return entries
}

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
func (t *codeTable) build(lengths []uint8, tableBits int, entries *[maxLiterals]uint32) error {
	var counts, next, first [longestCode + 2]int
	for _, n := range lengths {
		counts[n]++
	}
	used, code := len(lengths)-counts[0], 0
	counts[0] = 0
	for n := 1; n <= longestCode; n++ {
		code = (code + counts[n-1]) << 1
		next[n] = code
		first[n+1] = first[n] + counts[n]
		if code+counts[n] > 1<<n {
			return errInflate
		}
	}
	if complete := code+counts[longestCode] == 1<<longestCode; !complete && used > 0 && (used > 1 || counts[1] != 1) {
		return errInflate
	}
	var symbols [maxLiterals]uint16 // by the length of their code
	ends := first
	for symbol, n := range lengths {
		if n > 0 {
			symbols[ends[n]] = uint16(symbol)
			ends[n]++
		}
	}
	// The table for one more bit is twice the one before, with the codes of that
	// length in their places.
	t.entries[0], t.entries[1] = entryInvalid|1, entryInvalid|1
	for n := 1; n <= tableBits; n++ {
		if half := 1 << (n - 1); n > 1 {
			copy(t.entries[half:2*half], t.entries[:half])
		}
		for i, symbol := range symbols[first[n]:ends[n]] {
			t.entries[reversed(next[n]+i, n)] = entries[symbol] + uint32(n) | uint32(n)<<entryCode
		}
	}
	if first[longestCode+1] > ends[tableBits] {
		t.buildSecond(symbols[ends[tableBits]:first[longestCode+1]], lengths, tableBits, next, entries)
	}
	return nil
}

// reversed turns a code of n bits around: the stream has its first bit lowest.
func reversed(code, n int) int { return int(bits.Reverse16(uint16(code)) >> (16 - n)) }

// buildSecond makes the second tables, for the symbols whose code does not fit
// the first one, in the order of their codes.
func (t *codeTable) buildSecond(symbols []uint16, lengths []uint8, tableBits int, next [longestCode + 2]int, entries *[maxLiterals]uint32) {
	codes := next
	var longest [1 << literalBits]uint8 // of the long codes, by their first bits
	for _, symbol := range symbols {
		n := lengths[symbol]
		longest[reversed(codes[n], int(n))&(1<<tableBits-1)] = n // they get longer
		codes[n]++
	}
	second := uint32(1 << tableBits)
	for first, n := range longest[:1<<tableBits] {
		if n > 0 {
			size := uint32(n) - uint32(tableBits)
			t.entries[first] = entryLong | second<<entryShift | size<<entryCode
			second += 1 << size
		}
	}
	for _, symbol := range symbols {
		n := lengths[symbol]
		at := reversed(next[n], int(n))
		next[n]++
		second := t.entries[at&(1<<tableBits-1)]
		begin := int(second >> entryShift)
		table := t.entries[begin : begin+1<<(second>>entryCode&15)]
		for at >>= tableBits; at < len(table); at += 1 << (int(n) - tableBits) {
			table[at] = entries[symbol] + uint32(n) | uint32(n)<<entryCode
		}
	}
}

// blockTables decode a block. joined has, by the next bits, all that they hold of
// literals and lengths: up to three literals, and the length behind them.
type blockTables struct {
	joined            [1 << literalBits]uint64
	literals, offsets codeTable
}

// A joined entry has the bits to take and those of the codes as other entries
// have them, then marks, literals with their number, and the base of a length.
const (
	joinedNoMatch  = 1 << 12 // there is no length
	joinedSingle   = 1 << 13 // and no literal: the next symbol is another, or its code is long
	joinedLiterals = 16
	joinedCount    = 40
	joinedBase     = 48
	mostJoined     = 3 // literals
)

// joinedLength turns the entry of a length into a joined one.
func joinedLength(e uint32) uint64 {
	return uint64(e&(1<<entryShift-1)) | uint64(e>>entryShift)<<joinedBase
}

// build makes the tables of a block. A literal is joined with what the bits
// behind its code hold, if all of that is among the bits that are looked at.
func (t *blockTables) build(literals, offsets []uint8) error {
	if err := t.literals.build(literals, literalBits, &literalEntries); err != nil {
		return err
	}
	for i, e := range t.literals.entries[:1<<literalBits] {
		switch {
		case e&(entryLong|entryEnd|entryInvalid) != 0:
			t.joined[i] = joinedNoMatch | joinedSingle
		case e&entryLiteral == 0:
			t.joined[i] = joinedLength(e)
		default:
			t.joined[i] = t.join(i, e)
		}
	}
	return t.offsets.build(offsets, offsetBits, &offsetEntries)
}

// join makes the entry at i, which begins with a literal, out of an earlier one.
func (t *blockTables) join(i int, literal uint32) uint64 {
	n := uint64(literal & entryBits)
	e := uint64(joinedNoMatch)
	if rest := i >> n; rest < i {
		e = t.joined[rest]
		if e&joinedSingle != 0 || e>>entryCode&15+n > literalBits || e>>joinedCount&3 == mostJoined {
			e = joinedNoMatch
		}
	}
	const all = 1<<(joinedCount-joinedLiterals) - 1
	literals := e>>joinedLiterals&all<<8 | uint64(literal>>entryShift)
	return e&^(all<<joinedLiterals) | literals<<joinedLiterals + 1<<joinedCount + n + n<<entryCode
}

// find decodes one symbol.
func (t *codeTable) find(buffer uint64, tableBits uint) entry {
	e := t.entries[buffer&(1<<tableBits-1)]
	if e&entryLong != 0 {
		e = t.entries[e>>entryShift+uint32(buffer>>tableBits)&(1<<(e>>entryCode&15)-1)]
	}
	return entry(e)
}

// entry is one of a code table.
type entry uint32

// value is that of a length or an offset, with its extra bits.
func (e entry) value(buffer uint64) int {
	return int(e>>entryShift) + int(buffer&(1<<(e&entryBits)-1)>>(e>>entryCode&15))
}

// fixedTables are those of blocks without tables of their own.
var fixedTables = sync.OnceValue(func() *blockTables {
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
	var tables blockTables
	if err := tables.build(literals, offsets); err != nil {
		panic(fmt.Sprintf("sheet: the fixed code of RFC 1951 is none: %v", err))
	}
	return &tables
})
