package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// ESPBlocked finds a path that lets IKE pass and not ESP.
var ESPBlocked = &diag.Rule{
	Code: diag.NetESPBlocked,
	Doc: diag.Doc{
		Meaning: "The tunnel is up, one end sends ESP, and none of it comes to the other: a firewall between them permits the negotiation on UDP and not IP protocol 50.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: notAtReceiver, Reason: "a capture at the receiver does not show the packets"}},
				Ask:      askCapture(diag.EndBoth, "a capture at the receiver shows whether the packets come to its interface"),
			},
		},
		Explains: []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.LifeStaleSA, diag.LifeDPDTimeout},
		Common:   8,
		Remedy:   "permit IP protocol 50 between the two gateways, or have ESP put into UDP",
		References: []diag.Reference{
			rfc(4303, "2", "Encapsulating Security Payload Packet Format"),
			rfc(3948, "2", "Packet Formats"),
		},
	},
	Needs: 1<<diag.BodyFlow | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) { blockedAs(diag.NetESPBlocked, v, out) },
}

// ESPOneway finds a path that lets ESP pass in one direction only.
var ESPOneway = &diag.Rule{
	Code: diag.NetESPOneway,
	Doc: diag.Doc{
		Meaning: "ESP passes between the ends in one direction, and what is sent in the other does not arrive.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: notAtReceiver, Reason: "a capture at the receiver does not show the packets"}},
				Ask:      askCapture(diag.EndBoth, "a capture at the receiver shows whether the packets come to its interface"),
			},
		},
		Explains: []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.LifeStaleSA, diag.LifeDPDTimeout},
		Common:   6,
		Remedy:   "permit ESP in both directions: a firewall that tells connections apart by ports lets no answer back in",
		References: []diag.Reference{
			rfc(4303, "2", "Encapsulating Security Payload Packet Format"),
		},
	},
	Needs: 1<<diag.BodyFlow | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) { blockedAs(diag.NetESPOneway, v, out) },
}

// ESPInUDPBlocked finds a path that lets IKE pass on UDP port 4500, and not ESP.
var ESPInUDPBlocked = &diag.Rule{
	Code: diag.NetEspinudpBlocked,
	Doc: diag.Doc{
		Meaning: "The tunnel is up, IKE passes on UDP port 4500, and ESP in UDP on the same port does not arrive: something on the way looks into the datagrams.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: notAtReceiver, Reason: "a capture at the receiver does not show the packets"}},
				Ask:      askCapture(diag.EndBoth, "a capture at the receiver shows whether the packets come to its interface"),
			},
		},
		Explains: []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.LifeStaleSA, diag.LifeDPDTimeout},
		Common:   4,
		Remedy:   "permit all datagrams on UDP port 4500, whatever is in them, and turn inspection of IPsec on the way off",
		References: []diag.Reference{
			rfc(3948, "2", "Packet Formats"),
		},
	},
	Needs: 1<<diag.BodyFlow | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) { blockedAs(diag.NetEspinudpBlocked, v, out) },
}

// AHBlocked finds a path that lets IKE pass and not AH.
var AHBlocked = &diag.Rule{
	Code: diag.NetAHBlocked,
	Doc: diag.Doc{
		Meaning: "The tunnel is up, one end sends AH, and none of it comes to the other: a firewall between them permits the negotiation on UDP and not IP protocol 51.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: notAtReceiver, Reason: "a capture at the receiver does not show the packets"}},
				Ask:      askCapture(diag.EndBoth, "a capture at the receiver shows whether the packets come to its interface"),
			},
		},
		Explains: []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.LifeStaleSA, diag.LifeDPDTimeout},
		Common:   2,
		Remedy:   "permit IP protocol 51 between the two gateways, or use ESP",
		References: []diag.Reference{
			rfc(4302, "2", "Authentication Header Format"),
		},
	},
	Needs: 1<<diag.BodyFlow | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) { blockedAs(diag.NetAHBlocked, v, out) },
}

// blockedAs reports a loss on the path that goes by a code.
func blockedAs(code diag.Code, v *diag.View, out *diag.Sink) {
	for a := range v.Attempts() {
		if a.Overtaken() {
			continue
		}
		if c, f, ok := blocked(a); ok && c == code {
			out.AddTo(a, f)
		}
	}
}

