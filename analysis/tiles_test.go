package analysis

import (
	"math/big"
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// tilesOf returns the headline figures of a pack by the key of their label.
func tilesOf(t *testing.T, p *Pack) map[string]Tile {
	t.Helper()
	tiles := map[string]Tile{}
	for _, b := range p.Sections[0].Blocks {
		if b.Figures != nil {
			for _, tile := range b.Figures.Tiles {
				tiles[tile.Key] = tile
			}
		}
	}
	if len(tiles) == 0 {
		t.Fatal("the summary has no headline figures")
	}
	return tiles
}

// 1,000.00 is sold in August and September each and due at once; 400.00 comes in
// in September, 600.00 in October, when 2,000.00 is sold, due in November.
func tilesLedger() *ledger.Ledger {
	at := ledger.MustDate
	entry := func(row int32, id string, kind ledger.Kind, posted, due string, amount ledger.Minor, settles string) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Posted: at(posted), Issued: at(posted), Due: at(due), Amount: amount, Settles: ledgertest.ID(settles), Rep: ledger.None, Region: ledger.None, Pos: ledger.Pos{Row: row}}
	}
	return &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Customers:  []ledger.Customer{{ID: "C1", Name: "Hengda", Rep: ledger.None, Region: ledger.None}},
		Sources:    []ledger.Source{{File: "ledger.csv"}},
		Entries: []ledger.Entry{
			entry(2, "I1", ledger.Invoice, "2026-08-05", "2026-08-05", 100_000, ""),
			entry(3, "I2", ledger.Invoice, "2026-09-05", "2026-09-05", 100_000, ""),
			entry(4, "R1", ledger.Receipt, "2026-09-10", "2026-09-10", -40_000, "I1"),
			entry(5, "R2", ledger.Receipt, "2026-10-10", "2026-10-10", -60_000, "I1"),
			entry(6, "I3", ledger.Invoice, "2026-10-15", "2026-11-15", 200_000, ""),
		},
	}
}

func tilesOptions() Options {
	opt := Options{
		AsOf: ledger.MustDate("2026-10-31"), From: ledger.MustDate("2026-10-01"), To: ledger.MustDate("2026-10-31"),
		Apply: Explicit, RepBasis: RepOnDocument, Margin: ledger.Ratio{Num: 1, Den: 20},
		Rates: []RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}}, Basis: ACT365,
		Aging: AgingRule{Basis: ByDue, Credits: CreditsOnAccount}, Bounds: DefaultBounds(), HistoryMonths: 13,
	}
	return opt
}

// At the end of September 1,600.00 is owed, all of it due; at the end of October
// 3,000.00, of which 1,000.00 is overdue: a third, 66.7 points less.
func TestTilesChangeSinceTheMonthEndBefore(t *testing.T) {
	p, err := Build(tilesLedger(), tilesOptions())
	if err != nil {
		t.Fatal(err)
	}
	tiles := tilesOf(t, p)
	if got := tiles["tile.balance"].Change; got.Minor != 140_000 || got.IsAbsent() {
		t.Errorf("receivables changed by %v, want 1,400.00", got)
	}
	if got := tiles["tile.overdue_share"].Change; got.IsAbsent() || got.Ratio.Cmp(big.NewRat(-2, 3)) != 0 {
		t.Errorf("the overdue share changed by %v, want −2/3", got)
	}
	// 600 of 2,000 in October against 400 of 1,000 in September.
	if got := tiles["tile.collection_rate"].Change; got.IsAbsent() || got.Ratio.Cmp(big.NewRat(-1, 10)) != 0 {
		t.Errorf("the collection rate changed by %v, want −0.1", got)
	}
	if got := len(tiles["tile.balance"].Trend); got != 3 {
		t.Errorf("%d month-ends, want August, September and October", got)
	}
}

func TestTrendEndsWithTheFigureItself(t *testing.T) {
	p, err := Build(tilesLedger(), tilesOptions())
	if err != nil {
		t.Fatal(err)
	}
	for key, tile := range tilesOf(t, p) {
		last, now := tile.Trend[len(tile.Trend)-1], *tile.Value.Value
		if last.Unit != now.Unit || last.Minor != now.Minor || last.Absent != now.Absent || !now.IsAbsent() && now.Ratio != nil && last.Ratio.Cmp(now.Ratio) != 0 {
			t.Errorf("%s is %v and its trend ends with %v", key, now, last)
		}
		for i, end := range p.History {
			if key == "tile.balance" && tile.Trend[i].Minor != end.Company.Values[Balance].Minor {
				t.Errorf("trend %d is %d, the month-end %d", i, tile.Trend[i].Minor, end.Company.Values[Balance].Minor)
			}
		}
	}
}

