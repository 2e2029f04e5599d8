package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is one run of a part.
type result struct {
	seconds    float64 // of the timed part, or of the whole process
	cpuSeconds float64 // of the whole process, all processors
	peakMB     float64 // of the whole process; 0 where the system does not tell
}

// run runs a command to its end.
func run(command []string, timed bool) (result, error) {
	cmd := exec.Command(command[0], command[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return result{}, fmt.Errorf("%w\n%s", err, stderr.Bytes())
	}
	r := result{
		seconds:    time.Since(start).Seconds(),
		cpuSeconds: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		peakMB:     peakMB(cmd.ProcessState),
	}
	if timed {
		seconds, err := strconv.ParseFloat(strings.TrimSpace(stdout.String()), 64)
		if err != nil {
			return result{}, fmt.Errorf("the part printed no time: %w", err)
		}
		r.seconds = seconds
	}
	return r, nil
}

// median of one figure of all runs.
func (p *part) median(figure func(result) float64) float64 {
	var list []float64
	for _, r := range p.results {
		list = append(list, figure(r))
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// printTable prints the medians, and for what reads the ratios to excelize run by
// run, as it is and with garbage collected as in duepack.
func printTable(parts []*part, lines int) {
	var yardsticks []*part
	for _, p := range parts {
		if strings.HasPrefix(p.name, "excelize") {
			yardsticks = append(yardsticks, p)
		}
	}
	fmt.Println("| part | s | µs a line | CPU s of the process | peak MB | times excelize |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, p := range parts {
		var ratios []string
		for _, y := range yardsticks {
			if strings.HasPrefix(p.name, "read ") {
				ratios = append(ratios, fmt.Sprintf("%.0f", medianRatio(y, p)))
			}
		}
		ratio := strings.Join(ratios, " / ")
		seconds := p.median(func(r result) float64 { return r.seconds })
		fmt.Printf("| %s | %.2f | %.2f | %.2f | %.0f | %s |\n", p.name, seconds, seconds*1e6/float64(lines),
			p.median(func(r result) float64 { return r.cpuSeconds }), p.median(func(r result) float64 { return r.peakMB }), ratio)
	}
}

// medianRatio is the median of slow ÷ fast, run by run.
func medianRatio(slow, fast *part) float64 {
	ratios := &part{}
	for i := range slow.results {
		ratios.results = append(ratios.results, result{seconds: slow.results[i].seconds / fast.results[i].seconds})
	}
	return ratios.median(func(r result) float64 { return r.seconds })
}
