package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// whatIf is what the command tables computes: both tables, as plain values.
type whatIf struct {
	currency ledger.Currency
	losses   []ledger.Minor
	margins  []ledger.Ratio     // columns of sales
	sales    [][]analysis.Value // by loss, then margin: loss ÷ margin (rules §8)

	delayMargins []ledger.Ratio     // rows of months
	rates        []ledger.Ratio     // columns of months
	months       [][]analysis.Value // by margin, then rate: margin ÷ rate × 12 (rules §7)
}

func (a *app) tablesCommand() *cobra.Command {
	var margins, rates, losses, currency, format string
	cmd := &cobra.Command{
		Use:   "tables",
		Short: "Print the what-if tables: sales to make up for a loss, months of delay that eat the profit",
		Long: "Print two tables. The first says what must be sold on top to earn a loss back: loss ÷ net margin.\n" +
			"The second says how many months of late payment eat the whole profit: net margin ÷ annual rate × 12.",
		Example: "  duepack tables\n  duepack tables --margins 3%,5% --rates 4.35% --losses 12000,50000 --currency USD",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			words, err := a.words(cmd)
			if err != nil {
				return err
			}
			w, err := newWhatIf(
				scalar{margins, "--margins"}, scalar{rates, "--rates"}, scalar{losses, "--losses"}, scalar{currency, "--currency"})
			if err != nil {
				return err
			}
			switch format {
			case "text":
				return w.writeText(a.stdout, words)
			case "csv":
				return w.writeCSV(a.stdout)
			case "json":
				return w.writeJSON(a.stdout)
			}
			return scalar{format, "--format"}.bad("bad-format", "%q is not one of text, csv, json", format)
		},
	}
	cmd.Flags().StringVar(&margins, "margins", "", "net margins, as 10%,8%,6% (default: those of the course tables)")
	cmd.Flags().StringVar(&rates, "rates", "", "annual financing rates (default 5%,6%,8%)")
	cmd.Flags().StringVar(&losses, "losses", "", "losses in whole units or with decimals (default 500 to 2500)")
	cmd.Flags().StringVar(&currency, "currency", "CNY", "currency of the losses")
	cmd.Flags().StringVar(&format, "format", "text", "text, csv or json")
	addFlags(cmd, []flag{languageFlag})
	return cmd
}

// newWhatIf computes both tables; an empty list stands for the one of the
// course tables.
func newWhatIf(margins, rates, losses, currency scalar) (*whatIf, error) {
	code, err := parseCurrency(currency)
	if err != nil {
		return nil, err
	}
	exponent, _ := ledger.Exponent(code)
	w := &whatIf{
		currency: ledger.Currency{Code: code, Exponent: exponent},
		margins:  analysis.CourseLossMargins(), delayMargins: analysis.CourseMargins(), rates: analysis.CourseRates(),
	}
	if margins.text != "" {
		if w.margins, err = each(parseMargin, margins.split()); err != nil {
			return nil, err
		}
		w.delayMargins = w.margins
	}
	if rates.text != "" {
		if w.rates, err = each(parseRate, rates.split()); err != nil {
			return nil, err
		}
	}
	if w.losses, err = w.lossesOf(losses); err != nil {
		return nil, err
	}
	w.compute()
	return w, nil
}

// lossesOf reads the losses, or takes those of the course table.
func (w *whatIf) lossesOf(list scalar) ([]ledger.Minor, error) {
	if list.text == "" {
		for _, loss := range analysis.CourseLosses() {
			list.text += fmt.Sprintf("%d,", loss)
		}
	}
	return each(func(s scalar) (ledger.Minor, error) { return parseAmount(s, w.currency) }, list.split())
}

// parseAmount reads a plain decimal amount that is exact in its currency.
func parseAmount(s scalar, currency ledger.Currency) (ledger.Minor, error) {
	exact, err := ledger.ParseRatio(s.text)
	if err != nil || strings.ContainsAny(s.text, "%％‰") {
		return 0, s.bad("bad-amount", "%q is not an amount (want 500 or 1250.50)", s.text)
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(currency.Exponent)), nil)
	minor := new(big.Rat).Mul(exact.Rat(), new(big.Rat).SetInt(unit))
	if !minor.IsInt() || !minor.Num().IsInt64() {
		return 0, s.bad("bad-amount", "%q is no whole number of the smallest unit of %s", s.text, currency.Code)
	}
	return ledger.Minor(minor.Num().Int64()), nil
}

