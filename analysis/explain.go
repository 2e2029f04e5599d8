package analysis

import (
	"fmt"
	"math/big"

	"duepack/analysis/ledger"
)

// Derivation is how one figure came about: its formula, the parts the formula
// names, and under each part the rows it is the sum of. The value equals the
// pack's, computed again from the parts.
type Derivation struct {
	Figure   string `json:"figure"` // figure id
	Key      string `json:"key"`    // of pack.json; the formula is the wording "formula.<key>"
	Rule     string `json:"rule"`   // section of rules.md
	Currency int    `json:"currency"`
	Value    Value  `json:"value"`
	Parts    []Part `json:"parts"`
}

// Part is an operand of a formula. Its rows, where it has any, add up to its
// value.
type Part struct {
	Key string `json:"key"` // wording "part.<key>"; "" where Figure names it
	// TimesDays says that the value and its rows are amounts × days.
	TimesDays bool       `json:"times_days,omitempty"`
	Figure    string     `json:"figure,omitempty"` // figure id, where the part is a figure itself
	Value     Value      `json:"value"`
	Rows      []Evidence `json:"rows,omitempty"`
}

// Evidence is a row behind a part: a document, a line, an application, a month.
type Evidence struct {
	ID       string       `json:"id,omitempty"`
	Other    string       `json:"other,omitempty"` // document a receipt was applied to
	Customer string       `json:"customer,omitempty"`
	Date     ledger.Date  `json:"date,omitempty"`
	Due      ledger.Date  `json:"due,omitempty"`
	Days     int64        `json:"days,omitempty"`
	Native   ledger.Minor `json:"native"`   // in Currency
	Currency int          `json:"currency"` // index into Pack.Currencies
	Rate     ledger.Ratio `json:"rate"`     // what Native is multiplied with, where it is: loss rate, margin, annual rate
	Exchange ledger.Ratio `json:"exchange"` // rate of exchange
	// Accruals are what a cost is the sum of, before it is rounded at the
	// document: amount × days × annual rate ÷ day basis each (rules §7).
	Accruals []Accrual    `json:"accruals,omitempty"`
	Amount   ledger.Minor `json:"amount"`          // what the row adds to the part, in its unit
	Place    string       `json:"place,omitempty"` // file!sheet!row
}

// Accrual is a stretch of a document's cost: Σ open × days, in minor units ×
// days of the document's currency, under one annual rate.
type Accrual struct {
	AmountDays int64        `json:"amount_days"`
	Annual     ledger.Ratio `json:"annual"`
}

// Explain derives a figure of the pack. It reports false where there is no
// such figure.
func (p *Pack) Explain(id string) (Derivation, bool) {
	v, s, ok := p.Find(id)
	if !ok {
		return Derivation{}, false
	}
	x := explainer{view: newView(p), subject: s}
	d := Derivation{Figure: id, Currency: s.Currency}
	key := id[len(s.Path())+1:]
	fig, isFigure := FigureByKey(key)
	if !isFigure {
		d.Key, d.Rule = "aging", "§4"
		for i := range p.Buckets {
			if "aging/"+p.Buckets[i].ID == key {
				d.Parts = []Part{x.items("documents", p.Detail.Open, func(item *Item) bool { return int(item.Bucket) == i })}
				d.Value = d.Parts[0].Value
			}
		}
		return d, true
	}
	d.Key, d.Rule = key, fig.Def().Rule
	if v.IsAbsent() {
		d.Value = v
		return d, true
	}
	d.Parts, d.Value = x.derive(fig)
	return d, true
}

// ExplainAll derives a figure and, after it, every figure its parts name, each
// once, so that each derivation ends at rows of the input.
func (p *Pack) ExplainAll(id string) ([]Derivation, bool) {
	first, ok := p.Explain(id)
	if !ok {
		return nil, false
	}
	list, seen := []Derivation{first}, map[string]bool{id: true}
	for i := 0; i < len(list); i++ {
		for _, part := range list[i].Parts {
			if part.Figure != "" && !seen[part.Figure] {
				seen[part.Figure] = true
				d, _ := p.Explain(part.Figure)
				list = append(list, d)
			}
		}
	}
	return list, true
}

