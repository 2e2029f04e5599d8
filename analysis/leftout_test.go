package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

func TestLeftOutRowsAreWorthTheirAmountAtTheClosingRate(t *testing.T) {
	l := &ledger.Ledger{
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY", Exponent: 0}, {Code: "USD", Exponent: 2}},
		Rates: []ledger.FxRate{
			{Currency: 1, Date: ledger.MustDate("2026-09-30"), Rate: ledger.Ratio{Num: 1, Den: 20}},
			{Currency: 1, Date: ledger.MustDate("2026-11-30"), Rate: ledger.Ratio{Num: 9, Den: 1}}, // after D
		},
		LeftOut: []ledger.LeftOut{
			{Currency: 0, Amount: 10050},
			{Currency: 1, Amount: -300}, // × 0.05 = −15.00
			{Currency: 2, Amount: 77},   // no rate
			{Currency: 0},               // its amount could not be read
		},
	}
	total, notAdded := analysis.LeftOutTotal(l, ledger.MustDate("2026-10-31"))
	if total != 8550 || notAdded != 1 {
		t.Errorf("got %d and %d rows not added, want 8550 and 1", total, notAdded)
	}
}
