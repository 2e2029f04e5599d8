package samples

import (
	"fmt"
	"slices"
	"sort"

	"duepack/analysis/ledger"
)

// The layouts of a book (rules §2, §3).
const (
	Ledger      = "ledger"       // every line with a signed amount
	DebitCredit = "debit-credit" // the same lines with a debit and a credit column
	Snapshot    = "snapshot"     // one row per document that is open at the close
	Settled     = "settled"      // one row per invoice with the date it was paid
)

// The languages of a book: of headers, kinds, names and remarks. The figures
// are the same in both.
const (
	English = "en"
	Chinese = "zh-CN"
)

// The formats of a book's files.
const (
	Workbook = "xlsx" // one workbook with a sheet per table
	CSV      = "csv"  // one file per table, UTF-8
)

// Layouts lists the layouts Generate knows.
func Layouts() []string { return []string{Ledger, DebitCredit, Snapshot, Settled} }

// maxRows bounds a book: what a machine writes in minutes.
const maxRows = 50_000_000

// firstSeed moves the seeds so that seed 1 is a company whose last month has a
// little of everything: it is the book that is checked in.
const firstSeed = 144

// Options say which book to make. An empty field takes the default: 3,000
// rows, seed 1, a ledger, English, a workbook.
type Options struct {
	Rows   int    // rows of the Ledger sheet, exactly
	Seed   uint64 // another seed is another company
	Layout string
	Lang   string
	Format string
}

