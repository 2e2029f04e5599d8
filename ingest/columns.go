package ingest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"duepack/analysis/ledger"
)

// Field is a column that ingest knows.
type Field uint8

// The fields.
const (
	fIgnored Field = iota // known, and of no use: serial numbers, computed columns
	fDocument
	fType
	fCustomer
	fCustomerName
	fRep
	fRegion
	fCurrency
	fPosted
	fIssued
	fDue
	fTerms
	fInstalment
	fAmount
	fDebit
	fCredit
	fSettles
	fCost
	fOpen
	fPaid     // what was received of a document; Amount − Paid is open
	fReceived // amount of a receipt, in a list of receipts
	fSettledOn
	fReceivedOn // date of a receipt, in a list of receipts or beside an invoice
	fDisputed
	fContract
	fDelivery
	fCreatedBy
	fApprovedBy
	fNote
	fStatus // only read to leave void and draft documents out
	fName
	fGroup
	fCreditLimit
	fRating
	fMargin
	fFinancingRate
	fEmail
	fTeam
	fManager
	fMonth
	fSalesTarget
	fCollectionTarget
	fExpenses
	fPromise
	fMadeOn
	fPromisedFor
	fExcuse
	fDate
	fRate
	fAccount
	fBalance
	fieldCount
)

// fieldNames are the canonical headers of the fields (contract, Ledger columns).
var fieldNames = [fieldCount]string{
	fDocument:         "Document",
	fType:             "Type",
	fCustomer:         "Customer",
	fCustomerName:     "Customer Name",
	fRep:              "Rep",
	fRegion:           "Region",
	fCurrency:         "Currency",
	fPosted:           "Posted",
	fIssued:           "Issued",
	fDue:              "Due",
	fTerms:            "Terms",
	fInstalment:       "Instalment",
	fAmount:           "Amount",
	fDebit:            "Debit",
	fCredit:           "Credit",
	fSettles:          "Settles",
	fCost:             "Cost",
	fOpen:             "Open Amount",
	fPaid:             "Paid Amount",
	fReceived:         "Received",
	fSettledOn:        "Settled On",
	fReceivedOn:       "Received On",
	fDisputed:         "Disputed",
	fContract:         "Contract",
	fDelivery:         "Delivery",
	fCreatedBy:        "Created By",
	fApprovedBy:       "Approved By",
	fNote:             "Note",
	fStatus:           "Status",
	fName:             "Name",
	fGroup:            "Group",
	fCreditLimit:      "Credit Limit",
	fRating:           "Rating",
	fMargin:           "Margin",
	fFinancingRate:    "Financing Rate",
	fEmail:            "Email",
	fTeam:             "Team",
	fManager:          "Manager",
	fMonth:            "Month",
	fSalesTarget:      "Sales Target",
	fCollectionTarget: "Collection Target",
	fExpenses:         "Expenses",
	fPromise:          "Promise",
	fMadeOn:           "Made On",
	fPromisedFor:      "Promised For",
	fExcuse:           "Excuse",
	fDate:             "Date",
	fRate:             "Rate",
	fAccount:          "Account",
	fBalance:          "Balance",
}

// String returns the canonical header.
func (f Field) String() string { return fieldNames[f] }

// fieldNamed finds a field by its canonical header; fIgnored where there is none.
func fieldNamed(name string) Field {
	return Field(max(0, slices.Index(fieldNames[:], name)))
}

// synonyms is the one table of headers, English and Chinese, in the form that
// foldHeader gives them. A header may mean different fields on different
// sheets: the first one that the sheet's role knows is taken.
var synonyms = map[string][]Field{}

