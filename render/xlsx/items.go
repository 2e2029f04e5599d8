package xlsx

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The prefixes of the ranges of data sheets.
const (
	openPrefix         = "open"
	openingPrefix      = "opening"
	closingPrefix      = "closing"
	linesPrefix        = "lines"
	applicationsPrefix = "applied"
	costsPrefix        = "costs"
)

// closingFrom returns the prefix of the items at the end of the period: the
// open items, where it ends at the as-of date.
func (b *book) closingFrom() string {
	if b.pack.To == b.pack.AsOf {
		return openPrefix
	}
	return closingPrefix
}

// placeData lays out the data sheets. A book without history has open items
// and their costs only.
func (b *book) placeData() {
	d := &b.pack.Detail
	open := b.itemsTable(openPrefix, openSheet, d.Open)
	b.itemColumns = open.printed()
	b.sources = append(b.sources, open)
	if b.pack.To != b.pack.AsOf {
		b.sources = append(b.sources, b.itemsTable(closingPrefix, b.words.Text("workbook.sheet.closing"), d.Closing))
	}
	if !b.pack.Snapshot {
		b.sources = append(b.sources,
			b.itemsTable(openingPrefix, b.words.Text("workbook.sheet.opening"), d.Opening),
			b.linesTable(), b.applicationsTable())
	}
	b.sources = append(b.sources, b.costsTable())
	for _, source := range b.sources {
		source.place(b)
	}
}

// addOpenItems adds the sheet that every reader of the workbook looks for.
func (b *book) addOpenItems() { b.sources[0].addTo(b) }

// addData adds the other data sheets.
func (b *book) addData() {
	for _, source := range b.sources[1:] {
		source.addTo(b)
	}
}

// itemsTable lists what is open at a date: first what a reader looks for, up to
// the source, then the rest. Computed in it: the amount in the book's currency,
// the loss rate of the bucket, and the provision, rounded at the document and
// then converted (rules §5, §9).
func (b *book) itemsTable(prefix, name string, items []analysis.Item) *dataTable[analysis.Item] {
	t := &dataTable[analysis.Item]{prefix: prefix, name: name, about: b.words.Text("workbook.about." + prefix), rows: items, freeze: 1}
	t.columns = append(b.itemColumnsFirst(t), b.itemColumnsLast(t, prefix)...)
	t.columns = append(t.columns, b.itemKeys(prefix)...)
	t.columns = append(t.columns, ownerKeys(b, itemOwner)...)
	return t
}

// itemKeys are the numbers that formulas select items by: those of the open
// items by more than those of other dates.
func (b *book) itemKeys(prefix string) []column[analysis.Item] {
	keys := []column[analysis.Item]{keyColumn(b, "bucket_no", func(i *analysis.Item) int { return int(i.Bucket) + 1 })}
	if prefix != openingPrefix {
		keys = append(keys, keyColumn(b, "past_due", func(i *analysis.Item) int { return oneIf(i.PastDue) }))
	}
	if prefix == openPrefix {
		counted := firstInstalments()
		keys = append(keys,
			keyColumn(b, "is_disputed", func(i *analysis.Item) int { return oneIf(i.Disputed) }),
			keyColumn(b, "is_specific", func(i *analysis.Item) int { return oneIf(i.Specific) }),
			keyColumn(b, "documents", func(i *analysis.Item) int { return oneIf(counted(i)) }),
		)
	}
	return keys
}

func itemOwner(i *analysis.Item) *analysis.Owner { return &i.Owner }

func itemCurrency(i *analysis.Item) int32 { return i.Currency }

// hasInstalments reports whether an item is one of several of its document.
func hasInstalments(items []analysis.Item) bool {
	return slices.ContainsFunc(items, func(i analysis.Item) bool { return i.Instalment != 0 })
}

