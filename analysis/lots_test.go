package analysis_test

import (
	"reflect"
	"runtime"
	"testing"

	"duepack/analysis"
)

// A book of several lots, sorted by the ids of customers, is the same pack on
// one processor and on many.
func TestProcessorsDoNotChangeAPack(t *testing.T) {
	l, opt := bigBook(60_000), settings("2026-10-01", "2026-10-31")
	opt.HistoryMonths = 12
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var packs []*analysis.Pack
	for _, processors := range []int{1, 7} {
		runtime.GOMAXPROCS(processors)
		p, err := analysis.Build(l, opt)
		if err != nil {
			t.Fatal(err)
		}
		packs = append(packs, p)
	}
	if !reflect.DeepEqual(packs[0], packs[1]) {
		t.Error("seven processors make another pack than one")
	}
	for _, items := range [][]analysis.Item{packs[0].Detail.Open, packs[0].Detail.Opening} {
		for i := 1; i < len(items); i++ {
			if items[i].Customer < items[i-1].Customer {
				t.Fatalf("%s of customer %d stands behind customer %d", items[i].ID, items[i].Customer, items[i-1].Customer)
			}
		}
	}
}