func init() {
	for field, words := range map[Field]string{
		fDocument: `document, document no, document number, doc no, doc, docno, invoice, invoice no, invoice number, invoice id, invoiceid, invoice num, inv no, voucher no, voucher number,
			voucher, transaction no, transaction number, transaction id, bill no, bill number, ref no, reference, reference no, number, num, external document no, trx number, transaction num, vch no, invoice reference number, source document,
			单据编号, 单据号, 单号, 发票号, 发票号码, 发票编号, 业务单号, 凭证号, 凭证字号, 单据号码, 票据号, 凭证号数, 应收单号, 销售单号, 出库单号, 发票代码及号码, 文档编号, 单据`,
		fType: `type, document type, doc type, journal entry type, document class, trx class, vch type, transaction type, voucher type, kind, entry type, txn type, 单据类型, 类型, 业务类型, 单据种类, 凭证类型, 款项类型, 交易类型`,
		fCustomer: `customer, customer id, customerid, customer no, customer number, customer code, cust no, cust id, client id, account no, account number, debtor no, debtor, party, client, sold to, bill to, customer account, customer acc, ac,
			客户, 客户编号, 客户编码, 客户代码, 客户号, 客商编码, 对账对象编码, 客商, 往来单位编码, 购货单位, 客户id, 欠款单位, 付款单位`,
		fCustomerName: `customer name, customername, client name, party name, name of customer, debtor name, company name, account name, partner, partner name, invoice partner display name, partys name, name of party,
			客户名称, 客户全称, 客户简称, 客商名称, 单位名称, 往来单位, 往来单位名称, 对账对象名称, 甲方, 甲方单位, 建设单位, 购货单位名称, 公司名称, 对方户名`,
		fRep: `rep, sales rep, salesperson, sales person, sales rep id, rep id, salesperson code, salesman, sales representative, account manager, owner, agent, sales rep name, salesperson name, sales employee,
			业务员, 销售员, 销售人员, 业务员编号, 业务员代码, 销售代表, 业务代表, 客户经理, 销售名字, 清收责任人, 负责人, 职员, 销售, 经办人, 责任人`,
		fRegion:   `region, territory, area, sales region, district, 区域, 地区, 大区, 销售区域, 片区`,
		fCurrency: `currency, currency code, curr, ccy, document currency, cur, transaction currency, currency key, 币种, 币别, 原币币别, 货币, 应收原币币别, 币种名称`,
		fPosted: `posted, posting date, post date, posted on, entry date, gl date, accounting date, book date, transaction date, txn date, voucher date, date, trx date, date utc, pstng date, journal entry date,
			记账日期, 入账日期, 过账日期, 凭证日期, 业务日期, 记帐日期, 挂账日期, 挂账时间, 日期, 交易日期`,
		fIssued: `issued, issue date, invoice date, invoicedate, document date, doc date, date of issue, bill date, date issued, invoiced on, invoice bill date,
			开票日期, 开票时间, 单据日期, 发票日期, 出票日期, 制单日期, 开单日期`,
		fDue:        `due, due date, duedate, payment due, payment due date, net due date, date due, maturity date, due on, due date utc, net due dt, 到期日, 到期日期, 应收日期, 应收款日期, 付款到期日, 约定付款日, 约定回款日, 收款到期日, 到期`,
		fTerms:      `terms, payment terms, payment term, terms code, payment terms code, credit terms, 付款条件, 账期, 收款条件, 结算方式及账期, 信用期, 账期条件, 付款方式`,
		fInstalment: `instalment, installment, instalment no, installment no, schedule no, 期次, 分期, 期数, 期号`,
		fAmount: `amount, invoice amount, total, total amount, gross amount, document amount, original amount, invoiced, invoiced amount, amount lcy, amount in doc curr, amount in document currency, amount in local currency, amount in lc, signed amount, net amount, value, grand total, bill amount, gross, gross total, amount including vat, amount incl vat, amount including tax, amount incl tax, total including tax, total incl tax, total incl vat, opening amount, total signed, invoice total, amount due original, amount in transaction currency, amount in company code currency, amount in dc, total in currency signed,
			金额, 应收金额, 开票金额, 发票金额, 含税金额, 价税合计, 应收款, 应收, 单据金额, 原币金额, 已开发票金额, 发生额, 应收原币金额, 收应原币金额, 本位币金额, 本币金额, 总金额, 含税总额, 不含税金额, 未税金额`,
		fDebit:      `debit, debit amount, dr, debits, 借方, 借方金额, 借方发生额, 借方发生, 借, 本期应收, 应收借方, 本期借方, 本期增加`,
		fCredit:     `credit, credit amount, cr, credits, 贷方, 贷方金额, 贷方发生额, 贷方发生, 贷, 本期实收, 本期收回, 本期收款, 本期已收, 本期贷方, 本期减少`,
		fSettles:    `settles, applied to, applies to, applies to doc no, applied document, settled document, against document, against voucher, against invoice, reference invoice, paid invoice, invoice paid, cleared document, 核销单号, 核销发票, 核销单据, 对应发票, 对应单据, 冲销单号, 结算单号, 所属发票`,
		fCost:       `cost, cost of sales, cost amount, cogs, cost of goods sold, 成本, 销售成本, 成本金额`,
		fOpen:       `open amount, open balance, open, balance due, outstanding, outstanding amount, amount due, remaining amount, remaining amt lcy, amount remaining, amount due remaining, amount due signed, invoice amount due, pending amount, os amount, outstanding balance, amount residual, residual amount, residual amount signed, open advance, unpaid, unpaid amount, amount outstanding, residual, amount open, due amount, balance, closing balance, running balance, ending balance, cumulative balance, 未回款, 未收金额, 未收款, 未结金额, 余额, 应收余额, 期末余额, 累计余额, 结余, 未核销金额, 未结算金额, 欠款, 欠款金额, 尚欠金额, 未收余额, 未清金额, 剩余金额, 未付金额, 未收, 未付, 未付款, 尚欠, 未到账金额`,
		fPaid:       `paid, paid amount, amount paid, invoice amount paid, received amount, settled amount, applied amount, payments, 已回款, 已收金额, 已收款, 已到账金额, 已核销金额, 已结算金额, 已付金额, 已收, 已付`,
		fReceived:   `received, receipt amount, payment amount, cash received, amount received, 回款金额, 收款金额, 到账金额, 实收金额, 收回金额`,
		fSettledOn:  `settled on, settled date, settleddate, settlement date, paid on, date paid, cleared on, clear date, clearing date, payment received on, closed on, closed date, settled, 结清日期, 结算日期, 付清日期, 核销日期, 实际回款日期, 实际付款日期, 结清时间`,
		fReceivedOn: `received on, receipt date, payment date, paid date, date received, received date, collection date, 回款日期, 回款时间, 到账日期, 到账时间, 收款日期, 收款时间`,
		fDisputed:   `disputed, dispute, dispute flag, in dispute, is disputed, 争议, 有争议, 是否争议, 争议标志`,
		fContract:   `contract, contract no, contract number, 合同, 合同号, 合同编号`,
		fDelivery:   `delivery, delivery no, delivery note, dispatch no, shipment no, 送货单, 发货单号, 送货单号, 出货单号, 交货单号`,
		fCreatedBy:  `created by, prepared by, entered by, user id, 制单人, 创建人, 录入人`,
		fApprovedBy: `approved by, approver, 审批人, 批准人, 审核人`,
		fNote:       `note, notes, remark, remarks, comment, comments, memo, description, details, particulars, label, 备注, 摘要, 说明, 附注, 描述`,

		fStatus: `status, document status, invoice status, state, doc status, 状态, 单据状态, 发票状态, 审核状态`,

		fName:          `name, full name, rep name, 名称, 姓名, 业务员姓名, 业务员名称, 全称`,
		fGroup:         `group, customer group, industry, segment, class, 分组, 客户分组, 客户类别, 行业, 客户属性`,
		fCreditLimit:   `credit limit, limit, credit line, 信用额度, 额度, 授信额度`,
		fRating:        `rating, credit rating, grade, 评级, 信用等级, 信用评级, 等级`,
		fMargin:        `margin, net margin, profit margin, 净利率, 利润率, 毛利率, 销售净利率`,
		fFinancingRate: `financing rate, interest rate, rate of interest, cost of capital, 资金成本率, 年利率, 利率, 融资利率`,
		fEmail:         `email, e mail, contact email, mail, email address, 邮箱, 电子邮箱, 邮件, 电子邮件`,
		fTeam:          `team, department, dept, 团队, 部门, 小组, 归属部门`,
		fManager:       `manager, supervisor, reports to, 主管, 经理, 上级`,

		fMonth:            `month, period, 月份, 月, 期间, 年月, 会计期间`,
		fSalesTarget:      `sales target, target, sales goal, sales quota, quota, 销售目标, 销售任务, 销售指标`,
		fCollectionTarget: `collection target, collections target, cash target, collection goal, 回款目标, 回款任务, 回款指标, 收款目标`,
		fExpenses:         `expenses, expense, costs, 费用, 销售费用, 业务费用`,

		fPromise:     `promise, promise no, promise id, 承诺, 承诺编号, 承诺单号`,
		fMadeOn:      `made on, promise date, date made, 承诺日期, 登记日期`,
		fPromisedFor: `promised for, promised date, promise to pay date, promised on, 承诺付款日, 承诺付款日期, 承诺回款日期, 承诺回款日`,
		fExcuse:      `excuse, reason, dispute reason, 理由, 借口, 未付原因, 拖欠原因, 逾期原因`,

		fDate:    `date, as of, as of date, balance date, rate date, effective date, 日期, 截止日期, 余额日期, 汇率日期, 生效日期`,
		fRate:    `rate, exchange rate, fx rate, conversion rate, closing rate, 汇率, 折算汇率, 记账汇率, 期末汇率`,
		fAccount: `account, account code, gl account, control account, account no, 科目, 科目编码, 科目代码, 会计科目, 总账科目`,
		fBalance: `balance, closing balance, gl balance, ending balance, 余额, 期末余额, 总账余额, 科目余额`,

		fIgnored: `character, capacity, capital, collateral, conditions, 品德, 能力, 资本, 抵押, 条件, no, sn, serial no, row, line, seq, index, #, 序号, 行号, 编号序, days past due, days overdue, bucket, aging bucket, age, 逾期天数, 账龄, 超账期天数, 账龄段,
			receipt method, payment method, 回款方式, 结算方式, 收款方式, contact name, phone, contact, 联系人, 电话, 方向, 借贷方向, 立账类型`,
	} {
		for _, word := range strings.Split(words, ",") {
			key := foldHeader(strings.TrimSpace(word))
			synonyms[key] = append(synonyms[key], field)
		}
	}
	for word, fields := range synonyms {
		slices.Sort(fields) // the map above has no order
		synonyms[word] = slices.Compact(fields)
	}
}

