package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"hash/crc32"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/flate"
)

// packLevel is the level of compression. The levels that give a tenth less
// take nearly twice as long.
const packLevel = 1

// packedPart is a part of the workbook, packed in pieces that follow each other
// as one stream. Where they are cut depends on nothing but the content, so the
// archive is the same on any number of processors.
type packedPart struct {
	header zip.FileHeader
	rows   bool // rows of a data sheet are most of it: see rowPacker
	before int  // bytes of the next piece that the one before had
	pieces []*piece
	err    error // why it could not be written
}

// piece is a stretch of a part.
type piece struct {
	content []byte
	before  int  // bytes of content that the piece before had
	rows    bool // of its part, as last
	last    bool
	packed  *bytes.Buffer
	err     error
	done    chan struct{} // closed when it is packed
}

// packer packs pieces on all processors while parts are written on one
// goroutine.
type packer struct {
	work   chan *piece
	free   chan []byte // buffers of content that is packed
	packed sync.Pool   // of buffers whose content is written
}

func newPacker() *packer {
	const ahead = 2 // pieces that wait for a processor
	const held = 2  // by the writer: one is filled, one is handed over
	p := &packer{work: make(chan *piece, ahead), free: make(chan []byte, ahead+runtime.GOMAXPROCS(0)+held)}
	p.packed.New = func() any { return bytes.NewBuffer(make([]byte, 0, rowBytes/12)) } // which a piece of rows takes
	for range runtime.GOMAXPROCS(0) {
		go p.run()
	}
	return p
}

func (p *packer) run() {
	deflate, err := flate.NewWriter(io.Discard, packLevel)
	var rows rowPacker
	for piece := range p.work {
		piece.packed = p.packed.Get().(*bytes.Buffer)
		if piece.err = err; piece.rows {
			*piece.packed = *bytes.NewBuffer(rows.pack(piece.packed.AvailableBuffer(), piece.content, piece.before, piece.last))
		} else if err == nil {
			piece.err = piece.pack(deflate)
		}
		p.reuse(piece.content)
		piece.content = nil
		close(piece.done)
	}
}

// reuse keeps a buffer for other pieces. Parts without rows come in buffers that
// are just as long as they: rows would outgrow those again and again.
func (p *packer) reuse(buf []byte) {
	if cap(buf) < rowBytes {
		return
	}
	select {
	case p.free <- buf[:0]:
	default:
	}
}

// pack packs the piece on its own. What is not the last one of a part ends in
// a flush, so that the next one can follow at a byte.
func (p *piece) pack(deflate *flate.Writer) error {
	deflate.Reset(p.packed)
	if _, err := deflate.Write(p.content); err != nil {
		return err
	}
	if p.last {
		return deflate.Close()
	}
	return deflate.Flush()
}

// add takes the next stretch of a part and returns a buffer for what follows, if
// anything does. In a data sheet it begins with the row that was the last, to
// which the next one is alike.
func (p *packer) add(part *packedPart, content []byte, last bool) []byte {
	own := content[part.before:]
	part.header.CRC32 = crc32.Update(part.header.CRC32, crc32.IEEETable, own)
	part.header.UncompressedSize64 += uint64(len(own))
	next := &piece{content: content, before: part.before, rows: part.rows, last: last, done: make(chan struct{})}
	part.pieces = append(part.pieces, next)
	var buf []byte
	if !last {
		buf = p.buffer()
	}
	if part.rows && !last {
		buf = append(buf, content[max(0, bytes.LastIndex(content, []byte(rowBegin))):]...)
		part.before = len(buf)
	}
	p.work <- next
	return buf
}

// buffer returns an empty buffer.
func (p *packer) buffer() []byte {
	select {
	case buf := <-p.free:
		return buf
	default:
		return make([]byte, 0, rowBytes+rowBytes/8)
	}
}

// write writes a part to the archive once its pieces are packed, whose buffers
// serve others then.
func (p *packer) write(part *packedPart, archive *zip.Writer) error {
	err := part.err
	for _, piece := range part.pieces {
		<-piece.done
		err = cmp.Or(err, piece.err)
		part.header.CompressedSize64 += uint64(piece.packed.Len())
	}
	if err != nil {
		return err
	}
	out, err := archive.CreateRaw(&part.header)
	if err != nil {
		return err
	}
	for _, piece := range part.pieces {
		if _, err := piece.packed.WriteTo(out); err != nil {
			return err
		}
		piece.packed.Reset()
		p.packed.Put(piece.packed)
	}
	part.pieces = nil
	return nil
}
