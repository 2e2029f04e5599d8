package analysis_test

import (
	"fmt"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// What may explain a difference (rules §10): the general ledger has a balance
// of its own, and the lines below add up to 2,053.33 on 31 October.
func TestDifferenceNamesItsCandidates(t *testing.T) {
	entry := func(id string, kind ledger.Kind, posted string, amount ledger.Minor) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Posted: day(posted), Amount: amount}
	}
	l := book(
		entry("A", ledger.Invoice, "2026-08-01", 1000_00),
		entry("B", ledger.Invoice, "2026-09-05", 500_00),
		entry("B2", ledger.Invoice, "2026-09-05", 500_00),
		entry("C", ledger.Invoice, "2026-09-10", 333_33),
		entry("R", ledger.Receipt, "2026-09-20", -400_00),
		entry("D", ledger.Invoice, "2026-10-30", 120_00),
		entry("E", ledger.Invoice, "2026-11-01", 77_00),
		entry("F", ledger.Receipt, "2026-11-02", -30_00),
		entry("G", ledger.Invoice, "2026-11-06", 41_00)) // too late to be meant
	l.LeftOut = []ledger.LeftOut{{Amount: 9_00, Pos: ledger.Pos{Row: 11}}}
	const cutoffAfter = ", cutoff E, cutoff F"
	for _, c := range []struct {
		control ledger.Minor
		want    string
	}{
		{2053_33, ""},
		{1553_33, "left-out, duplicate B, duplicate B2, cutoff E, cutoff F, cutoff D"},       // −500: in the ledger twice
		{1720_00, "left-out, amount C, cutoff E, cutoff F, cutoff D"},                        // −333.33
		{2453_33, "left-out, amount R" + cutoffAfter},                                        // 400: the receipt is not in the general ledger
		{1220_00, "left-out, pair B, pair C, pair B2, pair C, cutoff E, cutoff F, cutoff D"}, // −833.33 = −(500 + 333.33), twice
		{1453_33, "left-out, pair A, pair R, cutoff E, cutoff F, cutoff D"},                  // −600 = −(1,000 − 400)
		{2100_33, "left-out, pair E, pair F" + cutoffAfter},                                  // 47 = 77 − 30: both booked early
		{2130_33, "left-out, amount E, cutoff F"},                                            // 77: booked in October over there
		{2054_33, "left-out" + cutoffAfter},                                                  // 1: nothing fits
	} {
		l.Control = []ledger.ControlBalance{{Account: "1122", Date: day("2026-10-31"), Currency: 0, Balance: c.control}}
		p := build(t, l, settings("2026-10-01", "2026-10-31"))
		var got []string
		for _, x := range p.TieOut[0].Candidates {
			got = append(got, strings.TrimSpace(strings.TrimPrefix(x.Why, "candidate-")+" "+x.ID))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("control %s, difference %s: %s, want %s", c.control.Decimal(2), p.TieOut[0].Difference().Decimal(2), strings.Join(got, ", "), c.want)
		}
		if p.TiesOut() != (c.want == "") {
			t.Errorf("control %s: ties out is %t", c.control.Decimal(2), p.TiesOut())
		}
	}
}

// Beyond a few thousand lines pairs fit by chance: only those posted last count.
func TestPairsAreLookedForAmongTheLinesPostedLast(t *testing.T) {
	for _, c := range []struct{ between, pairs int }{{10, 2}, {3000, 0}} {
		entries := []ledger.Entry{{ID: ledgertest.ID("OLD"), Kind: ledger.Invoice, Posted: day("2024-01-01"), Amount: 1_000_003}}
		for i := range c.between {
			entries = append(entries, ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("I%d", i)), Kind: ledger.Invoice, Posted: day("2025-06-01"), Amount: 7_000_000})
		}
		entries = append(entries, ledger.Entry{ID: ledgertest.ID("NEW"), Kind: ledger.Invoice, Posted: day("2026-10-30"), Amount: 2_000_004})
		l := book(entries...)
		l.Control = []ledger.ControlBalance{{Account: "1122", Date: day("2026-10-31"), Currency: 0, Balance: ledger.Minor(c.between) * 7_000_000}}
		found := 0
		for _, x := range build(t, l, settings("2026-10-01", "2026-10-31")).TieOut[0].Candidates {
			if x.Why == "candidate-pair" {
				found++
			}
		}
		if found != c.pairs {
			t.Errorf("%d lines between: %d lines of pairs, want %d", c.between, found, c.pairs)
		}
	}
}
