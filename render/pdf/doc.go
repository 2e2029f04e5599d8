// Package pdf writes a frozen pack as a PDF for paper and for mail: A4
// portrait, charts as vectors, text as text, the used characters of the faces
// embedded. It knows the four kinds of block and never a section's name.
//
// A pack becomes a document in steps, each a pure function:
//
//	blocks → strips   figures.go, tiles.go, table.go, glossary.go, chart.go, note.go: what is drawn, in millimetres
//	strips → pages    brief.go: the sections of pack.pdf, each made to fit; frame.go: head, foot and contents
//	pages → sheets    strip.go: with table heads repeated
//	sheets → maroto   document.go: one maroto row per strip
//	maroto → bytes    pen.go draws marks through maroto's own engine (engine.go)
//
// A strip is a display list of marks whose positions are final before the
// first byte is written. That is why every text can be measured against its box
// in a test, and why the faces can be cut to the characters used beforehand.
package pdf