// withDefaults fills the empty fields and refuses what it does not know.
func (o Options) withDefaults() (Options, error) {
	if o.Rows == 0 {
		o.Rows = 3000
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	for _, field := range []struct {
		name  string
		value *string
		known []string
	}{{"layout", &o.Layout, Layouts()}, {"language", &o.Lang, []string{English, Chinese}}, {"format", &o.Format, []string{Workbook, CSV}}} {
		if *field.value == "" {
			*field.value = field.known[0]
		}
		if !slices.Contains(field.known, *field.value) {
			return o, fmt.Errorf("%q is not a %s of samples (want one of %q)", *field.value, field.name, field.known)
		}
	}
	if o.Rows < 1 || o.Rows > maxRows {
		return o, fmt.Errorf("%d is not a number of rows of samples (want 1 to %d)", o.Rows, maxRows)
	}
	return o, nil
}

// Generate writes a book into a folder, which it makes where it is missing:
// ledger.xlsx (or Ledger.csv, Customers.csv …) and duepack.yaml. Files of
// these names are overwritten. A book of more than a million rows has further
// workbooks ledger-2.xlsx …, because a sheet holds no more. It fails on an
// unknown option and where the folder cannot be written.
func Generate(dir string, options Options) error {
	options, err := options.withDefaults()
	if err != nil {
		return err
	}
	out, err := newBook(dir, options)
	if err != nil {
		return err
	}
	g := newGenerator(options)
	out.generator = g
	if err := g.run(out.ledgerRow); err != nil {
		out.abandon()
		return err
	}
	return out.finish()
}

// row is a row of the Ledger sheet: a line, and what only some layouts show.
type row struct {
	line
	open      ledger.Minor // snapshot
	settledOn ledger.Date  // settled; 0: not yet
}

// promise is a row of the Promises sheet.
type promise struct {
	document       string
	customer       int32
	made, promised ledger.Date
	amount         ledger.Minor
	excuse         int
}

// generator tells the stories of a book day by day.
type generator struct {
	options   Options
	luck      chance
	customers []customer
	reps      []rep
	reach     []int // running sums of the customers' weights

	lastPosting, lastSeen ledger.Date // the last day of the book, and the close

	// In thousandths: documents that nobody looks after, documents that are
	// short-paid, and short payments that stay as they are.
	neglect, shortPays, leftOpen int

	ahead, instalments, red, bounce, twice, dividends, freight, reclass, nameless turn

	numbers struct {
		invoice, credit, debit, receipt, unapplied, returned, refund, writeOff, recovery, adjustment, order int
	}

	scratch  []line
	open     []ledger.Minor // of the lines of a story, see position
	rows     []row
	queue    [][]row // by day, from warmUp
	promises []promise

	balances [currencyCount][]ledger.Minor // change of the receivable by month, from the opening's
	sold     [][]ledger.Minor              // by rep and month, in the book's currency, for the targets
	fx       exchange
}

func newGenerator(o Options) *generator {
	g := &generator{options: o, luck: chance{o.Seed + firstSeed}, lastPosting: lastDay, lastSeen: asOf}
	lines := o.Rows
	switch o.Layout {
	case Snapshot:
		lines *= 12
		g.lastPosting = asOf
	case Settled:
		lines *= 2
	}
	customers, reps := staffOf(lines)
	g.reps = hire(reps)
	var weights []int
	g.customers, weights = meet(customers, g.reps, lines, &g.luck)
	sum := 0
	for _, w := range weights {
		sum += w
		g.reach = append(g.reach, sum)
	}
	g.neglect, g.shortPays, g.leftOpen = 40, 30, 250
	if lines > 100_000 { // a large company has a backlog of small deductions
		g.neglect, g.shortPays, g.leftOpen = 60, 200, 700
	}
	g.ahead, g.instalments, g.red = newTurn(110, &g.luck), newTurn(160, &g.luck), newTurn(190, &g.luck)
	g.bounce, g.twice, g.dividends = newTurn(90, &g.luck), newTurn(260, &g.luck), newTurn(5, &g.luck)
	g.freight, g.reclass, g.nameless = newTurn(40, &g.luck), newTurn(420, &g.luck), newTurn(130, &g.luck)

	g.queue = make([][]row, g.lastPosting-warmUp+1)
	months := int(asOf.Month()-opening.Month()) + 1
	for i := range g.balances {
		g.balances[i] = make([]ledger.Minor, months)
	}
	g.sold = make([][]ledger.Minor, reps)
	for i := range g.sold {
		g.sold[i] = make([]ledger.Minor, months)
	}
	g.fx = quote(&g.luck)
	return g
}

// run tells stories on every day until exactly the wanted rows are made, and
// gives the rows in order of posting. The number of stories of a day follows
// from the rows still to come, so an estimate that is off mends itself.
func (g *generator) run(emit func(*row) error) error {
	left, weight := g.options.Rows, 0
	for d := warmUp; d <= g.lastPosting; d++ {
		weight += pace(d) * g.yield(d)
	}
	due := 0 // thousandths of rows
	for d := warmUp; d <= g.lastPosting; d++ {
		if today := pace(d) * g.yield(d); today > 0 {
			due += left * 1000 * today / weight
			weight -= today
			for ; left > 0 && (weight == 0 || due >= g.yield(d)); due -= g.yield(d) {
				left -= g.day(d, left)
			}
		}
		if err := g.post(d, emit); err != nil {
			return err
		}
	}
	return nil
}

// yield estimates the rows that a story of a day gives, in thousandths.
func (g *generator) yield(d ledger.Date) int {
	switch g.options.Layout {
	case Snapshot:
		return 20 + 980 - paidAfter(asOf-d)*980/1000
	case Settled:
		if d <= opening {
			return 0
		}
		return 1000
	}
	if d <= opening {
		return (1000 - paidAfter(opening-d)) * 2240 / 1000
	}
	return 1000 + paidAfter(lastDay-d)*1240/1000
}

// paidAfter estimates what share of a day's invoices is paid some days later,
// in thousandths.
func paidAfter(days ledger.Date) int { return min(max((int(days)-15)*10, 0), 1000) }

// day tells one story of a day and queues at most so many rows of it. It
// returns how many.
func (g *generator) day(d ledger.Date, most int) int {
	who := g.buyer(d)
	calm := d <= opening || g.lastPosting-d < 20
	lines := g.tell(who, d, calm)
	g.rows = g.rows[:0]
	switch g.options.Layout {
	case Snapshot:
		g.snapshotRows(lines)
	case Settled:
		g.settledRows(lines)
	default:
		g.ledgerRows(lines)
	}
	rows := g.rows[:min(most, len(g.rows))]
	for _, r := range rows {
		at := r.posted - warmUp
		g.queue[at] = append(g.queue[at], r)
	}
	return len(rows)
}

// buyer draws a customer by weight that is still sold to.
func (g *generator) buyer(d ledger.Date) int32 {
	total := g.reach[len(g.reach)-1]
	who := 0
	for range 50 {
		at := g.luck.below(total)
		who = sort.SearchInts(g.reach, at+1)
		if !g.customers[who].stopped(d) {
			break
		}
	}
	return int32(who)
}

// ledgerRows takes the lines of a story up to the book's last day. What was
// open when the book begins becomes an opening line.
func (g *generator) ledgerRows(lines []line) {
	begun := lines[0].posted > opening
	if !begun {
		g.position(lines, opening)
		if g.open[0] == 0 {
			return
		}
		first := lines[0]
		first.kind, first.amount, first.posted = ledger.Opening, g.open[0], opening
		first.hasCost, first.cost, first.noDelivery = false, 0, true
		g.rows = append(g.rows, row{line: first})
	}
	for _, l := range lines {
		if l.posted > g.lastPosting {
			break
		}
		if begun || l.posted > opening {
			g.rows = append(g.rows, row{line: l})
		}
	}
}

// snapshotRows takes what of a story is open at the close.
func (g *generator) snapshotRows(lines []line) {
	g.position(lines, asOf)
	for i, open := range g.open {
		if open != 0 {
			g.rows = append(g.rows, row{line: lines[i], open: open})
		}
	}
}

// settledRows takes the invoices and debit notes of a story, with the date
// they were paid or credited in full; not with the date they were written off.
func (g *generator) settledRows(lines []line) {
	for i := range lines {
		doc := &lines[i]
		if doc.amount <= 0 || doc.settles != "" || doc.kind != ledger.Invoice && doc.kind != ledger.DebitNote || doc.posted > g.lastPosting {
			continue
		}
		r := row{line: *doc}
		open := doc.amount
		for _, l := range lines {
			if l.settles != doc.document || l.kind == ledger.Recovery || l.posted > g.lastPosting {
				continue
			}
			if open += l.amount; open > 0 {
				r.settledOn = 0
			} else if r.settledOn == 0 && l.kind != ledger.WriteOff {
				r.settledOn = l.posted
			}
		}
		g.rows = append(g.rows, r)
	}
}

// position plays a story up to a date: open of every line that is a document,
// negative of every credit that is on account, 0 of all else.
func (g *generator) position(lines []line, at ledger.Date) {
	g.open = append(g.open[:0], make([]ledger.Minor, len(lines))...)
	for i := range lines {
		l := &lines[i]
		switch {
		case l.posted > at:
			return
		case l.kind == ledger.Recovery:
		case l.kind == ledger.Refund:
			for j := range i {
				if lines[j].document == l.settles && lines[j].amount < 0 {
					g.open[j] += l.amount
				}
			}
		case l.amount > 0 && l.settles != "": // a returned cheque
			g.open[0] += l.amount
		case l.amount > 0:
			g.open[i] = l.amount
			for j := range i { // money that was paid ahead
				if lines[j].settles == l.document {
					g.apply(j, i)
				}
			}
		default:
			g.open[i] = l.amount
			for j := range i {
				if l.settles != "" && lines[j].document == l.settles {
					g.apply(i, j)
				}
			}
		}
	}
}

// apply lowers a document by a credit.
func (g *generator) apply(credit, document int) {
	amount := min(-g.open[credit], g.open[document])
	if amount > 0 {
		g.open[credit] += amount
		g.open[document] -= amount
	}
}

// post gives the rows of a day: debits and credits as told, then the receipts
// by customer, those of one customer as one receipt.
func (g *generator) post(d ledger.Date, emit func(*row) error) error {
	rows := g.queue[d-warmUp]
	g.queue[d-warmUp] = nil
	slices.SortStableFunc(rows, func(a, b row) int {
		switch unnumberedA, unnumberedB := a.document == "", b.document == ""; {
		case unnumberedA && unnumberedB:
			return int(a.customer - b.customer)
		case unnumberedA:
			return 1
		case unnumberedB:
			return -1
		}
		return 0
	})
	payer, receipt := int32(-1), ""
	for i := range rows {
		r := &rows[i]
		if r.document == "" {
			if r.customer != payer {
				payer, receipt = r.customer, g.number("RC", &g.numbers.receipt)
			}
			r.document = receipt
		}
		g.count(r)
		if err := emit(r); err != nil {
			return err
		}
	}
	return nil
}

// count adds a row to the control balances and to its rep's sales.
func (g *generator) count(r *row) {
	amount := r.amount
	if g.options.Layout == Snapshot {
		amount = r.open
	}
	if r.kind != ledger.Recovery {
		g.change(r.currency, max(r.posted, opening), amount)
	}
	if r.settledOn != 0 {
		g.change(r.currency, r.settledOn, -amount)
	}
	if r.kind.IsSale() && r.posted > opening && r.posted <= asOf {
		g.sold[r.rep][r.posted.Month()-opening.Month()] += g.fx.book(r.amount, r.currency, r.posted)
	}
}

func (g *generator) change(currency uint8, d ledger.Date, amount ledger.Minor) {
	if d <= asOf {
		g.balances[currency][d.Month()-opening.Month()] += amount
	}
}
