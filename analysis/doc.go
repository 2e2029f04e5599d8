// Package analysis turns a ledger into a close pack: pure functions without
// I/O, clock or globals. One figure travels one way (docs/architecture.md):
//
//	ledger.Entry → position of a customer → Tally → Value → Pack
//
// Glossary, one word per idea:
//
//	document    a debit that stands on its own: an invoice, a debit note, an instalment of one
//	open        what of a document is not yet applied at a date
//	on account  credit that lowers no document yet
//	applied     what of a credit lowers a document, on the application date
//	balance     open less on account
//	native      in the document's own currency
//	book        in the currency the book is kept in
//	subject     what figures are about: the company, a currency, a region, a rep, a customer
//	period      P = [From, To], both inside; before is the day From − 1
//	as-of       D, the date of the position
//
// Words to avoid: outstanding, unpaid, remaining (say open); unapplied (say on account);
// salesman, agent (say rep); client, debtor (say customer).
package analysis
