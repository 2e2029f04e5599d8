package ingest

import (
	"math/big"
	"strings"
	"testing"

	"duepack/analysis/ledger"
)

// Each case states what a person reads in the text, in minor units.
func TestAmountsAreReadAsAPersonReadsThem(t *testing.T) {
	for _, c := range []struct {
		text     string
		in       style
		exponent int
		want     ledger.Minor
	}{
		{"1,234.50", anyStyle, 2, 123450},
		{"1.234,50", anyStyle, 2, 123450},
		{"1 234,50", anyStyle, 2, 123450},
		{"12\u00a0345,67", anyStyle, 2, 1234567},
		{"12\u202f345,67", anyStyle, 2, 1234567},
		{"1'234.50", anyStyle, 2, 123450},
		{"1’234.50", anyStyle, 2, 123450},
		{"12,34,567.89", anyStyle, 2, 123456789},
		{"1,234,567", anyStyle, 2, 123456700},
		{"1.234.567", anyStyle, 2, 123456700},
		{"1.234", pointDecimal, 3, 1234},
		{"1.234", commaDecimal, 2, 123400},
		{"1,234", pointDecimal, 2, 123400},
		{"1,234", commaDecimal, 3, 1234},
		{"1,234", anyStyle, 2, 123400},
		{"0,125", anyStyle, 3, 125},
		{"(1,234.50)", anyStyle, 2, -123450},
		{"（1,234.50）", anyStyle, 2, -123450},
		{"($1,234.50)", anyStyle, 2, -123450},
		{"$(1,234.50)", anyStyle, 2, -123450},
		{"-1234.5", anyStyle, 2, -123450},
		{"1234.50-", anyStyle, 2, -123450},
		{"−1234.50", anyStyle, 2, -123450},
		{"－１２３４．５０", anyStyle, 2, -123450},
		{"￥1,234.50", anyStyle, 2, 123450},
		{"¥ -1,234.50", anyStyle, 2, -123450},
		{"-¥1,234.50", anyStyle, 2, -123450},
		{"1234.50元", anyStyle, 2, 123450},
		{"人民币1,234.50元", anyStyle, 2, 123450},
		{"RMB 1234.50", anyStyle, 2, 123450},
		{"USD1,234.50", anyStyle, 2, 123450},
		{"1.234,50 EUR", anyStyle, 2, 123450},
		{"CRC 1234.50", anyStyle, 2, 123450},
		{"1234.50 CR", anyStyle, 2, -123450},
		{"1,234.50Cr.", anyStyle, 2, -123450},
		{"1234.50 DR", anyStyle, 2, 123450},
		{"DR 1234.50", anyStyle, 2, 123450},
		{"贷 1234.50", anyStyle, 2, -123450},
		{"+12", anyStyle, 2, 1200},
		{".5", anyStyle, 2, 50},
		{"-.5", anyStyle, 2, -50},
		{"12.", anyStyle, 2, 1200},
		{"0", anyStyle, 0, 0},
		{"1500", anyStyle, 0, 1500},
		{"1.25", anyStyle, 3, 1250},
		{"1E-3", pointDecimal, 3, 1},
		{"1.5E3", pointDecimal, 2, 150000},
		{"1.2345600000000001E8", pointDecimal, 2, 12345600000},
		{"6452.0799999999999", pointDecimal, 2, 645208},
		{"0.30000000000000004", pointDecimal, 2, 30},
		{"2184.2800000000002", pointDecimal, 2, 218428},
	} {
		p, ok := parseAmount(c.text, c.in)
		m, moved, inRange := p.value.minor(c.exponent)
		if !ok || !inRange || m != c.want || moved {
			t.Errorf("%q is %d (moved %t, %t %t), want %d", c.text, m, moved, ok, inRange, c.want)
		}
	}
}

