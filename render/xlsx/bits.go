package xlsx

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// The symbols of DEFLATE (RFC 1951, 3.2.5).
const (
	literalSymbols = 286 // bytes, the end of a block, lengths
	endOfBlock     = 256
	offsetSymbols  = 30
	runSymbols     = 19 // of which the codes themselves are told
	longestCode    = 15
	longestRunCode = 7
)

// lengthSymbol is the symbol of a length, lengthBase the shortest of a symbol and
// lengthBits the bits by which the others are told.
var (
	lengthSymbol [longestMatch + 1]uint16
	lengthBase   [literalSymbols]uint16
	lengthBits   [literalSymbols]uint8
)

// offsetSymbols in the same way. An offset's symbol is found by the offset less
// one where that is below 256, else by its upper bits.
var (
	nearOffset [256]uint8
	farOffset  [longestOffset >> farShift]uint8
	offsetBase [offsetSymbols]uint16
	offsetBits [offsetSymbols]uint8
)

const farShift = 7

func init() {
	length := 3
	for symbol := endOfBlock + 1; symbol < literalSymbols-1; symbol++ {
		if symbol >= 265 {
			lengthBits[symbol] = uint8(symbol-261) / 4
		}
		lengthBase[symbol] = uint16(length)
		for range 1 << lengthBits[symbol] {
			lengthSymbol[length] = uint16(symbol)
			length++
		}
	}
	lengthBase[literalSymbols-1], lengthSymbol[longestMatch] = longestMatch, literalSymbols-1
	offset := 0
	for symbol := range offsetSymbols {
		offsetBits[symbol] = uint8(max(0, symbol/2-1))
		offsetBase[symbol] = uint16(offset)
		for range 1 << offsetBits[symbol] {
			if offset < len(nearOffset) {
				nearOffset[offset] = uint8(symbol)
			}
			farOffset[offset>>farShift] = uint8(symbol)
			offset++
		}
	}
}

// offsetSymbol is the symbol of an offset.
func offsetSymbol(offset int) int {
	if offset--; offset < len(nearOffset) {
		return int(nearOffset[offset])
	}
	return int(farOffset[offset>>farShift])
}

// code is what a symbol is written as, lowest bit first, with the bits behind it.
type code struct {
	bits  uint32
	count uint8
}

// with returns a code with bits behind it.
func (c code) with(value int, count uint8) code {
	return code{c.bits | uint32(value)<<c.count, c.count + count}
}

// lengthCodes are the codes of all lengths of a match.
func lengthCodes(literals []code) (codes [longestMatch + 1]code) {
	for length := 3; length <= longestMatch; length++ {
		symbol := lengthSymbol[length]
		codes[length] = literals[symbol].with(length-int(lengthBase[symbol]), lengthBits[symbol])
	}
	return codes
}

// offsetCode is the code of an offset.
func offsetCode(offsets []code, offset int) code {
	symbol := offsetSymbol(offset)
	return offsets[symbol].with(offset-1-int(offsetBase[symbol]), offsetBits[symbol])
}

// bitWriter appends bits to bytes.
type bitWriter struct {
	out  []byte
	bits uint64 // that do not fill a word yet
	n    uint
}

// add writes a code, of at most 32 bits.
func (w *bitWriter) add(c code) {
	w.bits |= uint64(c.bits) << (w.n & 63)
	if w.n += uint(c.count); w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.bits))
		w.bits >>= 32
		w.n -= 32
	}
}

// grow makes room for so many bits more to be filled.
func (w *bitWriter) grow(bits int) {
	const most = 2 * 8 // bytes, for what is not stored yet and what is stored at once
	w.out = slices.Grow(w.out, bits/8+most)
}

// filling is a bitWriter while it fills room that is there: nothing but numbers,
// which stay in registers.
type filling struct {
	bits uint64
	n    uint
	at   int
}

// add adds a code. At most 56 bits are added before they are stored.
func (f *filling) add(c code) {
	f.bits |= uint64(c.bits) << (f.n & 63)
	f.n += uint(c.count)
}

// store stores whole bytes. It stores eight, of which those that are not full are
// stored again: that takes no branch.
func (f *filling) store(out []byte) {
	binary.LittleEndian.PutUint64(out[f.at:f.at+8:f.at+8], f.bits)
	f.at += int(f.n / 8)
	f.bits >>= f.n &^ 7 & 63
	f.n &= 7
}

// put writes a number of so many bits.
func (w *bitWriter) put(value, count int) { w.add(code{uint32(value), uint8(count)}) }

// end ends the stream, or brings it to the end of a byte by a stored block of
// none.
func (w *bitWriter) end(last bool) {
	if !last {
		w.put(0, 3)
	}
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
	}
	if !last {
		w.out = append(w.out, 0, 0, 0xFF, 0xFF)
	}
}

// beginBlock begins a block with codes of its own, by how often symbols come in
// it, and returns the codes.
func (w *bitWriter) beginBlock(literals *[literalSymbols]uint32, offsets *[offsetSymbols]uint32, last bool) (literalCodes, offsetCodes []code) {
	const dynamic = 2
	if last {
		w.put(1, 1)
	} else {
		w.put(0, 1)
	}
	w.put(dynamic, 2)
	lengths := append(codeLengths(literals[:], longestCode), codeLengths(offsets[:], longestCode)...)
	w.put(literalSymbols-257, 5)
	w.put(offsetSymbols-1, 5)
	w.putLengths(lengths)
	return codesOf(lengths[:literalSymbols]), codesOf(lengths[literalSymbols:])
}

