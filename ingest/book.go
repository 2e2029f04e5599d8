package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
)

// defaultCurrency is the book currency where nothing names one (contract).
const defaultCurrency = "CNY"

// guessBase takes the book's currency that is known before a row is read, for
// the exponent of lines without a currency.
func (b *book) guessBase() string {
	for _, code := range []string{b.opts.Currency, b.headerCurrency} {
		if code != "" {
			return code
		}
	}
	return defaultCurrency
}

// chooseBase decides the book's currency and says why: the config's; the one a
// header names; the only one of the book; of several, the one without rates of
// exchange; CNY where it is among them; the one of most lines; CNY.
func (b *book) chooseBase() string {
	lines := map[string]int{}
	for c := range b.ledger.Currencies {
		if b.lines[c] > 0 {
			lines[b.ledger.Currencies[c].Code] = b.lines[c]
		}
	}
	blank := b.lines[noCurrency] > 0
	because := func(code, reason string) string {
		b.result.CurrencyReason = reason
		return code
	}
	codes := make([]string, 0, len(lines))
	for code := range lines {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(x, y string) int { return cmp.Or(cmp.Compare(lines[y], lines[x]), cmp.Compare(x, y)) })
	var unrated []string
	for _, code := range codes {
		rated := slices.ContainsFunc(b.ledger.Rates, func(r ledger.FxRate) bool { return b.ledger.Currencies[r.Currency].Code == code })
		if !rated {
			unrated = append(unrated, code)
		}
	}
	switch {
	case b.opts.Currency != "":
		return because(b.opts.Currency, "given")
	case b.headerCurrency != "" && (len(codes) == 0 || len(codes) == 1 && codes[0] == b.headerCurrency && !blank && !b.namesCurrencies()):
		return because(b.headerCurrency, "in-header")
	case len(codes) == 1 && !blank && len(unrated) == 1:
		return because(codes[0], "only-one")
	case len(codes) == 1 && blank && len(b.ledger.Rates) == 0:
		return because(codes[0], "only-one")
	case len(unrated) == 1 && len(b.ledger.Rates) > 0:
		return because(unrated[0], "not-in-rates")
	case len(codes) == 0 || lines[defaultCurrency] > 0 || len(b.ledger.Rates) > 0:
		return because(defaultCurrency, "default")
	}
	return because(codes[0], "most-lines")
}

// namesCurrencies reports whether a ledger sheet has a column of currencies.
func (b *book) namesCurrencies() bool {
	return slices.ContainsFunc(b.tabs, func(t *tab) bool {
		return t.header != nil && t.header.def.role == ledgerRole && t.header.has(fCurrency)
	})
}

// settleBase fixes the book's currency. again says that lines without a
// currency were read with another number of decimals and must be read again.
func (b *book) settleBase() (again bool) {
	base := b.chooseBase()
	exponent, known := ledger.Exponent(base)
	if !known {
		b.problem(Problem{Source: b.firstSource(), Severity: Error, Code: "bad-currency", Found: base, Message: quote(base) + " is not a currency", Hint: "want an ISO 4217 code such as CNY under book: currency"})
		b.fatal = true
		return false
	}
	blank := b.lines[noCurrency] > 0
	if blank && exponent != b.baseExponent {
		b.baseExponent = exponent
		return true
	}
	b.baseExponent = exponent
	b.ledger.Base = b.currencyIndex(base)
	for i := range b.ledger.Entries {
		if !blank {
			break
		}
		if e := &b.ledger.Entries[i]; e.Currency == noCurrency {
			e.Currency = b.ledger.Base
		}
	}
	for i := range b.ledger.LeftOut {
		if o := &b.ledger.LeftOut[i]; o.Currency == noCurrency {
			o.Currency = b.ledger.Base
		}
	}
	for i := range b.result.Problems {
		if p := &b.result.Problems[i]; p.HasAmount && p.Currency == "" {
			p.Currency = base
		}
	}
	return false
}

// checked is what the entries show by themselves.
type checked struct {
	faults faults
	sums   sheetSums
}

// check looks at the entries while the sheets beside the ledger are read, which
// change none of them.
func (b *book) check() <-chan checked {
	result := make(chan checked, 1)
	if b.fatal {
		close(result)
		return result
	}
	entries, sources, numbering, refunded := b.ledger.Entries, len(b.ledger.Sources), b.ledger.Numbering, b.haveRefunds()
	go func() {
		sums := make(chan sheetSums, 1)
		go func() { sums <- sumSheets(entries, sources) }()
		faults := newDocumentIndex(entries, numbering, refunded).faults()
		result <- checked{faults, <-sums}
	}()
	return result
}

// haveRefunds tells which customers have refunds.
func (b *book) haveRefunds() []bool {
	have := make([]bool, len(b.ledger.Customers))
	for _, c := range b.refunded {
		have[c] = true
	}
	return have
}

// finish completes the ledger once everything is read: due dates, names,
// documents that appear twice, documents that are settled and unknown.
func (b *book) finish(found checked) {
	l := b.ledger
	for i := range l.Customers {
		if c := &l.Customers[i]; c.Name == "" {
			c.Name = c.ID
		}
	}
	for i := range l.Reps {
		if r := &l.Reps[i]; r.Name == "" {
			r.Name = r.ID
		}
	}
	b.deriveDue()
	read := l.Entries
	if len(found.faults.duplicates) > 0 {
		b.refuseDuplicates(found.faults.duplicates)
		found.sums = sumSheets(l.Entries, len(l.Sources))
	}
	b.refuseRepeated()
	b.noteUnknown(read, found.faults.unknown)
	for i := range l.Entries {
		if b.result.Explicit = l.Entries[i].Settles != 0; b.result.Explicit {
			break
		}
	}
	b.noteSimilar()
	b.showSums(found.sums)
	if len(l.Entries) == 0 && !b.fatal && b.noRowFailed() {
		b.problem(Problem{Source: b.firstSource(), Severity: Error, Code: "empty-ledger", Message: "the ledger has no entries", Hint: "check the period of the export"})
		b.fatal = true
	}
	if len(l.Entries) == 0 && !b.fatal && b.opts.Lenient {
		b.problem(Problem{Source: b.firstSource(), Severity: Error, Code: "empty-ledger", Message: "no row of the ledger is without an error", Hint: "mend the errors, or map the columns under columns: of the config"})
		b.fatal = true
	}
}

func (b *book) noRowFailed() bool {
	errs, _ := Count(b.result.Problems)
	return errs == 0
}

// deriveDue gives documents without a due date the one of their terms: the
// line's, else the customer's, else the book's, from the date of issue (rules §2).
// Of some exports that is every document, so a note is put where it will lie, and what
// many of them say is written once.
func (b *book) deriveDue() {
	first := len(b.result.Problems)
	b.result.Problems = slices.Grow(b.result.Problems, len(b.undue))
	room := b.result.Problems[first : first+len(b.undue)]
	stretches(len(b.undue), func(from, to int) []Problem {
		undue, notes, known := b.undue[from:to], room[from:from:to], map[dueReason]dueNote{}
		if len(undue) == 0 {
			return nil
		}
		lines := b.lineTermsFrom(b.ledger.Entries[undue[0]].Pos)
		for _, i := range undue {
			e := &b.ledger.Entries[i]
			for len(lines) > 0 && lines[0].compare(e.Pos) < 0 {
				lines = lines[1:]
			}
			reason := b.reasonOf(e, lines)
			note, ok := known[reason]
			if !ok {
				note = reason.note()
				known[reason] = note
			}
			e.Due = note.due
			e.Flags |= ledger.DueDerived
			if e.Settles == 0 || e.Kind.MakesDocument() { // else it reopens the document it names, whose due date counts
				notes = append(notes, b.noteAt(e.Pos, fDue, "due-derived", "", note.message))
			}
		}
		return notes
	}, func(notes []Problem) { b.result.Problems = append(b.result.Problems, notes...) })
}

// lineTermsFrom returns the terms of lines from a row on.
func (b *book) lineTermsFrom(pos ledger.Pos) []lineTerms {
	at, _ := slices.BinarySearchFunc(b.lineTerms, pos, lineTerms.compare)
	return b.lineTerms[at:]
}

// lacksDue reports whether an entry is a debit without a due date.
func lacksDue(e *ledger.Entry) bool {
	return e.Due == 0 && (e.Amount > 0 || e.Has(ledger.HasOpen) && e.Open > 0)
}

// dueReason is what a due date is derived from.
type dueReason struct {
	issued ledger.Date
	terms  ledger.Terms
	whose  string
	net    bool // the sheet counts month-end terms from the date of issue: see settlePractice
}

// dueNote is a due date, and what says where it comes from.
type dueNote struct {
	due     ledger.Date
	message string
}

// reasonOf returns what the due date of a document is derived from, whose line is the
// first of those with terms if it has any.
func (b *book) reasonOf(e *ledger.Entry, lines []lineTerms) dueReason {
	reason := dueReason{issued: e.Issued, net: b.tabs[e.Pos.Source].netTerms}
	if len(lines) > 0 && lines[0].pos == e.Pos && lines[0].terms.Kind != ledger.TermsNone {
		reason.terms, reason.whose = lines[0].terms, "its"
	} else if terms := b.ledger.Customers[e.Customer].Terms; terms.Kind != ledger.TermsNone {
		reason.terms, reason.whose = terms, "the customer's"
	} else {
		reason.terms, reason.whose = b.opts.Terms, "the book's"
	}
	return reason
}

// note returns the due date, and says where it comes from.
func (r dueReason) note() dueNote {
	text := r.terms.String()
	if r.terms.Kind == ledger.TermsEOM && r.terms.Day == 0 && r.net {
		r.terms.Kind = ledger.TermsNet
		text += " counted from the date of issue, as the other lines of the sheet are"
	}
	due := r.terms.Due(r.issued)
	if r.terms.Kind == ledger.TermsNone {
		due, text = r.issued, "none: due at once"
	}
	return dueNote{due, "the due date is empty; it is " + due.String() + ", from " + r.issued.String() + " by " + r.whose + " terms " + text}
}

