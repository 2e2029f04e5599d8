package xlsx

import (
	"fmt"
	"math/big"
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The columns of the sheet of the count-back.
const (
	backSubjectColumn = iota + 1
	backMonthColumn
	backDaysColumn
	backSalesColumn
	backRestColumn
	backTakenColumn
	backCountedColumn
)

// monthsLayout says where the count-back of each subject stands.
type monthsLayout struct {
	name   string
	blocks []monthsBlock
	rows   int
}

// monthsBlock is one subject's sales by month, newest first.
type monthsBlock struct {
	subject *analysis.Subject
	months  []analysis.SubjectMonth // oldest first
	first   int                     // row of the newest month
}

// placeMonths lays out the sheet.
func (b *book) placeMonths() {
	l := &b.months
	l.name = b.reserve(b.words.Text("workbook.sheet.months"))
	list := b.pack.Detail.Months
	row := 2
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Level == list[0].Level && list[n].Subject == list[0].Subject {
			n++
		}
		if s := b.monthsSubject(&list[0]); s != nil {
			l.blocks = append(l.blocks, monthsBlock{subject: s, months: list[:n], first: row})
			row += n
		}
		list = list[n:]
	}
	l.rows = row - 1
}

// monthsSubject finds whose sales a row is; nil for customers, whose
// count-back is not derived here.
func (b *book) monthsSubject(m *analysis.SubjectMonth) *analysis.Subject {
	switch m.Level {
	case analysis.CompanyLevel:
		return &b.pack.Company
	case analysis.CurrencyLevel:
		return &b.pack.ByCurrency[m.Subject]
	case analysis.RegionLevel:
		return &b.pack.Regions[m.Subject]
	case analysis.RepLevel:
		return &b.pack.Reps[m.Subject]
	}
	return nil
}

// countBack reads the days that were counted for the subject. It is absent
// where the balance is not positive or the sales run out before it (rules §6).
func (s *subjectSums) countBack() string {
	for _, block := range s.months.blocks {
		if block.subject != s.subject {
			continue
		}
		last := block.first + len(block.months) - 1
		cell := func(col, row int) string { return quote(s.months.name) + absolute(col, row) }
		return fmt.Sprintf(`IF(%s<=0,"",IF(ROUND(%s-%s,%d)>0,"",SUM(%s:%s)))`,
			s.at.value(analysis.ClosingBalance), cell(backRestColumn, last), cell(backTakenColumn, last), s.currency().Exponent,
			cell(backCountedColumn, block.first), absolute(backCountedColumn, last))
	}
	return ""
}

// addCountBack adds the sheet that derives days sales outstanding by
// exhaustion: month by month, what is left of the balance, what the month's
// sales take of it, and the days that count. Rows refer to the row above, so
// the sheet has no filter that could sort it.
func (b *book) addCountBack() {
	l := &b.months
	if len(l.blocks) == 0 {
		return
	}
	w := b.words
	b.add(&sheet{
		name: l.name, about: w.Text("workbook.about.months"), tab: dataTab, widths: []float64{26, 11, 9, 18, 18, 18, 12}, rows: l.rows, head: 1,
		write: func(r *rowWriter) {
			r.next()
			r.text(b.style(textFormat, headRole), w.Text("workbook.subject"))
			r.text(b.style(textFormat, headRole), w.Text("column.month"))
			for _, key := range []string{"unitname.days", "column.sales", "workbook.rest", "workbook.taken", "workbook.counted"} {
				r.text(b.style(rightFormat, headRole), w.Text(key))
			}
			for i := range l.blocks {
				b.writeCountBack(r, &l.blocks[i])
			}
		},
	})
}

func (b *book) writeCountBack(r *rowWriter, block *monthsBlock) {
	s := block.subject
	cur := b.currency(s.Currency)
	amount := b.style(money(cur), plainRole)
	rest := max(0, s.Values[analysis.ClosingBalance].Minor)
	at := func(col, row int) string { return letters(col) + strconv.Itoa(row) }
	for i := len(block.months) - 1; i >= 0; i-- {
		m := &block.months[i]
		days := m.Month.Days()
		if m.Month == b.pack.AsOf.Month() {
			_, _, days = b.pack.AsOf.Civil()
		}
		taken, counted := takeBack(rest, m.Sales, days)
		r.next()
		r.text(b.style(textFormat, plainRole), b.words.Subject(s))
		b.month(r, m.Month, plainRole)
		r.number(b.style(countFormat, plainRole), whole(days))
		r.number(amount, decimal(m.Sales, cur))
		restCell, salesCell := at(backRestColumn, r.row), at(backSalesColumn, r.row)
		if r.row == block.first {
			r.formula(amount, "MAX(0,"+b.figureCell(s.Path()+"/"+analysis.ClosingBalance.Def().Key)+")", decimal(rest, cur))
		} else {
			r.formula(amount, round(at(backRestColumn, r.row-1)+"-"+at(backTakenColumn, r.row-1), cur), decimal(rest, cur))
		}
		r.formula(amount, fmt.Sprintf("MIN(%s,MAX(%s,0))", restCell, salesCell), decimal(taken, cur))
		r.formula(b.style(daysFormat, plainRole), fmt.Sprintf("IF(%s=0,0,IF(%s>%s,%s/%s*%s,%s))", restCell, salesCell, restCell,
			restCell, salesCell, at(backDaysColumn, r.row), at(backDaysColumn, r.row)), counted)
		rest -= taken
	}
}

// takeBack returns what a month's sales take of the rest of a balance, and the
// days that count.
func takeBack(rest, sales ledger.Minor, days int) (taken ledger.Minor, counted string) {
	taken = min(rest, max(0, sales))
	switch {
	case rest == 0:
		return taken, "0"
	case sales > rest:
		part := big.NewRat(int64(rest), int64(sales))
		return taken, fraction(part.Mul(part, big.NewRat(int64(days), 1)))
	}
	return taken, whole(days)
}
