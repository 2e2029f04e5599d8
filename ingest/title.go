package ingest

import (
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// searchTitles looks for the date of a snapshot and the unit of amounts above
// the header, and on sheets without one.
func (b *book) searchTitles(t *tab, rows []sheet.Row) {
	for _, r := range rows {
		if t.header != nil && r.Number >= t.header.first {
			break
		}
		for c, cell := range r.Cells {
			if cell.Kind != sheet.Text {
				continue
			}
			b.titleDate(t, r, c)
			b.titleUnit(t, cell.Text, r.Number, cellName(c, r.Number))
		}
	}
	if t.header != nil && t.header.currency != "" {
		t.currency = t.header.currency
	}
	if b.headerCurrency == "" {
		b.headerCurrency = t.currency
	}
}

// dateTitle is what stands before the date of a list of open items. A higher
// rank says more surely that the date is the list's and not the printing's.
type dateTitle struct {
	word     string
	rank     int
	anywhere bool // it may stand inside a title: "Open items as of 31 October 2026"
}

var dateTitles = []dateTitle{
	{"as of", 2, true}, {"as at", 2, true}, {"asof", 2, false}, {"截止", 2, true}, {"截至", 2, true}, {"基准日", 2, false}, {"balance date", 2, false}, {"snapshot", 2, false},
	{"statement date", 1, false}, {"report date", 1, false}, {"编制日期", 1, false}, {"报表日期", 1, false}, {"统计日期", 1, false}, {"制表日期", 1, false}, {"date:", 1, false}, {"日期", 1, false},
}

// titleDate takes the date in, or right of, a title such as "As of:".
func (b *book) titleDate(t *tab, r sheet.Row, column int) {
	title := strings.TrimSpace(simplified(narrow(r.Cells[column].Text)))
	const longest = 120 // a paragraph is no title
	if len(title) > longest {
		return
	}
	rest, rank := "", 0
	lower := strings.ToLower(title)
	for _, w := range dateTitles {
		at := strings.Index(lower, w.word)
		if len(lower) == len(title) && (at == 0 || at > 0 && w.anywhere) {
			rest, rank = title[at+len(w.word):], w.rank
			break
		}
	}
	if rank == 0 {
		return
	}
	take := func(d ledger.Date, at int) {
		if rank > b.dateRank {
			b.ledger.SnapshotDate, b.dateRank = d, rank
			b.result.SnapshotDateReason = t.rec.Source.String() + "!" + cellName(at, r.Number)
		}
	}
	if d := dateIn(rest); d != 0 {
		take(d, column)
		return
	}
	for c := column + 1; c < len(r.Cells) && c <= column+3; c++ {
		if strings.TrimSpace(r.Cells[c].Text) == "" {
			continue
		}
		if p, ok := parseDateCell(r.Cells[c], t.info.Date1904, anyOrder); ok && !p.ambiguous && p.date != 0 {
			take(p.date, c)
		}
		return
	}
}

// dateIn finds the date in the rest of a title; of a range its end. 0 for none.
func dateIn(text string) ledger.Date {
	var found ledger.Date
	for text != "" {
		d, rest := leadingDate(text)
		if d != 0 {
			found, text = d, rest
			continue
		}
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return found
}

// leadingDate reads the longest date that a text begins with.
func leadingDate(text string) (ledger.Date, string) {
	const shortest, longest = 8, 24 // 2026-1-1, "30 September 2026 00:00"
	if c := text[0] | 0x20; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
		return 0, ""
	}
	for n := min(len(text), longest); n >= shortest; n-- {
		if last := text[n-1]; n < len(text) && last >= '0' && last <= '9' && text[n] >= '0' && text[n] <= '9' {
			continue // in the middle of a number
		}
		if p, ok := parseDateText(text[:n], anyOrder); ok && !p.ambiguous && plausible(p.date) {
			return p.date, text[n:]
		}
	}
	return 0, ""
}

// unitMarks are what titles of units differ in.
var unitMarks = strings.NewReplacer(" ", "", "：", ":")

// titleUnit takes the currency of "单位：元", and refuses amounts in thousands.
func (b *book) titleUnit(t *tab, text string, row int, cell string) {
	folded := strings.ToLower(unitMarks.Replace(simplified(narrow(text))))
	unit, ok := strings.CutPrefix(folded, "单位:")
	if !ok {
		unit, ok = strings.CutPrefix(folded, "金额单位:")
	}
	if !ok {
		if _, unit, ok = strings.Cut(folded, "amountsin"); !ok {
			return
		}
	}
	for _, scaled := range []string{"万", "萬", "千", "百万", "亿", "億", "thousand", "million", "'000", "k"} {
		if strings.HasPrefix(unit, scaled) && t.header != nil && t.header.def.role == ledgerRole {
			b.problem(Problem{Source: t.rec.Source, Cell: cell, Row: row, Severity: Error, Code: "scaled-unit", Found: text,
				Message: "the amounts are rounded to " + quote(unit) + ", so they cannot tie to the ledger", Hint: "export the amounts in full"})
			b.fatal = true
			return
		}
	}
	if code := currencyCode(strings.TrimSuffix(unit, ")")); code != "" {
		t.currency = code
	}
}
