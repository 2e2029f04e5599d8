package analysis

import "duepack/analysis/ledger"

var extraSalesNote = sentence("note.extra_sales", 1)

// badDebt says what was lost, what is set aside for losses, and what must be
// sold to make up for them.
func (v *view) badDebt() Section {
	s := Section{ID: "baddebt", Title: v.lossTitle()}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, WriteOffs, Recoveries, BadDebt, ExtraSales, Provision, ProvisionCharge))
	s.Blocks = append(s.Blocks, block(extraSalesNote.note(Cell{Rate: v.Margin})))
	if len(v.LossRates) > 0 {
		s.Blocks = append(s.Blocks, block(v.provisionTable()))
		s.Blocks = append(s.Blocks, inFull(v.specificTable()...)...)
	}
	if len(v.Rolls) > 0 {
		s.Blocks = append(s.Blocks, inFull(block(v.rollTable()))...)
	}
	s.Blocks = append(s.Blocks, v.provisionMovement()...)
	t := &Table{ID: "extra_sales", Columns: columns("loss", "amount", "margin", "extra_sales")}
	for _, id := range []FigureID{BadDebt, ProvisionCharge, FinancingCost} {
		amount := v.Company.Values[id]
		if amount.IsAbsent() {
			continue
		}
		need := SalesNeeded(amount.Minor, v.Company.Margin)
		row := Row{Cells: []Cell{{Key: "figure." + id.Def().Key}, v.figure(&v.Company, id), marginCell(&v.Company), salesFor(&v.Company, id, need)}}
		if id == BadDebt {
			row.Cells[3].Figure = v.Company.Path() + "/" + ExtraSales.Def().Key
		}
		t.Rows = append(t.Rows, row)
	}
	s.Blocks = append(s.Blocks, block(t))
	if v.hasReps() {
		s.Blocks = append(s.Blocks, inFull(v.extraSalesBySubject("extra_sales_reps", "rep", v.Reps)...)...)
	}
	s.Blocks = append(s.Blocks, inFull(v.extraSalesBySubject("extra_sales_customers", "customer", v.Customers)...)...)
	s.Blocks = append(s.Blocks, block(v.whatIfSales()))
	return s
}

// marginCell shows the net margin of a subject.
func marginCell(s *Subject) Cell {
	return Cell{Rate: s.Margin, From: &Origin{Same, []string{MarginOf + s.Path()}}}
}

// salesFor shows the sales that make up for a figure of a subject.
func salesFor(s *Subject, loss FigureID, need Value) Cell {
	return Cell{Value: &need, Currency: s.Currency, From: &Origin{SalesForLoss, []string{s.Path() + "/" + loss.Def().Key, MarginOf + s.Path()}}}
}

// provisionTable is the provision matrix: bucket, open documents, loss rate,
// provision. Documents with a specific provision stand outside it, in a line of
// their own (rules §9).
func (v *view) provisionTable() *Table {
	t := &Table{ID: "provision_matrix", Columns: columns("bucket", "open", "loss_rate", "provision", "coverage")}
	open, provision := make([]ledger.Minor, len(v.Buckets)), make([]ledger.Minor, len(v.Buckets))
	var ownOpen, ownProvision ledger.Minor
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		switch {
		case item.Open <= 0:
		case item.Specific:
			ownOpen += item.OpenBook
			ownProvision += item.ProvisionBook
		default:
			open[item.Bucket] += item.OpenBook
			provision[item.Bucket] += item.ProvisionBook
		}
	}
	openSum, provisionSum := ownOpen, ownProvision
	for i, b := range v.Buckets {
		openSum += open[i]
		provisionSum += provision[i]
		row := Row{Cells: []Cell{{Bucket: b.ID}, v.money(open[i]), {Rate: v.LossRates[i]}, v.money(provision[i]), v.ratio(Share, provision[i], open[i])}}
		row.Cells[2].From = &Origin{Same, []string{LossRateOf + b.ID}}
		row.Cells[3].From = &Origin{Same, []string{ProvisionOf + b.ID}}
		row.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
		t.Rows = append(t.Rows, row)
	}
	if ownOpen != 0 {
		row := Row{Cells: []Cell{{Key: "word.specific"}, v.money(ownOpen), {}, v.money(ownProvision), v.ratio(Share, ownProvision, ownOpen)}}
		row.Cells[3].From = &Origin{Same, []string{ProvisionOfOwn}}
		row.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
		t.Rows = append(t.Rows, row)
	}
	total := Row{Kind: TotalRow, Cells: []Cell{{Key: "word.company"}, v.money(openSum), {}, v.money(provisionSum), v.ratio(Share, provisionSum, openSum)}}
	total.Cells[3].Figure = v.Company.Path() + "/" + Provision.Def().Key
	total.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
	t.Rows = append(t.Rows, total)
	return t
}

// rollTable shows the monthly roll rates that the loss rates come from (rules §9).
func (v *view) rollTable() *Table {
	t := &Table{ID: "roll_rates", Columns: []Column{{Key: "month", Wide: true}}}
	for _, b := range v.Buckets[:len(v.Buckets)-1] {
		t.Columns = append(t.Columns, Column{Bucket: b.ID, Right: true})
	}
	for _, r := range v.Rolls {
		if r.Bucket == 0 {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Month: r.Month}}})
		}
		value := Value{Unit: Share, Ratio: r.Rate()}
		if value.Ratio == nil {
			value = absent(Share, ZeroDenominator)
		}
		row := &t.Rows[len(t.Rows)-1]
		row.Cells = append(row.Cells, Cell{Value: &value})
	}
	return t
}

