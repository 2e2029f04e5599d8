package chart

import (
	_ "embed" // the directives on the scripts
	"errors"
	"testing"

	"modernc.org/quickjs"
)

var (
	//go:embed before.js
	before string
	//go:embed draw.js
	draw string
)

// With returns a function that draws as SVG does, with another build of the
// charting library.
func With(t *testing.T, library string) func(option []byte, width, height int) (string, error) {
	t.Helper()
	m, err := load(func(vm *quickjs.VM) error {
		var failed error
		for _, script := range []string{before, library, draw} {
			_, err := vm.Eval(script, quickjs.EvalGlobal)
			failed = errors.Join(failed, err)
		}
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.vm.Close(); err != nil {
			t.Error(err)
		}
	})
	return m.svg
}

// BenchmarkWarm is what comes before the first chart: the library is loaded into a
// machine.
func BenchmarkWarm(b *testing.B) {
	for b.Loop() {
		m, err := newMachine()
		if err != nil {
			b.Fatal(err)
		}
		if err := m.vm.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
