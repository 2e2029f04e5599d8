package analysis

import (
	"slices"
	"strconv"

	"duepack/analysis/ledger"
)

// CommissionBand is one step of a commission plan: the rate on cash that came
// in up to so many days late, above the band before. The first band holds for
// early payments, too; cash later than the last band earns nothing (rules §11:
// "on cash received, by bands of days late, clawed back when the receipt is
// reversed or the goods come back. A plan never pays on an invoice").
type CommissionBand struct {
	LateDays int          `json:"late_days"` // the last day of the band, inside it
	Rate     ledger.Ratio `json:"rate"`
}

// CommissionWhy says what a commission line is for.
type CommissionWhy string

// What commission lines are for.
const (
	Earned   CommissionWhy = "earned"   // a receipt was applied to the document
	Reversed CommissionWhy = "reversed" // a receipt that was applied to it was reversed
	Returned CommissionWhy = "returned" // a credit note says that goods it was paid for came back
)

// CommissionLine is what one application of a receipt earned the rep of the
// document in the period, or what was taken back of one of whatever date.
// Cash, its value and the commission are negative where it is taken back.
type CommissionLine struct {
	Owner                    // of the document
	Why        CommissionWhy `json:"why"`
	ID         string        `json:"id"` // of the receipt, the reversal or the credit note
	Document   string        `json:"document"`
	Instalment int16         `json:"instalment,omitempty"`
	Date       ledger.Date   `json:"date"`
	LateDays   int           `json:"late_days"`  // of the application that earned it
	Band       int           `json:"band"`       // index into Pack.Commission; its length: later than all
	Cash       ledger.Minor  `json:"cash"`       // native
	Book       ledger.Minor  `json:"book"`       // at the rate on the receipt's posting date
	Commission ledger.Minor  `json:"commission"` // Book × the band's rate, rounded here
	Pos        ledger.Pos    `json:"pos"`
}

// bandOf returns the band of a number of days late.
func bandOf(plan []CommissionBand, lateDays int) int {
	i, _ := slices.BinarySearchFunc(plan, lateDays, func(b CommissionBand, days int) int { return b.LateDays - days })
	return i
}

// postCommission books the commission of the period. Cash is taken back from
// the newest applications to the document first, each up to what is left of it,
// at the rate it was paid at: what is taken back in full leaves exactly nothing.
func (p *posting) postCommission() {
	if len(p.opt.Commission) == 0 {
		return
	}
	kept := map[int32][]*keptCash{} // by number of the id that cash was taken back from
	for _, u := range p.account.undone {
		kept[p.account.documents[u.document].id] = nil
	}
	undone := p.account.undone
	for i, a := range p.account.applied {
		for len(undone) > 0 && int(undone[0].after) <= i {
			p.takeBack(kept, &undone[0])
			undone = undone[1:]
		}
		e := &p.ledger.Entries[p.account.credits[a.credit].entry]
		if e.Kind != ledger.Receipt {
			continue
		}
		d := &p.account.documents[a.document]
		cash := &keptCash{document: d, receipt: e, lateDays: int(a.date - d.due), left: a.amount}
		if _, wanted := kept[d.id]; wanted {
			kept[d.id] = append(kept[d.id], cash)
		}
		if p.win.has(a.date) {
			p.commission(Earned, e, a.date, cash, 0, a.amount)
		}
	}
	for i := range undone {
		p.takeBack(kept, &undone[i])
	}
}

// keptCash is an application of a receipt and what is left of it after
// reversals and returns.
type keptCash struct {
	document *document
	receipt  *ledger.Entry
	lateDays int
	left     ledger.Minor
}

// takeBack takes cash back from the newest applications to a document.
func (p *posting) takeBack(kept map[int32][]*keptCash, u *undone) {
	list, left := kept[p.account.documents[u.document].id], u.amount
	e := &p.ledger.Entries[u.entry]
	why := Returned
	if e.Kind == ledger.Receipt {
		why = Reversed
	}
	for i := len(list) - 1; i >= 0 && left > 0; i-- {
		cash := list[i]
		part := min(left, cash.left)
		if part > 0 && p.win.has(u.date) {
			p.commission(why, e, u.date, cash, cash.left, cash.left-part)
		}
		cash.left -= part
		left -= part
	}
}

// commission books the change of the commission on an application whose cash
// changes from one amount to another.
func (p *posting) commission(why CommissionWhy, e *ledger.Entry, date ledger.Date, cash *keptCash, from, to ledger.Minor) {
	d := cash.document
	line := CommissionLine{
		Owner: p.ownerOf(d.entry, d.settles), Why: why, ID: p.idOf(e), Document: p.idOf(&p.ledger.Entries[d.entry]), Instalment: d.instalment, Date: date,
		LateDays: cash.lateDays, Band: bandOf(p.opt.Commission, cash.lateDays), Cash: to - from, Pos: e.Pos,
	}
	rate := p.rate(cash.receipt.Posted, cash.receipt.Pos)
	bookFrom, bookTo := p.convert(from, rate, e.Pos), p.convert(to, rate, e.Pos)
	line.Book = bookTo - bookFrom
	line.Commission = p.commissionOn(bookTo, line.Band, e) - p.commissionOn(bookFrom, line.Band, e)
	p.shard.detail.Commissions = append(p.shard.detail.Commissions, line)
}