// itemColumnsFirst are the columns that are printed.
func (b *book) itemColumnsFirst(t *dataTable[analysis.Item]) []column[analysis.Item] {
	owner := ownerNames(b, itemOwner)
	list := []column[analysis.Item]{textColumn(b, "document", func(i *analysis.Item) string { return i.ID })}
	if hasInstalments(t.rows) {
		list = append(list, itemInstalment(b))
	}
	list = append(list,
		kindColumn(b, func(i *analysis.Item) ledger.Kind { return i.Kind }),
		owner.id, owner.name, owner.rep, owner.currency,
		dateColumn(b, "due", func(i *analysis.Item) ledger.Date { return i.Due }),
		column[analysis.Item]{key: "age", head: b.words.Text("workbook.age"), width: 8, right: true, write: func(r *rowWriter, i *analysis.Item) {
			r.whole(b.style(countFormat, plainRole), int64(i.AgeDays))
		}},
		b.bucketColumn(),
		textColumn(b, "disputed", func(i *analysis.Item) string {
			if i.Disputed {
				return b.words.Text("mark.disputed")
			}
			return ""
		}),
		amountColumn(b, "native", itemCurrency, func(i *analysis.Item) ledger.Minor { return i.Open }),
		bookColumn(b, t, "book", "native", func(i *analysis.Item) (int32, ledger.Minor, ledger.Ratio, ledger.Minor) {
			return i.Currency, i.Open, i.Rate, i.OpenBook
		}),
	)
	// The column is there where it says something: figures never follow from it (rules §12).
	if slices.ContainsFunc(t.rows, func(i analysis.Item) bool { return i.LaterPaid != 0 }) {
		later := amountColumn(b, "later_paid", itemCurrency, func(i *analysis.Item) ledger.Minor { return i.LaterPaid })
		later.sum = false
		list = append(list, later)
	}
	provision := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return `IF(` + at("provision_native") + `="","",` + round(at("provision_native")+"*"+at("fx"), cur) + `)`
	})
	return append(list,
		column[analysis.Item]{key: "loss_rate", head: b.words.Text("column.loss_rate"), width: 10, right: true, write: b.lossRateWriter(t)},
		column[analysis.Item]{key: "provision_book", head: b.words.Text("workbook.provision_book", b.base().Code), width: 15, right: true, sum: true,
			write: func(r *rowWriter, i *analysis.Item) {
				b.writeIfProvided(r, i, b.base(), i.ProvisionBook, provision)
			}},
		sourceColumn(b, func(i *analysis.Item) ledger.Pos { return i.Pos }),
	)
}

// itemColumnsLast are the columns that a reader looks up now and then.
func (b *book) itemColumnsLast(t *dataTable[analysis.Item], prefix string) []column[analysis.Item] {
	provision := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return `IF(` + at("loss_rate") + `="","",` + round(at("native")+"*"+at("loss_rate"), cur) + `)`
	})
	var list []column[analysis.Item]
	if !hasInstalments(t.rows) {
		list = append(list, itemInstalment(b))
	}
	list = append(list,
		ownerNames(b, itemOwner).region,
		dateColumn(b, "issued", func(i *analysis.Item) ledger.Date { return i.Issued }),
		dateColumn(b, "posted", func(i *analysis.Item) ledger.Date { return i.Posted }),
		amountColumn(b, "amount", itemCurrency, func(i *analysis.Item) ledger.Minor { return i.Amount }),
		exchangeColumn(b, func(i *analysis.Item) ledger.Ratio { return i.Rate }),
		column[analysis.Item]{key: "provision_native", head: b.words.Text("workbook.provision_native"), width: 15, right: true, sum: true,
			write: func(r *rowWriter, i *analysis.Item) {
				b.writeIfProvided(r, i, b.currency(int(i.Currency)), i.Provision, provision)
			}},
	)
	if prefix == openPrefix {
		expected := dateColumn(b, "expected", func(i *analysis.Item) ledger.Date { return i.Expected })
		expected.head, expected.sum = b.words.Text("workbook.expected"), false
		list = append(list, expected)
	}
	return list
}

// bucketColumn names the bucket of an item.
func (b *book) bucketColumn() column[analysis.Item] {
	return choiceColumn(b, "bucket", b.bucketLabels(), func(i *analysis.Item) int { return int(i.Bucket) - analysis.OnAccountBucket })
}

func itemInstalment(b *book) column[analysis.Item] {
	return instalmentColumn(b, func(i *analysis.Item) int16 { return i.Instalment })
}

func oneIf(is bool) int {
	if is {
		return 1
	}
	return 0
}

// firstInstalments tells which items count as a document: debits, and of the
// instalments of one document the first (rules §2). It must be asked for the
// items in their order.
func firstInstalments() func(*analysis.Item) bool {
	type document struct {
		customer, currency int32
		id                 string
	}
	seen := map[document]bool{}
	return func(i *analysis.Item) bool {
		if i.Open < 0 {
			return false
		}
		if i.Instalment == 0 {
			return true
		}
		key := document{i.Customer, i.Currency, i.ID}
		first := !seen[key]
		seen[key] = true
		return first
	}
}

// bucketLabels names the column of credits on account, then every bucket.
func (b *book) bucketLabels() []string {
	labels := []string{b.words.Text("bucket.on_account")}
	for _, bucket := range b.pack.Buckets {
		labels = append(labels, b.words.Bucket(bucket))
	}
	return labels
}

// kindNames names the kinds of entries.
func (b *book) kindNames() []string {
	var names []string
	for k := ledger.Invoice; k <= ledger.Opening; k++ {
		names = append(names, b.words.Text("kind."+k.String()))
	}
	return names
}

// instalmentColumn is the number of an instalment; blank where the document is
// not in instalments.
func instalmentColumn[T any](b *book, value func(*T) int16) column[T] {
	style := b.style(countFormat, plainRole)
	return column[T]{key: "instalment", head: b.words.Text("column.instalment"), width: 11, right: true, write: func(r *rowWriter, row *T) {
		if n := value(row); n != 0 {
			r.whole(style, int64(n))
			return
		}
		r.skip(1)
	}}
}

