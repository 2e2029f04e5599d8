// Package derivation writes how a figure came about (duepack explain): as text
// for a terminal, as JSON for programs, and as a workbook whose sums are live.
// Every form is a pure function of derivations, pack and words.
package derivation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// Text writes derivations for a terminal: the formula with its rule, the parts
// with their values, and below each part its rows, the first maxRows of them
// and the sum of the others, so that every list foots. maxRows 0 writes all.
func Text(out io.Writer, p *analysis.Pack, list []analysis.Derivation, w *render.Words, maxRows int) error {
	for i := range list {
		d := &list[i]
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s = %s\n", d.Figure, value(w, p, d.Value, d.Currency))
		fmt.Fprintf(out, "  %s: %s (%s)\n", label(w, d), w.Text("formula."+d.Key), d.Rule)
		if d.Value.IsAbsent() {
			fmt.Fprintf(out, "  %s\n", w.Reason(d.Value.Absent))
		}
		if err := writeParts(out, p, d, w, maxRows); err != nil {
			return err
		}
	}
	return nil
}

// label names the figure of a derivation.
func label(w *render.Words, d *analysis.Derivation) string {
	if d.Key == "aging" {
		return w.Text("section.aging")
	}
	return w.Text("figure." + d.Key)
}

// partLabel names a part.
func partLabel(w *render.Words, part *analysis.Part) string {
	if part.Figure != "" {
		return part.Figure
	}
	return w.Text("part." + part.Key)
}

// value writes a value as pack.json has it, with its currency.
func value(w *render.Words, p *analysis.Pack, v analysis.Value, currency int) string {
	cur := p.Currencies[currency]
	text := render.Plain(v, cur)
	switch {
	case text == nil:
		return w.Text("number.absent")
	case v.Unit == analysis.Money:
		return *text + " " + cur.Code
	}
	return *text
}

