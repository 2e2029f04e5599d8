package analysis

import "math/big"

// tileDef defines a headline figure of the summary.
type tileDef struct {
	key    string // of its label
	figure FigureID
	share  bool // figure ÷ balance instead
	flow   bool // of the period, so that only a month compares with months
	better int
}

// headlines are the headline figures, most important first. Six are shown; the
// later ones stand in for those a list of open items does not have.
var headlines = []tileDef{
	{key: "tile.balance", figure: Balance},
	{key: "tile.overdue_share", figure: Overdue, share: true, better: -1},
	{key: "tile.dso", figure: DSO, flow: true, better: -1},
	{key: "tile.collection_rate", figure: CollectionRate, flow: true, better: 1},
	{key: "tile.financing_cost", figure: FinancingCost, flow: true, better: -1},
	{key: "tile.extra_sales", figure: ExtraSales, flow: true, better: -1},
	{key: "tile.overdue", figure: Overdue, better: -1},
	{key: "tile.documents_open", figure: DocumentsOpen},
	{key: "tile.provision", figure: Provision},
}

const headlineCount = 6

// tiles shows the headline figures with their change on the month-end before and
// their last twelve month-ends, both from the history that the month-ends table
// shows.
func (v *view) tiles() Block {
	f := &FigureBlock{Subject: v.Company.Path()}
	for i := range headlines {
		def := &headlines[i]
		value := v.headline(&v.Company, def)
		if len(f.Tiles) == headlineCount || value.Absent == NoHistory {
			continue
		}
		tile := Tile{Key: def.key, Value: Cell{Value: &value, Currency: v.Base}, Change: v.change(value, def), Better: def.better, Trend: v.trend(def)}
		if !def.share {
			tile.Value.Figure = v.Company.Path() + "/" + def.figure.Def().Key
			f.IDs = append(f.IDs, def.figure)
		}
		f.Tiles = append(f.Tiles, tile)
	}
	return block(f)
}

// headline is the value of a headline figure of the company at some date.
func (v *view) headline(company *Subject, def *tileDef) Value {
	if def.share {
		return *v.overdueShare(company.Values[Overdue].Minor, company.Values[Balance].Minor).Value
	}
	return company.Values[def.figure]
}

// wholeMonth reports whether the period is the calendar month that ends at the
// as-of date: only then do its flows compare with those of the history.
func (p *Pack) wholeMonth() bool {
	month := p.AsOf.Month()
	return p.From == month.Start() && p.To == p.AsOf && p.AsOf == month.End()
}

// change is a headline figure less its value at the month-end before.
func (v *view) change(now Value, def *tileDef) Value {
	before := v.before()
	switch {
	case def.flow && !v.wholeMonth():
		return absent(now.Unit, NotOneMonth)
	case before == nil:
		return absent(now.Unit, NoMonthBefore)
	}
	return difference(now, v.headline(before, def))
}

// difference is a − b in the same unit; absent for the reason of the first that
// is absent.
func difference(a, b Value) Value {
	switch {
	case a.IsAbsent():
		return a
	case b.IsAbsent():
		return b
	case a.Unit == Money || a.Unit == Count:
		return Value{Unit: a.Unit, Minor: a.Minor - b.Minor}
	}
	return Value{Unit: a.Unit, Ratio: new(big.Rat).Sub(a.Ratio, b.Ratio)}
}

// trend is a headline figure at the last month-ends and the as-of date, with a
// gap for each month that the history leaves out.
func (v *view) trend(def *tileDef) []Value {
	if len(v.ends) < 2 || def.flow && !v.wholeMonth() {
		return nil
	}
	var values []Value
	for i := range v.ends {
		end := &v.ends[i]
		if i > 0 {
			for gap := v.ends[i-1].Date.Month() + 1; gap < end.Date.Month(); gap++ {
				values = append(values, absent(v.headline(&end.Company, def).Unit, NoMonthBefore))
			}
		}
		values = append(values, v.headline(&end.Company, def))
	}
	return values
}
