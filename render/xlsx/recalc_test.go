package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	books "duepack/render/internal/book"

	"github.com/xuri/excelize/v2"
)

// profile makes LibreOffice recalculate every formula when it loads a file.
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// trial is a workbook before and after LibreOffice recalculated it, and the
// pack it must show afterwards.
type trial struct {
	name   string
	before []byte
	after  *excelize.File
	want   *analysis.Pack
	edited bool
}

// trials makes all workbooks and recalculates them in one run of LibreOffice.
var trials = sync.OnceValues(func() ([]*trial, error) {
	list, err := makeTrials()
	if err != nil {
		return nil, err
	}
	return list, recalculate(list)
})

func recalculated(t *testing.T) []*trial {
	t.Helper()
	if _, err := exec.LookPath("soffice"); err != nil {
		if os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
			t.Fatal("soffice (LibreOffice) is not installed")
		}
		t.Skip("soffice (LibreOffice) is not installed: formulas are not recalculated")
	}
	list, err := trials()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func words(lang string) *render.Words {
	w, err := render.New(lang)
	if err != nil {
		panic(err)
	}
	return w
}

func makeTrials() ([]*trial, error) {
	var list []*trial
	add := func(name, lang string, p *analysis.Pack) error {
		out, err := workbookOf(p, words(lang), nil)
		list = append(list, &trial{name: name, before: out, want: p})
		return err
	}
	for name, p := range books.All() {
		if err := add(name, "en", p); err != nil {
			return nil, err
		}
	}
	if err := add("chinese", "zh-CN", books.Trading()); err != nil {
		return nil, err
	}
	// Every data sheet in pieces of 25 rows, as books of millions of rows need,
	// and cells that do not say where they stand.
	defer func(rows, bare int) { maxRows, bareRows = rows, bare }(maxRows, bareRows)
	maxRows, bareRows = 25, 10
	if err := add("split", "en", books.Years()); err != nil {
		return nil, err
	}
	maxRows, bareRows = 1<<20-1, 20_000
	for i, opt := range variants() {
		name := fmt.Sprintf("random-%d", i)
		l := randomLedger(int64(i))
		p, err := analysis.Build(l, opt)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := add(name, "en", p); err != nil {
			return nil, err
		}
		original := list[len(list)-1].before
		for what, changed := range changes(i, opt) {
			want, err := analysis.Build(l, changed.options)
			if err != nil {
				return nil, fmt.Errorf("%s %s changed: %w", name, what, err)
			}
			out, err := edit(original, changed.cells)
			if err != nil {
				return nil, err
			}
			list = append(list, &trial{name: name + "-" + what, before: out, want: want, edited: true})
		}
	}
	slices.SortFunc(list, func(x, y *trial) int { return strings.Compare(x.name, y.name) })
	return list, nil
}

// change is what a reader alters on Assumptions: the options that say the same,
// and the values by the names of their cells.
type change struct {
	options analysis.Options
	cells   map[string]string
}

func (c *change) margin() {
	c.cells["book_margin"] = "0.035"
	c.options.Margin = ledger.Ratio{Num: 7, Den: 200}
}

func (c *change) rates() {
	c.options.Rates = slices.Clone(c.options.Rates)
	for i := range c.options.Rates {
		c.options.Rates[i].Rate = ledger.Ratio{Num: int64(85 + 10*i), Den: 1000}
		c.cells["rate_"+strconv.Itoa(i+1)] = fmt.Sprintf("0.%03d", 85+10*i)
	}
}

// lossRate alters the rates of all buckets, or of one.
func (c *change) lossRates(buckets ...int) {
	c.options.LossRates = slices.Clone(c.options.LossRates)
	for i := range c.options.LossRates {
		if len(buckets) == 0 || slices.Contains(buckets, i) {
			c.options.LossRates[i] = ledger.Ratio{Num: int64(15 + 35*i), Den: 1000}
			c.cells["loss_rate_"+strconv.Itoa(i+1)] = fmt.Sprintf("0.%03d", 15+35*i)
		}
	}
}

