package main

import (
	"os"
	"syscall"
)

// peakMB is the largest resident size of a finished process; Linux counts in KiB.
func peakMB(state *os.ProcessState) float64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return float64(usage.Maxrss) * 1024 / 1e6
	}
	return 0
}
