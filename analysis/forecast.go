package analysis

import (
	"cmp"
	"math/big"
	"slices"

	"duepack/analysis/ledger"
)

// Habit is how late a customer usually pays (rules §12): the median of the days
// late of its payments, one per application of a receipt up to the as-of date,
// whatever its amount. Early payments are negative.
type Habit struct {
	Payments int `json:"payments"`  // applications counted; 0: there is no habit
	LateDays int `json:"late_days"` // the median; of an even number the mean of the middle two, half a day rounded away from zero
}

// habitSums collects days late, of the customer in work and of all.
type habitSums struct {
	customer []int32
	all      map[int32]int // number of applications by days late
}

// postHabits collects the days late of every application of a receipt.
func (p *posting) postHabits() {
	for _, a := range p.account.applied {
		if p.ledger.Entries[p.account.credits[a.credit].entry].Kind == ledger.Receipt {
			days := int32(a.date - p.account.documents[a.document].due)
			p.shard.habits.customer = append(p.shard.habits.customer, days)
		}
	}
}

// endCustomer returns the habit of the customer whose accounts were posted, and
// makes room for the next.
func (h *habitSums) endCustomer() Habit {
	days := h.customer
	h.customer = h.customer[:0]
	n := len(days)
	if n == 0 {
		return Habit{}
	}
	slices.Sort(days)
	for i := 0; i < n; { // a run of equal days at a time: writing to the map is what costs
		run := i + 1
		for run < n && days[run] == days[i] {
			run++
		}
		h.all[days[i]] += run - i
		i = run
	}
	return Habit{Payments: n, LateDays: middle(days[(n-1)/2], days[n/2])}
}

// middle returns the mean of two numbers of days, rounded half away from zero.
func middle(a, b int32) int {
	sum := int(a) + int(b)
	return sum/2 + sum%2 // the rest of a negative sum is negative
}

// bookHabit is the habit of all customers together.
func (b *builder) bookHabit() Habit {
	count := map[int32]int{}
	n := 0
	for _, s := range b.shards {
		for days, times := range s.habits.all {
			count[days] += times
			n += times
		}
	}
	if n == 0 {
		return Habit{}
	}
	order := make([]int32, 0, len(count))
	for days := range count {
		order = append(order, days)
	}
	slices.Sort(order)
	at := func(rank int) int32 { // counted from 0
		for _, days := range order {
			if rank -= count[days]; rank < 0 {
				return days
			}
		}
		return 0
	}
	return Habit{Payments: n, LateDays: middle(at((n-1)/2), at(n/2))}
}

// expect says when each open document will be paid: "due + the customer's own
// days late (its median, else the book's)" (rules §12). A book without any
// payment expects each document on its due date.
func (b *builder) expect(p *Pack) {
	p.Habit = b.bookHabit()
	for i := range p.Detail.Open {
		item := &p.Detail.Open[i]
		if item.Open <= 0 {
			continue
		}
		habit := p.Habits[item.Customer]
		if habit.Payments == 0 {
			habit = p.Habit
		}
		item.Expected = item.Due + ledger.Date(habit.LateDays)
	}
}

// forecastWeeks is how many weeks a cash forecast shows one by one.
const forecastWeeks = 12

// nearWeeks is how many weeks a customer's next receipts are summed over.
const nearWeeks = 4

// monday returns the first day of the ISO week of a date.
func monday(d ledger.Date) ledger.Date {
	const someMonday = 4 // 1970-01-05, in days since 1970-01-01
	return d - ledger.Date(((d.Unix()-someMonday)%7+7)%7)
}

// weekOf returns the week of the forecast in which a document is expected: 0
// for up to the as-of date, 1 for the week of the day after it, and
// forecastWeeks+1 for later ones.
func (v *view) weekOf(expected ledger.Date) int {
	if expected <= v.AsOf {
		return 0
	}
	return min(int(monday(expected)-monday(v.AsOf+1))/7, forecastWeeks) + 1
}

