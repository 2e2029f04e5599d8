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

// What is in assembly touches nothing but what it was given, wherever its room, its marks or
// its records end, and cuts as a loop does that looks at one mark after the other.
func TestAssemblyStaysWithinItsMemory(t *testing.T) {
	if !hasVectors {
		t.Skip("skipped: this processor has no such instructions")
	}
	const cellBytes, recordBytes, mostCells = int(unsafe.Sizeof(Cell{})), int(unsafe.Sizeof(cutRecord{})), 200
	textMemory, markMemory, cellMemory, recordMemory := guarded(t, 10_000), guarded(t, 4*10_000), guarded(t, mostCells*cellBytes), guarded(t, mostRecords*recordBytes)
	r := rand.New(rand.NewPCG(1, 2))
	cut, wide := 0, 0
	for i := range 60_000 {
		n := r.IntN(200)
		if i%500 == 0 {
			n = 4000 + r.IntN(5000)
		}
		separator := []byte{',', ' ', 'a', 0, 0x7f}[r.IntN(5)]
		b := textBlock{text: textMemory(n, r.IntN(2) == 0), separator: separator}
		often := []byte{separator, separator, separator, '"', '"', '\n', '\r'}
		if r.IntN(3) == 0 {
			often = []byte{separator, separator, separator, separator, separator, separator, separator, separator, separator, '\n'} // wider ones
		}
		for i, dense := 0, r.IntN(4); i < n; i++ {
			if b.text[i] = []byte{'x', ' ', '!', 0x80, 0xe5, 0xff, 0x7f, 0}[r.IntN(8)]; r.IntN(4) <= dense {
				b.text[i] = often[r.IntN(len(often))]
			}
		}
		if b.mark(); len(b.marks) == 0 {
			continue
		}
		b.next = r.IntN(len(b.marks))
		if b.next > 0 {
			b.pos = int(b.marks[b.next-1]) + 1
		}
		all := b.marks
		if r.IntN(2) == 0 {
			all = all[:b.next+1+r.IntN(len(all)-b.next)]
		}
		b.marks = unsafe.Slice((*uint32)(unsafe.Pointer(&markMemory(4*len(all), r.IntN(2) == 0)[0])), len(all))
		copy(b.marks, all)
		most := 1 + r.IntN(mostCells)
		memory := cellMemory(cellBytes*most, r.IntN(2) == 0)
		room := unsafe.Slice((*Cell)(unsafe.Pointer(&memory[0])), most)
		records := unsafe.Slice((*cutRecord)(unsafe.Pointer(&recordMemory(recordBytes*mostRecords, r.IntN(2) == 0)[0])), 1+r.IntN(mostRecords))

		wanted, wantedRecords := make([]Cell, most), make([]cutRecord, len(records))
		want := b.cutMarkByMark(wanted, wantedRecords)
		for way, cutRecords := range map[string]func([]Cell, []cutRecord) int{"in assembly": b.cutRecords, "plainly": b.cutRecordsPlainly} {
			clear(records)
			copy(memory, bytes.Repeat([]byte{0xaa}, len(memory)))
			if got := cutRecords(room, records); got != want {
				t.Fatalf("%q from %d by %d: %d records are cut %s, want %d", b.text, b.pos, b.marks, got, way, want)
			}
			from := uint32(0)
			for i, record := range records[:want] {
				if record.end-from > wordBits {
					record.filled, record.printing = 0, 0
				}
				if record.printing &= record.filled; record != wantedRecords[i] {
					t.Fatalf("%q from %d by %d: record %d is cut %s %+v, want %+v", b.text, b.pos, b.marks, i, way, record, wantedRecords[i])
				}
				wide = max(wide, int(record.end-from))
				from = record.end
			}
			for i, c := range room[:from] {
				if c != wanted[i] {
					t.Fatalf("%q from %d by %d: cell %d is %+v %s, want %+v", b.text, b.pos, b.marks, i, c, way, wanted[i])
				}
			}
			cut += want
		}
	}
	if cut < 50_000 || wide <= wordBits {
		t.Errorf("%d records were cut, the widest of %d cells: too few", cut, wide)
	}
}

// cutMarkByMark is cutRecords without any haste.
func (b *textBlock) cutMarkByMark(room []Cell, records []cutRecord) (n int) {
	marks, start, from, record := b.marks[b.next:], b.pos, 0, cutRecord{}
	for used := 0; n < len(records) && int(record.end) < len(room); {
		left := marks[used:]
		if len(left) == 0 {
			return n
		}
		text := b.text[start:left[0]]
		if used++; b.text[left[0]] == '"' {
			closing := 1
			for closing < len(left) && b.text[left[closing]] == b.separator {
				closing++
			}
			behind := closing + 1
			if int(left[0]) != start || behind >= len(left) || b.text[left[closing]] != '"' || left[behind] != left[closing]+1 || b.text[left[behind]] == '"' {
				return n
			}
			text, used = b.text[start+1:left[closing]], used+behind
		}
		if len(text) > 0 {
			room[record.end] = Cell{Text: string(text), Kind: Text, Visible: true}
			record.filled |= 1 << (int(record.end) - from)
			if text[0] > ' ' && text[0] < 0x80 {
				record.printing |= 1 << (int(record.end) - from)
			}
		}
		record.end++
		end := int(marks[used-1])
		if start = end + 1; b.text[end] == b.separator {
			continue
		}
		if b.text[end] == '\r' {
			if used == len(marks) {
				return n
			}
			if at := int(marks[used]); at == end+1 && b.text[at] == '\n' {
				used, start = used+1, at+1
			}
		}
		if int(record.end)-from > wordBits {
			record.filled, record.printing = 0, 0
		}
		record.marks, record.next = uint32(used), start
		records[n], n, from = record, n+1, int(record.end)
		record.filled, record.printing = 0, 0
	}
	return n
}
