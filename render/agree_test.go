// Package render_test holds the renderers against each other: whatever the
// format, a figure has one value.
package render_test

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	page "duepack/render/html"
	"duepack/render/internal/book"
	"duepack/render/json"
	"duepack/render/pdf"
	"duepack/render/xlsx"

	"github.com/xuri/excelize/v2"
	xhtml "golang.org/x/net/html"
)

// TestEveryFigureHasOneValueInEveryFormat reads every figure back out of
// pack.json, the page, the workbook and the PDF of each sample book, in both
// languages. pack.json is the yardstick: the others may show fewer decimals,
// never another number.
func TestEveryFigureHasOneValueInEveryFormat(t *testing.T) {
	for name, p := range book.All() {
		var data bytes.Buffer
		if err := json.Write(&data, p); err != nil {
			t.Fatal(err)
		}
		figures := readJSON(t, data.Bytes())
		for _, lang := range []string{"en", "zh-CN"} {
			w, err := render.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(name+"/"+lang+"/page", func(t *testing.T) { agreePage(t, p, w, figures) })
			t.Run(name+"/"+lang+"/workbook", func(t *testing.T) { agreeWorkbook(t, p, w, figures) })
			t.Run(name+"/"+lang+"/pdf", func(t *testing.T) { agreePDF(t, p, w, figures) })
		}
	}
}

// readJSON returns the figures of pack.json by id; an absent one is "".
func readJSON(t *testing.T, data []byte) map[string]string {
	t.Helper()
	var pack map[string]any
	decoder := stdjson.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&pack); err != nil {
		t.Fatal(err)
	}
	figures := map[string]string{}
	add := func(path string, subject map[string]any) {
		for key, value := range subject {
			switch value := value.(type) {
			case map[string]any:
				for bucket, amount := range value {
					figures[path+"/"+key+"/"+bucket] = fmt.Sprint(amount)
				}
			case nil:
				figures[path+"/"+key] = ""
			default:
				if key != "id" && key != "name" {
					figures[path+"/"+key] = fmt.Sprint(value)
				}
			}
		}
	}
	add("company", pack["company"].(map[string]any))
	for _, path := range []string{"by_currency", "regions", "reps", "customers"} {
		for _, one := range pack[path].([]any) {
			subject := one.(map[string]any)
			add(path+"/"+subject["id"].(string), subject)
		}
	}
	return figures
}

// shownOnPage returns what the page shows under each id: the text of a cell,
// or the first part of the first value in a list of figures.
func shownOnPage(t *testing.T, data []byte) map[string]string {
	root, err := xhtml.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	for node := range root.Descendants() {
		for _, a := range node.Attr {
			if a.Key != "id" {
				continue
			}
			shownIn := node
			if node.Data == "div" {
				shownIn = first(node, "b")
			}
			if shownIn != nil && (node.Data == "div" || node.Data == "td" || node.Data == "th") {
				shown[a.Val] = strings.TrimSpace(textOf(shownIn))
			}
		}
	}
	return shown
}

func first(node *xhtml.Node, element string) *xhtml.Node {
	for below := range node.Descendants() {
		if below.Type == xhtml.ElementNode && below.Data == element {
			return below
		}
	}
	return nil
}

func textOf(node *xhtml.Node) string {
	text := ""
	for below := range node.Descendants() {
		if below.Type == xhtml.TextNode {
			text += below.Data
		}
	}
	return text
}

func agreePage(t *testing.T, p *analysis.Pack, w *render.Words, figures map[string]string) {
	data, err := page.Pack(p, w)
	if err != nil {
		t.Fatal(err)
	}
	shown := shownOnPage(t, data)
	for id, want := range figures {
		text, ok := shown[id]
		if !ok {
			if !strings.HasPrefix(id, "customers/") { // the page lists the largest customers only
				t.Errorf("%s has no place on the page", id)
			}
			continue
		}
		if why := disagree(want, text); why != "" {
			t.Errorf("%s: %s", id, why)
		}
	}
	if len(figures) == 0 {
		t.Error("pack.json has no figures")
	}
}

