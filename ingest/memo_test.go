package ingest

import (
	"fmt"
	"strings"
	"testing"

	"duepack/ingest/sheet"
)

func TestAMemoForgetsAndNeverMixesUp(t *testing.T) {
	cells := make([]*sheet.Cell, 0, 900) // far more than a small memo holds
	for i := range 300 {
		name := fmt.Sprintf("客户 %d %s", i, strings.Repeat("x", i%70))
		cells = append(cells, &sheet.Cell{Kind: sheet.Text, Text: name}, &sheet.Cell{Kind: sheet.Number, Text: fmt.Sprint(i)},
			&sheet.Cell{Kind: sheet.Text, Text: name, Shared: int32(1 + 37*i)})
	}
	cells = append(cells, &noCell)
	texts, customers := newMemo[int](0), newCustomerMemo(0)
	hits := 0
	for round := range 3 {
		for i, cell := range cells {
			beside := cells[(i*7+round)%len(cells)]
			if value, known := texts.of(cell); known && value != i {
				t.Fatalf("cell %d was taken for %d", i, value)
			}
			texts.keep(cell, i)
			if value, known := texts.of(cell); known != (cell.Kind != sheet.Empty) || known && value != i {
				t.Fatalf("cell %d was not remembered", i)
			}
			pair := int32(i*len(cells) + (i*7+round)%len(cells))
			if value, known := customers.of(cell, beside); known && value != pair {
				t.Fatalf("%v with %v was taken for another customer", cell, beside)
			}
			customers.keep(cell, beside, pair)
			if other := cells[(i*7+round+3)%len(cells)]; *other != *beside {
				if _, known := customers.of(cell, other); known {
					t.Fatalf("%v with %v was taken for that with %v", cell, other, beside)
				}
			}
			if value, known := customers.of(cell, beside); known {
				hits++
				if value != pair {
					t.Fatalf("%v with %v was taken for another customer", cell, beside)
				}
			}
		}
	}
	if hits < len(cells) {
		t.Errorf("%d customers were remembered of %d", hits, 3*len(cells))
	}
}

// A customer of many is called otherwise in every row, and their texts may all begin
// at one place. Each row looks through what the memo has there.
func TestAMemoLooksAtFewPlaces(t *testing.T) {
	for _, shared := range []int32{0, 1} {
		m := newCustomerMemo(1 << 30)
		id := &sheet.Cell{Kind: sheet.Text, Text: "CPD", Shared: shared}
		for i := range int32(1000) {
			beside := &sheet.Cell{Kind: sheet.Text, Text: fmt.Sprintf("Name %d", i), Shared: shared * (i + 2)}
			m.keep(id, beside, i)
			if customer, known := m.of(id, beside); !known || customer != i {
				t.Fatalf("the last name is customer %d (known: %t), want %d", customer, known, i)
			}
		}
		// Texts are looked for from where their id may stand, numbers each from another place.
		if m.taken > mostLooks && shared == 0 {
			t.Errorf("%d names of one id are looked through, want %d at most", m.taken, mostLooks)
		}
	}
}

// A large memo has room for thousands of customers, a small one for those met last, however
// many there are.
func TestAMemoRemembersThousandsOfCustomers(t *testing.T) {
	cells := func(i int) (id, beside *sheet.Cell) {
		return &sheet.Cell{Kind: sheet.Text, Text: fmt.Sprintf("%0*d", 5+i%9, i)}, &sheet.Cell{Kind: sheet.Text, Text: "one name"}
	}
	const customers = 20_000
	large, small := newCustomerMemo(1<<30), newCustomerMemo(0)
	known, last := 0, 0
	for i := range customers {
		id, beside := cells(i)
		large.keep(id, beside, int32(i))
		small.keep(id, beside, int32(i))
		id, beside = cells(max(i-1, 0))
		if _, remembered := small.of(id, beside); remembered {
			last++
		}
	}
	for i := range customers {
		id, beside := cells(i)
		if customer, remembered := large.of(id, beside); remembered && customer == int32(i) {
			known++
		}
	}
	if least := customers * 9 / 10; known < least || last < least {
		t.Errorf("%d customers of %d are known, and %d times the last one", known, customers, last)
	}
	if len(small.slots) != slotsFor(0, manySlots) || len(large.slots) > manySlots {
		t.Errorf("a small memo has %d places, a large one %d", len(small.slots), len(large.slots))
	}
}

// What differs in its length or kind only is another customer, or another name.
func TestAMemoTellsLikeTextsApart(t *testing.T) {
	cell := func(kind sheet.Kind, text string) *sheet.Cell { return &sheet.Cell{Kind: kind, Text: text} }
	id, name := cell(sheet.Text, "C1"), cell(sheet.Text, "10.0")
	m := newCustomerMemo(0)
	m.keep(id, name, 7)
	for what, other := range map[string][2]*sheet.Cell{
		"a longer id of the same letters": {cell(sheet.Text, "C11"), name},
		"a number with a name beside it":  {cell(sheet.Number, "C1"), name},
		"a number for a name":             {id, cell(sheet.Number, "10.0")},
		"no name":                         {id, &noCell},
		"no id":                           {&noCell, id},
	} {
		if _, known := m.of(other[0], other[1]); known {
			t.Errorf("%s is taken for %q with %q", what, id.Text, name.Text)
		}
	}
	if customer, known := m.of(id, name); !known || customer != 7 {
		t.Errorf("the customer is %d (known: %t)", customer, known)
	}
}

// A customer beyond the bits that there are for it is looked for elsewhere.
func TestAMemoRemembersNoCustomerByHalf(t *testing.T) {
	for _, customer := range []int32{1<<customerBits - 1, 1 << customerBits, 1<<31 - 1} {
		m := newCustomerMemo(0)
		id := &sheet.Cell{Kind: sheet.Text, Text: "C1"}
		m.keep(id, &noCell, customer)
		if got, known := m.of(id, &noCell); known != (customer < 1<<customerBits) || known && got != customer || !known && m.taken > 0 {
			t.Errorf("customer %d is %d (known: %t), %d are kept", customer, got, known, m.taken)
		}
	}
}

// Codes differ in a letter or two: each must find a place of its own, or the memo
// forgets one for the other in every row.
func TestShortTextsAreScattered(t *testing.T) {
	for _, form := range []string{"C%04d", "%05d", "net %02d", "R%03d", "%03d-CN", "10%04d00"} {
		const texts = 90
		seen := map[uint64]bool{}
		for i := range texts {
			seen[scatter(short(fmt.Sprintf(form, i)))&(1<<10-1)] = true
		}
		if len(seen) < texts*3/4 { // by chance, nine in ten
			t.Errorf("%d texts such as %q have %d places", texts, fmt.Sprintf(form, 1), len(seen))
		}
	}
}

// A workbook may have thousands of ids of a megabyte, each in its table once.
func TestAMemoHoldsNoLongIDs(t *testing.T) {
	m := newCustomerMemo(1 << 30)
	for i := range int32(100) {
		m.keep(&sheet.Cell{Kind: sheet.Text, Text: strings.Repeat("A", 1000), Shared: 1}, &sheet.Cell{Kind: sheet.Text, Text: fmt.Sprintf("Name %d", i)}, i)
	}
	if held := len(strings.Join(m.longIDs, "")); held > 0 {
		t.Errorf("%d bytes are held", held)
	}
}
