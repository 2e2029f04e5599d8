package analysis

import (
	"strings"

	"duepack/analysis/ledger"
)

// Pack is a frozen close pack: every figure with its value or the reason it is
// absent, the detail the figures were summed from, and the sections that
// readers see. It holds no functions, clock, locale or colours, survives a
// round trip through JSON, and is all a renderer gets. Slices of subjects are
// sorted by id.
type Pack struct {
	Book       string            `json:"book"`    // name of the book; may be empty
	Version    string            `json:"version"` // of the program that made it; may be empty
	AsOf       ledger.Date       `json:"as_of"`
	From       ledger.Date       `json:"from"`
	To         ledger.Date       `json:"to"`
	Base       int               `json:"base"` // index of the book's currency in Currencies
	Snapshot   bool              `json:"snapshot"`
	Currencies []ledger.Currency `json:"currencies"`

	Aging   AgingRule    `json:"aging_rule"`
	Buckets []Bucket     `json:"buckets"`
	Basis   DayBasis     `json:"day_basis"`
	Margin  ledger.Ratio `json:"margin"` // net margin of the book
	Rates   []RateFrom   `json:"rates"`  // annual financing rates of the book by date

	LossRates []ledger.Ratio `json:"loss_rates"` // by bucket; empty where none are given

	Company    Subject   `json:"company"`
	ByCurrency []Subject `json:"by_currency"`
	Regions    []Subject `json:"regions"`
	Reps       []Subject `json:"reps"`
	Customers  []Subject `json:"customers"`

	Habit  Habit   `json:"habit"`  // of all customers together
	Habits []Habit `json:"habits"` // by customer, as Customers

	Classes      ClassTargets     `json:"class_targets"`
	ClassResults []ClassResult    `json:"class_results"` // by class, and of a class the reps before the company; only of classes with a target
	YearEnd      ledger.Date      `json:"year_end"`      // the last one before To, of which old debt is
	Commission   []CommissionBand `json:"commission"`    // the plan; empty where there is none

	Limits []CreditLimit `json:"limits"` // of the customers that have one

	TieOut      []TieOut        `json:"tie_out"`
	Months      []MonthFlow     `json:"months"`   // the company by calendar month, oldest first
	Rolls       []RollRate      `json:"rolls"`    // what estimated LossRates; empty where they were given
	History     []MonthEnd      `json:"history"`  // the last month-ends, oldest first; months without a rate of exchange are left out
	Vintages    []Vintage       `json:"vintages"` // by month of issue, oldest first
	Assumptions []Assumption    `json:"assumptions"`
	Inputs      []Input         `json:"inputs"`
	Exceptions  Exceptions      `json:"exceptions"`
	Sources     []ledger.Source `json:"sources"`
	Detail      Detail          `json:"detail"`
	Sections    []Section       `json:"sections"`
}

// Level says what a subject is.
type Level uint8

// The levels of subjects.
const (
	CompanyLevel Level = iota
	CurrencyLevel
	RegionLevel
	RepLevel
	CustomerLevel
)

// levelPaths are the first parts of figure ids (docs/contract: reps/R07/dso).
var levelPaths = [...]string{"company", "by_currency", "regions", "reps", "customers"}

// Subject is what a set of figures is about: the company, one currency, a
// region, a rep or a customer. Its money is in Currency.
type Subject struct {
	Level    Level        `json:"level"`
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Currency int          `json:"currency"` // index into Pack.Currencies
	Rep      int32        `json:"rep"`      // customers: index into Pack.Reps of the present rep, where the book names none the rep of the last line, or -1; no figure follows from it
	Margin   ledger.Ratio `json:"margin"`   // net margin that extra_sales divides by
	// OwnMargin says that Margin is the customer's or the rep's own, not the book's.
	OwnMargin bool           `json:"own_margin,omitempty"`
	Aging     []ledger.Minor `json:"aging"`  // one amount per Pack.Buckets
	Values    []Value        `json:"values"` // indexed by FigureID; those for reps only are absent elsewhere
}

// Path returns the first part of the subject's figure ids: "company",
// "reps/R07".
func (s *Subject) Path() string {
	if s.Level == CompanyLevel {
		return levelPaths[CompanyLevel]
	}
	return levelPaths[s.Level] + "/" + s.ID
}

