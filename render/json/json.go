// Package json writes pack.json, the pack for programs. Its keys, their order
// and the form of every value are fixed in docs/contract: money as decimal
// strings, ratios with 4 decimals, cei with 2, days with 1, counts as numbers,
// absent figures as null. It does not depend on the language of the pack.
package json

import (
	"bytes"
	"encoding/json"
	"io"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// schema is the version of the form; it changes when a reader must.
const schema = "duepack.pack/1"

// Write writes pack.json. A subject stands on one line, so that two packs
// compare line by line. The same pack gives the same bytes. The error is that
// of out.
func Write(out io.Writer, p *analysis.Pack) error {
	english, err := render.New("en")
	if err != nil {
		return err
	}
	w := &writer{pack: p, out: out}
	w.text("{\n")
	w.field("  ", "schema").quote(schema).text(",\n")
	w.field("  ", "as_of").quote(p.AsOf.String()).text(", ").field("", "period").text("{").
		field("", "from").quote(p.From.String()).text(", ").field("", "to").quote(p.To.String()).text("},\n")
	w.field("  ", "currency").quote(p.BookCurrency().Code).text(",\n")
	w.field("  ", "buckets").text("[")
	for i, b := range p.Buckets {
		w.comma(i, ", ").text("{").field("", "id").quote(b.ID).text(", ").field("", "label").quote(english.Bucket(b)).text("}")
	}
	w.text("],\n").field("  ", "company").text("{")
	w.figures(&p.Company)
	w.text("},\n")
	w.subjects("by_currency", p.ByCurrency, false)
	w.subjects("regions", p.Regions, false)
	w.subjects("reps", p.Reps, true)
	w.subjects("customers", p.Customers, true)
	w.field("  ", "exceptions").text("{").field("", "errors").count(p.Exceptions.Errors).text(", ").
		field("", "notes").count(p.Exceptions.Notes).text(", ").
		field("", "left_out").money(p.Exceptions.LeftOut, p.BookCurrency()).text("}\n}\n")
	w.flush()
	return w.err
}

// writer writes JSON in a fixed order. It gathers what is written; the first
// error stays.
type writer struct {
	pack *analysis.Pack
	out  io.Writer
	buf  []byte
	err  error
}

// gathered is how many bytes are written at once.
const gathered = 64 << 10

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func (w *writer) text(s string) *writer {
	w.buf = append(w.buf, s...)
	return w
}

// quote writes a string, with <, > and & as they are: pack.json is no page.
func (w *writer) quote(s string) *writer {
	if isPlain(s) {
		return w.text(`"`).text(s).text(`"`)
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string has no error
	w.buf = append(w.buf, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
	return w
}

// isPlain reports whether a text stands in quotes as it is, as most do.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (w *writer) field(indent, key string) *writer { return w.text(indent).quote(key).text(": ") }

// comma separates all but the first element.
func (w *writer) comma(i int, separator string) *writer {
	if i > 0 {
		w.text(separator)
	}
	return w
}

func (w *writer) count(n int) *writer {
	return w.text(ledger.Minor(n).Decimal(0))
}

func (w *writer) money(m ledger.Minor, cur ledger.Currency) *writer {
	return w.value(analysis.Value{Unit: analysis.Money, Minor: m}, cur)
}

func (w *writer) value(v analysis.Value, cur ledger.Currency) *writer {
	switch {
	case v.IsAbsent():
		return w.text("null")
	case v.Unit == analysis.Count:
		w.buf = render.AppendPlain(w.buf, v, cur)
		return w
	}
	w.text(`"`) // a decimal needs no escapes
	w.buf = render.AppendPlain(w.buf, v, cur)
	return w.text(`"`)
}

// figures writes FIGURES of the contract: the aging, then every figure the
// subject's level has.
func (w *writer) figures(s *analysis.Subject) {
	cur := w.pack.Currencies[s.Currency]
	w.field("", "aging").text("{")
	for i, b := range w.pack.Buckets {
		w.comma(i, ", ").field("", b.ID).money(s.Aging[i], cur)
	}
	w.text("}")
	for _, id := range analysis.Figures() {
		if s.Has(id) {
			w.text(", ").field("", id.Def().Key).value(s.Value(id), cur)
		}
	}
}

func (w *writer) subjects(key string, list []analysis.Subject, named bool) {
	w.field("  ", key).text("[")
	for i := range list {
		w.comma(i, ",").text("\n    {").field("", "id").quote(list[i].ID).text(", ")
		if named {
			w.field("", "name").quote(list[i].Name).text(", ")
		}
		w.figures(&list[i])
		w.text("}")
		if len(w.buf) >= gathered {
			w.flush()
		}
	}
	if len(list) > 0 {
		w.text("\n  ")
	}
	w.text("],\n")
}
