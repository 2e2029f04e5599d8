package derivation_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	"duepack/render"
	"duepack/render/derivation"
)

// twoInvoices is a pack of two invoices of 100 and 50, of which 30 is paid.
func twoInvoices(t *testing.T) *analysis.Pack {
	t.Helper()
	day := ledger.MustDate
	entry := func(id string, kind ledger.Kind, posted string, amount ledger.Minor, settles string, row int32) ledger.Entry {
		e := ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Posted: day(posted), Issued: day(posted), Amount: amount, Settles: ledgertest.ID(settles), Rep: ledger.None, Region: ledger.None, Pos: ledger.Pos{Row: row}}
		if amount > 0 {
			e.Due = e.Posted
		}
		return e
	}
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}}, Sources: []ledger.Source{{File: "l.xlsx", Sheet: "Ledger"}},
		Customers: []ledger.Customer{{ID: "C1", Name: "Hengda", Rep: ledger.None, Region: ledger.None}},
		Entries: []ledger.Entry{
			entry("A", ledger.Invoice, "2026-10-01", 100_00, "", 2),
			entry("B", ledger.Invoice, "2026-10-02", 50_00, "", 3),
			entry("R", ledger.Receipt, "2026-10-11", -30_00, "A", 4),
		},
	}
	p, err := analysis.Build(l, analysis.Options{
		AsOf: day("2026-10-31"), From: day("2026-10-01"), To: day("2026-10-31"), Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
		Margin: ledger.Ratio{Num: 1, Den: 20}, Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func words(t *testing.T, lang string) *render.Words {
	t.Helper()
	w, err := render.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTextEndsAtTheRowsOfTheInput(t *testing.T) {
	p := twoInvoices(t)
	list, _ := p.ExplainAll("company/collection_rate")
	for _, lang := range []string{"en", "zh-CN"} {
		var out bytes.Buffer
		if err := derivation.Text(&out, p, list, words(t, lang), 0); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"company/collection_rate = 0.2000", "company/receipts = 30.00 CNY", "company/sales = 150.00 CNY", "l.xlsx!Ledger!2", "l.xlsx!Ledger!3", "l.xlsx!Ledger!4", "R → A"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", lang, want, out.String())
			}
		}
		if strings.Contains(out.String(), "[") {
			t.Errorf("%s: a wording key is missing in\n%s", lang, out.String())
		}
	}
}

func TestShortTextSaysWhatTheOtherRowsComeTo(t *testing.T) {
	p := twoInvoices(t)
	list, _ := p.ExplainAll("company/sales")
	var out bytes.Buffer
	if err := derivation.Text(&out, p, list, words(t, "en"), 1); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 more") || !strings.Contains(out.String(), "50.00") || strings.Contains(out.String(), "Ledger!3") {
		t.Errorf("the second of two rows is not summed up:\n%s", out.String())
	}
}

func TestJSONAndWorkbookHoldEveryRow(t *testing.T) {
	p := twoInvoices(t)
	list, _ := p.ExplainAll("company/balance")
	var text, book bytes.Buffer
	if err := derivation.JSON(&text, p, list, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	var docs []struct {
		Value string
		Parts []struct {
			Rows []struct{ Amount, Place string }
		}
	}
	if err := json.Unmarshal(text.Bytes(), &docs); err != nil {
		t.Fatal(err)
	}
	if rows := docs[0].Parts[0].Rows; docs[0].Value != "120.00" || len(rows) != 2 || rows[0].Amount != "70.00" || rows[1].Place != "l.xlsx!Ledger!3" {
		t.Errorf("balance %+v, want 120.00 of 70.00 and 50.00", docs)
	}
	if err := derivation.XLSX(&book, p, list, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	formula, _ := f.GetCellFormula("Sheet1", "A2")
	value, _ := f.GetCellValue("Sheet1", "A2")
	sum, _ := f.CalcCellValue("Sheet1", "A2")
	if formula != "SUM(A3:A4)" || value != "120" || sum != "120" {
		t.Errorf("the part is %q = %s, recalculated %s; want SUM(A3:A4) = 120", formula, value, sum)
	}
}

// By hand, rules §7: of A 100 was late for 10 days and 70 for 20, of B 50 for
// 29; 2,400 and 1,450 × 6 % ÷ 365 are 0.39 and 0.24.
func TestCostIsDerivedFromAmountDaysAndRate(t *testing.T) {
	p := twoInvoices(t)
	list, _ := p.ExplainAll("company/financing_cost")
	var text, doc bytes.Buffer
	if err := derivation.Text(&text, p, list, words(t, "en"), 0); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"company/financing_cost = 0.63 CNY", "0.39", "2400.00 CNY × days  × 6% ÷ 365", "0.24", "1450.00 CNY × days  × 6% ÷ 365"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if err := derivation.JSON(&doc, p, list, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	if want := `"amount_days": "2400.00"`; !strings.Contains(doc.String(), want) {
		t.Errorf("no %s in\n%s", want, doc.String())
	}
}

// By hand: closing 120 of October's sales of 150 takes 31 × 120 ÷ 150 days; the
// receipt was 10 days late for 30.
func TestMonthsAndDaysOfPartsAreInTheirUnit(t *testing.T) {
	p := twoInvoices(t)
	for figure, want := range map[string]string{
		"company/dso_countback": "as far as the balance needs them: 120.00 CNY\n",
		"company/days_late":     "Applied × days after due: 300.00 CNY × days\n",
	} {
		list, _ := p.ExplainAll(figure)
		var out bytes.Buffer
		if err := derivation.Text(&out, p, list, words(t, "en"), 0); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %q in\n%s", figure, want, out.String())
		}
	}
}