// Has reports whether the figure exists at the subject's level.
func (s *Subject) Has(id FigureID) bool {
	return !id.Def().RepOnly || s.Level == RepLevel
}

// Value returns the value of a figure.
func (s *Subject) Value(id FigureID) Value { return s.Values[id] }

// Subjects returns every subject of the pack: the company, then currencies,
// regions, reps and customers.
func (p *Pack) Subjects() []*Subject {
	all := []*Subject{&p.Company}
	for _, group := range [][]Subject{p.ByCurrency, p.Regions, p.Reps, p.Customers} {
		for i := range group {
			all = append(all, &group[i])
		}
	}
	return all
}

// Find returns the value with a figure id such as company/dso or
// customers/C001/aging/31-60, and its subject.
func (p *Pack) Find(id string) (Value, *Subject, bool) {
	for _, s := range p.Subjects() {
		rest, ok := strings.CutPrefix(id, s.Path()+"/")
		if !ok {
			continue
		}
		if bucket, ok := strings.CutPrefix(rest, "aging/"); ok {
			for i := range p.Buckets {
				if p.Buckets[i].ID == bucket {
					return money(s.Aging[i]), s, true
				}
			}
			continue
		}
		if fig, ok := FigureByKey(rest); ok && s.Has(fig) {
			return s.Values[fig], s, true
		}
	}
	return Value{}, nil, false
}

// BookCurrency returns the currency the book is kept in.
func (p *Pack) BookCurrency() ledger.Currency { return p.Currencies[p.Base] }

// CreditLimit is up to what a customer may owe, in the book's currency.
type CreditLimit struct {
	Customer int32        `json:"customer"` // index into Pack.Customers
	Amount   ledger.Minor `json:"amount"`
}

// TieOut is the comparison of a control balance of the general ledger with
// the sub-ledger at its date (rules §10).
type TieOut struct {
	Account  string       `json:"account"` // accounts of one date and currency are added: "1122 + 1123"
	Date     ledger.Date  `json:"date"`
	Currency int          `json:"currency"` // index into Pack.Currencies
	Control  ledger.Minor `json:"control"`
	Ledger   ledger.Minor `json:"ledger"`
	// Candidates are lines that may explain a difference.
	Candidates []Candidate `json:"candidates,omitempty"`
}

// Difference returns control − ledger.
func (t TieOut) Difference() ledger.Minor { return t.Control - t.Ledger }

// Candidate is a line that may explain why a control balance differs.
type Candidate struct {
	Why    string       `json:"why"` // wording key: candidate-left-out, -duplicate, -amount, -pair or -cutoff
	ID     string       `json:"id"`
	Amount ledger.Minor `json:"amount"`
	Posted ledger.Date  `json:"posted"`
	Pos    ledger.Pos   `json:"pos"`
}

// MonthFlow is what the company sold and received in one calendar month, in
// the book's currency; the month of the as-of date counts up to it.
type MonthFlow struct {
	Month    ledger.Month `json:"month"`
	Sales    ledger.Minor `json:"sales"`
	Receipts ledger.Minor `json:"receipts"`
}

// Assumption is a setting the figures rest on, and why it has its value.
type Assumption struct {
	Key    string `json:"key"`    // key of duepack.yaml, as financing.rate
	Value  string `json:"value"`  // as it would stand there
	Reason string `json:"reason"` // wording key: given-flag, given-config, default, found-in-book …
	Detail string `json:"detail,omitempty"`
}

// Input is a file the pack was made from.
type Input struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Rows   int    `json:"rows"` // ledger lines used from it
}

// Exceptions sums up the problems of the input.
type Exceptions struct {
	Errors  int              `json:"errors"`
	Notes   int              `json:"notes"`
	LeftOut ledger.Minor     `json:"left_out"` // in the book's currency: sum of amounts of rows that --lenient left out
	ByCode  []ExceptionCount `json:"by_code"`
}

// ExceptionCount counts the problems of one code.
type ExceptionCount struct {
	Code    string       `json:"code"`
	Error   bool         `json:"error"`
	Count   int          `json:"count"`
	LeftOut ledger.Minor `json:"left_out"` // what the rows it left out are worth, part of Exceptions.LeftOut
	Example string       `json:"example"`  // the first, as one line
}

