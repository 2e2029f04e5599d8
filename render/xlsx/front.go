package xlsx

// finishFront ends the first sheet with what an accountant looks for first,
// whether the totals foot and what was wrong with the input, and with the
// list of the sheets. It prints on one upright page.
func (b *book) finishFront() {
	v := b.front
	if v == nil {
		return
	}
	v.gap()
	status := v.add(func(r *rowWriter) { v.writeStatus(r) })
	v.add(func(r *rowWriter) {
		r.text(v.style(textFormat, linkRole), v.exceptionsHint(v.problems.N))
		r.link(quote(v.names.exceptions) + "A1")
	})
	v.gap()
	v.line(textFormat, subtotalRole, v.words.Text("workbook.contents"))
	room := 0.0 // beside the names of the sheets
	for _, width := range v.widths[1:] {
		room += width
	}
	for _, s := range v.sheets[1:] {
		v.add(func(r *rowWriter) {
			r.text(v.style(textFormat, linkRole), s.name)
			r.link(quote(s.name) + "A1")
			r.text(v.style(textFormat, mutedRole), shorten(s.about, room))
		})
	}
	v.rules = append(v.rules, rule{relative(1, status), "=" + v.checks.sum + "<>0", look{color: alarmColor, bold: true}})
	v.sheet.onePage = true
	v.finish()
}

// shorten cuts a text to a width in digits.
func shorten(text string, width float64) string {
	if textWidth(text) <= width {
		return text
	}
	room := width - 1
	for i, c := range text {
		if room -= textWidth(string(c)); room < 0 {
			return text[:i] + "…"
		}
	}
	return text
}

// writeStatus says whether every total foots, as the sheet of checks has it.
func (v *reader) writeStatus(r *rowWriter) {
	good, bad := "✓ "+v.words.Text("workbook.foots"), v.words.Text("workbook.foots_not")
	r.formulaText(v.style(textFormat, goodRole), `IF(`+v.checks.sum+`=0,`+stringLiteral(good)+`,`+stringLiteral(bad)+`)`, good)
	r.link(quote(v.names.checks) + "A1")
}
