package samples

import (
	"fmt"
	"os"
	"strconv"

	"duepack/analysis/ledger"
)

// book writes what the generator tells into files.
type book struct {
	dir       string
	options   Options
	out       tables
	generator *generator
	rows      table
	columns   []ledgerColumn
	written   int // rows of the Ledger sheet in the present file
	files     int
}

// ledgerColumn is a column of the Ledger sheet and how a row fills it.
type ledgerColumn struct {
	column
	cell func(b *book, r *row, t table)
}

func newBook(dir string, o Options) (*book, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	b := &book{dir: dir, options: o, columns: columnsOf(o.Layout)}
	if o.Format == CSV {
		b.out, b.files = &delimited{dir: dir}, 1
		return b, b.beginLedger()
	}
	return b, b.nextWorkbook()
}

// nextWorkbook ends the present workbook and begins another.
func (b *book) nextWorkbook() error {
	if b.out != nil {
		if err := b.out.close(); err != nil {
			return err
		}
	}
	b.files++
	out, err := newWorkbook(workbookPath(b.dir, b.files), b.options.Rows > 100_000)
	if err != nil {
		return err
	}
	b.out = out
	return b.beginLedger()
}

func (b *book) beginLedger() error {
	var title word
	if b.options.Layout == Snapshot {
		title = word{"As of " + asOf.String(), "截至 " + asOf.String()}
	}
	heads := make([]column, len(b.columns))
	for i := range heads {
		heads[i] = b.columns[i].column
	}
	var err error
	b.written = 0
	b.rows, err = b.out.sheet(word{"Ledger", "应收账款明细"}, title, b.options.Lang, heads)
	return err
}

// ledgerRow writes a row of the Ledger sheet.
func (b *book) ledgerRow(r *row) error {
	if b.options.Format == Workbook && b.written == maxSheetRows {
		if err := b.nextWorkbook(); err != nil {
			return err
		}
	}
	for i := range b.columns {
		b.columns[i].cell(b, r, b.rows)
	}
	b.written++
	return b.rows.end()
}

func (b *book) abandon() { b.out.abandon() }

// finish writes the other sheets and the configuration. The first workbook
// has all lines of a book that fits; of a larger one the last has the sheets.
func (b *book) finish() error {
	for _, write := range []func() error{b.customers, b.reps, b.targets, b.promises, b.rates, b.control} {
		if err := write(); err != nil {
			b.abandon()
			return err
		}
	}
	if err := b.out.close(); err != nil {
		return err
	}
	return b.config()
}

func (b *book) word(w word) string { return w.in(b.options.Lang) }

func (b *book) customerName(c *customer) string {
	if c.chineseOwn {
		return c.name.zh
	}
	return b.word(c.name)
}

// terms writes payment terms as the language has them.
func (b *book) terms(t ledger.Terms) string {
	if b.options.Lang != Chinese {
		return t.String()
	}
	switch t.Kind {
	case ledger.TermsEOM:
		return "月结" + strconv.Itoa(int(t.Days)) + "天"
	case ledger.TermsCOD:
		return "货到付款"
	}
	return strconv.Itoa(int(t.Days)) + "天"
}

