package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
)

// Severity says what a problem did to its row.
type Severity uint8

// The severities of problems.
const (
	Note  Severity = iota // the row is used, but something was assumed
	Error                 // the row cannot be used
)

// String returns the word of the contract.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "note"
}

// Problem is one thing in the input that is wrong (an error) or was assumed (a
// note), with its place. Codes are the keys of the table in codes.go.
type Problem struct {
	Source   ledger.Source
	Row      int    // 0 where the whole sheet or file is meant
	Cell     string // "F17"; "17" where the whole row is meant; "" where Row is 0
	Severity Severity
	Code     string
	Found    string // the text that was found; may be empty
	Message  string // what is the matter, with the found text
	Hint     string // what to do; may be empty
	See      string // another place that belongs to it; may be empty

	// Amount is what the row with the error would have added, in Currency,
	// where that much could be read.
	Amount    ledger.Minor
	Currency  string
	HasAmount bool
}

// Place returns file!sheet!cell, as precise as is known.
func (p Problem) Place() string {
	if p.Cell == "" {
		return p.Source.String()
	}
	return p.Source.String() + "!" + p.Cell
}

// String writes the problem as one line that grep finds (contract, Problems):
//
//	ledger.xlsx!Ledger!F17: error bad-amount: "12,3x" is not an amount (write it as 1234.50)
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s: %s", p.Place(), p.Severity, p.Code, p.Message)
	if p.See != "" {
		b.WriteString(", see " + p.See)
	}
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return oneLine(b.String())
}

// oneLine keeps control characters of the input from breaking the line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// Count returns the numbers of errors and notes.
func Count(problems []Problem) (errors, notes int) {
	for i := range problems {
		if problems[i].Severity == Error {
			errors++
		} else {
			notes++
		}
	}
	return errors, notes
}

// Lines writes problems for a person: in order, at most perCode of each code,
// then how many more there are of it. perCode 0 writes all.
func Lines(problems []Problem, perCode int) []string {
	var lines []string
	seen := map[string]int{}
	var codes []string
	for i := range problems {
		p := &problems[i]
		seen[p.Code]++
		switch {
		case seen[p.Code] == 1:
			codes = append(codes, p.Code)
		}
		if perCode == 0 || seen[p.Code] <= perCode {
			lines = append(lines, p.String())
		}
	}
	for _, code := range codes {
		if more := seen[code] - perCode; perCode > 0 && more > 0 {
			lines = append(lines, fmt.Sprintf("and %d more of %s", more, code))
		}
	}
	return lines
}

// cellName returns the name of a cell: column 0 of row 17 is A17.
func cellName(column, row int) string {
	var b [24]byte
	return string(strconv.AppendInt(append(b[:0], ColumnName(column)...), int64(row), 10))
}

// ColumnName returns the letters of a column, 0 being A.
func ColumnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// quote shortens a found text for a message.
func quote(s string) string {
	const most = 60
	if s = oneLine(s); utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return strconv.Quote(s)
}
