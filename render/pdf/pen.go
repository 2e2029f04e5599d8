package pdf

import (
	"math"
	"strconv"

	"duepack/render/vector"

	"github.com/phpdave11/gofpdf"
)

// pen draws marks with the engine of one document.
type pen struct {
	to    *gofpdf.Fpdf
	links map[string]int // by anchor: the engine's number of the link
}

// draw draws the marks of a strip whose upper left corner is at origin, in
// millimetres from that of the sheet. Every mark sets all the state it needs:
// the engine does not know what leaving a group or a turn restores.
func (p *pen) draw(marks []mark, origin point) {
	for _, m := range marks {
		switch m := m.(type) {
		case *textMark:
			p.text(m, origin)
		case *shape:
			p.shape(m, origin)
		case *group:
			p.to.RawWriteStr("q")
			p.path(m.Clip, origin)
			p.to.RawWriteStr("W n")
			p.draw(m.Marks, origin)
			p.to.RawWriteStr("Q")
		case *area:
			p.to.Link(origin.X+m.At.X, origin.Y+m.At.Y, m.W, m.H, p.link(m.To))
		case *anchor:
			p.to.SetLink(p.link(m.Name), origin.Y+m.Y, -1)
			if m.Title != "" {
				p.to.Bookmark(byteOrderMark+codes(m.Title), 0, origin.Y+m.Y)
			}
		}
	}
}

// link returns the engine's number of an anchor.
func (p *pen) link(name string) int {
	number, ok := p.links[name]
	if !ok {
		number = p.to.AddLink()
		p.links[name] = number
	}
	return number
}

func (p *pen) text(m *textMark, origin point) {
	style := ""
	if m.Bold {
		style = "B"
	}
	x, y := origin.X+m.At.X, origin.Y+m.At.Y
	p.to.SetFont(family, style, m.SizePt)
	p.to.SetFillColor(int(m.Color.R), int(m.Color.G), int(m.Color.B))
	if r, g, b := p.to.GetTextColor(); r != int(m.Color.R) || g != int(m.Color.G) || b != int(m.Color.B) { // it formats what it is given
		p.to.SetTextColor(int(m.Color.R), int(m.Color.G), int(m.Color.B))
	}
	if m.TrackPt > 0 {
		p.to.RawWriteStr(strconv.FormatFloat(m.TrackPt, 'f', 2, 64) + " Tc")
		defer p.to.RawWriteStr("0 Tc")
	}
	p.see(m.Color.Alpha, func() {
		if m.Degrees == 0 {
			p.to.Text(x, y, codes(m.Text))
			return
		}
		p.to.TransformBegin()
		p.to.TransformRotate(-m.Degrees, x, y)
		p.to.Text(x, y, codes(m.Text))
		p.to.TransformEnd()
	})
}

// see draws something with an opacity and goes back to opaque.
func (p *pen) see(alpha float64, draw func()) {
	if alpha >= 1 {
		draw()
		return
	}
	p.to.SetAlpha(alpha, "Normal")
	draw()
	p.to.SetAlpha(1, "Normal")
}

func (p *pen) shape(s *shape, origin point) {
	if s.Fill != nil {
		p.to.SetFillColor(int(s.Fill.R), int(s.Fill.G), int(s.Fill.B))
		p.see(s.Fill.Alpha, func() {
			p.path(s.Path, origin)
			p.to.DrawPath("F")
		})
	}
	if s.Shade != nil {
		p.shade(s, origin)
	}
	if s.Stroke == nil {
		return
	}
	p.to.SetDrawColor(int(s.Stroke.R), int(s.Stroke.G), int(s.Stroke.B))
	p.to.SetLineWidth(s.Width)
	if s.Round {
		p.to.SetLineCapStyle("round")
		p.to.SetLineJoinStyle("round")
	}
	if len(s.Dash) > 0 {
		p.to.SetDashPattern(s.Dash, 0)
	}
	p.see(s.Stroke.Alpha, func() {
		p.path(s.Path, origin)
		p.to.DrawPath("D")
	})
	if len(s.Dash) > 0 {
		p.to.SetDashPattern(nil, 0)
	}
	if s.Round {
		p.to.SetLineCapStyle("butt")
		p.to.SetLineJoinStyle("miter")
	}
}

