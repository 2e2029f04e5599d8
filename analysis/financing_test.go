package analysis

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis/ledger"
)

func TestAmountTimesDaysIsExactOrOutOfRange(t *testing.T) {
	number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1<<32, 1<<32), rapid.SampledFrom([]int64{0, 1, -1, 2, -2, 1 << 31, 1 << 62, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}))
	most := big.NewInt(math.MaxInt64)
	rapid.Check(t, func(t *rapid.T) {
		m, days := number.Draw(t, "amount"), number.Draw(t, "days")
		exact := new(big.Int).Mul(big.NewInt(m), big.NewInt(days))
		fits := exact.CmpAbs(most) <= 0
		got, ok := times(ledger.Minor(m), days)
		if ok != fits || ok && exact.Cmp(big.NewInt(int64(got))) != 0 || !ok && got != 0 {
			t.Fatalf("%d × %d is %d (%t), want %s", m, days, got, ok, exact)
		}
	})
}

// "Of an even number the mean of the middle two, half a day rounded away from
// zero" (Habit).
func TestTheMiddleOfTwoNumbersOfDaysIsRoundedAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		a, b int32
		want int
	}{{3, 3, 3}, {3, 4, 4}, {-3, -4, -4}, {-1, 2, 1}, {-2, 1, -1}, {-3, 3, 0}, {0, 1, 1}, {0, -1, -1}, {math.MaxInt32, math.MaxInt32, math.MaxInt32}} {
		if got := middle(c.a, c.b); got != c.want {
			t.Errorf("between %d and %d is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
