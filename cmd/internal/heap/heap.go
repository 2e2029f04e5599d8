// Package heap decides how often garbage is collected. By default Go collects
// each time the heap has doubled, from 4 MB on: dozens of times in a run of a
// second whose memory is of no concern to anybody, and every time all
// goroutines are stopped. Here the heap grows to half of what a large book may
// take before anything is collected.
package heap

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

const (
	// whileReading is how far the heap may grow without a collection, in bytes, and
	// afterReading the same from the first Collect of much on: what is in use by then
	// is what the pack shows, full of pointers, and each collection looks at all of it.
	whileReading, afterReading = 240 << 20, 280 << 20
	// least is how far it may always grow beyond what is in use, in percent.
	least = 30
	// smallest is the heap that Go collects first at 100 percent, in bytes.
	smallest = 4 << 20
)

// target is how far the heap may grow without a collection, in bytes.
var target atomic.Uint64

func init() { target.Store(whileReading) }

// Tune sets the pace of collections until the process ends. It leaves it alone
// where GOGC or GOMEMLIMIT say what somebody wants.
func Tune() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(whileReading / smallest * 100)
	watch()
}

// Collect collects garbage now, if there may be much of it. It is called between
// the stages of a run, when most of what a stage made is garbage and the next one
// has made nothing yet: a collection in the middle of a stage looks through all that
// the stage has made so far, and through the room that it has reserved.
func Collect() {
	const much = 100 << 20
	if read("/memory/classes/heap/objects:bytes") > much {
		target.Store(afterReading)
		runtime.GC()
	}
}

// watch adjusts the pace after every collection, when what nothing points to is
// finalized.
func watch() {
	type witness struct{ self *int }
	runtime.SetFinalizer(&witness{}, func(*witness) {
		debug.SetGCPercent(percent(live(), target.Load()))
		watch()
	})
}

// percent is by how much the heap may grow beyond the live bytes to reach the target.
func percent(live, target uint64) int {
	if live >= target {
		return least
	}
	return int(max(least, (target-live)*100/max(live, smallest)))
}

// live returns the bytes that the last collection left.
func live() uint64 { return read("/gc/heap/live:bytes") }

// read returns one of the metrics of the runtime.
func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
