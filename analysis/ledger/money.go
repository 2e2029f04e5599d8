package ledger

import (
	"errors"
	"math/bits"
)

// Minor is an amount of money as a whole number of minor units of its own
// currency (rules §1): 12.50 CNY is 1250, 12 JPY is 12, 1.250 KWD is 1250.
type Minor int64

// ErrOverflow says that an amount left the range of ±9.2 × 10^18 minor units.
var ErrOverflow = errors.New("amount out of range: more than 9.2e18 minor units")

// Add returns a + b, or false where the sum overflows.
func (a Minor) Add(b Minor) (Minor, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

// Abs returns the absolute value. It panics on the one value that has none,
// which no reader lets through.
func (a Minor) Abs() Minor {
	if a >= 0 {
		return a
	}
	if a == -1<<63 {
		panic("ledger: absolute value of the smallest amount")
	}
	return -a
}

// Decimal writes the amount with the currency's number of decimals and a
// leading minus: -1250 with exponent 2 is "-12.50".
func (a Minor) Decimal(exponent int) string {
	return string(a.AppendDecimal(nil, exponent))
}

// AppendDecimal appends what Decimal returns.
func (a Minor) AppendDecimal(dst []byte, exponent int) []byte {
	magnitude := uint64(a)
	if a < 0 {
		dst = append(dst, '-')
		magnitude = -magnitude
	}
	switch exponent { // nearly all currencies
	case 0:
		return appendDigits(dst, magnitude)
	case 2:
		cents := 2 * (magnitude % 100)
		return append(appendDigits(dst, magnitude/100), '.', pairs[cents], pairs[cents+1])
	}
	start := len(dst)
	dst = appendDigits(dst, magnitude)
	if exponent <= 0 {
		return dst
	}
	for len(dst)-start <= exponent { // at least one digit before the point
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	point := len(dst) - exponent
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}

// pairs are the numbers of two digits.
const pairs = "00010203040506070809101112131415161718192021222324" +
	"25262728293031323334353637383940414243444546474849" +
	"50515253545556575859606162636465666768697071727374" +
	"75767778798081828384858687888990919293949596979899"

// appendDigits appends a number, two digits at a time and straight to where they
// belong: half the time of strconv.AppendUint, and a workbook has millions.
func appendDigits(dst []byte, n uint64) []byte {
	if n >= 10_000 {
		dst = appendDigits(dst, n/10_000)
		n %= 10_000
		high, low := 2*(n/100), 2*(n%100)
		return append(dst, pairs[high], pairs[high+1], pairs[low], pairs[low+1])
	}
	high, low := 2*(n/100), 2*(n%100)
	switch {
	case n >= 1000:
		return append(dst, pairs[high], pairs[high+1], pairs[low], pairs[low+1])
	case n >= 100:
		return append(dst, pairs[high+1], pairs[low], pairs[low+1])
	case n >= 10:
		return append(dst, pairs[low], pairs[low+1])
	}
	return append(dst, pairs[low+1])
}

// MulDiv returns a × num ÷ den rounded half away from zero to a whole minor
// unit (rules §1), computed in 128 bits. It reports false where the result
// overflows or den is not positive.
func (a Minor) MulDiv(num, den int64) (Minor, bool) {
	if den <= 0 {
		return 0, false
	}
	negative := (a < 0) != (num < 0)
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(num))
	return divRound(hi, lo, uint64(den), negative)
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// divRound divides the 128-bit hi:lo by den, half away from zero.
func divRound(hi, lo, den uint64, negative bool) (Minor, bool) {
	if hi >= den {
		return 0, false
	}
	quo, rem := bits.Div64(hi, lo, den)
	if rem >= den-rem {
		quo++
	}
	if quo > 1<<63-1 {
		return 0, false
	}
	if negative {
		return -Minor(quo), true
	}
	return Minor(quo), true
}

// Exponent returns the number of decimals of an ISO 4217 currency code, and
// whether the code is one.
func Exponent(code string) (int, bool) {
	if len(code) != 3 {
		return 0, false
	}
	if e, ok := oddExponents[code]; ok {
		return e, true
	}
	_, ok := twoDecimals[code]
	return 2, ok
}

// oddExponents lists the active ISO 4217 codes whose exponent is not 2.
var oddExponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
	"PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// twoDecimals lists the active ISO 4217 codes with two decimals.
var twoDecimals = codeSet(
	"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD " +
		"CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS " +
		"GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL " +
		"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK " +
		"PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS " +
		"TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG")

func codeSet(codes string) map[string]struct{} {
	set := make(map[string]struct{}, len(codes)/4+1)
	for i := 0; i+3 <= len(codes); i += 4 {
		set[codes[i:i+3]] = struct{}{}
	}
	return set
}
