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
	src      blockReader
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
		p.src = unpacked{raw}
	case zip.Deflate:
		p.src = newInflater(raw)
	default:
		return nil, corrupt("the part %s is packed with method %d, which workbooks do not use", f.Name, f.Method)
	}
	return p, nil
}

// readBlock unpacks what comes next; see blockReader. At the end of the part it
// returns io.EOF only when size and CRC agree with the directory.
func (p *partReader) readBlock(buf []byte, at int) (int, error) {
	n, err := p.src.readBlock(buf, at)
	p.unpacked += uint64(n)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, buf[at:at+n])
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

// blockReader reads into blocks. What it has read stands in front of what it
// reads next, so that it can be referred to without being kept elsewhere.
type blockReader interface {
	// readBlock reads into buf[at:] until there is hardly room left, or to an
	// error, io.EOF at the end. buf[:at] ends in what was read last, up to headroomBytes.
	readBlock(buf []byte, at int) (n int, err error)
}

// unpacked reads blocks of what is not packed.
type unpacked struct{ io.Reader }

func (u unpacked) readBlock(buf []byte, at int) (int, error) { return readFull(u, buf[at:]) }

// readFull fills buf; unlike io.ReadFull it keeps the reader's own error.
func readFull(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}

// stream gives as a stream what comes in blocks.
type stream struct {
	src       blockReader
	buf       []byte
	pos, size int   // buf[pos:size] is not read yet
	err       error // what comes behind
}

func newStream(src blockReader) *stream {
	return &stream{src: src, buf: make([]byte, headroomBytes+blockBytes)}
}

// Read reads the next bytes.
func (s *stream) Read(b []byte) (int, error) {
	for s.pos == s.size {
		if s.err != nil {
			return 0, s.err
		}
		s.pos = headroomBytes
		if s.size > 0 {
			copy(s.buf, s.buf[s.size-headroomBytes:s.size])
		}
		var n int
		n, s.err = s.src.readBlock(s.buf, s.pos)
		s.size = s.pos + n
	}
	n := copy(b, s.buf[s.pos:s.size])
	s.pos += n
	return n, nil
}

// utf8Part gives a part's XML as UTF-8: parts may be UTF-16, told by a byte
// order mark or by the zero byte beside the first "<". The mark of UTF-8 stands
// in front of the first tag, where no text matters.
type utf8Part struct {
	src     blockReader
	started bool
}

func (u *utf8Part) readBlock(buf []byte, at int) (int, error) {
	n, err := u.src.readBlock(buf, at)
	if u.started {
		return n, err
	}
	u.started = true
	order := unicode.LittleEndian
	switch head := buf[at : at+n]; {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		order = unicode.BigEndian
	default:
		return n, err
	}
	rest := &stream{src: u.src, buf: bytes.Clone(buf), pos: at, size: at + n, err: err}
	u.src = unpacked{unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(rest)}
	return u.src.readBlock(buf, at)
}

// blockBytes is how much one block holds: large enough that handing it over
// costs nothing, small enough to stay in a core's cache.
const blockBytes = 256 << 10

// headroomBytes in front of a block hold what came before it: what a match may
// refer to, and the token that the end of the previous block cuts.
const headroomBytes = historyBytes

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
func readBlocks(r blockReader, size int) *blocks {
	const inFlight = 4
	b := &blocks{size: size, ready: make(chan block, inFlight), free: make(chan []byte, inFlight+2), stop: make(chan struct{})}
	go b.fill(r)
	return b
}

func (b *blocks) fill(r blockReader) {
	defer close(b.ready)
	var before []byte
	for {
		var buf []byte
		select {
		case buf = <-b.free:
			buf = buf[:headroomBytes+b.size]
		default:
			buf = make([]byte, headroomBytes+b.size)
		}
		if before != nil { // which is not given back before the next one is there
			copy(buf, before[len(before)-headroomBytes:])
		}
		n, err := r.readBlock(buf, headroomBytes)
		before = buf[:headroomBytes+n]
		select {
		case b.ready <- block{before, err}:
		case <-b.stop:
			return
		}
		if err != nil {
			return
		}
	}
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
