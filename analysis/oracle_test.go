package analysis_test

// The oracle: a second, slow implementation of rules.md §3–§11, written from
// the rules alone. It replays every account day by day in big.Rat, keeps every
// fact in a list, and adds up whatever a subject asks for by walking that list.
// It shares with the package under test only the types of its input and the
// keys of its output.
//
// Readings. Where the rules leave a point open, the oracle takes:
//
//	§2  a zero amount is neither debit nor credit: it makes no document
//	§2  a debit that is no document of its own (receipt, credit note, write-off) reopens the document it names by its
//	    whole amount, even above what was applied; a document of its own where the named one is not there on that day
//	§2  a refund's `settles` takes credit on account with that id first, whatever its kind; its excess is due on `posted`
//	§2  instalments due on one day: in order of their numbers
//	§2  a document appears with its first instalment: credit left over then does not wait for later instalments
//	§2  the region of a line is found as its rep is, and does not follow rep_basis
//	§2  a debit that makes a document settles none, so it keeps its own rep; every other line that names a document has its rep
//	§3  step 2 has no condition, so it is done with `fifo` too: fifo and explicit-then-fifo play alike
//	§3  who owns a line is known from the entries up to D, at every date of the pack: else a rep's roll-forward would not close
//	§4  only documents are disputed; documents_open counts the instalments of one document once
//	§4  overdue with basis issued or posted, where no bucket is past due by itself: documents with due < D; a credit in a
//	    bucket of its own by its own date; a netted credit lowers what is past due in the bucket first, then the rest of it
//	§4  net_oldest: each part of a credit is converted by itself, and its last part takes what is left of its converted whole
//	§4  the bound 0 stands before the others with basis due, and is left out with issued and posted
//	§5  a position at from−1 or at to is converted at the rate of that day
//	§6  an `opening` entry posted in P counts in adjustments, or the roll-forward would not close
//	§6  applications of receipts: entries of kind receipt; a reversal is no application and takes none back
//	§6  closing not due: what stands in buckets that are not past due, on account left out
//	§6  N, the months in P: a month that P covers in part counts by its days, as in §11; 1 where that is less, for there
//	    is nothing to average
//	§6  dso_countback stops where the balance is used up; closing is the balance at to, the months run back from D
//	§7  the cost of day x is open at the end of x−1, at the rate in force on x
//	§7  gross margin is converted once, after cost or margin
//	§8  customers without a margin of their own use the book's for extra_sales; bad debt ≤ 0 comes before margin ≤ 0
//	§9  documents are provided for, credits are not, whatever the treatment of credits
//	§10 fx is what the roll-forward needs to close at every level
//	§11 a month's target is rounded at the month; expenses not given count as none; equal contributions rank in order of id

