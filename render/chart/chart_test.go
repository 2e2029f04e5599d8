package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	"duepack/render/chart"
	"duepack/render/internal/book"
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

// save keeps pictures to look at where LOOK names a folder.
func save(t *testing.T, name, svg string) {
	if dir := os.Getenv("LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), []byte(svg), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func days(n int64) analysis.Value {
	return analysis.Value{Unit: analysis.Days, Ratio: big.NewRat(n, 3)}
}

func money(m ledger.Minor) analysis.Value { return analysis.Value{Unit: analysis.Money, Minor: m} }

func TestEveryKindOfChartDraws(t *testing.T) {
	p := book.Trading()
	labels := []analysis.Cell{{Month: 24310}, {Month: 24311}, {Month: 24312}}
	absent := analysis.Value{Unit: analysis.Money, Absent: analysis.NoSales}
	charts := []analysis.Chart{
		{ID: "aging", Kind: analysis.BarChart, Labels: labels, Series: []analysis.Series{{Key: "sales", Values: []analysis.Value{money(100), money(-300_00), absent}}, {Key: "receipts", Values: []analysis.Value{money(5), money(7), money(0)}}}},
		{ID: "aging", Kind: analysis.StackedChart, Labels: labels, Series: []analysis.Series{{Bucket: "not_due", Values: []analysis.Value{money(100), money(300_00), absent}}, {Bucket: "1-30", Values: []analysis.Value{money(1), money(2), money(3)}}}},
		{ID: "aging", Kind: analysis.RowsChart, Labels: labels, Series: []analysis.Series{{Key: "contribution", Values: []analysis.Value{money(-100_000_00), money(300_000_00), absent}}}},
		{ID: "rates", Kind: analysis.LineChart, Labels: labels, Series: []analysis.Series{{Key: "dso", Values: []analysis.Value{days(100), days(130), days(99)}}}},
		{ID: "rates", Kind: analysis.ScatterChart, Labels: labels, Series: []analysis.Series{{Key: "sales", Values: []analysis.Value{money(100), money(200), money(300)}}, {Key: "dso", Values: []analysis.Value{days(1), days(2), days(3)}}}},
	}
	for i := range charts {
		svg := draw(t, &charts[i], p, "en")
		check(t, string(charts[i].Kind), svg)
		save(t, "kind-"+string(charts[i].Kind), svg)
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

// A bar that does not start at zero lies about its length.
func TestBarsStartAtZero(t *testing.T) {
	c := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}, {Text: "b"}},
		Series: []analysis.Series{{Key: "sales", Values: []analysis.Value{money(900_00), money(905_00)}}}}
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