// columnsOf lists the columns of the Ledger sheet of a layout.
func columnsOf(layout string) []ledgerColumn {
	list := []ledgerColumn{
		{column{word{"Document", "单据编号"}, 13}, func(b *book, r *row, t table) { t.code(r.document) }},
		{column{word{"Type", "单据类型"}, 12}, func(b *book, r *row, t table) { t.text(b.word(kindNames[r.kind])) }},
		{column{word{"Customer", "客户编号"}, 10}, func(b *book, r *row, t table) { t.text(b.generator.customers[r.customer].id) }},
		{column{word{"Customer Name", "客户名称"}, 34}, func(b *book, r *row, t table) { t.text(b.customerName(&b.generator.customers[r.customer])) }},
		{column{word{"Rep", "业务员"}, 7}, func(b *book, r *row, t table) { t.text(b.generator.reps[r.rep].id) }},
		{column{word{"Region", "区域"}, 10}, func(b *book, r *row, t table) { t.text(b.word(regionNames[r.region])) }},
		{column{word{"Currency", "币种"}, 9}, func(b *book, r *row, t table) { t.text(currencyList[r.currency].Code) }},
		{column{word{"Posted", "记账日期"}, 11}, func(b *book, r *row, t table) { t.date(r.posted) }},
		{column{word{"Issued", "单据日期"}, 11}, func(b *book, r *row, t table) { t.date(r.issued) }},
		{column{word{"Due", "到期日"}, 11}, dueCell},
		{column{word{"Terms", "付款条件"}, 10}, termsCell},
	}
	if layout != Settled {
		list = append(list, ledgerColumn{column{word{"Instalment", "期次"}, 10}, func(b *book, r *row, t table) { count(t, int(r.instalment)) }})
	}
	switch layout {
	case DebitCredit:
		list = append(list,
			ledgerColumn{column{word{"Debit", "借方金额"}, 15}, func(b *book, r *row, t table) { b.side(r, t, r.amount) }},
			ledgerColumn{column{word{"Credit", "贷方金额"}, 15}, func(b *book, r *row, t table) { b.side(r, t, -r.amount) }})
	default:
		list = append(list, ledgerColumn{column{word{"Amount", "金额"}, 15}, func(b *book, r *row, t table) { b.money(r, t, r.amount) }})
	}
	switch layout {
	case Snapshot:
		list = append(list, ledgerColumn{column{word{"Open Amount", "未收金额"}, 15}, func(b *book, r *row, t table) { b.money(r, t, r.open) }})
	case Settled:
		list = append(list, ledgerColumn{column{word{"Settled On", "结清日期"}, 11}, func(b *book, r *row, t table) { t.date(r.settledOn) }})
	default:
		list = append(list, ledgerColumn{column{word{"Settles", "核销单号"}, 13}, func(b *book, r *row, t table) { t.code(r.settles) }})
	}
	return append(list, []ledgerColumn{
		{column{word{"Cost", "成本"}, 15}, costCell},
		{column{word{"Disputed", "争议"}, 9}, disputedCell},
		{column{word{"Contract", "合同编号"}, 13}, contractCell},
		{column{word{"Delivery", "送货单号"}, 13}, deliveryCell},
		{column{word{"Created By", "制单人"}, 11}, func(b *book, r *row, t table) { t.text(b.word(clerks[r.clerk])) }},
		{column{word{"Approved By", "审核人"}, 11}, approverCell},
		{column{word{"Note", "备注"}, 30}, func(b *book, r *row, t table) { t.text(b.word(noteTexts[r.note])) }},
	}...)
}

func (b *book) money(r *row, t table, amount ledger.Minor) {
	t.money(amount, currencyList[r.currency].Exponent)
}

// side writes an amount on its side only.
func (b *book) side(r *row, t table, amount ledger.Minor) {
	if amount < 0 {
		t.skip()
		return
	}
	b.money(r, t, amount)
}

func count(t table, n int) {
	if n == 0 {
		t.skip()
		return
	}
	t.number(strconv.Itoa(n))
}

// dueCell leaves the due date of debit notes to the terms, as exports do.
func dueCell(b *book, r *row, t table) {
	if r.kind == ledger.DebitNote {
		t.skip()
		return
	}
	t.date(r.due)
}

func termsCell(b *book, r *row, t table) {
	if r.amount < 0 || r.kind != ledger.Invoice && r.kind != ledger.DebitNote && r.kind != ledger.Opening || r.instalment != 0 {
		t.skip()
		return
	}
	t.text(b.terms(b.generator.customers[r.customer].terms))
}

func costCell(b *book, r *row, t table) {
	if !r.hasCost {
		t.skip()
		return
	}
	b.money(r, t, r.cost)
}

func disputedCell(b *book, r *row, t table) {
	if !r.disputed {
		t.skip()
		return
	}
	t.text(b.word(word{"Yes", "是"}))
}

// contractCell names the yearly contract of customers who have one.
func contractCell(b *book, r *row, t table) {
	c := &b.generator.customers[r.customer]
	if r.kind != ledger.Invoice || !c.contract {
		t.skip()
		return
	}
	year, _, _ := r.issued.Civil()
	t.text(fmt.Sprintf("HT-%d-%s", year, c.id[1:]))
}

// deliveryCell numbers the delivery after its invoice; few have no evidence.
func deliveryCell(b *book, r *row, t table) {
	if r.kind != ledger.Invoice || r.amount < 0 || r.noDelivery {
		t.skip()
		return
	}
	t.code("SH" + r.document[len(r.document)-7:])
}

func approverCell(b *book, r *row, t table) {
	if r.approver < 0 {
		t.skip()
		return
	}
	t.text(b.word(clerks[r.approver]))
}
