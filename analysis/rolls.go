package analysis

import (
	"fmt"
	"math/big"
	"slices"

	"duepack/analysis/ledger"
)

// LossHistory asks for loss rates from the book's own history (rules §9).
type LossHistory struct {
	Months           int          // month-to-month rolls to average, ending at the last month-end on or before the as-of date
	LossGivenDefault ledger.Ratio // share of what reaches the last bucket and is lost; not given: 100 %
	Factor           ledger.Ratio // forward-looking factor; not given: 1
}

// RollRate is what became of the documents of one bucket within one month, in
// the book's currency at the rates of the month before (rules §9).
type RollRate struct {
	Month  ledger.Month `json:"month"`
	Bucket int          `json:"bucket"` // index into Pack.Buckets; the last bucket rolls nowhere
	Base   ledger.Minor `json:"base"`   // open in the bucket at the end of the month before
	Moved  ledger.Minor `json:"moved"`  // of that, in an older bucket at the end of the month
	Lost   ledger.Minor `json:"lost"`   // of that, written off in the month: it moved on, it was not collected
}

// Rate returns (moved + lost) ÷ base; nil where the bucket was empty.
func (r RollRate) Rate() *big.Rat {
	if r.Base == 0 {
		return nil
	}
	return new(big.Rat).SetFrac64(int64(r.Moved)+int64(r.Lost), int64(r.Base))
}

// rollSums collects the roll rates of one account, by month and bucket.
type rollSums struct {
	rates   [][]RollRate // by window (the first is not used) and bucket
	unrated []bool       // by window: a rate of exchange was missing
}

// historicalRates plays the book once for its roll rates and multiplies them
// through to write-off: the loss rate of a bucket is the product of its own
// roll rate and those of the buckets after it, times loss given default, times
// the forward-looking factor, and never more than all of it; a roll rate is the
// average over the months in which the bucket was not empty. What reaches the
// last bucket is lost at the rate of loss given default (rules §9).
func (b *builder) historicalRates() ([]ledger.Ratio, []RollRate, error) {
	h := b.opt.LossHistory
	rolls := b.playRolls()
	var list []RollRate
	last := len(b.buckets) - 1
	rates := make([]ledger.Ratio, len(b.buckets))
	loss := factorOrOne(h.LossGivenDefault)
	loss.Mul(loss, factorOrOne(h.Factor))
	for w := max(1, len(b.windows)-h.Months); w < len(b.windows); w++ {
		if !rolls.unrated[w] {
			list = append(list, rolls.rates[w][:last]...)
		}
	}
	for bucket := last; bucket >= 0; bucket-- {
		if bucket < last {
			average := averageRoll(list, bucket)
			if average == nil {
				return nil, nil, fmt.Errorf("no loss rate can be estimated: bucket %s was empty at every month-end of the history; give provision.rates instead", b.buckets[bucket].ID)
			}
			loss = new(big.Rat).Mul(loss, average)
		}
		rates[bucket] = nearestRatio(loss)
		if rates[bucket].Num > rates[bucket].Den {
			rates[bucket] = ledger.Ratio{Num: 1, Den: 1}
		}
	}
	return rates, list, nil
}

func factorOrOne(r ledger.Ratio) *big.Rat {
	if !r.Given() {
		return big.NewRat(1, 1)
	}
	return r.Rat()
}

// averageRoll returns the mean of a bucket's monthly roll rates, nil without one.
func averageRoll(list []RollRate, bucket int) *big.Rat {
	sum, months := new(big.Rat), int64(0)
	for _, r := range list {
		if rate := r.Rate(); r.Bucket == bucket && rate != nil {
			sum.Add(sum, rate)
			months++
		}
	}
	if months == 0 {
		return nil
	}
	return sum.Quo(sum, big.NewRat(months, 1))
}

// ratioDecimals is the precision of an estimated rate: an error of 1e-15 moves
// no minor unit of an amount below 10^14.
const ratioDecimals = 15

// nearestRatio returns the fraction as a ledger.Ratio, exactly where it fits,
// else rounded to 15 decimals.
func nearestRatio(r *big.Rat) ledger.Ratio {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || r.Denom().Int64() > 1e15 {
		r, _ = new(big.Rat).SetString(r.FloatString(ratioDecimals))
	}
	return ledger.Ratio{Num: r.Num().Int64(), Den: r.Denom().Int64()}
}

// playRolls plays every account for its roll rates only.
func (b *builder) playRolls() *rollSums {
	workers := workersFor(len(b.lots))
	parts, shards := make([]*rollSums, workers), make([]*shard, workers)
	for w := range parts {
		parts[w], shards[w] = b.newRollSums(), b.newShard()
	}
	inParallel(workers, len(b.lots), func(w, i int) {
		for _, c := range b.lots[i].customers {
			b.eachAccount(shards[w], &outcome{}, c, func(p *posting) { p.rolls(parts[w]) })
		}
	})
	total := b.newRollSums()
	for _, part := range parts {
		for w := range part.rates {
			total.unrated[w] = total.unrated[w] || part.unrated[w]
			for i := range part.rates[w] {
				into, from := &total.rates[w][i], &part.rates[w][i]
				into.Base += from.Base
				into.Moved += from.Moved
				into.Lost += from.Lost
			}
		}
	}
	return total
}

func (b *builder) newRollSums() *rollSums {
	sums := &rollSums{rates: make([][]RollRate, len(b.windows)), unrated: make([]bool, len(b.windows))}
	for w := range sums.rates {
		sums.rates[w] = make([]RollRate, len(b.buckets))
		for i := range sums.rates[w] {
			sums.rates[w][i] = RollRate{Month: b.windows[w].to.Month(), Bucket: i}
		}
	}
	return sums
}

// rolls follows the documents of an account from month-end to month-end.
func (p *posting) rolls(sums *rollSums) {
	p.holdings = slices.Grow(p.holdings[:0], len(p.player.stops))[:len(p.player.stops)]
	p.account.play(func(i int) { p.holdings[i] = p.account.hold() })
	openAt := make([]ledger.Minor, len(p.account.documents))
	lost := make([]ledger.Minor, len(p.account.documents))
	for w := 1; w < len(p.windows); w++ {
		win := &p.windows[w]
		before := p.holdingAt(win.from - 1)
		if len(before.documents) == 0 {
			continue
		}
		rate, rated := p.rateAt(win.from - 1)
		if !rated {
			sums.unrated[w] = true
			continue
		}
		clear(openAt)
		clear(lost)
		for _, at := range p.holdingAt(win.to).documents {
			openAt[at.index] = at.open
		}
		for _, a := range p.account.applied {
			if win.has(a.date) && p.ledger.Entries[p.account.credits[a.credit].entry].Kind == ledger.WriteOff {
				lost[a.document] += a.amount
			}
		}
		for _, at := range before.documents {
			base := p.opt.Aging.base(&p.account.documents[at.index])
			was := bucketOf(p.buckets, base, win.from-1)
			r := &sums.rates[w][was]
			add := func(into *ledger.Minor, m ledger.Minor) {
				book, _ := p.exchange.convert(m, p.currency, rate)
				*into += book
			}
			add(&r.Base, at.open)
			if bucketOf(p.buckets, base, win.to) > was {
				add(&r.Moved, min(at.open, openAt[at.index]))
			}
			add(&r.Lost, min(at.open, lost[at.index]))
		}
	}
}
