package main

import (
	"slices"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// A setting has one parser, whether it stands in duepack.yaml, in the
// environment or behind a flag.

func parseText(s scalar) (string, error) { return strings.TrimSpace(s.text), nil }

func parsePath(s scalar) (string, error) {
	if s.text == "" {
		return "", s.bad("bad-path", "the path is empty")
	}
	return s.text, nil
}

func parseBool(s scalar) (bool, error) {
	switch strings.ToLower(s.text) {
	case "true", "yes", "on", "1":
		return true, nil
	case "false", "no", "off", "0":
		return false, nil
	}
	return false, s.bad("bad-switch", "%q is neither true nor false", s.text)
}

func parseDate(s scalar) (ledger.Date, error) {
	date, err := ledger.ParseDate(s.text)
	if err != nil {
		return 0, s.bad("bad-date", "%v", err)
	}
	return date, nil
}

// parseMonths reads a number of months of history.
func parseMonths(s scalar) (int, error) {
	n, err := strconv.Atoi(s.text)
	if err != nil || n < 1 || n > 120 {
		return 0, s.bad("bad-history", "%q is not a number of months from 1 to 120", s.text)
	}
	return n, nil
}

func parsePeriodSetting(s scalar) (period, error) {
	p, err := parsePeriod(s.text)
	if err != nil {
		return period{}, s.bad("bad-period", "%v", err)
	}
	return p, nil
}

func parseTerms(s scalar) (ledger.Terms, error) {
	terms, err := ledger.ParseTerms(s.text)
	if err != nil {
		return ledger.Terms{}, s.bad("bad-terms", "%v", err)
	}
	return terms, nil
}

func parseCurrency(s scalar) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(s.text))
	if _, ok := ledger.Exponent(code); !ok {
		return "", s.bad("bad-currency", "%q is not an ISO 4217 currency code (want three letters as CNY)", s.text)
	}
	return code, nil
}

// parseRate reads a rate, a margin or a loss rate. A bare number above 1 is
// refused: 6 means 6 % to the one who wrote it, and 600 % to the arithmetic.
func parseRate(s scalar) (ledger.Ratio, error) {
	rate, err := ledger.ParseRatio(s.text)
	if err != nil {
		return ledger.Ratio{}, s.bad("bad-rate", "%v", err)
	}
	if rate.Num < 0 {
		return ledger.Ratio{}, s.bad("bad-rate", "%q is below zero", s.text)
	}
	if rate.Num > rate.Den {
		return ledger.Ratio{}, s.bad("bad-rate", "%q is more than 100 %% (want 6%% or 0.06)", s.text)
	}
	return rate, nil
}

// parseFactor reads a forward-looking factor: 1.1 or 110 % where losses are
// expected to rise by a tenth. More than ten is a mistyped percentage.
func parseFactor(s scalar) (ledger.Ratio, error) {
	factor, err := ledger.ParseRatio(s.text)
	if err != nil {
		return ledger.Ratio{}, s.bad("bad-factor", "%v", err)
	}
	if factor.Num <= 0 || factor.Num > 10*factor.Den {
		return ledger.Ratio{}, s.bad("bad-factor", "%q is not between 0 and 10 (want 1.1 or 110%%)", s.text)
	}
	return factor, nil
}

// parseMargin reads a net margin, which may be negative.
func parseMargin(s scalar) (ledger.Ratio, error) {
	if rest, ok := strings.CutPrefix(strings.TrimSpace(s.text), "-"); ok {
		margin, err := parseRate(scalar{rest, s.place})
		margin.Num = -margin.Num
		return margin, err
	}
	return parseRate(s)
}

func parseBound(s scalar) (analysis.Bound, error) {
	bound, err := analysis.ParseBound(s.text)
	if err != nil {
		return analysis.Bound{}, s.bad("bad-buckets", "%v", err)
	}
	return bound, nil
}

func parseBounds(at scalar, items []scalar) ([]analysis.Bound, error) {
	if len(items) == 0 {
		return nil, at.bad("bad-buckets", "the list of buckets is empty (want their last days as [0, 30, 60, 90, 120])")
	}
	return each(parseBound, items)
}

// parseLossRates reads one rate per bucket; an empty list is "none".
func parseLossRates(_ scalar, items []scalar) ([]ledger.Ratio, error) { return each(parseRate, items) }

// choice returns a parser of one of a few words.
func choice[T ~string](code string, words ...T) func(scalar) (T, error) {
	return func(s scalar) (T, error) {
		for _, word := range words {
			if strings.EqualFold(strings.TrimSpace(s.text), string(word)) {
				return word, nil
			}
		}
		texts := make([]string, len(words))
		for i, word := range words {
			texts[i] = string(word)
		}
		return "", s.bad(code, "%q is not one of %s", s.text, strings.Join(texts, ", "))
	}
}

var (
	parseLayout      = choice("bad-layout", "ledger", "debit-credit", "snapshot", "settled", "receipts")
	parseDateOrder   = choice("bad-dates", "dmy", "mdy", "ymd")
	parseLanguage    = choice("bad-language", knownLanguages...)
	parseFormat      = choice("bad-format", knownFormats...)
	parseApplication = choice("bad-application", analysis.Explicit, analysis.FIFO, analysis.ExplicitThenFIFO)
	parseRepBasis    = choice("bad-rep-basis", analysis.RepOnDocument, analysis.RepOfCustomer)
	parseDayBasis    = choice("bad-day-basis", analysis.ACT365, analysis.ACT360, analysis.E30360)
	parseAgingBasis  = choice("bad-aging-basis", analysis.ByDue, analysis.ByIssued, analysis.ByPosted)
	parseCredits     = choice("bad-credits", analysis.CreditsOnAccount, analysis.CreditsOwnBucket, analysis.CreditsNetOldest)
)

// each parses a list item by item.
func each[T any](parse func(scalar) (T, error), items []scalar) ([]T, error) {
	list := make([]T, 0, len(items))
	for _, item := range items {
		value, err := parse(item)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// parseFormats reads a list of formats and puts it in the order of the contract.
func parseFormats(at scalar, items []scalar) ([]string, error) {
	if len(items) == 0 {
		return nil, at.bad("bad-format", "the list of formats is empty (want one or more of %s)", strings.Join(knownFormats, ", "))
	}
	chosen, err := each(parseFormat, items)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(knownFormats), func(f string) bool { return !slices.Contains(chosen, f) }), nil
}

// split cuts a comma-separated list of a flag or of the environment.
func (s scalar) split() []scalar {
	var items []scalar
	for part := range strings.SplitSeq(s.text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			items = append(items, scalar{part, s.place})
		}
	}
	return items
}
