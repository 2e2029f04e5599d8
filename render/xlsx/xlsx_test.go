package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/big"
	"math/rand"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	books "duepack/render/internal/book"

	"github.com/xuri/excelize/v2"
)

// workbookOf is what Write writes.
func workbookOf(p *analysis.Pack, w *render.Words, problems []render.Problem) ([]byte, error) {
	var out bytes.Buffer
	err := Write(&out, p, w, render.Problems{N: len(problems), At: func(i int) render.Problem { return problems[i] }})
	return out.Bytes(), err
}

// open writes a pack's workbook and reads it again.
func open(t *testing.T, p *analysis.Pack, lang string) (*excelize.File, []byte) {
	t.Helper()
	out, err := workbookOf(p, words(lang), nil)
	if err != nil {
		t.Fatal(err)
	}
	return reopen(t, out), out
}

// reopen reads a workbook that was written.
func reopen(t *testing.T, workbook []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbook), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestCachedValuesAreThePacksOwn(t *testing.T) {
	for name, p := range books.All() {
		t.Run(name, func(t *testing.T) {
			f, _ := open(t, p, "en")
			comparePack(t, p, shownFigures(t, f))
			if len(p.Customers) > 0 {
				compareCustomers(t, p, rowsOf(t, f, "Customer figures"))
			}
		})
	}
}

func TestFiguresAreFormulasAndSayWhyOneIsAbsent(t *testing.T) {
	p := books.Trading()
	f, _ := open(t, p, "en")
	for i, row := range rowsOf(t, f, "Figures")[1:] {
		formula, err := f.GetCellFormula("Figures", relative(figureValueColumn, i+2))
		if err != nil {
			t.Fatal(err)
		}
		if formula == "" {
			t.Errorf("%s is no formula", row[0])
		}
		if row[2] == "" && row[4] == "" {
			t.Errorf("%s is absent without a reason", row[0])
		}
		if row[2] != "" && row[4] != "" {
			t.Errorf("%s is %s, and %s", row[0], row[2], row[4])
		}
	}
}

func TestOpenItemsAreTheBalance(t *testing.T) {
	p := books.Trading()
	f, _ := open(t, p, "en")
	rows := rowsOf(t, f, openSheet)
	if got := len(rows) - 1; got != len(p.Detail.Open) {
		t.Errorf("%d rows, want %d open items", got, len(p.Detail.Open))
	}
	if head := rows[0]; head[0] != "Document" {
		t.Errorf("the head begins with %q, want the document", head[0])
	}
}

func TestScriptsFindTheirSheetsInEveryLanguage(t *testing.T) {
	f, _ := open(t, books.Trading(), "zh-CN")
	for _, name := range []string{"Figures", "Open items", "Assumptions"} {
		if i, err := f.GetSheetIndex(name); err != nil || i < 0 {
			t.Errorf("no sheet %s", name)
		}
	}
}

func TestFigureIDsAreNames(t *testing.T) {
	f, _ := open(t, books.Trading(), "en")
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Name] = n.RefersTo
	}
	for name, id := range map[string]string{
		"company_dso": "company/dso", "reps_R01_financing_cost": "reps/R01/financing_cost",
		"company_aging_31_60": "company/aging/31-60", "company_aging_120_plus": "company/aging/120+",
	} {
		cell := strings.ReplaceAll(strings.TrimPrefix(names[name], "Figures!"), "$", "")
		row := strings.TrimLeft(cell, "C")
		if got, err := f.GetCellValue("Figures", "A"+row); err != nil || got != id {
			t.Errorf("%s refers to %q, whose id is %q, want %q", name, names[name], got, id)
		}
	}
}

