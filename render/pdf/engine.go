package pdf

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/phpdave11/gofpdf"
)

// engineField is the field of maroto's provider that holds its engine.
const engineField = "fpdf"

// engine returns the engine that maroto v2.3.3 hides in its provider: it alone
// draws vectors and sets bookmarks and links (docs/decisions/0030). The error
// says that an upgrade of maroto moved it; TestMarotoStillHoldsItsEngine fails
// then.
func engine(provider core.Provider) (*gofpdf.Fpdf, error) {
	holder := reflect.ValueOf(provider)
	if holder.Kind() != reflect.Pointer || holder.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("maroto's provider is a %T, not a pointer to a struct", provider)
	}
	field := holder.Elem().FieldByName(engineField)
	if !field.IsValid() {
		return nil, fmt.Errorf("maroto's provider %T has no field %s", provider, engineField)
	}
	// The field is not exported: reading it goes through its address.
	value := reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Interface()
	found, ok := value.(*gofpdf.Fpdf)
	if !ok {
		return nil, fmt.Errorf("maroto's engine is a %T, not a *gofpdf.Fpdf", value)
	}
	return found, nil
}
