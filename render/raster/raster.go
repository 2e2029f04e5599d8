// Package raster draws marks as a picture, for mail: its readers show pictures
// and no drawings.
package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
	xvector "golang.org/x/image/vector"

	"duepack/render/vector"
)

// PNG draws a drawing, as the charting library writes it in SVG, as a picture
// of a width in pixels on white. The same drawing gives the same bytes.
func PNG(svg string, width int) ([]byte, error) {
	fonts, err := faces()
	if err != nil {
		return nil, err
	}
	marks, height, err := vector.Read(svg, float64(width), fonts.width)
	if err != nil {
		return nil, err
	}
	c := canvas{image.NewRGBA(image.Rect(0, 0, width, int(math.Ceil(height)))), fonts}
	draw.Draw(c.to, c.to.Bounds(), image.White, image.Point{}, draw.Src)
	if err := c.draw(marks); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	err = encoder.Encode(&out, c.to)
	return out.Bytes(), err
}

// canvas is a picture that marks are drawn on.
type canvas struct {
	to    *image.RGBA
	fonts *fontPair
}

func (c canvas) draw(marks []vector.Mark) error {
	for _, m := range marks {
		switch m := m.(type) {
		case *vector.Shape:
			c.shape(m)
		case *vector.Text:
			if err := c.text(m); err != nil {
				return err
			}
		case *vector.Group:
			if err := c.group(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// group draws marks on a layer of their own and lays down what of it is inside
// the group's path.
func (c canvas) group(g *vector.Group) error {
	layer := canvas{image.NewRGBA(c.to.Bounds()), c.fonts}
	if err := layer.draw(g.Marks); err != nil {
		return err
	}
	mask := image.NewAlpha(c.to.Bounds())
	(&outline{}).add(g.Clip).fill(mask, image.Opaque)
	draw.DrawMask(c.to, c.to.Bounds(), layer.to, image.Point{}, mask, image.Point{}, draw.Over)
	return nil
}

func (c canvas) shape(s *vector.Shape) {
	switch {
	case s.Shade != nil:
		(&outline{}).add(s.Path).fill(c.to, shade{s.Shade})
	case s.Fill != nil:
		(&outline{}).add(s.Path).fill(c.to, image.NewUniform(nrgba(*s.Fill)))
	}
	if s.Stroke != nil {
		(&outline{}).stroke(s).fill(c.to, image.NewUniform(nrgba(*s.Stroke)))
	}
}

func nrgba(c vector.Color) color.NRGBA {
	return color.NRGBA{c.R, c.G, c.B, uint8(math.Round(c.Alpha * 255))}
}

// outline collects straight and curved edges and fills what they enclose. It
// only touches the pixels around them: a chart has hundreds of small marks. It
// is the scanner that rasterx strokes paths into.
type outline struct {
	edges     []vector.Segment
	low, high vector.Point
}

func (o *outline) include(p vector.Point) {
	if len(o.edges) == 0 {
		o.low, o.high = p, p
		return
	}
	o.low = vector.Point{X: min(o.low.X, p.X), Y: min(o.low.Y, p.Y)}
	o.high = vector.Point{X: max(o.high.X, p.X), Y: max(o.high.Y, p.Y)}
}

// add takes over a path and closes each of its rings.
func (o *outline) add(path []vector.Segment) *outline {
	for i, s := range path {
		if s.Op == 'M' && i > 0 {
			o.edge(vector.Segment{Op: 'Z'})
		}
		o.edge(s)
	}
	o.edge(vector.Segment{Op: 'Z'})
	return o
}

func (o *outline) edge(s vector.Segment) {
	for _, p := range s.P[:map[byte]int{'M': 1, 'L': 1, 'C': 3}[s.Op]] {
		o.include(p)
	}
	o.edges = append(o.edges, s)
}

// fill fills the outline from a picture of colours.
func (o *outline) fill(to draw.Image, from image.Image) {
	area := image.Rect(int(math.Floor(o.low.X)), int(math.Floor(o.low.Y)), int(math.Ceil(o.high.X))+1, int(math.Ceil(o.high.Y))+1).Intersect(to.Bounds())
	if len(o.edges) == 0 || area.Empty() {
		return
	}
	r := xvector.NewRasterizer(area.Dx(), area.Dy())
	at := func(p vector.Point) (x, y float32) {
		return float32(p.X - float64(area.Min.X)), float32(p.Y - float64(area.Min.Y))
	}
	for _, s := range o.edges {
		x, y := at(s.P[0])
		switch s.Op {
		case 'M':
			r.MoveTo(x, y)
		case 'L':
			r.LineTo(x, y)
		case 'C':
			bx, by := at(s.P[1])
			cx, cy := at(s.P[2])
			r.CubeTo(x, y, bx, by, cx, cy)
		case 'Z':
			r.ClosePath()
		}
	}
	r.Draw(to, area, from, area.Min)
}

// stroke adds the outline of a shape's stroke.
func (o *outline) stroke(s *vector.Shape) *outline {
	d := rasterx.NewDasher(1, 1, o)
	limit := fixed.I(4)
	ends, join := rasterx.ButtCap, rasterx.Miter
	if s.Round {
		ends, join = rasterx.RoundCap, rasterx.Round
	}
	d.SetStroke(fixed.Int26_6(s.Width*64), limit, ends, ends, rasterx.FlatGap, join, s.Dash, 0)
	open := false
	for _, step := range s.Path {
		switch step.Op {
		case 'M':
			if open {
				d.Stop(false)
			}
			d.Start(point26(step.P[0]))
			open = true
		case 'L':
			d.Line(point26(step.P[0]))
		case 'C':
			d.CubeBezier(point26(step.P[0]), point26(step.P[1]), point26(step.P[2]))
		case 'Z':
			d.Stop(true)
			open = false
		}
	}
	if open {
		d.Stop(false)
	}
	return o
}

func point26(p vector.Point) fixed.Point26_6 {
	return fixed.Point26_6{X: fixed.Int26_6(math.Round(p.X * 64)), Y: fixed.Int26_6(math.Round(p.Y * 64))}
}

func fromPoint26(p fixed.Point26_6) vector.Point {
	return vector.Point{X: float64(p.X) / 64, Y: float64(p.Y) / 64}
}

// Start goes to where the next edge begins; rasterx calls it, and gives the
// edges of a ring in any order, so that nothing may be closed here.
func (o *outline) Start(a fixed.Point26_6) {
	o.edge(vector.Segment{Op: 'M', P: [3]vector.Point{fromPoint26(a)}})
}

// Line adds an edge; rasterx calls it.
func (o *outline) Line(b fixed.Point26_6) {
	o.edge(vector.Segment{Op: 'L', P: [3]vector.Point{fromPoint26(b)}})
}

// Draw, GetPathExtent, SetBounds, SetColor, SetWinding, Clear and SetClip are
// what rasterx asks of a scanner and a stroke does not need.
func (o *outline) Draw()                              {}
func (o *outline) GetPathExtent() fixed.Rectangle26_6 { return fixed.Rectangle26_6{} }
func (o *outline) SetBounds(int, int)                 {}
func (o *outline) SetColor(interface{})               {}
func (o *outline) SetWinding(bool)                    {}
func (o *outline) Clear()                             {}
func (o *outline) SetClip(image.Rectangle)            {}

// shade is a gradient as an endless picture.
type shade struct{ *vector.Gradient }

// ColorModel, Bounds and At make it an image.
func (s shade) ColorModel() color.Model { return color.NRGBAModel }

// Bounds are those of any drawing.
func (s shade) Bounds() image.Rectangle { return image.Rect(-1e6, -1e6, 1e6, 1e6) }

// At returns the colour at a pixel's middle.
func (s shade) At(x, y int) color.Color {
	dx, dy := s.To.X-s.From.X, s.To.Y-s.From.Y
	way := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		way = ((float64(x)+0.5-s.From.X)*dx + (float64(y)+0.5-s.From.Y)*dy) / length
	}
	before := s.Stops[0]
	for _, after := range s.Stops {
		if way <= after.At {
			return between(before, after, way)
		}
		before = after
	}
	return nrgba(before.Color)
}

// between mixes the colours of two stops.
func between(a, b vector.Stop, way float64) color.NRGBA {
	share := 1.0
	if b.At > a.At {
		share = min(1, max(0, (way-a.At)/(b.At-a.At)))
	}
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + share*(float64(y)-float64(x)))) }
	return nrgba(vector.Color{R: mix(a.Color.R, b.Color.R), G: mix(a.Color.G, b.Color.G), B: mix(a.Color.B, b.Color.B),
		Alpha: a.Color.Alpha + share*(b.Color.Alpha-a.Color.Alpha)})
}
