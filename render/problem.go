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

// Problems are the problems of the input, in its order. There may be one for every row,
// so each is made when it is asked for. The zero value has none.
type Problems struct {
	N  int
	At func(i int) Problem // from 0; only of those there are
}

// First returns the first problems, at most n of them.
func (p Problems) First(n int) []Problem {
	list := make([]Problem, min(n, p.N))
	for i := range list {
		list[i] = p.At(i)
	}
	return list
}
