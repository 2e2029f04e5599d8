package sheet

import (
	"bytes"
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns memory between two pages that cannot be touched: n bytes of it, next to
// the first of them or to the second.
func guarded(t *testing.T, most int) func(n int, atEnd bool) []byte {
	t.Helper()
	const page = 4096
	size := (most+page-1)/page*page + 2*page
	m, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(m) })
	for _, guard := range [][]byte{m[:page], m[size-page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	in := m[page : size-page]
	return func(n int, atEnd bool) []byte {
		if atEnd {
			return in[len(in)-n:]
		}
		return in[:n:n]
	}
}

// What is in assembly touches nothing but what it was given, wherever its room or its
// marks end, and cuts as a loop does that looks at one mark after the other.
func TestAssemblyStaysWithinItsMemory(t *testing.T) {
	if !hasVectors {
		t.Skip("skipped: this processor has no such instructions")
	}
	const cellBytes = int(unsafe.Sizeof(Cell{}))
	textMemory, markMemory, cellMemory := guarded(t, 10_000), guarded(t, 4*10_000), guarded(t, wordBits*cellBytes)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 30_000 {
		n := r.IntN(200)
		if i%500 == 0 {
			n = 4000 + r.IntN(5000)
		}
		separator := []byte{',', ' ', 'a', 0, 0x7f}[r.IntN(5)]
		b := textBlock{text: textMemory(n, r.IntN(2) == 0), separator: separator}
		for i, dense := 0, r.IntN(4); i < n; i++ {
			if b.text[i] = []byte{'x', ' ', '!', 0x80, 0xe5, 0xff, 0x7f, 0}[r.IntN(8)]; r.IntN(4) <= dense {
				b.text[i] = []byte{separator, separator, separator, '"', '"', '\n', '\r'}[r.IntN(7)]
			}
		}
		if b.mark(); len(b.marks) == 0 {
			continue
		}
		first, start := r.IntN(len(b.marks)), 0
		if first > 0 {
			start = int(b.marks[first-1]) + 1
		}
		left := b.marks[first:]
		if r.IntN(2) == 0 {
			left = left[:1+r.IntN(len(left))]
		}
		marks := unsafe.Slice((*uint32)(unsafe.Pointer(&markMemory(4*len(left), r.IntN(2) == 0)[0])), len(left))
		copy(marks, left)
		most := 1 + r.IntN(wordBits)
		memory := cellMemory(cellBytes*most, r.IntN(2) == 0)
		copy(memory, bytes.Repeat([]byte{0xaa}, len(memory)))
		room := unsafe.Slice((*Cell)(unsafe.Pointer(&memory[0])), most)

		got := b.cutFields(room, marks, start)
		wanted := make([]Cell, most)
		want := b.cutMarkByMark(wanted, marks, start)
		if got.stop == wholeRecord {
			got.start = want.start // which says nothing then
		}
		if got.printing &= got.filled; got != want {
			t.Fatalf("%q from %d by %d is cut %+v, want %+v", b.text, start, marks, got, want)
		}
		for i, c := range room[:got.cells] {
			if c != wanted[i] {
				t.Fatalf("%q from %d by %d: cell %d is %+v, want %+v", b.text, start, marks, i, c, wanted[i])
			}
		}
		if behind := memory[cellBytes*got.cells:]; bytes.Count(behind, []byte{0xaa}) != len(behind) {
			t.Fatalf("%q from %d by %d: something is written behind cell %d", b.text, start, marks, got.cells)
		}
	}
}

// cutMarkByMark is cutFields without any haste.
func (b *textBlock) cutMarkByMark(room []Cell, marks []uint32, start int) cutting {
	c := cutting{start: start}
	add := func(from, to uint32, used int) {
		if text := string(b.text[from:to]); text != "" {
			room[c.cells] = Cell{Text: text, Kind: Text, Visible: true}
			c.filled |= 1 << c.cells
			if text[0] > ' ' && text[0] < 0x80 {
				c.printing |= 1 << c.cells
			}
		}
		c.cells, c.marks = c.cells+1, c.marks+used
		c.start = int(marks[c.marks-1]) + 1
	}
	for c.cells < len(room) {
		c.stop = notPlain
		left := marks[c.marks:]
		if len(left) == 0 {
			return c
		}
		if b.text[left[0]] != '"' {
			add(uint32(c.start), left[0], 1)
		} else {
			closing := 1
			for closing < len(left) && b.text[left[closing]] == b.separator {
				closing++
			}
			behind := closing + 1
			if int(left[0]) != c.start || behind >= len(left) || b.text[left[closing]] != '"' || left[behind] != left[closing]+1 || b.text[left[behind]] == '"' {
				return c
			}
			add(left[0]+1, left[closing], behind+1)
		}
		if b.text[marks[c.marks-1]] != b.separator {
			c.stop = wholeRecord
			return c
		}
	}
	c.stop = withoutRoom
	return c
}
