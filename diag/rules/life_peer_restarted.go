package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// PeerRestarted finds an end that started anew and lost its SAs, which the
// other goes on using.
var PeerRestarted = &diag.Rule{
	Code: diag.LifePeerRestarted,
	Doc: diag.Doc{
		Meaning: "The daemon of one end started anew without taking its SAs down first. It knows nothing of the tunnel; the other end keeps sending on SAs that its peer does not have, until it notices or negotiates anew (INITIAL-CONTACT; RFC 2407, section 4.6.3.3).",
		Explains: []diag.Code{
			diag.ESPInvalidSPI, diag.LifeStaleSA, diag.LifeDPDTimeout, diag.IKERetransmitExhausted, diag.IKECookieUnknown, diag.IKEP2NoPhase1, diag.NetESPBlocked, diag.NetESPOneway, diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.ESPCleartextLeak,
		},
		Common: 4,
		Remedy: "turn dead peer detection on at both ends, and let the end that restarts begin the tunnel itself",
		References: []diag.Reference{
			rfc(2407, "4.6.3.3", "INITIAL-CONTACT"),
			rfc(3706, "5", "DPD Protocol"),
		},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		a := lastUp(v)
		if a == nil {
			return
		}
		for _, s := range bothSides {
			start := diag.HostFact(v, a.EndOf(s), func(*diag.Software) bool { return true })
			again := last(start.Evidence)
			if !start.OK || start.Count < 2 || deletedBefore(a, s, again) {
				continue
			}
			for p := range diag.Facts[diag.Progress](a, s) {
				if p.V.Step != diag.Phase2Up || !again.After(last(p.Evidence)) || upAfter(a, again) {
					continue
				}
				out.AddTo(a, diag.Finding{FixAt: s.End(), Evidence: slices.Concat(p.As(diag.Background), []diag.Evidence{again.As(diag.Proof)}),
					Summary: fmt.Sprintf("the daemon of %s started anew and has lost the tunnel's SAs", a.NameOf(s))})
				return
			}
		}
		// From a capture: it decrypted what came, and does not any more.
		for _, x := range trafficOf(a).sas {
			if to := x.from.Other(); forgotten(x) && !x.in.listed {
				out.AddTo(a, diag.Finding{FixAt: to.End(), Evidence: weighed(x.came.Evidence, diag.Hint),
					Summary: fmt.Sprintf("%s seems to have lost the SA %08x: it may have started anew", a.NameOf(to), x.spi),
					Missing: []diag.Missing{askLog(to.End(), "it shows whether the daemon started anew")}})
				return
			}
		}
		// From the other end: the peer knows the SA no more.
		n := notifiedAny(a, isakmp.NotifyInvalidCookie, isakmp.NotifyInvalidSPI)
		if n.OK && n.Side != diag.SideUnknown {
			out.AddTo(a, diag.Finding{FixAt: n.Side.End(), Evidence: n.As(diag.Hint),
				Summary: fmt.Sprintf("%s does not know the tunnel's SAs any more: it may have started anew", a.NameOf(n.Side))})
		}
	},
}

// lastUp returns the last attempt if it brought a child up, or the one before
// those that got no answer since; nil where there is none.
func lastUp(v *diag.View) (up *diag.Attempt) {
	for a := range v.Attempts() {
		_, _, silent := unanswered(a)
		switch {
		case a.Completed(diag.Phase2):
			up = a
		case !silent:
			up = nil
		}
	}
	return up
}

// notifiedAny finds a notify of either phase.
func notifiedAny(a *diag.Attempt, types ...isakmp.NotifyType) diag.Known[*diag.Notify] {
	if n := notified(a, diag.AnySide, types...); n.OK {
		return n
	}
	return notified2(a, diag.AnySide, types...)
}

// deletedBefore reports whether a side took the SAs down before a piece of
// evidence: then the peer knows.
func deletedBefore(a *diag.Attempt, by diag.Side, e diag.Evidence) bool {
	for p := range diag.Facts[diag.Progress](a, by) {
		if (p.V.Step == diag.DeleteSent || p.V.Step == diag.ChildDeleteSent || p.V.Step == diag.Phase1Deleted) && e.After(p.First()) {
			return true
		}
	}
	return false
}
