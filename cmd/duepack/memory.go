package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// largeLedger is a number of entries from which memory is watched: a book of a
// million lines is to fit into half a gigabyte.
const largeLedger = 200_000

// smallBook is up to how many bytes of input memory is no concern: garbage is
// collected seldom, as collecting it takes a quarter of such a run.
const smallBook = 4 << 20

// hasten collects garbage seldom where the inputs are small.
func hasten(inputs []inputFile) {
	size := int64(0)
	for _, input := range inputs {
		if info, err := os.Stat(input.path); err == nil {
			size += info.Size()
		}
	}
	if size <= smallBook {
		debug.SetGCPercent(200)
	}
}

// boundMemory collects garbage sooner where the ledger is large: by default the
// heap may grow to twice what is in use.
func (b *book) boundMemory() {
	if len(b.result.Ledger.Entries) > largeLedger {
		debug.SetGCPercent(40)
	}
}

// dropEntries lets go of the entries: outputs are made from the pack alone.
func (b *book) dropEntries() {
	large := len(b.result.Ledger.Entries) > largeLedger
	b.result.Ledger.Entries = nil
	if large {
		runtime.GC()
	}
}
