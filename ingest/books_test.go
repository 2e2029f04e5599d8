package ingest_test

import (
	"cmp"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
)

// booksDir holds real and derived exports with figures that were computed
// elsewhere. A clone of the repository alone does not have it.
const booksDir = "../../shared/data/books"

func book(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(booksDir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the example books are not beside the repository: %v", err)
	}
	return path
}

func read(t *testing.T, lenient bool, files ...string) *ingest.Result {
	t.Helper()
	opts := ingest.Options{Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}, Lenient: lenient}
	for _, file := range files {
		opts.Inputs = append(opts.Inputs, ingest.Input{File: file})
	}
	result, err := ingest.Read(opts)
	if err != nil {
		t.Fatal(err)
	}
	if result.Ledger != nil {
		if err := result.Ledger.Validate(); err != nil {
			t.Fatal(err)
		}
	}
	return result
}

func noErrors(t *testing.T, r *ingest.Result) {
	t.Helper()
	if errs, _ := ingest.Count(r.Problems); errs > 0 || r.Ledger == nil {
		t.Fatalf("%d errors, ledger %t: %s", errs, r.Ledger != nil, strings.Join(ingest.Lines(r.Problems, 3), "\n"))
	}
}

// expectation is what the expected_*.json of a book says.
type expectation struct {
	AsOf string `json:"as_of"`
	Open struct {
		Total         string
		Count         int
		OverdueAmount string `json:"overdue_amount"`
		OverdueCount  int    `json:"overdue_count"`
		Buckets       map[string]struct {
			Count  int
			Amount string
		}
	}
	CreditsTotal string `json:"credits_total"`
	Billed       string
	Disputed     struct {
		Total string
		Count int
	}
	PerCustomer map[string]map[string]string `json:"per_customer"`
	Planted     map[string]json.RawMessage
}

func expected(t *testing.T, name string) expectation {
	t.Helper()
	data, err := os.ReadFile(book(t, name))
	if err != nil {
		t.Fatal(err)
	}
	var e expectation
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// minor reads a decimal of the expectations, by big.Rat so as to share nothing
// with the reader.
func minor(t *testing.T, s string) ledger.Minor {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no decimal", s)
	}
	r.Mul(r, big.NewRat(100, 1))
	if !r.IsInt() {
		t.Fatalf("%q has more than two decimals", s)
	}
	return ledger.Minor(r.Num().Int64())
}

// checkOpen compares the open documents of a snapshot, aged with plain day
// arithmetic, with the expectation.
func checkOpen(t *testing.T, l *ledger.Ledger, want expectation) {
	t.Helper()
	asOf := ledger.MustDate(want.AsOf)
	var total, overdue, credits ledger.Minor
	count, overdueCount := 0, 0
	type bucket struct {
		amount ledger.Minor
		count  int
	}
	buckets := map[string]bucket{}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch {
		case !e.Has(ledger.HasOpen):
			t.Fatalf("entry %s has no open amount", l.Numbering.Text(e.ID))
		case e.Open < 0:
			credits += e.Open
			continue
		case e.Open == 0:
			continue
		}
		total += e.Open
		count++
		late := int(asOf - e.Due)
		if late > 0 {
			overdue += e.Open
			overdueCount++
		}
		name := "90+"
		switch {
		case late <= 0:
			name = "not_due"
		case late <= 30:
			name = "1-30"
		case late <= 60:
			name = "31-60"
		case late <= 90:
			name = "61-90"
		}
		b := buckets[name]
		buckets[name] = bucket{b.amount + e.Open, b.count + 1}
	}
	if total != minor(t, want.Open.Total) || count != want.Open.Count {
		t.Errorf("open %s in %d documents, want %s in %d", total.Decimal(2), count, want.Open.Total, want.Open.Count)
	}
	if overdue != minor(t, want.Open.OverdueAmount) || overdueCount != want.Open.OverdueCount {
		t.Errorf("overdue %s in %d, want %s in %d", overdue.Decimal(2), overdueCount, want.Open.OverdueAmount, want.Open.OverdueCount)
	}
	for name, b := range want.Open.Buckets {
		if have := buckets[name]; have.amount != minor(t, b.Amount) || have.count != b.Count {
			t.Errorf("bucket %s: %s in %d, want %s in %d", name, have.amount.Decimal(2), have.count, b.Amount, b.Count)
		}
	}
	if want.CreditsTotal != "" && credits != minor(t, want.CreditsTotal) {
		t.Errorf("credits %s, want %s", credits.Decimal(2), want.CreditsTotal)
	}
}

