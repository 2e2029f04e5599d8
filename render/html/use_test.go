package html_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	core "duepack/render"
	"duepack/render/internal/book"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// quoted is a text as JavaScript writes it.
func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// drawn counts the charts that are shown and those that have marks.
const drawn = `(function () {
  var boxes = Array.from(document.querySelectorAll('[data-chart]')).filter(function (b) { return !b.closest('[hidden]'); });
  return [boxes.length, boxes.filter(function (b) { return b.querySelectorAll('svg path[fill]:not([fill="none"])').length > 0; }).length];
})()`

func TestPageIsQuietAndDrawsItsCharts(t *testing.T) {
	for name, p := range book.All() {
		b := open(t, p, settings{})
		if counts := ask[[]int](b, drawn); counts[0] != counts[1] {
			t.Errorf("%s: charts and charts with marks: %v", name, counts)
		}
		if b.wider() {
			t.Errorf("%s: the page is wider than the screen", name)
		}
		b.picture(name)
	}
	b := open(t, book.Trading(), settings{hash: "#reps/R01"})
	if counts := ask[[]int](b, drawn); counts[0] != counts[1] {
		t.Errorf("a rep's view: charts and charts with marks: %v", counts)
	}
}

func TestPhoneScrollsTablesButNotThePage(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		b := open(t, book.Trading(), settings{lang: lang, width: 360})
		for _, anchor := range []string{"summary", "reps/R01", "customers/C001", "customers/C004"} {
			b.visit(anchor)
			if b.wider() {
				t.Errorf("%s: %s is wider than the screen", lang, anchor)
			}
			b.picture("phone " + lang + " " + strings.ReplaceAll(anchor, "/", "-"))
		}
		moved := ask[[]float64](b, `(function () {
		  var box = document.querySelector('.view:not([hidden]) .open .scroll');
		  var before = box.querySelector('tbody th').getBoundingClientRect().left;
		  box.scrollLeft = 120;
		  return [box.scrollLeft, box.querySelector('tbody th').getBoundingClientRect().left - before];
		})()`)
		if moved[0] < 120 || moved[1] != 0 {
			t.Errorf("%s: the table scrolled by %v and its first column by %v, want 120 and 0", lang, moved[0], moved[1])
		}
	}
}

// column returns the visible texts of a column of the list of customers.
func column(b *tab, n int) []string {
	b.t.Helper()
	return askOf[[]string](b, `Array.from(document.querySelectorAll('#customers tbody tr:not([hidden])')).map(function (r) { return r.cells[%d].textContent; })`, n)
}