// provisionMovement is opening + charge − write-offs + recoveries = closing,
// and the entry that books the charge (rules §9).
func (v *view) provisionMovement() []Block {
	charge := v.Company.Values[ProvisionCharge]
	if charge.IsAbsent() {
		return nil
	}
	sum := func(items []Item) (total ledger.Minor) {
		for i := range items {
			total += items[i].ProvisionBook
		}
		return total
	}
	closing := v.Detail.Open
	if v.To != v.AsOf {
		closing = v.Detail.Closing
	}
	t := &Table{ID: "provision_movement", Columns: columns("line", "amount")}
	add := func(kind RowKind, key string, m ledger.Minor, op OriginOp, of string) {
		amount := v.money(m)
		amount.From = &Origin{op, []string{of}}
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: []Cell{{Key: key}, amount}})
	}
	figure := func(id FigureID) string { return v.Company.Path() + "/" + id.Def().Key }
	add(SubtotalRow, "movement.opening", sum(v.Detail.Opening), Same, ProvisionOpening)
	add(ItemRow, "movement.charge", charge.Minor, Same, figure(ProvisionCharge))
	add(ItemRow, "movement.write_offs", -v.Company.Values[WriteOffs].Minor, Negative, figure(WriteOffs))
	add(ItemRow, "movement.recoveries", v.Company.Values[Recoveries].Minor, Same, figure(Recoveries))
	add(TotalRow, "movement.closing", sum(closing), Same, ProvisionClosing)
	if charge.Minor == 0 {
		return []Block{block(t)}
	}
	entry := &Table{ID: "journal", Exact: true, Columns: columns("account", "debit", "credit")}
	booked := v.money(charge.Minor.Abs())
	booked.From = &Origin{Same, []string{figure(ProvisionCharge)}}
	loss := Row{Cells: []Cell{{Key: "journal.impairment_loss"}, booked, {}}}
	allowance := Row{Cells: []Cell{{Key: "journal.allowance"}, {}, booked}}
	if charge.Minor < 0 { // a release is booked the other way round
		booked.From = &Origin{Negative, booked.From.Of}
		loss.Cells[1], loss.Cells[2] = Cell{}, booked
		allowance.Cells[1], allowance.Cells[2] = booked, Cell{}
		loss, allowance = allowance, loss
	}
	entry.Rows = []Row{loss, allowance}
	return []Block{block(t), block(entry)}
}

// extraSalesBySubject shows the same division for bad debt, provision charge
// and financing cost of reps or customers (rules §8).
func (v *view) extraSalesBySubject(id, head string, list []Subject) []Block {
	loss := func(s *Subject) ledger.Minor {
		return max(0, s.Values[BadDebt].Minor) + max(0, s.Values[ProvisionCharge].Minor) + max(0, s.Values[FinancingCost].Minor)
	}
	order, more := top(byValue(list, loss), topRows)
	if len(order) == 0 {
		return nil
	}
	t := &Table{ID: id, More: more, Columns: columns(head, "margin", "bad_debt", "extra_sales", "provision_charge", "extra_sales", "financing_cost", "extra_sales")}
	for _, s := range order {
		cells := []Cell{subjectCell(s), marginCell(s)}
		for _, f := range []FigureID{BadDebt, ProvisionCharge, FinancingCost} {
			need := s.Values[f]
			if !need.IsAbsent() {
				need = SalesNeeded(need.Minor, s.Margin)
			}
			cells = append(cells, v.figure(s, f), salesFor(s, f, need))
		}
		cells[3].Figure = s.Path() + "/" + ExtraSales.Def().Key
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return []Block{block(t)}
}

// whatIfSales is the course table of rules §8 with this book's own loss and
// margin marked in it.
func (v *view) whatIfSales() *Table {
	exponent := v.BookCurrency().Exponent
	t := &Table{ID: "what_if_sales", WhatIf: true, Columns: []Column{{Key: "loss", Wide: true}}}
	margins := append(CourseLossMargins(), v.Margin)
	for i, m := range margins {
		key := ""
		if i == len(margins)-1 {
			key = "own_margin"
		}
		t.Columns = append(t.Columns, Column{Key: key, Text: percentHead(m), Right: true})
	}
	row := func(loss ledger.Minor, kind RowKind) {
		cells := []Cell{v.money(loss)}
		if kind == MarkedRow {
			cells[0].Figure = v.Company.Path() + "/" + BadDebt.Def().Key
		}
		for _, m := range margins {
			need := SalesNeeded(loss, m)
			cells = append(cells, Cell{Value: &need, Currency: v.Base})
		}
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: cells})
	}
	for _, units := range CourseLosses() {
		loss := ledger.Minor(units)
		for range exponent {
			loss *= 10
		}
		row(loss, ItemRow)
	}
	if own := v.Company.Values[BadDebt]; !own.IsAbsent() && own.Minor > 0 {
		row(own.Minor, MarkedRow)
	}
	return t
}
