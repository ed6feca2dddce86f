package state

import (
	"net/netip"
	"strings"
)

// What Linux tracks of connections, as conntrack -L prints it, or
// /proc/net/nf_conntrack with the network protocol before it. The first pair of
// ends is that of the packet that began it, the second that of the answers,
// which differs where this host translates addresses:
//
//	udp      17 29 src=10.1.0.2 dst=192.0.2.9 sport=500 dport=500 [UNREPLIED] src=192.0.2.9 dst=192.0.2.1 sport=500 dport=500 mark=0 use=1
//	ipv4     2 unknown  50 597 src=192.0.2.1 dst=192.0.2.9 packets=20 bytes=2400 src=192.0.2.9 dst=192.0.2.1 packets=0 bytes=0 use=1
//
// Only those of IKE, ESP and AH are kept.

// Tracked is a connection that the kernel tracks.
type Tracked struct {
	// Line is where the dump has it.
	Line int
	// Protocol is 17, 50 or 51.
	Protocol uint8
	// Original are the ends of the packet that began it, Reply those of answers,
	// each from source to destination.
	Original, Reply [2]netip.AddrPort
	// Unreplied: no answer was seen. Assured: it goes on in both directions.
	Unreplied, Assured bool
	// Counted: Packets, there and back, were printed.
	Counted bool
	Packets [2]uint64
}

// isConntrack recognises a line.
func isConntrack(line []byte) bool {
	_, ok := tracked(string(line))
	return ok
}

// tracked reads a line of any protocol.
func tracked(line string) (t Tracked, ok bool) {
	f := strings.Fields(line)
	for len(f) > 0 && strings.HasPrefix(f[0], "[") { // of conntrack -E: the time, and what happened
		f = f[1:]
	}
	if len(f) > 2 && (f[0] == "ipv4" || f[0] == "ipv6") && isNumber(f[1]) {
		f = f[2:]
	}
	if len(f) < 5 || !isNumber(f[1]) || number(f[1]) > 255 {
		return t, false
	}
	t.Protocol = uint8(number(f[1]))
	ends := [...]*[2]netip.AddrPort{&t.Original, &t.Reply}
	at, sources := 0, 0
	for _, w := range f[2:] {
		k, v, _ := strings.Cut(w, "=")
		if k == "src" {
			if sources++; sources > 2 {
				return t, false
			}
			at = sources - 1
		}
		switch k {
		case "src", "dst":
			a, valid := address(v)
			if !valid {
				return t, false
			}
			i := 0
			if k == "dst" {
				i = 1
			}
			ends[at][i] = netip.AddrPortFrom(a, ends[at][i].Port())
		case "sport", "dport":
			i := 0
			if k == "dport" {
				i = 1
			}
			ends[at][i] = netip.AddrPortFrom(ends[at][i].Addr(), uint16(min(number(v), 1<<16-1)))
		case "packets":
			t.Packets[at], t.Counted = number(v), true
		case "[UNREPLIED]":
			t.Unreplied = true
		case "[ASSURED]":
			t.Assured = true
		}
	}
	return t, sources == 2 && t.Original[1].IsValid() && t.Reply[1].IsValid()
}

// keying reports whether a connection is one of IKE's, or carries what it made.
func (t *Tracked) keying() bool {
	port := func(e netip.AddrPort) bool { return e.Port() == 500 || e.Port() == 4500 }
	return t.Protocol == 50 || t.Protocol == 51 || t.Protocol == 17 && (port(t.Original[1]) || port(t.Original[0]) || port(t.Reply[0]))
}

// Translated reports whether this host changes the address of who began it.
func (t *Tracked) Translated() bool { return t.Original[0].Addr() != t.Reply[1].Addr() }

func readConntrack(p *parser) {
	for p.next() {
		t, ok := tracked(p.line)
		switch {
		case ok && !t.keying(), strings.HasPrefix(p.line, "conntrack v"): // the program's last line
		case ok && p.room():
			t.Line = p.n
			p.st.Tracked = append(p.st.Tracked, t)
		case !ok:
			p.unknown()
		}
	}
}
