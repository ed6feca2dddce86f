package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What libreswan's ipsec status prints, which is ipsec whack --status: the
// interfaces, the settings, each connection on lines that begin with its name
// in quotes, and each state on one or two lines that begin with its number:
//
//	000 "west": 10.1.0.0/24===192.0.2.1[@a]...192.0.2.2[@b]===10.2.0.0/24; erouted; eroute owner: #2
//	000 "west":   our idtype: ID_FQDN; our id=@a; their idtype: ID_FQDN; their id=@b
//	000 #1: "west":500 STATE_MAIN_I4 (IKE SA established); REPLACE in 27857s; …
//	000 #2: "west":500 STATE_QUICK_I2 (IPsec SA established); …; ISAKMP SA #1; idle;
//	000 #2: "west" esp.d1@192.0.2.2 esp.ce@192.0.2.1 tun.0@… Traffic: ESPin=0B ESPout=420B ESPmax=2^63B
//
// Of the two SPIs the peer's stands first, at the peer's address.

// whack is a reading of a status.
type whack struct {
	p     *parser
	conns map[string]*whackConn
	order []whackState
	at    map[uint64]int // by serial number
}

// whackConn is what the lines of a connection say.
type whackConn struct {
	local, remote   netip.Addr
	localID, peerID string
	left, right     string // selectors
}

// whackState is a state: an ISAKMP SA or a pair of IPsec SAs.
type whackState struct {
	line     int
	serial   uint64
	parent   uint64
	pending  int // children that wait for it
	name     string
	port     uint16
	peer     netip.Addr
	state    string
	text     string
	replace  Span
	spis     [2]uint32 // the peer's, ours
	ends     [2]netip.Addr
	protocol ike.Protocol
	tunnel   bool
	counted  bool
	bytes    [2]uint64 // in, out
}

func readWhack(p *parser) {
	w := whack{p: p, conns: map[string]*whackConn{}, at: map[uint64]int{}}
	p.st.Daemon.Product = "libreswan"
	for p.next() {
		line, ok := strings.CutPrefix(p.line, "000 ")
		if !ok {
			line = strings.TrimPrefix(p.line, "000")
		}
		switch {
		case strings.HasPrefix(line, `"`):
			if !w.connection(line) {
				p.unknown()
			}
		case strings.HasPrefix(line, "#"):
			if !w.state(line) {
				p.unknown()
			}
		case strings.HasPrefix(line, "interface "):
			w.listens(line)
		case strings.HasPrefix(line, "Total IPsec connections: "):
			p.st.Listed = p.n // all that was to be listed stands before
		case strings.HasPrefix(line, "pluto_version="):
			v, _, _ := strings.Cut(strings.TrimPrefix(line, "pluto_version="), ",")
			p.st.Daemon.Version = strings.TrimPrefix(v, "v")
		}
	}
	w.finish()
}

// quoted splits a name in quotes, with the number of its instance, off the
// beginning of a line.
func quoted(s string) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", s, false
	}
	name, rest = s[1:1+end], s[end+2:]
	if strings.HasPrefix(rest, "[") {
		if i := strings.IndexByte(rest, ']'); i > 0 {
			rest = rest[i+1:]
		}
	}
	return name, rest, true
}

// listens reads "interface eth0 UDP 192.0.2.1:500".
func (w *whack) listens(line string) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return
	}
	if a, err := netip.ParseAddrPort(f[3]); err == nil && a.Port() == 500 && !a.Addr().IsLoopback() && w.p.room() {
		w.p.st.Addresses = append(w.p.st.Addresses, a.Addr())
	}
}

// connection reads a line that begins with a connection's name.
func (w *whack) connection(line string) bool {
	name, rest, ok := quoted(line)
	rest, colon := strings.CutPrefix(rest, ":")
	if !ok || !colon {
		return false
	}
	c := w.conns[name]
	if c == nil {
		if !w.p.room() {
			return true
		}
		c = &whackConn{}
		w.conns[name] = c
		w.p.st.Connections = append(w.p.st.Connections, Connection{Line: w.p.n, Name: name})
	}
	rest = strings.TrimSpace(rest)
	switch {
	case strings.Contains(rest, "; eroute owner: "):
		ends, _, _ := cutLast(rest, "; eroute owner: ")
		ends, _, _ = cutLast(ends, ";")
		local, remote, ok := strings.Cut(ends, "...")
		if !ok {
			return false
		}
		c.left, c.local = whackEnd(local, true)
		c.right, c.remote = whackEnd(remote, false)
	case strings.HasPrefix(rest, "our idtype: "):
		for part := range strings.SplitSeq(rest, "; ") {
			if v, ok := strings.CutPrefix(part, "our id="); ok {
				c.localID = v
			} else if v, ok := strings.CutPrefix(part, "their id="); ok {
				c.peerID = v
			}
		}
	}
	return true
}

