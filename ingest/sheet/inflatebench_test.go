package sheet

import (
	"bytes"
	stdflate "compress/flate"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/flate"
)

// BenchmarkInflate unpacks rows of a sheet with ours, the standard library and
// klauspost/compress.
func BenchmarkInflate(b *testing.B) {
	data := packable(rand.New(rand.NewPCG(1, 2)), 64<<20)["rows"]
	packed := pack(b, 6, data)
	for name, open := range map[string]func() io.Reader{
		"ours":      func() io.Reader { return newStream(newInflater(bytes.NewReader(packed))) },
		"standard":  func() io.Reader { return stdflate.NewReader(bytes.NewReader(packed)) },
		"klauspost": func() io.Reader { return flate.NewReader(bytes.NewReader(packed)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{open()}, make([]byte, 256<<10)); err != nil || n != int64(len(data)) {
					b.Fatal(n, err)
				}
			}
		})
	}
}