func TestOpenItemsInSixEncodingsAreOneLedger(t *testing.T) {
	want := expected(t, "expected_derived_cn.json")
	var first *ledger.Ledger
	for _, name := range []string{"utf8.csv", "utf8bom.csv", "gbk.csv", "gb18030.csv", "semicolon.csv", "tab_utf16le.txt", "utf16le_bom.csv", "utf16le_nobom.csv", "utf16be_bom.csv"} {
		r := read(t, false, book(t, "derived_cn/cn_ar_clean."+name))
		noErrors(t, r)
		checkOpen(t, r.Ledger, want)
		if first == nil {
			first = r.Ledger
		}
		if !slices.Equal(first.Entries, r.Ledger.Entries) || !slices.EqualFunc(first.Customers, r.Ledger.Customers, func(a, b ledger.Customer) bool { return a == b }) {
			t.Errorf("%s gives another ledger than UTF-8", name)
		}
	}
}

// The workbook repeats three documents, so it is an error unless they are left
// out; the truth is the same as in the clean text files.
func TestMessyWorkbookGivesTheTruthOfTheCleanFiles(t *testing.T) {
	want := expected(t, "expected_derived_cn.json")
	file := book(t, "derived_cn/cn_ar_messy.xlsx")
	if strict := read(t, false, file); strict.Ledger != nil {
		t.Error("a book with duplicate documents was read without being asked to")
	}
	r := read(t, true, file)
	if r.Ledger == nil {
		t.Fatal(strings.Join(ingest.Lines(r.Problems, 3), "\n"))
	}
	checkOpen(t, r.Ledger, want)
	var billed, leftOut ledger.Minor
	for i := range r.Ledger.Entries {
		if e := &r.Ledger.Entries[i]; e.Kind == ledger.Invoice {
			billed += e.Amount
		}
	}
	for _, row := range r.Ledger.LeftOut {
		leftOut += row.Amount
	}
	// 5,736,930.42 is the open total with the duplicates counted twice.
	if billed != minor(t, want.Billed) || leftOut != minor(t, "5736930.42")-minor(t, want.Open.Total) || len(r.Ledger.LeftOut) != 3 {
		t.Errorf("billed %s, want %s; left out %s in %d rows", billed.Decimal(2), want.Billed, leftOut.Decimal(2), len(r.Ledger.LeftOut))
	}
	if r.Ledger.SnapshotDate.String() != want.AsOf || !r.Ledger.Snapshot {
		t.Errorf("snapshot %t of %s, want %s", r.Ledger.Snapshot, r.Ledger.SnapshotDate, want.AsOf)
	}
	clean := read(t, false, book(t, "derived_cn/cn_ar_clean.utf8.csv"))
	if have, want := documents(r.Ledger), documents(clean.Ledger); !slices.Equal(have, want) {
		t.Errorf("the documents of the workbook are not those of the text file: %d and %d", len(have), len(want))
	}
	rec := r.Recognised[1]
	if rec.Header != [2]int{3, 4} || rec.Totals != 41 || rec.Hidden != 7 || rec.Rows != 326 {
		t.Errorf("header %v, %d totals, %d hidden, %d rows; want 3–4, 40 subtotals and a total, 7, 326", rec.Header, rec.Totals, rec.Hidden, rec.Rows)
	}
}

// documents lists what a ledger says about each document, without its place.
func documents(l *ledger.Ledger) []string {
	var list []string
	for i := range l.Entries {
		e := &l.Entries[i]
		list = append(list, strings.Join([]string{l.Numbering.Text(e.ID), e.Kind.String(), l.Customers[e.Customer].ID, l.Currencies[e.Currency].Code,
			e.Amount.Decimal(2), e.Open.Decimal(2), e.Issued.String(), e.Due.String()}, " "))
	}
	slices.SortFunc(list, cmp.Compare)
	return list
}

