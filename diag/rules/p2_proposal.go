package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// ChildProposalMismatch finds two ends without a common proposal for phase 2.
var ChildProposalMismatch = &diag.Rule{
	Code: diag.IKEP2ProposalMismatch,
	Doc: diag.Doc{
		Meaning:  "Phase 1 is done, and the initiator offers no combination of protocol, encryption and integrity for phase 2 that the responder accepts (RFC 2409, section 5.5).",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2KernelInstallFailed, diag.LifeDeleteByPeer},
		Common:   8,
		Remedy:   "configure one common phase-2 proposal at both ends",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
			rfc(2407, "4.5", "IPSEC Security Association Attributes"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyConnection | 1<<diag.BodyProgress,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareSuites(v, suiteAlgorithms))
		defer out.rest(diag.Phase2)
		for a := range v.Unfinished(diag.Phase2) { // the others are RekeyPhase2Failed's
			if r, ok := childRefusal(a); ok {
				if !r.onlyGroup() && !r.only(ike.AttrESN) && !r.protocols() {
					out.AddTo(a, r.finding(a, "the phase-2 proposals"))
				}
				continue
			}
			if n := notified2(a, diag.AnySide, isakmp.NotifyNoProposalChosen); n.OK && n.Side != diag.Initiator && !refusesChild(a) {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Strong),
					Summary: fmt.Sprintf("%s accepts none of the phase-2 proposals that it was offered", a.NameOf(diag.Responder))})
				continue
			}
			if ev := quickUnanswered(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s leaves phase 2 without an answer, perhaps for want of a common proposal", a.NameOf(diag.Responder))})
				continue
			}
			if ev := quickGone(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s refuses phase 2, perhaps for want of a common proposal", a.NameOf(diag.Responder))})
				// It may as well be about the subnets: what refuses is
				// encrypted.
				if selectorsNotSaid(v) {
					out.AddTo(a, diag.Finding{Code: diag.IKEP2TSMismatch, FixAt: diag.EndEither, Evidence: ev,
						Remedies: []diag.Remedy{{End: diag.EndEither, Action: TSMismatch.Doc.Remedy, Source: diag.NoSource}},
						Summary:  fmt.Sprintf("%s refuses phase 2, perhaps for the subnets that it is asked for", a.NameOf(diag.Responder))})
				}
			}
		}
	},
}

// ChildPFSMismatch finds one end that wants perfect forward secrecy in phase 2
// and one that does not, or two that want it with different groups.
var ChildPFSMismatch = &diag.Rule{
	Code: diag.IKEP2PFSMismatch,
	Doc: diag.Doc{
		Meaning: "Only one end wants a fresh Diffie-Hellman exchange in phase 2 (perfect forward secrecy; RFC 2409, section 5.5), or the two want different groups. All else fits.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP2ProposalMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: groupOnly, Reason: "the proposals differ in the group only"}},
				Ask:      askLog(diag.EndResponder, "only the responder's log tells in what the proposals differ"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.LifeDeleteByPeer},
		Common:   5,
		Remedy:   "configure the same group for perfect forward secrecy at both ends, or none at both",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
			rfc(2409, "8", "Perfect Forward Secrecy"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyConnection | 1<<diag.BodyProgress,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareSuites(v, suitePFS))
		defer out.rest(diag.Phase2)
		for a := range v.Unfinished(diag.Phase2) {
			if r, ok := childRefusal(a); ok {
				if r.onlyGroup() {
					out.AddTo(a, r.finding(a, "perfect forward secrecy of phase 2"))
				}
				continue
			}
			if ev := keylessAnswer(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s does not take the answer of %s, which is so much shorter that the group for perfect forward secrecy may be missing", a.NameOf(diag.Initiator), a.NameOf(diag.Responder))})
				continue
			}
			ev := slices.Concat(quickGone(a), quickUnanswered(a))
			if n := notified2(a, diag.AnySide, isakmp.NotifyNoProposalChosen); n.OK && n.Side != diag.Initiator && !refusesChild(a) {
				ev = n.As(diag.Hint)
			}
			if len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s may want another group for perfect forward secrecy", a.NameOf(diag.Responder))})
			}
		}
	},
}

// refusal is an end that compared phase-2 proposals and took none: the responder,
// of those that it was offered, or the initiator, which does not take what the
// responder has chosen.
type refusal struct {
	check             diag.Known[*diag.Check]
	offered, accepted diag.Known[*diag.Offer]
	comparison        ike.Comparison
	compared          bool
}

// childRefusal finds one, with the lists that it compared.
func childRefusal(a *diag.Attempt) (r refusal, ok bool) {
	r.check = failed(a, diag.AnySide, diag.CheckProposal, isakmp.ExchangeQuick)
	if !r.check.OK {
		return r, false
	}
	role := diag.Offered
	if r.byInitiator() {
		role = diag.Chosen
	}
	r.offered = offerBefore(a, r.check.First(), role)
	r.accepted = offerBefore(a, r.check.First(), diag.Configured)
	if r.offered.OK && r.accepted.OK {
		r.comparison = ike.Compare(r.offered.V.Proposals, r.accepted.V.Proposals)
		r.compared = !r.comparison.Match
	}
	return r, true
}

