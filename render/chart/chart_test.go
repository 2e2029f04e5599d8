package chart_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	"duepack/render/chart"
	"duepack/render/internal/book"
	"duepack/templates"
)

func words(t testing.TB, lang string) *render.Words {
	t.Helper()
	w, err := render.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func draw(t testing.TB, c *analysis.Chart, p *analysis.Pack, lang string) string {
	t.Helper()
	option, err := chart.Option(c, words(t, lang), p)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := chart.SVG(option, 640, 320)
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	return svg
}

// elements are what the PDF's interpreter understands.
var elements = []string{"svg", "path", "rect", "polyline", "polygon", "text", "g", "clipPath", "linearGradient", "defs", "style", "stop"}

func check(t *testing.T, name, svg string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: not XML: %v", name, err)
		}
		if start, ok := token.(xml.StartElement); ok && !slices.Contains(elements, start.Name.Local) {
			t.Errorf("%s: element %s", name, start.Name.Local)
		}
	}
}

func TestEveryChartOfEveryPackDraws(t *testing.T) {
	for bookName, p := range book.All() {
		for i := range p.Sections {
			for _, b := range p.Sections[i].Blocks {
				if b.Chart == nil {
					continue
				}
				for _, lang := range []string{"en", "zh-CN"} {
					svg := draw(t, b.Chart, p, lang)
					check(t, b.Chart.ID, svg)
					save(t, bookName+"-"+b.Chart.ID+"-"+lang, svg)
				}
			}
		}
	}
}

// save keeps pictures to look at where DUEPACK_LOOK names a folder.
func save(t *testing.T, name, svg string) {
	if dir := os.Getenv("DUEPACK_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), []byte(svg), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func days(n int64) analysis.Value {
	return analysis.Value{Unit: analysis.Days, Ratio: big.NewRat(n, 3)}
}

func money(m ledger.Minor) analysis.Value { return analysis.Value{Unit: analysis.Money, Minor: m} }

// kinds is a chart of each kind as the sections use them: a year of month-ends,
// bars below zero, names that are too long, lines that end close together,
// reps above and below their targets.
func kinds() []*analysis.Chart {
	months := make([]analysis.Cell, 12)
	for i := range months {
		months[i] = analysis.Cell{Month: 24310 + ledger.Month(i)}
	}
	names := []analysis.Cell{{Text: "恒达国际贸易（上海）有限公司"}, {Text: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"}, {Text: "{b} Braces & Sons"}, {Text: "Li"}}
	absent := analysis.Value{Unit: analysis.Money, Absent: analysis.NoSales}
	series := func(key, bucket string, from, step ledger.Minor) analysis.Series {
		s := analysis.Series{Key: key, Bucket: bucket}
		for i := range months {
			s.Values = append(s.Values, money((from+ledger.Minor(i*i%7)*step)*1_000_00))
		}
		return s
	}
	line := func(key string, from, step int64) analysis.Series {
		s := analysis.Series{Key: key}
		for i := range months {
			s.Values = append(s.Values, days(from+step*int64(i*i%5)))
		}
		return s
	}
	shares := func(key string, percent ...int64) analysis.Series {
		s := analysis.Series{Key: key}
		for _, n := range percent {
			s.Values = append(s.Values, analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(n, 100)})
		}
		return s
	}
	return []*analysis.Chart{
		{ID: "monthly_flow", Kind: analysis.BarChart, Labels: months, Series: []analysis.Series{series("sales", "", 300, 40), series("receipts", "", 280, 30)}},
		{ID: "aging_trend", Kind: analysis.StackedChart, Labels: months, Title: &analysis.Note{Key: "section.aging"}, Series: []analysis.Series{
			series("", "not_due", 500, 60), series("", "1-30", 80, 10), series("", "31-60", 60, 10), series("", "61-90", 30, 10), series("", "91-120", 20, 5), series("", "120+", 90, 20)}},
		{ID: "reps_contribution", Kind: analysis.RowsChart, Labels: names, Series: []analysis.Series{{Key: "contribution", Values: []analysis.Value{money(300_000_00), money(-100_000_00), absent, money(45_000_00)}}}},
		{ID: "rates", Kind: analysis.LineChart, Labels: months, Series: []analysis.Series{line("dso", 150, 9), line("open", 148, 7)}},
		{ID: "vintages", Kind: analysis.LineChart, Labels: months, Series: []analysis.Series{line("dso", 150, 9), line("open", 100, 7), line("sales", 90, 7), line("receipts", 80, 7), line("balance", 60, 20), line("overdue", 20, 20)}},
		{ID: "reps_quadrant", Kind: analysis.ScatterChart, Labels: names, Series: []analysis.Series{shares("sales", 40, 120, 95, 240), shares("receipts", 0, 180, 99, 60)}},
	}
}

func TestEveryKindOfChartDraws(t *testing.T) {
	p := book.Trading()
	for _, c := range kinds() {
		for _, lang := range []string{"en", "zh-CN"} {
			svg := draw(t, c, p, lang)
			check(t, string(c.Kind), svg)
			save(t, "kind-"+c.ID+"-"+lang, svg)
		}
	}
}

// Paper has a build of the charting library with the parts it needs. A part that
// is missing there changes the drawing without an error: labels of axes lay
// outside the canvas when one was.
func TestPaperIsDrawnAsThePageIs(t *testing.T) {
	whole := chart.With(t, templates.ECharts)
	same := func(c *analysis.Chart, p *analysis.Pack, lang string) {
		option, err := chart.Option(c, words(t, lang), p)
		if err != nil {
			t.Fatal(err)
		}
		want, err := whole(option, 640, 320)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := chart.SVG(option, 640, 320); err != nil || got != want {
			t.Errorf("%s in %s: the whole library draws it differently (%v)", c.ID, lang, err)
		}
	}
	p := book.Trading()
	for _, c := range kinds() {
		same(c, p, "en")
		same(c, p, "zh-CN")
	}
	for i := range p.Sections {
		for _, b := range p.Sections[i].Blocks {
			if b.Chart != nil {
				same(b.Chart, p, "en")
			}
		}
	}
}

func TestChartWithoutValuesIsNotAnError(t *testing.T) {
	draw(t, &analysis.Chart{ID: "aging", Kind: analysis.BarChart}, book.Trading(), "en")
}

func TestSeriesOfAnotherLengthIsRefused(t *testing.T) {
	c := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}}, Series: []analysis.Series{{Key: "sales"}}}
	if _, err := chart.Option(c, words(t, "en"), book.Trading()); err == nil {
		t.Error("no error")
	}
}

