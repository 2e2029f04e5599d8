package analysis

import (
	"math/big"
	"strings"

	"duepack/analysis/ledger"
)

// overdueShare is what is overdue ÷ the balance. Where credit on account makes
// the balance zero or less, a share of it means nothing.
func (v *view) overdueShare(overdue, balance ledger.Minor) Cell {
	if balance <= 0 && overdue != 0 {
		value := absent(Share, NoBalance)
		return Cell{Value: &value}
	}
	return v.ratio(Share, overdue, balance)
}

func block(b any) Block {
	switch b := b.(type) {
	case *FigureBlock:
		return Block{Figures: b}
	case *Table:
		return Block{Table: b}
	case *Chart:
		return Block{Chart: b}
	case *Note:
		return Block{Note: b}
	}
	panic("analysis: not a block")
}

// inFull marks blocks that only readers who look closer see.
func inFull(blocks ...Block) []Block { return at(InFull, blocks) }

// inBrief marks blocks that digest what stands elsewhere in full.
func inBrief(blocks ...Block) []Block { return at(InBrief, blocks) }

func at(depth Depth, blocks []Block) []Block {
	for i := range blocks {
		blocks[i].Depth = depth
	}
	return blocks
}

// figure is the cell of a figure of a subject.
func (v *view) figure(s *Subject, id FigureID) Cell {
	value := s.Values[id]
	return Cell{Value: &value, Currency: s.Currency, Figure: s.Path() + "/" + id.Def().Key}
}

func (v *view) figures(s *Subject, ids ...FigureID) []Cell {
	cells := make([]Cell, len(ids))
	for i, id := range ids {
		cells[i] = v.figure(s, id)
	}
	return cells
}

func (v *view) money(m ledger.Minor) Cell {
	value := money(m)
	return Cell{Value: &value, Currency: v.Base}
}

func (v *view) ratio(unit Unit, num, den ledger.Minor) Cell {
	value := quotient(unit, rat(num), rat(den), ZeroDenominator)
	return Cell{Value: &value}
}

func (v *view) count(n int) Cell {
	return Cell{Value: &Value{Unit: Count, Minor: ledger.Minor(n)}}
}

// counted is a number with what it counts: the key in the singular, with an s
// for every other number.
func counted(key string, n int) Cell {
	if n != 1 {
		key += "s"
	}
	return Cell{Key: key, Value: &Value{Unit: Count, Minor: ledger.Minor(n)}}
}

// subjectCell names a subject and leads to it.
func subjectCell(s *Subject) Cell {
	if s.ID == ledger.Unassigned {
		return Cell{Key: "word.unassigned", Link: s.Path()}
	}
	return Cell{Text: s.Name, Link: s.Path()}
}

func (v *view) repCell(rep int32) Cell {
	if rep < 0 {
		return Cell{Key: "word.unassigned"}
	}
	return subjectCell(&v.Reps[rep])
}

// columns describes number columns by wording key, after one wide text column.
func columns(wide string, keys ...string) []Column {
	list := []Column{{Key: wide, Wide: true}}
	for _, k := range keys {
		list = append(list, Column{Key: k, Right: true})
	}
	return list
}

func percentHead(r ledger.Ratio) string {
	text := new(big.Rat).Mul(r.Rat(), big.NewRat(100, 1)).FloatString(2)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}
