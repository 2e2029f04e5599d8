package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render/internal/book"
)

// uncompressed returns the streams of a file that inflate, one after another.
func uncompressed(t *testing.T, file []byte) string {
	t.Helper()
	var out strings.Builder
	for _, part := range bytes.Split(file, []byte("stream\n")) {
		if inflater, err := zlib.NewReader(bytes.NewReader(part)); err == nil {
			content, _ := io.ReadAll(inflater)
			out.Write(content)
		}
	}
	return out.String()
}

// tool finds a program of poppler. Without it the test is skipped, or fails
// where DUEPACK_REQUIRE_TOOLS=1 says that it must be there.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
		t.Fatalf("%s (poppler-utils) is missing and DUEPACK_REQUIRE_TOOLS=1", name)
	}
	if err != nil {
		t.Skipf("skipped: %s (poppler-utils) is not installed", name)
	}
	return path
}

// run runs a tool on a file and returns what it printed; a complaint of the
// tool fails the test.
func run(t *testing.T, name string, file []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(tool(t, name), append(args, path)...)
	if strings.HasPrefix(name, "pdftotext") {
		command.Args = append(command.Args, "-")
	}
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	if err := command.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("%s: %v\n%s", name, err, complaints.String())
	}
	return out.String()
}

// withoutCharts leaves the charts out, which take most of the time, for tests
// of everything else.
func withoutCharts(p *analysis.Pack) *analysis.Pack {
	for i := range p.Sections {
		p.Sections[i].Blocks = slices.DeleteFunc(p.Sections[i].Blocks, func(b analysis.Block) bool { return b.Chart != nil })
	}
	return p
}

// laidOut lays a whole pack out in a language.
func laidOut(t *testing.T, p *analysis.Pack, lang string) *document {
	t.Helper()
	w := words(t, lang)
	d, err := packDocument(p, w)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// placed is a text with the rectangle it covers on its strip.
type placed struct {
	*textMark
	left, right, top, bottom float64
}

func placedTexts(t *testing.T, marks []mark) []placed {
	t.Helper()
	fonts := twoFaces(t)
	var out []placed
	texts(marks, func(m *textMark) {
		if m.Degrees != 0 || strings.TrimSpace(m.Text) == "" {
			return
		}
		size := m.SizePt * mmPerPoint
		width := fonts[weightIndex(m.Bold)].width(m.Text, m.SizePt) + float64(len([]rune(m.Text)))*m.TrackPt*mmPerPoint
		out = append(out, placed{m, m.At.X, m.At.X + width, m.At.Y - 0.7*size, m.At.Y + 0.05*size})
	})
	return out
}

// books are the books that a page must stand: of one customer, with hostile
// names and enormous amounts, and of 5,000 customers and 50 reps.
func books(t *testing.T) map[string]*analysis.Pack {
	t.Helper()
	return map[string]*analysis.Pack{
		"one customer":    fixture(t, fixtureBook(1, 1, 7)),
		"hostile names":   fixture(t, fixtureBook(20, 3, 100)),
		"enormous":        fixture(t, fixtureBook(20, 3, 50_000_000)),
		"5,000 customers": fixture(t, fixtureBook(5_000, 50, 1_000)),
		"nothing":         fixture(t, &ledger.Ledger{Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}}}),
	}
}

// Issue 4: A4, 6–12 pages for any book, nothing clipped or overlapping at any
// length of name, in both languages. Every text is within its box, within its
// strip, and apart from the other texts.
func TestEveryBookFitsItsPages(t *testing.T) {
	for name, p := range books(t) {
		langs := []string{"en"}
		if name == "hostile names" || name == "one customer" {
			langs = append(langs, "zh-CN")
		}
		for _, lang := range langs {
			d := laidOut(t, p, lang)
			if len(d.sheets) < 6 || len(d.sheets) > 12 {
				t.Errorf("%s, %s: %d pages", name, lang, len(d.sheets))
			}
			for number, s := range d.sheets {
				for _, part := range s.Strips {
					checkStrip(t, fmt.Sprintf("%s %s page %d", name, lang, number+1), part)
				}
			}
		}
	}
}

