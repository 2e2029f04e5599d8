//go:build !amd64

package sheet

const hasVectors = false

// markBlocks appends the marks of some blocks, the first of which stands at from in the
// text. What it is given begins with the bytes before them.
func (b *textBlock) markBlocks(text []byte, blocks, from int) (valid bool) {
	b.markPlainly(text, blocks, from)
	return false
}

// cutRecords cuts plain records from pos on, and returns how many.
func (b *textBlock) cutRecords(room []Cell, records []cutRecord) (n int) {
	return b.cutRecordsPlainly(room, records)
}
