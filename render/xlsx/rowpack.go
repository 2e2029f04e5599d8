package xlsx

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// rowPacker packs the rows of a data sheet as DEFLATE (RFC 1951). Such rows say
// the same but for their values. A general packer looks up every few bytes where
// they stood before; this one looks in one place, the same cell of the row above,
// which takes half the time and, because it finds the long matches, a quarter
// less room. What is not such rows it packs badly, and rightly.
type rowPacker struct {
	stretches []stretch
	literals  [literalSymbols]uint32 // how often each literal and length comes
	offsets   [offsetSymbols]uint32
}

// stretch is so many literals, and behind them a match: so many bytes that are
// those at an offset before them. The last one of a block has no match.
type stretch struct {
	literals, length, offset int32
}

// A match of fewer than four bytes is not worth one.
const (
	longestMatch  = 258
	longestOffset = 32 << 10
)

// rowBegin is how a row begins, cellBegin a cell. No other element of a row
// begins with these letters.
const (
	rowBegin  = "<row"
	cellBegin = 'c'
)

// pack appends the packed content[from:]. What stands before, if anything, is a
// row that was packed last. What is not the last of its part ends at a byte.
func (p *rowPacker) pack(out, content []byte, from int, last bool) []byte {
	p.find(content, from)
	return p.write(out, content[from:], last)
}

// find finds the matches in content[from:].
func (p *rowPacker) find(content []byte, from int) {
	p.stretches = p.stretches[:0]
	clear(p.literals[:])
	clear(p.offsets[:])
	above, at := 0, from
	if from == 0 {
		above, at = nextRows(content, 0)
		p.count(content[:at])
	}
	for end := len(content) - wordBytes; at < end; { // from here on words can be read
		offset := at - above
		if offset <= 0 { // these are no rows that are alike
			before := at
			above, at = nextRows(content, at)
			p.count(content[before:at])
			continue
		}
		switch differ := word(content, at) ^ word(content, above); {
		case uint32(differ) == 0 && offset <= longestOffset:
			behind := at
			for differ == 0 && behind+wordBytes <= end {
				behind += wordBytes
				differ = word(content, behind) ^ word(content, behind-offset)
			}
			length := behind - at + bits.TrailingZeros64(differ)/8
			p.match(at-from, length, offset)
			at, above = at+length, above+length
			from = at
		case content[at] == '<' && content[above] == '<':
			before := at
			at, above = otherElement(content, at, above)
			p.count(content[before:at])
		default:
			p.literals[content[at]]++
			at, above = otherByte(content, at, above)
		}
	}
	p.count(content[at:])
	p.stretches = append(p.stretches, stretch{literals: int32(len(content) - from)})
}

// nextRows returns where the next row begins and where the one behind it; the
// end where there is none.
func nextRows(content []byte, at int) (first, second int) {
	first = nextRow(content, at)
	return first, nextRow(content, first+1)
}

func nextRow(content []byte, at int) int {
	if at >= len(content) {
		return len(content)
	}
	if n := bytes.Index(content[at:], []byte(rowBegin)); n >= 0 {
		return at + n
	}
	return len(content)
}

// wordBytes are compared at once.
const wordBytes = 8

// word returns the bytes at a place. That the slice says where it ends saves what
// else is done for one that might begin at the end of content.
func word(content []byte, at int) uint64 {
	return binary.LittleEndian.Uint64(content[at : at+wordBytes : at+wordBytes])
}

// count counts literals. Those that are passed one by one are counted then: how
// many there are in a row nobody can guess, and a loop over them would stumble at
// its end once more.
func (p *rowPacker) count(literals []byte) {
	for _, c := range literals {
		p.literals[c]++
	}
}

