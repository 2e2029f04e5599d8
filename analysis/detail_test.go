package analysis

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Rows stand in the order of lots, whichever is done first and however wrong
// the guess of their number was.
func TestDetailStandsInTheOrderOfLots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "lots")
		lots := make([]lot, n)
		var want []string
		rows := make([]*Detail, n)
		c := newCollector(lots)
		for i := range lots {
			lots[i].entries = rapid.IntRange(1, 100).Draw(t, "entries")
			rows[i] = c.take()
			for j := range rapid.IntRange(0, 40).Draw(t, "rows") {
				id := fmt.Sprintf("%d/%d", i, j)
				rows[i].Costs = append(rows[i].Costs, Cost{ID: id})
				want = append(want, id)
			}
		}
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for _, i := range rapid.Permutation(order).Draw(t, "done") {
			c.give(i, rows[i])
		}
		var got []string
		for _, cost := range c.detail.Costs {
			got = append(got, cost.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("rows %v, want %v", got, want)
		}
		if spare := c.take(); len(spare.Costs) != 0 {
			t.Fatalf("memory that is taken again has %d rows", len(spare.Costs))
		}
	})
}
