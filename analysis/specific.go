package analysis

import (
	"fmt"
	"slices"

	"duepack/analysis/ledger"
)

// SpecificRate is the loss rate of one customer, which replaces the provision
// matrix for all its documents at every date of the pack (rules §9: "Specific
// provisions per customer replace the matrix for that customer").
type SpecificRate struct {
	Customer string       // id
	Rate     ledger.Ratio // 1 is 100 %
}

// specificRates returns the specific rates by customer of the ledger, nil
// where nobody has one. A customer the ledger does not know, one that is named
// twice, and specific rates beside which no matrix is given are errors.
func specificRates(l *ledger.Ledger, opt *Options) ([]ledger.Ratio, error) {
	if len(opt.Specific) == 0 {
		return nil, nil
	}
	if len(opt.LossRates) == 0 && opt.LossHistory == nil {
		return nil, fmt.Errorf("specific provisions replace the provision matrix of a customer, and there is none: give the loss rates of the others")
	}
	rates := make([]ledger.Ratio, len(l.Customers))
	for _, s := range opt.Specific {
		i := slices.IndexFunc(l.Customers, func(c ledger.Customer) bool { return c.ID == s.Customer })
		switch {
		case i < 0:
			return nil, fmt.Errorf("a specific provision names customer %q, whom the ledger does not know", s.Customer)
		case rates[i].Given():
			return nil, fmt.Errorf("two specific provisions name customer %q", s.Customer)
		case !s.Rate.Given():
			return nil, fmt.Errorf("the specific provision of customer %q has no rate", s.Customer)
		}
		rates[i] = s.Rate
	}
	return rates, nil
}

// specificTable lists the customers with a specific provision, the largest
// open amount first.
func (v *view) specificTable() []Block {
	type sum struct {
		customer        int32
		rate            ledger.Ratio
		open, provision ledger.Minor
	}
	var list []*sum
	byCustomer := map[int32]*sum{}
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		if !item.Specific {
			continue
		}
		s := byCustomer[item.Customer]
		if s == nil {
			s = &sum{customer: item.Customer, rate: item.LossRate}
			byCustomer[item.Customer] = s
			list = append(list, s)
		}
		s.open += item.OpenBook
		s.provision += item.ProvisionBook
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(x, y *sum) int { return int(min(1, max(-1, y.open-x.open))) })
	t := &Table{ID: "specific_provisions", Columns: columns("customer", "open", "loss_rate", "provision")}
	for _, s := range list {
		c := &v.Customers[s.customer]
		provision := v.figure(c, Provision)
		t.Rows = append(t.Rows, Row{Cells: []Cell{subjectCell(c), v.money(s.open), {Rate: s.rate}, provision}})
	}
	return []Block{block(t)}
}
