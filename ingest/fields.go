package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

type parsedTerms struct {
	text  string
	terms ledger.Terms
	ok    bool
}

func (r *rowReader) kind() (kindWord, bool) {
	if r.layout == "receipts" {
		if !r.has(fReceived) && !r.has(fReceivedOn) {
			r.draft.byName++
		}
		return kindWord{kind: ledger.Receipt}, true
	}
	cell := r.cell(fType)
	if known, ok := r.knownKinds.of(cell); ok {
		return known, true
	}
	text := r.text(fType)
	if text == "" {
		switch {
		case r.layout == "settled":
			return kindWord{kind: ledger.Invoice}, true
		case r.layout == "ledger" && r.tab.named && !r.has(fType):
			r.draft.byName++
			return r.tab.kind, true
		}
		return kindWord{}, false
	}
	word, ok := kinds[foldHeader(text)]
	if ok {
		r.knownKinds.keep(cell, word)
	}
	if !ok {
		r.fail("bad-type", r.col(fType), text, quote(text)+" is not a type of document",
			"want invoice, debit note, credit note, receipt, refund, write-off, recovery, adjustment or opening")
	}
	return word, ok
}

// assumeKind takes a debit for an invoice and a credit for a receipt; in a list
// of open items a credit is taken for a credit note.
func (r *rowReader) assumeKind(e *ledger.Entry) ledger.Kind {
	r.draft.kindless++
	switch {
	case e.Amount >= 0:
		return ledger.Invoice
	case r.layout == "snapshot":
		return ledger.CreditNote
	}
	return ledger.Receipt
}

// readParties reads customer, rep and region.
func (r *rowReader) readParties(e *ledger.Entry) {
	if !r.readCustomerOf(e) {
		return
	}
	e.Rep = r.party(&r.knownReps, fRep, r.parties.rep)
	e.Region = r.party(&r.knownRegions, fRegion, r.parties.region)
}

// readCustomerOf reads the customer of a line; false where it names none.
func (r *rowReader) readCustomerOf(e *ledger.Entry) bool {
	cell, beside := r.cell(fCustomer), r.cell(fCustomerName)
	if len(r.group) == 0 {
		if customer, known := r.knownCustomers.of(cell, beside); known {
			e.Customer = customer
			return true
		}
	}
	id, name := r.text(fCustomer), r.text(fCustomerName)
	if len(r.group) > 0 {
		id, name = r.group[0], r.group[len(r.group)-1]
	}
	if id == "" {
		id = name
	}
	if id == "" && r.bad {
		return false // its cell has an error, which was said
	}
	if id == "" {
		r.fail("missing-customer", max(r.col(fCustomer), r.col(fCustomerName)), "", "the row has an amount but no customer",
			"name the customer, or mark the row as a total")
		return false
	}
	e.Customer = r.customer(id, "")
	r.draft.name(e.Customer, name, r.row.Number)
	if len(r.group) == 0 && !r.bad {
		r.knownCustomers.keep(cell, beside, e.Customer)
	}
	return true
}

// party returns the index of what a cell names by its id, None where it is empty.
func (r *rowReader) party(memo *memo[int32], f Field, index func(id string) int32) int32 {
	cell := r.cell(f)
	if known, ok := memo.of(cell); ok {
		return known
	}
	id := r.text(f)
	if id == "" {
		return ledger.None
	}
	i := index(id)
	memo.keep(cell, i)
	return i
}

// name keeps what a row calls a customer, unless one was called so before.
func (d *draft) name(customer int32, name string, row int) {
	c, key := &d.ledger.Customers[customer], naming{customer: customer, name: name}
	switch {
	case name == "" || name == c.Name || d.said[key]:
		return
	}
	key.name = strings.Clone(name)
	if c.Name == "" {
		c.Name = key.name
	} else {
		d.said[key] = true
	}
	d.namings = append(d.namings, naming{customer, key.name, row})
}

