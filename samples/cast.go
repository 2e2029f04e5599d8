package samples

import (
	"fmt"

	"duepack/analysis/ledger"
)

// manner is how a customer pays.
type manner int8

const (
	early manner = iota
	prompt
	slack
	late
	chronic
	struggling // pays parts only from the day it fails
	bankrupt   // pays nothing from the day it fails, and is written off
)

// lateness bounds the days from due to payment by manner.
var lateness = [...]struct{ lo, hi int }{
	early: {-20, -4}, prompt: {-12, 0}, slack: {-4, 14}, late: {10, 48}, chronic: {40, 115}, struggling: {5, 45}, bankrupt: {5, 40},
}

// The currencies of a book, as indexes into currencyList.
const (
	cny uint8 = iota
	usd
	jpy
	currencyCount
)

var currencyList = [currencyCount]ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "USD", Exponent: 2}, {Code: "JPY", Exponent: 0}}

// prices are what is sold, in minor units of each currency.
var prices = [currencyCount][]int{
	cny: {650, 1850, 4200, 12680, 36900, 89900, 268000},
	usd: {95, 260, 590, 1785, 5200, 12650, 37800},
	jpy: {140, 390, 880, 2660, 7750, 18900, 56300},
}

// customer is a customer with its character.
type customer struct {
	id         string
	name       word
	rep        int // present rep
	formerRep  int // rep before the handover, or rep
	region     int
	group      int
	terms      ledger.Terms
	currency   uint8
	typical    int // usual amount of an invoice, minor units of currency
	limit      int // credit limit, whole units of the book's currency
	manner     manner
	run        payRun
	fails      ledger.Date // 0: never
	contract   bool
	margin     string
	financing  string
	rating     string
	five       [5]int // the 5C scores, 1 … 5
	chineseOwn bool   // has its Chinese name in the English book too
}

// repOn returns the customer's rep on a day.
func (c *customer) repOn(d ledger.Date) int {
	if d < handover {
		return c.formerRep
	}
	return c.rep
}

// stopped reports whether the company no longer sells to the customer: two
// months after it failed, because nobody notices sooner.
func (c *customer) stopped(d ledger.Date) bool { return c.fails != 0 && d > c.fails+60 }

// rep is a sales rep.
type rep struct {
	id     string
	name   word
	region int
	margin string
}

// repRegions are the regions of the reps, in turn. The fifth sells to whoever
// buys: the customers that pay badly are his.
var repRegions = [...]int{east, east, south, north, west, overseas, overseas}

const (
	carelessRep = 4 // of every seven
	leavingRep  = 3 // of every seven: a third of his customers is handed over
)

// staff are the numbers of customers and reps of books of growing size,
// between which sizes are interpolated.
var staff = [...]struct{ lines, customers, reps int }{
	{1, 2, 1}, {100, 12, 3}, {3_000, 60, 7}, {30_000, 350, 14}, {1_000_000, 5_000, 50}, {5_000_000, 17_000, 84},
}

func staffOf(lines int) (customers, reps int) {
	for i := 1; i < len(staff); i++ {
		a, b := staff[i-1], staff[i]
		if lines <= b.lines {
			part, whole := max(lines-a.lines, 0), b.lines-a.lines
			return a.customers + (b.customers-a.customers)*part/whole, a.reps + (b.reps-a.reps)*part/whole
		}
	}
	last := staff[len(staff)-1]
	return last.customers, last.reps
}

// hire makes the reps.
func hire(n int) []rep {
	reps := make([]rep, n)
	for i := range reps {
		reps[i] = rep{id: fmt.Sprintf("R%02d", i+1), name: personName(i), region: repRegions[i%len(repRegions)]}
		if i%len(repRegions) == carelessRep {
			reps[i].margin = "0.04"
		}
	}
	return reps
}

// meet makes the customers, the largest first, and how often each buys.
func meet(n int, reps []rep, lines int, luck *chance) (customers []customer, weights []int) {
	width := max(3, len(fmt.Sprint(n)))
	customers, weights = make([]customer, n), make([]int, n)
	inRegion := make([]int, len(regionNames))
	shares := divide(reps)
	head := headOf(n)
	japanese, total := 0, 0
	for i := range customers {
		c := &customers[i]
		c.id = fmt.Sprintf("C%0*d", width, i+1)
		weights[i] = 10_000_000 / (i + head)
		total += weights[i]
		c.character(i, typicalAmount(i, head), luck)
		c.assign(i, reps, shares)
		switch {
		case c.currency == jpy:
			c.name = japanName(japanese)
			japanese++
		case c.region == overseas:
			c.name = abroadName(inRegion[overseas])
			inRegion[overseas]++
		default:
			c.name = homeName(c.region, inRegion[c.region])
			inRegion[c.region]++
		}
	}
	for i := range customers {
		// Half the lines are invoices; four months of them are the limit.
		monthly := typicalAmount(i, head) / 100 * (lines/2/24 + 1) * weights[i] / total
		customers[i].limit = (monthly*4/50_000 + 1) * 50_000
	}
	return customers, weights
}

// headOf says how slowly sales fall from one customer to the next: the share
// of the customer of a rank is in proportion to 1 ÷ (rank + head), so that the
// ten largest of sixty buy half and the ten largest of five thousand a
// fiftieth.
func headOf(customers int) int { return 12 + customers/60 }

