package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What Junos prints of IPsec SAs for show security ipsec security-associations,
// as a table with a row for each direction ("<" comes in, ">" goes out), or
// with detail as a record of a tunnel:
//
//	ID: 131073 Virtual-system: root, VPN Name: branch
//	  Local Gateway: 192.0.2.1, Remote Gateway: 192.0.2.9
//	  Local Identity: ipv4_subnet(any:0,[0..7]=10.1.0.0/24)
//	  Remote Identity: ipv4_subnet(any:0,[0..7]=10.2.0.0/24)
//	  Port: 500, Nego#: 5, Fail#: 0, Def-Del#: 0 Flag: 0x600a29
//	  Tunnel events:
//	    Sat Feb 14 2026 20:53:59 -0800: IPSec SA negotiation successfully completed (25 times)
//	  Direction: inbound, SPI: 5ef52687, AUX-SPI: 0
//	    Hard lifetime: Expires in 1175 seconds
//	    Mode: Tunnel(0 0), Type: dynamic, State: installed
//	    Protocol: ESP, Authentication: hmac-sha1-96, Encryption: aes-cbc (128 bits)
//	    Anti-replay service: counter-based enabled, Replay window size: 64
//
// Neither counts packets: show security ipsec statistics does, of all tunnels
// together.

// ipsecRow reads a row of the table.
func (j *junos) ipsecRow(s string) {
	in, out := strings.HasPrefix(s, "<"), strings.HasPrefix(s, ">")
	f := strings.Fields(strings.TrimLeft(s, "<>"))
	if !in && !out || len(f) < 5 || !isNumber(f[0]) {
		if !strings.HasPrefix(s, "ID ") && !strings.HasPrefix(s, "Total ") {
			j.p.unknown()
		}
		return
	}
	id, c := number(f[0]), Child{Line: j.p.n, State: ChildInstalled, Mode: ike.ModeTunnel}
	var peer netip.AddrPort
	var spi uint32
	for i, w := range f {
		if a, ok := address(w); ok {
			port := f[min(i+1, len(f)-1)]
			if i > 1 {
				port = f[i-1] // before the gateway, as it stands last
			}
			peer = netip.AddrPortFrom(a, uint16(min(number(port), 1<<16-1)))
		} else if proto, algorithms, ok := strings.Cut(w, ":"); ok && (proto == "ESP" || proto == "AH") {
			c.Protocol, _ = ike.ParseProtocol(proto)
			c.junos(strings.Split(algorithms, "/"))
			if i+1 < len(f) {
				n, _ := strconv.ParseUint(strings.TrimPrefix(f[i+1], "0x"), 16, 32)
				spi = uint32(n)
			}
		} else if life, ok := strings.CutSuffix(w, "/"); ok && isNumber(life) {
			c.Expire = Span{Known: true, D: time.Duration(min(number(life), 1<<32)) * time.Second, Unit: time.Second}
		}
	}
	if c.Protocol == ike.ProtocolNone || !peer.IsValid() {
		j.p.unknown()
		return
	}
	c.UDP = peer.Port() == 4500
	sa := j.last(id, peer)
	if sa == nil {
		if sa = j.add(SA{ID: id, Remote: Endpoint{Address: peer}}); sa == nil {
			return
		}
		j.at = -1
	}
	sa.direction(c, in, spi)
}

// last returns the SA of the row before, where it is of the same tunnel.
func (j *junos) last(id uint64, peer netip.AddrPort) *SA {
	if n := len(j.p.st.SAs); n > 0 {
		if sa := &j.p.st.SAs[n-1]; sa.ID == id && sa.Remote.Address == peer && len(sa.Children) > 0 {
			return sa
		}
	}
	return nil
}

// direction adds one direction of a child: to the last one, where that has the
// other only, or as another child.
func (sa *SA) direction(c Child, in bool, spi uint32) {
	if n := len(sa.Children); n > 0 {
		k := &sa.Children[n-1]
		switch {
		case in && k.In.SPI == 0:
			k.In.SPI = spi
			return
		case !in && k.Out.SPI == 0:
			k.Out.SPI = spi
			return
		}
	}
	if in {
		c.In.SPI = spi
	} else {
		c.Out.SPI = spi
	}
	sa.Children = append(sa.Children, c)
}

// junos sets the algorithms of a child; of names that are not known there is no
// Proposal.
func (c *Child) junos(names []string) {
	c.Algorithms = strings.Join(names, "/")
	p := ike.Proposal{Protocol: c.Protocol}
	for i, name := range names {
		cipher, isCipher := ike.ParseCipher(name)
		integrity, isIntegrity := ike.ParseIntegrity(name)
		switch {
		case i == 0 && isCipher:
			p.Ciphers = []ike.CipherKey{cipher}
		case i == 1 && isIntegrity && integrity != ike.IntegrityNone:
			p.Integrity = []ike.Integrity{integrity}
		case i == 1 && isIntegrity:
		case i == 1 && isCipher: // an AEAD's own name once more
		default:
			return
		}
	}
	c.Proposal = p
}

// tunnel reads the first line of a record of a tunnel.
func (j *junos) tunnel(s string) {
	id, rest, _ := cut2(strings.TrimPrefix(s, "ID: "), " ")
	sa := SA{ID: number(id)}
	if _, name, ok := cut2(rest, "VPN Name:"); ok {
		sa.Name = name
	}
	j.phase2 = true
	if j.add(sa) == nil {
		j.part = FormatUnknown
	}
}

