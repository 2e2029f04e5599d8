package sheet

import "unsafe"

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

// room returns the memory of the batch, for text to be decoded into.
func (b *batch) room() []byte {
	if cap(b.texts) < textsBytes {
		b.texts = make(texts, 0, textsBytes)
	}
	return b.texts[:0]
}

// forget takes the texts for nothing. What still names one finds zeros, so that
// whoever kept a text too long is found out at once.
func (t *texts) forget() {
	clear(*t)
	*t = (*t)[:0]
}