// byFigure returns the ids of customers, the largest value of a figure first,
// those without it last, and equal ones as in the list before.
func byFigure(p *analysis.Pack, ids []string, id analysis.FigureID, down bool) []string {
	value := func(customer string) analysis.Value {
		for i := range p.Customers {
			if p.Customers[i].ID == customer {
				return p.Customers[i].Value(id)
			}
		}
		panic("no customer " + customer)
	}
	order := slices.Clone(ids)
	slices.SortStableFunc(order, func(x, y string) int {
		a, b := value(x), value(y)
		if a.IsAbsent() || b.IsAbsent() {
			return cmp.Compare(b2i(a.IsAbsent()), b2i(b.IsAbsent()))
		}
		c := cmp.Compare(a.Minor, b.Minor)
		if a.Ratio != nil {
			c = a.Ratio.Cmp(b.Ratio)
		}
		if down {
			return -c
		}
		return c
	})
	return order
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestTablesSortByTheValueNotByItsText(t *testing.T) {
	p := book.Trading()
	for _, lang := range []string{"en", "zh-CN"} { // negatives are written differently
		b := open(t, p, settings{lang: lang})
		before := column(b, 1)
		if len(before) != len(p.Customers) {
			t.Fatalf("%d customers are listed, want %d", len(before), len(p.Customers))
		}
		for _, c := range []struct {
			column int
			figure analysis.FigureID
		}{{3, analysis.Balance}, {4, analysis.Overdue}, {6, analysis.DaysLate}, {7, analysis.FinancingCost}} {
			head := fmt.Sprintf(`#customers thead th:nth-child(%d)`, c.column+1)
			b.do(chromedp.Focus(head + " button"))
			for _, step := range []struct {
				sort string
				want []string
			}{{"descending", byFigure(p, before, c.figure, true)}, {"ascending", byFigure(p, before, c.figure, false)}, {"", before}} {
				b.do(chromedp.KeyEvent(kb.Enter))
				if got := askOf[string](b, `document.querySelector(%s).getAttribute('aria-sort') || ''`, head); got != step.sort {
					t.Errorf("%s: aria-sort is %q, want %q", c.figure.Def().Key, got, step.sort)
				}
				if got := column(b, 1); !slices.Equal(got, step.want) {
					t.Errorf("%s: sorted by %s %s: %v, want %v", lang, c.figure.Def().Key, step.sort, got, step.want)
				}
			}
		}
	}
}

func TestSumsStayBelowWhatIsSorted(t *testing.T) {
	b := open(t, book.Trading(), settings{})
	last := `(function () {
	  var table = document.querySelector('table[data-sort] tfoot').closest('table');
	  table.querySelector('thead button').click();
	  return Array.from(table.tBodies[0].rows).every(function (r) { return !r.classList.contains('total'); }) && table.rows[table.rows.length - 1].classList.contains('total');
	})()`
	if !ask[bool](b, last) {
		t.Error("a total was sorted among the items")
	}
}

func TestLongTablesFilterAndPage(t *testing.T) {
	b := open(t, crowd(t, 60, 1, 1), settings{})
	status := func() string { return ask[string](b, `document.querySelector('#customers .status').textContent`) }
	check := func(what string, rows int, says string) {
		t.Helper()
		if got := len(column(b, 1)); got != rows || status() != says {
			t.Errorf("%s: %d rows, %q; want %d, %q", what, got, status(), rows, says)
		}
	}
	check("at first", 25, "1–25 of 60")
	b.press(`#customers .pager button:last-child`)
	check("next", 25, "26–50 of 60")
	b.press(`#customers .pager button:last-child`)
	check("last", 10, "51–60 of 60")
	for _, c := range []struct {
		size string
		rows int
	}{{"50", 50}, {"100", 60}, {"25", 25}, {"0", 60}} {
		askOf[bool](b, `(function (s) { s.value = %s; return s.dispatchEvent(new Event('change')); })(document.querySelector('#customers select'))`, c.size)
		check("page of "+c.size, c.rows, fmt.Sprintf("1–%d of 60", c.rows))
	}
	b.do(chromedp.SendKeys(`#customers .tools input`, "c0005"))
	check("filtered", 10, "1–10 of 10; sums are of all 60") // C00050 to C00059
	b.do(chromedp.SendKeys(`#customers .tools input`, " Customer 57"))
	check("two words", 1, "1–1 of 1; sums are of all 60")
}

// heading returns the title of the view that is shown, "" for the whole book.
func heading(b *tab) string {
	b.t.Helper()
	return ask[string](b, `(document.querySelector('.view:not([hidden]) h2') || { textContent: '' }).textContent`)
}

// find searches from the keyboard and follows the first result.
func find(b *tab, text string) {
	b.t.Helper()
	b.slash()
	askOf[bool](b, `(function (q) { q.value = %s; return q.dispatchEvent(new Event('input')); })(document.querySelector('dialog input'))`, text)
	if hits := ask[int](b, `document.querySelectorAll('[role=option]').length`); hits == 0 {
		b.t.Errorf("search for %q finds nothing", text)
		b.do(chromedp.KeyEvent(kb.Escape))
		return
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	if ask[bool](b, `document.querySelector('dialog').open`) {
		b.t.Errorf("search for %q: the dialog stays open", text)
	}
	// The address changes now, and the view in the task after.
	ask[bool](b, `new Promise(function (done) { setTimeout(function () { done(true); }, 50); })`)
}

func TestSearchLeadsToCustomersRepsDocumentsAndFigures(t *testing.T) {
	b := open(t, book.Trading(), settings{})
	for i, name := range book.HostileNames {
		find(b, core.Clean(name))
		if got := heading(b); got != core.Clean(name) {
			t.Errorf("search for customer %d leads to %q, want %q", i, got, core.Clean(name))
		}
	}
	find(b, "Ana & Co <i>")
	if got := ask[string](b, `location.hash`); got != "#reps/R01" {
		t.Errorf("search for a rep leads to %s", got)
	}
	find(b, "inv-04-08")
	if got := ask[string](b, `document.querySelector('tr.found').cells[0].textContent`); got != "INV-04-08" || heading(b) != book.HostileNames[3] {
		t.Errorf("search for a document leads to %s of %s", got, heading(b))
	}
	find(b, "days sales outstanding")
	if got := ask[string](b, `document.querySelector('.found').id`); got != "company/dso" || heading(b) != "" {
		t.Errorf("search for a figure leads to %s of %q", got, heading(b))
	}
}

func TestSearchIsUsedWithArrowsAndClosesWithEscape(t *testing.T) {
	b := open(t, book.Trading(), settings{})
	b.slash()
	b.do(chromedp.KeyEvent("inv-01"), chromedp.KeyEvent(kb.ArrowDown))
	got := ask[[]string](b, `[document.activeElement.getAttribute('role'), document.activeElement.value, document.activeElement.getAttribute('aria-activedescendant'), document.querySelector('[aria-selected=true]').id]`)
	if want := []string{"combobox", "inv-01", "hit-1", "hit-1"}; !slices.Equal(got, want) {
		t.Errorf("after / inv-01 and an arrow: %q, want %q", got, want)
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	if ask[bool](b, `document.querySelector('dialog').open`) {
		t.Error("Escape does not close the search")
	}
}

// 4,000.00 of the third invoice of customer 4 were paid on 20 October. It was
// issued on 8 March and due 30 days later, on 7 April, 196 days before.
func TestCustomerShowsWhatWasPaidOfADocument(t *testing.T) {
	l := book.Ledger()
	october := ledger.MustDate("2026-10-20")
	l.Entries = append(l.Entries, ledger.Entry{ID: ledgertest.ID("RC-Z"), Kind: ledger.Receipt, Customer: 3, Rep: ledger.None, Region: ledger.None, Posted: october, Issued: october,
		Amount: -400_000, Settles: ledgertest.ID("INV-04-03"), Pos: ledger.Pos{Row: int32(len(l.Entries) + 2)}})
	p, err := analysis.Build(l, book.Options())
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, p, settings{hash: "#customers/C004/document/INV-04-03"})
	b.press(`tr.found summary`)
	if got, want := ask[string](b, `document.querySelector('tr.found details[open] li').textContent`), "2026-10-20: 4,000.00 by Receipt RC-Z, 196 days late"; got != want {
		t.Errorf("the history is %q, want %q", got, want)
	}
}

// At the end of August a receipt of September is known.
func TestLaterPaymentsAreToldAsInformation(t *testing.T) {
	p := book.Plans()
	var paid *analysis.Item
	for i := range p.Detail.Open {
		if p.Detail.Open[i].LaterPaid != 0 {
			paid = &p.Detail.Open[i]
		}
	}
	b := open(t, p, settings{hash: "#" + p.Customers[paid.Customer].Path() + "/document/" + paid.ID})
	text := ask[string](b, `Array.from(document.querySelectorAll('tr.found li')).pop().textContent`)
	if !strings.Contains(text, "after 2026-08-31, which changes no figure here") {
		t.Errorf("the history ends with %q", text)
	}
}

func TestAddressLeadsToAFigureAndMarksIt(t *testing.T) {
	p := book.Trading()
	b := open(t, p, settings{})
	for _, c := range []struct{ anchor, found, view string }{
		{"company/dso", "company/dso", ""},
		{"company/aging/31-60", "company/aging/31-60", ""},
		{"regions/North/dso", "regions/North/dso", ""}, // folded
		{"reps/R01/contribution", "reps/R01/contribution", "reps/R01"},
		{"reps/R01/turnover", "reps/R01/turnover", "reps/R01"}, // folded
		{"customers/C003/overdue", "customers/C003/overdue", "customers/C003"},
		{"customers/C003", "", "customers/C003"},
		{"customers/C003/no_such_figure", "", "customers/C003"},
		{"reps", "", ""},
	} {
		b.visit(c.anchor)
		got := ask[string](b, `(document.querySelector('.found') || { id: '' }).id`)
		if view := ask[string](b, `(document.querySelector('.view:not([hidden])') || { id: '' }).id`); got != c.found || view != c.view {
			t.Errorf("%s leads to %q of %q, want %q of %q", c.anchor, got, view, c.found, c.view)
		}
		if c.found == "" {
			continue
		}
		if !askOf[bool](b, `(function (r) { return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight; })(document.getElementById(%s).getBoundingClientRect())`, c.found) {
			t.Errorf("%s is not on the screen", c.anchor)
		}
	}
}

func TestAddressLeadsToARowThatPagingHides(t *testing.T) {
	b := open(t, crowd(t, 300, 1, 1), settings{})
	hidden := ask[string](b, `document.querySelector('#customers tbody tr[id][hidden]').id`)
	b.visit(hidden)
	if !askOf[bool](b, `!document.getElementById(%s).hidden`, hidden) {
		t.Errorf("%s stays hidden", hidden)
	}
}

func TestContentsSayWhereOneIs(t *testing.T) {
	b := open(t, book.Trading(), settings{})
	for anchor, want := range map[string]string{"collection": "#collection", "reps/R02": "#reps/R02", "customers/C001": "#customers"} {
		b.visit(anchor)
		if got := ask[string](b, `document.querySelector('nav [aria-current]').hash`); got != want {
			t.Errorf("at %s the contents mark %s, want %s", anchor, got, want)
		}
	}
}

// contrasts returns the contrast of each text of the charts on the page's
// paper, by WCAG 2, least first; texts on bars and in tooltips aside.
const contrasts = `(function () {
  function channels(color) { return color.match(/[\d.]+/g).slice(0, 3).map(Number); }
  function luminance(color) {
    var c = channels(color).map(function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
  }
  var paper = luminance(getComputedStyle(document.body).backgroundColor);
  return Array.from(document.querySelectorAll('.book .canvas svg text')).map(function (text) {
    var l = luminance(getComputedStyle(text).fill);
    return (Math.max(l, paper) + 0.05) / (Math.min(l, paper) + 0.05);
  }).sort(function (a, b) { return a - b; });
})()`

func TestDarkFollowsTheSystemAndTheSwitch(t *testing.T) {
	b := open(t, book.Trading(), settings{dark: true})
	paper := `getComputedStyle(document.body).backgroundColor`
	const white = "rgb(255, 255, 255)"
	if got := ask[string](b, paper); got == white {
		t.Error("a dark system shows a white page")
	}
	if list := ask[[]float64](b, contrasts); len(list) < 20 || list[0] < 4.5 {
		t.Errorf("%d texts in dark charts, the least contrast is %.1f, want 4.5", len(list), list[0])
	}
	b.picture("dark")
	b.press(`.theme`) // automatic → light
	if got := ask[string](b, paper); got != white {
		t.Errorf("the switch to light leaves %s", got)
	}
	if list := ask[[]float64](b, contrasts); len(list) < 20 || list[0] < 4.5 {
		t.Errorf("%d texts in light charts, the least contrast is %.1f, want 4.5", len(list), list[0])
	}
	b.press(`.theme`) // → dark
	if got := ask[string](b, paper); got == white {
		t.Error("the switch to dark leaves the page white")
	}
}

func TestPageWithoutAScriptShowsEverything(t *testing.T) {
	b := open(t, book.Trading(), settings{noScript: true})
	// The debugger may still ask.
	hidden := ask[[]string](b, `Array.from(document.querySelectorAll('section, .table table')).filter(function (e) {
	  return !e.closest('details:not([open])') && e.getClientRects().length === 0;
	}).map(function (e) { return e.id || e.caption.textContent; })`)
	if len(hidden) > 0 {
		t.Errorf("not shown: %v", hidden)
	}
	if !ask[bool](b, `document.querySelector('noscript').textContent.length > 0 && document.querySelectorAll('button, input, select').length === 0`) {
		t.Error("controls that need the script stand on the page, or the note that charts are missing does not")
	}
}

func TestPrintedPageIsA4WithoutControls(t *testing.T) {
	for _, tool := range []string{"pdfinfo", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing(t, "the printed page was not looked at (install poppler-utils)")
		}
	}
	b := open(t, crowd(t, 60, 2, 1), settings{dark: true})
	printed, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "printed.pdf")
	if err := os.WriteFile(file, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := exec.Command("pdfinfo", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(info), "595.") && !strings.Contains(string(info), "594.") || !strings.Contains(string(info), "841.") && !strings.Contains(string(info), "842") {
		t.Errorf("the paper is not A4:\n%s", info)
	}
	out, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{"Meridian <Trading>", "Customer 59", "1–25 of 60", "Not due"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	for _, control := range []string{"Filter:", "Search", "Colours", "Numbers of this chart"} {
		if strings.Contains(text, control) {
			t.Errorf("%q is printed", control)
		}
	}
	if strings.Count(text, "\f") < 5 {
		t.Errorf("%d pages: sections do not begin a page", strings.Count(text, "\f"))
	}
	if got := ask[string](b, `getComputedStyle(document.body).backgroundColor`); got == "rgb(255, 255, 255)" {
		t.Error("the page stays white after printing")
	}
}
