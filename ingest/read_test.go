package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
)

// files writes text files and returns options that read them; "name: first
// line" begins a file, the lines below are its content.
func files(t *testing.T, texts ...string) ingest.Options {
	t.Helper()
	dir := t.TempDir()
	opts := ingest.Options{Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
	for _, text := range texts {
		name, content, _ := strings.Cut(text, ": ")
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		opts.Inputs = append(opts.Inputs, ingest.Input{File: path})
	}
	return opts
}

func readAll(t *testing.T, opts ingest.Options) *ingest.Result {
	t.Helper()
	r, err := ingest.Read(opts)
	if err != nil {
		t.Fatal(err)
	}
	if r.Ledger != nil {
		if err := r.Ledger.Validate(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// lines writes the entries of a ledger as "id kind customer amount currency
// posted issued due settles", "-" for what is empty.
func lines(l *ledger.Ledger) []string {
	list := []string{}
	for i := range l.Entries {
		e := &l.Entries[i]
		c := l.Currencies[e.Currency]
		amount := e.Amount.Decimal(c.Exponent)
		if e.Has(ledger.HasOpen) {
			amount += "/" + e.Open.Decimal(c.Exponent)
		}
		fields := []string{l.Numbering.Text(e.ID), e.Kind.String(), l.Customers[e.Customer].ID, amount, c.Code, e.Posted.String(), e.Issued.String(), e.Due.String(), l.Numbering.Text(e.Settles)}
		for j := range fields {
			if fields[j] == "" {
				fields[j] = "-"
			}
		}
		list = append(list, strings.Join(fields, " "))
	}
	return list
}

func codes(r *ingest.Result) []string {
	list := []string{}
	for _, p := range r.Problems {
		list = append(list, p.Cell+" "+p.Code)
	}
	return list
}

// want checks entries and problems of a book.
func want(t *testing.T, r *ingest.Result, entries, problems []string) {
	t.Helper()
	if have := codes(r); !slices.Equal(have, problems) {
		t.Errorf("problems %q, want %q\n%s", have, problems, strings.Join(ingest.Lines(r.Problems, 0), "\n"))
	}
	if r.Ledger == nil {
		if len(entries) > 0 {
			t.Errorf("no ledger")
		}
		return
	}
	if have := lines(r.Ledger); !slices.Equal(have, entries) {
		t.Errorf("entries\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(entries, "\n"))
	}
}

func TestDebitAndCreditColumnsWithARunningBalance(t *testing.T) {
	r := readAll(t, files(t, `明细账.csv: 应收账款明细账,,,,,,
日期,凭证号,客户名称,摘要,借方金额,贷方金额,余额
2026-01-01,,甲公司,期初余额,,,"1,000.00"
2026-01-05,记-1,甲公司,销售,500.00,,"1,500.00"
2026-01-20,记-2,甲公司,收款,,800.00,700.00
,,,本月合计,500.00,800.00,700.00
,,,本年累计,500.00,800.00,700.00
制表人：张三,,,,,,`))
	want(t, r, []string{
		"#3 opening 甲公司 1000.00 CNY 2026-01-01 2026-01-01 2026-01-31 -",
		"记-1 invoice 甲公司 500.00 CNY 2026-01-05 2026-01-05 2026-02-04 -",
		"记-2 receipt 甲公司 -800.00 CNY 2026-01-20 2026-01-20 - -",
	}, []string{" kind-assumed", " document-assumed", "3 due-derived", "4 due-derived"})
	if rec := r.Recognised[0]; rec.Layout != "debit-credit" || rec.Totals != 2 || rec.Texts != 1 || rec.Header != [2]int{2, 2} {
		t.Errorf("recognised as %+v", rec)
	}
}

func TestABalanceIsOpenOnlyWhereItDoesNotRun(t *testing.T) {
	running := readAll(t, files(t, `ledger.csv: Document,Customer,Date,Due,Amount,Balance
A,C1,2026-01-01,2026-02-01,100.00,100.00
B,C1,2026-01-02,2026-02-01,50.00,150.00
C,C1,2026-01-03,2026-02-01,25.00,175.00`))
	open := readAll(t, files(t, `ledger.csv: Document,Customer,Date,Due,Amount,Balance
A,C1,2026-01-01,2026-02-01,100.00,100.00
B,C1,2026-01-02,2026-02-01,50.00,20.00
C,C1,2026-01-03,2026-02-01,25.00,0.00`))
	if running.Ledger.Snapshot || running.Recognised[0].Layout != "ledger" || running.Ledger.Entries[1].Amount != 5000 {
		t.Errorf("running: %+v", running.Recognised[0])
	}
	if !open.Ledger.Snapshot || open.Ledger.Entries[1].Open != 2000 || open.Ledger.Entries[2].Open != 0 {
		t.Errorf("open: %+v", open.Recognised[0])
	}
}

// Rules §3: an invoice and a receipt that settles it; blank is open.
func TestSettledInvoicesBecomeInvoiceAndReceipt(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Invoice No,Customer,Invoice Date,Due Date,Amount,Settled Date
A,C1,2026-01-01,2026-02-01,100.00,2026-02-15
B,C1,2026-01-02,2026-02-01,50.00,`))
	want(t, r, []string{
		"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"A receipt C1 -100.00 CNY 2026-02-15 2026-02-15 - A",
		"B invoice C1 50.00 CNY 2026-01-02 2026-01-02 2026-02-01 -",
	}, []string{})
	if !r.Explicit || r.Ledger.Snapshot {
		t.Errorf("explicit %t, snapshot %t", r.Explicit, r.Ledger.Snapshot)
	}
}

func TestAnInvoiceRowMaySayWhatWasPaidAndWhen(t *testing.T) {
	r := readAll(t, files(t, `台账.csv: 发票号码,客户名称,开票日期,到期日,开票金额,到账日期,到账金额
A,甲,2026-01-01,2026-02-01,100.00,2026-02-15,40.00
B,甲,2026-01-02,2026-02-01,50.00,,`))
	want(t, r, []string{
		"A invoice 甲 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"A receipt 甲 -40.00 CNY 2026-02-15 2026-02-15 - A",
		"B invoice 甲 50.00 CNY 2026-01-02 2026-01-02 2026-02-01 -",
	}, []string{})
}

// A list of cleared items has the payments as lines of their own.
func TestAClearingDateMakesNoSecondReceipt(t *testing.T) {
	r := readAll(t, files(t, `fbl5n.csv: Document Number,Document Type,Customer,Document Date,Posting Date,Net Due Date,Amount in Doc. Curr.,Document Currency,Amount in Local Currency,Clearing Date
A,RV,C1,2026-01-01,2026-01-02,2026-02-01,100.00,USD,710.00,2026-02-15
Z,DZ,C1,2026-02-15,2026-02-15,,-100.00,USD,-710.00,2026-02-15`))
	want(t, r, []string{"A invoice C1 100.00 USD 2026-01-02 2026-01-01 2026-02-01 -", "Z receipt C1 -100.00 USD 2026-02-15 2026-02-15 - -"}, []string{})
	if r.Recognised[0].Layout != "ledger" {
		t.Errorf("layout %s", r.Recognised[0].Layout)
	}
}

// The columns of the accounts receivable report of ERPNext.
func TestAnAgedReportWithOpenAmountsIsASnapshot(t *testing.T) {
	r := readAll(t, files(t, `Accounts Receivable.csv: Posting Date,Customer,Voucher Type,Voucher No,Due Date,Invoiced Amount,Paid Amount,Credit Note,Outstanding Amount,Age (Days),0-30,31-60,121-Above,Currency
2026-01-01,C1,Sales Invoice,A,2026-02-01,100.00,40.00,0.00,60.00,58,0.00,60.00,0.00,EUR
2026-01-05,C1,Payment Entry,P,,0.00,0.00,0.00,-25.00,55,-25.00,0.00,0.00,EUR
Total,,,,,100.00,40.00,0.00,35.00,,-25.00,60.00,0.00,`))
	want(t, r, []string{"A invoice C1 100.00/60.00 EUR 2026-01-01 2026-01-01 2026-02-01 -", "P receipt C1 -25.00/-25.00 EUR 2026-01-05 2026-01-05 - -"}, []string{})
}

func TestAListOfReceiptsSettlesTheInvoicesItNames(t *testing.T) {
	invoices := `invoices.csv: 发票号,客户名称,开票日期,到期日,金额
A,甲,2026-01-01,2026-02-01,100.00`
	for _, receipts := range []string{
		"receipts.csv: 发票号,客户名称,回款日期,回款金额\nA,甲,2026-02-15,40.00\nZ,甲,2026-02-16,1.00",
		"receipts.csv: 发票号,客户名称,收款日期,金额\nA,甲,2026-02-15,40.00\nZ,甲,2026-02-16,1.00",
	} {
		r := readAll(t, files(t, invoices, receipts))
		want(t, r, []string{
			"A invoice 甲 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
			"A receipt 甲 -40.00 CNY 2026-02-15 2026-02-15 - A",
			"Z receipt 甲 -1.00 CNY 2026-02-16 2026-02-16 - Z",
		}, []string{" kind-assumed", "3 unknown-settles"})
	}
}

// Without a column Type the name of the sheet tells payments from invoices.
func TestTheNameOfASheetTellsItsKind(t *testing.T) {
	const header = ": Document,Customer,Date,Due,Amount\n"
	invoices := "Invoices 2026.csv" + header + "A,C1,2026-01-01,2026-02-01,100.00"
	wanted := []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "A receipt C1 -40.00 CNY 2026-01-09 2026-01-09 - A"}
	for _, amount := range []string{"40.00", "-40.00"} {
		r := readAll(t, files(t, invoices, "Payments.csv: Document,Customer,Date,Amount\nA,C1,2026-01-09,"+amount))
		want(t, r, wanted, []string{" kind-assumed", " kind-assumed"})
	}
	notes := readAll(t, files(t, invoices, "Credit Notes.csv"+header+"N,C1,2026-01-09,,7.00"))
	want(t, notes, []string{wanted[0], "N credit_note C1 -7.00 CNY 2026-01-09 2026-01-09 - -"}, []string{" kind-assumed", " kind-assumed"})
}

// Reports print the customer above its lines; the footer heads nothing.
func TestCustomersMayStandAsHeadingsAboveTheirLines(t *testing.T) {
	r := readAll(t, files(t, `Open invoices.csv: Open Invoices,,,,,
As of 31 October 2026,,,,,
Date,Transaction type,Num,Due date,Amount,Open balance
Calder & Sons,,,,,
2026-01-01,Invoice,A,2026-02-01,100.00,60.00
2026-01-02,Invoice,B,2026-02-02,50.00,50.00
Total for Calder & Sons,,,,150.00,110.00
Total Energies,,,,,
2026-01-03,Invoice,C,2026-02-03,10.00,10.00
Total for Total Energies,,,,10.00,10.00
TOTAL,,,,160.00,120.00
Accrual basis,,,,,`))
	want(t, r, []string{
		"A invoice Calder & Sons 100.00/60.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice Calder & Sons 50.00/50.00 CNY 2026-01-02 2026-01-02 2026-02-02 -",
		"C invoice Total Energies 10.00/10.00 CNY 2026-01-03 2026-01-03 2026-02-03 -",
	}, []string{})
	if r.Recognised[0].Totals != 3 || r.Ledger.SnapshotDate.String() != "2026-10-31" {
		t.Errorf("%d totals, snapshot of %s", r.Recognised[0].Totals, r.Ledger.SnapshotDate)
	}
	numbered := readAll(t, files(t, `statement.csv: Posting Date,Document Type,Document No.,Due Date,Amount
10000,The Cannon Group,,,
2026-01-01,Invoice,A,2026-02-01,100.00`))
	want(t, numbered, []string{"A invoice 10000 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	if c := numbered.Ledger.Customers[0]; c.Name != "The Cannon Group" {
		t.Errorf("customer %+v", c)
	}
}

func TestSnapshotKeepsSettledRowsAndCredits(t *testing.T) {
	r := readAll(t, files(t, `open.csv: As of: 2026-03-31,,,,,
Type,Document,Customer,Issued,Due,Amount,Open Amount
Invoice,A,C1,2026-01-01,2026-02-01,100.00,60.00
Invoice,B,C1,2026-01-01,2026-02-01,80.00,0.00
Credit Note,C,C1,2026-01-05,,-30.00,-10.00
Advance,D,C2,2026-01-06,,-20.00,-20.00`))
	want(t, r, []string{
		"A invoice C1 100.00/60.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"B invoice C1 80.00/0.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"C credit_note C1 -30.00/-10.00 CNY 2026-01-05 2026-01-05 - -",
		"D receipt C2 -20.00/-20.00 CNY 2026-01-06 2026-01-06 - -",
	}, []string{})
	if !r.Ledger.Snapshot || r.Ledger.SnapshotDate.String() != "2026-03-31" || !strings.Contains(r.SnapshotDateReason, "open.csv!A1") {
		t.Errorf("snapshot of %s, found at %s", r.Ledger.SnapshotDate, r.SnapshotDateReason)
	}
}

func TestASnapshotOfPositiveAmountsIsSignedByKind(t *testing.T) {
	r := readAll(t, files(t, `open.csv: Type,Document,Customer,Issued,Due,Open Amount
Invoice,A,C1,2026-01-01,2026-02-01,60.00
Payment,P,C1,2026-01-05,,10.00`))
	want(t, r, []string{
		"A invoice C1 60.00/60.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"P receipt C1 -10.00/-10.00 CNY 2026-01-05 2026-01-05 - -",
	}, []string{})
	if !r.Recognised[0].ByKind {
		t.Error("it is not said that the amounts were signed by kind")
	}
}

const kindsHeader = "ledger.csv: Document,Type,Customer,Posted,Due,Amount,Settles,Cost\n"

// Rules §2: an export that writes all amounts positive is signed by its kind.
func TestPositiveExportsAreSignedByTheirKind(t *testing.T) {
	r := readAll(t, files(t, kindsHeader+`I,Invoice,C1,2026-01-01,2026-02-01,100.00,,60.00
D,Debit Note,C1,2026-01-02,2026-02-01,5.00,,
N,Credit Note,C1,2026-01-03,,20.00,I,12.00
R,Receipt,C1,2026-01-04,,50.00,I,
F,Refund,C1,2026-01-05,,7.00,,
W,Write-off,C1,2026-01-06,,3.00,I,
V,Recovery,C1,2026-01-07,,2.00,,
O,Opening,C1,2026-01-01,2026-01-31,9.00,,`))
	want(t, r, []string{
		"I invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"D debit_note C1 5.00 CNY 2026-01-02 2026-01-02 2026-02-01 -",
		"N credit_note C1 -20.00 CNY 2026-01-03 2026-01-03 - I",
		"R receipt C1 -50.00 CNY 2026-01-04 2026-01-04 - I",
		"F refund C1 7.00 CNY 2026-01-05 2026-01-05 2026-01-05 -",
		"W write_off C1 -3.00 CNY 2026-01-06 2026-01-06 - I",
		"V recovery C1 -2.00 CNY 2026-01-07 2026-01-07 - -",
		"O opening C1 9.00 CNY 2026-01-01 2026-01-01 2026-01-31 -",
	}, []string{})
	if cost := r.Ledger.Entries[2].Cost; cost != -1200 || !r.Recognised[0].ByKind {
		t.Errorf("the cost of the returned goods is %d, by kind %t", cost, r.Recognised[0].ByKind)
	}
}

// One negative amount means that the export has signs: a positive receipt is
// then a bounced cheque, and costs follow their amounts.
func TestASignedExportIsReadAsItIs(t *testing.T) {
	r := readAll(t, files(t, kindsHeader+`I,Invoice,C1,2026-01-01,2026-02-01,100.00,,60.00
N,Credit Note,C1,2026-01-03,,-20.00,I,12.00
R,Receipt,C1,2026-01-04,,-50.00,I,
R,Receipt,C1,2026-01-09,,50.00,I,`))
	want(t, r, []string{
		"I invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"N credit_note C1 -20.00 CNY 2026-01-03 2026-01-03 - I",
		"R receipt C1 -50.00 CNY 2026-01-04 2026-01-04 - I",
		"R receipt C1 50.00 CNY 2026-01-09 2026-01-09 2026-02-08 I", // derived without a word: it is not used
	}, []string{})
	if cost := r.Ledger.Entries[1].Cost; cost != -1200 || r.Recognised[0].ByKind {
		t.Errorf("the cost of the returned goods is %d, by kind %t", cost, r.Recognised[0].ByKind)
	}
}

const plainHeader = "ledger.csv: Document,Type,Customer,Posted,Due,Amount\n"

func TestTotalsAreLeftOutAndCustomersNamedTotalAreNot(t *testing.T) {
	r := readAll(t, files(t, plainHeader+`A,Invoice,Total Energies,2026-01-01,2026-02-01,100.00
,,Total for Total Energies,,,100.00
B,Invoice,C2,2026-01-01,2026-02-01,50.00

C2 小计,,,,,50.00
,,,,合计,150.00
Grand Total,,,,,150.00
Total · 2 customers,,,,,150.00
Document,Type,Customer,Posted,Due,Amount
C,Invoice,C2,2026-01-02,2026-02-01,5.00
Printed by the system,,,,,`))
	want(t, r, []string{
		"A invoice Total Energies 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"B invoice C2 50.00 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"C invoice C2 5.00 CNY 2026-01-02 2026-01-02 2026-02-01 -",
	}, []string{})
	if rec := r.Recognised[0]; rec.Totals != 5 || rec.Texts != 2 {
		t.Errorf("%d totals, %d texts; want 5, and the repeated header and the footer", rec.Totals, rec.Texts)
	}
}

// A monthly total has a date, and where the sheet has no document numbers only
// its word tells it from an entry.
func TestDatedTotalsAreLeftOut(t *testing.T) {
	r := readAll(t, files(t, `明细账.csv: 日期,客户名称,摘要,借方,贷方,余额
2026-01-05,甲公司,销售,500.00,,500.00
2026-01-31,甲公司,本月合计,500.00,,500.00
2026-01-31,甲公司,本年累计,500.00,,500.00`))
	want(t, r, []string{"#2 invoice 甲公司 500.00 CNY 2026-01-05 2026-01-05 2026-02-04 -"}, []string{" kind-assumed", " document-assumed", "2 due-derived"})
	if r.Recognised[0].Totals != 2 {
		t.Errorf("%d totals", r.Recognised[0].Totals)
	}
}

// What fields a row has is remembered by its first 64 cells: here the others tell.
func TestRowsThatDifferBehindTheSixtyFourthColumnAreToldApart(t *testing.T) {
	unread := strings.Repeat(",", 64)
	r := readAll(t, files(t, "ledger.csv: Document,Type,Customer,Posted,Due"+strings.ReplaceAll(unread, ",", ",X")+",Amount,Settles\n"+
		"A,Invoice,C1,2026-01-01,2026-02-01"+unread+",100.00,\n"+
		"B,Invoice,C1,2026-01-01,2026-02-01"+unread+",,\n"+
		"C,Invoice,C1,2026-01-01,2026-02-01"+unread+", ,\n"+
		"D,Invoice,C1,2026-01-01,2026-02-01"+unread+",7.00,\n"+
		"E,Receipt,C1,2026-01-02,2026-02-01"+unread+",-7.00,D\n"+
		"F,Invoice,C1,2026-01-03,2026-02-01"+unread+",1.00,\n"))
	if rec := r.Recognised[0]; rec.Rows != 4 {
		t.Errorf("%d lines, want A, D, E and F: %v", rec.Rows, r.Problems)
	}
	if !r.Explicit {
		t.Error("E settles nothing, want D")
	}
	if n := len(r.Problems); n != 2 || r.Problems[0].Code != "missing-amount" || r.Problems[1].Code != "missing-amount" {
		t.Errorf("%v, want that B and C have no amount", r.Problems)
	}
}

// A number that a line settles says nothing of what a document is that is called so.
func TestATotalIsOneWhateverLinesSettle(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Type,Customer,Posted,Due,Amount,Settles
A-1,Invoice,C1,2026-01-01,2026-02-01,100.00,
A-2,Receipt,C1,2026-01-02,,-40.00,Total 7
Total 8,,,,,60.00,
A-3,Receipt,C1,2026-01-03,,-10.00,Total 7
Total 9,,,,,50.00,
A-4,Invoice,C1,2026-01-04,2026-02-01,1.00,`))
	if r.Recognised[0].Totals != 2 || r.Recognised[0].Rows != 4 {
		t.Errorf("%d totals and %d lines, want 2 and 4: %v", r.Recognised[0].Totals, r.Recognised[0].Rows, r.Problems)
	}
}

func TestAGroupAndItsColumnNameAFieldTogether(t *testing.T) {
	r := readAll(t, files(t, `往来明细.csv: ,,,借方,,贷方,
凭证日期,凭证字号,客户名称,金额,数量,金额,数量
2026-01-05,记-1,甲公司,500.00,1,,
2026-01-09,记-2,甲公司,,200.00,,
2026-01-10,记-3,甲公司,,,200.00,
凭证日期,凭证字号,客户名称,金额,数量,金额,数量`))
	if rec := r.Recognised[0]; rec.Layout != "debit-credit" || rec.Header != [2]int{1, 2} || rec.Texts != 1 {
		t.Fatalf("recognised as %+v", rec)
	}
	want(t, r, nil, []string{" kind-assumed", "3 due-derived", "D4 missing-amount"})
}

// A report with one row per document and its aging buckets is a list of open items.
func TestAgedDocumentsAreOpenItems(t *testing.T) {
	r := readAll(t, files(t, `aging.csv: Aged as of 2026-03-31,,,,,,,
Document,Customer,Date,Due Date,Current,1-30,31-60,Total
A,C1,2026-01-01,2026-02-01,,,60.00,60.00
B,C1,2026-03-01,2026-04-01,40.00,,,40.00
Total,,,,40.00,0.00,60.00,100.00`))
	want(t, r, []string{"A invoice C1 60.00/60.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 40.00/40.00 CNY 2026-03-01 2026-03-01 2026-04-01 -"}, []string{" kind-assumed"})
	if !r.Ledger.Snapshot || r.Ledger.SnapshotDate.String() != "2026-03-31" {
		t.Errorf("snapshot %t of %s", r.Ledger.Snapshot, r.Ledger.SnapshotDate)
	}
}

func TestTheDateOfAListIsFoundInItsTitles(t *testing.T) {
	for title, date := range map[string]string{
		"Open items as of 2026-10-31": "2026-10-31", `"Open items as of October 31, 2026 (all customers)"`: "2026-10-31", "As at 31 Oct 2026": "2026-10-31", "截至2026年10月31日应收账款明细表": "2026-10-31",
		"编制日期：2026年10月31日": "2026-10-31", "日期：2026-10-01至2026-10-31": "2026-10-31", "As of:,46326": "2026-10-31", "截止日期,,2026/10/31": "2026-10-31", "Report date 2026-11-05\n,Aged as of 2026-10-31": "2026-10-31",
		"As of 2026-10-31\nAs at 2026-11-30": "2026-10-31", "As of 04/03/2026": "", "Meridian Trading 2026": "", "As of,yesterday": "",
	} {
		r := readAll(t, files(t, "open.csv: "+title+"\nDocument,Customer,Issued,Due,Open Amount\nA,C1,2026-01-01,2026-02-01,1.00"))
		if r.Ledger == nil || r.Ledger.SnapshotDate.String() != date {
			t.Errorf("%s: %s, want %s %q", title, r.Ledger.SnapshotDate, date, codes(r))
		}
	}
}

func TestVoidDocumentsCountForNothing(t *testing.T) {
	r := readAll(t, files(t, `发票.csv: 发票号码,客户名称,开票日期,到期日,金额,发票状态
A,甲,2026-01-01,2026-02-01,100.00,正常
B,甲,2026-01-01,2026-02-01,70.00,作废`))
	want(t, r, []string{"A invoice 甲 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{" kind-assumed", "F3 void-row"})
}

func TestASecondTargetOrRateIsAnError(t *testing.T) {
	opts := files(t, plainHeader+"A,Invoice,C1,2026-01-01,2026-02-01,1.00", "targets.csv: Rep,Month,Sales Target\nR1,2026-10,1\nR1,2026-10,2",
		"rates.csv: Currency,Date,Rate\nUSD,2026-01-01,7.1\nUSD,2026-01-01,7.1\nUSD,2026-01-01,7.2")
	opts.Lenient = true
	r := readAll(t, opts)
	want(t, r, []string{"A invoice C1 1.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{"B3 duplicate-row", "C4 duplicate-row"})
	if len(r.Ledger.Targets) != 1 || len(r.Ledger.Rates) != 1 {
		t.Errorf("%d targets, %d rates", len(r.Ledger.Targets), len(r.Ledger.Rates))
	}
}

func TestNoRowIsDroppedInSilence(t *testing.T) {
	r := readAll(t, files(t, plainHeader+`A,Invoice,C1,2026-01-01,2026-02-01,
,Invoice,C1,2026-01-01,,
B,Invoice,,2026-01-01,2026-02-01,5.00
C,Invoice,C1,,,5.00`))
	want(t, r, nil, []string{"F2 missing-amount", "F3 missing-amount", "C4 missing-customer", "D5 missing-date"})
}

func TestDayAndMonthAreDecidedOverTheWholeColumn(t *testing.T) {
	const header = "ledger.csv: Document,Type,Customer,Posted,Due,Amount\n"
	day := readAll(t, files(t, header+"A,Invoice,C1,04/03/2026,05/04/2026,1.00\nB,Invoice,C1,13/03/2026,14/04/2026,1.00"))
	want(t, day, []string{"A invoice C1 1.00 CNY 2026-03-04 2026-03-04 2026-04-05 -", "B invoice C1 1.00 CNY 2026-03-13 2026-03-13 2026-04-14 -"}, []string{})
	if dates := day.Recognised[0].Dates; len(dates) != 2 || !strings.Contains(dates[0], "D3") {
		t.Errorf("it is not said what decided: %q", dates)
	}
	month := readAll(t, files(t, header+"A,Invoice,C1,04/03/2026,2026-05-04,1.00\nB,Invoice,C1,04/13/2026,2026-05-04,1.00"))
	want(t, month, []string{"A invoice C1 1.00 CNY 2026-04-03 2026-04-03 2026-05-04 -", "B invoice C1 1.00 CNY 2026-04-13 2026-04-13 2026-05-04 -"}, []string{})
	both := readAll(t, files(t, header+"A,Invoice,C1,04/03/2026,2026-05-04,1.00\nB,Invoice,C1,04/13/2026,2026-05-04,1.00\nC,Invoice,C1,13/04/2026,2026-05-04,1.00"))
	want(t, both, nil, []string{"D2 ambiguous-dates"})

	told := files(t, header+"A,Invoice,C1,04/03/2026,05/04/2026,1.00")
	told.Inputs[0].Dates = "mdy"
	want(t, readAll(t, told), []string{"A invoice C1 1.00 CNY 2026-04-03 2026-04-03 2026-05-04 -"}, []string{})
}

func TestDecimalSeparatorsAreDecidedOverTheWholeColumn(t *testing.T) {
	const header = "ledger.csv: Document;Type;Customer;Posted;Due;Amount\n"
	comma := readAll(t, files(t, header+"A;Invoice;C1;2026-01-01;2026-02-01;1.234\nB;Invoice;C1;2026-01-01;2026-02-01;1.234,50\nC;Invoice;C1;2026-01-01;2026-02-01;12,5"))
	want(t, comma, []string{"A invoice C1 1234.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 1234.50 CNY 2026-01-01 2026-01-01 2026-02-01 -",
		"C invoice C1 12.50 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	point := readAll(t, files(t, header+"A;Invoice;C1;2026-01-01;2026-02-01;1.234\nB;Invoice;C1;2026-01-01;2026-02-01;1,234.50"))
	want(t, point, []string{"A invoice C1 1.23 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 1234.50 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{"F2 amount-precision"})
	mixed := readAll(t, files(t, header+"A;Invoice;C1;2026-01-01;2026-02-01;1.234,50\nB;Invoice;C1;2026-01-01;2026-02-01;1,234.50"))
	want(t, mixed, nil, []string{"F2 ambiguous-amounts"})
	grouped := readAll(t, files(t, header+"A;Invoice;C1;2026-01-01;2026-02-01;1,234\nB;Invoice;C1;2026-01-01;2026-02-01;500"))
	want(t, grouped, []string{"A invoice C1 1234.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 500.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
}

// The dinar has three decimals, so a point before three digits separates them;
// a column that writes decimal commas says otherwise, and a comma alone says
// nothing. A dollar has no three decimals: there it stays open.
func TestPointBeforeTheDecimalsOfACurrencySeparatesThem(t *testing.T) {
	const header = "ledger.csv: Document;Type;Customer;Currency;Posted;Due;Amount\n"
	line := func(id, currency, amount string) string {
		return id + ";Invoice;C1;" + currency + ";2026-01-01;2026-02-01;" + amount + "\n"
	}
	want(t, readAll(t, files(t, header+line("A", "KWD", "1.234")+line("B", "KWD", "999.000"))),
		[]string{"A invoice C1 1.234 KWD 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 999.000 KWD 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	want(t, readAll(t, files(t, header+line("A", "KWD", "1.234")+line("B", "KWD", "2.000,500"))),
		[]string{"A invoice C1 1234.000 KWD 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 2000.500 KWD 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	want(t, readAll(t, files(t, header+line("A", "KWD", "1,234"))), nil, []string{"G2 ambiguous-amounts"})
	want(t, readAll(t, files(t, header+line("A", "KWD", "1.234")+line("B", "USD", "1.234"))), nil, []string{"G3 ambiguous-amounts", "G3 amount-precision"})
}

func TestEachCurrencyHasItsOwnDecimals(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Type,Customer,Currency,Posted,Due,Amount
A,Invoice,C1,JPY,2026-01-01,2026-02-01,1500
B,Invoice,C1,KWD,2026-01-01,2026-02-01,1.2345
C,Invoice,C1,人民币,2026-01-01,2026-02-01,0.005
A,Invoice,C1,RMB,2026-01-01,2026-02-01,2.5`))
	want(t, r, []string{
		"A invoice C1 1500 JPY 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 1.235 KWD 2026-01-01 2026-01-01 2026-02-01 -",
		"C invoice C1 0.01 CNY 2026-01-01 2026-01-01 2026-02-01 -", "A invoice C1 2.50 CNY 2026-01-01 2026-01-01 2026-02-01 -",
	}, []string{"G3 amount-precision", "G4 amount-precision"})
}

func TestTheBookCurrencyIsFoundAndSaid(t *testing.T) {
	const rates = "rates.csv: Currency,Date,Rate\nUSD,2026-01-01,7.10"
	line := func(currency string, n int) string {
		return fmt.Sprintf("D%d,Invoice,C1,%s,2026-01-01,2026-02-01,1.00\n", n, currency)
	}
	const header = "ledger.csv: Document,Type,Customer,Currency,Posted,Due,Amount\n"
	for _, c := range []struct {
		name, given, want, reason string
		texts                     []string
	}{
		{"given", "EUR", "EUR", "given", []string{header + line("USD", 1)}},
		{"the only one", "", "USD", "only-one", []string{header + line("USD", 1)}},
		{"not in the rates", "", "SGD", "not-in-rates", []string{header + line("USD", 1) + line("SGD", 2), rates}},
		{"several with CNY", "", "CNY", "default", []string{header + line("USD", 1) + line("USD", 2) + line("CNY", 3)}},
		{"several without CNY", "", "USD", "most-lines", []string{header + line("USD", 1) + line("USD", 2) + line("EUR", 3)}},
		{"none", "", "CNY", "default", []string{header + line("", 1)}},
		{"in a header", "", "ILS", "in-header", []string{"ledger.csv: Document,Type,Customer,Posted,Due,Amount (ILS)\nD,Invoice,C1,2026-01-01,2026-02-01,1.00"}},
		{"in a title", "", "JPY", "in-header", []string{"ledger.csv: 应收明细,,,,,单位：日元\nDocument,Type,Customer,Posted,Due,Amount\nD,Invoice,C1,2026-01-01,2026-02-01,100"}},
	} {
		opts := files(t, c.texts...)
		opts.Currency = c.given
		r := readAll(t, opts)
		if r.Ledger == nil || r.Ledger.BaseCurrency().Code != c.want || r.CurrencyReason != c.reason {
			t.Errorf("%s: reason %s, %s", c.name, r.CurrencyReason, strings.Join(ingest.Lines(r.Problems, 0), "\n"))
		}
	}
}

// A header that names a currency holds for its sheet, whatever the book's is.
func TestAHeaderWithACurrencyHoldsForItsSheetOnly(t *testing.T) {
	opts := files(t, "a.csv: Document,Type,Customer,Posted,Due,Amount (USD)\nA,Invoice,C1,2026-01-01,2026-02-01,1.00",
		"b.csv: Document,Type,Customer,Posted,Due,Amount (JPY)\nB,Invoice,C1,2026-01-01,2026-02-01,100")
	opts.Currency = "CNY"
	want(t, readAll(t, opts), []string{"A invoice C1 1.00 USD 2026-01-01 2026-01-01 2026-02-01 -", "B invoice C1 100 JPY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
}

func TestAmountsInTheBookCurrencyKeepIt(t *testing.T) {
	opts := files(t, "ledger.csv: Document,Type,Customer,Currency,Posted,Due,Amount (LCY)\nA,Invoice,C1,USD,2026-01-01,2026-02-01,710.00")
	opts.Currency = "CNY"
	want(t, readAll(t, opts), []string{"A invoice C1 710.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	both := files(t, "ledger.csv: Document,Type,Customer,Currency,Posted,Due,Amount (LCY),Amount\nA,Invoice,C1,USD,2026-01-01,2026-02-01,710.00,100.00")
	both.Currency = "CNY"
	want(t, readAll(t, both), []string{"A invoice C1 100.00 USD 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
}

// Rules §2: the line's terms, else the customer's, else the book's, from issued.
func TestEmptyDueDatesComeFromTheNearestTerms(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Type,Customer,Posted,Issued,Due,Terms,Amount
A,Invoice,C1,2026-01-10,2026-01-05,,net 10,1.00
B,Invoice,C1,2026-01-10,2026-01-05,,,1.00
C,Invoice,C2,2026-01-10,2026-01-05,,,1.00
D,Invoice,C2,2026-01-10,2026-01-05,,月结30天,1.00
E,Receipt,C2,2026-01-10,,,,-1.00
F,Refund,C2,2026-01-12,,,,1.00`, "customers.csv: Customer,Name,Terms\nC1,One,货到付款"))
	want(t, r, []string{
		"A invoice C1 1.00 CNY 2026-01-10 2026-01-05 2026-01-15 -",
		"B invoice C1 1.00 CNY 2026-01-10 2026-01-05 2026-01-05 -",
		"C invoice C2 1.00 CNY 2026-01-10 2026-01-05 2026-02-04 -",
		"D invoice C2 1.00 CNY 2026-01-10 2026-01-05 2026-03-02 -", // 31 January + 30 days
		"E receipt C2 -1.00 CNY 2026-01-10 2026-01-10 - -",
		"F refund C2 1.00 CNY 2026-01-12 2026-01-12 2026-01-12 -",
	}, []string{"F2 due-derived", "F3 due-derived", "F4 due-derived", "F5 due-derived"})
	for i := range r.Ledger.Entries {
		if e := &r.Ledger.Entries[i]; e.Has(ledger.DueDerived) != (i < 4) {
			t.Errorf("%s: derived %t", r.Ledger.Numbering.Text(e.ID), e.Has(ledger.DueDerived))
		}
	}
}

// Three due dates that count 月结30天 from the date of issue show the practice
// of the book; one that counts from the month's end refutes it.
func TestMonthEndTermsFollowThePracticeOfTheBook(t *testing.T) {
	const header = "ledger.csv: Document,Type,Customer,Issued,Due,Terms,Amount\n"
	shown := "A,Invoice,C1,2026-01-05,2026-02-04,月结30天,1.00\nB,Invoice,C1,2026-01-06,2026-02-05,月结30天,1.00\n"
	third := "C,Invoice,C1,2026-01-07,2026-02-06,月结30天,1.00\n"
	blank := "D,Invoice,C1,2026-01-14,,月结30天,1.00\n"
	refuting := "E,Invoice,C1,2026-01-07,2026-03-02,月结30天,1.00\n"
	for _, c := range []struct{ lines, want string }{
		{shown + third + blank, "2026-02-13"}, {shown + blank, "2026-03-02"}, {shown + third + refuting + blank, "2026-03-02"},
	} {
		r := readAll(t, files(t, header+c.lines))
		for i := range r.Ledger.Entries {
			if e := &r.Ledger.Entries[i]; r.Ledger.Numbering.Text(e.ID) == "D" && e.Due.String() != c.want {
				t.Errorf("due %s, want %s after\n%s", e.Due, c.want, c.lines)
			}
		}
	}
}

func TestDocumentsAreToldApartByCustomerCurrencyAndInstalment(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Type,Customer,Currency,Posted,Due,Instalment,Amount
A,Invoice,C1,CNY,2026-01-01,2026-02-01,1,1.00
A,Invoice,C1,CNY,2026-01-01,2026-03-01,2,1.00
A,Invoice,C2,CNY,2026-01-01,2026-02-01,,1.00
A,Invoice,C1,USD,2026-01-01,2026-02-01,,1.00
A,Credit Note,C1,CNY,2026-01-02,,,-1.00
A,Receipt,C1,CNY,2026-01-02,,,-1.00
A,Invoice,C1,CNY,2026-01-01,2026-03-01,2,1.00
A,Debit Note,C1,CNY,2026-01-01,2026-03-01,,1.00`))
	want(t, r, nil, []string{"A8 duplicate-document", "A9 duplicate-document"})
	for i, see := range []string{"ledger.csv!3", "ledger.csv!2"} {
		if r.Problems[i].See != see || r.Problems[i].Amount != 100 || !r.Problems[i].HasAmount {
			t.Errorf("%+v, want to see %s", r.Problems[i], see)
		}
	}
}

// Only documents need a number of their own: two bounced cheques do not.
func TestLinesThatAreNoDocumentsMayShareAnId(t *testing.T) {
	r := readAll(t, files(t, kindsHeader+`I,Invoice,C1,2026-01-01,2026-02-01,100.00,,
R,Receipt,C1,2026-01-04,,-60.00,I,
R,Receipt,C1,2026-01-04,,-40.00,I,
R,Receipt,C1,2026-01-09,2026-01-09,60.00,I,
R,Receipt,C1,2026-01-09,2026-01-09,60.00,I,`))
	noErrors(t, r)
	if len(r.Ledger.Entries) != 5 {
		t.Errorf("%d entries", len(r.Ledger.Entries))
	}
}

// The number of decimals of a line without a currency is known only when the
// book's currency is: such a book is read again, and says everything once.
func TestLinesWithoutACurrencyHaveTheDecimalsOfTheBooks(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Type,Customer,Currency,Posted,Due,Amount
A,Invoice,C1,KWD,2026-01-01,2026-02-01,1.234
B,Invoice,C1,,2026-01-01,2026-02-01,1.2345
C,Invoice,C1,,2026-01-01,2026-02-01,7x`))
	want(t, r, nil, []string{"G3 amount-precision", "G4 bad-amount"})
}

func TestLenientLeavesBadRowsOutWithTheirAmounts(t *testing.T) {
	opts := files(t, plainHeader+`A,Invoice,C1,2026-01-01,2026-02-01,100.00
B,Invoice,C1,2026-01-99,2026-02-01,40.00
C,Invoice,C1,2026-01-01,2026-02-01,4x
A,Invoice,C1,2026-01-01,2026-02-01,7.00`)
	opts.Lenient = true
	r := readAll(t, opts)
	want(t, r, []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{"D3 bad-date", "F4 bad-amount", "A5 duplicate-document"})
	var out []string
	for _, row := range r.Ledger.LeftOut {
		out = append(out, fmt.Sprintf("%s %s %s", r.Ledger.Place(row.Pos), row.Amount.Decimal(2), r.Ledger.Currencies[row.Currency].Code))
	}
	if !slices.Equal(out, []string{"ledger.csv!3 40.00 CNY", "ledger.csv!4 0.00 CNY", "ledger.csv!5 7.00 CNY"}) {
		t.Errorf("left out %q", out)
	}
	opts.Lenient = false
	if strict := readAll(t, opts); strict.Ledger != nil || !slices.Equal(codes(strict), codes(r)) {
		t.Errorf("without --lenient: ledger %t, %q", strict.Ledger != nil, codes(strict))
	}
}

func TestTheOtherSheetsAreReadByNameAndColumns(t *testing.T) {
	r := readAll(t, files(t, plainHeader+"A,Invoice,C1,2026-01-01,2026-02-01,1.00",
		"客户.csv: 客户编号,客户名称,业务员,区域,付款条件,信用额度,信用等级,利润率,邮箱\nC1,甲公司,R1,华东,60天,\"50,000.00\",A,8%,a@b.example",
		"业务员.csv: 业务员,姓名,部门,主管,利润率\nR1,李娜,一组,王强,0.05",
		"目标.csv: 业务员,月份,销售目标,回款目标,费用\nR1,2026年10月,1000,900.50,\nR2,2026/11,,1,2",
		"汇率.csv: 币种,日期,汇率\nUSD,2026-01-01,7.1234",
		"总账余额.csv: 科目,日期,币种,余额\n1122,2026-01-31,CNY,1.00\n1122,2026-01-31,,1.00",
		"承诺.csv: 承诺编号,客户编号,单据编号,承诺日期,承诺付款日,金额,拖欠原因\nP1,C1,A,2026-02-05,2026-02-20,1.00,等审批"))
	want(t, r, []string{"A invoice C1 1.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	l := r.Ledger
	c := l.Customers[0]
	if c.Name != "甲公司" || l.Reps[c.Rep].ID != "R1" || l.Regions[c.Region] != "华东" || c.Terms.Days != 60 || c.CreditLimit != 5000000 || !c.HasLimit || c.Rating != "A" || c.Margin.String() != "0.08" || c.Email != "a@b.example" {
		t.Errorf("customer %+v", c)
	}
	if rep := l.Reps[c.Rep]; rep.Name != "李娜" || rep.Team != "一组" || rep.Manager != "王强" || rep.Margin.String() != "0.05" {
		t.Errorf("rep %+v", rep)
	}
	if g := l.Targets; len(g) != 2 || g[0].Month.String() != "2026-10" || g[0].Sales != 100000 || g[0].Collection != 90050 || g[0].HasExpenses || g[1].HasSales || g[1].Expenses != 200 || l.Reps[g[1].Rep].ID != "R2" {
		t.Errorf("targets %+v", g)
	}
	if x := l.Rates; len(x) != 1 || l.Currencies[x[0].Currency].Code != "USD" || x[0].Rate.String() != "7.1234" || x[0].Date.String() != "2026-01-01" {
		t.Errorf("rates %+v", x)
	}
	if b := l.Control; len(b) != 2 || b[0].Account != "1122" || b[0].Balance != 100 || b[0].Currency < 0 || b[1].Currency != -1 {
		t.Errorf("control %+v", b)
	}
	if p := l.Promises; len(p) != 1 || p[0].ID != "P1" || p[0].Document != "A" || p[0].PromisedFor.String() != "2026-02-20" || p[0].Amount != 100 || p[0].Excuse != "等审批" || p[0].Customer != 0 {
		t.Errorf("promises %+v", p)
	}
}

// The ledger knows its customers and reps by name, the other sheets by id.
func TestNamesInTheLedgerMeetTheIdsOfTheOtherSheets(t *testing.T) {
	r := readAll(t, files(t, "ledger.csv: Document,Type,Customer Name,Rep,Posted,Due,Amount\nA,Invoice,Calder & Sons,Li Na,2026-01-01,2026-02-01,1.00",
		"customers.csv: Customer,Name,Credit Limit\nC1,Calder & Sons,50", "reps.csv: Rep,Name,Team\nR1,Li Na,East",
		"promises.csv: Promise,Customer,Promised For,Amount\nP1,C1,2026-02-20,1.00", "targets.csv: Rep,Month,Sales Target\nR1,2026-10,1"))
	noErrors(t, r)
	l := r.Ledger
	if len(l.Customers) != 1 || l.Customers[0].ID != "Calder & Sons" || l.Customers[0].CreditLimit != 5000 || len(l.Reps) != 1 || l.Reps[0].Team != "East" || len(l.Promises) != 1 || len(l.Targets) != 1 {
		t.Errorf("customers %+v, reps %+v", l.Customers, l.Reps)
	}
}

func TestColumnsOfTheConfigWinOverSynonyms(t *testing.T) {
	opts := files(t, "ledger.csv: Document,Type,Customer,Posted,Due,Amount,Net of tax\nA,Invoice,C1,2026-01-01,2026-02-01,113.00,100.00")
	opts.Columns = map[string]string{"Amount": "Net of tax"}
	want(t, readAll(t, opts), []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	for _, wrong := range []map[string]string{{"Amount": "Net of VAT"}, {"Amuont": "Net of tax"}} {
		opts.Columns = wrong
		if r := readAll(t, opts); r.Ledger != nil || !slices.Contains(codes(r), " no-column") {
			t.Errorf("%v: %q", wrong, codes(r))
		}
	}
}

func TestHeadersAreRecognisedHoweverTheyAreWritten(t *testing.T) {
	for _, header := range []string{
		"Invoice #,Type,Customer ID,Posting Date,Due Date,Amount", "invoice_no,document_type,customer_no,posting_date,due_date,amount_lcy", "InvoiceNo,DocumentType,CustomerNo,PostingDate,DueDate,Amount",
		"发票号码,单据类型,客户编码,记账日期,到期日,金额（元）", "单据编号,单据类型,客户,业务日期,到期日期,价税合计（含税）", "DOC NO.,TYPE,CUSTOMER,DATE,PAYMENT DUE,TOTAL AMOUNT",
		"Ｄｏｃｕｍｅｎｔ,类　型, 客 户 ,日期,到 期 日,应收金额【元】", "Num,Type,Customer Name,Date,Due Date,Amount", "Voucher No.,Voucher Type,Party,Posting Date,Due Date,Invoiced Amount", "凭证字号,业务类型,往来单位,凭证日期,付款到期日,本位币金额",
	} {
		r := readAll(t, files(t, "x.csv: "+header+"\nA,发票,C1,2026-01-01,2026-02-01,1.00"))
		want(t, r, []string{"A invoice C1 1.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
		if t.Failed() {
			t.Fatal(header)
		}
	}
}

func TestKindsAreReadInBothLanguages(t *testing.T) {
	for word, kind := range map[string]string{
		"发票": "invoice", "Sales Invoice": "invoice", "期初余额": "opening", "Opening balance": "opening", "Debit Memo": "debit_note", "红字发票": "credit_note", "红冲": "credit_note", "Credit Memo": "credit_note",
		"退货": "credit_note", "回款": "receipt", "收款单": "receipt", "Payment": "receipt", "预收款": "receipt", "退款": "refund", "坏账核销": "write_off", "Bad debt": "write_off", "WRITE_OFF": "write_off", "坏账收回": "recovery",
		"调整": "adjustment", "Journal Entry": "adjustment",
	} {
		r := readAll(t, files(t, plainHeader+"A,"+word+",C1,2026-01-01,2026-02-01,1.00\nB,Adjustment,C1,2026-01-01,2026-02-01,-1.00"))
		if r.Ledger == nil || r.Ledger.Entries[0].Kind.String() != kind {
			t.Errorf("%s is not %s: %q", word, kind, codes(r))
		}
	}
}

func TestNotesSurviveASecondReading(t *testing.T) {
	r := readAll(t, files(t, "ledger.csv: Document,Type,Customer,Customer Name,Posted,Due,Amount\nA,Invoice,C1,Calder,04/03/2026,2026-05-01,1.00\nB,Invoice,C1,Caldera,13/03/2026,2026-05-01,1.00"))
	want(t, r, []string{"A invoice C1 1.00 CNY 2026-03-04 2026-03-04 2026-05-01 -", "B invoice C1 1.00 CNY 2026-03-13 2026-03-13 2026-05-01 -"}, []string{"D3 name-differs"})
}

func TestFilesOfOneNameAreToldApart(t *testing.T) {
	r := readAll(t, files(t, "east/"+plainHeader+"A,Invoice,C1,2026-01-01,2026-02-01,1.00", "west/"+plainHeader+"B,Invoice,C1,2026-01-01,2026-02-01,x"))
	if r.Inputs[0].File == r.Inputs[1].File || !strings.HasSuffix(r.Problems[0].Source.File, "west/ledger.csv") {
		t.Errorf("inputs %+v, problem in %s", r.Inputs, r.Problems[0].Source)
	}
}

func TestAMissingFileIsNoProblemOfTheData(t *testing.T) {
	if _, err := ingest.Read(ingest.Options{Inputs: []ingest.Input{{File: filepath.Join(t.TempDir(), "none.csv")}}}); err == nil {
		t.Error("no error")
	}
}

func TestProblemsAreCappedPerCode(t *testing.T) {
	var b strings.Builder
	b.WriteString(plainHeader)
	for i := range 315 {
		fmt.Fprintf(&b, "D%d,Invoice,C1,2026-01-01,,1.00\n", i)
	}
	r := readAll(t, files(t, b.String()))
	printed := ingest.Lines(r.Problems, 3)
	if len(printed) != 4 || printed[3] != "and 312 more of due-derived" || len(ingest.Lines(r.Problems, 0)) != 315 {
		t.Errorf("%d lines, the last is %q", len(printed), printed[len(printed)-1])
	}
}

// A bounced cheque of an invoice that the customer does not have is a document
// of its own (rules §2), so its due date counts and is derived.
func TestLinesWithoutTheirDocumentSayWhatTheyAre(t *testing.T) {
	r := readAll(t, files(t, "ledger.csv: Document,Type,Customer,Posted,Due,Amount,Settles\n"+
		"A,receipt,C1,2026-01-05,,-10.00,X\nA,receipt,C1,2026-02-05,,10.00,X\nF,refund,C1,2026-02-06,,10.00,X\nV,recovery,C1,2026-02-07,,-5.00,X"))
	want(t, r, []string{
		"A receipt C1 -10.00 CNY 2026-01-05 2026-01-05 - X", "A receipt C1 10.00 CNY 2026-02-05 2026-02-05 2026-03-07 X",
		"F refund C1 10.00 CNY 2026-02-06 2026-02-06 2026-02-06 X", "V recovery C1 -5.00 CNY 2026-02-07 2026-02-07 - X",
	}, []string{"G2 unknown-settles", "E3 due-derived", "G3 unknown-settles", "G4 unknown-settles", "G5 unknown-settles"})
	for i, says := range []string{"on account", "is 2026-03-07", "a document of its own", "the oldest credit", "counts all the same"} {
		if p := r.Problems[i]; !strings.Contains(p.Message, says) {
			t.Errorf("%s, want a message that says %q", p.Message, says)
		}
	}
}