func TestMissingSeriesTypeIsNoBlankPicture(t *testing.T) {
	option := []byte(`{"xAxis":{"type":"category","data":["a"]},"yAxis":{},"series":[{"type":"nosuch","data":[1]}]}`)
	if _, err := chart.SVG(option, 300, 200); err == nil {
		t.Error("a series type that the library lacks came out blank, without an error")
	}
}

func TestNotANumberIsRefused(t *testing.T) {
	option := []byte(`{"xAxis":{"type":"category","data":["a"]},"yAxis":{},"series":[{"type":"bar","data":[NaN]}]}`)
	if _, err := chart.SVG(option, 300, 200); err == nil {
		t.Error("NaN was drawn")
	}
}

func TestSameChartSameBytes(t *testing.T) {
	p := book.Trading()
	for _, b := range p.Sections[0].Blocks {
		if b.Chart == nil {
			continue
		}
		first := draw(t, b.Chart, p, "zh-CN")
		if second := draw(t, b.Chart, book.Trading(), "zh-CN"); !bytes.Equal([]byte(first), []byte(second)) {
			t.Error("two drawings of one chart differ")
		}
	}
}

// Machines draw one chart after another: none may leave a trace in the next.
func TestChartDoesNotDependOnTheChartsBefore(t *testing.T) {
	p := book.Trading()
	first := map[string]string{}
	for round := range 3 {
		for _, c := range kinds() {
			svg := draw(t, c, p, "en")
			if before, ok := first[c.ID]; ok && svg != before {
				t.Errorf("round %d: %s is another drawing than at first", round, c.ID)
			}
			first[c.ID] = svg
		}
	}
}

// A bar that does not start at zero lies about its length.
func TestBarsStartAtZero(t *testing.T) {
	near := analysis.Series{Key: "sales", Values: []analysis.Value{money(900_00), money(905_00)}}
	c := &analysis.Chart{ID: "monthly_flow", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}, {Text: "b"}}, Series: []analysis.Series{near, near}}
	svg := draw(t, c, book.Trading(), "en")
	if !strings.Contains(svg, ">0</text>") {
		t.Error("the axis has no zero")
	}
}

func BenchmarkSVG(b *testing.B) {
	p := book.Trading()
	c := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}, {Text: "b"}},
		Series: []analysis.Series{{Key: "sales", Values: []analysis.Value{money(900_00), money(905_00)}}}}
	option, err := chart.Option(c, words(b, "en"), p)
	if err != nil {
		b.Fatal(err)
	}
	chart.Warm()
	for b.Loop() {
		if _, err := chart.SVG(option, 640, 320); err != nil {
			b.Fatal(err)
		}
	}
}