import (
	"flag"
	"fmt"
	"math/big"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// exact is the oracle's only number.
type exact = *big.Rat

func whole(n int64) exact    { return new(big.Rat).SetInt64(n) }
func plus(a, b exact) exact  { return new(big.Rat).Add(a, b) }
func minus(a, b exact) exact { return new(big.Rat).Sub(a, b) }
func times(a, b exact) exact { return new(big.Rat).Mul(a, b) }
func neg(a exact) exact      { return new(big.Rat).Neg(a) }

// over is a ÷ b, nil where b is zero or either is absent.
func over(a, b exact) exact {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

func smaller(a, b exact) exact {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// halfAway rounds to a whole number, half away from zero (§1).
func halfAway(a exact) exact {
	num := new(big.Int).Mul(new(big.Int).Abs(a.Num()), big.NewInt(2))
	num.Add(num, a.Denom())
	num.Quo(num, new(big.Int).Mul(a.Denom(), big.NewInt(2)))
	if a.Sign() < 0 {
		num.Neg(num)
	}
	return new(big.Rat).SetInt(num)
}

// holder says whose figures a fact counts in. Rep and region are ids.
type holder struct {
	customer    int32
	currency    uint8
	rep, region string
}

// fact is one amount of one flow or position, in its own currency and the book's.
type fact struct {
	what         string
	of           holder
	native, base exact
}

// paper is a document, or one instalment of one.
type paper struct {
	id                  string
	posted, issued, due ledger.Date
	instalment          int16
	row                 int // order of file
	amount, open        exact
	of                  holder
	disputed            bool
	openAt              map[ledger.Date]exact // at the end of the day
}

// slip is a credit entry with what of it is on account.
type slip struct {
	entry *ledger.Entry
	left  exact
	tried bool // its document was there once and took what it could
}

// applied is a part of a credit that lowered a document.
type applied struct {
	by   *slip
	to   *paper
	date ledger.Date
	sum  exact
}

// account is one customer's ledger in one currency, replayed up to a date.
type account struct {
	o       *oracle
	papers  []*paper
	slips   []*slip
	applied []applied
}

// oracle computes the expected figures of one book.
type oracle struct {
	l     *ledger.Ledger
	opt   analysis.Options
	facts []fact
	noFx  bool // an amount had no rate of exchange

	first ledger.Date // the earlier of the first posting and from − 1

	firstRow map[paperName]int // of the documents that D knows, the instalment due first; bounced payments with that number stand behind
}

// expectation maps a figure's key to its value; nil where it is absent.
type expectation struct {
	aging   []exact
	figures map[string]exact
}

// expected holds the figures of every subject by level and id.
type expected struct {
	levels      map[analysis.Level]map[string]*expectation
	rateMissing bool
}

// expect reads the rules over a book.
func expect(l *ledger.Ledger, opt analysis.Options) *expected {
	opt.Bounds = bucketBounds(opt)
	o := &oracle{l: l, opt: opt, first: opt.From - 1}
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Posted < o.first {
			o.first = e.Posted
		}
	}
	out := &expected{levels: map[analysis.Level]map[string]*expectation{}}
	o.firstRow = map[paperName]int{}
	for c := range l.Customers {
		for cur := range l.Currencies {
			for _, p := range o.replay(int32(c), uint8(cur), opt.AsOf).papers {
				name := paperName{int32(c), uint8(cur), p.id}
				row, ok := o.firstRow[name]
				issued := func(row int) bool { return l.Entries[row].Kind.MakesDocument() }
				switch {
				case !ok, issued(p.row) && !issued(row), issued(p.row) == issued(row) && l.Entries[row].Due > p.due:
					o.firstRow[name] = p.row
				}
			}
		}
	}
	for c := range l.Customers {
		for cur := range l.Currencies {
			atEnd := o.replay(int32(c), uint8(cur), opt.AsOf)
			o.position("D", opt.AsOf, atEnd)
			o.position("to", opt.To, o.replay(int32(c), uint8(cur), opt.To))
			o.position("before", opt.From-1, o.replay(int32(c), uint8(cur), opt.From-1))
			o.flows(int32(c), uint8(cur), atEnd)
			o.applications(atEnd)
			o.costs(atEnd)
		}
	}
	o.subjects(out)
	out.rateMissing = o.noFx
	return out
}

// bucketBounds are the bounds with 0, the limit of "not due", where basis due
// counts and without it where the first bucket starts at 0 (§4).
func bucketBounds(opt analysis.Options) []analysis.Bound {
	switch starts := opt.Bounds[0].N == 0; {
	case opt.Aging.Basis == analysis.ByDue && !starts:
		return append([]analysis.Bound{{}}, opt.Bounds...)
	case opt.Aging.Basis != analysis.ByDue && starts:
		return opt.Bounds[1:]
	}
	return opt.Bounds
}

// replay plays the account day by day up to a date (§3).
func (o *oracle) replay(customer int32, currency uint8, until ledger.Date) *account {
	a := &account{o: o}
	for today := o.first; today <= until; today++ {
		var rows []int
		for i := range o.l.Entries {
			e := &o.l.Entries[i]
			if e.Customer == customer && e.Currency == currency && e.Posted == today && e.Kind != ledger.Recovery && e.Amount != 0 {
				rows = append(rows, i)
			}
		}
		if len(rows) > 0 {
			a.debits(rows)
			a.credits(rows)
			a.named(today)
			a.refunds(rows)
			if o.opt.Apply == analysis.FIFO || o.opt.Apply == analysis.ExplicitThenFIFO {
				a.oldestFirst(today)
			}
		}
		if today >= o.opt.From-1 && today <= o.opt.To {
			for _, p := range a.papers {
				p.openAt[today] = p.open
			}
		}
	}
	return a
}

// debits is step 1 of a day.
func (a *account) debits(rows []int) {
	var reversals []int
	for _, row := range rows {
		e := &a.o.l.Entries[row]
		switch {
		case e.Amount < 0 || e.Kind == ledger.Refund:
		case e.Kind.MakesDocument() || e.Settles == 0:
			a.file(row, whole(int64(e.Amount)), e.Due)
		default:
			reversals = append(reversals, row)
		}
	}
	for _, row := range reversals {
		e := &a.o.l.Entries[row]
		if named := a.find(a.o.l.Numbering.Text(e.Settles)); len(named) > 0 {
			a.reopen(named, whole(int64(e.Amount)))
		} else {
			a.file(row, whole(int64(e.Amount)), e.Due)
		}
	}
}

// reopen raises the document by the whole amount. Among instalments the last
// that was paid is the first to be reopened.
func (a *account) reopen(named []*paper, sum exact) {
	for i := len(named) - 1; i > 0; i-- {
		part := smaller(sum, minus(named[i].amount, named[i].open))
		if part.Sign() > 0 {
			named[i].open = plus(named[i].open, part)
			sum = minus(sum, part)
		}
	}
	named[0].open = plus(named[0].open, sum)
}

// file opens a document of its own.
func (a *account) file(row int, sum exact, due ledger.Date) {
	e := &a.o.l.Entries[row]
	a.papers = append(a.papers, &paper{
		id: a.o.l.Numbering.Text(e.ID), posted: e.Posted, issued: e.Issued, due: due, instalment: e.Instalment, row: row,
		amount: sum, open: sum, of: a.o.holderOf(e), disputed: e.Has(ledger.Disputed), openAt: map[ledger.Date]exact{},
	})
}

// find returns the documents (instalments) with an id, earliest due first.
func (a *account) find(id string) []*paper {
	var named []*paper
	for _, p := range a.papers {
		if id != "" && p.id == id {
			named = append(named, p)
		}
	}
	sort.SliceStable(named, func(i, j int) bool {
		if named[i].due != named[j].due {
			return named[i].due < named[j].due
		}
		return named[i].instalment < named[j].instalment
	})
	return named
}

// earlier is the order of §3.4: earliest due, earliest issued, then id.
func earlier(p, q *paper) bool {
	switch {
	case p.due != q.due:
		return p.due < q.due
	case p.issued != q.issued:
		return p.issued < q.issued
	case p.id != q.id:
		return p.id < q.id
	case p.instalment != q.instalment:
		return p.instalment < q.instalment
	}
	return p.row < q.row
}

// credits puts the day's credits on account; step 2 takes them from there.
func (a *account) credits(rows []int) {
	for _, row := range rows {
		if e := &a.o.l.Entries[row]; e.Amount < 0 {
			a.slips = append(a.slips, &slip{entry: e, left: whole(-int64(e.Amount))})
		}
	}
}

// named is step 2: slips are already in order of posting and file.
func (a *account) named(today ledger.Date) {
	for _, s := range a.slips {
		if s.tried || s.entry.Settles == 0 {
			continue
		}
		for _, p := range a.find(a.o.l.Numbering.Text(s.entry.Settles)) {
			s.tried = true
			a.apply(s, p, today)
		}
	}
}

func (a *account) apply(s *slip, p *paper, today ledger.Date) {
	part := smaller(s.left, p.open)
	if part.Sign() <= 0 {
		return
	}
	s.left, p.open = minus(s.left, part), minus(p.open, part)
	a.applied = append(a.applied, applied{s, p, today, part})
}

// refunds is step 3.
func (a *account) refunds(rows []int) {
	for _, row := range rows {
		e := &a.o.l.Entries[row]
		if e.Kind != ledger.Refund || e.Amount < 0 {
			continue
		}
		rest := whole(int64(e.Amount))
		for _, wantNamed := range []bool{true, false} {
			for _, s := range a.slips {
				if wantNamed && (e.Settles == 0 || s.entry.ID != e.Settles) {
					continue
				}
				part := smaller(s.left, rest)
				s.left, rest = minus(s.left, part), minus(rest, part)
			}
		}
		if rest.Sign() > 0 {
			a.file(row, rest, e.Posted)
		}
	}
}

// oldestFirst is step 4.
func (a *account) oldestFirst(today ledger.Date) {
	order := append([]*paper(nil), a.papers...)
	sort.SliceStable(order, func(i, j int) bool { return earlier(order[i], order[j]) })
	for _, s := range a.slips {
		for _, p := range order {
			a.apply(s, p, today)
		}
	}
}

// own is the holder of a line that settles no document (§2).
func (o *oracle) own(e *ledger.Entry) holder {
	c := o.l.Customers[e.Customer]
	rep, region := e.Rep, e.Region
	if rep == ledger.None || o.opt.RepBasis == analysis.RepOfCustomer {
		rep = c.Rep
	}
	if region == ledger.None {
		region = c.Region
	}
	h := holder{customer: e.Customer, currency: e.Currency, rep: ledger.Unassigned, region: ledger.Unassigned}
	if rep != ledger.None {
		h.rep = o.l.Reps[rep].ID
	}
	if region != ledger.None {
		h.region = o.l.Regions[region]
	}
	return h
}

// holderOf is the holder of any line: that of the document it names, where D
// knows one, else its own (§2). A debit that became a document because the one
// it names was not there yet is asked for its own.
func (o *oracle) holderOf(e *ledger.Entry) holder {
	for range o.l.Entries {
		if e.Settles == 0 || e.Amount > 0 && e.Kind.MakesDocument() {
			break
		}
		row, ok := o.firstRow[paperName{e.Customer, e.Currency, o.l.Numbering.Text(e.Settles)}]
		if !ok || e == &o.l.Entries[row] {
			break
		}
		e = &o.l.Entries[row]
	}
	return o.own(e)
}

// paperName is how a line names a document.
type paperName struct {
	customer int32
	currency uint8
	id       string
}

// rate is the price of one minor unit of a currency in minor units of the
// book's, on a date (§5).
func (o *oracle) rate(currency uint8, at ledger.Date) exact {
	if currency == o.l.Base {
		return whole(1)
	}
	var best exact
	var from ledger.Date
	for _, r := range o.l.Rates {
		if r.Currency == currency && r.Date <= at && (best == nil || r.Date >= from) {
			best, from = r.Rate.Rat(), r.Date
		}
	}
	if best == nil {
		return nil
	}
	for shift := o.l.Currencies[o.l.Base].Exponent - o.l.Currencies[currency].Exponent; shift != 0; {
		if shift > 0 {
			best, shift = times(best, whole(10)), shift-1
		} else {
			best, shift = times(best, big.NewRat(1, 10)), shift+1
		}
	}
	return best
}

// convert rounds to the book's minor unit (§1, §5).
func (o *oracle) convert(sum exact, currency uint8, at ledger.Date) exact {
	if sum.Sign() == 0 {
		return whole(0)
	}
	rate := o.rate(currency, at)
	if rate == nil {
		o.noFx = true
		return whole(0)
	}
	return halfAway(times(sum, rate))
}

// add notes a fact converted at the rate of a date.
func (o *oracle) add(what string, of holder, native exact, at ledger.Date) exact {
	base := o.convert(native, of.currency, at)
	o.facts = append(o.facts, fact{what, of, native, base})
	return base
}

// bucket finds where a start date stands on a day (§4).
func (o *oracle) bucket(start, day ledger.Date) int {
	for i, b := range o.opt.Bounds {
		last := start + ledger.Date(b.N)
		if b.Unit == analysis.BoundMonths {
			last = start.AddMonths(b.N)
		} else if b.Unit == analysis.BoundYears {
			last = start.AddMonths(12 * b.N)
		}
		if day <= last {
			return i
		}
	}
	return len(o.opt.Bounds)
}

// agingStart is the date from which a document's age counts.
func (o *oracle) agingStart(p *paper) ledger.Date {
	switch o.opt.Aging.Basis {
	case analysis.ByIssued:
		return p.issued
	case analysis.ByPosted:
		return p.posted
	}
	return p.due
}

var agingNames = []string{"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"}

// position notes what is open on a day (§4, §9).
func (o *oracle) position(when string, day ledger.Date, a *account) {
	held := make([]exact, 2*(len(o.opt.Bounds)+1)) // of bucket b: 2b not past due, 2b + 1 past due
	for i := range held {
		held[i] = whole(0)
	}
	for _, p := range a.papers {
		if p.open.Sign() == 0 {
			continue
		}
		b := o.bucket(o.agingStart(p), day)
		base := o.convert(p.open, p.of.currency, day)
		part := 2 * b
		if p.due < day {
			part++
		}
		held[part] = plus(held[part], p.open)
		o.stand(when, agingNames[b], p.of, p.open, base, p.due < day)
		if p.disputed {
			o.add("disputed "+when, p.of, p.open, day)
		}
		if p.due < day {
			o.add("late papers "+when, p.of, p.open, day)
		}
		if !a.counted(p) {
			o.facts = append(o.facts, fact{"papers " + when, p.of, whole(1), whole(1)})
		}
		if len(o.opt.LossRates) > 0 {
			o.add("provision "+when, p.of, halfAway(times(p.open, o.lossRate(p.of.customer, b))), day)
		}
	}
	for _, s := range a.slips {
		if s.left.Sign() > 0 {
			o.creditPosition(when, day, s, held)
		}
	}
}

// lossRate is the customer's own, which replaces the matrix, else the bucket's (§9).
func (o *oracle) lossRate(customer int32, bucket int) exact {
	for _, own := range o.opt.Specific {
		if own.Customer == o.l.Customers[customer].ID {
			return own.Rate.Rat()
		}
	}
	return o.opt.LossRates[bucket].Rat()
}

// counted reports whether another open instalment of the same document counts
// for it: the one due first.
func (a *account) counted(p *paper) bool {
	for _, q := range a.papers {
		if p.instalment != 0 && q.instalment != 0 && q.id == p.id && q.open.Sign() > 0 && earlier(q, p) {
			return true
		}
	}
	return false
}

// stand notes an open item in its bucket, or on account.
func (o *oracle) stand(when, bucket string, of holder, native, base exact, late bool) {
	names := []string{bucket + " " + when, "balance " + when}
	if late {
		names = append(names, "late "+when)
	} else if bucket != "on account" {
		names = append(names, "not due "+when)
	}
	for _, name := range names {
		o.facts = append(o.facts, fact{name, of, native, base})
	}
}

// worth is an amount in its own currency and the book's.
type worth struct{ native, base exact }

// net lowers the oldest buckets by a credit, of each what is past due first.
func (o *oracle) net(when string, day ledger.Date, of holder, credit worth, held []exact) {
	for i := len(held) - 1; i >= 0; i-- {
		part := worth{native: smaller(credit.native, held[i])}
		switch {
		case part.native.Sign() <= 0:
			continue
		case part.native.Cmp(credit.native) == 0:
			part.base = credit.base
		default:
			part.base = o.convert(part.native, of.currency, day)
		}
		o.stand(when, agingNames[i/2], of, neg(part.native), neg(part.base), i%2 == 1)
		held[i] = minus(held[i], part.native)
		credit = worth{minus(credit.native, part.native), minus(credit.base, part.base)}
	}
	if credit.native.Sign() > 0 {
		o.stand(when, "on account", of, neg(credit.native), neg(credit.base), false)
	}
}

// creditPosition puts credit on account where the treatment of credits says.
func (o *oracle) creditPosition(when string, day ledger.Date, s *slip, held []exact) {
	of := o.holderOf(s.entry)
	rest := s.left
	switch o.opt.Aging.Credits {
	case analysis.CreditsOwnBucket:
		start := s.entry.Due
		if start == 0 {
			start = s.entry.Posted
		}
		b := o.bucket(start, day)
		o.stand(when, agingNames[b], of, neg(rest), o.convert(neg(rest), of.currency, day), start < day)
		return
	case analysis.CreditsNetOldest:
		o.net(when, day, of, worth{rest, o.convert(rest, of.currency, day)}, held)
		return
	}
	o.stand(when, "on account", of, neg(rest), o.convert(neg(rest), of.currency, day), false)
}

// flowNames says which flow a kind counts in (§6, §8, §10), and with which sign.
var flowNames = map[ledger.Kind]string{
	ledger.Invoice: "sales", ledger.DebitNote: "sales", ledger.CreditNote: "sales",
	ledger.Receipt: "receipts", ledger.Refund: "receipts", ledger.WriteOff: "write_offs", ledger.Recovery: "recoveries",
	ledger.Adjustment: "adjustments", ledger.Opening: "adjustments",
}

// flows notes the entries of the period, and the sales of every month up to D.
func (o *oracle) flows(customer int32, currency uint8, a *account) {
	for i := range o.l.Entries {
		e := &o.l.Entries[i]
		if e.Customer != customer || e.Currency != currency || e.Posted > o.opt.AsOf {
			continue
		}
		of, name, sum := o.holderOf(e), flowNames[e.Kind], whole(int64(e.Amount))
		if name == "sales" {
			o.add("month "+e.Posted.Month().String(), of, sum, e.Posted)
		}
		if e.Posted < o.opt.From || e.Posted > o.opt.To {
			continue
		}
		if name == "receipts" || name == "write_offs" || name == "recoveries" {
			sum = neg(sum)
		}
		o.add(name, of, sum, e.Posted)
		if name == "sales" {
			o.add("gross", of, o.grossOf(e, of), e.Posted)
		}
	}
	for _, p := range a.papers {
		dueInside := p.due >= o.opt.From && p.due <= o.opt.To
		if before := p.openAt[o.opt.From-1]; before != nil && p.posted < o.opt.From && p.due <= o.opt.To {
			o.add("to collect", p.of, before, o.opt.From-1)
		} else if p.posted >= o.opt.From && p.posted <= o.opt.To && dueInside {
			o.add("to collect", p.of, p.amount, p.posted)
		}
	}
}

// grossOf is the gross margin of a sales line (§7), rounded at the line.
func (o *oracle) grossOf(e *ledger.Entry, of holder) exact {
	if e.Has(ledger.HasCost) {
		return whole(int64(e.Amount) - int64(e.Cost))
	}
	margin := o.l.Customers[e.Customer].Margin
	if !margin.Given() {
		margin = o.repMargin(of.rep)
	}
	if !margin.Given() {
		margin = o.opt.Margin
	}
	return halfAway(times(whole(int64(e.Amount)), margin.Rat()))
}

func (o *oracle) repMargin(id string) ledger.Ratio {
	for _, r := range o.l.Reps {
		if r.ID == id {
			return r.Margin
		}
	}
	return ledger.Ratio{}
}

// applications notes what receipts lowered in the period (§6).
func (o *oracle) applications(a *account) {
	for _, ap := range a.applied {
		if ap.by.entry.Kind != ledger.Receipt || ap.date < o.opt.From || ap.date > o.opt.To {
			continue
		}
		base := o.add("applied", ap.to.of, ap.sum, ap.by.entry.Posted)
		weigh := func(what string, days ledger.Date) {
			n := whole(int64(days))
			o.facts = append(o.facts, fact{what, ap.to.of, times(ap.sum, n), times(base, n)})
		}
		weigh("applied days to pay", ap.date-ap.to.issued)
		weigh("applied days late", ap.date-ap.to.due)
		if ap.date <= ap.to.due {
			weigh("applied on time", 1)
		}
		if ap.to.due <= o.opt.To {
			weigh("applied due", 1)
		}
	}
}

// costs notes the price of late payment and of terms (§7).
func (o *oracle) costs(a *account) {
	for _, p := range a.papers {
		late, terms := whole(0), whole(0)
		for x := o.opt.From; x <= o.opt.To; x++ {
			open := p.openAt[x-1]
			if open == nil {
				continue
			}
			cost := times(times(open, o.yearShare(x)), o.annual(p.of.customer, x))
			if x > p.due {
				late = plus(late, cost)
			} else if x > p.issued {
				terms = plus(terms, cost)
			}
		}
		o.add("financing", p.of, halfAway(late), o.opt.AsOf)
		o.add("terms", p.of, halfAway(terms), o.opt.AsOf)
	}
}

// yearShare is the part of a year between x−1 and x.
func (o *oracle) yearShare(x ledger.Date) exact {
	switch o.opt.Basis {
	case analysis.ACT360:
		return big.NewRat(1, 360)
	case analysis.E30360:
		count := func(d ledger.Date) int64 {
			y, m, day := d.Civil()
			return int64(360*y + 30*m + min(day, 30))
		}
		return big.NewRat(count(x)-count(x-1), 360)
	}
	return big.NewRat(1, 365)
}

// annual is the rate of financing in force on a day.
func (o *oracle) annual(customer int32, x ledger.Date) exact {
	if own := o.l.Customers[customer].FinancingRate; own.Given() {
		return own.Rat()
	}
	best := o.opt.Rates[0]
	for _, r := range o.opt.Rates {
		if r.From <= x {
			best = r
		}
	}
	return best.Rate.Rat()
}

// subjects adds the facts up for every level.
func (o *oracle) subjects(out *expected) {
	all := func(holder) bool { return true }
	margin := o.opt.Margin
	level := func(l analysis.Level) map[string]*expectation {
		if out.levels[l] == nil {
			out.levels[l] = map[string]*expectation{}
		}
		return out.levels[l]
	}
	level(analysis.CompanyLevel)[""] = o.figures(all, false, margin)
	for i, c := range o.l.Currencies {
		level(analysis.CurrencyLevel)[c.Code] = o.figures(func(h holder) bool { return h.currency == uint8(i) }, true, margin)
	}
	for _, id := range append([]string{ledger.Unassigned}, o.l.Regions...) {
		level(analysis.RegionLevel)[id] = o.figures(func(h holder) bool { return h.region == id }, false, margin)
	}
	for i, c := range o.l.Customers {
		own := c.Margin
		if !own.Given() {
			own = margin
		}
		level(analysis.CustomerLevel)[c.ID] = o.figures(func(h holder) bool { return h.customer == int32(i) }, false, own)
	}
	reps := level(analysis.RepLevel)
	for _, id := range o.repIDs() {
		own := o.repMargin(id)
		if !own.Given() {
			own = margin
		}
		reps[id] = o.figures(func(h holder) bool { return h.rep == id }, false, own)
		o.repFigures(id, reps[id].figures)
	}
	for id, r := range reps {
		mine := r.figures["contribution"]
		if mine == nil {
			continue
		}
		rank := int64(1)
		for otherID, other := range reps {
			theirs := other.figures["contribution"]
			if theirs != nil && (theirs.Cmp(mine) > 0 || theirs.Cmp(mine) == 0 && otherID < id) {
				rank++
			}
		}
		r.figures["rank"] = whole(rank)
	}
}

// repIDs are the reps that any line up to D or any target of the period is about.
func (o *oracle) repIDs() []string {
	seen := map[string]bool{}
	for i := range o.l.Entries {
		if e := &o.l.Entries[i]; e.Posted <= o.opt.AsOf {
			seen[o.holderOf(e).rep] = true
		}
	}
	for _, t := range o.l.Targets {
		if m := t.Month; m.End() >= o.opt.From && m.Start() <= o.opt.To {
			seen[o.l.Reps[t.Rep].ID] = true
		}
	}
	var ids []string
	for id := range seen {
		ids = append(ids, id)
	}
	return ids
}

// figures computes every figure of contract.md for those facts that a subject owns.
func (o *oracle) figures(mine func(holder) bool, native bool, margin ledger.Ratio) *expectation {
	sums := map[string]exact{}
	for _, f := range o.facts {
		if !mine(f.of) {
			continue
		}
		if _, ok := sums[f.what]; !ok {
			sums[f.what] = whole(0)
		}
		if native {
			sums[f.what] = plus(sums[f.what], f.native)
		} else {
			sums[f.what] = plus(sums[f.what], f.base)
		}
	}
	sum := func(what string) exact {
		if s, ok := sums[what]; ok {
			return s
		}
		return whole(0)
	}
	out := &expectation{figures: map[string]exact{}}
	for i := 0; i <= len(o.opt.Bounds); i++ {
		out.aging = append(out.aging, sum(agingNames[i]+" D"))
	}
	f := out.figures
	f["on_account"], f["balance"], f["overdue"], f["disputed"] = sum("on account D"), sum("balance D"), sum("late D"), sum("disputed D")
	f["documents_open"] = sum("papers D")
	opening, closing, sales, receipts := sum("balance before"), sum("balance to"), sum("sales"), sum("receipts")
	f["opening"], f["closing"], f["sales"], f["receipts"] = opening, closing, sales, receipts
	f["recoveries"], f["write_offs"], f["adjustments"] = sum("recoveries"), sum("write_offs"), sum("adjustments")
	f["fx"] = minus(closing, plus(opening, plus(minus(minus(sales, receipts), f["write_offs"]), f["adjustments"])))

	days := whole(int64(o.opt.To - o.opt.From + 1))
	notDue := sum("not due to")
	f["collection_rate"] = over(receipts, sales)
	f["collection_rate_total"] = over(receipts, plus(opening, sales))
	f["collection_rate_due"] = over(sum("applied due"), sum("to collect"))
	basis := plus(opening, over(sales, o.monthsInPeriod()))
	if rate := over(minus(basis, closing), minus(basis, notDue)); rate != nil {
		f["cei"] = times(rate, whole(100))
	}
	if sales.Sign() != 0 {
		f["dso"] = times(over(closing, sales), days)
		f["bpdso"] = times(over(notDue, sales), days)
		f["add"] = minus(f["dso"], f["bpdso"])
	}
	f["dso_countback"] = o.countBack(closing, sum)
	f["turnover"] = over(over(times(sales, whole(365)), days), over(plus(opening, closing), whole(2)))
	f["days_to_pay"] = over(sum("applied days to pay"), sum("applied"))
	f["days_late"] = over(sum("applied days late"), sum("applied"))
	f["on_time_rate"] = over(sum("applied on time"), sum("applied"))

	f["financing_cost"], f["terms_cost"], f["gross_margin"] = sum("financing"), sum("terms"), sum("gross")
	f["profit_eaten"] = over(f["financing_cost"], f["gross_margin"])
	f["bad_debt"] = minus(f["write_offs"], f["recoveries"])
	if len(o.opt.LossRates) > 0 {
		f["provision"] = sum("provision D")
		f["provision_charge"] = plus(minus(sum("provision to"), sum("provision before")), f["bad_debt"])
	}
	f["extra_sales"] = extraSales(f["bad_debt"], margin)
	return out
}

// monthsInPeriod is N of §6: each day of P is its part of its month.
func (o *oracle) monthsInPeriod() exact {
	n := whole(0)
	for d := o.opt.From; d <= o.opt.To; d++ {
		n = plus(n, big.NewRat(1, int64(d.Month().Days())))
	}
	if n.Cmp(whole(1)) < 0 {
		return whole(1)
	}
	return n
}

// extraSales is §8.
func extraSales(badDebt exact, margin ledger.Ratio) exact {
	if badDebt.Sign() <= 0 {
		return whole(0)
	}
	if margin.Num <= 0 {
		return nil
	}
	return halfAway(over(badDebt, margin.Rat()))
}

// countBack is dso_countback.
func (o *oracle) countBack(rest exact, sum func(string) exact) exact {
	if rest.Sign() <= 0 {
		return nil
	}
	days := whole(0)
	for m := o.opt.AsOf.Month(); m >= o.first.Month(); m-- {
		length := whole(int64(m.Days()))
		if m == o.opt.AsOf.Month() {
			length = whole(int64(o.opt.AsOf - m.Start() + 1))
		}
		sales := sum("month " + m.String())
		switch {
		case sales.Sign() <= 0:
			days = plus(days, length)
		case rest.Cmp(sales) >= 0:
			rest, days = minus(rest, sales), plus(days, length)
		default:
			return plus(days, times(over(rest, sales), length))
		}
		if rest.Sign() == 0 {
			return days
		}
	}
	return nil
}

// repFigures are those of §11 that only reps have.
func (o *oracle) repFigures(id string, f map[string]exact) {
	for _, t := range o.l.Targets {
		if o.l.Reps[t.Rep].ID != id {
			continue
		}
		covered := int64(0)
		for d := t.Month.Start(); d <= t.Month.End(); d++ {
			if d >= o.opt.From && d <= o.opt.To {
				covered++
			}
		}
		if covered == 0 {
			continue
		}
		share := func(key string, given bool, sum ledger.Minor) {
			if !given {
				return
			}
			if f[key] == nil {
				f[key] = whole(0)
			}
			f[key] = plus(f[key], halfAway(times(whole(int64(sum)), big.NewRat(covered, int64(t.Month.Days())))))
		}
		share("sales_target", t.HasSales, t.Sales)
		share("collection_target", t.HasCollection, t.Collection)
		share("expenses", t.HasExpenses, t.Expenses)
	}
	f["sales_attainment"] = over(f["sales"], f["sales_target"])
	f["collection_attainment"] = over(f["receipts"], f["collection_target"])
	if f["provision_charge"] == nil {
		return
	}
	f["contribution"] = minus(minus(f["gross_margin"], f["financing_cost"]), f["provision_charge"])
	if f["expenses"] != nil {
		f["contribution"] = minus(f["contribution"], f["expenses"])
	}
}

// TestOracleAgreesOnRandomBooks holds every figure at every level against the
// oracle. Run more books with -rapid.checks=10000.
func TestOracleAgreesOnRandomBooks(t *testing.T) {
	manyBooks(t)
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		pack, err := analysis.Build(b.l, b.opt)
		if err != nil {
			t.Fatalf("Build: %v\n%s", err, b)
		}
		if diff := disagreements(pack, expect(b.l, b.opt)); len(diff) > 0 {
			t.Fatalf("%s\n%s", strings.Join(diff, "\n"), b)
		}
	})
}

