package ingest_test

import (
	"strings"
	"testing"

	"duepack/ingest"
)

// export is a list as a system writes it: its headers, a few lines, and what a
// bookkeeper reads in them.
type export struct {
	system   string
	file     string // "name: content"
	layout   string
	entries  []string
	problems []string
}

// The headers and forms are those of the systems' own exports; the lines are made up.
var exports = []export{
	{"SAP FBL5N", `items.txt: Customer	Assignment	Document Number	Document Type	Document Date	Posting Date	Net due date	Amount in local currency	Local Currency	Amount in doc. curr.	Document currency	Text
10001	X	9000001	RV	25.09.2026	25.09.2026	25.10.2026	9.000,00 	CNY	1.234,50 	EUR	Inv
10001	X	1400001	DZ	10.10.2026	10.10.2026	10.10.2026	3.600,00-	CNY	500,00-	EUR	Pay
10002	X	1600003	DG	02.10.2026	02.10.2026	31.10.2026	720,00-	CNY	100,00-	EUR	CN
10002	X	1000003	AB	02.10.2026	02.10.2026	31.10.2026	72,00-	CNY	10,00-	EUR	clear
*							4.608,00	CNY	624,50	EUR	
**							4.608,00	CNY	624,50	EUR	`, "ledger", []string{
		"9000001 invoice 10001 1234.50 EUR 2026-09-25 2026-09-25 2026-10-25 -",
		"1400001 receipt 10001 -500.00 EUR 2026-10-10 2026-10-10 2026-10-10 -",
		"1600003 credit_note 10002 -100.00 EUR 2026-10-02 2026-10-02 2026-10-31 -",
		"1000003 adjustment 10002 -10.00 EUR 2026-10-02 2026-10-02 2026-10-31 -",
	}, []string{}},
	{"Oracle Receivables", `trx.csv: Customer Name,Customer Number,Trx Number,Trx Date,Class,Due Date,Original Amount,Amount Due Remaining,Currency
Acme,1001,50001,05-SEP-2026,Invoice,05-OCT-2026,"1,234.50","1,000.00",USD
Acme,1001,50002,05-OCT-26,Credit Memo,05-OCT-26,(200.00),(200.00),USD`, "snapshot", []string{
		"50001 invoice 1001 1234.50/1000.00 USD 2026-09-05 2026-09-05 2026-10-05 -",
		"50002 credit_note 1001 -200.00/-200.00 USD 2026-10-05 2026-10-05 2026-10-05 -",
	}, []string{}},
	{"QuickBooks Online A/R Aging Detail", `aging.csv: Meridian Trading LLC,,,,,,
A/R Aging Detail,,,,,,
"As of October 31, 2026",,,,,,
,,,,,,
Date,Transaction Type,Num,Customer,Due Date,Amount,Open Balance
91 or more days past due,,,,,,
05/20/2026,Invoice,1001,Acme Inc,06/19/2026,"1,234.50","1,234.50"
Total for 91 or more days past due,,,,,"$1,234.50","$1,234.50"
Current,,,,,,
10/16/2026,Credit Memo,1003,Beta Ltd,10/16/2026,-50.00,-50.00
10/17/2026,Payment,,Acme Inc,10/17/2026,-20.00,-20.00
Total for Current,,,,,$-70.00,$-70.00
TOTAL,,,,,"$1,164.50","$1,164.50"
"Saturday, October 31, 2026 10:00 AM GMT-04:00",,,,,,`, "snapshot", []string{
		"1001 invoice Acme Inc 1234.50/1234.50 CNY 2026-05-20 2026-05-20 2026-06-19 -",
		"1003 credit_note Beta Ltd -50.00/-50.00 CNY 2026-10-16 2026-10-16 2026-10-16 -",
		"#11 receipt Acme Inc -20.00/-20.00 CNY 2026-10-17 2026-10-17 2026-10-17 -",
	}, []string{" document-assumed"}},
	{"QuickBooks Desktop Open Invoices", `open.csv: ,Type,Date,Num,P. O. #,Terms,Due Date,Aging,Open Balance
Acme Inc,,,,,,,,
,Invoice,05/20/2026,1001,PO1,Net 30,06/19/2026,134,1234.50
Total Acme Inc,,,,,,,,1234.50
Beta Ltd,,,,,,,,
,Credit Memo,10/16/2026,1003,,,10/16/2026,,-50.00
Total Beta Ltd,,,,,,,,-50.00
TOTAL,,,,,,,,1184.50`, "snapshot", []string{
		"1001 invoice Acme Inc 1234.50/1234.50 CNY 2026-05-20 2026-05-20 2026-06-19 -",
		"1003 credit_note Beta Ltd -50.00/-50.00 CNY 2026-10-16 2026-10-16 2026-10-16 -",
	}, []string{}},
	{"Xero Aged Receivables Detail", `aged.csv: Aged Receivables Detail,,,,,,,,,,,
As at 31 October 2026,,,,,,,,,,,
Contact,Invoice Date,Due Date,Invoice Number,Invoice Reference,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total
Acme Inc,,,,,,,,,,,
Acme Inc,20 May 2026,19 Jun 2026,INV-1001,,0.00,0.00,0.00,0.00,0.00,"1,234.50","1,234.50"
Total Acme Inc,,,,,0.00,0.00,0.00,0.00,0.00,"1,234.50","1,234.50"
Total,,,,,0.00,0.00,0.00,0.00,0.00,"1,234.50","1,234.50"
Percentage of total,,,,,0.00%,0.00%,0.00%,0.00%,0.00%,100.00%,100.00%`, "snapshot", []string{
		"INV-1001 invoice Acme Inc 1234.50/1234.50 CNY 2026-05-20 2026-05-20 2026-06-19 -",
	}, []string{" kind-assumed"}},
	{"Xero invoices", `invoices.csv: *ContactName,EmailAddress,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,*Description,*Quantity,*UnitAmount,LineAmount,Currency,Type,Status
Beta,b@x.com,INV-1002,R2,15/10/2026,14/11/2026,500.00,0,200.00,300.00,w,1,500,500,GBP,Sales invoice,Awaiting Payment
Beta,b@x.com,INV-1003,R2,15/10/2026,14/11/2026,500.00,0,0,500.00,w,1,500,500,GBP,Sales invoice,Voided
Beta,b@x.com,CN-1004,R2,16/10/2026,,-50.00,0,0,-50.00,w,1,500,500,GBP,Sales credit note,Awaiting Payment`, "snapshot", []string{
		"INV-1002 invoice Beta 500.00/300.00 GBP 2026-10-15 2026-10-15 2026-11-14 -",
		"CN-1004 credit_note Beta -50.00/-50.00 GBP 2026-10-16 2026-10-16 - -",
	}, []string{"Q3 void-row"}},
	{"ERPNext Accounts Receivable", `ar.csv: Posting Date,Customer,Receivable Account,Cost Center,Voucher Type,Voucher No,Due Date,Invoiced Amount,Paid Amount,Credit Note,Outstanding Amount,Age (Days),0-30,31-60,61-90,91-120,121-Above,Currency,Territory,Customer Group
2026-05-20,Acme,Debtors - M,Main - M,Sales Invoice,SINV-1,2026-06-19,1234.50,0.00,0.00,1234.50,134,0,0,0,0,1234.5,INR,India,Commercial
2026-10-16,Beta,Debtors - M,,Payment Entry,PAY-1,2026-10-16,0.00,50.00,0.00,-50.00,15,-50,0,0,0,0,INR,India,Commercial
2026-10-16,Beta,Debtors - M,,Journal Entry,JV-1,2026-10-16,0.00,0.00,25.00,-25.00,15,-25,0,0,0,0,INR,India,Commercial
Total,,,,,,,1234.5,50.0,25.0,1159.5,,-75.0,0,0,0,1234.5,,,`, "snapshot", []string{
		"SINV-1 invoice Acme 1234.50/1234.50 INR 2026-05-20 2026-05-20 2026-06-19 -",
		"PAY-1 receipt Beta -50.00/-50.00 INR 2026-10-16 2026-10-16 2026-10-16 -",
		"JV-1 adjustment Beta -25.00/-25.00 INR 2026-10-16 2026-10-16 2026-10-16 -",
	}, []string{}},
	{"Odoo invoices", `moves.csv: Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Salesperson,Total Signed,Amount Due Signed,Payment Status,Status,Currency
INV/2026/00002,"Beta, Joe",2026-10-15,2026-11-14,Mitchell,500.00,300.00,Partially Paid,Posted,USD
RINV/2026/00001,"Beta, Joe",2026-10-16,2026-10-16,Mitchell,-50.00,-50.00,Not Paid,Posted,USD
/,"Beta, Joe",2026-10-16,2026-10-16,Mitchell,70.00,70.00,Not Paid,Draft,USD`, "snapshot", []string{
		"INV/2026/00002 invoice Beta, Joe 500.00/300.00 USD 2026-10-15 2026-10-15 2026-11-14 -",
		"RINV/2026/00001 credit_note Beta, Joe -50.00/-50.00 USD 2026-10-16 2026-10-16 2026-10-16 -",
	}, []string{" kind-assumed", "I4 void-row"}},
	{"Odoo partner ledger", `partners.csv: Journal Entry,Partner,Date,Due Date,Label,Matching,Debit,Credit,Balance
INV/2026/00001,Acme,2026-05-20,2026-06-19,INV/2026/00001,,1234.50,0.00,1234.50
PBNK1/2026/00001,Acme,2026-06-25,,Pay,,0.00,1000.00,234.50`, "debit-credit", []string{
		"INV/2026/00001 invoice Acme 1234.50 CNY 2026-05-20 2026-05-20 2026-06-19 -",
		"PBNK1/2026/00001 receipt Acme -1000.00 CNY 2026-06-25 2026-06-25 - -",
	}, []string{" kind-assumed"}},
	{"Business Central, with the mark Open first", `entries.csv: Open,Posting Date,Document Type,Document No.,Customer No.,Amount (LCY),Amount,Remaining Amt. (LCY),Remaining Amount,Currency Code,Due Date
Yes,2026-05-20,Invoice,103001,10000,8000.00,1234.50,8000.00,1234.50,USD,2026-06-19
No,2026-06-20,Invoice,103002,10000,700.00,100.00,0.00,0.00,USD,2026-07-19`, "snapshot", []string{
		"103001 invoice 10000 1234.50/1234.50 USD 2026-05-20 2026-05-20 2026-06-19 -",
		"103002 invoice 10000 100.00/0.00 USD 2026-06-20 2026-06-20 2026-07-19 -",
	}, []string{}},
	{"Dynamics 365 Finance", `trans.csv: Customer account,Name,Voucher,Date,Invoice,Amount in transaction currency,Currency,Balance,Due date
C1,Acme,V1,9/15/2026,INV1,1234.50,USD,1000.00,10/15/2026
C1,Acme,V2,9/20/2026,P2,-234.50,USD,0.00,`, "snapshot", []string{
		"INV1 invoice C1 1234.50/1000.00 USD 2026-09-15 2026-09-15 2026-10-15 -",
		"P2 credit_note C1 -234.50/0.00 USD 2026-09-20 2026-09-20 - -",
	}, []string{" kind-assumed"}},
	{"NetSuite", `open.csv: Customer: Name,Document Number,Type,Date,Due Date,Amount,Amount Remaining,Sales Rep: Name,Currency
Acme,INV100,Invoice,9/15/2026,10/15/2026,1234.50,1000.00,Jane,US Dollar`, "snapshot", []string{
		"INV100 invoice Acme 1234.50/1000.00 USD 2026-09-15 2026-09-15 2026-10-15 -",
	}, []string{}},
	{"Sage 50", `ledger.csv: A/C,Name,Type,Date,Due Date,Ref,Details,Amount,O/S Amount
ACM001,Acme,SI,25/09/2026,25/10/2026,1001,Goods,1234.50,1234.50
ACM001,Acme,SC,25/09/2026,25/10/2026,1002,Credit,-34.50,-34.50
ACM001,Acme,SR,26/09/2026,,1003,Receipt,-500.00,-100.00`, "snapshot", []string{
		"1001 invoice ACM001 1234.50/1234.50 CNY 2026-09-25 2026-09-25 2026-10-25 -",
		"1002 credit_note ACM001 -34.50/-34.50 CNY 2026-09-25 2026-09-25 2026-10-25 -",
		"1003 receipt ACM001 -500.00/-100.00 CNY 2026-09-26 2026-09-26 - -",
	}, []string{}},
	{"Zoho Books", `zoho.csv: Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer ID,Customer Name,Due Date,Currency Code,Total,Balance
2026-09-05,9001,INV-1,Overdue,77,Acme,2026-10-05,USD,1234.50,1000.00
2026-10-05,9002,INV-2,Draft,77,Acme,2026-11-05,USD,10.00,10.00`, "snapshot", []string{
		"INV-1 invoice 77 1234.50/1000.00 USD 2026-09-05 2026-09-05 2026-10-05 -",
	}, []string{" kind-assumed", "D3 void-row"}},
	{"Stripe: the amount due was due, the amount remaining is open", `stripe.csv: id,Amount Due,Amount Paid,Amount Remaining,Currency,Customer,Date (UTC),Due Date (UTC),Number,Status
in_1,1234.50,0.00,1234.50,usd,cus_1,2026-09-05 00:00,2026-10-05 00:00,A-1,open
in_2,100.00,100.00,0.00,usd,cus_1,2026-09-06 00:00,2026-10-05 00:00,A-2,paid`, "snapshot", []string{
		"A-1 invoice cus_1 1234.50/1234.50 USD 2026-09-05 2026-09-05 2026-10-05 -",
		"A-2 invoice cus_1 0.00/0.00 USD 2026-09-06 2026-09-06 2026-10-05 -",
	}, []string{" kind-assumed"}},
	{"Tally Bills Receivable", `bills.csv: Bills Receivable,,,,,,
1-Apr-26 to 31-Oct-26,,,,,,
Date,Ref. No.,Party's Name,Opening Amount,Pending Amount,Due on,Overdue by days
5-Sep-26,S/001,Acme Traders,"1,23,450.00 Dr","1,00,000.00 Dr",5-Oct-26,26
7-Sep-26,R/002,Beta Traders,50.00 Cr,50.00 Cr,6-Oct-26,25
,,,,"99,950.00 Dr",,`, "snapshot", []string{
		"S/001 invoice Acme Traders 123450.00/100000.00 CNY 2026-09-05 2026-09-05 2026-10-05 -",
		"R/002 credit_note Beta Traders -50.00/-50.00 CNY 2026-09-07 2026-09-07 2026-10-06 -",
	}, []string{" kind-assumed", "C6 missing-customer"}},
	{"金蝶 K/3 应收款明细表", `明细表.csv: 应收款明细表,,,,,,,,
期间：2026年9期 至 2026年10期,,,,,,币别：人民币,,
客户代码,客户名称,日期,单据类型,单据编号,摘要,本期应收,本期实收,期末余额
001,杭州云桥,2026-09-01,,,期初余额,,,"1,000.00"
001,杭州云桥,2026-09-05,销售增值税发票,XSZP0001,销售,"2,340.00",,"3,340.00"
001,杭州云桥,2026-09-20,收款单,SK0001,收款,,"1,000.00","2,340.00"
001,杭州云桥,,,,合计,"2,340.00","1,000.00","2,340.00"
002,宁波海纳,,,,期初余额,,,20.00`, "debit-credit", []string{
		"#4 opening 001 1000.00 CNY 2026-09-01 2026-09-01 2026-10-01 -",
		"XSZP0001 invoice 001 2340.00 CNY 2026-09-05 2026-09-05 2026-10-05 -",
		"SK0001 receipt 001 -1000.00 CNY 2026-09-20 2026-09-20 - -",
	}, []string{" document-assumed", "4 due-derived", "5 due-derived", "C8 missing-date"}},
	{"金蝶云星空 应收单", `应收单.csv: 单据类型,单据编号,业务日期,客户,币别,价税合计,到期日,销售员,立账类型,单据状态,未核销金额
标准应收单,AR1,2026/9/5,杭州云桥,人民币,2340,2026/10/5,张三,业务应收,已审核,1340
标准应收单,AR3,2026/10/6,宁波海纳,人民币,500,2026/11/4,李四,业务应收,作废,500`, "snapshot", []string{
		"AR1 invoice 杭州云桥 2340.00/1340.00 CNY 2026-09-05 2026-09-05 2026-10-05 -",
	}, []string{"J3 void-row"}},
	{"用友 U8 明细账: 凭证号 is not the document where 单据号 is", `明细账.csv: 单据日期,凭证号,客户编码,客户名称,单据类型,单据号,币种,本期应收,本期收回,余额
2026-09-05,记-0012,001,杭州云桥,销售专用发票,0001,人民币,2340.00,,2340.00
2026-09-20,记-0020,001,杭州云桥,收款单,0002,人民币,,1000.00,1340.00`, "debit-credit", []string{
		"0001 invoice 001 2340.00 CNY 2026-09-05 2026-09-05 2026-10-05 -",
		"0002 receipt 001 -1000.00 CNY 2026-09-20 2026-09-20 - -",
	}, []string{"2 due-derived"}},
}

