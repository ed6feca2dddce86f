package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// ProposalMismatch finds two ends without a common phase-1 proposal.
var ProposalMismatch = &diag.Rule{
	Code: diag.IKEP1ProposalMismatch,
	Doc: diag.Doc{
		Meaning: "The initiator offers no combination of encryption, hash, group and authentication method that the responder accepts (RFC 2409, section 5).",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1PeerUnknown,
				Excluded: []diag.Exclusion{byConfigs, {If: listsCompared, Reason: "the responder found a configuration and compared its proposals"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "only the responder's log tells a missing configuration from a refused proposal"},
			},
			{
				Code:     diag.IKEP1AuthmethodMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: listsCompared, Reason: "the responder names the transforms that differ"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "only the responder's log tells which attribute it refuses"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEP1AuthmethodMismatch, diag.IKEVersionMismatch, diag.IKEExchangeModeMismatch},
		Common:   8,
		Remedy:   "configure one common proposal at both ends",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareProposals(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			if f, ok := proposalFinding(a); ok {
				if f.Detail == nil && !acceptedByProbe(a, &f) {
					continue // a probe was granted what was offered
				}
				out.AddTo(a, f)
			}
		}
	},
}

func proposalFinding(a *diag.Attempt) (f diag.Finding, ok bool) {
	refused := diag.Fact(a, diag.AnySide, func(c *diag.Check) bool {
		return c.What == diag.CheckProposal && !c.OK && c.Exchange != isakmp.ExchangeQuick
	})
	notify := notified(a, diag.AnySide, isakmp.NotifyNoProposalChosen)
	if failed(a, diag.AnySide, diag.CheckProposal, isakmp.ExchangeQuick).OK {
		return f, false // phase 1 was done before
	}
	if !refused.OK {
		// The initiator's view alone: a responder says the same for want of
		// a configuration.
		if ev := unnamedRefusal(a); len(ev) > 0 {
			return diag.Finding{FixAt: diag.EndEither, Evidence: ev, Summary: fmt.Sprintf("%s may accept none of the phase-1 proposals: it refuses the first message, and %s does not say with which words", a.NameOf(diag.Responder), a.NameOf(diag.Initiator))}, true
		}
		if !notify.OK || notify.V.Protected || notFound(a, diag.AnySide, diag.LookupGateway).OK {
			return f, false
		}
		return diag.Finding{FixAt: diag.EndEither, Evidence: notify.As(diag.Hint), Summary: fmt.Sprintf("%s accepts none of the phase-1 proposals, or has no configuration for this peer", a.NameOf(diag.Responder))}, true
	}
	f = diag.Finding{FixAt: diag.EndEither, Evidence: append(refused.As(diag.Strong), notify.As(diag.Background)...)}
	offered, accepted := proposalLists(a)
	f.Summary = a.NameOf(diag.Responder) + " accepts none of the phase-1 proposals that it was offered"
	if offered.OK && !accepted.OK {
		f.Evidence = append(f.Evidence, offered.As(diag.Background)...)
		f.Detail = diag.ProposalMismatch{Offered: offered.V.Proposals}
	}
	if offered.OK && accepted.OK {
		d := ike.Compare(offered.V.Proposals, accepted.V.Proposals)
		if !d.Match {
			f.Evidence = append(f.Evidence, append(offered.As(diag.Proof), accepted.As(diag.Proof)...)...)
			f.Detail = diag.ProposalMismatch{Attributes: d.Differ, Offered: offered.V.Proposals, Accepted: accepted.V.Proposals}
			f.Summary += ": " + attributeList(d.Differ)
		}
	}
	return f, true
}

// proposalLists returns what was offered and what the responder would accept.
func proposalLists(a *diag.Attempt) (offered, accepted diag.Known[*diag.Offer]) {
	list := func(role diag.OfferRole) diag.Known[*diag.Offer] {
		return diag.Fact(a, diag.AnySide, func(o *diag.Offer) bool { return !o.Phase2 && o.Role == role })
	}
	offered = list(diag.Offered)
	accepted = diag.Fact(a, diag.Responder, func(o *diag.Offer) bool { return !o.Phase2 && o.Role == diag.Configured })
	if !accepted.OK {
		accepted = diag.Fact(a, diag.SideUnknown, func(o *diag.Offer) bool { return !o.Phase2 && o.Role == diag.Configured })
	}
	return offered, accepted
}

func attributeList(attrs []ike.Attribute) string {
	if len(attrs) == 0 {
		return "no pair of them fits"
	}
	var names []string
	for _, a := range attrs {
		names = append(names, a.String())
	}
	return "they differ in " + strings.ReplaceAll(strings.Join(names, ", "), "_", " ")
}

// listsCompared: the responder compared proposals.
func listsCompared(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(k *diag.Check) bool { return k.What == diag.CheckProposal && !k.OK })
	return k.First(), k.OK
}
