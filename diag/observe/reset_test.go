package observe_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/observe"
)

// noted takes observations down as text.
type noted []string

func (t *noted) Observe(o *diag.Observation) {
	*t = append(*t, fmt.Sprintf("%v %v %q %v %+v %T%+v", o.Where, o.Time, o.Text, o.Basis, o.Keys, o.Body, o.Body))
}

// What is observed of a log does not depend on those that were read before in the
// same memory.
func TestLogReset(t *testing.T) {
	files := append(recordings.Glob(t, "logs", "samples", "*", "*.log"), recordings.Glob(t, "corpus", "*", "*", "*.log")...)
	var again observe.Log
	all := 0
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		read := func(l *observe.Log) (list noted, s diag.Source) {
			l.To = &list
			if err := l.Read(bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			l.Describe(&s)
			return list, s
		}
		again.Reset()
		got, shown := read(&again)
		want, source := read(&observe.Log{})
		if !slices.Equal(got, want) {
			for n := range min(len(got), len(want)) {
				if got[n] != want[n] {
					t.Errorf("%s: %s, in new memory %s", f, got[n], want[n])
					break
				}
			}
			t.Errorf("%s: %d observations, %d in new memory", f, len(got), len(want))
		}
		if fmt.Sprint(shown) != fmt.Sprint(source) {
			t.Errorf("%s: %v, in new memory %v", f, shown, source)
		}
		all += len(want)
	}
	if len(files) > 0 && all == 0 {
		t.Error("nothing was observed")
	}
}