func TestExportsOfSystemsAreReadAsTheyAre(t *testing.T) {
	for _, e := range exports {
		t.Run(e.system, func(t *testing.T) {
			opts := files(t, e.file)
			opts.Lenient = true
			r := readAll(t, opts)
			want(t, r, e.entries, e.problems)
			if layout := r.Recognised[0].Layout; layout != e.layout {
				t.Errorf("the layout is %s, want %s", layout, e.layout)
			}
		})
	}
}

// Big5 files come from Taiwan and Hong Kong, with traditional characters.
func TestTraditionalHeadersAreTheSameWords(t *testing.T) {
	r := readAll(t, files(t, `應收帳款.csv: 截至2026年10月31日應收帳款明細表
單據編號,單據類型,客戶編號,客戶名稱,單據日期,到期日,應收金額,未收餘額
A,銷售發票,C1,台灣積體電路,2026-04-08,2026-05-08,100.00,60.00
B,貸項通知單,C1,台灣積體電路,2026-04-08,2026-05-08,-5.00,-5.00
,,,小計,,,95.00,55.00
,,,總計,,,95.00,55.00`))
	want(t, r, []string{"A invoice C1 100.00/60.00 CNY 2026-04-08 2026-04-08 2026-05-08 -", "B credit_note C1 -5.00/-5.00 CNY 2026-04-08 2026-04-08 2026-05-08 -"}, []string{})
	if name := r.Ledger.Customers[0].Name; name != "台灣積體電路" || r.Ledger.SnapshotDate.String() != "2026-10-31" {
		t.Errorf("the customer is %s, the date %s", name, r.Ledger.SnapshotDate)
	}
}

