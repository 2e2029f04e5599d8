package analysis

import (
	"fmt"
	"math/big"

	"duepack/analysis/ledger"
)

// ClassTargets are collection targets by class of debt (rules §11: "old debt
// (open at the last year end), overdue, this year's sales, each with its own
// share"): the share of each class that is to be collected, 1 for 100 %. A
// class whose share is not given has no target.
type ClassTargets struct {
	Old     ledger.Ratio `json:"old"`
	Overdue ledger.Ratio `json:"overdue"`
	Current ledger.Ratio `json:"current"`
}

// DebtClass is a class of debt with a collection target.
type DebtClass uint8

// The classes. They overlap: an old debt may be overdue, too.
const (
	// OldDebt is what was open on the last year end before To, collected by
	// receipts applied since, up to To.
	OldDebt DebtClass = iota
	// OverdueDebt is what was past due on the day before the period, collected
	// by receipts applied in the period.
	OverdueDebt
	// CurrentDebt is the sales posted since the last year end, up to To,
	// collected by receipts applied to their documents in that time.
	CurrentDebt
	classCount
)

// classKeys are the last parts of wording keys.
var classKeys = [classCount]string{"old", "overdue", "current"}

// target returns the share of a class that is to be collected.
func (t *ClassTargets) target(c DebtClass) ledger.Ratio {
	return [classCount]ledger.Ratio{t.Old, t.Overdue, t.Current}[c]
}

// given reports whether any class has a target.
func (t *ClassTargets) given() bool { return t.Old.Given() || t.Overdue.Given() || t.Current.Given() }

// classSum sums one class of one rep in the book's currency.
type classSum struct{ base, collected ledger.Minor }

// ClassResult is what of a class was there to collect and what was collected,
// in the book's currency: open amounts at the rate of their date, sales and
// receipts at the rate of their posting.
type ClassResult struct {
	Class     DebtClass    `json:"class"`
	Rep       int32        `json:"rep"` // index into Pack.Reps, or -1 for the company
	Base      ledger.Minor `json:"base"`
	Collected ledger.Minor `json:"collected"` // less what was reversed
}

// lastYearEnd returns the 31 December before a date.
func lastYearEnd(d ledger.Date) ledger.Date {
	_, month, _ := d.Civil()
	return (d.Month() - ledger.Month(month-1)).Start() - 1
}

// checkPlans refuses targets and plans that make no sense.
func (opt *Options) checkPlans() error {
	for c := range classCount {
		if share := opt.Classes.target(c); share.Given() && share.Num <= 0 {
			return fmt.Errorf("the collection target of class %s is not above zero", classKeys[c])
		}
	}
	for i, band := range opt.Commission {
		switch {
		case !band.Rate.Given():
			return fmt.Errorf("the commission up to %d days late has no rate", band.LateDays)
		case i > 0 && band.LateDays <= opt.Commission[i-1].LateDays:
			return fmt.Errorf("the commission up to %d days late does not follow the one up to %d", band.LateDays, opt.Commission[i-1].LateDays)
		}
	}
	return nil
}

// postClasses books what the classes had to collect and what was collected.
func (p *posting) postClasses() {
	if !p.opt.Classes.given() {
		return
	}
	yearEnd := lastYearEnd(p.win.to)
	year := window{from: yearEnd + 1, to: p.win.to}
	old := p.postClassBase(OldDebt, p.holdingAt(yearEnd), yearEnd, func(*document) bool { return true })
	overdue := p.postClassBase(OverdueDebt, p.holdingAt(p.win.from-1), p.win.from-1, func(d *document) bool { return d.due < p.win.from-1 })
	for _, l := range p.account.lines {
		if e := &p.ledger.Entries[l.entry]; e.Kind.IsSale() && year.has(e.Posted) && p.opt.Classes.Current.Given() {
			rep, _ := p.attribute(l.entry, l.settles)
			p.addClass(CurrentDebt, rep, e.Amount, e, func(s *classSum) *ledger.Minor { return &s.base })
		}
	}
	collect := func(document int32, date ledger.Date, amount ledger.Minor, e *ledger.Entry) {
		d := &p.account.documents[document]
		made := &p.ledger.Entries[d.entry]
		rep, _ := p.attribute(d.entry, d.settles)
		for class, counts := range [classCount]bool{
			OldDebt:     old[document] && year.has(date),
			OverdueDebt: overdue[document] && p.win.has(date),
			CurrentDebt: made.Kind.IsSale() && year.has(d.posted) && year.has(date),
		} {
			if counts {
				p.addClass(DebtClass(class), rep, amount, e, func(s *classSum) *ledger.Minor { return &s.collected })
			}
		}
	}
	for _, a := range p.account.applied {
		if e := &p.ledger.Entries[p.account.credits[a.credit].entry]; e.Kind == ledger.Receipt {
			collect(a.document, a.date, a.amount, e)
		}
	}
	for _, u := range p.account.undone {
		if e := &p.ledger.Entries[u.entry]; e.Kind == ledger.Receipt {
			collect(u.document, u.date, -u.amount, e)
		}
	}
}