// explainer derives the figures of one subject.
type explainer struct {
	*view
	subject *Subject
}

// native reports whether amounts count in their own currency.
func (x *explainer) native() bool { return x.subject.Level == CurrencyLevel }

// sum makes a money part of its rows.
func sumPart(key string, rows []Evidence) Part {
	total := ledger.Minor(0)
	for i := range rows {
		total += rows[i].Amount
	}
	return Part{Key: key, Value: money(total), Rows: rows}
}

// part is an operand that is a figure itself.
func (x *explainer) part(f FigureID) Part {
	return Part{Figure: x.subject.Path() + "/" + f.Def().Key, Value: x.subject.Values[f]}
}

// given is an operand that is a setting.
func given(key string, unit Unit, r *big.Rat) Part {
	return Part{Key: key, Value: Value{Unit: unit, Ratio: r}}
}

func (x *explainer) evidence(o *Owner, id string, pos ledger.Pos) Evidence {
	return Evidence{ID: id, Customer: x.Customers[o.Customer].Name, Currency: int(o.Currency), Place: x.place(pos)}
}

// choose picks the amount that counts in the subject's currency.
func (x *explainer) choose(native, book ledger.Minor) ledger.Minor {
	if x.native() {
		return native
	}
	return book
}

func (x *explainer) items(key string, list []Item, keep func(*Item) bool) Part {
	var rows []Evidence
	for i := range list {
		item := &list[i]
		if !x.belongs(x.subject, &item.Owner) || !keep(item) {
			continue
		}
		e := x.evidence(&item.Owner, item.ID, item.Pos)
		e.Date, e.Due, e.Days = item.Issued, item.Due, int64(item.AgeDays)
		e.Native, e.Exchange, e.Amount = item.Open, item.Rate, x.choose(item.Open, item.OpenBook)
		rows = append(rows, e)
	}
	return sumPart(key, rows)
}

func (x *explainer) provisions(key string, list []Item) Part {
	var rows []Evidence
	for i := range list {
		item := &list[i]
		if item.Open <= 0 || !x.belongs(x.subject, &item.Owner) {
			continue
		}
		e := x.evidence(&item.Owner, item.ID, item.Pos)
		e.Due, e.Days, e.Native, e.Rate, e.Exchange = item.Due, int64(item.AgeDays), item.Open, item.LossRate, item.Rate
		e.Amount = x.choose(item.Provision, item.ProvisionBook)
		rows = append(rows, e)
	}
	return sumPart(key, rows)
}

func (x *explainer) lines(key string, sign ledger.Minor, keep func(*Line) bool) Part {
	var rows []Evidence
	for i := range x.Detail.Lines {
		line := &x.Detail.Lines[i]
		if !x.belongs(x.subject, &line.Owner) || !keep(line) {
			continue
		}
		e := x.evidence(&line.Owner, line.ID, line.Pos)
		e.Other, e.Date, e.Native, e.Exchange = line.Settles, line.Posted, sign*line.Amount, line.Rate
		e.Amount = sign * x.choose(line.Amount, line.Book)
		rows = append(rows, e)
	}
	return sumPart(key, rows)
}

func (x *explainer) flow(key string, kinds ...ledger.Kind) Part {
	return x.lines(key, flowSign(kinds[0]), func(line *Line) bool {
		for _, k := range kinds {
			if line.Kind == k {
				return true
			}
		}
		return false
	})
}

func (x *explainer) margins() Part {
	var rows []Evidence
	for i := range x.Detail.Lines {
		line := &x.Detail.Lines[i]
		if !line.Kind.IsSale() || !x.belongs(x.subject, &line.Owner) {
			continue
		}
		e := x.evidence(&line.Owner, line.ID, line.Pos)
		e.Date, e.Native, e.Rate, e.Exchange = line.Posted, line.Amount, line.Margin, line.Rate
		e.Amount = x.choose(line.Gross, line.GrossBook)
		rows = append(rows, e)
	}
	return sumPart("margin_lines", rows)
}

