package analysis_test

import (
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// plan pays 2 % on time, 1 % up to 30 days late, nothing later.
var plan = []analysis.CommissionBand{{LateDays: 0, Rate: share(2)}, {LateDays: 30, Rate: share(1)}, {LateDays: 90, Rate: share(0)}}

// paid builds October 2026 with a plan from invoice A of 10,000.00, due on 30
// September, and what else is given.
func paid(t *testing.T, plan []analysis.CommissionBand, entries ...ledger.Entry) *analysis.Pack {
	t.Helper()
	opt := settings("2026-10-01", "2026-10-31")
	opt.Commission = plan
	invoice := ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-31"), Due: day("2026-09-30"), Amount: 1_000_000}
	return build(t, book(append([]ledger.Entry{invoice}, entries...)...), opt)
}

func cashFor(id, posted string, amount ledger.Minor) ledger.Entry {
	return ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Receipt, Posted: day(posted), Amount: -amount, Settles: ledgertest.ID("A")}
}

// commissions lists why, late days and commission of every line, and the sum.
func commissions(p *analysis.Pack) (lines []string, sum ledger.Minor) {
	for _, c := range p.Detail.Commissions {
		lines = append(lines, string(c.Why)+" "+c.ID+" "+c.Commission.Decimal(2))
		sum += c.Commission
	}
	return lines, sum
}

func wantCommissions(t *testing.T, p *analysis.Pack, want ...string) {
	t.Helper()
	if got, _ := commissions(p); strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("commission lines %q, want %q", got, want)
	}
}

// ADempiere, issue 1592: invoiced 10,000, received 8,000, 4 % → 320. A plan
// never pays on an invoice (rules §11).
func TestPC32CommissionOnReceipt(t *testing.T) {
	p := paid(t, []analysis.CommissionBand{{LateDays: 30, Rate: share(4)}}, cashFor("R", "2026-10-10", 800_000))
	wantCommissions(t, p, "earned R 320.00")
	rows := table(t, p, "commission_reps").Rows
	if got := rows[len(rows)-1].Cells[4].Value.Minor; got != 32_000 {
		t.Errorf("company %d, want 32000", got)
	}
}

// Each band's last day and the next: 30 September is on time, 1 October a day
// late, 30 October 30 days, 31 October 31.
func TestCommissionBandsHoldTheirLastDay(t *testing.T) {
	opt := settings("2026-09-01", "2026-10-31")
	opt.Commission = plan
	p := build(t, book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-31"), Due: day("2026-09-30"), Amount: 1_000_000},
		cashFor("early", "2026-09-10", 10_000), cashFor("due", "2026-09-30", 10_000), cashFor("1", "2026-10-01", 10_000),
		cashFor("30", "2026-10-30", 10_000), cashFor("31", "2026-10-31", 10_000)), opt)
	wantCommissions(t, p, "earned early 2.00", "earned due 2.00", "earned 1 1.00", "earned 30 1.00", "earned 31 0.00")
}

func TestCashLaterThanTheLastBandEarnsNothing(t *testing.T) {
	p := paid(t, []analysis.CommissionBand{{LateDays: 9, Rate: share(2)}}, cashFor("R", "2026-10-10", 100_000))
	wantCommissions(t, p, "earned R 0.00")
}

// Rounded at the application: 1 % of 0.50 is 0.01 (half away from zero), twice.
func TestCommissionIsRoundedAtTheApplication(t *testing.T) {
	p := paid(t, plan, cashFor("R1", "2026-10-10", 50), cashFor("R2", "2026-10-11", 50))
	wantCommissions(t, p, "earned R1 0.01", "earned R2 0.01")
}

// Clawed back when the receipt is reversed: at the rate it was paid at, the
// newest first, also where it was earned before the period.
func TestReversedReceiptTakesItsCommissionBack(t *testing.T) {
	p := paid(t, plan, cashFor("R1", "2026-09-20", 400_000), cashFor("R2", "2026-10-10", 100_000), cashFor("R2", "2026-10-15", -300_000))
	wantCommissions(t, p, "earned R2 10.00", "reversed R2 -10.00", "reversed R2 -40.00") // 1,000 at 1 %, then 2,000 of R1 at 2 %
	if _, sum := commissions(p); sum != -4_000 {
		t.Errorf("sum %d, want -4000", sum)
	}
}

