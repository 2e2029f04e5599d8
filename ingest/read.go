package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// Options say what to read and what the config knows about it.
type Options struct {
	Inputs   []Input
	Currency string       // book currency; "": found in the book
	Terms    ledger.Terms // terms of documents whose line and customer have none
	// Lenient leaves rows with errors out of the ledger and lists them in it.
	Lenient bool
	// Columns maps canonical headers to headers of the files, before the table
	// of synonyms is asked.
	Columns map[string]string
	Limits  sheet.Limits

	opened func() // called when all files are open: a test changes them then
}

// Input is one file. The zero values of the other fields let ingest find out.
type Input struct {
	File    string
	Sheet   string            // read only this sheet; "": every one
	Layout  string            // ledger, snapshot, settled or receipts; "": by its columns
	Columns map[string]string // as Options.Columns, for this file
	Dates   string            // dmy, mdy or ymd; "": decided over each column
}

// Result is what was read. Ledger is nil where an error forbids one: any error
// without Lenient; with it, one that no row can be blamed for.
type Result struct {
	Ledger     *ledger.Ledger
	Problems   []Problem    // in the order of files, sheets and rows
	Recognised []Recognised // one per sheet
	Inputs     []InputInfo
	Explicit   bool // a line names the document it settles

	CurrencyReason     string // wording key: given, only-one, not-in-rates, default, most-lines, in-header
	SnapshotDateReason string // where the date of a snapshot was found, as a place; "" for none
}

// InputInfo identifies a file that was read.
type InputInfo struct {
	File   string
	SHA256 string
	Bytes  int64
	Rows   int // ledger lines it gave
}

// Recognised says what a sheet was taken for, for check and init.
type Recognised struct {
	Source  ledger.Source
	Format  string // of a text file: encoding and separator
	Role    string // Ledger, Customers …; "" for a sheet that is not read
	Why     string // why it is not read
	Layout  string // ledger, debit-credit, snapshot, settled, receipts
	Header  [2]int // first and last header row
	Columns []ColumnMatch
	Unknown []string // headers that mean nothing to duepack
	Dates   []string // how day and month were told apart, by column

	Rows   int // entries
	Totals int // subtotal and total rows, not counted as entries
	Texts  int // rows without amount: footers, headings of groups
	Hidden int // hidden rows, which are read
	ByKind bool
	Sums   []Sum // of the signed amounts, by currency
}

// ColumnMatch is a column that was recognised.
type ColumnMatch struct {
	Field  string // canonical header
	Header string // what the file calls it
	Letter string
}

// Sum is a control total of a sheet.
type Sum struct {
	Currency ledger.Currency
	Amount   ledger.Minor
	Overflow bool // the sum left the range of amounts: Amount means nothing
	Rows     int
}

// Read reads the files of a book into a ledger. Problems of the data are in
// the result, never in the error, which says that a file could not be opened.
func Read(opts Options) (*Result, error) {
	files := openAll(opts)
	defer files.close()
	if opts.opened != nil {
		opts.opened()
	}
	hashed, idle := make(chan error, 1), &idleProcessors{}
	go func() { hashed <- files.hash(opts, idle) }() // beside the reading
	result, err := files.read(opts, idle)
	unhashed := <-hashed
	if err != nil {
		return nil, err
	}
	for i := range files {
		f, info := &files[i], &result.Inputs[i]
		info.SHA256, info.Bytes = f.sha256, f.bytes
		if f.changed(opts.Inputs[i].File) {
			result.refuseChanged(i)
			return result, nil
		}
	}
	if unhashed != nil {
		return nil, unhashed
	}
	return result, nil
}

// openedFile is an input that was opened, or why it was not.
type openedFile struct {
	stat   fs.FileInfo
	file   sheet.File
	err    error // of the operating system
	format error // of the content, or of opening it

	sha256 string
	bytes  int64
}

type openedFiles []openedFile

func openAll(opts Options) openedFiles {
	files := make(openedFiles, len(opts.Inputs))
	inOrder(len(files), func(i int) (f openedFile) {
		if f.stat, f.err = statInput(opts.Inputs[i].File); f.err == nil {
			f.file, f.format = sheet.Open(opts.Inputs[i].File, opts.Limits)
		}
		return f
	}, func(i int, f openedFile) { files[i] = f })
	return files
}

