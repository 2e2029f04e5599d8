package analysis_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// fourCenturies is a number of days after which the calendar repeats.
const fourCenturies ledger.Date = 146097

// buildBook builds the pack of a random book.
func buildBook(t *rapid.T, b randomBook) *analysis.Pack {
	t.Helper()
	p, err := analysis.Build(b.l, b.opt)
	if err != nil {
		t.Fatalf("Build: %v\n%s", err, b)
	}
	return p
}

// with returns the book with other entries.
func (b randomBook) with(entries []ledger.Entry) randomBook {
	l := *b.l
	l.Entries = entries
	return randomBook{&l, b.opt}
}

// figureTexts writes every figure under its id.
func figureTexts(p *analysis.Pack) map[string]string {
	all := map[string]string{}
	for _, s := range p.Subjects() {
		for i, sum := range s.Aging {
			all[s.Path()+"/aging/"+p.Buckets[i].ID] = fmt.Sprint(int64(sum))
		}
		for _, id := range analysis.Figures() {
			if s.Has(id) {
				all[s.Path()+"/"+id.Def().Key] = valueText(s.Value(id))
			}
		}
	}
	return all
}

// mustAgree fails where two packs differ in a figure that is compared.
func mustAgree(t *rapid.T, why string, before, after *analysis.Pack, compared func(id string) bool, b randomBook) {
	t.Helper()
	old, now := figureTexts(before), figureTexts(after)
	var diff []string
	for id, text := range old {
		if compared(id) && now[id] != text {
			diff = append(diff, fmt.Sprintf("%s was %s, is %q", id, text, now[id]))
		}
	}
	for id := range now {
		if _, ok := old[id]; !ok && compared(id) {
			diff = append(diff, id+" is new")
		}
	}
	if len(diff) > 0 {
		sort.Strings(diff)
		t.Fatalf("%s\n%s\n%s", why, strings.Join(diff, "\n"), b)
	}
}

func everyFigure(string) bool { return true }

// only compares the figures with one of the keys, aging included, at those
// levels whose path begins with prefix.
func only(prefix string, keys ...string) func(string) bool {
	return func(id string) bool {
		if !strings.HasPrefix(id, prefix) {
			return false
		}
		for _, key := range keys {
			if strings.HasSuffix(id, "/"+key) || key == "aging" && strings.Contains(id, "/aging/") {
				return true
			}
		}
		return false
	}
}

// TestBalanceIsTheSumOfWhatWasPosted is conservation (rules §3): for every
// customer and currency the open items sum to the amounts posted up to D.
func TestBalanceIsTheSumOfWhatWasPosted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		p := buildBook(t, b)
		for _, at := range []struct {
			day   ledger.Date
			items []analysis.Item
		}{{b.opt.AsOf, p.Detail.Open}, {b.opt.From - 1, p.Detail.Opening}} {
			rest := map[string]ledger.Minor{}
			for i := range b.l.Entries {
				if e := &b.l.Entries[i]; e.Posted <= at.day && e.Kind != ledger.Recovery {
					rest[b.l.Customers[e.Customer].ID+" "+b.l.Currencies[e.Currency].Code] += e.Amount
				}
			}
			for _, item := range at.items {
				rest[p.Customers[item.Customer].ID+" "+p.Currencies[item.Currency].Code] -= item.Open
			}
			for account, sum := range rest {
				if sum != 0 {
					t.Fatalf("%s at %s: posted less open is %d\n%s", account, at.day, sum, b)
				}
			}
		}
	})
}

// TestWhatIsPostedLaterChangesNothing is prefix stability (rules §3).
func TestWhatIsPostedLaterChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		var known []ledger.Entry
		for _, e := range b.l.Entries {
			if e.Posted <= b.opt.AsOf {
				known = append(known, e)
			}
		}
		mustAgree(t, "without what was posted after D", buildBook(t, b), buildBook(t, b.with(known)), everyFigure, b)
	})
}

// additive are the figures that every level adds up (rules §1).
var additive = []string{"on_account", "balance", "overdue", "disputed", "documents_open", "opening", "sales", "receipts", "recoveries", "write_offs",
	"adjustments", "fx", "closing", "financing_cost", "terms_cost", "gross_margin", "bad_debt", "provision", "provision_charge"}

