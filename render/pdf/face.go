package pdf

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"duepack/templates"

	"github.com/johnfercher/maroto/v2/pkg/consts/fontfamily"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// mmPerPoint converts typographic points to millimetres.
const mmPerPoint = 25.4 / 72

// family is the standard family that the engine takes for the embedded one.
const family = fontfamily.Helvetica

// basicPlane is how many characters the engine can write: it panics above
// U+FFFF.
const basicPlane = 1 << 16

// face is one weight of the embedded font with the metrics of every character
// of the basic plane. It is never written to and shared by all goroutines.
type face struct {
	tables  tables
	advance []int16  // by character, in thousandths of the size
	glyph   []uint16 // by character; 0 where the face lacks it
}

// faces are the regular and the bold face, measured once per process (5 ms).
var faces = sync.OnceValues(func() ([2]*face, error) {
	regular, err := newFace(templates.Regular)
	if err != nil {
		return [2]*face{}, fmt.Errorf("regular face: %w", err)
	}
	bold, err := newFace(templates.Bold)
	if err != nil {
		return [2]*face{}, fmt.Errorf("bold face: %w", err)
	}
	return [2]*face{regular, bold}, nil
})

// newFace measures a static TrueType face. A character that the face lacks is
// drawn as the face's empty box and measured as that box.
func newFace(file []byte) (*face, error) {
	parsed, err := sfnt.Parse(file)
	if err != nil {
		return nil, err
	}
	parts, err := readTables(file)
	if err != nil {
		return nil, err
	}
	f := &face{tables: parts, advance: make([]int16, basicPlane), glyph: make([]uint16, basicPlane)}
	var buffer sfnt.Buffer
	em := fixed.I(int(parsed.UnitsPerEm()))
	width := func(glyph sfnt.GlyphIndex) (int16, error) {
		units, err := parsed.GlyphAdvance(&buffer, glyph, em, font.HintingNone)
		return int16(math.Round(1000 * float64(units) / float64(em))), err
	}
	box, err := width(0)
	if err != nil {
		return nil, err
	}
	for r := range rune(basicPlane) {
		f.advance[r] = box
		glyph, err := parsed.GlyphIndex(&buffer, r)
		if err != nil || glyph == 0 {
			continue
		}
		if f.advance[r], err = width(glyph); err != nil {
			return nil, err
		}
		f.glyph[r] = uint16(glyph)
	}
	return f, nil
}

// width returns the width of a plain text in millimetres at a size in points.
func (f *face) width(text string, sizePt float64) float64 {
	sum := 0
	for _, r := range text {
		sum += f.thousandths(r)
	}
	return float64(sum) / 1000 * sizePt * mmPerPoint
}

func (f *face) thousandths(r rune) int {
	if r >= basicPlane {
		r = utf8.RuneError
	}
	return int(f.advance[r])
}

// plain returns a text as the engine can write it: controls and line breaks
// become spaces, invisible format characters and variation selectors vanish,
// and what lies above U+FFFF (emoji, rare characters such as 𠮷), where the
// engine panics, becomes U+FFFD, which is drawn as an empty box.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r), r >= 0xFE00 && r <= 0xFE0F:
			return -1
		case r >= basicPlane-2:
			return utf8.RuneError
		}
		return r
	}, text)
}
