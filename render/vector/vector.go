// Package vector reads the drawings of the charting library, as SVG, into a
// few kinds of mark that a PDF and a picture can both be drawn from.
package vector

import "math"

// Point is a place on a drawing: its units from the left and the upper edge.
type Point struct{ X, Y float64 }

// Color is an opaque colour with a share of opacity beside it: 1 hides what is
// below, 0 draws nothing.
type Color struct {
	R, G, B uint8
	Alpha   float64
}

// RGB returns an opaque colour from 0xRRGGBB.
func RGB(hex uint32) Color {
	return Color{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 1}
}

// Mark is one thing on a drawing: a *Text, *Shape or *Group.
type Mark any

// Text is one line of text, as it stood in the drawing. At is the place on the
// baseline where it starts. Size and Width are in the units of the drawing.
type Text struct {
	At      Point
	Text    string
	Size    float64
	Bold    bool
	Color   Color
	Width   float64 // by the measure that Read was given
	Degrees float64 // turned clockwise around At
}

// Segment is one step of a path: 'M' and 'L' use P[0], 'C' (a cubic curve)
// P[0] and P[1] as control points and P[2] as its end, 'Z' closes.
type Segment struct {
	Op byte
	P  [3]Point
}

// Shape is a path that is filled, stroked or both. Width and Dash are those of
// the stroke, in the units of the drawing.
type Shape struct {
	Path   []Segment
	Fill   *Color
	Shade  *Gradient // instead of Fill
	Stroke *Color
	Width  float64
	Dash   []float64
	Round  bool // round caps and joins
}

// Gradient runs from one point to another through its stops.
type Gradient struct {
	From, To Point
	Stops    []Stop
}

// Stop is a colour at a share of a gradient's way, ascending from 0 to 1.
type Stop struct {
	At    float64
	Color Color
}

// Group holds marks that are drawn only inside its path.
type Group struct {
	Clip  []Segment
	Marks []Mark
}

// Rectangle returns the closed path of a rectangle.
func Rectangle(x, y, w, h float64) []Segment {
	return []Segment{{Op: 'M', P: [3]Point{{x, y}}}, {Op: 'L', P: [3]Point{{x + w, y}}},
		{Op: 'L', P: [3]Point{{x + w, y + h}}}, {Op: 'L', P: [3]Point{{x, y + h}}}, {Op: 'Z'}}
}

// Disc returns the closed path of a circle.
func Disc(x, y, r float64) []Segment {
	path := append([]Segment{{Op: 'M', P: [3]Point{{x + r, y}}}}, arc(Point{x + r, y}, r, r, 0, false, true, Point{x - r, y})...)
	return append(append(path, arc(Point{x - r, y}, r, r, 0, false, true, Point{x + r, y})...), Segment{Op: 'Z'})
}

// Plus returns the point dx to the right and dy below.
func (p Point) Plus(dx, dy float64) Point { return Point{p.X + dx, p.Y + dy} }

// Moved returns a path dx to the right and dy below.
func Moved(path []Segment, dx, dy float64) []Segment {
	return mapped(path, matrix{A: 1, D: 1, E: dx, F: dy})
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

func (m matrix) apply(p Point) Point {
	return Point{m.A*p.X + m.C*p.Y + m.E, m.B*p.X + m.D*p.Y + m.F}
}

// scale is by how much the map stretches lengths, on average.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.A*m.D - m.B*m.C)) }

// degrees is how far the map turns the horizontal, clockwise.
func (m matrix) degrees() float64 { return math.Atan2(m.B, m.A) * 180 / math.Pi }