// TestEveryLevelFootsToTheCompany holds customers, reps and regions to the
// company, aging and on account to the balance, and the roll-forward to the
// closing balance (rules §1, §4, §10, §11).
func TestEveryLevelFootsToTheCompany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		p := buildBook(t, b)
		for name, subjects := range map[string][]analysis.Subject{"customers": p.Customers, "reps": p.Reps, "regions": p.Regions} {
			for i := range p.Buckets {
				sum := ledger.Minor(0)
				for _, s := range subjects {
					sum += s.Aging[i]
				}
				if sum != p.Company.Aging[i] {
					t.Fatalf("%s: bucket %s sums to %d, the company has %d\n%s", name, p.Buckets[i].ID, sum, p.Company.Aging[i], b)
				}
			}
			for _, key := range additive {
				id, _ := analysis.FigureByKey(key)
				sum := ledger.Minor(0)
				for _, s := range subjects {
					sum += s.Value(id).Minor
				}
				if got := p.Company.Value(id).Minor; sum != got {
					t.Fatalf("%s: %s sums to %d, the company has %d\n%s", name, key, sum, got, b)
				}
			}
		}
		for _, s := range p.Subjects() {
			subjectFoots(t, s, b)
		}
	})
}

func subjectFoots(t *rapid.T, s *analysis.Subject, b randomBook) {
	t.Helper()
	get := func(key string) ledger.Minor {
		id, _ := analysis.FigureByKey(key)
		return s.Value(id).Minor
	}
	aged := get("on_account")
	for _, sum := range s.Aging {
		aged += sum
	}
	if aged != get("balance") {
		t.Fatalf("%s: aging and on account are %d, the balance is %d\n%s", s.Path(), aged, get("balance"), b)
	}
	rolled := get("opening") + get("sales") - get("receipts") - get("write_offs") + get("adjustments") + get("fx")
	if rolled != get("closing") {
		t.Fatalf("%s: the roll-forward ends at %d, closing is %d\n%s", s.Path(), rolled, get("closing"), b)
	}
	if s.Level == analysis.CurrencyLevel && get("fx") != 0 {
		t.Fatalf("%s: fx is %d in its own currency\n%s", s.Path(), get("fx"), b)
	}
	if b.opt.AsOf == b.opt.To && get("closing") != get("balance") {
		t.Fatalf("%s: closing is %d, the balance of the same day %d\n%s", s.Path(), get("closing"), get("balance"), b)
	}
}

// TestDetailFootsToEverySubject adds the rows of Detail up for every subject:
// what explain shows and the workbook sums must be what the figures say.
func TestDetailFootsToEverySubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		p := buildBook(t, b)
		for _, s := range p.Subjects() {
			for key, sum := range detailSums(p, s) {
				got := int64(0)
				if bucket, ok := strings.CutPrefix(key, "aging/"); ok {
					v, _, _ := p.Find(s.Path() + "/aging/" + bucket)
					got = int64(v.Minor)
				} else if id, _ := analysis.FigureByKey(key); s.Value(id).IsAbsent() {
					continue
				} else {
					got = int64(s.Value(id).Minor)
				}
				if got != sum {
					t.Fatalf("%s/%s is %d, its detail sums to %d\n%s", s.Path(), key, got, sum, b)
				}
			}
		}
	})
}