func (x *explainer) costs(late bool) Part {
	var rows []Evidence
	for i := range x.Detail.Costs {
		cost := &x.Detail.Costs[i]
		amount, key := x.choose(cost.Terms, cost.TermsBook), cost.Terms
		if late {
			amount, key = x.choose(cost.Financing, cost.FinancingBook), cost.Financing
		}
		if key == 0 || !x.belongs(x.subject, &cost.Owner) {
			continue
		}
		e := x.evidence(&cost.Owner, cost.ID, cost.Pos)
		e.Date, e.Due, e.Native, e.Exchange, e.Amount = cost.Issued, cost.Due, key, cost.Rate, amount
		for _, s := range cost.Stretches {
			amountDays := s.TermsDays
			if late {
				amountDays = s.LateDays
			}
			if amountDays != 0 {
				e.Accruals = append(e.Accruals, Accrual{AmountDays: amountDays, Annual: s.Annual})
			}
		}
		rows = append(rows, e)
	}
	return sumPart("cost_documents", rows)
}

// applications makes a part of receipts applied; weight 1 gives amounts, else
// amount × days.
func (x *explainer) applications(key string, keep func(*Application) bool, days func(*Application) ledger.Date) Part {
	var rows []Evidence
	for i := range x.Detail.Applications {
		a := &x.Detail.Applications[i]
		if !x.belongs(x.subject, &a.Owner) || !keep(a) {
			continue
		}
		e := x.evidence(&a.Owner, a.Receipt, a.Pos)
		e.Other, e.Date, e.Due, e.Native, e.Amount = a.Document, a.Date, a.Due, a.Amount, x.choose(a.Amount, a.Book)
		if days != nil {
			e.Days = int64(days(a))
			e.Amount *= ledger.Minor(e.Days)
		}
		rows = append(rows, e)
	}
	part := sumPart(key, rows)
	part.TimesDays = days != nil
	return part
}

// closingItems are the items at the end of the period.
func (x *explainer) closingItems() []Item {
	if x.To == x.AsOf {
		return x.Detail.Open
	}
	return x.Detail.Closing
}

func anyItem(*Item) bool { return true }

func anyApplication(*Application) bool { return true }

