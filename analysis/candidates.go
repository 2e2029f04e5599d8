package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// Limits of what is worth listing beside a difference.
const (
	maxCandidates = 12
	cutoffDays    = 5    // days around the control date in which a line may belong to the other side of it
	pairedLines   = 2000 // of the lines posted last, pairs are looked for: of more, too many pairs fit by chance
)

// Why a line may explain a difference, likeliest first; wording keys.
const (
	leftOutCandidate   = "candidate-left-out"
	duplicateCandidate = "candidate-duplicate"
	amountCandidate    = "candidate-amount"
	pairCandidate      = "candidate-pair"
	cutoffCandidate    = "candidate-cutoff"
)

// candidates lists lines that may explain a difference, likeliest first: rows
// left out, lines of that amount that stand twice, lines of that amount, pairs
// whose sum it is, and lines posted close to the control date.
func (b *builder) candidates(t TieOut, currency int16) []Candidate {
	var list []Candidate
	for _, out := range b.ledger.LeftOut {
		if currency < 0 || int16(out.Currency) == currency {
			list = append(list, Candidate{Why: leftOutCandidate, Amount: out.Amount, Pos: out.Pos})
		}
	}
	lines := b.comparable(t, currency)
	found := sameAmount(lines, t.Difference())
	found = append(found, pairs(lines[:min(len(lines), pairedLines)], t.Difference())...)
	found = append(found, nearCutoff(lines, t)...)
	for _, s := range found[:min(len(found), maxCandidates)] {
		e := s.line
		list = append(list, Candidate{Why: s.why, ID: b.ledger.Numbering.Text(e.ID), Amount: e.Amount, Posted: e.Posted, Pos: e.Pos})
	}
	return list[:min(len(list), maxCandidates)]
}

// suspect is a line that may explain a difference, and why.
type suspect struct {
	why  string
	line *ledger.Entry
}

// comparable lists the lines that a control balance may hold or lack: those up
// to a few days after its date, the last one first.
func (b *builder) comparable(t TieOut, currency int16) []*ledger.Entry {
	var lines []*ledger.Entry
	for i := range b.ledger.Entries {
		e := &b.ledger.Entries[i]
		// A recovery is in the balance of no receivable, unless somebody booked it there.
		foreign := currency >= 0 && int16(e.Currency) != currency || e.Kind == ledger.Recovery && e.Amount.Abs() != t.Difference().Abs()
		if !foreign && e.Posted <= t.Date+cutoffDays {
			lines = append(lines, e)
		}
	}
	slices.SortStableFunc(lines, func(x, y *ledger.Entry) int { return cmp.Compare(y.Posted, x.Posted) })
	return lines
}

// sameAmount lists the lines whose amount is the difference, first those that
// look as if they had been booked twice: same customer, kind, amount and day.
func sameAmount(lines []*ledger.Entry, difference ledger.Minor) []suspect {
	type likeness struct {
		customer int32
		kind     ledger.Kind
		amount   ledger.Minor
		posted   ledger.Date
	}
	of := func(e *ledger.Entry) likeness { return likeness{e.Customer, e.Kind, e.Amount, e.Posted} }
	var equal []*ledger.Entry
	alike := map[likeness]int{}
	for _, e := range lines {
		if e.Amount.Abs() == difference.Abs() {
			equal = append(equal, e)
			alike[of(e)]++
		}
	}
	var twice, once []suspect
	for _, e := range equal {
		if alike[of(e)] > 1 {
			twice = append(twice, suspect{duplicateCandidate, e})
		} else {
			once = append(once, suspect{amountCandidate, e})
		}
	}
	return append(twice, once...)
}

// pairs lists lines of which two together are the difference, signs counted:
// an invoice of 500 and a receipt of 55 that one side lacks make 445.
func pairs(lines []*ledger.Entry, difference ledger.Minor) []suspect {
	var list []suspect
	byAmount := map[ledger.Minor]*ledger.Entry{}
	for _, e := range lines {
		if e.Amount == 0 {
			continue
		}
		for _, sum := range []ledger.Minor{difference, -difference} {
			if other := byAmount[sum-e.Amount]; other != nil {
				list = append(list, suspect{pairCandidate, e}, suspect{pairCandidate, other})
				break
			}
		}
		byAmount[e.Amount] = e
	}
	return list
}

// nearCutoff lists the lines close to the control date, the closest first. Of
// those up to it, only what would move the control balance the right way if it
// had not been booked there.
func nearCutoff(lines []*ledger.Entry, t TieOut) []suspect {
	distance := func(e *ledger.Entry) ledger.Date {
		if e.Posted > t.Date {
			return e.Posted - t.Date - 1
		}
		return t.Date - e.Posted
	}
	var near []*ledger.Entry
	for _, e := range lines {
		after := e.Posted > t.Date
		fits := (e.Amount > 0) != (t.Difference() > 0)
		if e.Amount.Abs() != t.Difference().Abs() && distance(e) < cutoffDays && (after || fits) {
			near = append(near, e)
		}
	}
	slices.SortStableFunc(near, func(x, y *ledger.Entry) int { return cmp.Compare(distance(x), distance(y)) })
	list := make([]suspect, len(near))
	for i, e := range near {
		list[i] = suspect{cutoffCandidate, e}
	}
	return list
}
