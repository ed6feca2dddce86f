package state

import (
	"net/netip"
	"strings"
)

// What ip route prints: a destination, or a type before it, then pairs of
// words:
//
//	default via 192.0.2.1 dev eth0 proto static
//	10.2.0.0/24 dev eth0 scope link src 10.2.0.1
//	unreachable 10.0.0.0/8 dev lo metric 1024

// Route is an entry of a routing table.
type Route struct {
	// Line is where the dump has it, To which addresses it is for.
	Line int
	To   netip.Prefix
	// Type is "unicast", or what happens to packets instead of being sent:
	// "unreachable", "blackhole", "prohibit", "throw".
	Type string
	// Via is the next router, not valid for a network that is attached; Source
	// is the host's address on it. Device and Table are as printed.
	Via, Source   netip.Addr
	Device, Table string
}

// Rejects reports whether packets for the destination go nowhere.
func (r *Route) Rejects() bool {
	return r.Type == "unreachable" || r.Type == "blackhole" || r.Type == "prohibit"
}

func isRoute(line []byte) bool {
	text := string(line)
	if indented(text) {
		return false
	}
	r, ok := route(text)
	return ok && (r.Device != "" || r.Rejects()) && strings.Count(text, " ") >= 1
}

// route reads one line.
func route(line string) (r Route, ok bool) {
	f := strings.Fields(line)
	if len(f) == 0 {
		return r, false
	}
	r.Type = "unicast"
	switch f[0] {
	case "unicast", "unreachable", "blackhole", "prohibit", "throw", "local", "broadcast", "anycast", "multicast":
		if len(f) == 1 {
			return r, false
		}
		r.Type, f = f[0], f[1:]
	}
	rest := f[1:]
	pairs(rest, func(k, v string) bool {
		switch k {
		case "via":
			r.Via, _ = netip.ParseAddr(v)
		case "dev":
			r.Device = v
		case "src":
			r.Source, _ = netip.ParseAddr(v)
		case "table":
			r.Table = v
		}
		return true
	})
	if f[0] == "default" {
		r.To = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		if r.Via.Is6() || r.Source.Is6() {
			r.To = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
		}
		return r, true
	}
	if a, err := netip.ParseAddr(f[0]); err == nil {
		r.To = netip.PrefixFrom(a, a.BitLen())
		return r, true
	}
	to, err := netip.ParsePrefix(f[0])
	r.To = to
	return r, err == nil
}

func readIPRoute(p *parser) {
	for p.next() {
		r, ok := route(p.line)
		switch {
		case indented(p.line): // a next hop of the route above
		case !ok:
			p.unknown()
		case p.room():
			r.Line = p.n
			r.Device, r.Table = harmless(r.Device), harmless(r.Table)
			p.st.Routes = append(p.st.Routes, r)
		}
	}
}
