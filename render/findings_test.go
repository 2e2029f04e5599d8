package render_test

import (
	"regexp"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	"duepack/render"
	"duepack/render/internal/book"
)

// entry is one line of a small book: who, what, when, when due, how much, and
// which document it settles. Customer A1 is a.Alpha's first document.
func entry(customer int32, id string, kind ledger.Kind, posted, due string, amount ledger.Minor, settles string) ledger.Entry {
	day := ledger.MustDate(posted)
	return ledger.Entry{Customer: customer, ID: ledgertest.ID(id), Kind: kind, Posted: day, Issued: day, Due: ledger.MustDate(due), Amount: amount, Settles: ledgertest.ID(settles), Rep: ledger.None, Region: ledger.None}
}

func invoice(customer int32, id, posted, due string, amount ledger.Minor) ledger.Entry {
	return entry(customer, id, ledger.Invoice, posted, due, amount, "")
}

func receipt(customer int32, id, posted string, amount ledger.Minor, settles string) ledger.Entry {
	return entry(customer, id, ledger.Receipt, posted, posted, -amount, settles)
}

// smallBook is the ledger of up to a dozen customers without reps, at the end
// of October 2026.
func smallBook(lines ...ledger.Entry) *ledger.Ledger {
	l := &ledger.Ledger{Numbering: &ledgertest.Numbering, Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}}, Sources: []ledger.Source{{File: "ledger.csv"}}}
	for _, name := range []string{"Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Mu"} {
		l.Customers = append(l.Customers, ledger.Customer{ID: name, Name: name, Rep: ledger.None, Region: ledger.None})
	}
	for i, e := range lines {
		e.Pos = ledger.Pos{Row: int32(i + 2)}
		l.Entries = append(l.Entries, e)
	}
	return l
}

