package pdf

import "duepack/render/vector"

// The type scale, in points (docs/design.md).
const (
	headlinePt = 20.0 // the finding of the first page
	sectionPt  = 16.0 // that of every other page, and the title of a document
	blockPt    = 10.0 // titles of tables and charts
	listPt     = 9.0
	bodyPt     = 8.5
	smallPt    = 7.5 // the least for what readers are to read
	finePt     = 7.0 // head and foot of a page
	valuePt    = 19.0
	factPt     = 13.0 // the value of a figure without a tile
	valueLow   = 9.0  // the smallest a value shrinks to
)

// leading is the height of a line over its size.
const leading = 1.35

// The grid, in millimetres: two columns and the gutter between them.
const (
	gutter      = 8.0
	columnWidth = (textWidth - gutter) / 2
)

// The palette: one ink, greys, one accent, green and red for what a sign says
// too, for print in black and white.
var (
	ink       = vector.RGB(0x1b1f24)
	muted     = vector.RGB(0x5b6570)
	hairline  = vector.RGB(0xd5dae0)
	line      = vector.RGB(0x8c969e)
	accent    = vector.RGB(0x1d4f7c)
	markTint  = vector.RGB(0xfbf3df)
	goodInk   = vector.RGB(0x2f7d4f)
	alarmInk  = vector.RGB(0xa8271e)
	alarmTint = vector.RGB(0xfbeeec)
	paper     = vector.RGB(0xffffff)
)

// lineHeight returns the height of a line in millimetres.
func lineHeight(sizePt float64) float64 { return sizePt * mmPerPoint * leading }

// baseline returns where text stands on a line whose upper edge is at top:
// capitals and ideographs are in the middle of the line.
func baseline(top, sizePt float64) float64 {
	return top + lineHeight(sizePt)/2 + 0.36*sizePt*mmPerPoint
}
