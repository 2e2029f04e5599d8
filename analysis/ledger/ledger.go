package ledger

import "fmt"

// Kind is the flow an entry counts in (rules §2). The sign of the amount, not
// the kind, decides whether it is a debit or a credit.
type Kind uint8

// The kinds of entries.
const (
	Invoice Kind = iota
	DebitNote
	CreditNote
	Receipt
	Refund
	WriteOff
	Recovery
	Adjustment
	Opening
	kinds
)

var kindNames = [kinds]string{"invoice", "debit_note", "credit_note", "receipt", "refund", "write_off", "recovery", "adjustment", "opening"}

// String returns the name rules §2 gives the kind.
func (k Kind) String() string {
	if k >= kinds {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return kindNames[k]
}

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the kind's name.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of entry", text)
}

// LowersReceivable reports whether an entry of the kind is a credit when an
// export writes all amounts positive (rules §2, amount).
func (k Kind) LowersReceivable() bool {
	return k == CreditNote || k == Receipt || k == WriteOff || k == Recovery
}

// IsSale reports whether the kind counts in sales (rules §6).
func (k Kind) IsSale() bool { return k == Invoice || k == DebitNote || k == CreditNote }

// MakesDocument reports whether a debit of the kind is a document of its own
// even when it names another in Settles, and so must have an id of its own
// (rules §2, duplicate-document).
func (k Kind) MakesDocument() bool {
	return k == Invoice || k == DebitNote || k == Opening || k == Adjustment
}

// Flag is a set of marks on an entry.
type Flag uint8

// The marks of an entry.
const (
	HasCost    Flag = 1 << iota // Cost was given
	HasOpen                     // Open was given: a row of a snapshot
	Disputed                    // the customer disputes the document
	DueDerived                  // Due was empty and comes from terms
)

// Entry is one line that changes what a customer owes (rules §2), in 80 bytes
// without a pointer: texts are indexes into the tables of the Ledger.
type Entry struct {
	ID      DocID // document number, of Ledger.Numbering; lines of one receipt may share it
	Settles DocID // the document this line settles; 0 where none is named

	Amount Minor // signed effect on the receivable, in the entry's currency
	Cost   Minor // cost of what was sold, signed like Amount; valid with HasCost
	Open   Minor // open amount of a snapshot row; valid with HasOpen

	Posted Date // decides whether the entry exists at a date
	Issued Date // date on the document; Posted where it was empty
	Due    Date // date payment is due, derived from terms where a debit's was empty; 0 only on credits

	Customer int32 // index into Ledger.Customers
	Rep      int32 // index into Ledger.Reps; None where the line names none
	Region   int32 // index into Ledger.Regions; None where the line names none
	Pos      Pos   // the row it was read from

	Instalment int16 // 0 where the document is not in instalments
	Kind       Kind
	Currency   uint8 // index into Ledger.Currencies
	Flags      Flag
}

// Has reports whether all marks of f are set.
func (e *Entry) Has(f Flag) bool { return e.Flags&f == f }

// None is the index of "no rep" and "no region".
const None int32 = -1

// Unassigned is the id of the rep or region of what names none (rules §2).
const Unassigned = "unassigned"

// Currency is an ISO 4217 currency of the ledger.
type Currency struct {
	Code     string `json:"code"`
	Exponent int    `json:"exponent"` // number of decimals
}

// Customer is a customer of the ledger, with what the Customers sheet says.
type Customer struct {
	ID, Name      string
	Rep           int32 // index into Ledger.Reps; None
	Region        int32 // index into Ledger.Regions; None
	Group         string
	Email         string
	Rating        string
	Terms         Terms
	CreditLimit   Minor // in the book's currency; valid with HasLimit
	HasLimit      bool
	Margin        Ratio // net margin of its own
	FinancingRate Ratio // annual rate of its own
}

// Rep is a sales rep, with what the Reps sheet says.
type Rep struct {
	ID, Name, Team, Manager, Email string
	Margin                         Ratio
}

// Target is what a rep is to reach in a month, in the book's currency.
type Target struct {
	Rep                         int32 // index into Ledger.Reps
	Month                       Month
	Sales, Collection, Expenses Minor
	HasSales, HasCollection     bool
	HasExpenses                 bool
	Pos                         Pos
}