// Detail is what the figures were summed from, down to the source rows: what
// explain walks and the workbook's formulas add up. Indexes of subjects point
// into the Pack's sorted slices.
type Detail struct {
	Open         []Item           `json:"open"`         // at the as-of date
	Opening      []Item           `json:"opening"`      // at From − 1
	Closing      []Item           `json:"closing"`      // at To; empty where To is the as-of date: then it is Open
	Lines        []Line           `json:"lines"`        // entries posted in the period
	Applications []Application    `json:"applications"` // of receipts, in the period
	Costs        []Cost           `json:"costs"`        // documents that were open in the period, even where the cost rounds to zero: another rate may not
	Months       []SubjectMonth   `json:"months"`       // sales by month, of every subject with sales
	Commissions  []CommissionLine `json:"commissions"`  // of the period, where there is a plan
	Targets      []TargetMonth    `json:"targets"`      // of the months the period touches
}

// Owner says whose figures a detail row counts in.
type Owner struct {
	Customer int32 `json:"customer"` // index into Pack.Customers
	Rep      int32 `json:"rep"`      // index into Pack.Reps
	Region   int32 `json:"region"`   // index into Pack.Regions
	Currency int32 `json:"currency"` // index into Pack.Currencies
}

// OnAccountBucket is the Bucket of an Item that stands in on_account.
const OnAccountBucket = -1

// Item is a document (or an instalment of one) that is open at a date, or a
// credit on account. With net_oldest a credit is one Item per bucket it is
// netted in and one for what is left on account; AgeDays and PastDue are then
// the bucket's.
type Item struct {
	Owner
	ID       string       `json:"id"`
	Amount   ledger.Minor `json:"amount"`    // of the document, native
	Open     ledger.Minor `json:"open"`      // native; negative for a credit
	OpenBook ledger.Minor `json:"open_book"` // Open at the closing rate of the date
	Rate     ledger.Ratio `json:"rate"`      // that rate: book currency per unit

	LossRate      ledger.Ratio `json:"loss_rate"` // of the bucket or the customer; not given for credits and without rates
	Provision     ledger.Minor `json:"provision"` // native
	ProvisionBook ledger.Minor `json:"provision_book"`

	// Settled is what lowered the document up to the as-of date, by date: Amount
	// less what it adds up to is Open, unless an adjustment raised the document.
	// Of documents in Detail.Open only; empty for a list of open items.
	Settled []Settlement `json:"settled,omitempty"`

	// LaterPaid is what receipts posted after the as-of date say they pay of
	// it, native and at most Open. It is information and no figure: it changes
	// with what the ledger holds when the pack is made, and no figure, total or
	// pack.json may follow from it (rules §12). In Detail.Open only.
	LaterPaid ledger.Minor `json:"later_paid,omitempty"`

	// What is short stands together: a large book has hundreds of thousands of these.
	Issued ledger.Date `json:"issued"`
	Posted ledger.Date `json:"posted"`
	Due    ledger.Date `json:"due"` // 0: a credit without one
	// Expected is when the document is paid if its customer pays as late as
	// usual (rules §12). Of documents in Detail.Open only.
	Expected   ledger.Date `json:"expected,omitempty"`
	Pos        ledger.Pos  `json:"pos"`
	AgeDays    int32       `json:"age_days"` // by the aging basis
	Bucket     int32       `json:"bucket"`   // index into Pack.Buckets, or OnAccountBucket
	Instalment int16       `json:"instalment,omitempty"`
	Kind       ledger.Kind `json:"kind"`
	PastDue    bool        `json:"past_due"` // counts in overdue
	Disputed   bool        `json:"disputed,omitempty"`
	Specific   bool        `json:"specific,omitempty"` // LossRate is the customer's own, whatever its bucket (rules §9)
}