// weakHeaders are headers of a ledger that systems use for other things as well,
// in the form foldHeader gives them: the name of a customer or of a product, the
// amount that was due or still is. They are the column only where no other
// header of the row is.
var weakHeaders = map[string]Field{}

func init() {
	for field, words := range map[Field]string{
		fDocument:     `reference, reference no, ref no, ref, invoice id, transaction id, voucher, voucher no, voucher number, vch no, external document no, journal entry, id, 凭证号, 凭证字号, 凭证号数`,
		fType:         `class`,
		fCustomer:     `account, account no, account number`,
		fCustomerName: `name, contact, contact name, account name`,
		fRep:          `owner, agent, 负责人`,
		fPosted:       `date, entry date, 日期`,
		fAmount:       `net amount, value, 不含税金额, 未税金额`,
		fOpen:         `open, amount due, due amount, balance, closing balance, running balance, ending balance, cumulative balance, 余额, 应收余额, 期末余额, 累计余额, 结余`,
	} {
		for word := range strings.SplitSeq(words, ",") {
			weakHeaders[foldHeader(strings.TrimSpace(word))] = field
		}
	}
}

// taxHeaders head a column of tax beside amounts without it, and grossHeaders
// one of amounts with it, in the form foldHeader gives them.
var (
	taxHeaders = map[string]bool{"tax": true, "taxamount": true, "taxtotal": true, "totaltax": true, "salestax": true, "vat": true, "vatamount": true, "gst": true, "gstamount": true,
		"税额": true, "税金": true, "增值税": true, "增值税额": true}
	grossHeaders = map[string]bool{"gross": true, "grossamount": true, "grosstotal": true, "total": true, "totalamount": true, "grandtotal": true, "invoicetotal": true, "totalsigned": true,
		"价税合计": true, "总金额": true, "合计金额": true, "合计": true}
)

