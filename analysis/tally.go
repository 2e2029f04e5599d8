package analysis

import (
	"duepack/analysis/ledger"
)

// Tally is the summed numerators and denominators of one subject: everything
// its figures are made of. Tallies of different customers are independent and
// add up, so the work can be split and merged in any order. All amounts are in
// minor units of one currency, the subject's.
type Tally struct {
	aging     []ledger.Minor // by bucket, at the as-of date
	onAccount ledger.Minor   // credits on account, negative
	overdue   ledger.Minor
	disputed  ledger.Minor
	documents ledger.Minor // number of open documents

	opening       ledger.Minor // balance the day before the period
	closing       ledger.Minor // balance at the end of the period
	closingNotDue ledger.Minor

	sales       ledger.Minor // the flows of the period, rules §6
	receipts    ledger.Minor
	recoveries  ledger.Minor
	writeOffs   ledger.Minor
	adjustments ledger.Minor // kind opening included: it is no sale

	dueToCollect ledger.Minor // denominator of collection_rate_due
	dueCollected ledger.Minor // numerator

	applied         ledger.Minor // receipts applied in the period
	appliedOnTime   ledger.Minor
	appliedDaysPay  ledger.Minor // Σ applied × (date − issued)
	appliedDaysLate ledger.Minor // Σ applied × (date − due)

	financing ledger.Minor
	terms     ledger.Minor
	gross     ledger.Minor

	provision        ledger.Minor // at the as-of date
	provisionClosing ledger.Minor // at the end of the period
	provisionOpening ledger.Minor // the day before it

	months     []ledger.Minor // sales by calendar month from the first of the calendar on; nil without sales
	firstSales int            // index of the first month with a sale
	unrated    int            // sales of months before this index cannot be converted

	overflow bool // a sum left the range of ledger.Minor
}

// add adds to a sum of the tally and remembers an overflow.
func (t *Tally) add(sum *ledger.Minor, m ledger.Minor) {
	total, ok := sum.Add(m)
	if !ok {
		t.overflow = true
	}
	*sum = total
}

// addDays adds amount × days.
func (t *Tally) addDays(sum *ledger.Minor, amount ledger.Minor, days ledger.Date) {
	product, ok := times(amount, int64(days))
	if !ok {
		t.overflow = true
	}
	t.add(sum, product)
}

// addSale adds to the sales of a month, by index.
func (t *Tally) addSale(month, months int, m ledger.Minor) {
	if t.months == nil {
		t.months = make([]ledger.Minor, months)
		t.firstSales = month
	}
	t.firstSales = min(t.firstSales, month)
	t.add(&t.months[month], m)
}

// addOpen adds what is placed at the as-of date, in the tally's currency.
func (t *Tally) addOpen(x *placed, open, provision ledger.Minor, disputed, document bool) {
	if x.bucket == OnAccountBucket {
		t.add(&t.onAccount, open)
	} else {
		t.add(&t.aging[x.bucket], open)
	}
	if x.pastDue {
		t.add(&t.overdue, open)
	}
	if x.open < 0 {
		return
	}
	if disputed {
		t.add(&t.disputed, open)
	}
	t.add(&t.provision, provision)
	if document {
		t.documents++
	}
}

// addClosing adds what is placed at the end of the period.
func (t *Tally) addClosing(x *placed, open, provision ledger.Minor) {
	t.add(&t.closing, open)
	t.add(&t.provisionClosing, provision)
	if x.bucket != OnAccountBucket && !x.pastDue {
		t.add(&t.closingNotDue, open)
	}
}

// addOpening adds what is placed on the day before the period, of which is to
// be collected what is due by its end.
func (t *Tally) addOpening(open, provision ledger.Minor, collect bool) {
	t.add(&t.opening, open)
	t.add(&t.provisionOpening, provision)
	if collect {
		t.add(&t.dueToCollect, open)
	}
}

// addFlow adds an entry of the period to the flow its kind counts in (rules §6,
// §8, §10). Opening entries inside the period are no sales; they stand in
// adjustments, so that the roll-forward foots.
func (t *Tally) addFlow(k ledger.Kind, amount, toCollect, gross ledger.Minor) {
	amount *= flowSign(k)
	switch k {
	case ledger.Receipt, ledger.Refund:
		t.add(&t.receipts, amount)
	case ledger.WriteOff:
		t.add(&t.writeOffs, amount)
	case ledger.Recovery:
		t.add(&t.recoveries, amount)
	case ledger.Adjustment, ledger.Opening:
		t.add(&t.adjustments, amount)
	default:
		t.add(&t.sales, amount)
	}
	t.add(&t.dueToCollect, toCollect)
	t.add(&t.gross, gross)
}

// flowSign is the sign with which the amounts of a kind are shown in its flow.
func flowSign(k ledger.Kind) ledger.Minor {
	switch k {
	case ledger.Receipt, ledger.Refund, ledger.WriteOff, ledger.Recovery:
		return -1
	}
	return 1
}

// addApplied adds a receipt applied to a document on a date of a window.
func (t *Tally) addApplied(d *document, date ledger.Date, amount ledger.Minor, w *window) {
	t.add(&t.applied, amount)
	if date <= d.due {
		t.add(&t.appliedOnTime, amount)
	}
	if d.due <= w.to {
		t.add(&t.dueCollected, amount)
	}
	t.addDays(&t.appliedDaysPay, amount, date-d.issued)
	t.addDays(&t.appliedDaysLate, amount, date-d.due)
}

// addCost adds what a document cost in financing.
func (t *Tally) addCost(late, terms ledger.Minor) {
	t.add(&t.financing, late)
	t.add(&t.terms, terms)
}

// Merge adds another tally of the same currency.
func (t *Tally) Merge(o *Tally) {
	if t.aging == nil {
		t.aging = make([]ledger.Minor, len(o.aging))
	}
	for i := range o.aging {
		t.add(&t.aging[i], o.aging[i])
	}
	mine, theirs := t.sums(), o.sums()
	for i := range mine {
		t.add(mine[i], *theirs[i])
	}
	if o.months != nil {
		for i, m := range o.months {
			if i >= o.firstSales {
				t.addSale(i, len(o.months), m)
			}
		}
	}
	t.unrated = max(t.unrated, o.unrated)
	t.overflow = t.overflow || o.overflow
}

// sums lists every plain sum of the tally, for Merge.
func (t *Tally) sums() [24]*ledger.Minor {
	return [...]*ledger.Minor{
		&t.onAccount, &t.overdue, &t.disputed, &t.documents,
		&t.opening, &t.closing, &t.closingNotDue,
		&t.sales, &t.receipts, &t.recoveries, &t.writeOffs, &t.adjustments,
		&t.dueToCollect, &t.dueCollected,
		&t.applied, &t.appliedOnTime, &t.appliedDaysPay, &t.appliedDaysLate,
		&t.financing, &t.terms, &t.gross,
		&t.provision, &t.provisionClosing, &t.provisionOpening,
	}
}
