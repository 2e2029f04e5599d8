package analysis

import "duepack/analysis/ledger"

// Depth says which readers a section or block is for.
type Depth uint8

// The depths. The executive's document shows EveryDepth and InBrief, the page
// and the workbook EveryDepth and InFull; a file about one subject shows
// EveryDepth and InFull of it.
const (
	EveryDepth Depth = iota
	InBrief          // a digest of what stands in full elsewhere, as the ten largest
	InFull           // for readers who look closer
)

// Section is a part of the pack that readers see: an ordered list of blocks
// under a title. Renderers know the four kinds of block and nothing else.
type Section struct {
	ID string `json:"id"` // also its anchor; its title is the wording "section.<ID>", or Title where set
	// Title is a finding that replaces the plain title.
	Title *Note `json:"title,omitempty"`
	// Subject is the path of the subject the section is about, as "reps/R07",
	// or "" for the whole book. One PDF is written per rep from the sections
	// of that rep.
	Subject string  `json:"subject,omitempty"`
	Depth   Depth   `json:"depth,omitempty"`
	Blocks  []Block `json:"blocks"`
}

// Block is exactly one of its four kinds.
type Block struct {
	Depth   Depth        `json:"depth,omitempty"`
	Figures *FigureBlock `json:"figures,omitempty"`
	Table   *Table       `json:"table,omitempty"`
	Chart   *Chart       `json:"chart,omitempty"`
	Note    *Note        `json:"note,omitempty"`
}

// FigureBlock shows figures of one subject, most important first: Tiles where
// there are some, else the figures of IDs. With Tiles, IDs are those among them
// that are figures.
type FigureBlock struct {
	Subject string     `json:"subject"` // path, as "company"
	IDs     []FigureID `json:"ids,omitempty"`
	Tiles   []Tile     `json:"tiles,omitempty"`
}

// Tile is a headline figure with what became of it.
type Tile struct {
	Key   string `json:"key"`   // wording of the label
	Value Cell   `json:"value"` // always has a Value; Figure and Link where there is one
	// Change is the value less that of the month-end before, in the same unit:
	// shares as a difference of shares, to be shown in percentage points.
	// Absent where one of the two is.
	Change Value `json:"change"`
	// Better is +1 where a rise is good news, −1 where a fall is, 0 where neither.
	Better int `json:"better,omitempty"`
	// Trend is the value at the last month-ends, oldest first, the as-of date
	// last; absent values are gaps. Empty without history.
	Trend []Value `json:"trend,omitempty"`
}

