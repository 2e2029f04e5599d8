// Package ledgertest makes ledgers for tests.
package ledgertest

import "duepack/analysis/ledger"

// Numbering is that of all ledgers that tests make, so that entries can be written
// down before the ledger they are of. Tests that run in parallel must not use it.
var Numbering ledger.Numbering

// ID returns a document number of Numbering.
func ID(text string) ledger.DocID { return Numbering.Of(text) }