// blocked finds out whether what an end of an attempt sends is lost on the
// way to the other, and what to call that.
func blocked(a *diag.Attempt) (code diag.Code, f diag.Finding, ok bool) {
	t := trafficOf(a)
	ways := [...]way{t.way(diag.Initiator), t.way(diag.Responder)}
	for i, w := range ways {
		back := ways[1-i]
		if w.left < enough || w.arrived > 0 {
			continue
		}
		ev, weight := lostOnPath(t, &w)
		refused := espRefused(a, w.from.Other())
		if refused.OK = refused.OK && !disproven(refused, &w, &back) && !cutOffWhole(a, w.from.Other()); refused.OK {
			ev, weight = slices.Concat(ev, refused.As(diag.Proof)), max(weight, diag.Strong)
		}
		if weight == diag.Background {
			ev, weight = heardNothing(t, &w, &back)
		}
		if weight == diag.Background {
			continue
		}
		to := w.from.Other()
		f = diag.Finding{FixAt: diag.EndPath, Evidence: slices.Concat(weighed(w.leftEv, min(weight, diag.Strong)), ev)}
		code = diag.NetESPBlocked
		name := "ESP"
		switch {
		case w.ah:
			code, name = diag.NetAHBlocked, "AH"
		case back.arrived > 0:
			code = diag.NetESPOneway
			if w.inUDP {
				name = "ESP in UDP"
			}
		case w.inUDP:
			code, name = diag.NetEspinudpBlocked, "ESP in UDP"
		}
		f.Summary = fmt.Sprintf("%s sends %s, %d packets, and none of them comes to %s", a.NameOf(w.from), name, w.left, a.NameOf(to))
		if refused.OK {
			f.Summary += ": something on the way refuses them"
			if refused.V.ByPeer {
				f.FixAt = to.End()
				f.Summary = fmt.Sprintf("%s sends %s, %d packets, and the host of %s refuses them", a.NameOf(w.from), name, w.left, a.NameOf(to))
			}
		}
		if weight == diag.Hint {
			f.Severity = diag.Warning
			f.Summary = fmt.Sprintf("%s sends %s, %d packets, and none comes back from %s: it may be lost on the way", a.NameOf(w.from), name, w.left, a.NameOf(to))
			f.Missing = []diag.Missing{askCapture(to.End(), "it shows whether the packets arrive"), {Kind: diag.KindState, End: to.End(), Why: "its SA counts the packets that arrive"}}
		}
		return code, f, true
	}
	for _, s := range t.sas {
		if code, f, ok := cutOff(a, t, s); ok {
			return code, f, true
		}
	}
	return "", f, false
}

// espRefused finds a report that ESP or AH to a side was refused.
func espRefused(a *diag.Attempt, to diag.Side) diag.Known[*diag.Unreachable] {
	return diag.Fact(a, to, func(u *diag.Unreachable) bool {
		return u.To != diag.Peer && !u.TooBig && (u.Protocol == protocolESP || u.Protocol == protocolAH)
	})
}

// disproven reports whether what a router or host says of packets of one
// direction is no reason to believe it: the other end went on sending, and it was
// said once, or not of those that were sent for a while after it. Anybody may
// have said it, and a path that is gone for a moment makes it too.
func disproven(refused diag.Known[*diag.Unreachable], w, back *way) bool {
	if back.arrived == 0 {
		return false
	}
	said, left := last(refused.Evidence), last(w.leftEv)
	quiet, ok := diag.Elapsed(said, left)
	return refused.Count == 1 || ok && quiet >= 3*time.Second && last(back.arrEv).After(said)
}

// cutOffWhole reports whether a side as a whole cannot be reached, IKE no more
// than ESP: then it is not ESP that is refused.
func cutOffWhole(a *diag.Attempt, to diag.Side) bool {
	return diag.Any(a, to, func(u *diag.Unreachable) bool {
		return u.To != diag.Peer && u.Protocol == protocolUDP && !u.Port && !u.Prohibited && !u.TooBig
	})
}