// A customer may be called by any character: the workbook is written all the same.
func TestEveryDefinedNameIsOneThatWorkbooksTake(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for c := rune(1); c <= 0x323af; c++ { // the last ideograph of Unicode
		name := definedName("regions/a" + string(c) + "b/dso")
		if c > 0x3100 && c%97 != 0 && c != '𠮷' || name == "" {
			continue // of the ideographs, some
		}
		if err := f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: "Sheet1!$A$1"}); err != nil && !errors.Is(err, excelize.ErrDefinedNameDuplicate) {
			t.Errorf("%U: %v", c, err)
		}
	}
}

func TestDefinedNameIsEmptyWhereTheIDCannotBeAName(t *testing.T) {
	for id, want := range map[string]string{
		"company/dso": "company_dso", "reps/R 07/cei": "reps_R_07_cei", "regions/华东/dso": "regions_华东_dso",
		"reps/r*/dso": "", "regions/<5/dso": "", `reps/"/dso`: "",
	} {
		if got := definedName(id); got != want {
			t.Errorf("definedName(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestSamePackGivesTheSameBytes(t *testing.T) {
	p := books.Trading()
	_, first := open(t, p, "en")
	for _, procs := range []int{1, 8} {
		before := runtime.GOMAXPROCS(procs)
		_, again := open(t, books.Trading(), "en")
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(first, again) {
			t.Fatalf("other bytes with %d processors", procs)
		}
	}
}

func TestEveryPartIsXML(t *testing.T) {
	for name, p := range books.All() {
		_, out := open(t, p, "zh-CN")
		archive, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
		if err != nil {
			t.Fatal(err)
		}
		if archive.File[0].Name != "[Content_Types].xml" {
			t.Errorf("%s: the first part is %s", name, archive.File[0].Name)
		}
		for _, file := range archive.File {
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			for decoder := xml.NewDecoder(r); ; {
				if _, err = decoder.Token(); err != nil {
					break
				}
			}
			if err != io.EOF {
				t.Errorf("%s: %s: %v", name, file.Name, err)
			}
		}
	}
}

func TestNamesFromTheLedgerStayText(t *testing.T) {
	long := strings.Repeat("𠮷", 20000)
	for _, name := range []string{
		`=HYPERLINK("http://x")`, "+1", "@SUM(A1)", "</script>", "a\x01b\x1f", "_x0041_", "\xff", "\uFFFE", long, "]]>", "&amp;",
	} {
		p := books.Trading()
		p.Customers[0].Name, p.Reps[0].Name = name, name
		p.Detail.Open[0].ID = name
		p.Book = name
		f, _ := open(t, p, "en")
		if formula, _ := f.GetCellFormula(openSheet, "A2"); formula != "" {
			t.Errorf("%.20q became the formula %q", name, formula)
		}
		got, err := f.GetCellValue(openSheet, "A2")
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ToValidUTF8(name, "\uFFFD")
		want = strings.Map(func(r rune) rune {
			switch {
			case r < ' ':
				return ' '
			case r == 0xFFFE:
				return utf8.RuneError
			}
			return r
		}, want)
		if name == long {
			want = strings.Repeat("𠮷", 16383) + "…"
		}
		if got != want {
			t.Errorf("%.20q reads back as %.40q (%d characters)", name, got, utf8.RuneCountInString(got))
		}
	}
}

func TestSheetNamesAreUniqueAndFit(t *testing.T) {
	b, err := newBook(books.Trading(), words("en"), render.Problems{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.file.Close()
	for _, c := range []struct{ name, want string }{
		{"Aging", "Aging"}, {"aging", "aging 2"}, {"a/b:c*d?[e]", "a b c d  e"}, {"", "-"}, {"History", "History 2"},
		{strings.Repeat("x", 40), strings.Repeat("x", 31)}, {strings.Repeat("x", 40), strings.Repeat("x", 29) + " 2"},
		{strings.Repeat("账", 40), strings.Repeat("账", 31)}, {strings.Repeat("𠮷", 20), strings.Repeat("𠮷", 15)},
	} {
		if got := b.reserve(c.name); got != c.want {
			t.Errorf("reserve(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAmountsReachTheCellAsDecimals(t *testing.T) {
	p := books.Trading()
	p.Detail.Open[0].Amount = ledger.Minor(900719925474099312) // beyond the whole numbers of a float
	_, out := open(t, p, "en")
	found := false
	archive, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	want := "<v>" + p.Detail.Open[0].Amount.Decimal(p.Currencies[p.Detail.Open[0].Currency].Exponent) + "</v>"
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(content, []byte(want))
	}
	if !found {
		t.Errorf("no cell holds %s", want)
	}
}

func TestMonthsOfAPeriodAreWholeMonthsAndParts(t *testing.T) {
	date := ledger.MustDate
	for _, c := range []struct{ from, to, want string }{
		{"2026-10-01", "2026-10-31", "1"}, {"2026-08-16", "2026-10-31", "2+16/31"}, {"2026-02-10", "2026-02-11", "MAX(1,0+2/28)"},
		{"2026-09-16", "2026-10-30", "MAX(1,0+15/30+30/31)"},
	} {
		if got := monthsFormula(date(c.from), date(c.to)); got != c.want {
			t.Errorf("%s..%s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestLargeBookHasCustomersAsValues(t *testing.T) {
	defer func(visits int) { maxVisits = visits }(maxVisits)
	maxVisits = 0
	p := books.Trading()
	f, _ := open(t, p, "en")
	rows := rowsOf(t, f, "Customer figures")
	if want := words("en").Text("workbook.customers_values"); rows[0][0] != want {
		t.Errorf("the first row says %q, want %q", rows[0][0], want)
	}
	compareCustomers(t, p, rows[1:])
	if formula, _ := f.GetCellFormula("Customer figures", relative(customerColumns+1, 3)); formula != "" {
		t.Errorf("a customer's bucket is the formula %s", formula)
	}
	total := relative(customerColumns+1, 3+len(p.Customers))
	if formula, _ := f.GetCellFormula("Customer figures", total); formula == "" {
		t.Errorf("the total in %s is no formula", total)
	}
}

// 1,000 yen at 0.0482 are 48.20 yuan; 1.000 dinar at 23.18 is 23.18 yuan (rules §5).
func TestConversionBetweenExponents(t *testing.T) {
	b := &book{pack: &analysis.Pack{Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY"}, {Code: "KWD", Exponent: 3}}}}
	for _, c := range []struct {
		amount   ledger.Minor
		currency int32
		rate     ledger.Ratio
		want     ledger.Minor
	}{
		{1000, 1, ledger.Ratio{Num: 482, Den: 10_000}, 4820}, {-1, 1, ledger.Ratio{Num: 482, Den: 10_000}, -5}, {1, 1, ledger.Ratio{Num: 45, Den: 1000}, 5},
		{1000, 2, ledger.Ratio{Num: 2318, Den: 100}, 2318}, {1, 2, ledger.Ratio{Num: 5, Den: 1}, 1}, {-1, 2, ledger.Ratio{Num: 4, Den: 1}, 0},
		{3, 1, ledger.Ratio{Num: math.MaxInt64, Den: math.MaxInt64}, 300}, {3000, 2, ledger.Ratio{Num: math.MaxInt64, Den: math.MaxInt64}, 300},
		{25, 0, ledger.Ratio{Num: 1, Den: 1}, 25},
	} {
		if got := b.convert(c.amount, c.currency, c.rate); got != c.want {
			t.Errorf("%d of currency %d at %v: %d, want %d", c.amount, c.currency, c.rate, got, c.want)
		}
	}
}

func TestRatiosBecomeTheNearestNumber(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 100_000 {
		num, den := r.Int63()>>r.Intn(63), 1+r.Int63()>>r.Intn(63)
		ratio := big.NewRat(num*int64(1-2*r.Intn(2)), den)
		if want, _ := ratio.Float64(); nearest(ratio) != want {
			t.Fatalf("%s is %v, want %v", ratio, nearest(ratio), want)
		}
	}
}