func packOf(t *testing.T, l *ledger.Ledger, change func(*analysis.Options)) *analysis.Pack {
	t.Helper()
	opt := book.Options()
	opt.HistoryMonths, opt.Exceptions, opt.Inputs = 12, analysis.Exceptions{}, nil
	if change != nil {
		change(&opt)
	}
	p, err := analysis.Build(l, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// titles returns what a pack's sections and charts are called, a chart as
// section/chart, and the decisions as one text.
func titles(w *render.Words, p *analysis.Pack) map[string]string {
	all := map[string]string{}
	for i := range p.Sections {
		s := &p.Sections[i]
		all[s.ID] = w.Section(p, s)
		for _, b := range s.Blocks {
			switch {
			case b.Chart != nil:
				all[s.ID+"/"+b.Chart.ID] = w.Chart(p, b.Chart)
			case b.Note != nil && b.Note.List != "":
				all["decisions"] += w.Note(p, b.Note) + "\n"
			}
		}
	}
	return all
}

// said is a title in English and Chinese.
type said struct{ en, zh string }

// The expected sentences follow from the lines of each book by hand.
func TestFindingsSayWhatTheBookHolds(t *testing.T) {
	eleven := make([]ledger.Entry, 11)
	for i := range eleven {
		eleven[i] = invoice(int32(i), "I"+string(rune('A'+i)), "2026-05-01", "2026-06-01", 1_000_00)
	}
	for name, c := range map[string]struct {
		ledger *ledger.Ledger
		change func(*analysis.Options)
		want   map[string]said
	}{
		"nothing": {ledger: smallBook(), want: map[string]said{
			"summary":   {"Nobody owed anything on 31 October 2026", "截至2026年10月31日，没有未收款项"},
			"overdue":   {"Nothing was overdue on 31 October 2026", "截至2026年10月31日，没有逾期款项"},
			"decisions": {"Nothing needs a decision\n", "没有需要决策的事项\n"},
		}},
		"one customer, on time": {ledger: smallBook(invoice(0, "I1", "2026-10-05", "2026-11-05", 12_345_67)), want: map[string]said{
			"summary":    {"Customers owe CNY 12.3k, and none of it is overdue", "应收账款1.23万元，无逾期"},
			"aging":      {"Nothing is more than 120 days overdue", "没有逾期超过120天的款项"},
			"collection": {"CNY 12.3k was sold in October and nothing was collected", "10月销售1.23万元，没有回款"},
			"financing":  {"Late payment cost nothing in October", "10月没有逾期资金成本"},
		}},
		"one customer, all late": {ledger: smallBook(invoice(0, "I1", "2026-01-05", "2026-02-05", 31_800_000_00)), want: map[string]said{
			"summary": {"All of the CNY 31.8m that customers owe is overdue", "应收账款3,180万元，全部逾期"},
			"aging":   {"All that is open, CNY 31.8m, is more than 120 days overdue, all of it owed by Alpha", "未结金额3,180万元全部逾期超过120天，全部由Alpha所欠"},
			"overdue": {"Alpha owes all that is overdue: CNY 31.8m", "逾期款项全部为Alpha所欠：3,180万元"},
			"decisions": {"Alpha owes CNY 31.8m past due, the oldest for 268 days: stop deliveries or agree a payment plan\n",
				"Alpha逾期3,180万元，最长已逾期268天：决定停止发货或商定还款计划\n"},
		}},
		// 600 of 1,000 was late at the end of September, 600 of 2,000 is now.
		"the overdue share fell": {ledger: smallBook(invoice(0, "I1", "2026-08-05", "2026-09-05", 600_00), invoice(1, "I2", "2026-09-05", "2026-11-05", 400_00), invoice(1, "I3", "2026-10-05", "2026-11-05", 1_000_00)), want: map[string]said{
			"summary":           {"CNY 600, 30.0% of what customers owe, is overdue, down from 60.0% at the end of September", "应收账款逾期600元，逾期占比30.0%，低于9月末的60.0%"},
			"aging/aging_trend": {"The overdue share rose from 0.0% at the end of August to 30.0%", "逾期占比由8月末的0.0%升至30.0%"},
			"summary/aging":     {"The largest bucket is “Not due”: CNY 1,400, 70.0% of all that is open", "“未到期”金额最大：1,400元，占未结金额的70.0%"},
		}},
		"the overdue share is what it was": {ledger: smallBook(invoice(0, "I1", "2026-08-05", "2026-09-05", 600_00), invoice(1, "I2", "2026-09-05", "2026-11-05", 400_00)), want: map[string]said{
			"summary": {"CNY 600, 60.0% of what customers owe, is overdue, as at the end of September", "应收账款逾期600元，逾期占比60.0%，与9月末持平"},
		}},
		"only credit": {ledger: smallBook(receipt(0, "R1", "2026-10-05", 600_00, "")), want: map[string]said{
			"summary":    {"Customers are CNY 600 in credit: their credit exceeds what they owe", "应收账款为贷方余额600元：贷方金额超过欠款"},
			"collection": {"CNY 600 came in during October, with no net sales", "10月回款600元，销售净额为零"},
			"decisions":  {"CNY 600 of credit lowers no document: match it with invoices or pay it back\n", "600元收款尚未核销：与发票匹配或退还\n"},
		}},
		"credit equals what is owed": {ledger: smallBook(invoice(0, "I1", "2026-08-05", "2026-11-05", 600_00), receipt(1, "R1", "2026-10-05", 600_00, "")), want: map[string]said{
			"summary": {"What customers owe and the credit they hold cancel each other out", "客户欠款与未核销收款相抵，应收账款余额为零"},
		}},
		"more is overdue than owed": {ledger: smallBook(invoice(0, "I1", "2026-08-05", "2026-09-05", 600_00), receipt(1, "R1", "2026-10-05", 100_00, "")), want: map[string]said{
			"summary": {"CNY 600 is overdue, more than the CNY 500 that customers owe after credit", "逾期600元，超过扣除未核销收款后的应收账款余额500元"},
		}},
		"eleven customers owe the same": {ledger: smallBook(eleven...), want: map[string]said{
			"aging":               {"All that is open, CNY 11k, is more than 120 days overdue; six customers owe 54.5% of it", "未结金额1.1万元全部逾期超过120天；其中6家客户占54.5%"},
			"overdue":             {"The ten largest of 11 overdue customers owe 90.9% of all that is overdue", "逾期客户共11家，前10家占逾期金额的90.9%"},
			"overdue/top_overdue": {"11 customers have most overdue: CNY 1,000 each", "11家客户逾期并列最多，各1,000元"},
		}},
		"two customers tie": {ledger: smallBook(invoice(0, "I1", "2026-08-05", "2026-09-05", 600_00), invoice(1, "I2", "2026-08-05", "2026-09-05", 600_00)), want: map[string]said{
			"overdue":             {"Two customers owe the CNY 1,200 that is overdue", "2家客户逾期，合计1,200元"},
			"overdue/top_overdue": {"Two customers have most overdue: CNY 600 each", "2家客户逾期并列最多，各600元"},
		}},
		// 570 came in for 500 sold in October, 300 for 400 in September.
		"more was collected than the month before": {ledger: smallBook(invoice(0, "I1", "2026-09-01", "2026-09-30", 400_00), receipt(0, "R1", "2026-09-20", 300_00, "I1"), invoice(0, "I2", "2026-10-01", "2026-11-30", 500_00), receipt(0, "R2", "2026-10-20", 570_00, "I2")), want: map[string]said{
			"collection":              {"Collected 1.14 for every 1.00 sold in October, up from 0.75 in September", "10月回款率114.0%，高于9月的75.0%"},
			"collection/monthly_flow": {"Receipts covered sales in one of two months", "2个月中仅1个月回款不低于销售额"},
		}},
		"refunds": {ledger: smallBook(invoice(0, "I1", "2026-10-01", "2026-11-30", 500_00), entry(0, "F1", ledger.Refund, "2026-10-05", "2026-10-05", 80_00, "")), want: map[string]said{
			"collection": {"Refunds exceeded receipts by CNY 80 in October, against sales of CNY 500", "10月退款超过收款80元，销售500元"},
		}},
		"returns": {ledger: smallBook(entry(0, "N1", ledger.CreditNote, "2026-10-05", "2026-10-05", -80_00, ""), receipt(0, "R1", "2026-10-20", 30_00, "")), want: map[string]said{
			"collection": {"Returns exceeded sales by CNY 80 in October; receipts were CNY 30", "10月退货超过销售80元；回款30元"},
		}},
		// 250 is written off: at a margin of 5 % that takes sales of 5,000.
		"bad debt": {ledger: smallBook(invoice(0, "I1", "2026-09-01", "2026-11-30", 400_00), entry(0, "W1", ledger.WriteOff, "2026-10-05", "2026-10-05", -250_00, "I1")), change: func(o *analysis.Options) { o.LossRates = nil }, want: map[string]said{
			"baddebt":     {"Bad debt of CNY 250 in October takes CNY 5,000 of extra sales to earn back", "10月坏账损失250元，须增加销售5,000元才能弥补"},
			"rollforward": {"Receivables fell by CNY 250 in October: sales of CNY 0 against receipts of CNY 0", "10月应收账款减少250元：销售0元，回款0元"},
		}},
		"bad debt without a margin": {ledger: smallBook(invoice(0, "I1", "2026-09-01", "2026-11-30", 400_00), entry(0, "W1", ledger.WriteOff, "2026-10-05", "2026-10-05", -250_00, "I1")),
			change: func(o *analysis.Options) { o.LossRates, o.Margin = nil, ledger.Ratio{Num: 0, Den: 1} }, want: map[string]said{
				"baddebt": {"Bad debt of CNY 250 in October cannot be earned back at a net margin of 0%", "10月坏账损失250元，按净利率0%无法弥补"},
			}},
		"recoveries": {ledger: smallBook(invoice(0, "I1", "2026-09-01", "2026-11-30", 400_00), entry(0, "V1", ledger.Recovery, "2026-10-05", "2026-10-05", -70_00, "")), change: func(o *analysis.Options) { o.LossRates = nil }, want: map[string]said{
			"baddebt": {"Recoveries exceeded write-offs by CNY 70 in October", "10月坏账收回超过核销70元"},
		}},
		"a quarter has no month before": {ledger: smallBook(invoice(0, "I1", "2026-08-01", "2026-09-30", 400_00), receipt(0, "R1", "2026-10-20", 100_00, "I1")),
			change: func(o *analysis.Options) { o.From = ledger.MustDate("2026-08-01") }, want: map[string]said{
				"collection": {"Collected 0.25 for every 1.00 sold in the period", "本期回款率25.0%"},
			}},
		"aged by date of issue": {ledger: smallBook(invoice(0, "I1", "2026-05-01", "2026-06-01", 750_00), invoice(1, "I2", "2026-10-01", "2026-11-01", 250_00)),
			change: func(o *analysis.Options) { o.Aging.Basis, o.LossRates = analysis.ByIssued, nil }, want: map[string]said{
				"aging": {"CNY 750, 75.0% of all that is open, is older than 120 days, all of it owed by Alpha", "账龄超过120天的款项750元，占未结金额的75.0%，全部由Alpha所欠"},
			}},
		"no provision for what is old": {ledger: smallBook(invoice(0, "I1", "2026-05-01", "2026-06-01", 750_00)), change: func(o *analysis.Options) { o.LossRates = nil }, want: map[string]said{
			"decisions": {"Alpha owes CNY 750 past due, the oldest for 152 days: stop deliveries or agree a payment plan\nCNY 750 is more than 120 days overdue without a provision: provide for it or say why not\n",
				"Alpha逾期750元，最长已逾期152天：决定停止发货或商定还款计划\n逾期超过120天的款项750元未计提坏账准备：补提或说明理由\n"},
		}},
	} {
		p := packOf(t, c.ledger, c.change)
		english, chinese := titles(words(t, "en"), p), titles(words(t, "zh-CN"), p)
		for where, want := range c.want {
			if got := (said{english[where], chinese[where]}); got != want {
				t.Errorf("%s: %s:\n got %q\nwant %q\n got %q\nwant %q", name, where, got.en, want.en, got.zh, want.zh)
			}
		}
	}
}

// The ledger knows the limits and the control balance; the three lines with the
// most money stand, the largest first.
func TestDecisionsAreTheThreeWithTheMostMoney(t *testing.T) {
	l := smallBook(
		invoice(0, "I1", "2026-05-01", "2026-06-01", 500_00), invoice(1, "I2", "2026-10-01", "2026-11-15", 9_000_00),
		receipt(2, "R1", "2026-10-20", 700_00, ""))
	l.Entries[0].Flags |= ledger.Disputed
	l.Customers[1].HasLimit, l.Customers[1].CreditLimit = true, 1_000_00
	l.Control = []ledger.ControlBalance{{Account: "1122", Date: ledger.MustDate("2026-10-31"), Currency: -1, Balance: 8_740_00}}
	got := titles(words(t, "en"), packOf(t, l, nil))["decisions"]
	want := "Beta is CNY 8,000 over its credit limit of CNY 1,000: bring the balance down or raise the limit\n" +
		"CNY 700 of credit lowers no document: match it with invoices or pay it back\n" +
		"Alpha owes CNY 500 past due, the oldest for 152 days: stop deliveries or agree a payment plan\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

var movement = regexp.MustCompile(`(rose|fell) from (\S+) .* to (\S+)|(up|down) from (\S+)`)

// What rose or fell is not what it was, whatever the book.
func TestNothingRisesToWhatItWas(t *testing.T) {
	w := words(t, "en")
	packs := book.Degenerate()
	for name, p := range book.All() {
		packs[name] = p
	}
	checked := 0
	for name, p := range packs {
		for where, title := range titles(w, p) {
			for _, m := range movement.FindAllStringSubmatch(title, -1) {
				checked++
				if m[2] != "" && m[2] == m[3] || m[5] != "" && strings.HasPrefix(title, m[5]) {
					t.Errorf("%s: %s: %s", name, where, title)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("nothing rose or fell in any book")
	}
}

// A title of any book is a whole sentence of its language: no gap is left, no
// key shows, no number is missing.
func TestTitlesOfEveryBookAreWhole(t *testing.T) {
	packs := book.Degenerate()
	for name, p := range book.All() {
		packs[name] = p
	}
	for _, lang := range []string{"en", "zh-CN"} {
		w := words(t, lang)
		for name, p := range packs {
			for where, title := range titles(w, p) {
				if title == "" || strings.HasPrefix(title, "[") || strings.Contains(title, "–,") || strings.HasSuffix(title, "–") || strings.Contains(title, "  ") {
					t.Errorf("%s, %s: %s: %q", lang, name, where, title)
				}
			}
		}
	}
}
