//go:build !amd64

package sheet

const hasVectors = false

// markBlocks appends the marks of some blocks, the first of which stands at from in the
// text. What it is given begins with the bytes before them.
func (b *textBlock) markBlocks(text []byte, blocks, from int) (valid bool) {
	b.markPlainly(text, blocks, from)
	return false
}

// cutFields makes cells of the fields from start on, whose marks are given.
func (b *textBlock) cutFields(room []Cell, marks []uint32, start int) cutting {
	return b.cutPlainly(room, marks, start)
}
