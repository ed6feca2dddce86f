package probe

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The schema has the fields and the words of the stored form, no more and no
// less, and requires those that are always there.
func TestSchema(t *testing.T) {
	b, err := os.ReadFile("schema/ikediag.probe.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Required   []string
		Properties map[string]struct{ Enum []string }
		Defs       map[string]object `json:"$defs"`
	}
	var s object
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in object
		as any
	}{
		"result": {s, storedResult{}}, "answer": {s.Defs["answer"], storedAnswer{}}, "transform": {s.Defs["transform"], Transform{}},
		"failure": {s.Defs["failure"], storedFailure{}}, "datagram": {s.Defs["datagram"], storedDatagram{}},
	} {
		described := len(c.in.Properties)
		for f := range reflect.TypeOf(c.as).Fields() {
			field, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if _, ok := c.in.Properties[field]; !ok {
				t.Errorf("%s: %s is not described", name, field)
			}
			if always := !strings.Contains(options, "omit"); always != slices.Contains(c.in.Required, field) {
				t.Errorf("%s: %s is required: %v", name, field, !always)
			}
			described--
		}
		if described != 0 {
			t.Errorf("%s: %d properties too many", name, described)
		}
	}
	for field, words := range map[string][]string{"question": questionNames[1:], "outcome": outcomeNames[1:], "asker": natNames[:], "asked": natNames[:]} {
		if got := s.Defs["answer"].Properties[field].Enum; !slices.Equal(got, words) {
			t.Errorf("%s: %v, not %v", field, got, words)
		}
	}
	if got := s.Defs["failure"].Properties["reason"].Enum; !slices.Equal(got, reasonNames[:]) {
		t.Errorf("reason: %v", got)
	}
}