// Each planted fault of the workbook is reported at the cell of its document.
func TestEveryPlantedFaultIsReportedWithItsCell(t *testing.T) {
	want := expected(t, "expected_derived_cn.json")
	r := read(t, true, book(t, "derived_cn/cn_ar_messy.xlsx"))
	columns := map[string]string{"开票": "F", "到期": "G", "应收": "H", "回款": "I", "未回": "J"}
	row := map[string][]int{} // rows of a document; duplicates have two
	for i := range r.Ledger.Entries {
		e := &r.Ledger.Entries[i]
		id := r.Ledger.Numbering.Text(e.ID)
		row[id] = append(row[id], int(e.Pos.Row))
	}
	for _, p := range r.Problems {
		if p.Code == "duplicate-document" {
			row[p.Found] = append(row[p.Found], p.Row)
		}
	}
	reported := func(code, cell string) bool {
		return slices.ContainsFunc(r.Problems, func(p ingest.Problem) bool { return p.Code == code && p.Cell == cell })
	}
	number := func(code string) (n int) {
		for _, p := range r.Problems {
			if p.Code == code {
				n++
			}
		}
		return n
	}
	for fault, code := range map[string]string{
		"text_amount": "text-amount", "text_date": "text-date", "number_yyyymmdd": "number-date", "serial_without_date_format": "serial-date",
		"datetime_with_time": "time-cut", "exact_duplicate": "duplicate-document", "blank_due": "due-derived", "hidden_row": "hidden-row",
	} {
		marks, atLeast := plantedMarks(t, want.Planted[fault])
		for _, mark := range marks {
			id, column, inCell := strings.Cut(mark, ":")
			found := false
			for _, n := range row[id] {
				place := ledger.Source{}.String() + itoa(n)
				switch {
				case inCell:
					place = columns[column] + place
				case fault == "exact_duplicate":
					place = "D" + place
				case fault == "blank_due":
					place = "G" + place
				}
				found = found || reported(code, place)
			}
			if !found {
				t.Errorf("%s of %s is not reported as %s", fault, mark, code)
			}
		}
		if number(code) < atLeast {
			t.Errorf("%d of %s, want %d", number(code), code, atLeast)
		}
	}
}

// plantedMarks reads "FP…:column" marks, given as a list or as the first of a count.
func plantedMarks(t *testing.T, data json.RawMessage) (marks []string, count int) {
	t.Helper()
	if json.Unmarshal(data, &marks) == nil {
		unique := slices.Compact(slices.Sorted(slices.Values(marks)))
		return marks, len(unique)
	}
	var some struct {
		Count int
		First []string
	}
	if err := json.Unmarshal(data, &some); err != nil {
		t.Fatal(err)
	}
	return some.First, some.Count
}

func itoa(n int) string {
	data, _ := json.Marshal(n)
	return string(data)
}

// What receipts paid is in the open amounts already.
func TestReceiptsBesideOpenItemsAreNotCountedTwice(t *testing.T) {
	want := expected(t, "expected_derived_cn.json")
	r := read(t, false, book(t, "derived_cn/cn_ar_clean.utf8.csv"), book(t, "derived_cn/cn_receipts_clean.utf8.csv"))
	noErrors(t, r)
	checkOpen(t, r.Ledger, want)
	if last := r.Problems[len(r.Problems)-1]; last.Code != "receipts-not-used" || last.Source.File != "cn_receipts_clean.utf8.csv" {
		t.Errorf("the receipts were passed over without a word: %v", last)
	}
}

func TestFactoringReportIsReadBelowItsPivot(t *testing.T) {
	want := expected(t, "expected_factoring_aging_report_ils.json")
	r := read(t, false, book(t, "factoring_aging_report_ils.xlsx"))
	noErrors(t, r)
	checkOpen(t, r.Ledger, want)
	if code := r.Ledger.BaseCurrency().Code; code != "ILS" || r.Ledger.SnapshotDate.String() != want.AsOf {
		t.Errorf("currency %s, snapshot of %s; want ILS, %s", code, r.Ledger.SnapshotDate, want.AsOf)
	}
	if !slices.ContainsFunc(r.Problems, func(p ingest.Problem) bool { return p.Code == "sheet-ignored" && p.Source.Sheet == "Aging Report" }) {
		t.Error("the pivot was passed over without a word")
	}
}

func TestEnglishOpenItemsWithCustomersAreRead(t *testing.T) {
	want := expected(t, "expected_wca_ar_aging_199.json")
	r := read(t, false, book(t, "wca_ar_aging_199.csv"), book(t, "wca_customers_40.csv"))
	noErrors(t, r)
	checkOpen(t, r.Ledger, want)
	var disputed ledger.Minor
	for i := range r.Ledger.Entries {
		if e := &r.Ledger.Entries[i]; e.Has(ledger.Disputed) {
			disputed += e.Open
		}
	}
	if disputed != minor(t, want.Disputed.Total) {
		t.Errorf("disputed %s, want %s", disputed.Decimal(2), want.Disputed.Total)
	}
	if c := r.Ledger.Customers[0]; len(r.Ledger.Customers) != 40 || c.ID != "C001" || c.Name != "Cascade Industrial Group" || c.Group != "Building Products" ||
		c.Email != "ap@cascadeindustrial.com" || c.Terms != (ledger.Terms{Kind: ledger.TermsNet, Days: 60}) {
		t.Errorf("%d customers, the first is %+v", len(r.Ledger.Customers), c)
	}
}

