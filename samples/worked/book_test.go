package worked_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// book is a small ledger with its settings. What is empty is as the product
// has it by default.
type book struct {
	Currency  string `yaml:"currency"` // CNY
	Period    string `yaml:"period"`   // from..to; the as-of date is its end
	Apply     string `yaml:"application"`
	Margin    string `yaml:"margin"`    // 5%
	Financing string `yaml:"financing"` // 6%, or rates in order, each from the second on as date=rate
	Aging     string `yaml:"aging"`     // due
	Buckets   string `yaml:"buckets"`
	LossRates string `yaml:"loss_rates"`
	History   int    `yaml:"history"` // months of roll rates instead

	Rates     string `yaml:"rates"`
	Reps      string `yaml:"reps"`
	Customers string `yaml:"customers"`
	Targets   string `yaml:"targets"`
	Ledger    string `yaml:"ledger"`
}

// row is a row of a table of the file by column.
type row map[string]string

// rows reads a table: a line of heads, then one line a row.
func rows(t *testing.T, table string) []row {
	t.Helper()
	var heads []string
	var list []row
	for line := range strings.Lines(table) {
		cells := strings.Fields(line)
		switch {
		case heads == nil:
			heads = cells
		case len(cells) != len(heads):
			t.Fatalf("%d cells under %d heads: %s", len(cells), len(heads), line)
		default:
			r := row{}
			for i, cell := range cells {
				if cell != "-" {
					r[heads[i]] = cell
				}
			}
			list = append(list, r)
		}
	}
	return list
}

