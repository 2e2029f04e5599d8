package analysis

// FigureID numbers the figures of a subject in the order of pack.json.
type FigureID uint8

// The figures, in the order in which every list of them is written. Aging
// stands before them as one amount per bucket.
const (
	OnAccount FigureID = iota
	Balance
	Overdue
	DisputedAmount
	DocumentsOpen
	OpeningBalance
	Sales
	Receipts
	Recoveries
	WriteOffs
	Adjustments
	FxDifference
	ClosingBalance
	CollectionRate
	CollectionRateTotal
	CollectionRateDue
	CEI
	DSO
	DSOCountBack
	BPDSO
	ADD
	Turnover
	DaysToPay
	DaysLate
	OnTimeRate
	FinancingCost
	TermsCost
	GrossMargin
	ProfitEaten
	BadDebt
	Provision
	ProvisionCharge
	ExtraSales
	SalesTarget // from here on for reps only
	CollectionTarget
	SalesAttainment
	CollectionAttainment
	Expenses
	Contribution
	Rank
	figureCount
)

// FigureDef defines a figure: its id, which is its key in pack.json and the
// last part of its path, its unit, and the section of rules.md that fixes it.
type FigureDef struct {
	Key     string
	Unit    Unit
	Rule    string
	RepOnly bool
}

// figureDefs holds one definition per FigureID; a new figure is one constant,
// one line here, one case in figuresOf, and one line of wording per language.
var figureDefs = [figureCount]FigureDef{
	OnAccount:            {Key: "on_account", Unit: Money, Rule: "§4"},
	Balance:              {Key: "balance", Unit: Money, Rule: "§3"},
	Overdue:              {Key: "overdue", Unit: Money, Rule: "§4"},
	DisputedAmount:       {Key: "disputed", Unit: Money, Rule: "§4"},
	DocumentsOpen:        {Key: "documents_open", Unit: Count, Rule: "§3"},
	OpeningBalance:       {Key: "opening", Unit: Money, Rule: "§6"},
	Sales:                {Key: "sales", Unit: Money, Rule: "§6"},
	Receipts:             {Key: "receipts", Unit: Money, Rule: "§6"},
	Recoveries:           {Key: "recoveries", Unit: Money, Rule: "§6"},
	WriteOffs:            {Key: "write_offs", Unit: Money, Rule: "§8"},
	Adjustments:          {Key: "adjustments", Unit: Money, Rule: "§10"},
	FxDifference:         {Key: "fx", Unit: Money, Rule: "§5"},
	ClosingBalance:       {Key: "closing", Unit: Money, Rule: "§6"},
	CollectionRate:       {Key: "collection_rate", Unit: Share, Rule: "§6"},
	CollectionRateTotal:  {Key: "collection_rate_total", Unit: Share, Rule: "§6"},
	CollectionRateDue:    {Key: "collection_rate_due", Unit: Share, Rule: "§6"},
	CEI:                  {Key: "cei", Unit: Percent, Rule: "§6"},
	DSO:                  {Key: "dso", Unit: Days, Rule: "§6"},
	DSOCountBack:         {Key: "dso_countback", Unit: Days, Rule: "§6"},
	BPDSO:                {Key: "bpdso", Unit: Days, Rule: "§6"},
	ADD:                  {Key: "add", Unit: Days, Rule: "§6"},
	Turnover:             {Key: "turnover", Unit: Times, Rule: "§6"},
	DaysToPay:            {Key: "days_to_pay", Unit: Days, Rule: "§6"},
	DaysLate:             {Key: "days_late", Unit: Days, Rule: "§6"},
	OnTimeRate:           {Key: "on_time_rate", Unit: Share, Rule: "§6"},
	FinancingCost:        {Key: "financing_cost", Unit: Money, Rule: "§7"},
	TermsCost:            {Key: "terms_cost", Unit: Money, Rule: "§7"},
	GrossMargin:          {Key: "gross_margin", Unit: Money, Rule: "§7"},
	ProfitEaten:          {Key: "profit_eaten", Unit: Share, Rule: "§7"},
	BadDebt:              {Key: "bad_debt", Unit: Money, Rule: "§8"},
	Provision:            {Key: "provision", Unit: Money, Rule: "§9"},
	ProvisionCharge:      {Key: "provision_charge", Unit: Money, Rule: "§9"},
	ExtraSales:           {Key: "extra_sales", Unit: Money, Rule: "§8"},
	SalesTarget:          {Key: "sales_target", Unit: Money, Rule: "§11", RepOnly: true},
	CollectionTarget:     {Key: "collection_target", Unit: Money, Rule: "§11", RepOnly: true},
	SalesAttainment:      {Key: "sales_attainment", Unit: Share, Rule: "§11", RepOnly: true},
	CollectionAttainment: {Key: "collection_attainment", Unit: Share, Rule: "§11", RepOnly: true},
	Expenses:             {Key: "expenses", Unit: Money, Rule: "§11", RepOnly: true},
	Contribution:         {Key: "contribution", Unit: Money, Rule: "§11", RepOnly: true},
	Rank:                 {Key: "rank", Unit: Count, Rule: "§11", RepOnly: true},
}

// Def returns the definition of the figure.
func (id FigureID) Def() FigureDef { return figureDefs[id] }

// Figures returns every figure id in the order of pack.json.
func Figures() []FigureID {
	ids := make([]FigureID, figureCount)
	for i := range ids {
		ids[i] = FigureID(i)
	}
	return ids
}

// FigureByKey returns the figure with a key of pack.json.
func FigureByKey(key string) (FigureID, bool) {
	for i := range figureDefs {
		if figureDefs[i].Key == key {
			return FigureID(i), true
		}
	}
	return 0, false
}
