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
		c := s[i]
		if c < ' ' || c == ' ' && space || c >= utf8.RuneSelf && isOddSpace(s[i:]) {
			return foldSpaces(invisible.Replace(s))
		}
		space = c == ' '
	}
	if space && s != "" {
		return foldSpaces(s)
	}
	return s
}

// isSpacedPlainly reports whether a text is ASCII and has single spaces only, none
// of them at its ends: foldSpaces leaves it as it is.
func isSpacedPlainly(s string) bool {
	space := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] == ' ' && space || s[i] >= utf8.RuneSelf {
			return false
		}
		space = s[i] == ' '
	}
	return !space
}

// isOddSpace reports whether a text beyond ASCII begins with a space of
// another width, or with a character that takes none.
func isOddSpace(s string) bool {
	switch s[0] {
	case 0xC2:
		return strings.HasPrefix(s, "\u00a0")
	case 0xE2:
		return len(s) > 2 && s[1] == 0x80 && (s[2] == 0x87 || s[2] == 0xAF || s[2] == 0x8B || s[2] == 0x8E || s[2] == 0x8F) // U+2007, 202F, 200B, 200E, 200F
	case 0xE3:
		return strings.HasPrefix(s, "\u3000")
	case 0xEF:
		return strings.HasPrefix(s, "\ufeff")
	}
	return false
}

// invisible are characters that take no space and mean nothing in an id.
var invisible = strings.NewReplacer("\u200b", "", "\u200e", "", "\u200f", "", "\ufeff", "")

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }
