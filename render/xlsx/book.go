package xlsx

import (
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"

	"github.com/xuri/excelize/v2"
)

// Names of sheets that scripts rely on, in every language (docs/contract).
const (
	figuresSheet     = "Figures"
	openSheet        = "Open items"
	assumptionsSheet = "Assumptions"
)

// book is a workbook in the making.
type book struct {
	pack   *analysis.Pack
	words  *render.Words
	file   *excelize.File
	styles *styles

	sheets  []*sheet
	taken   map[string]bool // sheet names in lower case
	defined map[string]bool // defined names in lower case
	err     error           // the first; later calls do nothing

	figures     figuresLayout
	customers   customersLayout
	assumptions assumptionsLayout
	data        map[string]*dataPlace // by prefix
	sources     []dataSource          // in the order of their sheets
	numbers     ratioTexts
	months      monthsLayout
	readers     []string                     // names of the sheets for readers
	subjects    map[string]*analysis.Subject // by path; see subject
}

// sheet is one sheet: what excelize is told about it and who writes its rows.
type sheet struct {
	name   string
	widths []float64
	rows   int
	head   int // last row of the head that stays in view and is printed on each page; 0: none
	freeze int // columns that stay in view
	filter bool
	// filterLast is the last row that the filter covers; 0: the last of the sheet.
	filterLast int
	// keys is the first column of the numbers that formulas select by: they
	// are grouped and not printed; 0: none.
	keys   int
	merges []string // ranges of cells that are one
	tab    string   // colour of the tab
	write  func(*rowWriter)
}

func newBook(p *analysis.Pack, w *render.Words) (*book, error) {
	file := excelize.NewFile()
	s, err := newStyles(file)
	if err != nil {
		return nil, err
	}
	return &book{
		pack: p, words: w, file: file, styles: s,
		taken:   map[string]bool{"history": true}, // reserved by Excel
		defined: map[string]bool{}, data: map[string]*dataPlace{}, numbers: ratioTexts{},
	}, nil
}

// style returns the id of a style.
func (b *book) style(form format, r role) int { return b.styles[form][r] }

// money returns the format of amounts of a currency.
func money(cur ledger.Currency) format { return moneyFormat + format(cur.Exponent) }

// reserve makes a name fit for a sheet that no other sheet has: 31 UTF-16
// units, without the characters that references need. Names are told apart
// without regard to case.
func (b *book) reserve(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < 0x20 {
			return ' '
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if name == "" {
		name = "-"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = " " + strconv.Itoa(n)
		}
		candidate := cutUnits(name, 31-len(suffix)) + suffix
		if key := strings.ToLower(candidate); !b.taken[key] {
			b.taken[key] = true
			return candidate
		}
	}
}

func cutUnits(text string, units int) string {
	all := utf16.Encode([]rune(text))
	if len(all) <= units {
		return text
	}
	return strings.TrimRight(strings.TrimRight(string(utf16.Decode(all[:units])), "\uFFFD"), " ")
}

// add adds a sheet after the others.
func (b *book) add(s *sheet) { b.sheets = append(b.sheets, s) }

// quote writes a sheet's name as a reference needs it.
func quote(name string) string { return "'" + name + "'!" }

// absolute writes a cell as an absolute reference: $C$12.
func absolute(col, row int) string { return "$" + letters(col) + "$" + strconv.Itoa(row) }

// relative writes a cell as C12.
func relative(col, row int) string { return letters(col) + strconv.Itoa(row) }

// define names a cell or range. A name that cannot be, or that is taken, is
// left out and reported as false.
func (b *book) define(name, refersTo string) bool {
	key := strings.ToLower(name)
	if b.err != nil || name == "" || len(name) > 200 || b.defined[key] {
		return false
	}
	b.defined[key] = true
	if err := b.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo}); err != nil {
		b.fail(fmt.Errorf("name %s: %w", name, err))
	}
	return true
}

func (b *book) fail(err error) {
	if b.err == nil && err != nil {
		b.err = err
	}
}

// write lays out every sheet and returns the archive.
func (b *book) write() ([]byte, error) {
	rows := map[string]func(*rowWriter){}
	for i, s := range b.sheets {
		b.fail(b.layOut(i, s))
		rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = s.write
	}
	b.fail(b.properties())
	if b.err != nil {
		return nil, b.err
	}
	b.file.SetActiveSheet(0)
	b.file.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return newParts(w, rows) })
	out, err := b.file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// layOut tells excelize about a sheet: widths, panes, filter, print setup.
func (b *book) layOut(i int, s *sheet) error {
	f := b.file
	if i == 0 {
		if err := f.SetSheetName("Sheet1", s.name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(s.name); err != nil {
		return err
	}
	for col, width := range s.widths {
		if err := f.SetColWidth(s.name, letters(col+1), letters(col+1), width); err != nil {
			return err
		}
	}
	cols := max(1, len(s.widths))
	if err := f.SetSheetDimension(s.name, "A1:"+relative(cols, max(1, s.rows))); err != nil {
		return err
	}
	for col := s.keys; s.keys > 0 && col <= cols; col++ {
		if err := f.SetColOutlineLevel(s.name, letters(col), 1); err != nil {
			return err
		}
	}
	if s.tab != "" {
		if err := f.SetSheetProps(s.name, &excelize.SheetPropsOptions{TabColorRGB: &s.tab}); err != nil {
			return err
		}
	}
	no := false
	if err := f.SetSheetView(s.name, 0, &excelize.ViewOptions{ShowGridLines: &no}); err != nil {
		return err
	}
	if s.head > 0 || s.freeze > 0 {
		pane := "bottomLeft"
		if s.freeze > 0 && s.head > 0 {
			pane = "bottomRight"
		} else if s.freeze > 0 {
			pane = "topRight"
		}
		err := f.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: s.freeze, YSplit: s.head, TopLeftCell: relative(s.freeze+1, s.head+1), ActivePane: pane})
		if err != nil {
			return err
		}
	}
	if s.filter {
		last := s.filterLast
		if last == 0 {
			last = s.rows
		}
		if err := f.AutoFilter(s.name, relative(1, s.head)+":"+relative(cols, max(s.head+1, last)), nil); err != nil {
			return err
		}
	}
	for _, area := range s.merges {
		first, last, _ := strings.Cut(area, ":")
		if err := f.MergeCell(s.name, first, last); err != nil {
			return err
		}
	}
	return b.printSetup(s)
}

