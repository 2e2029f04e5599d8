package samples_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"duepack/samples"
)

// records is a sheet as a reader without any knowledge of duepack sees it:
// rows as maps from head to text.
type records []map[string]string

func recordsOf(rows [][]string) records {
	var list records
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, head := range rows[0] {
			if i < len(row) {
				record[head] = row[i]
			}
		}
		list = append(list, record)
	}
	return list
}

// readCSV reads a sheet of a book of CSV files, skipping title rows.
func readCSV(t *testing.T, dir, sheet string, titleRows int) records {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, sheet+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(rows[titleRows:])
}

// opened are the workbooks that were read, because opening one takes a while.
var opened = map[string]*excelize.File{}

// readXLSX reads a sheet of a workbook with excelize, dates as serials.
func readXLSX(t *testing.T, path, sheet string) records {
	t.Helper()
	if opened[path] == nil {
		f, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		opened[path] = f
	}
	rows, err := opened[path].GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(rows)
}

func generate(t *testing.T, o samples.Options) string {
	t.Helper()
	dir := t.TempDir()
	if err := samples.Generate(dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

func number(t *testing.T, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return r
}

// part is a part of a workbook's archive, unpacked.
type part struct {
	name    string
	changed string
	data    []byte
}

func partsOf(t *testing.T, path string) []part {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var parts []part
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{f.Name, f.Modified.UTC().String(), data})
	}
	return parts
}

func TestCheckedInBooksAreWhatTheGeneratorWrites(t *testing.T) {
	for _, book := range samples.CheckedIn() {
		dir := generate(t, book.Options)
		got, err := os.ReadFile(filepath.Join(dir, "duepack.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(book.Dir, "duepack.yaml"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s/duepack.yaml is not what the generator writes (make samples): %v", book.Dir, err)
		}
		// Part by part, because another release of Go may pack the same parts
		// into other bytes.
		made, kept := partsOf(t, filepath.Join(dir, "ledger.xlsx")), partsOf(t, filepath.Join(book.Dir, "ledger.xlsx"))
		if len(made) != len(kept) {
			t.Fatalf("%s/ledger.xlsx has %d parts, the generator writes %d (make samples)", book.Dir, len(kept), len(made))
		}
		for i := range made {
			if made[i].name != kept[i].name || made[i].changed != kept[i].changed || !bytes.Equal(made[i].data, kept[i].data) {
				t.Errorf("%s/ledger.xlsx: part %s is not what the generator writes (make samples)", book.Dir, kept[i].name)
			}
		}
	}
}