// The file of a rep shows every cent and flows over as many pages as it takes.
func TestEveryTextOfARepFileStaysInItsBox(t *testing.T) {
	for _, factor := range []ledger.Minor{1, 50_000_000} {
		p := fixture(t, fixtureBook(40, 2, factor))
		for _, lang := range []string{"en", "zh-CN"} {
			d, err := repDocument(p, &p.Reps[1], words(t, lang))
			if err != nil {
				t.Fatal(err)
			}
			for number, s := range d.sheets {
				for _, part := range s.Strips {
					checkStrip(t, fmt.Sprintf("×%d %s page %d", factor, lang, number+1), part)
				}
			}
		}
	}
}

// No page holds a sentence alone, of a list of open items, of one customer, of
// nothing: each is filled to a third at least.
func TestNoPageIsAllButEmpty(t *testing.T) {
	packs := map[string]*analysis.Pack{"snapshot": book.Snapshot(), "one customer": fixture(t, fixtureBook(1, 1, 7))}
	for _, name := range []string{"snapshot without a row", "one line", "empty"} {
		packs[name] = book.Degenerate()[name]
	}
	for name, p := range packs {
		for _, lang := range []string{"en", "zh-CN"} {
			for i, s := range laidOut(t, p, lang).sheets {
				content := s.Strips[1 : len(s.Strips)-2] // between the head, and white space and the foot
				if filled := height(content) / fullPage; filled < 1.0/3 {
					t.Errorf("%s, %s: page %d is filled to %.0f %%", name, lang, i+1, 100*filled)
				}
			}
		}
	}
}

// A section has a page of its own unless it is short, and none is torn: the
// pages of a pack are the sections of it, in their order, each once.
func TestSectionsAreNotTorn(t *testing.T) {
	p := fixture(t, fixtureBook(300, 9, 1000))
	var want, got []string
	for i := range p.Sections {
		if s := &p.Sections[i]; s.Depth != analysis.InFull && s.Subject == "" {
			want = append(want, placeOf(s))
		}
	}
	sheets := laidOut(t, p, "en").sheets
	for i, s := range sheets {
		here := 0
		for _, part := range s.Strips {
			for _, m := range part.Marks {
				if a, ok := m.(*anchor); ok {
					here++
					if strings.HasPrefix(a.Name, "section:") {
						got = append(got, a.Name)
					}
				}
			}
		}
		if here == 0 && i < len(sheets)-1 {
			t.Errorf("page %d begins no section", i+1)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("sections %v, want %v", got, want)
	}
}

// Of more reps than have room, those with most overdue have a page, and the
// first page says where the others are.
func TestRepsWithMostOverdueHaveAPage(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(120, 30, 1)))
	w := words(t, "en")
	sheets := laidOut(t, p, "en").sheets
	pages := map[string]bool{}
	first := ""
	for i, s := range sheets {
		for _, part := range s.Strips {
			texts(part.Marks, func(m *textMark) {
				if i == 0 {
					first += m.Text + " "
				}
			})
			for _, m := range part.Marks {
				if a, ok := m.(*anchor); ok {
					pages[a.Name] = true
				}
			}
		}
	}
	lowest, highest := ledger.Minor(0), ledger.Minor(0)
	for i := range p.Reps {
		overdue := p.Reps[i].Value(analysis.Overdue).Minor
		if has := pages[p.Reps[i].Path()]; has && (lowest == 0 || overdue < lowest) {
			lowest = overdue
		} else if !has {
			highest = max(highest, overdue)
		}
	}
	if lowest == 0 || lowest < highest {
		t.Errorf("a rep with %d overdue has a page, one with %d has none", lowest, highest)
	}
	if want := w.Text("pack.reps_apart", "30"); !strings.Contains(first, want) {
		t.Errorf("the first page does not say %q", want)
	}
}

// cutNumber matches a number with its end missing: it reads as another number.
var cutNumber = regexp.MustCompile(`^[(−]?[0-9][0-9,.]*…$`)