func TestTimesAreCutAndNeverRoundedUp(t *testing.T) {
	r := read(t, false, book(t, "tiny_receivables_20_datetime.xlsx"))
	noErrors(t, r)
	var total ledger.Minor
	for i := range r.Ledger.Entries {
		total += r.Ledger.Entries[i].Amount
	}
	// The first row is 45864.529…: 1899-12-30 + 45864 days.
	if e := r.Ledger.Entries[0]; total != minor(t, "51011.72") || e.Issued.String() != "2025-07-26" || e.Due != e.Issued+30 || len(r.Ledger.Entries) != 20 {
		t.Errorf("total %s, first issued %s due %s", total.Decimal(2), e.Issued, e.Due)
	}
}

func TestBooksThatCannotBeReadSayWhyInOneLine(t *testing.T) {
	for name, code := range map[string]string{
		"layout_bc_aged_ar.xltm":                   "no-ledger",
		"layout_bc_open_customer_entries_cz.xlsx":  "no-ledger",
		"derived_cn/cn_ar_clean.gbk_truncated.csv": "truncated-file",
	} {
		r := read(t, true, book(t, name))
		var errs []string
		for _, p := range r.Problems {
			if p.Severity == ingest.Error {
				errs = append(errs, p.String())
			}
		}
		if r.Ledger != nil || len(errs) != 1 || !strings.Contains(errs[0], code) {
			t.Errorf("%s: %s", name, strings.Join(errs, "\n"))
		}
	}
}

// A header in a language that is not known needs a mapping, and no more.
func TestColumnsOfTheConfigReplaceRecognition(t *testing.T) {
	r, err := ingest.Read(ingest.Options{
		Inputs: []ingest.Input{{File: book(t, "layout_bc_open_customer_entries_cz.xlsx"), Sheet: "Otevřené položky zákazníka"}},
		Columns: map[string]string{"Customer": "Číslo zákazníka", "Customer Name": "Název zákazníka", "Posted": "Zúčtovací datum", "Document": "Číslo dokladu",
			"Due": "Datum splatnosti", "Open Amount": "Zůstatek", "Amount": "Původní částka", "Currency": "Kód měny"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if rec := r.Recognised[0]; rec.Role != "Ledger" || rec.Layout != "snapshot" || len(rec.Columns) != 8 {
		t.Errorf("recognised as %+v", rec)
	}
}

func TestSampleBooksAreReadInBothLanguages(t *testing.T) {
	var totals [2]map[string]ledger.Minor
	for i, name := range []string{"meridian", "meridian-cn"} {
		r := read(t, false, filepath.Join("..", "samples", name, "ledger.xlsx"))
		noErrors(t, r)
		l := r.Ledger
		if len(l.Entries) != 3000 || len(l.Reps) != 7 || len(l.Customers) != 60 || len(l.Targets) != 168 || len(l.Rates) == 0 || len(l.Control) == 0 || len(l.Promises) == 0 || l.BaseCurrency().Code != "CNY" {
			t.Errorf("%s: %d entries, %d reps, %d customers, %d targets, %d rates, %d balances, %d promises", name, len(l.Entries), len(l.Reps), len(l.Customers), len(l.Targets), len(l.Rates), len(l.Control), len(l.Promises))
		}
		totals[i] = map[string]ledger.Minor{}
		for j := range l.Entries {
			e := &l.Entries[j]
			totals[i][e.Kind.String()+l.Currencies[e.Currency].Code] += e.Amount
		}
		// The control account must be what the lines posted up to its date add up to.
		for _, c := range l.Control {
			var sum ledger.Minor
			for j := range l.Entries {
				if e := &l.Entries[j]; e.Posted <= c.Date && int16(e.Currency) == c.Currency && e.Kind != ledger.Recovery {
					sum += e.Amount
				}
			}
			if sum != c.Balance {
				t.Errorf("%s: account %s at %s is %d, the lines are %d", name, c.Account, c.Date, c.Balance, sum)
			}
		}
	}
	for key, sum := range totals[0] {
		if totals[1][key] != sum {
			t.Errorf("%s: %d in English, %d in Chinese", key, sum, totals[1][key])
		}
	}
}
