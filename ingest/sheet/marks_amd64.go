package sheet

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// hasVectors says that the processor has what marks_amd64.s is written for, as all have
// since about 2015.
var hasVectors = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasPOPCNT

// placesOf are the places of the bits that are set in a byte, in order.
var placesOf = func() (places [256][8]uint8) {
	for b := range places {
		n := 0
		for bit := range 8 {
			if b>>bit&1 == 1 {
				places[b][n] = uint8(bit)
				n++
			}
		}
	}
	return places
}()

// The assembly counts on the size of a cell, and on where it has its text and kind, and on
// the same of a record.
var (
	_ = [1]struct{}{}[unsafe.Sizeof(Cell{})-24|unsafe.Offsetof(Cell{}.Text)|unsafe.Offsetof(Cell{}.Kind)-16]
	_ = [1]struct{}{}[unsafe.Sizeof(cutRecord{})-32|unsafe.Offsetof(cutRecord{}.end)|unsafe.Offsetof(cutRecord{}.marks)-4|
		unsafe.Offsetof(cutRecord{}.next)-8|unsafe.Offsetof(cutRecord{}.filled)-16|unsafe.Offsetof(cutRecord{}.printing)-24]
)

// visibleText is what stands behind the text of a cell that is Text and Visible.
var visibleText = func() uint64 {
	c := Cell{Kind: Text, Visible: true}
	return *(*uint64)(unsafe.Pointer(&c.Kind))
}()

// marksAVX2 writes the marks of some blocks, the first of which stands at from, and
// reports whether they are UTF-8, together with the three bytes before them. There
// must be room for a mark of every byte, and eight more.
//
//go:noescape
func marksAVX2(marks *uint32, text *byte, blocks, from int, separator byte) (n int, valid bool)

// cutRecordsAVX2 is cutRecords, but for the bits, which it leaves in the top of their words.
// It writes the texts of cells past the garbage collector, which learns of the block that
// they are stretches of by other ways: it is held as long as its cells are used.
//
//go:noescape
func cutRecordsAVX2(room *Cell, most int, records *cutRecord, mostRecords int, marks *uint32, count int, text *byte, start int, separator byte, visible uint64) (n int)

// markBlocks appends the marks of some blocks, the first of which stands at from in the
// text, and reports whether they are UTF-8, as far as that is known. What it is given
// begins with the bytes before them.
func (b *textBlock) markBlocks(text []byte, blocks, from int) (valid bool) {
	if !vectors {
		b.markPlainly(text, blocks, from)
		return false
	}
	const spare = 8
	n := len(b.marks)
	b.marks = slices.Grow(b.marks, blocks*markBytes+spare)
	room := b.marks[:cap(b.marks)]
	more, valid := marksAVX2(&room[n], &text[lookBack], blocks, from, b.separator)
	b.marks = room[:n+more]
	return valid
}

// cutRecords cuts plain records from pos on, and returns how many. What it wrote into the
// room behind the cells of them says nothing.
func (b *textBlock) cutRecords(room []Cell, records []cutRecord) (n int) {
	if !vectors || b.next == len(b.marks) {
		return b.cutRecordsPlainly(room, records)
	}
	marks := b.marks[b.next:]
	n = cutRecordsAVX2(&room[0], len(room), &records[0], len(records), &marks[0], len(marks), &b.text[0], b.pos, b.separator, visibleText)
	from := uint32(0)
	for i := range records[:n] {
		r := &records[i]
		if cells := r.end - from; cells < wordBits {
			r.filled >>= wordBits - cells
			r.printing >>= wordBits - cells
		}
		from = r.end
	}
	return n
}