// detailSums adds the rows of Detail that a subject owns.
func detailSums(p *analysis.Pack, s *analysis.Subject) map[string]int64 {
	sums := map[string]int64{}
	native := s.Level == analysis.CurrencyLevel
	add := func(key string, o analysis.Owner, inCurrency, inBook ledger.Minor) {
		if !owns(p, s, o) {
			return
		}
		if native {
			inBook = inCurrency
		}
		sums[key] += int64(inBook)
	}
	for _, key := range append([]string{"closing"}, additive...) {
		sums[key] = 0
	}
	delete(sums, "fx")
	delete(sums, "documents_open")
	for _, b := range p.Buckets {
		sums["aging/"+b.ID] = 0
	}
	for _, i := range p.Detail.Open {
		add("balance", i.Owner, i.Open, i.OpenBook)
		add("provision", i.Owner, i.Provision, i.ProvisionBook)
		if i.Bucket == analysis.OnAccountBucket {
			add("on_account", i.Owner, i.Open, i.OpenBook)
		} else {
			add("aging/"+p.Buckets[i.Bucket].ID, i.Owner, i.Open, i.OpenBook)
		}
		if i.PastDue {
			add("overdue", i.Owner, i.Open, i.OpenBook)
		}
		if i.Disputed {
			add("disputed", i.Owner, i.Open, i.OpenBook)
		}
	}
	closing := p.Detail.Closing
	if p.To == p.AsOf {
		closing = p.Detail.Open
	}
	for _, i := range closing {
		add("closing", i.Owner, i.Open, i.OpenBook)
		add("provision_charge", i.Owner, i.Provision, i.ProvisionBook)
	}
	for _, i := range p.Detail.Opening {
		add("opening", i.Owner, i.Open, i.OpenBook)
		add("provision_charge", i.Owner, -i.Provision, -i.ProvisionBook)
	}
	for _, c := range p.Detail.Costs {
		add("financing_cost", c.Owner, c.Financing, c.FinancingBook)
		add("terms_cost", c.Owner, c.Terms, c.TermsBook)
	}
	for _, l := range p.Detail.Lines {
		switch key := flowNames[l.Kind]; key {
		case "sales":
			add(key, l.Owner, l.Amount, l.Book)
			add("gross_margin", l.Owner, l.Gross, l.GrossBook)
		case "adjustments":
			add(key, l.Owner, l.Amount, l.Book)
		case "write_offs", "recoveries":
			add("bad_debt", l.Owner, sign(key)*l.Amount, sign(key)*l.Book)
			add("provision_charge", l.Owner, sign(key)*l.Amount, sign(key)*l.Book)
			add(key, l.Owner, -l.Amount, -l.Book)
		default:
			add(key, l.Owner, -l.Amount, -l.Book)
		}
	}
	return sums
}

// sign is how a flow counts in bad debt, from the sign it has in the ledger.
func sign(flow string) ledger.Minor {
	if flow == "write_offs" {
		return -1
	}
	return 1
}

func owns(p *analysis.Pack, s *analysis.Subject, o analysis.Owner) bool {
	switch s.Level {
	case analysis.CurrencyLevel:
		return p.Currencies[o.Currency].Code == s.ID
	case analysis.RegionLevel:
		return p.Regions[o.Region].ID == s.ID
	case analysis.RepLevel:
		return p.Reps[o.Rep].ID == s.ID
	case analysis.CustomerLevel:
		return p.Customers[o.Customer].ID == s.ID
	}
	return true
}

// TestOrderOfRowsOfDifferentCustomersOrDaysDoesNotMatter sorts the file by
// posting date or by customer: the rules order by posting first, and by file
// only within a day and a customer (rules §3).
func TestOrderOfRowsOfDifferentCustomersOrDaysDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		entries := append([]ledger.Entry(nil), b.l.Entries...)
		byDay := rapid.Bool().Draw(t, "by day")
		sort.SliceStable(entries, func(i, j int) bool {
			if byDay {
				return entries[i].Posted < entries[j].Posted
			}
			return entries[i].Customer > entries[j].Customer
		})
		mustAgree(t, "sorted", buildBook(t, b), buildBook(t, b.with(entries)), everyFigure, b)
	})
}

// TestFourCenturiesLaterNothingChanges moves every date by whole cycles of
// the Gregorian calendar.
func TestFourCenturiesLaterNothingChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		by := fourCenturies * ledger.Date(rapid.SampledFrom([]int{1, 2, -1, 15}).Draw(t, "cycles"))
		mustAgree(t, "moved by "+fmt.Sprint(by), buildBook(t, b), buildBook(t, b.moved(by)), everyFigure, b)
	})
}

// moved returns the book with every date moved by whole cycles.
func (b randomBook) moved(by ledger.Date) randomBook {
	l, opt := *b.l, b.opt
	months := ledger.Month(by / fourCenturies * 4800)
	l.Entries = append([]ledger.Entry(nil), l.Entries...)
	for i := range l.Entries {
		e := &l.Entries[i]
		e.Posted, e.Issued = e.Posted+by, e.Issued+by
		if e.Due != 0 {
			e.Due += by
		}
	}
	l.Rates = append([]ledger.FxRate(nil), l.Rates...)
	for i := range l.Rates {
		l.Rates[i].Date += by
	}
	l.Targets = append([]ledger.Target(nil), l.Targets...)
	for i := range l.Targets {
		l.Targets[i].Month += months
	}
	opt.AsOf, opt.From, opt.To = opt.AsOf+by, opt.From+by, opt.To+by
	opt.Rates = append([]analysis.RateFrom(nil), opt.Rates...)
	for i := range opt.Rates {
		if opt.Rates[i].From != 0 {
			opt.Rates[i].From += by
		}
	}
	return randomBook{&l, opt}
}

// TestMoneyTimesKScalesWhatIsNotRounded multiplies every amount; in their own
// currency sums scale, and the ratios of sums stay.
func TestMoneyTimesKScalesWhatIsNotRounded(t *testing.T) {
	sums := []string{"on_account", "balance", "overdue", "disputed", "opening", "sales", "receipts", "recoveries", "write_offs", "adjustments", "closing", "bad_debt"}
	ratios := []string{"documents_open", "collection_rate", "collection_rate_total", "collection_rate_due", "cei", "dso", "dso_countback", "bpdso", "add",
		"turnover", "days_to_pay", "days_late", "on_time_rate"}
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		k := ledger.Minor(rapid.SampledFrom([]int64{2, 7, 1000}).Draw(t, "k"))
		entries := append([]ledger.Entry(nil), b.l.Entries...)
		for i := range entries {
			entries[i].Amount *= k
			entries[i].Cost *= k
		}
		before, after := buildBook(t, b), buildBook(t, b.with(entries))
		mustAgree(t, "times k", before, after, only("by_currency/", ratios...), b)
		for i := range before.ByCurrency {
			old, now := &before.ByCurrency[i], &after.ByCurrency[i]
			for bucket := range old.Aging {
				if now.Aging[bucket] != k*old.Aging[bucket] {
					t.Fatalf("%s bucket %d: %d times %d is %d\n%s", old.Path(), bucket, old.Aging[bucket], k, now.Aging[bucket], b)
				}
			}
			for _, key := range sums {
				id, _ := analysis.FigureByKey(key)
				if now.Value(id).Minor != k*old.Value(id).Minor {
					t.Fatalf("%s/%s: %d times %d is %d\n%s", old.Path(), key, old.Value(id).Minor, k, now.Value(id).Minor, b)
				}
			}
		}
	})
}

// TestInvoiceSplitInTwoAgesTheSame splits a document that no line names.
func TestInvoiceSplitInTwoAgesTheSame(t *testing.T) {
	keys := []string{"aging", "on_account", "balance", "overdue", "disputed", "opening", "closing", "sales", "receipts", "write_offs", "adjustments",
		"collection_rate", "collection_rate_due", "cei", "dso", "dso_countback", "bpdso", "add", "turnover", "days_to_pay", "days_late", "on_time_rate"}
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		named := map[ledger.DocID]bool{}
		for _, e := range b.l.Entries {
			named[e.Settles] = true
		}
		var entries []ledger.Entry
		split := false
		for _, e := range b.l.Entries {
			entries = append(entries, e)
			if split || named[e.ID] || e.Instalment != 0 || e.Amount < 2 || !e.Kind.MakesDocument() {
				continue
			}
			part := ledger.Minor(rapid.Int64Range(1, int64(e.Amount)-1).Draw(t, "part"))
			entries[len(entries)-1].Amount -= part
			e.Amount, e.ID, split = part, ledgertest.ID(ledgertest.Numbering.Text(e.ID)+"!"), true // "!" sorts before every digit: no other id comes between
			e.Flags &^= ledger.HasCost
			entries = append(entries, e)
		}
		mustAgree(t, "split in two", buildBook(t, b), buildBook(t, b.with(entries)), only("by_currency/", keys...), b)
	})
}