// withoutTax reports whether a header says that its amounts are without tax.
func withoutTax(header string) bool {
	text := strings.ToLower(narrow(header))
	return slices.ContainsFunc([]string{"不含税", "未税", "excl", "ex vat", "ex tax", "net of", "before tax", "without tax"}, func(w string) bool { return strings.Contains(text, w) })
}

// isGross reports whether a header heads amounts with tax.
func isGross(header string) bool {
	text := strings.ToLower(narrow(header))
	return !withoutTax(header) && (grossHeaders[foldHeader(header)] || strings.Contains(text, "含税") || strings.Contains(text, "incl"))
}

// looksOpen reports whether a header that is not known seems to head what is
// still open of each document.
func looksOpen(header string) bool {
	folded := foldHeader(header)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(folded, w) })
	}
	return has("remaining", "outstanding", "unpaid", "openamount", "openbalance", "balancedue", "stilldue", "未收", "未付", "未回", "未核销", "未结", "未清", "欠款", "尚欠", "剩余") &&
		!has("day", "date", "count", "qty", "quantity", "reason", "status", "天", "日期", "原因", "数量", "状态", "说明")
}

// isWeak reports whether a header gives way to any other of its field.
func isWeak(header string) bool {
	_, weak := weakHeaders[foldHeader(header)]
	return weak || withoutTax(header)
}