func (w *whatIf) compute() {
	w.sales = grid(w.losses, w.margins, analysis.SalesNeeded)
	w.months = grid(w.delayMargins, w.rates, analysis.MonthsToZero)
}

func grid[R, C any](rows []R, columns []C, cell func(R, C) analysis.Value) [][]analysis.Value {
	table := make([][]analysis.Value, len(rows))
	for i, row := range rows {
		for _, column := range columns {
			table[i] = append(table[i], cell(row, column))
		}
	}
	return table
}

// writeText writes both tables aligned, the numbers to the right.
func (w *whatIf) writeText(out io.Writer, words *render.Words) error {
	sales := [][]string{{words.Text("column.loss") + " \\ " + words.Text("column.margin")}}
	for _, m := range w.margins {
		sales[0] = append(sales[0], words.Rate(m))
	}
	for i, loss := range w.losses {
		sales = append(sales, w.textRow(words, words.Amount(loss, w.currency), w.sales[i]))
	}
	months := [][]string{{words.Text("column.margin") + " \\ " + words.Text("column.rate")}}
	for _, r := range w.rates {
		months[0] = append(months[0], words.Rate(r))
	}
	for i, m := range w.delayMargins {
		months = append(months, w.textRow(words, words.Rate(m), w.months[i]))
	}
	_, err := fmt.Fprintf(out, "%s (%s)\n\n%s\n%s\n\n%s",
		words.Text("table.extra_sales"), w.currency.Code, align(sales, 0), words.Text("table.months_to_zero"), align(months, 0))
	return err
}

func (w *whatIf) textRow(words *render.Words, head string, values []analysis.Value) []string {
	row := []string{head}
	for _, v := range values {
		row = append(row, words.Value(v, w.currency))
	}
	return row
}

// align writes a table with columns two spaces apart: the first left ones
// aligned to the left, the others to the right.
func align(rows [][]string, left int) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columnsOf(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			gap := strings.Repeat(" ", widths[i]-columnsOf(cell))
			if i < left {
				b.WriteString(cell + gap)
			} else {
				b.WriteString(gap + cell)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// columnsOf returns the number of terminal columns of a text: a Chinese
// character or full-width sign takes two.
func columnsOf(text string) int {
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if r >= 0x2E80 && r <= 0xFFE6 {
			n++
		}
	}
	return n
}

// plain writes a value as pack.json does; an absent one is nil.
func (w *whatIf) plain(v analysis.Value) *string { return render.Plain(v, w.currency) }

// writeCSV writes one line per cell: table, row, column, value.
func (w *whatIf) writeCSV(out io.Writer) error {
	c := csv.NewWriter(out)
	line := func(table, row string, column ledger.Ratio, v analysis.Value) {
		text := w.plain(v)
		if text == nil {
			text = new(string)
		}
		_ = c.Write([]string{table, row, percent(column), *text}) // the error is c.Error()
	}
	_ = c.Write([]string{"table", "row", "column", "value"})
	for i, loss := range w.losses {
		for j, m := range w.margins {
			line("extra_sales", loss.Decimal(w.currency.Exponent), m, w.sales[i][j])
		}
	}
	for i, m := range w.delayMargins {
		for j, r := range w.rates {
			line("months_to_zero", percent(m), r, w.months[i][j])
		}
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes both tables with exact inputs and values as in pack.json.
func (w *whatIf) writeJSON(out io.Writer) error {
	type sale struct {
		Loss   string       `json:"loss"`
		Margin ledger.Ratio `json:"margin"`
		Sales  *string      `json:"sales"`
	}
	type delay struct {
		Margin ledger.Ratio `json:"margin"`
		Rate   ledger.Ratio `json:"rate"`
		Months *string      `json:"months"`
	}
	doc := struct {
		Currency     string  `json:"currency"`
		ExtraSales   []sale  `json:"extra_sales"`
		MonthsToZero []delay `json:"months_to_zero"`
	}{Currency: w.currency.Code, ExtraSales: []sale{}, MonthsToZero: []delay{}}
	for i, loss := range w.losses {
		for j, m := range w.margins {
			doc.ExtraSales = append(doc.ExtraSales, sale{loss.Decimal(w.currency.Exponent), m, w.plain(w.sales[i][j])})
		}
	}
	for i, m := range w.delayMargins {
		for j, r := range w.rates {
			doc.MonthsToZero = append(doc.MonthsToZero, delay{m, r, w.plain(w.months[i][j])})
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}
