package isakmp

import "slices"

// Clone returns a copy that owns its octets and shares nothing with m.
func (m *Message) Clone() *Message {
	c := *m
	c.Encrypted = slices.Clone(m.Encrypted)
	c.Rest = slices.Clone(m.Rest)
	c.Problems = slices.Clone(m.Problems)
	c.Payloads = slices.Clone(m.Payloads)
	for i := range c.Payloads {
		c.Payloads[i].Body = slices.Clone(m.Payloads[i].Body)
	}
	c.SAs = slices.Clone(m.SAs)
	for i := range c.SAs {
		c.SAs[i] = m.SAs[i].Clone()
	}
	c.proposals, c.transforms, c.attributes = nil, nil, nil
	return &c
}

// Clone returns a copy that owns its octets.
func (s SA) Clone() SA {
	s.Rest = slices.Clone(s.Rest)
	s.Proposals = slices.Clone(s.Proposals)
	for i := range s.Proposals {
		p := &s.Proposals[i]
		p.SPI = slices.Clone(p.SPI)
		p.Transforms = slices.Clone(p.Transforms)
		for j := range p.Transforms {
			t := &p.Transforms[j]
			t.Attributes = slices.Clone(t.Attributes)
			for k := range t.Attributes {
				t.Attributes[k].Value = slices.Clone(t.Attributes[k].Value)
			}
		}
	}
	return s
}
