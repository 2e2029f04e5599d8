package xlsx

import (
	"io"
	"math/rand"
	"strconv"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	books "duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p, w := books.Trading(), words("en")
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, p, w, render.Problems{}); err != nil {
			b.Fatal(err)
		}
	}
}

// A book of 30,000 open items, whose rows are nearly all of the work.
func BenchmarkLargeBook(b *testing.B) {
	p, w := largeBook(30_000), words("en")
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, p, w, render.Problems{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Packing alone, of the rows of open items.
func BenchmarkRowPacker(b *testing.B) {
	defer func(rows int) { bareRows = rows }(bareRows)
	bareRows = 0
	out, err := workbookOf(largeBook(500), words("en"), nil)
	if err != nil {
		b.Fatal(err)
	}
	sheet := unpack(b, out)["xl/worksheets/sheet4.xml"]
	var p rowPacker
	var packed []byte
	b.SetBytes(int64(len(sheet)))
	b.ReportAllocs()
	for b.Loop() {
		packed = p.pack(packed[:0], sheet, 0, true)
	}
	b.ReportMetric(float64(len(packed))/float64(len(sheet)), "packed/byte")
}

// largeBook is a book of so many open items, which differ as those of a ledger
// do. Its figures are those of a smaller one.
func largeBook(items int) *analysis.Pack {
	p := books.Trading()
	d := &p.Detail
	d.Open, d.Opening, d.Lines, d.Costs = times(d.Open, items), times(d.Opening, items), times(d.Lines, items/3), times(d.Costs, items)
	r := rand.New(rand.NewSource(1))
	for _, list := range [][]analysis.Item{d.Open, d.Opening} {
		for i := range list {
			x := &list[i]
			x.ID, x.Pos.Row = "INV-"+strconv.Itoa(100_000+7*i), int32(i+2)
			x.Amount = ledger.Minor(r.Intn(10_000_000))
			x.Open, x.OpenBook = x.Amount, x.Amount
			x.Posted -= ledger.Date(r.Intn(300))
			x.Issued, x.Due = x.Posted, x.Posted+30
		}
	}
	return p
}

// times repeats rows until there are n, each many times before the next, as the
// rows of a customer stand together.
func times[T any](rows []T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = rows[i*len(rows)/n]
	}
	return list
}
