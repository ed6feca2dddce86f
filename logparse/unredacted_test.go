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

// TestUnredactedTag: a tag that is known up to its colon vouches for no octet behind
// that.
func TestUnredactedTag(t *testing.T) {
	var p Parser
	var e Event
	for _, gap := range []string{" ", " ", "\t", " \t", " ", "\t"} {
		line := "Mar 01 2026 08:00:01 fw : %ASA-5-713119:" + gap + "Group = 192.0.2.7, IP = 192.0.2.7, PHASE 1 COMPLETED"
		if !p.Parse([]byte(line), &e) || e.Kind != SAEstablished {
			t.Fatalf("%q is %v", line, e.Kind)
		}
		if b, ok := e.Unredacted(); ok != (gap == " ") || ok && string(b) != line {
			t.Errorf("%q: %q, %v", line, b, ok)
		}
	}
}
