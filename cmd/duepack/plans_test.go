package main

import (
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// filled reads a config and fills it from a book of two customers.
func filled(t *testing.T, config string) (*settings, error) {
	t.Helper()
	var s settings
	if err := readConfig(writeConfig(t, config), &s); err != nil {
		return &s, err
	}
	if err := s.fillBeforeReading(); err != nil {
		return &s, err
	}
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Customers:  []ledger.Customer{{ID: "C001"}, {ID: "C002"}},
		Entries:    []ledger.Entry{{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: ledger.MustDate("2026-10-31"), Amount: 100}},
	}
	return &s, s.fillFromBook(l, true)
}

func TestSpecificProvisionsAreReadAndStated(t *testing.T) {
	s, err := filled(t, "provision: {rates: [0.5%, 2%, 5%, 10%, 25%, 60%], specific: {C002: 80%, C001: 0}}\n")
	if err != nil {
		t.Fatal(err)
	}
	o := s.options()
	if len(o.Specific) != 2 || o.Specific[0].Customer != "C002" || o.Specific[0].Rate != (ledger.Ratio{Num: 4, Den: 5}) || !o.Specific[1].Rate.Given() {
		t.Errorf("specific rates %v, want C002 at 80 %% and C001 at 0", o.Specific)
	}
	if !strings.Contains(assumptionsText(s), "provision.specific {C002: 80%, C001: 0%}") {
		t.Errorf("assumptions do not state the specific rates:\n%s", assumptionsText(s))
	}
}

func TestEstimatedLossRatesAreScaledAndStated(t *testing.T) {
	s, err := filled(t, "provision: {history: 6, loss_given_default: 60%, factor: 1.1}\n")
	if err != nil {
		t.Fatal(err)
	}
	want := analysis.LossHistory{Months: 6, LossGivenDefault: ledger.Ratio{Num: 3, Den: 5}, Factor: ledger.Ratio{Num: 11, Den: 10}}
	if got := s.options().LossHistory; got == nil || *got != want {
		t.Errorf("history %+v, want %+v", got, want)
	}
	for _, text := range []string{"provision.loss_given_default 60%", "provision.factor 110%"} {
		if !strings.Contains(assumptionsText(s), text) {
			t.Errorf("assumptions do not state %s:\n%s", text, assumptionsText(s))
		}
	}
}

func assumptionsText(s *settings) string {
	var text strings.Builder
	for _, a := range s.assumptions() {
		text.WriteString(a.Key + " " + a.Value + "\n")
	}
	return text.String()
}

func TestPlansThatCannotBeUsedAreRefused(t *testing.T) {
	for config, want := range map[string]string{
		"provision: {specific: {C0O1: 80%}}":                                          `duepack.yaml:1:24: error unknown-customer: the book has no customer "C0O1" (did you mean "C001"?)`,
		"provision: {specific: {Meridian Trading: 80%}}":                              `error unknown-customer: the book has no customer "Meridian Trading" (provision.specific names customers by their id)`,
		"provision: {specific: {C001: 80}}":                                           `error bad-rate: "80" is more than 100 %`,
		"provision: {specific: 80%}":                                                  `error bad-rate: want customers and their loss rates: {C001: 80%}`,
		"collection_targets: {old: 0%}":                                               `error bad-rate: a target of 0 is no target`,
		"collection_targets: {olt: 65%}":                                              `error unknown-key: there is no key "collection_targets.olt" (did you mean "old"?)`,
		"commission: {bands: 2%}":                                                     `error bad-commission: want a list of bands`,
		"commission: {bands: [{days_late: 30}]}":                                      `error bad-commission: want days_late and rate`,
		"commission: {bands: [{rate: 1%}]}":                                           `error bad-commission: want days_late and rate`,
		"commission: {bands: [{days_late: soon, rate: 1%}]}":                          `duepack.yaml:1:34: error bad-commission: "soon" is not a number of days`,
		"commission: {bands: [{days_late: 30, rate: 1%}, {days_late: 30, rate: 2%}]}": `the band up to 30 days late does not follow the one up to 30`,
		"commission: {bands: [{days_late: 30, rate: 1%, cap: 5}]}":                    `there is no key "cap" here`,
		"provision: {history: 6, factor: 110}":                                        `duepack.yaml:1:33: error bad-factor: "110" is not between 0 and 10`,
		"provision: {history: 6, factor: 0}":                                          `error bad-factor: "0" is not between 0 and 10`,
		"provision: {loss_given_default: 60%}":                                        `error bad-history: it scales loss rates that are estimated`,
		"provision: {rates: [], specific: {C001: 80%}}":                               `error loss-rate-count: specific loss rates need those of the buckets`,
	} {
		if _, err := filled(t, config+"\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", config, err, want)
		}
	}
}

func TestTargetsAndCommissionAreReadAndStated(t *testing.T) {
	s, err := filled(t, "collection_targets: {old: 65%, current: 90%}\ncommission: {bands: [{days_late: -5, rate: 2.5%}, {days_late: 30, rate: 1%}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	o := s.options()
	if o.Classes.Old != (ledger.Ratio{Num: 13, Den: 20}) || o.Classes.Overdue.Given() || o.Classes.Current != (ledger.Ratio{Num: 9, Den: 10}) {
		t.Errorf("class targets %+v, want 65 %% and 90 %%", o.Classes)
	}
	if len(o.Commission) != 2 || o.Commission[0].LateDays != -5 || o.Commission[0].Rate != (ledger.Ratio{Num: 1, Den: 40}) {
		t.Errorf("commission %+v, want 2.5 %% up to 5 days early and 1 %% up to 30 late", o.Commission)
	}
	for _, want := range []string{"collection_targets.old 65%", "collection_targets.current 90%", "commission.bands [{days_late: -5, rate: 2.5%}, {days_late: 30, rate: 1%}]"} {
		if !strings.Contains(assumptionsText(s), want) {
			t.Errorf("assumptions do not state %s:\n%s", want, assumptionsText(s))
		}
	}
}
