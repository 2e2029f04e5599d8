package ingest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"duepack/ingest/sheet"
)

// role is what a sheet is in a book (contract, Sheets).
type role string

// The roles of sheets.
const (
	ledgerRole    role = "Ledger"
	customersRole role = "Customers"
	repsRole      role = "Reps"
	targetsRole   role = "Targets"
	promisesRole  role = "Promises"
	ratesRole     role = "Rates"
	controlRole   role = "Control"
	dealersRole   role = "Dealers"
	noRole        role = ""
)

// roleDef says which columns a role knows and which it cannot do without: one
// field of every group in needs.
type roleDef struct {
	role  role
	names []string // names of sheets and files, folded
	knows []Field
	needs [][]Field
}

var roles = []roleDef{
	{ledgerRole, []string{"ledger", "ar", "receivables", "arledger", "transactions", "openitems", "openinvoices", "应收账款", "应收明细", "应收明细表", "应收账款明细", "明细账", "应收台账", "台账", "往来明细", "回款明细", "收款明细"},
		[]Field{fDocument, fType, fCustomer, fCustomerName, fRep, fRegion, fCurrency, fPosted, fIssued, fDue, fTerms, fInstalment, fAmount, fDebit, fCredit, fSettles, fCost, fOpen, fPaid, fReceived, fSettledOn, fReceivedOn, fDisputed, fContract, fDelivery, fCreatedBy, fApprovedBy, fNote, fExcuse, fStatus},
		[][]Field{{fCustomer, fCustomerName}, {fAmount, fDebit, fCredit, fOpen, fReceived}, {fDocument, fPosted, fIssued, fReceivedOn}}},
	{customersRole, []string{"customers", "customer", "clients", "debtors", "客户", "客户档案", "客户资料", "客户清单", "客户主数据"},
		[]Field{fCustomer, fCustomerName, fName, fRep, fRegion, fGroup, fTerms, fCreditLimit, fRating, fMargin, fFinancingRate, fEmail, fCurrency},
		[][]Field{{fCustomer, fCustomerName, fName}, {fName, fCustomerName, fRep, fRegion, fTerms, fCreditLimit, fRating, fMargin, fFinancingRate, fEmail, fGroup}}},
	{repsRole, []string{"reps", "salesreps", "salespeople", "sales", "业务员", "销售员", "销售人员", "业务员档案"},
		[]Field{fRep, fName, fTeam, fManager, fEmail, fMargin, fRegion},
		[][]Field{{fRep}, {fName, fTeam, fManager, fEmail, fMargin}}},
	{targetsRole, []string{"targets", "target", "budget", "目标", "销售目标", "任务", "指标"},
		[]Field{fRep, fMonth, fSalesTarget, fCollectionTarget, fExpenses, fName},
		[][]Field{{fRep}, {fMonth}, {fSalesTarget, fCollectionTarget, fExpenses}}},
	{promisesRole, []string{"promises", "promise", "ptp", "承诺", "付款承诺", "承诺付款"},
		[]Field{fPromise, fCustomer, fCustomerName, fDocument, fMadeOn, fPromisedFor, fAmount, fExcuse, fNote},
		[][]Field{{fCustomer, fCustomerName}, {fPromisedFor}}},
	{ratesRole, []string{"rates", "fx", "exchangerates", "汇率", "汇率表", "外币汇率"},
		[]Field{fCurrency, fDate, fRate},
		[][]Field{{fCurrency}, {fDate}, {fRate}}},
	{controlRole, []string{"control", "gl", "generalledger", "总账", "总账余额", "科目余额", "科目余额表", "对账"},
		[]Field{fAccount, fDate, fCurrency, fBalance, fName},
		[][]Field{{fBalance}, {fDate}, {fAccount, fCurrency}}},
}

// named reports whether a sheet or file name is one of the role's.
func (d *roleDef) named(name string) bool {
	folded := foldHeader(name)
	return slices.ContainsFunc(d.names, func(n string) bool {
		return folded == n || len(n) > 6 && strings.Contains(folded, n) || strings.HasSuffix(folded, n) && len(n) > 4
	})
}

