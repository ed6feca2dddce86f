package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// NATMappingExpired finds a translation on the way that forgot a tunnel and
// gave it another port or address.
var NATMappingExpired = &diag.Rule{
	Code: diag.NetNATMappingExpired,
	Doc: diag.Doc{
		Meaning: "In the middle of an SA its packets begin to come from another address or port, or the old ones are not there any more: the translation on the way forgot the tunnel while it was idle, or was started anew. " +
			"What the other end sends to the old one is lost until it learns the new one, which happens only when something comes from there.",
		Common:   3,
		Remedy:   "send keepalives at least every 20 seconds from the end behind the translation, and let the translation keep UDP longer",
		Explains: []diag.Code{diag.NetESPOneway, diag.NetEspinudpBlocked, diag.LifeDPDTimeout},
		References: []diag.Reference{
			rfc(3948, "4", "NAT Keepalive Procedure"),
		},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			t := trafficOf(a)
			for _, s := range t.sas {
				if ev := unmapped(t, s); len(ev) > 0 {
					to := s.from.Other()
					out.AddTo(a, diag.Finding{FixAt: to.End(), Evidence: ev,
						Summary: fmt.Sprintf("the translation before %s forgot the tunnel: what %s sends comes no more, and the address it is sent to says that nobody has the port", a.NameOf(to), a.NameOf(s.from))})
					continue
				}
				for _, x := range s.flows() {
					if x.Flow.Moves == 0 || !x.Flow.InUDP {
						continue
					}
					f := diag.Finding{FixAt: s.from.End(), Evidence: weighed(x.Evidence, diag.Strong),
						Summary: fmt.Sprintf("the address or port that packets of %s come from changed in the middle of an SA", a.NameOf(s.from))}
					if !t.unheard(s.from.Other()) {
						f.Severity = diag.Warning // both ends go on
					}
					out.AddTo(a, f)
					break
				}
			}
		}
	},
}

// unmapped: what is sent to an end behind a translation came there at first, as
// captures of both ends show, and does not any more, and the address that it is
// sent to reports that nobody has the port. An end whose daemon is gone has the
// same said of itself, through the translation; but what it refuses comes to it.
func unmapped(t *traffic, s *sa) []diag.Evidence {
	to := s.from.Other()
	if inUDP, _ := s.wrapping(); !inUDP {
		return nil
	}
	if _, behind := t.a.Translated(to); !behind {
		return nil
	}
	closed := diag.Fact(t.a, to, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer && u.Protocol == protocolUDP })
	_, f, lost := cutOff(t.a, t, s)
	if !closed.OK || !lost {
		return nil
	}
	return slices.Concat(weighed(f.Evidence, diag.Strong), closed.As(diag.Strong))
}

// unheard reports whether what a side sends is not answered any more.
func (t *traffic) unheard(side diag.Side) bool {
	for _, s := range t.sas {
		for _, x := range s.flows() {
			if s.from == side && x.Flow.Unanswered >= enough {
				return true
			}
		}
	}
	return false
}

// TransportNAT finds transport mode between ends with a NAT between them.
var TransportNAT = &diag.Rule{
	Code: diag.NetTransportNAT,
	Doc: diag.Doc{
		Meaning: "The SAs are in transport mode, and a translation between the ends changes addresses that the checksums within TCP and UDP cover and that the traffic selectors name (RFC 3948, section 3.1.2). " +
			"It works only where both ends tell each other the original addresses and repair the checksums.",
		Explains: []diag.Code{diag.ESPPolicyMissing},
		Common:   3,
		Remedy:   "use tunnel mode; where it must be transport mode, as for L2TP, let both ends send their original addresses (NAT-OA)",
		References: []diag.Reference{
			rfc(3947, "5.2", "Sending the Original Source and Destination Addresses"),
			rfc(3948, "3.1.2", "Transport Mode Decapsulation NAT Procedure"),
		},
	},
	Needs: 1 << diag.BodyNAT,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			nat := translated(a)
			if !nat.OK {
				continue
			}
			for _, h := range a.SAs() {
				if h.SA.Mode.Inner() != ike.ModeTransport {
					continue
				}
				f := diag.Finding{FixAt: diag.EndBoth, Evidence: slices.Concat(nat.As(diag.Strong), weighed([]diag.Evidence{h.Evidence}, diag.Strong)),
					Summary: "the SAs are in transport mode, and there is an address translation " + between(v)}
				t := trafficOf(a)
				x, y := t.way(diag.Initiator), t.way(diag.Responder)
				for _, side := range bothSides {
					// What is decrypted has an address that no policy has. Where
					// the host has other tunnels it may be theirs.
					if k := counted(a, side, "XfrmInTmplMismatch", "XfrmInNoPols"); k.OK && k.V.Value >= enough && v.Sole(a.EndOf(side)) {
						f.Evidence = slices.Concat(weighed(f.Evidence, diag.Strong), k.As(diag.Proof))
						f.Summary += fmt.Sprintf(": %s drops %d packets that fit no policy", a.NameOf(side), k.V.Value)
						break
					}
				}
				dropped := f.Evidence[len(f.Evidence)-1].Weight == diag.Proof
				if !dropped && (x.arrived > 0 && y.arrived > 0 || x.left == 0 && y.left == 0) {
					f.Severity = diag.Warning
				}
				out.AddTo(a, f)
				break
			}
		}
	},
}
