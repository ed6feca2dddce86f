package diag

import "fmt"

// Renumber gives every source that the observation names, its own and those of
// the places in a Connection, the number that to gives for it: who brings
// observations from one engine's numbering, or from a wire form, into
// another's has to. Where to knows a source not, the error is ErrWire and the
// observation is of no use. The observation must own its Body, as one read
// from a wire form does.
func (o *Observation) Renumber(to func(SourceID) (SourceID, bool)) error {
	missing := false
	number := func(id *SourceID) {
		n, ok := to(*id)
		missing = missing || !ok
		*id = n
	}
	number(&o.Source)
	if c, ok := o.Body.(*Connection); ok {
		c.places(func(p *Place) {
			if p.Elsewhere {
				number(&p.Source)
			}
		})
	}
	if missing {
		return fmt.Errorf("diag: observation: %w: a source that was not announced", ErrWire)
	}
	return nil
}

// places calls f for every place in a connection.
func (c *Connection) places(f func(*Place)) {
	each := func(at map[string]Place) {
		for k, p := range at {
			f(&p)
			at[k] = p
		}
	}
	key := func(k *PSK) {
		f(&k.At)
		if k.Passed != nil {
			p := *k.Passed
			f(&p.At)
			k.Passed = &p
		}
	}
	each(c.At)
	key(&c.PSK)
	for i := range c.Users {
		key(&c.Users[i].Password)
	}
	for i := range c.Children {
		f(&c.Children[i].Place)
		each(c.Children[i].At)
	}
	for i := range c.Faults {
		f(&c.Faults[i].Place)
	}
}
