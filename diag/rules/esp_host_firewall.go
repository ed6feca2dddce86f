package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// espKeptOut reports a host whose own firewall keeps ESP or AH from its
// kernel: it comes to the interface, where a capture shows it, its SA counts no
// packet and its kernel no error. That is proven where the dump is from after
// the packets came.
func espKeptOut(v *diag.View, out *diag.Sink) {
	for a := range v.Attempts() {
		if a.Overtaken() || !diag.Any(a, diag.AnySide, func(*diag.Flow) bool { return true }) {
			continue
		}
		t := trafficOf(a)
		for _, s := range t.sas {
			to := s.from.Other()
			if ev := shutOut(t, s); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: to.End(), Phase: diag.PhaseData, Severity: diag.Warning, Evidence: ev,
					Summary:  fmt.Sprintf("%d packets come to %s, which seems neither to decrypt nor to answer them: its firewall may drop them", s.came.Flow.Packets, a.NameOf(to)),
					Remedies: admitESP(to),
					Missing:  []diag.Missing{{Kind: diag.KindState, End: to.End(), Why: "its SAs and /proc/net/xfrm_stat count what is decrypted and what is dropped"}}})
				continue
			}
			if s.came == nil || s.came.Flow.Packets < enough || s.came.Flow.Opened > 0 || !s.in.counted || s.in.packets+s.in.replay+s.in.failed > 0 ||
				s.came.Flow.InUDP != s.in.encap && !s.in.ah || counted(a, to, dropCounters...).OK {
				continue
			}
			weight := diag.Strong
			if t.outlived(s) {
				weight = diag.Proof
			}
			out.AddTo(a, diag.Finding{FixAt: to.End(), Phase: diag.PhaseData, Evidence: slices.Concat(weighed(s.came.Evidence, diag.Strong), weighed(s.in.evidence, weight)),
				Summary:  fmt.Sprintf("%d packets come to %s and its SA counts none of them: the host's firewall drops them", s.came.Flow.Packets, a.NameOf(to)),
				Remedies: admitESP(to)})
		}
	}
}

func admitESP(at diag.Side) []diag.Remedy {
	return []diag.Remedy{{End: at.End(), Action: "let the host's firewall pass IP protocol 50, and UDP port 4500 where ESP is in UDP, to the host itself", Source: diag.NoSource}}
}

// shutOut: in a capture alone, packets come to a host, none is seen decrypted
// and nothing goes back.
func shutOut(t *traffic, s *sa) []diag.Evidence {
	to := s.from.Other()
	if s.came == nil || s.came.Flow.Packets < enough || s.came.Flow.Opened > 0 || t.listed[to] || t.way(to).left > 0 || counted(t.a, to, dropCounters...).OK {
		return nil
	}
	return weighed(s.came.Evidence, diag.Hint)
}

// cameUp: the tunnel came up, so the daemon got the peer's messages.
func cameUp(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	up := c.Attempt.ChildUp()
	return up.First(), up.OK
}

// neverUp: what is kept out are messages of IKE.
func neverUp(c diag.Case) (diag.Evidence, bool) {
	if _, up := cameUp(c); up || c.Attempt == nil {
		return diag.Evidence{}, false
	}
	first := opening(c.Attempt)
	return first.First(), first.OK
}

// errorsCounted: the kernel's counters of the end to be fixed are there.
func errorsCounted(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	side := diag.Initiator
	if c.Finding.FixAt == diag.EndResponder {
		side = diag.Responder
	}
	return c.View.Listed(c.Attempt.EndOf(side), diag.BodyCounter)
}