func (p *pen) path(path []segment, origin point) {
	for _, s := range path {
		for i := range s.P {
			s.P[i] = point{X: s.P[i].X + origin.X, Y: s.P[i].Y + origin.Y}
		}
		switch s.Op {
		case 'M':
			p.to.MoveTo(s.P[0].X, s.P[0].Y)
		case 'L':
			p.to.LineTo(s.P[0].X, s.P[0].Y)
		case 'C':
			p.to.CurveBezierCubicTo(s.P[0].X, s.P[0].Y, s.P[1].X, s.P[1].Y, s.P[2].X, s.P[2].Y)
		case 'Z':
			p.to.ClosePath()
		}
	}
}

// shade fills a path with a gradient: inside the path, one band for each pair
// of stops, across the gradient's way. The opacity is that of the first stop:
// the engine has one per band.
func (p *pen) shade(s *shape, origin point) {
	low, high := vector.Bounds(s.Path)
	g, w, h := s.Shade, high.X-low.X, high.Y-low.Y
	if w <= 0 || h <= 0 {
		return
	}
	p.to.RawWriteStr("q")
	p.path(s.Path, origin)
	p.to.RawWriteStr("W n")
	// The engine counts a gradient's way in shares of the box, from below.
	share := func(at float64) (x, y float64) {
		x = g.From.X + at*(g.To.X-g.From.X)
		y = g.From.Y + at*(g.To.Y-g.From.Y)
		return (x - low.X) / w, 1 - (y-low.Y)/h
	}
	stops := g.Stops
	if len(stops) == 1 {
		stops = []vector.Stop{stops[0], stops[0]}
	}
	p.see(stops[0].Color.Alpha, func() {
		for i := range len(stops) - 1 {
			from, to := stops[i], stops[i+1]
			x1, y1 := share(from.At)
			x2, y2 := share(to.At)
			p.band(s, origin, i == 0, from.At, func() {
				p.to.LinearGradient(origin.X+low.X, origin.Y+low.Y, w, h,
					int(from.Color.R), int(from.Color.G), int(from.Color.B), int(to.Color.R), int(to.Color.G), int(to.Color.B), x1, y1, x2, y2)
			})
		}
	})
	p.to.RawWriteStr("Q")
}

// band draws what lies beyond a share of a gradient's way; the first band has
// no beginning. Later bands cover the end of those before them.
func (p *pen) band(s *shape, origin point, first bool, from float64, draw func()) {
	if first {
		draw()
		return
	}
	g := s.Shade
	length := math.Hypot(g.To.X-g.From.X, g.To.Y-g.From.Y)
	if length == 0 {
		return
	}
	const far = 1000 // millimetres: beyond any sheet
	along := point{X: (g.To.X - g.From.X) / length, Y: (g.To.Y - g.From.Y) / length}
	across := point{X: -along.Y, Y: along.X}
	start := point{X: g.From.X + from*(g.To.X-g.From.X), Y: g.From.Y + from*(g.To.Y-g.From.Y)}
	corner := func(a, b float64) segment {
		return segment{Op: 'L', P: [3]point{{X: start.X + a*along.X + b*across.X, Y: start.Y + a*along.Y + b*across.Y}}}
	}
	half := []segment{corner(0, -far), corner(far, -far), corner(far, far), corner(0, far), {Op: 'Z'}}
	half[0].Op = 'M'
	p.to.RawWriteStr("q")
	p.path(half, origin)
	p.to.RawWriteStr("W n")
	draw()
	p.to.RawWriteStr("Q")
}
