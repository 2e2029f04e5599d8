package main

import (
	"errors"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// bookOf returns a ledger with one entry posted on each date.
func bookOf(dates ...string) *ledger.Ledger {
	l := &ledger.Ledger{}
	for _, d := range dates {
		l.Entries = append(l.Entries, ledger.Entry{Posted: ledger.MustDate(d)})
	}
	return l
}

func TestAsOfAndPeriodFollowFromWhatWasGiven(t *testing.T) {
	book := bookOf("2026-01-05", "2026-11-12")
	flagged := func(text string) origin { return origin{rank: fromFlag, detail: "--" + text} }
	filed := origin{rank: fromFile, detail: "duepack.yaml:1:1"}
	for _, c := range []struct {
		name              string
		book              *ledger.Ledger
		asOf              string
		asOfFrom          origin
		period            string
		periodFrom        origin
		wantAsOf, from    string
		reason, lastOfErr string
	}{
		{name: "nothing given", book: book, wantAsOf: "2026-10-31", from: "2026-10-01", reason: "as-of-month-end"},
		{name: "last posting on a month end", book: bookOf("2026-01-05", "2026-10-31"), wantAsOf: "2026-10-31", from: "2026-10-01", reason: "as-of-month-end"},
		{name: "the day before a month end", book: bookOf("2026-01-05", "2026-10-30"), wantAsOf: "2026-09-30", from: "2026-09-01", reason: "as-of-month-end"},
		{name: "the book reaches no month end", book: bookOf("2026-11-03", "2026-11-12"), wantAsOf: "2026-11-12", from: "2026-11-01", reason: "as-of-last-posting"},
		{name: "only as-of", book: book, asOf: "2026-08-15", asOfFrom: flagged("as-of"), wantAsOf: "2026-08-15", from: "2026-08-01", reason: "given-flag"},
		{name: "only a fixed period", book: book, period: "2026-Q2", periodFrom: flagged("period"), wantAsOf: "2026-06-30", from: "2026-04-01", reason: "as-of-period"},
		{name: "only a length", book: book, period: "year", periodFrom: flagged("period"), wantAsOf: "2026-10-31", from: "2026-01-01", reason: "as-of-month-end"},
		{name: "both", book: book, asOf: "2026-10-31", asOfFrom: flagged("as-of"), period: "2026-Q3", periodFrom: flagged("period"), wantAsOf: "2026-10-31", from: "2026-07-01", reason: "given-flag"},
		{name: "a period on the command line moves the as-of date of the file", book: book, asOf: "2026-10-31", asOfFrom: filed, period: "2026-09", periodFrom: flagged("period"), wantAsOf: "2026-09-30", from: "2026-09-01", reason: "as-of-period"},
		{name: "both in the file", book: book, asOf: "2026-10-31", asOfFrom: filed, period: "2026-09", periodFrom: filed, wantAsOf: "2026-10-31", from: "2026-09-01", reason: "given-config"},
		{name: "an as-of date on the command line before the file's period", book: book, asOf: "2026-08-31", asOfFrom: flagged("as-of"), period: "2026-09", periodFrom: filed,
			lastOfErr: "duepack.yaml:1:1: error bad-period: the period 2026-09-01..2026-09-30 ends after the as-of date 2026-08-31 (--as-of)"},
		{name: "dated snapshot", book: &ledger.Ledger{Snapshot: true, SnapshotDate: ledger.MustDate("2026-07-16")}, wantAsOf: "2026-07-16", from: "2026-07-01", reason: "as-of-snapshot"},
		{name: "as-of beats the snapshot's date", book: &ledger.Ledger{Snapshot: true, SnapshotDate: ledger.MustDate("2026-07-16")}, asOf: "2026-07-20", asOfFrom: flagged("as-of"), wantAsOf: "2026-07-20", from: "2026-07-01", reason: "given-flag"},
	} {
		s := &settings{}
		if c.asOf != "" {
			s.asOf.take(ledger.MustDate(c.asOf), c.asOfFrom)
		}
		if c.period != "" {
			p, err := parsePeriod(c.period)
			if err != nil {
				t.Fatal(err)
			}
			s.period.take(p, c.periodFrom)
		}
		err := s.fillBeforeReading()
		if err == nil {
			err = s.fillFromBook(c.book, true)
		}
		if c.lastOfErr != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.lastOfErr) || exitCode(err) != exitUsage {
				t.Errorf("%s: error %v, want %s", c.name, err, c.lastOfErr)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		opt := s.options()
		if opt.AsOf.String() != c.wantAsOf || opt.From.String() != c.from || s.asOf.from.reason() != c.reason {
			t.Errorf("%s: got %s from %s because %s, want %s from %s because %s", c.name, opt.AsOf, opt.From, s.asOf.from.reason(), c.wantAsOf, c.from, c.reason)
		}
	}
}

func TestSnapshotWithoutADateNeedsOne(t *testing.T) {
	s := &settings{}
	if err := s.fillBeforeReading(); err != nil {
		t.Fatal(err)
	}
	if err := s.fillFromBook(&ledger.Ledger{Snapshot: true}, false); !errors.Is(err, errNoAsOf) {
		t.Errorf("got %v", err)
	}
}

func TestApplicationFollowsTheBook(t *testing.T) {
	for explicit, want := range map[bool]analysis.ApplicationMode{true: analysis.Explicit, false: analysis.FIFO} {
		s := &settings{}
		if err := s.fillBeforeReading(); err != nil {
			t.Fatal(err)
		}
		if err := s.fillFromBook(bookOf("2026-01-31"), explicit); err != nil || s.application.value != want {
			t.Errorf("explicit %v: %s, %v", explicit, s.application.value, err)
		}
	}
}

func TestDefaultLossRatesFitTheDefaultBucketsOnly(t *testing.T) {
	bounds := func(texts ...string) (list []analysis.Bound) {
		for _, text := range texts {
			b, err := analysis.ParseBound(text)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, b)
		}
		return list
	}
	given := origin{rank: fromFile, detail: "duepack.yaml:9:1"}
	for _, c := range []struct {
		name   string
		bounds []analysis.Bound
		basis  analysis.AgingBasis
		rates  int
		want   int
		fault  string
	}{
		{name: "defaults", want: 6},
		{name: "other buckets", bounds: bounds("0", "30", "60", "90"), want: 0},
		{name: "other basis", basis: analysis.ByIssued, want: 0},
		{name: "years", bounds: bounds("1y", "2y", "3y"), basis: analysis.ByIssued, want: 0},
		{name: "given for other buckets", bounds: bounds("0", "30", "60", "90"), rates: 5, want: 5},
		{name: "too few", rates: 5, fault: "duepack.yaml:9:1: error loss-rate-count: 5 loss rates for 6 aging buckets: give one per bucket"},
		{name: "too many", bounds: bounds("30"), rates: 6, fault: "duepack.yaml:9:1: error loss-rate-count: 6 loss rates for 3 aging buckets: give one per bucket"},
		{name: "descending buckets", bounds: bounds("60", "30"), fault: "duepack.yaml:9:1: error bad-buckets: bucket bounds must ascend: 30 does not follow 60"},
	} {
		s := &settings{}
		if c.bounds != nil {
			s.bounds.take(c.bounds, given)
		}
		if c.basis != "" {
			s.agingBasis.take(c.basis, given)
		}
		if c.rates > 0 {
			s.lossRates.take(make([]ledger.Ratio, c.rates), given)
		}
		if err := s.fillBeforeReading(); err != nil {
			t.Fatal(err)
		}
		err := s.fillFromBook(bookOf("2026-01-31"), true)
		switch {
		case c.fault != "":
			if err == nil || err.Error() != c.fault {
				t.Errorf("%s: error %v, want %s", c.name, err, c.fault)
			}
		case err != nil || len(s.lossRates.value) != c.want:
			t.Errorf("%s: %d rates, error %v, want %d", c.name, len(s.lossRates.value), err, c.want)
		}
	}
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	fromFileText := origin{rank: fromFile, detail: "duepack.yaml:1:1"}
	fromEnvText := origin{rank: fromEnv, detail: "DUEPACK_LANG"}
	fromFlagText := origin{rank: fromFlag, detail: "--lang"}
	var s setting[string]
	s.take("flag", fromFlagText)
	s.take("env", fromEnvText)
	s.take("file", fromFileText)
	s.fill("default", origin{})
	if s.value != "flag" || s.from != fromFlagText {
		t.Errorf("got %q from %v", s.value, s.from)
	}
	var e setting[string]
	e.take("file", fromFileText)
	e.take("env", fromEnvText)
	if e.value != "env" {
		t.Errorf("got %q", e.value)
	}
}

func TestNearestWordForgivesTypingErrorsOnly(t *testing.T) {
	words := []string{"report", "check", "init", "tables", "sample", "version"}
	for word, want := range map[string]string{
		"reprot": "report", "tabels": "tables", "chek": "check", "REPORT": "report", "samples": "sample",
		"frobnicate": "", "x": "",
	} {
		if got := nearest(word, words); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
