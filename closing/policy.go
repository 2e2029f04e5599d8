// Package closing decides whether a pack may be sent with nobody watching, and
// keeps the record of an unattended run.
package closing

import (
	"fmt"
	"math/big"
	"time"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render/packdir"
)

// TieOut says what a policy asks of the comparison with the general ledger.
type TieOut string

// What can be asked.
const (
	TieOutRequired TieOut = "required" // a control balance is there at the as-of date, and none differs
	TieOutGiven    TieOut = "given"    // those that are there do not differ
	TieOutIgnored  TieOut = "ignored"
)

// Policy says what must be true of a pack before it is sent. A field that is
// not given asks nothing.
type Policy struct {
	MaxAge time.Duration // of an input file; 0: any
	TieOut TieOut
	Errors int          // most rows with errors that are left out
	Fewer  ledger.Ratio // by which share the rows may be fewer than in the last close
	Change ledger.Ratio // by which share the balance may differ from the last close, up or down
}

// Code names a rule of a policy, as its key in the config.
type Code string

// The rules.
const (
	MaxAge Code = "max_age"
	Tie    Code = "tie_out"
	Errors Code = "errors"
	Rows   Code = "rows"
	Total  Code = "total"
)

// Breach is a rule that a pack breaks, in one line.
type Breach struct {
	Code Code
	Text string
}

// Error names the rule and says what breaks it.
func (b Breach) Error() string { return "close." + string(b.Code) + ": " + b.Text }

// Input is a file a pack is made from.
type Input struct {
	Name     string
	Modified time.Time
}

// Age checks that the inputs are fresh: an export that failed overnight leaves
// the one of before.
func (p Policy) Age(inputs []Input, now time.Time) []Breach {
	var found []Breach
	for _, in := range inputs {
		if age := now.Sub(in.Modified); p.MaxAge > 0 && age > p.MaxAge {
			found = append(found, Breach{MaxAge, fmt.Sprintf("%s was last written on %s, %s ago; the policy allows %s (did the export run?)",
				in.Name, in.Modified.UTC().Format("2006-01-02 15:04 UTC"), span(age), span(p.MaxAge))})
		}
	}
	return found
}

// span writes a duration in days and hours, or in minutes below an hour.
func span(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	days, hours := int(d.Hours())/24, int(d.Hours())%24
	switch {
	case days == 0:
		return fmt.Sprintf("%d h", hours)
	case hours == 0:
		return fmt.Sprintf("%d d", days)
	}
	return fmt.Sprintf("%d d %d h", days, hours)
}

// Problems checks how many rows have errors.
func (p Policy) Problems(errors int) []Breach {
	if errors <= p.Errors {
		return nil
	}
	return []Breach{{Errors, fmt.Sprintf("the input has %d errors; the policy allows %d", errors, p.Errors)}}
}

// Pack checks a pack that is not written yet: its tie-out, and its rows and
// balance against the last close, which may be nil.
func (p Policy) Pack(pack *analysis.Pack, last *packdir.Written) []Breach {
	found := p.tieOut(pack)
	if last == nil {
		return found
	}
	lines := 0
	for _, in := range pack.Inputs {
		lines += in.Rows
	}
	if p.Fewer.Given() && beyond(big.NewRat(int64(lines), 1), big.NewRat(int64(last.Lines), 1), p.Fewer, false) {
		found = append(found, Breach{Rows, fmt.Sprintf("the ledger has %d lines, the last close (%s) had %d; the policy allows %s fewer (is the export complete?)",
			lines, last.AsOf, last.Lines, percent(p.Fewer))})
	}
	return append(found, p.total(pack, last)...)
}

func (p Policy) tieOut(pack *analysis.Pack) []Breach {
	if p.TieOut == TieOutIgnored {
		return nil
	}
	var found []Breach
	compared := false
	for _, t := range pack.TieOut {
		compared = compared || t.Date == pack.AsOf
		if t.Difference() != 0 {
			currency := pack.Currencies[t.Currency]
			text := func(m ledger.Minor) string { return currency.Code + " " + m.Decimal(currency.Exponent) }
			found = append(found, Breach{Tie, fmt.Sprintf("account %s at %s has %s in the general ledger and %s here; difference %s",
				t.Account, t.Date, text(t.Control), text(t.Ledger), text(t.Difference()))})
		}
	}
	if p.TieOut == TieOutRequired && !compared {
		found = append(found, Breach{Tie, fmt.Sprintf("no control balance is given at %s, and the policy requires one (add it to the Control sheet)", pack.AsOf)})
	}
	return found
}

// total compares the balance with that of the last close, where both are in one
// currency.
func (p Policy) total(pack *analysis.Pack, last *packdir.Written) []Breach {
	currency := pack.BookCurrency()
	balance := pack.Company.Value(analysis.Balance)
	before, ok := new(big.Rat).SetString(last.Balance)
	if !p.Change.Given() || balance.IsAbsent() || !ok || last.Currency != currency.Code {
		return nil
	}
	text := balance.Minor.Decimal(currency.Exponent)
	if now, _ := new(big.Rat).SetString(text); !beyond(now, before, p.Change, true) {
		return nil
	}
	return []Breach{{Total, fmt.Sprintf("receivables are %s %s, at the last close (%s) they were %s; the policy allows a change of %s",
		currency.Code, text, last.AsOf, last.Balance, percent(p.Change))}}
}

// beyond reports whether a number is lower than another by more than a share of
// it, or with up, higher.
func beyond(now, before *big.Rat, share ledger.Ratio, up bool) bool {
	change := new(big.Rat).Sub(now, before)
	if change.Sign() > 0 && !up {
		return false
	}
	limit := new(big.Rat).Mul(share.Rat(), new(big.Rat).Abs(before))
	return change.Abs(change).Cmp(limit) > 0
}

func percent(r ledger.Ratio) string {
	text := new(big.Rat).Mul(r.Rat(), big.NewRat(100, 1))
	if text.IsInt() {
		return text.Num().String() + "%"
	}
	return text.FloatString(2) + "%"
}

// Written checks a pack on disk before it is sent again or by hand.
func (p Policy) Written(w *packdir.Written) []Breach {
	var found []Breach
	switch {
	case p.TieOut == TieOutIgnored:
	case w.Untied > 0:
		found = append(found, Breach{Tie, fmt.Sprintf("the pack of %s differs from %d of %d control balances of the general ledger", w.AsOf, w.Untied, w.TieOuts)})
	case p.TieOut == TieOutRequired && w.TieOuts == 0:
		found = append(found, Breach{Tie, fmt.Sprintf("the pack of %s was compared with no control balance, and the policy requires one", w.AsOf)})
	}
	return append(found, p.Problems(w.Errors)...)
}

// LastClose returns the newest pack of a folder before a date; nil where there is
// none. A folder that is no pack is passed over.
func LastClose(dir string, before ledger.Date) (*packdir.Written, error) {
	folders, err := packdir.Folders(dir)
	if err != nil {
		return nil, err
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if w, err := packdir.Open(folders[i]); err == nil && w.AsOf < before {
			return w, nil
		}
	}
	return nil, nil
}