// disagree says how a text on a page differs from a value of pack.json. The
// text may be a percentage and may have fewer decimals: then it is the value
// rounded half away from zero to them. pack.json is itself rounded, so one unit
// of its last decimal is allowed to tip that rounding.
func disagree(want, text string) string {
	if want == "" || text == "–" {
		if want == "" && text == "–" {
			return ""
		}
		return fmt.Sprintf("pack.json has %q, shown is %q", want, text)
	}
	exact, ok := new(big.Rat).SetString(want)
	if !ok {
		return fmt.Sprintf("%q in pack.json is not a number", want)
	}
	digits := strings.NewReplacer(",", "", "−", "-", "(", "-", ")", "", "%", "").Replace(text)
	got, ok := new(big.Rat).SetString(digits)
	if !ok {
		return fmt.Sprintf("%q is not a number (pack.json: %s)", text, want)
	}
	tolerance := last(want)
	if strings.HasSuffix(text, "%") && last(want).Cmp(big.NewRat(1, 10_000)) == 0 { // a share, not a number that is × 100 already
		exact.Mul(exact, big.NewRat(100, 1))
		tolerance.Mul(tolerance, big.NewRat(100, 1))
	}
	if last(digits).Cmp(tolerance) <= 0 { // all decimals are shown
		if got.Cmp(exact) != 0 {
			return fmt.Sprintf("pack.json has %s, shown is %s", want, text)
		}
		return ""
	}
	half := new(big.Rat).Quo(last(digits), big.NewRat(2, 1))
	half.Add(half, new(big.Rat).Quo(tolerance, big.NewRat(2, 1)))
	if off := new(big.Rat).Sub(got, exact); off.Abs(off).Cmp(half) > 0 {
		return fmt.Sprintf("pack.json has %s, shown is %s", want, text)
	}
	return ""
}

// last returns the unit of the last decimal of a number.
func last(number string) *big.Rat {
	_, decimals, _ := strings.Cut(number, ".")
	return new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(decimals))), nil))
}

