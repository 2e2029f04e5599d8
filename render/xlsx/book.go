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
	owners      *ownerTexts // see there
	months      monthsLayout
	plots       plotsLayout
	agingList   agingLayout
	names       sheetNames
	front       *reader                      // the first sheet
	readers     []string                     // names of the sheets of sections
	subjects    map[string]*analysis.Subject // by path; see subject
	explained   map[string]string            // wording key of a figure → the cell that defines it
	checks      checksLayout
	problems    render.Problems
	itemRows    map[int32][2]int // first and last open item by customer, counted from 0
	itemColumns int              // columns of the open items for readers
}

// sheetNames are the names of sheets that others lead to.
type sheetNames struct {
	agingList, whatIf, journal, exceptions, checks string
}

// sheet is one sheet: what excelize is told about it and who writes its rows.
type sheet struct {
	name   string
	about  string // what it is for, in the list on the first sheet
	widths []float64
	rows   int
	head   int // last row of the head that stays in view and is printed on each page; 0: none
	freeze int // columns that stay in view
	filter bool
	// filterLast is the last row that the filter covers; 0: the last of the sheet.
	filterLast int
	// keys is the first column of the numbers that formulas select by: they
	// are grouped and not printed; 0: none.
	keys int
	// printed is the last column that is printed; 0: the last before keys.
	printed int
	onePage bool     // it is printed on one page
	bare    bool     // cells do not say where they stand; see bareRows
	levels  int      // levels of the outline of rows
	merges  []string // ranges of cells that are one
	tab     string   // colour of the tab
	zoom    float64  // per cent; 0: 100
	charts  []placedChart
	sparks  []excelize.SparklineOptions
	rules   []rule
	inputs  []input
	write   func(*rowWriter)
}

// rule marks the cells of an area for which a condition holds. The condition
// is a formula for the first cell of the area.
type rule struct {
	area, condition string
	look            look
}

// look is how a rule marks a cell.
type look struct {
	color, fill string
	bold        bool
}

// input limits what a cell takes: decimals from least to most.
type input struct {
	area        string
	least, most float64
}

// outline returns the attributes that say how deep rows and columns are
// grouped; excelize writes none, and without them Excel shows no handles.
func (s *sheet) outline() string {
	attributes := ""
	if s.levels > 0 {
		attributes += `outlineLevelRow="` + strconv.Itoa(s.levels) + `" `
	}
	if s.keys > 0 {
		attributes += `outlineLevelCol="1" `
	}
	return attributes
}

func newBook(p *analysis.Pack, w *render.Words, problems render.Problems) (*book, error) {
	file := excelize.NewFile()
	s, err := newStyles(file, lettering{
		font:        w.Text("workbook.font"),
		points:      w.Text("workbook.points"),
		parentheses: strings.HasPrefix(w.Text("number.negative_money", "1"), "("),
	})
	if err != nil {
		return nil, err
	}
	return &book{
		pack: p, words: w, file: file, styles: s, problems: problems,
		taken:   map[string]bool{"history": true}, // reserved by Excel
		defined: map[string]bool{}, data: map[string]*dataPlace{}, numbers: ratioTexts{}, explained: map[string]string{},
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
	names := b.file.WorkBook.DefinedNames
	if names == nil {
		if err := b.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo}); err != nil {
			b.fail(fmt.Errorf("name %s: %w", name, err))
		}
		return true
	}
	// SetDefinedName would compare it with all before it, and a workbook has
	// thousands.
	next := names.DefinedName[0]
	next.Name, next.Data, next.LocalSheetID = name, refersTo, nil
	names.DefinedName = append(names.DefinedName, next)
	return true
}

func (b *book) fail(err error) {
	if b.err == nil && err != nil {
		b.err = err
	}
}

