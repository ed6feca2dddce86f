package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What Cisco's IOS and ASA print for show crypto ipsec sa: an entry of a
// crypto map with its selectors and counters, and below it the SAs of each
// direction and protocol.
//
//	Crypto map tag: MAP, seq num: 2, local addr: 192.0.2.1
//	  local ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)
//	  remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)
//	  #pkts encaps: 149, #pkts encrypt: 149, #pkts digest: 149
//	  local crypto endpt.: 192.0.2.1/4500, remote crypto endpt.: 198.51.100.2/4500
//	 inbound esp sas:
//	  spi: 0x6ADB173 (112046451)
//	     in use settings ={L2L, Tunnel, NAT-T-Encaps, }
//
// The counters are of the entry, over all its SAs.

// cisco is a reading of entries.
type cisco struct {
	p       *parser
	sa      *SA
	in, out []Child // of the entry, one for each SPI
	at      *Child  // the SA that lines are about
	flows   [2]Flow // the entry's counters: in, out
	counted bool
	local   []ike.Selector
	remote  []ike.Selector
}

func readCiscoIPsec(p *parser) {
	c := cisco{p: p}
	inbound, protocol := false, ike.ProtocolNone
	for p.next() {
		line := strings.TrimSpace(p.line)
		switch {
		case strings.Contains(line, "Crypto map tag: "):
			c.finish()
			c.begin(line)
		case c.sa == nil: // before the first entry
		case strings.HasPrefix(line, "local crypto endpt."):
			c.ends(line)
		case strings.HasPrefix(line, "local") && strings.Contains(line, "ident (addr/mask/prot/port)"):
			c.local = ciscoSelector(line)
		case strings.HasPrefix(line, "remote") && strings.Contains(line, "ident (addr/mask/prot/port)"):
			c.remote = ciscoSelector(line)
		case strings.HasPrefix(line, "#"):
			c.count(line)
		case strings.HasSuffix(line, " sas:"):
			f := strings.Fields(line)
			inbound = f[0] == "inbound"
			protocol, _ = ike.ParseProtocol(f[min(1, len(f)-1)])
			c.at = nil
		case strings.HasPrefix(line, "interface: "):
			c.at = nil
		case strings.HasPrefix(line, "spi: "):
			c.spi(line, inbound, protocol)
		case c.at != nil:
			c.detail(line)
		case ciscoKnown(line):
		default:
			p.unknown()
		}
	}
	c.finish()
}

// ciscoKnown reports whether a line is one of an entry that says nothing of
// use here.
func ciscoKnown(line string) bool {
	for _, known := range []string{
		"interface: ", "access-list ", "current_peer", "PERMIT, flags=", "protected vrf", "dynamic allocated peer ip", "path mtu ", "plaintext mtu ", "PMTU time ",
		"ICMP error validation", "current outbound spi", "current inbound spi", "PFS (Y/N)", "DENY, flags=",
	} {
		if strings.HasPrefix(line, known) {
			return true
		}
	}
	return line == ""
}

// begin reads the line that begins an entry.
func (c *cisco) begin(line string) {
	*c = cisco{p: c.p}
	_, tag, _ := strings.Cut(line, "Crypto map tag: ")
	name, rest, _ := strings.Cut(tag, ",")
	c.sa = &SA{Line: c.p.n, Name: strings.TrimSpace(name)}
	c.sa.Local.Identity, c.sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	if _, n, ok := strings.Cut(rest, "seq num: "); ok {
		n, _, _ = strings.Cut(n, ",")
		c.sa.ID, _ = strconv.ParseUint(strings.TrimSpace(n), 10, 32)
	}
}

// ends reads "local crypto endpt.: 192.0.2.1/500, remote crypto endpt.: …".
// The ports are those of the ISAKMP SA.
func (c *cisco) ends(line string) {
	for part := range strings.SplitSeq(line, ", ") {
		which, where, ok := strings.Cut(part, " crypto endpt.: ")
		if !ok {
			continue
		}
		host, port, _ := strings.Cut(strings.TrimSpace(where), "/")
		a, ok := address(host)
		if !ok {
			continue // a name in its place
		}
		n, _ := strconv.ParseUint(port, 10, 16)
		if which == "local" {
			c.sa.Local.Address = netip.AddrPortFrom(a, uint16(n))
		} else {
			c.sa.Remote.Address = netip.AddrPortFrom(a, uint16(n))
		}
	}
}

// ciscoSelector reads "… (10.1.0.0/255.255.0.0/6/80)".
func ciscoSelector(line string) []ike.Selector {
	open := strings.LastIndexByte(line, '(')
	if open < 0 {
		return nil
	}
	f := strings.Split(strings.Trim(line[open:], "()"), "/")
	if len(f) < 4 {
		return nil
	}
	a, ok := address(f[0])
	mask, ok2 := address(f[1])
	if !ok || !ok2 || a.BitLen() != mask.BitLen() {
		return nil
	}
	bits := 0
	for _, b := range mask.AsSlice() {
		for ; b&0x80 != 0; b <<= 1 {
			bits++
		}
	}
	s := ike.SelectorPrefix(netip.PrefixFrom(a, bits).Masked())
	n, _ := strconv.ParseUint(f[2], 10, 8)
	s.Protocol = uint8(n)
	if n, _ := strconv.ParseUint(f[3], 10, 16); n != 0 {
		s.PortFrom, s.PortTo = uint16(n), uint16(n)
	}
	return []ike.Selector{s}
}