// typicalAmount returns the usual invoice of the customer of a rank in minor
// units of the book's currency: 175,000.00 for the largest, 10,500.00 for the
// many small ones.
func typicalAmount(rank, head int) int { return max(17_500_000*head/(rank+head), 1_050_000) }

// character draws what a customer is like. A few ranks of every sixty are
// cast on purpose, so that a book of sixty customers has every kind of payer.
func (c *customer) character(rank, book int, luck *chance) {
	c.draw(rank, luck)
	switch rank % 60 {
	case 11:
		c.manner, c.fails = struggling, ledger.MustDate("2025-12-15")
	case 18:
		c.manner, c.fails = struggling, ledger.MustDate("2026-03-10")
	case 14:
		c.manner, c.fails = bankrupt, ledger.MustDate("2025-02-12")
	case 30:
		c.manner, c.fails = bankrupt, ledger.MustDate("2025-07-21")
	case 42:
		c.manner, c.fails = bankrupt, ledger.MustDate("2026-02-24")
	case 5, 23, 38:
		c.manner = chronic
	}
	if c.fails != 0 && rank >= 60 {
		c.fails = opening + 90 + ledger.Date(luck.below(500))
	}
	c.judge(luck)
	switch {
	case rank%12 == 9:
		c.currency, c.typical = jpy, book*21/100 // 21 yen a yuan
		c.terms = ledger.Terms{Kind: ledger.TermsEOM, Days: 30}
	case rank%4 == 1:
		c.currency, c.typical = usd, book/7
	default:
		c.currency, c.typical = cny, book
	}
}

func (c *customer) draw(rank int, luck *chance) {
	switch at := luck.below(100); {
	case at < 12:
		c.manner = early
	case at < 54 || rank < 5:
		c.manner = prompt
	case at < 86:
		c.manner = slack
	default:
		c.manner = late
	}
	switch at := luck.below(94); {
	case rank%20 == 19:
		c.terms = ledger.Terms{Kind: ledger.TermsCOD}
	case at < 24:
		c.terms = ledger.Terms{Kind: ledger.TermsNet, Days: 30}
	case at < 43 || rank < 2:
		c.terms = ledger.Terms{Kind: ledger.TermsNet, Days: 45}
	case at < 73 || rank < 6:
		c.terms = ledger.Terms{Kind: ledger.TermsNet, Days: 60}
	default:
		c.terms = ledger.Terms{Kind: ledger.TermsEOM, Days: 30}
	}
	c.run = payRun(luck.below(4))
	c.contract = luck.below(10) < 7
	c.chineseOwn = rank%3 == 0
	c.group = 2
	switch {
	case rank < 8:
		c.group = 0
	case luck.below(4) == 0:
		c.group = 1
	}
	switch rank % 20 {
	case 3:
		c.margin = "0.08"
	case 14:
		c.margin = "0.03"
	case 7:
		c.financing = "0.08"
	}
}

// judge gives the rating and the 5C scores, as the credit desk sees them.
func (c *customer) judge(luck *chance) {
	ratings := [...]string{early: "A", prompt: "A", slack: "B", late: "C", chronic: "C", struggling: "D", bankrupt: "D"}
	scores := [...]int{early: 5, prompt: 4, slack: 3, late: 3, chronic: 2, struggling: 1, bankrupt: 1}
	c.rating = ratings[c.manner]
	for i := range c.five {
		c.five[i] = min(max(scores[c.manner]+luck.between(-1, 1), 1), 5)
	}
}

// markets are the groups of reps that share a group of customers in turn.
type markets struct {
	home, careless, abroad             []int // indexes of reps
	homeNext, carelessNext, abroadNext int
}

func divide(reps []rep) *markets {
	m := &markets{}
	for r := range reps {
		switch turn := r % len(repRegions); {
		case repRegions[turn] == overseas:
			m.abroad = append(m.abroad, r)
		case turn == carelessRep:
			m.careless = append(m.careless, r)
			m.home = append(m.home, r)
		default:
			m.home = append(m.home, r)
		}
	}
	return m
}

// next returns the rep whose turn it is: bad payers at home are the careless
// one's, exports go to those who export.
func (m *markets) next(c *customer) int {
	group, turn := m.home, &m.homeNext
	switch {
	case c.currency != cny && len(m.abroad) > 0:
		group, turn = m.abroad, &m.abroadNext
	case c.currency == cny && c.manner >= chronic && len(m.careless) > 0:
		group, turn = m.careless, &m.carelessNext
	}
	*turn++
	return group[(*turn-1)%len(group)]
}

// assign gives the customer to a rep, and so to a region.
func (c *customer) assign(rank int, reps []rep, m *markets) {
	c.rep = m.next(c)
	c.region = reps[c.rep].region
	if c.currency != cny {
		c.region = overseas
	} else if c.region == overseas {
		c.region = east // a book with too few reps for every market
	}
	c.formerRep = c.rep
	if c.rep%len(repRegions) == leavingRep && rank%3 == 0 && c.currency == cny {
		c.rep = c.rep - leavingRep + south // to the neighbour in the south
	}
}