// build computes the pack of a book.
func (b *book) build(t *testing.T) *analysis.Pack {
	t.Helper()
	l := b.ledger(t)
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	pack, err := analysis.Build(l, b.options(t))
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func ratio(t *testing.T, text string) ledger.Ratio {
	t.Helper()
	var r ledger.Ratio
	if err := r.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return r
}

func date(t *testing.T, text string) ledger.Date {
	t.Helper()
	d, err := ledger.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// options returns the settings of a book.
func (b *book) options(t *testing.T) analysis.Options {
	t.Helper()
	from, to, _ := strings.Cut(b.Period, "..")
	opt := analysis.Options{
		From: date(t, from), To: date(t, to), AsOf: date(t, to), RepBasis: analysis.RepOnDocument, Basis: analysis.ACT365,
		Apply: analysis.ApplicationMode(or(b.Apply, string(analysis.Explicit))), Margin: ratio(t, or(b.Margin, "5%")),
		Aging: analysis.AgingRule{Basis: analysis.AgingBasis(or(b.Aging, string(analysis.ByDue))), Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
	}
	for _, text := range strings.Fields(or(b.Financing, "6%")) {
		since, rate, dated := strings.Cut(text, "=")
		if !dated {
			opt.Rates = append(opt.Rates, analysis.RateFrom{Rate: ratio(t, text)})
			continue
		}
		opt.Rates = append(opt.Rates, analysis.RateFrom{From: date(t, since), Rate: ratio(t, rate)})
	}
	if b.Buckets != "" {
		opt.Bounds = nil
		for _, text := range strings.Fields(b.Buckets) {
			bound, err := analysis.ParseBound(text)
			if err != nil {
				t.Fatal(err)
			}
			opt.Bounds = append(opt.Bounds, bound)
		}
	}
	for _, text := range strings.Fields(b.LossRates) {
		opt.LossRates = append(opt.LossRates, ratio(t, text))
	}
	if b.History > 0 {
		opt.LossHistory = &analysis.LossHistory{Months: b.History}
	}
	return opt
}

// ledger returns the ledger of a book.
func (b *book) ledger(t *testing.T) *ledger.Ledger {
	t.Helper()
	l := &ledger.Ledger{Numbering: &ledger.Numbering{}, Sources: []ledger.Source{{File: "worked example"}}}
	currency(t, l, or(b.Currency, "CNY"))
	for _, r := range rows(t, b.Reps) {
		rep := ledger.Rep{ID: r["rep"]}
		if r["margin"] != "" {
			rep.Margin = ratio(t, r["margin"])
		}
		l.Reps = append(l.Reps, rep)
	}
	for _, r := range rows(t, b.Customers) {
		c := ledger.Customer{ID: r["customer"], Rep: repOf(t, l, r["rep"]), Region: ledger.None}
		if r["margin"] != "" {
			c.Margin = ratio(t, r["margin"])
		}
		l.Customers = append(l.Customers, c)
	}
	for _, r := range rows(t, b.Rates) {
		l.Rates = append(l.Rates, ledger.FxRate{Currency: currency(t, l, r["currency"]), Date: date(t, r["date"]), Rate: ratio(t, r["rate"])})
	}
	for _, r := range rows(t, b.Targets) {
		l.Targets = append(l.Targets, ledger.Target{
			Rep: repOf(t, l, r["rep"]), Month: date(t, r["month"]+"-01").Month(), HasSales: true, HasCollection: true, HasExpenses: true,
			Sales: minor(t, l, 0, r["sales"]), Collection: minor(t, l, 0, r["collection"]), Expenses: minor(t, l, 0, r["expenses"]),
		})
	}
	for i, r := range rows(t, b.Ledger) {
		e := entry(t, l, r)
		e.Pos = ledger.Pos{Row: int32(i + 2)}
		l.Entries = append(l.Entries, e)
	}
	return l
}

// entry reads one line of the ledger.
func entry(t *testing.T, l *ledger.Ledger, r row) ledger.Entry {
	t.Helper()
	e := ledger.Entry{ID: l.Numbering.Of(r["document"]), Settles: l.Numbering.Of(r["settles"]), Rep: repOf(t, l, r["rep"]), Region: ledger.None, Posted: date(t, r["posted"])}
	if err := e.Kind.UnmarshalText([]byte(r["kind"])); err != nil {
		t.Fatal(err)
	}
	if r["currency"] != "" {
		e.Currency = currency(t, l, r["currency"])
	}
	e.Customer = customer(l, or(r["customer"], "C1"))
	e.Amount = minor(t, l, e.Currency, r["amount"])
	if r["cost"] != "" {
		e.Cost, e.Flags = minor(t, l, e.Currency, r["cost"]), ledger.HasCost
	}
	e.Issued = e.Posted
	if r["issued"] != "" {
		e.Issued = date(t, r["issued"])
	}
	if r["due"] != "" {
		e.Due = date(t, r["due"])
	}
	return e
}

// currency returns the index of a currency, new where it was not seen yet.
func currency(t *testing.T, l *ledger.Ledger, code string) uint8 {
	t.Helper()
	i := slices.IndexFunc(l.Currencies, func(c ledger.Currency) bool { return c.Code == code })
	if i >= 0 {
		return uint8(i)
	}
	exponent, ok := ledger.Exponent(code)
	if !ok {
		t.Fatalf("%q is no currency", code)
	}
	l.Currencies = append(l.Currencies, ledger.Currency{Code: code, Exponent: exponent})
	return uint8(len(l.Currencies) - 1)
}

func customer(l *ledger.Ledger, id string) int32 {
	i := slices.IndexFunc(l.Customers, func(c ledger.Customer) bool { return c.ID == id })
	if i >= 0 {
		return int32(i)
	}
	l.Customers = append(l.Customers, ledger.Customer{ID: id, Rep: ledger.None, Region: ledger.None})
	return int32(len(l.Customers) - 1)
}

func repOf(t *testing.T, l *ledger.Ledger, id string) int32 {
	t.Helper()
	if id == "" {
		return ledger.None
	}
	i := slices.IndexFunc(l.Reps, func(r ledger.Rep) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("%q is no rep of the book", id)
	}
	return int32(i)
}

// minor reads an amount exactly.
func minor(t *testing.T, l *ledger.Ledger, currency uint8, text string) ledger.Minor {
	t.Helper()
	v, ok := new(big.Rat).SetString(plainNumber(text))
	if !ok {
		t.Fatalf("%q is no amount", text)
	}
	for range l.Currencies[currency].Exponent {
		v.Mul(v, big.NewRat(10, 1))
	}
	if !v.IsInt() || !v.Num().IsInt64() {
		t.Fatalf("%q is no amount in %s", text, l.Currencies[currency].Code)
	}
	return ledger.Minor(v.Num().Int64())
}
