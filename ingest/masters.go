package ingest

import (
	"slices"
	"strings"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// readMaster reads a sheet beside the ledger: customers, reps, targets,
// promises, rates or control balances.
func (b *book) readMaster(t *tab) {
	r := newRowReader(b, t)
	read := map[role]func(){
		customersRole: r.readCustomer, repsRole: r.readRep, targetsRole: r.readTarget,
		promisesRole: r.readPromise, ratesRole: r.readRate, controlRole: r.readControl,
	}[t.header.def.role]
	for pass := 0; ; pass++ {
		again, err := r.readAll(read, pass == 0)
		if err != nil {
			if other := b.formatProblem(t.rec.Source, err); other != nil {
				b.problem(Problem{Source: t.rec.Source, Severity: Error, Code: "corrupt-workbook", Message: other.Error(), Hint: "export the file again"})
				b.fatal = true
			}
			return
		}
		if !again {
			break
		}
	}
	t.rec.Totals, t.rec.Texts = r.draft.totals, r.draft.texts
	b.result.Problems = append(b.result.Problems, r.draft.problems...)
}

// keep returns a text that stays valid. Texts share memory.
func (d *draft) keep(text string) string {
	const together = 1 << 10
	if d.kept.Cap()-d.kept.Len() < len(text) {
		d.kept = strings.Builder{}
		d.kept.Grow(max(len(text), together))
	}
	start := d.kept.Len()
	d.kept.WriteString(text)
	return d.kept.String()[start:]
}

// readAll reads the rows of a master sheet. The first pass only looks: where a
// column of dates or amounts has to be seen whole, a second one is needed.
func (r *rowReader) readAll(read func(), look bool) (again bool, err error) {
	before := r.book.mark()
	r.draft.problems, r.draft.totals, r.draft.texts, r.tab.rec.Rows, r.failed = nil, 0, 0, 0, 0
	err = r.tab.sheet.Rows(func(row *sheet.Row) error {
		if row.Number <= r.tab.header.last {
			return nil
		}
		for i := range row.Cells {
			cell := &row.Cells[i]
			cell.Text = r.draft.keep(cell.Text) // these sheets are small, and nearly all of their texts are kept
		}
		r.take(row)
		r.bad = false
		if !r.noMaster() {
			r.refuseExtra()
			read()
			r.tab.rec.Rows++
		}
		return r.tooMany()
	})
	if err != nil || !look {
		return false, err
	}
	again, settled, problems := r.tab.decide(r.draft.evidence)
	if len(problems) > 0 {
		r.draft.problems = append(r.draft.problems, problems...)
		r.fatal = true
		return false, nil
	}
	if again {
		r.settled = settled
		r.book.rewind(before)
	}
	return again, nil
}

// mark remembers the length of the lists that master sheets fill.
func (b *book) mark() [4]int {
	l := b.ledger
	return [4]int{len(l.Targets), len(l.Rates), len(l.Control), len(l.Promises)}
}

func (b *book) rewind(at [4]int) {
	l := b.ledger
	l.Targets, l.Rates, l.Control, l.Promises = l.Targets[:at[0]], l.Rates[:at[1]], l.Control[:at[2]], l.Promises[:at[3]]
}

// noMaster reports whether a row of a sheet beside the ledger is blank, a footer
// or a total.
func (r *rowReader) noMaster() bool {
	texts, first := 0, ""
	for _, cell := range r.row.Cells {
		if strings.TrimSpace(cell.Text) != "" {
			if texts == 0 && cell.Kind == sheet.Text {
				first = cell.Text
			}
			texts++
		}
	}
	switch {
	case texts == 0:
		return true
	case texts == 1 && first != "" && len(r.tab.header.columns) > 2:
		r.draft.texts++ // a footer
		return true
	case isTotal(first):
		r.draft.totals++
		return true
	}
	return false
}

func (r *rowReader) readCustomer() {
	id, name := r.text(fCustomer), r.text(fName)
	if name == "" {
		name = r.text(fCustomerName)
	}
	if id == "" {
		id = name
	}
	if id == "" {
		r.fail("missing-customer", r.col(fCustomer), "", "the row names no customer", "write its id or name")
		return
	}
	if _, known := r.customers[id]; !known {
		if _, byName := r.customers[name]; byName {
			b := r.book // the ledger calls its customers by name; other sheets may call them by id
			b.customers[id] = b.customers[name]
		}
	}
	c := &r.ledger.Customers[r.customer(id, name)]
	if name != "" {
		c.Name = name
	}
	if rep := r.text(fRep); rep != "" {
		c.Rep = r.rep(rep)
	}
	if region := r.text(fRegion); region != "" {
		c.Region = r.region(region)
	}
	c.Group, c.Rating, c.Email = r.text(fGroup), r.text(fRating), r.text(fEmail)
	if text := r.text(fTerms); text != "" {
		terms, err := ledger.ParseTerms(narrow(text))
		if err != nil {
			r.fail("bad-terms", r.col(fTerms), text, quote(text)+" is not payment terms", "want net 30, eom 30, 月结30天, cod or prepaid")
		}
		c.Terms = terms
	}
	c.CreditLimit, c.HasLimit = r.bookAmount(fCreditLimit)
	c.Margin = r.ratio(fMargin)
	c.FinancingRate = r.ratio(fFinancingRate)
	if c.FinancingRate.Num < 0 {
		r.fail("bad-rate", r.col(fFinancingRate), c.FinancingRate.String(), "a financing rate cannot be negative", "want 6% or 0.06")
	}
}

func (r *rowReader) readRep() {
	id := r.text(fRep)
	if id == "" {
		r.fail("missing-rep", r.col(fRep), "", "the row names no rep", "write the rep's id")
		return
	}
	name := r.text(fName)
	if i, byName := r.reps[name]; byName && name != "" {
		if _, known := r.reps[id]; !known {
			r.reps[id] = i // the ledger calls its reps by name
		}
	}
	rep := &r.ledger.Reps[r.rep(id)]
	rep.Name, rep.Team, rep.Manager, rep.Email = name, r.text(fTeam), r.text(fManager), r.text(fEmail)
	rep.Margin = r.ratio(fMargin)
}

func (r *rowReader) readTarget() {
	id := r.text(fRep)
	if id == "" {
		r.fail("missing-rep", r.col(fRep), "", "the row names no rep", "write the rep's id")
		return
	}
	cell, c := r.cell(fMonth), r.col(fMonth)
	month, ok := parseMonth(*cell, r.tab.info.Date1904)
	if !ok {
		r.fail("bad-month", c, cell.Text, quote(cell.Text)+" is not a month", "want 2026-10")
		return
	}
	t := ledger.Target{Month: month, Pos: r.pos()}
	t.Sales, t.HasSales = r.bookAmount(fSalesTarget)
	t.Collection, t.HasCollection = r.bookAmount(fCollectionTarget)
	t.Expenses, t.HasExpenses = r.bookAmount(fExpenses)
	if !r.bad {
		t.Rep = r.rep(id)
		r.ledger.Targets = append(r.ledger.Targets, t)
	}
}

func (r *rowReader) readPromise() {
	id := r.text(fCustomer)
	if id == "" {
		id = r.text(fCustomerName)
	}
	p := ledger.Promise{ID: r.text(fPromise), Document: r.text(fDocument), Excuse: r.text(fExcuse), Note: r.text(fNote), Pos: r.pos()}
	p.MadeOn, p.PromisedFor = r.date(fMadeOn), r.date(fPromisedFor)
	p.Amount, _ = r.bookAmount(fAmount)
	if id == "" && !r.bad {
		r.fail("missing-customer", r.col(fCustomer), "", "the promise names no customer", "write the customer's id")
	}
	if p.PromisedFor == 0 && !r.bad {
		r.fail("missing-date", r.col(fPromisedFor), "", "the promise has no date", "write the date it was promised for")
	}
	if !r.bad {
		p.Customer = r.customer(id, "")
		if n := len(r.ledger.Promises); n == cap(r.ledger.Promises) {
			r.ledger.Promises = slices.Grow(r.ledger.Promises, expected(n, r.row.Offset, r.tab.info.Bytes))
		}
		r.ledger.Promises = append(r.ledger.Promises, p)
	}
}

func (r *rowReader) readRate() {
	text := r.text(fCurrency)
	code := currencyCode(text)
	if code == "" {
		r.fail("bad-currency", r.col(fCurrency), text, quote(text)+" is not a currency", "want an ISO 4217 code such as USD")
	}
	date := r.date(fDate)
	if date == 0 && !r.bad {
		r.fail("missing-date", r.col(fDate), "", "the rate has no date", "write the date from which it holds")
	}
	rate := r.ratio(fRate)
	if !r.bad && rate.Num <= 0 {
		cell, c := r.cell(fRate), r.col(fRate)
		r.fail("bad-rate", c, cell.Text, quote(cell.Text)+" is not a rate of exchange", "want the book currency for one unit, as 7.1234")
	}
	if !r.bad {
		r.ledger.Rates = append(r.ledger.Rates, ledger.FxRate{Currency: r.currencyIndex(code), Date: date, Rate: rate, Pos: r.pos()})
	}
}

func (r *rowReader) readControl() {
	c := ledger.ControlBalance{Account: r.text(fAccount), Currency: -1, Pos: r.pos()}
	if text := r.text(fCurrency); text != "" {
		code := currencyCode(text)
		if code == "" {
			r.fail("bad-currency", r.col(fCurrency), text, quote(text)+" is not a currency", "want an ISO 4217 code such as CNY")
		} else {
			c.Currency = int16(r.currencyIndex(code))
		}
	}
	if c.Date = r.date(fDate); c.Date == 0 && !r.bad {
		r.fail("missing-date", r.col(fDate), "", "the balance has no date", "write the date of the balance")
	}
	entry := ledger.Entry{Currency: noCurrency}
	if c.Currency >= 0 {
		entry.Currency = uint8(c.Currency)
	}
	balance, ok := r.amount(&entry, fBalance)
	if !ok && !r.bad {
		r.fail("missing-amount", r.col(fBalance), "", "the row has no balance", "write the balance, or 0.00")
	}
	if c.Balance = balance; !r.bad {
		r.ledger.Control = append(r.ledger.Control, c)
	}
}

func (r *rowReader) pos() ledger.Pos {
	return ledger.Pos{Source: r.tab.source, Row: int32(r.row.Number)}
}

// bookAmount reads an amount in the book's currency.
func (r *rowReader) bookAmount(f Field) (ledger.Minor, bool) {
	return r.amount(&ledger.Entry{Currency: noCurrency}, f)
}

// ratio reads a rate or margin: a number of the workbook as it is (a cell
// shown as 5 % holds 0.05), a text as 5% or 0.05. Not given where it is empty.
func (r *rowReader) ratio(f Field) ledger.Ratio {
	cell, c := r.cell(f), r.col(f)
	text := trim(narrow(cell.Text))
	if c < 0 || text == "" {
		return ledger.Ratio{}
	}
	if cell.Kind == sheet.Number {
		if p, ok := parseAmount(text, pointDecimal); ok {
			if ratio, ok := p.value.short().ratio(); ok {
				return lowest(ratio)
			}
		}
	} else if ratio, err := ledger.ParseRatio(text); err == nil {
		return ratio
	}
	r.fail("bad-rate", c, cell.Text, quote(cell.Text)+" is not a rate", "want 6% or 0.06")
	return ledger.Ratio{}
}
