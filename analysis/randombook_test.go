package analysis_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// randomBook is a small dense book: few customers, few days, so that things
// collide on one day, with settings to compute it with.
type randomBook struct {
	l   *ledger.Ledger
	opt analysis.Options
}

// bookStarts are days after which a leap day, a year end or a month of 31 days
// comes soon.
var bookStarts = []string{"2024-02-10", "2025-12-20", "2023-02-15", "2026-07-01"}

// bookDrawer draws the parts of a random book.
type bookDrawer struct {
	*rapid.T
	l     *ledger.Ledger
	start ledger.Date
	span  int
	opt   analysis.Options
	docs  []ledger.Entry // one per document, for lines that settle
}

func (d *bookDrawer) int(name string, low, high int) int {
	return rapid.IntRange(low, high).Draw(d.T, name)
}

// oneIn reports true once in n times, and false when shrunk.
func (d *bookDrawer) oneIn(name string, n int) bool { return d.int(name, 0, n-1) == n-1 }

func (d *bookDrawer) day(name string) ledger.Date {
	return d.start + ledger.Date(d.int(name, 0, d.span))
}

func (d *bookDrawer) index(name string, n int, mayMiss bool) int32 {
	if n == 0 || mayMiss && d.oneIn(name+" missing", 4) {
		return ledger.None
	}
	return int32(d.int(name, 0, n-1))
}

func (d *bookDrawer) minor(name string) ledger.Minor {
	if d.oneIn(name+" large", 3) {
		return ledger.Minor(d.int(name, 1, 2_000_000))
	}
	return ledger.Minor(d.int(name, 1, 12))
}

func (d *bookDrawer) ratio(name string, low, high, den int) ledger.Ratio {
	r, err := ledger.ParseRatio(fmt.Sprintf("%d%%", d.int(name, low, high)))
	if err != nil {
		d.Fatal(err)
	}
	if den != 100 {
		r = ledger.Ratio{Num: r.Num * 100 / r.Den, Den: int64(den)}
	}
	return r
}

// drawBook draws a book and settings that duepack must accept.
func drawBook(t *rapid.T) randomBook {
	d := &bookDrawer{T: t, l: &ledger.Ledger{Numbering: &ledgertest.Numbering, Sources: []ledger.Source{{File: "ledger.csv"}}}}
	d.start = ledger.MustDate(rapid.SampledFrom(bookStarts).Draw(t, "start"))
	d.span = rapid.SampledFrom([]int{3, 12, 45, 45, 130, 800}).Draw(t, "span")
	d.tables()
	d.rates()
	d.opt = d.options()
	d.entries()
	if err := d.l.Validate(); err != nil {
		t.Fatal(err)
	}
	return randomBook{d.l, d.opt}
}

func (d *bookDrawer) tables() {
	d.l.Currencies = []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY", Exponent: 0}, {Code: "KWD", Exponent: 3}}
	d.l.Base = uint8(d.int("base", 0, 2))
	for i := range d.int("reps", 0, 4) {
		rep := ledger.Rep{ID: fmt.Sprintf("R%d", i+1)}
		if d.oneIn("rep margin given", 3) {
			rep.Margin = d.ratio("rep margin", -5, 12, 100)
		}
		d.l.Reps = append(d.l.Reps, rep)
	}
	for i := range d.int("regions", 0, 2) {
		d.l.Regions = append(d.l.Regions, []string{"North", "South"}[i])
	}
	for i := range d.int("customers", 1, 6) {
		c := ledger.Customer{ID: fmt.Sprintf("C%d", i+1)}
		c.Rep, c.Region = d.index("customer rep", len(d.l.Reps), true), d.index("customer region", len(d.l.Regions), true)
		if d.oneIn("customer margin given", 4) {
			c.Margin = d.ratio("customer margin", -3, 15, 100)
		}
		if d.oneIn("customer financing given", 4) {
			c.FinancingRate = d.ratio("customer financing", 0, 30, 100)
		}
		d.l.Customers = append(d.l.Customers, c)
	}
	for range d.int("targets", 0, 4) {
		if len(d.l.Reps) == 0 {
			break
		}
		t := ledger.Target{Rep: d.index("target rep", len(d.l.Reps), false), Month: d.day("target month").Month()}
		t.HasSales, t.HasCollection, t.HasExpenses = !d.oneIn("no sales target", 3), !d.oneIn("no collection target", 3), !d.oneIn("no expenses", 3)
		if t.HasSales {
			t.Sales = d.minor("sales target") - 1
		}
		if t.HasCollection {
			t.Collection = d.minor("collection target") - 1
		}
		if t.HasExpenses {
			t.Expenses = d.minor("expenses") - 1
		}
		d.l.Targets = append(d.l.Targets, t)
	}
}

