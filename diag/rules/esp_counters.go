package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// What the counters of a Linux kernel's IPsec say
// (Documentation/networking/xfrm_proc.rst). They are the host's: of a gateway
// with several tunnels they tell which kind of packets is dropped, not whose.

// counterCheck reports the counters of a gateway that stand for a code.
func counterCheck(v *diag.View, out *diag.Sink, what string, names ...string) {
	a := v.Last()
	if a == nil || !childUp(v) {
		return
	}
	for _, side := range bothSides {
		k := counted(a, side, names...)
		if !k.OK {
			continue
		}
		f := diag.Finding{FixAt: side.End(), Evidence: k.As(diag.Strong), Summary: fmt.Sprintf("the kernel of %s %s (%s)", a.NameOf(side), what, tally(k.V))}
		if !a.View().Sole(a.EndOf(side)) {
			f.Evidence = k.As(diag.Hint)
			f.Severity = diag.Warning
		} else if k.V.Value < enough {
			f.Severity = diag.Warning
			if t := trafficOf(a); t.way(side.Other()).arrived > 0 && t.way(side).left > 0 {
				f.Severity = diag.Info // stray packets of before
			}
		}
		out.AddTo(a, f)
	}
}

// kernelListed reports whether a side's kernel lists its SAs, each of which
// counts what it drops.
func kernelListed(v *diag.View, side diag.Side) bool {
	for a := range v.Attempts() {
		if slices.ContainsFunc(a.SAs(), func(h diag.Held) bool { return h.At == side && h.SA.Half }) {
			return true
		}
	}
	return false
}

// tally says what a counter counted, and since when.
func tally(c *diag.Counter) string {
	if c.Delta {
		return fmt.Sprintf("%s rose by %d between the snapshots", cmp.Or(c.Said, c.Name), c.Value)
	}
	return c.String()
}

// kernelCounters is where the meaning of a kernel's counters stands.
func kernelCounters() diag.Reference {
	return diag.Reference{Title: "Linux kernel documentation: XFRM proc - /proc/net/xfrm_* files", URL: "https://docs.kernel.org/networking/xfrm_proc.html"}
}

// UDPEncapMismatch finds ESP that comes in UDP and should not, or the reverse.
var UDPEncapMismatch = &diag.Rule{
	Code: diag.ESPUdpencapMismatch,
	Doc: diag.Doc{
		Meaning:    "One end puts ESP into UDP and the other expects it without, or the reverse (RFC 3948): the receiver finds the SA and drops the packet.",
		Common:     2,
		Remedy:     "force UDP encapsulation at both ends, or let both find out about NAT anew",
		References: []diag.Reference{rfc(3948, "2.1", "UDP-Encapsulated ESP Header Format"), kernelCounters()},
	},
	Needs: 1<<diag.BodyCounter | 1<<diag.BodySA | 1<<diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			for _, s := range trafficOf(a).sas {
				if s.came == nil || !s.in.listed || s.in.ah || s.came.Flow.InUDP == s.in.encap || s.in.packets > 0 {
					continue
				}
				to, summary := s.from.Other(), "%s expects ESP in UDP, and it comes without"
				if s.came.Flow.InUDP {
					summary = "%s expects ESP without UDP, and it comes in UDP"
				}
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Summary: fmt.Sprintf(summary, a.NameOf(to)),
					Evidence: slices.Concat(weighed(s.in.evidence, diag.Proof), weighed(s.came.Evidence, diag.Strong))})
				return
			}
		}
		counterCheck(v, out, "gets packets that do not fit their SA, as ESP in UDP for one without", "XfrmInStateMismatch")
	},
}

// SequenceOverflow finds an SA that has used up its sequence numbers.
var SequenceOverflow = &diag.Rule{
	Code: diag.ESPSeqOverflow,
	Doc: diag.Doc{
		Meaning:    "An SA has used up its 32-bit sequence numbers, and may not begin anew (RFC 4303, section 3.3.3): nothing is sent until another is negotiated.",
		Common:     1,
		Remedy:     "use extended sequence numbers, or negotiate anew after fewer packets",
		References: []diag.Reference{rfc(4303, "3.3.3", "Sequence Number Generation"), kernelCounters()},
	},
	Needs: 1 << diag.BodyCounter,
	Check: func(v *diag.View, out *diag.Sink) {
		counterCheck(v, out, "cannot send since an SA's sequence numbers are used up", "XfrmOutStateSeqError")
	},
}

// StateExpired reports packets on an SA whose lifetime is over.
var StateExpired = &diag.Rule{
	Code: diag.ESPStateExpired,
	Doc: diag.Doc{
		Meaning:    "Packets use an SA past its hard lifetime. Why it was not replaced in time is for another finding to say.",
		References: []diag.Reference{rfc(4301, "4.4.2.1", "Data Items in the SAD"), kernelCounters()},
	},
	Needs: 1 << diag.BodyCounter,
	Check: func(v *diag.View, out *diag.Sink) {
		counterCheck(v, out, "drops packets on SAs whose lifetime is over", "XfrmInStateExpired", "XfrmOutStateExpired")
	},
}
