package analysis

import "duepack/analysis/ledger"

// LeftOutTotal returns what the rows that --lenient left out of the book are
// worth in the book's currency, at the closing rate at D (rules §5): the sum of
// their amounts as signed in the ledger. Rows whose currency has no rate on or
// before D, and a sum out of range, cannot be added: they are counted apart.
func LeftOutTotal(l *ledger.Ledger, asOf ledger.Date) (total ledger.Minor, notAdded int) {
	x := newExchange(l)
	for _, row := range l.LeftOut {
		rate, ok := x.at(row.Currency, asOf)
		var amount, sum ledger.Minor
		if ok {
			amount, ok = x.convert(row.Amount, row.Currency, rate)
		}
		if ok {
			sum, ok = total.Add(amount)
		}
		if !ok {
			notAdded++
			continue
		}
		total = sum
	}
	return total, notAdded
}