// runningHeaders name a running balance as well as an open amount: which of the
// two it is, the other columns and the amounts themselves must show.
var runningHeaders = map[string]bool{
	"balance": true, "closingbalance": true, "runningbalance": true, "endingbalance": true, "cumulativebalance": true,
	"余额": true, "应收余额": true, "期末余额": true, "累计余额": true, "结余": true,
}

// isLocal reports whether a header names an amount in the book's own currency,
// whatever currency the document is in.
func isLocal(header string) bool {
	folded := foldHeader(header)
	return strings.HasSuffix(folded, "lcy") || strings.Contains(folded, "localcurrency") || folded == "amountinlc" || strings.HasPrefix(folded, "本位币") || strings.HasPrefix(folded, "本币") ||
		strings.Contains(strings.ToLower(header), "(lcy)") || strings.Contains(header, "本位币") || strings.Contains(header, "本币")
}

// foldHeader reduces a header to what is compared: full-width forms narrowed,
// traditional characters simplified,
// CamelCase and snake_case split, brackets and what they hold dropped, letters
// in lower case, nothing but letters and digits kept.
func foldHeader(header string) string {
	if folded, ok := foldPlain(header); ok {
		return folded
	}
	text, _ := splitBrackets(simplified(narrow(header)))
	var b strings.Builder
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == 0 && strings.Contains(text, "#") {
		return "#"
	}
	return b.String()
}

// foldPlain folds a header of ASCII without brackets; of others ok is false. Most
// headers are, and every text of the first rows is tried as one for every role.
func foldPlain(header string) (folded string, ok bool) {
	var kept [64]byte
	n := 0
	for i := range len(header) {
		c := header[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case c >= utf8.RuneSelf, n == len(kept), c == '(', c == ')', c == '[', c == ']':
			return "", false
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			kept[n] = c
			n++
		}
	}
	switch {
	case n == 0 && strings.Contains(header, "#"):
		return "#", true
	case header == string(kept[:n]):
		return header, true
	}
	return string(kept[:n]), true
}

// simplifier turns the traditional characters of the words in this file into
// the simplified ones in which they are listed.
var simplifier = func() *strings.Replacer {
	const traditional = "單據編號類別戶稱發業務員銷區幣種額應後開債貸餘帳賬記憑證過簽項內經辦責職轉調給結實際約諾數對訂購貨輸備註說狀態廢審錄創負費標價稅總計無爭議壞損還預歸門團隊級體電郵資產歷當間條網優與時會點營館場車聯絡話簡現聲準運獲機構屬檔從處屆遲滯銀暫確認紅藍沖專執節領"
	const simple = "单据编号类别户称发业务员销区币种额应后开债贷余账账记凭证过签项内经办责职转调给结实际约诺数对订购货输备注说状态废审录创负费标价税总计无争议坏损还预归门团队级体电邮资产历当间条网优与时会点营馆场车联络话简现声准运获机构属档从处届迟滞银暂确认红蓝冲专执节领"
	from, to := []rune(traditional), []rune(simple)
	pairs := make([]string, 0, 2*len(from))
	for i := range from {
		pairs = append(pairs, string(from[i]), string(to[i]))
	}
	return strings.NewReplacer(pairs...)
}()

