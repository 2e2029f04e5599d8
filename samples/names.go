package samples

import "strconv"

// word is a word in the languages of the books.
type word struct{ en, zh string }

// in returns the word in a language.
func (w word) in(lang string) string {
	if lang == Chinese {
		return w.zh
	}
	return w.en
}

// The regions of the company; what is sold abroad is one of them.
const (
	east = iota
	south
	north
	west
	overseas
)

var regionNames = [...]word{
	east: {"East", "华东"}, south: {"South", "华南"}, north: {"North", "华北"}, west: {"West", "西部"}, overseas: {"Overseas", "海外"},
}

var teamNames = [...]word{
	east: {"Home East", "华东组"}, south: {"Home South", "华南组"}, north: {"Home North", "华北组"}, west: {"Home West", "西部组"}, overseas: {"Export", "外贸组"},
}

var cities = [...][]word{
	east:  {{"Shanghai", "上海"}, {"Suzhou", "苏州"}, {"Ningbo", "宁波"}, {"Hangzhou", "杭州"}, {"Wuxi", "无锡"}},
	south: {{"Guangzhou", "广州"}, {"Shenzhen", "深圳"}, {"Dongguan", "东莞"}, {"Foshan", "佛山"}, {"Xiamen", "厦门"}},
	north: {{"Beijing", "北京"}, {"Tianjin", "天津"}, {"Qingdao", "青岛"}, {"Dalian", "大连"}, {"Jinan", "济南"}},
	west:  {{"Chengdu", "成都"}, {"Chongqing", "重庆"}, {"Xi'an", "西安"}, {"Kunming", "昆明"}, {"Guiyang", "贵阳"}},
}

var stems = [...]word{
	{"Hengtai", "恒泰"}, {"Xinghua", "兴华"}, {"Jinding", "金鼎"}, {"Ruifeng", "瑞丰"}, {"Huasheng", "华盛"}, {"Dongsheng", "东升"},
	{"Yongli", "永利"}, {"Tianyi", "天翼"}, {"Haoyuan", "浩源"}, {"Baolong", "宝隆"}, {"Zhongxin", "中鑫"}, {"Mingda", "明达"},
	{"Jiahe", "嘉禾"}, {"Shunda", "顺达"}, {"Longteng", "龙腾"}, {"Kaiyuan", "开元"}, {"Fuyuan", "福源"}, {"Weiye", "伟业"},
	{"Hongyun", "鸿运"}, {"Anshun", "安顺"}, {"Qihang", "启航"}, {"Boya", "博雅"}, {"Ziyang", "紫阳"}, {"Songhe", "松鹤"},
	{"Lantian", "蓝天"}, {"Xinyue", "新月"}, {"Changqing", "长青"}, {"Wanfang", "万方"}, {"Yitong", "亿通"},
}

var trades = [...]word{
	{"Machinery", "机械"}, {"Textiles", "纺织"}, {"Electronics", "电子"}, {"Hardware", "五金"}, {"Packaging", "包装"}, {"Furniture", "家具"},
	{"Foods", "食品"}, {"Chemicals", "化工"}, {"Building Materials", "建材"}, {"Auto Parts", "汽配"}, {"Lighting", "照明"}, {"Plastics", "塑料"},
}

// abroad are customers outside China; their names stay as they are in both
// languages. They carry letters that a font or an encoding may lack.
var abroad = [...]string{
	"Bergmann Tools GmbH", "Northgate Supply Inc.", "Calder & Sons Ltd", "Al Noor Trading LLC", "Müller & Söhne GmbH",
	"Harbour City Imports Pty Ltd", "Lumière Décor SARL", "Peña Hermanos S.A.", "Łódź Meble Sp. z o.o.", "Great Lakes Fixtures Corp.",
	"O'Brien Wholesale Ltd", "Santos & Filhos Lda", "Nordlys Handel AS", "Pacific Rim Hardware LLC", "Ankara Makine A.Ş.",
	"Blue Ridge Outfitters Inc.", "Vantaa Tukku Oy", "Rossi Forniture S.r.l.", "Cape Point Traders (Pty) Ltd", "Delta Home Goods B.V.",
}

// japan are customers in Japan, in Latin letters and in Chinese characters.
var japan = [...]word{
	{"Aoki Shoji K.K.", "青木商事株式会社"}, {"Morita Sangyo K.K.", "森田产业株式会社"}, {"Ishida Kogyo K.K.", "石田工业株式会社"},
	{"Kawabata Boeki K.K.", "川端贸易株式会社"}, {"Nishino Shokai K.K.", "西野商会株式会社"}, {"Takahashi Kizai K.K.", "高桥器材株式会社"},
	{"Ono Trading K.K.", "小野通商株式会社"}, {"Minami Denki K.K.", "南电机株式会社"},
}

// homeName returns the name of the nth customer of a region, different for
// every n: city, stem and trade are the digits of a scattered n.
func homeName(region, n int) word {
	towns := cities[region]
	all := len(towns) * len(stems) * len(trades)
	k := (n + 97*region) % all * 367 % all // 367 is prime and divides none of the three lengths
	town, stem, trade := towns[k%len(towns)], stems[k/len(towns)%len(stems)], trades[k/len(towns)/len(stems)]
	name := word{town.en + " " + stem.en + " " + trade.en, town.zh + stem.zh + trade.zh}
	if round := n / all; round > 0 {
		name.en += " Branch " + strconv.Itoa(round+1)
		name.zh += strconv.Itoa(round+1) + "分厂"
	}
	return word{name.en + " Co., Ltd.", name.zh + "有限公司"}
}

