package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"

	"golang.org/x/text/encoding/unicode"
)

// ratioFreeBytes may be unpacked from a part before its ratio is looked at:
// small parts of nothing but spaces are harmless.
const ratioFreeBytes = 64 << 20

// partReader unpacks one part of a workbook and checks, at its end, its size
// and CRC. About half of all damaged streams unpack without an error, so
// bytes count as read only after that check.
type partReader struct {
	name     string
	src      io.Reader
	size     uint64 // as the directory says
	unpacked uint64
	crc, sum uint32
}

// openPart starts unpacking a part. It refuses sizes over the limits before
// the first byte.
func openPart(f *zip.File, limits Limits) (*partReader, error) {
	if f.Flags&1 != 0 {
		return nil, &FormatError{Code: "encrypted", Message: "the workbook's zip archive is encrypted", Hint: "unpack it with its password first"}
	}
	if f.UncompressedSize64 > uint64(limits.UnpackedBytes) {
		return nil, limitExceeded("unpacked-bytes", limits.UnpackedBytes, "the part "+f.Name+" is very large")
	}
	if f.UncompressedSize64 > ratioFreeBytes && f.UncompressedSize64/uint64(limits.PackRatio) > f.CompressedSize64 {
		return nil, limitExceeded("pack-ratio", limits.PackRatio, "the part "+f.Name+" unpacks to many times its size")
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, corrupt("the part %s cannot be found in the archive: %v", f.Name, err)
	}
	p := &partReader{name: f.Name, size: f.UncompressedSize64, crc: f.CRC32}
	switch f.Method {
	case zip.Store:
		p.src = raw
	case zip.Deflate:
		p.src = newInflater(raw)
	default:
		return nil, corrupt("the part %s is packed with method %d, which workbooks do not use", f.Name, f.Method)
	}
	return p, nil
}

// Read unpacks the next bytes. At the end of the part it returns io.EOF only
// when size and CRC agree with the directory.
func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	p.unpacked += uint64(n)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, b[:n])
	switch {
	case p.unpacked > p.size:
		return 0, corrupt("the part %s unpacks to more than the %d bytes its directory entry says", p.name, p.size)
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, corrupt("the part %s is damaged: %v", p.name, err)
	case p.unpacked != p.size:
		return n, corrupt("the part %s ends after %d of %d bytes", p.name, p.unpacked, p.size)
	case p.sum != p.crc:
		return n, corrupt("the part %s is damaged: its check sum does not match", p.name)
	}
	return n, io.EOF
}

// utf8Part gives the part's XML as UTF-8: parts may be UTF-16, told by a byte
// order mark or by the zero byte beside the first "<".
func utf8Part(p io.Reader) (io.Reader, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(p, head)
	head = head[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(head), p)
	decode := func(order unicode.Endianness) (io.Reader, error) {
		return unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(whole), nil
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return io.MultiReader(bytes.NewReader(head[3:]), p), nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
		return decode(unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		return decode(unicode.BigEndian)
	}
	return whole, nil
}

// blockBytes is how much one block holds: large enough that handing it over
// costs nothing, small enough to stay in a core's cache.
const blockBytes = 256 << 10

// headroomBytes in front of a block take the token that the previous block
// cut, so that a block's bytes are not moved.
const headroomBytes = 4 << 10

// block is a stretch of a part: the bytes are buf[headroomBytes:]. err is set
// on the last one and is io.EOF when all went well.
type block struct {
	buf []byte
	err error
}

// blocks hands over a part block by block. It unpacks on a goroutine of its
// own, so that reading tokens and unpacking share two cores.
type blocks struct {
	ready chan block
	free  chan []byte
	stop  chan struct{}
	size  int // bytes of a block
}

// readBlocks starts unpacking; close must be called.
func readBlocks(r io.Reader, size int) *blocks {
	const inFlight = 4
	b := &blocks{size: size, ready: make(chan block, inFlight), free: make(chan []byte, inFlight+2), stop: make(chan struct{})}
	go b.fill(r)
	return b
}

func (b *blocks) fill(r io.Reader) {
	defer close(b.ready)
	for {
		var buf []byte
		select {
		case buf = <-b.free:
			buf = buf[:headroomBytes+b.size]
		default:
			buf = make([]byte, headroomBytes+b.size)
		}
		n, err := readFull(r, buf[headroomBytes:])
		select {
		case b.ready <- block{buf[:headroomBytes+n], err}:
		case <-b.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// readFull fills buf; unlike io.ReadFull it keeps the reader's own error.
func readFull(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}

// recycle gives a block's memory back.
func (b *blocks) recycle(buf []byte) {
	if cap(buf) < headroomBytes+b.size {
		return
	}
	select {
	case b.free <- buf:
	default:
	}
}

// close stops the unpacking; the goroutine ends at its next block.
func (b *blocks) close() { close(b.stop) }