// postClassBase books the documents of a holding that are of a class, and
// returns them.
func (p *posting) postClassBase(class DebtClass, h holding, date ledger.Date, is func(*document) bool) map[int32]bool {
	if !p.opt.Classes.target(class).Given() {
		return nil
	}
	documents := map[int32]bool{}
	for _, at := range h.documents {
		d := &p.account.documents[at.index]
		if !is(d) {
			continue
		}
		documents[at.index] = true
		e := &p.ledger.Entries[d.entry]
		rep, _ := p.attribute(d.entry, d.settles)
		s := p.classSum(class, rep)
		p.addTo(&s.base, p.convert(at.open, p.rate(date, e.Pos), e.Pos), e)
	}
	return documents
}

// addClass adds an amount at the rate on the posting date of its entry.
func (p *posting) addClass(class DebtClass, rep int32, native ledger.Minor, e *ledger.Entry, sum func(*classSum) *ledger.Minor) {
	if p.opt.Classes.target(class).Given() {
		p.addTo(sum(p.classSum(class, rep)), p.convert(native, p.rate(e.Posted, e.Pos), e.Pos), e)
	}
}

// classSum returns the sum of a class and rep, making it on first use.
func (p *posting) classSum(class DebtClass, rep int32) *classSum {
	if p.shard.classes[class] == nil {
		p.shard.classes[class] = make([]classSum, len(p.reps))
	}
	return &p.shard.classes[class][rep]
}

// addTo adds an amount to a sum and notes where it is out of range.
func (p *posting) addTo(sum *ledger.Minor, m ledger.Minor, e *ledger.Entry) {
	total, ok := sum.Add(m)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, e.Pos)
	}
	*sum = total
}

// collectClasses sums the classes over the shards, the reps in the order of
// the pack and then the company.
func (b *builder) collectClasses(p *Pack, repOrder []int32) {
	if b.ledger.Snapshot {
		return
	}
	for class := range classCount {
		if !b.opt.Classes.target(class).Given() {
			continue
		}
		company := ClassResult{Class: class, Rep: ledger.None}
		for at, rep := range repOrder {
			r := ClassResult{Class: class, Rep: int32(at)}
			for _, s := range b.shards {
				if s.classes[class] != nil {
					r.Base += s.classes[class][rep].base
					r.Collected += s.classes[class][rep].collected
				}
			}
			company.Base += r.Base
			company.Collected += r.Collected
			p.ClassResults = append(p.ClassResults, r)
		}
		p.ClassResults = append(p.ClassResults, company)
	}
}

// attainment is collected ÷ (base × target share).
func (v *view) attainment(r *ClassResult) Cell {
	due := new(big.Rat).Mul(rat(r.Base), v.Classes.target(r.Class).Rat())
	value := quotient(Share, rat(r.Collected), due, ZeroDenominator)
	return Cell{Value: &value}
}

// classRow shows the result of a class.
func (v *view) classRow(r *ClassResult, name Cell) Row {
	return Row{Cells: []Cell{name, v.money(r.Base), v.money(r.Collected), v.ratio(Share, r.Collected, r.Base), {Rate: v.Classes.target(r.Class)}, v.attainment(r)}}
}

func classColumns(head string) []Column {
	return columns(head, "class_base", "class_collected", "collection_rate", "class_target", "class_attainment")
}

// classNotes say which debts are of a class.
var classNotes = [classCount]Sentence{
	OldDebt:     sentence("note.class.old", 3),
	OverdueDebt: sentence("note.class.overdue", 3),
	CurrentDebt: sentence("note.class.current", 3),
}

// classNote says which debts are of a class.
func (v *view) classNote(class DebtClass) Block {
	from, to := v.YearEnd+1, v.To
	before := v.YearEnd
	if class == OverdueDebt {
		from, before = v.From, v.From-1
	}
	return block(classNotes[class].note(Cell{Date: before}, Cell{Date: from}, Cell{Date: to}))
}

// classes are the collection targets by class of debt (rules §11), by rep.
func (v *view) classes() Section {
	s := Section{ID: "classes", Title: v.classesTitle(), Depth: InFull}
	var t *Table
	for i := range v.ClassResults {
		r := &v.ClassResults[i]
		if t == nil {
			t = &Table{ID: "class_" + classKeys[r.Class], Columns: classColumns("rep")}
		}
		if r.Rep != ledger.None {
			if r.Base != 0 || r.Collected != 0 {
				t.Rows = append(t.Rows, v.classRow(r, v.repCell(r.Rep)))
			}
			continue
		}
		total := v.classRow(r, Cell{Key: "word.company"})
		total.Kind = TotalRow
		t.Rows = append(t.Rows, total)
		s.Blocks = append(s.Blocks, v.classNote(r.Class), block(t))
		t = nil
	}
	return s
}

// repClasses are the classes of one rep.
func (v *view) repClasses(rep int32) []Block {
	t := &Table{ID: "classes", Columns: classColumns("class")}
	var blocks []Block
	for i := range v.ClassResults {
		if r := &v.ClassResults[i]; r.Rep == rep {
			t.Rows = append(t.Rows, v.classRow(r, Cell{Key: "word.class_" + classKeys[r.Class]}))
			blocks = append(blocks, v.classNote(r.Class))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return append([]Block{block(t)}, blocks...)
}
