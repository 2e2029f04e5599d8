package sheet

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Random workbooks, written in the many ways that the format allows, are read
// alike by excelize. Left out is what excelize is known to read differently:
// cells out of order (it shifts them), numbered references, and _xHHHH_ in the
// <v> of a formula's text (it leaves them, though ECMA-376 18.3.1.96 makes <v>
// an escaped string).
func TestRandomWorkbooksAgreeWithExcelize(t *testing.T) {
	cells := 0
	for seed := range uint64(150) {
		g := &bookGenerator{Rand: rand.New(rand.NewPCG(seed, 5))}
		if g.IntN(3) == 0 {
			g.prefix = "x:"
		}
		path := testBook(t, g.sheet(), "xl/sharedStrings.xml", g.sharedPart())
		ours, err := readAll(path)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		theirs, err := readExcelize(path)
		if err != nil {
			t.Fatalf("seed %d: excelize: %v", seed, err)
		}
		if d := differences(ours, theirs); len(d) > 0 {
			t.Errorf("seed %d: %d of %d cells differ: %s", seed, len(d), len(ours), strings.Join(d[:min(len(d), 3)], "; "))
		}
		cells += len(ours)
	}
	if cells < 5000 {
		t.Errorf("only %d cells were compared", cells)
	}
}

// bookGenerator writes the parts of a random workbook.
type bookGenerator struct {
	*rand.Rand
	prefix string
	shared []string // the <si> elements
}

func (g *bookGenerator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

// tag writes an element with the prefix of the book.
func (g *bookGenerator) tag(name, attrs, body string) string {
	if body == "" && g.IntN(2) == 0 {
		return "<" + g.prefix + name + attrs + "/>"
	}
	return "<" + g.prefix + name + attrs + ">" + body + "</" + g.prefix + name + g.pick("", "", " ") + ">"
}

func (g *bookGenerator) sheet() string {
	var rows strings.Builder
	number := 0
	for range g.IntN(40) {
		number++
		attrs := ""
		if g.IntN(3) > 0 {
			number += g.IntN(3)
			attrs = fmt.Sprintf(` r="%d"`, number)
		}
		if g.IntN(5) == 0 {
			attrs += ` hidden="1"`
		}
		rows.WriteString(g.tag("row", attrs, g.cells(number)) + g.pick("", "\n", "<!-- x -->"))
	}
	xmlns := `xmlns`
	if g.prefix != "" {
		xmlns = `xmlns:x`
	}
	return `<` + g.prefix + `worksheet ` + xmlns + `="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + g.pick("", g.tag("dimension", ` ref="A1"`, "")) +
		g.tag("sheetData", "", rows.String()) + `</` + g.prefix + `worksheet>`
}

func (g *bookGenerator) cells(row int) string {
	var cells strings.Builder
	column := 0
	named := g.IntN(3) > 0
	for range g.IntN(8) {
		column++
		attrs := ""
		if named {
			column += g.IntN(3)
			attrs = fmt.Sprintf(` r="%s%d"`, columnName(column), row)
		}
		if g.IntN(3) == 0 {
			attrs += fmt.Sprintf(` s="%d"`, g.IntN(6))
		}
		cells.WriteString(g.cell(attrs))
	}
	return cells.String()
}

func (g *bookGenerator) cell(attrs string) string {
	formula := g.pick("", "", g.tag("f", "", "A1&amp;B1"))
	switch g.IntN(8) {
	case 0:
		return g.tag("c", attrs, "")
	case 1:
		g.shared = append(g.shared, g.tag("si", "", g.richText()))
		return g.tag("c", attrs+` t="s"`, formula+g.value(fmt.Sprint(g.IntN(len(g.shared)))))
	case 2:
		return g.tag("c", attrs+` t="str"`, formula+g.value(strings.ReplaceAll(g.text(), "_x000A_", "_")))
	case 3:
		return g.tag("c", attrs+` t="inlineStr"`, g.tag("is", "", g.richText()))
	case 4:
		return g.tag("c", attrs+` t="b"`, formula+g.value(g.pick("0", "1")))
	case 5:
		return g.tag("c", attrs+` t="e"`, formula+g.value(g.pick("#N/A", "#DIV/0!")))
	}
	return g.tag("c", attrs+g.pick("", "", ` t="n"`), formula+g.value(g.pick("1", "-2.5", "6452.0799999999999", "1E-3", "46000", "0.1", "1000000000000")))
}

func (g *bookGenerator) value(text string) string {
	return "<" + g.prefix + "v>" + text + "</" + g.prefix + "v>"
}

func (g *bookGenerator) richText() string {
	if g.IntN(2) == 0 {
		return g.textElement()
	}
	var runs strings.Builder
	for range 1 + g.IntN(3) {
		runs.WriteString(g.tag("r", "", g.pick("", g.tag("rPr", "", g.tag("b", "", "")))+g.textElement()))
	}
	return runs.String() + g.pick("", g.tag("rPh", ` sb="0" eb="1"`, g.textElement()))
}

func (g *bookGenerator) textElement() string {
	return "<" + g.prefix + "t" + g.pick("", ` xml:space="preserve"`) + ">" + g.text() + "</" + g.prefix + "t>"
}

func (g *bookGenerator) text() string {
	var text strings.Builder
	for range 1 + g.IntN(4) {
		text.WriteString(g.pick("华东机械", "Acme", " Ltd. ", "&amp;", "&lt;b&gt;", "&#20013;", "&#x1F600;", "<![CDATA[<&>]]>", "x_000Dx", "_x000A_", "é", "\n", "'\"", strings.Repeat("长", 40)))
	}
	return text.String() + "."
}

func (g *bookGenerator) sharedPart() string {
	xmlns := `xmlns`
	if g.prefix != "" {
		xmlns = `xmlns:x`
	}
	return `<` + g.prefix + `sst ` + xmlns + `="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + strings.Join(g.shared, "") + `</` + g.prefix + `sst>`
}
