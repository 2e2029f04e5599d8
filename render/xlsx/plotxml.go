package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"duepack/analysis"
)

// plot is a chart as a workbook draws it. It is written here and not by
// excelize, for a chart without the values it draws is blank in viewers that
// do not read the cells.
type plot struct {
	kind   analysis.ChartKind
	title  string
	axis   string // number format of the values
	series []plotSeries
}

// plotSeries is one series: the cells of its name, labels and values.
type plotSeries struct {
	name, labels textRange
	values       valueRange
	color        string
	pointColors  []string // one per label, or none
}

// textRange is a range of texts with what stands in it.
type textRange struct {
	ref   string
	texts []string
}

// valueRange is a range of numbers with what stands in it; "" is a gap.
type valueRange struct {
	ref     string
	numbers []string
}

// labelledPoints is up to how many bars of one series carry their value.
const labelledPoints = 15

// The namespaces of a chart.
const chartSpace = `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`

// xml returns the part of the chart.
func (p *plot) xml() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + chartSpace +
		`<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>`)
	switch p.kind {
	case analysis.LineChart:
		p.lines(&b)
	case analysis.ScatterChart:
		p.points(&b)
	default:
		p.bars(&b)
	}
	b.WriteString(`<c:spPr><a:noFill/></c:spPr></c:plotArea>`)
	if len(p.series) > 1 && p.kind != analysis.ScatterChart {
		b.WriteString(`<c:legend><c:legendPos val="t"/><c:overlay val="0"/>` + chartText(quietColor) + `</c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>` +
		`<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` + chartText(inkColor) + `</c:chartSpace>`)
	return []byte(b.String())
}

// chartText is the lettering of a part of a chart.
func chartText(color string) string {
	return `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="` + color +
		`"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>`
}

// lying reports whether bars run from left to right.
func (p *plot) lying() bool { return p.kind == analysis.RowsChart }

// labelled reports whether bars carry their values, and need no axis for them.
func (p *plot) labelled() bool {
	return len(p.series) == 1 && p.kind != analysis.StackedChart && (p.lying() || len(p.series[0].values.numbers) <= labelledPoints)
}

func (p *plot) bars(b *strings.Builder) {
	direction, grouping, overlap := "col", "clustered", "0"
	if p.lying() {
		direction = "bar"
	}
	if p.kind == analysis.StackedChart {
		grouping, overlap = "stacked", "100"
	}
	fmt.Fprintf(b, `<c:barChart><c:barDir val="%s"/><c:grouping val="%s"/><c:varyColors val="0"/>`, direction, grouping)
	for i := range p.series {
		s := &p.series[i]
		s.begin(b, i)
		b.WriteString(fill(s.color) + `<c:invertIfNegative val="0"/>`)
		for j, color := range s.pointColors {
			fmt.Fprintf(b, `<c:dPt><c:idx val="%d"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>%s</c:dPt>`, j, fill(color))
		}
		if p.labelled() {
			fmt.Fprintf(b, `<c:dLbls><c:numFmt formatCode="%s" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>%s<c:dLblPos val="outEnd"/>`+
				`<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`,
				attribute(p.axis), chartText(inkColor))
		}
		s.labels.write(b, "cat")
		s.values.write(b, "val")
		b.WriteString(`</c:ser>`)
	}
	fmt.Fprintf(b, `<c:gapWidth val="45"/><c:overlap val="%s"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`, overlap)
	p.axes(b)
}

func (p *plot) lines(b *strings.Builder) {
	b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	for i := range p.series {
		s := &p.series[i]
		s.begin(b, i)
		fmt.Fprintf(b, `<c:spPr><a:ln w="22225" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:round/></a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>`, s.color)
		s.labels.write(b, "cat")
		s.values.write(b, "val")
		b.WriteString(`<c:smooth val="0"/></c:ser>`)
	}
	b.WriteString(`<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`)
	p.axes(b)
}