// note reports an assumption about a row that was read earlier.
func (b *book) note(pos ledger.Pos, f Field, code, found, message string) {
	b.problem(b.noteAt(pos, f, code, found, message))
}

// noteAt is the note that note reports.
func (b *book) noteAt(pos ledger.Pos, f Field, code, found, message string) Problem {
	return b.at(pos, f, Problem{Severity: Note, Code: code, Found: found, Message: message})
}

// at places a problem at a field of a row.
func (b *book) at(pos ledger.Pos, f Field, p Problem) Problem {
	p.Source, p.Row = b.ledger.Sources[pos.Source], int(pos.Row)
	p.Cell = strconv.Itoa(p.Row)
	if t := b.tabs[pos.Source]; t.header != nil {
		if c := t.header.col(f); c >= 0 {
			p.Cell = cellName(c, p.Row)
		}
	}
	return p
}

// refuseRepeated makes a second target of a rep and month, and a second, other
// rate of a currency and date, an error, and takes it out.
func (b *book) refuseRepeated() {
	refuse := func(pos, first ledger.Pos, f Field, what string) {
		b.problem(b.at(pos, f, Problem{Severity: Error, Code: "duplicate-row", Found: what, Message: "there is already a row for " + what,
			Hint: "delete one of the rows", See: b.ledger.Place(first)}))
	}
	type month struct {
		rep   int32
		month ledger.Month
	}
	targets := map[month]ledger.Pos{}
	b.ledger.Targets = slices.DeleteFunc(b.ledger.Targets, func(t ledger.Target) bool {
		first, taken := targets[month{t.Rep, t.Month}]
		if taken {
			refuse(t.Pos, first, fMonth, fmt.Sprintf("%s in %s", b.ledger.Reps[t.Rep].ID, t.Month))
		} else {
			targets[month{t.Rep, t.Month}] = t.Pos
		}
		return taken
	})
	type day struct {
		currency uint8
		date     ledger.Date
	}
	rates := map[day]ledger.FxRate{}
	b.ledger.Rates = slices.DeleteFunc(b.ledger.Rates, func(x ledger.FxRate) bool {
		first, taken := rates[day{x.Currency, x.Date}]
		if !taken {
			rates[day{x.Currency, x.Date}] = x
		} else if first.Rate != x.Rate {
			refuse(x.Pos, first.Pos, fRate, fmt.Sprintf("%s at %s", b.ledger.Currencies[x.Currency].Code, x.Date))
		}
		return taken
	})
}

// noteSimilar notes customers whose ids differ in nothing but case, width or
// leading zeros, as a spreadsheet drops them: they may be one, and are kept apart.
func (b *book) noteSimilar() {
	first := map[string]int32{}
	similar := map[int32]int32{}
	for i, c := range b.ledger.Customers {
		key := strings.TrimLeft(strings.ToLower(narrow(c.ID)), "0")
		if at, taken := first[key]; taken {
			similar[int32(i)] = at
		} else {
			first[key] = int32(i)
		}
	}
	for i := range b.ledger.Entries {
		if len(similar) == 0 {
			return
		}
		e := &b.ledger.Entries[i]
		at, ok := similar[e.Customer]
		if !ok {
			continue
		}
		delete(similar, e.Customer) // once each, at the first line
		id := b.ledger.Customers[e.Customer].ID
		b.note(e.Pos, fCustomer, "similar-customer", id, fmt.Sprintf("customer %s differs from %s in case, width or leading zeros only; the two are kept apart", quote(id), quote(b.ledger.Customers[at].ID)))
	}
}

// sheetSums are the control totals of each source by currency, both by their index;
// nil for a source without entries. The currencies of the sums are not filled in.
type sheetSums []*[256]Sum

// sumSheets adds up the control totals of the sheets.
func sumSheets(entries []ledger.Entry, sources int) sheetSums {
	sums := make(sheetSums, sources)
	var of *[256]Sum // of the source of the entry before
	for i := range entries {
		e := &entries[i]
		if i == 0 || e.Pos.Source != entries[i-1].Pos.Source {
			if sums[e.Pos.Source] == nil {
				sums[e.Pos.Source] = new([256]Sum)
			}
			of = sums[e.Pos.Source]
		}
		amount := e.Amount
		if e.Has(ledger.HasOpen) {
			amount = e.Open
		}
		to := &of[e.Currency]
		sum, fits := to.Amount.Add(amount)
		to.Amount, to.Overflow = sum, to.Overflow || !fits
		to.Rows++
	}
	return sums
}

// showSums tells what the sheets came to.
func (b *book) showSums(sums sheetSums) {
	for _, t := range b.tabs {
		of := sums[t.source]
		for currency := range b.ledger.Currencies {
			if of == nil || of[currency].Rows == 0 {
				continue
			}
			s := of[currency]
			s.Currency = b.ledger.Currencies[currency]
			t.rec.Sums = append(t.rec.Sums, s)
		}
		slices.SortFunc(t.rec.Sums, func(x, y Sum) int { return cmp.Compare(x.Currency.Code, y.Currency.Code) })
	}
}
