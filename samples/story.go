package samples

import (
	"fmt"
	"slices"

	"duepack/analysis/ledger"
)

// line is one line of the ledger.
type line struct {
	document, settles   string
	customer            int32
	rep, region         int16
	posted, issued, due ledger.Date
	amount, cost        ledger.Minor
	kind                ledger.Kind
	currency            uint8
	instalment          int8
	note                note
	clerk, approver     int8 // indexes into clerks; approver −1: none
	hasCost, disputed   bool
	noDelivery          bool
}

// story is a document with everything that will ever happen to it, drawn when
// it is issued, so that a book of any size is written day by day while only
// what is still to come is kept.
type story struct {
	*generator
	who   int32
	c     *customer
	lines []line
	owed  ledger.Minor // what the story still has to bring in
}

// calm says that a story has none of the rare turns: before the book begins
// and on its last days.
func (g *generator) tell(who int32, issued ledger.Date, calm bool) []line {
	s := story{generator: g, who: who, c: &g.customers[who], lines: g.scratch[:0]}
	amount := g.price(s.c.typical*g.luck.size()/1000, s.c.currency)
	// One date of payment per invoice has no place for the first two.
	whole := calm || g.options.Layout == Settled
	switch {
	case !whole && s.c.terms.Kind == ledger.TermsNet && g.ahead.comes():
		s.paidAhead(issued, amount)
	case !whole && who < 20 && s.c.fails == 0 && g.instalments.comes():
		s.inInstalments(issued, amount*4)
	default:
		s.invoice(issued, amount)
		s.corrections(calm)
		s.settle(calm)
	}
	if !calm && s.c.fails == 0 {
		s.sideStories(issued)
	}
	// In order of posting; what happens on one day stays in order of telling.
	slices.SortStableFunc(s.lines, func(a, b line) int { return int(a.posted - b.posted) })
	g.scratch = s.lines
	return s.lines
}

// price returns the amount nearest to a wish that is a whole number of pieces
// at a price of the list.
func (g *generator) price(wish int, currency uint8) ledger.Minor {
	list := prices[currency]
	fitting := 1
	for fitting < len(list) && list[fitting]*8 <= wish {
		fitting++
	}
	each := list[g.luck.below(fitting)]
	pieces := max(wish/each, 1)
	if pieces > 40 {
		pieces -= pieces % 5
	}
	return ledger.Minor(pieces * each)
}

func (g *generator) number(series string, last *int) string {
	*last++
	return fmt.Sprintf("%s-%06d", series, *last)
}

// line starts a line of the story.
func (s *story) line(kind ledger.Kind, posted ledger.Date, amount ledger.Minor) line {
	at := posted
	if len(s.lines) > 0 { // what settles belongs to the rep of the document
		at = s.lines[0].issued
	}
	return line{
		kind: kind, customer: s.who, rep: int16(s.c.repOn(at)), region: int16(s.c.region), currency: s.c.currency,
		posted: posted, issued: posted, amount: amount, clerk: int8(s.luck.below(len(clerks))), approver: -1,
	}
}

func (s *story) add(l line) { s.lines = append(s.lines, l) }

// against adds a line that settles the story's document.
func (s *story) against(kind ledger.Kind, posted ledger.Date, amount ledger.Minor, why note) {
	l := s.line(kind, posted, amount)
	l.settles, l.note = s.lines[0].document, why
	switch kind {
	case ledger.CreditNote:
		l.document = s.number("CN", &s.numbers.credit)
		l.approver = int8(s.luck.below(2))
	case ledger.WriteOff:
		l.document = s.number("WO", &s.numbers.writeOff)
		l.approver = 0
	case ledger.Recovery:
		l.document = s.number("RV", &s.numbers.recovery)
	case ledger.Adjustment:
		l.document = s.number("AJ", &s.numbers.adjustment)
		l.approver = 1
	case ledger.Invoice:
		l.document = s.number("INV", &s.numbers.invoice)
		l.approver = 1
	}
	s.add(l)
	s.owed += amount
}