// Line is an entry posted in the period, with the flow it counts in.
type Line struct {
	Owner
	ID      string       `json:"id"`
	Kind    ledger.Kind  `json:"kind"`
	Posted  ledger.Date  `json:"posted"`
	Due     ledger.Date  `json:"due"`
	Settles string       `json:"settles,omitempty"`
	Amount  ledger.Minor `json:"amount"` // native, signed as in the ledger
	Book    ledger.Minor `json:"book"`   // at the rate on Posted
	Rate    ledger.Ratio `json:"rate"`

	// ToCollect is what the line adds to what fell due for collection in the
	// period: the amount of a document posted and due in it (rules §6,
	// collection_rate_due), native and in book currency.
	ToCollect     ledger.Minor `json:"to_collect,omitempty"`
	ToCollectBook ledger.Minor `json:"to_collect_book,omitempty"`

	// Sales lines only: gross margin is amount − cost where the cost is
	// known, else amount × Margin rounded at the line (rules §7).
	HasCost   bool         `json:"has_cost,omitempty"`
	Cost      ledger.Minor `json:"cost,omitempty"`
	Margin    ledger.Ratio `json:"margin"`
	OwnMargin bool         `json:"own_margin,omitempty"` // Margin is the customer's or the rep's, not the book's
	Gross     ledger.Minor `json:"gross,omitempty"`
	GrossBook ledger.Minor `json:"gross_book,omitempty"`

	Pos ledger.Pos `json:"pos"`
}

// Application is a part of a receipt that lowered a document in the period.
type Application struct {
	Owner                   // of the document
	Receipt    string       `json:"receipt"`
	Document   string       `json:"document"`
	Instalment int16        `json:"instalment,omitempty"`
	Date       ledger.Date  `json:"date"`
	Issued     ledger.Date  `json:"issued"`
	Due        ledger.Date  `json:"due"`
	Amount     ledger.Minor `json:"amount"` // applied, native, positive
	Book       ledger.Minor `json:"book"`   // at the rate on the receipt's posting date
	Pos        ledger.Pos   `json:"pos"`    // of the receipt
}

// Cost is what one document cost in financing over the period: amount × days
// by rate, and the cost rounded at the document (rules §7).
type Cost struct {
	Owner
	ID         string       `json:"id"`
	Instalment int16        `json:"instalment,omitempty"`
	Issued     ledger.Date  `json:"issued"`
	Posted     ledger.Date  `json:"posted"`
	Due        ledger.Date  `json:"due"`
	Stretches  []Stretch    `json:"stretches"`
	Financing  ledger.Minor `json:"financing"` // late, native
	Terms      ledger.Minor `json:"terms"`     // between issued and due, native
	// In book currency at the closing rate of the as-of date.
	FinancingBook ledger.Minor `json:"financing_book"`
	TermsBook     ledger.Minor `json:"terms_book"`
	Rate          ledger.Ratio `json:"rate"` // that rate of exchange
	Pos           ledger.Pos   `json:"pos"`
}

// Stretch is a run of days under one annual rate.
type Stretch struct {
	Annual    ledger.Ratio `json:"annual"`
	OwnRate   bool         `json:"own_rate,omitempty"` // the customer's own rate, not the book's
	RateFrom  ledger.Date  `json:"rate_from"`          // which rate of the book's list; 0: the first
	LateDays  int64        `json:"late_days"`          // Σ open × days after due, in minor units × days
	TermsDays int64        `json:"terms_days"`         // Σ open × days up to due
}

// SubjectMonth is a subject's sales in one calendar month, in its currency.
type SubjectMonth struct {
	Level   Level        `json:"level"`
	Subject int32        `json:"subject"` // index into the Pack's slice of that level; 0 for the company
	Month   ledger.Month `json:"month"`
	Sales   ledger.Minor `json:"sales"`
}

// TargetMonth is a rep's targets and expenses of one calendar month, of which
// the period covers a number of days (rules §11).
type TargetMonth struct {
	Rep           int32        `json:"rep"` // index into Pack.Reps
	Month         ledger.Month `json:"month"`
	CoveredDays   int64        `json:"covered_days"`
	Sales         ledger.Minor `json:"sales"`
	Collection    ledger.Minor `json:"collection"`
	Expenses      ledger.Minor `json:"expenses"`
	HasSales      bool         `json:"has_sales,omitempty"`
	HasCollection bool         `json:"has_collection,omitempty"`
	HasExpenses   bool         `json:"has_expenses,omitempty"`
	Pos           ledger.Pos   `json:"pos"`
}

// share returns the part of a month's amount that the covered days make up,
// rounded half away from zero at the month.
func (t *TargetMonth) share(m ledger.Minor) ledger.Minor {
	part, _ := m.MulDiv(t.CoveredDays, int64(t.Month.Days()))
	return part
}
