package ledger

import (
	"fmt"
	"math/big"
	"strings"
)

// Ratio is an exact fraction: a rate, a margin, a share (1 is 100 %). The zero
// value means "not given"; a given zero has the denominator 1.
type Ratio struct {
	Num int64
	Den int64 // positive where the ratio is given
}

// Given reports whether the ratio was stated.
func (r Ratio) Given() bool { return r.Den > 0 }

// Rat returns the fraction as a big.Rat; nil where it is not given.
func (r Ratio) Rat() *big.Rat {
	if !r.Given() {
		return nil
	}
	return big.NewRat(r.Num, r.Den)
}

// String writes the ratio as an exact decimal where it has one with up to 12
// decimals, else as num/den. It writes "" where the ratio is not given.
func (r Ratio) String() string {
	if !r.Given() {
		return ""
	}
	rat := r.Rat()
	text := rat.FloatString(12)
	if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(rat) == 0 {
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return rat.String()
}

// MarshalText writes what String returns.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Ratio) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = Ratio{}
		return nil
	}
	if num, den, ok := strings.Cut(string(text), "/"); ok {
		rat, good := new(big.Rat).SetString(num + "/" + den)
		if !good || !rat.Num().IsInt64() || !rat.Denom().IsInt64() {
			return fmt.Errorf("%q is not a ratio", text)
		}
		*r = Ratio{rat.Num().Int64(), rat.Denom().Int64()}
		return nil
	}
	parsed, err := ParseRatio(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}

// ParseRatio reads an exact decimal with up to 15 significant digits and 12
// decimals, or a percentage: "0.06", "6%", "6.25 %", "-3%", full-width ％ and
// ‰ included. The result is in lowest terms, so equal ratios compare equal.
func ParseRatio(s string) (Ratio, error) {
	bad := fmt.Errorf("%q is not a rate (want 6%% or 0.06)", s)
	text := strings.TrimSpace(s)
	den := int64(1)
	for suffix, by := range map[string]int64{"%": 100, "％": 100, "‰": 1000} {
		if cut, ok := strings.CutSuffix(text, suffix); ok {
			text, den = strings.TrimSpace(cut), by
		}
	}
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	whole, fraction, _ := strings.Cut(text, ".")
	fraction = strings.TrimRight(fraction, "0")
	if whole+fraction == "" && !strings.Contains(text, "0") || len(fraction) > 12 || len(strings.TrimLeft(whole, "0"))+len(fraction) > 15 {
		return Ratio{}, bad
	}
	num := int64(0)
	for _, c := range []byte(whole + fraction) {
		if c < '0' || c > '9' {
			return Ratio{}, bad
		}
		num = num*10 + int64(c-'0')
	}
	for range fraction {
		den *= 10
	}
	if negative {
		num = -num
	}
	rat := big.NewRat(num, den)
	return Ratio{rat.Num().Int64(), rat.Denom().Int64()}, nil
}