// match adds a match behind so many literals.
func (p *rowPacker) match(literals, length, offset int) {
	p.stretches = append(p.stretches, stretch{int32(literals), int32(length), int32(offset)})
	symbol := offsetSymbol(offset)
	if length <= longestMatch { // as nearly all
		p.literals[lengthSymbol[length]]++
		p.offsets[symbol]++
		return
	}
	for length > 0 {
		part := matchPart(length)
		p.literals[lengthSymbol[part]]++
		p.offsets[symbol]++
		length -= part
	}
}

// matchPart is how much of a match is said at once: what is left can be said too.
func matchPart(length int) int {
	const shortest = 3 // that can be said
	switch {
	case length <= longestMatch:
		return length
	case length < longestMatch+shortest:
		return length - shortest
	}
	return longestMatch
}

// otherByte goes on behind a byte of a value that differs from the one above.
// Where the value ends, so does that above, as long as it may be.
func otherByte(content []byte, at, above int) (int, int) {
	if content[above] != '<' {
		above++
	}
	if at++; content[at] == '<' {
		for above < at && content[above] != '<' {
			above++
		}
	}
	return at, above
}

// otherElement goes on behind an element that differs from the one above: both
// go to the next cell, but one that is there already.
func otherElement(content []byte, at, above int) (int, int) {
	there, thereAbove := beginsCell(content, at), beginsCell(content, above)
	if !there || thereAbove {
		at = nextCell(content, at+1)
	}
	if !thereAbove || there {
		above = nextCell(content, above+1)
	}
	return at, above
}

// beginsCell reports whether the element at a place is a cell, or a row.
func beginsCell(content []byte, at int) bool {
	return content[at+1] == cellBegin || content[at+1] == rowBegin[1]
}

// nextCell returns where the next cell or row begins; the end where none does.
func nextCell(content []byte, at int) int {
	for ; at+1 < len(content); at++ {
		if content[at] == '<' && beginsCell(content, at) {
			return at
		}
	}
	return len(content)
}

// write appends the block of the stretches of content.
func (p *rowPacker) write(out, content []byte, last bool) []byte {
	// At least two symbols of each, for one alone makes no complete code.
	p.literals[0]++
	p.literals[endOfBlock]++
	p.offsets[0]++
	p.offsets[1]++
	w := bitWriter{out: out}
	literals, offsets := w.beginBlock(&p.literals, &p.offsets, last)
	w.grow(p.bits(literals, offsets))
	p.writeText(&w, content, literals, offsets)
	w.add(literals[endOfBlock])
	w.end(last)
	return w.out
}

// bits counts the bits of a block but for its codes.
func (p *rowPacker) bits(literals, offsets []code) int {
	sum := 0
	for symbol, often := range p.literals {
		sum += int(often) * int(literals[symbol].count+lengthBits[symbol])
	}
	for symbol, often := range p.offsets {
		sum += int(often) * int(offsets[symbol].count+offsetBits[symbol])
	}
	return sum
}

// writeText writes the stretches of content to where there is room for them.
func (p *rowPacker) writeText(w *bitWriter, content []byte, literals, offsets []code) {
	lengths, ofByte := lengthCodes(literals), (*[endOfBlock]code)(literals)
	out, text := w.out[:cap(w.out)], filling{w.bits, w.n, len(w.out)}
	text.store(out)
	for _, s := range p.stretches {
		literals := content[:s.literals]
		for ; len(literals) >= 3; literals = literals[3:] { // codes of 15 bits at most: three are stored at once
			text.add(ofByte[literals[0]])
			text.add(ofByte[literals[1]])
			text.add(ofByte[literals[2]])
			text.store(out)
		}
		for _, c := range literals {
			text.add(ofByte[c])
		}
		text.store(out)
		if s.length == 0 {
			break
		}
		content = content[s.literals+s.length:]
		offset := offsetCode(offsets, int(s.offset))
		for left := int(s.length); left > 0; {
			part := matchPart(left)
			text.add(lengths[part])
			text.add(offset)
			text.store(out)
			left -= part
		}
	}
	w.out, w.bits, w.n = out[:text.at], text.bits, text.n
}
