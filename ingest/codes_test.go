package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"duepack/analysis/ledger"
)

var update = flag.Bool("update", false, "write ERRORS.md anew from the examples")

// codeDoc is one code of a problem: what it means, and the smallest book that
// shows it.
type codeDoc struct {
	code     string
	severity Severity
	meaning  string
	book     []example
	aside    string // what the listing of the book cannot show
	options  func(*Options)
}

// example is one file of an example's book: text, or a workbook.
type example struct {
	name   string
	text   string // of a text file
	sheets []exampleSheet
	raw    func(t *testing.T) []byte // what is neither
}

type exampleSheet struct {
	name string
	rows [][]any
	then func(f *excelize.File, sheet string) error
}

func csv(lines ...string) []example {
	return []example{{name: "ledger.csv", text: strings.Join(lines, "\n") + "\n"}}
}

// workbook is a book of one sheet named Ledger.
func workbook(then func(f *excelize.File, sheet string) error, rows ...[]any) []example {
	return []example{{name: "ledger.xlsx", sheets: []exampleSheet{{"Ledger", rows, then}}}}
}

func raw(name string, content []byte) []example {
	return []example{{name: name, raw: func(*testing.T) []byte { return content }}}
}

const (
	smallHeader = "Document,Type,Customer,Posted,Due,Amount"
	smallRow    = "INV-1,invoice,C001,2026-04-08,2026-05-08,100.00"
)

var (
	headerCells = []any{"Document", "Type", "Customer", "Posted", "Due", "Amount"}
	rowCells    = []any{"INV-1", "invoice", "C001", "2026-04-08", "2026-05-08", 100}
)

// appendTo adds a line to a file.
func appendTo(path, line string) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(line + "\n")
	}
	if err := errors.Join(err, f.Close()); err != nil {
		panic(err)
	}
}

// dateFormat gives a cell the number format of a date.
func dateFormat(cells ...string) func(*excelize.File, string) error {
	return func(f *excelize.File, sheet string) error {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if err := f.SetCellStyle(sheet, cell, cell, style); err != nil {
				return err
			}
		}
		return nil
	}
}

