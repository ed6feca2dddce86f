package rules

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
)

// PMTUBlackhole finds a path that loses large packets and lets small ones
// pass.
var PMTUBlackhole = &diag.Rule{
	Code: diag.NetPMTUBlackhole,
	Doc: diag.Doc{
		Meaning: "Small packets pass through the tunnel and large ones vanish: encapsulation makes them larger than some link takes, they may not be fragmented, and the router's report (RFC 1191, section 4) does not come back or has no effect. " +
			"A ping works, and whatever moves much data hangs.",
		Explains: []diag.Code{diag.NetESPFragmented, diag.NetMSSClampMissing, diag.NetESPOneway, diag.NetESPBlocked},
		Common:   6,
		Remedy:   "lower the MTU of what goes into the tunnel, or clamp the TCP MSS, and let ICMP \"fragmentation needed\" pass",
		References: []diag.Reference{
			rfc(4301, "8.2", "Path MTU (PMTU) Discovery"),
			rfc(2923, "2.1", "Black Hole Detection"),
			rfc(4459, "3", "Description of Solutions"),
		},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) { eachWay(v, out, swallowed) },
}

// ESPFragmented finds ESP that travels in fragments.
var ESPFragmented = &diag.Rule{
	Code: diag.NetESPFragmented,
	Doc: diag.Doc{
		Meaning:    "Packets are too large for the path once they are encapsulated, and travel as two IP fragments each: slower, and lost where a firewall drops fragments.",
		Common:     3,
		Remedy:     "lower the MTU of what goes into the tunnel, or clamp the TCP MSS, so that packets fit encapsulated",
		References: []diag.Reference{rfc(4459, "3.1", "Fragmentation and Reassembly by the Tunnel Endpoints")},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			for _, s := range trafficOf(a).sas {
				if f, ok := fragmented(a, s); ok {
					out.AddTo(a, f)
				}
			}
		}
	},
}

// fragmented finds out whether a direction's packets travel in fragments.
func fragmented(a *diag.Attempt, s *sa) (f diag.Finding, ok bool) {
	for _, x := range s.flows() {
		// A few of many is what one large datagram makes.
		if uint64(x.Flow.Fragmented)*noticeable >= 5*x.Flow.Packets && x.Flow.Fragmented >= enough {
			return diag.Finding{FixAt: x.From.End(), Evidence: weighed(x.Evidence, diag.Proof), Remedies: mtuRemedies(a, s, 0, 0, ethernet),
				Summary: fmt.Sprintf("%d of %d packets of %s travel in fragments", x.Flow.Fragmented, x.Flow.Packets, a.NameOf(x.From))}, true
		}
	}
	return f, false
}

// ethernet is the MTU of most links.
const ethernet = 1500

// swallowed finds out whether the large packets of a direction are lost.
func swallowed(t *traffic, s *sa) (f diag.Finding, ok bool) {
	a := t.a
	f.FixAt = diag.EndPath
	to := s.from.Other()
	report := diag.Fact(a, diag.AnySide, func(u *diag.Unreachable) bool { return u.TooBig })
	var passed, lost int
	switch {
	case s.sent != nil && s.came != nil && tooLarge(s.sent.Flow, s.came.Flow):
		passed, lost = int(s.came.Flow.Largest), int(s.sent.Flow.Largest)
		f.Evidence = slices.Concat(weighed(s.sent.Evidence, diag.Strong), weighed(s.came.Evidence, diag.Strong))
		small := uint64(0)
		for _, n := range s.sent.Flow.Sizes[:diag.SizeClass(passed)+1] {
			small += uint64(n)
		}
		if s.in.counted && s.in.packets == small && s.in.replay+s.in.failed == 0 && t.after(s, s.sent.Flow.Packets) {
			f.Evidence = slices.Concat(f.Evidence, weighed(s.in.evidence, diag.Proof)) // it counts the small ones
		}
	case s.sent != nil && s.came == nil && outgrown(s.sent.Flow) && waiting(s.sent.Flow):
		passed, lost = int(s.sent.Flow.LargestAnswered), int(s.sent.Flow.UnansweredLeast)
		w := diag.Hint
		if s.in.counted && s.in.packets+uint64(s.sent.Flow.Unanswered) == s.sent.Flow.Packets && s.in.failed+s.in.replay == 0 {
			w = diag.Strong
		}
		f.Evidence = slices.Concat(weighed(s.sent.Evidence, w), weighed(s.in.evidence, w))
		if w == diag.Hint && !report.OK {
			f.Severity = diag.Warning
			f.Missing = []diag.Missing{askCapture(to.End(), "it shows whether the large packets arrive")}
		}
	default:
		return f, false
	}
	mtu := 0
	if report.OK {
		f.Evidence = slices.Concat(f.Evidence, report.As(diag.Strong))
		mtu = int(report.V.MTU)
	}
	if ev, found := mtuByProbe(a, to); found > 0 && mtu == 0 {
		f.Evidence = slices.Concat(f.Evidence, ev)
		mtu = found
	}
	f.Summary = fmt.Sprintf("what %s sends comes to %s up to %d octets, and packets of %d octets vanish", a.NameOf(s.from), a.NameOf(to), passed, lost)
	if mtu > 0 && report.OK {
		f.Summary += fmt.Sprintf("; a router reports an MTU of %d", mtu)
	} else if mtu > 0 {
		f.Summary += fmt.Sprintf("; a probe finds an MTU of %d", mtu)
	}
	f.Remedies = mtuRemedies(a, s, mtu, passed, lost)
	return f, true
}

