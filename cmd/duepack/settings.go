package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render/packdir"
	"duepack/templates"
)

// rank orders the places a setting can come from: a higher one wins.
type rank uint8

const (
	byDefault rank = iota
	fromBook       // found in the input files
	fromFile       // duepack.yaml
	fromEnv        // DUEPACK_…
	fromFlag
)

// reasons are the wording keys that say where a setting comes from, where no
// closer reason is known.
var reasons = [...]string{byDefault: "default", fromBook: "found-in-book", fromFile: "given-config", fromEnv: "given-env", fromFlag: "given-flag"}

// origin says where a setting comes from and why it has its value.
type origin struct {
	rank   rank
	detail string // what every language can read: "--as-of", "duepack.yaml:7:8", a date
	why    string // wording key after "reason."; "" for the one of the rank
}

// reason returns the wording key of the origin.
func (o origin) reason() string {
	if o.why != "" {
		return o.why
	}
	return reasons[o.rank]
}

// setting is one value and its origin. The zero setting is not given.
type setting[T any] struct {
	value T
	from  origin
}

// take sets the value unless one of a higher rank is there already.
func (s *setting[T]) take(value T, from origin) {
	if from.rank >= s.from.rank {
		s.value, s.from = value, from
	}
}

// given reports whether somebody chose the value.
func (s *setting[T]) given() bool { return s.from.rank >= fromFile }

// scalar is one piece of text that somebody wrote, and where.
type scalar struct {
	text  string
	place string // as origin.detail
}

// settingError is a setting that cannot be used: one line, exit code 2.
type settingError struct {
	place, code, message, hint string
}

// Error writes place, code, what was found and what to do, as a problem of the
// input is written.
func (e *settingError) Error() string {
	text := e.place + ": error " + e.code + ": " + e.message
	if e.hint != "" {
		text += " (" + e.hint + ")"
	}
	return text
}

// bad says that a scalar cannot be used.
func (s scalar) bad(code, format string, args ...any) error {
	return &settingError{place: s.place, code: code, message: fmt.Sprintf(format, args...)}
}

// input is one entry of inputs: files or a glob, and what guessing is not
// wanted for.
type input struct {
	pattern scalar // as written, relative paths resolved against base
	base    string // folder of the config file; "" for the command line
	sheet   string
	layout  string
	dates   string
	columns map[string]string
}

// settings are everything a run can be told. Zero fields were not told; fill
// gives them their defaults once the book has been read.
type settings struct {
	name     setting[string]
	currency setting[string]
	language setting[string]
	inputs   setting[[]input]
	columns  setting[map[string]string]

	asOf   setting[ledger.Date]
	period setting[period]

	terms       setting[ledger.Terms]
	application setting[analysis.ApplicationMode]
	repBasis    setting[analysis.RepBasis]
	margin      setting[ledger.Ratio]
	rates       setting[[]analysis.RateFrom]
	dayBasis    setting[analysis.DayBasis]
	agingBasis  setting[analysis.AgingBasis]
	credits     setting[analysis.CreditTreatment]
	bounds      setting[[]analysis.Bound]
	lossRates   setting[[]ledger.Ratio]
	lossMonths  setting[int] // months of history to estimate the loss rates from; 0: they are given
	// What an estimate is multiplied by (rules §9); not given: 1.
	lossGivenDefault, lossFactor setting[ledger.Ratio]
	specific                     setting[[]specificRate]
	lenient                      setting[bool]

	// Collection targets by class of debt, and the commission plan: none unless given.
	oldTarget, overdueTarget, currentTarget setting[ledger.Ratio]
	commission                              setting[[]analysis.CommissionBand]

	mail    mailSettings
	closing closeSettings

	unread  bool // a duepack.yaml lies in the current folder and was not read
	outDir  setting[string]
	formats setting[[]string]
}

// What a pack can be written in.
var (
	knownFormats   = packdir.Formats()
	knownLanguages = templates.Languages()
)

// historyMonths is how many month-ends before the as-of date a pack compares
// itself with.
const historyMonths = 12

// The defaults of duepack.yaml that do not depend on the book.
var (
	defaultTerms     = ledger.Terms{Kind: ledger.TermsNet, Days: 30}
	defaultMargin    = ledger.Ratio{Num: 1, Den: 20}
	defaultRate      = ledger.Ratio{Num: 3, Den: 50}
	defaultLossRates = []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}}
)

// fillBeforeReading gives defaults to what does not depend on the book, and
// settles the dates that were given.
func (s *settings) fillBeforeReading() error {
	s.language.fill("en", origin{})
	s.terms.fill(defaultTerms, origin{})
	s.margin.fill(defaultMargin, origin{})
	s.rates.fill([]analysis.RateFrom{{Rate: defaultRate}}, origin{})
	s.dayBasis.fill(analysis.ACT365, origin{})
	s.agingBasis.fill(analysis.ByDue, origin{})
	s.credits.fill(analysis.CreditsOnAccount, origin{})
	s.bounds.fill(analysis.DefaultBounds(), origin{})
	s.repBasis.fill(analysis.RepOnDocument, origin{})
	s.lenient.fill(false, origin{})
	s.outDir.fill("out", origin{})
	s.formats.fill(knownFormats, origin{})
	s.fillMail()
	return s.settleDates()
}

