package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// count writes a number with its noun and verb: "1 line has", "2 lines have".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// plainDigits writes a number that stands for an id as a person writes it:
// 1024.0 and 1.024E3 are 1024. Another number stays as it is.
func plainDigits(s string) string {
	if isDigits(s) {
		return s
	}
	p, ok := parseAmount(s, pointDecimal)
	if !ok || p.empty {
		return s
	}
	d := p.value
	for d.scale > 0 && d.coefficient%10 == 0 {
		d.coefficient /= 10
		d.scale--
	}
	if d.scale > 0 || d.dust {
		return s
	}
	return strconv.FormatInt(d.coefficient, 10)
}

// trim takes spaces of all widths off both ends and makes those inside one.
func trim(s string) string {
	space := true // the character before is a space
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ', c == ' ' && space, c >= utf8.RuneSelf && strings.ContainsAny(s, "\u3000\u00a0\u2007\u202f\u200b\u200e\u200f\ufeff"):
			return foldSpaces(invisible.Replace(s))
		default:
			space = c == ' '
		}
		if s[i] >= utf8.RuneSelf {
			return foldedIfNeeded(s)
		}
	}
	if space && s != "" {
		return foldSpaces(s)
	}
	return s
}

// foldedIfNeeded is trim for a text that has characters beyond ASCII but no odd
// space.
func foldedIfNeeded(s string) string {
	if strings.Contains(s, "  ") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return foldSpaces(s)
	}
	return s
}

// invisible are characters that take no space and mean nothing in an id.
var invisible = strings.NewReplacer("\u200b", "", "\u200e", "", "\u200f", "", "\ufeff", "")

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }
