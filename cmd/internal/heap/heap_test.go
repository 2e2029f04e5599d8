package heap

import "testing"

func TestHeapMayGrowToTheTargetAndAlwaysByTheLeast(t *testing.T) {
	for _, c := range []struct {
		live uint64
		want int
	}{
		{160 << 20, 100}, // to twice 160 MB, the target
		{80 << 20, 300},
		{300 << 20, 30}, // the target is near
		{320 << 20, 30},
		{4 << 30, 30},
		{0, 8000}, // from the smallest heap
	} {
		if got := percent(c.live); got != c.want {
			t.Errorf("with %d MB in use the heap may grow by %d %%, want %d", c.live>>20, got, c.want)
		}
	}
}
