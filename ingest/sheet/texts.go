package sheet

import (
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// texts are the texts of the cells of some rows, one behind the other. They are
// used again for other rows, as taking new memory for every text would cost
// more than reading it.
type texts []byte

// textsBytes is how many bytes of texts share memory.
const textsBytes = 64 << 10

// keep copies b and returns it as a string, which is valid until forget.
func (t *texts) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if cap(*t)-len(*t) < len(b) { // what is in the old memory stays valid
		*t = make(texts, 0, max(textsBytes, len(b)))
	}
	start := len(*t)
	*t = append(*t, b...)
	return unsafe.String(&(*t)[start], len(b))
}

// isVisible reports whether a text makes a cell Visible.
func isVisible(text []byte) bool {
	return len(text) > 0 && (isPrinting(text[0]) || !isBlank(unsafe.String(&text[0], len(text))))
}

// isPrinting reports whether a byte is an ASCII character that shows, as nearly every
// text begins with one.
func isPrinting(c byte) bool { return c-'!' < utf8.RuneSelf-'!' }

// isBlank reports whether a text has nothing but spaces.
func isBlank(text string) bool {
	for _, c := range text {
		if !unicode.IsSpace(c) {
			return false
		}
	}
	return true
}

// room returns the memory of the batch, for text to be decoded into.
func (b *batch) room() []byte {
	if cap(b.texts) < textBlockBytes {
		b.texts = make(texts, 0, textBlockBytes)
	}
	return b.texts[:0]
}

// shortText is how many bytes are copied at once.
const shortText = 16

// keepShort keeps the first n bytes, n > 0.
func (t *texts) keepShort(b *[shortText]byte, n uint8) string {
	start := len(*t)
	if cap(*t)-start < shortText {
		return t.keep(b[:n])
	}
	*t = append(*t, b[:]...)[:start+int(n)]
	return unsafe.String(&(*t)[start], n)
}

// keepFirst keeps the first n bytes of b. Where b goes on behind them, a short
// text is copied without asking how short it is, which is faster.
func (t *texts) keepFirst(b []byte, n int) string {
	start := len(*t)
	if n == 0 || n > shortText || len(b) < shortText || cap(*t)-start < shortText {
		return t.keep(b[:n])
	}
	*t = (*t)[:start+shortText]
	*(*[shortText]byte)((*t)[start:]) = *(*[shortText]byte)(b)
	*t = (*t)[:start+n]
	return unsafe.String(&(*t)[start], n)
}

// forget takes the texts for nothing. What still names one finds zeros, so that
// whoever kept a text too long is found out at once.
func (t *texts) forget() {
	clear(*t)
	*t = (*t)[:0]
}
