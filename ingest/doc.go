// Package ingest reads what an accounting system exports, workbooks (.xlsx) and
// delimited text (.csv, .txt), into a ledger.Ledger. This page is the contract for
// whoever prepares such files; ERRORS.md lists every problem with an example.
//
// # Files and sheets
//
// A book is one file or many; several ledger sheets are joined. Text may be
// UTF-8, UTF-16, GB18030 (GBK) or Big5 with commas, semicolons or tabs. What a
// sheet is, its columns decide, and its name (of a text file: the file's) where
// they leave a choice: Ledger, Customers, Reps, Targets, Promises, Rates,
// Control, or their Chinese names. Other sheets are passed over with a note.
// Hidden sheets, rows and columns are read, with a note.
//
// # Headers
//
// The header may stand below title rows and take two rows with merged cells.
// Headers are compared without case, spaces, punctuation and what is in
// brackets, in English and Chinese of either script, by the one table of synonyms
// in columns.go; the key columns of the config comes before it. A header that
// systems use for several things (Amount Due, Reference, Name) gives way to a
// plainer one beside it, and an amount without tax to one with it. A currency in the brackets of
// an amount's header, or in a title as 单位：元, holds for the lines of the sheet
// that name none.
//
// # Layouts
//
//   - transaction ledger: Amount, one row per movement. Where no amount of the
//     sheet is negative and some kind lowers the receivable, the kind gives the
//     sign (rules §2);
//   - Debit and Credit in two columns; a row 期初余额 or Opening balance that has
//     only a balance brings it forward;
//   - open items: Open Amount, or Amount and Paid Amount, one row per document.
//     The date is looked for in the titles (As of, 截止日期). Lists of receipts
//     beside it are not read: what they paid is in the open amounts already.
//     A column headed Balance (余额) is an open amount only where it stays
//     between nothing and the amount; else it runs over the lines and is no input;
//   - settled invoices: Amount and Settled On, which become an invoice and the
//     receipt that settles it;
//   - receipts: Received, or Amount with a date of receipt or on a sheet named
//     so (Payments, 回款明细), each settling the document it names.
//
// A sheet whose lines name no type may say it by its name: Invoices, Payments,
// Credit Notes. Where no column holds the customer, it may stand as a heading
// above its lines, as printed reports have it. A column Status is read only to
// leave void, cancelled and draft documents out, each with a note.
//
// # Rows
//
// Blank rows, repeated headers, totals (Total, Subtotal, 小计, 合计, 本年累计 in a
// row without document or date) and rows of text without an amount are counted
// and never summed. Cells merged downwards hold for all rows they cover, but for
// amounts, which are nobody's then. Any other row is an entry or an error; none is
// dropped in silence, and a row of text that a separator moved is an error.
//
// # Cells
//
// Amounts become whole minor units of their currency without a float between:
// 1,234.50 and 1.234,50, (5.00), 5.00-, 5.00 CR, ￥5, full-width digits, numbers
// as text. Dates: those of the workbook in either date system, ISO 8601,
// 20260408, 2026年4月8日, 8-Apr-2026, 31/12/2026; a time of day is cut. Decimal
// separators and the order of day and month are decided over the whole column;
// what stays ambiguous is an error, never a guess. A currency with three decimals
// is evidence of its own: 1.234 KWD is one dinar and 234 fils.
//
// # Empty cells
//
// Issued takes Posted and Posted takes Issued. A document without Due has it
// from the line's terms, else the customer's, else the book's (rules §2); where
// the sheet's own due dates show that it counts month-end terms (月结30天) from
// the date of issue, so do the derived ones. A line without Type is an invoice
// where it is a debit, a receipt (in a list of open items a credit note) where
// it is a credit. A customer without id is known by name.
package ingest
