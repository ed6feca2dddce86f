package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What Cisco IOS prints for show crypto session, with detail or without: a
// session of an interface, its ISAKMP SAs, and what it protects:
//
//	Interface: Tunnel1
//	Session status: UP-ACTIVE
//	Peer: 198.51.100.2 port 4500 fvrf: (none) ivrf: (none)
//	  IKEv1 SA: local 192.0.2.1/4500 remote 198.51.100.2/4500 Active
//	          Capabilities:DN connid:2913 lifetime:09:03:41
//	  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.2
//	        Active SAs: 2, origin: crypto map
//	        Inbound:  #pkts dec'ed 5 drop 0 life (KB/Sec) 4236992/615
//
// It has no SPIs. A session that negotiates shows the same SA several times.

// isCiscoSession recognises the heading.
func isCiscoSession(line []byte) bool {
	return strings.HasPrefix(string(line), "Crypto session current status")
}

// ciscoSession is a reading.
type ciscoSession struct {
	p      *parser
	sa     *SA    // of the session that is being read
	name   string // its interface
	status string
}

func readCiscoSession(p *parser) {
	c := ciscoSession{p: p}
	for p.next() {
		line := strings.TrimSpace(p.line)
		key, value, _ := cut2(line, ":")
		switch {
		case key == "Interface":
			c = ciscoSession{p: p, name: value}
		case key == "Session status":
			c.status = value
		case key == "Peer":
			c.begin(value)
		case key == "Phase1_id":
			c.phase1(value)
		case key == "IKEv1 SA", key == "IKE SA", key == "IKEv2 SA":
			c.ikeSA(key, value)
		case strings.HasPrefix(line, "Capabilities:"):
			c.capabilities(line)
		case key == "IPSEC FLOW":
			c.flow(value)
		case key == "Active SAs":
			c.active(value)
		case key == "Inbound", key == "Outbound":
			c.count(key == "Inbound", value)
		case line == "", isCiscoSession([]byte(line)), key == "Profile", key == "Uptime", key == "Desc", key == "Session ID", key == "Username", key == "Group", key == "Assigned address",
			key == "Code", strings.HasPrefix(line, "K - "), strings.HasPrefix(line, "X - "), strings.HasPrefix(line, "R - "), strings.HasPrefix(line, "S - "):
		default:
			p.unknown()
		}
	}
}

// begin reads "198.51.100.2 port 4500 fvrf: (none) ivrf: (none)".
func (c *ciscoSession) begin(s string) {
	c.sa = nil
	f := strings.Fields(s)
	if len(f) < 3 || !c.p.room() {
		return
	}
	sa := SA{Line: c.p.n, Name: c.name, Version: 1, StateText: c.status, Remote: Endpoint{Address: ciscoEnd(f[0] + "/" + f[2])}}
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	if c.status == "DOWN-NEGOTIATING" {
		sa.State = IKEConnecting
	}
	c.p.st.SAs = append(c.p.st.SAs, sa)
	c.sa = &c.p.st.SAs[len(c.p.st.SAs)-1]
}

// phase1 reads the peer's identity.
func (c *ciscoSession) phase1(s string) {
	if c.sa != nil && s != "(none)" && s != "" {
		c.sa.Remote.Text, c.sa.Remote.Identity = s, ike.ParseIdentity(s, ike.DialectCisco)
	}
}

// ikeSA reads "local 192.0.2.1/500 remote 198.51.100.2/500 Inactive".
func (c *ciscoSession) ikeSA(key, s string) {
	f := strings.Fields(s)
	if c.sa == nil || len(f) < 5 {
		return
	}
	if key == "IKEv2 SA" {
		c.sa.Version = 2
	}
	c.sa.Local.Address, c.sa.Remote.Address = ciscoEnd(f[1]), ciscoEnd(f[3])
	if f[4] == "Active" {
		c.sa.State = IKEEstablished
	}
}

// ciscoEnd reads "192.0.2.1/500".
func ciscoEnd(s string) netip.AddrPort {
	host, port, _ := strings.Cut(s, "/")
	a, ok := address(host)
	if !ok {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a, uint16(min(number(port), 1<<16-1)))
}

// capabilities reads "Capabilities:DN connid:2913 lifetime:09:03:41".
func (c *ciscoSession) capabilities(line string) {
	if c.sa == nil {
		return
	}
	for _, w := range strings.Fields(line) {
		if n, ok := strings.CutPrefix(w, "connid:"); ok && number(n) > 0 {
			c.sa.ID = number(n)
		}
	}
}

// flow reads "permit 47 host 192.0.2.1 host 198.51.100.2" or "permit ip
// 10.1.0.0/255.255.0.0 10.2.0.0/255.255.0.0".
func (c *ciscoSession) flow(s string) {
	if c.sa == nil || !c.p.room() {
		return
	}
	k := Child{Line: c.p.n, Name: c.name, State: ChildCreated}
	f := strings.Fields(s)
	if len(f) > 2 {
		var ends [2]ike.Selector
		rest, n := f[2:], 0
		for ; n < 2 && len(rest) > 0; n++ {
			text := rest[0]
			if text == "host" && len(rest) > 1 {
				text, rest = rest[1], rest[1:]
			}
			rest = rest[1:]
			sel, ok := ciscoNetwork(text)
			if !ok {
				break
			}
			if f[1] != "ip" {
				sel.Protocol = ipProtocol(f[1])
			}
			ends[n] = sel
		}
		if n == 2 && len(rest) == 0 {
			k.Local, k.Remote = []ike.Selector{ends[0]}, []ike.Selector{ends[1]}
		}
	}
	c.sa.Children = append(c.sa.Children, k)
}

// ciscoNetwork reads an address, or one with its mask.
func ciscoNetwork(s string) (ike.Selector, bool) {
	host, mask, masked := strings.Cut(s, "/")
	if m, err := netip.ParseAddr(mask); masked && err == nil && m.Is4() {
		b, bits := m.As4(), 0
		for bits < 32 && b[bits/8]&(0x80>>(bits%8)) != 0 {
			bits++
		}
		s = host + "/" + strconv.Itoa(bits)
	}
	sel, err := ike.ParseSelector(s)
	return sel, err == nil
}

// active reads "2, origin: crypto map".
func (c *ciscoSession) active(s string) {
	if k := c.child(); k != nil {
		n, _, _ := strings.Cut(s, ",")
		if number(n) > 0 {
			k.State, k.StateText = ChildInstalled, "active"
		}
	}
}

// child is the one that lines are about.
func (c *ciscoSession) child() *Child {
	if c.sa == nil || len(c.sa.Children) == 0 {
		return nil
	}
	return &c.sa.Children[len(c.sa.Children)-1]
}

// count reads "#pkts dec'ed 5 drop 0 life (KB/Sec) 4236992/615".
func (c *ciscoSession) count(in bool, s string) {
	k := c.child()
	f := strings.Fields(s)
	if k == nil || len(f) < 3 {
		return
	}
	to := &k.Out
	if in {
		to = &k.In
	}
	to.Packets, to.Counted = number(f[2]), true
	if _, life, ok := cutLast(s, "/"); ok {
		if n := number(life); n > 0 && n < 1<<32 {
			k.Expire = Span{Known: true, D: time.Duration(n) * time.Second, Unit: time.Second}
		}
	}
}
