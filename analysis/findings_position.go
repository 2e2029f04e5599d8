package analysis

import (
	"strconv"

	"duepack/analysis/ledger"
)

var (
	nothingOpen      = finding("finding.summary.nothing", 1)
	inCredit         = finding("finding.summary.credit", 1)
	evenTitle        = finding("finding.summary.even", 0)
	noneOverdue      = finding("finding.summary.none", 1)
	overdueCovered   = finding("finding.summary.covered", 1)
	allOverdue       = finding("finding.summary.all", 1)
	asMuchOverdue    = finding("finding.summary.as_much", 1)
	moreThanOwed     = finding("finding.summary.more", 2)
	partOverdue      = finding("finding.summary.share", 2)
	overdueShareWas  = directions("finding.share_was", 2, 1)
	largestBucket    = finding("finding.bucket.largest", 3)
	largestBuckets   = finding("finding.bucket.tie", 2)
	onlyBucket       = finding("finding.bucket.only", 2)
	oldestOverdue    = finding("finding.aging.oldest_due", 3)
	oldestAmountDue  = finding("finding.aging.oldest_due_plain", 2)
	allOldDue        = finding("finding.aging.all_due", 2)
	allOld           = finding("finding.aging.all_issued", 2)
	noneOldDue       = finding("finding.aging.none_due", 1)
	oldestOlder      = finding("finding.aging.oldest_issued", 3)
	oldestAmount     = finding("finding.aging.oldest_issued_plain", 2)
	noneOld          = finding("finding.aging.none_issued", 1)
	alsoOverdue      = finding("finding.aging.overdue", 1)
	shareTrend       = directions("finding.trend.share", 3, 2)
	overdueTrend     = directions("finding.trend.amount", 3, 2)
	neverOverdue     = finding("finding.trend.none", 1)
	nobodyOverdue    = finding("finding.overdue.none", 1)
	oneOverdue       = finding("finding.overdue.one", 2)
	fewOverdue       = finding("finding.overdue.few", 2)
	tenOverdue       = finding("finding.overdue.ten", 3)
	tenOverdueAmount = finding("finding.overdue.ten_plain", 3)
	mostOverdue      = largestOf("finding.most_overdue")
)

// anythingOpen reports whether the book has an open document or credit on
// account at the as-of date.
func (v *view) anythingOpen() bool {
	for i := range v.Detail.Open {
		if v.Detail.Open[i].Open != 0 {
			return true
		}
	}
	return false
}

// anyOverdue reports whether a document is past due.
func (v *view) anyOverdue() bool {
	for _, days := range v.oldest {
		if days > 0 {
			return true
		}
	}
	return false
}

// onlyOverdue reports whether nothing but documents past due is open.
func (v *view) onlyOverdue() bool {
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open < 0 || item.Open > 0 && !item.PastDue {
			return false
		}
	}
	return true
}

// summaryTitle says how much of what is owed is overdue, and whether that is
// more than a month ago.
func (v *view) summaryTitle() *Note {
	owed, overdue := v.Company.Values[Balance].Minor, v.Company.Values[Overdue].Minor
	switch {
	case !v.anythingOpen():
		return nothingOpen.note(Cell{Date: v.AsOf})
	case owed < 0:
		return inCredit.note(v.money(-owed))
	case owed == 0:
		return evenTitle.note()
	case overdue <= 0 && v.anyOverdue():
		return overdueCovered.note(v.money(owed))
	case overdue <= 0:
		return noneOverdue.note(v.money(owed))
	case overdue > owed:
		return moreThanOwed.note(v.money(overdue), v.money(owed))
	case overdue == owed && v.onlyOverdue():
		return allOverdue.note(v.money(owed))
	case overdue == owed:
		return asMuchOverdue.note(v.money(overdue))
	}
	share := v.overdueShare(overdue, owed)
	return partOverdue.note(v.money(overdue), share).then(v.overdueShareWas(*share.Value))
}

// overdueShareWas is the clause that compares the overdue share with that of the
// month-end before.
func (v *view) overdueShareWas(now Value) *Note {
	before := v.before()
	if before == nil {
		return nil
	}
	was := v.overdueShare(before.Values[Overdue].Minor, before.Values[Balance].Minor)
	if was.Value.IsAbsent() {
		return nil
	}
	direction := moved(was.Value.Ratio, now.Ratio, perMille)
	if direction == 0 {
		return overdueShareWas.same.note(v.monthBefore())
	}
	return overdueShareWas.of(direction).note(was, v.monthBefore())
}

