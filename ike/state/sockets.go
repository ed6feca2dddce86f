package state

import (
	"net/netip"
	"strings"
)

// What programs print of a host's UDP sockets: ss -uanp on Linux, netstat -anup
// there and netstat -an on BSD and Windows, and sockstat on FreeBSD, as its
// manual says:
//
//	State   Recv-Q  Send-Q   Local Address:Port    Peer Address:Port  Process
//	UNCONN  0       0              0.0.0.0:500          0.0.0.0:*      users:(("charon",pid=842,fd=12))
//
//	Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
//	udp        0      0 0.0.0.0:500             0.0.0.0:*                           842/charon
//	udp4       0      0 *.500                   *.*
//
//	USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
//	root     charon     842   12 udp4   *:500                 *:*

// Socket is a UDP socket of a host.
type Socket struct {
	// Line is where the dump has it.
	Line int
	// Address is unspecified for one that takes packets to any of the host's.
	Address netip.Addr
	Port    uint16
	// Program holds it, empty where not printed.
	Program string
}

// socketHeading reports whether a line is the heading of a list of sockets.
func socketHeading(s string) bool {
	return strings.Contains(s, "Local Address") && (strings.Contains(s, "Recv-Q") || strings.Contains(s, "Proto")) ||
		strings.HasPrefix(s, "USER ") && strings.Contains(s, " LOCAL ADDRESS ") || strings.HasPrefix(s, "Active Internet connections") || strings.HasPrefix(s, "Active Connections")
}

// isSockets recognises a heading, or the line of a socket for IKE.
func isSockets(line []byte) bool {
	s := strings.TrimSpace(string(line))
	if socketHeading(s) {
		return true
	}
	k, ok := socket(s)
	return ok && (k.Port == 500 || k.Port == 4500)
}

// socket reads the line of a UDP socket.
func socket(s string) (k Socket, ok bool) {
	f := strings.Fields(s)
	if len(f) < 3 {
		return k, false
	}
	local := -1
	switch udp := strings.ToLower(f[0]); {
	case f[0] == "UNCONN" || f[0] == "ESTAB": // ss -u
		local = 3
	case udp == "udp" && (f[1] == "UNCONN" || f[1] == "ESTAB"): // ss -tu
		local = 4
	case f[0] == "UDP": // Windows
		local = 1
	case strings.HasPrefix(udp, "udp") && isNumber(f[1]) && isNumber(f[2]):
		local = 3
	case len(f) > 6 && strings.HasPrefix(f[4], "udp"): // sockstat
		local = 5
		k.Program = f[1]
	}
	if local < 0 || local+1 >= len(f) || !socketPeer(f[local+1]) {
		return k, false
	}
	if k.Address, k.Port, ok = socketEnd(f[local]); !ok {
		return k, false
	}
	for _, w := range f[min(local+2, len(f)):] {
		if p, ok := strings.CutPrefix(w, `users:(("`); ok {
			k.Program, _, _ = strings.Cut(p, `"`)
		} else if pid, p, ok := strings.Cut(w, "/"); ok && isNumber(pid) {
			k.Program = strings.TrimSuffix(p, ":")
		}
	}
	k.Program = harmless(k.Program)
	return k, true
}

// socketEnd reads "0.0.0.0:500", "[::]:500", "*:500", "*.500", ":::500" or
// "192.0.2.1%eth0:500".
func socketEnd(s string) (a netip.Addr, port uint16, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.HasPrefix(s, "*.") {
		i = strings.LastIndexByte(s, '.')
	}
	if i < 0 {
		return a, 0, false
	}
	host, n := s[:i], number(s[i+1:])
	if host, _, _ = strings.Cut(host, "%"); host == "*" {
		host = "0.0.0.0"
	}
	a, ok = address(host)
	return a, uint16(n), ok && n > 0 && n < 1<<16
}

// socketPeer reports whether a word is the far end of a socket: "0.0.0.0:*",
// "*:*", "*.*", or an address with its port.
func socketPeer(s string) bool {
	if strings.HasSuffix(s, ":*") || strings.HasSuffix(s, ".*") {
		return true
	}
	_, _, ok := socketEnd(s)
	return ok
}

func readSockets(p *parser) {
	heading := false
	for p.next() {
		s := strings.TrimSpace(p.line)
		k, ok := socket(s)
		switch f := strings.Fields(s); {
		case socketHeading(s):
			heading = true
		case ok && p.room():
			k.Line = p.n
			p.st.Recalled = p.st.Recalled || strings.HasPrefix(f[0], "udp4") || strings.HasPrefix(f[min(4, len(f)-1)], "udp")
			p.st.Sockets = append(p.st.Sockets, k)
		case ok, len(f) == 0, !socketOther(f), len(f) == 1 && heading: // Windows names the program below its socket
		default:
			p.unknown()
		}
	}
	for _, k := range p.st.Sockets {
		p.st.AllSockets = p.st.AllSockets || heading && k.Port != 500 && k.Port != 4500
	}
}

// socketOther reports whether a line is none that a list of sockets has: those of
// other protocols are passed over.
func socketOther(f []string) bool {
	for _, w := range f[:min(len(f), 5)] {
		switch low := strings.ToLower(w); {
		case strings.HasPrefix(low, "tcp"), strings.HasPrefix(low, "udp"), strings.HasPrefix(low, "raw"), strings.HasPrefix(low, "icm"), low == "unconn", low == "estab", low == "listen", low == "nl", low == "u_str", low == "u_dgr", low == "p_raw", low == "p_dgr", low == "unix", low == "active", low == "proto":
			return false
		}
	}
	return true
}