func (r *rowReader) currency(e *ledger.Entry) {
	cell := r.cell(fCurrency)
	if known, ok := r.knownCodes.of(cell); ok && !r.tab.header.local {
		e.Currency = known
		return
	}
	text := r.text(fCurrency)
	switch {
	case r.tab.header.local: // the amounts are in the book's currency, whatever the document's is
		return
	case text == "" && r.tab.currency != "":
		e.Currency = r.currencyIndex(r.tab.currency)
		return
	case text == "":
		return
	}
	code := currencyCode(text)
	if code != "" {
		e.Currency = r.currencyIndex(code)
	} else if _, isWord := currencyWords[strings.ToUpper(text)]; !isWord { // 本位币: the book's currency
		r.fail("bad-currency", r.col(fCurrency), text, quote(text)+" is not a currency", "want an ISO 4217 code such as CNY")
		return
	}
	r.knownCodes.keep(cell, e.Currency)
}

// exponent returns the number of decimals of the row's currency; the book's
// where the row names none.
func (r *rowReader) exponent(e *ledger.Entry) int {
	if e.Currency == noCurrency {
		return r.baseExponent
	}
	return r.ledger.Currencies[e.Currency].Exponent
}

// amounts reads the money of a row.
func (r *rowReader) amounts(e *ledger.Entry) {
	switch r.layout {
	case "debit-credit":
		if r.forward {
			e.Amount = r.broughtForward(e)
			return
		}
		debit, hasDebit := r.amount(e, fDebit)
		credit, hasCredit := r.amount(e, fCredit)
		if !hasDebit && !hasCredit && !r.bad {
			r.missingAmount(fDebit)
		}
		e.Amount = debit - credit
	case "receipts":
		field := fReceived
		if !r.has(fReceived) {
			field = fAmount
		}
		amount, ok := r.amount(e, field)
		if !ok && !r.bad {
			r.missingAmount(field)
		}
		e.Amount = -amount
	case "snapshot":
		r.openAmounts(e)
	default:
		amount, ok := r.amount(e, fAmount)
		if !ok && !r.bad {
			r.missingAmount(fAmount)
		}
		e.Amount = amount
	}
	if cost, ok := r.amount(e, fCost); ok {
		e.Cost = cost
		e.Flags |= ledger.HasCost
	}
}

// broughtForward reads the balance of a row that brings one forward: a credit
// where the row says 贷 or CR.
func (r *rowReader) broughtForward(e *ledger.Entry) ledger.Minor {
	amount, _ := r.amountAt(e, fOpen, r.tab.header.running)
	credit := slices.ContainsFunc(r.row.Cells, func(c sheet.Cell) bool {
		text := strings.ToUpper(trim(c.Text))
		return c.Kind == sheet.Text && (text == "贷" || text == "CR" || text == "CREDIT")
	})
	if credit && amount > 0 {
		return -amount
	}
	return amount
}

func (r *rowReader) missingAmount(f Field) {
	r.fail("missing-amount", r.col(f), "", "the row has a date but no amount", "write the amount, or 0.00")
}

// openAmounts reads a row of a snapshot: the open amount as it is given, or
// amount − paid where the export has no open amount.
func (r *rowReader) openAmounts(e *ledger.Entry) {
	amount, hasAmount := r.amount(e, fAmount)
	paid, hasPaid := r.amount(e, fPaid)
	if !r.has(fPaid) {
		paid, hasPaid = r.amount(e, fReceived)
	}
	open, hasOpen := r.amount(e, fOpen)
	switch {
	case r.bad:
	case r.has(fOpen) && !hasOpen:
		r.missingAmount(fOpen)
	case !r.has(fOpen) && !hasAmount:
		r.missingAmount(fAmount)
	case !r.has(fOpen):
		open = amount - paid
	case hasAmount && amount != 0 && hasPaid && open != amount-paid:
		r.note("open-differs", r.col(fOpen), "", fmt.Sprintf("the open amount is not the amount less what was paid (%s)", (amount-paid).Decimal(r.exponent(e))))
	}
	if !hasAmount || amount == 0 {
		amount = open // an advance that was never an invoice
	}
	if open != 0 && ((open > 0) != (amount > 0) || open.Abs() > amount.Abs()) {
		r.draft.notOpen++
	}
	e.Amount, e.Open = amount, open
	e.Flags |= ledger.HasOpen
}

// amount reads an amount in minor units of the row's currency. has is false
// for an empty cell.
func (r *rowReader) amount(e *ledger.Entry, f Field) (m ledger.Minor, has bool) {
	return r.amountAt(e, f, r.col(f))
}

