package render

import "duepack/analysis/ledger"

// Problem is one problem of the input as readers of a pack see it, one row of
// exceptions.csv: what was found where, and what to do.
type Problem struct {
	Error             bool // the row was not used; else it was, with an assumption
	Code              string
	File, Sheet, Cell string // the most precise place known
	Found             string // the text that was found; may be empty
	Message, Hint     string

	// Amount is what the row would have added, in Currency, an ISO 4217 code;
	// valid with HasAmount.
	Amount    ledger.Minor
	Currency  string
	HasAmount bool
}