// Tally and SAP write Cr behind credits in a column of credits.
func TestCrInAColumnOfCreditsIsACredit(t *testing.T) {
	r := readAll(t, files(t, `ledger.csv: Document,Customer,Posted,Due,Debit,Credit
A,C1,2026-01-01,2026-02-01,100.00 Dr,
B,C1,2026-01-09,,,60.00 Cr
C,C1,2026-01-10,,,5.00 Dr`))
	want(t, r, []string{
		"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B receipt C1 -60.00 CNY 2026-01-09 2026-01-09 - -",
		"C invoice C1 5.00 CNY 2026-01-10 2026-01-10 2026-02-09 -",
	}, []string{" kind-assumed", "D4 due-derived"})
}

// The upper row names the kind of a column, the lower one which: 日期 over 开票 and
// 到期 are 开票日期 and 到期日期, 金额 over 未收 is 未收金额.
func TestAHeaderOfTwoRowsIsReadInEitherOrder(t *testing.T) {
	r := readAll(t, files(t, `应收明细.csv: 单据,,客户,,日期,,金额,,
编号,类型,编码,名称,开票,到期,应收,已收,未收
A,发票,C1,甲公司,2026-04-08,2026-05-08,100.00,40.00,60.00
合计,,,,,,100.00,40.00,60.00`))
	want(t, r, []string{"A invoice C1 100.00/60.00 CNY 2026-04-08 2026-04-08 2026-05-08 -"}, []string{})
	if name := r.Ledger.Customers[0].Name; name != "甲公司" || r.Recognised[0].Totals != 1 {
		t.Errorf("the customer is %s, %d totals", name, r.Recognised[0].Totals)
	}
}