// fill takes a default unless somebody chose the value.
func (s *setting[T]) fill(value T, from origin) {
	if !s.given() {
		s.value, s.from = value, from
	}
}

// fillFromBook gives the settings that depend on the book their values: the
// as-of date, the period, how credit is applied, and the loss rates.
func (s *settings) fillFromBook(l *ledger.Ledger, explicit bool) error {
	if explicit {
		s.application.fill(analysis.Explicit, origin{rank: fromBook, why: "application-explicit"})
	} else {
		s.application.fill(analysis.FIFO, origin{rank: fromBook, why: "application-fifo"})
	}
	if err := s.fillLossRates(l); err != nil {
		return err
	}
	if err := s.checkSpecific(l); err != nil {
		return err
	}
	return s.fillDates(l)
}

// fillLossRates checks the number of loss rates. The default ones fit the
// default buckets only: for others nobody knows a rate, and the provision is
// absent rather than wrong.
func (s *settings) fillLossRates(l *ledger.Ledger) error {
	if months := s.lossMonths; months.value > 0 {
		at := scalar{place: months.from.detail}
		switch {
		case len(s.lossRates.value) > 0:
			return at.bad("loss-rate-count", "loss rates are both given (%s) and to be estimated: drop one", s.lossRates.from.detail)
		case l.Snapshot:
			return at.bad("bad-history", "a list of open items has no history to estimate loss rates from (give provision.rates)")
		}
		s.lossRates = setting[[]ledger.Ratio]{nil, months.from}
		return nil
	}
	for _, scale := range []*setting[ledger.Ratio]{&s.lossGivenDefault, &s.lossFactor} {
		if scale.given() {
			return scalar{place: scale.from.detail}.bad("bad-history", "it scales loss rates that are estimated (give provision.history beside it)")
		}
	}
	buckets, err := analysis.MakeBuckets(s.agingBasis.value, s.bounds.value)
	if err != nil {
		return scalar{place: s.bounds.from.detail}.bad("bad-buckets", "%v", err)
	}
	if s.lossRates.given() {
		if n := len(s.lossRates.value); n != 0 && n != len(buckets) {
			return scalar{place: s.lossRates.from.detail}.bad("loss-rate-count", "%d loss rates for %d aging buckets: give one per bucket", n, len(buckets))
		}
		return nil
	}
	if s.agingBasis.value == analysis.ByDue && slices.Equal(s.bounds.value, analysis.DefaultBounds()) {
		s.lossRates.fill(defaultLossRates, origin{})
	} else {
		s.lossRates.fill(nil, origin{why: "loss-rates-none"})
	}
	return nil
}

// errNoAsOf says that a snapshot names no date, so nobody knows what its open
// amounts are as of (rules §3).
var errNoAsOf = errors.New("a list of open items without a date in its title rows (give the date it was drawn: --as-of 2026-10-31)")

// fillDates sets as-of date and period. The order: the as-of date that was
// given; the end of a period that was given with fixed dates, where it was
// given at least as close to the command line; the date of the snapshot; the last
// month end on or before the last posting.
func (s *settings) fillDates(l *ledger.Ledger) error {
	if !s.asOf.given() {
		date, from, err := defaultAsOf(l)
		if err != nil {
			return err
		}
		s.asOf.fill(date, from)
	}
	s.period.fill(period{length: "month"}, origin{why: "period-month"})
	if l.Snapshot && l.SnapshotDate != 0 && s.asOf.from.why == "as-of-period" {
		// A period says what to look at, not when the list was drawn.
		s.asOf = setting[ledger.Date]{l.SnapshotDate, origin{rank: fromBook, why: "as-of-snapshot"}}
		return s.periodEndsInTime()
	}
	return nil
}

// settleDates does what can be done about dates before the book is read: a
// period with fixed dates that was given closer to the command line than the as-of
// date sets it, and a period that ends after it is refused.
func (s *settings) settleDates() error {
	p := s.period
	if !p.given() || !p.value.fixed() {
		return nil
	}
	if p.from.rank > s.asOf.from.rank {
		s.asOf = setting[ledger.Date]{p.value.to, origin{p.from.rank, p.from.detail, "as-of-period"}}
	}
	return s.periodEndsInTime()
}

// periodEndsInTime refuses a period with fixed dates that ends after the as-of
// date.
func (s *settings) periodEndsInTime() error {
	p := s.period
	if p.value.to > s.asOf.value {
		return &settingError{
			place: p.from.detail, code: "bad-period",
			message: fmt.Sprintf("the period %s ends after the as-of date %s (%s)", p.value, s.asOf.value, cmp.Or(s.asOf.from.detail, "the date of the open items")),
			hint:    "give a period that ends on or before it, or another --as-of",
		}
	}
	return nil
}

