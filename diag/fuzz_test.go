package diag_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// Whatever arrives as a wire form is refused or observed, and what was
// observed is reported.
func FuzzObservation(f *testing.F) {
	w := wrongPSK()
	for i := range w.obs {
		b, err := w.obs[i].AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"kind":2,"body":{"From":255}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var o diag.Observation
		if o.UnmarshalBinary(b) != nil {
			return
		}
		e := newEngine(t, diag.Options{})
		e.AddSource(diag.Source{Name: "x"})
		o.Source = 0
		e.Observe(&o)
		for range e.Advance(time.Time{}) {
		}
		if r := e.Report(); r == nil {
			t.Fatal("no report")
		}
		if _, err := o.AppendBinary(nil); err != nil {
			t.Fatalf("read, but not written again: %v", err)
		}
	})
}

// A snapshot is refused or restored; a restored one can be saved again and
// reports as before.
func FuzzRestore(f *testing.F) {
	w := wrongPSK()
	e := newEngine(f, diag.Options{})
	w.feed(e)
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("ikediag-snapshot/1\n{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e := newEngine(t, diag.Options{})
		if e.Restore(b) != nil {
			return
		}
		before := dump(e.Report())
		again, err := e.AppendSnapshot(nil)
		if err != nil {
			t.Fatal(err)
		}
		g := newEngine(t, diag.Options{})
		if err := g.Restore(again); err != nil {
			t.Fatal(err)
		}
		if after := dump(g.Report()); after != before {
			t.Fatalf("saved and restored, the report changes:\n%s\nwas:\n%s", after, before)
		}
	})
}
