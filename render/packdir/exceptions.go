package packdir

import (
	"encoding/csv"
	"io"
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

// exceptions writes exceptions.csv: one row per problem, in the order of the
// input.
func exceptions(out io.Writer, problems render.Problems) error {
	if _, err := io.WriteString(out, byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.Write([]string{"severity", "code", "file", "sheet", "cell", "found", "message", "hint", "amount", "currency"})
	for i := range problems.N {
		p := problems.At(i)
		w.Write(exceptionRow(&p))
	}
	w.Flush()
	return w.Error() // of any Write
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
	if isHarmless(text) { // nearly all of them, of what may be millions
		return text
	}
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

// isHarmless reports whether a text is letters of ASCII that begin with no sign.
func isHarmless(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return text == "" || text[0] > '@' || '0' <= text[0] && text[0] <= '9'
}