// ipsecLine reads another line of a record of a tunnel.
func (j *junos) ipsecLine(s string) {
	sa := j.sa()
	if j.events {
		if text, ok := junosEvent(s); ok {
			if d := downOf(j.p.n, text, junosReasons()); sa.Down.Line == 0 && len(sa.Children) == 0 {
				sa.Down = d // the latest stands first
			}
			return
		}
		j.events = false
	}
	known := strings.HasPrefix(s, ", VPN Monitoring") || strings.HasPrefix(s, "DF-bit") || strings.HasPrefix(s, "Multi-sa")
	junosPairs(strings.TrimPrefix(s, ", "), func(key, value string) {
		known = known || junosKnownIPsec(key)
		k := &Child{}
		if n := len(sa.Children); n > 0 {
			k = &sa.Children[n-1]
		}
		switch key {
		case "VPN Name":
			sa.Name = value
		case "Local Gateway":
			if a, ok := junosEnd(value); ok {
				sa.Local.Address = a
			}
		case "Remote Gateway", "Remote gateway":
			if a, ok := junosEnd(value); ok {
				sa.Remote.Address = a
			}
		case "Version":
			sa.Version = version(value)
		case "Port":
			if n := number(value); n > 0 && n < 1<<16 && sa.Remote.Address.IsValid() {
				sa.Remote.Address = netip.AddrPortFrom(sa.Remote.Address.Addr(), uint16(n))
			}
		case "Local Identity":
			j.local = junosSelector(value)
		case "Remote Identity":
			j.remote = junosSelector(value)
		case "Tunnel events":
			j.events = true
		case "Tunnel Down Reason", "Tunnel down reason":
			sa.Down = downOf(j.p.n, value, junosReasons())
		case "Direction":
			j.in = value == "inbound"
		case "SPI":
			j.spi(value)
		case "Hard lifetime":
			k.Expire = junosSpan(value)
		case "Soft lifetime":
			k.Rekey = junosSpan(value)
		case "Mode":
			mode, _, _ := strings.Cut(value, "(")
			k.Mode, _ = ike.ParseMode(mode)
		case "State":
			k.StateText = value
			if value != "installed" && value != "Installed" {
				k.State = ChildInstalling
			}
		case "Protocol":
			k.Protocol, _ = ike.ParseProtocol(value)
		case "Authentication":
			k.Algorithms = value
		case "Encryption":
			k.junosEncryption(value)
		case "Replay window size":
			if j.in {
				k.In.Window = uint32(min(number(value), 1<<32-1))
			}
		}
	})
	if !known {
		j.p.unknown()
	}
}

// spi reads the SPI of a direction, with which its lines begin.
func (j *junos) spi(s string) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "0x"), 16, 32)
	if err != nil || n == 0 || !j.p.room() {
		return
	}
	sa := j.sa()
	c := Child{Line: j.p.n, Name: sa.Name, State: ChildInstalled, UDP: sa.Remote.Address.Port() == 4500, Local: j.local, Remote: j.remote}
	sa.Down = Down{} // what happened before is history
	sa.direction(c, j.in, uint32(n))
}

// junosEncryption reads "aes-cbc (128 bits)" beside the integrity algorithm,
// which stands before it.
func (c *Child) junosEncryption(s string) {
	name, bits, _ := cut2(s, "(")
	bits, _, _ = strings.Cut(bits, " ")
	if isNumber(bits) && strings.HasPrefix(name, "aes") {
		name += "-" + bits
	}
	auth := c.Algorithms
	if strings.Contains(c.Algorithms, "/") { // of the other direction
		_, auth, _ = strings.Cut(c.Algorithms, "/")
	}
	c.junos([]string{name, auth})
}

// junosSelector reads "ipv4_subnet(any:0,[0..7]=10.1.0.0/24)" or
// "ipv4(10.1.0.0-10.1.0.255)".
func junosSelector(s string) []ike.Selector {
	_, value, ok := cutLast(strings.TrimSuffix(s, ")"), "=")
	if !ok {
		_, value, _ = strings.Cut(strings.TrimSuffix(s, ")"), "(")
	}
	sel, err := ike.ParseSelector(value)
	if err != nil {
		return nil
	}
	return []ike.Selector{sel}
}

// junosKnownIPsec reports whether a word is the name of something that a record
// of a tunnel has.
func junosKnownIPsec(key string) bool {
	switch key {
	case "Virtual-system", "VPN Name", "Local Gateway", "Remote Gateway", "Remote gateway", "Local Identity", "Remote Identity", "TS Type", "Version", "Quantum Secured", "Hardware Offloaded",
		"PFS group", "Packet Encapsulation", "Dest port", "Passive mode tunneling", "Copy-Outer-DSCP", "Bind-interface", "Policy-name", "Policy-name ", "Port", "Nego#", "Fail#", "Tunnel events",
		"Tunnel Down Reason", "Tunnel down reason", "Location", "Anchorship", "Distribution-Profile", "Direction", "SPI", "AUX-SPI", "VPN Monitoring", "Hard lifetime", "Lifesize Remaining",
		"Soft lifetime", "Mode", "Type", "State", "Protocol", "Authentication", "Encryption", "Anti-replay service", "Replay window size", "Extended-Sequence-Number", "tunnel-establishment",
		"IKE SA Index", "Flag", "Tunnel MTU", "DF-bit", "Traffic Selector Name", "Peer ike-id", "Configured SAs#", "Negotiated SAs#", "Policy name", "Local Traffic Selector", "Remote Traffic Selector",
		"Forwarding-class", "Multi-sa", "Thread", "Pending SAs", "Local gateway interface":
		return true
	}
	return false
}