// header is a header row that was found, for one role.
type header struct {
	def     *roleDef
	first   int           // row number of the first header row
	last    int           // of the last; data follow
	columns map[Field]int // column of each field, 0 being A
	texts   map[int]string
	raw     map[int]string // the texts of the last header row, as a page repeats them
	exact   map[string]bool
	width   int   // columns up to the last one with a header
	unknown []int // columns with a text that means nothing to the role
	// currency is what a header names in brackets, as (ILS); "" for none.
	currency string
	// running is the column of a balance that may run over the lines; −1: none.
	running int
	// grouped says that customers stand as headings above their lines.
	grouped bool
	// taxApart says that the amounts are, or may be, without tax.
	taxApart bool
	// local says that the amounts are in the book's currency whatever the
	// column Currency says: Amount (LCY), 本位币金额.
	local bool
}

func (h *header) has(f Field) bool { _, ok := h.columns[f]; return ok }

// col returns the column of a field, −1 where the sheet has none.
func (h *header) col(f Field) int {
	if c, ok := h.columns[f]; ok {
		return c
	}
	return -1
}

// meets reports whether the header has what the role cannot do without.
func (h *header) meets() bool {
	for _, group := range h.def.needs {
		if !slices.ContainsFunc(group, h.has) {
			return false
		}
	}
	return true
}

// isGrouped reports whether a ledger without a column of customers has them as
// headings, as reports print them: directly below the header stands a row with
// nothing but a name, and below it a line with document, date and amount.
func (h *header) isGrouped(below []sheet.Row) bool {
	if h.def.role != ledgerRole || !h.has(fDocument) || len(below) < 2 || h.has(fCustomer) || h.has(fCustomerName) {
		return false
	}
	line := func(r sheet.Row, fields ...Field) bool {
		return slices.ContainsFunc(fields, func(f Field) bool {
			c := h.col(f)
			return c >= 0 && c < len(r.Cells) && strings.TrimSpace(r.Cells[c].Text) != ""
		})
	}
	return heading(below[0]) != nil && line(below[1], fDocument) && line(below[1], fPosted, fIssued) && line(below[1], fAmount, fDebit, fCredit, fOpen)
}