// rates gives every foreign currency a first rate before all dates, and later
// ones with gaps.
func (d *bookDrawer) rates() {
	for i := range d.l.Currencies {
		if uint8(i) == d.l.Base {
			continue
		}
		seen := map[ledger.Date]bool{}
		for n := range d.int("rates", 1, 4) {
			at := d.start - 4*366
			if n > 0 {
				at = d.day("rate date")
			}
			if seen[at] {
				continue
			}
			seen[at] = true
			decimals := d.int("rate decimals", 0, 4)
			den := int64(1)
			for range decimals {
				den *= 10
			}
			d.l.Rates = append(d.l.Rates, ledger.FxRate{Currency: uint8(i), Date: at, Rate: ledger.Ratio{Num: int64(d.int("rate", 1, 99_999)), Den: den}})
		}
	}
}

// entries draws documents first, so that lines can name them, and mixes all
// lines in the end: the order of the file is not the order of posting.
func (d *bookDrawer) entries() {
	var all []ledger.Entry
	for i := range d.int("documents", 1, 14) {
		all = append(all, d.document(fmt.Sprintf("D%d", i+1))...)
	}
	for i := range d.int("lines", 0, 30) {
		all = append(all, d.line(i))
	}
	if d.oneIn("mixed file", 2) {
		all = rapid.Permutation(all).Draw(d.T, "file")
	}
	for i := range all {
		all[i].Pos = ledger.Pos{Row: int32(i + 2)}
	}
	d.l.Entries = all
}

// account draws whose line it is, and its dates.
func (d *bookDrawer) account() ledger.Entry {
	e := ledger.Entry{
		Customer: d.index("customer", len(d.l.Customers), false), Rep: d.index("rep", len(d.l.Reps), true),
		Region: d.index("region", len(d.l.Regions), true), Currency: uint8(d.int("currency", 0, 2)), Posted: d.day("posted"),
	}
	e.Issued = e.Posted
	if d.oneIn("issued apart", 4) {
		e.Issued += ledger.Date(d.int("issued", -10, 10))
	}
	return e
}

func (d *bookDrawer) document(id string) []ledger.Entry {
	e := d.account()
	e.ID = ledgertest.ID(id)
	if len(d.docs) > 0 && d.oneIn("twin", 4) {
		return []ledger.Entry{d.twin(id)}
	}
	e.Kind = rapid.SampledFrom([]ledger.Kind{ledger.Invoice, ledger.Invoice, ledger.Invoice, ledger.DebitNote, ledger.Opening, ledger.Adjustment}).Draw(d.T, "document kind")
	d.debit(&e)
	if e.Kind == ledger.DebitNote && len(d.docs) > 0 && d.oneIn("debit note names", 4) {
		e.Settles = d.docs[d.int("noted", 0, len(d.docs)-1)].ID
	}
	d.cost(&e)
	rows := []ledger.Entry{e}
	if e.Kind == ledger.Invoice && d.oneIn("instalments", 5) {
		rows[0].Instalment = 1
		for n := range d.int("more instalments", 1, 2) {
			next := e
			next.Instalment = int16(n + 2)
			if d.oneIn("later instalment", 4) {
				next.Posted = d.day("instalment posted")
			}
			d.debit(&next)
			d.cost(&next)
			rows = append(rows, next)
		}
	}
	d.docs = append(d.docs, rows[0])
	return rows
}

// twin is a document on the same dates as another, so that its id decides
// which of them fifo lowers first.
func (d *bookDrawer) twin(id string) ledger.Entry {
	e := d.docs[d.int("twin of", 0, len(d.docs)-1)]
	e.ID, e.Instalment, e.Flags, e.Cost = ledgertest.ID(id), 0, 0, 0
	e.Rep, e.Amount = d.index("twin's rep", len(d.l.Reps), true), d.minor("twin's amount")
	d.docs = append(d.docs, e)
	return e
}

// debit draws amount, due date and marks of a debit.
func (d *bookDrawer) debit(e *ledger.Entry) {
	e.Amount = d.minor("amount")
	if d.oneIn("zero", 15) {
		e.Amount = 0
	}
	e.Due = e.Issued + ledger.Date(d.int("due", -5, 40))
	if d.oneIn("long due", 12) {
		e.Due -= ledger.Date(d.int("old", 0, 1200))
	}
	if d.oneIn("at a limit", 6) {
		d.limit(e)
	}
	if d.oneIn("disputed", 6) {
		e.Flags |= ledger.Disputed
	}
}