func TestWhatIsNoAmountIsRefused(t *testing.T) {
	for _, text := range []string{
		"12,3x", "abc", "1.2.3", "1,2,3", "1,23.4.5", "12 34", "1,234.567,00", "--5", "(5", "5)", "(-5)", "CR", "DR", "USD", "元", "￥", "$", "()", "#N/A",
		"1/2", "2026-04-08", "10%", "1e", "1E400", "NaN", "Inf", "0x10", "1_000", ",", ".", "٣", "5 元 5", "(5.00) CR", "-5 CR", "5.00- Cr", "贷 -5",
	} {
		if p, ok := parseAmount(text, anyStyle); ok && !p.empty {
			t.Errorf("%q was read as %v", text, p.value)
		}
	}
}

func TestADashIsNoAmountAndNoError(t *testing.T) {
	for _, text := range []string{"-", "–", "—", " - ", "－", "--", ""} {
		if p, ok := parseAmount(text, anyStyle); !ok || !p.empty {
			t.Errorf("%q: empty %t, ok %t", text, p.empty, ok)
		}
	}
}

func TestOneSeparatorBeforeThreeDigitsIsAmbiguous(t *testing.T) {
	for text, want := range map[string]byte{"1.234": '.', "12,345": ',', "123.456": '.', "1234.567": 0, "0.123": 0, "1.23": 0, "1,234.5": 0, "-1.234": '.'} {
		if p, ok := parseAmount(text, anyStyle); !ok || p.ambiguous != want {
			t.Errorf("%q: ambiguous %q, want %q (%t)", text, p.ambiguous, want, ok)
		}
	}
}

func TestTheOtherDecimalSeparatorIsRefusedInADecidedColumn(t *testing.T) {
	for text, in := range map[string]style{"1,23": pointDecimal, "1.234,50": pointDecimal, "1.23": commaDecimal, "1,234.50": commaDecimal} {
		if p, ok := parseAmount(text, in); ok {
			t.Errorf("%q in style %d was read as %v", text, in, p.value)
		}
	}
}

// Rules §1: half away from zero; the note where it moved more than 1e-6 of a unit.
func TestRoundingIsHalfAwayFromZeroAndSaidAboveAMillionth(t *testing.T) {
	for _, c := range []struct {
		text     string
		exponent int
		want     ledger.Minor
		moved    bool
	}{
		{"0.125", 2, 13, true}, {"-0.125", 2, -13, true}, {"0.124", 2, 12, true}, {"2.5", 0, 3, true}, {"-2.5", 0, -3, true}, {"0.0005", 3, 1, true},
		{"0.010001", 2, 1, false},  // exactly 1e-6 is not more than 1e-6
		{"0.0100011", 2, 1, true},  // 1.1e-6 is
		{"0.0100009", 2, 1, false}, // 0.9e-6
		{"0.00999999", 2, 1, false},
		{"1234.567890123456", 2, 123457, true},
		{"100.00000000000001", 2, 10000, false},
		{"99.999999999999986", 2, 10000, false},
	} {
		p, ok := parseAmount(c.text, pointDecimal)
		m, moved, inRange := p.value.minor(c.exponent)
		if !ok || !inRange || m != c.want || moved != c.moved {
			t.Errorf("%q is %d, moved %t; want %d, %t", c.text, m, moved, c.want, c.moved)
		}
	}
}

func TestAnAmountBeyondTheRangeIsNotWrapped(t *testing.T) {
	for _, text := range []string{"99999999999999999.99", "100000000000000000", "-100000000000000000", "1E18", "1E300", "999999999999999999999"} {
		p, ok := parseAmount(text, pointDecimal)
		if m, _, inRange := p.value.minor(2); ok && inRange {
			t.Errorf("%q became %d", text, m)
		}
	}
	p, ok := parseAmount("9999999999999999.99", pointDecimal)
	if m, _, inRange := p.value.minor(2); !ok || !inRange || m != 999999999999999999 {
		t.Errorf("16 digits before the point: %d, %t, %t", m, ok, inRange)
	}
}

