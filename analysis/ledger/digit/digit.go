// Package digit reads the digits of a text eight at a time: the first character of
// eight is the lowest byte of a word.
package digit

import "math/bits"

// Every has a 1 in each byte of a word.
const Every = 0x0101010101010101

// Most is how many digits Count counts, so that what is behind them is among the eight
// characters.
const Most = 7

// Word returns the first eight characters of a text, which must have as many.
func Word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Front returns the first eight characters of a text, or all where it has less, with
// zeros behind them; it must have four.
func Front(s string) uint64 {
	if len(s) > 8 {
		s = s[:8]
	}
	n := len(s)
	front := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
	back := uint64(s[n-4]) | uint64(s[n-3])<<8 | uint64(s[n-2])<<16 | uint64(s[n-1])<<24
	return front | back<<(8*(n-4)&63)
}

// Count counts the digits in front among eight characters, up to Most.
func Count(word uint64) uint8 {
	word ^= '0' * Every
	return uint8(bits.TrailingZeros64((word|(word+(0x7f-9)*Every))&(0x80*Every)|1<<63) / 8)
}

// Others has the top bit of each byte of a word set that is no digit, and nothing else.
func Others(word uint64) uint64 {
	word ^= '0' * Every
	return (word | (word&(0x7f*Every) + (0x7f-9)*Every)) & (0x80 * Every)
}

// Number returns the number that the first n of eight characters are, 0 < n < 9: all
// digits at once, by adding pairs of them, pairs of pairs, and the two halves.
func Number(word uint64, n uint8) int {
	word = word & (0x0f * Every) << ((64 - 8*n) & 63)
	word = word * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	word = word * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return int(word * (10000<<32 + 1) >> 32)
}
