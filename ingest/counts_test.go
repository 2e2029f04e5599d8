package ingest

import (
	"reflect"
	"testing"
)

func TestCountsAreAddedOneAndAll(t *testing.T) {
	ones := counts{}
	for i := range reflect.ValueOf(ones).NumField() {
		reflect.NewAt(reflect.TypeFor[int](), reflect.ValueOf(&ones).Elem().Field(i).Addr().UnsafePointer()).Elem().SetInt(1)
	}
	twos := ones
	twos.add(ones)
	for i := range reflect.ValueOf(twos).NumField() {
		if n := reflect.ValueOf(twos).Field(i).Int(); n != 2 {
			t.Errorf("%s is %d after adding 1 to 1", reflect.TypeFor[counts]().Field(i).Name, n)
		}
	}
}
