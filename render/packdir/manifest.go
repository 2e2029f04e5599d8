package packdir

import (
	"bytes"
	"encoding/json"
	"slices"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// manifestName is the file that lists the others, and so is written last.
const manifestName = "manifest.json"

// exceptionsName is the file of the problems of the input.
const exceptionsName = "exceptions.csv"

// manifest says what a pack was made from and what it consists of. It holds
// nothing that differs between two runs over the same input.
type manifest struct {
	Schema        string        `json:"schema"`
	Version       string        `json:"version"`
	Book          string        `json:"book"`
	AsOf          ledger.Date   `json:"as_of"`
	From          ledger.Date   `json:"from"`
	To            ledger.Date   `json:"to"`
	Currency      string        `json:"currency"`
	Language      string        `json:"language"`
	Formats       []string      `json:"formats"`
	Config        []setting     `json:"config"`
	Inputs        []input       `json:"inputs"`
	Outputs       []output      `json:"outputs"`
	ControlTotals controlTotals `json:"control_totals"`
}

// setting is one setting the figures rest on, and where it comes from.
type setting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

type input struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

type output struct {
	File   string `json:"file"`
	Rep    string `json:"rep,omitempty"` // the rep whose file it is
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// controlTotals are what a reader checks first: the amounts and counts that
// have to agree with the books, and whether they do.
type controlTotals struct {
	Lines         int                `json:"lines"` // ledger lines used
	Customers     int                `json:"customers"`
	DocumentsOpen json.Number        `json:"documents_open"`
	Totals        map[string]*string `json:"totals"` // of the company, in the book's currency; absent is null
	Balances      map[string]*string `json:"balances"`
	Errors        int                `json:"errors"`
	Notes         int                `json:"notes"`
	LeftOut       *string            `json:"left_out"`
	TieOut        []tieOut           `json:"tie_out"`
}

type tieOut struct {
	Account    string      `json:"account"`
	Date       ledger.Date `json:"date"`
	Currency   string      `json:"currency"`
	Control    *string     `json:"control"`
	Ledger     *string     `json:"ledger"`
	Difference *string     `json:"difference"`
}

// totals are the figures of the company that the manifest repeats.
var totals = []analysis.FigureID{analysis.Balance, analysis.OnAccount, analysis.Overdue, analysis.OpeningBalance, analysis.Sales,
	analysis.Receipts, analysis.WriteOffs, analysis.Adjustments, analysis.FxDifference, analysis.ClosingBalance}

// manifestOf returns manifest.json over the other files, sorted by name.
func manifestOf(p *analysis.Pack, opt Options, files []file) ([]byte, error) {
	m := manifest{Schema: manifestSchema, Version: opt.Version, Book: p.Book, AsOf: p.AsOf, From: p.From, To: p.To,
		Currency: p.BookCurrency().Code, Language: opt.Words.Lang(), ControlTotals: controlTotalsOf(p),
		Formats: []string{}, Config: []setting{}, Inputs: []input{}, Outputs: []output{}}
	for _, format := range Formats() {
		if slices.Contains(opt.Formats, format) {
			m.Formats = append(m.Formats, format)
		}
	}
	for _, a := range p.Assumptions {
		m.Config = append(m.Config, setting(a))
	}
	for _, in := range p.Inputs {
		m.Inputs = append(m.Inputs, input{File: in.File, Bytes: in.Bytes, Rows: in.Rows, SHA256: in.SHA256})
	}
	for _, f := range files {
		m.Outputs = append(m.Outputs, output{File: f.name, Rep: f.rep, Bytes: f.bytes, SHA256: f.sha256})
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(m)
	return out.Bytes(), err
}

func controlTotalsOf(p *analysis.Pack) controlTotals {
	base := p.BookCurrency()
	plain := func(m ledger.Minor, cur ledger.Currency) *string {
		return render.Plain(analysis.Value{Unit: analysis.Money, Minor: m}, cur)
	}
	c := controlTotals{Customers: len(p.Customers), Errors: p.Exceptions.Errors, Notes: p.Exceptions.Notes,
		DocumentsOpen: json.Number(*render.Plain(p.Company.Value(analysis.DocumentsOpen), base)),
		LeftOut:       plain(p.Exceptions.LeftOut, base), Totals: map[string]*string{}, Balances: map[string]*string{}, TieOut: []tieOut{}}
	for _, in := range p.Inputs {
		c.Lines += in.Rows
	}
	for _, id := range totals {
		c.Totals[id.Def().Key] = render.Plain(p.Company.Value(id), base)
	}
	for i := range p.ByCurrency {
		s := &p.ByCurrency[i]
		c.Balances[s.ID] = render.Plain(s.Value(analysis.Balance), p.Currencies[s.Currency])
	}
	for _, t := range p.TieOut {
		cur := p.Currencies[t.Currency]
		c.TieOut = append(c.TieOut, tieOut{Account: t.Account, Date: t.Date, Currency: cur.Code,
			Control: plain(t.Control, cur), Ledger: plain(t.Ledger, cur), Difference: plain(t.Difference(), cur)})
	}
	return c
}