// write lays out every sheet and writes the archive.
func (b *book) write(out io.Writer) error {
	sheets, own, charts := map[string]*sheet{}, map[string][]byte{"docProps/core.xml": b.properties()}, 0
	for i, s := range b.sheets {
		b.fail(b.layOut(i, s))
		sheets[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = s
		for _, c := range s.charts { // excelize numbers them in the order in which they are added
			charts++
			own[fmt.Sprintf("xl/charts/chart%d.xml", charts)] = c.plot.xml()
		}
	}
	b.fail(b.file.SetAppProps(&excelize.AppProperties{Application: "duepack"}))
	if b.err != nil {
		return b.err
	}
	b.file.SetActiveSheet(0)
	// excelize would hold the whole archive in a buffer: it stays empty.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newParts(out, sheets, own) })
	_, err := b.file.WriteToBuffer()
	return err
}

// layOut tells excelize about a sheet.
func (b *book) layOut(i int, s *sheet) error {
	if i == 0 {
		if err := b.file.SetSheetName("Sheet1", s.name); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(s.name); err != nil {
		return err
	}
	for _, step := range []func(*sheet) error{b.columns, b.view, b.filter, b.drawings, b.conditions, b.printSetup, b.printNames} {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

// columns sets the widths and groups of columns.
func (b *book) columns(s *sheet) error {
	f := b.file
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
	for _, area := range s.merges {
		first, last, _ := strings.Cut(area, ":")
		if err := f.MergeCell(s.name, first, last); err != nil {
			return err
		}
	}
	return nil
}

// view sets what a reader sees first: the head stays in view, the cursor is in
// A1.
func (b *book) view(s *sheet) error {
	f, no, zoom := b.file, false, s.zoom
	if zoom == 0 {
		zoom = 100
	}
	if err := f.SetSheetView(s.name, 0, &excelize.ViewOptions{ShowGridLines: &no, ZoomScale: &zoom}); err != nil {
		return err
	}
	props := &excelize.SheetPropsOptions{OutlineSummaryBelow: &no}
	if s.tab != "" {
		props.TabColorRGB = &s.tab
	}
	if err := f.SetSheetProps(s.name, props); err != nil {
		return err
	}
	if s.head == 0 && s.freeze == 0 {
		return nil
	}
	pane := "bottomLeft"
	if s.freeze > 0 && s.head > 0 {
		pane = "bottomRight"
	} else if s.freeze > 0 {
		pane = "topRight"
	}
	return f.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: s.freeze, YSplit: s.head, TopLeftCell: relative(s.freeze+1, s.head+1), ActivePane: pane})
}

func (b *book) filter(s *sheet) error {
	if !s.filter {
		return nil
	}
	last := s.filterLast
	if last == 0 {
		last = s.rows
	}
	return b.file.AutoFilter(s.name, relative(1, s.head)+":"+relative(max(1, len(s.widths)), max(s.head+1, last)), nil)
}

// drawings places the charts and sparklines.
func (b *book) drawings(s *sheet) error {
	for i := range s.charts {
		if err := b.place(s, &s.charts[i]); err != nil {
			return err
		}
	}
	for i := range s.sparks {
		if err := b.file.AddSparkline(s.name, &s.sparks[i]); err != nil {
			return err
		}
	}
	return nil
}

// conditions sets the rules that mark cells and what inputs take.
func (b *book) conditions(s *sheet) error {
	for _, r := range s.rules {
		style := &excelize.Style{}
		if r.look.color != "" || r.look.bold {
			style.Font = &excelize.Font{Color: r.look.color, Bold: r.look.bold}
		}
		if r.look.fill != "" {
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{r.look.fill}}
		}
		id, err := b.file.NewConditionalStyle(style)
		if err != nil {
			return err
		}
		if err := b.file.SetConditionalFormat(s.name, r.area, []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: r.condition, Format: &id}}); err != nil {
			return err
		}
	}
	for _, in := range s.inputs {
		check := excelize.NewDataValidation(true)
		check.SetSqref(in.area)
		if err := check.SetRange(in.least, in.most, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
		check.SetError(excelize.DataValidationErrorStyleStop, b.words.Text("workbook.inputs"), b.words.Text("workbook.input_range", rangeBound(in.least), rangeBound(in.most)))
		if err := b.file.AddDataValidation(s.name, check); err != nil {
			return err
		}
	}
	return nil
}

// printSetup makes a sheet print landscape, its columns on as few pages as can
// be read.
func (b *book) printSetup(s *sheet) error {
	f := b.file
	orientation, a4, wide, high := "landscape", 9, b.pagesWide(s), 0
	if s.onePage {
		orientation, high = "portrait", 1
	}
	fit := true
	if err := f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	side, top, head := 0.4, 0.75, 0.3 // all of them: one alone zeroes the others
	if err := f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &head, Footer: &head}); err != nil {
		return err
	}
	literal := func(text string) string { return cutUnits(strings.ReplaceAll(render.Clean(text), "&", "&&"), 80) }
	return f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddHeader: "&L" + literal(b.title()) + "&R" + literal(b.words.Text("pack.as_of", b.pack.AsOf.String())),
		OddFooter: "&L&A&R" + b.words.Text("pack.page", "&P", "&N"),
	})
}

