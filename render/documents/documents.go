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
)

// Write writes documents.json, one record on a line. The same pack gives the
// same bytes. The error is that of out.
func Write(out io.Writer, p *analysis.Pack) error {
	w, records, detail := &writer{out: out}, compare.NewRecorder(p), &p.Detail
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
	out io.Writer
	buf []byte
	err error
}

// gathered is how many bytes are written at once.
const gathered = 256 << 10

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func writeList[T any](w *writer, key string, rows []T, record func(*T) compare.Document) {
	w.buf = append(w.buf, ",\n\""+key+"\": ["...)
	for i := range rows {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		d := record(&rows[i])
		w.buf = appendRecord(append(w.buf, '\n'), &d)
		if len(w.buf) >= gathered {
			w.flush()
		}
	}
	w.buf = append(w.buf, ']')
}

// appendRecord appends what json.Marshal gives for a document, which takes five
// times as long.
func appendRecord(out []byte, d *compare.Document) []byte {
	out = appendText(append(out, `{"customer":`...), d.Customer)
	out = appendText(append(out, `,"document":`...), d.ID)
	if d.Instalment != 0 {
		out = strconv.AppendInt(append(out, `,"instalment":`...), int64(d.Instalment), 10)
	}
	out = appendText(append(out, `,"kind":`...), d.Kind.String())
	out = appendText(append(out, `,"currency":`...), d.Currency)
	out = appendText(append(out, `,"rep":`...), d.Rep)
	out = appendText(append(out, `,"posted":`...), d.Posted.String())
	if d.Due != 0 {
		out = appendText(append(out, `,"due":`...), d.Due.String())
	}
	out = appendGiven(out, `,"settles":`, d.Settles)
	out = appendText(append(out, `,"amount":`...), d.Amount)
	out = appendGiven(out, `,"open":`, d.Open)
	out = appendGiven(out, `,"bucket":`, d.Bucket)
	out = appendText(append(out, `,"place":`...), d.Place)
	return append(out, '}')
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