// statInput says which file is at a path that can be opened.
func statInput(path string) (fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read input: %w", err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read input: %w", err)
	}
	return stat, nil
}

// read reads the files, twice where merged cells were missed.
func (files openedFiles) read(opts Options, idle *idleProcessors) (*Result, error) {
	for {
		book := newBook(opts, idle)
		var err error
		inOrder(len(files), func(i int) []glance { return book.look(opts.Inputs[i], &files[i]) }, func(i int, seen []glance) {
			if err == nil {
				err = book.add(opts.Inputs[i], &files[i], seen)
			}
		})
		if err != nil {
			return nil, err
		}
		result := book.read()
		if !book.missedMerges() {
			return result, nil
		}
	}
}

// hash takes the check sums of the files.
func (files openedFiles) hash(opts Options, idle *idleProcessors) error {
	buf := make([]byte, 128<<10) // cheaper than pieces of 32 KB, as io.Copy has
	for i := range files {
		if files[i].err != nil {
			return nil // the reading says so
		}
		if err := files[i].hash(opts.Inputs[i].File, buf, idle); err != nil {
			return err
		}
	}
	return nil
}

// hash takes the check sum of a file, the first half of it at once.
func (f *openedFile) hash(path string, buf []byte, idle *idleProcessors) error {
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read input: %w", err)
	}
	defer in.Close()
	hash, half := sha256.New(), f.stat.Size()/2
	for {
		n, err := in.Read(buf)
		hash.Write(buf[:n])
		if f.bytes += int64(n); f.bytes >= half {
			idle.wait()
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read input: %w", err)
		}
	}
	f.sha256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// idleProcessors lets work that nobody waits for wait until a processor has nothing
// better to do: what comes behind the reading keeps only some of them busy.
type idleProcessors struct {
	mu    sync.Mutex
	until chan struct{} // closed when there is one; nil where nobody said that there is none
}

// none says that no processor is idle until what it returns is called, the first time.
func (p *idleProcessors) none() (one func()) {
	until := make(chan struct{})
	p.mu.Lock()
	p.until = until
	p.mu.Unlock()
	return sync.OnceFunc(func() { close(until) })
}

// wait returns when a processor is idle, for all that is known.
func (p *idleProcessors) wait() {
	p.mu.Lock()
	until := p.until
	p.mu.Unlock()
	if until != nil {
		<-until
	}
}

func (files openedFiles) close() {
	for _, f := range files {
		if f.file != nil {
			f.file.Close() // read only: nothing is lost
		}
	}
}

// tab is one sheet of the book, with what it was recognised as.
type tab struct {
	input         Input
	source        int32 // index into ledger.Sources
	sheet         sheet.Sheet
	of            sheet.File
	info          sheet.Info
	merges        []sheet.Range // known, or taken for none: see missedMerges
	header        *header       // nil: not read
	hiddenColumns []sheet.Range
	rec           *Recognised
	file          int // index into Result.Inputs
	order         dateOrder

	kind     kindWord // what the lines of the sheet are by its name; valid with named
	named    bool
	currency string // a currency that a header or title of the sheet names; "" for none
	netTerms bool   // the sheet counts month-end terms from the date of issue: see settlePractice
}

// book is the state of Read.
type book struct {
	*parties
	opts   Options
	idle   *idleProcessors
	result *Result
	tabs   []*tab // one for every source of the ledger, with its index
	fatal  bool   // an error that no row can be blamed for

	dateRank        int               // how surely SnapshotDate is the date of the list
	headerCurrency  string            // a currency that a header or title names
	processors      int               // for each of the ledger sheets
	baseExponent    int               // decimals of the book's currency
	sheets          []string          // what was seen, for no-ledger
	ratedCurrencies []ledger.Currency // known before the ledger sheets are read
	ledgerBytes     int64             // of the ledger sheets, unpacked …
	takenBytes      int64             // … and of those whose entries are in the book
	lineTerms       []lineTerms       // of documents without a due date, in the order of entries
	lines           [256]int          // entries of each currency
	undue           []int32           // entries that lack a due date, ascending
	refunded        []int32           // customers of refunds
	columns         map[string]bool   // folded headers that were seen, to check the config's against
}

