package ingest

import (
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
	"duepack/analysis/ledger/digit"
)

// decimal is an exact decimal number: coefficient ÷ 10^scale.
type decimal struct {
	coefficient int64
	scale       int
	// dust says that digits beyond the precision were cut; they are below
	// 1e-6 of a unit where dust is false.
	dust bool
}

// style says what separates decimals in a column of amounts.
type style uint8

// The styles of amounts.
const (
	anyStyle     style = iota // not decided: one separator before three digits is ambiguous
	pointDecimal              // 1,234.50
	commaDecimal              // 1.234,50
)

// parsed is what a text of an amount says.
type parsed struct {
	value decimal
	empty bool // a dash or nothing: no amount
	// ambiguous is the separator of a text such as "1.234" in an undecided
	// column, 0 otherwise. It is read as a point that separates decimals, and
	// as a comma that groups thousands.
	ambiguous byte
	shows     style // the style the text proves; anyStyle where it proves none
	currency  string
	side      int8 // +1 for DR or 借, −1 for CR or 贷; 0 where none is written
}

// currencySigns are the signs that amounts carry, and what they prove. ￥ and $
// stand for several currencies, so they prove none.
var currencySigns = []struct{ sign, code string }{
	{"人民币", "CNY"}, {"RMB", "CNY"}, {"CN¥", "CNY"}, {"US$", "USD"}, {"HK$", "HKD"}, {"NT$", "TWD"}, {"A$", "AUD"}, {"C$", "CAD"}, {"S$", "SGD"},
	{"€", "EUR"}, {"£", "GBP"}, {"₹", "INR"}, {"₩", "KRW"}, {"₽", "RUB"}, {"₪", "ILS"}, {"฿", "THB"}, {"₫", "VND"}, {"₱", "PHP"}, {"₺", "TRY"}, {"₴", "UAH"},
	{"￥", ""}, {"¥", ""}, {"$", ""}, {"元", ""},
}

// parseAmount reads the text of an amount: thousands separators, either
// decimal separator, signs before and after, parentheses, currency signs and
// codes, CR and DR, full-width forms. It reports false where the text is none.
func parseAmount(text string, in style) (parsed, bool) {
	var p parsed
	if in == pointDecimal || in == anyStyle {
		if value, point, ok := plainNumber(text); ok {
			p.value = value
			if point {
				p.shows = pointDecimal
			}
			return p, true
		}
	}
	s := strings.ToUpper(strings.TrimSpace(narrow(text)))
	s, negative := stripAmount(s, &p)
	if s == "" || s == "-" || s == "–" || s == "—" {
		// A dash is an accountant's zero, but a bare sign or word is not an amount.
		p.empty = true
		return p, strings.Trim(strings.TrimSpace(narrow(text)), "-–—") == ""
	}
	value, ok := parseDigits(s, in, &p)
	if !ok {
		return p, false
	}
	if negative {
		value.coefficient = -value.coefficient
	}
	if p.side < 0 {
		if negative {
			return p, false // a credit of less than nothing, or a credit written in two ways
		}
		value.coefficient = -value.coefficient
	}
	p.value = value
	return p, true
}

// plainNumber is the way for nearly every amount: digits with at most one
// decimal point and a minus before them, which no style reads differently. It
// leaves "1.234" and what is longer than 17 digits to the full parser.
func plainNumber(s string) (d decimal, point, ok bool) {
	start := 0
	if s != "" && s[0] == '-' {
		start = 1
	}
	if d, ok = shortNumber(s[start:]); !ok {
		if d, ok = longNumber(s[start:]); !ok {
			return decimal{}, false, false
		}
	}
	if start == 1 {
		d.coefficient = -d.coefficient
	}
	return d, d.scale > 0, true
}

// shortNumber reads four to eight digits, or up to eight with one or two decimals behind
// them. It reads all of them at once, as their number cannot be foreseen.
func shortNumber(s string) (d decimal, ok bool) {
	n := len(s)
	if n < 4 || n > 11 {
		return decimal{}, false
	}
	whole, decimals := n, int64(0) // digits; as a number
	switch byte('.') {
	case s[n-3]:
		tens, ones := s[n-2]-'0', s[n-1]-'0'
		if tens > 9 || ones > 9 {
			return decimal{}, false
		}
		whole, decimals, d.scale = n-3, int64(tens*10+ones), 2
	case s[n-2]:
		tenths := s[n-1] - '0'
		if tenths > 9 {
			return decimal{}, false
		}
		whole, decimals, d.scale = n-2, int64(tenths), 1
	}
	word := digit.Front(s)
	if whole > 8 || digit.Others(word)<<(64-8*whole) != 0 {
		return decimal{}, false
	}
	d.coefficient = int64(digit.Number(word, uint8(whole)))*unitOf[d.scale] + decimals
	return d, true
}

