package xlsx

import (
	"strconv"
	"strings"
	"unicode"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The columns of the sheet Figures. The first four are fixed by the contract.
const (
	figureIDColumn = iota + 1
	figureLabelColumn
	figureValueColumn
	figureUnitColumn
	figureReasonColumn
	figureSubjectColumn
	figureLevelColumn // the last three are what formulas select by
	figureKeyColumn
	figureNumberColumn
)

// figuresLayout says where each figure stands on Figures.
type figuresLayout struct {
	subjects []*analysis.Subject
	first    map[*analysis.Subject]int // row of the subject's first bucket
	cells    map[string]string         // figure id → reference, those on Customers included
	rows     int
}

// placeFigures gives every figure of the company, the regions, reps and
// currencies its row, every figure of a customer its cell, and names them.
func (b *book) placeFigures() {
	p, l := b.pack, &b.figures
	l.first, l.cells = map[*analysis.Subject]int{}, map[string]string{}
	l.subjects = []*analysis.Subject{&p.Company}
	for _, group := range [][]analysis.Subject{p.ByCurrency, p.Regions, p.Reps} {
		for i := range group {
			l.subjects = append(l.subjects, &group[i])
		}
	}
	row := 2
	for _, s := range l.subjects {
		l.first[s] = row
		for i := range p.Buckets {
			b.placeFigure(s, "aging/"+p.Buckets[i].ID, row)
			row++
		}
		for _, id := range figuresOf(s) {
			b.placeFigure(s, id.Def().Key, row)
			row++
		}
	}
	l.rows = row - 1
	b.placeCustomers()
}

// maxNames bounds the named figures: a list of names that nobody can scroll
// through serves nobody, and the column of ids is there for all.
const maxNames = 5000

func (b *book) placeFigure(s *analysis.Subject, key string, row int) {
	id := s.Path() + "/" + key
	cell := figuresSheet + "!" + absolute(figureValueColumn, row)
	b.figures.cells[id] = cell
	if len(b.figures.cells) <= maxNames {
		b.define(definedName(id), cell)
	}
}

// figuresOf lists the figures that a subject has.
func figuresOf(s *analysis.Subject) []analysis.FigureID {
	var ids []analysis.FigureID
	for _, id := range analysis.Figures() {
		if s.Has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// The ideographs that every spreadsheet takes in a name; not the rare ones of the
// extensions, such as 𠮷.
const (
	firstIdeograph = '\u4e00'
	lastIdeograph  = '\u9fa5'
)

// definedName turns a figure id into a name of the workbook: company/dso is
// company_dso, aging/120+ is aging_120_plus. It is "" where a character of the
// id has no place in a name.
func definedName(id string) string {
	var name strings.Builder
	for _, c := range strings.ReplaceAll(id, "+", "_plus") {
		switch {
		case c == '/' || c == '-' || c == '_' || c == ' ':
			name.WriteByte('_')
		case c == '.' || c <= unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) || c >= firstIdeograph && c <= lastIdeograph:
			name.WriteRune(c)
		default:
			return ""
		}
	}
	return name.String()
}

// addFigures adds the sheet Figures.
func (b *book) addFigures() {
	w := b.words
	b.add(&sheet{
		name: figuresSheet, about: w.Text("workbook.about.figures"), widths: b.figureWidths(), rows: b.figures.rows, head: 1, filter: true,
		keys: figureLevelColumn, tab: dataTab,
		write: func(r *rowWriter) {
			r.next()
			for i, head := range []string{w.Text("column.id"), w.Text("column.figure"), w.Text("column.value"), w.Text("column.unit"),
				w.Text("column.reason"), w.Text("workbook.subject"), w.Text("workbook.key.level"), w.Text("workbook.key.subject"), w.Text("workbook.key.figure")} {
				form := textFormat
				if i+1 == figureValueColumn || i+1 >= figureLevelColumn {
					form = rightFormat
				}
				r.text(b.style(form, headRole), head)
			}
			for _, s := range b.figures.subjects {
				b.writeFigures(r, s)
			}
		},
	})
}

// figureWidths are as wide as the ids, labels and names.
func (b *book) figureWidths() []float64 {
	widths := []float64{20, 20, 20, 14, 40, 12, 8, 8, 8}
	widen := func(col int, text string) { widths[col-1] = max(widths[col-1], min(60, textWidth(text)+2)) }
	for _, s := range b.figures.subjects {
		widen(figureIDColumn, s.Path()+"/"+analysis.CollectionAttainment.Def().Key)
		widen(figureSubjectColumn, b.words.Subject(s))
	}
	for _, id := range analysis.Figures() {
		widen(figureLabelColumn, b.words.Label(b.pack, id))
	}
	return widths
}

// writeFigures writes the rows of one subject.
func (b *book) writeFigures(r *rowWriter, s *analysis.Subject) {
	p, first := b.pack, b.figures.first[s]
	at := &figureCells{
		bucket: func(i int) string { return relative(figureValueColumn, first+i) },
		value:  func(id analysis.FigureID) string { return b.figureRow(s, first, id) },
		// The formula is made before its row begins.
		key: func() string { return "$" + letters(figureKeyColumn) + strconv.Itoa(r.row+1) },
	}
	for i := range p.Buckets {
		value := analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}
		b.writeFigure(r, s, "aging/"+p.Buckets[i].ID, b.words.Bucket(p.Buckets[i]), value, b.bucketFormula(s, i, at), analysis.Present, -1)
	}
	for _, id := range figuresOf(s) {
		v := s.Values[id]
		formula, reason := b.formula(s, id, at), usualReason(id)
		if v.IsAbsent() {
			reason = v.Absent
		}
		b.writeFigure(r, s, id.Def().Key, b.words.Label(p, id), v, formula, reason, int(id))
	}
}

// detailOf is the sheet whose rows a figure sums; "" where it sums none. A
// number below zero is that of a bucket.
func (b *book) detailOf(number int) string {
	place := func(prefix string) string {
		if data := b.data[prefix]; data != nil {
			return quote(data.sheets[0]) + "A1"
		}
		return ""
	}
	switch id := analysis.FigureID(max(0, number)); {
	case number < 0, id <= analysis.DocumentsOpen, id == analysis.Provision:
		return place(openPrefix)
	case id == analysis.OpeningBalance:
		return place(openingPrefix)
	case id == analysis.ClosingBalance:
		return place(b.closingFrom())
	case id >= analysis.Sales && id <= analysis.Adjustments, id == analysis.GrossMargin:
		return place(linesPrefix)
	case id >= analysis.DaysToPay && id <= analysis.OnTimeRate, id == analysis.CollectionRateDue:
		return place(applicationsPrefix)
	case id == analysis.FinancingCost, id == analysis.TermsCost:
		return place(costsPrefix)
	case id == analysis.DSOCountBack && len(b.months.blocks) > 0:
		return quote(b.months.name) + "A1"
	}
	return ""
}

// figureRow is the cell of a figure of a subject on Figures.
func (b *book) figureRow(s *analysis.Subject, first int, id analysis.FigureID) string {
	return relative(figureValueColumn, first+len(b.pack.Buckets)+int(id))
}

// writeFigure writes one row: id, label, value, unit, the reason it is absent,
// and what formulas select by.
func (b *book) writeFigure(r *rowWriter, s *analysis.Subject, key, label string, v analysis.Value, formula string, reason analysis.Reason, number int) {
	r.next()
	cur := b.currency(s.Currency)
	text, muted := b.style(textFormat, plainRole), b.style(countFormat, mutedRole)
	r.text(text, s.Path()+"/"+key)
	r.text(text, label)
	r.link(b.explained["figure."+key])
	style := b.style(valueFormat(v.Unit, cur), plainRole)
	why := ""
	if reason != analysis.Present {
		why = b.words.Reason(reason)
	}
	if formula == "" {
		r.number(style, cached(v, cur))
	} else {
		r.formula(style, formula, cached(v, cur))
	}
	r.link(b.detailOf(number))
	r.text(text, b.unitName(v.Unit, cur))
	switch quiet := b.style(textFormat, mutedRole); {
	case why == "":
		r.blank(quiet)
	case formula == "":
		r.text(quiet, why)
	default:
		shown := ""
		if v.IsAbsent() {
			shown = why
		}
		r.formulaText(quiet, `IF(`+relative(figureValueColumn, r.row)+`="",`+stringLiteral(why)+`,"")`, shown)
	}
	r.text(text, b.words.Subject(s))
	r.number(muted, whole(int(s.Level)))
	r.number(muted, whole(b.subjectKey(s)))
	if number >= 0 {
		r.number(muted, whole(number+1))
	}
}

// stringLiteral writes a text as formulas do.
func stringLiteral(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// unitName is the currency of money, else the name of the unit.
func (b *book) unitName(unit analysis.Unit, cur ledger.Currency) string {
	switch unit {
	case analysis.Money:
		return cur.Code
	case analysis.Share:
		return b.words.Text("unitname.share")
	case analysis.Percent:
		return b.words.Text("unitname.percent")
	case analysis.Days:
		return b.words.Text("unitname.days")
	case analysis.Times:
		return b.words.Text("unitname.times")
	}
	return b.words.Text("unitname.count")
}

// subjectKey is the number by which data rows know a subject, 0 for the
// company.
func (b *book) subjectKey(s *analysis.Subject) int {
	find := func(list []analysis.Subject) int {
		for i := range list {
			if &list[i] == s {
				return i + 1
			}
		}
		return 0
	}
	switch s.Level {
	case analysis.CurrencyLevel:
		return s.Currency + 1
	case analysis.RegionLevel:
		return find(b.pack.Regions)
	case analysis.RepLevel:
		return find(b.pack.Reps)
	case analysis.CustomerLevel:
		return find(b.pack.Customers)
	}
	return 0
}

// usualReason is why a figure that is there now could become absent when a
// reader changes an assumption or the data.
func usualReason(id analysis.FigureID) analysis.Reason {
	switch id {
	case analysis.CollectionRate, analysis.DSO, analysis.BPDSO, analysis.ADD:
		return analysis.NoSales
	case analysis.CollectionRateTotal, analysis.CollectionRateDue, analysis.CEI:
		return analysis.NothingToCollect
	case analysis.DSOCountBack:
		return analysis.SalesRunOut
	case analysis.Turnover:
		return analysis.ZeroDenominator
	case analysis.DaysToPay, analysis.DaysLate, analysis.OnTimeRate:
		return analysis.NoReceipts
	case analysis.ProfitEaten:
		return analysis.NoGrossMargin
	case analysis.Provision, analysis.ProvisionCharge, analysis.Contribution, analysis.Rank:
		return analysis.NoLossRates
	case analysis.ExtraSales:
		return analysis.MarginNotAbove0
	case analysis.SalesTarget, analysis.CollectionTarget, analysis.SalesAttainment, analysis.CollectionAttainment:
		return analysis.NoTarget
	case analysis.Expenses:
		return analysis.NoExpenses
	}
	return analysis.Present
}
