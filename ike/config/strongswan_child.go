package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

func (s *source) strongSwanChild(t taker, c *Connection) Child {
	k := Child{Name: c.Name, At: c.At, FirstOnly: true}
	k.Local = s.ipsecSubnets(t, "left")
	k.Remote = s.ipsecSubnets(t, "right")
	if v, ok := t.text("ah"); ok {
		k.Proposals = readProposals(v, ike.ProtocolAH, ike.DialectStrongSwan)
	} else {
		k.Proposals = s.strongSwanSuites(t, "esp", ike.ProtocolESP)
	}
	k.Mode, k.Action = ipsecType(t)
	k.IPComp = take(t, "compress", false, boolean)
	k.SHA256Bits96 = take(t, "sha256_96", false, boolean)
	k.ReplayWindow = take(t, "replay_window", 32, number)
	k.Inactivity = take(t, "inactivity", 0, seconds)
	k.Start = c.Start
	k.DPDAction = c.DPD.Action
	k.CloseAction = take(t, "closeaction", "none", str)
	strongSwanLifetimes(t, c, &k)
	return k
}

// strongSwanLifetimes: ikelifetime and lifetime are when the SAs end; renewal
// begins margintime earlier. rekey=no takes the renewal away and leaves the
// end.
func strongSwanLifetimes(t taker, c *Connection, k *Child) {
	total := take(t, "ikelifetime", 3*3600, seconds)
	margin := first(t, 9*60, seconds, "margintime", "rekeymargin")
	life := first(t, 3600, seconds, "lifetime", "keylife")
	less := func(v Value[uint32]) Value[uint32] {
		v.V -= min(v.V, margin.V)
		return v
	}
	c.Lifetime = IKELifetime{Total: total, Over: margin, Rekey: as(total, uint32(0)), Reauth: less(total)}
	if reauth, ok := t.text("reauth"); ok && c.Version.V != IKEv1 {
		if b, ok := boolean(reauth.V); ok && !b {
			c.Lifetime.Rekey, c.Lifetime.Reauth = c.Lifetime.Reauth, as(reauth, uint32(0))
		}
	}
	k.Lifetime = ChildLifetime{Life: life, Rekey: less(life)}
	k.Lifetime.LifeBytes = take(t, "lifebytes", 0, octets)
	k.Lifetime.RekeyBytes = k.Lifetime.LifeBytes
	k.Lifetime.LifePackets = take(t, "lifepackets", 0, octets)
	k.Lifetime.RekeyPackets = k.Lifetime.LifePackets
	for _, x := range []struct {
		key string
		to  *Value[uint64]
	}{{"marginbytes", &k.Lifetime.RekeyBytes}, {"marginpackets", &k.Lifetime.RekeyPackets}} {
		m := take(t, x.key, 0, octets)
		x.to.V -= min(x.to.V, m.V)
	}
	if !c.Rekey.V {
		c.Lifetime.Rekey, c.Lifetime.Reauth = as(c.Rekey, uint32(0)), as(c.Rekey, uint32(0))
		c.Lifetime.Over = c.Lifetime.Total
		k.Lifetime.Rekey = as(c.Rekey, uint32(0))
	}
}

// ipsecType reads type=.
func ipsecType(t taker) (Value[ike.Mode], Value[Action]) {
	v := take(t, "type", "tunnel", func(v string) (string, bool) {
		v = strings.ToLower(v)
		switch v {
		case "tunnel", "transport", "transport_proxy", "beet", "passthrough", "pass", "drop", "reject":
			return v, true
		}
		return "", false
	})
	mode, action := as(v, ike.ModeNone), as(v, Protect)
	switch v.V {
	case "tunnel":
		mode.V = ike.ModeTunnel
	case "transport", "transport_proxy":
		mode.V = ike.ModeTransport
	case "passthrough", "pass":
		action.V = Pass
	case "drop":
		action.V = Drop
	case "reject":
		action.V = Reject
	}
	return mode, action
}

// ipsecSubnets reads an end's subnet and protoport settings.
func (s *source) ipsecSubnets(t taker, side string) Value[[]Selector] {
	pp, restricted := t.text(side + "protoport")
	v, ok := t.text(side + "subnet")
	out := dynamic(side + "subnet")
	if ok {
		text := v.V
		if strings.HasPrefix(text, "vhost:") || strings.HasPrefix(text, "vnet:") {
			// %priv and %no let the peer choose within virtual-private.
			out = as(v, []Selector{{Text: text, Selector: ike.Selector{Dynamic: true}}})
		} else {
			out = selectors(t, v)
		}
	}
	if restricted {
		restrict(t, &out, pp)
	}
	return out
}

// restrict applies protoport to all selectors that have no protocol of their
// own.
func restrict(t taker, to *Value[[]Selector], pp Value[string]) {
	proto, ports, _ := strings.Cut(pp.V, "/")
	if ports == "%any" || ports == "any" {
		ports = ""
	}
	text := "dynamic[" + proto
	if ports != "" {
		text += "/" + ports
	}
	x, err := ike.ParseSelector(text + "]")
	if err != nil {
		t.bad(pp)
		return
	}
	for i := range to.V {
		s := &to.V[i]
		if s.Protocol == 0 {
			s.Protocol, s.PortFrom, s.PortTo = x.Protocol, x.PortFrom, x.PortTo
		}
	}
}
