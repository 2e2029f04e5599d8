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

// Charts are drawn on a canvas of this width in pixels; a pixel is then about
// two thirds of a point, and a label of 11 pixels 7 points high.
const (
	canvasWidth = 760
	flatHeight  = 250
	pointHeight = 300
	rowHeight   = 21
	// mostRows keeps a chart with a row per label on one page.
	mostRows = 40
)

// picture is a chart as marks.
type picture struct {
	marks  []mark
	height float64 // millimetres
	err    error
}

// drawCharts draws the charts of sections, several at a time: each takes tens
// of milliseconds and depends on nothing else.
func drawCharts(p *analysis.Pack, w *render.Words, fonts [2]*face, sections []*analysis.Section) map[*analysis.Chart]picture {
	pictures := map[*analysis.Chart]picture{}
	var guard sync.Mutex
	var running sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, s := range sections {
		for i := range s.Blocks {
			c := s.Blocks[i].Chart
			if c == nil || len(c.Labels) == 0 {
				continue
			}
			running.Go(func() {
				slots <- struct{}{}
				drawn := drawChart(p, w, fonts, c)
				<-slots
				guard.Lock()
				pictures[c] = drawn
				guard.Unlock()
			})
		}
	}
	running.Wait()
	return pictures
}

func drawChart(p *analysis.Pack, w *render.Words, fonts [2]*face, c *analysis.Chart) picture {
	c = bounded(c)
	height := flatHeight
	switch c.Kind {
	case analysis.RowsChart:
		height = 50 + rowHeight*len(c.Labels)
	case analysis.ScatterChart:
		height = pointHeight
	}
	option, err := chart.Option(c, w, p)
	if err != nil {
		return picture{err: err}
	}
	svg, err := chart.SVG(option, canvasWidth, height)
	if err != nil {
		return picture{err: fmt.Errorf("chart %s: %w", c.ID, err)}
	}
	marks, heightMM, err := drawSVG(svg, fonts)
	if err != nil {
		return picture{err: fmt.Errorf("chart %s: %w", c.ID, err)}
	}
	return picture{marks: marks, height: heightMM}
}

// drawSVG returns a drawing as marks across the page, and its height in
// millimetres.
func drawSVG(svg string, fonts [2]*face) ([]mark, float64, error) {
	measure := func(text string, bold bool, size float64) float64 {
		return fonts[weightIndex(bold)].width(plain(text), size/mmPerPoint)
	}
	marks, heightMM, err := vector.Read(svg, textWidth, measure)
	return stripMarks(marks), heightMM, err
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

// bounded returns a chart of rows that fits on a page.
func bounded(c *analysis.Chart) *analysis.Chart {
	if c.Kind != analysis.RowsChart || len(c.Labels) <= mostRows {
		return c
	}
	cut := *c
	cut.Labels = c.Labels[:mostRows]
	cut.Series = make([]analysis.Series, len(c.Series))
	for i, s := range c.Series {
		cut.Series[i] = s
		cut.Series[i].Values = s.Values[:min(mostRows, len(s.Values))]
	}
	return &cut
}

// chart adds a chart under its title.
func (l *layout) chart(c *analysis.Chart) error {
	l.heading(l.words.Chart(l.pack, c))
	if len(c.Labels) == 0 {
		l.paragraph(l.words.Text("pack.empty"), style{bodyPt, false, muted})
		return nil
	}
	drawn := l.charts[c]
	if drawn.err != nil {
		return drawn.err
	}
	l.add(&strip{Height: drawn.height, Marks: drawn.marks, Buckets: chartShowsBuckets(c)})
	return nil
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