// cutOff finds out whether packets came at first and do not any more: the
// sender was answered and is not, and what it sent last is not in a capture at
// the receiver.
func cutOff(a *diag.Attempt, t *traffic, s *sa) (code diag.Code, f diag.Finding, ok bool) {
	if s.sent == nil || s.came == nil || s.sent.Flow.LargestAnswered == 0 || s.sent.Flow.Unanswered < enough || tooLarge(s.sent.Flow, s.came.Flow) {
		return "", f, false
	}
	lost := int32(s.sent.Flow.Last - s.came.Flow.Last)
	if lost < enough {
		return "", f, false
	}
	f = diag.Finding{FixAt: diag.EndPath, Evidence: slices.Concat(weighed(s.sent.Evidence, diag.Strong), weighed(s.came.Evidence, diag.Strong)),
		Summary: fmt.Sprintf("what %s sends comes to %s at first, and the last %d packets do not", a.NameOf(s.from), a.NameOf(s.from.Other()), lost)}
	if s.in.counted && s.in.packets+s.in.replay+s.in.failed == s.came.Flow.Packets && t.after(s, s.came.Flow.Packets+enough) {
		f.Evidence = slices.Concat(f.Evidence, weighed(s.in.evidence, diag.Proof)) // no more came after the capture, either
	}
	inUDP, ah := s.wrapping()
	switch {
	case ah:
		code = diag.NetAHBlocked
	case inUDP:
		code = diag.NetEspinudpBlocked
	default:
		code = diag.NetESPBlocked
	}
	for _, o := range t.sas {
		if o.from != s.from && o.sent != nil && o.came != nil && o.sent.Flow.Unanswered >= enough && o.came.Flow.Last == o.sent.Flow.Last {
			code = diag.NetESPOneway // the other direction goes on
		}
	}
	return code, f, true
}

// lostOnPath: the receiver has the SA and nothing came on it, or a capture at
// the receiver does not show the packets. That is proven where the dump is from
// after they were sent, or the capture was still recording then.
func lostOnPath(t *traffic, w *way) (ev []diag.Evidence, weight diag.Weight) {
	to := w.from.Other()
	if w.lacking || counted(t.a, to, dropCounters...).OK {
		return nil, diag.Background // they did come, as it seems
	}
	missing, watched := t.a.Watched(to, diag.PacketsOf(w.inUDP, w.ah))
	recorded := watched && t.recorded(missing, w.from)
	switch {
	case watched && len(w.lostBy) > 0:
		weight = diag.Strong
		if recorded || w.late {
			weight = diag.Proof
		}
		return slices.Concat(weighed(w.lostBy, weight), []diag.Evidence{missing.As(diag.Strong)}), weight
	case watched:
		weight = diag.Strong
		if recorded && missing.Outlasts() {
			weight = diag.Proof
		}
		return []diag.Evidence{missing.As(weight)}, weight
	case len(w.lostBy) > 0:
		return weighed(w.lostBy, diag.Strong), diag.Strong
	}
	return nil, diag.Background
}

// recorded reports whether the capture that lacks what a side sent was still
// recording when it was sent, as a capture at the sender tells.
func (t *traffic) recorded(missing diag.Evidence, from diag.Side) bool {
	return slices.ContainsFunc(t.sas, func(s *sa) bool {
		return s.from == from && s.sent != nil && t.a.Recorded(missing, s.sent, enough)
	})
}

// notAtReceiver: a capture at the receiver is there and lacks what was sent.
func notAtReceiver(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	t := trafficOf(c.Attempt)
	for _, from := range bothSides {
		if w := t.way(from); w.left >= enough && w.arrived == 0 {
			missing, ok := c.Attempt.Watched(from.Other(), diag.PacketsOf(w.inUDP, w.ah))
			return missing, ok && (w.late || t.recorded(missing, from))
		}
	}
	for _, s := range t.sas {
		if _, _, ok := cutOff(c.Attempt, t, s); ok {
			return s.came.Evidence[0], true
		}
	}
	return diag.Evidence{}, false
}

// dropCounters count packets that came and were dropped before an SA counted
// them.
var dropCounters = []string{"XfrmInNoStates", "XfrmInStateMismatch", "XfrmInStateProtoError", "XfrmInStateSeqError", "XfrmInStateExpired", "XfrmInStateInvalid", "XfrmInHdrError", "XfrmInError", "XfrmInBufferError"}

// heardNothing: at the sender nothing ever came back, and the receiver does
// not say anything.
func heardNothing(t *traffic, w, back *way) (ev []diag.Evidence, weight diag.Weight) {
	if back.left > 0 || back.arrived > 0 || t.listed[w.from.Other()] {
		return nil, diag.Background
	}
	for _, s := range t.sas {
		for _, x := range [...]*diag.Sighting{s.sent, s.passed} {
			if s.from == w.from && x != nil && x.Flow.Unanswered >= enough {
				return weighed(x.Evidence, diag.Hint), diag.Hint
			}
		}
	}
	if len(back.lostBy) > 0 { // its own dump counts what it sends, and nothing that comes
		return weighed(back.lostBy, diag.Hint), diag.Hint
	}
	return nil, diag.Background
}
