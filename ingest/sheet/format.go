package sheet

import "strings"

// isDateFormat reports whether a number shown with this format is a date or a
// time: the first section of the code has a year, month, day, hour or second
// outside of quotes, escapes and brackets. [h], [mm] and [ss] are elapsed time.
func isDateFormat(code string) bool {
	section := strings.ToLower(strings.TrimSpace(code))
	if strings.HasPrefix(section, "general") {
		return false
	}
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return false
			}
			if isElapsed(section[i+1 : i+end]) {
				return true
			}
			i += end
		case ';':
			return false
		case 'e':
			// E+00 is an exponent, e alone the year of an era.
			if i+1 < len(section) && (section[i+1] == '+' || section[i+1] == '-') {
				i++
				continue
			}
			return true
		case 'y', 'm', 'd', 'h', 's':
			return true
		}
	}
	return false
}

// isElapsed recognises what stands in [h], [mm], [ss].
func isElapsed(inside string) bool {
	return inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
}

// isDateID reports whether a built-in format is a date or a time. 27–36 and
// 50–58 are the East Asian ones: Excel writes them without a code.
func isDateID(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}