// unitOf is a unit in the last of so many decimals.
var unitOf = [...]int64{1, 10, 100}

// longNumber is plainNumber without a sign, a digit after the other.
func longNumber(s string) (d decimal, ok bool) {
	at := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			d.coefficient = d.coefficient*10 + int64(c-'0')
		case c == '.' && at < 0:
			at = i
		default:
			return decimal{}, false
		}
	}
	if at >= 0 {
		d.scale = len(s) - at - 1
	}
	return d, s != "" && len(s) <= 18 && at != 0 && at != len(s)-1 && !(d.scale == 3 && at <= 3)
}

// stripAmount takes everything but digits and separators off an amount.
func stripAmount(s string, p *parsed) (rest string, negative bool) {
	for changed := true; changed && s != ""; {
		changed = false
		cut := func(t string, did bool) {
			if did {
				s, changed = strings.TrimSpace(t), true
			}
		}
		if !negative && len(s) > 2 && strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
			s, negative, changed = strings.TrimSpace(s[1:len(s)-1]), true, true
		}
		for _, minus := range []string{"-", "−", "–", "－"} {
			if t, ok := strings.CutPrefix(s, minus); ok && !negative && t != "" {
				negative = true
				cut(t, true)
			} else if t, ok := strings.CutSuffix(s, minus); ok && !negative && t != "" {
				negative = true
				cut(t, true)
			}
		}
		if t, ok := strings.CutPrefix(s, "+"); ok {
			cut(t, true)
		}
		for _, c := range currencySigns {
			if t, ok := cutEither(s, c.sign); ok {
				if c.code != "" {
					p.currency = c.code
				}
				cut(t, true)
			}
		}
		if len(s) > 3 { // before CR and DR: CRC is a currency
			if _, ok := ledger.Exponent(s[:3]); ok {
				p.currency = s[:3]
				cut(s[3:], true)
			} else if _, ok := ledger.Exponent(s[len(s)-3:]); ok {
				p.currency = s[len(s)-3:]
				cut(s[:len(s)-3], true)
			}
		}
		for _, m := range sideMarks {
			if t, ok := cutEither(s, m.mark); ok && p.side == 0 {
				p.side = m.side
				cut(t, true)
			}
		}
	}
	return s, negative
}

// sideMarks are the words that tell debits from credits.
var sideMarks = []struct {
	mark string
	side int8
}{{"CR.", -1}, {"CR", -1}, {"贷", -1}, {"DR.", 1}, {"DR", 1}, {"借", 1}}

// cutEither takes a mark off the start or the end of a text.
func cutEither(s, mark string) (string, bool) {
	if t, ok := strings.CutPrefix(s, mark); ok {
		return t, true
	}
	return strings.CutSuffix(s, mark)
}

// parseDigits reads digits with separators, or a number as workbooks write it
// ("1.2E-3"). Spaces and apostrophes group thousands in any style.
func parseDigits(s string, in style, p *parsed) (decimal, bool) {
	exponent := 0
	if i := strings.IndexByte(s, 'E'); i > 0 {
		n, ok := smallInt(s[i+1:])
		if !ok {
			return decimal{}, false
		}
		exponent, s = n, s[:i]
	}
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	separator := byte(0) // of decimals
	switch {
	case points > 0 && commas > 0:
		separator = s[max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))]
		if strings.Count(s, string(separator)) > 1 {
			return decimal{}, false
		}
	case points > 1 || commas > 1:
		// Repeated, so it groups thousands; the other one separates decimals.
		if points > 1 {
			p.shows = commaDecimal
		} else {
			p.shows = pointDecimal
		}
	case points == 1 || commas == 1:
		mark := byte('.')
		if commas == 1 {
			mark = ','
		}
		after := len(s) - 1 - strings.IndexByte(s, mark)
		before := strings.IndexByte(s, mark)
		grouping := exponent == 0 && after == 3 && before >= 1 && before <= 3 && s[0] != '0'
		switch {
		case !grouping:
			separator = mark
		case in == pointDecimal && mark == '.' || in == commaDecimal && mark == ',':
			separator = mark
		case in == anyStyle:
			p.ambiguous = mark
			if mark == '.' {
				separator = mark
			}
		}
	}
	switch {
	case separator == '.':
		if p.ambiguous == 0 {
			p.shows = pointDecimal
		}
	case separator == ',':
		p.shows = commaDecimal
	}
	if in != anyStyle && p.shows != anyStyle && p.shows != in {
		return decimal{}, false
	}
	whole, fraction := s, ""
	if separator != 0 {
		i := strings.LastIndexByte(s, separator)
		whole, fraction = s[:i], s[i+1:]
	}
	if !grouped(whole) {
		return decimal{}, false
	}
	return collect(ungroup(whole), fraction, exponent)
}