// TestInvoicePaidTheSameDayLeavesThePosition adds an invoice and the receipt
// that settles it.
func TestInvoicePaidTheSameDayLeavesThePosition(t *testing.T) {
	keys := []string{"aging", "on_account", "balance", "overdue", "disputed", "documents_open", "opening", "closing", "write_offs", "recoveries",
		"adjustments", "financing_cost", "terms_cost", "bad_debt", "provision", "provision_charge", "extra_sales"}
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		e := b.l.Entries[rapid.IntRange(0, len(b.l.Entries)-1).Draw(t, "like")]
		e.ID, e.Kind, e.Settles, e.Flags, e.Instalment = ledgertest.ID("paid"), ledger.Invoice, 0, 0, 0
		e.Amount = ledger.Minor(rapid.Int64Range(1, 5000).Draw(t, "amount"))
		e.Issued, e.Due = e.Posted, e.Posted+ledger.Date(rapid.IntRange(-3, 40).Draw(t, "due"))
		receipt := e
		receipt.ID, receipt.Kind, receipt.Settles, receipt.Amount, receipt.Due = ledgertest.ID("cash"), ledger.Receipt, ledgertest.ID("paid"), -e.Amount, 0
		entries := append([]ledger.Entry(nil), b.l.Entries...)
		if rapid.Bool().Draw(t, "in front") {
			entries = append([]ledger.Entry{receipt, e}, entries...)
		} else {
			entries = append(entries, e, receipt)
		}
		before, after := buildBook(t, b), buildBook(t, b.with(entries))
		known := figureTexts(before)
		mustAgree(t, "an invoice paid the same day", before, after, func(id string) bool {
			_, ok := known[id] // a subject may be new
			return ok && only("", keys...)(id)
		}, b)
		if e.Posted < b.opt.From || e.Posted > b.opt.To {
			return
		}
		for _, key := range []string{"sales", "receipts"} {
			id := "by_currency/" + b.l.Currencies[e.Currency].Code + "/" + key
			old, _, _ := before.Find(id)
			now, _, _ := after.Find(id)
			if now.Minor-old.Minor != e.Amount {
				t.Fatalf("%s rose by %d, want %d\n%s", id, now.Minor-old.Minor, e.Amount, b)
			}
		}
	})
}

// TestTreatmentOfCreditsLeavesTheBalance compares the three (rules §4).
func TestTreatmentOfCreditsLeavesTheBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		b.opt.Aging.Credits = analysis.CreditsOnAccount
		column := buildBook(t, b)
		for _, treatment := range []analysis.CreditTreatment{analysis.CreditsOwnBucket, analysis.CreditsNetOldest} {
			b.opt.Aging.Credits = treatment
			mustAgree(t, string(treatment), column, buildBook(t, b), only("", "balance", "opening", "closing", "disputed", "documents_open", "provision"), b)
		}
	})
}

// TestExplanationsOfRandomBooksEqualThePack derives every figure again from
// the rows that explain shows for it.
func TestExplanationsOfRandomBooksEqualThePack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		p := buildBook(t, b)
		for id, want := range figureTexts(p) {
			d, ok := p.Explain(id)
			if !ok {
				t.Fatalf("%s has no derivation\n%s", id, b)
			}
			got := valueText(d.Value)
			if strings.Contains(id, "/aging/") {
				got = fmt.Sprint(int64(d.Value.Minor))
			}
			if got != want {
				t.Fatalf("%s is %s by its parts, %s in the pack\n%s", id, got, want, b)
			}
		}
	})
}

// TestHistoryOfRandomBooksIsThePackOfEachMonthEnd holds each recomputed
// month-end to the pack that would have been printed then (rules §3).
func TestHistoryOfRandomBooksIsThePackOfEachMonthEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		b.opt.HistoryMonths = rapid.IntRange(1, 5).Draw(t, "history")
		for _, end := range buildBook(t, b).History {
			then := b
			then.opt.HistoryMonths = 0
			then.opt.From, then.opt.To, then.opt.AsOf = end.Date.MonthStart(), end.Date, end.Date
			printed := buildBook(t, then).Company
			for i := range printed.Aging {
				if end.Company.Aging[i] != printed.Aging[i] {
					t.Fatalf("%s: bucket %d is %d, was printed as %d\n%s", end.Date, i, end.Company.Aging[i], printed.Aging[i], b)
				}
			}
			for _, id := range analysis.Figures() {
				if got, want := valueText(end.Company.Values[id]), valueText(printed.Values[id]); got != want {
					t.Fatalf("%s: %s is %s, was printed as %s\n%s", end.Date, id.Def().Key, got, want, b)
				}
			}
		}
	})
}