// invoice opens the story. One in ten is posted some days after its date, of
// the last days before the close every second.
func (s *story) invoice(issued ledger.Date, amount ledger.Minor) {
	l := s.line(ledger.Invoice, issued, amount)
	l.document = s.number("INV", &s.numbers.invoice)
	l.due = s.c.terms.Due(issued)
	rarely := 10
	if issued > asOf-4 && issued <= asOf {
		rarely = 2
	}
	if s.luck.below(rarely) == 0 && issued < s.lastPosting-5 {
		l.posted = workday(issued + ledger.Date(s.luck.between(1, 3)))
	}
	if s.luck.below(100) < 93 {
		l.hasCost = true
		l.cost = amount * ledger.Minor(s.luck.middling(770, 910)) / 1000
	}
	l.noDelivery = s.luck.below(80) == 0
	s.add(l)
	s.owed = amount
}

// corrections are credit notes and red-letter invoices, mostly before payment.
func (s *story) corrections(calm bool) {
	first := s.lines[0]
	if s.luck.permille(45) {
		share, why := s.luck.between(20, 120), priceCorrected
		if s.luck.below(2) == 0 {
			share, why = s.luck.between(60, 400), goodsReturned
		}
		back := -first.amount * ledger.Minor(share) / 1000
		s.against(ledger.CreditNote, workday(first.posted+ledger.Date(s.luck.between(3, 22))), back, why)
	}
	if !calm && s.red.comes() {
		s.against(ledger.Invoice, workday(first.posted+ledger.Date(s.luck.between(2, 9))), -first.amount/10, redInvoice)
		s.lines[len(s.lines)-1].issued = s.lines[len(s.lines)-1].posted
	}
}

// settle brings the money in, or not.
func (s *story) settle(calm bool) {
	first := &s.lines[0]
	bounds := lateness[s.c.manner]
	wait := s.luck.middling(bounds.lo, bounds.hi)
	if s.luck.permille(s.neglect) { // nobody looks after it, the smaller the less
		wait += s.luck.between(25, 120)
	}
	argue := s.luck.permille(25)
	if argue {
		wait += s.luck.between(50, 170)
	}
	at := s.payday(first.due + ledger.Date(wait))
	switch {
	case s.c.fails != 0 && at >= s.c.fails:
		s.fail(at)
	case s.luck.permille(75):
		s.inParts(at)
	case s.luck.permille(s.shortPays):
		s.shortPay(at)
	default:
		s.payInFull(at, calm)
	}
	first.disputed = argue && at > s.lastSeen
	if argue && first.disputed {
		first.note = inDispute
	}
	if late := int(at - first.due); late > 18 && s.luck.below(100) < 22 {
		s.promise(at)
	}
}

// payday returns the customer's payment run on or after a day, and after the
// document and its corrections.
func (s *story) payday(d ledger.Date) ledger.Date {
	return s.c.run.next(max(d, s.lines[len(s.lines)-1].posted+1))
}

func (s *story) pay(at ledger.Date, amount ledger.Minor) {
	if amount > 0 {
		s.against(ledger.Receipt, at, -amount, noNote)
	}
}

func (s *story) payInFull(at ledger.Date, calm bool) {
	switch {
	case calm:
		s.pay(at, s.owed)
	case s.c.currency == usd && s.luck.below(12) == 0:
		charge := ledger.Minor(s.luck.between(15, 35) * 100)
		if charge < s.owed/10 {
			s.against(ledger.Adjustment, at, -charge, bankCharge)
		}
		s.pay(at, s.owed)
	case s.c.manner >= slack && s.bounce.comes():
		s.bounces(at)
	case s.twice.comes():
		s.payTwice(at)
	default:
		s.pay(at, s.owed)
	}
}