// simplified writes a text of headers in simplified characters.
func simplified(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= unicode.MaxLatin1 }) < 0 {
		return text
	}
	return simplifier.Replace(text)
}

// splitBrackets takes the text in brackets out of a header: "Open (ILS)" is
// "Open " and "ILS".
func splitBrackets(text string) (outside, inside string) {
	depth := 0
	var out, in strings.Builder
	for _, r := range text {
		switch r {
		case '(', '（', '[', '【', '〔':
			depth++
			continue
		case ')', '）', ']', '】', '〕':
			depth = max(0, depth-1)
			continue
		}
		if depth > 0 {
			in.WriteRune(r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String(), in.String()
}

// headerCurrency finds the currency a header names in brackets or at its end:
// "Open Advance (ILS)", "金额（元）".
func headerCurrency(header string) string {
	_, inside := splitBrackets(narrow(header))
	if code := currencyCode(inside); code != "" {
		return code
	}
	return ""
}

// currencyWords are names of currencies that ledgers write instead of codes.
var currencyWords = map[string]string{
	"RMB": "CNY", "人民币": "CNY", "元": "CNY", "人民币元": "CNY", "CNH": "CNY", "本位币": "",
	"美元": "USD", "美金": "USD", "US$": "USD", "US DOLLAR": "USD", "US DOLLARS": "USD", "EURO": "EUR", "EUROS": "EUR", "POUND STERLING": "GBP", "BRITISH POUND": "GBP", "JAPANESE YEN": "JPY", "CHINESE YUAN": "CNY", "YUAN": "CNY", "RENMINBI": "CNY", "欧元": "EUR", "日元": "JPY", "日圆": "JPY", "英镑": "GBP", "港币": "HKD", "港元": "HKD", "HK$": "HKD", "韩元": "KRW", "新台币": "TWD", "台币": "TWD",
	"澳元": "AUD", "加元": "CAD", "新加坡元": "SGD", "科威特第纳尔": "KWD", "卢布": "RUB", "€": "EUR", "£": "GBP",
}

// currencyCode returns the ISO 4217 code of a code or name; "" for no currency.
func currencyCode(text string) string {
	text = strings.ToUpper(strings.TrimSpace(narrow(text)))
	if code, ok := currencyWords[text]; ok {
		return code
	}
	if _, ok := ledger.Exponent(text); ok {
		return text
	}
	return ""
}

// voidWords are states in which a document counts for nothing, in the form that
// foldHeader gives them.
var voidWords = map[string]bool{
	"void": true, "voided": true, "cancelled": true, "canceled": true, "deleted": true, "draft": true, "rejected": true,
	"作废": true, "已作废": true, "草稿": true, "已取消": true, "取消": true, "已删除": true,
}

// kindWord is what a word in the column Type means.
type kindWord struct {
	kind      ledger.Kind
	onAccount bool // a receipt that settles nothing, as 预收款
}

// kinds is the one table of document types, in the form foldHeader gives them.
var kinds = map[string]kindWord{}

func init() {
	for kind, words := range map[ledger.Kind]string{
		ledger.Invoice:    `invoice, inv, si, sales invoice, customer invoice, standard invoice, tax invoice, bill, sale, receivable invoice, accrec, sales receipt, rv, dr, 发票, 销售发票, 应收单, 应收, 增值税发票, 专票, 普票, 蓝字发票, 标准应收单, 销售增值税发票, 销售普通发票, 销售专用发票, 专用发票, 普通发票, 电子发票, 销售, 其他应收单, 增值税专用发票, 增值税普通发票, 开票, 销售出库`,
		ledger.DebitNote:  `debit note, dn, debit memo, debitnote, finance charge memo, finance charge, reminder, interest, 借项通知单, 借项, 借方通知单, 补差价`,
		ledger.CreditNote: `credit note, cn, sc, customer credit note, sales credit, credit memo, creditnote, return, sales return, credit, sales credit memo, sales credit note, receivable credit note, accreccredit, dg, 红字发票, 红字应收单, 红字销售发票, 红冲, 贷项通知单, 贷项, 红字, 退货, 销售退货, 折让, 销售折让, 红票, 负数发票`,
		ledger.Receipt:    `receipt, payment, pmt, sr, customer receipt, cash receipt, customer payment, rcpt, cash, bank receipt, collection, payment entry, receivable payment, dz, 收款, 回款, 收款单, 到账, 银行收款, 现金收款, 承兑汇票, 收据, 应收票据, 货款, 应收收款单, 销售收款单`,
		ledger.Refund:     `refund, customer refund, repayment, 退款, 付款退款, 退款单, 退还`,
		ledger.WriteOff:   `write off, writeoff, write_off, bad debt, bad debt write off, 核销, 坏账核销, 坏账, 坏账损失, 呆账核销, 确认坏账`,
		ledger.Recovery:   `recovery, bad debt recovery, recovered bad debt, 坏账收回, 收回坏账, 已核销坏账收回, 收回已核销坏账, 坏账回收`,
		ledger.Adjustment: `adjustment, adj, ab, journal, journal entry, general journal, je, correction, exchange difference, 调整, 调账, 其他调整, 转账凭证, 记账凭证, 汇兑损益, 往来调整`,
		ledger.Opening:    `opening, opening balance, balance forward, brought forward, b/f, opening entry, 期初, 期初余额, 期初余额录入, 上年结转, 年初余额, 期初数`,
	} {
		for _, word := range strings.Split(words, ",") {
			kinds[foldHeader(strings.TrimSpace(word))] = kindWord{kind: kind}
		}
	}
	for _, word := range []string{"预收款", "预收", "advance", "advance payment", "prepayment", "deposit", "on account", "unapplied payment", "预收账款", "定金", "订金", "预收单"} {
		kinds[foldHeader(word)] = kindWord{kind: ledger.Receipt, onAccount: true}
	}
}

// sheetKinds are parts of the names of sheets and files that hold lines of one
// kind only, in the form foldHeader gives them.
var sheetKinds = []struct {
	kind  ledger.Kind
	words []string
}{
	{ledger.Receipt, []string{"receipt", "payment", "收款", "回款", "到账"}},
	{ledger.CreditNote, []string{"creditnote", "creditmemo", "红字", "红票", "退货", "折让"}},
	{ledger.Refund, []string{"refund", "退款"}},
	{ledger.WriteOff, []string{"writeoff", "baddebt", "坏账"}},
	{ledger.Invoice, []string{"invoice", "发票", "开票"}},
}

// sheetKind tells the kind of a sheet's lines by its name, as "Payments 2026"
// or 回款明细. A name that says several kinds, or that of a ledger, says none.
func sheetKind(name string) (word kindWord, ok bool) {
	folded := foldHeader(name)
	for _, mixed := range []string{"ledger", "transaction", "明细账", "台账", "往来"} {
		if strings.Contains(folded, mixed) {
			return kindWord{}, false
		}
	}
	found := 0
	for _, k := range sheetKinds {
		if slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(folded, w) }) {
			word.kind = k.kind
			found++
		}
	}
	return word, found == 1
}

// yesNo reads a mark: yes, y, true, 1, x, 是, 有, 争议; no, n, false, 0, 否, 无 and the
// empty text.
func yesNo(text string) (yes, ok bool) {
	switch foldHeader(text) {
	case "y", "yes", "true", "1", "x", "是", "有", "争议", "disputed", "indispute", "有争议", "争议中", "t":
		return true, true
	case "", "n", "no", "false", "0", "否", "无", "f", "none":
		return false, true
	}
	switch strings.TrimSpace(text) {
	case "√", "✓", "✔", "☑":
		return true, true
	case "×", "✗", "-", "–":
		return false, true
	}
	return false, false
}
