package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duepack/analysis/ledger"
)

// Build computes the close pack of a ledger: it plays every customer's account
// (rules §3), sums tallies, and freezes figures and detail into a Pack. It is a
// pure function: the same ledger and options give the same pack, whatever the
// number of processors.
//
// The error is DataErrors for faults of the input (a missing rate of exchange,
// an amount out of range), and any other error for options that make no sense.
func Build(l *ledger.Ledger, opt Options) (*Pack, error) {
	b, err := newBuilder(l, opt)
	if err != nil {
		return nil, err
	}
	var rolls []RollRate
	if opt.LossHistory != nil {
		if b.opt.LossRates, rolls, err = b.historicalRates(); err != nil {
			return nil, err
		}
	}
	b.playAll()
	if errs := b.faults(); len(errs) > 0 {
		return nil, errs
	}
	p := b.newPack()
	p.Rolls = rolls
	b.fillSubjects(p)
	if b.overflow {
		return nil, DataErrors{outOfRange("")}
	}
	p.TieOut = b.tieOut(p)
	b.expect(p)
	p.Sections = sections(p)
	return p, p.checkValid()
}

// builder holds what is common to all customers while a pack is computed.
type builder struct {
	ledger    *ledger.Ledger
	opt       Options
	buckets   []Bucket
	dayLimits []ledger.Date // of the buckets; see dayLimits
	exchange  *exchange
	player    player
	windows   []window                  // the pack's own, then the months of the history
	closing   [][]rateSpan              // by currency and window: the closing rate
	later     map[laterKey]ledger.Minor // receipts after the as-of date, by the document they name
	specific  []ledger.Ratio            // by customer: its own loss rate, or not given; nil where nobody has one

	starts []int32 // entries of customer c are order[starts[c]:starts[c+1]]
	order  []int32 // entries posted on or before the as-of date, by customer, in file order

	calendar   calendar
	unassigned int32 // index of the rep "unassigned" in reps
	noRegion   int32 // index of the region "unassigned" in regions

	reps       []ledger.Rep // of the ledger, and unassigned at the end where it is not one of them
	repMargins bool         // one of them has a margin of its own
	regions    []string

	customerOrder []int32 // customers that have entries, by id
	places        []int32 // by customer: its place in customerOrder
	lots          []lot
	collector     collector

	overflow  bool       // a sum of all customers left the range
	customers []*outcome // by customer; nil where none of its entries is posted yet
	shards    []*shard
}

// outcome is what one customer contributes.
type outcome struct {
	tally      Tally
	habit      Habit
	lastRep    int32 // of the customer's last line that has one
	hasLastRep bool
}

// shard sums what one goroutine has computed.
type shard struct {
	reps, regions []*Tally       // by index; in the book's currency
	currencies    []*Tally       // by index; in their own
	receipts      []ledger.Minor // of the book by month
	history       []monthSum     // by window; the first is not used
	vintages      *vintageSums
	unrated       int // receipts of months before this index cannot be converted
	missing       map[missingRate]ledger.Pos
	overflow      []ledger.Pos
	habits        habitSums
	classes       [classCount][]classSum // by class and rep
	detail        *Detail                // of the lot in work
	stretches     []Stretch              // block that costs take theirs from
	texts         strings.Builder        // block that document numbers take their texts from
	account       account                // reused from one account to the next, as is what follows
	posting       posting
	placed        []placed
	toNet         [][2]ledger.Minor
	runs          []run
	sold          []soldDocument
	itemOf        []int32
	keys          []uint64
	fetched       ledger.DocID // of no use; see sortByDate
}

type missingRate struct {
	currency uint8
	date     ledger.Date
}

