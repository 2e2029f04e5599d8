package analysis

import (
	"cmp"
	"slices"
	"strings"

	"duepack/analysis/ledger"
)

// tieOut compares the control balances on or before the as-of date with the
// ledger (rules §10). Balances with a currency are compared with the lines of
// that currency; those without with the whole book, converted. Accounts of one
// date and currency are added up, since a ledger line names no account.
func (b *builder) tieOut(p *Pack) []TieOut {
	var list []TieOut
	control := slices.Clone(b.ledger.Control)
	slices.SortStableFunc(control, func(x, y ledger.ControlBalance) int {
		return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Currency, y.Currency), strings.Compare(x.Account, y.Account))
	})
	booked := b.bookedUpTo(control)
	for len(control) > 0 {
		first := control[0]
		t := TieOut{Date: first.Date, Currency: int(first.Currency)}
		var accounts []string
		for len(control) > 0 && control[0].Date == first.Date && control[0].Currency == first.Currency {
			t.Control += control[0].Balance
			accounts = append(accounts, control[0].Account)
			control = control[1:]
		}
		t.Account = strings.Join(accounts, " + ")
		balance, known := b.balanceAt(p, booked, first.Date, first.Currency)
		if !known {
			continue
		}
		t.Ledger = balance
		if t.Currency < 0 {
			t.Currency = p.Base
		}
		if t.Difference() != 0 && t.Date == p.AsOf {
			t.Candidates = b.candidates(t, first.Currency)
		}
		list = append(list, t)
	}
	return list
}

// balanceAt returns what the ledger says for a control balance: the sum of the
// amounts posted on or before the date, recoveries left out (rules §3,
// conservation). A date after the as-of date is not known yet; a snapshot and
// a balance of the whole book in several currencies are known at the as-of
// date only.
func (b *builder) balanceAt(p *Pack, booked []bookedUpTo, date ledger.Date, currency int16) (ledger.Minor, bool) {
	if date > p.AsOf {
		return 0, false
	}
	if date == p.AsOf {
		if currency < 0 {
			return p.Company.Value(Balance).Minor, true
		}
		for i := range p.ByCurrency {
			if p.ByCurrency[i].Currency == int(currency) {
				return p.ByCurrency[i].Value(Balance).Minor, true
			}
		}
		return 0, true
	}
	if b.ledger.Snapshot || currency < 0 && len(p.ByCurrency) > 1 {
		return 0, false
	}
	i := slices.IndexFunc(booked, func(x bookedUpTo) bool { return x.date == date })
	var sum ledger.Minor
	for c, amount := range booked[i].amounts {
		if currency < 0 || int(currency) == c {
			sum += amount
		}
	}
	return sum, true
}

// bookedUpTo is what was posted up to a date, recoveries left out, by currency.
type bookedUpTo struct {
	date    ledger.Date
	amounts []ledger.Minor
}

// bookedUpTo adds up the entries for the dates of the control balances, which
// ascend, in one pass.
func (b *builder) bookedUpTo(control []ledger.ControlBalance) []bookedUpTo {
	var list []bookedUpTo
	for _, c := range control {
		if len(list) == 0 || list[len(list)-1].date != c.Date {
			list = append(list, bookedUpTo{c.Date, make([]ledger.Minor, len(b.ledger.Currencies))})
		}
	}
	if len(list) == 0 {
		return nil
	}
	b.addBooked(list)
	for i := 1; i < len(list); i++ {
		for c, before := range list[i-1].amounts {
			list[i].amounts[c] += before
		}
	}
	return list
}

// addBooked adds each entry to the first date it was posted up to, in pieces on
// all processors.
func (b *builder) addBooked(list []bookedUpTo) {
	currencies := len(b.ledger.Currencies)
	pieces := piecesOf(len(b.ledger.Entries), len(list)*currencies)
	sums := make([][]ledger.Minor, len(pieces)) // by piece, date and currency
	eachPiece(pieces, func(w int, piece piece) {
		sum := make([]ledger.Minor, len(list)*currencies)
		at := 0 // the date of the entry before: entries often come by date
		for i := piece.from; i < piece.to; i++ {
			e := &b.ledger.Entries[i]
			if at == len(list) || list[at].date < e.Posted || at > 0 && list[at-1].date >= e.Posted {
				at, _ = slices.BinarySearchFunc(list, e.Posted, func(x bookedUpTo, d ledger.Date) int { return cmp.Compare(x.date, d) })
			}
			if at < len(list) && e.Kind != ledger.Recovery {
				sum[at*currencies+int(e.Currency)] += e.Amount
			}
		}
		sums[w] = sum
	})
	for _, sum := range sums {
		for i, amount := range sum {
			list[i/currencies].amounts[i%currencies] += amount
		}
	}
}

// TiesOut reports whether every control balance of the as-of date equals the
// ledger. A book without one ties out: there is nothing to differ from.
func (p *Pack) TiesOut() bool {
	return !slices.ContainsFunc(p.TieOut, func(t TieOut) bool { return t.Date == p.AsOf && t.Difference() != 0 })
}
