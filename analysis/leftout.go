package analysis

import "duepack/analysis/ledger"

// LeftOutSum is what the rows that --lenient left out of the book are worth in
// the book's currency.
type LeftOutSum struct {
	Total  ledger.Minor
	ByCode map[string]ledger.Minor // by the code of each row's error; they add up to Total
	// NotAdded counts the rows whose currency has no rate on or before D, and
	// those that would take the sum out of range.
	NotAdded int
}

// LeftOutTotal sums what --lenient left out at the closing rate at D (rules §5):
// amounts as signed in the ledger.
func LeftOutTotal(l *ledger.Ledger, asOf ledger.Date) LeftOutSum {
	x := newExchange(l)
	s := LeftOutSum{ByCode: map[string]ledger.Minor{}}
	for _, row := range l.LeftOut {
		rate, ok := x.at(row.Currency, asOf)
		var amount, total, ofCode ledger.Minor
		if ok {
			amount, ok = x.convert(row.Amount, row.Currency, rate)
		}
		if ok {
			total, ok = s.Total.Add(amount)
		}
		if ok {
			ofCode, ok = s.ByCode[row.Code].Add(amount)
		}
		if !ok {
			s.NotAdded++
			continue
		}
		s.Total, s.ByCode[row.Code] = total, ofCode
	}
	return s
}
