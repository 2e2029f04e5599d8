package samples

import "duepack/analysis/ledger"

// exchange is the price of the foreign currencies in the book's currency on
// every working day from the opening on: of a dollar in 1/10,000 of a yuan, of
// a yen in 1/1,000,000.
type exchange struct {
	days   []ledger.Date
	prices [currencyCount][]int
}

// rateDecimals are the decimals of the prices.
var rateDecimals = [currencyCount]int{usd: 4, jpy: 6}

// anchors are what the prices drift to, month after month of the two years.
var anchors = [currencyCount][2]int{usd: {71_900, 70_300}, jpy: {46_700, 47_900}}

// quote draws a random walk around the way from the first anchor to the last.
func quote(luck *chance) exchange {
	var x exchange
	now := [currencyCount]int{usd: anchors[usd][0], jpy: anchors[jpy][0]}
	for d := opening; d <= lastDay; d++ {
		if !isWorkday(d) {
			continue
		}
		x.days = append(x.days, d)
		for _, c := range []uint8{usd, jpy} {
			from, to := anchors[c][0], anchors[c][1]
			aim := from + (to-from)*int(d-opening)/int(lastDay-opening)
			now[c] += luck.middling(-160, 160)*from/71_900 + (aim-now[c])/30
			x.prices[c] = append(x.prices[c], now[c])
		}
	}
	return x
}

// book converts an amount into the book's currency at the last price on or
// before a day. It is for targets only, which are round anyway.
func (x *exchange) book(amount ledger.Minor, currency uint8, d ledger.Date) ledger.Minor {
	if currency == cny {
		return amount
	}
	lo, hi := 0, len(x.days)-1
	for lo < hi {
		if mid := (lo + hi + 1) / 2; x.days[mid] <= d {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	// A cent at 1/10,000 yuan and a yen at 1/1,000,000 yuan, in hundredths of
	// a yuan, divide by the same number.
	return amount * ledger.Minor(x.prices[currency][lo]) / 10_000
}