func checkStrip(t *testing.T, where string, s *strip) {
	t.Helper()
	const hair = 0.06
	all := placedTexts(t, s.Marks)
	for i, a := range all {
		if cutNumber.MatchString(a.Text) {
			t.Errorf("%s: a number is cut: %q", where, a.Text)
		}
		if a.SizePt < finePt-0.01 {
			t.Errorf("%s: %q is %g points high", where, a.Text, a.SizePt)
		}
		if a.right-a.left > a.Box+hair || a.left < -hair || a.right > textWidth+hair || a.top < -hair || a.bottom > s.Height+hair {
			t.Errorf("%s: %q leaves its box: x %.2f–%.2f (box %.2f), y %.2f–%.2f of %.2f", where, a.Text, a.left, a.right, a.Box, a.top, a.bottom, s.Height)
		}
		for _, b := range all[i+1:] {
			if a.left < b.right-hair && b.left < a.right-hair && a.top < b.bottom-hair && b.top < a.bottom-hair {
				t.Errorf("%s: %q lies on %q", where, a.Text, b.Text)
			}
		}
	}
}

// Pages are full but not over-full, so that maroto turns none on its own.
func TestSheetsFillThePage(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(30, 9, 10)))
	for i, s := range laidOut(t, p, "en").sheets {
		sum := 0.0
		for _, part := range s.Strips {
			if part.Height < 0 {
				t.Errorf("page %d: a strip is %.2f high", i+1, part.Height)
			}
			sum += part.Height
		}
		if sum > bodyHeight+1e-6 || sum < bodyHeight-1e-6 {
			t.Errorf("page %d is %.4f mm high, want %.4f", i+1, sum, bodyHeight)
		}
	}
}

// Rules §4: the aging rule is printed on every page that shows buckets.
func TestAgingRuleStandsWhereBucketsAre(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(20, 3, 1)))
	w := words(t, "en")
	rule := w.AgingRule(p)[:30]
	label := w.BucketID(p, "91-120")
	for i, s := range laidOut(t, p, "en").sheets {
		foot, shown := false, false
		for j, part := range s.Strips {
			texts(part.Marks, func(m *textMark) {
				foot = foot || j == len(s.Strips)-1 && strings.HasPrefix(m.Text, rule)
				shown = shown || m.Text == label
			})
		}
		if shown && !foot {
			t.Errorf("page %d shows buckets and not the aging rule", i+1)
		}
	}
}

// shownTexts are the texts of a document.
func shownTexts(d *document) map[string]bool {
	shown := map[string]bool{}
	for _, s := range d.sheets {
		for _, part := range s.Strips {
			texts(part.Marks, func(m *textMark) { shown[m.Text] = true })
		}
	}
	return shown
}

// Every figure of a block stands in pack.pdf in whole units, rounded half away
// from zero, and in the file of the rep to the cent.
func TestEveryFigureOfABlockIsShown(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(6, 2, 100)))
	for _, lang := range []string{"en", "zh-CN"} {
		w := words(t, lang)
		brief := shownTexts(laidOut(t, p, lang))
		for i := range p.Sections {
			s := &p.Sections[i]
			full := map[string]bool{}
			if subject := findSubject(p, s.Subject); s.Subject != "" {
				d, err := repDocument(p, subject, w)
				if err != nil {
					t.Fatal(err)
				}
				full = shownTexts(d)
			}
			for _, b := range s.Blocks {
				if b.Figures == nil {
					continue
				}
				subject := findSubject(p, b.Figures.Subject)
				for _, id := range b.Figures.IDs {
					value, currency := subject.Value(id), p.Currencies[subject.Currency]
					if text := w.Rounded(value, currency, 1); s.Depth != analysis.InFull && b.Depth != analysis.InFull && !brief[text] {
						t.Errorf("%s: %s/%s is %s and not in pack.pdf", lang, subject.Path(), id.Def().Key, text)
					}
					if text := w.Value(value, currency); s.Subject != "" && b.Depth != analysis.InBrief && !full[text] {
						t.Errorf("%s: %s/%s is %s and not in the rep's file", lang, subject.Path(), id.Def().Key, text)
					}
				}
			}
		}
	}
}

// A book of small amounts keeps its cents.
func TestSmallBooksKeepTheirCents(t *testing.T) {
	if p := fixture(t, fixtureBook(1, 1, 1)); largeBook(p) != (p.Company.Value(analysis.Balance).Minor >= 10_000_00) {
		t.Error("a book is large from 10,000 units on")
	}
	p := fixture(t, fixtureBook(1, 1, 1))
	for _, id := range []analysis.FigureID{analysis.Balance, analysis.Sales, analysis.Receipts} {
		p.Company.Values[id] = analysis.Value{Unit: analysis.Money, Minor: 9_999_99}
	}
	if largeBook(p) {
		t.Error("9,999.99 is large")
	}
	p.Company.Values[analysis.Receipts].Minor = -10_000_00
	if !largeBook(p) {
		t.Error("receipts of −10,000.00 are not large")
	}
}

