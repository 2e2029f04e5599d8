package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"duepack/templates"

	"github.com/dop251/goja"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// fontFamily names the embedded face in options and SVG.
const fontFamily = "Noto Sans SC"

// compiled is the charting library, compiled once per process (0.15 s).
var compiled = sync.OnceValues(func() (*goja.Program, error) {
	return goja.Compile("echarts.svg.min.js", templates.EChartsSVG, false)
})

// Warm compiles the charting library and loads it once. Calling it early on a
// goroutine hides the time it takes behind the reading of the ledger; SVG does
// it otherwise.
func Warm() {
	if m, err := newMachine(); err == nil {
		m.release()
	}
}

// machine is a virtual machine with the charting library loaded (20 ms) and the
// script that draws. It draws one chart after another.
type machine struct {
	vm   *goja.Runtime
	draw goja.Callable
}

// idle are machines that draw nothing now. They are let go when memory is
// collected and nothing has been drawn for a while.
var idle sync.Pool

func (m *machine) release() { idle.Put(m) }

// takeMachine returns an idle machine, or a new one.
func takeMachine() (*machine, error) {
	if m, ok := idle.Get().(*machine); ok {
		return m, nil
	}
	return newMachine()
}

func newMachine() (*machine, error) {
	library, err := compiled()
	if err != nil {
		return nil, err
	}
	return load(library)
}

// load returns a machine with a fixed clock and fixed random numbers.
func load(library *goja.Program) (*machine, error) {
	vm := goja.New()
	vm.SetRandSource(func() float64 { return 0.5 })
	vm.SetTimeSource(func() time.Time { return time.Unix(0, 0).UTC() })
	nothing := func(goja.FunctionCall) goja.Value { return vm.ToValue(0) }
	globals := map[string]any{"setTimeout": nothing, "clearTimeout": nothing, "measure": measure}
	for name, value := range globals {
		if err := vm.Set(name, value); err != nil {
			return nil, err
		}
	}
	if _, err := vm.RunProgram(library); err != nil {
		return nil, err
	}
	value, err := vm.RunString(draw)
	if err != nil {
		return nil, err
	}
	function, ok := goja.AssertFunction(value)
	if !ok {
		return nil, errors.New("the script that draws makes no function")
	}
	return &machine{vm: vm, draw: function}, nil
}

// draw is the script that makes the function that draws one option. It guards
// against a blank chart: a series type that the library lacks leaves
// axes and no mark, without an error, so every series that has a value must
// have drawn something. The library numbers its drawings: each is told that it
// is the first, and is drawn without the styles of a pointer above it, which
// have numbers too.
const draw = `echarts.setPlatformAPI({ measureText: function (text, font) { return { width: measure(String(text), String(font)) }; } });
(function (option, width, height) {
  var parsed = JSON.parse(option);
  [].concat(parsed.title || []).forEach(function (title) { // shortened rather than cut off at the edge
    title.textStyle = Object.assign({}, title.textStyle, { width: width, overflow: 'truncate', ellipsis: '…' });
  });
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
  var painter = chart.getZr().painter;
  painter._id = 'zr0';
  chart.setOption(parsed);
  var svg = painter.renderToString({ cssEmphasis: false, cssAnimation: false });
  var drawn = chart.getModel().getSeries();
  (parsed.series || []).forEach(function (series, i) {
    var hasValue = (series.data || []).some(function (item) {
      return [].concat(item !== null && item.value !== undefined ? item.value : item).some(isFinite);
    });
    if (!hasValue) return;
    var marks = 0;
    var view = drawn[i] && chart.getViewOfSeriesModel(drawn[i]);
    if (view) view.group.traverse(function (element) { if (!element.isGroup) marks++; });
    if (marks === 0) throw new Error('series ' + i + ' of type ' + series.type + ' came out blank');
  });
  chart.dispose();
  return svg;
})`

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
		return "", err // the machine is not used again
	}
	m.release()
	return svg, checkNumbers(svg)
}

func (m *machine) svg(option []byte, width, height int) (string, error) {
	value, err := m.draw(goja.Undefined(), m.vm.ToValue(string(option)), m.vm.ToValue(width), m.vm.ToValue(height))
	if err != nil {
		return "", fmt.Errorf("drawing a chart: %w", err)
	}
	return value.String(), nil
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
