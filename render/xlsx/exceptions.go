package xlsx

import (
	"fmt"

	"duepack/analysis/ledger"
	"duepack/render"
)

// maxExceptions bounds the rows of the sheet Exceptions: a list that nobody can
// read to its end serves nobody, and exceptions.csv has all.
const maxExceptions = 20_000

// addExceptions adds the list of every problem of the input with its place and
// what to do, errors marked.
func (b *book) addExceptions() {
	w, list := b.words, b.problems.First(maxExceptions)
	heads := []string{"column.severity", "column.code", "workbook.place", "workbook.message", "workbook.hint", "workbook.found", "column.amount", "column.currency"}
	s := &sheet{
		name: b.names.exceptions, about: w.Text("workbook.about.exceptions"), tab: linkColor, rows: headRows + 1 + max(1, len(list)),
		head: headRows + 1, filter: len(list) > 0, widths: exceptionWidths(list), zoom: dataZoom,
	}
	s.rules = []rule{{fmt.Sprintf("A%d:A%d", headRows+2, s.rows), fmt.Sprintf("=A%d=%s", headRows+2, stringLiteral(w.Text("word.error"))), look{color: alarmColor, bold: true}}}
	s.write = func(r *rowWriter) {
		r.next()
		r.text(b.style(textFormat, titleRole), s.name)
		r.next()
		r.text(b.style(textFormat, mutedRole), b.exceptionsHint(len(list)))
		r.next()
		for i, key := range heads {
			form := textFormat
			if i == 6 {
				form = rightFormat
			}
			r.text(b.style(form, headRole), w.Text(key))
		}
		for i := range list {
			b.writeException(r, &list[i])
		}
	}
	b.add(s)
}

// exceptionsHint says how many problems there are, and where those are that the
// sheet leaves out.
func (b *book) exceptionsHint(listed int) string {
	switch errors := b.pack.Exceptions.Errors; {
	case b.problems.N == 0 && errors+b.pack.Exceptions.Notes == 0:
		return b.words.Text("workbook.no_exceptions")
	case listed < b.problems.N:
		return b.words.Text("workbook.exceptions_cut", b.words.Count(listed), b.words.Count(b.problems.N))
	default:
		return b.words.Text("workbook.exceptions", b.words.Count(errors), b.words.Count(b.pack.Exceptions.Notes))
	}
}

func exceptionWidths(list []render.Problem) []float64 {
	widths := []float64{10, 12, 24, 40, 30, 14, 14, 9}
	for i := range list {
		p := &list[i]
		for col, text := range []string{1: p.Code, 2: problemPlace(p), 3: p.Message, 4: p.Hint, 5: p.Found} {
			widths[col] = max(widths[col], min([]float64{0, 28, 44, 90, 60, 30}[col], textWidth(text)+2))
		}
	}
	return widths
}

// problemPlace writes file!sheet!cell, as precise as is known.
func problemPlace(p *render.Problem) string {
	place := p.File
	for _, part := range []string{p.Sheet, p.Cell} {
		if part != "" {
			place += "!" + part
		}
	}
	return place
}

func (b *book) writeException(r *rowWriter, p *render.Problem) {
	severity := "word.note"
	if p.Error {
		severity = "word.error"
	}
	r.next()
	text := b.style(textFormat, plainRole)
	for _, content := range []string{b.words.Text(severity), p.Code, problemPlace(p), p.Message, p.Hint, p.Found} {
		r.text(text, render.Clean(content))
	}
	if exponent, ok := ledger.Exponent(p.Currency); ok && p.HasAmount {
		cur := ledger.Currency{Code: p.Currency, Exponent: exponent}
		r.number(b.style(money(cur), plainRole), decimal(p.Amount, cur))
		r.text(text, p.Currency)
	}
}
