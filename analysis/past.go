package analysis

import "duepack/analysis/ledger"

// What follows books the months of the history. They have no detail and no
// figures but the company's, so nobody needs to be found whose they are. A
// month for which a rate of exchange is missing is marked and left out.

// pastWindow returns the month of the history that a date lies in; 0 for none.
func (p *posting) pastWindow(date ledger.Date) int {
	if len(p.windows) == 1 {
		return 0
	}
	return p.windowOfMonth(p.calendar.month(date))
}

// windowOfMonth is pastWindow for a date of a month of the calendar.
func (p *posting) windowOfMonth(month int) int {
	if w := month - p.player.carry.before; w > 0 && w < len(p.windows) {
		return w
	}
	return 0
}

// postMonthEnd books what is held at a month-end: it closes one month and opens
// the next.
func (p *posting) postMonthEnd(s *stop, h holding) {
	if len(h.documents)+len(h.credits) == 0 {
		return
	}
	rate, rated := p.rateAt(s.date)
	if !rated {
		p.shard.history[s.closes].unrated = true
		p.shard.history[s.opens].unrated = true
		return
	}
	list := p.placeAt(h, s.date, rate)
	if s.closes > 0 {
		t := &p.shard.history[s.closes].company
		p.account.startCount()
		for i := range list {
			x := &list[i]
			disputed := p.entryOf(x.index, x.credit).Has(ledger.Disputed)
			document := x.open > 0 && p.account.countsNow(&p.account.documents[x.index])
			t.addOpen(x, x.book, x.provisionBook, disputed, document)
			t.addClosing(x, x.book, x.provisionBook)
		}
	}
	if s.opens > 0 {
		t, to := &p.shard.history[s.opens].company, p.windows[s.opens].to
		for i := range list {
			x := &list[i]
			t.addOpening(x.book, x.provisionBook, x.open > 0 && p.account.documents[x.index].due <= to)
		}
	}
}

// postPastLine books an entry of a month at the rate of its posting date.
func (p *posting) postPastLine(w int, l *line, e *ledger.Entry, rate ledger.Ratio, rated bool) {
	month := &p.shard.history[w]
	if !rated {
		month.unrated = true
		return
	}
	gross := ledger.Minor(0)
	if e.Kind.IsSale() {
		margin := ledger.Ratio{}
		if !e.Has(ledger.HasCost) {
			rep := p.unassigned
			if p.repMargins {
				rep, _ = p.attributeAt(l.entry, l.settles, p.windows[w].asOf)
			}
			margin, _ = p.marginOf(rep)
		}
		gross = p.convert(p.gross(e, margin), rate, e.Pos)
	}
	toCollect := p.convert(p.toCollect(l, &p.windows[w]), rate, e.Pos)
	month.company.addFlow(e.Kind, p.convert(e.Amount, rate, e.Pos), toCollect, gross)
}

// postPastApplication books a receipt that was applied in a month.
func (p *posting) postPastApplication(w int, a *applied, e *ledger.Entry) {
	month := &p.shard.history[w]
	rate, rated := p.rateAt(e.Posted)
	if !rated {
		month.unrated = true
		return
	}
	month.company.addApplied(&p.account.documents[a.document], a.date, p.convert(a.amount, rate, e.Pos), &p.windows[w])
}

// postPastCost books what a document cost in a month.
func (p *posting) postPastCost(w int, late, terms ledger.Minor, e *ledger.Entry) {
	month := &p.shard.history[w]
	closing := &p.closing[p.currency][w]
	if !closing.ok {
		month.unrated = true
		return
	}
	month.company.addCost(p.convert(late, closing.rate, e.Pos), p.convert(terms, closing.rate, e.Pos))
}