// whackEnd reads "10.1.0.0/24===192.0.2.1[@a]---192.0.2.254", or the same the
// other way round. An identity may hold anything.
func whackEnd(s string, local bool) (client string, host netip.Addr) {
	if local {
		if c, rest, ok := strings.Cut(s, "==="); ok {
			client, s = c, rest
		}
	} else if i := strings.LastIndex(s, "==="); i >= 0 {
		s, client = s[:i], s[i+3:]
	}
	if !local {
		// What stands before --- is the next hop.
		if hop, rest, ok := strings.Cut(s, "---"); ok {
			if _, isHop := address(hop); isHop {
				s = rest
			}
		}
	}
	if i := strings.IndexAny(s, "[<"); i >= 0 {
		s = s[:i]
	}
	s, _, _ = strings.Cut(s, "---")
	host, ok := address(s)
	if !ok { // a protocol and a port may follow
		s, _, _ = cutLast(s, ":")
		host, _ = address(s)
	}
	return client, host
}

// state reads a line that begins with a state's number.
func (w *whack) state(line string) bool {
	number, rest, ok := strings.Cut(line[1:], ": ")
	serial, err := strconv.ParseUint(number, 10, 64)
	if i, known := w.at[serial]; known && strings.HasPrefix(rest, "pending Phase 2 for ") {
		w.order[i].pending++
		return true
	}
	name, rest, quotedName := quoted(rest)
	if !ok || err != nil || !quotedName {
		return false
	}
	i, known := w.at[serial]
	if !known {
		if !w.p.room() {
			return true
		}
		i = len(w.order)
		w.at[serial] = i
		w.order = append(w.order, whackState{line: w.p.n, serial: serial, name: name})
	}
	s := &w.order[i]
	if strings.Contains(rest, " Traffic:") || strings.Contains(rest, "esp.") || strings.Contains(rest, "ah.") && !strings.Contains(rest, "STATE_") {
		return s.traffic(rest)
	}
	where, rest, ok := strings.Cut(rest, " STATE_")
	if !ok {
		return strings.Contains(rest, "STATE_")
	}
	// ":500", " 192.0.2.2:500"
	host, port, _ := cutLast(where, ":")
	if n, err := strconv.ParseUint(port, 10, 16); err == nil {
		s.port = uint16(n)
	}
	if a, ok := address(strings.TrimSpace(host)); ok {
		s.peer = a
	}
	s.state, rest, _ = strings.Cut(rest, " ")
	for i, part := range strings.Split(rest, "; ") {
		switch {
		case i == 0:
			s.text = strings.Trim(part, "(); ")
		case strings.HasPrefix(part, "ISAKMP SA #"), strings.HasPrefix(part, "IKE SA #"), strings.HasPrefix(part, "isakmp#"):
			s.parent, _ = strconv.ParseUint(part[strings.IndexByte(part, '#')+1:], 10, 64)
		case strings.Contains(part, "REPLACE in "), strings.Contains(part, "REKEY in "):
			_, in, _ := strings.Cut(part, " in ")
			s.replace = seconds(in)
		}
	}
	return true
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// traffic reads the SPIs and counters of a state.
func (s *whackState) traffic(text string) bool {
	n := 0
	for _, f := range strings.Fields(text) {
		key, value, isCount := strings.Cut(f, "=")
		switch {
		case strings.HasPrefix(f, "esp."), strings.HasPrefix(f, "ah."):
			kind, id, _ := strings.Cut(f, ".")
			spi, at, _ := strings.Cut(id, "@")
			v, err := strconv.ParseUint(spi, 16, 32)
			if err != nil || n > 1 {
				continue
			}
			s.spis[n] = uint32(v)
			s.ends[n], _ = address(at)
			s.protocol = ike.ProtocolESP
			if kind == "ah" {
				s.protocol = ike.ProtocolAH
			}
			n++
		case strings.HasPrefix(f, "tun."):
			s.tunnel = true
		case isCount && strings.HasSuffix(key, "in"):
			s.bytes[0], s.counted = octets(value), true
		case isCount && strings.HasSuffix(key, "out"):
			s.bytes[1], s.counted = octets(value), true
		}
	}
	return n == 2 || s.counted
}

// octets reads "420B", "12KB".
func octets(s string) uint64 {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, _ := strconv.ParseUint(s[:i], 10, 64)
	for unit, shift := range map[string]uint{"KB": 10, "MB": 20, "GB": 30} {
		if strings.HasPrefix(s[i:], unit) && n < 1<<30 {
			n <<= shift
		}
	}
	return n
}

// finish makes SAs of the states, and children of those that belong to one.
func (w *whack) finish() {
	sas := map[uint64]int{}
	for i := range w.order {
		s := &w.order[i]
		if strings.Contains(s.state, "QUICK") || strings.Contains(s.state, "CHILD") {
			continue
		}
		if s.state == "" || strings.HasPrefix(s.state, "MODE_CFG") && s.parent != 0 {
			continue
		}
		sas[s.serial] = len(w.p.st.SAs)
		w.p.st.SAs = append(w.p.st.SAs, w.ikeSA(s))
	}
	for i := range w.order {
		s := &w.order[i]
		if !strings.Contains(s.state, "QUICK") && !strings.Contains(s.state, "CHILD") {
			continue
		}
		at, ok := sas[s.parent]
		if !ok && s.parent == 0 {
			at, ok = w.parent(s)
		}
		if !ok {
			// Its ISAKMP SA is gone, which is no fault by itself.
			at = len(w.p.st.SAs)
			sa := w.ikeSA(s)
			sa.State, sa.Role = IKEUnknown, RoleUnknown
			if s.parent != 0 {
				sa.State = IKEGone
			}
			w.p.st.SAs = append(w.p.st.SAs, sa)
			sas[s.parent] = at
		}
		w.p.st.SAs[at].Children = append(w.p.st.SAs[at].Children, w.child(s))
	}
}

// parent finds the SA of a child that does not name it, as one that is being
// negotiated: the latest of its connection.
func (w *whack) parent(s *whackState) (at int, ok bool) {
	for i := len(w.p.st.SAs) - 1; i >= 0; i-- {
		if sa := &w.p.st.SAs[i]; sa.Name == s.name && sa.State == IKEEstablished {
			return i, true
		}
	}
	return 0, false
}

func (w *whack) ikeSA(s *whackState) SA {
	sa := SA{Line: s.line, Name: s.name, ID: s.serial, StateText: s.state, Version: 1, Rekey: s.replace, State: IKEConnecting}
	if strings.HasPrefix(s.state, "V2") {
		sa.Version = 2
	}
	if strings.Contains(s.text, "established") {
		sa.State = IKEEstablished
	}
	sa.Role = whackRole(s.state)
	if sa.State == IKEConnecting {
		sa.Sent, sa.Aggressive = whackSent(s.state)
	}
	for range min(s.pending, 16) {
		sa.Queued = append(sa.Queued, "pending Phase 2")
	}
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	c := w.conns[s.name]
	if c == nil {
		return sa
	}
	peer := c.remote
	if s.peer.IsValid() {
		peer = s.peer
	}
	if c.local.IsValid() {
		sa.Local.Address = netip.AddrPortFrom(c.local, s.port)
	}
	if peer.IsValid() {
		sa.Remote.Address = netip.AddrPortFrom(peer, s.port)
	}
	if c.localID != "" {
		sa.Local.Identity, sa.Local.Text = ike.ParseIdentity(c.localID, ike.DialectLibreswan), c.localID
	}
	if c.peerID != "" {
		sa.Remote.Identity, sa.Remote.Text = ike.ParseIdentity(c.peerID, ike.DialectLibreswan), c.peerID
	}
	return sa
}

func (w *whack) child(s *whackState) Child {
	c := Child{Line: s.line, Name: s.name, ID: s.serial, StateText: s.state, State: ChildCreated, Rekey: s.replace, Protocol: s.protocol, UDP: s.port == 4500, Mode: ike.ModeTransport}
	if strings.Contains(s.text, "established") {
		c.State = ChildInstalled
	}
	if s.tunnel {
		c.Mode = ike.ModeTunnel
	}
	c.Out.SPI, c.In.SPI = s.spis[0], s.spis[1]
	c.In.Bytes, c.Out.Bytes = s.bytes[0], s.bytes[1]
	c.In.Counted, c.Out.Counted = s.counted, s.counted
	if k := w.conns[s.name]; k != nil {
		c.Local, c.Remote = selectors(k.left), selectors(k.right)
	}
	return c
}
