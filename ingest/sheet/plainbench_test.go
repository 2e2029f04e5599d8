package sheet

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// BenchmarkPlainRecords cuts a block that lies in the processor's cache.
func BenchmarkPlainRecords(b *testing.B) {
	var text strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for row := 0; text.Len() < textsBytes-1000; row++ {
		f := benchRow(r, row)
		if row%2 == 0 {
			f[3] = `"Ningbo Dongsheng Hardware Co., Ltd."`
		}
		text.WriteString(strings.Join(f[:10], ",") + ",," + strings.Join(f[10:], ",") + ",,,,,Ma Bo,,\n")
	}
	block := textBlock{text: []byte(text.String()), separator: ','}
	room, records := make([]Cell, roomCells), make([]cutRecord, mostRecords)
	b.SetBytes(int64(len(block.text)))
	for b.Loop() {
		block.pos = 0
		block.scan(false)
		for block.pos < len(block.text) {
			block.findNext()
			n := block.cutRecords(room, records)
			block.pos = records[n-1].next
		}
	}
}
