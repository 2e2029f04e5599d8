package derivation

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"duepack/analysis"
	"duepack/render"
)

// XLSX writes derivations as a workbook of one sheet: every part is a live sum
// of the rows under it, with its value cached.
func XLSX(out io.Writer, p *analysis.Pack, list []analysis.Derivation, w *render.Words) error {
	f := excelize.NewFile()
	defer f.Close() // nothing is on disk
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	sheet, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for column, width := range []float64{22, 44, 26, 12, 12, 12, 20, 18, 30} {
		if err := sheet.SetColWidth(column+1, column+1, width); err != nil {
			return err
		}
	}
	row := 0
	write := func(cells ...any) error {
		row++
		return sheet.SetRow("A"+strconv.Itoa(row), cells)
	}
	for i := range list {
		d := &list[i]
		if i > 0 {
			row++
		}
		if err := write(number(p, d, d.Value, bold), excelize.Cell{StyleID: bold, Value: d.Figure}, label(w, d)+": "+w.Text("formula."+d.Key), d.Rule); err != nil {
			return err
		}
		for j := range d.Parts {
			part := &d.Parts[j]
			total := number(p, d, part.Value, bold)
			if n := len(part.Rows); n > 0 && addsUp(part) {
				total.Formula = fmt.Sprintf("SUM(A%d:A%d)", row+2, row+1+n)
			}
			if err := write(total, partLabel(w, part)); err != nil {
				return err
			}
			for r := range part.Rows {
				texts := cells(p, w, d, part, &part.Rows[r])
				values := []any{cellNumber(texts[0])}
				for _, text := range texts[1:] {
					values = append(values, text)
				}
				if err := write(values...); err != nil {
					return err
				}
			}
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

// addsUp reports whether a part is the sum of its rows; the contributions behind
// a rank are not.
func addsUp(part *analysis.Part) bool {
	sum := part.Value.Minor
	for i := range part.Rows {
		sum -= part.Rows[i].Amount
	}
	return sum == 0 && part.Value.Ratio == nil
}

// number is the cell of a value; a text where it is absent.
func number(p *analysis.Pack, d *analysis.Derivation, v analysis.Value, style int) excelize.Cell {
	text := render.Plain(v, p.Currencies[d.Currency])
	if text == nil {
		return excelize.Cell{StyleID: style}
	}
	return excelize.Cell{StyleID: style, Value: cellNumber(*text)}
}

// cellNumber makes a decimal text a number of the workbook, which shows up to
// 15 digits of it unchanged; a longer one stays text.
func cellNumber(text string) any {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || len(text) > 16 {
		return text
	}
	return n
}