func writeParts(out io.Writer, p *analysis.Pack, d *analysis.Derivation, w *render.Words, maxRows int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.TabIndent)
	for i := range d.Parts {
		part := &d.Parts[i]
		total := value(w, p, part.Value, d.Currency)
		if part.TimesDays {
			total = w.Text("explain.times_days", total)
		}
		fmt.Fprintf(out, "  %s: %s\n", partLabel(w, part), total)
		shown := part.Rows
		if maxRows > 0 && len(shown) > maxRows {
			shown = shown[:maxRows]
		}
		for r := range shown {
			row := cells(p, w, d, part, &shown[r])
			row[len(row)-1] = "  " + row[len(row)-1] // the last cell is not padded
			fmt.Fprintln(table, "    "+strings.Join(row, "\t"))
		}
		if rest := part.Rows[len(shown):]; len(rest) > 0 {
			sum := ledger.Minor(0)
			for r := range rest {
				sum += rest[r].Amount
			}
			fmt.Fprintf(table, "    %s\t%s\t\n", w.Text("explain.more", w.Count(len(rest))), amount(p, d, part, sum))
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// amount writes what a row adds to its part, in the part's unit.
func amount(p *analysis.Pack, d *analysis.Derivation, part *analysis.Part, m ledger.Minor) string {
	if part.Value.Unit == analysis.Count {
		return m.Decimal(0)
	}
	return m.Decimal(p.Currencies[d.Currency].Exponent)
}

// cells are a row's columns in every form: what it adds, then what it is.
func cells(p *analysis.Pack, w *render.Words, d *analysis.Derivation, part *analysis.Part, e *analysis.Evidence) []string {
	cur := p.Currencies[e.Currency]
	native := ""
	if part.Value.Unit != analysis.Count || e.Native != 0 {
		native = e.Native.Decimal(cur.Exponent) + " " + cur.Code
	}
	factor := ""
	if e.Rate.Given() {
		factor = "× " + w.Rate(e.Rate)
	}
	if len(e.Accruals) > 0 {
		native, factor = accrued(p, w, e.Accruals, cur)
	}
	if e.Exchange.Given() && e.Currency != d.Currency {
		factor += " × " + e.Exchange.String()
	}
	days := ""
	if e.Days != 0 {
		days = w.Text("unit.days", fmt.Sprint(e.Days))
	}
	name := e.ID
	if e.Other != "" {
		name += " → " + e.Other
	}
	return []string{amount(p, d, part, e.Amount), name, e.Customer, e.Date.String(), e.Due.String(), days, native, strings.TrimSpace(factor), e.Place}
}

// accrued writes a cost as amount × days and, behind it, rate ÷ day basis; where
// the rate changed, the later terms follow.
func accrued(p *analysis.Pack, w *render.Words, list []analysis.Accrual, cur ledger.Currency) (first, factor string) {
	for i, a := range list {
		term := w.Text("explain.times_days", ledger.Minor(a.AmountDays).Decimal(cur.Exponent)+" "+cur.Code)
		if i == 0 {
			first = term
		} else {
			factor += " + " + term + " "
		}
		factor += fmt.Sprintf("× %s ÷ %d", w.Rate(a.Annual), p.Basis.YearDays())
	}
	return first, factor
}

// jsonDerivation is the form of a derivation for programs: money as decimal
// strings, absent values as null, as in pack.json.
type jsonDerivation struct {
	Figure   string     `json:"figure"`
	Rule     string     `json:"rule"`
	Formula  string     `json:"formula"`
	Currency string     `json:"currency"`
	Value    *string    `json:"value"`
	Absent   string     `json:"absent,omitempty"`
	Parts    []jsonPart `json:"parts"`
}

type jsonPart struct {
	Part   string    `json:"part"`
	Figure string    `json:"figure,omitempty"`
	Value  *string   `json:"value"`
	Rows   []jsonRow `json:"rows,omitempty"`
}

type jsonRow struct {
	Amount   string        `json:"amount"`
	ID       string        `json:"id,omitempty"`
	Document string        `json:"document,omitempty"`
	Customer string        `json:"customer,omitempty"`
	Date     string        `json:"date,omitempty"`
	Due      string        `json:"due,omitempty"`
	Days     int64         `json:"days,omitempty"`
	Native   string        `json:"native"`
	Currency string        `json:"currency"`
	Rate     string        `json:"rate,omitempty"`
	Exchange string        `json:"exchange,omitempty"`
	Accruals []jsonAccrual `json:"accruals,omitempty"`
	Place    string        `json:"place,omitempty"`
}

type jsonAccrual struct {
	AmountDays string `json:"amount_days"`
	Annual     string `json:"annual"`
	YearDays   int64  `json:"year_days"`
}

// JSON writes derivations as an indented JSON array with all their rows.
func JSON(out io.Writer, p *analysis.Pack, list []analysis.Derivation, w *render.Words) error {
	docs := make([]jsonDerivation, len(list))
	for i := range list {
		d := &list[i]
		cur := p.Currencies[d.Currency]
		docs[i] = jsonDerivation{
			Figure: d.Figure, Rule: d.Rule, Formula: w.Text("formula." + d.Key), Currency: cur.Code,
			Value: render.Plain(d.Value, cur), Absent: d.Value.Absent.String(), Parts: []jsonPart{},
		}
		for j := range d.Parts {
			part := &d.Parts[j]
			doc := jsonPart{Part: cmp.Or(part.Key, part.Figure), Figure: part.Figure, Value: render.Plain(part.Value, cur)}
			for r := range part.Rows {
				e := &part.Rows[r]
				native := p.Currencies[e.Currency]
				var accruals []jsonAccrual
				for _, a := range e.Accruals {
					accruals = append(accruals, jsonAccrual{ledger.Minor(a.AmountDays).Decimal(native.Exponent), a.Annual.String(), p.Basis.YearDays()})
				}
				doc.Rows = append(doc.Rows, jsonRow{
					Amount: amount(p, d, part, e.Amount), ID: e.ID, Document: e.Other, Customer: e.Customer,
					Date: e.Date.String(), Due: e.Due.String(), Days: e.Days, Native: e.Native.Decimal(native.Exponent), Currency: native.Code,
					Rate: e.Rate.String(), Exchange: e.Exchange.String(), Accruals: accruals, Place: e.Place,
				})
			}
			docs[i].Parts = append(docs[i].Parts, doc)
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(docs)
}
