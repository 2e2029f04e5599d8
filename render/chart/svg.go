package chart

import (
	_ "embed" // the directive on charts.bytecode
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"

	"duepack/templates"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"modernc.org/quickjs"
)

// fontFamily names the embedded face in options and SVG.
const fontFamily = "Noto Sans SC"

// bytecode is the charting library with the scripts before and behind it,
// compiled for the engine, so that a run does not begin with compiling them (0.2 s).
//
//go:generate go run ./precompile
//go:embed charts.bytecode
var bytecode []byte

// Warm makes a machine. Calling it early on a goroutine hides the time it takes
// behind the reading of the ledger; SVG does it otherwise.
func Warm() {
	if m, err := newMachine(); err == nil {
		m.release()
	}
}

// machine is a virtual machine with the charting library loaded (25 ms, 15 MB). It
// draws one chart after another.
type machine struct{ vm *quickjs.VM }

// idle are machines that draw nothing now. There are as many as ever drew at the
// same time; their memory is not Go's, and they are kept to the end.
var idle struct {
	sync.Mutex
	machines []*machine
}

func (m *machine) release() {
	idle.Lock()
	defer idle.Unlock()
	idle.machines = append(idle.machines, m)
}

// takeMachine returns an idle machine, or a new one.
func takeMachine() (*machine, error) {
	if m := takeIdle(); m != nil {
		return m, nil
	}
	return newMachine()
}

// takeIdle returns an idle machine, or nil.
func takeIdle() *machine {
	idle.Lock()
	defer idle.Unlock()
	last := len(idle.machines) - 1
	if last < 0 {
		return nil
	}
	m := idle.machines[last]
	idle.machines = idle.machines[:last]
	return m
}

func newMachine() (*machine, error) {
	return load(func(vm *quickjs.VM) error {
		_, err := vm.EvalBytecode(bytecode)
		return err
	})
}

// load returns a machine that has run scripts which define draw.
func load(scripts func(*quickjs.VM) error) (*machine, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(vm.RegisterFunc("measure", measure, false), scripts(vm)); err != nil {
		return nil, errors.Join(err, vm.Close())
	}
	return &machine{vm}, nil
}

// SVG draws an option of Option on a canvas of a size in pixels. The same
// option and size give the same bytes, whatever was drawn before. The result consists of
// path, rect, polyline, polygon, text, g, clipPath and linearGradient. A chart
// without marks although it has values is an error, never a blank picture.
func SVG(option []byte, width, height int) (svg string, err error) {
	m, err := takeMachine()
	if err != nil {
		return "", fmt.Errorf("charting library: %w", err)
	}
	if svg, err = m.svg(option, width, height); err != nil {
		return "", errors.Join(err, m.vm.Close()) // it may be in the middle of something
	}
	m.release()
	return svg, checkNumbers(svg)
}

func (m *machine) svg(option []byte, width, height int) (string, error) {
	value, err := m.vm.Call("draw", string(option), width, height)
	if err != nil {
		return "", fmt.Errorf("drawing a chart: %w", err)
	}
	svg, ok := value.(string)
	if !ok {
		return "", fmt.Errorf("drawing a chart: it came out as %v", value)
	}
	return svg, nil
}

// checkNumbers refuses a drawing in which a position is not a number.
func checkNumbers(svg string) error {
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Infinity") {
		return errors.New("drawing a chart: a position is not a number")
	}
	return nil
}

// face is one embedded face with its metrics.
type face struct {
	font *sfnt.Font
	err  error
}

var faces = sync.OnceValue(func() [2]face {
	regular, errRegular := sfnt.Parse(templates.Regular)
	bold, errBold := sfnt.Parse(templates.Bold)
	return [2]face{{regular, errRegular}, {bold, errBold}}
})

// measure returns the width in pixels of a text in a CSS font such as
// "bold 12px Noto Sans SC", by the metrics of the embedded face, so that
// labels have the room in the PDF that they need.
func measure(text, cssFont string) float64 {
	chosen := faces()[0]
	size := 12.0
	for _, part := range strings.Fields(cssFont) {
		switch {
		case part == "bold" || part == "bolder" || part == "600" || part == "700":
			chosen = faces()[1]
		case strings.HasSuffix(part, "px"):
			if _, err := fmt.Sscanf(part, "%fpx", &size); err != nil {
				size = 12
			}
		}
	}
	if chosen.err != nil {
		return size * float64(len(text)) // unreachable with the embedded faces; tests parse both
	}
	var buffer sfnt.Buffer
	const em = 1000
	width := 0
	for _, r := range text {
		glyph, err := chosen.font.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		if advance, err := chosen.font.GlyphAdvance(&buffer, glyph, fixed.I(em), font.HintingNone); err == nil {
			width += advance.Round()
		}
	}
	return math.Round(float64(width)*size*1000/em) / 1000
}