// commissionOn returns cash × the rate of a band, rounded to the minor unit.
func (p *posting) commissionOn(book ledger.Minor, band int, e *ledger.Entry) ledger.Minor {
	if band == len(p.opt.Commission) {
		return 0
	}
	rate := p.opt.Commission[band].Rate
	amount, ok := book.MulDiv(rate.Num, rate.Den)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, e.Pos)
	}
	return amount
}

// bandCell names a band by its days, so that the limits are in the open.
func (v *view) bandCell(band int) Cell {
	days := func(i int) string { return strconv.Itoa(v.Commission[i].LateDays) }
	switch {
	case band == len(v.Commission):
		return Cell{Key: "word.late_over", Text: days(band - 1)}
	case band == 0:
		return Cell{Key: "word.late_up_to", Text: days(0)}
	}
	return Cell{Key: "word.late_between", Text: strconv.Itoa(v.Commission[band-1].LateDays+1) + "–" + days(band)}
}

// commissionBands shows cash and commission by days late; rep is a rep's
// index, or -1 for all.
func (v *view) commissionBands(rep int32) *Table {
	t := &Table{ID: "commission_bands", Columns: columns("band", "cash", "rate", "commission_earned", "commission_back", "commission")}
	sums := make([]commissionSum, len(v.Commission)+1)
	var total commissionSum
	for i := range v.Detail.Commissions {
		if line := &v.Detail.Commissions[i]; rep == ledger.None || line.Rep == rep {
			sums[line.Band].add(line)
			total.add(line)
		}
	}
	for band := range sums {
		rate := Cell{}
		if band < len(v.Commission) {
			rate.Rate = v.Commission[band].Rate
		}
		s := &sums[band]
		t.Rows = append(t.Rows, Row{Cells: []Cell{v.bandCell(band), v.money(s.cash), rate, v.money(s.earned), v.money(s.back), v.money(s.earned + s.back)}})
	}
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: []Cell{{Key: "word.total"}, v.money(total.cash), {}, v.money(total.earned), v.money(total.back), v.money(total.earned + total.back)}})
	return t
}

// commissionSum sums commission lines.
type commissionSum struct{ cash, earned, back ledger.Minor }

func (s *commissionSum) add(line *CommissionLine) {
	s.cash += line.Book
	if line.Why == Earned {
		s.earned += line.Commission
	} else {
		s.back += line.Commission
	}
}

// takenBack lists what was taken back, with its reason.
func (v *view) takenBack(rep int32) []Block {
	t := &Table{ID: "commission_back", Columns: []Column{{Key: "date"}, {Key: "why"}, {Key: "id"}, {Key: "document"}, {Key: "customer", Wide: true}, {Key: "cash", Right: true}, {Key: "commission", Right: true}}}
	var list []*CommissionLine
	for i := range v.Detail.Commissions {
		if line := &v.Detail.Commissions[i]; line.Why != Earned && (rep == ledger.None || line.Rep == rep) {
			list = append(list, line)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(x, y *CommissionLine) int { return int(x.Date - y.Date) })
	list, t.More = top(list, topRows)
	for _, line := range list {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Date: line.Date}, {Key: "word.commission_" + string(line.Why)}, {Text: line.ID}, {Text: line.Document},
			subjectCell(&v.Customers[line.Customer]), v.money(line.Book), v.money(line.Commission)}})
	}
	return []Block{block(t)}
}

var commissionNote = sentence("note.commission", 0)

// commission is what the plan pays for the period, by rep and by days late.
func (v *view) commission() Section {
	s := Section{ID: "commission", Title: v.commissionTitle(), Depth: InFull}
	if len(v.Commission) == 0 || v.Snapshot {
		return s
	}
	t := &Table{ID: "commission_reps", Columns: columns("rep", "cash", "commission_earned", "commission_back", "commission", "commission_share")}
	sums := make([]commissionSum, len(v.Reps))
	var company commissionSum
	for i := range v.Detail.Commissions {
		line := &v.Detail.Commissions[i]
		sums[line.Rep].add(line)
		company.add(line)
	}
	row := func(name Cell, s *commissionSum, kind RowKind) {
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: []Cell{name, v.money(s.cash), v.money(s.earned), v.money(s.back), v.money(s.earned + s.back), v.ratio(Share, s.earned+s.back, s.cash)}})
	}
	for i := range sums {
		if sums[i] != (commissionSum{}) {
			row(v.repCell(int32(i)), &sums[i], ItemRow)
		}
	}
	row(Cell{Key: "word.company"}, &company, TotalRow)
	s.Blocks = append(s.Blocks, block(commissionNote.note()), block(t), block(v.commissionBands(ledger.None)))
	s.Blocks = append(s.Blocks, v.takenBack(ledger.None)...)
	return s
}

// repCommission is the commission of one rep.
func (v *view) repCommission(rep int32) []Block {
	if len(v.Commission) == 0 || v.Snapshot {
		return nil
	}
	return append([]Block{block(v.commissionBands(rep))}, v.takenBack(rep)...)
}
