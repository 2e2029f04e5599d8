package main

import (
	"path/filepath"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/ingest"
)

// TestExplainEqualsThePackForEveryFigureOfTheSample derives every figure of the
// sample book, of every subject, and wants the pack's value and parts that foot.
func TestExplainEqualsThePackForEveryFigureOfTheSample(t *testing.T) {
	result, err := ingest.Read(ingest.Options{Inputs: []ingest.Input{{File: filepath.Join(root, "samples", "meridian", "ledger.xlsx")}}, Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}})
	if err != nil || result.Ledger == nil {
		t.Fatalf("the sample book was not read: %v %v", err, result.Problems)
	}
	asOf := ledger.MustDate("2026-10-31")
	p, err := analysis.Build(result.Ledger, analysis.Options{
		AsOf: asOf, From: asOf.MonthStart(), To: asOf, Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
		Margin: ledger.Ratio{Num: 1, Den: 20}, Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(), LossRates: defaultLossRates,
	})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	check := func(id string) {
		want, _, ok := p.Find(id)
		d, explained := p.Explain(id)
		if !ok || !explained {
			t.Fatalf("%s: in the pack %t, explained %t", id, ok, explained)
		}
		same := d.Value.Minor == want.Minor && d.Value.Absent == want.Absent && (d.Value.Ratio == nil) == (want.Ratio == nil)
		if !same || want.Ratio != nil && d.Value.Ratio.Cmp(want.Ratio) != 0 {
			t.Errorf("%s is %v by its parts, %v in the pack", id, d.Value, want)
		}
		checked++
	}
	for _, s := range p.Subjects() {
		for _, b := range p.Buckets {
			check(s.Path() + "/aging/" + b.ID)
		}
		for _, f := range analysis.Figures() {
			if s.Has(f) {
				check(s.Path() + "/" + f.Def().Key)
			}
		}
	}
	if checked < 2500 {
		t.Errorf("%d figures checked, want those of 60 customers, 7 reps, 3 currencies, the regions and the company", checked)
	}
}