// count reads a line of counters: "#pkts encaps: 149, #pkts encrypt: 149" or
// "#pkts replay failed (rcv): 1".
func (c *cisco) count(line string) {
	for part := range strings.SplitSeq(line, ", ") {
		name := strings.TrimLeft(part, "# ")
		i := strings.LastIndexAny(name, ": ")
		if i < 0 {
			continue
		}
		n, err := strconv.ParseUint(name[i+1:], 10, 64)
		if err != nil {
			continue
		}
		switch strings.TrimRight(name[:i], ": ") {
		case "pkts encaps":
			c.flows[1].Packets, c.counted = n, true
		case "pkts decaps":
			c.flows[0].Packets, c.counted = n, true
		case "pkts replay failed (rcv)":
			c.flows[0].Replayed = n
		case "pkts verify failed":
			c.flows[0].Failed = n
		}
	}
}

// spi reads the line that begins an SA.
func (c *cisco) spi(line string, inbound bool, protocol ike.Protocol) {
	if c.at = nil; !c.p.room() {
		return
	}
	hex, _, _ := strings.Cut(strings.TrimPrefix(line, "spi: "), "(")
	v, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(hex), "0x"), 16, 32)
	if err != nil || v == 0 {
		c.p.unknown()
		return
	}
	list := &c.out
	child := Child{Line: c.p.n, Name: c.sa.Name, Protocol: protocol, State: ChildInstalled}
	if inbound {
		list = &c.in
		child.In.SPI = uint32(v)
	} else {
		child.Out.SPI = uint32(v)
	}
	*list = append(*list, child)
	c.at = &(*list)[len(*list)-1]
}

// detail reads a line of an SA.
func (c *cisco) detail(line string) {
	key, value, _ := strings.Cut(line, ":")
	switch {
	case key == "transform":
		c.at.Algorithms = strings.Trim(value, " ,")
		if p := ike.AppendCiscoTransforms(nil, strings.TrimSuffix(c.at.Algorithms, " no compression")); len(p) == 1 {
			c.at.Proposal = p[0]
		}
	case strings.HasPrefix(line, "in use settings ="):
		low := strings.ToLower(line)
		c.at.UDP = strings.Contains(low, "udp-encaps") || strings.Contains(low, "nat-t-encaps")
		c.at.Mode = ike.ModeTunnel
		if strings.Contains(low, "transport") {
			c.at.Mode = ike.ModeTransport
		}
	case key == "sa timing":
		i := strings.LastIndexAny(value, "/ ")
		if n, err := strconv.ParseUint(strings.Trim(value[i+1:], ") "), 10, 32); i >= 0 && err == nil {
			c.at.Expire = Span{Known: true, D: time.Duration(n) * time.Second, Unit: time.Second}
		}
	case key == "replay detection support":
		if _, size, ok := strings.Cut(line, "window size: "); ok {
			n, _ := strconv.ParseUint(strings.TrimSpace(size), 10, 32)
			c.at.In.Window = uint32(n)
		}
	case strings.HasPrefix(line, "SA State: ") || key == "Status":
		c.at.StateText = strings.TrimSpace(value)
		if low := strings.ToLower(value); strings.Contains(low, "down") || strings.Contains(low, "delet") {
			c.at.State = ChildDeleting
		}
	case strings.HasPrefix(line, "slot: "), key == "conn id", key == "IV size", key == "Anti replay bitmap", strings.HasPrefix(line, "0x"), line == "":
	default:
		c.p.unknown()
	}
}

// finish puts an entry's SAs together. Which inbound one belongs to which
// outbound one is not printed: they stand in the same order. The counters go
// to the first pair where there are several, which rekeying leaves for a time.
func (c *cisco) finish() {
	if c.sa == nil {
		return
	}
	for i := range max(len(c.in), len(c.out)) {
		var child Child
		if i < len(c.out) {
			child = c.out[i]
		}
		if i < len(c.in) {
			out := child.Out
			child = c.in[i]
			child.Out = out
		}
		child.Local, child.Remote = c.local, c.remote
		if i == 0 && c.counted {
			window := child.In.Window
			child.In.Packets, child.In.Replayed, child.In.Failed, child.In.Counted = c.flows[0].Packets, c.flows[0].Replayed, c.flows[0].Failed, true
			child.In.Window = window
			child.Out.Packets, child.Out.Counted = c.flows[1].Packets, true
		}
		c.sa.Children = append(c.sa.Children, child)
	}
	c.p.st.SAs = append(c.p.st.SAs, *c.sa)
	c.sa = nil
}