// derive returns the parts of a figure and the figure computed from them. The
// order of parts is the order in which the wording "formula.<key>" names them.
func (x *explainer) derive(f FigureID) ([]Part, Value) {
	days := given("period_days", Count, nil)
	days.Value.Minor = ledger.Minor(PeriodDays(x.From, x.To))
	dayCount := new(big.Rat).SetInt64(int64(days.Value.Minor))
	one := func(p Part) ([]Part, Value) { return []Part{p}, p.Value }
	r := func(p Part) *big.Rat { return rat(p.Value.Minor) }
	ratio := func(unit Unit, num, den Part, times *big.Rat) Value {
		n := r(num)
		if times != nil {
			n.Mul(n, times)
		}
		return quotient(unit, n, r(den), ZeroDenominator)
	}
	notDue := func() Part {
		return x.items("closing_not_due", x.closingItems(), func(i *Item) bool { return i.Bucket != OnAccountBucket && !i.PastDue })
	}
	switch f {
	case OnAccount:
		return one(x.items("credits", x.Detail.Open, func(i *Item) bool { return i.Bucket == OnAccountBucket }))
	case Balance:
		return one(x.items("documents_and_credits", x.Detail.Open, anyItem))
	case Overdue:
		return one(x.items("overdue_documents", x.Detail.Open, func(i *Item) bool { return i.PastDue }))
	case DisputedAmount:
		return one(x.items("disputed_documents", x.Detail.Open, func(i *Item) bool { return i.Disputed && i.Open > 0 }))
	case DocumentsOpen:
		return x.countDocuments()
	case OpeningBalance:
		return one(x.items("opening_items", x.Detail.Opening, anyItem))
	case ClosingBalance:
		return one(x.items("closing_items", x.closingItems(), anyItem))
	case Sales:
		return one(x.flow("sales_lines", ledger.Invoice, ledger.DebitNote, ledger.CreditNote))
	case Receipts:
		return one(x.flow("receipt_lines", ledger.Receipt, ledger.Refund))
	case Recoveries:
		return one(x.flow("recovery_lines", ledger.Recovery))
	case WriteOffs:
		return one(x.flow("write_off_lines", ledger.WriteOff))
	case Adjustments:
		return one(x.flow("adjustment_lines", ledger.Adjustment, ledger.Opening))
	case FxDifference:
		parts := []Part{x.part(ClosingBalance), x.part(OpeningBalance), x.part(Sales), x.part(Receipts), x.part(WriteOffs), x.part(Adjustments)}
		m := func(i int) ledger.Minor { return parts[i].Value.Minor }
		return parts, money(m(0) - (m(1) + m(2) - m(3) - m(4) + m(5)))
	case CollectionRate:
		parts := []Part{x.part(Receipts), x.part(Sales)}
		return parts, ratio(Share, parts[0], parts[1], nil)
	case CollectionRateTotal:
		parts := []Part{x.part(Receipts), x.part(OpeningBalance), x.part(Sales)}
		return parts, quotient(Share, r(parts[0]), new(big.Rat).Add(r(parts[1]), r(parts[2])), ZeroDenominator)
	case CollectionRateDue:
		return x.dueRate()
	case CEI:
		months := given("period_months", Times, PeriodMonths(x.From, x.To))
		parts := []Part{x.part(OpeningBalance), x.part(Sales), months, x.part(ClosingBalance), notDue()}
		base := new(big.Rat).Quo(r(parts[1]), months.Value.Ratio)
		base.Add(base, r(parts[0]))
		num := new(big.Rat).Sub(base, r(parts[3]))
		return parts, quotient(Percent, num.Mul(num, big.NewRat(100, 1)), new(big.Rat).Sub(base, r(parts[4])), ZeroDenominator)
	case DSO:
		parts := []Part{x.part(ClosingBalance), x.part(Sales), days}
		return parts, ratio(Days, parts[0], parts[1], dayCount)
	case BPDSO:
		parts := []Part{notDue(), x.part(Sales), days}
		return parts, ratio(Days, parts[0], parts[1], dayCount)
	case ADD:
		parts := []Part{x.part(DSO), x.part(BPDSO)}
		return parts, Value{Unit: Days, Ratio: new(big.Rat).Sub(parts[0].Value.Ratio, parts[1].Value.Ratio)}
	case DSOCountBack:
		return x.countBackParts()
	case Turnover:
		parts := []Part{x.part(Sales), days, x.part(OpeningBalance), x.part(ClosingBalance)}
		num := new(big.Rat).Mul(r(parts[0]), big.NewRat(2*365, int64(days.Value.Minor)))
		return parts, quotient(Times, num, new(big.Rat).Add(r(parts[2]), r(parts[3])), ZeroDenominator)
	case DaysToPay:
		parts := []Part{x.applications("applied_days_to_pay", anyApplication, func(a *Application) ledger.Date { return a.Date - a.Issued }), x.applications("applied", anyApplication, nil)}
		return parts, ratio(Days, parts[0], parts[1], nil)
	case DaysLate:
		parts := []Part{x.applications("applied_days_late", anyApplication, func(a *Application) ledger.Date { return a.Date - a.Due }), x.applications("applied", anyApplication, nil)}
		return parts, ratio(Days, parts[0], parts[1], nil)
	case OnTimeRate:
		parts := []Part{x.applications("applied_on_time", func(a *Application) bool { return a.Date <= a.Due }, nil), x.applications("applied", anyApplication, nil)}
		return parts, ratio(Share, parts[0], parts[1], nil)
	case FinancingCost:
		return one(x.costs(true))
	case TermsCost:
		return one(x.costs(false))
	case GrossMargin:
		return one(x.margins())
	case ProfitEaten:
		parts := []Part{x.part(FinancingCost), x.part(GrossMargin)}
		return parts, ratio(Share, parts[0], parts[1], nil)
	case BadDebt:
		parts := []Part{x.part(WriteOffs), x.part(Recoveries)}
		return parts, money(parts[0].Value.Minor - parts[1].Value.Minor)
	case Provision:
		return one(x.provisions("provision_documents", x.Detail.Open))
	case ProvisionCharge:
		parts := []Part{x.provisions("provision_closing", x.closingItems()), x.provisions("provision_opening", x.Detail.Opening), x.part(BadDebt)}
		return parts, money(parts[0].Value.Minor - parts[1].Value.Minor + parts[2].Value.Minor)
	case ExtraSales:
		parts := []Part{x.part(BadDebt), given("margin", Share, x.subject.Margin.Rat())}
		return parts, SalesNeeded(parts[0].Value.Minor, x.subject.Margin)
	case SalesTarget:
		return one(x.targetPart("target_months", func(t *TargetMonth) (ledger.Minor, bool) { return t.Sales, t.HasSales }))
	case CollectionTarget:
		return one(x.targetPart("target_months", func(t *TargetMonth) (ledger.Minor, bool) { return t.Collection, t.HasCollection }))
	case Expenses:
		return one(x.targetPart("expense_months", func(t *TargetMonth) (ledger.Minor, bool) { return t.Expenses, t.HasExpenses }))
	case SalesAttainment:
		parts := []Part{x.part(Sales), x.part(SalesTarget)}
		return parts, ratio(Share, parts[0], parts[1], nil)
	case CollectionAttainment:
		parts := []Part{x.part(Receipts), x.part(CollectionTarget)}
		return parts, ratio(Share, parts[0], parts[1], nil)
	case Contribution:
		parts := []Part{x.part(GrossMargin), x.part(FinancingCost), x.part(ProvisionCharge), x.part(Expenses)}
		m := func(i int) ledger.Minor { return parts[i].Value.Minor }
		return parts, money(m(0) - m(1) - m(2) - m(3))
	case Rank:
		return x.rankParts()
	}
	panic(fmt.Sprintf("analysis: figure %s has no derivation", f.Def().Key))
}

