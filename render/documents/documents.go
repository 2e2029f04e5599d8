// Package documents writes documents.json: the documents behind a pack, for
// duepack diff and for programs that want more than figures. It holds what was
// open at the as-of date and the day before the period, and the lines of the
// period, each with its place in the input.
package documents

import (
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"duepack/analysis"
	"duepack/analysis/compare"
	"duepack/analysis/ledger"
)

// Write writes documents.json, one record on a line. The same pack gives the
// same bytes. The error is that of out.
func Write(out io.Writer, p *analysis.Pack) error {
	w, records, detail := newWriter(out, p.Sources), compare.NewRecorder(p), &p.Detail
	w.buf = append(w.buf, `{"schema": "`+compare.DocumentsSchema+`"`...)
	writeList(w, "open", detail.Open, records.Item)
	writeList(w, "opening", detail.Opening, records.Item)
	writeList(w, "lines", detail.Lines, records.Line)
	w.buf = append(w.buf, "\n}\n"...)
	w.flush()
	return w.err
}

// writer gathers what is written; the first error stays.
type writer struct {
	out    io.Writer
	buf    []byte
	places []string // by source: the place of its rows in quotes, but for the number
	err    error
}

func newWriter(out io.Writer, sources []ledger.Source) *writer {
	w := &writer{out: out, places: make([]string, len(sources))}
	for i, source := range sources {
		quoted := appendText(nil, source.String()+"!")
		w.places[i] = string(quoted[:len(quoted)-1])
	}
	return w
}

// gathered is how many bytes are written at once.
const gathered = 256 << 10

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func writeList[T any](w *writer, key string, rows []T, record func(*T) *compare.Record) {
	w.buf = append(w.buf, ",\n\""+key+"\": ["...)
	for i := range rows {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, '\n')
		w.record(record(&rows[i]))
		if len(w.buf) >= gathered {
			w.flush()
		}
	}
	w.buf = append(w.buf, ']')
}

// record writes what json.Marshal gives for the compare.Document of a record,
// in a tenth of the time.
func (w *writer) record(d *compare.Record) {
	out := appendText(append(w.buf, `{"customer":`...), d.Customer)
	out = appendText(append(out, `,"document":`...), d.ID)
	if d.Instalment != 0 {
		out = strconv.AppendInt(append(out, `,"instalment":`...), int64(d.Instalment), 10)
	}
	out = appendText(append(out, `,"kind":`...), d.Kind.String())
	out = appendText(append(out, `,"currency":`...), d.Currency.Code)
	out = appendText(append(out, `,"rep":`...), d.Rep)
	out = append(d.Posted.Append(append(out, `,"posted":"`...)), '"')
	if d.Due != 0 {
		out = append(d.Due.Append(append(out, `,"due":"`...)), '"')
	}
	out = appendGiven(out, `,"settles":`, d.Settles)
	out = append(d.Amount.AppendDecimal(append(out, `,"amount":"`...), d.Currency.Exponent), '"')
	if d.IsOpen {
		out = append(d.Open.AppendDecimal(append(out, `,"open":"`...), d.Currency.Exponent), '"')
	}
	out = appendGiven(out, `,"bucket":`, d.Bucket)
	w.buf = append(w.appendPlace(append(out, `,"place":`...), d.Pos), '}')
}

// appendPlace appends file!sheet!row in quotes; an entry that was not read has
// no place.
func (w *writer) appendPlace(out []byte, at ledger.Pos) []byte {
	if at.Row == 0 || int(at.Source) >= len(w.places) {
		return append(out, `""`...)
	}
	return append(strconv.AppendInt(append(out, w.places[at.Source]...), int64(at.Row), 10), '"')
}

// appendGiven appends a key and its text, where there is one.
func appendGiven(out []byte, key, text string) []byte {
	if text == "" {
		return out
	}
	return appendText(append(out, key...), text)
}

// appendText appends a text in quotes, escaped as encoding/json does.
func appendText(out []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f {
			quoted, _ := json.Marshal(text) // a string has no error
			return append(out, quoted...)
		}
	}
	out = append(append(out, '"'), text...)
	return append(out, '"')
}