// pageWidth is how wide the columns on one page may be, in digits, to be read
// without a glass.
const pageWidth = 270

// pagesWide is how many pages side by side the printed columns of a sheet take.
func (b *book) pagesWide(s *sheet) int {
	width := 0.0
	for _, w := range s.widths[:b.printed(s)] {
		width += w
	}
	return 1 + int(width)/pageWidth
}

// printed is the last column of a sheet that is printed.
func (b *book) printed(s *sheet) int {
	switch {
	case s.printed > 0:
		return s.printed
	case s.keys > 0:
		return s.keys - 1
	}
	return len(s.widths)
}

// printNames says what of a sheet is printed, and which rows on each page.
func (b *book) printNames(s *sheet) error {
	if printed := b.printed(s); printed < len(s.widths) {
		err := b.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: quote(s.name) + absolute(1, 1) + ":" + absolute(printed, max(1, s.rows)),
		})
		if err != nil {
			return err
		}
	}
	if s.head == 0 {
		return nil
	}
	titles := quote(s.name) + "$1:$" + strconv.Itoa(s.head)
	if s.freeze > 0 && b.pagesWide(s) > 1 {
		titles = quote(s.name) + "$A:$" + letters(s.freeze) + "," + titles
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles})
}

// title names the book, else the kind of pack.
func (b *book) title() string {
	if b.pack.Book != "" {
		return b.pack.Book
	}
	return b.words.Text("pack.title")
}

// properties returns the part with the properties of the document. Their time
// is the as-of date, for the same pack must give the same bytes. It is written
// here because readers look for the usual prefixes, which excelize leaves out.
func (b *book) properties() []byte {
	at := time.Unix(int64(b.pack.AsOf.Unix())*86400, 0).UTC().Format(time.RFC3339)
	text := func(s string) string { return xmlText(xmlClean(s)) }
	period := b.words.Text("pack.period", b.words.Text("period", b.pack.From.String(), b.pack.To.String()))
	return []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + text(b.title()) + `</dc:title><dc:subject>` + text(b.words.Text("pack.title")) + `</dc:subject><dc:creator>duepack</dc:creator>` +
		`<dc:description>` + text(b.words.Text("pack.as_of", b.pack.AsOf.String())+"  ·  "+period) + `</dc:description>` +
		`<dc:language>` + b.words.Lang() + `</dc:language><cp:lastModifiedBy>duepack</cp:lastModifiedBy>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`)
}

func xmlClean(text string) string { return strings.ToValidUTF8(render.Clean(text), "\uFFFD") }

// decimal writes an amount for a cell.
func decimal(m ledger.Minor, cur ledger.Currency) string { return m.Decimal(cur.Exponent) }

// whole writes a whole number for a cell.
func whole[T ~int | ~int16 | ~int32 | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// fraction writes a ratio for a cell with the precision of a spreadsheet's
// number.
func fraction(r *big.Rat) string { return strconv.FormatFloat(nearest(r), 'g', -1, 64) }

// nearest is the number of a spreadsheet that is nearest to a ratio. Of whole
// numbers that such a number holds the quotient is the nearest, and nearly all
// ratios are of those: a tenth of the time that big.Rat takes.
func nearest(r *big.Rat) float64 {
	const most = 1 << 53
	if num, den := r.Num(), r.Denom(); num.IsInt64() && den.IsInt64() {
		if n, d := num.Int64(), den.Int64(); -most <= n && n <= most && d <= most {
			return float64(n) / float64(d)
		}
	}
	f, _ := r.Float64()
	return f
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

// changeFormat returns the number format of a change of a unit that is no share.
func changeFormat(unit analysis.Unit, cur ledger.Currency) format {
	if unit == analysis.Money {
		return changeOfMoney + format(cur.Exponent)
	}
	return changeOfMany
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
	r.ratio(b.style(form, as), b.numbers.of(q))
}

// ratio writes what ratioTexts has of a rate.
func (r *rowWriter) ratio(style int, text ratioText) {
	switch {
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

// repeated is of for a column in which most ratios are those of the row above.
func (t ratioTexts) repeated() func(q ledger.Ratio) ratioText {
	var last ledger.Ratio
	var text ratioText
	return func(q ledger.Ratio) ratioText {
		if q != last {
			last, text = q, t.of(q)
		}
		return text
	}
}

func (t ratioTexts) of(q ledger.Ratio) ratioText {
	text, ok := t[q]
	if !ok && q.Given() {
		text = ratioText{q.String(), fraction(q.Rat())}
		t[q] = text
	}
	return text
}