func TestNoWordingIsMissing(t *testing.T) {
	p := fixture(t, fixtureBook(6, 2, 1))
	missing := regexp.MustCompile(`^\[[a-z_.]+\]`)
	for _, lang := range []string{"en", "zh-CN"} {
		for _, s := range laidOut(t, p, lang).sheets {
			for _, part := range s.Strips {
				texts(part.Marks, func(m *textMark) {
					if missing.MatchString(m.Text) {
						t.Errorf("%s: no wording for %s", lang, m.Text)
					}
				})
			}
		}
	}
}

// contract.md: same input, same bytes; also side by side, as the writer calls.
func TestSameBytesTwiceAndSideBySide(t *testing.T) {
	p := fixture(t, fixtureBook(8, 3, 7))
	w := words(t, "zh-CN")
	first, err := Pack(p, w)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := Rep(p, 1, w)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			if again, err := Pack(p, w); err != nil || !bytes.Equal(first, again) {
				t.Errorf("another pack.pdf: %v", err)
			}
		})
		running.Go(func() {
			if again, err := Rep(p, 1, w); err != nil || !bytes.Equal(rep, again) {
				t.Errorf("another rep file: %v", err)
			}
		})
	}
	running.Wait()
}

// Issue 4: under 1 MB for any book.
func TestPackOfALargeBookIsSmall(t *testing.T) {
	file, err := Pack(fixture(t, fixtureBook(300, 90, 1000)), words(t, "zh-CN"))
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > 1<<20 {
		t.Errorf("pack.pdf has %d bytes", len(file))
	}
}

// Issue 6: a rep's file holds nothing of another rep.
func TestRepFileHoldsOnlyThatRep(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(20, 4, 3)))
	w := words(t, "en")
	for own := range p.Reps {
		var shown []string
		laid, err := repDocument(p, &p.Reps[own], w)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range laid.sheets {
			for _, part := range s.Strips {
				texts(part.Marks, func(m *textMark) { shown = append(shown, m.Text) })
			}
		}
		if len(laid.sheets[0].Strips) < 15 {
			t.Errorf("file of %s: only %d strips on the first page", p.Reps[own].ID, len(laid.sheets[0].Strips))
		}
		text := strings.Join(shown, "\n")
		for other := range p.Reps {
			balance := w.Value(p.Reps[other].Value(analysis.Balance), p.BookCurrency())
			if has := strings.Contains(text, p.Reps[other].Name); has != (own == other) {
				t.Errorf("file of %s: name of %s shown %v", p.Reps[own].ID, p.Reps[other].ID, has)
			}
			if has := strings.Contains(text, balance); has != (own == other) {
				t.Errorf("file of %s: balance of %s shown %v", p.Reps[own].ID, p.Reps[other].ID, has)
			}
		}
	}
	for _, rep := range []int{-1, len(p.Reps)} {
		if _, err := Rep(p, rep, w); err == nil {
			t.Errorf("rep %d is no error", rep)
		}
	}
}

func TestBrokenPackIsAnErrorAndNoPanic(t *testing.T) {
	w := words(t, "en")
	for name, b := range map[string]analysis.Block{
		"a chart with a value too many": {Chart: &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}}, Series: []analysis.Series{{Key: "open"}}}},
		"figures of nobody":             {Figures: &analysis.FigureBlock{Subject: "reps/none", IDs: []analysis.FigureID{analysis.Balance}}},
	} {
		p := fixture(t, fixtureBook(2, 1, 1))
		p.Sections = []analysis.Section{{ID: "summary", Blocks: []analysis.Block{b}}}
		if _, err := Pack(p, w); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

// Books without anything to show still give a document.
func TestEmptyBlocksAndBooksAreDrawn(t *testing.T) {
	w := words(t, "en")
	p := fixture(t, &ledger.Ledger{Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}}})
	p.Sections = append(p.Sections, analysis.Section{ID: "aging"}, analysis.Section{ID: "aging", Blocks: []analysis.Block{
		{}, {Table: &analysis.Table{ID: "aging"}}, {Chart: &analysis.Chart{ID: "aging", Kind: analysis.BarChart}},
		{Table: &analysis.Table{ID: "aging", Columns: []analysis.Column{{Key: "bucket"}, {Key: "amount", Right: true}}, Rows: []analysis.Row{{}, {Cells: []analysis.Cell{{Text: "x"}}}}}}}})
	if _, err := Pack(p, w); err != nil {
		t.Error(err)
	}
}

