package diag

import (
	"math"
	"time"
)

// restAfter is how long nothing is heard of a tunnel, by the times that Advance
// is given, before what is known of it is packed.
const restAfter = 5 * time.Minute

// rest packs what is known of the tunnels that nothing was heard of for a while.
func (e *Engine) rest() {
	if e.ended || e.now.IsZero() {
		return
	}
	for _, t := range e.tunnels {
		e.settleDown(t)
	}
	e.packer.rest()
	e.sink = Sink{}
}

// seconds returns a time as it is kept of each strand.
func seconds(t time.Time) uint32 { return uint32(min(max(t.Unix(), 0), math.MaxUint32)) }

// settleDown packs a tunnel if it is time.
func (e *Engine) settleDown(t *tunnel) {
	awake := false
	for _, a := range t.attempts {
		for _, s := range a.strands {
			if s.heard == 0 {
				s.heard = seconds(e.now) // before the first Advance
			}
			awake = awake || s.heard > seconds(e.now.Add(-restAfter))
		}
	}
	if awake {
		return
	}
	for _, a := range t.attempts {
		for _, s := range a.strands {
			e.packer.pack(s, e.sources[s.key.source].Dialect)
		}
	}
	if s := t.said; s != nil && !s.incident() {
		t.left = t.left || len(s.findings) > 0
		if s.findings = nil; s.until.IsZero() {
			t.said = nil
		}
	}
}

// incident reports whether a finding is of the kinds that incidents are of.
func (s *conclusions) incident() bool {
	for i := range s.findings {
		if k := s.findings[i].Kind; k == Cause || k == Symptom {
			return true
		}
	}
	return false
}
