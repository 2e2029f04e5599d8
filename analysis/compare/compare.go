// Package compare says what changed between two packs, and which documents
// caused it. It reads what a pack folder holds (pack.json and documents.json),
// so that packs of different versions and machines can be compared. It is pure:
// bytes in, values out.
package compare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// DocumentsSchema is the version of documents.json.
const DocumentsSchema = "duepack.documents/1"

// Document is a record of documents.json: an open document or a credit on
// account, or a line of the period.
type Document struct {
	Customer   string      `json:"customer"`
	ID         string      `json:"document"`
	Instalment int16       `json:"instalment,omitempty"`
	Kind       ledger.Kind `json:"kind"`
	Currency   string      `json:"currency"`
	Rep        string      `json:"rep"`
	Posted     ledger.Date `json:"posted"`
	Due        ledger.Date `json:"due,omitempty"`
	Settles    string      `json:"settles,omitempty"`
	Amount     string      `json:"amount"`           // decimal, in Currency
	Open       string      `json:"open,omitempty"`   // decimal; of open documents only
	Bucket     string      `json:"bucket,omitempty"` // id, or "on_account"
	Place      string      `json:"place"`            // file!sheet!row
}

// key identifies the document in both packs.
func (d *Document) key() string {
	return fmt.Sprintf("%s\x00%s\x00%s\x00%d\x00%s", d.Customer, d.Currency, d.ID, d.Instalment, d.Kind)
}

// name is how a line that settles names the document.
func (d *Document) name() string { return d.Customer + "\x00" + d.Currency + "\x00" + d.ID }

// settled is the name of the document that a line settles.
func (d *Document) settled() string { return d.Customer + "\x00" + d.Currency + "\x00" + d.Settles }

// Documents are the records of documents.json.
type Documents struct {
	Schema  string     `json:"schema"`
	Open    []Document `json:"open"`
	Opening []Document `json:"opening"`
	Lines   []Document `json:"lines"`
}

// DocumentsOf returns the documents of a pack.
func DocumentsOf(p *analysis.Pack) Documents {
	r, places := NewRecorder(p), ledger.Ledger{Sources: p.Sources}
	items := func(list []analysis.Item) []Document {
		out := make([]Document, len(list))
		for i := range list {
			out[i] = r.Item(&list[i]).document(&places)
		}
		return out
	}
	lines := make([]Document, len(p.Detail.Lines))
	for i := range p.Detail.Lines {
		lines[i] = r.Line(&p.Detail.Lines[i]).document(&places)
	}
	return Documents{Schema: DocumentsSchema, Open: items(p.Detail.Open), Opening: items(p.Detail.Opening), Lines: lines}
}

// Record is a Document before it is text: a large book has hundreds of
// thousands of them.
type Record struct {
	Customer, ID string
	Instalment   int16
	Kind         ledger.Kind
	Currency     ledger.Currency
	Rep          string
	Posted, Due  ledger.Date
	Settles      string
	Amount, Open ledger.Minor
	IsOpen       bool // Open and Bucket are given
	Bucket       string
	Pos          ledger.Pos
}

func (r *Record) document(places *ledger.Ledger) Document {
	d := Document{
		Customer: r.Customer, ID: r.ID, Instalment: r.Instalment, Kind: r.Kind, Currency: r.Currency.Code, Rep: r.Rep, Posted: r.Posted, Due: r.Due,
		Settles: r.Settles, Amount: r.Amount.Decimal(r.Currency.Exponent), Bucket: r.Bucket, Place: places.Place(r.Pos),
	}
	if r.IsOpen {
		d.Open = r.Open.Decimal(r.Currency.Exponent)
	}
	return d
}

// Recorder makes the records of documents.json one by one.
type Recorder struct {
	pack   *analysis.Pack
	record Record // the last
}

// NewRecorder returns a Recorder for the documents of a pack.
func NewRecorder(p *analysis.Pack) *Recorder { return &Recorder{pack: p} }

// Item returns the record of an open document, or of a credit on account, until
// the next is made.
func (r *Recorder) Item(item *analysis.Item) *Record {
	p := r.pack
	r.record = Record{
		Customer: p.Customers[item.Customer].ID, ID: item.ID, Instalment: item.Instalment, Kind: item.Kind,
		Currency: p.Currencies[item.Currency], Rep: p.Reps[item.Rep].ID, Posted: item.Posted, Due: item.Due,
		Amount: item.Amount, Open: item.Open, IsOpen: true, Bucket: "on_account", Pos: item.Pos,
	}
	if item.Bucket != analysis.OnAccountBucket {
		r.record.Bucket = p.Buckets[item.Bucket].ID
	}
	return &r.record
}