// changes are the alterations of a random book: all at once, and of the first
// book each alone.
func changes(book int, opt analysis.Options) map[string]*change {
	list := map[string]*change{}
	add := func(what string, alter ...func(*change)) {
		c := &change{opt, map[string]string{}}
		for _, a := range alter {
			a(c)
		}
		list[what] = c
	}
	one := func(c *change) { c.lossRates(3) }
	add("all", (*change).margin, (*change).rates, func(c *change) { c.lossRates() })
	if book == 0 {
		add("margin", (*change).margin)
		add("rate", (*change).rates)
		add("loss-rate", one)
	}
	return list
}

// edit sets numbers in named cells of Assumptions, formulas untouched.
func edit(workbook []byte, edits map[string]string) ([]byte, error) {
	f, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cells := map[string]string{}
	for _, name := range f.GetDefinedName() {
		if value, ok := edits[name.Name]; ok {
			cells[strings.ReplaceAll(strings.TrimPrefix(name.RefersTo, "Assumptions!"), "$", "")] = value
		}
	}
	if len(cells) != len(edits) {
		return nil, fmt.Errorf("%d of %d names are defined", len(cells), len(edits))
	}
	index, err := f.GetSheetIndex("Assumptions")
	if err != nil {
		return nil, err
	}
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", index+1)
	return rewrite(workbook, part, func(xml string) (string, error) {
		for cell, value := range cells {
			before, rest, ok := strings.Cut(xml, `<c r="`+cell+`"`)
			if !ok {
				return "", fmt.Errorf("no cell %s", cell)
			}
			attributes, rest, _ := strings.Cut(rest, ">")
			_, rest, _ = strings.Cut(rest, "</c>")
			xml = before + `<c r="` + cell + `"` + attributes + "><v>" + value + "</v></c>" + rest
		}
		return xml, nil
	})
}

