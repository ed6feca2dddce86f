package logparse

import "testing"

// TestPatterns holds every template to the rules: its pattern compiles, it is
// not the same as another, and its fields are those that kind.go promises.
func TestPatterns(t *testing.T) {
	for _, d := range Dialects() {
		tr, errs := newTrie(d.lists())
		for _, err := range errs {
			t.Errorf("%s: %v", d.Name, err)
		}
		for i := range tr.templates {
			tm := &tr.templates[i]
			promised := map[Field]bool{NoField: true}
			for _, f := range tm.Kind.Fields() {
				promised[f] = true
			}
			for _, f := range tm.fields {
				if !promised[f] {
					t.Errorf("%s: %q carries %v, which %v does not promise", d.Name, tm.Pattern, f, tm.Kind)
				}
			}
			for _, c := range tm.consts {
				if !promised[c.field] {
					t.Errorf("%s: %q sets %v, which %v does not promise", d.Name, tm.Pattern, c.field, tm.Kind)
				}
			}
		}
	}
}
