package observe

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/state"
)

// maxRoutes bounds the routes of one observation.
const maxRoutes = 512

// host observes what a host does with packets beside IPsec: whether it
// forwards them, by which way they must come, and where they go.
func (o *State) host(st *state.State) {
	if on, line, known := st.Forwards(); known {
		h, text := &diag.Host{Event: diag.ForwardingOff}, "forwarding is off"
		if on {
			h.Event, text = diag.ForwardingOn, "forwarding is on"
		}
		o.send(line, text, &diag.Keys{}, h)
	}
	o.bound(st)
	o.sockets(st)
	o.tracked(st)
	strict, known := st.StrictReversePath()
	for _, s := range strict {
		o.send(s.Line, s.Name+" = "+s.Value, &diag.Keys{}, &diag.Host{Event: diag.ReversePathStrict, Name: diag.Clean(s.Name, 60)})
	}
	if known && len(strict) == 0 {
		o.send(1, "no interface filters by the reverse path", &diag.Keys{}, &diag.Host{Event: diag.ReversePathLoose})
	}
	if len(st.Routes) > 0 {
		b := &diag.Routes{Partial: st.Format == state.IPRouteGet}
		for i := range st.Routes[:min(len(st.Routes), maxRoutes)] {
			r := &st.Routes[i]
			b.List = append(b.List, diag.Route{Line: r.Line, To: r.To, Rejects: r.Rejects(), Via: r.Via, Source: r.Source, Device: diag.Clean(r.Device, 40)})
		}
		o.send(st.Routes[0].Line, fmt.Sprintf("%d routes", len(st.Routes)), &diag.Keys{}, b)
	}
}

// keyingPorts are those of IKE: RFC 2408, section 2.5.1, and RFC 3947, section 4.
var keyingPorts = [...]uint16{500, 4500}

// sockets observes who takes what comes to the ports of IKE.
func (o *State) sockets(st *state.State) {
	for _, port := range keyingPorts {
		some := false
		for i := range st.Sockets {
			s := &st.Sockets[i]
			if s.Port != port {
				continue
			}
			some = true
			h := &diag.Host{Event: diag.PortListened, Port: port, Name: diag.Clean(s.Program, 40), Address: s.Address}
			if s.Program != "" && !speaksIKE(s.Program) {
				h.Event = diag.PortHeld
			}
			o.send(s.Line, fmt.Sprintf("%s listens on %s", cmp.Or(s.Program, "a program"), netip.AddrPortFrom(s.Address, port)), &diag.Keys{}, h)
		}
		if !some && st.AllSockets {
			o.send(1, fmt.Sprintf("no UDP socket on port %d", port), &diag.Keys{}, &diag.Host{Event: diag.PortFree, Port: port})
		}
	}
}

// bound observes the addresses that sockets are bound to: they are the host's.
func (o *State) bound(st *state.State) {
	told := map[netip.Addr]bool{}
	for i := range st.Sockets {
		a := st.Sockets[i].Address
		if !singles(a) || told[a] || len(told) == maxBound {
			continue
		}
		told[a] = true
		o.send(st.Sockets[i].Line, fmt.Sprintf("a socket is bound to %s", a), &diag.Keys{}, &diag.Host{Event: diag.OwnAddress, Address: a})
	}
}

// singles reports whether an address is one host's, as others reach it.
func singles(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast() && !a.IsLinkLocalUnicast()
}

// maxBound bounds the addresses of a host that are told of.
const maxBound = 64

// speaksIKE reports whether a program is a daemon of IKE, or one that holds ports
// for others.
func speaksIKE(program string) bool {
	for _, name := range []string{
		"charon", "pluto", "racoon", "iked", "isakmpd", "starter", "kmd", "ike", "isakmp", "ipsec", "vpn", "swan", "svchost", // their own
		"docker", "podman", "conmon", "rootlessport", "slirp", "pasta", "passt", "kube", "containerd", "systemd", "init", "inetd", "xinetd", "qemu", "gvproxy", "lxc",
	} {
		if strings.Contains(strings.ToLower(program), name) {
			return true
		}
	}
	return false
}

// tracked observes what the kernel tracks of ESP and AH: packets that went one
// way and the other, of all SAs between two hosts together; and of IKE, datagrams
// to its port that nothing came back to.
func (o *State) tracked(st *state.State) {
	for i := range st.Tracked {
		t := &st.Tracked[i]
		if t.Translated() {
			continue
		}
		k := diag.Keys{Handle: handleOf(t.Original[0].String()+" "+t.Original[1].String(), int(t.Protocol)), Observer: true, Local: t.Original[0], Remote: t.Original[1]}
		if t.Protocol == 17 {
			if n := t.Packets[0]; t.Unreplied && n > 1 && t.Original[1].Port() == keyingPorts[0] {
				text := fmt.Sprintf("%d datagrams from %s to %s, and none back", n, t.Original[0], t.Original[1])
				o.send(t.Line, text, &k, &diag.Message{From: diag.OfInitiator, Port: t.Original[0].Port()})
				o.send(t.Line, text, &k, &diag.Message{From: diag.OfInitiator, Port: t.Original[0].Port(), Retransmission: uint16(min(n-1, 1<<16-1))})
			}
			continue
		}
		for way, from := range [...]diag.Party{diag.OfInitiator, diag.OfResponder} {
			f := &diag.Flow{From: from, AH: t.Protocol == 51, Packets: t.Packets[way], Source: t.Original[way].Addr(), Destination: t.Original[1-way].Addr()}
			if f.Packets == 0 {
				continue
			}
			if way == 0 && t.Unreplied {
				f.Unanswered = uint32(min(f.Packets, 1<<32-1))
			}
			o.send(t.Line, fmt.Sprintf("%d packets of protocol %d from %s to %s", f.Packets, t.Protocol, f.Source, f.Destination), &k, f)
		}
	}
}

// telling reports whether a counter is one that says something of a tunnel's
// traffic.
func telling(f state.Format, name string) bool {
	return f != state.Nstat || name == "TcpExtIPReversePathFilter" || name == "IpOutNoRoutes"
}
