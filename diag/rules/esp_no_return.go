package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// NoReturnRoute finds an end that gets traffic out of the tunnel and sends
// none back.
var NoReturnRoute = &diag.Rule{
	Code: diag.ESPNoReturnRoute,
	Doc: diag.Doc{
		Meaning: "What one end sends comes out of the tunnel at the other, and nothing goes back in: the host there does not answer, or its answer takes another way, most often since its default gateway is not the one with the tunnel.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.ESPFirewallInner, Ask: diag.Missing{Kind: diag.KindCapture, End: diag.EndBoth, Why: "a capture on the inner network shows whether the requests get there and whether answers come"}},
			{Code: diag.ESPIpforwardOff, Excluded: []diag.Exclusion{{If: forwards, Reason: "the gateway forwards packets"}}, Ask: diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "the gateway's settings say whether it forwards, and whether the reverse-path filter drops"}},
		},
		Common:     5,
		Remedy:     "see on the inner network whether the requests get there: if so, give the hosts there a route to the other network by this gateway; if not, look at its forwarding and its firewall",
		References: []diag.Reference{rfc(4301, "5.2", "Processing Inbound IP Traffic")},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) { noReturn(diag.ESPNoReturnRoute, v, out) },
}

// FirewallInner finds an end that gets traffic out of the tunnel and sends none
// back, as NoReturnRoute does, as a sign of a firewall behind the tunnel.
var FirewallInner = &diag.Rule{
	Code: diag.ESPFirewallInner,
	Doc: diag.Doc{
		Meaning: "What comes out of the tunnel is dropped before it gets to the inner network, or the answers before they get into the tunnel: by the gateway's own firewall, or one behind it.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.ESPNoReturnRoute, Ask: diag.Missing{Kind: diag.KindCapture, End: diag.EndBoth, Why: "a capture on the inner network shows whether the requests get there and whether answers come"}},
		},
		Common:     4,
		Remedy:     "permit the traffic between the two networks in the firewall of the gateway, and behind it",
		References: []diag.Reference{rfc(4301, "5.2", "Processing Inbound IP Traffic")},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyFlow | 1<<diag.BodyUndelivered,
	Check: func(v *diag.View, out *diag.Sink) {
		noReturn(diag.ESPFirewallInner, v, out)
		forbidden(v, out)
	},
}

// noReturn reports a direction whose packets are taken by the receiver, which
// sends nothing.
func noReturn(code diag.Code, v *diag.View, out *diag.Sink) {
	a := v.Last()
	if a == nil {
		return
	}
	t := trafficOf(a)
	for _, from := range bothSides {
		w, back := t.way(from), t.way(from.Other())
		to := from.Other()
		if w.arrived < enough || back.left > 0 || back.arrived > 0 || !t.silent(to) {
			continue
		}
		taken := w.takenByState
		for _, s := range t.sas {
			if s.from == from && s.came != nil && s.came.Flow.Opened > 0 && s.came.Flow.Sealed == 0 {
				taken = true
			}
		}
		if !taken {
			continue
		}
		weight := diag.Hint
		if code == diag.ESPNoReturnRoute {
			weight = diag.Strong
		}
		f := diag.Finding{FixAt: to.End(), Evidence: weighed(w.arrEv, weight),
			Summary: fmt.Sprintf("%s takes %d packets out of the tunnel, and sends none back into it", a.NameOf(to), w.arrived)}
		b := behindOf(a, to)
		switch firewall := code == diag.ESPFirewallInner; {
		case b.watched && b.out == 0 && !firewall:
			continue // they do not get that far
		case b.watched && b.out == 0:
			f.Evidence = weighed(slices.Concat(w.arrEv, b.ev), diag.Strong)
			f.Summary = fmt.Sprintf("%s takes %d packets out of the tunnel, and none of them gets to the network behind it: its firewall drops them", a.NameOf(to), w.arrived)
		case firewall:
			f.Summary += ": a firewall there may drop them, or the answers"
		case b.back >= enough:
			f.Evidence = slices.Concat(f.Evidence, weighed(b.outEv, diag.Strong), weighed(b.backEv, diag.Strong))
			f.Summary = fmt.Sprintf("%s passes on what comes out of the tunnel and %s answers, but the answers do not get into the tunnel: they go to another router, or %[1]s drops them", a.NameOf(to), b.host)
		case b.out >= enough:
			f.Evidence = slices.Concat(f.Evidence, weighed(b.outEv, diag.Strong))
			f.Summary = fmt.Sprintf("%s passes on what comes out of the tunnel, and %s does not answer there: it is down, its own firewall drops it, or it answers by another router", a.NameOf(to), b.host)
			f.Remedies = []diag.Remedy{{End: to.End(), Action: fmt.Sprintf("look at %s: whether it is up, lets the other network in, and has a route to it by this gateway", b.host), Source: diag.NoSource}}
		}
		out.AddTo(a, f)
	}
}

// silent reports whether a side's sources would show what it sends, and show
// nothing. A gateway that has negotiated anew keeps the old SAs by which it
// receives, and forgets with those by which it sent what it has sent.
func (t *traffic) silent(side diag.Side) bool {
	counted, out, in := false, 0, 0
	for _, s := range t.sas {
		switch {
		case s.from != side && s.in.listed:
			in++
		case s.from == side && s.out.replaced:
			in++
		case s.from == side && s.out.listed:
			out++
			counted = counted || s.out.counted && s.out.packets == 0
		}
	}
	if counted && out >= in {
		return true
	}
	_, watched := t.a.Watched(side, t.packets())
	return watched
}
