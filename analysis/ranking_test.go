package analysis

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis/ledger"
)

func TestLargestComesFirstAndEqualOnesStayInOrder(t *testing.T) {
	type row struct {
		name   string
		amount ledger.Minor
	}
	list := []row{{"a", 5}, {"b", -1 << 62}, {"c", 7}, {"d", 5}, {"e", 1 << 62}, {"f", 7}, {"g", 5}}
	given := slices.Clone(list)
	names := ""
	for _, r := range largestFirst(list, func(r row) ledger.Minor { return r.amount }) {
		names += r.name
	}
	if names != "ecfadgb" {
		t.Errorf("the order is %s, want ecfadgb", names)
	}
	if !slices.Equal(list, given) {
		t.Error("the list that was given has changed")
	}
}

func TestTheTopOfAListIsTheBeginningOfTheWholeOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			amount ledger.Minor
			at     int
		}
		var list []row
		for at, amount := range rapid.SliceOf(rapid.Int64Range(-3, 3)).Draw(t, "amounts") {
			list = append(list, row{ledger.Minor(amount), at})
		}
		n, amount := rapid.IntRange(0, 9).Draw(t, "n"), func(r row) ledger.Minor { return r.amount }
		want, left := top(largestFirst(list, amount), n)
		got, more := topBy(list, n, amount)
		if !slices.Equal(got, want) || more != left {
			t.Fatalf("%v and %d more, want %v and %d", got, more, want, left)
		}
	})
}
