package pdf

import (
	"math"
	"strconv"
)

// point is a place on a strip: millimetres from its left and upper edge.
type point struct{ X, Y float64 }

// color is an opaque colour with a share of opacity beside it: 1 hides what is
// below, 0 draws nothing.
type color struct {
	R, G, B uint8
	Alpha   float64
}

// rgb returns an opaque colour from 0xRRGGBB.
func rgb(hex uint32) color {
	return color{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 1}
}

// mark is one thing on a strip: a *textMark, *shape, *group, *area or *anchor.
type mark any

// textMark is one line of text. At is the place on the baseline where it
// starts. Box is the width it may take: layout promises that it fits.
type textMark struct {
	At      point
	Text    string // plain
	SizePt  float64
	Bold    bool
	Color   color
	Box     float64
	Degrees float64 // turned clockwise around At
	// PageOf is the name of an anchor: Text becomes the number of its page,
	// right-aligned in Box from At on.
	PageOf string
}

// segment is one step of a path: 'M' and 'L' use P[0], 'C' (a cubic curve)
// P[0] and P[1] as control points and P[2] as its end, 'Z' closes.
type segment struct {
	Op byte
	P  [3]point
}

// shape is a path that is filled, stroked or both.
type shape struct {
	Path    []segment
	Fill    *color
	Shade   *gradient // instead of Fill
	Stroke  *color
	WidthMM float64
	DashMM  []float64
	Round   bool // round caps and joins
}

// gradient runs from one point to another through its stops.
type gradient struct {
	From, To point
	Stops    []stop
}

// stop is a colour at a share of a gradient's way, ascending from 0 to 1.
type stop struct {
	At    float64
	Color color
}

// group holds marks that are drawn only inside its path.
type group struct {
	Clip  []segment
	Marks []mark
}

// area is a rectangle that leads to an anchor.
type area struct {
	At   point
	W, H float64
	To   string
}

// anchor is a place that areas lead to. One with a title is a bookmark too.
type anchor struct {
	Name  string
	Title string
	Y     float64
}

// matrix is an affine map: x' = A·x + C·y + E, y' = B·x + D·y + F.
type matrix struct{ A, B, C, D, E, F float64 }

// then returns the map that applies inner first and m after it, as nested
// elements of SVG do.
func (m matrix) then(inner matrix) matrix {
	return matrix{
		m.A*inner.A + m.C*inner.B, m.B*inner.A + m.D*inner.B,
		m.A*inner.C + m.C*inner.D, m.B*inner.C + m.D*inner.D,
		m.A*inner.E + m.C*inner.F + m.E, m.B*inner.E + m.D*inner.F + m.F,
	}
}

func (m matrix) apply(p point) point {
	return point{m.A*p.X + m.C*p.Y + m.E, m.B*p.X + m.D*p.Y + m.F}
}

// scale is by how much the map stretches lengths, on average.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.A*m.D - m.B*m.C)) }

// degrees is how far the map turns the horizontal, clockwise.
func (m matrix) degrees() float64 { return math.Atan2(m.B, m.A) * 180 / math.Pi }

// rectangle returns the closed path of a rectangle.
func rectangle(x, y, w, h float64) []segment {
	return []segment{{Op: 'M', P: [3]point{{x, y}}}, {Op: 'L', P: [3]point{{x + w, y}}},
		{Op: 'L', P: [3]point{{x + w, y + h}}}, {Op: 'L', P: [3]point{{x, y + h}}}, {Op: 'Z'}}
}

// box returns a filled rectangle.
func box(x, y, w, h float64, fill color) *shape {
	return &shape{Path: rectangle(x, y, w, h), Fill: &fill}
}

// rule returns a horizontal line.
func rule(x, y, w, widthMM float64, stroke color) *shape {
	return &shape{Path: []segment{{Op: 'M', P: [3]point{{x, y}}}, {Op: 'L', P: [3]point{{x + w, y}}}}, Stroke: &stroke, WidthMM: widthMM}
}

// texts calls see with every text of marks, those in groups included.
func texts(marks []mark, see func(*textMark)) {
	for _, m := range marks {
		switch m := m.(type) {
		case *textMark:
			see(m)
		case *group:
			texts(m.Marks, see)
		}
	}
}

// writePage makes a text that stands for the page of an anchor its number.
func (m *textMark) writePage(pages map[string]int) {
	if m.PageOf == "" {
		return
	}
	m.Text = strconv.Itoa(pages[m.PageOf])
	if fonts, err := faces(); err == nil {
		width := fonts[weightIndex(m.Bold)].width(m.Text, m.SizePt)
		m.At.X += m.Box - width
		m.Box = width
	}
}
