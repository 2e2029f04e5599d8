package pdf

import (
	"strings"
	"unicode"

	"duepack/render"
)

const ellipsis = "…"

// Characters that must not begin a line and that must not end one (kinsoku,
// after JIS X 4051 and GB/T 15834): closing punctuation stays with what it
// closes, opening punctuation with what it opens.
const (
	notAtStart = ",.:;!?)]}%‰°'\"”’»…、。，．：；！？）】》」』〉〕］｝％ー々·～〜–—ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
	notAtEnd   = "([{“‘«（【《「『〈〔［｛￥$¥€£#＃"
)

// ideographic reports whether lines may break before and after a character, as
// in Chinese and Japanese.
func ideographic(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFFEF:
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

// breakable reports whether a line may break between two characters that stand
// next to each other.
func breakable(before, after rune) bool {
	switch {
	case after == ' ':
		return false // spaces hang at the end of the line
	case before == ' ':
		return true
	case strings.ContainsRune(notAtStart, after), strings.ContainsRune(notAtEnd, before):
		return false
	}
	return ideographic(before) || ideographic(after)
}

// wrap breaks a plain text into lines no wider than a width in millimetres.
// Words break at spaces and between ideographs; a word wider than the line is
// broken where it must be. Runs of spaces shrink to one. A text without
// characters has no lines.
func (f *face) wrap(text string, sizePt, widthMM float64) []string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	limit := int(widthMM / mmPerPoint / sizePt * 1000)
	var lines []string
	for len(runes) > 0 {
		end := f.lineEnd(runes, limit)
		lines = append(lines, strings.TrimRight(string(runes[:end]), " "))
		for end < len(runes) && runes[end] == ' ' {
			end++
		}
		runes = runes[end:]
	}
	return lines
}

// lineEnd returns how many characters go on the first line, at least one.
func (f *face) lineEnd(runes []rune, limit int) int {
	sum, last := 0, 0
	for i, r := range runes {
		if i > 0 && breakable(runes[i-1], r) {
			last = i
		}
		sum += f.thousandths(r)
		if sum > limit && r != ' ' {
			if last > 0 {
				return last
			}
			return max(1, i)
		}
	}
	return len(runes)
}

// shorten returns a text cut to a width in millimetres, with an ellipsis where
// something is missing.
func (f *face) shorten(text string, sizePt, widthMM float64) string {
	if f.width(text, sizePt) <= widthMM {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		short := render.Shortened(string(runes[:n]))
		if f.width(short, sizePt) <= widthMM {
			return short
		}
	}
	return ellipsis
}

// fit wraps a text into at most so many lines; the last one ends with an
// ellipsis where something is missing.
func (f *face) fit(text string, sizePt, widthMM float64, most int) []string {
	lines := f.wrap(text, sizePt, widthMM)
	if len(lines) <= most {
		return lines
	}
	last := lines[most-1]
	for f.width(render.Shortened(last), sizePt) > widthMM && last != "" {
		runes := []rune(last)
		last = strings.TrimRight(string(runes[:len(runes)-1]), " ")
	}
	lines[most-1] = render.Shortened(last)
	return lines[:most]
}

// longestPart returns the width of the widest part of a text that wrap would
// not break unless it must.
func (f *face) longestPart(text string, sizePt float64) float64 {
	widest, start := 0.0, 0
	runes := []rune(text)
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || breakable(runes[i-1], runes[i]) {
			widest = max(widest, f.width(strings.TrimRight(string(runes[start:i]), " "), sizePt))
			start = i
		}
	}
	return widest
}