// bucketTitle says which bucket holds most, for the chart of one subject's
// buckets.
func (v *view) bucketTitle(s *Subject) *Note {
	most, ties, positive, sum := 0, 0, 0, ledger.Minor(0)
	shares := true
	for i, m := range s.Aging {
		sum += m
		shares = shares && m >= 0
		if m > 0 {
			positive++
		}
		switch {
		case m > s.Aging[most]:
			most, ties = i, 1
		case m == s.Aging[most]:
			ties++
		}
	}
	amount := s.Aging[most]
	if s.Level == CompanyLevel && !v.anythingOpen() {
		return nothingOpen.note(Cell{Date: v.AsOf})
	}
	switch bucket := (Cell{Bucket: v.Buckets[most].ID}); {
	case amount <= 0 || !shares:
		return nil
	case positive == 1:
		return onlyBucket.note(bucket, v.money(amount))
	case ties > 1:
		return largestBuckets.note(v.count(ties), v.money(amount))
	default:
		return largestBucket.note(bucket, v.money(amount), v.ratio(Share, amount, sum))
	}
}

// boundCell writes the limit of a bucket with its unit: 120 days, 1 year.
func boundCell(b Bound) Cell {
	key := [...]string{"bound.day", "bound.month", "bound.year"}[b.Unit]
	if b.N != 1 {
		key += "s"
	}
	return Cell{Key: key, Text: strconv.Itoa(b.N)}
}

// agingTitle says how much stands in the oldest bucket and who holds it.
func (v *view) agingTitle() *Note {
	if !v.anythingOpen() {
		return nothingOpen.note(Cell{Date: v.AsOf})
	}
	last := len(v.Buckets) - 1
	if v.Buckets[last].First.N == 0 {
		return v.summaryTitle() // the oldest bucket is what is overdue
	}
	amount, sum, limit := v.Company.Aging[last], inBuckets(&v.Company), boundCell(v.Buckets[last].First)
	share, plain, all, none := oldestOverdue, oldestAmountDue, allOldDue, noneOldDue
	if v.Aging.Basis != ByDue {
		share, plain, all, none = oldestOlder, oldestAmount, allOld, noneOld
	}
	old := func(s *Subject) ledger.Minor { return s.Aging[last] }
	switch {
	case amount < 0 || amount == 0 && v.anyInBucket(last):
		return nil // credit hides what is old
	case amount == 0:
		n := none.note(limit)
		if overdue := v.Company.Values[Overdue].Minor; overdue > 0 {
			n.then(alsoOverdue.note(v.money(overdue)))
		}
		return n
	case amount == sum && v.onlyInBucket(last):
		return all.note(v.money(amount), limit).then(v.heldBy(old))
	case amount > sum:
		return plain.note(v.money(amount), limit).then(v.heldBy(old))
	}
	return share.note(v.money(amount), v.ratio(Share, amount, sum), limit).then(v.heldBy(old))
}

// onlyInBucket reports whether all other buckets are empty.
func (v *view) onlyInBucket(bucket int) bool {
	for i, m := range v.Company.Aging {
		if i != bucket && m != 0 {
			return false
		}
	}
	return true
}

// anyInBucket reports whether an open document stands in a bucket.
func (v *view) anyInBucket(bucket int) bool {
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 && int(item.Bucket) == bucket {
			return true
		}
	}
	return false
}

// trendTitle says what became of the overdue share since the first of the
// month-ends shown, or of the overdue amount where a share means nothing.
func (v *view) trendTitle() *Note {
	first, last := &v.ends[0], &v.ends[len(v.ends)-1]
	share := func(s *Subject) Cell { return v.overdueShare(s.Values[Overdue].Minor, s.Values[Balance].Minor) }
	before, after := first.Company.Values[Overdue].Minor, last.Company.Values[Overdue].Minor
	if before == 0 && after == 0 {
		return neverOverdue.note(v.endLabel(first.Date))
	}
	was, is := share(&first.Company), share(&last.Company)
	since := v.endLabel(first.Date)
	if !was.Value.IsAbsent() && !is.Value.IsAbsent() {
		if direction := moved(was.Value.Ratio, is.Value.Ratio, perMille); direction != 0 {
			return shareTrend.of(direction).note(was, is, since)
		}
		return shareTrend.same.note(is, since)
	}
	if direction := after - before; direction != 0 {
		return overdueTrend.of(int(max(-1, min(1, direction)))).note(v.money(before), v.money(after), since)
	}
	return overdueTrend.same.note(v.money(after), since)
}

// overdueTitle says how few customers owe what is overdue.
func (v *view) overdueTitle(all []*Subject) *Note {
	if len(all) == 0 {
		if v.anyOverdue() {
			return nil // credit in the buckets past due covers it
		}
		return nobodyOverdue.note(Cell{Date: v.AsOf})
	}
	list, more := top(all, briefRows)
	sum := ledger.Minor(0)
	for _, s := range list {
		sum += s.Values[Overdue].Minor
	}
	overdue := v.Company.Values[Overdue].Minor
	switch {
	case len(all) == 1:
		return oneOverdue.note(subjectCell(all[0]), v.money(sum))
	case more == 0:
		return fewOverdue.note(v.count(len(all)), v.money(sum))
	case overdue < sum:
		return tenOverdueAmount.note(v.count(len(list)), v.count(len(all)), v.money(sum))
	}
	return tenOverdue.note(v.count(len(list)), v.count(len(all)), v.runningShare(sum))
}
