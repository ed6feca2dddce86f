package diag

import "time"

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
}

// settleDown packs a tunnel if it is time.
func (e *Engine) settleDown(t *tunnel) {
	awake := false
	for _, a := range t.attempts {
		for _, s := range a.strands {
			if s.heard < 0 {
				s.heard = e.now.Unix() // before the first Advance
			}
			awake = awake || s.heard > e.now.Add(-restAfter).Unix()
		}
	}
	if awake {
		return
	}
	for _, a := range t.attempts {
		a.up, a.childUp = nil, nil
		for _, s := range a.strands {
			e.packer.pack(s, e.sources[s.key.source].Dialect)
		}
	}
	if c := e.cache[t.id]; c != nil && !c.incident() {
		c.findings, c.left = nil, len(c.findings) > 0 || c.left
	}
}

// incident reports whether a finding is of the kinds that incidents are of.
func (c *evaluated) incident() bool {
	for i := range c.findings {
		if k := c.findings[i].Kind; k == Cause || k == Symptom {
			return true
		}
	}
	return false
}
