package observe

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// A session keeps its trail as long as lines of it come, however many others come
// between them and wherever theirs are kept.
func TestTrailKept(t *testing.T) {
	var x trails
	of := func(handle uint64, line int) *trail {
		return x.of(&logparse.Event{Number: line, Session: &logparse.Session{Handle: handle}})
	}
	long := []uint64{7, 8, 9}
	for line := 1; line < 20*keptLines; line++ {
		switch {
		case line%(keptLines/2) < len(long):
			k := of(long[line%(keptLines/2)], line)
			if line > keptLines && !k.begun {
				t.Fatalf("line %d: a session's trail is lost", line)
			}
			k.begun = true
		default:
			other := uint64(100+line/40) * uint64(len(x.near))
			if line%(5*keptLines) < 3*keptLines/2 { // now and then others take their places
				other += long[line/40%len(long)]
			}
			if k := of(other, line); k.begun {
				t.Fatalf("line %d: a session has the trail of another", line)
			}
		}
	}
	n := 0
	for _, of := range x.kept {
		n += len(of)
	}
	if n > 5*keptLines/4/40+len(long)+1 {
		t.Errorf("%d trails are kept", n)
	}
	none := of(0, 1)
	if none.begun = true; of(0, 2).begun {
		t.Error("what is no session has a trail")
	}
}

// The level that a subsystem is known by is the highest, whichever others speak in
// between.
func TestLevels(t *testing.T) {
	var l Log
	groups := []string{"IKE", "ENC", "NET", "CFG", "EKI", "a name that is longer", "another such name", "a", ""}
	for i := range 400 {
		for _, g := range groups {
			l.level([]byte(g), int8(i*len(g)%7))
		}
	}
	var s diag.Source
	l.Describe(&s)
	for _, g := range groups {
		if have, ok := s.Coverage.Levels[g]; ok != (g != "") || ok && len(g)%7 != 0 && have != 6 {
			t.Errorf("%q has level %d", g, have)
		}
	}
	if len(s.Coverage.Levels) != len(groups)-1 {
		t.Errorf("%v", s.Coverage.Levels)
	}
}