func newBook(opts Options, idle *idleProcessors) *book {
	return &book{
		parties: newParties(), opts: opts, idle: idle, result: &Result{},
		columns: map[string]bool{},
	}
}

// add recognises the sheets of a file.
func (b *book) add(in Input, opened *openedFile, seen []glance) error {
	if opened.err != nil {
		return opened.err
	}
	name := b.nameOf(in.File)
	b.result.Inputs = append(b.result.Inputs, InputInfo{File: name})
	if opened.format != nil {
		return b.formatProblem(ledger.Source{File: name}, opened.format)
	}
	first := len(b.tabs)
	for _, g := range seen {
		if err := b.recognise(in, name, g); err != nil {
			return err
		}
	}
	for _, t := range b.tabs[first:] {
		t.of = opened.file
	}
	b.release(opened.file)
	if len(b.tabs) > first {
		b.checkColumns(in.Columns, ledger.Source{File: name, Sheet: in.Sheet})
	}
	if in.Sheet != "" && len(seen) == 0 {
		b.problem(Problem{Source: ledger.Source{File: name}, Severity: Error, Code: "no-sheet",
			Found: in.Sheet, Message: "the workbook has no sheet " + quote(in.Sheet), Hint: "name one of its sheets under inputs"})
		b.fatal = true
	}
	return nil
}

// release lets go of what the sheets of a file share where there are other files:
// memory must not grow with their number.
func (b *book) release(f sheet.File) {
	if len(b.opts.Inputs) > 1 {
		f.Release()
	}
}

// nameOf returns what a file is called in places: its name, or its path where
// two files of the book have the same name.
func (b *book) nameOf(path string) string {
	name := filepath.Base(path)
	for _, in := range b.opts.Inputs {
		if in.File != path && filepath.Base(in.File) == name {
			return filepath.ToSlash(path)
		}
	}
	return name
}

// changed reports whether the file at the path is no longer the one that was
// opened and hashed: an export that is still being written, or was written again
// meanwhile. Its size has to be that of both, as it may grow between two ticks of the
// clock of files. It is called when everything is read.
func (f *openedFile) changed(path string) bool {
	now, err := os.Stat(path)
	return err != nil || f.stat != nil && (!os.SameFile(f.stat, now) || now.Size() != f.stat.Size() || now.Size() != f.bytes || !now.ModTime().Equal(f.stat.ModTime()))
}

// refuseChanged makes a file that changed while it was read the one error of the
// book: what else was found may be of neither content.
func (r *Result) refuseChanged(input int) {
	r.Ledger = nil
	r.Problems = []Problem{{Source: ledger.Source{File: r.Inputs[input].File}, Severity: Error, Code: "file-changed",
		Message: "the file changed while it was read", Hint: "wait until the export is complete, and run again"}}
}

// formatProblem makes a file that is no spreadsheet a problem of the data; any
// other error stays one.
func (b *book) formatProblem(source ledger.Source, err error) error {
	var format *sheet.FormatError
	if !errors.As(err, &format) {
		return err
	}
	if format.Sheet != "" {
		source.Sheet = format.Sheet
	}
	row := 0
	for _, c := range format.Cell {
		if c >= '0' && c <= '9' {
			row = row*10 + int(c-'0')
		}
	}
	b.problem(Problem{Source: source, Row: row, Cell: format.Cell, Severity: Error, Code: format.Code, Message: format.Message, Hint: format.Hint})
	b.fatal = true
	return nil
}

func (b *book) problem(p Problem) { b.result.Problems = append(b.result.Problems, p) }

// glance is what the first rows of a sheet show.
type glance struct {
	sheet  sheet.Sheet
	name   string // of the sheet; of a text file its own, without its ending
	rows   []sheet.Row
	merges []sheet.Range
	header *header
	err    error
}

// look glances at the sheets of a file that are to be read. It changes nothing.
func (b *book) look(in Input, opened *openedFile) (seen []glance) {
	if opened.file == nil {
		return nil
	}
	for _, s := range opened.file.Sheets() {
		name := s.Info().Name
		if in.Sheet != "" && name != in.Sheet {
			continue
		}
		want := noRole
		if in.Layout != "" && (in.Sheet != "" || name == "") { // the config says that this very sheet is a ledger
			want = ledgerRole
		}
		if name == "" {
			file := b.nameOf(in.File)
			name = strings.TrimSuffix(file, filepath.Ext(file))
		}
		g := glance{sheet: s, name: name}
		if g.rows, g.err = topRows(s); g.err == nil {
			g.merges, _ = s.KnownMerges()
			g.header = chooseHeader(name, g.rows, g.merges, b.overrides(in), want)
		}
		seen = append(seen, g)
	}
	return seen
}