// limit makes a debit reach a bucket's last day at D, or the day after, by
// whichever date the book ages.
func (d *bookDrawer) limit(e *ledger.Entry) {
	bound := rapid.SampledFrom(d.opt.Bounds).Draw(d.T, "bound")
	at := d.opt.AsOf - ledger.Date(bound.N)
	if bound.Unit != analysis.BoundDays {
		at = d.opt.AsOf.AddMonths(-bound.N * map[analysis.BoundUnit]int{analysis.BoundMonths: 1, analysis.BoundYears: 12}[bound.Unit])
	}
	at -= ledger.Date(d.int("past the limit", 0, 1))
	switch d.opt.Aging.Basis {
	case analysis.ByIssued:
		e.Issued = at
	case analysis.ByPosted:
		e.Posted = at
	default:
		e.Due = at
	}
}

func (d *bookDrawer) cost(e *ledger.Entry) {
	if e.Kind.IsSale() && d.oneIn("cost given", 3) {
		e.Flags |= ledger.HasCost
		e.Cost = e.Amount * ledger.Minor(d.int("cost", 0, 12)) / 10
	}
}

// lineKinds are what a line that is no document may be; a negative amount is
// a credit.
var lineKinds = []struct {
	kind ledger.Kind
	sign ledger.Minor
}{
	{ledger.Receipt, -1}, {ledger.Receipt, -1}, {ledger.Receipt, -1}, {ledger.CreditNote, -1}, {ledger.WriteOff, -1},
	{ledger.Refund, 1}, {ledger.Receipt, 1}, {ledger.Recovery, -1}, {ledger.Adjustment, -1}, {ledger.Invoice, -1},
	{ledger.Opening, -1}, {ledger.DebitNote, -1}, {ledger.Refund, -1}, {ledger.Recovery, 1}, {ledger.WriteOff, 1}, {ledger.CreditNote, 1},
}

// line draws an entry that mostly settles something.
func (d *bookDrawer) line(i int) ledger.Entry {
	e := d.account()
	k := rapid.SampledFrom(lineKinds).Draw(d.T, "line kind")
	e.Kind = k.kind
	e.ID = ledgertest.ID(fmt.Sprintf("L%d", i+1))
	if e.Kind == ledger.Receipt {
		e.ID = ledgertest.ID(fmt.Sprintf("P%d", d.int("receipt", 1, 6)))
		if k.sign > 0 {
			e.ID = ledgertest.ID(rapid.SampledFrom([]string{"B1", "B2", "P1", "D1"}).Draw(d.T, "bounced"))
		}
	}
	amount := d.minor("line amount")
	if named := d.index("names", len(d.docs), true); named != ledger.None {
		doc := d.docs[named]
		e.Settles = doc.ID
		if !d.oneIn("of another account", 8) {
			e.Customer, e.Currency = doc.Customer, doc.Currency
		}
		if d.oneIn("in full", 2) {
			amount = doc.Amount
		}
	} else if d.oneIn("unknown", 3) {
		e.Settles = ledgertest.ID(rapid.SampledFrom([]string{"X1", "P1", "B1", "L1", "L2"}).Draw(d.T, "no document"))
	}
	if e.Kind == ledger.Refund && k.sign > 0 && d.oneIn("refund names a receipt", 2) {
		e.Settles = ledgertest.ID(fmt.Sprintf("P%d", d.int("refunded", 1, 6)))
	}
	e.Amount = amount * k.sign
	if e.Amount > 0 {
		d.due(&e)
	} else if d.oneIn("credit with due", 5) {
		e.Due = e.Posted + ledger.Date(d.int("credit due", -60, 30))
	}
	d.cost(&e)
	return e
}

func (d *bookDrawer) due(e *ledger.Entry) {
	e.Due = e.Issued + ledger.Date(d.int("line due", 0, 10))
}

func (d *bookDrawer) options() analysis.Options {
	from := d.start + ledger.Date(d.int("from", -5, d.span))
	to := from + ledger.Date(rapid.SampledFrom([]int{30, 29, 0, 6, 60, 91}).Draw(d.T, "length")-d.int("shorter", 0, 3))
	to = max(to, from)
	opt := analysis.Options{
		From: from, To: to, AsOf: to,
		Apply:    rapid.SampledFrom([]analysis.ApplicationMode{analysis.Explicit, analysis.FIFO, analysis.ExplicitThenFIFO}).Draw(d.T, "application"),
		RepBasis: rapid.SampledFrom([]analysis.RepBasis{analysis.RepOnDocument, analysis.RepOfCustomer}).Draw(d.T, "rep basis"),
		Basis:    rapid.SampledFrom([]analysis.DayBasis{analysis.ACT365, analysis.ACT360, analysis.E30360}).Draw(d.T, "day basis"),
		Margin:   ledger.Ratio{Num: 5, Den: 100},
		Aging: analysis.AgingRule{
			Basis:   rapid.SampledFrom([]analysis.AgingBasis{analysis.ByDue, analysis.ByIssued, analysis.ByPosted}).Draw(d.T, "aging"),
			Credits: rapid.SampledFrom([]analysis.CreditTreatment{analysis.CreditsOnAccount, analysis.CreditsOwnBucket, analysis.CreditsNetOldest}).Draw(d.T, "credits"),
		},
	}
	if d.oneIn("as-of later", 4) {
		opt.AsOf += ledger.Date(d.int("later", 1, 40))
	}
	if d.oneIn("other margin", 4) {
		opt.Margin = d.ratio("margin", -2, 20, 100)
	}
	opt.Rates = []analysis.RateFrom{{Rate: d.ratio("annual", 0, 24, 100)}}
	for at := from - 10; d.oneIn("rate change", 2); {
		at += ledger.Date(d.int("rate from", 1, 25))
		opt.Rates = append(opt.Rates, analysis.RateFrom{From: at, Rate: d.ratio("later annual", 0, 24, 100)})
	}
	opt.Bounds = d.bounds(opt.Aging.Basis)
	if !d.oneIn("no loss rates", 6) {
		for range len(bucketBounds(opt)) + 1 {
			opt.LossRates = append(opt.LossRates, d.ratio("loss", 0, 100, 1000))
		}
		if d.oneIn("specific provision", 3) {
			customer := d.l.Customers[d.int("provided for", 0, len(d.l.Customers)-1)].ID
			opt.Specific = []analysis.SpecificRate{{Customer: customer, Rate: d.ratio("specific loss", 0, 100, 100)}}
		}
	}
	return opt
}