// amountAt reads the amount of a field that stands in a column.
func (r *rowReader) amountAt(e *ledger.Entry, f Field, c int) (m ledger.Minor, has bool) {
	cell := r.cellAt(c)
	if c < 0 || cell.Kind == sheet.Empty {
		return 0, false
	}
	if at, merged := r.carriedTo(c); merged && r.row.Number > at.first && r.row.Number <= at.last && cell.Kind == at.cell.Kind && cell.Text == at.cell.Text {
		r.fail("merged-amount", c, cell.Text, fmt.Sprintf("one amount, %s, stands in a cell merged over the rows %d to %d, so it is not clear how much of it is whose", quote(cell.Text), at.first, at.last),
			"unmerge the cell and write the amount of each row")
		return 0, false
	}
	if cell.Kind == sheet.Error {
		r.fail("error-cell", c, cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not an amount", "mend the formula and export again")
		return 0, false
	}
	if m, ok := r.plainAmount(e, f, c, cell); ok {
		return m, true
	}
	number := cell.Kind == sheet.Number
	in := r.settled.styles[f]
	if number {
		in = pointDecimal
	}
	p, ok := parseAmount(cell.Text, in)
	if !ok || cell.Kind == sheet.Bool || cell.Kind == sheet.Date {
		r.fail("bad-amount", c, cell.Text, quote(cell.Text)+" is not an amount", "write it as 1234.50")
		return 0, false
	}
	if p.empty {
		return 0, cell.Visible
	}
	if p.side != 0 && f.isCredit() {
		p.value.coefficient = -p.value.coefficient // 5.00 Cr in a column of credits is one
	}
	if !number {
		r.observeAmount(f, p, cell.Text, c, r.exponent(e))
		if r.workbook {
			r.note("text-amount", c, cell.Text, quote(cell.Text)+" is an amount written as text")
		}
	}
	switch {
	case p.currency == "":
	case e.Currency == noCurrency && !r.has(fCurrency):
		e.Currency = r.currencyIndex(p.currency)
	case e.Currency != noCurrency && r.ledger.Currencies[e.Currency].Code != p.currency:
		code := r.ledger.Currencies[e.Currency].Code
		r.fail("currency-conflict", c, cell.Text, fmt.Sprintf("%s is in %s, but the line is in %s", quote(cell.Text), p.currency, code), "mend the amount or the currency of the line")
		return 0, false
	}
	m, moved, ok := p.value.minor(r.exponent(e))
	if !ok {
		r.fail("amount-out-of-range", c, cell.Text, quote(cell.Text)+" is out of range", "no amount has more than 16 digits before the decimal point")
		return 0, false
	}
	if moved {
		r.note("amount-precision", c, cell.Text, fmt.Sprintf("%s has more decimals than its currency; it is read as %s", quote(cell.Text), m.Decimal(r.exponent(e))))
	}
	return m, true
}

// plainAmount reads an amount as nearly all are written, of which there is nothing
// to say: digits with no more decimals than the currency has.
func (r *rowReader) plainAmount(e *ledger.Entry, f Field, c int, cell *sheet.Cell) (m ledger.Minor, ok bool) {
	number := cell.Kind == sheet.Number
	if !number && (cell.Kind != sheet.Text || r.workbook || r.settled.styles[f] == commaDecimal) {
		return 0, false
	}
	d, point, ok := plainNumber(cell.Text)
	exponent := r.exponent(e)
	if !ok || d.scale > exponent {
		return 0, false
	}
	m, _, ok = d.minor(exponent)
	if ok && point && !number {
		r.amountEvidence(f).point.by(r, c, cell.Text)
	}
	return m, ok
}

// isCredit reports whether the amounts of a column are credits where they are positive.
func (f Field) isCredit() bool { return f == fCredit || f == fPaid || f == fReceived }

// dates reads posted, issued and due. A field that is empty takes the other
// (rules §2); the due date of debits is derived when customers are known.
func (r *rowReader) dates(e *ledger.Entry) {
	posted, issued, due := r.date(fPosted), r.date(fIssued), r.date(fDue)
	if posted == 0 && r.layout != "settled" && r.layout != "snapshot" {
		posted = r.date(fReceivedOn)
	}
	if r.bad {
		return
	}
	if posted == 0 {
		posted = issued
		if posted != 0 && r.has(fPosted) {
			r.note("posted-assumed", r.col(fPosted), "", "the posting date is empty; the date of issue "+issued.String()+" is taken")
		}
	}
	if issued == 0 {
		issued = posted
	}
	if posted == 0 && r.layout == "snapshot" && due != 0 {
		posted, issued = due, due
		if d := r.book.ledger.SnapshotDate; d != 0 {
			posted, issued = min(due, d), min(due, d)
		}
		r.note("posted-assumed", -1, "", "the row has no date of its own; "+posted.String()+" is taken")
	}
	if posted == 0 {
		r.fail("missing-date", max(r.col(fPosted), r.col(fIssued)), "", "the row has no date", "write the posting date or the date of issue")
		return
	}
	if e.Kind == ledger.Refund && e.Amount > 0 {
		due = posted // a refund is due at once, rules §2
	}
	e.Posted, e.Issued, e.Due = posted, issued, due
}

// date reads a date; 0 for an empty cell.
func (r *rowReader) date(f Field) ledger.Date {
	cell, c := r.cell(f), r.col(f)
	if cell.Kind == sheet.Empty {
		return 0
	}
	if cell.Kind == sheet.Error {
		r.fail("error-cell", c, cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not a date", "mend the formula and export again")
		return 0
	}
	if d := r.usualDate(cell); d != 0 {
		return d
	}
	order := r.tab.order
	if settled := r.settled.dates[f]; settled != anyOrder {
		order = settled
	}
	p, ok := parseDateCell(*cell, r.tab.info.Date1904, order)
	if p.ambiguous {
		r.observeDate(f, p, cell.Text, c)
		return 1 // any date: the sheet is read again, or refused
	}
	if !ok {
		r.fail("bad-date", c, cell.Text, quote(cell.Text)+" is not a date", fmt.Sprintf("want a date of the workbook or YYYY-MM-DD, from %d to %d", firstYear, lastYear))
		return 0
	}
	r.observeDate(f, p, cell.Text, c)
	if r.workbook {
		r.noteForm(p, cell.Text, c)
	}
	return p.date
}

// usualDate reads a date in the form in which nearly all are written, of which
// there is nothing to say; 0 for others.
func (r *rowReader) usualDate(cell *sheet.Cell) ledger.Date {
	switch {
	case cell.Kind == sheet.Date && !r.tab.info.Date1904:
		return serialOf(cell.Text)
	case cell.Kind == sheet.Text && !r.workbook:
		return r.isoDates.of(cell.Text)
	}
	return 0
}

func (r *rowReader) noteForm(p parsedDate, text string, column int) {
	code, how := "", ""
	switch p.form {
	case textDate:
		code, how = "text-date", "is a date written as text"
	case numberDate:
		code, how = "number-date", "is a number that reads as a date"
	case serialDate:
		code, how = "serial-date", "is a serial number without a date format"
	case timeCut:
		code, how = "time-cut", "has a time of day, which is cut"
	default:
		return
	}
	r.note(code, column, text, fmt.Sprintf("%s %s: %s", quote(text), how, p.date))
}

// carriedTo returns the merged cell that came last in a column.
func (r *rowReader) carriedTo(column int) (at *carry, merged bool) {
	if len(r.carried) == 0 { // as in nearly every book
		return nil, false
	}
	at, merged = r.carried[column]
	return at, merged
}

// hasDocument reports whether the row has a document number that is not the words of a
// total, and keeps it. The words do not depend on the digits beside them, so they are
// looked for once in each series of numbers.
func (r *rowReader) hasDocument() bool {
	r.document = 0
	if r.given&documentField == 0 {
		return false
	}
	cell := &r.row.Cells[r.at[fDocument]]
	if cell.Kind != sheet.Text {
		return true
	}
	id, known := r.ledger.Numbering.Known(cell.Text)
	if known && int(id.Series()) < len(r.noTotals) && r.noTotals[id.Series()] {
		r.document = id
		return true
	}
	if isTotal(cell.Text) {
		return false
	}
	if known {
		r.document = id
		for len(r.noTotals) <= int(id.Series()) {
			r.noTotals = append(r.noTotals, false)
		}
		r.noTotals[id.Series()] = true
	}
	return true
}

// documentID returns the document number of a field; 0 where it is empty.
func (r *rowReader) documentID(f Field) ledger.DocID {
	if cell := r.cell(f); cell.Kind == sheet.Text {
		// A series that is known has no spaces to trim.
		if id, known := r.ledger.Numbering.Known(cell.Text); known {
			return id
		}
	}
	return r.ledger.Numbering.Of(r.text(f))
}

// marks reads the rest: document number, what it settles, instalment, terms,
// dispute.
func (r *rowReader) marks(e *ledger.Entry, kind kindWord) {
	numbering := r.ledger.Numbering
	if e.ID = r.document; e.ID == 0 {
		e.ID = r.documentID(fDocument)
	}
	e.Settles = r.documentID(fSettles)
	if r.layout == "receipts" && e.Settles == 0 {
		e.Settles = e.ID // a list of receipts names the invoice they paid
	}
	if kind.onAccount {
		e.Settles = 0
	}
	r.unnumbered = e.ID == 0
	if r.unnumbered {
		e.ID = numbering.Of("#" + strconv.Itoa(r.row.Number))
	}
	if text := r.text(fInstalment); text != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
		if err != nil || n < 1 || n > 9999 {
			r.fail("bad-instalment", r.col(fInstalment), text, quote(text)+" is not the number of an instalment", "want 1, 2, 3 …")
		}
		e.Instalment = int16(n)
	}
	r.lineTerms(e)
	if text := r.text(fDisputed); text != "" {
		yes, ok := yesNo(text)
		if !ok {
			r.fail("bad-flag", r.col(fDisputed), text, quote(text)+" is neither yes nor no", "want Y or N")
		}
		if yes {
			e.Flags |= ledger.Disputed
		}
	}
}

// lineTerms reads the line's terms. They are kept where the due date is empty,
// which finish derives; where it is given, it shows how month-end terms count.
func (r *rowReader) lineTerms(e *ledger.Entry) {
	if e.Amount <= 0 && e.Open <= 0 || r.bad {
		return
	}
	cell := r.cell(fTerms)
	p, known := r.knownTerms.of(cell)
	if !known {
		text := r.text(fTerms)
		if text == "" {
			return
		}
		terms, err := ledger.ParseTerms(narrow(text))
		p = parsedTerms{strings.Clone(text), terms, err == nil}
		r.knownTerms.keep(cell, p)
	}
	switch {
	case e.Due == 0 && !p.ok:
		r.fail("bad-terms", r.col(fTerms), p.text, quote(p.text)+" is not payment terms", "want net 30, eom 30, 月结30天, cod or prepaid")
	case e.Due == 0:
		r.draft.lineTerms = append(r.draft.lineTerms, lineTerms{e.Pos, p.terms})
	case p.ok && p.terms.Kind == ledger.TermsEOM && p.terms.Day == 0:
		r.observeTerms(e, p.terms, p.text)
	}
}

// payment returns when a settled invoice was paid, and how much: all of it
// where the row does not say. Zero where it is open.
func (r *rowReader) payment(e *ledger.Entry) (on ledger.Date, paid ledger.Minor) {
	if r.layout != "settled" {
		return 0, 0
	}
	if on = r.date(fSettledOn); on == 0 {
		on = r.date(fReceivedOn)
	}
	paid = e.Amount
	for _, f := range []Field{fPaid, fReceived} {
		amount, has := r.amount(e, f)
		switch {
		case !has:
			continue
		case on == 0 && amount != 0 && !r.bad:
			r.fail("missing-date", r.col(fSettledOn), "", "the row says what was paid and not when", "write the date of the payment")
		}
		paid = amount
	}
	if on == 0 {
		return 0, 0
	}
	return on, paid
}

// paymentOf makes the receipt that settles an invoice (rules §3).
func paymentOf(e *ledger.Entry, on ledger.Date, paid ledger.Minor) ledger.Entry {
	receipt := *e
	receipt.Kind, receipt.Settles, receipt.Amount = ledger.Receipt, e.ID, -paid
	receipt.Posted, receipt.Issued, receipt.Due, receipt.Cost, receipt.Flags, receipt.Instalment = on, on, 0, 0, 0, 0
	if receipt.Amount > 0 { // a credit that was paid out
		receipt.Kind, receipt.Due = ledger.Refund, on
	}
	return receipt
}
