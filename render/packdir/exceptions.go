package packdir

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode"
	"unicode/utf8"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// byteOrderMark makes spreadsheet programs read the file as UTF-8; without it
// they take Chinese for the system's own encoding.
const byteOrderMark = "\ufeff"

// exceptions returns exceptions.csv: one row per problem, in the order of the
// input.
func exceptions(problems []render.Problem) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(byteOrderMark)
	w := csv.NewWriter(&out)
	rows := [][]string{{"severity", "code", "file", "sheet", "cell", "found", "message", "hint", "amount", "currency"}}
	for i := range problems {
		rows = append(rows, exceptionRow(&problems[i]))
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

func exceptionRow(p *render.Problem) []string {
	severity := "note"
	if p.Error {
		severity = "error"
	}
	row := []string{severity, p.Code, p.File, p.Sheet, p.Cell, p.Found, p.Message, p.Hint}
	for i := range row {
		row[i] = harmless(row[i])
	}
	amount, currency := "", ""
	if exponent, ok := ledger.Exponent(p.Currency); ok && p.HasAmount {
		amount, currency = *render.Plain(analysis.Value{Unit: analysis.Money, Minor: p.Amount}, ledger.Currency{Code: p.Currency, Exponent: exponent}), p.Currency
	}
	return append(row, amount, currency)
}

// harmless puts a quote before a text that a spreadsheet program would take
// for a formula when it opens the file: the text comes from the ledger, and so
// from strangers. Control characters but tabs and line ends, which programs stop at
// or terminals obey, become the replacement character.
func harmless(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r':
			return utf8.RuneError
		case render.Turns(r):
			return -1
		}
		return r
	}, text)
	if strings.HasPrefix(strings.TrimLeft(text, " \u00a0\u3000"), "\t") || strings.HasPrefix(text, "\r") || strings.HasPrefix(text, "\n") {
		return "'" + text
	}
	if trimmed := strings.TrimSpace(text); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}
