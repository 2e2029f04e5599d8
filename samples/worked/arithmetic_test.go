package worked_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// sum reads an expression as it is written on paper: numbers with thousands
// commas, per cent, + − × ÷ and brackets.
type sum struct {
	rest string
	err  error
}

// evaluate returns the exact value of an expression.
func evaluate(text string) (*big.Rat, error) {
	s := &sum{rest: strings.ReplaceAll(strings.ReplaceAll(text, " ", ""), ",", "")}
	s.rest = strings.TrimSpace(s.rest)
	v := s.terms()
	if s.err == nil && s.rest != "" {
		s.err = fmt.Errorf("cannot read %q", s.rest)
	}
	return v, s.err
}

// plainNumber removes what only makes a number readable.
func plainNumber(text string) string {
	return strings.NewReplacer(" ", "", ",", "", "−", "-", "\n", "").Replace(text)
}

func (s *sum) take(sign string) bool {
	rest, ok := strings.CutPrefix(s.rest, sign)
	s.rest = rest
	return ok
}

func (s *sum) terms() *big.Rat {
	v := s.factors()
	for {
		switch {
		case s.take("+"):
			v = new(big.Rat).Add(v, s.factors())
		case s.take("−"):
			v = new(big.Rat).Sub(v, s.factors())
		default:
			return v
		}
	}
}

func (s *sum) factors() *big.Rat {
	v := s.number()
	for {
		switch {
		case s.take("×"):
			v = new(big.Rat).Mul(v, s.number())
		case s.take("÷"):
			by := s.number()
			if by.Sign() == 0 {
				s.err = fmt.Errorf("division by zero before %q", s.rest)
				return v
			}
			v = new(big.Rat).Quo(v, by)
		default:
			return v
		}
	}
}

func (s *sum) number() *big.Rat {
	switch {
	case s.take("−"):
		return new(big.Rat).Neg(s.number())
	case s.take("("):
		v := s.terms()
		if !s.take(")") && s.err == nil {
			s.err = fmt.Errorf("a bracket is not closed before %q", s.rest)
		}
		return v
	}
	digits := s.rest[:len(s.rest)-len(strings.TrimLeft(s.rest, "0123456789."))]
	s.rest = s.rest[len(digits):]
	v, ok := new(big.Rat).SetString(digits)
	if !ok {
		if s.err == nil {
			s.err = fmt.Errorf("want a number before %q", s.rest)
		}
		return new(big.Rat)
	}
	if s.take("%") {
		v.Quo(v, big.NewRat(100, 1))
	}
	return v
}

// The checker itself: a wrong step must not pass.
func TestArithmeticOfAFileIsChecked(t *testing.T) {
	for text, want := range map[string]string{
		"2 + 3 × 4": "14", "(2 + 3) × 4": "20", "10 ÷ 4 − 1": "3/2", "1,234.50 − 0.50": "1234", "5 % ÷ 10 %": "1/2", "−3 + (1 − 2)": "-4", "100 ÷ 2 ÷ 5": "10",
	} {
		if v, err := evaluate(text); err != nil || v.RatString() != want {
			t.Errorf("%s = %v (%v), want %s", text, v, err, want)
		}
	}
	for _, text := range []string{"", "1 +", "(1 + 2", "1 ÷ 0", "1 + x", "1 2 )"} {
		if v, err := evaluate(text); err == nil {
			t.Errorf("%q was read as %v", text, v)
		}
	}
	third := big.NewRat(1, 3)
	for _, r := range []result{{text: "0.33", rounded: true, value: big.NewRat(33, 100)}, {text: "33.3%", rounded: true, value: big.NewRat(333, 1000)}} {
		if !r.is(third) || r.is(big.NewRat(34, 100)) {
			t.Errorf("a third and %s", r.text)
		}
	}
	if (result{text: "0.33", value: big.NewRat(33, 100)}).is(third) {
		t.Error("a third is not exactly 0.33")
	}
}