// Or the goods come back: 7,000 of 10,000 are paid, 3,000 are open; a credit
// note of 5,000 takes the open 3,000 and 2,000 of what was paid.
func TestReturnedGoodsTakeTheCommissionOnTheirCashBack(t *testing.T) {
	p := paid(t, plan, cashFor("R1", "2026-10-05", 700_000),
		ledger.Entry{ID: ledgertest.ID("K"), Kind: ledger.CreditNote, Posted: day("2026-10-20"), Amount: -500_000, Settles: ledgertest.ID("A")})
	wantCommissions(t, p, "earned R1 70.00", "returned K -20.00")
}

func TestCreditNoteOnAnUnpaidInvoiceTakesNothingBack(t *testing.T) {
	p := paid(t, plan, ledger.Entry{ID: ledgertest.ID("K"), Kind: ledger.CreditNote, Posted: day("2026-10-20"), Amount: -500_000, Settles: ledgertest.ID("A")},
		cashFor("R1", "2026-10-25", 500_000))
	wantCommissions(t, p, "earned R1 50.00")
}

// No more is taken back than was paid, whatever the reversal says.
func TestNoMoreCommissionIsTakenBackThanWasPaid(t *testing.T) {
	p := paid(t, plan, cashFor("R1", "2026-10-05", 100_000), cashFor("R1", "2026-10-06", -900_000),
		ledger.Entry{ID: ledgertest.ID("K"), Kind: ledger.CreditNote, Posted: day("2026-10-20"), Amount: -5_000_000, Settles: ledgertest.ID("A")})
	wantCommissions(t, p, "earned R1 10.00", "reversed R1 -10.00")
}

// Parts taken back add up to exactly what was earned: 1 % of 1.01 is 0.01; of
// the 0.51 left after 0.50 it is 0.01, so the first part takes nothing back.
func TestPartsTakenBackAddUpToWhatWasEarned(t *testing.T) {
	p := paid(t, plan, cashFor("R1", "2026-10-05", 101), cashFor("R1", "2026-10-06", -50), cashFor("R1", "2026-10-07", -51))
	wantCommissions(t, p, "earned R1 0.01", "reversed R1 0.00", "reversed R1 -0.01")
}

// On account is not applied: it earns when it lowers a document.
func TestCashOnAccountEarnsNothingYet(t *testing.T) {
	r := cashFor("R1", "2026-10-05", 100_000)
	r.Settles = 0
	wantCommissions(t, paid(t, plan, r))
}

func TestCommissionIsInTheBooksCurrency(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-31"), Due: day("2026-09-30"), Amount: 1_000_00},
		cashFor("R", "2026-10-10", 500_00))
	l.Currencies = append(l.Currencies, ledger.Currency{Code: "USD", Exponent: 2})
	l.Rates = []ledger.FxRate{{Currency: 1, Date: day("2026-01-01"), Rate: ledger.Ratio{Num: 7, Den: 1}}, {Currency: 1, Date: day("2026-10-11"), Rate: ledger.Ratio{Num: 8, Den: 1}}}
	for i := range l.Entries {
		l.Entries[i].Currency = 1
	}
	opt := settings("2026-10-01", "2026-10-31")
	opt.Commission = plan
	wantCommissions(t, build(t, l, opt), "earned R 35.00") // 500 dollars at 7 on the day of the receipt, 1 %
}

func TestPlansThatMakeNoSenseAreRefused(t *testing.T) {
	for want, change := range map[string]func(*analysis.Options){
		"does not follow":   func(o *analysis.Options) { o.Commission = []analysis.CommissionBand{{30, share(1)}, {30, share(2)}} },
		"has no rate":       func(o *analysis.Options) { o.Commission = []analysis.CommissionBand{{LateDays: 30}} },
		"is not above zero": func(o *analysis.Options) { o.Classes.Old = share(0) },
	} {
		opt := settings("2026-10-01", "2026-10-31")
		change(&opt)
		if _, err := analysis.Build(book(), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
