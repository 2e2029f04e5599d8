package heap

import "testing"

func TestHeapMayGrowToTheTargetAndAlwaysByTheLeast(t *testing.T) {
	for _, c := range []struct {
		live uint64
		want int
	}{
		{120 << 20, 100}, // to twice 120 MB, the target
		{60 << 20, 300},
		{200 << 20, 30}, // the target is near
		{240 << 20, 30},
		{4 << 30, 30},
		{0, 6000}, // from the smallest heap
	} {
		if got := percent(c.live, whileReading); got != c.want {
			t.Errorf("with %d MB in use the heap may grow by %d %%, want %d", c.live>>20, got, c.want)
		}
	}
}