// manyBooks raises rapid's default of 100 books; a number given with
// -rapid.checks stands.
func manyBooks(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() != checks.DefValue {
		return
	}
	if err := checks.Value.Set("1000"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checks.Value.Set(checks.DefValue) })
}

// disagreements lists the figures on which a pack and the oracle differ.
func disagreements(p *analysis.Pack, want *expected) []string {
	var diff []string
	seen := map[string]bool{}
	for _, s := range p.Subjects() {
		e := want.levels[s.Level][s.ID]
		seen[s.Path()] = true
		if e == nil {
			diff = append(diff, s.Path()+" is not expected")
			continue
		}
		for i, sum := range s.Aging {
			if whole(int64(sum)).Cmp(e.aging[i]) != 0 {
				diff = append(diff, fmt.Sprintf("%s/aging/%s is %d, the oracle says %s", s.Path(), p.Buckets[i].ID, sum, e.aging[i].RatString()))
			}
		}
		for _, id := range analysis.Figures() {
			if !s.Has(id) {
				continue
			}
			got, exp := s.Value(id), e.figures[id.Def().Key]
			if !sameValue(got, exp) {
				diff = append(diff, fmt.Sprintf("%s/%s is %s, the oracle says %s", s.Path(), id.Def().Key, valueText(got), exactText(exp)))
			}
		}
	}
	for level, subjects := range want.levels {
		for id, e := range subjects {
			path := (&analysis.Subject{Level: level, ID: id}).Path()
			if !seen[path] && !e.empty() {
				diff = append(diff, path+" is missing")
			}
		}
	}
	sort.Strings(diff)
	return diff
}

// empty reports whether nothing counts for the subject: a pack may leave it out.
func (e *expectation) empty() bool {
	for _, key := range []string{"on_account", "balance", "opening", "closing", "sales", "receipts", "recoveries", "write_offs", "adjustments",
		"documents_open", "financing_cost", "terms_cost", "sales_target", "collection_target", "expenses"} {
		if e.figures[key] != nil && e.figures[key].Sign() != 0 {
			return false
		}
	}
	return true
}

func sameValue(got analysis.Value, want exact) bool {
	switch {
	case got.IsAbsent() || want == nil:
		return got.IsAbsent() && want == nil
	case got.Ratio != nil:
		return got.Ratio.Cmp(want) == 0
	}
	return whole(int64(got.Minor)).Cmp(want) == 0
}

func valueText(v analysis.Value) string {
	switch {
	case v.IsAbsent():
		return "absent (" + v.Absent.String() + ")"
	case v.Ratio != nil:
		return exactText(v.Ratio)
	}
	return fmt.Sprint(int64(v.Minor))
}

func exactText(a exact) string {
	if a == nil {
		return "absent"
	}
	return a.RatString() + " ≈ " + a.FloatString(4)
}
