package pdf

import "duepack/render/vector"

// The type scale, in points.
const (
	titlePt   = 21.0
	sectionPt = 14.0
	blockPt   = 9.5
	bodyPt    = 8.5
	smallPt   = 7.0
	finePt    = 6.5
	valuePt   = 14.0 // the value of a tile
	valueLow  = 8.0  // the smallest it shrinks to
)

// leading is the height of a line over its size.
const leading = 1.35

// The palette: one ink, greys, one accent, and red for what must not be
// overlooked, which a bar marks too, for print in black and white.
var (
	ink       = vector.RGB(0x1d2730)
	muted     = vector.RGB(0x5b6670)
	hairline  = vector.RGB(0xd9dee2)
	line      = vector.RGB(0x8c969e)
	accent    = vector.RGB(0x1f5f8b)
	tint      = vector.RGB(0xf3f6f8)
	markTint  = vector.RGB(0xfdf3dc)
	alarmInk  = vector.RGB(0x8f2318)
	alarmTint = vector.RGB(0xfbecea)
)

// lineHeight returns the height of a line in millimetres.
func lineHeight(sizePt float64) float64 { return sizePt * mmPerPoint * leading }

// baseline returns where text stands on a line whose upper edge is at top:
// capitals and ideographs are in the middle of the line.
func baseline(top, sizePt float64) float64 {
	return top + lineHeight(sizePt)/2 + 0.36*sizePt*mmPerPoint
}
