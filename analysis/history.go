package analysis

import (
	"math/big"
	"slices"

	"duepack/analysis/ledger"
)

// window is a period with its as-of date. The first window of a builder is the
// pack's own; the others are the calendar months of the history, so that one
// pass over the ledger gives the position at every month-end.
type window struct {
	from, to, asOf ledger.Date
	months         *big.Rat // PeriodMonths
}

func newWindow(from, to, asOf ledger.Date) window {
	return window{from, to, asOf, PeriodMonths(from, to)}
}

// has reports whether a date lies in the window's period.
func (w *window) has(d ledger.Date) bool { return d >= w.from && d <= w.to }

// monthSum sums one month of the history over the customers of a shard.
type monthSum struct {
	company Tally
	unrated bool // a rate of exchange was missing: the month is left out
}

// MonthEnd is the company as it stood at the end of a calendar month: the same
// figures that a pack with that as-of date and that month as its period has
// (rules §3, prefix stability).
type MonthEnd struct {
	Date    ledger.Date `json:"date"`
	Company Subject     `json:"company"`
}

// makeWindows lists the windows and the dates at which they need a position:
// the pack's own, and the last months that end on or before the as-of date.
func (b *builder) makeWindows() {
	b.windows = []window{newWindow(b.opt.From, b.opt.To, b.opt.AsOf)}
	last := b.opt.AsOf.Month()
	if last.End() > b.opt.AsOf {
		last--
	}
	first := max(b.calendar.first, last-ledger.Month(b.opt.HistoryMonths)+1)
	if !b.ledger.Snapshot {
		for m := first; m <= last; m++ {
			b.windows = append(b.windows, newWindow(m.Start(), m.End(), m.End()))
		}
	}
	kept := []ledger.Date{b.opt.From - 1, b.opt.To, b.opt.AsOf}
	if b.opt.Classes.given() {
		kept = append(kept, lastYearEnd(b.opt.To))
	}
	for _, d := range kept {
		b.player.stops = append(b.player.stops, stop{date: d, kept: true})
	}
	for w, win := range b.windows[1:] {
		b.player.stops = append(b.player.stops, stop{date: win.from - 1, opens: int32(w + 1)}, stop{date: win.to, closes: int32(w + 1)})
	}
	b.player.stops = mergeStops(b.player.stops)
	b.closing = make([][]rateSpan, len(b.ledger.Currencies))
	for c := range b.closing {
		for _, win := range b.windows {
			b.closing[c] = append(b.closing[c], b.exchange.span(uint8(c), win.asOf))
		}
	}
	b.player.carry = &carry{windows: b.windows, calendar: &b.calendar, before: int(first-b.calendar.first) - 1, basis: b.opt.Basis, rates: b.opt.Rates}
}

// mergeStops sorts stops by date and makes one of those with the same.
func mergeStops(stops []stop) []stop {
	slices.SortFunc(stops, func(x, y stop) int { return int(x.date - y.date) })
	merged := stops[:0]
	for _, s := range stops {
		if n := len(merged); n > 0 && merged[n-1].date == s.date {
			at := &merged[n-1]
			at.kept, at.closes, at.opens = at.kept || s.kept, max(at.closes, s.closes), max(at.opens, s.opens)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// collectHistory makes the figures of the month-ends, oldest first. company is
// the tally of the pack itself, for the sales of the months before.
func (b *builder) collectHistory(p *Pack, company *Tally) {
	for w := 1; w < len(b.windows); w++ {
		win := &b.windows[w]
		sum := Tally{aging: make([]ledger.Minor, len(b.buckets)), firstSales: company.firstSales, unrated: company.unrated}
		unrated := false
		for _, s := range b.shards {
			sum.Merge(&s.history[w].company)
			unrated = unrated || s.history[w].unrated
		}
		if unrated || sum.overflow {
			continue
		}
		if upTo := b.calendar.month(win.asOf) + 1; company.months != nil && company.firstSales < upTo {
			sum.months = company.months[:upTo]
		}
		p.History = append(p.History, MonthEnd{Date: win.asOf, Company: b.subject(p, win, CompanyLevel, "", "", &sum, ledger.Ratio{})})
	}
}

// recentEnds returns the last month-ends, at most trendMonths, and the as-of date
// where it is no month-end; nothing where the book has no history.
func recentEnds(p *Pack) []MonthEnd {
	ends := p.History[max(0, len(p.History)-trendMonths):]
	if n := len(ends); n > 0 && ends[n-1].Date != p.AsOf {
		ends = append(slices.Clone(ends), MonthEnd{Date: p.AsOf, Company: p.Company})
	}
	return ends
}

// before returns the company at the month-end before the as-of date's month; nil
// where the history does not have it.
func (v *view) before() *Subject {
	for i := range v.History {
		if v.History[i].Date == v.AsOf.Month().Start()-1 {
			return &v.History[i].Company
		}
	}
	return nil
}

// endLabel names a month-end by its month and another date by itself.
func (v *view) endLabel(date ledger.Date) Cell {
	if date == date.Month().End() {
		return Cell{Month: date.Month()}
	}
	return Cell{Date: date}
}
