package xlsx

import (
	"duepack/analysis"
	"duepack/analysis/ledger"
)

// addJournal adds the entry that books the provision charge, and the movement
// it follows from (rules §9), where the book has one. A charge that a changed
// assumption turns into a release changes sides.
func (b *book) addJournal() {
	charge := b.pack.Company.Values[analysis.ProvisionCharge]
	if charge.IsAbsent() {
		return
	}
	v := &reader{book: b, tab: b.names.journal, widths: []float64{13, 40, 18, 18, 44}}
	w := b.words
	v.line(textFormat, titleRole, b.names.journal)
	v.line(textFormat, mutedRole, w.Text("workbook.journal_hint", b.pack.To.String(), b.base().Code))
	v.gap()
	v.add(func(r *rowWriter) {
		r.text(v.style(rightFormat, headRole), w.Text("column.date"))
		r.text(v.style(textFormat, headRole), w.Text("column.account"))
		r.text(v.style(rightFormat, headRole), w.Text("column.debit"))
		r.text(v.style(rightFormat, headRole), w.Text("column.credit"))
		r.text(v.style(textFormat, headRole), w.Text("workbook.entry_text"))
	})
	cell := b.figureCell("company/" + analysis.ProvisionCharge.Def().Key)
	v.entry("journal.impairment_loss", cell, charge.Minor)
	v.entry("journal.allowance", "-"+cell, -charge.Minor)
	last := len(v.rows)
	v.add(func(r *rowWriter) {
		r.blank(v.style(textFormat, totalRole))
		r.text(v.style(textFormat, totalRole), w.Text("word.total"))
		for _, column := range []string{"C", "D"} {
			r.formula(v.style(money(b.base()), totalRole), round("SUM("+column+whole(last-1)+":"+column+whole(last)+")", b.base()), decimal(charge.Minor.Abs(), b.base()))
		}
		r.blank(v.style(textFormat, totalRole))
	})
	b.checks.journal = quote(v.tab) + "C" + whole(last+1) + "-" + quote(v.tab) + "D" + whole(last+1)
	v.gap()
	v.movement(charge.Minor)
	v.rules = append(v.rules, rule{"C5:D6", "=C5=0", look{color: faintColor}})
	v.sheet = &sheet{name: v.tab, about: w.Text("workbook.about.journal"), head: headRows, tab: linkColor}
	v.finish()
	b.add(v.sheet)
}

// entry writes a line of the entry: what is above zero is a debit.
func (v *reader) entry(account, cell string, amount ledger.Minor) {
	cur := v.base()
	text := v.words.Text("workbook.entry", v.pack.From.String(), v.pack.To.String())
	v.add(func(r *rowWriter) {
		v.date(r, v.pack.To, plainRole)
		r.text(v.style(textFormat, plainRole), v.words.Text(account))
		r.formula(v.style(money(cur), plainRole), "MAX(0,"+cell+")", decimal(max(0, amount), cur))
		r.formula(v.style(money(cur), plainRole), "MAX(0,-("+cell+"))", decimal(max(0, -amount), cur))
		r.text(v.style(textFormat, mutedRole), text)
	})
}

// movement derives the charge: closing provision less opening provision, plus
// what write-offs used and less what came back.
func (v *reader) movement(charge ledger.Minor) {
	cur, company := v.base(), &v.pack.Company
	v.add(func(r *rowWriter) {
		r.blank(v.style(textFormat, headRole))
		r.text(v.style(textFormat, headRole), v.words.Text("table.provision_movement"))
		r.text(v.style(rightFormat, headRole), v.words.Text("column.amount"))
	})
	first := len(v.rows) + 1
	line := func(key, formula string, amount ledger.Minor) {
		v.add(func(r *rowWriter) {
			r.skip(1)
			r.text(v.style(textFormat, plainRole), v.words.Text(key))
			r.formula(v.style(money(cur), plainRole), round(formula, cur), decimal(amount, cur))
		})
	}
	figure := func(id analysis.FigureID) string { return v.figureCell("company/" + id.Def().Key) }
	line("movement.closing", v.sum(v.closingFrom(), "provision_book"), v.closingProvision())
	line("workbook.less_opening", "-"+v.sum(openingPrefix, "provision_book"), -provisionOf(v.pack.Detail.Opening))
	line("workbook.plus_write_offs", figure(analysis.WriteOffs), company.Values[analysis.WriteOffs].Minor)
	line("workbook.less_recoveries", "-"+figure(analysis.Recoveries), -company.Values[analysis.Recoveries].Minor)
	v.add(func(r *rowWriter) {
		r.blank(v.style(textFormat, totalRole))
		r.text(v.style(textFormat, totalRole), v.words.Text("movement.charge"))
		r.formula(v.style(money(cur), totalRole), round("SUM(C"+whole(first)+":C"+whole(first+3)+")", cur), decimal(charge, cur))
	})
	v.checks.charge = quote(v.tab) + "C" + whole(first+4)
}

// closingProvision is the provision at the end of the period.
func (b *book) closingProvision() ledger.Minor {
	if b.closingFrom() == openPrefix {
		return provisionOf(b.pack.Detail.Open)
	}
	return provisionOf(b.pack.Detail.Closing)
}

func provisionOf(items []analysis.Item) (sum ledger.Minor) {
	for i := range items {
		sum += items[i].ProvisionBook
	}
	return sum
}