var (
	forecastNote    = sentence("note.forecast", 2)
	forecastDueNote = sentence("note.forecast_due", 1)
)

// forecast is the cash forecast (rules §12): the open documents at the closing
// rate, by the week in which they are expected. What was expected up to the
// as-of date stands in a line of its own: it is late even for its customer, and
// to put it into the first week would promise cash that nobody announced.
func (v *view) forecast() Section {
	s := Section{ID: "forecast", Depth: InFull}
	var amounts [forecastWeeks + 2]ledger.Minor
	var documents [forecastWeeks + 2]int
	total, sum := 0, ledger.Minor(0)
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 {
			week := v.weekOf(item.Expected)
			amounts[week] += item.OpenBook
			documents[week]++
			total++
		}
	}
	if total == 0 {
		return s
	}
	near := ledger.Minor(0)
	for _, m := range amounts[1 : nearWeeks+1] {
		near += m
	}
	s.Title = v.forecastTitle(amounts[0], near)
	c := &Chart{ID: "forecast", Kind: BarChart, Currency: v.Base, Series: []Series{{Key: "expected"}}}
	t := &Table{ID: "forecast", Columns: columns("week_from", "items", "expected", "expected_sum")}
	for week := range amounts {
		label := Cell{Date: max(v.AsOf+1, monday(v.AsOf+1)+ledger.Date(7*(week-1)))}
		switch week {
		case 0:
			label = Cell{Key: "word.expected_missed"}
		case forecastWeeks + 1:
			label = Cell{Key: "word.expected_later"}
		}
		sum += amounts[week]
		t.Rows = append(t.Rows, Row{Cells: []Cell{label, v.count(documents[week]), v.money(amounts[week]), v.money(sum)}})
		if week > 0 && week <= forecastWeeks {
			c.Labels = append(c.Labels, label)
			c.Series[0].Values = append(c.Series[0].Values, money(amounts[week]))
		}
	}
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: []Cell{{Key: "word.company"}, v.count(total), v.money(sum), {}}})
	c.Title = v.forecastChartTitle(c)
	note := forecastNote.note(Cell{Date: v.AsOf}, Cell{Value: &Value{Unit: Days, Ratio: big.NewRat(int64(v.Habit.LateDays), 1)}})
	if v.Habit.Payments == 0 {
		note = forecastDueNote.note(Cell{Date: v.AsOf})
	}
	s.Blocks = []Block{block(note), block(c), block(t), block(v.forecastCustomers())}
	return s
}

// forecastCustomers lists the customers who owe most with how late they
// usually pay and when their open documents are expected.
func (v *view) forecastCustomers() *Table {
	type sum struct{ open, missed, near ledger.Minor }
	sums := make([]sum, len(v.Customers))
	var order []int32
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		if item.Open <= 0 {
			continue
		}
		s := &sums[item.Customer]
		if s.open == 0 {
			order = append(order, item.Customer)
		}
		s.open += item.OpenBook
		switch week := v.weekOf(item.Expected); {
		case week == 0:
			s.missed += item.OpenBook
		case week <= nearWeeks:
			s.near += item.OpenBook
		}
	}
	slices.Sort(order)
	order = slices.Compact(order)
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(sums[y].open, sums[x].open) })
	t := &Table{ID: "forecast_customers", Columns: columns("customer", "usual_days", "payments", "open", "expected_missed", "expected_4", "expected_rest")}
	order, t.More = top(order, topRows)
	for _, i := range order {
		s, habit := &sums[i], v.Habits[i]
		usual := Cell{}
		if habit.Payments > 0 {
			usual = v.count(habit.LateDays)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{subjectCell(&v.Customers[i]), usual, v.count(habit.Payments),
			v.money(s.open), v.money(s.missed), v.money(s.near), v.money(s.open - s.missed - s.near)}})
	}
	return t
}
