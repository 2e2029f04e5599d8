package analysis_test

import (
	"fmt"
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// Two invoices of January, 100 and 300; 100 paid in January, 200 in March: 25 %
// after 0 and 1 months, 75 % after 2. February: one invoice, nothing paid.
func TestVintagesAccumulateByMonthOfIssue(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-05"), Amount: 100_00},
		ledger.Entry{ID: ledgertest.ID("B"), Kind: ledger.Invoice, Posted: day("2026-01-31"), Amount: 300_00},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-01-31"), Amount: -100_00, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("C"), Kind: ledger.Invoice, Posted: day("2026-02-10"), Amount: 50_00},
		ledger.Entry{ID: ledgertest.ID("N"), Kind: ledger.CreditNote, Posted: day("2026-02-11"), Amount: -20_00, Settles: ledgertest.ID("B")},
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-03-01"), Amount: -200_00, Settles: ledgertest.ID("B")},
		ledger.Entry{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-04-01"), Amount: -50_00, Settles: ledgertest.ID("C")})
	p := build(t, l, settings("2026-03-01", "2026-03-31"))
	if len(p.Vintages) != 2 {
		t.Fatalf("%d vintages, want January and February", len(p.Vintages))
	}
	var got []string
	for _, v := range p.Vintages {
		for n := range v.Collected {
			got = append(got, fmt.Sprintf("%s+%d %s", v.Month, n, v.Share(n).Ratio.FloatString(2)))
		}
	}
	want := []string{"2026-01+0 0.25", "2026-01+1 0.25", "2026-01+2 0.75", "2026-02+0 0.00", "2026-02+1 0.00"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("collected %v, want %v", got, want)
	}
}

// An invoice of 100 is paid in January by a cheque that bounces in February and
// is paid again in March: collected 100 %, 0 %, 100 %, never twice. What the
// cheque of 120 overpaid stands on account, so its bouncing takes back 100.
func TestBouncedChequeIsNotCollected(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-05"), Amount: 100_00},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-01-20"), Amount: -120_00, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-02-02"), Amount: 120_00, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-03-01"), Amount: -100_00, Settles: ledgertest.ID("A")})
	p := build(t, l, settings("2026-03-01", "2026-03-31"))
	if len(p.Vintages) != 1 || fmt.Sprint(p.Vintages[0].Collected) != "[10000 0 10000]" {
		t.Errorf("vintages %+v, want 100.00 of January collected in January and March, and nothing at the end of February", p.Vintages)
	}
}