// What init writes down of such a header is a mapping that is read again.
func TestAMappingMayNameAHeaderOfTwoRows(t *testing.T) {
	opts := files(t, `list.csv: Paper,,Party,,Booked,Sum,
No.,Kind,Code,Alias,On,Total,Rest
A,invoice,C1,Calder,2026-04-08,100.00,60.00`)
	opts.Columns = map[string]string{"Document": "Paper No.", "Type": "Kind", "Customer": "Party Code", "Posted": "Booked On", "Open Amount": "Rest Sum", "Amount": "Total"}
	want(t, readAll(t, opts), []string{"A invoice C1 100.00/60.00 CNY 2026-04-08 2026-04-08 2026-05-08 -"}, []string{"3 due-derived"})
}

// Both headers are "amount" without their brackets.
func TestAMappingTakesTheHeaderThatIsWrittenSo(t *testing.T) {
	for _, c := range []struct{ currency, amount string }{{"USD", "70.00"}, {"EUR", "60.00"}} {
		opts := files(t, "ledger.csv: Document,Type,Customer,Posted,Due,Amount (USD),Amount (EUR)\nA,Invoice,C1,2026-01-01,2026-02-01,70.00,60.00")
		opts.Columns = map[string]string{"Amount": "Amount (" + c.currency + ")"}
		want(t, readAll(t, opts), []string{"A invoice C1 " + c.amount + " " + c.currency + " 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	}
}

// Business Central calls the sheet so. It has customers, but it is no list of them.
func TestALedgerOfCustomersIsNotAListOfCustomers(t *testing.T) {
	for _, name := range []string{"Customer Ledger Entries", "All customers", "客户往来", "Sales"} {
		r := readAll(t, files(t, name+".csv: Posting Date,Document Type,Document No.,Customer No.,Salesperson Code,Amount\n2026-01-01,Invoice,A,C1,R1,100.00"))
		if r.Recognised[0].Role != "Ledger" || len(r.Ledger.Entries) != 1 {
			t.Errorf("%s is taken for %s", name, r.Recognised[0].Role)
		}
	}
}

// A book whose every row is wrong is no book, however lenient.
func TestABookWithoutAGoodRowIsEmpty(t *testing.T) {
	opts := files(t, plainHeader+"A,Invoice,C1,soon,2026-02-01,1.00")
	want(t, readAll(t, opts), nil, []string{"D2 bad-date"})
	opts.Lenient = true
	r := readAll(t, opts)
	if want(t, r, nil, []string{" empty-ledger", "D2 bad-date"}); r.Ledger != nil {
		t.Error("there is a ledger")
	}
}

func TestReadingStopsAtVeryManyErrors(t *testing.T) {
	opts := files(t, plainHeader+strings.Repeat("A,Invoice,C1,soon,2026-02-01,1.00\n", 5))
	opts.Limits.Errors = 4
	r := readAll(t, opts)
	if want(t, r, nil, []string{" limit-exceeded"}); !strings.Contains(r.Problems[0].Message, "bad-date in D2") {
		t.Errorf("the message names no error: %s", r.Problems[0].Message)
	}
	opts.Limits.Errors = 5
	want(t, readAll(t, opts), nil, []string{"D2 bad-date", "D3 bad-date", "D4 bad-date", "D5 bad-date", "D6 bad-date"})
}

// A summary beside the ledger has the same amounts once more.
func TestASummaryBesideTheLedgerIsNotRead(t *testing.T) {
	ledger := plainHeader + "A,Invoice,C1,2026-01-01,2026-02-01,100.00"
	r := readAll(t, files(t, ledger, "Summary by customer.csv: Customer,Amount,Date\nC1,100.00,2026-01-01\nC2,1.00,2026-01-01"))
	want(t, r, []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{" sheet-ignored"})
	r = readAll(t, files(t, "Summary.csv: Document,Type,Customer,Posted,Due,Amount\nA,Invoice,C1,2026-01-01,2026-02-01,100.00"))
	want(t, r, []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
}

// Where receipts stand beside invoices, nothing counts as open that was paid.
func TestAnUnknownOpenColumnIsRefusedInAListOfInvoicesOnly(t *testing.T) {
	header := "ledger.csv: Document,Type,Customer,Posted,Due,Amount,Still outstanding on it\nA,Invoice,C1,2026-01-01,2026-02-01,100.00,40.00\n"
	want(t, readAll(t, files(t, header)), nil, []string{"G1 unknown-open"})
	want(t, readAll(t, files(t, header+"B,Receipt,C1,2026-01-02,,-60.00,0.00")), []string{
		"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -", "B receipt C1 -60.00 CNY 2026-01-02 2026-01-02 - -"}, []string{})
	opts := files(t, header)
	opts.Inputs[0].Layout = "ledger"
	want(t, readAll(t, opts), []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	opts = files(t, header)
	opts.Columns = map[string]string{"Open Amount": "Still outstanding on it"}
	want(t, readAll(t, opts), []string{"A invoice C1 100.00/40.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
	want(t, readAll(t, files(t, plainHeader[:len(plainHeader)-1]+",Days outstanding\nA,Invoice,C1,2026-01-01,2026-02-01,100.00,40")), []string{"A invoice C1 100.00 CNY 2026-01-01 2026-01-01 2026-02-01 -"}, []string{})
}

// 1,234.50 without quotes is two cells: the amount would be 1.
func TestASeparatorInsideAValueIsNoticed(t *testing.T) {
	r := readAll(t, files(t, plainHeader+`A,Invoice,C1,2026-01-01,2026-02-01,1,234.50
B,Invoice,C1,2026-01-01,2026-02-01,5.00,,`, "targets.csv: Rep,Month,Sales Target\nR1,2026-10,5,000.00"))
	want(t, r, nil, []string{"G2 extra-cell", "D2 extra-cell"})
}

// What a customer owes includes the tax, whatever stands first.
func TestAmountsAreThoseWithTax(t *testing.T) {
	for header, want := range map[string]string{
		"金额,税额,价税合计": "113.00", "不含税金额,税额,含税金额": "113.00", "金额（不含税）,税额,金额（含税）": "113.00", "Amount,Tax,Total": "113.00", "Net Amount,VAT,Gross Amount": "113.00",
		"Amount (excl. VAT),VAT,Amount (incl. VAT)": "113.00", "Amount,GST Amount,Total incl. Tax": "113.00", "Total,Tax,Amount": "100.00",
		"Amount,Discount,Total": "100.00", "Total,Discount,Amount": "100.00",
	} {
		r := readAll(t, files(t, "ledger.csv: Document,Type,Customer,Posted,Due,"+header+"\nA,Invoice,C1,2026-01-01,2026-02-01,100.00,13.00,113.00"))
		if r.Ledger == nil || len(r.Problems) > 0 || r.Ledger.Entries[0].Amount.Decimal(2) != want {
			t.Errorf("%s: %v, want %s\n%s", header, r.Ledger != nil, want, strings.Join(ingest.Lines(r.Problems, 0), "\n"))
		}
	}
}

// A receipt of the customer Total Energies is no total because it has no number.
func TestACustomerNamedTotalKeepsItsLinesWithoutANumber(t *testing.T) {
	r := readAll(t, files(t, plainHeader+`,Receipt,Total Energies,2026-01-05,,-100.00
A,Invoice,Total Energies,,2026-02-01,50.00
,,Total,2026-01-31,,-50.00
Total 2026,,,,,-50.00
Total,,C1,2026-01-31,,-50.00
,Receipt,小计有限公司,2026-01-06,,-1.00`))
	want(t, r, nil, []string{" document-assumed", "D3 missing-date"})
	if rec := r.Recognised[0]; rec.Totals != 3 || rec.Rows != 2 {
		t.Errorf("%d totals and %d lines, want 3 and 2", rec.Totals, rec.Rows)
	}
}

func TestDatesAndNumbersAreNoAgingBuckets(t *testing.T) {
	for content, words := range map[string]string{
		"Time,Event,User,Size\n2026-01-01 10:00,login,ab-12,5\n2026-01-02 10:00,login,ab-13,6": "its columns are not those of a ledger",
		"Year,2024,2025,2026\nSales,1,2,3":                                                    "its columns are not those of a ledger",
		"Customer,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total\nC1,1,2,3,4,5,6,21": "it is aged already",
		"客户,未逾期金额,1～30天,31～60天,>365天,应收款合计\n甲,1,2,3,4,10":                                     "it is aged already",
		"Customer,Not yet due,Over 30 days,90 days and over,Total\nC1,1,2,3,6":                "it is aged already",
	} {
		r := readAll(t, files(t, "list.csv: "+content))
		if errs := ingest.Lines(r.Problems, 0); r.Ledger != nil || !strings.Contains(strings.Join(errs, "\n"), words) {
			t.Errorf("%s\n%s\nwant %q", content, strings.Join(errs, "\n"), words)
		}
	}
}
