package raster

import (
	"fmt"
	"image"
	"math"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duepack/render/vector"
	"duepack/templates"
)

// fontPair is the regular and the bold embedded face. They are not written to
// and shared by all goroutines.
type fontPair [2]*sfnt.Font

var faces = sync.OnceValues(func() (*fontPair, error) {
	var pair fontPair
	for i, file := range [][]byte{templates.Regular, templates.Bold} {
		parsed, err := sfnt.Parse(file)
		if err != nil {
			return nil, fmt.Errorf("embedded face %d: %w", i, err)
		}
		pair[i] = parsed
	}
	return &pair, nil
})

func (f *fontPair) face(bold bool) *sfnt.Font {
	if bold {
		return f[1]
	}
	return f[0]
}

// em is the size at which glyphs are loaded: large, so that nothing is lost.
const em = 2048

// eachGlyph calls see with the glyphs of a text and the places where they start, in
// shares of the size. A character that the face lacks is its empty box;
// invisible ones are nothing.
func (f *fontPair) eachGlyph(text string, bold bool, see func(glyph sfnt.GlyphIndex, at float64) error) (width float64, err error) {
	face := f.face(bold)
	var buffer sfnt.Buffer
	for _, r := range text {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		glyph, err := face.GlyphIndex(&buffer, r)
		if err != nil {
			return 0, err
		}
		if see != nil {
			if err := see(glyph, width); err != nil {
				return 0, err
			}
		}
		advance, err := face.GlyphAdvance(&buffer, glyph, fixed.I(em), font.HintingNone)
		if err != nil {
			return 0, err
		}
		width += float64(advance) / 64 / em
	}
	return width, nil
}

// width is the measure of the faces.
func (f *fontPair) width(text string, bold bool, size float64) float64 {
	share, err := f.eachGlyph(text, bold, nil)
	if err != nil {
		return 0 // drawing the text reports it
	}
	return share * size
}

// text draws a line of text as its glyphs' outlines.
func (c canvas) text(m *vector.Text) error {
	var buffer sfnt.Buffer
	ink := image.NewUniform(nrgba(m.Color))
	sin, cos := math.Sincos(m.Degrees * math.Pi / 180)
	_, err := c.fonts.eachGlyph(m.Text, m.Bold, func(glyph sfnt.GlyphIndex, at float64) error {
		steps, err := c.fonts.face(m.Bold).LoadGlyph(&buffer, glyph, fixed.I(em), nil)
		if err != nil {
			return fmt.Errorf("glyph %d: %w", glyph, err)
		}
		place := func(p fixed.Point26_6) vector.Point {
			x, y := (float64(p.X)/64/em+at)*m.Size, float64(p.Y)/64/em*m.Size
			return vector.Point{X: m.At.X + x*cos - y*sin, Y: m.At.Y + x*sin + y*cos}
		}
		(&outline{}).add(glyphPath(steps, place)).fill(c.to, ink)
		return nil
	})
	return err
}

// glyphPath returns a glyph's outline as a path; its quadratic curves become
// cubic ones.
func glyphPath(steps sfnt.Segments, place func(fixed.Point26_6) vector.Point) []vector.Segment {
	var path []vector.Segment
	var last vector.Point
	for _, s := range steps {
		a := place(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path = append(path, vector.Segment{Op: 'M', P: [3]vector.Point{a}})
			last = a
		case sfnt.SegmentOpLineTo:
			path = append(path, vector.Segment{Op: 'L', P: [3]vector.Point{a}})
			last = a
		case sfnt.SegmentOpQuadTo:
			b := place(s.Args[1])
			path = append(path, vector.Segment{Op: 'C', P: [3]vector.Point{twoThirds(last, a), twoThirds(b, a), b}})
			last = b
		case sfnt.SegmentOpCubeTo:
			b, end := place(s.Args[1]), place(s.Args[2])
			path = append(path, vector.Segment{Op: 'C', P: [3]vector.Point{a, b, end}})
			last = end
		}
	}
	return path
}

// twoThirds is the point two thirds of the way from one to another.
func twoThirds(from, to vector.Point) vector.Point {
	return vector.Point{X: from.X + 2*(to.X-from.X)/3, Y: from.Y + 2*(to.Y-from.Y)/3}
}