// abroadName returns the name of the nth customer outside China and Japan.
func abroadName(n int) word {
	name := abroad[n%len(abroad)]
	if round := n / len(abroad); round > 0 {
		name += " (" + strconv.Itoa(round+1) + ")"
	}
	return word{name, name}
}

// japanName returns the name of the nth customer in Japan.
func japanName(n int) word {
	name := japan[n%len(japan)]
	if round := n / len(japan); round > 0 {
		tail := " (" + strconv.Itoa(round+1) + ")"
		name.en += tail
		name.zh += tail
	}
	return name
}

// people are the names of the first reps; the rest are put together from
// surnames and given names.
var people = [...]word{
	{"Chen Wei", "陈伟"}, {"Li Na", "李娜"}, {"Wang Qiang", "王强"}, {"Zhao Min", "赵敏"}, {"Liu Yang", "刘洋"}, {"Zhou Jie", "周洁"}, {"Anna Kern", "安娜"},
}

var surnames = [...]word{
	{"Sun", "孙"}, {"Wu", "吴"}, {"Zheng", "郑"}, {"Feng", "冯"}, {"He", "何"}, {"Gao", "高"}, {"Lin", "林"}, {"Guo", "郭"}, {"Ma", "马"}, {"Luo", "罗"},
}

var givenNames = [...]word{
	{"Lei", "磊"}, {"Fang", "芳"}, {"Jun", "军"}, {"Jing", "静"}, {"Tao", "涛"}, {"Yan", "燕"}, {"Bo", "波"}, {"Xia", "霞"}, {"Kai", "凯"},
}

func personName(n int) word {
	if n < len(people) {
		return people[n]
	}
	n -= len(people)
	s, g := surnames[n%len(surnames)], givenNames[n/len(surnames)%len(givenNames)]
	return word{s.en + " " + g.en, s.zh + g.zh}
}

var managers = [...]word{east: {"Sun Lei", "孙磊"}, south: {"Wu Fang", "吴芳"}, north: {"Zheng Jun", "郑军"}, west: {"Feng Jing", "冯静"}, overseas: {"Gao Tao", "高涛"}}

// clerks write the entries; the first two also approve.
var clerks = [...]word{{"Guo Yan", "郭燕"}, {"Ma Bo", "马波"}, {"He Xia", "何霞"}, {"Lin Kai", "林凯"}}

var kindNames = [...]word{ // by ledger.Kind
	{"Invoice", "发票"}, {"Debit note", "借项通知单"}, {"Credit note", "贷项通知单"}, {"Receipt", "收款"}, {"Refund", "退款"},
	{"Write-off", "核销"}, {"Recovery", "坏账收回"}, {"Adjustment", "调整"}, {"Opening", "期初"},
}

// note is a remark on a line.
type note int8

const (
	noNote note = iota
	goodsReturned
	priceCorrected
	freightCharged
	bankCharge
	chequeReturned
	paidAhead
	paidTwice
	paidTwiceBack
	noReference
	noReferenceBack
	shortPaid
	smallBalance
	insolvent
	dividend
	reclassified
	inDispute
	redInvoice
)

var noteTexts = [...]word{
	noNote:          {},
	goodsReturned:   {"Goods returned", "销售退货"},
	priceCorrected:  {"Price corrected", "价格更正"},
	freightCharged:  {"Freight and handling", "代垫运费"},
	bankCharge:      {"Bank charges kept by the bank", "银行手续费"},
	chequeReturned:  {"Cheque returned: insufficient funds", "支票退票，存款不足"},
	paidAhead:       {"Paid ahead of delivery", "预收货款"},
	paidTwice:       {"Paid twice", "重复付款"},
	paidTwiceBack:   {"Second payment returned", "退回重复付款"},
	noReference:     {"No reference given", "来款未注明用途"},
	noReferenceBack: {"Not ours, returned", "误付款退回"},
	shortPaid:       {"Short-paid", "少付尾款"},
	smallBalance:    {"Small balance written off", "小额尾款核销"},
	insolvent:       {"Insolvent, claim filed", "客户破产，已申报债权"},
	dividend:        {"Dividend from the insolvency", "破产分配款"},
	reclassified:    {"Moved from other receivables", "其他应收款转入"},
	inDispute:       {"Quality in dispute", "质量异议"},
	redInvoice:      {"Red-letter invoice", "红字发票"},
}

var excuses = [...]word{
	{"Waiting for their own customer to pay", "等下游客户回款"},
	{"Approval is with the owner, who travels", "老板出差，等审批"},
	{"Invoice got lost, copy sent", "发票遗失，已补寄"},
	{"Cash is tight until the season", "旺季前资金紧张"},
	{"Bank loan to be paid out next week", "银行贷款下周放款"},
	{"Claims a short delivery", "称到货数量不足"},
	{"New accountant, books not handed over", "会计交接中"},
}

var groupNames = [...]word{{"Key account", "重点客户"}, {"Dealer", "经销商"}, {"Standard", "普通客户"}}
