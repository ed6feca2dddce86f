package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Proposals, vpns and policies of ScreenOS.

// screenProposal is a proposal of either phase: all its parts are in one line.
type screenProposal struct {
	at   Pos
	prop ike.Proposal
	life Value[uint32]
	kb   Value[uint64]
}

// proposal reads set ike p1-proposal NAME METHOD GROUP esp CIPHER HASH and set
// ike p2-proposal NAME GROUP esp CIPHER HASH, or ah HASH, with a lifetime.
func (c *screenOS) proposal(into map[string]*screenProposal, proto ike.Protocol, l *screenLine) bool {
	p := &screenProposal{at: l.at, prop: ike.Proposal{Protocol: proto}, life: Value[uint32]{Key: "second", At: l.at}}
	if len(l.words) < 7 {
		c.s.problem(l.at, l.arg(2), ErrSyntax)
		return true
	}
	for i := 4; i < len(l.words); i++ {
		w := strings.ToLower(l.words[i])
		switch unit := strings.TrimSuffix(w, "s"); unit {
		case "second", "minute", "min", "hour", "day", "kbyte":
			n, ok := number(l.arg(i + 1))
			if !ok {
				c.s.problem(l.at, w, ErrValue)
				continue
			}
			i++
			scale := map[string]uint32{"second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400}[unit]
			if unit == "kbyte" {
				p.kb = Value[uint64]{V: uint64(n) << 10, At: l.at, Origin: Inherited, Key: "kbyte", Text: l.arg(i)}
			} else {
				p.life = Value[uint32]{V: min(n, 1<<32/86400-1) * scale, At: l.at, Origin: Inherited, Key: "second", Text: strings.TrimSpace(w + " " + l.arg(i))}
			}
			continue
		}
		if !screenPart(&p.prop, w) {
			c.s.problem(l.at, l.arg(2), wrong("an algorithm"))
		}
	}
	into[l.arg(3)] = p
	return true
}

// screenPart reads one part of a proposal, as its definition or its name has
// it.
func screenPart(p *ike.Proposal, w string) bool {
	switch w {
	case "esp":
		return true
	case "ah":
		p.Protocol = ike.ProtocolAH
		return true
	case "no-pfs", "nopfs":
		return true
	case "preshare", "pre":
		p.Auth = append(p.Auth, ike.AuthPSK)
		return true
	case "rsa-sig", "rsa":
		p.Auth = append(p.Auth, ike.AuthRSA)
		return true
	case "dsa-sig", "dsa":
		p.Auth = append(p.Auth, ike.AuthDSS)
		return true
	}
	if g := strings.TrimPrefix(strings.TrimPrefix(w, "group"), "g"); g != w {
		return p.Add(ike.AttrGroup, g, ike.DialectScreenOS)
	}
	if strings.HasPrefix(w, "sha") || w == "md5" {
		return p.Add(ike.AttrHash, w, ike.DialectScreenOS)
	}
	return p.Add(ike.AttrEncryption, w, ike.DialectScreenOS)
}

// predefined returns a proposal that the device has by its name, which says
// what it is: pre-g2-3des-sha, nopfs-esp-aes128-sha.
func predefined(name string, proto ike.Protocol) (*screenProposal, bool) {
	p := &screenProposal{prop: ike.Proposal{Protocol: proto}, life: Value[uint32]{Key: "second"}}
	parts := strings.Split(strings.ToLower(name), "-")
	if want := 4; len(parts) != want && (parts[0] == "" || len(parts) != 3) {
		return p, false
	}
	for _, w := range parts {
		if !screenPart(&p.prop, w) {
			return p, false
		}
	}
	return p, len(p.prop.Ciphers)+len(p.prop.Integrity) > 0
}

// screenLevels are what the levels of security stand for, in the names of what
// the device has.
var screenLevels = [...]struct {
	proto         ike.Protocol
	level, stands string
}{
	{ike.ProtocolIKE, "standard", "pre-g2-3des-sha pre-g2-aes128-sha"},
	{ike.ProtocolIKE, "compatible", "pre-g2-3des-sha pre-g2-3des-md5 pre-g2-des-sha pre-g2-des-md5"},
	{ike.ProtocolIKE, "basic", "pre-g1-des-sha pre-g1-des-md5"},
	{ike.ProtocolESP, "standard", "g2-esp-3des-sha g2-esp-aes128-sha"},
	{ike.ProtocolESP, "compatible", "nopfs-esp-3des-sha nopfs-esp-3des-md5 nopfs-esp-des-sha nopfs-esp-des-md5"},
	{ike.ProtocolESP, "basic", "nopfs-esp-des-sha nopfs-esp-des-md5"},
}

// ofLevel returns the names that a level stands for.
func ofLevel(proto ike.Protocol, level string) string {
	for _, x := range screenLevels {
		if x.proto == proto && strings.EqualFold(x.level, level) {
			return x.stands
		}
	}
	return ""
}

// suite makes a list of the proposals that a gateway or vpn names.
func (c *screenOS) suite(names []Value[string], level Value[string], proto ike.Protocol, defined map[string]*screenProposal, in string, k *Connection) (Value[Proposals], *screenProposal) {
	kind := "p1-proposal"
	if proto != ike.ProtocolIKE {
		kind = "p2-proposal"
	}
	if level.Origin != Unset {
		names = nil
		for w := range strings.FieldsSeq(ofLevel(proto, level.V)) {
			names = append(names, Value[string]{V: w, At: level.At, Origin: Inherited, Key: "sec-level"})
		}
	}
	var out Proposals
	var texts []string
	var first *screenProposal
	v := builtIn("proposal", "default", proto)
	for _, n := range names[:min(len(names), ike.MaxProposals)] {
		p, ok := defined[n.V]
		if !ok {
			if p, ok = predefined(n.V, proto); ok {
				p.at = n.At
			}
		}
		if n.Key != "sec-level" {
			c.s.c.SectionRefs = append(c.s.c.SectionRefs, SectionRef{Kind: kind, Name: n.V, In: in, At: n.At, Def: p.at, Defined: ok})
		}
		if !ok {
			if len(defined) > 0 {
				k.Found = append(k.Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: n.V, Setting: settingOf(n, n.V)})
			}
			continue
		}
		if first == nil {
			first = p
			v = Value[Proposals]{At: p.at, Origin: Inherited, Key: kind + " " + n.V}
			if n.Key == "sec-level" {
				v.Key = kind
			}
		}
		out.List, texts = append(out.List, p.prop.Clone()), append(texts, p.prop.Config(ike.DialectScreenOS))
	}
	if first == nil {
		return v, &screenProposal{life: Value[uint32]{Key: "second"}}
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	if level.Origin != Unset {
		out.Text = "sec-level " + level.V
	}
	v.V = out
	return v, first
}

// vpn reads set vpn NAME and what follows.
func (c *screenOS) vpn(l *screenLine) bool {
	name := l.arg(2)
	v := c.byName[name]
	if v == nil {
		v = &screenVPN{name: name, at: l.at, mode: defaulted("tunnel", ike.ModeTunnel)}
		c.byName[name] = v
		c.vpns = append(c.vpns, v)
	}
	for i := 3; i < len(l.words); i++ {
		w := strings.ToLower(l.words[i])
		next := func() Value[string] {
			i++
			return l.value(w, l.arg(i))
		}
		switch w {
		case "gateway":
			v.gateway = next()
		case "no-replay", "replay":
			v.window = Value[uint32]{V: 32, At: l.at, Origin: Written, Key: w}
			if w == "no-replay" {
				v.window.V = 0
			}
		case "tunnel", "transport":
			v.mode = as(l.value(w, ""), ike.ModeTunnel)
			if w == "transport" {
				v.mode.V = ike.ModeTransport
			}
		case "idletime":
			x := next()
			if n, ok := number(x.V); ok {
				v.idle = as(x, n*60)
			}
		case "proposal":
			for i+1 < len(l.words) {
				v.proposals = atMost(v.proposals, next())
			}
		case "sec-level":
			v.level = next()
		case "id":
			next()
		case "bind":
			i++
			v.bind = l.value("bind "+strings.ToLower(l.arg(i)), l.arg(i+1))
			i++
		case "proxy-id":
			rest := l.words[i+1:]
			v.localNet, rest = screenNet(l, rest, "local-ip")
			v.remoteNet, rest = screenNet(l, rest, "remote-ip")
			if len(rest) > 0 {
				v.service = l.value("proxy-id", rest[0])
			}
			i = len(l.words)
		case "monitor":
			v.monitor = v.monitor || slices.Contains(l.words, "rekey")
			i = len(l.words)
		case "df-bit", "dscp-mark":
			i = len(l.words)
		default:
			return false
		}
	}
	return true
}

// screenNet reads local-ip or remote-ip with a prefix, or an address and a
// mask.
func screenNet(l *screenLine, words []string, key string) (Value[string], []string) {
	if len(words) < 2 || !strings.EqualFold(words[0], key) {
		return Value[string]{}, words
	}
	if len(words) > 2 {
		if p, ok := netmask(words[1], words[2]); ok {
			return l.value("proxy-id", p.String()), words[3:]
		}
	}
	return l.value("proxy-id", words[1]), words[2:]
}

// policy reads set policy [id N] [name X] from A to B SRC DST SERVICE tunnel
// vpn NAME.
func (c *screenOS) policy(l *screenLine) bool {
	p := &screenPolicy{at: l.at}
	for i := 2; i < len(l.words); i++ {
		switch strings.ToLower(l.words[i]) {
		case "id":
			i++
			p.id = l.arg(i)
		case "name", "before", "after":
			i++
		case "top", "global":
		case "disable":
			if x := c.policyAt[p.id]; x != nil {
				x.off = true
				return true
			}
			return false
		case "from":
			p.from, p.to, p.src, p.dst, p.service = l.arg(i+1), l.arg(i+3), l.arg(i+4), l.arg(i+5), l.arg(i+6)
			if !strings.EqualFold(l.arg(i+7), "tunnel") || !strings.EqualFold(l.arg(i+8), "vpn") {
				return false
			}
			p.vpn = l.arg(i + 9)
			c.policies = append(c.policies, p)
			if p.id != "" {
				c.policyAt[p.id] = p
			}
			return true
		default:
			return false
		}
	}
	return false
}

func (c *screenOS) unsetPolicy(l *screenLine) bool {
	i := 2
	if strings.EqualFold(l.arg(2), "id") {
		i = 3
	}
	x := c.policyAt[l.arg(i)]
	if x == nil {
		return false
	}
	x.off = !strings.EqualFold(l.arg(i+1), "disable")
	return true
}
