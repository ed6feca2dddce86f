package state

import (
	"net/netip"
	"strings"
)

// What Junos prints for show security ipsec inactive-tunnels, as a table or,
// with detail, as a record of each tunnel, and for show security ipsec
// statistics:
//
//	Total inactive tunnels: 1
//	Total inactive tunnels with establish immediately: 1
//	ID           Port   Gateway          Pending SAs   Tunnel Down Reason
//	131073       500    192.0.2.9        1             No response from peer. Negotiation failed (130 times)
//
//	ESP Statistics:
//	  Encrypted bytes:         14689428
//	  Decrypted packets:          94163
//	Errors:
//	  AH authentication failures: 0, Replay errors: 0

// junosReasons returns what Junos says of tunnels: why one is down, and what
// happened to it. Those that are not marked are from recordings of devices.
func junosReasons() []wording {
	return []wording{
		{"no response from peer", DownNoAnswer, false},
		{"no proposal chosen", DownProposal, false},
		{"no_proposal_chosen", DownProposal, true},
		{"proposal mismatch", DownProposal, true},
		{"ike-id validation failed", DownIdentity, false},
		{"received del notification from peer", DownByPeer, false},
		{"user cleared", DownByUser, false},
		{"configuration changed", DownByUser, false},
		{"waiting for trigger event", DownWaiting, false},
		{"hard life-time expired", DownExpired, false},
		{"lifetime expired", DownExpired, true},
		{"traffic-selector", DownSelectors, true},
		{"ts_unacceptable", DownSelectors, true},
		{"ts unacceptable", DownSelectors, true},
		{"proxy-id", DownSelectors, true},
		{"authentication failed", DownAuthentication, true},
		{"authentication_failed", DownAuthentication, true},
		{"dead peer", DownPeerDead, true},
		{"dpd", DownPeerDead, true},
		{"sa not initiated", DownWaiting, true},
	}
}

// junosEvent reads "Sat Feb 14 2026 20:53:59 -0800: IPSec SA negotiation
// successfully completed (25 times)", after which a sequence of events may be
// marked.
func junosEvent(s string) (text string, ok bool) {
	when, text, ok := strings.Cut(s, ": ")
	f := strings.Fields(when)
	if !ok || len(f) < 5 || strings.Count(f[4], ":") != 2 {
		return "", false
	}
	text, _, _ = strings.Cut(text, " <- [")
	return text, true
}

// inactiveRow reads a row of the table of tunnels that are down. The reason
// stands last, and may hold blanks.
func (j *junos) inactiveRow(s string) {
	if strings.HasPrefix(s, "ID ") {
		j.table = j.table[:0]
		for col := range strings.SplitSeq(s, "  ") {
			if col = strings.TrimSpace(col); col != "" {
				j.table = append(j.table, col)
			}
		}
		return
	}
	f := strings.Fields(s)
	if strings.HasPrefix(s, "Total ") || len(j.table) < 2 || len(f) < len(j.table)-1 || !isNumber(f[0]) {
		if !strings.HasPrefix(s, "Total ") {
			j.p.unknown()
		}
		return
	}
	sa, port := SA{ID: number(f[0])}, uint64(0)
	for i, col := range j.table[:len(j.table)-1] {
		switch col {
		case "Port":
			port = number(f[i])
		case "Gateway":
			a, _ := address(f[i])
			sa.Remote.Address = netip.AddrPortFrom(a, 0)
		}
	}
	if a := sa.Remote.Address.Addr(); a.IsValid() && port < 1<<16 {
		sa.Remote.Address = netip.AddrPortFrom(a, uint16(port))
	}
	if j.table[len(j.table)-1] == "Tunnel Down Reason" {
		sa.Down = downOf(j.p.n, strings.Join(f[len(j.table)-1:], " "), junosReasons())
	}
	j.add(sa)
	j.at = -1
}

// count reads a line of counters. Those of AH have the same names as those of
// IKE SAs, and get its name before theirs.
func (j *junos) count(s string) {
	if group, ok := strings.CutSuffix(s, ":"); ok {
		j.group, _, _ = strings.Cut(group, " ")
		return
	}
	known := false
	for part := range strings.SplitSeq(s, ", ") {
		name, value, ok := cut2(part, ":")
		if !ok || !isNumber(value) {
			continue
		}
		if known = true; j.group == "AH" {
			name = "AH " + strings.ToLower(name)
		}
		if j.p.room() {
			j.p.st.Counters = append(j.p.st.Counters, Counter{Line: j.p.n, Name: harmless(name), Value: number(value)})
		}
	}
	if !known {
		j.p.unknown()
	}
}