// Runs of the lengths of codes (RFC 1951, 3.2.7).
const (
	sameRun  = 16 // of the length before, 3 to 6
	zeroRun  = 17 // 3 to 10
	zeroRuns = 18 // 11 to 138
)

// run is a length of a code, or how often one repeats.
type run struct {
	symbol, value, count uint8 // value is the bits behind it
}

// runOrder is the order in which the codes of runs are told.
var runOrder = [runSymbols]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// putLengths writes the lengths of codes.
func (w *bitWriter) putLengths(lengths []uint8) {
	runs := runsOf(lengths)
	var often [runSymbols]uint32
	for _, r := range runs {
		often[r.symbol]++
	}
	ofRuns := codeLengths(often[:], longestRunCode)
	told := runSymbols
	for told > 4 && ofRuns[runOrder[told-1]] == 0 {
		told--
	}
	w.put(told-4, 4)
	for _, symbol := range runOrder[:told] {
		w.put(int(ofRuns[symbol]), 3)
	}
	codes := codesOf(ofRuns)
	for _, r := range runs {
		w.add(codes[r.symbol].with(int(r.value), r.count))
	}
}

// runsOf are the runs of lengths.
func runsOf(lengths []uint8) []run {
	runs := make([]run, 0, len(lengths))
	for first := 0; first < len(lengths); {
		length, left := lengths[first], 1
		for first+left < len(lengths) && lengths[first+left] == length {
			left++
		}
		first += left
		if length != 0 {
			runs = append(runs, run{symbol: length})
			left--
		}
		for left > 0 {
			var r run
			r, left = longestRun(length, left)
			runs = append(runs, r)
		}
	}
	return runs
}

// longestRun returns the run that says the most of a length that comes so often
// yet, and how often it comes behind that.
func longestRun(length uint8, left int) (run, int) {
	switch {
	case length == 0 && left >= 11:
		n := min(left, 138)
		return run{zeroRuns, uint8(n - 11), 7}, left - n
	case length == 0 && left >= 3:
		return run{zeroRun, uint8(left - 3), 3}, 0
	case left >= 3:
		n := min(left, 6)
		return run{sameRun, uint8(n - 3), 2}, left - n
	}
	return run{symbol: length}, left - 1
}

// codeLengths returns the lengths of the codes by which symbols take the least
// room, none longer than longest (Huffman); 0 for symbols that do not come. At
// least two come.
func codeLengths(often []uint32, longest int) []uint8 {
	var room [literalSymbols]uint64
	symbols := room[:0] // the rarest first, each in the lower half of a number
	for symbol, n := range often {
		if n > 0 {
			symbols = append(symbols, uint64(n)<<32|uint64(symbol))
		}
	}
	slices.Sort(symbols)
	lengths := make([]uint8, len(often))
	counts, next := lengthCounts(symbols, longest), 0
	for length := longest; length > 0; length-- {
		for range counts[length] {
			lengths[uint32(symbols[next])] = uint8(length)
			next++
		}
	}
	return lengths
}

// lengthCounts returns how many codes have each length, of symbols as codeLengths
// sorts them.
func lengthCounts(symbols []uint64, longest int) (counts [longestCode + 1]int) {
	// A tree whose leaves are the symbols: again and again the two lightest of what
	// has no parent yet get one. Both leaves and parents are made in the order of
	// their weights.
	var weightRoom [2 * literalSymbols]uint32
	var parents, depths [2 * literalSymbols]int
	weights := weightRoom[:0]
	for _, symbol := range symbols {
		weights = append(weights, uint32(symbol>>32))
	}
	leaf, node := 0, len(symbols)
	lightest := func() int {
		if leaf < len(symbols) && (node == len(weights) || weights[leaf] <= weights[node]) {
			leaf++
			return leaf - 1
		}
		node++
		return node - 1
	}
	for range len(symbols) - 1 {
		x, y := lightest(), lightest()
		parents[x], parents[y] = len(weights), len(weights)
		weights = append(weights, weights[x]+weights[y])
	}
	room := 1 << longest
	for i := len(weights) - 2; i >= 0; i-- {
		depths[i] = depths[parents[i]] + 1
		if i < len(symbols) {
			length := min(depths[i], longest)
			counts[length]++
			room -= 1 << (longest - length)
		}
	}
	// Codes that had to be shorter than the tree has them take more room than there
	// is: each time one of them is put beside the longest that can still grow.
	for ; room < 0; room++ {
		length := longest - 1
		for counts[length] == 0 {
			length--
		}
		counts[length]--
		counts[length+1] += 2
		counts[longest]--
	}
	return counts
}

// codesOf returns the codes of symbols by their lengths, as the standard numbers
// them.
func codesOf(lengths []uint8) []code {
	var counts, next [longestCode + 2]int
	for _, length := range lengths {
		counts[length]++
	}
	counts[0] = 0
	for length := 1; length <= longestCode; length++ {
		next[length+1] = (next[length] + counts[length]) << 1
	}
	codes := make([]code, len(lengths))
	for symbol, length := range lengths {
		if length > 0 {
			codes[symbol] = code{uint32(bits.Reverse16(uint16(next[length])) >> (16 - length)), length}
			next[length]++
		}
	}
	return codes
}
