package chart

import (
	"fmt"

	"duepack/analysis"
)

// palette tells series apart for colour-blind readers: after Okabe and Ito,
// "Color universal design" (2008), toned down, and of differing lightness, so
// that it also works printed in black and white.
var palette = [...]string{"#1f5f8b", "#e39a2d", "#4f9d8f", "#8b6bb1", "#b5493c", "#7b8794"}

// Colours of aging buckets: what is not due is cool, what is overdue goes from
// light to dark by age.
const notDueColor = "#7ba5c4"

var (
	youngest = [3]int{0xf3, 0xcf, 0x92}
	oldest   = [3]int{0xa9, 0x3c, 0x1f}
)

func (d *drawing) seriesColor(i int) string {
	if bucket := d.chart.Series[i].Bucket; bucket != "" {
		return bucketColor(d.pack, bucket)
	}
	return palette[i%len(palette)]
}

// bucketColor returns the colour of a bucket by its place among the pack's.
func bucketColor(p *analysis.Pack, id string) string {
	place, aged := 0, 0
	for _, b := range p.Buckets {
		if b.ID == id && b.NotDue {
			return notDueColor
		}
		if b.ID == id {
			place = aged
		}
		if !b.NotDue {
			aged++
		}
	}
	steps := max(1, aged-1)
	mix := [3]int{}
	for i := range mix {
		mix[i] = youngest[i] + (oldest[i]-youngest[i])*place/steps
	}
	return fmt.Sprintf("#%02x%02x%02x", mix[0], mix[1], mix[2])
}
