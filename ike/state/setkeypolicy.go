package state

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What setkey -DP prints of a kernel's policies:
//
//	10.1.0.0/24[any] 10.2.0.0/24[any] any
//		out prio def ipsec
//		esp/tunnel/192.0.2.1-192.0.2.2/require
//		created: Nov 21 09:00:00 2026  lastused: Nov 21 09:00:30 2026
//		lifetime: 0(s) validtime: 0(s)
//		spid=1 seq=1 pid=42
//		refcnt=1
//
// It is read after the program's source, too.

func readSetkeyPolicies(p *parser) {
	var cur *Policy
	for p.next() {
		f := strings.Fields(p.line)
		if len(f) == 0 {
			continue
		}
		if indented(p.line) {
			if cur == nil || !cur.setkeyLine(f) {
				p.unknown()
			}
			continue
		}
		cur = nil
		q, ok := setkeyPolicy(p.line, f)
		switch {
		case p.line == "No SPD entries.":
		case !ok:
			p.unknown()
		case p.room():
			q.Line = p.n
			p.st.Policies = append(p.st.Policies, q)
			cur = &p.st.Policies[len(p.st.Policies)-1]
		}
	}
}

// setkeyPolicy reads the line that a policy begins with.
func setkeyPolicy(line string, f []string) (q Policy, ok bool) {
	if strings.HasPrefix(line, "(") { // "(per-socket policy)"
		q.Socket = true
		return q, strings.Contains(line, "per-socket policy")
	}
	if len(f) < 3 {
		return q, false
	}
	var okS, okD bool
	q.Source, okS = setkeySelector(f[0], f[2])
	q.Destination, okD = setkeySelector(f[1], f[2])
	return q, okS && okD
}

// setkeySelector reads "10.1.0.0/24[any]" and the name of an IP protocol.
func setkeySelector(s, protocol string) (ike.Selector, bool) {
	network, port, _ := strings.Cut(s, "[")
	sel, err := ike.ParseSelector(network)
	if protocol != "any" {
		narrow(&sel, [2]string{protocol, strings.TrimSuffix(port, "]")})
	}
	return sel, err == nil
}

// setkeyLine reads an indented line of a policy.
func (q *Policy) setkeyLine(f []string) bool {
	dir, _, _ := strings.Cut(f[0], "(")
	if d := direction(dir); d != DirUnknown && len(f) > 1 {
		q.Dir, q.Socket = d, q.Socket || dir != f[0]
		q.Block = f[len(f)-1] == "discard"
		q.Priority = setkeyPriority(f[1 : len(f)-1])
		return true
	}
	if t, ok := setkeyTemplate(f[0]); ok {
		q.Templates = append(q.Templates, t)
		return true
	}
	key, _, _ := strings.Cut(f[0], "=")
	for _, w := range f {
		if name, ok := strings.CutPrefix(w, "ifname="); ok && key == "spid" {
			q.Interface = harmless(name)
		}
	}
	return f[0] == "created:" || f[0] == "lifetime:" || key == "spid" || key == "refcnt" || f[0] == "security"
}

// setkeyPriority reads "prio def - 5" as the kernel counts: the least number
// is asked first, and setkey counts the other way.
func setkeyPriority(f []string) uint64 {
	if len(f) < 2 || f[0] != "prio" {
		return 0
	}
	base := map[string]uint64{"high": 1 << 30, "def": 2 << 30, "low": 3 << 30}[f[1]]
	if len(f) == 4 {
		n := min(number(f[3]), 1<<29)
		if f[2] == "-" {
			return base + n
		}
		return base - min(n, base)
	}
	return base
}

// setkeyTemplate reads "esp/tunnel/192.0.2.1-192.0.2.2/unique#16385".
func setkeyTemplate(s string) (t Template, ok bool) {
	f := strings.SplitN(s, "/", 4)
	if len(f) != 4 {
		return t, false
	}
	if t.Protocol = xfrmProtocol(f[0]); f[0] == "ipcomp" {
		t.Protocol = ike.ProtocolIPComp
	}
	t.Mode, _ = ike.ParseMode(f[1])
	from, to, _ := strings.Cut(f[2], "-")
	a, _ := setkeyEnd(from)
	b, _ := setkeyEnd(to)
	t.Source, t.Destination = a.Addr(), b.Addr()
	level := f[3]
	if i := strings.IndexAny(level, ":#"); i >= 0 {
		n, _ := strconv.ParseUint(level[i+1:], 10, 32)
		level, t.ReqID = level[:i], uint32(n)
	}
	t.Optional = level == "use"
	return t, t.Protocol != ike.ProtocolNone
}
