package main

import (
	"fmt"
	"slices"
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