func newBuilder(l *ledger.Ledger, opt Options) (*builder, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	if opt.From == 0 || opt.To < opt.From || opt.AsOf < opt.To {
		return nil, fmt.Errorf("period %s..%s must end on or before the as-of date %s", opt.From, opt.To, opt.AsOf)
	}
	if opt.Apply != Explicit && opt.Apply != FIFO && opt.Apply != ExplicitThenFIFO {
		return nil, fmt.Errorf("application %q is not explicit, fifo or explicit-then-fifo", opt.Apply)
	}
	if !opt.Margin.Given() {
		return nil, fmt.Errorf("no net margin of the book is given")
	}
	buckets, err := MakeBuckets(opt.Aging.Basis, opt.Bounds)
	if err != nil {
		return nil, err
	}
	if opt.LossHistory != nil && (len(opt.LossRates) > 0 || l.Snapshot) {
		return nil, fmt.Errorf("loss rates from history need a ledger with its movements, and no given rates beside it")
	}
	switch len(opt.LossRates) {
	case 0:
		opt.LossRates = nil // an empty list is none: no provision
	case len(buckets):
	default:
		return nil, fmt.Errorf("%d loss rates for %d aging buckets: give one per bucket", len(opt.LossRates), len(buckets))
	}
	if len(opt.Rates) == 0 {
		return nil, fmt.Errorf("no annual financing rate is given")
	}
	if h := opt.LossHistory; h != nil {
		opt.HistoryMonths = max(opt.HistoryMonths, h.Months)
	}
	b := &builder{ledger: l, opt: opt, buckets: buckets, dayLimits: dayLimits(buckets), exchange: newExchange(l)}
	b.player = player{entries: l.Entries, numbering: l.Numbering, fifo: opt.Apply != Explicit, asOf: opt.AsOf}
	if b.specific, err = specificRates(l, &opt); err != nil {
		return nil, err
	}
	if err := opt.checkPlans(); err != nil {
		return nil, err
	}
	b.index()
	b.makeWindows()
	b.laterPayments()
	return b, nil
}

// index sorts the entries that exist at the as-of date by customer, keeping
// file order, and gives "unassigned" its place among reps and regions.
func (b *builder) index() {
	first := b.sortByCustomer()
	b.calendar = newCalendar(first, b.opt.AsOf)
	b.customerOrder, b.places = sortGroup(len(b.ledger.Customers),
		func(c int) bool { return b.starts[c] < b.starts[c+1] }, func(c int) string { return b.ledger.Customers[c].ID })
	b.lots = b.makeLots()

	b.reps = slices.Clone(b.ledger.Reps)
	b.unassigned = int32(slices.IndexFunc(b.reps, func(r ledger.Rep) bool { return r.ID == ledger.Unassigned }))
	if b.unassigned < 0 {
		b.unassigned = int32(len(b.reps))
		b.reps = append(b.reps, ledger.Rep{ID: ledger.Unassigned})
	}
	b.repMargins = slices.ContainsFunc(b.reps, func(r ledger.Rep) bool { return r.Margin.Given() })
	b.regions = slices.Clone(b.ledger.Regions)
	b.noRegion = int32(slices.Index(b.regions, ledger.Unassigned))
	if b.noRegion < 0 {
		b.noRegion = int32(len(b.regions))
		b.regions = append(b.regions, ledger.Unassigned)
	}
}

// sortByCustomer fills starts and order and returns the first posting date. It
// goes through the entries in pieces, on all processors: each counts its own,
// and then knows where they go.
func (b *builder) sortByCustomer() (first ledger.Date) {
	entries, customers := b.ledger.Entries, len(b.ledger.Customers)
	pieces := piecesOf(len(entries), customers)
	next := make([][]int32, len(pieces)) // by piece and customer: entries, then the place of the next one
	dates := make([]ledger.Date, len(pieces))
	eachPiece(pieces, func(w int, at piece) {
		count, earliest := make([]int32, customers), b.opt.AsOf
		for i := at.from; i < at.to; i++ {
			if e := &entries[i]; e.Posted <= b.opt.AsOf {
				count[e.Customer]++
				earliest = min(earliest, e.Posted)
			}
		}
		next[w], dates[w] = count, earliest
	})
	b.starts = make([]int32, customers+1)
	place := int32(0)
	for c := range customers {
		b.starts[c] = place
		for w := range next {
			next[w][c], place = place, place+next[w][c]
		}
	}
	b.starts[customers] = place
	b.order = make([]int32, place)
	eachPiece(pieces, func(w int, at piece) {
		for i := at.from; i < at.to; i++ {
			if e := &entries[i]; e.Posted <= b.opt.AsOf {
				b.order[next[w][e.Customer]] = int32(i)
				next[w][e.Customer]++
			}
		}
	})
	return slices.Min(dates)
}

// playAll computes every customer, on all processors. Sums of whole numbers do
// not depend on their order, and detail is kept by lot, so the result does not
// depend on which goroutine took which lot.
func (b *builder) playAll() {
	b.customers = make([]*outcome, len(b.ledger.Customers))
	b.shards = make([]*shard, workersFor(len(b.lots)))
	for w := range b.shards {
		b.shards[w] = b.newShard()
	}
	b.collector = newCollector(b.lots)
	inParallel(len(b.shards), len(b.lots), func(w, i int) {
		s, customers := b.shards[w], b.lots[i].customers
		s.detail = b.collector.take()
		outcomes := make([]outcome, len(customers))
		for i, c := range customers {
			b.customers[c] = &outcomes[i]
			b.eachAccount(s, b.customers[c], c, (*posting).post)
			b.customers[c].habit = s.habits.endCustomer()
		}
		b.collector.give(i, s.detail)
	})
}

