package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/internal/book"
	"duepack/render/json"
)

func pack(t *testing.T, p *analysis.Pack) ([]byte, map[string]any) {
	t.Helper()
	var written bytes.Buffer
	if err := json.Write(&written, p); err != nil {
		t.Fatal(err)
	}
	out := written.Bytes()
	var read map[string]any
	decoder := stdjson.NewDecoder(bytes.NewReader(out))
	decoder.UseNumber()
	if err := decoder.Decode(&read); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, out)
	}
	return out, read
}

// keysOf returns the keys of the object that follows a marker, in file order.
func keysOf(t *testing.T, out []byte, marker string) []string {
	t.Helper()
	at := bytes.Index(out, []byte(marker))
	if at < 0 {
		t.Fatalf("no %s", marker)
	}
	decoder := stdjson.NewDecoder(bytes.NewReader(out[at+len(marker):]))
	var keys []string
	depth := 0
	for expectKey := false; ; {
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		if delim, ok := token.(stdjson.Delim); ok {
			switch delim {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			expectKey = depth == 1
			if depth == 0 {
				return keys
			}
			continue
		}
		if depth == 1 && expectKey {
			keys = append(keys, token.(string))
			expectKey = false
			continue
		}
		expectKey = depth == 1
	}
}

// The keys and their order are those of the contract, written out.
func TestKeysStandInTheOrderOfTheContract(t *testing.T) {
	out, _ := pack(t, book.Trading())
	top := strings.Fields("schema as_of period currency buckets company by_currency regions reps customers exceptions")
	if got := keysOf(t, out, ""); !slices.Equal(got, top) {
		t.Errorf("top: %v", got)
	}
	figures := strings.Fields(`aging on_account balance overdue disputed documents_open
		opening sales receipts recoveries write_offs adjustments fx closing collection_rate collection_rate_total
		collection_rate_due cei dso dso_countback bpdso add turnover days_to_pay days_late
		on_time_rate financing_cost terms_cost gross_margin profit_eaten bad_debt provision
		provision_charge extra_sales`)
	if got := keysOf(t, out, `"company": `); !slices.Equal(got, figures) {
		t.Errorf("company: %v", got)
	}
	rep := slices.Concat([]string{"id", "name"}, figures, strings.Fields("sales_target collection_target sales_attainment collection_attainment expenses contribution rank"))
	if got := keysOf(t, out, "\"reps\": [\n    "); !slices.Equal(got, rep) {
		t.Errorf("rep: %v", got)
	}
	if got := keysOf(t, out, "\"regions\": [\n    "); !slices.Equal(got, append([]string{"id"}, figures...)) {
		t.Errorf("region: %v", got)
	}
}

func TestEveryFigureHasItsPlainValue(t *testing.T) {
	for name, p := range book.All() {
		_, read := pack(t, p)
		company := read["company"].(map[string]any)
		for _, id := range analysis.Figures() {
			if !p.Company.Has(id) {
				continue
			}
			want := render.Plain(p.Company.Value(id), p.BookCurrency())
			switch got := company[id.Def().Key].(type) {
			case nil:
				if want != nil {
					t.Errorf("%s: %s is null, want %s", name, id.Def().Key, *want)
				}
			case string:
				if want == nil || got != *want || id.Def().Unit == analysis.Count {
					t.Errorf("%s: %s = %q", name, id.Def().Key, got)
				}
			case stdjson.Number:
				if want == nil || got.String() != *want || id.Def().Unit != analysis.Count {
					t.Errorf("%s: %s = %s", name, id.Def().Key, got)
				}
			}
		}
	}
}

func TestRowsAreSortedByID(t *testing.T) {
	_, read := pack(t, book.Trading())
	for _, key := range []string{"by_currency", "regions", "reps", "customers"} {
		previous := ""
		for _, row := range read[key].([]any) {
			id := row.(map[string]any)["id"].(string)
			if id <= previous {
				t.Errorf("%s: %q after %q", key, id, previous)
			}
			previous = id
		}
	}
}

func TestMoneyHasTheExponentOfItsCurrency(t *testing.T) {
	_, read := pack(t, book.Trading())
	decimals := map[string]int{"CNY": 2, "JPY": 0, "KWD": 3}
	for _, row := range read["by_currency"].([]any) {
		object := row.(map[string]any)
		_, fraction, _ := strings.Cut(object["balance"].(string), ".")
		if want := decimals[object["id"].(string)]; len(fraction) != want {
			t.Errorf("%s: %s, want %d decimals", object["id"], object["balance"], want)
		}
	}
}

func TestHostileNamesSurvive(t *testing.T) {
	_, read := pack(t, book.Trading())
	var names []string
	for _, row := range read["customers"].([]any) {
		names = append(names, row.(map[string]any)["name"].(string))
	}
	if !slices.Equal(names, book.HostileNames) {
		t.Errorf("%q", names)
	}
}

func TestSamePackSameBytes(t *testing.T) {
	first, _ := pack(t, book.Trading())
	if second, _ := pack(t, book.Trading()); !bytes.Equal(first, second) {
		t.Error("two runs differ")
	}
}

func TestEmptyBookIsValid(t *testing.T) {
	_, read := pack(t, book.Empty())
	if rows := read["customers"].([]any); len(rows) != 0 {
		t.Errorf("%d customers", len(rows))
	}
}
