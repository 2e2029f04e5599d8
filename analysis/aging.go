package analysis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
)

// DefaultBounds are the bucket bounds of rules §4: not due, 1–30, 31–60, 61–90,
// 91–120, over 120 days.
func DefaultBounds() []Bound {
	return []Bound{{N: 0}, {N: 30}, {N: 60}, {N: 90}, {N: 120}}
}

// ParseBound reads a bucket bound: days as "30", months as "6m", "6月" or
// "6个月", years as "1y" or "1年".
func ParseBound(s string) (Bound, error) {
	units := []struct {
		suffix string
		unit   BoundUnit
	}{{"m", BoundMonths}, {"个月", BoundMonths}, {"月", BoundMonths}, {"y", BoundYears}, {"年", BoundYears}, {"d", BoundDays}, {"天", BoundDays}, {"", BoundDays}}
	text := strings.ToLower(strings.TrimSpace(s))
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if err == nil && n >= 0 && n <= 36500 {
			return Bound{N: n, Unit: u.unit}, nil
		}
		break
	}
	return Bound{}, fmt.Errorf("%q is not a bucket bound (want days as 30, months as 6m or years as 1y)", s)
}

// String writes the bound as ParseBound reads it.
func (b Bound) String() string {
	return strconv.Itoa(b.N) + [...]string{"", "m", "y"}[b.Unit]
}

// approxDays orders bounds of different units.
func (b Bound) approxDays() int { return b.N * [...]int{1, 30, 365}[b.Unit] }

// reached reports whether a document that counts from a date is older at D
// than the bound: the anniversary itself still belongs to the younger bucket
// (rules §4, 含1年).
func (b Bound) reached(base, d ledger.Date) bool {
	switch b.Unit {
	case BoundMonths:
		return d > base.AddMonths(b.N)
	case BoundYears:
		return d > base.AddMonths(12*b.N)
	}
	return d-base > ledger.Date(b.N)
}

// MakeBuckets returns the buckets that bounds make under a basis. By due date
// the first one is "not due" and ends at age 0; by issue or posting date the
// first bucket starts at 0, so a bound of 0 is left out (rules §4). Bounds must
// ascend.
func MakeBuckets(basis AgingBasis, bounds []Bound) ([]Bucket, error) {
	bounds = slices.DeleteFunc(slices.Clone(bounds), func(b Bound) bool { return b.N == 0 })
	var buckets []Bucket
	if basis == ByDue {
		buckets = append(buckets, Bucket{ID: "not_due", NotDue: true})
	}
	previous := Bound{}
	for i, b := range bounds {
		if b.N < 0 || i > 0 && b.approxDays() <= previous.approxDays() {
			return nil, fmt.Errorf("bucket bounds must ascend: %s does not follow %s", b, previous)
		}
		buckets = append(buckets, Bucket{ID: bucketFrom(basis, previous, b) + "-" + b.String(), First: previous, Last: b})
		previous = b
	}
	return append(buckets, Bucket{ID: previous.String() + "+", First: previous, Open: true}), nil
}

// bucketFrom names the first age of a bucket: 31 after 30 days, 1y after one
// year, 0 where nothing is before.
func bucketFrom(basis AgingBasis, previous, last Bound) string {
	switch {
	case previous.N == 0 && (basis != ByDue || last.Unit != BoundDays):
		return "0"
	case previous.Unit != BoundDays:
		return previous.String()
	}
	return strconv.Itoa(previous.N + 1)
}

// bucketOf returns the index of the one bucket that holds what counts from a
// date, at D.
func bucketOf(buckets []Bucket, base, d ledger.Date) int {
	for i := range buckets {
		if buckets[i].Open || !buckets[i].Last.reached(base, d) {
			return i
		}
	}
	panic("analysis: the last bucket is not open-ended")
}

// dayLimits returns the last ages of all buckets but the open-ended one, where
// all bounds are days; else nil.
func dayLimits(buckets []Bucket) []ledger.Date {
	limits := make([]ledger.Date, 0, len(buckets))
	for _, b := range buckets {
		switch {
		case b.Open:
		case b.Last.Unit != BoundDays:
			return nil
		default:
			limits = append(limits, ledger.Date(b.Last.N))
		}
	}
	return limits
}

// bucketOf returns the index of the one bucket that holds what counts from a
// date, at D.
func (b *builder) bucketOf(base, d ledger.Date) int32 {
	if b.dayLimits == nil {
		return int32(bucketOf(b.buckets, base, d))
	}
	for i, limit := range b.dayLimits {
		if d-base <= limit {
			return int32(i)
		}
	}
	return int32(len(b.dayLimits))
}

// base returns the date from which a document's age counts.
func (r AgingRule) base(d *document) ledger.Date {
	switch r.Basis {
	case ByIssued:
		return d.issued
	case ByPosted:
		return d.posted
	}
	return d.due
}
