package config

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Policies for setkey(8), as the file has them that fills the kernel's policy
// database beside a racoon.conf:
//
//	spdadd 10.1.0.0/24 10.2.0.0/24 any -P out ipsec
//		esp/tunnel/192.0.2.1-198.51.100.9/require;

// setkeyPolicy is one spdadd.
type setkeyPolicy struct {
	at       Pos
	src, dst ike.Selector
	text     string // both selectors, as the file has them
	out      bool
	action   Action
	protos   []setkeyProtocol
}

// setkeyProtocol is what a policy asks for, as in esp/tunnel/A-B/require.
type setkeyProtocol struct {
	name     string
	mode     ike.Mode
	from, to netip.Addr
}

// setkeyAlone reads policies that no racoon.conf is given for.
func (s *source) setkeyAlone(name string, b []byte) { s.setkey(name, b) }

// addPolicies reads policies into a racoon.conf that was read.
func (c *Config) addPolicies(s *source, name string, b []byte) {
	r := c.racoon
	r.s, r.setkey, r.again = s, true, true
	r.policies = append(r.policies, s.setkey(name, b)...)
	r.connections()
}

// setkey reads a file of commands for setkey.
func (s *source) setkey(name string, b []byte) (out []setkeyPolicy) {
	nodes := s.racoonNodes(name, b)
	for i := range nodes {
		n := &nodes[i]
		switch {
		case n.is("spdadd"), n.is("spdupdate"):
			if p, ok := setkeyAdd(n); ok {
				s.recognize(n.at)
				out = append(out, p)
			} else {
				s.problem(n.at, "spdadd", ErrValue)
			}
		case n.is("spdflush"):
			out = nil
			s.recognize(n.at)
		case len(n.words) > 0 && !n.words[0].quoted && hasWord("flush spddump dump add delete deleteall get spddelete exit quit bye", n.arg(0)):
			s.recognize(n.at)
		default:
			s.c.Unknown = append(s.c.Unknown, Statement{Section: "setkey", At: n.at})
		}
	}
	return out
}

// setkeyAdd reads SRC DST PROTOCOL -P DIRECTION POLICY.
func setkeyAdd(n *racoonNode) (p setkeyPolicy, ok bool) {
	var words []string
	for _, w := range n.words[1:] {
		words = append(words, w.text)
	}
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		words = words[1:] // -4, -6, -n
	}
	at := slices.Index(words, "-P")
	if at < 3 || at+2 > len(words) {
		return p, false
	}
	p.at = n.at
	ends, proto := words[:at], ""
	var text, port [2]string
	for i := range text {
		if len(ends) == 0 {
			return p, false
		}
		text[i], ends = ends[0], ends[1:]
		if len(ends) > 0 && strings.HasPrefix(ends[0], "/") {
			text[i], ends = text[i]+ends[0], ends[1:]
		}
		if len(ends) > 0 && strings.HasPrefix(ends[0], "[") {
			port[i], ends = ends[0], ends[1:]
		}
	}
	if len(ends) == 0 {
		return p, false
	}
	if proto = ends[0]; proto == "icmp6" {
		proto = "ipv6-icmp"
	}
	var ok1, ok2 bool
	p.src, ok1 = racoonSelector(text[0], port[0], proto)
	p.dst, ok2 = racoonSelector(text[1], port[1], proto)
	if !ok1 || !ok2 {
		return p, false
	}
	p.text = strings.Join([]string{text[0] + port[0], text[1] + port[1], ends[0]}, " ")
	return p, p.policy(words[at+1:])
}

// policy reads what is done with the traffic: DIRECTION [priority] discard,
// none, or ipsec and a list of protocols.
func (p *setkeyPolicy) policy(words []string) bool {
	p.out = words[0] == "out"
	i := slices.IndexFunc(words, func(w string) bool { return w == "ipsec" || w == "none" || w == "discard" })
	if i < 0 {
		return slices.Contains(words, "entrust") || slices.Contains(words, "bypass")
	}
	switch words[i] {
	case "none":
		p.action = Pass
	case "discard":
		p.action = Drop
	}
	text := ""
	for _, w := range words[i+1:] { // a port of an end point is a word of its own
		if strings.HasPrefix(w, "[") {
			continue
		}
		if text != "" && !strings.HasSuffix(text, "-") && !strings.HasPrefix(w, "-") && strings.Count(text[strings.LastIndexByte(text, ' ')+1:], "/") >= 3 {
			text += " "
		}
		text += w
	}
	for f := range strings.FieldsSeq(text) {
		if x, ok := setkeyProto(f); ok {
			p.protos = append(p.protos, x)
		} else {
			return false
		}
	}
	return p.action != Protect || len(p.protos) > 0
}

// setkeyProto reads PROTOCOL/MODE/SRC-DST/LEVEL.
func setkeyProto(s string) (p setkeyProtocol, ok bool) {
	f := strings.SplitN(s, "/", 4)
	if len(f) < 3 || !hasWord("esp ah ipcomp", f[0]) {
		return p, false
	}
	p.name = f[0]
	switch f[1] {
	case "tunnel":
		p.mode = ike.ModeTunnel
	case "transport":
		p.mode = ike.ModeTransport
	}
	if from, to, both := strings.Cut(f[2], "-"); both {
		a, err1 := netip.ParseAddr(from)
		b, err2 := netip.ParseAddr(to)
		if err1 != nil || err2 != nil {
			return p, false
		}
		p.from, p.to = a.Unmap(), b.Unmap()
	} else if p.mode == ike.ModeTunnel {
		return p, false
	}
	return p, true
}

// ends returns the two gateways of a policy: those of its tunnel, else the
// hosts between which it protects.
func (p *setkeyPolicy) ends() (local, peer netip.Addr) {
	for _, x := range p.protos {
		if x.from.IsValid() {
			return x.from, x.to
		}
	}
	if p.src.From == p.src.To {
		local = p.src.From
	}
	if p.dst.From == p.dst.To {
		peer = p.dst.From
	}
	return local, peer
}

// mirrored is a policy for what comes in as the one that goes out with it.
func (p setkeyPolicy) mirrored() setkeyPolicy {
	p.src, p.dst = p.dst, p.src
	p.protos = slices.Clone(p.protos)
	for i := range p.protos {
		x := &p.protos[i]
		x.from, x.to = x.to, x.from
	}
	return p
}