// recognise decides what a sheet is.
func (b *book) recognise(in Input, file string, g glance) error {
	info, rows, name := g.sheet.Info(), g.rows, g.name
	source := ledger.Source{File: file, Sheet: info.Name}
	if g.err != nil {
		return b.formatProblem(source, g.err)
	}
	t := &tab{input: in, sheet: g.sheet, info: info, file: len(b.result.Inputs) - 1, order: orderOf(in.Dates), merges: g.merges, header: g.header}
	if len(rows) > 0 {
		t.hiddenColumns = rows[0].HiddenColumns
	}
	b.noteHeaders(rows, t.header)
	t.source = int32(len(b.ledger.Sources))
	b.ledger.Sources = append(b.ledger.Sources, source)
	t.rec = &Recognised{Source: source, Format: info.Format}
	b.searchTitles(t, rows)
	if t.header == nil || t.isSummary(name) {
		var hasTable bool
		if t.rec.Why, hasTable = whyIgnored(rows); t.header != nil {
			t.header, t.rec.Why = nil, "it is a summary by its name, and its rows name no documents"
		}
		b.sheets = append(b.sheets, source.String()+": "+t.rec.Why)
		if hasTable {
			b.problem(Problem{Source: source, Severity: Note, Code: "sheet-ignored", Message: "the sheet is not read: " + t.rec.Why})
		}
	} else {
		t.kind, t.named = sheetKind(name)
		t.describe()
		if role := t.header.def.role; role != ledgerRole {
			b.sheets = append(b.sheets, source.String()+": it has the columns of the sheet "+string(role))
		}
	}
	b.tabs = append(b.tabs, t)
	return nil
}

// noteHeaders remembers what may be a header, where the config names some.
func (b *book) noteHeaders(rows []sheet.Row, h *header) {
	if len(b.opts.Columns) == 0 && !slices.ContainsFunc(b.opts.Inputs, func(in Input) bool { return len(in.Columns) > 0 }) {
		return
	}
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell.Kind == sheet.Text {
				b.columns[foldHeader(cell.Text)] = true
			}
		}
	}
	if h != nil {
		for _, text := range h.texts { // of two rows together, as well
			b.columns[foldHeader(text)] = true
		}
	}
}

// missedMerges reports whether a sheet that was taken for one without merged
// cells turned out to have some: then the book must be read again with them. A
// workbook lists them behind the rows, and unpacking every sheet for them first
// would nearly double the time of reading, for what hardly any ledger has.
func (b *book) missedMerges() bool {
	return slices.ContainsFunc(b.tabs, func(t *tab) bool { return len(t.merges) == 0 && len(t.sheet.Merges()) > 0 })
}

// isSummary reports whether a sheet sums up others: it has amounts and customers,
// but no document, and is called so.
func (t *tab) isSummary(name string) bool {
	if t.header.def.role != ledgerRole || t.header.has(fDocument) || t.header.grouped || t.input.Layout != "" || t.input.Sheet != "" {
		return false
	}
	folded := foldHeader(name)
	return slices.ContainsFunc([]string{"summary", "pivot", "overview", "dashboard", "汇总", "透视", "总览", "统计"}, func(w string) bool { return strings.Contains(folded, w) })
}