// defaultAsOf returns the date of a snapshot, else the last month end the book
// reaches: on or before its last posting. A book that reaches none has its
// last posting.
func defaultAsOf(l *ledger.Ledger) (ledger.Date, origin, error) {
	if l.Snapshot {
		if l.SnapshotDate == 0 {
			return 0, origin{}, errNoAsOf
		}
		return l.SnapshotDate, origin{rank: fromBook, why: "as-of-snapshot"}, nil
	}
	first, last := l.Span()
	end := last.MonthEnd()
	if end > last {
		end = last.MonthStart() - 1
	}
	if end < first {
		return last, origin{rank: fromBook, why: "as-of-last-posting"}, nil
	}
	return end, origin{rank: fromBook, detail: last.String(), why: "as-of-month-end"}, nil
}

// options returns what the analysis needs of the settings.
func (s *settings) options() analysis.Options {
	from, to := s.period.value.endingAt(s.asOf.value)
	options := analysis.Options{
		Book: s.name.value, Version: buildVersion(), AsOf: s.asOf.value, From: from, To: to,
		Apply: s.application.value, RepBasis: s.repBasis.value, Margin: s.margin.value,
		Rates: s.rates.value, Basis: s.dayBasis.value,
		Aging:   analysis.AgingRule{Basis: s.agingBasis.value, Credits: s.credits.value},
		Bounds:  s.bounds.value,
		Classes: analysis.ClassTargets{Old: s.oldTarget.value, Overdue: s.overdueTarget.value, Current: s.currentTarget.value}, Commission: s.commission.value,
		LossRates: s.lossRates.value, HistoryMonths: historyMonths, Assumptions: s.assumptions(),
	}
	for _, specific := range s.specific.value {
		options.Specific = append(options.Specific, specific.SpecificRate)
	}
	if s.lossMonths.value > 0 {
		options.LossHistory = &analysis.LossHistory{Months: s.lossMonths.value, LossGivenDefault: s.lossGivenDefault.value, Factor: s.lossFactor.value}
	}
	return options
}

// assumptions lists the settings the figures rest on, with the reason of each,
// in the order of duepack.yaml.
func (s *settings) assumptions() []analysis.Assumption {
	from, to := s.period.value.endingAt(s.asOf.value)
	var list []analysis.Assumption
	add := func(key, value string, from origin) {
		list = append(list, analysis.Assumption{Key: key, Value: value, Reason: from.reason(), Detail: from.detail})
	}
	add("book.currency", s.currency.value, s.currency.from)
	add("as_of", s.asOf.value.String(), s.asOf.from)
	add("period", from.String()+".."+to.String(), s.period.from)
	add("terms", s.terms.value.String(), s.terms.from)
	add("application", string(s.application.value), s.application.from)
	add("rep_basis", string(s.repBasis.value), s.repBasis.from)
	add("margin", percent(s.margin.value), s.margin.from)
	add("financing.rate", ratesText(s.rates.value), s.rates.from)
	add("financing.basis", string(s.dayBasis.value), s.dayBasis.from)
	add("aging.basis", string(s.agingBasis.value), s.agingBasis.from)
	add("aging.buckets", boundsText(s.bounds.value), s.bounds.from)
	add("aging.credits", string(s.credits.value), s.credits.from)
	if s.lossMonths.value > 0 {
		add("provision.history", strconv.Itoa(s.lossMonths.value), s.lossMonths.from)
		if s.lossGivenDefault.given() {
			add("provision.loss_given_default", percent(s.lossGivenDefault.value), s.lossGivenDefault.from)
		}
		if s.lossFactor.given() {
			add("provision.factor", percent(s.lossFactor.value), s.lossFactor.from)
		}
	} else {
		add("provision.rates", percents(s.lossRates.value), s.lossRates.from)
	}
	if s.specific.given() {
		add("provision.specific", specificText(s.specific.value), s.specific.from)
	}
	s.addPlans(add)
	add("lenient", fmt.Sprint(s.lenient.value), s.lenient.from)
	return list
}

// percent writes a ratio as duepack.yaml has it: 6.25%.
func percent(r ledger.Ratio) string {
	if !r.Given() {
		return ""
	}
	if scaled := (ledger.Ratio{Num: r.Num * 100, Den: r.Den}); r.Num < 1<<56 && r.Num > -1<<56 {
		if text := scaled.String(); !strings.Contains(text, "/") {
			return text + "%"
		}
	}
	return r.String()
}

func percents(list []ledger.Ratio) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = percent(r)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func ratesText(rates []analysis.RateFrom) string {
	if len(rates) == 1 {
		return percent(rates[0].Rate)
	}
	texts := make([]string, len(rates))
	for i, r := range rates {
		texts[i] = fmt.Sprintf("{from: %s, rate: %s}", r.From, percent(r.Rate))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func boundsText(bounds []analysis.Bound) string {
	texts := make([]string, len(bounds))
	for i, b := range bounds {
		texts[i] = b.String()
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// resolve makes a path of a config file relative to the file's folder.
func resolve(base, path string) string {
	if base == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}
