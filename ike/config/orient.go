package config

import "slices"

// orient finds out which end of a left/right connection is the local one. It
// was read with left as the local end.
//
// The daemons look which of the two addresses an interface of theirs has, and
// take left where that does not tell. Options.Local is asked first. Without
// it, %defaultroute can only be local, and in libreswan's format %any can only
// be remote, since there a gateway must know its own address.
func (s *source) orient(c *Connection, libreswan bool) {
	left, right := s.mine(&c.Local), s.mine(&c.Remote)
	if left && right {
		x := c.Remote.Addresses
		c.Found = append(c.Found, Issue{Kind: IssueSameEnds, Effect: Fails, Child: -1, Setting: settingOf(x, addressText(x.V)), Key: x.Key})
	}
	switch {
	case left != right:
		if right {
			c.Reverse()
		}
	case magic(&c.Local) != magic(&c.Remote):
		if magic(&c.Remote) {
			c.Reverse()
		}
	case libreswan && c.Local.AnyAddress() != c.Remote.AnyAddress():
		if c.Local.AnyAddress() {
			c.Reverse()
		}
	default:
		c.SidesGuessed = true
	}
}

// mine reports whether one of the gateway's addresses is the end's.
func (s *source) mine(e *End) bool {
	return slices.ContainsFunc(e.Addresses.V, func(a Address) bool {
		return a.Kind == AddressHost && slices.Contains(s.o.Local, a.First)
	})
}

func magic(e *End) bool {
	return slices.ContainsFunc(e.Addresses.V, func(a Address) bool { return a.Kind == AddressMagic })
}