// checkColumns refuses headers of the config that no sheet has: a mistyped one
// would be passed over in silence.
func (b *book) checkColumns(columns map[string]string, source ledger.Source) {
	fields := make([]string, 0, len(columns))
	for field := range columns {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	for _, field := range fields {
		known := slices.ContainsFunc(roles, func(d roleDef) bool { return slices.Contains(d.knows, fieldNamed(field)) })
		switch {
		case !known:
			b.problem(Problem{Source: source, Severity: Error, Code: "no-column", Found: field,
				Message: "the config maps " + quote(field) + ", which is no column of a ledger", Hint: "want one of the canonical headers, such as Document, Customer, Posted, Due, Amount"})
		case !b.columns[foldHeader(columns[field])]:
			b.problem(Problem{Source: source, Severity: Error, Code: "no-column", Found: columns[field],
				Message: "no sheet has a header " + quote(columns[field]) + ", which the config names for " + field, Hint: "copy the header from the file into columns: of the config"})
		default:
			continue
		}
		b.fatal = true
	}
}

// overrides folds the column mappings of the config, those of the file before
// those of all files.
func (b *book) overrides(in Input) mapping {
	headers := maps.Clone(b.opts.Columns)
	if headers == nil {
		headers = map[string]string{}
	}
	maps.Copy(headers, in.Columns)
	overrides := mapping{}
	for field, header := range headers {
		folded := foldHeader(header)
		overrides[folded] = append(overrides[folded], mappedHeader{fieldNamed(field), foldSpaces(header)})
	}
	for _, list := range overrides {
		slices.SortFunc(list, func(x, y mappedHeader) int { return cmp.Compare(x.field, y.field) })
	}
	return overrides
}

func orderOf(dates string) dateOrder {
	switch dates {
	case "dmy":
		return dayFirst
	case "mdy":
		return monthFirst
	case "ymd":
		return yearFirst
	}
	return anyOrder
}

// describe fills in what check and init show of a header.
func (t *tab) describe() {
	h := t.header
	t.rec.Role, t.rec.Header = string(h.def.role), [2]int{h.first, h.last}
	if h.def.role == ledgerRole {
		t.rec.Layout = t.layout()
	}
	for _, f := range h.def.knows {
		if c, ok := h.columns[f]; ok {
			t.rec.Columns = append(t.rec.Columns, ColumnMatch{Field: f.String(), Header: h.texts[c], Letter: ColumnName(c)})
		}
	}
	slices.Sort(h.unknown)
	for _, c := range h.unknown {
		t.rec.Unknown = append(t.rec.Unknown, h.texts[c])
	}
}

// layout names the layout of a ledger sheet (rules §2).
func (t *tab) layout() string {
	h := t.header
	sides := h.has(fDebit) || h.has(fCredit)
	if h.running >= 0 && sides {
		h.dropRunning() // beside debits and credits a balance runs over the lines
	}
	switch {
	case t.input.Layout != "":
		return t.input.Layout
	case h.has(fOpen):
		return "snapshot"
	case h.has(fAmount) && (h.has(fSettledOn) || h.has(fReceivedOn) && h.has(fIssued) && !h.has(fType)):
		return "settled"
	case h.has(fAmount) && (h.has(fPaid) || h.has(fReceived) && !h.has(fType)):
		return "snapshot"
	case !sides && (h.has(fReceived) || h.has(fAmount) && h.has(fReceivedOn) && !h.has(fType) && !h.has(fPosted)):
		return "receipts"
	case sides:
		return "debit-credit"
	case !h.has(fType) && t.named && t.kind.kind == ledger.Receipt:
		return "receipts"
	}
	return "ledger"
}

// whyIgnored says what a sheet without a header looks like, and whether it has
// a table at all.
func whyIgnored(rows []sheet.Row) (why string, hasTable bool) {
	known, buckets := 0, 0
	var first []string
	for _, r := range rows {
		texts, here, bucketsHere := []string{}, 0, 0
		for _, c := range r.Cells {
			if c.Kind != sheet.Text || strings.TrimSpace(c.Text) == "" {
				continue
			}
			texts = append(texts, strings.Join(strings.Fields(c.Text), " "))
			if len(synonyms[foldHeader(c.Text)]) > 0 {
				here++
			}
			if looksLikeBucket(c.Text) {
				bucketsHere++
			}
		}
		buckets = max(buckets, bucketsHere)
		if len(texts) >= 3 && (first == nil || here > known) {
			first = texts
		}
		known = max(known, here)
	}
	switch {
	case len(rows) == 0:
		return "it is empty", false
	case buckets >= 2:
		return "it is aged already, one row per customer: duepack needs the documents behind it", true
	case first == nil:
		return "it has no table", false
	}
	const most = 6
	if len(first) > most {
		first = append(first[:most:most], "…")
	}
	return "its columns are not those of a ledger: " + strings.Join(first, ", "), true
}

// bucketForm is a header of an aging bucket, spaces aside: 31-60, 31-60 Days,
// Over 60 Days, 90+, 1～30天, <1 Month, 121-Above, Period 1. A document number or
// a date has other digits or other words.
var bucketForm = regexp.MustCompile(`^(current|notdue|notyetdue|older|未逾期金额?|未到期金额?|` +
	`(over|above|under|below|[<>≤≥]|=|超过|逾期)*\d{1,4}(-(\d{1,4}|above|over|older|up)|\+)?(dayspastdue|daysoverdue|days?|months?|m|d|years?|天|日|个月|月|年)?(以上|以内|以下|\+|合计|andover|ormore|andabove)?|` +
	`period\d{1,2})$`)

// bucketMarks are marks of buckets that are written in several ways.
var bucketMarks = strings.NewReplacer(" ", "", "～", "-", "~", "-", "–", "-", "—", "-", "＞", ">")

// looksLikeBucket reports whether a header is an aging bucket. A bare number is
// none: years and quantities head columns too.
func looksLikeBucket(text string) bool {
	const longest = 48 // bytes
	if len(text) > longest {
		return false
	}
	t := strings.ToLower(bucketMarks.Replace(narrow(text)))
	return bucketForm.MatchString(t) && !isDigits(t)
}

// noteHiddenColumns notes the columns that are read although they are hidden.
func (b *book) noteHiddenColumns(t *tab) {
	if t.header == nil {
		return
	}
	used := slices.Sorted(maps.Values(t.header.columns))
	for _, column := range slices.Compact(used) {
		if slices.ContainsFunc(t.hiddenColumns, func(r sheet.Range) bool { return r.FirstCol <= column+1 && column+1 <= r.LastCol }) {
			b.problem(Problem{Source: t.rec.Source, Row: t.header.last, Cell: cellName(column, t.header.last), Severity: Note, Code: "hidden-column",
				Found: t.header.texts[column], Message: "the column is hidden; it is read all the same"})
		}
	}
}

// read reads the recognised sheets, masters first, and finishes the book.
func (b *book) read() *Result {
	if len(b.tabs) > 0 {
		b.checkColumns(b.opts.Columns, b.firstSource())
	}
	b.baseExponent, _ = ledger.Exponent(b.guessBase())
	for _, t := range b.tabs {
		if t.info.Hidden && t.header != nil {
			b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "hidden-sheet", Message: "the sheet is hidden; it is read all the same"})
		}
		b.noteHiddenColumns(t)
	}
	b.readMasters(func(r role) bool { return r == ratesRole })
	before := len(b.result.Problems)
	b.readLedgers()
	if !b.fatal && b.settleBase() {
		b.result.Problems = b.result.Problems[:before]
		b.ledger.Entries, b.ledger.LeftOut, b.undue, b.refunded, b.lines, b.lineTerms = nil, nil, nil, nil, [256]int{}, nil
		for i := range b.result.Inputs {
			b.result.Inputs[i].Rows = 0
		}
		b.readLedgers()
		b.settleBase()
	}
	checks := b.check()
	b.readMasters(func(r role) bool { return r != ratesRole && r != ledgerRole })
	if found := <-checks; !b.fatal {
		b.finish(found)
	}
	for _, t := range b.tabs {
		b.result.Recognised = append(b.result.Recognised, *t.rec)
	}
	b.sortProblems()
	if errs, _ := Count(b.result.Problems); b.fatal || errs > 0 && !b.opts.Lenient {
		b.result.Ledger = nil
	} else {
		b.result.Ledger = b.ledger
	}
	return b.result
}

// readMasters reads the sheets beside the ledger whose role is wanted.
func (b *book) readMasters(want func(role) bool) {
	for _, t := range b.tabs {
		if t.header != nil && want(t.header.def.role) {
			b.readMaster(t)
		}
	}
}

// sortProblems puts problems into the order of files, sheets, rows and columns.
func (b *book) sortProblems() {
	place := map[ledger.Source]int{}
	for i, s := range b.ledger.Sources {
		place[s] = i + 1
	}
	slices.SortStableFunc(b.result.Problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(place[x.Source], place[y.Source]), cmp.Compare(x.Row, y.Row),
			cmp.Compare(len(x.Cell), len(y.Cell)), cmp.Compare(x.Cell, y.Cell))
	})
}