// bounds draws limits of buckets. With basis due the first bucket is what is
// not due; with issued or posted it starts at 0 (rules §4).
func (d *bookDrawer) bounds(basis analysis.AgingBasis) []analysis.Bound {
	months, years := analysis.BoundMonths, analysis.BoundYears
	all := [][]analysis.Bound{
		{{N: 30}, {N: 60}, {N: 90}, {N: 120}}, {{N: 7}, {N: 14}}, {{N: 1, Unit: months}, {N: 2, Unit: months}, {N: 6, Unit: months}},
		{{N: 1, Unit: years}, {N: 2, Unit: years}, {N: 3, Unit: years}}, {{N: 20}, {N: 1, Unit: months}, {N: 1, Unit: years}},
	}
	drawn := rapid.SampledFrom(all).Draw(d.T, "bounds")
	if (basis == analysis.ByDue) != d.oneIn("unusual first bound", 8) {
		return append([]analysis.Bound{{}}, drawn...)
	}
	return drawn
}

// String writes the book for a reader of a failed test: one line an entry.
func (b randomBook) String() string {
	var s strings.Builder
	o, l := b.opt, b.l
	fmt.Fprintf(&s, "period %s … %s, as of %s, base %s, %s, rep by %s, %s, aging %s/%s %v, margin %s, annual %v, loss %v, specific %v\n", o.From, o.To, o.AsOf,
		l.BaseCurrency().Code, o.Apply, o.RepBasis, o.Basis, o.Aging.Basis, o.Aging.Credits, o.Bounds, o.Margin, o.Rates, o.LossRates, o.Specific)
	for _, r := range l.Rates {
		fmt.Fprintf(&s, "rate %s from %s: %s\n", l.Currencies[r.Currency].Code, r.Date, r.Rate)
	}
	named := func(i int32, name func(int32) string) string {
		if i == ledger.None {
			return "-"
		}
		return name(i)
	}
	rep := func(i int32) string { return l.Reps[i].ID }
	region := func(i int32) string { return l.Regions[i] }
	for _, r := range l.Reps {
		fmt.Fprintf(&s, "rep %s margin %s\n", r.ID, r.Margin)
	}
	for _, c := range l.Customers {
		fmt.Fprintf(&s, "customer %s rep %s region %s margin %s financing %s\n", c.ID, named(c.Rep, rep), named(c.Region, region), c.Margin, c.FinancingRate)
	}
	for _, t := range l.Targets {
		fmt.Fprintf(&s, "target %s %s sales %d/%t collection %d/%t expenses %d/%t\n", rep(t.Rep), t.Month, t.Sales, t.HasSales, t.Collection, t.HasCollection, t.Expenses, t.HasExpenses)
	}
	for i := range l.Entries {
		e := &l.Entries[i]
		fmt.Fprintf(&s, "%-3s %-11s %s %s %8d posted %s issued %s due %-10s settles %-3s inst %d rep %s region %s", l.Numbering.Text(e.ID), e.Kind, l.Customers[e.Customer].ID,
			l.Currencies[e.Currency].Code, e.Amount, e.Posted, e.Issued, e.Due, l.Numbering.Text(e.Settles), e.Instalment, named(e.Rep, rep), named(e.Region, region))
		if e.Has(ledger.HasCost) {
			fmt.Fprintf(&s, " cost %d", e.Cost)
		}
		if e.Has(ledger.Disputed) {
			s.WriteString(" disputed")
		}
		s.WriteByte('\n')
	}
	return s.String()
}
