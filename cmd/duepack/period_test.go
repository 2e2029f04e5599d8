package main

import (
	"testing"

	"duepack/analysis/ledger"
)

func TestPeriodIsReadInEveryForm(t *testing.T) {
	for _, c := range []struct{ text, asOf, from, to string }{
		{"month", "2026-10-31", "2026-10-01", "2026-10-31"},
		{"month", "2026-10-15", "2026-10-01", "2026-10-15"},
		{"quarter", "2026-09-30", "2026-07-01", "2026-09-30"},
		{"quarter", "2026-10-01", "2026-10-01", "2026-10-01"},
		{"quarter", "2026-12-31", "2026-10-01", "2026-12-31"},
		{"year", "2026-10-31", "2026-01-01", "2026-10-31"},
		{"2026-10", "2026-11-30", "2026-10-01", "2026-10-31"},
		{"2024-02", "2024-02-29", "2024-02-01", "2024-02-29"},
		{"2026-02", "2026-02-28", "2026-02-01", "2026-02-28"},
		{"2026-Q3", "2026-09-30", "2026-07-01", "2026-09-30"},
		{"2026-q4", "2026-12-31", "2026-10-01", "2026-12-31"},
		{"2026", "2026-12-31", "2026-01-01", "2026-12-31"},
		{"2026-01-05..2026-10-31", "2026-10-31", "2026-01-05", "2026-10-31"},
		{"2026-10-31..2026-10-31", "2026-10-31", "2026-10-31", "2026-10-31"},
	} {
		p, err := parsePeriod(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		from, to := p.endingAt(ledger.MustDate(c.asOf))
		if from.String() != c.from || to.String() != c.to {
			t.Errorf("%s at %s: got %s..%s, want %s..%s", c.text, c.asOf, from, to, c.from, c.to)
		}
		if again, err := parsePeriod(p.String()); err != nil || again != p {
			t.Errorf("%s: String gives %q, which reads as %v, %v", c.text, p, again, err)
		}
	}
}

func TestWhatIsNoPeriodIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "months", "26-10", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-1", "2026-10-31", "20261",
		"2026-02-30..2026-03-01", "2026-10-31..2026-10-30", "..", "2026-01-01..", "0000",
	} {
		if p, err := parsePeriod(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}
