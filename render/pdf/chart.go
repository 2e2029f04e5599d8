package pdf

import (
	"fmt"
	"runtime"
	"sync"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/chart"
	"duepack/render/vector"
)

// pixel is the size of a chart's pixel in millimetres: its texts of 12 pixels
// are 8 points high, whatever the width of the chart.
const pixel = 8.0 * mmPerPoint / 12

// mostBars keeps a chart with a bar per label on one page.
const mostBars = 40

// plot is the place of a chart on a strip. It is drawn once all places are
// known.
type plot struct {
	chart         *analysis.Chart
	at            point
	width, height float64 // millimetres
}

// heights returns the least and the largest height of a chart in millimetres.
func heights(c *analysis.Chart) (least, most float64) {
	switch c.Kind {
	case analysis.RowsChart:
		const around = 34 // pixels above and below the bars
		n := float64(min(len(c.Labels), mostBars))
		return (around + 17*n) * pixel, (around + 28*n) * pixel
	case analysis.ScatterChart:
		return 56, 104
	}
	return 38, 96
}

// chart adds a chart under its title, as high as the plan says.
func (l *layout) chart(c *analysis.Chart) {
	l.heading(l.words.Chart(l.pack, c))
	if len(c.Labels) == 0 {
		l.paragraph(l.words.Text("pack.empty"), style{bodyPt, false, muted})
		return
	}
	for i := range c.Labels {
		l.plain(l.words.Cell(l.pack, &c.Labels[i])) // a character that cannot be drawn is named at the end
	}
	c = bounded(c)
	least, most := heights(c)
	height := least + l.plan.stretch*(most-least)
	l.add(&strip{Height: height, Buckets: chartShowsBuckets(c), Plots: []plot{{chart: c, width: l.widthMM, height: height}}})
}

// bounded returns a chart of rows that fits on a page.
func bounded(c *analysis.Chart) *analysis.Chart {
	if c.Kind != analysis.RowsChart || len(c.Labels) <= mostBars {
		return c
	}
	cut := *c
	cut.Labels = c.Labels[:mostBars]
	cut.Series = make([]analysis.Series, len(c.Series))
	for i, s := range c.Series {
		cut.Series[i] = s
		cut.Series[i].Values = s.Values[:min(mostBars, len(s.Values))]
	}
	return &cut
}

// drawPlots draws the charts of strips, several at a time: each takes tens of
// milliseconds and depends on nothing else.
func drawPlots(p *analysis.Pack, w *render.Words, fonts [2]*face, sheets []*sheet) error {
	var running sync.WaitGroup
	var guard sync.Mutex
	var failed error
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, sheet := range sheets {
		for _, s := range sheet.Strips {
			if len(s.Plots) == 0 {
				continue
			}
			running.Go(func() {
				slots <- struct{}{}
				err := s.drawPlots(p, w, fonts)
				<-slots
				guard.Lock()
				defer guard.Unlock()
				if failed == nil {
					failed = err
				}
			})
		}
	}
	running.Wait()
	return failed
}

// drawPlots turns the plots of a strip into marks.
func (s *strip) drawPlots(p *analysis.Pack, w *render.Words, fonts [2]*face) error {
	for _, plot := range s.Plots {
		marks, err := plot.draw(p, w, fonts)
		if err != nil {
			return err
		}
		s.Marks = append(s.Marks, moved(marks, plot.at.X, plot.at.Y)...)
	}
	s.Plots = nil
	return nil
}

func (p *plot) draw(pack *analysis.Pack, w *render.Words, fonts [2]*face) ([]mark, error) {
	option, err := chart.Option(p.chart, w, pack)
	if err != nil {
		return nil, err
	}
	svg, err := chart.SVG(option, int(p.width/pixel), int(p.height/pixel))
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.chart.ID, err)
	}
	marks, _, err := drawSVG(svg, p.width, fonts)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.chart.ID, err)
	}
	return marks, nil
}

// drawSVG returns a drawing as marks of a width, and its height, both in
// millimetres.
func drawSVG(svg string, width float64, fonts [2]*face) ([]mark, float64, error) {
	measure := func(text string, bold bool, size float64) float64 {
		return fonts[weightIndex(bold)].width(plain(text), size/mmPerPoint)
	}
	marks, height, err := vector.Read(svg, width, measure)
	return stripMarks(marks), height, err
}

// stripMarks returns the marks of a drawing as marks of a strip.
func stripMarks(drawn []vector.Mark) []mark {
	var marks []mark
	for _, m := range drawn {
		switch m := m.(type) {
		case *vector.Group:
			marks = append(marks, &group{Clip: m.Clip, Marks: stripMarks(m.Marks)})
		case *vector.Text:
			if text := plain(m.Text); text != "" {
				marks = append(marks, &textMark{At: m.At, Text: text, SizePt: m.Size / mmPerPoint, Bold: m.Bold, Color: m.Color, Box: m.Width, Degrees: m.Degrees})
			}
		default:
			marks = append(marks, m)
		}
	}
	return marks
}

func weightIndex(bold bool) int {
	if bold {
		return 1
	}
	return 0
}

func chartShowsBuckets(c *analysis.Chart) bool {
	for i := range c.Labels {
		if c.Labels[i].Bucket != "" {
			return true
		}
	}
	for i := range c.Series {
		if c.Series[i].Bucket != "" {
			return true
		}
	}
	return false
}
