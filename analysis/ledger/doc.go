// Package ledger is the domain model of duepack: what an accounts-receivable
// ledger holds once it has been read. It knows amounts, civil dates, payment
// terms and places in files, and nothing about file formats, figures or pages.
//
// It depends on the standard library only, and every other package of duepack
// meets in it: ingest writes a Ledger, analysis reads one.
package ledger