// lightness is the relative luminance of #rrggbb (WCAG 2.2).
func lightness(t *testing.T, color string) float64 {
	t.Helper()
	var channel [3]int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &channel[0], &channel[1], &channel[2]); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(channel[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// Buckets are told apart by lightness alone, as a black-and-white printer and
// colour-blind readers do: the older, the darker, however many there are.
func TestOlderBucketsAreDarker(t *testing.T) {
	for n := 2; n <= 10; n++ {
		p := &analysis.Pack{Buckets: []analysis.Bucket{{ID: "b0", NotDue: true}}, Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}}}
		c := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Series: []analysis.Series{{Key: "open"}}}
		for i := range n {
			id := fmt.Sprintf("b%d", i)
			p.Buckets = append(p.Buckets[:i], analysis.Bucket{ID: id, NotDue: i == 0})
			c.Labels = append(c.Labels, analysis.Cell{Bucket: id})
			c.Series[0].Values = append(c.Series[0].Values, money(100))
		}
		option, err := chart.Option(c, words(t, "en"), p)
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct {
			Series []struct {
				Data []struct{ ItemStyle struct{ Color string } }
			}
		}
		if err := json.Unmarshal(option, &parsed); err != nil {
			t.Fatal(err)
		}
		bars := parsed.Series[0].Data
		for i := 2; i < n; i++ {
			if lightness(t, bars[i].ItemStyle.Color) >= lightness(t, bars[i-1].ItemStyle.Color) {
				t.Errorf("%d buckets: number %d (%s) is not darker than the one before (%s)", n, i, bars[i].ItemStyle.Color, bars[i-1].ItemStyle.Color)
			}
		}
	}
}

// svgText is a text of a drawing with where it stands.
var svgText = regexp.MustCompile(`<text[^>]*transform="translate\(([-0-9.]+) ([-0-9.]+)\)"[^>]*>([^<]+)</text>`)

// Names at the ends of lines stand apart although the lines end within a few
// pixels of each other.
func TestNamesOfLinesDoNotCoverEachOther(t *testing.T) {
	p, w := book.Trading(), words(t, "en")
	for _, c := range kinds() {
		if c.Kind != analysis.LineChart {
			continue
		}
		at := map[string]float64{}
		for _, text := range svgText.FindAllStringSubmatch(draw(t, c, p, "en"), -1) {
			at[text[3]], _ = strconv.ParseFloat(text[2], 64)
		}
		for i := range c.Series {
			for j := range c.Series[:i] {
				a, b := w.Series(p, &c.Series[i]), w.Series(p, &c.Series[j])
				if at[a] == 0 || at[b] == 0 || math.Abs(at[a]-at[b]) < 12 {
					t.Errorf("%s: %s at %g and %s at %g", c.ID, a, at[a], b, at[b])
				}
			}
		}
	}
}

// Months are short, and the year stands under the first and under January.
func TestMonthsOfAnAxisAreShort(t *testing.T) {
	svg := draw(t, kinds()[0], book.Trading(), "en")
	for text, want := range map[string]int{">Nov<": 1, ">2025<": 1, ">Jan<": 1, ">2026<": 1, ">Oct<": 1, ">2025-11<": 0} {
		if got := strings.Count(svg, text); got != want {
			t.Errorf("%s stands %d times, want %d", text, got, want)
		}
	}
}

func TestQuadrantsAreNamed(t *testing.T) {
	w := words(t, "en")
	svg := draw(t, kinds()[5], book.Trading(), "en")
	for _, key := range []string{"high_high", "low_high", "high_low", "low_low"} {
		if name := w.Text("chart.reps_quadrant." + key); !strings.Contains(svg, ">"+name+"<") {
			t.Errorf("%q is not in the drawing", name)
		}
	}
}

// A quadrant too narrow for its name has none, and shares have no axis below
// zero.
func TestNarrowQuadrantHasNoName(t *testing.T) {
	c := *kinds()[5]
	c.Series = []analysis.Series{{Key: "sales"}, {Key: "receipts"}}
	for i := range c.Labels {
		c.Series[0].Values = append(c.Series[0].Values, analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(int64(10+i), 1)})
		c.Series[1].Values = append(c.Series[1].Values, analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(int64(1+i), 2)})
	}
	w := words(t, "en")
	svg := draw(t, &c, book.Trading(), "en")
	if name := w.Text("chart.reps_quadrant.low_high"); strings.Contains(svg, ">"+name+"<") {
		t.Errorf("%q is named beside points at 1000 %% and more", name)
	}
	if name := w.Text("chart.reps_quadrant.high_high"); !strings.Contains(svg, ">"+name+"<") {
		t.Errorf("%q is not in the drawing", name)
	}
	if strings.Contains(svg, ">-") || strings.Contains(svg, ">−") {
		t.Error("an axis of shares goes below zero")
	}
}
