package ingest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"duepack/ingest/sheet"

	"pgregory.net/rapid"
)

// A word that could be two columns of one sheet would be taken for whichever
// comes first in the list of fields: each must be decided on purpose.
func TestNoHeaderMeansTwoColumnsOfOneSheet(t *testing.T) {
	for word, fields := range synonyms {
		for i := range roles {
			var known []string
			for _, f := range fields {
				if f != fIgnored && slices.Contains(roles[i].knows, f) {
					known = append(known, f.String())
				}
			}
			if len(known) > 1 {
				t.Errorf("%s on the sheet %s: %s", word, roles[i].role, strings.Join(known, " or "))
			}
		}
	}
}

// The canonical headers of the contract, by sheet.
func TestEveryCanonicalHeaderIsRecognised(t *testing.T) {
	for sheet, headers := range map[role]string{
		ledgerRole:    "Document, Type, Customer, Customer Name, Rep, Region, Currency, Posted, Issued, Due, Terms, Instalment, Amount, Debit, Credit, Settles, Cost, Open Amount, Settled On, Disputed, Contract, Delivery, Created By, Approved By, Note",
		customersRole: "Customer, Name, Rep, Region, Group, Terms, Credit Limit, Rating, Margin, Financing Rate, Email",
		repsRole:      "Rep, Name, Team, Manager, Email, Margin",
		targetsRole:   "Rep, Month, Sales Target, Collection Target, Expenses",
		promisesRole:  "Promise, Customer, Document, Made On, Promised For, Amount, Excuse, Note",
		ratesRole:     "Currency, Date, Rate",
		controlRole:   "Account, Date, Currency, Balance",
	} {
		def := roles[slices.IndexFunc(roles, func(d roleDef) bool { return d.role == sheet })]
		for header := range strings.SplitSeq(headers, ", ") {
			f := fieldNamed(header)
			if !slices.Contains(synonyms[foldHeader(header)], f) || !slices.Contains(def.knows, f) || f == fIgnored {
				t.Errorf("%s on the sheet %s is not recognised", header, sheet)
			}
		}
	}
}

// ASCII is folded apart; a space of full width sends the same header the other way.
func TestPlainHeadersFoldAsAllOthersDo(t *testing.T) {
	for _, header := range []string{"", "#", " # ", "No. #", "InvoiceNo", "invoice_no", "Amount (EUR)", "[x] y", "due date", "x1\tY2\n", "Z-a@[`{", strings.Repeat("Abc ", 40), "Betrag €", "été", "单据编号"} {
		if plain, other := foldHeader(header), foldHeader(header+"\u3000"); plain != other {
			t.Errorf("%q is %q, and with a space of full width %q", header, plain, other)
		}
	}
}

// What a row is counted to name is never less than what any role reads in it:
// a row that is passed over for its count is no header of any role.
func TestRowsAreCountedToNameAtLeastWhatRolesRead(t *testing.T) {
	texts := append(slices.Sorted(maps.Keys(synonyms)), slices.Sorted(maps.Keys(weakHeaders))...)
	others := []string{"", " ", "12 Main St", "#", "(USD)", "Own Header"}
	parts := []string{"日期", "开票", "借方", "金额"} // a header where one stands above another
	overrides := mapping{"ownheader": {{fAmount, "Own Header"}}}
	row := rapid.Custom(func(t *rapid.T) (r sheet.Row) {
		for range rapid.IntRange(0, 5).Draw(t, "cells") {
			cell := sheet.Cell{Text: rapid.OneOf(rapid.SampledFrom(texts), rapid.SampledFrom(others), rapid.SampledFrom(parts)).Draw(t, "text"), Kind: sheet.Text}
			if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
				cell.Kind = sheet.Number
			}
			r.Cells = append(r.Cells, cell)
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		upper, lower := row.Draw(t, "upper"), row.Draw(t, "lower")
		upper.Number, lower.Number = 1, 2
		named := fieldsOf([]sheet.Row{upper, lower}, overrides)
		if rapid.Bool().Draw(t, "alone") {
			upper = sheet.Row{}
			named = append([]rowFields{nil}, fieldsOf([]sheet.Row{lower}, overrides)...)
		}
		for i := range roles {
			h := readHeader(&roles[i], lower, upper, overrides)
			if upper.Number > 0 {
				h.addUpper(upper, nil, overrides)
			}
			known := setOf(roles[i].knows)
			count := named[0].count(known) + named[1].count(known)
			if len(h.columns) > count {
				t.Fatalf("%s: %d columns %v, counted %d", roles[i].role, len(h.columns), h.columns, count)
			}
		}
	})
}

// Which fields two texts name together is found from their folded forms; it must
// be what folding them joined gives, brackets that stay open and all.
func TestJoinedHeadersNameWhatTheyNameWhenFoldedTogether(t *testing.T) {
	parts := []string{"借方", "金额", "Posting", "Date", "date (x)", "(", ")", "Amount (", "EUR)", "（", "金额）", "#", "No", " ", "後", "单据", "日期", "invoice", "1", "【本币】", "_"}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				group, column := a+b, c
				want := fieldSet(0)
				if joined := joinHeaders(group, column, nil); joined != "" {
					want = fieldsNamed(foldHeader(joined), nil)
				}
				if got := fieldsJoined(folded(group), folded(column), nil); got != want {
					t.Fatalf("%q above %q: fields %b, want %b", group, column, got, want)
				}
			}
		}
	}
}

func TestATextRepeatsAHeaderSpacesAside(t *testing.T) {
	for text, want := range map[string]bool{
		"Invoice No": true, " Invoice  No ": true, "Invoice\u2003No": true, "Invoice\nNo": true, "Invoice\u00a0No": true,
		"INV-000001": false, "Invoice Note": false, "invoice no": false, "InvoiceNo": false,
	} {
		if got := repeats(text, "Invoice No"); got != want {
			t.Errorf("%q repeats the header: %t, want %t", text, got, want)
		}
	}
	if n := testing.AllocsPerRun(10, func() { repeats("INV-000001", "Invoice No") }); n > 0 {
		t.Errorf("a document number that begins like the header takes memory %g times", n)
	}
}