// bounces: the cheque comes back after some days and reopens the invoice.
func (s *story) bounces(at ledger.Date) {
	cheque := s.owed
	s.pay(at, cheque)
	back := workday(at + ledger.Date(s.luck.between(3, 6)))
	s.against(ledger.Receipt, back, cheque, chequeReturned)
	s.lines[len(s.lines)-1].document = s.number("CR", &s.numbers.returned)
	s.pay(s.payday(back+ledger.Date(s.luck.between(12, 40))), s.owed)
}

// payTwice: the second payment names the invoice that is closed, so it is on
// account until it is sent back. Now and then a small one stays.
func (s *story) payTwice(at ledger.Date) {
	paid := s.owed
	s.pay(at, paid)
	again := s.payday(at + ledger.Date(s.luck.between(6, 20)))
	s.against(ledger.Receipt, again, -paid, paidTwice)
	second := &s.lines[len(s.lines)-1]
	second.document = s.number("UR", &s.numbers.unapplied)
	if s.luck.below(4) > 0 || paid > ledger.Minor(s.c.typical/3) {
		s.refund(second.document, workday(again+ledger.Date(s.luck.between(10, 30))), paid, paidTwiceBack)
	}
}

// refund pays back a receipt on account.
func (s *story) refund(receipt string, at ledger.Date, amount ledger.Minor, why note) {
	l := s.line(ledger.Refund, at, amount)
	l.document, l.settles, l.due, l.note, l.approver = s.number("RF", &s.numbers.refund), receipt, at, why, 0
	s.add(l)
}

// inParts pays in two or three parts.
func (s *story) inParts(at ledger.Date) {
	for parts := s.luck.between(2, 3); parts > 1; parts-- {
		part := s.owed * ledger.Minor(s.luck.between(30, 60)) / 100
		s.pay(at, roundTo(part, 1000))
		at = s.payday(at + ledger.Date(s.luck.between(12, 40)))
	}
	s.pay(at, s.owed)
}

// shortPay leaves a small balance open, which is argued about, paid later, or
// written off at a month's end.
func (s *story) shortPay(at ledger.Date) {
	short := s.owed * ledger.Minor(s.luck.between(3, 40)) / 1000
	s.against(ledger.Receipt, at, short-s.owed, shortPaid)
	end := lastWorkday(at + ledger.Date(s.luck.between(60, 200)))
	switch {
	case s.luck.permille(s.leftOpen):
	case s.luck.below(3) == 0:
		s.pay(s.payday(at+ledger.Date(s.luck.between(30, 120))), s.owed)
	default:
		s.against(ledger.WriteOff, end, -s.owed, smallBalance)
	}
}

// fail: the customer ran out of money before it paid.
func (s *story) fail(at ledger.Date) {
	if s.c.manner == struggling {
		if s.luck.below(3) > 0 {
			part := s.owed * ledger.Minor(s.luck.between(15, 45)) / 100
			s.pay(at, roundTo(part, 1000))
		}
		return
	}
	lost := s.owed
	end := lastWorkday(s.c.fails + 240)
	s.against(ledger.WriteOff, end, -lost, insolvent)
	if s.dividends.comes() {
		// Cash for a debt written off leaves the receivable as it is (rules §2).
		l := s.line(ledger.Recovery, workday(end+ledger.Date(s.luck.between(340, 360))), -roundTo(lost*3/10, 1000))
		l.document, l.settles, l.note = s.number("RV", &s.numbers.recovery), s.lines[0].document, dividend
		s.add(l)
	}
}

// paidAhead: the money names an order whose invoice follows, so it is on
// account until then.
func (s *story) paidAhead(issued ledger.Date, amount ledger.Minor) {
	s.invoice(workday(issued+ledger.Date(s.luck.between(6, 16))), amount)
	order := s.number("PF", &s.numbers.order)
	s.lines[0].document = order
	s.against(ledger.Receipt, issued, -amount, paidAhead)
	s.lines[1].document = s.number("UR", &s.numbers.unapplied)
	s.lines[1].rep = s.lines[0].rep
}

