package xlsx

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	books "duepack/render/internal/book"
)

// Each rep of the list stands above its customers, and its amounts are the
// rep's figures; the last row is the company.
func TestAgingListAddsUpToRepsAndCompany(t *testing.T) {
	for name, p := range books.All() {
		t.Run(name, func(t *testing.T) {
			f, _ := open(t, p, "en")
			rows := rowsOf(t, f, words("en").Text("workbook.sheet.aging_list"))
			reps := map[string]*analysis.Subject{}
			for i := range p.Reps {
				reps[p.Reps[i].ID] = &p.Reps[i]
			}
			compared := 0
			check := func(row []string, s *analysis.Subject) {
				compared++
				for i := range p.Buckets {
					if want := decimal(s.Aging[i], p.BookCurrency()); !sameCell(row[agingColumns+i], want) {
						t.Errorf("%s: %s is %s, want %s", s.Path(), p.Buckets[i].ID, row[agingColumns+i], want)
					}
				}
				for i, id := range []analysis.FigureID{analysis.OnAccount, analysis.Balance, analysis.Overdue} {
					if want := cached(s.Values[id], p.BookCurrency()); !sameCell(row[agingColumns+len(p.Buckets)+i], want) {
						t.Errorf("%s: %s is %s, want %s", s.Path(), id.Def().Key, row[agingColumns+len(p.Buckets)+i], want)
					}
				}
			}
			key := agingColumns + len(p.Buckets) + 7
			for _, row := range rows[headRows+1 : len(rows)-1] {
				if len(row) < key { // a rep has no numbers to select by
					check(row, reps[row[agingIDColumn-1]])
				}
			}
			check(rows[len(rows)-1], &p.Company)
			withItems := map[int32]bool{}
			for i := range p.Detail.Open {
				withItems[p.Detail.Open[i].Rep] = true
			}
			if compared != len(withItems)+1 {
				t.Errorf("%d rows compared, want %d reps and the company", compared, len(withItems))
			}
		})
	}
}

// A cell that shows a figure has the value of the figure, on every sheet.
func TestEverySheetShowsTheFiguresOfFigures(t *testing.T) {
	of := regexp.MustCompile(`^IF\(Figures!\$C\$(\d+)=""`)
	for name, p := range books.All() {
		t.Run(name, func(t *testing.T) {
			f, _ := open(t, p, "zh-CN")
			figures := rowsOf(t, f, figuresSheet)
			compared := 0
			for _, sheet := range f.GetSheetList() {
				rows := rowsOf(t, f, sheet)
				if len(rows) > 400 {
					continue // data
				}
				for i, row := range rows {
					for j, got := range row {
						formula, err := f.GetCellFormula(sheet, relative(j+1, i+1))
						if err != nil {
							t.Fatal(err)
						}
						m := of.FindStringSubmatch(formula)
						if m == nil {
							continue
						}
						n, _ := strconv.Atoi(m[1])
						want := figures[n-1][figureValueColumn-1]
						if compared++; got != want && !(want == "" && got == "–") {
							t.Errorf("%s!%s is %s, %s is %s", sheet, relative(j+1, i+1), got, figures[n-1][0], want)
						}
					}
				}
			}
			if compared < 20 {
				t.Errorf("%d cells compared", compared)
			}
		})
	}
}

// 100,000 at 6 %, 45 days late costs 100,000 × 45 × 6 % ÷ 365 = 739.73; at a
// margin of 5 % that is 14.7945 % of the profit of 5,000 (rules §7).
func TestWhatIfAnswersForThisBook(t *testing.T) {
	p := books.Trading()
	f, _ := open(t, p, "en")
	w := words("en")
	got := map[string]string{}
	for _, row := range rowsOf(t, f, w.Text("workbook.sheet.what_if")) {
		if len(row) > 1 && got[row[0]] == "" {
			got[row[0]] = row[1]
		}
	}
	for key, want := range map[string]string{
		"workbook.what_if_cost": "739.73", "workbook.what_if_eaten": "0.147946", "workbook.what_if_months": "10",
		// 2,500.00 written off, nothing recovered: ÷ 5 %.
		"workbook.what_if_need": "50000.00",
	} {
		if !sameCell(got[w.Text(key)], want) {
			t.Errorf("%s is %s, want %s", w.Text(key), got[w.Text(key)], want)
		}
	}
}

