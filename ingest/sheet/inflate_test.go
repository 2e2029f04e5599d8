package sheet

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// inflateBoth unpacks with the standard library, the reference, and with ours.
func inflateBoth(packed io.Reader, again io.Reader) (want []byte, wantErr error, got []byte, gotErr error) {
	want, wantErr = io.ReadAll(flate.NewReader(packed))
	got, gotErr = io.ReadAll(newStream(newInflater(again)))
	return want, wantErr, got, gotErr
}

func pack(t testing.TB, level int, parts ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			t.Fatal(err)
		}
		if len(parts) > 1 {
			if err := w.Flush(); err != nil { // an empty stored block
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// packable gives data of several kinds: rows of a sheet, noise, runs, texts
// with rare characters (which get long codes).
func packable(r *rand.Rand, n int) map[string][]byte {
	noise, skewed := make([]byte, n), make([]byte, n)
	for i := range noise {
		noise[i] = byte(r.Uint32())
		skewed[i] = byte(min(r.ExpFloat64()*9, 255))
	}
	var rows strings.Builder
	for row := 1; rows.Len() < n; row++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%d.%02d</v></c></row>`, row, row, r.IntN(5000), row, r.IntN(1e6), r.IntN(100))
	}
	return map[string][]byte{
		"rows": []byte(rows.String()), "noise": noise, "skewed": skewed,
		"run": bytes.Repeat([]byte{'a'}, n), "short period": bytes.Repeat([]byte("abc"), n/3), "period": bytes.Repeat(noise[:min(n, 31)], n/31),
		"far":  append(append(noise[:n/2:n/2], skewed[:min(n/4, 20_000)]...), noise[:n/2]...),
		"none": nil, "one": {'x'},
	}
}

func TestInflateAgreesWithTheStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{100, 40_000, 600_000} {
		for name, data := range packable(r, n) {
			for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 6, 9} {
				for _, packed := range [][]byte{pack(t, level, data), pack(t, level, data[:len(data)/3], data[len(data)/3:])} {
					got, err := io.ReadAll(newStream(newInflater(bytes.NewReader(packed))))
					if err != nil || !bytes.Equal(got, data) {
						t.Errorf("%s, %d bytes, level %d: %v, %d bytes come back", name, len(data), level, err, len(got))
					}
				}
			}
		}
	}
}

func TestInflateTakesInputInPieces(t *testing.T) {
	data := packable(rand.New(rand.NewPCG(3, 4)), 90_000)["rows"]
	for _, level := range []int{0, 6} {
		packed := pack(t, level, data)
		for name, src := range map[string]io.Reader{"bytes": iotest.OneByteReader(bytes.NewReader(packed)), "halves": iotest.HalfReader(bytes.NewReader(packed)), "end with data": iotest.DataErrReader(bytes.NewReader(packed))} {
			if got, err := io.ReadAll(newStream(newInflater(src))); err != nil || !bytes.Equal(got, data) {
				t.Errorf("level %d, %s: %v, %d of %d bytes", level, name, err, len(got), len(data))
			}
		}
	}
}

// Every prefix of a stream must end in an error, not in a hang or in less data.
func TestInflateRefusesWhatIsCutShort(t *testing.T) {
	for name, data := range packable(rand.New(rand.NewPCG(5, 6)), 300) {
		for _, level := range []int{0, 6, flate.HuffmanOnly} {
			packed := pack(t, level, data)
			for n := range packed {
				if _, err := io.ReadAll(newStream(newInflater(bytes.NewReader(packed[:n])))); !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("%s, level %d, %d of %d bytes: %v", name, level, n, len(packed), err)
				}
			}
		}
	}
}

func TestInflateJudgesDamageAsTheStandardLibraryDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	rounds := 3000
	if testing.Short() {
		rounds = 500
	}
	var bases [][]byte
	for _, data := range packable(r, 2000) {
		for _, level := range []int{0, 1, 9, flate.HuffmanOnly} {
			bases = append(bases, pack(t, level, data))
		}
	}
	refused := 0
	for range rounds {
		packed := bytes.Clone(bases[r.IntN(len(bases))])
		for range 1 + r.IntN(3) {
			packed[r.IntN(len(packed))] ^= 1 << r.IntN(8)
		}
		want, wantErr, got, gotErr := inflateBoth(bytes.NewReader(packed), bytes.NewReader(packed))
		if (wantErr == nil) != (gotErr == nil) || wantErr == nil && !bytes.Equal(want, got) {
			t.Fatalf("%x: %v and %d bytes, want %v and %d bytes", packed, gotErr, len(got), wantErr, len(want))
		}
		if wantErr != nil {
			refused++
		}
	}
	if refused < rounds/10 || refused == rounds {
		t.Errorf("%d of %d streams were refused: this tests only one side", refused, rounds)
	}
}

func TestInflateReportsAReadError(t *testing.T) {
	packed := pack(t, 6, packable(rand.New(rand.NewPCG(9, 1)), 5000)["rows"])
	broken := errors.New("the disk is gone")
	src := io.MultiReader(bytes.NewReader(packed[:len(packed)/2]), iotest.ErrReader(broken))
	if _, err := io.ReadAll(newStream(newInflater(src))); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's own error", err)
	}
}

func FuzzInflate(f *testing.F) {
	for _, data := range packable(rand.New(rand.NewPCG(1, 1)), 500) {
		for _, level := range []int{0, 1, 9, flate.HuffmanOnly} {
			f.Add(pack(f, level, data))
		}
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		want, wantErr, got, gotErr := inflateBoth(io.LimitReader(bytes.NewReader(packed), 1<<16), io.LimitReader(bytes.NewReader(packed), 1<<16))
		if (wantErr == nil) != (gotErr == nil) || wantErr == nil && !bytes.Equal(want, got) {
			t.Fatalf("%v and %d bytes, want %v and %d bytes", gotErr, len(got), wantErr, len(want))
		}
	})
}