func (b *builder) newShard() *shard {
	s := &shard{
		reps: make([]*Tally, len(b.reps)), regions: make([]*Tally, len(b.regions)),
		currencies: make([]*Tally, len(b.ledger.Currencies)),
		receipts:   make([]ledger.Minor, b.calendar.count),
		history:    make([]monthSum, len(b.windows)),
		vintages:   newVintageSums(b.calendar.count),
		habits:     habitSums{all: map[int32]int{}},
		missing:    map[missingRate]ledger.Pos{},
		toNet:      make([][2]ledger.Minor, len(b.buckets)),
	}
	for w := range s.history {
		s.history[w].company.aging = make([]ledger.Minor, len(b.buckets))
	}
	return s
}

// eachAccount takes a customer's accounts one by one, a currency each.
func (b *builder) eachAccount(s *shard, out *outcome, c int32, do func(*posting)) {
	entries := b.ledger.Entries
	order := b.order[b.starts[c]:b.starts[c+1]]
	b.sortByDate(s, order)
	for len(order) > 0 {
		n := 1
		for n < len(order) && entries[order[n]].Currency == entries[order[0]].Currency {
			n++
		}
		do(newPosting(b, s, out, c, order[:n]))
		order = order[n:]
	}
}

// sortByDate sorts entries of one customer by currency, posting date and file
// order. It sorts numbers of date and place: comparing entries themselves takes five
// times as long.
//
// In a large book the entries of a customer lie far apart. Here, where the first look
// is taken, no look waits for another, so the processor fetches many at once, and it
// looks at both ends of an entry: what is fetched later costs one wait each. That is
// a twentieth of the analysis.
func (b *builder) sortByDate(s *shard, order []int32) {
	entries := b.ledger.Entries
	keys := s.keys[:0]
	several := false
	for _, i := range order {
		e := &entries[i]
		s.fetched += e.ID
		several = several || e.Currency != entries[order[0]].Currency
		keys = append(keys, uint64(uint32(e.Posted)^1<<31)<<32|uint64(uint32(i)))
	}
	s.keys = keys
	slices.Sort(keys)
	for at, key := range keys {
		order[at] = int32(uint32(key))
	}
	if several {
		slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(entries[i].Currency, entries[j].Currency) })
	}
}

// faults collects what kept the pack from being computed, sorted by currency
// and date.
func (b *builder) faults() DataErrors {
	missing := map[missingRate]ledger.Pos{}
	var errs DataErrors
	for _, s := range b.shards {
		for key, pos := range s.missing {
			if at, ok := missing[key]; !ok || comparePos(pos, at) < 0 {
				missing[key] = pos
			}
		}
	}
	keys := make([]missingRate, 0, len(missing))
	for key := range missing {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y missingRate) int {
		return cmp.Or(cmp.Compare(x.currency, y.currency), cmp.Compare(x.date, y.date))
	})
	base := b.ledger.BaseCurrency().Code
	for _, key := range keys {
		code := b.ledger.Currencies[key.currency].Code
		errs = append(errs, &DataError{
			Code: "no-rate", Place: b.ledger.Place(missing[key]),
			Message: fmt.Sprintf("no rate for %s on or before %s", code, key.date),
			Hint:    fmt.Sprintf("add a row %s, %s, <%s for 1 %s> to the sheet Rates", code, key.date, base, code),
		})
	}
	for _, t := range b.tallies() {
		if t.overflow {
			return append(errs, outOfRange(""))
		}
	}
	var overflow []ledger.Pos
	for _, s := range b.shards {
		overflow = append(overflow, s.overflow...)
	}
	if len(overflow) > 0 { // the first row, whichever goroutine met it
		errs = append(errs, outOfRange(b.ledger.Place(slices.MinFunc(overflow, comparePos))))
	}
	return errs
}

// comparePos orders rows as the files have them.
func comparePos(x, y ledger.Pos) int {
	return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.Row, y.Row))
}

func outOfRange(place string) *DataError {
	return &DataError{
		Code: "out-of-range", Place: place, Message: ledger.ErrOverflow.Error(),
		Hint: "check amounts and rates of exchange for a shifted decimal point",
	}
}

// tallies returns every tally there is, for checks.
func (b *builder) tallies() []*Tally {
	var all []*Tally
	for _, o := range b.customers {
		if o != nil {
			all = append(all, &o.tally)
		}
	}
	for _, s := range b.shards {
		for _, list := range [][]*Tally{s.reps, s.regions, s.currencies} {
			for _, t := range list {
				if t != nil {
					all = append(all, t)
				}
			}
		}
	}
	return all
}