// The course tables are printed in the rules (§7, §8).
func TestWhatIfTablesAreThoseOfTheCourse(t *testing.T) {
	f, _ := open(t, books.Trading(), "en")
	rows := rowsOf(t, f, words("en").Text("workbook.sheet.what_if"))
	found := map[string]bool{}
	for _, row := range rows {
		switch {
		case len(row) > 5 && row[0] == "2500.00": // at 2 3 4 5 6 %
			found["sales"] = true
			for i, want := range []string{"125000", "83333.33", "62500", "50000", "41666.67"} {
				if !sameCell(row[i+1], want) {
					t.Errorf("2,500 needs %s, want %s", row[i+1], want)
				}
			}
		case len(row) > 3 && row[0] == "0.08": // against 5 6 8 %
			found["months"] = true
			for i, want := range []string{"19.2", "16", "12"} {
				if !sameCell(row[i+1], want) {
					t.Errorf("8 %% is eaten in %s months, want %s", row[i+1], want)
				}
			}
		}
	}
	if len(found) != 2 {
		t.Errorf("rows of %v found, want sales and months", found)
	}
}

// A charge above zero is a debit of the loss; one below zero is a release and
// changes sides (rules §9).
func TestJournalBooksAReleaseTheOtherWayRound(t *testing.T) {
	for _, c := range []struct {
		charge          ledger.Minor
		loss, allowance [2]string // debit, credit
	}{
		{12_345, [2]string{"123.45", "0.00"}, [2]string{"0.00", "123.45"}},
		{-12_345, [2]string{"0.00", "123.45"}, [2]string{"123.45", "0.00"}},
	} {
		p := books.Trading()
		p.Company.Values[analysis.ProvisionCharge].Minor = c.charge
		f, _ := open(t, p, "en")
		rows := rowsOf(t, f, words("en").Text("workbook.sheet.journal"))
		if got := [2]string(rows[4][2:4]); got != c.loss {
			t.Errorf("charge %d: the loss is %v, want %v", c.charge, got, c.loss)
		}
		if got := [2]string(rows[5][2:4]); got != c.allowance {
			t.Errorf("charge %d: the allowance is %v, want %v", c.charge, got, c.allowance)
		}
	}
}

func TestExceptionsHavePlaceAndHint(t *testing.T) {
	out := workbooks()["trading/en"]
	f := reopen(t, out)
	rows := rowsOf(t, f, words("en").Text("workbook.sheet.exceptions"))
	list := rows[headRows+1:]
	if len(list) != len(someProblems()) {
		t.Fatalf("%d problems listed, want %d", len(list), len(someProblems()))
	}
	want := []string{"Error", "bad-amount", "ledger.xlsx!Ledger!F17", `"12,3x" is not an amount`, "write it as 1234.50", "12,3x", "-12.50", "CNY"}
	for i := range want {
		if list[0][i] != want[i] {
			t.Errorf("column %d is %q, want %q", i+1, list[0][i], want[i])
		}
	}
}

// Names that break pages are texts wherever the workbook shows them.
func TestHostileNamesAreTextsOnEverySheet(t *testing.T) {
	f := reopen(t, workbooks()["trading/en"])
	seen := map[string]bool{}
	for _, sheet := range f.GetSheetList() {
		for i, row := range rowsOf(t, f, sheet) {
			for j, text := range row {
				for _, name := range books.HostileNames {
					clean := strings.ReplaceAll(name, "\n", " ")
					if text != clean {
						continue
					}
					seen[name] = true
					if formula, _ := f.GetCellFormula(sheet, relative(j+1, i+1)); formula != "" {
						t.Errorf("%s!%s is the formula %s", sheet, relative(j+1, i+1), formula)
					}
				}
			}
		}
	}
	if len(seen) != len(books.HostileNames) {
		t.Errorf("%d of %d names are in the workbook", len(seen), len(books.HostileNames))
	}
}