// FxRate is the price of one unit of a currency in the book's currency from a
// date on.
type FxRate struct {
	Currency uint8 // index into Ledger.Currencies
	Date     Date
	Rate     Ratio
	Pos      Pos
}

// ControlBalance is the balance of a control account of the general ledger.
type ControlBalance struct {
	Account  string
	Date     Date
	Currency int16 // index into Ledger.Currencies; -1: the whole book, in its currency
	Balance  Minor
	Pos      Pos
}

// Promise is a customer's promise to pay.
type Promise struct {
	ID, Document        string
	Customer            int32
	MadeOn, PromisedFor Date
	Amount              Minor
	Excuse, Note        string
	Pos                 Pos
}

// LeftOut is a row with an error that --lenient left out of the book.
type LeftOut struct {
	Pos      Pos
	Currency uint8
	Amount   Minor  // zero where the amount itself could not be read
	Code     string // of the error that left it out
}

// Ledger is a whole book as read: entries and the tables they point into. The
// order of Entries is the order of files and rows; every other slice is in
// order of first appearance. A Ledger that passed Validate has indexes in
// range and amounts whose absolute value exists.
type Ledger struct {
	Base       uint8 // index of the book's currency in Currencies
	Currencies []Currency
	Customers  []Customer
	Reps       []Rep
	Regions    []string
	Sources    []Source
	Numbering  *Numbering // of the document numbers of Entries
	Entries    []Entry
	Targets    []Target
	Rates      []FxRate
	Control    []ControlBalance
	Promises   []Promise
	LeftOut    []LeftOut

	// Snapshot says that the entries are open items with their open amounts
	// at one date and without the payments that led to it (rules §2, §3).
	Snapshot bool
	// SnapshotDate is the date found in the title rows; 0 where none was.
	SnapshotDate Date
}

// BaseCurrency returns the book's currency.
func (l *Ledger) BaseCurrency() Currency { return l.Currencies[l.Base] }

// Span returns the first and the last posting date; zeros for an empty book.
func (l *Ledger) Span() (first, last Date) {
	for i := range l.Entries {
		posted := l.Entries[i].Posted
		if first == 0 || posted < first {
			first = posted
		}
		last = max(last, posted)
	}
	return first, last
}

// Validate checks what every function that takes a Ledger relies on. A
// failure is a defect of the program that built it, not of the input.
func (l *Ledger) Validate() error {
	if int(l.Base) >= len(l.Currencies) {
		return fmt.Errorf("ledger: base currency %d of %d", l.Base, len(l.Currencies))
	}
	inRange := func(index int32, n int) bool { return index >= None && int(index) < n }
	for i := range l.Customers {
		c := &l.Customers[i]
		if c.ID == "" || !inRange(c.Rep, len(l.Reps)) || !inRange(c.Region, len(l.Regions)) {
			return fmt.Errorf("ledger: customer %d (%q) has an empty id or an index out of range", i, c.ID)
		}
	}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch {
		case e.Customer < 0 || int(e.Customer) >= len(l.Customers),
			!inRange(e.Rep, len(l.Reps)), !inRange(e.Region, len(l.Regions)),
			int(e.Currency) >= len(l.Currencies), e.Kind >= kinds:
			return fmt.Errorf("ledger: entry %d (%q): index out of range", i, l.Numbering.Text(e.ID))
		case e.Posted == 0 || e.Issued == 0 || e.Due == 0 && e.Amount > 0:
			return fmt.Errorf("ledger: entry %d (%q): a date is missing", i, l.Numbering.Text(e.ID))
		case e.Amount == -1<<63 || e.Open == -1<<63 || e.Cost == -1<<63:
			return fmt.Errorf("ledger: entry %d (%q): %w", i, l.Numbering.Text(e.ID), ErrOverflow)
		}
	}
	for _, t := range l.Targets {
		if t.Rep < 0 || int(t.Rep) >= len(l.Reps) {
			return fmt.Errorf("ledger: target of rep %d of %d", t.Rep, len(l.Reps))
		}
	}
	return nil
}