// heading returns the texts of a row that can be the heading of a group: one, or
// a number and a name. nil for any other row.
func heading(r sheet.Row) []string {
	var texts []string
	for _, c := range r.Cells {
		text := trim(c.Text)
		switch {
		case text == "":
			continue
		case len(texts) == 2, c.Kind != sheet.Text && (c.Kind != sheet.Number || len(texts) > 0 || !isDigits(text)), looksLikeBucket(text):
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// searchRows is how many rows from the top can hold the header.
const searchRows = 60

// topRows returns the rows in which the header is searched. One more is read, as
// what is wrong there forbids a guess from a table that is cut off.
func topRows(s sheet.Sheet) ([]sheet.Row, error) {
	rows, err := s.Top(searchRows + 1)
	return rows[:min(len(rows), searchRows)], err
}

// findHeader finds the row, or the two rows, that name the most columns of a
// role. overrides maps folded headers to fields and comes before the synonyms.
func findHeader(def *roleDef, rows []sheet.Row, named []rowFields, merges []sheet.Range, overrides mapping) *header {
	var best *header
	known := setOf(def.knows)
	for i := range rows {
		var upper sheet.Row
		most, all := named[i].count(known), named[i].all() // columns of the role, with those of the row above
		if i > 0 && rows[i-1].Number == rows[i].Number-1 {
			upper = rows[i-1]
			most, all = most+named[i-1].count(known), all|named[i-1].all()
		}
		switch {
		case most < 2, best != nil && most <= len(best.columns), !def.mayMeet(all):
			continue
		case best != nil && best.last == rows[i].Number-1 && best.first == best.last && named[i].count(known) == 0:
			continue // with the row above it names what that does alone
		}
		h := readHeader(def, rows[i], upper, overrides)
		if upper.Number > 0 {
			h.addUpper(upper, merges, overrides)
		}
		h.grouped = !h.meets() && h.isGrouped(rows[i+1:])
		if len(h.columns) < 2 || !h.meets() && !h.grouped {
			continue
		}
		if best == nil || len(h.columns) > len(best.columns) {
			best = h
		}
	}
	return best
}

// fieldSet is a set of fields.
type fieldSet uint64

const _ = uint(64 - fieldCount) // there is room for all

func setOf(fields []Field) (set fieldSet) {
	for _, f := range fields {
		set |= 1 << f
	}
	return set
}

// rowFields are the fields that each cell of a row may name, alone or under the
// group it stands in, for any role. Most rows name none, which is found out once
// and not for every role.
type rowFields []fieldSet

func fieldsOf(rows []sheet.Row, overrides mapping) []rowFields {
	list := make([]rowFields, len(rows))
	var upper, texts []foldedText
	for i, row := range rows {
		upper, texts = texts, slices.Grow(upper[:0], len(row.Cells))[:len(row.Cells)]
		clear(texts)
		var group foldedText
		for c, cell := range row.Cells {
			if c < len(upper) && strings.TrimSpace(upper[c].text) != "" { // as groupAbove has it
				group = upper[c]
			}
			if cell.Kind != sheet.Text {
				continue
			}
			texts[c] = folded(cell.Text)
			if set := fieldsNamed(texts[c].fold, overrides) | fieldsJoined(group, texts[c], overrides); set != 0 {
				list[i] = append(list[i], set)
			}
		}
	}
	return list
}

// foldedText is a text as foldHeader folds it.
type foldedText struct {
	text, fold string
	// joins says that joined with another such text it folds to both folds joined:
	// no bracket is open at its end.
	joins bool
}

func folded(text string) foldedText {
	t := foldedText{text: text, fold: foldHeader(text)}
	depth := 0
	for _, r := range text {
		switch r {
		case '(', '（', '[', '［', '【', '〔':
			depth++
		case ')', '）', ']', '］', '】', '〕':
			depth = max(0, depth-1)
		}
	}
	t.joins = depth == 0 && t.fold != "" && t.fold != "#"
	return t
}

// fieldsNamed returns the fields that a folded header may be.
func fieldsNamed(folded string, overrides mapping) fieldSet {
	set := setOf(synonyms[folded])
	if weak, ok := weakHeaders[folded]; ok {
		set |= 1 << weak
	}
	for _, m := range overrides[folded] {
		set |= 1 << m.field
	}
	return set
}

// fieldsJoined returns the fields that a header may be together with that of its
// group, in the order of joinHeaders.
func fieldsJoined(group, column foldedText, overrides mapping) fieldSet {
	if group.text == "" {
		return 0
	}
	if !group.joins || !column.joins {
		return fieldsNamed(foldHeader(joinHeaders(group.text, column.text, overrides)), overrides)
	}
	var room [64]byte
	for _, pair := range [][2]string{{group.fold, column.fold}, {column.fold, group.fold}} {
		joined := append(append(room[:0], pair[0]...), pair[1]...)
		if len(synonyms[string(joined)])+len(overrides[string(joined)]) > 0 {
			return fieldsNamed(string(joined), overrides)
		}
	}
	return 0
}

// count returns how many cells may name one of the fields.
func (r rowFields) count(of fieldSet) int {
	n := 0
	for _, set := range r {
		if set&of != 0 {
			n++
		}
	}
	return n
}

// all returns the fields that any cell may name.
func (r rowFields) all() (set fieldSet) {
	for _, s := range r {
		set |= s
	}
	return set
}

// mayMeet reports whether columns of some of the fields can be what the role cannot
// do without. A ledger may have its customers as headings.
func (d *roleDef) mayMeet(fields fieldSet) bool {
	return d.role == ledgerRole || !slices.ContainsFunc(d.needs, func(group []Field) bool { return setOf(group)&fields == 0 })
}

// groupAbove returns the header of the group that a column stands in: the last
// text of the upper row up to it.
func groupAbove(upper sheet.Row, column int, before string) string {
	if column < len(upper.Cells) && upper.Cells[column].Kind == sheet.Text && upper.Cells[column].Visible {
		return upper.Cells[column].Text
	}
	return before
}

// readHeader reads one row as a header. Under a group the two texts together
// may name what neither does alone: 借方 above 金额 is 借方金额.
func readHeader(def *roleDef, row, upper sheet.Row, overrides mapping) *header {
	h := &header{def: def, first: row.Number, last: row.Number, columns: map[Field]int{}, texts: map[int]string{}, raw: map[int]string{}, exact: map[string]bool{}, running: -1}
	for _, cell := range row.Cells {
		if cell.Kind == sheet.Text && len(overrides) > 0 {
			h.exact[foldSpaces(cell.Text)] = true
		}
	}
	group := ""
	for c, cell := range row.Cells {
		group = groupAbove(upper, c, group)
		if cell.Kind != sheet.Text {
			continue
		}
		h.raw[c] = foldSpaces(cell.Text)
		h.width = c + 1
		if joined := joinHeaders(group, cell.Text, overrides); joined != "" {
			h.take(c, joined, overrides)
			h.first = min(h.first, upper.Number)
		} else {
			h.take(c, cell.Text, overrides)
		}
	}
	return h
}

// joinHeaders joins the header of a group with one of its columns where the two
// together are a header: 借方 above 金额, 日期 above 开票. "" where they are not.
func joinHeaders(group, column string, overrides mapping) string {
	if group == "" || foldHeader(column) == "" {
		return ""
	}
	for _, joined := range []string{group + column, column + group} {
		if folded := foldHeader(joined); len(synonyms[folded])+len(overrides[folded]) > 0 {
			return joined
		}
	}
	return ""
}

// take reads one header cell. The first column of a field counts: exports
// repeat a header for the local currency further right.
func (h *header) take(column int, text string, overrides mapping) {
	folded := foldHeader(text)
	if folded == "" {
		return
	}
	h.texts[column] = strings.Join(strings.Fields(text), " ")
	fields := synonyms[folded]
	weak, isWeak := weakHeaders[folded]
	if isWeak && h.def.role == ledgerRole {
		fields = []Field{weak}
	}
	named, override := h.mapped(text, overrides)
	if override {
		fields = []Field{named}
	}
	for _, f := range fields {
		at, taken := h.columns[f]
		switch {
		case f == fIgnored || !slices.Contains(h.def.knows, f) || !override && isOverridden(overrides, f):
			continue
		case taken && !h.replaces(f, at, text):
			continue
		case taken:
			h.giveUp(at)
		}
		h.columns[f] = column
		h.describeAmount(f, column, text, override)
		return
	}
	if !slices.Contains(synonyms[folded], fIgnored) {
		h.unknown = append(h.unknown, column)
	}
}

// replaces reports whether a header is a field rather than the one that was taken
// for it: an amount in the document's own currency replaces one in the book's,
// and any header a weak one.
func (h *header) replaces(f Field, at int, text string) bool {
	taken, weak := isWeak(h.texts[at]), isWeak(text)
	switch {
	case h.def.role == ledgerRole && taken != weak:
		return taken
	case amountFields[f]:
		return isLocal(h.texts[at]) && !isLocal(text)
	}
	return false
}

// giveUp makes a column that was taken one that means nothing.
func (h *header) giveUp(column int) {
	h.unknown = append(h.unknown, column)
	if h.running == column {
		h.running = -1
	}
}

// mapping is what the config says about headers: folded header → what it maps to.
type mapping map[string][]mappedHeader

// mappedHeader is a header of the config and the field that it is.
type mappedHeader struct {
	field  Field
	header string
}

// mapped returns the field that the config gives a header. One that is written as
// in the config comes before one that is the same but for brackets and case, as
// Amount (EUR) and Amount (USD) are.
func (h *header) mapped(text string, overrides mapping) (Field, bool) {
	for _, m := range overrides[foldHeader(text)] {
		if m.header == foldSpaces(text) || !h.exact[m.header] {
			return m.field, true
		}
	}
	return fIgnored, false
}

// isOverridden reports whether the config says which header a field has.
func isOverridden(overrides mapping, f Field) bool {
	for _, list := range overrides {
		if slices.ContainsFunc(list, func(m mappedHeader) bool { return m.field == f }) {
			return true
		}
	}
	return false
}

// describeAmount keeps what the header of an amount says beside its name.
func (h *header) describeAmount(f Field, column int, text string, override bool) {
	if !amountFields[f] {
		return
	}
	if code := headerCurrency(text); code != "" {
		h.currency = code
	}
	if f == fAmount || f == fOpen || f == fDebit {
		h.local = isLocal(text)
	}
	if f == fOpen && !override && runningHeaders[foldHeader(text)] {
		h.running = column
	}
}

// dropRunning says that the balance runs over the lines: it is no open amount.
func (h *header) dropRunning() { delete(h.columns, fOpen) }

// preferGross takes the amount with tax where tax has a column of its own: it is
// what the customer owes.
func (h *header) preferGross() {
	tax, gross := -1, -1
	for c := range min(h.width, headerColumns) {
		switch folded := foldHeader(h.texts[c]); {
		case taxHeaders[folded]:
			tax = c
		case gross < 0 && isGross(h.texts[c]):
			gross = c
		}
	}
	at := h.col(fAmount)
	if at < 0 || tax < 0 && !withoutTax(h.texts[at]) || isGross(h.texts[at]) {
		return
	}
	if gross < 0 {
		h.taxApart = true
		return
	}
	h.giveUp(at)
	h.columns[fAmount] = gross
	h.unknown = slices.DeleteFunc(h.unknown, func(c int) bool { return c == gross })
}

// headerColumns is how many columns are looked at for what stands beside others.
const headerColumns = 512

// openFromBuckets recognises a list of open items by the aging buckets beside
// each document: what its total column holds is open, not what was invoiced.
func (h *header) openFromBuckets() {
	buckets, total := 0, -1
	for c := range min(h.width, headerColumns) { // in the order of columns
		text, named := h.texts[c]
		switch {
		case !named:
		case looksLikeBucket(text):
			buckets++
		case totalHeaders[foldHeader(text)]:
			total = c
		}
	}
	if buckets < 2 || h.has(fOpen) || total < 0 {
		return
	}
	if h.col(fAmount) == total {
		delete(h.columns, fAmount)
	}
	h.columns[fOpen] = total
	h.unknown = slices.DeleteFunc(h.unknown, func(c int) bool { return c == total })
}

// totalHeaders name the sum of a row's aging buckets.
var totalHeaders = map[string]bool{"total": true, "totaldue": true, "totalopen": true, "totaloutstanding": true, "totalamount": true, "合计": true, "应收款合计": true, "总计": true}

// addUpper reads the upper row of a two-row header: it names the columns that
// the lower row leaves empty, as merged cells do. A title row above a header
// names none, so it adds nothing.
func (h *header) addUpper(row sheet.Row, merges []sheet.Range, overrides mapping) {
	upper := readHeader(h.def, row, sheet.Row{}, overrides)
	if len(upper.columns) == 0 || len(upper.texts) < 2 {
		return
	}
	for c := 0; c < len(row.Cells); c++ {
		text, named := upper.texts[c]
		if _, below := h.texts[c]; below || !named || spansColumns(merges, row.Number, c) {
			continue
		}
		h.take(c, text, overrides)
	}
	h.first = row.Number
	h.width = max(h.width, upper.width)
}

// spansColumns reports whether a cell is merged with columns to its right: it
// heads a group, not a column.
func spansColumns(merges []sheet.Range, row, column int) bool {
	return slices.ContainsFunc(merges, func(m sheet.Range) bool {
		return row >= m.FirstRow && row <= m.LastRow && column+1 >= m.FirstCol && column+1 <= m.LastCol && m.LastCol > m.FirstCol
	})
}

// amountFields are the columns that hold money.
var amountFields = map[Field]bool{fAmount: true, fDebit: true, fCredit: true, fOpen: true, fPaid: true, fReceived: true, fCost: true, fBalance: true}

// chooseHeader decides what a sheet is: by its name where its columns fit, else
// by the role whose header names the most columns, the ledger first. The name says
// nothing of lists of customers and reps where the columns are those of documents:
// "Customer Ledger Entries" is a ledger.
func chooseHeader(name string, rows []sheet.Row, merges []sheet.Range, overrides mapping, want role) *header {
	var best *header
	bestScore, documents := 0, false
	named := fieldsOf(rows, overrides)
	for i := range roles {
		def := &roles[i]
		if want != noRole && def.role != want {
			continue
		}
		h := findHeader(def, rows, named, merges, overrides)
		if h == nil {
			continue
		}
		if def.role == ledgerRole {
			h.openFromBuckets()
			documents = h.listsDocuments()
			if !isOverridden(overrides, fAmount) {
				h.preferGross()
			}
		}
		score := 10 * len(h.columns)
		if def.named(name) && !(documents && (def.role == customersRole || def.role == repsRole)) {
			score += 1000
		}
		if def.role == ledgerRole {
			score += 5
		}
		if best == nil || score > bestScore {
			best, bestScore = h, score
		}
	}
	return best
}

// listsDocuments reports whether a ledger's header has a document, a date and an
// amount.
func (h *header) listsDocuments() bool {
	return h.has(fDocument) && slices.ContainsFunc([]Field{fPosted, fIssued, fDue, fReceivedOn}, h.has) &&
		slices.ContainsFunc([]Field{fAmount, fDebit, fCredit, fOpen, fReceived}, h.has)
}

// saysTotal reports whether a text is nothing but the word for a total.
func saysTotal(text string) bool {
	switch foldHeader(text) {
	case "合计", "小计", "总计", "共计", "累计", "本日合计", "本月合计", "本月累计", "本期合计", "本季合计", "本年合计", "本年累计", "期末合计", "过次页", "承前页", "本页合计", "total", "totals", "sum", "subtotal", "grandtotal", "pagetotal", "runningtotal", "balancecarriedforward", "balancecf":
		return true
	}
	return false
}

// isTotal reports whether a text marks a subtotal or total row.
func isTotal(text string) bool {
	if !mayBeTotal(text) {
		return false
	}
	t := strings.ToLower(strings.Join(strings.Fields(simplified(narrow(text))), " "))
	compact := strings.ReplaceAll(t, " ", "")
	for _, word := range []string{"合计", "小计", "总计", "共计", "累计", "本月合计", "本年累计", "本期合计", "期末合计", "过次页", "承前页", "本页合计"} {
		if strings.HasPrefix(compact, word) || strings.HasSuffix(strings.TrimRight(compact, ":："), word) {
			return true
		}
	}
	t = strings.TrimRight(t, " :.")
	for _, word := range []string{"total", "subtotal", "sub-total", "sub total", "grand total", "totals", "sum", "balance c/f", "balance carried forward", "page total", "running total", "report total"} {
		if t == word || strings.HasPrefix(t, word+" ") || strings.HasPrefix(t, word+":") || strings.HasSuffix(t, " "+word) {
			return true
		}
	}
	return false
}

// mayBeTotal is a quick no for nearly every text of a ledger: the words for a
// total are beyond ASCII, or have to, su or ba in them.
func mayBeTotal(text string) bool {
	if last := len(text) - 1; last >= 0 && text[0]-'0' <= 9 && text[last]-'0' <= 9 {
		return false // as all dates: the words stand at one of the ends
	}
	before := byte(0)
	for i := range len(text) {
		c := text[i]
		switch lower := c | 0x20; {
		case c >= utf8.RuneSelf,
			lower == 'o' && before == 't', lower == 'u' && before == 's', lower == 'a' && before == 'b':
			return true
		default:
			before = lower
		}
	}
	return false
}