// rewrite changes one part of an archive.
func rewrite(archive []byte, part string, by func(string) (string, error)) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range in.File {
		r, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if file.Name == part {
			text, err := by(string(content))
			if err != nil {
				return nil, err
			}
			content = []byte(text)
		}
		entry, err := w.Create(file.Name)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(content); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

func recalculate(list []*trial) error {
	dir, err := os.MkdirTemp("", "duepack-recalc")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	user := filepath.Join(dir, "profile", "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(profile), 0o600); err != nil {
		return err
	}
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out")}
	for _, t := range list {
		file := filepath.Join(dir, t.name+".xlsx")
		if err := os.WriteFile(file, t.before, 0o600); err != nil {
			return err
		}
		args = append(args, file)
	}
	out, err := exec.Command("soffice", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("soffice: %w: %s", err, out)
	}
	for _, t := range list {
		if t.after, err = excelize.OpenFile(filepath.Join(dir, "out", t.name+".xlsx"), excelize.Options{RawCellValue: true}); err != nil {
			return fmt.Errorf("%w: soffice said %s", err, out)
		}
	}
	return nil
}

// sameCell compares two raw cells: texts exactly, numbers to twelve digits.
func sameCell(x, y string) bool {
	if x == y {
		return true
	}
	a, errA := strconv.ParseFloat(x, 64)
	b, errB := strconv.ParseFloat(y, 64)
	return errA == nil && errB == nil && math.Abs(a-b) <= 1e-12*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

func TestRecalculationWithoutAChangeChangesNoCell(t *testing.T) {
	for _, trial := range recalculated(t) {
		if trial.edited {
			continue
		}
		t.Run(trial.name, func(t *testing.T) {
			before, err := excelize.OpenReader(bytes.NewReader(trial.before), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, sheet := range before.GetSheetList() {
				compareSheets(t, sheet, rowsOf(t, before, sheet), rowsOf(t, trial.after, sheet))
			}
		})
	}
}

func rowsOf(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func compareSheets(t *testing.T, sheet string, before, after [][]string) {
	t.Helper()
	at := func(rows [][]string, row, col int) string {
		if row < len(rows) && col < len(rows[row]) {
			return rows[row][col]
		}
		return ""
	}
	wrong := 0
	for row := range max(len(before), len(after)) {
		for col := range 80 {
			if x, y := at(before, row, col), at(after, row, col); !sameCell(x, y) {
				if wrong++; wrong <= 5 {
					t.Errorf("%s!%s%d: %q became %q", sheet, letters(col+1), row+1, x, y)
				}
			}
		}
	}
}

// shownFigures reads the sheet Figures: value by id.
func shownFigures(t *testing.T, f *excelize.File) map[string]string {
	t.Helper()
	shown := map[string]string{}
	for _, row := range rowsOf(t, f, "Figures")[1:] {
		shown[row[0]] = row[2]
	}
	return shown
}

func TestAChangeOnAssumptionsRecalculatesThePack(t *testing.T) {
	for _, trial := range recalculated(t) {
		if !trial.edited {
			continue
		}
		t.Run(trial.name, func(t *testing.T) {
			comparePack(t, trial.want, shownFigures(t, trial.after))
			compareCustomers(t, trial.want, rowsOf(t, trial.after, "Customer figures"))
		})
	}
}

func TestAChangeOnAssumptionsReachesTheSheetsForReaders(t *testing.T) {
	w := words("en")
	for _, trial := range recalculated(t) {
		if !trial.edited {
			continue
		}
		out, err := workbookOf(trial.want, w, nil)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := excelize.OpenReader(bytes.NewReader(out), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		sheet := w.Text("section.baddebt")
		want, got := rowsOf(t, fresh, sheet), rowsOf(t, trial.after, sheet)
		compared := 0
		for i, row := range want {
			// From here on rows stand in the order of their amounts.
			if len(row) > 0 && row[0] == w.Text("table.extra_sales_reps") {
				break
			}
			for col := 1; col < len(row); col++ {
				if compared++; col >= len(got[i]) || !sameCell(got[i][col], row[col]) {
					t.Errorf("%s: %s: row %d is %q, want %q", trial.name, sheet, i+1, got[i], row)
				}
			}
		}
		if compared < 40 {
			t.Errorf("%s: %d cells of %s compared", trial.name, compared, sheet)
		}
	}
}

// TestAChangeChangesNothingElse holds every sheet whose rows stand in an order
// of their own against the workbook of a pack computed with the change.
func TestAChangeChangesNothingElse(t *testing.T) {
	w := words("en")
	sheets := []string{figuresSheet, openSheet}
	for _, key := range []string{"customers", "aging_list", "what_if", "journal", "checks", "lines", "applications", "costs", "months", "opening"} {
		sheets = append(sheets, w.Text("workbook.sheet."+key))
	}
	for _, trial := range recalculated(t) {
		if !trial.edited {
			continue
		}
		t.Run(trial.name, func(t *testing.T) {
			out, err := workbookOf(trial.want, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := excelize.OpenReader(bytes.NewReader(out), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, sheet := range sheets {
				compareSheets(t, sheet, rowsOf(t, fresh, sheet), rowsOf(t, trial.after, sheet))
			}
		})
	}
}

// comparePack compares every figure that Figures shows with the pack's.
func comparePack(t *testing.T, p *analysis.Pack, shown map[string]string) {
	t.Helper()
	subjects := []*analysis.Subject{&p.Company}
	for _, group := range [][]analysis.Subject{p.ByCurrency, p.Regions, p.Reps} {
		for i := range group {
			subjects = append(subjects, &group[i])
		}
	}
	seen := 0
	check := func(s *analysis.Subject, key string, v analysis.Value) {
		id := s.Path() + "/" + key
		got, ok := shown[id]
		if !ok {
			t.Errorf("%s is not on Figures", id)
		}
		seen++
		if want := cached(v, p.Currencies[s.Currency]); !sameCell(got, want) {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	for _, s := range subjects {
		for i := range p.Buckets {
			check(s, "aging/"+p.Buckets[i].ID, analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]})
		}
		for _, id := range analysis.Figures() {
			if s.Has(id) {
				check(s, id.Def().Key, s.Values[id])
			}
		}
	}
	if seen != len(shown) {
		t.Errorf("Figures shows %d figures, the pack has %d", len(shown), seen)
	}
}

// compareCustomers compares the sheet with the figures of every customer.
func compareCustomers(t *testing.T, p *analysis.Pack, rows [][]string) {
	t.Helper()
	for i := range p.Customers {
		s := &p.Customers[i]
		row := rows[i+1]
		for _, id := range analysis.Figures() {
			if !s.Has(id) {
				continue
			}
			got := ""
			if col := customerColumns + len(p.Buckets) + int(id); col < len(row) {
				got = row[col]
			}
			if want := cached(s.Values[id], p.Currencies[s.Currency]); !sameCell(got, want) {
				t.Errorf("%s/%s is %q, want %q", s.Path(), id.Def().Key, got, want)
			}
		}
	}
}
