package chart

import (
	"testing"

	"duepack/templates"

	"github.com/dop251/goja"
)

// With returns a function that draws as SVG does, with another build of the
// charting library.
func With(t *testing.T, library string) func(option []byte, width, height int) (string, error) {
	t.Helper()
	program, err := goja.Compile("library", library, false)
	if err != nil {
		t.Fatal(err)
	}
	m, err := load(program)
	if err != nil {
		t.Fatal(err)
	}
	return m.svg
}

// BenchmarkWarm is what comes before the first chart: the library is compiled,
// and loaded into a machine.
func BenchmarkWarm(b *testing.B) {
	for b.Loop() {
		program, err := goja.Compile("library", templates.EChartsSVG, false)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := load(program); err != nil {
			b.Fatal(err)
		}
	}
}
