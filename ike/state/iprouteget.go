package state

import (
	"net/netip"
	"strings"
)

// What ip route get prints: the route that a packet would take, of which the
// listing of another table may know more:
//
//	10.2.0.9 via 192.0.2.254 dev eth0 src 192.0.2.1 uid 0
//	    cache
//	RTNETLINK answers: Network is unreachable
//
// Which address was asked for, a refusal does not say; the command before it
// does, where it was kept.

// isRouteGet recognises lines that only ip route get prints.
func isRouteGet(line []byte) bool {
	s := string(line)
	if refusedRoute(s) {
		return true
	}
	r, ok := route(s)
	return ok && !indented(s) && r.Device != "" && r.To.IsSingleIP() && strings.Contains(s, " uid ")
}

func refusedRoute(s string) bool {
	return s == "RTNETLINK answers: Network is unreachable" || s == "RTNETLINK answers: No route to host" || s == "RTNETLINK answers: Host is unreachable"
}

// isCached recognises the line below a route that a packet would take.
func isCached(head []byte) bool {
	for line := range strings.Lines(string(head)) {
		if f := strings.Fields(line); len(f) > 0 && f[0] == "cache" && indented(line) {
			return true
		}
	}
	return false
}

func readRouteGet(p *parser) {
	var asked netip.Addr
	for p.next() {
		s := strings.TrimSpace(p.line)
		_, command, isCommand := strings.Cut(s, "ip route get ")
		r, ok := route(s)
		switch {
		case isCommand:
			f := strings.Fields(command)
			if len(f) > 0 {
				asked, _ = netip.ParseAddr(f[0])
			}
		case refusedRoute(s):
			if asked.IsValid() && p.room() {
				p.st.Routes = append(p.st.Routes, Route{Line: p.n, To: netip.PrefixFrom(asked, asked.BitLen()), Type: "unreachable"})
			}
			asked = netip.Addr{}
		case indented(p.line), s == "":
		case !ok:
			p.unknown()
		case p.room():
			r.Line = p.n
			r.Device, r.Table = harmless(r.Device), harmless(r.Table)
			p.st.Routes = append(p.st.Routes, r)
			asked = netip.Addr{}
		}
	}
}