// points draws one point per label, each a series of its own, which is how a
// workbook names points.
func (p *plot) points(b *strings.Builder) {
	b.WriteString(`<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>`)
	x, y := &p.series[0], &p.series[1]
	for i, label := range x.labels.texts {
		name := textRange{cellOf(x.labels.ref, i), []string{label}}
		point := plotSeries{name: name}
		point.begin(b, i)
		fmt.Fprintf(b, `<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="8"/>%s</c:marker>`, fill(x.color))
		b.WriteString(`<c:dLbls><c:spPr><a:noFill/></c:spPr>` + chartText(inkColor) + `<c:dLblPos val="r"/><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/>` +
			`<c:showSerName val="1"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
		valueRange{cellOf(x.values.ref, i), x.values.numbers[i : i+1]}.write(b, "xVal")
		valueRange{cellOf(y.values.ref, i), y.values.numbers[i : i+1]}.write(b, "yVal")
		b.WriteString(`<c:smooth val="0"/></c:ser>`)
	}
	b.WriteString(`<c:axId val="1"/><c:axId val="2"/></c:scatterChart>`)
	p.valueAxis(b, 1, 2, "b", x.name)
	p.valueAxis(b, 2, 1, "l", y.name)
}

// cellOf returns the n-th cell of a range of one column: 'S'!$A$3:$A$9.
func cellOf(ref string, n int) string {
	first, _, _ := strings.Cut(ref, ":")
	column, row, _ := cutLast(first, "$")
	number, _ := strconv.Atoi(row) // refs are made by absolute
	return column + "$" + strconv.Itoa(number+n)
}

func (s *plotSeries) begin(b *strings.Builder, i int) {
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/>`, i, i)
	s.name.write(b, "tx")
}

func (t textRange) write(b *strings.Builder, element string) {
	fmt.Fprintf(b, `<c:%s><c:strRef><c:f>%s</c:f><c:strCache><c:ptCount val="%d"/>`, element, xmlText(t.ref), len(t.texts))
	for i, text := range t.texts {
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, xmlText(text))
	}
	fmt.Fprintf(b, `</c:strCache></c:strRef></c:%s>`, element)
}

func (v valueRange) write(b *strings.Builder, element string) {
	fmt.Fprintf(b, `<c:%s><c:numRef><c:f>%s</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>`, element, xmlText(v.ref), len(v.numbers))
	for i, number := range v.numbers {
		if number != "" {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, number)
		}
	}
	fmt.Fprintf(b, `</c:numCache></c:numRef></c:%s>`, element)
}

// axes writes the axis of labels and that of values. Bars from left to right
// have the first label on top.
func (p *plot) axes(b *strings.Builder) {
	orientation, labels, values := "minMax", "b", "l"
	if p.lying() {
		orientation, labels, values = "maxMin", "l", "t"
	}
	fmt.Fprintf(b, `<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:numFmt formatCode="General" sourceLinked="0"/>`+
		`<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>%s%s<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`,
		orientation, labels, stroke(quietColor), chartText(quietColor))
	p.valueAxis(b, 2, 1, values, textRange{})
}

// valueAxis writes an axis of numbers; where bars carry theirs it is not drawn.
func (p *plot) valueAxis(b *strings.Builder, id, cross int, position string, title textRange) {
	hidden, grid := "0", `<c:majorGridlines>`+stroke(ruleColor)+`</c:majorGridlines>`
	if p.labelled() {
		hidden, grid = "1", ""
	}
	named := ""
	if len(title.texts) > 0 {
		named = `<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0"/></a:pPr><a:r><a:rPr lang="en-US" sz="900" b="0"/><a:t>` +
			xmlText(title.texts[0]) + `</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`
	}
	fmt.Fprintf(b, `<c:valAx><c:axId val="%d"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="%s"/><c:axPos val="%s"/>%s%s<c:numFmt formatCode="%s" sourceLinked="0"/>`+
		`<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="%d"/><c:crosses val="autoZero"/><c:crossBetween val="%s"/></c:valAx>`,
		id, hidden, position, grid, named, attribute(p.axis), chartText(quietColor), cross, p.crossing())
}

// crossing says whether bars and points of lines stand between ticks or on
// them.
func (p *plot) crossing() string {
	if p.kind == analysis.ScatterChart {
		return "midCat"
	}
	return "between"
}

func fill(color string) string {
	return `<c:spPr><a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill></c:spPr>`
}

func stroke(color string) string {
	return `<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill></a:ln></c:spPr>`
}

// attribute makes a text fit for an attribute.
func attribute(text string) string { return quoted.Replace(xmlText(text)) }
