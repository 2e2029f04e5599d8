package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows how far a run is, on a terminal. A nil bar shows nothing.
type bar struct {
	drawn *progressbar.ProgressBar
	over  bool
}

// bar begins a bar of so many steps; nil where nobody watches: messages are
// piped, for machines, or not wanted.
func (a *app) bar(steps int, what string, quiet bool) *bar {
	if quiet || a.machine != nil || steps == 0 || !isTerminal(a.stderr) {
		return nil
	}
	a.shown = &bar{drawn: progressbar.NewOptions(steps, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(24), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false))}
	_ = a.shown.drawn.RenderBlank() // a terminal that takes no bar takes no message either
	return a.shown
}

// isTerminal reports whether a person watches a stream.
func isTerminal(stream io.Writer) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// step says that one step is done.
func (b *bar) step() {
	if b != nil {
		_ = b.drawn.Add(1)
	}
}

// at names the step that begins.
func (b *bar) at(what string) {
	if b != nil {
		b.drawn.Describe(what)
	}
}

// clear takes the bar away for a line of text.
func (b *bar) clear() {
	if b != nil && !b.over {
		_ = b.drawn.Clear()
	}
}

// done takes the bar away for good.
func (b *bar) done() {
	if b != nil {
		_ = b.drawn.Finish()
		_ = b.drawn.Clear()
		b.over = true
	}
}