// Table is a table of typed cells. Its title is the wording "table.<ID>", a
// column's head "column.<Key>".
type Table struct {
	ID      string   `json:"id"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	// Exact marks amounts that are booked or tied out: every reader gets them to
	// the cent, also where others are rounded.
	Exact bool `json:"exact,omitempty"`
	// More is the number of rows left out because readers would not use them;
	// the workbook has all.
	More int `json:"more,omitempty"`
	// WhatIf marks a table of what would be: nothing in it is the book's but the
	// marked row and column. The workbook has it with cells to try in.
	WhatIf bool `json:"what_if,omitempty"`
}

// Column describes a column: its wording key, or a bucket, or a literal text.
type Column struct {
	Key    string `json:"key,omitempty"`
	Bucket string `json:"bucket,omitempty"` // id of the bucket the column shows; its label is the head
	Text   string `json:"text,omitempty"`   // literal head, as "6 %"
	// Wide marks the column that takes the width the others leave.
	Wide bool `json:"wide,omitempty"`
	// Right aligns to the right: numbers and dates.
	Right bool `json:"right,omitempty"`
}

// RowKind is the meaning of a row; renderers choose its looks.
type RowKind uint8

// The kinds of rows.
const (
	ItemRow RowKind = iota
	SubtotalRow
	TotalRow
	MarkedRow // the row that is this book's own among what-if rows
)

// Row is a row of a table.
type Row struct {
	Kind  RowKind `json:"kind,omitempty"`
	Cells []Cell  `json:"cells"`
}

// Cell is a typed cell: a wording key, a literal text, a date, a ratio that
// was given, or a value. The zero Cell is empty.
type Cell struct {
	Key    string       `json:"key,omitempty"`    // wording
	Bucket string       `json:"bucket,omitempty"` // label of a bucket
	Text   string       `json:"text,omitempty"`   // literal: names and ids from the ledger, never markup
	Date   ledger.Date  `json:"date,omitempty"`
	Month  ledger.Month `json:"month,omitempty"`
	Rate   ledger.Ratio `json:"rate"` // a given rate or margin, shown as a percentage
	Value  *Value       `json:"value,omitempty"`
	// Currency is the index into Pack.Currencies of a Money value.
	Currency int `json:"currency,omitempty"`
	// Figure is the figure id the cell shows, if it shows one.
	Figure string `json:"figure,omitempty"`
	// From says what else the cell follows from, where a reader may change
	// that: the workbook computes it again.
	From *Origin `json:"from,omitempty"`
	// Link is the subject path the cell leads to.
	Link string `json:"link,omitempty"`
}

// Origin says how a cell follows from figures and settings. An operand is
// a figure id, "#n" for the n-th cell of the row, counted from 0, or one of
// the quantities below.
type Origin struct {
	Op OriginOp `json:"op"`
	Of []string `json:"of"`
}

// OriginOp is what is done with the operands.
type OriginOp string

// The operations of origins.
const (
	Same         OriginOp = "same"           // the operand itself
	Negative     OriginOp = "negative"       // −a
	Quotient     OriginOp = "quotient"       // a ÷ b, absent where b is zero
	SalesForLoss OriginOp = "sales_for_loss" // SalesNeeded of loss a at margin b
)

// Operands of origins that are no figures.
const (
	MarginOf         = "margin/"            // + path of a subject: its net margin
	LossRateOf       = "loss_rate/"         // + id of a bucket: its loss rate
	ProvisionOf      = "provision/"         // + id of a bucket: the provision of its documents at the as-of date that have its loss rate
	ProvisionOfOwn   = "provision/specific" // of the documents whose customer has a loss rate of its own, at the as-of date
	ProvisionOpening = "provision/opening"  // of all documents the day before the period
	ProvisionClosing = "provision/closing"  // of all documents at the end of the period
)

// ChartKind is the form of a chart.
type ChartKind string

// The forms of charts.
const (
	BarChart     ChartKind = "bar"     // vertical bars, series side by side
	StackedChart ChartKind = "stacked" // vertical bars, series on top of each other
	RowsChart    ChartKind = "rows"    // horizontal bars, one per label
	LineChart    ChartKind = "line"
	ScatterChart ChartKind = "scatter" // two series: x and y; labels name the points
)

// Chart is the data of a chart. Its title is the wording "chart.<ID>" or Title
// where set, a series' name "series.<Key>".
type Chart struct {
	ID     string    `json:"id"`
	Kind   ChartKind `json:"kind"`
	Title  *Note     `json:"title,omitempty"`
	Labels []Cell    `json:"labels"`
	Series []Series  `json:"series"`
	// Currency is the index into Pack.Currencies of Money values.
	Currency int `json:"currency"`
}

// Series is one series of a chart: a value per label.
type Series struct {
	Key    string       `json:"key,omitempty"`
	Bucket string       `json:"bucket,omitempty"` // named by a bucket instead
	Month  ledger.Month `json:"month,omitempty"`  // named by a month instead
	Values []Value      `json:"values"`
}

// Note is a sentence: a wording key and what fills its gaps, in order.
type Note struct {
	Key  string `json:"key"`
	Args []Cell `json:"args,omitempty"`
	// Alarm marks what a reader must not overlook.
	Alarm bool `json:"alarm,omitempty"`
	// Good marks a check that passed.
	Good bool `json:"good,omitempty"`
	// Rounded says that amounts are rounded to the units of a sentence, as
	// CNY 31.8m, and counts up to ten are words.
	Rounded bool `json:"rounded,omitempty"`
	// Then is a clause that follows at once; its wording brings its own comma.
	Then *Note `json:"then,omitempty"`
	// List is the wording key of a list the note is an item of: notes that
	// follow each other with the same List stand under its text as one list.
	List string `json:"list,omitempty"`
}
