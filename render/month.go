package render

import (
	"strconv"

	"duepack/analysis/ledger"
)

// MonthName returns the short name of a month without its year, for axes.
func (w *Words) MonthName(m ledger.Month) string { return w.Text("month." + strconv.Itoa(int(m)%12+1)) }
