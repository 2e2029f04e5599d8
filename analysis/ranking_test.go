package analysis

import (
	"slices"
	"testing"

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