// dueRate derives collection_rate_due: receipts applied to what was due by the
// end of the period, over what was open of it before and what fell due.
func (x *explainer) dueRate() ([]Part, Value) {
	var lines []Evidence
	for i := range x.Detail.Lines {
		line := &x.Detail.Lines[i]
		if line.ToCollect == 0 || !x.belongs(x.subject, &line.Owner) {
			continue
		}
		e := x.evidence(&line.Owner, line.ID, line.Pos)
		e.Date, e.Due, e.Native, e.Exchange, e.Amount = line.Posted, line.Due, line.ToCollect, line.Rate, x.choose(line.ToCollect, line.ToCollectBook)
		lines = append(lines, e)
	}
	parts := []Part{
		x.applications("applied_to_due", func(a *Application) bool { return a.Due <= x.To }, nil),
		x.items("opening_due", x.Detail.Opening, func(i *Item) bool { return i.Open > 0 && i.Due <= x.To }),
		sumPart("fell_due", lines),
	}
	den := new(big.Rat).Add(rat(parts[1].Value.Minor), rat(parts[2].Value.Minor))
	return parts, quotient(Share, rat(parts[0].Value.Minor), den, ZeroDenominator)
}

// countDocuments derives documents_open; instalments of one document count once.
func (x *explainer) countDocuments() ([]Part, Value) {
	part := Part{Key: "documents", Value: Value{Unit: Count}}
	seen := map[Owner]map[string]bool{}
	for i := range x.Detail.Open {
		item := &x.Detail.Open[i]
		if item.Open <= 0 {
			continue
		}
		account := Owner{Customer: item.Customer, Currency: item.Currency}
		if item.Instalment != 0 {
			if seen[account] == nil {
				seen[account] = map[string]bool{}
			}
			if seen[account][item.ID] {
				continue
			}
			seen[account][item.ID] = true
		}
		if x.belongs(x.subject, &item.Owner) {
			e := x.evidence(&item.Owner, item.ID, item.Pos)
			e.Due, e.Native, e.Amount = item.Due, item.Open, 1
			part.Rows = append(part.Rows, e)
			part.Value.Minor++
		}
	}
	return []Part{part}, part.Value
}