// inInstalments: one document in three instalments, paid one by one.
func (s *story) inInstalments(issued ledger.Date, amount ledger.Minor) {
	s.invoice(issued, amount)
	first := s.lines[0]
	rest, restCost := amount, first.cost
	parts := make([]ledger.Minor, 3)
	for i, percent := range [3]ledger.Minor{30, 50, 20} {
		l := first
		l.instalment, l.due = int8(i+1), issued+ledger.Date(30*(i+1))
		l.amount, l.cost = amount*percent/100, first.cost*percent/100
		if i == 2 {
			l.amount, l.cost = rest, restCost
		}
		rest -= l.amount
		restCost -= l.cost
		parts[i] = l.amount
		if i == 0 {
			s.lines[0] = l
		} else {
			s.add(l)
		}
	}
	for i, part := range parts {
		s.pay(s.payday(issued+ledger.Date(30*(i+1)+s.luck.between(0, 9))), part)
	}
}

// sideStories are rare documents that go along with a customer's invoices.
func (s *story) sideStories(issued ledger.Date) {
	if s.c.manner >= slack && s.freight.comes() {
		s.debit(ledger.DebitNote, issued, ledger.Minor(s.luck.between(8, 120)*2500), freightCharged)
	}
	if s.reclass.comes() {
		s.debit(ledger.Adjustment, issued, ledger.Minor(s.luck.between(10, 90)*5000), reclassified)
	}
	if s.nameless.comes() {
		l := s.line(ledger.Receipt, issued, -ledger.Minor(s.luck.between(2, 20)*s.c.typical/20/10000*10000+10000))
		l.document, l.note = s.number("UR", &s.numbers.unapplied), noReference
		s.add(l)
		if s.luck.below(3) > 0 {
			s.refund(l.document, workday(issued+ledger.Date(s.luck.between(15, 60))), -l.amount, noReferenceBack)
		}
	}
}

// debit adds a small document of its own and its payment.
func (s *story) debit(kind ledger.Kind, issued ledger.Date, fen ledger.Minor, why note) {
	amount := fen
	switch s.c.currency {
	case usd:
		amount = fen / 7
	case jpy:
		amount = fen * 21 / 100
	}
	l := s.line(kind, issued, amount)
	l.due, l.note, l.rep = s.c.terms.Due(issued), why, int16(s.c.repOn(issued))
	if kind == ledger.Adjustment {
		l.document, l.approver = s.number("AJ", &s.numbers.adjustment), 1
	} else {
		l.document = s.number("DN", &s.numbers.debit)
	}
	s.add(l)
	receipt := s.line(ledger.Receipt, s.c.run.next(l.due+ledger.Date(s.luck.between(5, 45))), -amount)
	receipt.settles, receipt.rep = l.document, l.rep
	s.add(receipt)
}

// promise records what the customer said when it was chased: the promised day
// is met, missed, or lies in the time to come.
func (s *story) promise(paid ledger.Date) {
	first := &s.lines[0]
	made := workday(first.due + ledger.Date(s.luck.between(8, 16)))
	if s.c.fails != 0 || paid > s.lastSeen { // chased lately
		made = workday(max(made, s.lastSeen-ledger.Date(s.luck.between(3, 75))))
	}
	promised := s.c.run.next(paid - ledger.Date(s.luck.between(-6, 20)))
	if promised <= made || promised > made+60 {
		promised = workday(made + ledger.Date(s.luck.between(7, 30)))
	}
	gone := s.options.Layout == Snapshot && paid <= s.lastSeen
	if made > s.lastSeen || made < opening || gone {
		return
	}
	s.promises = append(s.promises, promise{
		document: first.document, customer: s.who, made: made, promised: promised, amount: first.amount, excuse: s.luck.below(len(excuses)),
	})
}

// roundTo cuts an amount to a round one, if it is large enough.
func roundTo(m, unit ledger.Minor) ledger.Minor {
	if m > unit {
		return m - m%unit
	}
	return m
}