// Line returns the record of a line of the period, until the next is made.
func (r *Recorder) Line(line *analysis.Line) *Record {
	p := r.pack
	r.record = Record{
		Customer: p.Customers[line.Customer].ID, ID: line.ID, Kind: line.Kind, Currency: p.Currencies[line.Currency], Rep: p.Reps[line.Rep].ID,
		Posted: line.Posted, Due: line.Due, Settles: line.Settles, Amount: line.Amount, Pos: line.Pos,
	}
	return &r.record
}

// Closed is a pack as its folder holds it.
type Closed struct {
	AsOf      ledger.Date
	From, To  ledger.Date
	Currency  string
	figures   []figure // in the order of pack.json
	documents Documents
}

// figure is one value of pack.json under its id; nil where it is absent.
type figure struct {
	id    string
	value *string
}

// Read reads a pack from the contents of pack.json and documents.json. The
// error says which of the two is no such file.
func Read(pack, documents []byte) (*Closed, error) {
	var head struct {
		Schema     string      `json:"schema"`
		AsOf       ledger.Date `json:"as_of"`
		Currency   string      `json:"currency"`
		Period     struct{ From, To ledger.Date }
		Buckets    []struct{ ID string }
		Company    map[string]json.RawMessage
		Currencies []map[string]json.RawMessage `json:"by_currency"`
		Regions    []map[string]json.RawMessage
		Reps       []map[string]json.RawMessage
		Customers  []map[string]json.RawMessage
	}
	if err := json.Unmarshal(pack, &head); err != nil {
		return nil, fmt.Errorf("pack.json: %w", err)
	}
	if !strings.HasPrefix(head.Schema, "duepack.pack/") {
		return nil, fmt.Errorf("pack.json: schema %q is not one of duepack", head.Schema)
	}
	c := &Closed{AsOf: head.AsOf, From: head.Period.From, To: head.Period.To, Currency: head.Currency}
	if err := json.Unmarshal(documents, &c.documents); err != nil {
		return nil, fmt.Errorf("documents.json: %w", err)
	}
	var buckets []string
	for _, b := range head.Buckets {
		buckets = append(buckets, b.ID)
	}
	c.take("company", head.Company, buckets)
	for _, level := range []struct {
		path string
		list []map[string]json.RawMessage
	}{{"by_currency", head.Currencies}, {"regions", head.Regions}, {"reps", head.Reps}, {"customers", head.Customers}} {
		for _, subject := range level.list {
			var id string
			if err := json.Unmarshal(subject["id"], &id); err != nil {
				return nil, fmt.Errorf("pack.json: a row of %s has no id: %w", level.path, err)
			}
			c.take(level.path+"/"+id, subject, buckets)
		}
	}
	return c, nil
}

// take lists a subject's figures in the order of the contract.
func (c *Closed) take(path string, subject map[string]json.RawMessage, buckets []string) {
	var aging map[string]json.RawMessage
	if json.Unmarshal(subject["aging"], &aging) == nil {
		for _, id := range buckets {
			c.figures = append(c.figures, figure{path + "/aging/" + id, plain(aging[id])})
		}
	}
	for _, f := range analysis.Figures() {
		if raw, ok := subject[f.Def().Key]; ok {
			c.figures = append(c.figures, figure{path + "/" + f.Def().Key, plain(raw)})
		}
	}
}

// plain takes the quotes off a JSON value; nil for null.
func plain(raw json.RawMessage) *string {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		return nil
	}
	return &text
}

// Change is a figure that is not the same in both packs.
type Change struct {
	Figure   string  `json:"figure"`
	Old, New *string // nil where it is absent, or its subject is
	// By is new − old as a decimal; "" where one of them is absent.
	By string `json:"by"`
}

// Cause is a document that changed between the packs.
type Cause struct {
	What      What     `json:"what"`
	Document  Document `json:"document"` // as the newer pack has it, else the older
	OldOpen   string   `json:"old_open,omitempty"`
	NewOpen   string   `json:"new_open,omitempty"`
	OldBucket string   `json:"old_bucket,omitempty"`
	NewBucket string   `json:"new_bucket,omitempty"`
	// OldDue is the due date in the older pack where the newer has another.
	OldDue ledger.Date `json:"old_due,omitempty"`
}