// What a reader's program makes of the file: no complaint, text where it
// belongs, Chinese as Chinese, names as they are.
func TestReadersSeeTheText(t *testing.T) {
	p := fixture(t, fixtureBook(len(hostileNames), 2, 100))
	for _, lang := range []string{"en", "zh-CN"} {
		file, err := Pack(p, words(t, lang))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(run(t, "pdftotext", file, "-layout")), " ")
		for _, want := range []string{"恒达国际贸易（上海）有限公司", "Northwind Traders Ltd.", "Line break and tab Ltd", `=HYPERLINK("http://x")`, "__f__alert(1)__f__", "子午线贸易", "CNY"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the text", lang, want)
			}
		}
		if lang == "zh-CN" && !(strings.Contains(text, "账龄") && strings.Contains(text, "逾期") && strings.Contains(text, "坏账")) {
			t.Error("the Chinese wording is not in the text")
		}
		inMargins(t, lang, run(t, "pdftotext", file, "-bbox"))
		info := run(t, "pdfinfo", file)
		if !strings.Contains(info, "Meridian Trading 子午线贸易") || !strings.Contains(info, "A4") {
			t.Errorf("%s: pdfinfo says\n%s", lang, info)
		}
		if fonts := run(t, "pdffonts", file); strings.Count(fonts, " yes yes yes ") != 2 {
			t.Errorf("%s: not two embedded faces with a map to Unicode:\n%s", lang, fonts)
		}
	}
}

var bboxWord = regexp.MustCompile(`<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">(.*)</word>`)

// inMargins checks the words of pdftotext -bbox, in points.
func inMargins(t *testing.T, lang, bbox string) {
	t.Helper()
	all := bboxWord.FindAllStringSubmatch(bbox, -1)
	if len(all) < 500 {
		t.Errorf("%s: only %d words", lang, len(all))
	}
	const hair = 1.0
	for _, word := range all {
		at := [4]float64{}
		for i := range at {
			at[i], _ = strconv.ParseFloat(word[i+1], 64)
		}
		if at[0] < marginX/mmPerPoint-hair || at[2] > (sheetWidth-marginX)/mmPerPoint+hair || at[1] < 0 || at[3] > sheetHeight/mmPerPoint {
			t.Errorf("%s: %q at %v leaves the page's margins", lang, word[5], at)
		}
	}
}

// Sections are bookmarks, and the first page leads to every one of them.
func TestSectionsAreBookmarksAndLinks(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(6, 2, 1)))
	sheets := laidOut(t, p, "en").sheets
	leads := map[string]bool{}
	for _, part := range sheets[0].Strips {
		for _, m := range part.Marks {
			if a, ok := m.(*area); ok {
				leads[a.To] = true
			}
		}
	}
	sections := 0
	for i := range p.Sections {
		if s := &p.Sections[i]; s.Depth != analysis.InFull {
			if sections++; sections > 1 && !leads[placeOf(s)] {
				t.Errorf("the first page does not lead to %s", placeOf(s))
			}
		}
	}
	file, err := Pack(p, words(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(file, []byte("<</Title (")); got != sections {
		t.Errorf("%d bookmarks for %d sections", got, sections)
	}
	if bytes.Contains(file, []byte("/Dest [1 0 R")) {
		t.Error("a link leads nowhere")
	}
}

// A tile leads to the section that has more about its figure.
func TestTilesLeadToTheirSection(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(6, 2, 1)))
	cost := p.Company.Value(analysis.FinancingCost)
	tile := analysis.Tile{Key: "tile.financing_cost", Value: analysis.Cell{Value: &cost, Figure: "company/financing_cost"}}
	p.Sections = []analysis.Section{
		{ID: "summary", Blocks: []analysis.Block{{Figures: &analysis.FigureBlock{Subject: "company", Tiles: []analysis.Tile{tile}}}}},
		{ID: "aging"},
		{ID: "financing", Blocks: []analysis.Block{{Figures: &analysis.FigureBlock{Subject: "company", IDs: []analysis.FigureID{analysis.FinancingCost}}}}},
	}
	for _, part := range laidOut(t, p, "en").sheets[0].Strips {
		for _, m := range part.Marks {
			if a, ok := m.(*area); ok && a.To == "section:financing" && a.H > 15 {
				return
			}
		}
	}
	t.Error("the tile leads nowhere")
}

