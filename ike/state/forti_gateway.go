package state

import (
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What FortiGate prints for diagnose vpn ike gateway list: a gateway, and below
// it its IKE SAs. It prints keys, which are not kept:
//
//	vd: root/0
//	name: branch
//	version: 1
//	interface: port1 3
//	addr: 192.0.2.1:500 -> 192.0.2.9:500
//	created: 142s ago
//	IKE SA: created 1/1  established 1/1  time 10/10/10 ms
//	IPsec SA: created 1/1  established 1/1  time 0/0/0 ms
//
//	  id/spi: 71 e412d996a3f9731b/a23fe38afa532c1b
//	  direction: initiator
//	  status: established 142-142s ago = 10ms
//	  proposal: aes256-sha1
//	  key: …
//	  lifetime/rekey: 86400/85957
//
// Of two numbers the first is of those that are there, the second of all that
// there have been.

// unanswered is how long the first message of an exchange may well go without
// an answer.
const unanswered = 10 * time.Second

// gatewayLine reads a line of a gateway.
func (g *forti) gatewayLine(s string) {
	key, value, ok := cut2(s, ":")
	sa := &g.gateway
	if g.at >= 0 {
		sa = g.sa()
	}
	switch key {
	case "version":
		sa.Version = int(number(value) & 3)
	case "addr":
		from, to, _ := cut2(value, "->")
		sa.Local.Address, _ = junosEnd(from)
		sa.Remote.Address, _ = junosEnd(to)
	case "peer-id":
		if sa.Remote.Text == "" && value != "" {
			sa.Remote.Text, sa.Remote.Identity = value, ike.ParseIdentity(value, ike.DialectAny)
		}
	case "nat":
		sa.NAT.Known = true
		for w := range strings.FieldsSeq(value) {
			sa.NAT.Local, sa.NAT.Remote = sa.NAT.Local || w == "me", sa.NAT.Remote || w == "peer"
		}
	case "IKE SA":
		g.ever = strings.Contains(value, "established ")
		if f := strings.Fields(value); len(f) > 1 {
			_, all, _ := strings.Cut(f[1], "/")
			g.created = number(all)
		}
	case "id/spi":
		g.begins(value)
	case "direction":
		sa.role(value)
	case "status":
		g.status(sa, value)
	case "proposal":
		g.proposal(sa, value)
	case "lifetime/rekey":
		if _, left, ok := strings.Cut(value, "/"); ok && isNumber(left) {
			sa.Rekey = seconds(left)
		}
	default:
		if !ok || !fortiGatewayKnown(key) {
			g.p.unknown()
		}
	}
}

// fortiGatewayKnown reports whether a word is the name of something of a gateway
// that says nothing of use here, or is a key.
func fortiGatewayKnown(key string) bool {
	switch key {
	case "interface", "tun_id", "remote_location", "network-id", "transport", "virtual-interface-addr", "created", "auto-discovery", "pending-queue", "PPK", "IPsec SA", "key", "child",
		"SK_ei", "SK_er", "SK_ai", "SK_ar", "message-id sent/recv", "QKD", "DPD sent/recv", "peer-id-auth", "peer-SN", "FortiClient UID", "assigned IPv4 address", "assigned IPv6 address", "eap-user", "2FA",
		"groups", "xauth-user", "signature-peer-id", "authusr", "dpd", "fec", "tunnel-search", "exch-interface-ip", "exchange-ip", "exchange-interface-ip", "ems-sn", "user", "group", "rekey", "keylife", "EMS SN":
		return true
	}
	return false
}

// begins reads "71 e412d996a3f9731b/a23fe38afa532c1b". What was said of the
// gateway is said of each of its SAs.
func (g *forti) begins(s string) {
	sa := g.gateway
	f := strings.Fields(s)
	if len(f) < 2 {
		g.p.unknown()
		return
	}
	sa.ID = number(f[0])
	i, r, _ := strings.Cut(f[1], "/")
	sa.Cookies[0], _ = cookie(i)
	sa.Cookies[1], _ = cookie(r)
	sa.Line = g.p.n
	g.add(sa)
}

// status reads "established 142-142s ago = 10ms" or "connecting, state 3, started
// 7s ago".
func (g *forti) status(sa *SA, s string) {
	sa.StateText = harmless(s)
	switch word, rest, _ := strings.Cut(s, " "); strings.TrimSuffix(word, ",") {
	case "established":
		sa.State = IKEEstablished
		sa.Age = leadingSeconds(rest)
	case "connecting":
		sa.State = IKEConnecting
		_, since, _ := strings.Cut(rest, "started ")
		if sa.Age = (Span{}); sa.Version != 1 || sa.Role != RoleInitiator || sa.Cookies[0] == [8]byte{} || sa.Cookies[1] != [8]byte{} {
			return
		}
		if sa.Sent = 1; leadingSeconds(since).D >= unanswered {
			sa.Down = Down{Line: g.p.n, Reason: DownNoAnswer, Text: sa.StateText}
			if !g.ever {
				sa.Down.Times = g.created
			}
		}
	}
}

// proposal reads "aes256-sha1".
func (g *forti) proposal(sa *SA, s string) {
	sa.Algorithms = harmless(s)
	if p, _ := ike.AppendConfigProposals(nil, s, ike.ProtocolIKE, ike.DialectAny); len(p) == 1 && len(p[0].Unknown) == 0 {
		sa.Proposal = p[0]
	}
}

// endGateway closes a gateway. One without an SA is there as well: nothing
// negotiates with it.
func (g *forti) endGateway() {
	if g.at < 0 && g.gateway.Name != "" && g.gateway.Remote.Address.IsValid() {
		g.add(g.gateway)
	}
	g.gateway = SA{}
}