// offerBefore finds the last phase-2 list of a role that the same source shows
// before a piece of evidence.
func offerBefore(a *diag.Attempt, e diag.Evidence, role diag.OfferRole) (best diag.Known[*diag.Offer]) {
	for k := range diag.Facts[diag.Offer](a, diag.AnySide) {
		if !k.V.Phase2 || k.V.Role != role || !e.After(k.First()) {
			continue
		}
		if !best.OK || k.First().After(best.First()) {
			best = k
		}
	}
	return best
}

// byInitiator reports whether it is the answer that is refused.
func (r *refusal) byInitiator() bool { return r.check.Side == diag.Initiator }

// protocols reports whether the lists were compared and protect with different
// protocols.
func (r *refusal) protocols() bool {
	return r.compared && slices.Contains(r.comparison.Differ, ike.AttrProtocol)
}

func (r *refusal) onlyGroup() bool {
	return r.check.V.Payload == isakmp.PayloadKE || r.only(ike.AttrGroup)
}

func (r *refusal) finding(a *diag.Attempt, what string) diag.Finding {
	f := diag.Finding{FixAt: diag.EndEither, Evidence: r.check.As(diag.Strong)}
	f.Summary = fmt.Sprintf("%s accepts none of the phase-2 proposals that it was offered", a.NameOf(diag.Responder))
	if r.byInitiator() {
		f.Summary = fmt.Sprintf("%s does not take what %s has chosen for phase 2", a.NameOf(diag.Initiator), a.NameOf(diag.Responder))
	}
	if !r.compared {
		return f
	}
	w := diag.Proof
	if r.comparison.Incomplete {
		w = diag.Strong
	}
	f.Evidence = append(f.Evidence, slices.Concat(r.offered.As(w), r.accepted.As(w))...)
	f.Detail = diag.ProposalMismatch{Phase2: true, Attributes: r.comparison.Differ, Offered: r.offered.V.Proposals, Accepted: r.accepted.V.Proposals}
	f.Summary = fmt.Sprintf("the two ends do not agree on %s: %s", what, attributeList(r.comparison.Differ))
	return f
}

// groupOnly: the proposals were compared and differ in the group only.
func groupOnly(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	r, ok := childRefusal(c.Attempt)
	return r.accepted.First(), ok && r.onlyGroup()
}

// keylessAnswer: the initiator refuses the second message of quick mode, which is
// shorter than the first by more than the smallest key exchange takes. A
// responder that does not know the group may leave it out and go on.
func keylessAnswer(a *diag.Attempt) []diag.Evidence {
	ev := secondRefused(a)
	if len(ev) == 0 {
		return nil
	}
	first, second := sent(a, diag.Initiator, isakmp.ExchangeQuick, 1), sent(a, diag.Responder, isakmp.ExchangeQuick, 2)
	if !first.OK || first.V.Length < second.V.Length+smallestKE || second.V.Length == 0 {
		return nil
	}
	return slices.Concat(first.As(diag.Background), ev)
}

// smallestKE is the size of a key exchange payload with the least public value of
// a group in use, of 256 bits (RFC 5903, section 8.1).
const smallestKE = 4 + 64

// quickRefused: in captures, the responder answers the first message of quick
// mode with something encrypted that is not the second.
func quickRefused(a *diag.Attempt) []diag.Evidence {
	if a.Spoken() || !a.Over() || a.Completed(diag.Phase2) {
		return nil
	}
	first := sent(a, diag.Initiator, isakmp.ExchangeQuick, 1)
	answer := diag.Fact(a, diag.Responder, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeInformational && m.Encrypted && !m.Opened
	})
	if !first.OK || !answer.OK || wasSent(a, diag.Responder, isakmp.ExchangeQuick, 2) {
		return nil
	}
	return slices.Concat(first.As(diag.Background), answer.As(diag.Hint))
}

// quickGone: quick mode failed, and nothing tells why.
func quickGone(a *diag.Attempt) []diag.Evidence {
	if ev := quickRefused(a); len(ev) > 0 {
		return ev
	}
	over := stepped(a, diag.AnySide, diag.Phase2Failed)
	if !over.OK || a.Completed(diag.Phase2) {
		return nil
	}
	said := diag.Any(a, diag.AnySide, func(n *diag.Notify) bool { return n.Type < 16384 }) ||
		diag.Any(a, diag.AnySide, func(c *diag.Check) bool { return !c.OK }) ||
		diag.Any(a, diag.AnySide, func(l *diag.LookedUp) bool { return !l.Found }) ||
		diag.Any(a, diag.AnySide, func(*diag.Obstacle) bool { return true }) ||
		diag.Any(a, diag.AnySide, func(*diag.GaveUp) bool { return true })
	if said {
		return nil
	}
	return over.As(diag.Hint)
}

// selectorsNotSaid: no attempt has a responder that says it has no child for
// the selectors; where one does, TSMismatch reports it.
func selectorsNotSaid(v *diag.View) bool {
	for a := range v.Attempts() {
		if notFound(a, diag.AnySide, diag.LookupChild).OK || notified2(a, diag.AnySide, isakmp.NotifyInvalidIDInformation).OK {
			return false
		}
	}
	return true
}

// refusesChild reports whether a side's own word says what it has against the
// quick mode, other than that no proposal fits.
func refusesChild(a *diag.Attempt) bool {
	return notFound(a, diag.AnySide, diag.LookupChild).OK || obstacle(a, diag.AnySide, diag.ObstacleKernel, diag.ObstacleEncapsulation, diag.ObstacleEncapsulationNumber, diag.ObstacleKeyLength).OK
}
