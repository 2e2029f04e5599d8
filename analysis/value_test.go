package analysis

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestFractionIsThatOfBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		num := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-60, 60)).Draw(t, "num")
		den := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-60, 60)).Filter(func(n int64) bool { return n != 0 }).Draw(t, "den")
		want := new(big.Rat).SetFrac(big.NewInt(num), big.NewInt(den))
		got := quotient(Share, new(big.Rat).SetInt64(num), new(big.Rat).SetInt64(den), NoSales).Ratio
		if got.Cmp(want) != 0 || got.String() != want.String() {
			t.Fatalf("%d ÷ %d is %s, want %s", num, den, got, want)
		}
		if sum := new(big.Rat).Add(got, big.NewRat(1, 7)); sum.Cmp(new(big.Rat).Add(want, big.NewRat(1, 7))) != 0 {
			t.Fatalf("%s + 1/7 is %s", got, sum)
		}
	})
}