// What happened to a document.
type What string

// What can happen to a document between two packs.
const (
	Restated   What = "restated"    // it changed at a date the older pack had closed
	New        What = "new"         // posted since
	Settled    What = "settled"     // no longer open
	WrittenOff What = "written_off" // no longer open, or lower, by a write-off
	Lowered    What = "lowered"     // paid or credited in part
	Raised     What = "raised"      // reopened
	Reaged     What = "reaged"      // open as before, in an older bucket
)

// order lists the kinds of causes, most important first.
var order = []What{Restated, WrittenOff, New, Settled, Lowered, Raised, Reaged}

// Difference is what changed from an older pack to a newer one.
type Difference struct {
	Old, New *Closed
	Changes  []Change
	Causes   []Cause // restated first, then by kind, customer and document
}

// Compare compares two packs of one book. The error says why they cannot be
// compared: another currency, or the newer pack given first.
func Compare(old, newer *Closed) (Difference, error) {
	if old.Currency != newer.Currency {
		return Difference{}, fmt.Errorf("the packs are in different currencies: %s and %s", old.Currency, newer.Currency)
	}
	if newer.AsOf < old.AsOf {
		return Difference{}, fmt.Errorf("the first pack (%s) is later than the second (%s): name the older one first", old.AsOf, newer.AsOf)
	}
	d := Difference{Old: old, New: newer, Changes: changes(old, newer)}
	d.Causes = causes(old, newer)
	slices.SortStableFunc(d.Causes, func(x, y Cause) int {
		if a, b := slices.Index(order, x.What), slices.Index(order, y.What); a != b {
			return a - b
		}
		return strings.Compare(x.Document.key(), y.Document.key())
	})
	return d, nil
}

// changes lists the figures that differ, in the order of the newer pack, then
// those that only the older one has.
func changes(old, newer *Closed) []Change {
	before := map[string]*string{}
	for _, f := range old.figures {
		before[f.id] = f.value
	}
	var list []Change
	seen := map[string]bool{}
	for _, f := range newer.figures {
		seen[f.id] = true
		was := before[f.id]
		if same(was, f.value) {
			continue
		}
		list = append(list, Change{Figure: f.id, Old: was, New: f.value, By: minus(f.value, was)})
	}
	for _, f := range old.figures {
		if !seen[f.id] && f.value != nil {
			list = append(list, Change{Figure: f.id, Old: f.value})
		}
	}
	return list
}

func same(x, y *string) bool { return x == y || x != nil && y != nil && *x == *y }

// minus subtracts two decimals of the same number of places.
func minus(x, y *string) string {
	if x == nil || y == nil {
		return ""
	}
	a, places, okA := decimal(*x)
	b, other, okB := decimal(*y)
	if !okA || !okB || places != other {
		return ""
	}
	return ledger.Minor(a - b).Decimal(places)
}