// A quarter does not compare with a month, the position at its end does.
func TestFlowsOfAQuarterHaveNoChangeOnTheMonthBefore(t *testing.T) {
	opt := tilesOptions()
	opt.From = ledger.MustDate("2026-08-01")
	p, err := Build(tilesLedger(), opt)
	if err != nil {
		t.Fatal(err)
	}
	tiles := tilesOf(t, p)
	for _, key := range []string{"tile.dso", "tile.collection_rate", "tile.financing_cost", "tile.extra_sales"} {
		if tile := tiles[key]; tile.Change.Absent != NotOneMonth || len(tile.Trend) > 0 {
			t.Errorf("%s changed by %v over %v", key, tile.Change, tile.Trend)
		}
	}
	if got := tiles["tile.balance"].Change.Minor; got != 140_000 {
		t.Errorf("receivables changed by %d, want 1,400.00", got)
	}
}

func TestBookThatBeginsThisMonthHasNoChange(t *testing.T) {
	l := tilesLedger()
	l.Entries = l.Entries[4:]
	p, err := Build(l, tilesOptions())
	if err != nil {
		t.Fatal(err)
	}
	if got := tilesOf(t, p)["tile.balance"].Change.Absent; got != NoMonthBefore {
		t.Errorf("absent because of %q, want %q", got, NoMonthBefore)
	}
}

// The as-of date is in the middle of November: the trend ends with it.
func TestTrendEndsWithAnAsOfDateThatIsNoMonthEnd(t *testing.T) {
	opt := tilesOptions()
	opt.AsOf, opt.To, opt.From = ledger.MustDate("2026-11-15"), ledger.MustDate("2026-11-15"), ledger.MustDate("2026-11-01")
	p, err := Build(tilesLedger(), opt)
	if err != nil {
		t.Fatal(err)
	}
	tile := tilesOf(t, p)["tile.balance"]
	if got := tile.Trend; len(got) != 4 || got[3].Minor != 300_000 {
		t.Errorf("trend %v, want four with 3,000.00 at the end", got)
	}
	if tile.Change.Minor != 0 || tile.Change.IsAbsent() {
		t.Errorf("changed by %v since October, want nothing", tile.Change)
	}
}

// A list of open items has no sales; what it has takes their place.
func TestTilesOfAListOfOpenItemsAreFiguresItHas(t *testing.T) {
	l := tilesLedger()
	l.Entries, l.Snapshot = l.Entries[:2], true
	p, err := Build(l, tilesOptions())
	if err != nil {
		t.Fatal(err)
	}
	tiles := tilesOf(t, p)
	for key, tile := range tiles {
		if tile.Value.Value.Absent == NoHistory {
			t.Errorf("%s is never there", key)
		}
	}
	if _, ok := tiles["tile.documents_open"]; !ok || len(tiles) > headlineCount {
		t.Errorf("%d headline figures: %v", len(tiles), tiles)
	}
}

func TestAgingTableSaysWhatChangedSinceTheMonthEndBefore(t *testing.T) {
	p, err := Build(tilesLedger(), tilesOptions())
	if err != nil {
		t.Fatal(err)
	}
	var table *Table
	for _, s := range p.Sections {
		for _, b := range s.Blocks {
			if b.Table != nil && s.ID == "aging" && b.Table.ID == "aging" {
				table = b.Table
			}
		}
	}
	// Not due 0 → 2,000; 1–30 days 1,000 → 0; 31–60 600 → 1,000; the rest 0; all
	// of it 1,600 → 3,000.
	want := []ledger.Minor{200_000, -100_000, 40_000, 0, 0, 0, 140_000}
	for i, w := range want {
		if got := table.Rows[i].Cells[2].Value.Minor; got != w {
			t.Errorf("row %d changed by %d, want %d", i, got, w)
		}
	}
}