// A reader learns which characters an empty box stands for.
func TestCharactersThatCannotBeDrawnAreNamed(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(len(hostileNames), 2, 1)))
	last := ""
	sheets := laidOut(t, p, "en").sheets
	for _, part := range sheets[len(sheets)-1].Strips {
		texts(part.Marks, func(m *textMark) { last += m.Text })
	}
	for _, want := range []string{"U+1F600", "U+20BB7", "U+05D7"} {
		if !strings.Contains(last, want) {
			t.Errorf("%s is not named on the last page", want)
		}
	}
}

// The layout tree of a small section as maroto holds it: one row per band,
// its texts in reading order. Written from the rules and the wording: amounts
// in whole units, rounded half away from zero, in groups of three, negatives in
// brackets, the reason under what is absent, the rest of the rows counted.
func TestLayoutTreeOfASmallSection(t *testing.T) {
	p := fixture(t, fixtureBook(2, 1, 1))
	p.Company.Values[analysis.Balance] = analysis.Value{Unit: analysis.Money, Minor: 123456789}
	p.Company.Values[analysis.DSO] = analysis.Value{Unit: analysis.Days, Absent: analysis.NoSales}
	amount := func(m ledger.Minor) analysis.Cell {
		return analysis.Cell{Value: &analysis.Value{Unit: analysis.Money, Minor: m}}
	}
	p.Sections = []analysis.Section{{ID: "aging", Blocks: []analysis.Block{
		{Figures: &analysis.FigureBlock{Subject: "company", IDs: []analysis.FigureID{analysis.Balance, analysis.DSO}}},
		{Table: &analysis.Table{ID: "aging", More: 7, Columns: []analysis.Column{{Key: "bucket", Wide: true}, {Key: "amount", Right: true}}, Rows: []analysis.Row{
			{Cells: []analysis.Cell{{Bucket: "1-30"}, amount(-150)}},
			{Kind: analysis.TotalRow, Cells: []analysis.Cell{{Key: "figure.balance"}, amount(100000)}}}}},
		{Note: &analysis.Note{Key: "note.nothing_overdue", Args: []analysis.Cell{{Date: p.AsOf}}, Alarm: true}}}}}
	w := words(t, "en")
	d, err := packDocument(p, w)
	if err != nil {
		t.Fatal(err)
	}
	built, _ := d.build()
	want := []string{
		"Meridian Trading 子午线贸易 | Receivables close pack | As of 2026-10-31 · Period 2026-10-01 to 2026-10-31 · Amounts in whole CNY",
		"Aging",
		"Receivables | 1,234,568 | CNY | Days sales outstanding (DSO) | – | no sales in the period",
		"Aging | Bucket | Amount | 1–30 days | (2) | Receivables | 1,000 | 7 more rows are in the workbook (pack.xlsx).",
		"Nothing is overdue at 2026-10-31.",
		"Page 1 of 1 | " + w.AgingRule(p)[:20],
	}
	var got []string
	for _, page := range built.GetStructure().GetNexts() {
		for _, row := range page.GetNexts() {
			for _, column := range row.GetNexts() {
				for _, part := range column.GetNexts() {
					if text := rowText(part.GetData().Details); text != "" {
						got = append(got, text)
					}
				}
			}
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows with text, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("row %d\n got %s\nwant %s", i+1, got[i], want[i])
		}
	}
}

// rowText joins the texts of a strip of the layout tree.
func rowText(details map[string]any) string {
	var out []string
	for i := 1; i <= len(details); i++ {
		out = append(out, fmt.Sprint(details[fmt.Sprintf("text%02d", i)]))
	}
	return strings.Join(out, " | ")
}
