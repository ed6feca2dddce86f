package logparse

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestUnredacted looks for octets that are not printable in what is said to be, where
// lines have them now and then in any place: nothing that a line before had in it
// vouches for this one.
func TestUnredacted(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, w := range workloads {
		log := bytes.Clone(w.log(t, 4000))
		for at := range log {
			if log[at] != '\n' && random.IntN(300) == 0 {
				log[at] = "\x1b\x7f\x80\xff\t\x07"[random.IntN(6)]
			}
		}
		var p Parser
		lines, given := 0, 0
		for e := range p.Events(bytes.NewReader(log)) {
			lines++
			b, ok := e.Unredacted()
			if !ok {
				continue
			}
			given++
			if n := reachSpecial(b); n < len(b) {
				t.Errorf("%s: %q has %#x in it", w.name, b, b[n])
			} else if redacted := e.Redacted(nil); string(redacted) != string(b) {
				t.Errorf("%s: %q, redacted %q", w.name, b, redacted)
			}
		}
		if given < lines/10 {
			t.Errorf("%s: %d of %d lines as they stand", w.name, given, lines)
		}
	}
}
