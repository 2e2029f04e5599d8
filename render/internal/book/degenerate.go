package book

import (
	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// Degenerate returns books at the edge of being books, by name: nothing sold,
// nothing open, nothing at all. Each has a pack like any other, with figures
// that are absent for a reason.
func Degenerate() map[string]*analysis.Pack {
	packs := map[string]*analysis.Pack{"empty": Empty()}
	for name, lines := range map[string][]ledger.Entry{
		"one line":        {line("I1", ledger.Invoice, "2026-10-31", 1, "")},
		"zero sales":      {line("O1", ledger.Opening, "2026-08-01", 500_000, ""), line("R1", ledger.Receipt, "2026-10-10", -100_000, "O1")},
		"sales net zero":  {line("I1", ledger.Invoice, "2026-10-05", 100_000, ""), line("N1", ledger.CreditNote, "2026-10-06", -100_000, "I1")},
		"no open items":   {line("I1", ledger.Invoice, "2026-10-01", 100_000, ""), line("R1", ledger.Receipt, "2026-10-20", -100_000, "I1")},
		"only credits":    {line("R1", ledger.Receipt, "2026-10-05", -50_000, ""), line("N1", ledger.CreditNote, "2026-09-05", -10_000, "")},
		"only refunds":    {line("F1", ledger.Refund, "2026-10-05", 50_000, "")},
		"only write-offs": {line("W1", ledger.WriteOff, "2026-10-05", -50_000, "I1")},
		"only recoveries": {line("V1", ledger.Recovery, "2026-10-05", -50_000, ""), line("V2", ledger.Recovery, "2026-09-05", -10_000, "")},
		"zero amounts":    {line("I1", ledger.Invoice, "2026-10-05", 0, ""), line("R1", ledger.Receipt, "2026-10-06", 0, "I1"), line("W1", ledger.WriteOff, "2026-10-07", 0, "I1")},
		"all later":       {line("I1", ledger.Invoice, "2026-11-01", 100_000, ""), line("R1", ledger.Receipt, "2026-11-02", -100_000, "I1")},
		"all later, more": {line("I1", ledger.Invoice, "2027-11-01", 100_000, "")},
	} {
		packs[name] = must(small(lines...), plain())
	}

	day := plain()
	day.From = day.To
	packs["period of one day"] = must(small(line("I1", ledger.Invoice, "2026-10-31", 100_000, ""), line("I2", ledger.Invoice, "2026-09-30", 100_000, "")), day)

	poor := small(line("I1", ledger.Invoice, "2026-06-05", 100_000, ""), line("W1", ledger.WriteOff, "2026-10-05", -40_000, "I1"), line("I2", ledger.Invoice, "2026-10-06", 70_000, ""))
	poor.Customers[0].Margin = ledger.Ratio{Num: -3, Den: 100}
	packs["margin below zero"] = must(poor, plain())

	foreign := small(line("I1", ledger.Invoice, "2026-09-05", 100_000, ""), line("R1", ledger.Receipt, "2026-10-06", -30_000, "I1"), line("I2", ledger.Invoice, "2026-10-06", 70_000, ""))
	foreign.Currencies = append(foreign.Currencies, ledger.Currency{Code: "KWD", Exponent: 3})
	foreign.Rates = []ledger.FxRate{{Currency: 1, Date: ledger.MustDate("2026-09-01"), Rate: ledger.Ratio{Num: 235, Den: 10}}}
	for i := range foreign.Entries {
		foreign.Entries[i].Currency = 1
	}
	packs["foreign only"] = must(foreign, plain())

	ages := plain()
	ages.AsOf, ages.To, ages.From = ledger.MustDate("2200-12-31"), ledger.MustDate("2200-12-31"), ledger.MustDate("1950-01-01")
	packs["two and a half centuries"] = must(small(line("I1", ledger.Invoice, "1950-01-01", 100_000, ""), line("I2", ledger.Invoice, "2200-12-31", 70_000, "")), ages)

	list := small()
	list.Snapshot = true
	packs["snapshot without a row"] = must(list, plain())
	return packs
}

// plain are the settings without anything to say about the input.
func plain() analysis.Options {
	opt := Options()
	opt.HistoryMonths, opt.Exceptions, opt.Inputs = 12, analysis.Exceptions{}, nil
	return opt
}

// small is a book of one customer without a rep or a region.
func small(lines ...ledger.Entry) *ledger.Ledger {
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Customers:  []ledger.Customer{{ID: "C1", Name: "Hengda", Rep: ledger.None, Region: ledger.None}},
		Sources:    []ledger.Source{{File: "ledger.csv"}},
	}
	for i, e := range lines {
		e.Pos = ledger.Pos{Row: int32(i + 2)}
		l.Entries = append(l.Entries, e)
	}
	return l
}

// line is an entry that is due on the day it is posted.
func line(id string, kind ledger.Kind, posted string, amount ledger.Minor, settles string) ledger.Entry {
	day := ledger.MustDate(posted)
	return ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Amount: amount, Posted: day, Issued: day, Due: day, Settles: ledgertest.ID(settles), Rep: ledger.None, Region: ledger.None}
}
