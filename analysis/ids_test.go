package analysis

import (
	"fmt"
	"testing"

	"duepack/analysis/ledger"
	"pgregory.net/rapid"
)

// A number stands for one id, whatever the size of the table and however many
// ids were met since, and nothing of the account before is known after reset.
func TestIdsAreNumberedAsTheyAreMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table idTable
		var numbering ledger.Numbering
		for range 2 {
			table.reset(rapid.IntRange(0, 50).Draw(t, "entries"))
			want := map[ledger.DocID]int32{}
			for _, n := range rapid.SliceOf(rapid.IntRange(0, 300)).Draw(t, "ids") {
				id := numbering.Of(fmt.Sprintf("INV-%d", n))
				if _, met := want[id]; !met {
					want[id] = int32(len(want))
				}
				hash := hashOf(id)
				if n%3 == 0 {
					hash = 7 // many ids in one place are told apart all the same
				}
				if got := table.number(id, hash); got != want[id] {
					t.Fatalf("%x is number %d, want %d", id, got, want[id])
				}
			}
			if len(table.states) != len(want) {
				t.Fatalf("%d ids, want %d", len(table.states), len(want))
			}
		}
	})
}

// Where every number has letters of its own, each is a series, and those of one
// customer of many may lie evenly apart.
func TestIdsOfSeriesFarApartHavePlacesOfTheirOwn(t *testing.T) {
	const ids, places = 1000, 2048
	for apart := uint64(1); apart <= 1<<20; apart *= 2 {
		taken := map[uint32]bool{}
		for i := range uint64(ids) {
			taken[hashOf(ledger.DocID((7+i*apart)<<32))%places] = true
		}
		if len(taken) < ids/2 {
			t.Errorf("%d series that lie %d apart have %d places", ids, apart, len(taken))
		}
	}
}
