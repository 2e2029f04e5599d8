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
			{Currency: 0, Amount: 10050, Code: "bad-date"},
			{Currency: 1, Amount: -300, Code: "duplicate-document"}, // × 0.05 = −15.00
			{Currency: 2, Amount: 77, Code: "bad-date"},             // no rate
			{Currency: 0}, // its amount could not be read
		},
	}
	sum := analysis.LeftOutTotal(l, ledger.MustDate("2026-10-31"))
	if sum.Total != 8550 || sum.NotAdded != 1 {
		t.Errorf("got %d and %d rows not added, want 8550 and 1", sum.Total, sum.NotAdded)
	}
	if sum.ByCode["bad-date"] != 10050 || sum.ByCode["duplicate-document"] != -1500 {
		t.Errorf("by code %v, want 10050 and -1500", sum.ByCode)
	}
}
