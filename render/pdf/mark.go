package pdf

import (
	"strconv"

	"duepack/render/vector"
)

// What charts are drawn from, the layout draws from too. Lengths on a strip are
// millimetres from its left and upper edge.
type (
	point   = vector.Point
	color   = vector.Color
	segment = vector.Segment
	shape   = vector.Shape
)

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
	TrackPt float64 // space after each character, for short labels in capitals
	// PageOf is the name of an anchor: Text becomes the number of its page,
	// right-aligned in Box from At on.
	PageOf string
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

// box returns a filled rectangle.
func box(x, y, w, h float64, fill color) *shape {
	return &shape{Path: vector.Rectangle(x, y, w, h), Fill: &fill}
}

// rule returns a horizontal line.
func rule(x, y, w, widthMM float64, stroke color) *shape {
	return &shape{Path: []segment{{Op: 'M', P: [3]point{{X: x, Y: y}}}, {Op: 'L', P: [3]point{{X: x + w, Y: y}}}}, Stroke: &stroke, Width: widthMM}
}

// moved returns marks at another place. Links and anchors move with them.
func moved(marks []mark, dx, dy float64) []mark {
	out := make([]mark, len(marks))
	for i, m := range marks {
		switch m := m.(type) {
		case *textMark:
			c := *m
			c.At = m.At.Plus(dx, dy)
			out[i] = &c
		case *shape:
			c := *m
			c.Path = vector.Moved(m.Path, dx, dy)
			if m.Shade != nil {
				shade := *m.Shade
				shade.From, shade.To = shade.From.Plus(dx, dy), shade.To.Plus(dx, dy)
				c.Shade = &shade
			}
			out[i] = &c
		case *group:
			out[i] = &group{Clip: vector.Moved(m.Clip, dx, dy), Marks: moved(m.Marks, dx, dy)}
		case *area:
			c := *m
			c.At = m.At.Plus(dx, dy)
			out[i] = &c
		case *anchor:
			c := *m
			c.Y += dy
			out[i] = &c
		}
	}
	return out
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
