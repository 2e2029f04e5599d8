// Package xlsx writes pack.xlsx: the sections of a pack as sheets for readers,
// and below them the data they were summed from, tied together by formulas.
// Every figure is a live formula over the data sheets with the pack's own value
// as its cached result, so a viewer that does not recalculate shows the truth,
// a recalculation changes nothing, and a changed rate, margin or loss rate on
// the sheet Assumptions recalculates the pack by rules §7–§9 and §11.
//
// The skeleton of the workbook (styles, names, print setup) comes from
// excelize; the rows are written by this package into its sheets, because a
// formula and its cached value go together only there, and amounts reach the
// cell as decimals without passing through a float.
package xlsx

import (
	"fmt"
	"io"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// Write writes the workbook of a pack in the words of a language, with the
// problems of the input. The same pack gives the same bytes. The error is an
// operating one (what is written to, memory, a limit of the format that the
// splitting of large sheets does not avoid).
func Write(out io.Writer, p *analysis.Pack, w *render.Words, problems render.Problems) error {
	b, err := newBook(p, w, problems)
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	defer b.file.Close()
	// Names first, of sheets and of cells: formulas refer to what comes later.
	b.reserve(figuresSheet)
	b.reserve(assumptionsSheet)
	b.placeData() // Open items among them
	b.placeSections()
	b.placeNames()
	b.placeAgingList()
	b.placeFigures()
	b.placeMonths()
	b.placeAssumptions()

	b.addSections() // what is open among them
	b.addWhatIf()
	b.addJournal()
	b.addExceptions()
	b.addAssumptions()
	b.addFigures()
	b.addCustomers()
	b.addChecks()
	b.addData()
	b.addCountBack()
	b.addPlots()
	b.finishFront()

	if err := b.write(out); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

// placeNames keeps the names of the sheets that are no section and no data.
func (b *book) placeNames() {
	for _, n := range []struct {
		name *string
		key  string
	}{
		{&b.names.agingList, "aging_list"}, {&b.names.whatIf, "what_if"}, {&b.names.journal, "journal"},
		{&b.names.exceptions, "exceptions"}, {&b.names.checks, "checks"}, {&b.plots.name, "plots"},
	} {
		*n.name = b.reserve(b.words.Text("workbook.sheet." + n.key))
	}
}

// base is the currency the book is kept in.
func (b *book) base() ledger.Currency { return b.pack.BookCurrency() }

// currency returns a currency of the pack by index.
func (b *book) currency(i int) ledger.Currency { return b.pack.Currencies[i] }