// tooLarge reports whether what was sent and did not come is just what is
// larger than all that came.
func tooLarge(sent, came *diag.Flow) bool {
	first := diag.SizeClass(int(came.Largest)) + 1
	var small, large uint32
	for i, n := range sent.Sizes {
		if i < first {
			small += n
		} else {
			large += n
		}
	}
	var arrived uint32
	for _, n := range came.Sizes {
		arrived += n
	}
	// Of the small ones, hardly any may be missing.
	return large >= 2 && small > 0 && arrived > 0 && arrived*10 >= small*9
}

// outgrown reports whether the packets that nothing came back to since are larger
// than all that were answered, and too large for some path.
func outgrown(f *diag.Flow) bool {
	return f.LargestAnswered > 0 && diag.SizeClass(int(f.UnansweredLeast)) > diag.SizeClass(int(f.LargestAnswered)) && f.UnansweredLeast > 576
}

// waiting reports whether a flow's sender still sends and hears nothing.
func waiting(f *diag.Flow) bool { return f.Unanswered >= enough }

// mtuRemedies says which MTU to set: what a path of an MTU takes, or where it
// is not known, the largest packet that passed, or one that takes less than what
// is lost and that hardly any path falls short of.
func mtuRemedies(a *diag.Attempt, s *sa, mtu, passed, lost int) []diag.Remedy {
	guessed := mtu <= 0
	if guessed {
		mtu = surePath(lost)
	}
	if guessed && s.whole() {
		mtu = max(mtu, passed)
	}
	inUDP, ah := s.wrapping()
	e := encapsulation(a, inUDP, ah)
	inner, mss := e.MaxInner(mtu), e.MSS(mtu)
	if inner == 0 || mss == 0 {
		return nil
	}
	why := fmt.Sprintf("which fits a path with an MTU of %d", mtu)
	if guessed && lost < 1500 {
		why = fmt.Sprintf("which fits a path with an MTU of %d; packets of %d are lost on this one", mtu, lost)
	}
	return []diag.Remedy{
		{End: diag.EndBoth, Action: "set the MTU of what goes into the tunnel to the value, " + why, Setting: "MTU", Value: strconv.Itoa(inner), Source: diag.NoSource},
		{End: diag.EndBoth, Action: "or clamp the MSS of TCP connections through the tunnel to the value", Setting: settingMSS, Value: strconv.Itoa(mss), Source: diag.NoSource},
		{End: diag.EndPath, Action: "let ICMP \"fragmentation needed\" and \"packet too big\" pass between the gateways", Source: diag.NoSource},
	}
}

// whole reports whether no packet of a direction came in fragments, so that what
// came fits the path.
func (s *sa) whole() bool {
	return !slices.ContainsFunc(s.flows(), func(x *diag.Sighting) bool { return x.Flow.Fragmented > 0 })
}

// surePath returns a path MTU below a length that is lost and that hardly any
// path falls short of: the least of IPv6 (RFC 8200, section 5), else the least
// that every host takes (RFC 791, section 3.1).
func surePath(lost int) int {
	if lost > 1280 {
		return 1280
	}
	return 576
}

// encapsulation returns what a tunnel's packets are wrapped in; where what was
// agreed on is not known, in what takes as much room as is usual.
func encapsulation(a *diag.Attempt, inUDP, ah bool) esp.Encapsulation {
	e := esp.Encapsulation{Mode: ike.ModeTunnel, Protocol: ike.ProtocolESP}
	e.Cipher, e.Integrity = ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 256}, ike.IntegritySHA512
	if k := agreed(a, ah); k.OK {
		for _, p := range k.V.Proposals {
			if len(p.Ciphers) > 0 {
				e.Cipher, e.Integrity = p.Ciphers[0], ike.IntegrityNone
			}
			if len(p.Integrity) > 0 {
				e.Integrity = p.Integrity[0]
			}
		}
	}
	if ah {
		e.Protocol = ike.ProtocolAH
	}
	for _, h := range a.SAs() {
		if h.SA.Mode.Inner() == ike.ModeTransport {
			e.Mode = ike.ModeTransport
		}
	}
	if inUDP {
		e.Mode = map[ike.Mode]ike.Mode{ike.ModeTunnel: ike.ModeUDPTunnel, ike.ModeTransport: ike.ModeUDPTransport}[e.Mode]
	}
	if x, y := a.Addresses(diag.Initiator); x.Is6() || y.Is6() {
		e.OuterIPv6 = true
	}
	return e
}
