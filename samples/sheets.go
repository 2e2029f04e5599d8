package samples

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
)

func (b *book) sheet(name word, columns ...column) (table, error) {
	return b.out.sheet(name, word{}, b.options.Lang, columns)
}

func (b *book) customers() error {
	t, err := b.sheet(word{"Customers", "客户"},
		column{word{"Customer", "客户编号"}, 10}, column{word{"Name", "客户名称"}, 38}, column{word{"Rep", "业务员"}, 7},
		column{word{"Region", "区域"}, 10}, column{word{"Group", "客户类别"}, 13}, column{word{"Terms", "付款条件"}, 11},
		column{word{"Credit Limit", "信用额度"}, 15}, column{word{"Rating", "信用等级"}, 9}, column{word{"Margin", "利润率"}, 9},
		column{word{"Financing Rate", "融资利率"}, 14}, column{word{"Character", "品德"}, 10}, column{word{"Capacity", "能力"}, 10},
		column{word{"Capital", "资本"}, 10}, column{word{"Collateral", "抵押"}, 10}, column{word{"Conditions", "条件"}, 10},
		column{word{"Email", "邮箱"}, 24})
	if err != nil {
		return err
	}
	for i := range b.generator.customers {
		c := &b.generator.customers[i]
		t.code(c.id)
		t.text(b.customerName(c))
		t.text(b.generator.reps[c.rep].id)
		t.text(b.word(regionNames[c.region]))
		t.text(b.word(groupNames[c.group]))
		t.text(b.terms(c.terms))
		t.money(ledger.Minor(c.limit)*100, 2)
		t.text(c.rating)
		t.percent(c.margin)
		t.percent(c.financing)
		for _, score := range c.five {
			t.number(strconv.Itoa(score))
		}
		t.code("ap@" + strings.ToLower(c.id) + ".example")
		if err := t.end(); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) reps() error {
	t, err := b.sheet(word{"Reps", "业务员"}, column{word{"Rep", "业务员"}, 7}, column{word{"Name", "姓名"}, 16}, column{word{"Team", "部门"}, 14},
		column{word{"Manager", "主管"}, 14}, column{word{"Email", "邮箱"}, 26}, column{word{"Margin", "利润率"}, 9})
	if err != nil {
		return err
	}
	for i := range b.generator.reps {
		r := &b.generator.reps[i]
		t.code(r.id)
		t.text(b.word(r.name))
		t.text(b.word(teamNames[r.region]))
		t.text(b.word(managers[r.region]))
		t.code(strings.ToLower(r.id) + "@" + b.domain())
		t.percent(r.margin)
		if err := t.end(); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) domain() string {
	return word{"meridian.example", "yuanshan.example"}.in(b.options.Lang)
}

// ambitions are what the reps are asked for in percent of what they sell in an
// even month; the careless one easily makes his.
var ambitions = [...]int{98, 104, 101, 108, 86, 97, 103}

// targets asks of every rep the average of the two years by season. Money is
// to come in as the sales of two months before went out.
func (b *book) targets() error {
	if b.options.Layout == Snapshot { // it has no movements to hold against targets
		return nil
	}
	t, err := b.sheet(word{"Targets", "目标"}, column{word{"Rep", "业务员"}, 7}, column{word{"Month", "月份"}, 10},
		column{word{"Sales Target", "销售目标"}, 16}, column{word{"Collection Target", "回款目标"}, 18}, column{word{"Expenses", "费用"}, 14})
	if err != nil {
		return err
	}
	g := b.generator
	for i, months := range g.sold {
		sum := ledger.Minor(0)
		for _, m := range months {
			sum += m
		}
		even := sum / ledger.Minor(len(months)-1)
		for m := opening.Month() + 1; m <= asOf.Month(); m++ {
			ask := func(month ledger.Month) ledger.Minor {
				growth := 88 + int(month-opening.Month())
				return even * ledger.Minor(seasons[int(month)%12]*growth*ambitions[i%len(ambitions)]) / 1_000_000
			}
			t.code(g.reps[i].id)
			t.code(m.String())
			t.money(wholeThousands(ask(m)), 2)
			t.money(wholeThousands((ask(m-2)+ask(m-3))*96/200), 2)
			t.money(1_400_000+even*ledger.Minor(g.luck.between(8, 14))/1000, 2)
			if err := t.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// wholeThousands rounds an amount of the book to whole thousands.
func wholeThousands(m ledger.Minor) ledger.Minor { return (m + 50_000) / 100_000 * 100_000 }

func (b *book) promises() error {
	t, err := b.sheet(word{"Promises", "承诺"}, column{word{"Promise", "承诺编号"}, 11}, column{word{"Customer", "客户编号"}, 10}, column{word{"Document", "单据编号"}, 13},
		column{word{"Made On", "承诺日期"}, 11}, column{word{"Promised For", "承诺付款日"}, 13}, column{word{"Amount", "金额"}, 15},
		column{word{"Excuse", "拖欠原因"}, 40}, column{word{"Note", "备注"}, 20})
	if err != nil {
		return err
	}
	for i, p := range b.generator.promises {
		t.code(fmt.Sprintf("P%05d", i+1))
		t.code(b.generator.customers[p.customer].id)
		t.code(p.document)
		t.date(p.made)
		t.date(p.promised)
		t.money(p.amount, currencyList[b.generator.customers[p.customer].currency].Exponent)
		t.text(b.word(excuses[p.excuse]))
		t.skip()
		if err := t.end(); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) rates() error {
	t, err := b.sheet(word{"Rates", "汇率"}, column{word{"Currency", "币种"}, 9}, column{word{"Date", "日期"}, 11}, column{word{"Rate", "汇率"}, 12})
	if err != nil {
		return err
	}
	fx := &b.generator.fx
	for i, day := range fx.days {
		for _, c := range []uint8{usd, jpy} {
			t.text(currencyList[c].Code)
			t.date(day)
			t.number(ledger.Minor(fx.prices[c][i]).Decimal(rateDecimals[c]))
			if err := t.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// control writes what the general ledger says at every month's end: the sum of
// all lines but the recoveries. A snapshot knows one day only.
func (b *book) control() error {
	t, err := b.sheet(word{"Control", "总账余额"}, column{word{"Account", "科目"}, 9}, column{word{"Date", "日期"}, 11}, column{word{"Currency", "币种"}, 9}, column{word{"Balance", "余额"}, 18})
	if err != nil {
		return err
	}
	var balance [currencyCount]ledger.Minor
	for m := opening.Month(); m <= asOf.Month(); m++ {
		for c := range balance {
			balance[c] += b.generator.balances[c][m-opening.Month()]
			if b.options.Layout == Snapshot && m != asOf.Month() {
				continue
			}
			t.text("1122")
			t.date(m.End())
			t.text(currencyList[c].Code)
			t.money(balance[c], currencyList[c].Exponent)
			if err := t.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// config writes duepack.yaml.
func (b *book) config() error {
	inputs := []string{"ledger.xlsx"}
	if b.options.Format == CSV {
		inputs = []string{"Ledger.csv", "Customers.csv", "Reps.csv", "Targets.csv", "Promises.csv", "Rates.csv", "Control.csv"}
		if b.options.Layout == Snapshot {
			inputs = slices.DeleteFunc(inputs, func(file string) bool { return file == "Targets.csv" })
		}
	}
	for n := 2; n <= b.files; n++ {
		inputs = append(inputs, filepath.Base(workbookPath(b.dir, n)))
	}
	name := b.word(word{"Meridian Trading", "远山贸易有限公司"})
	application := "application: explicit                  # a payment lowers the document it names\n"
	if b.options.Layout == Snapshot || b.options.Layout == Settled {
		application = ""
	}
	text := "# Made by duepack sample: a company that does not exist.\n" +
		"book: {name: " + name + ", currency: CNY, language: " + b.options.Lang + "}\n" +
		"inputs: [" + strings.Join(inputs, ", ") + "]\n" +
		"as_of: " + asOf.String() + "\n" +
		"period: month\n" +
		"terms: net 30\n" +
		application +
		"margin: 5%                             # net margin of the book\n" +
		"financing: {rate: 6%, basis: ACT/365}  # what money costs a year\n" +
		"aging: {basis: due, buckets: [0, 30, 60, 90, 120], credits: on_account}\n" +
		"provision: {rates: [0.5%, 2%, 5%, 10%, 25%, 60%]}\n"
	return os.WriteFile(filepath.Join(b.dir, "duepack.yaml"), []byte(text), 0o644)
}