func TestCheckedInBooksStaySmall(t *testing.T) {
	var total int64
	for _, book := range samples.CheckedIn() {
		info, err := os.Stat(filepath.Join(book.Dir, "ledger.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 600_000 {
		t.Errorf("the books that are checked in take %d bytes, more than 600,000", total)
	}
}

func TestSameOptionsGiveTheSameBytes(t *testing.T) {
	o := samples.Options{Rows: 500, Seed: 9}
	a, errA := os.ReadFile(filepath.Join(generate(t, o), "ledger.xlsx"))
	b, errB := os.ReadFile(filepath.Join(generate(t, o), "ledger.xlsx"))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("two runs differ: %v %v", errA, errB)
	}
	o.Seed = 10
	if c, err := os.ReadFile(filepath.Join(generate(t, o), "ledger.xlsx")); err != nil || bytes.Equal(a, c) {
		t.Errorf("another seed gives the same book: %v", err)
	}
}

func TestRowsAreExactlyWhatWasAskedFor(t *testing.T) {
	for _, layout := range samples.Layouts() {
		for _, rows := range []int{1, 2, 10, 137, 3000} {
			titleRows := 0
			if layout == samples.Snapshot {
				titleRows = 1
			}
			dir := generate(t, samples.Options{Rows: rows, Layout: layout, Format: samples.CSV})
			if got := len(readCSV(t, dir, "Ledger", titleRows)); got != rows {
				t.Errorf("%s of %d rows has %d", layout, rows, got)
			}
		}
	}
}

func TestUnknownOptionsAreRefused(t *testing.T) {
	for _, o := range []samples.Options{{Layout: "pile"}, {Lang: "fr"}, {Format: "pdf"}, {Rows: -1}, {Rows: 1 << 40}} {
		dir := filepath.Join(t.TempDir(), "book")
		if err := samples.Generate(dir, o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%+v: a folder was made", o)
		}
	}
}

func TestControlBalancesAreTheSumOfWhatIsPosted(t *testing.T) {
	for _, b := range []struct{ file, ledger, control, kind, recovery, posted, currency, amount, date, balance string }{
		{"meridian/ledger.xlsx", "Ledger", "Control", "Type", "Recovery", "Posted", "Currency", "Amount", "Date", "Balance"},
		{"meridian-cn/ledger.xlsx", "应收账款明细", "总账余额", "单据类型", "坏账收回", "记账日期", "币种", "金额", "日期", "余额"},
	} {
		control := readXLSX(t, b.file, b.control)
		if len(control) != 25*3 {
			t.Errorf("%s: %d control balances, want 25 month ends of 3 currencies", b.file, len(control))
		}
		// Days are serials of five digits, so they sort as text.
		sums := map[string]*big.Rat{}
		for _, l := range readXLSX(t, b.file, b.ledger) {
			if l[b.kind] == b.recovery { // left out (rules §3, conservation)
				continue
			}
			amount := number(t, l[b.amount])
			for _, c := range control {
				if l[b.currency] == c[b.currency] && l[b.posted] <= c[b.date] {
					key := c[b.currency] + c[b.date]
					if sums[key] == nil {
						sums[key] = new(big.Rat)
					}
					sums[key].Add(sums[key], amount)
				}
			}
		}
		for _, c := range control {
			sum := sums[c[b.currency]+c[b.date]]
			if want := number(t, c[b.balance]); sum == nil || sum.Cmp(want) != 0 {
				t.Errorf("%s: %s on day %s: control %s, lines %v", b.file, c[b.currency], c[b.date], want.FloatString(2), sum)
			}
		}
	}
}

func TestControlBalancesTieInEveryLayout(t *testing.T) {
	const asOf = "2026-10-31"
	for _, layout := range samples.Layouts() {
		dir := generate(t, samples.Options{Rows: 2000, Seed: 5, Layout: layout, Format: samples.CSV})
		titleRows := 0
		if layout == samples.Snapshot {
			titleRows = 1
		}
		sums := map[string]*big.Rat{"CNY": {}, "USD": {}, "JPY": {}}
		for _, l := range readCSV(t, dir, "Ledger", titleRows) {
			sum := sums[l["Currency"]]
			switch {
			case l["Posted"] > asOf || l["Type"] == "Recovery" || l["Settled On"] != "" && l["Settled On"] <= asOf:
			case layout == samples.Snapshot:
				sum.Add(sum, number(t, l["Open Amount"]))
			case layout == samples.DebitCredit && l["Credit"] != "":
				sum.Sub(sum, number(t, l["Credit"]))
			case layout == samples.DebitCredit:
				sum.Add(sum, number(t, l["Debit"]))
			default:
				sum.Add(sum, number(t, l["Amount"]))
			}
		}
		found := 0
		for _, c := range readCSV(t, dir, "Control", 0) {
			if c["Date"] == asOf {
				found++
				if want := number(t, c["Balance"]); sums[c["Currency"]].Cmp(want) != 0 {
					t.Errorf("%s: %s: control %s, rows %s", layout, c["Currency"], c["Balance"], sums[c["Currency"]].FloatString(2))
				}
			}
		}
		if found != 3 {
			t.Errorf("%s: %d control balances at the close, want 3", layout, found)
		}
	}
}

var chineseSheets = map[string]string{
	"Ledger": "应收账款明细", "Customers": "客户", "Reps": "业务员", "Targets": "目标", "Promises": "承诺", "Rates": "汇率", "Control": "总账余额",
}

// TestTwinsHaveTheSameFigures compares the English and the Chinese book column
// by column: only words differ.
func TestTwinsHaveTheSameFigures(t *testing.T) {
	columns := map[string][]string{
		"Ledger":    {"Document 单据编号", "Customer 客户编号", "Rep 业务员", "Currency 币种", "Posted 记账日期", "Issued 单据日期", "Due 到期日", "Instalment 期次", "Amount 金额", "Settles 核销单号", "Cost 成本"},
		"Customers": {"Customer 客户编号", "Rep 业务员", "Credit Limit 信用额度", "Rating 信用等级", "Margin 利润率", "Financing Rate 融资利率"},
		"Reps":      {"Rep 业务员", "Margin 利润率"},
		"Targets":   {"Rep 业务员", "Month 月份", "Sales Target 销售目标", "Collection Target 回款目标", "Expenses 费用"},
		"Promises":  {"Promise 承诺编号", "Customer 客户编号", "Document 单据编号", "Made On 承诺日期", "Promised For 承诺付款日", "Amount 金额"},
		"Rates":     {"Currency 币种", "Date 日期", "Rate 汇率"},
		"Control":   {"Account 科目", "Date 日期", "Currency 币种", "Balance 余额"},
	}
	for sheet, pairs := range columns {
		en, zh := readXLSX(t, "meridian/ledger.xlsx", sheet), readXLSX(t, "meridian-cn/ledger.xlsx", chineseSheets[sheet])
		if len(en) != len(zh) {
			t.Errorf("%s: %d and %d rows", sheet, len(en), len(zh))
			continue
		}
		for _, pair := range pairs {
			e, z, _ := strings.Cut(pair, " ")
			if i := strings.LastIndex(pair, " "); i > 0 {
				e, z = pair[:i], pair[i+1:]
			}
			some := false
			for i := range en {
				some = some || en[i][e] != ""
				if en[i][e] != zh[i][z] {
					t.Errorf("%s row %d: %s is %q, %s is %q", sheet, i+2, e, en[i][e], z, zh[i][z])
					break
				}
			}
			if !some {
				t.Errorf("%s: column %s is empty", sheet, e)
			}
		}
	}
}

// TestSampleHasEveryFeature looks for each thing a book can hold in the book
// that is checked in, by its looks in the rows alone.
func TestSampleHasEveryFeature(t *testing.T) {
	lines := readXLSX(t, "meridian/ledger.xlsx", "Ledger")
	const close = "46326" // 2026-10-31 as a workbook counts days
	seen := map[string]int{}
	see := func(what string, is bool) {
		if is {
			seen[what]++
		} else {
			seen[what] += 0
		}
	}
	documents := map[string]map[string]string{} // by number, the first line
	writtenOff := map[string]bool{}
	paid := map[string]int{}
	for _, l := range lines {
		credit := strings.HasPrefix(l["Amount"], "-")
		for _, kind := range []string{"Invoice", "Debit note", "Credit note", "Receipt", "Refund", "Write-off", "Recovery", "Adjustment", "Opening"} {
			see(kind, l["Type"] == kind)
		}
		for _, currency := range []string{"CNY", "USD", "JPY"} {
			see(currency, l["Currency"] == currency)
		}
		for _, terms := range []string{"net 30", "net 45", "net 60", "eom 30", "cod"} {
			see(terms, l["Terms"] == terms)
		}
		document := documents[l["Settles"]]
		see("receipt that settles", l["Type"] == "Receipt" && credit && document != nil)
		see("receipt on account", l["Type"] == "Receipt" && credit && l["Settles"] == "")
		see("receipt that is applied later", l["Type"] == "Receipt" && credit && l["Settles"] != "" && document == nil)
		see("returned cheque", l["Type"] == "Receipt" && !credit && document != nil)
		see("refund of a receipt", l["Type"] == "Refund" && !credit && document["Type"] == "Receipt")
		see("recovery of what was written off", l["Type"] == "Recovery" && credit && writtenOff[l["Settles"]])
		see("negative invoice", l["Type"] == "Invoice" && credit)
		see("debit adjustment", l["Type"] == "Adjustment" && !credit)
		see("credit adjustment", l["Type"] == "Adjustment" && credit && document != nil)
		see("instalment", l["Instalment"] == "3")
		see("disputed", l["Disputed"] == "Yes")
		see("cost", l["Cost"] != "")
		see("no cost", l["Cost"] == "" && l["Type"] == "Invoice")
		see("no due date", l["Due"] == "" && l["Type"] == "Debit note")
		see("no evidence of delivery", l["Delivery"] == "" && l["Type"] == "Invoice" && !credit)
		see("own approval", l["Approved By"] != "" && l["Approved By"] == l["Created By"])
		see("after the close", l["Posted"] > close)
		see("issued before and posted after the close", l["Posted"] > close && l["Issued"] <= close)
		if l["Type"] == "Receipt" && credit && document != nil {
			paid[l["Settles"]]++
			see("part payment", paid[l["Settles"]] == 2 && document["Instalment"] == "")
			see("paid early", document["Due"] > l["Posted"])
			see("paid late", document["Due"] < l["Posted"])
		}
		if l["Type"] == "Write-off" {
			writtenOff[l["Settles"]] = true
			see("write-off in the month of the close", l["Posted"] > "46295" && l["Posted"] <= close)
		}
		if documents[l["Document"]] == nil {
			documents[l["Document"]] = l
		}
	}
	var names []string
	for what, n := range seen {
		if n == 0 {
			t.Errorf("the sample has no %s", what)
		}
		names = append(names, fmt.Sprintf("%s %d", what, n))
	}
	slices.Sort(names)
	t.Log(strings.Join(names, ", "))
	if n := seen["after the close"]; n > 60 {
		t.Errorf("%d lines after the close, want a handful", n)
	}
	if len(lines) != 3000 {
		t.Errorf("%d lines, want 3,000", len(lines))
	}
}

func TestSampleHasItsCast(t *testing.T) {
	customers := readXLSX(t, "meridian/ledger.xlsx", "Customers")
	reps := readXLSX(t, "meridian/ledger.xlsx", "Reps")
	if len(customers) != 60 || len(reps) != 7 {
		t.Errorf("%d customers and %d reps, want 60 and 7", len(customers), len(reps))
	}
	chinese, names, present := 0, map[string]bool{}, map[string]string{}
	for _, c := range customers {
		if c["Name"] > "\u4e00" {
			chinese++
		}
		if names[c["Name"]] {
			t.Errorf("two customers are called %s", c["Name"])
		}
		names[c["Name"]], present[c["Customer"]] = true, c["Rep"]
	}
	if chinese == 0 || chinese == len(customers) {
		t.Errorf("%d of %d customers have a Chinese name, want some", chinese, len(customers))
	}
	handedOver := false
	for _, l := range readXLSX(t, "meridian/ledger.xlsx", "Ledger") {
		handedOver = handedOver || present[l["Customer"]] != l["Rep"]
	}
	if !handedOver {
		t.Error("no customer was handed over to another rep")
	}
	if targets := readXLSX(t, "meridian/ledger.xlsx", "Targets"); len(targets) != 7*24 {
		t.Errorf("%d targets, want 24 months of 7 reps", len(targets))
	}
	if promises := readXLSX(t, "meridian/ledger.xlsx", "Promises"); len(promises) < 20 {
		t.Errorf("%d promises, want at least 20", len(promises))
	}
}

// TestBooksLookLikeACompany holds the shape of the figures, roughly: what is
// owed is a bit more than two months of sales, most of it not due yet, with a
// tail that is very late and a little that is lost.
func TestBooksLookLikeACompany(t *testing.T) {
	const asOf = "2026-10-31"
	for _, o := range []samples.Options{{}, {Rows: 20_000, Seed: 3}} {
		o.Format = samples.CSV
		dir := generate(t, o)
		rates := map[string]*big.Rat{"CNY": big.NewRat(1, 1)}
		for _, r := range readCSV(t, dir, "Rates", 0) {
			if r["Date"] <= asOf {
				rates[r["Currency"]] = number(t, r["Rate"])
			}
		}
		open, due, rep := map[string]*big.Rat{}, map[string]string{}, map[string]string{}
		sales, lost := new(big.Rat), new(big.Rat)
		lines := readCSV(t, dir, "Ledger", 0)
		for _, l := range lines {
			if l["Posted"] <= asOf && open[l["Document"]] == nil {
				open[l["Document"]], due[l["Document"]], rep[l["Document"]] = new(big.Rat), l["Due"], l["Rep"]
			}
		}
		for _, l := range lines {
			amount := number(t, l["Amount"])
			amount.Mul(amount, rates[l["Currency"]])
			switch {
			case l["Posted"] > asOf || l["Type"] == "Recovery":
				continue
			case l["Type"] == "Invoice" || l["Type"] == "Credit note" || l["Type"] == "Debit note":
				sales.Add(sales, amount)
			case l["Type"] == "Write-off":
				lost.Sub(lost, amount)
			}
			document := l["Settles"]
			if open[document] == nil {
				document = l["Document"]
			}
			open[document].Add(open[document], amount)
		}
		total, late, old := 0.0, map[string]float64{}, 0.0
		byRep := map[string]float64{}
		for document, sum := range open {
			amount, _ := sum.Float64()
			if amount <= 0 {
				continue
			}
			total += amount
			byRep[rep[document]] += amount
			if due[document] != "" && due[document] <= asOf {
				late[rep[document]] += amount
				late[""] += amount
			}
			if due[document] != "" && due[document] < "2026-07-01" {
				old += amount
			}
		}
		sold, _ := sales.Float64()
		gone, _ := lost.Float64()
		days := total / sold * 730
		for _, c := range []struct {
			what       string
			is, lo, hi float64
		}{
			{"days of sales open", days, 45, 75},
			{"share not due", 1 - late[""]/total, 0.52, 0.72},
			{"share very late", old / total, 0.04, 0.14},
			{"share of sales written off", gone / sold, 0.004, 0.011},
			{"late share of the careless rep", late["R05"] / byRep["R05"], 0.48, 0.95},
		} {
			t.Logf("%d rows: %s %.3f", o.Rows, c.what, c.is)
			if c.is < c.lo || c.is > c.hi {
				t.Errorf("%d rows: %s is %.3f, want %.3f to %.3f", o.Rows, c.what, c.is, c.lo, c.hi)
			}
		}
	}
}