// countBackParts derives dso_countback: the months that use up the balance,
// each with its sales, what of them is taken, and its days.
func (x *explainer) countBackParts() ([]Part, Value) {
	parts := []Part{x.part(ClosingBalance), {}}
	var months []ledger.Minor
	first := ledger.Month(0)
	for _, m := range x.Detail.Months {
		if m.Level == x.subject.Level && (x.subject.Level == CompanyLevel || x.subjectAt(m) == x.subject) {
			if months == nil {
				first = m.Month
			}
			months = append(months, m.Sales)
		}
	}
	_, _, lastDays := x.AsOf.Civil()
	value := countBack(parts[0].Value.Minor, months, 0, x.AsOf.Month(), lastDays)
	rest, taken := parts[0].Value.Minor, []Evidence(nil)
	for i := len(months) - 1; i >= 0 && rest > 0; i-- {
		month := first + ledger.Month(i)
		e := Evidence{ID: month.String(), Date: month.Start(), Native: months[i], Currency: x.subject.Currency, Days: int64(month.Days())}
		if month == x.AsOf.Month() {
			e.Days = int64(lastDays)
		}
		if e.Amount = min(rest, max(0, months[i])); e.Amount > 0 {
			rest -= e.Amount
		}
		taken = append(taken, e)
	}
	parts[1] = sumPart("months_back", taken)
	return parts, value
}

// subjectAt returns the subject a month of sales belongs to.
func (x *explainer) subjectAt(m SubjectMonth) *Subject {
	switch m.Level {
	case CurrencyLevel:
		return &x.ByCurrency[m.Subject]
	case RegionLevel:
		return &x.Regions[m.Subject]
	case RepLevel:
		return &x.Reps[m.Subject]
	case CustomerLevel:
		return &x.Customers[m.Subject]
	}
	return &x.Company
}

// targetPart sums a rep's targets or expenses over the months of the period.
func (x *explainer) targetPart(key string, amount func(*TargetMonth) (ledger.Minor, bool)) Part {
	var rows []Evidence
	for i := range x.Detail.Targets {
		t := &x.Detail.Targets[i]
		if m, ok := amount(t); ok && &x.Reps[t.Rep] == x.subject {
			rows = append(rows, Evidence{ID: t.Month.String(), Date: t.Month.Start(), Days: t.CoveredDays, Native: m, Currency: x.Base, Amount: t.share(m), Place: x.place(t.Pos)})
		}
	}
	return sumPart(key, rows)
}

// rankParts derives a rep's rank from the reps that stand at or above it, each
// of whom counts one.
func (x *explainer) rankParts() ([]Part, Value) {
	part := Part{Key: "at_or_above", Value: Value{Unit: Count}}
	own := x.subject.Values[Contribution].Minor
	for i := range x.Reps {
		s := &x.Reps[i]
		c := s.Values[Contribution]
		if !c.IsAbsent() && (c.Minor > own || c.Minor == own && s.ID <= x.subject.ID) {
			part.Rows = append(part.Rows, Evidence{ID: s.ID, Native: c.Minor, Currency: x.Base, Amount: 1})
			part.Value.Minor++
		}
	}
	return []Part{part}, part.Value
}
