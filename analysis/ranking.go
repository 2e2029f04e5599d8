package analysis

import (
	"cmp"
	"iter"
	"slices"

	"duepack/analysis/ledger"
)

// belongs reports whether a detail row counts in a subject.
func (v *view) belongs(s *Subject, o *Owner) bool {
	switch s.Level {
	case CurrencyLevel:
		return int(o.Currency) == s.Currency
	case RegionLevel:
		return &v.Regions[o.Region] == s
	case RepLevel:
		return &v.Reps[o.Rep] == s
	case CustomerLevel:
		return &v.Customers[o.Customer] == s
	}
	return true
}

// openOf walks through what is open of a subject, in the order of the detail.
func (v *view) openOf(s *Subject) iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		if s.Level == RepLevel { // there are many reps: each looks at its own only
			for _, item := range v.byRep[v.repIndex(s)] {
				if !yield(item) {
					return
				}
			}
			return
		}
		for i := range v.Detail.Open {
			if item := &v.Detail.Open[i]; v.belongs(s, &item.Owner) && !yield(item) {
				return
			}
		}
	}
}

// repIndex is the place of a rep in the pack.
func (v *view) repIndex(s *Subject) int {
	return slices.IndexFunc(v.Reps, func(r Subject) bool { return r.ID == s.ID })
}

// byValue returns the subjects that keep reports true for, the largest value
// first, equal ones by id.
func byValue(list []Subject, value func(*Subject) ledger.Minor) []*Subject {
	var order []*Subject
	for i := range list {
		if value(&list[i]) != 0 {
			order = append(order, &list[i])
		}
	}
	return largestFirst(order, value)
}

// largestFirst sorts a list by a value, the largest first, equal ones as they
// stood. It sorts numbers of value and place: to move what holds pointers, a
// stable sort does so often, costs several times as much.
func largestFirst[T any](list []T, value func(T) ledger.Minor) []T {
	type place struct {
		value ledger.Minor
		at    int
	}
	places := make([]place, len(list))
	for i, x := range list {
		places[i] = place{value(x), i}
	}
	slices.SortFunc(places, func(x, y place) int { return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(x.at, y.at)) })
	sorted := make([]T, len(list))
	for i, p := range places {
		sorted[i] = list[p.at]
	}
	return sorted
}

// topBy returns the first n of what largestFirst gives and says how many it
// leaves out. It keeps no more than n in order: a rep has thousands of documents.
func topBy[T any](list []T, n int, value func(T) ledger.Minor) (first []T, more int) {
	first = make([]T, 0, min(n, len(list)))
	for _, x := range list {
		if len(first) == n {
			if n == 0 || value(x) <= value(first[n-1]) {
				continue
			}
			first = first[:n-1]
		}
		at, _ := slices.BinarySearchFunc(first, value(x), func(y T, v ledger.Minor) int {
			if value(y) >= v { // it stood before
				return -1
			}
			return 1
		})
		first = slices.Insert(first, at, x)
	}
	return first, len(list) - len(first)
}

func amountOf(id FigureID) func(*Subject) ledger.Minor {
	return func(s *Subject) ledger.Minor { return s.Values[id].Minor }
}

// top cuts a list to what readers use and says how many are left out.
func top[T any](list []T, n int) (cut []T, more int) {
	if len(list) <= n {
		return list, 0
	}
	return list[:n], len(list) - n
}

func (v *view) customerIndex(s *Subject) int {
	i, _ := slices.BinarySearchFunc(v.Customers, s.ID, func(c Subject, id string) int { return cmp.Compare(c.ID, id) })
	return i
}

// ends cuts a list to its beginning and its end, twice as many of the first, and
// says how many between them are left out.
func ends[T any](list []T, n int) (cut []T, more int) {
	if len(list) <= n {
		return list, 0
	}
	return slices.Concat(list[:n-n/3], list[len(list)-n/3:]), len(list) - n
}
