package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// specificRate is the loss rate of one customer, and where it was written.
type specificRate struct {
	analysis.SpecificRate
	place string // of the customer's id
}

// readSpecific reads provision.specific: a map from customer id to loss rate.
func (r *configReader) readSpecific(n ast.Node) error {
	entries, ok := pairs(n)
	if !ok {
		return r.bad(n, "bad-rate", "want customers and their loss rates: {C001: 80%%}")
	}
	rates := make([]specificRate, 0, len(entries))
	for _, entry := range entries {
		item, err := r.scalarOf(entry.Value)
		if err != nil {
			return err
		}
		rate, err := parseRate(item)
		if err != nil {
			return err
		}
		key := entry.Key.GetToken()
		rates = append(rates, specificRate{analysis.SpecificRate{Customer: key.Value, Rate: rate}, r.place(key)})
	}
	r.into.specific.take(rates, r.origin(n))
	return nil
}

// checkSpecific refuses specific rates of customers the book does not know, and
// those beside which no matrix is given: then the provision of the others would
// be missing from the sum.
func (s *settings) checkSpecific(l *ledger.Ledger) error {
	if len(s.specific.value) > 0 && len(s.lossRates.value) == 0 && s.lossMonths.value == 0 {
		return scalar{place: s.specific.from.detail}.bad("loss-rate-count", "specific loss rates need those of the buckets for the other customers (give provision.rates)")
	}
	for _, rate := range s.specific.value {
		if !slices.ContainsFunc(l.Customers, func(c ledger.Customer) bool { return c.ID == rate.Customer }) {
			ids := make([]string, len(l.Customers))
			for i := range l.Customers {
				ids[i] = l.Customers[i].ID
			}
			hint := "provision.specific names customers by their id"
			if best := nearest(rate.Customer, ids); best != "" {
				hint = fmt.Sprintf("did you mean %q?", best)
			}
			return &settingError{rate.place, "unknown-customer", fmt.Sprintf("the book has no customer %q", rate.Customer), hint}
		}
	}
	return nil
}

// specificText writes specific rates as duepack.yaml has them.
func specificText(rates []specificRate) string {
	texts := make([]string, len(rates))
	for i, r := range rates {
		texts[i] = r.Customer + ": " + percent(r.Rate)
	}
	return "{" + strings.Join(texts, ", ") + "}"
}

// parseTarget reads the share of a class of debt that is to be collected.
func parseTarget(s scalar) (ledger.Ratio, error) {
	share, err := parseRate(s)
	if err == nil && share.Num == 0 {
		err = s.bad("bad-rate", "a target of 0 is no target (leave the class out)")
	}
	return share, err
}

// mostLateDays is far beyond any plan: a number above it is a date or an amount.
const mostLateDays = 100_000

// readCommission reads commission.bands: the rate on cash up to so many days
// late, ascending.
func (r *configReader) readCommission(n ast.Node) error {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok || len(sequence.Values) == 0 {
		return r.bad(n, "bad-commission", "want a list of bands: [{days_late: 0, rate: 2%%}, {days_late: 30, rate: 1%%}]")
	}
	var plan []analysis.CommissionBand
	for _, value := range sequence.Values {
		band, err := r.readBand(value)
		if err != nil {
			return err
		}
		if n := len(plan); n > 0 && band.LateDays <= plan[n-1].LateDays {
			return r.bad(value, "bad-commission", "the band up to %d days late does not follow the one up to %d", band.LateDays, plan[n-1].LateDays)
		}
		plan = append(plan, band)
	}
	r.into.commission.take(plan, r.origin(n))
	return nil
}

func (r *configReader) readBand(n ast.Node) (analysis.CommissionBand, error) {
	var band analysis.CommissionBand
	dated := false
	err := r.readFields(n, map[string]func(scalar) error{
		"days_late": func(s scalar) (err error) {
			dated = true
			if band.LateDays, err = strconv.Atoi(s.text); err != nil || band.LateDays < -mostLateDays || band.LateDays > mostLateDays {
				return s.bad("bad-commission", "%q is not a number of days (below 0 is early)", s.text)
			}
			return nil
		},
		"rate": func(s scalar) (err error) { band.Rate, err = parseRate(s); return err },
	})
	if err == nil && (!dated || !band.Rate.Given()) {
		err = r.bad(n, "bad-commission", "want days_late and rate: {days_late: 30, rate: 1%%}")
	}
	return band, err
}

// addPlans states the targets by class and the commission plan that were given.
func (s *settings) addPlans(add func(key, value string, from origin)) {
	for _, class := range []struct {
		key   string
		share setting[ledger.Ratio]
	}{{"old", s.oldTarget}, {"overdue", s.overdueTarget}, {"current", s.currentTarget}} {
		if class.share.given() {
			add("collection_targets."+class.key, percent(class.share.value), class.share.from)
		}
	}
	if s.commission.given() {
		texts := make([]string, len(s.commission.value))
		for i, band := range s.commission.value {
			texts[i] = fmt.Sprintf("{days_late: %d, rate: %s}", band.LateDays, percent(band.Rate))
		}
		add("commission.bands", "["+strings.Join(texts, ", ")+"]", s.commission.from)
	}
}