func TestTheCurrencyOfASignIsTakenOnlyWhereItProvesOne(t *testing.T) {
	for text, want := range map[string]string{"€5": "EUR", "5 £": "GBP", "US$ 5": "USD", "HK$5": "HKD", "$5": "", "￥5": "", "RMB5": "CNY", "5 JPY": "JPY", "5元": ""} {
		if p, ok := parseAmount(text, anyStyle); !ok || p.currency != want {
			t.Errorf("%q: currency %q, want %q (%t)", text, p.currency, want, ok)
		}
	}
}

// A text that is accepted has a value of its digits and separators only, and
// changing the sign of the text changes the sign of the value.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.50", "1.234,50", "(5)", "５．５", "1E-3", "￥1", "5 CR", "", "-", "9223372036854775807", "0.00000000000000000001", "1'000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, in := range []style{anyStyle, pointDecimal, commaDecimal} {
			p, ok := parseAmount(text, in)
			if !ok || p.empty {
				continue
			}
			if !strings.ContainsFunc(narrow(text), func(r rune) bool { return r >= '0' && r <= '9' }) {
				t.Errorf("%q has no digit and is %v", text, p.value)
			}
			for _, exponent := range []int{0, 2, 3} {
				m, moved, inRange := p.value.minor(exponent)
				if inRange && !moved {
					// Within 1e-6 of a unit: |m ÷ 10^e − c ÷ 10^s| ≤ 1e-6.
					exact := new(big.Rat).SetFrac(big.NewInt(p.value.coefficient), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(p.value.scale)), nil))
					exact.Sub(exact, new(big.Rat).SetFrac(big.NewInt(int64(m)), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil)))
					if exact.Abs(exact).Cmp(big.NewRat(1, 1_000_000)) > 0 {
						t.Errorf("%q: %d with exponent %d is off by %s", text, m, exponent, exact.FloatString(9))
					}
				}
			}
		}
		if p, _, ok := plainNumber(text); ok { // the short way must agree with the full parser
			full, fine := parseDigits(strings.TrimPrefix(text, "-"), pointDecimal, &parsed{})
			if strings.HasPrefix(text, "-") {
				full.coefficient = -full.coefficient
			}
			if !fine || full.coefficient != p.coefficient || full.scale != p.scale {
				t.Errorf("%q: %v by the short way, %v by the full one", text, p, full)
			}
		}
	})
}

// The short way looks at eight characters at once: every length with every number of
// decimals, and with every character spoilt, is held against exact arithmetic.
func TestPlainNumbersAreReadExactly(t *testing.T) {
	const digits = "9876543210123"
	check := func(text string) {
		whole, decimals, pointed := strings.Cut(strings.TrimPrefix(text, "-"), ".")
		isPlain := whole != "" && strings.Trim(whole+decimals, "0123456789") == "" && pointed == (decimals != "") && !(len(decimals) == 3 && len(whole) <= 3)
		d, point, ok := plainNumber(text)
		if ok != isPlain {
			t.Fatalf("%q: plain is %t, want %t", text, ok, isPlain)
		}
		if !ok {
			return
		}
		want, _ := new(big.Rat).SetString(text)
		got := new(big.Rat).SetFrac(big.NewInt(d.coefficient), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.scale)), nil))
		if got.Cmp(want) != 0 || point != pointed || d.scale != len(decimals) {
			t.Fatalf("%q is read as %v, point %t", text, d, point)
		}
	}
	for whole := range 13 {
		for decimals := range 5 {
			for _, sign := range []string{"", "-"} {
				for _, point := range []string{"", "."} {
					text := sign + digits[:whole] + point + digits[whole-whole/2:][:decimals]
					check(text)
					for i := range text {
						for _, c := range []string{"/", ":", "-", ".", " ", "x", "\x00", "\x80", "\xb0", "\xff", ""} { // next to digits in the table of characters, or a digit but for one bit
							check(text[:i] + c + text[i+1:])
						}
					}
				}
			}
		}
	}
}