// agreeWorkbook compares the cached results on the sheets of figures, which
// viewers that do not recalculate show. They are exact, so they round to what
// pack.json has.
func agreeWorkbook(t *testing.T, p *analysis.Pack, w *render.Words, figures map[string]string) {
	var data bytes.Buffer
	if err := xlsx.Write(&data, p, w, render.Problems{}); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&data)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows("Figures", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	cached := map[string]string{}
	for _, row := range rows[1:] {
		cached[row[0]] = row[2]
	}
	if len(p.Customers) > 0 {
		rows, err := file.GetRows(w.Text("workbook.sheet.customers"), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		cachedCustomers(p, rows, cached)
	}
	for id, want := range figures {
		got, ok := cached[id]
		switch {
		case !ok:
			t.Errorf("%s is not in the workbook", id)
		case want == "" || got == "" || got == "–":
			if want != "" || got != "" && got != "–" {
				t.Errorf("%s: pack.json has %q, the workbook %q", id, want, got)
			}
		default:
			value, ok := new(big.Rat).SetString(got)
			exact, _ := new(big.Rat).SetString(want)
			if !ok {
				t.Errorf("%s: the workbook has %q", id, got)
				continue
			}
			// Half of the last decimal, and a hair for the float of the cell.
			bound := new(big.Rat).Quo(last(want), big.NewRat(2, 1))
			bound.Add(bound, big.NewRat(1, 1_000_000))
			if off := value.Sub(value, exact); off.Abs(off).Cmp(bound) > 0 {
				t.Errorf("%s: pack.json has %s, the workbook %s", id, want, got)
			}
		}
	}
}

// cachedCustomers reads the sheet of customers: one per row below the head, the
// buckets and figures from the sixth column on.
func cachedCustomers(p *analysis.Pack, rows [][]string, cached map[string]string) {
	for i := range p.Customers {
		path, row, col := p.Customers[i].Path(), rows[i+1], 5
		next := func() string {
			if col++; col > len(row) {
				return "" // empty cells end a row early
			}
			return row[col-1]
		}
		for j := range p.Buckets {
			cached[path+"/aging/"+p.Buckets[j].ID] = next()
		}
		for _, id := range analysis.Figures() {
			if !id.Def().RepOnly {
				cached[path+"/"+id.Def().Key] = next()
			}
		}
	}
}

// agreePDF looks for every figure of the figure blocks and tables of the pack
// in the text of pack.pdf: to the cent, in whole units, or in thousands.
func agreePDF(t *testing.T, p *analysis.Pack, w *render.Words, figures map[string]string) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil && os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("skipped: pdftotext is not installed: the text of the PDF is not compared")
	}
	data, err := pdf.Pack(p, w)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, word := range strings.Fields(string(out)) {
		words[word] = true
	}
	shown := 0
	for _, section := range p.Sections {
		for _, id := range figureIDs(p, &section) {
			value, subject, ok := p.Find(id)
			want, known := figures[id]
			if !ok || !known {
				t.Errorf("section %s shows %s, which pack.json lacks", section.ID, id)
				continue
			}
			currency := p.Currencies[subject.Currency]
			text := w.Value(value, currency)
			if why := disagree(want, text); why != "" {
				t.Errorf("%s: %s", id, why)
			}
			thousand, _ := w.Thousands(currency)
			if whole := w.Rounded(value, currency, 1); !words[text] && !words[whole] && !words[w.Rounded(value, currency, thousand)] {
				t.Errorf("%s: the PDF nowhere has %s or %s", id, text, whole)
			}
			shown++
		}
	}
	if shown == 0 {
		t.Error("the PDF shows no figure")
	}
}

// figureIDs lists the figures that a section shows to readers of pack.pdf.
func figureIDs(p *analysis.Pack, s *analysis.Section) []string {
	var ids []string
	for _, b := range s.Blocks {
		if s.Depth == analysis.InFull || b.Depth == analysis.InFull {
			continue
		}
		if b.Figures != nil {
			for _, id := range b.Figures.IDs {
				ids = append(ids, b.Figures.Subject+"/"+id.Def().Key)
			}
			for _, tile := range b.Figures.Tiles {
				if tile.Value.Figure != "" {
					ids = append(ids, tile.Value.Figure)
				}
			}
		}
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row.Cells {
				if c.Figure != "" {
					ids = append(ids, c.Figure)
				}
			}
		}
	}
	return ids
}

func TestOnlyRoundingMayTellTwoFormatsApart(t *testing.T) {
	for _, c := range []struct {
		json, text string
		agree      bool
	}{
		{"0.1234", "12.3%", true}, {"0.1234", "12.4%", false}, {"0.1250", "12.5%", true}, {"0.1250", "0.1%", false},
		{"63.93", "63.9%", true}, {"63.93", "64.0%", false}, {"5.2854", "5.29", true}, {"5.2854", "5.28", false},
		{"-12.50", "(12.50)", true}, {"-12.50", "−12.50", true}, {"-12.50", "12.50", false}, {"1234.50", "1,234.50", true}, {"1234.50", "1,234.5", true},
		{"1234.50", "1,234.51", false}, {"66.3", "66.3", true}, {"66.3", "66.4", false}, {"", "–", true}, {"", "0.00", false}, {"0.00", "–", false}, {"133", "134", false},
	} {
		if why := disagree(c.json, c.text); (why == "") != c.agree {
			t.Errorf("%q and %q: agree %v, want %v (%s)", c.json, c.text, why == "", c.agree, why)
		}
	}
}
