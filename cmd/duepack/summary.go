package main

import (
	"fmt"
	"io"
	"math/big"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// printSummary prints the headline control totals of a pack: what is open, what
// of it is overdue, and whether it ties to the general ledger.
func printSummary(out io.Writer, p *analysis.Pack, words *render.Words) {
	company := &p.Company
	var rows [][2]string
	for _, id := range []analysis.FigureID{analysis.Balance, analysis.Overdue, analysis.OnAccount, analysis.DocumentsOpen} {
		text := words.Full(company.Value(id), p.BookCurrency())
		if id == analysis.Overdue {
			text += overdueShare(p, words)
		}
		rows = append(rows, [2]string{words.Label(p, id), text})
	}
	rows = append(rows, [2]string{words.Text("pack.as_of", p.AsOf.String()), words.Text("period", p.From.String(), p.To.String())})
	printPairs(out, append(rows, tieOutRows(p, words)...))
}

// tieOutRows says of every control balance at the as-of date whether it ties,
// with the lines that may explain it where it does not, and of earlier ones
// only those that do not, and how many do.
func tieOutRows(p *analysis.Pack, words *render.Words) [][2]string {
	if len(p.TieOut) == 0 {
		return [][2]string{{words.Table(&analysis.Table{ID: "tie_out"}), words.Text("badge.none")}}
	}
	var rows [][2]string
	earlier := 0
	for _, t := range p.TieOut {
		if t.Date < p.AsOf && t.Difference() == 0 {
			earlier++
			continue
		}
		account := fmt.Sprintf("%s %s %s", render.Clean(t.Account), t.Date, p.Currencies[t.Currency].Code)
		rows = append(rows, [2]string{account, badge(p, t, words)})
		rows = append(rows, candidateRows(p, t, words)...)
	}
	if earlier > 0 {
		rows = append(rows, [2]string{words.Text("check.earlier", words.Count(earlier)), words.Text("badge.ok")})
	}
	return rows
}

// candidateRows says of every line that may explain a difference why, and where
// it stands.
func candidateRows(p *analysis.Pack, t analysis.TieOut, words *render.Words) [][2]string {
	sources := ledger.Ledger{Sources: p.Sources}
	var rows [][2]string
	for _, c := range t.Candidates {
		amount := words.Full(analysis.Value{Unit: analysis.Money, Minor: c.Amount}, p.Currencies[t.Currency])
		line := strings.Fields(strings.Join([]string{render.Clean(c.ID), c.Posted.String(), amount, sources.Place(c.Pos)}, " "))
		rows = append(rows, [2]string{"  " + words.Text("word."+c.Why), strings.Join(line, " ")})
	}
	return rows
}

// overdueShare returns the overdue share of the balance in parentheses.
func overdueShare(p *analysis.Pack, words *render.Words) string {
	balance := p.Company.Value(analysis.Balance).Minor
	if balance <= 0 {
		return ""
	}
	share := analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(int64(p.Company.Value(analysis.Overdue).Minor), int64(balance))}
	return " (" + words.Value(share, p.BookCurrency()) + ")"
}

// badge says whether a control balance ties out.
func badge(p *analysis.Pack, t analysis.TieOut, words *render.Words) string {
	if t.Difference() == 0 {
		return words.Text("badge.ok")
	}
	difference := analysis.Value{Unit: analysis.Money, Minor: t.Difference()}
	return words.Text("badge.differs", words.Full(difference, p.Currencies[t.Currency]))
}

// printPairs prints names and texts, the texts under each other.
func printPairs(out io.Writer, rows [][2]string) {
	width := 0
	for _, row := range rows {
		width = max(width, columnsOf(row[0]))
	}
	for _, row := range rows {
		fmt.Fprintln(out, row[0]+strings.Repeat(" ", width-columnsOf(row[0]))+"  "+row[1])
	}
}

// total counts lines and adds their amounts.
type total struct {
	lines  int
	amount ledger.Minor
	over   bool // the sum left the range of amounts
}

func (t *total) add(m ledger.Minor) {
	sum, ok := t.amount.Add(m)
	t.lines, t.amount, t.over = t.lines+1, sum, t.over || !ok
}

// printTotals prints the control totals of a book as it was read: lines and
// amounts by kind, per currency, and what they add up to. Whoever has the export
// open beside it can compare.
func printTotals(out io.Writer, l *ledger.Ledger, words *render.Words) {
	for c, currency := range l.Currencies {
		kinds := make([]total, ledger.Opening+1)
		var balance total
		for i := range l.Entries {
			e := &l.Entries[i]
			if int(e.Currency) != c {
				continue
			}
			amount := e.Amount
			if e.Has(ledger.HasOpen) {
				amount = e.Open
			}
			kinds[e.Kind].add(amount)
			if e.Kind != ledger.Recovery { // cash, but no change of the receivable (rules §3)
				balance.add(amount)
			}
		}
		rows := [][]string{{currency.Code, words.Text("check.lines"), words.Text("column.amount")}}
		for kind := range kinds {
			if kinds[kind].lines > 0 {
				rows = append(rows, kinds[kind].row(words.Text("kind."+ledger.Kind(kind).String()), currency, words))
			}
		}
		if len(rows) > 1 {
			rows = append(rows, balance.row(words.Text("figure.balance"), currency, words))
			fmt.Fprint(out, align(rows, 1), "\n")
		}
	}
}

func (t total) row(label string, currency ledger.Currency, words *render.Words) []string {
	amount := words.Amount(t.amount, currency)
	if t.over {
		amount = words.Text("number.absent")
	}
	return []string{label, words.Count(t.lines), amount}
}