// printSetup makes a sheet print landscape, one page wide, its head repeated.
func (b *book) printSetup(s *sheet) error {
	f := b.file
	landscape, a4, one, any := "landscape", 9, 1, 0
	fit := true
	if err := f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	side, top, head := 0.4, 0.75, 0.3 // all of them: one alone zeroes the others
	if err := f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &head, Footer: &head}); err != nil {
		return err
	}
	literal := func(text string) string { return cutUnits(strings.ReplaceAll(render.Clean(text), "&", "&&"), 80) }
	err := f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddHeader: "&L" + literal(b.title()) + "&R" + literal(b.words.Text("pack.as_of", b.pack.AsOf.String())),
		OddFooter: "&L&A&R" + b.words.Text("pack.page", "&P", "&N"),
	})
	if err != nil || s.head == 0 {
		return err
	}
	if s.keys > 0 {
		err := f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: quote(s.name) + absolute(1, 1) + ":" + absolute(s.keys-1, max(1, s.rows)),
		})
		if err != nil {
			return err
		}
	}
	return f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: quote(s.name) + "$1:$" + strconv.Itoa(s.head),
	})
}

// title names the book, else the kind of pack.
func (b *book) title() string {
	if b.pack.Book != "" {
		return b.pack.Book
	}
	return b.words.Text("pack.title")
}

// properties sets the document properties. Their time is the as-of date, for
// the same pack must give the same bytes.
func (b *book) properties() error {
	at := time.Unix(int64(b.pack.AsOf.Unix())*86400, 0).UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: xmlClean(b.title()), Subject: b.words.Text("pack.title"), Creator: "duepack", LastModifiedBy: "duepack",
		Created: at, Modified: at, Language: b.words.Lang(),
	})
}

func xmlClean(text string) string { return strings.ToValidUTF8(render.Clean(text), "\uFFFD") }

// decimal writes an amount for a cell.
func decimal(m ledger.Minor, cur ledger.Currency) string { return m.Decimal(cur.Exponent) }

// whole writes a whole number for a cell.
func whole[T ~int | ~int16 | ~int32 | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// fraction writes a ratio for a cell with the precision of a spreadsheet's
// number.
func fraction(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// cached writes a figure's value for a cell; "" where it is absent.
func cached(v analysis.Value, cur ledger.Currency) string {
	switch {
	case v.IsAbsent():
		return ""
	case v.Unit == analysis.Money:
		return decimal(v.Minor, cur)
	case v.Unit == analysis.Count:
		return whole(v.Minor)
	}
	return fraction(v.Ratio)
}

// valueFormat returns the number format of a unit.
func valueFormat(unit analysis.Unit, cur ledger.Currency) format {
	switch unit {
	case analysis.Money:
		return money(cur)
	case analysis.Share:
		return shareFormat
	case analysis.Percent:
		return percentFormat
	case analysis.Days:
		return daysFormat
	case analysis.Times:
		return timesFormat
	}
	return countFormat
}

// serial writes a date as the number a spreadsheet counts days by; false for
// dates before March 1900, which spreadsheets do not agree on.
func serial(d ledger.Date) (days int64, ok bool) {
	days = int64(d.Unix()) + 25569
	return days, d != 0 && days > 60
}

// date writes a date, as text where a spreadsheet has no number for it.
func (b *book) date(r *rowWriter, d ledger.Date, as role) {
	if days, ok := serial(d); ok {
		r.whole(b.style(dateFormat, as), days)
		return
	}
	r.text(b.style(textFormat, as), d.String())
}

// month writes a calendar month as its first day.
func (b *book) month(r *rowWriter, m ledger.Month, as role) {
	if days, ok := serial(m.Start()); ok {
		r.whole(b.style(monthFormat, as), days)
		return
	}
	r.text(b.style(textFormat, as), m.String())
}

// ratio writes a given rate exactly: as a decimal, or as a division where it
// is no decimal. One that is not given is an empty cell.
func (b *book) ratio(r *rowWriter, q ledger.Ratio, form format, as role) {
	style := b.style(form, as)
	switch text := b.numbers.of(q); {
	case text.exact == "":
		r.blank(style)
	case strings.Contains(text.exact, "/"):
		r.formula(style, text.exact, text.fraction)
	default:
		r.number(style, text.exact)
	}
}

// ratioTexts keeps how ratios are written: rows have few different ones.
type ratioTexts map[ledger.Ratio]ratioText

type ratioText struct {
	exact    string // a decimal or a division; "" where it is not given
	fraction string // with the precision of a spreadsheet's number
}

func (t ratioTexts) of(q ledger.Ratio) ratioText {
	text, ok := t[q]
	if !ok && q.Given() {
		text = ratioText{q.String(), fraction(q.Rat())}
		t[q] = text
	}
	return text
}
