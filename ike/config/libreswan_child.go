package config

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// maxPairs bounds the children that leftsubnets and rightsubnets make.
const maxPairs = 4096

// libreswanChildren makes one child of each pair of a left and a right subnet.
// Where there are several, libreswan names them NAME/1x2.
func (s *source) libreswanChildren(t taker, c *Connection) {
	k := Child{Name: c.Name, At: c.At}
	var ah bool
	if v, ok := t.text("phase2"); ok {
		ah = strings.EqualFold(v.V, "ah") || strings.EqualFold(v.V, "ah+esp")
	} else if v, ok := t.text("auth"); ok {
		ah = strings.EqualFold(v.V, "ah")
	}
	k.PFS = take(t, "pfs", true, boolean)
	k.Proposals = s.libreswanSuites(t, c, ah, k.PFS.V)
	k.Mode, k.Action = ipsecType(t)
	k.IPComp = take(t, "compress", false, boolean)
	k.SHA256Bits96 = first(t, false, boolean, "sha2-truncbug", "sha2_truncbug")
	k.ReplayWindow = first(t, 128, number, "replay-window", "replay_window")
	k.Inactivity = Value[uint32]{}
	k.Start, k.DPDAction = c.Start, c.DPD.Action
	libreswanLifetimes(t, c, &k)

	left, right := s.libreswanSubnets(t, "left"), s.libreswanSubnets(t, "right")
	if len(left.V)*len(right.V) > maxPairs {
		s.problem(left.At, left.Key, fmt.Errorf("%w: pairs of subnets", ErrTooMany))
		left.V, right.V = left.V[:1], right.V[:1]
	}
	ls, rs := apart(left), apart(right)
	for i, l := range ls {
		for j, r := range rs {
			if !s.child(c.At) {
				return
			}
			one := k
			if len(ls)*len(rs) > 1 {
				one.Name = fmt.Sprintf("%s/%dx%d", c.Name, i+1, j+1)
			}
			one.Local, one.Remote = as(left, l), as(right, r)
			one.Overfull = len(l)*len(r) > 1
			one.FirstOnly = one.Overfull
			c.Children = append(c.Children, one)
		}
	}
}

// apart returns the selectors of the children that one statement makes: of those
// that leftsubnets lists each is one. leftsubnet has room for one subnet; where it
// lists several, which libreswan refuses, they stay together.
func apart(v Value[[]Selector]) (each [][]Selector) {
	if strings.HasSuffix(v.Key, "subnet") {
		return [][]Selector{v.V}
	}
	for i := range v.V {
		each = append(each, v.V[i:i+1])
	}
	return each
}

// libreswanSuites reads the phase-2 algorithms. Without a group of their own,
// PFS takes that of phase 1; with pfs=no there is none, whatever is written.
func (s *source) libreswanSuites(t taker, c *Connection, ah, pfs bool) Value[Proposals] {
	p, keys := ike.ProtocolESP, []string{"phase2alg", "esp", "ah"}
	if ah || t.has("ah") && !t.has("esp") && !t.has("phase2alg") {
		p, keys = ike.ProtocolAH, []string{"ah", "phase2alg", "esp"}
	}
	out := builtIn(keys[0], "default", p)
	for _, key := range keys {
		if v, ok := t.text(key); ok {
			out = readProposals(v, p, ike.DialectLibreswan)
			break
		}
	}
	var groups []ike.Group
	for _, x := range c.Proposals.V.List {
		groups = append(groups, x.Groups...)
	}
	for i := range out.V.List {
		x := &out.V.List[i]
		switch {
		case !pfs:
			x.Groups, x.Open = nil, x.Open.Without(ike.AttrGroup)
		case len(x.Groups) == 0 && !x.Default && len(groups) > 0:
			x.Groups, x.Open = groups, x.Open.Without(ike.AttrGroup)
		}
	}
	return out
}

// libreswanLifetimes: ikelifetime and salifetime are when the SAs end; renewal
// begins rekeymargin earlier.
func libreswanLifetimes(t taker, c *Connection, k *Child) {
	total := take(t, "ikelifetime", 8*3600, seconds)
	life := first(t, 8*3600, seconds, "salifetime", "keylife", "lifetime", "ipsec-lifetime")
	margin := first(t, 9*60, seconds, "rekeymargin", "margintime")
	less := func(v Value[uint32]) Value[uint32] {
		if !c.Rekey.V {
			return as(c.Rekey, uint32(0))
		}
		v.V -= min(v.V, margin.V)
		return v
	}
	c.Lifetime = IKELifetime{Total: total, Over: margin, Rekey: less(total), Reauth: as(total, uint32(0))}
	k.Lifetime = ChildLifetime{Life: life, Rekey: less(life)}
	k.Lifetime.LifeBytes = first(t, 0, octets, "ipsec-max-bytes", "salifebytes")
	k.Lifetime.RekeyBytes = k.Lifetime.LifeBytes
	k.Lifetime.LifePackets = take(t, "ipsec-max-packets", 0, octets)
	k.Lifetime.RekeyPackets = k.Lifetime.LifePackets
}

// libreswanSubnets reads an end's subnet, subnets, source address and
// protoport.
func (s *source) libreswanSubnets(t taker, side string) Value[[]Selector] {
	out := s.ipsecSubnets(t, side)
	v, ok := t.text(side + "subnets")
	if !ok {
		return out
	}
	v.V = strings.Join(strings.FieldsFunc(v.V, func(r rune) bool { return strings.ContainsRune(" \t,{}", r) }), ",")
	many := selectors(t, v)
	if pp, ok := t.text(side + "protoport"); ok {
		restrict(t, &many, pp)
	}
	if len(many.V) == 0 {
		return out
	}
	return many
}
