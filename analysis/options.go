package analysis

import "duepack/analysis/ledger"

// Options are the settings a pack is computed with. The zero value is not
// usable: AsOf, From, To, Aging.Bounds and Rates must be set.
type Options struct {
	Book     string // name of the book
	Version  string // of the program, for readers
	AsOf     ledger.Date
	From, To ledger.Date // the period, both ends inside; To ≤ AsOf

	Apply     ApplicationMode
	RepBasis  RepBasis
	Margin    ledger.Ratio // net margin of the book
	Rates     []RateFrom   // annual financing rates by date, ascending; the first also holds before its date
	Basis     DayBasis
	Aging     AgingRule
	Bounds    []Bound        // last age of each bucket but the open-ended last one, ascending
	LossRates []ledger.Ratio // one per bucket, or none
	// LossHistory estimates the loss rates instead.
	LossHistory *LossHistory
	// Specific replaces the loss rates for single customers; it needs LossRates
	// or LossHistory for the others.
	Specific []SpecificRate

	// Classes are collection targets by class of debt; the zero value has none.
	Classes ClassTargets
	// Commission is the plan by days late, ascending; empty where there is none.
	Commission []CommissionBand

	HistoryMonths int // month-ends before the as-of date to recompute; 0: none

	// What the caller knows and readers want to see; shown, not computed with.
	Assumptions []Assumption
	Inputs      []Input
	Exceptions  Exceptions
}

// ApplicationMode says how credit on account meets documents (rules §3.4).
type ApplicationMode string

// The modes of application.
const (
	Explicit         ApplicationMode = "explicit"           // only where a line names a document
	FIFO             ApplicationMode = "fifo"               // oldest credit to earliest due
	ExplicitThenFIFO ApplicationMode = "explicit-then-fifo" // both, in that order
)

// RepBasis says whose work a document is (rules §2).
type RepBasis string

// The bases of rep figures.
const (
	RepOnDocument RepBasis = "document" // the rep on the document
	RepOfCustomer RepBasis = "customer" // the customer's present rep
)

// DayBasis says how days become a share of a year (rules §7).
type DayBasis string

// The day bases.
const (
	ACT365 DayBasis = "ACT/365"
	ACT360 DayBasis = "ACT/360"
	E30360 DayBasis = "30/360" // European: day 31 counts as day 30
)

// RateFrom is an annual rate in force from a date on.
type RateFrom struct {
	From ledger.Date  `json:"from"` // 0: from the beginning
	Rate ledger.Ratio `json:"rate"`
}

// AgingBasis says from which date a document's age counts (rules §4).
type AgingBasis string

// The bases of aging.
const (
	ByDue    AgingBasis = "due"
	ByIssued AgingBasis = "issued"
	ByPosted AgingBasis = "posted"
)

// CreditTreatment says where credits on account stand (rules §4).
type CreditTreatment string

// The treatments of credits.
const (
	CreditsOnAccount CreditTreatment = "on_account" // in a column of their own
	CreditsOwnBucket CreditTreatment = "own_bucket" // in the bucket of their own date
	CreditsNetOldest CreditTreatment = "net_oldest" // against the customer's oldest buckets
)

// AgingRule is how the pack ages, printed on every page that shows buckets.
type AgingRule struct {
	Basis   AgingBasis      `json:"basis"`
	Credits CreditTreatment `json:"credits"`
}

// BoundUnit is the unit of a bucket bound.
type BoundUnit uint8

// The units of bucket bounds.
const (
	BoundDays BoundUnit = iota
	BoundMonths
	BoundYears
)

// Bound is the last age that a bucket holds: days, or months or years by
// anniversary, the anniversary itself belonging to the younger bucket (含1年).
type Bound struct {
	N    int       `json:"n"`
	Unit BoundUnit `json:"unit"`
}

// Bucket is an aging bucket: ages above After up to Last, both inclusive of
// the day on which Last is reached.
type Bucket struct {
	ID     string `json:"id"` // not_due, 1-30, 120+, 0-1y …
	NotDue bool   `json:"not_due,omitempty"`
	// First and Last are the limits; the first bucket has no First, the
	// open-ended one no Last (Open).
	First Bound `json:"first"` // the bound of the bucket before
	Last  Bound `json:"last"`
	Open  bool  `json:"open,omitempty"`
}
