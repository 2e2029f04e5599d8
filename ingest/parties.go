package ingest

import (
	"slices"
	"strings"

	"duepack/analysis/ledger"
)

// parties finds the customers, reps, regions, currencies and series of document
// numbers that rows name in
// the tables of a ledger, and adds the new ones in order of first appearance.
// Every sheet of a ledger is read with its own, so that sheets can be read at
// the same time; book.merge puts them together.
// New ids are cloned.
type parties struct {
	ledger     *ledger.Ledger
	customers  map[string]int32
	reps       map[string]int32
	regions    map[string]int32
	currencies map[string]uint8
}

func newParties() *parties {
	return &parties{ledger: &ledger.Ledger{Numbering: &ledger.Numbering{}}, customers: map[string]int32{}, reps: map[string]int32{}, regions: map[string]int32{}, currencies: map[string]uint8{}}
}

// reset takes all out of the tables.
func (p *parties) reset() {
	l := p.ledger
	l.Numbering.Reset()
	*l = ledger.Ledger{Numbering: l.Numbering, Customers: l.Customers[:0], Reps: l.Reps[:0], Regions: l.Regions[:0], Currencies: l.Currencies[:0]}
	clear(p.customers)
	clear(p.reps)
	clear(p.regions)
	clear(p.currencies)
}

// customer returns the index of a customer, new where the id is.
func (p *parties) customer(id, name string) int32 {
	i, ok := p.customers[id]
	if !ok {
		id = strings.Clone(id)
		i = int32(len(p.ledger.Customers))
		p.customers[id] = i
		if i > 0 && int(i) == cap(p.ledger.Customers) {
			p.ledger.Customers = slices.Grow(p.ledger.Customers, int(i)) // append would copy them many times
		}
		p.ledger.Customers = append(p.ledger.Customers, ledger.Customer{ID: id, Rep: ledger.None, Region: ledger.None})
	}
	if c := &p.ledger.Customers[i]; c.Name == "" {
		c.Name = name
	}
	return i
}

func (p *parties) rep(id string) int32 {
	i, ok := p.reps[id]
	if !ok {
		id = strings.Clone(id)
		i = int32(len(p.ledger.Reps))
		p.reps[id] = i
		p.ledger.Reps = append(p.ledger.Reps, ledger.Rep{ID: id})
	}
	return i
}

func (p *parties) region(id string) int32 {
	i, ok := p.regions[id]
	if !ok {
		id = strings.Clone(id)
		i = int32(len(p.ledger.Regions))
		p.regions[id] = i
		p.ledger.Regions = append(p.ledger.Regions, id)
	}
	return i
}

// currencyIndex returns the index of an ISO 4217 code, new where it is.
func (p *parties) currencyIndex(code string) uint8 {
	i, ok := p.currencies[code]
	if !ok {
		code = strings.Clone(code)
		exponent, _ := ledger.Exponent(code)
		i = uint8(len(p.ledger.Currencies))
		p.currencies[code] = i
		p.ledger.Currencies = append(p.ledger.Currencies, ledger.Currency{Code: code, Exponent: exponent})
	}
	return i
}
