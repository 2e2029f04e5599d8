package analysis

// groupTable compares regions or currencies.
func (v *view) groupTable(id, head string, list []Subject) *Table {
	t := &Table{ID: id, Columns: columns(head, "balance", "overdue", "sales", "receipts", "collection_rate", "dso", "financing_cost", "bad_debt", "provision")}
	for i := range list {
		s := &list[i]
		t.Rows = append(t.Rows, Row{Cells: append([]Cell{subjectCell(s)},
			v.figures(s, Balance, Overdue, Sales, Receipts, CollectionRate, DSO, FinancingCost, BadDebt, Provision)...)})
	}
	return t
}

func (v *view) regions() Section {
	s := Section{ID: "regions", Title: v.regionsTitle(), Depth: InFull}
	if len(v.Regions) > 1 {
		t := v.groupTable("by_region", "region", v.Regions)
		t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: append([]Cell{{Key: "word.company"}},
			v.figures(&v.Company, Balance, Overdue, Sales, Receipts, CollectionRate, DSO, FinancingCost, BadDebt, Provision)...)})
		s.Blocks = []Block{block(t)}
	}
	return s
}

var ownCurrencyNote = sentence("note.own_currency", 0)

func (v *view) currencies() Section {
	s := Section{ID: "currencies", Title: v.currenciesTitle(), Depth: InFull}
	if len(v.ByCurrency) > 1 {
		s.Blocks = []Block{block(ownCurrencyNote.note()), block(v.groupTable("by_currency", "currency", v.ByCurrency))}
	}
	return s
}
