package state

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What libreswan's ipsec trafficstatus prints, which is ipsec whack
// --trafficstatus: a line for each pair of IPsec SAs. Up to 4.x each begins
// with the code 006, which 5.x leaves out:
//
//	006 #2: "west", type=ESP, add_time=1700000000, inBytes=84, outBytes=84, maxBytes=2^63B, id='@east'
//	006 #4: "any"[2] 192.0.2.9, username=carol, type=ESP, add_time=1700000000, inBytes=84, outBytes=0, maxBytes=2^63B, lease=10.9.0.7/32
//
// It has neither SPIs nor the ISAKMP SA that a pair belongs to: each line
// becomes an SA of unknown state, under the pair's number, with one child.

// isWhackTraffic recognises a line of it.
func isWhackTraffic(line []byte) bool {
	_, ok := whackTraffic(string(line))
	return ok
}

func readWhackTraffic(p *parser) {
	p.st.Daemon.Product = "libreswan"
	for p.next() {
		sa, ok := whackTraffic(p.line)
		if !ok {
			p.unknown()
			continue
		}
		if sa.Line, sa.Children[0].Line = p.n, p.n; p.room() {
			p.st.SAs = append(p.st.SAs, sa)
		}
	}
}

// whackTraffic reads a line. What a peer may have written, its identity and
// the name of its user, stands last or is cut off by what follows it.
func whackTraffic(line string) (sa SA, ok bool) {
	line = strings.TrimLeft(strings.TrimPrefix(line, "006"), " ")
	number, rest, found := strings.Cut(strings.TrimPrefix(line, "#"), ": ")
	serial, err := strconv.ParseUint(number, 10, 64)
	if !found || err != nil || line[0] != '#' {
		return sa, false
	}
	name, rest, isQuoted := quoted(rest)
	from, counts, typed := strings.Cut(rest, ", type=")
	if !isQuoted || !typed {
		return sa, false
	}
	from, user, _ := strings.Cut(from, ", username=")
	sa = SA{Name: name, ID: serial}
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	sa.Remote.XAuth = user
	if a, ok := address(strings.TrimSpace(from)); ok {
		sa.Remote.Address = netip.AddrPortFrom(a, 0)
	}
	c := Child{Name: name, ID: serial, State: ChildInstalled, StateText: "established"}
	counts, id, hasID := strings.Cut(counts, ", id='")
	kind, counts, _ := strings.Cut(counts, ", ")
	c.Protocol, _ = ike.ParseProtocol(strings.TrimSpace(kind))
	for part := range strings.SplitSeq(counts, ", ") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "inBytes":
			c.In.Bytes, c.In.Counted = octets(value), true
		case "outBytes":
			c.Out.Bytes, c.Out.Counted = octets(value), true
		case "lease":
			sa.lease(value)
		}
	}
	if hasID {
		id, lease, leased := cutLast(id, "', lease=")
		if leased {
			sa.lease(lease)
		}
		sa.Remote.Text = strings.TrimSuffix(id, "'")
		sa.Remote.Identity = ike.ParseIdentity(sa.Remote.Text, ike.DialectLibreswan)
	}
	sa.Children = []Child{c}
	return sa, c.In.Counted
}

// lease notes the address that one of the ends was given. Which of them, the
// line does not tell; mostly it is a server that is asked.
func (sa *SA) lease(s string) {
	if p, err := netip.ParsePrefix(strings.TrimSpace(s)); err == nil && len(sa.Remote.Virtual) == 0 {
		sa.Remote.Virtual = append(sa.Remote.Virtual, p.Addr())
	}
}