// groupMarks are the characters that may stand between groups of thousands.
const groupMarks = ",.'’ "

// grouped reports whether separators in the whole part stand before groups of
// three digits (or two, as in 12,34,567). A part without separators is fine.
func grouped(s string) bool {
	if !strings.ContainsAny(s, groupMarks) {
		return true
	}
	after := -1 // digits since the last separator; -1 before the first
	first := 0
	for _, r := range s {
		switch {
		case !strings.ContainsRune(groupMarks, r) && after < 0:
			first++
		case !strings.ContainsRune(groupMarks, r):
			after++
		case after < 0 && (first == 0 || first > 3), after >= 0 && after != 2 && after != 3:
			return false
		default:
			after = 0
		}
	}
	return after == 3
}

var ungrouper = strings.NewReplacer(",", "", ".", "", "'", "", "’", "", " ", "")

func ungroup(s string) string {
	if !strings.ContainsAny(s, groupMarks) {
		return s
	}
	return ungrouper.Replace(s)
}

// collect makes a decimal of digits. Digits beyond what int64 holds are cut
// from the right end of the fraction.
func collect(whole, fraction string, exponent int) (decimal, bool) {
	if whole == "" && fraction == "" {
		return decimal{}, false
	}
	d := decimal{scale: -exponent}
	significant := 0
	for i, digits := range []string{whole, fraction} {
		for _, c := range []byte(digits) {
			if c < '0' || c > '9' {
				return decimal{}, false
			}
			if significant >= 18 {
				if i == 0 {
					return decimal{}, false // out of range
				}
				d.dust = d.dust || c != '0' && d.scale < 6
				continue
			}
			d.coefficient = d.coefficient*10 + int64(c-'0')
			if significant > 0 || c != '0' {
				significant++
			}
			if i == 1 {
				d.scale++
			}
		}
	}
	for d.scale < 0 && d.scale > -19 {
		if d.coefficient > (1<<63-1)/10 {
			return decimal{}, false
		}
		d.coefficient *= 10
		d.scale++
	}
	return d, d.scale >= 0
}

func smallInt(s string) (int, bool) {
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	if s == "" || len(s) > 3 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// minor rounds the number half away from zero to minor units of a currency
// (rules §1). moved says that rounding moved it by more than 1e-6 of a unit;
// ok is false where it is out of range.
func (d decimal) minor(exponent int) (m ledger.Minor, moved, ok bool) {
	c, scale := d.coefficient, d.scale
	for ; scale < exponent; scale++ {
		if c > (1<<63-1)/10 || c < -(1<<63-1)/10 {
			return 0, false, false
		}
		c *= 10
	}
	if scale == exponent {
		return ledger.Minor(c), d.dust, true
	}
	if scale-exponent > 18 {
		return 0, d.dust || c != 0 && scale <= 6, true
	}
	power := int64(1)
	for range scale - exponent {
		power *= 10
	}
	m, ok = ledger.Minor(c).MulDiv(1, power)
	// The distance moved is |c − m × power| ÷ 10^scale units.
	distance := c - int64(m)*power
	if distance < 0 {
		distance = -distance
	}
	limit := int64(1) // 1e-6 × 10^scale
	for i := 6; i < scale; i++ {
		limit *= 10
	}
	return m, d.dust || distance > limit || scale < 6 && distance != 0, ok
}

// ratio returns the number as an exact fraction.
func (d decimal) ratio() (ledger.Ratio, bool) {
	den := int64(1)
	for range d.scale {
		if den > 1e17 {
			return ledger.Ratio{}, false
		}
		den *= 10
	}
	return ledger.Ratio{Num: d.coefficient, Den: den}, true
}

// narrow turns full-width forms and odd spaces into their plain ones.
func narrow(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～' && r != '￥':
			return r - '！' + '!'
		case r == '\u3000' || r == '\u00a0' || r == '\u202f' || r == '\u2007' || r == '\u2009':
			return ' '
		case r == '\ufeff' || r == '\u200b' || r == '\u200e' || r == '\u200f':
			return -1
		}
		return r
	}, s)
}

// short rounds a number of a workbook to 12 decimals, which takes the noise
// off binary fractions: 0.059999999999999998 is 0.06.
func (d decimal) short() decimal {
	const most = 12
	if d.scale <= most {
		return d
	}
	m, _, ok := d.minor(most)
	if !ok {
		return d
	}
	return decimal{coefficient: int64(m), scale: most}
}

// lowest reduces a fraction, so that equal ratios compare equal.
func lowest(r ledger.Ratio) ledger.Ratio {
	a, b := r.Num, r.Den
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	if a > 1 {
		r.Num, r.Den = r.Num/a, r.Den/a
	}
	return r
}
