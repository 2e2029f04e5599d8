package chart

import (
	"fmt"

	"duepack/analysis"
)

// palette tells series apart for colour-blind readers: after Okabe and Ito,
// "Color universal design" (2008), toned down, and of differing lightness, so
// that it also works printed in black and white.
var palette = [...]string{"#1d4f7c", "#e0962e", "#4f9d8f", "#8b6bb1"}

// inks are the colours of the palette as text: each has a contrast of at least
// 4.5 to 1 on white.
var inks = [...]string{"#1d4f7c", "#996013", "#2f766b", "#7654a0"}

// Colours of aging buckets: what is not due is cool, what is overdue goes from
// light to dark by age, so that the order survives a black-and-white printer.
var (
	notDueColor = [3]int{0x7f, 0xa7, 0xc4}
	agedColors  = [][3]int{{0xf2, 0xd7, 0xa0}, {0xe7, 0xb1, 0x5e}, {0xd3, 0x80, 0x3b}, {0xb0, 0x4a, 0x2a}, {0x7d, 0x1f, 0x1a}}
)

// Lines beyond the palette are a sequence, as months of issue: they go from the
// first colour to the last.
var sequence = [][3]int{{0xc3, 0xd0, 0xdc}, {0x1d, 0x4f, 0x7c}}

func (d *drawing) seriesColor(i int) string {
	if bucket := d.chart.Series[i].Bucket; bucket != "" {
		return bucketColor(d.pack, bucket)
	}
	if n := len(d.chart.Series); n > len(palette) {
		return hex(along(sequence, i, n))
	}
	return palette[i]
}

// nameColor is the colour of a line's name: that of the line, dark enough to
// read; in a sequence, whose first lines are pale, that of all text.
func (d *drawing) nameColor(i int) string {
	if len(d.chart.Series) > len(palette) {
		return textColor
	}
	return inks[i]
}

// bucketColor returns the colour of a bucket by its place among the pack's.
func bucketColor(p *analysis.Pack, id string) string {
	place, aged := 0, 0
	for _, b := range p.Buckets {
		if b.ID == id && b.NotDue {
			return hex(notDueColor)
		}
		if b.ID == id {
			place = aged
		}
		if !b.NotDue {
			aged++
		}
	}
	return hex(along(agedColors, place, aged))
}

// along returns the ith of n colours on the way through stops.
func along(stops [][3]int, i, n int) [3]int {
	if n < 2 {
		return stops[len(stops)-1]
	}
	way := i * (len(stops) - 1)
	from := min(way/(n-1), len(stops)-2)
	rest := way - from*(n-1)
	mix := [3]int{}
	for c := range mix {
		mix[c] = stops[from][c] + (stops[from+1][c]-stops[from][c])*rest/(n-1)
	}
	return mix
}

func hex(c [3]int) string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }
