package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// KernelInstallFailed finds a host whose kernel does not take the SAs that
// were negotiated.
var KernelInstallFailed = &diag.Rule{
	Code: diag.IKEP2KernelInstallFailed,
	Doc: diag.Doc{
		Meaning: "Phase 2 was negotiated, and the kernel of one end refuses the SAs or the policies: an algorithm or a module is missing, a policy exists already, or what was agreed on cannot work there.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetAHNAT,
				Excluded: []diag.Exclusion{{If: notAH, Reason: "ESP was negotiated"}, {If: noNAT, Reason: "there is no NAT between the ends"}},
				Ask:      askConfig(diag.EndBoth, "AH through a NAT is refused by some kernels in the same words"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.IKEP2ProposalMismatch},
		Common:   3,
		Remedy:   "look up the kernel's error; load the missing module or agree on other algorithms",
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyNotify | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase2) {
			if k := obstacle(a, diag.AnySide, diag.ObstacleKernel); k.OK {
				f := diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof), Summary: fmt.Sprintf("the kernel of %s refuses the negotiated SAs", a.NameOf(k.Side))}
				if k.V.Detail != "" {
					f.Summary += ": " + diag.Quote(k.V.Detail)
				}
				out.AddTo(a, f)
				continue
			}
			if ev := secondRefused(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Evidence: ev,
					Summary: fmt.Sprintf("%s takes phase 2 back after it was agreed on: its kernel may refuse the SAs", a.NameOf(diag.Initiator))})
			}
		}
	},
}

// secondRefused: the responder had agreed, and the initiator sends a notify,
// or something encrypted, where the third message of quick mode was due.
func secondRefused(a *diag.Attempt) []diag.Evidence {
	second := sent(a, diag.Responder, isakmp.ExchangeQuick, 2)
	if !second.OK || !a.Over() || wasSent(a, diag.Initiator, isakmp.ExchangeQuick, 3) {
		return nil
	}
	if n := notified2(a, diag.Initiator, isakmp.NotifyNoProposalChosen, isakmp.NotifyAttributesNotSupported, isakmp.NotifyInvalidIDInformation); n.OK {
		return slices.Concat(second.As(diag.Background), n.As(diag.Hint))
	}
	m := informed(a, diag.Initiator)
	if !m.OK || a.Spoken() {
		return nil
	}
	return slices.Concat(second.As(diag.Background), m.As(diag.Hint))
}

// agreedProtocols finds the phase-2 proposal that was agreed on, with AH or
// without.
func agreed(a *diag.Attempt, ah bool) diag.Known[*diag.Offer] {
	return diag.Fact(a, diag.AnySide, func(o *diag.Offer) bool {
		if !o.Phase2 || o.Role != diag.Chosen {
			return false
		}
		for i := range o.Proposals {
			if (o.Proposals[i].Protocol == ike.ProtocolAH) == ah {
				return true
			}
		}
		return false
	})
}

// notAH: what was agreed on is no AH.
func notAH(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || agreed(c.Attempt, true).OK {
		return diag.Evidence{}, false
	}
	k := agreed(c.Attempt, false)
	return k.First(), k.OK
}

// noNAT: the ends found no NAT between them.
func noNAT(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || translated(c.Attempt).OK {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(n *diag.NAT) bool { return n.None })
	if k.OK {
		return k.First(), true
	}
	// A log says so where there is one, and nothing where there is none.
	up := stepped(c.Attempt, diag.AnySide, diag.Phase1Up)
	return up.First(), up.OK && c.Attempt.Spoken()
}

// AHNAT finds AH between ends with a NAT between them.
var AHNAT = &diag.Rule{
	Code: diag.NetAHNAT,
	Doc: diag.Doc{
		Meaning: "The two ends agreed on AH, and a NAT between them changes the addresses that AH protects (RFC 3715, section 2.1). Every packet would fail its check, and some kernels refuse such an SA at once.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP2KernelInstallFailed,
				Excluded: []diag.Exclusion{{If: ahThroughNAT, Reason: "AH was agreed on, and a NAT was found"}},
				Ask:      askLog(diag.EndInitiator, "it shows what was agreed on and why it was taken back"),
			},
		},
		Explains: []diag.Code{diag.IKEP2KernelInstallFailed, diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.LifeDeleteByPeer},
		Common:   2,
		Remedy:   "use ESP, which a NAT can carry in UDP, or end the tunnel outside the NAT",
		References: []diag.Reference{
			rfc(3715, "2.1", "Intrinsic NA(P)T Issues"),
			rfc(3947, "3.2", "Detecting the Presence of NAT"),
		},
	},
	Needs: 1 << diag.BodyNAT,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			nat := translated(a)
			if !nat.OK {
				continue
			}
			ah := agreed(a, true)
			refused := secondRefused(a)
			f := diag.Finding{FixAt: diag.EndBoth}
			switch {
			case ah.OK:
				w := diag.Strong
				if ownWord(a).OK {
					w = diag.Proof
				}
				f.Evidence = slices.Concat(nat.As(w), ah.As(w))
				f.Summary = "the two ends agreed on AH, which the NAT between them breaks"
			case len(refused) > 0 && !a.Completed(diag.Phase2) && !a.Spoken():
				f.Evidence = slices.Concat(nat.As(diag.Hint), refused)
				f.Summary = fmt.Sprintf("%s takes phase 2 back; with a NAT on the way it may be for AH", a.NameOf(diag.Initiator))
			default:
				continue
			}
			out.AddTo(a, f)
		}
	},
}

// ownWord finds a side that says of itself that it is behind a NAT. That the
// peer is may be the peer's pretence, to have its packets put into UDP.
func ownWord(a *diag.Attempt) diag.Known[*diag.NAT] {
	return diag.Fact(a, diag.AnySide, func(n *diag.NAT) bool { return !n.None && n.Behind == diag.Self })
}

// ahThroughNAT: both are known.
func ahThroughNAT(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || !translated(c.Attempt).OK {
		return diag.Evidence{}, false
	}
	k := agreed(c.Attempt, true)
	return k.First(), k.OK
}