// decimal reads a decimal as a whole number of its last place.
func decimal(s string) (n int64, places int, ok bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	for _, c := range whole + fraction {
		if c < '0' || c > '9' || n > (1<<63-10)/10 {
			return 0, 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, len(fraction), true
}

// causes finds what happened to every document.
func causes(old, newer *Closed) []Cause {
	writtenOff := map[string]bool{}
	for i := range newer.documents.Lines {
		if line := &newer.documents.Lines[i]; line.Kind == ledger.WriteOff && line.Settles != "" {
			writtenOff[line.settled()] = true
		}
	}
	before, after := byKey(old.documents.Open), byKey(newer.documents.Open)
	list := restated(old, newer, before)
	known := map[string]bool{}
	for _, c := range list {
		known[c.Document.key()] = true
	}
	for _, key := range keys(after) {
		now, was := after[key], before[key]
		switch {
		case known[key]:
		case was == nil && now.Posted <= old.AsOf:
			list = append(list, Cause{What: Restated, Document: *now, NewOpen: now.Open, NewBucket: now.Bucket})
		case was == nil:
			list = append(list, Cause{What: New, Document: *now, NewOpen: now.Open, NewBucket: now.Bucket})
		default:
			if c, changed := compareOne(was, now, writtenOff); changed {
				list = append(list, c)
			}
		}
	}
	for _, key := range keys(before) {
		was := before[key]
		if after[key] != nil || known[key] {
			continue
		}
		c := Cause{What: Settled, Document: *was, OldOpen: was.Open, OldBucket: was.Bucket}
		if writtenOff[was.name()] {
			c.What = WrittenOff
		}
		list = append(list, c)
	}
	touched := rewritten(old, newer)
	for i := range list {
		if touched[list[i].Document.name()] {
			list[i].What = Restated
		}
	}
	return list
}

// rewritten returns the names of the documents that lines are about which were
// added, changed or removed at dates the older pack had closed, as far as the
// periods of both packs cover those dates.
func rewritten(old, newer *Closed) map[string]bool {
	from, to := max(old.From, newer.From), min(old.To, newer.To)
	balance := map[Document]int{} // how often the newer pack has a line more than the older
	count := func(c *Closed, by int) {
		for _, line := range c.documents.Lines {
			if from <= line.Posted && line.Posted <= to {
				line.Place, line.Rep = "", "" // rows move, and a handover is no restatement
				balance[line] += by
			}
		}
	}
	count(newer, 1)
	count(old, -1)
	touched := map[string]bool{}
	for line, by := range balance {
		if by != 0 {
			touched[line.name()], touched[line.settled()] = true, true
		}
	}
	return touched
}

// compareOne compares a document that is open in both packs.
func compareOne(was, now *Document, writtenOff map[string]bool) (Cause, bool) {
	c := Cause{Document: *now, OldOpen: was.Open, NewOpen: now.Open, OldBucket: was.Bucket, NewBucket: now.Bucket, OldDue: oldDue(was, now)}
	a, _, _ := decimal(was.Open)
	b, _, _ := decimal(now.Open)
	switch {
	case was.Amount != now.Amount || was.Due != now.Due || was.Posted != now.Posted:
		c.What = Restated
	case a != b && writtenOff[now.name()]:
		c.What = WrittenOff
	case a > b && a > 0, a < b && a < 0:
		c.What = Lowered
	case a != b:
		c.What = Raised
	case was.Bucket != now.Bucket:
		c.What = Reaged
	default:
		return c, false
	}
	return c, true
}

// oldDue is the older due date where it was changed.
func oldDue(was, now *Document) ledger.Date {
	if was.Due == now.Due {
		return 0
	}
	return was.Due
}

// restated finds what changed at the older pack's own date: where the newer pack
// is of the same date or its period begins the day after, it knows that position
// again, and any difference rewrites a closed month.
func restated(old, newer *Closed, before map[string]*Document) []Cause {
	var again map[string]*Document
	switch old.AsOf {
	case newer.AsOf:
		again = byKey(newer.documents.Open)
	case newer.From - 1:
		again = byKey(newer.documents.Opening)
	default:
		return nil
	}
	var list []Cause
	for _, key := range keys(again) {
		now, was := again[key], before[key]
		switch {
		case was == nil:
			list = append(list, Cause{What: Restated, Document: *now, NewOpen: now.Open, NewBucket: now.Bucket})
		case was.Open != now.Open || was.Amount != now.Amount || was.Due != now.Due || was.Posted != now.Posted:
			list = append(list, Cause{What: Restated, Document: *now, OldOpen: was.Open, NewOpen: now.Open, OldBucket: was.Bucket, NewBucket: now.Bucket, OldDue: oldDue(was, now)})
		}
	}
	for _, key := range keys(before) {
		if was := before[key]; again[key] == nil {
			list = append(list, Cause{What: Restated, Document: *was, OldOpen: was.Open, OldBucket: was.Bucket})
		}
	}
	return list
}

// byKey finds documents by identity. Lines of one receipt share theirs: their
// open amounts are added.
func byKey(list []Document) map[string]*Document {
	found := make(map[string]*Document, len(list))
	for i := range list {
		d := &list[i]
		first := found[d.key()]
		if first == nil {
			copied := *d
			found[d.key()] = &copied
			continue
		}
		a, places, _ := decimal(first.Open)
		b, _, _ := decimal(d.Open)
		first.Open = ledger.Minor(a + b).Decimal(places)
	}
	return found
}

func keys(m map[string]*Document) []string {
	list := make([]string, 0, len(m))
	for key := range m {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}
