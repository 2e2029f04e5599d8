package analysis_test

import (
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

var sixLossRates = []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}}

// twoCustomers is a book of C1, whose rate is specific in the tests, and C2.
func twoCustomers() *ledger.Ledger {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-12-31"), Amount: 100_000},
		ledger.Entry{ID: ledgertest.ID("B"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-10-21"), Amount: 33_333},
		ledger.Entry{ID: ledgertest.ID("C"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-10-21"), Amount: 100_000},
		ledger.Entry{ID: ledgertest.ID("D"), Kind: ledger.Invoice, Posted: day("2026-10-05"), Due: day("2026-10-21"), Amount: 20_000})
	l.Customers = append(l.Customers, ledger.Customer{ID: "C2", Rep: ledger.None, Region: ledger.None})
	l.Entries[2].Customer = 1
	return l
}

// Rules §9: specific provisions per customer replace the matrix for that
// customer. At 80 % C1 is 800.00 + 266.66(4) + 160.00 = 1,226.66, whatever the
// buckets; C2 stays at 2 % of 1,000.00 = 20.00. The day before the period it is
// 800.00 + 266.66 and, not due yet, 0.5 % of 1,000.00 = 5.00: the charge is
// 1,246.66 − 1,071.66 = 175.00.
func TestSpecificProvisionReplacesTheMatrixOfItsCustomer(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.LossRates = sixLossRates
	opt.Specific = []analysis.SpecificRate{{Customer: "C1", Rate: ledger.Ratio{Num: 4, Den: 5}}}
	p := build(t, twoCustomers(), opt)
	for id, want := range map[string]string{
		"customers/C1/provision": "1226.66", "customers/C2/provision": "20.00", "company/provision": "1246.66", "company/provision_charge": "175.00",
	} {
		if got := figure(t, p, id, 2); got != want {
			t.Errorf("%s = %s, want %s", id, got, want)
		}
	}
	for _, item := range p.Detail.Open {
		if want := p.Customers[item.Customer].ID == "C1"; item.Specific != want {
			t.Errorf("document %s: specific is %t, want %t", item.ID, item.Specific, want)
		}
	}
	d, _ := p.Explain("company/provision")
	if d.Value.Minor != 124_666 {
		t.Errorf("explain derives %d, want 124666", d.Value.Minor)
	}
}

func TestProvisionMatrixShowsSpecificProvisionsInALineOfTheirOwn(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.LossRates = sixLossRates
	opt.Specific = []analysis.SpecificRate{{Customer: "C1", Rate: ledger.Ratio{Num: 4, Den: 5}}}
	matrix := table(t, build(t, twoCustomers(), opt), "provision_matrix")
	want := []ledger.Minor{0, 100_000, 0, 0, 0, 0, 153_333, 253_333} // six buckets, specific, company
	if len(matrix.Rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(matrix.Rows), len(want))
	}
	for i, row := range matrix.Rows {
		if got := row.Cells[1].Value.Minor; got != want[i] {
			t.Errorf("row %d: open %d, want %d", i, got, want[i])
		}
	}
}

// A rate of 0 % is one, too: the customer is guaranteed.
func TestSpecificRateOfZeroIsGiven(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.LossRates = sixLossRates
	opt.Specific = []analysis.SpecificRate{{Customer: "C2", Rate: ledger.Ratio{Num: 0, Den: 1}}}
	if got := figure(t, build(t, twoCustomers(), opt), "customers/C2/provision", 2); got != "0.00" {
		t.Errorf("provision at 0 %%: %s, want 0.00", got)
	}
}

func TestSpecificProvisionsThatMakeNoSenseAreRefused(t *testing.T) {
	rate := ledger.Ratio{Num: 1, Den: 2}
	for want, change := range map[string]func(*analysis.Options){
		`customer "C9"`:            func(o *analysis.Options) { o.Specific = []analysis.SpecificRate{{Customer: "C9", Rate: rate}} },
		`two specific provisions`:  func(o *analysis.Options) { o.Specific = []analysis.SpecificRate{{"C1", rate}, {"C1", rate}} },
		`has no rate`:              func(o *analysis.Options) { o.Specific = []analysis.SpecificRate{{Customer: "C1"}} },
		`loss rates of the others`: func(o *analysis.Options) { o.LossRates, o.Specific = nil, []analysis.SpecificRate{{"C1", rate}} },
	} {
		opt := settings("2026-10-01", "2026-10-31")
		opt.LossRates = sixLossRates
		change(&opt)
		if _, err := analysis.Build(twoCustomers(), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %s", err, want)
		}
	}
}

// table finds a table of the pack's sections.
func table(t *testing.T, p *analysis.Pack, id string) *analysis.Table {
	t.Helper()
	for _, s := range p.Sections {
		for _, b := range s.Blocks {
			if b.Table != nil && b.Table.ID == id {
				return b.Table
			}
		}
	}
	t.Fatalf("no table %s", id)
	return nil
}