// exchangeColumn is the rate of exchange of the row: book currency per unit.
func exchangeColumn[T any](b *book, value func(*T) ledger.Ratio) column[T] {
	style, rate := b.style(fxFormat, plainRole), b.numbers.repeated()
	return column[T]{key: "fx", head: b.words.Text("workbook.fx"), width: 11, right: true, write: func(r *rowWriter, row *T) {
		r.ratio(style, rate(value(row)))
	}}
}

// bookColumn converts an amount of the row: ROUND(native × rate, exponent). A
// part of a credit that was netted against a bucket may hold the minor unit
// that keeps the parts of the credit footing; it is added in the open.
func bookColumn[T any](b *book, t *dataTable[T], key, native string, values func(*T) (currency int32, amount ledger.Minor, rate ledger.Ratio, book ledger.Minor)) column[T] {
	base := b.base()
	style := b.style(money(base), plainRole)
	formula := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return round(at(native)+"*"+at("fx"), cur)
	})
	return column[T]{key: key, head: b.words.Text("workbook."+key, base.Code), width: 15, right: true, sum: true, write: func(r *rowWriter, row *T) {
		currency, amount, rate, book := values(row)
		switch rest := book - b.convert(amount, currency, rate); {
		case rest == 0:
			r.amountFormula(style, formula(base), book, base)
		case rest > 0:
			r.amountPlus(style, formula(base), "+"+decimal(rest, base), book, base)
		default:
			r.amountPlus(style, formula(base), decimal(rest, base), book, base)
		}
	}}
}

// convert converts an amount to the book's currency as the formula does
// (rules §5).
func (b *book) convert(m ledger.Minor, currency int32, rate ledger.Ratio) ledger.Minor {
	if int(currency) == b.pack.Base || m == 0 {
		return m
	}
	shift := b.base().Exponent - b.currency(int(currency)).Exponent
	num, den := rate.Num, rate.Den
	for ; shift > 0 && num <= math.MaxInt64/10; shift-- {
		num *= 10
	}
	for ; shift < 0 && den <= math.MaxInt64/10; shift++ {
		den *= 10
	}
	if shift != 0 {
		return convertLong(m, num, den, shift)
	}
	book, _ := m.MulDiv(num, den) // out of range: then the pack was refused
	return book
}

// convertLong is m × num ÷ den × 10^shift for rates that need more than a
// machine word.
func convertLong(m ledger.Minor, num, den int64, shift int) ledger.Minor {
	exact := new(big.Rat).SetFrac64(num, den)
	exact.Mul(exact, new(big.Rat).SetInt64(int64(m)))
	for ; shift > 0; shift-- {
		exact.Mul(exact, big.NewRat(10, 1))
	}
	for ; shift < 0; shift++ {
		exact.Mul(exact, big.NewRat(1, 10))
	}
	n, err := strconv.ParseInt(exact.FloatString(0), 10, 64)
	if err != nil {
		return 0 // out of range: then the pack was refused
	}
	return ledger.Minor(n)
}

// lossRateName is the cell of a bucket's loss rate.
func lossRateName(bucket int) string { return "loss_rate_" + strconv.Itoa(bucket+1) }

// provided reports whether an item has a provision by the matrix: credits have
// none.
func provided(i *analysis.Item) bool { return i.Open > 0 && i.Bucket != analysis.OnAccountBucket }

// lossRateWriter writes the loss rate of the item's bucket.
func (b *book) lossRateWriter(t *dataTable[analysis.Item]) func(*rowWriter, *analysis.Item) {
	style, rate := b.style(rateFormat, plainRole), b.numbers.repeated()
	ofBucket := make([]*rowFormula, len(b.pack.Buckets))
	for i := range ofBucket {
		name := lossRateName(i)
		ofBucket[i] = t.formula(func(func(string) string) string { return `IF(` + name + `="","",` + name + `)` })
	}
	return func(r *rowWriter, i *analysis.Item) {
		switch value := rate(i.LossRate).fraction; {
		case !provided(i):
			r.blank(style)
		case i.Specific: // the customer's own: a change of the bucket's rate leaves it alone (rules §9)
			r.number(style, value)
		case value == "":
			r.emptyFormula(style, ofBucket[i.Bucket])
		default:
			r.numberFormula(style, ofBucket[i.Bucket], value)
		}
	}
}

// writeIfProvided writes an amount of the provision; credits have none.
func (b *book) writeIfProvided(r *rowWriter, i *analysis.Item, cur ledger.Currency, amount ledger.Minor, formula func(ledger.Currency) *rowFormula) {
	style := b.style(money(cur), plainRole)
	switch {
	case !provided(i):
		r.blank(style)
	case !i.LossRate.Given():
		r.emptyFormula(style, formula(cur))
	default:
		r.amountFormula(style, formula(cur), amount, cur)
	}
}
