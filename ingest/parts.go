package ingest

import (
	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// partedSheet is a sheet whose rows can be read in parts at the same time.
type partedSheet interface {
	Parts(n int) []*sheet.Part
}

// draftParts reads the parts of a large text at the same time, as many as there are
// processors for a sheet, and puts together what they give. It returns nil where
// the sheet has to be read whole: what a row means rests on rows before it, or
// something is wrong, of which the whole reading says where.
func (b *book) draftParts(t *tab, settled decisions) *draft {
	whole, ok := t.sheet.(partedSheet)
	if !ok || b.processors < 2 || len(t.merges) > 0 || t.header.grouped {
		return nil
	}
	parts := whole.Parts(b.processors)
	if parts == nil {
		return nil
	}
	room, together := roomFor(parts, t)
	readers := make([]*rowReader, len(parts))
	for i, p := range parts {
		r := b.ledgerReader(t, settled)
		r.bytes, r.draft.entries = p.Bytes, room[i]
		r.mostFailed = min(r.mostFailed, mostPartErrors)
		readers[i] = r
	}
	all, failed, mostFailed := readers[0].draft, int64(0), b.opts.Limits.MostErrors()
	ok = true
	oneIdle := b.idle.none()
	inOrder(len(parts), func(i int) error { defer oneIdle(); return parts[i].Rows(readers[i].read) }, func(i int, err error) {
		failed += readers[i].failed
		ok = ok && err == nil && failed <= mostFailed
		switch {
		case !ok:
		case i == 0: // no part had more than its room, or it had failed
			all.entries = together[:len(all.entries)]
		default:
			all.join(readers[i].draft)
		}
	})
	if !ok {
		return nil
	}
	return all
}

// mostPartErrors is how many errors a part may have before the sheet is read as a
// whole: what they say is kept, and must not be kept twice.
const mostPartErrors = 1000

// roomFor reserves the entries of all parts side by side, so that putting them
// together moves those of a part up to the ones before it at most; nothing where
// every row behind the header is an entry.
func roomFor(parts []*sheet.Part, t *tab) (room [][]ledger.Entry, together []ledger.Entry) {
	most := 1 // entries of a row
	if t.rec.Layout == "settled" {
		most = 2
	}
	ends, end := make([]int, len(parts)), 0
	for i, p := range parts {
		rows := p.Records
		if i == 0 {
			rows = max(rows-t.header.last, 0)
		}
		end += most * rows
		ends[i] = end
	}
	together = make([]ledger.Entry, 0, end)
	room = make([][]ledger.Entry, len(parts))
	from := 0
	for i, to := range ends {
		room[i] = together[from:from:to]
		from = to
	}
	return room, together
}

// join adds what the next rows of the same sheet gave, as if the draft had read them.
func (d *draft) join(next *draft) {
	customers := next.moveTo(d.parties)
	for _, n := range next.namings {
		d.name(customers[n.customer], n.name, n.row)
	}
	if d.fromIssue == 0 {
		d.practice = next.practice
	}
	d.counts.add(next.counts)
	for c, n := range next.lines {
		d.lines[c] += n
	}
	d.evidence.join(&next.evidence)
	for _, i := range next.undue {
		d.undue = append(d.undue, int32(len(d.entries))+i)
	}
	d.refunded = append(d.refunded, next.refunded...)
	d.problems = append(d.problems, next.problems...)
	d.leftOut = append(d.leftOut, next.leftOut...)
	d.lineTerms = append(d.lineTerms, next.lineTerms...)
	n := len(d.entries)
	if more := len(next.entries); more > 0 && more <= cap(d.entries)-n && &d.entries[:n+1][n] == &next.entries[0] {
		d.entries = d.entries[:n+more] // they stand there already
		return
	}
	d.entries = append(d.entries, next.entries...)
}