// codeDocs is the list of all codes. ERRORS.md is made from it.
var codeDocs = []codeDoc{
	// The file.
	{code: "not-a-workbook", severity: Error, meaning: "The file is of a kind that holds no ledger, or not what its name says.", book: raw("ledger.pdf", []byte("%PDF-1.7\n"))},
	{code: "old-format", severity: Error, meaning: "The file is of a spreadsheet format that is not read: .xls of Excel 97–2003, XML of Excel 2003, HTML with the name of a workbook.",
		book: raw("ledger.xls", []byte("<html><table><tr><td>Document</td></tr></table></html>"))},
	{code: "encrypted", severity: Error, meaning: "The workbook needs a password to open.", aside: "a workbook saved with a password",
		book: []example{{name: "ledger.xlsx", raw: encryptedWorkbook}}},
	{code: "empty-file", severity: Error, meaning: "The file has no content.", aside: "a file of 0 bytes", book: raw("ledger.csv", nil)},
	{code: "corrupt-workbook", severity: Error, meaning: "The workbook is damaged.", aside: "the first bytes of a workbook, and no more", book: raw("ledger.xlsx", []byte("PK\x03\x04\x14\x00"))},
	{code: "truncated-file", severity: Error, meaning: "The text file ends inside a row: a copy or an export was cut short.", aside: "no quote and no line end after the last row",
		book: []example{{name: "ledger.csv", text: smallHeader + "\n" + smallRow + "\nINV-2,\"inv"}}},
	{code: "quoted-rows", severity: Error, meaning: "A text in quotes holds whole rows: a quote in a text is not doubled, and everything up to the next quote would be one value.",
		aside: "after ten rows: three that one quote opens and another closes", book: csv(append(append([]string{smallHeader}, slices.Repeat([]string{smallRow}, 10)...), `INV-2,invoice,"C002,2026-04-08,2026-05-08,100.00`, smallRow, smallRow, smallRow, `INV-3,invoice,C003",2026-04-08,2026-05-08,100.00`)...)},
	{code: "bad-encoding", severity: Error, meaning: "The text file is in no encoding that is read (UTF-8, UTF-16, GB18030, Big5).", aside: "the byte FF in the name",
		book: raw("ledger.csv", []byte("Document,Type,Customer,Posted,Due,Amount\nINV-1,invoice,C\xff\xff\xff001,2026-04-08,2026-05-08,100.00\n"))},
	{code: "limit-exceeded", severity: Error, meaning: "The file is larger than a limit that protects the machine; the message names the limit and how to raise it.", aside: "read with --limit rows=1",
		book: csv(smallHeader, smallRow), options: func(o *Options) { o.Limits.Rows = 1 }},
	{code: "file-changed", severity: Error, meaning: "A file was written while it was read, so what was read may be half of the old and half of the new.",
		book: csv(smallHeader, smallRow), aside: "a row is added while the file is read", options: func(o *Options) {
			path := o.Inputs[0].File
			o.opened = func() { appendTo(path, smallRow) }
		}},
	{code: "no-sheet", severity: Error, meaning: "The config names a sheet that the workbook does not have.", aside: "inputs: [{file: ledger.xlsx, sheet: April}]",
		book: workbook(nil, headerCells, rowCells), options: func(o *Options) { o.Inputs[0].Sheet = "April" }},
	{code: "no-column", severity: Error, meaning: "The config maps a column to a header that no sheet has, or a column that does not exist.", aside: "columns: {Amount: Betrag}",
		book: csv(smallHeader, smallRow), options: func(o *Options) { o.Columns = map[string]string{"Amount": "Betrag"} }},

	// The sheets.
	{code: "no-ledger", severity: Error, meaning: "No sheet has the columns of a ledger. The message says what was seen instead.", book: csv("Customer,Not due,1-30,31-60,Total", "C001,10,20,30,60")},
	{code: "empty-ledger", severity: Error, meaning: "There is a ledger sheet, and it has no entry.", book: csv(smallHeader)},
	{code: "scaled-unit", severity: Error, meaning: "The amounts are given in thousands or 万, so they are rounded.", book: csv("Receivables,,,,,单位：万元", smallHeader, smallRow)},
	{code: "hidden-sheet", severity: Note, meaning: "A hidden sheet was read.", aside: "Customers is hidden", book: []example{{name: "ledger.xlsx", sheets: []exampleSheet{
		{"Ledger", [][]any{headerCells, rowCells}, nil},
		{"Customers", [][]any{{"Customer", "Name"}, {"C001", "Calder & Sons"}}, func(f *excelize.File, sheet string) error { return f.SetSheetVisible(sheet, false) }}}}}},
	{code: "hidden-row", severity: Note, meaning: "A hidden row was read: hiding or filtering is not deleting.", aside: "row 2 is hidden",
		book: workbook(func(f *excelize.File, sheet string) error { return f.SetRowVisible(sheet, 2, false) }, headerCells, rowCells)},
	{code: "hidden-column", severity: Note, meaning: "A hidden column was read.", aside: "column A is hidden",
		book: workbook(func(f *excelize.File, sheet string) error { return f.SetColVisible(sheet, "A", false) }, headerCells, rowCells)},
	{code: "sheet-ignored", severity: Note, meaning: "A sheet has a table, but none that duepack reads: the message says why.", book: append(csv(smallHeader, smallRow), example{name: "aging.csv", text: "Customer,Not due,1-30,31-60,Total\nC001,100,0,0,100\n"})},
	{code: "receipts-not-used", severity: Note, meaning: "A list of receipts stands beside a list of open items. What it lists has lowered the open amounts already, so reading it would count it twice.",
		book: []example{{name: "open.csv", text: "Document,Customer,Issued,Due,Open Amount\nINV-1,C001,2026-04-08,2026-05-08,60.00\n"}, {name: "receipts.csv", text: "Invoice,Customer,Receipt Date,Receipt Amount\nINV-1,C001,2026-04-20,40.00\n"}}},
	{code: "ambiguous-dates", severity: Error, meaning: "A column writes dates that can be read with the day or the month first, and no cell of it, or contradicting ones, tell which.",
		book: csv(smallHeader, "INV-1,invoice,C001,04/08/2026,,100.00")},
	{code: "ambiguous-amounts", severity: Error, meaning: "A column writes amounts in which a point or comma can group thousands or separate decimals, and nothing in it tells which, or it mixes both.",
		book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,2026-05-08,1.234")},
	{code: "unclear-sign", severity: Error, meaning: "All receipts are positive, as in exports that write every amount positive, but other amounts are negative.",
		book: csv(smallHeader, "CN-1,credit note,C001,2026-04-08,,-5.00", "R-1,receipt,C001,2026-04-09,,10.00", "R-2,receipt,C001,2026-04-10,,10.00", "R-3,receipt,C001,2026-04-11,,10.00")},
	{code: "kind-assumed", severity: Note, meaning: "The sheet does not say what its lines are: debits are taken for invoices, credits for receipts (credit notes in a list of open items).",
		book: csv("Document,Customer,Posted,Due,Amount", "INV-1,C001,2026-04-08,2026-05-08,100.00")},
	{code: "unknown-open", severity: Error, meaning: "A list of invoices has a column whose header is not known and seems to say what is open of each: without it, all would count as open in full.",
		book: csv("Document,Type,Customer,Posted,Due,Amount,Remaining to collect", "INV-1,invoice,C001,2026-04-08,2026-05-08,100.00,40.00")},
	{code: "tax-apart", severity: Note, meaning: "A column of tax stands beside the amounts, and no column of amounts with tax: what customers owe may be more than what is read.",
		book: csv("Document,Type,Customer,Posted,Due,Amount,Tax", "INV-1,invoice,C001,2026-04-08,2026-05-08,100.00,13.00")},
	{code: "document-assumed", severity: Note, meaning: "Lines have no document number and are called by their row.", book: csv(smallHeader, ",receipt,C001,2026-04-08,,-100.00")},

	// The row.
	{code: "extra-cell", severity: Error, meaning: "A row of a text file has more cells than the header has columns: a value holds the separator and is not in quotes.",
		book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,2026-05-08,1,234.50")},
	{code: "missing-customer", severity: Error, meaning: "The row has an amount and no customer.", book: csv(smallHeader, "INV-1,invoice,,2026-04-08,2026-05-08,100.00")},
	{code: "missing-rep", severity: Error, meaning: "A row of Reps or Targets names no rep.", book: append(csv(smallHeader, smallRow), example{name: "targets.csv", text: "Rep,Month,Sales Target\n,2026-10,5000.00\n"})},
	{code: "missing-date", severity: Error, meaning: "The row has no date that says when it happened.", book: csv(smallHeader, "INV-1,invoice,C001,,2026-05-08,100.00")},
	{code: "missing-amount", severity: Error, meaning: "The row has a document and a date and no amount.", book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,2026-05-08,")},
	{code: "duplicate-document", severity: Error, meaning: "A second document of the same customer, currency and number (rules §2). A row that was copied is the same error; rows of one document need Instalment numbers.",
		book: csv(smallHeader, smallRow, smallRow)},
	{code: "duplicate-row", severity: Error, meaning: "A second target of the same rep and month, or a second, other rate of the same currency and date.",
		book: append(csv(smallHeader, smallRow), example{name: "targets.csv", text: "Rep,Month,Sales Target\nR01,2026-10,5000.00\nR01,2026-10,6000.00\n"})},
	{code: "void-row", severity: Note, meaning: "The document is marked as void, cancelled or a draft (作废, 草稿) and left out.", book: csv("Document,Type,Customer,Posted,Due,Amount,Status", smallRow+",Open", "INV-2,invoice,C001,2026-04-08,2026-05-08,100.00,Void")},
	{code: "posted-assumed", severity: Note, meaning: "The posting date is empty and the date of issue is taken.", book: csv("Document,Type,Customer,Posted,Issued,Due,Amount", "INV-1,invoice,C001,,2026-04-08,2026-05-08,100.00")},
	{code: "due-derived", severity: Note, meaning: "The due date is empty and counted from the date of issue by the terms of the line, else of the customer, else of the book (rules §2).",
		book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,,100.00")},
	{code: "unknown-settles", severity: Note, meaning: "The line settles a document that this customer does not have in this currency; a credit stands on account, a debit for itself.",
		book: csv("Document,Type,Customer,Posted,Due,Amount,Settles", smallRow+",", "R-1,receipt,C001,2026-04-20,,-40.00,INV-7")},
	{code: "name-differs", severity: Note, meaning: "One customer id stands with two names; the first is kept.",
		book: csv("Document,Type,Customer,Customer Name,Posted,Due,Amount", "INV-1,invoice,C001,Calder,2026-04-08,2026-05-08,100.00", "INV-2,invoice,C001,Caldera,2026-04-08,2026-05-08,100.00")},
	{code: "similar-customer", severity: Note, meaning: "The ids of two customers differ in case, width or leading zeros only; they are kept apart.",
		book: csv(smallHeader, "INV-1,invoice,007,2026-04-08,2026-05-08,100.00", "INV-2,invoice,7,2026-04-08,2026-05-08,50.00")},
	{code: "open-differs", severity: Note, meaning: "In a list of open items the open amount is not the amount less what was paid; the open amount is used.",
		book: csv("Document,Customer,Issued,Due,Amount,Paid Amount,Open Amount", "INV-1,C001,2026-04-08,2026-05-08,100.00,30.00,60.00")},

	// The cell.
	{code: "error-cell", severity: Error, meaning: "The cell holds an error of the spreadsheet.", aside: "a workbook whose cell F2 is the result of =NA()",
		book: []example{{name: "ledger.xlsx", raw: errorCellWorkbook}}},
	{code: "merged-amount", severity: Error, meaning: "An amount stands in a cell merged over several rows.",
		book:  workbook(func(f *excelize.File, sheet string) error { return f.MergeCell(sheet, "F2", "F3") }, headerCells, rowCells, []any{"INV-2", "invoice", "C001", "2026-04-09", "2026-05-09", nil}),
		aside: "F2 and F3 are merged"},
	{code: "bad-amount", severity: Error, meaning: "The text is not an amount.", book: csv(smallHeader, `INV-1,invoice,C001,2026-04-08,2026-05-08,"12,3x"`)},
	{code: "amount-out-of-range", severity: Error, meaning: "The amount is larger than any receivable.", book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,2026-05-08,99999999999999999.00")},
	{code: "amount-precision", severity: Note, meaning: "The amount has more decimals than its currency and was rounded by more than a millionth of a unit (rules §1).",
		book: csv(smallHeader, "INV-1,invoice,C001,2026-04-08,2026-05-08,1234.505")},
	{code: "text-amount", severity: Note, meaning: "A workbook holds an amount as text: sums of the spreadsheet pass over it.", book: workbook(nil, headerCells, []any{"INV-1", "invoice", "C001", "2026-04-08", "2026-05-08", "￥1,234.50"})},
	{code: "bad-date", severity: Error, meaning: "The text is not a date, or one before 1950 or after 2200.", book: csv(smallHeader, "INV-1,invoice,C001,31/02/2024,2026-05-08,100.00")},
	{code: "text-date", severity: Note, meaning: "A workbook holds a date as text.", aside: "D2 and E2 are texts", book: workbook(nil, headerCells, rowCells)},
	{code: "number-date", severity: Note, meaning: "A workbook holds a date as a number of eight digits.", book: workbook(nil, headerCells, []any{"INV-1", "invoice", "C001", 20260408, 20260508, 100})},
	{code: "serial-date", severity: Note, meaning: "A workbook holds a date as a number of days without a date format.", book: workbook(nil, headerCells, []any{"INV-1", "invoice", "C001", 46120, 46150, 100})},
	{code: "time-cut", severity: Note, meaning: "A date has a time of day. It is cut, never rounded up to the next day (rules §1).", aside: "D2 and E2 have a date format",
		book: workbook(dateFormat("D2", "E2"), headerCells, []any{"INV-1", "invoice", "C001", "=46120.9999", 46150, 100})},
	{code: "bad-month", severity: Error, meaning: "A target's month is not a month.", book: append(csv(smallHeader, smallRow), example{name: "targets.csv", text: "Rep,Month,Sales Target\nR01,soon,5000.00\n"})},
	{code: "bad-type", severity: Error, meaning: "The type of a line is none that is known.", book: csv(smallHeader, "INV-1,proforma,C001,2026-04-08,2026-05-08,100.00")},
	{code: "bad-currency", severity: Error, meaning: "The currency is not an ISO 4217 code or a name of one.", book: csv("Document,Type,Customer,Posted,Due,Currency,Amount", "INV-1,invoice,C001,2026-04-08,2026-05-08,XYZ,100.00")},
	{code: "currency-conflict", severity: Error, meaning: "The amount names another currency than its line.", book: csv("Document,Type,Customer,Posted,Due,Currency,Amount", "INV-1,invoice,C001,2026-04-08,2026-05-08,CNY,US$ 100.00")},
	{code: "bad-terms", severity: Error, meaning: "The terms of payment, which are needed for an empty due date, cannot be read.", book: csv("Document,Type,Customer,Posted,Due,Terms,Amount", "INV-1,invoice,C001,2026-04-08,,when sold,100.00")},
	{code: "bad-instalment", severity: Error, meaning: "The number of an instalment is none.", book: csv("Document,Type,Customer,Posted,Due,Instalment,Amount", "INV-1,invoice,C001,2026-04-08,2026-05-08,first,100.00")},
	{code: "bad-flag", severity: Error, meaning: "A mark is neither yes nor no.", book: csv("Document,Type,Customer,Posted,Due,Disputed,Amount", "INV-1,invoice,C001,2026-04-08,2026-05-08,perhaps,100.00")},
	{code: "bad-rate", severity: Error, meaning: "A rate, margin or rate of exchange is none.", book: append(csv(smallHeader, smallRow), example{name: "rates.csv", text: "Currency,Date,Rate\nUSD,2026-04-08,n/a\n"})},
}

func encryptedWorkbook(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := excelize.NewFile().Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// errorCellWorkbook makes F2 an error cell, which excelize cannot write.
func errorCellWorkbook(t *testing.T) []byte {
	t.Helper()
	content := example{sheets: []exampleSheet{{"Ledger", [][]any{headerCells, rowCells}, dateFormat("D2", "E2")}}}.workbook(t)
	in, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte(`<c r="F2"><v>100</v></c>`), []byte(`<c r="F2" t="e"><f>NA()</f><v>#N/A</v></c>`), 1)
		w, err := out.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write puts the book of a code into a folder and returns its inputs.
func (d codeDoc) write(t *testing.T, dir string) []Input {
	t.Helper()
	var inputs []Input
	for _, f := range d.book {
		path := filepath.Join(dir, f.name)
		content := []byte(f.text)
		switch {
		case f.raw != nil:
			content = f.raw(t)
		case len(f.sheets) > 0:
			content = f.workbook(t)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, Input{File: path})
	}
	return inputs
}

func (e example) workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range e.sheets {
		if i == 0 {
			check(f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			check(err)
		}
		for r, row := range s.rows {
			for c, v := range row {
				cell := cellName(c, r+1)
				if text, ok := v.(string); ok && strings.HasPrefix(text, "=") { // a number that Go would write as a float
					check(f.SetCellDefault(s.name, cell, text[1:]))
				} else {
					check(f.SetCellValue(s.name, cell, v))
				}
			}
		}
		if s.then != nil {
			check(s.then(f, s.name))
		}
	}
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

// problem reads the book of a code and returns its first problem of that code.
func (d codeDoc) problem(t *testing.T) (Problem, bool) {
	t.Helper()
	opts := Options{Inputs: d.write(t, t.TempDir()), Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
	if d.options != nil {
		d.options(&opts)
	}
	result, err := Read(opts)
	if err != nil {
		t.Fatalf("%s: %v", d.code, err)
	}
	if errs, _ := Count(result.Problems); (errs == 0) != (result.Ledger != nil) {
		t.Errorf("%s: %d errors, ledger %t", d.code, errs, result.Ledger != nil)
	}
	for _, p := range result.Problems {
		if p.Code == d.code {
			return p, true
		}
	}
	t.Errorf("the example of %s gives %v", d.code, Lines(result.Problems, 0))
	return Problem{}, false
}

func TestEveryCodeIsShownByItsExample(t *testing.T) {
	for _, d := range codeDocs {
		p, ok := d.problem(t)
		if !ok {
			continue
		}
		if p.Severity != d.severity || p.Message == "" || p.Source.File == "" || p.Severity == Error && p.Hint == "" {
			t.Errorf("%s: an error needs place, message and hint: %+v", d.code, p)
		}
		if p.Row > 0 && p.Cell == "" {
			t.Errorf("%s: row %d without a cell", d.code, p.Row)
		}
	}
}

// codeText is what a code looks like in the source.
var codeText = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// A code that is used and not listed here would have no example.
func TestEveryCodeInTheSourceHasAnExample(t *testing.T) {
	used := map[string]bool{}
	for _, pattern := range []string{"*.go", "sheet/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				collectCodes(t, file, used)
			}
		}
	}
	for code := range used {
		if !slices.ContainsFunc(codeDocs, func(d codeDoc) bool { return d.code == code }) {
			t.Errorf("the code %s has no example", code)
		}
	}
	for _, d := range codeDocs {
		if !used[d.code] {
			t.Errorf("the code %s is used nowhere", d.code)
		}
	}
}

// collectCodes finds the texts that are given as codes: the field Code of a
// composite literal, a variable named code, and the arguments of the functions
// that report problems.
func collectCodes(t *testing.T, file string, used map[string]bool) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	take := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && codeText.MatchString(s) {
				used[s] = true
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
				take(n.Value)
			}
		case *ast.AssignStmt:
			if name, ok := n.Lhs[0].(*ast.Ident); ok && name.Name == "code" {
				take(n.Rhs[0])
			}
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			if slices.Contains([]string{"fail", "note", "report"}, name) {
				for _, arg := range n.Args[:min(3, len(n.Args))] {
					take(arg)
				}
			}
			// limitExceeded, corrupt and notAWorkbook carry their code inside.
		}
		return true
	})
}

func TestErrorsPageIsUpToDate(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Problems that duepack reports in its input\n\n")
	b.WriteString("Made from the examples in `codes_test.go` by `go test ./ingest -run ErrorsPage -update`: do not edit.\n\n")
	b.WriteString("An **error** says that a row, or the whole file, cannot be used: nothing is written and the exit code is 3, unless `--lenient` leaves\n")
	b.WriteString("bad rows out. A **note** says that the row is used, and what was assumed. Every problem names its place as `file!sheet!cell`.\n\n")
	for _, severity := range []Severity{Error, Note} {
		fmt.Fprintf(&b, "## %ss\n\n| code | meaning |\n|---|---|\n", strings.ToUpper(severity.String()[:1])+severity.String()[1:])
		for _, d := range codeDocs {
			if d.severity == severity {
				fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", d.code, d.code, d.meaning)
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("## Examples\n")
	for _, d := range codeDocs {
		p, ok := d.problem(t)
		if !ok {
			return
		}
		fmt.Fprintf(&b, "\n### %s\n\n", d.code)
		if listing := d.listing(); listing != "" {
			fmt.Fprintf(&b, "```text\n%s```\n\n", listing)
		}
		if d.aside != "" {
			fmt.Fprintf(&b, "(%s)\n\n", d.aside)
		}
		fmt.Fprintf(&b, "```text\n%s\n```\n", p)
	}
	if *update {
		if err := os.WriteFile("ERRORS.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("ERRORS.md")
	if err != nil || string(have) != b.String() {
		t.Errorf("ERRORS.md is not what the examples give (%v): run go test ./ingest -run ErrorsPage -update", err)
	}
}

// listing shows the files of a book as text.
func (d codeDoc) listing() string {
	var b strings.Builder
	for _, f := range d.book {
		if f.raw == nil {
			for _, s := range f.sheets {
				fmt.Fprintf(&b, "%s!%s\n", f.name, s.name)
				for _, row := range s.rows {
					cells := make([]string, len(row))
					for i, v := range row {
						cells[i] = strings.TrimPrefix(fmt.Sprint(v), "=")
					}
					b.WriteString("  " + strings.Join(cells, " | ") + "\n")
				}
			}
			if len(f.sheets) == 0 {
				fmt.Fprintf(&b, "%s\n", f.name)
				for line := range strings.Lines(f.text) {
					b.WriteString("  " + strings.TrimSuffix(line, "\n") + "\n")
				}
			}
		}
	}
	return b.String()
}
