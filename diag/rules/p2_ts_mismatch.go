package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// TSMismatch finds selectors of a quick mode that the responder has no child
// for.
var TSMismatch = &diag.Rule{
	Code: diag.IKEP2TSMismatch,
	Doc: diag.Doc{
		Meaning: "The subnets that the initiator asks a tunnel for (IDci and IDcr of RFC 2409, section 5.5) are not the ones that the responder is configured for, seen from its side.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP2ModeMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: selectorsCompared, Reason: "the selectors themselves differ"}},
				Ask:      diag.Missing{Kind: diag.KindConfig, End: diag.EndBoth, Why: "a child that differs in mode only is refused in the same words"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch},
		Common:   8,
		Remedy:   "configure the same pair of subnets at both ends, mirrored",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyConnection | 1<<diag.BodyGaveUp | 1<<diag.BodyMessage,
	Check: func(v *diag.View, sink *diag.Sink) {
		c := compareSelectors(v, tsMismatch)
		if c.state != differ {
			if more := leftover(v); more.state == differ {
				c = more
			}
		}
		out := joined(v, sink, c)
		defer out.rest(diag.Phase2)
		for a := range v.Attempts() {
			if a.Completed(diag.Phase2) {
				secondChild(a, out)
				continue
			}
			if k := notFound(a, diag.AnySide, diag.LookupChild); k.OK {
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong)}
				f.Summary = fmt.Sprintf("%s has no child for the subnets that it is asked for", a.NameOf(diag.Responder))
				asked := requested(a, k)
				if asked.OK {
					f.Evidence = append(f.Evidence, asked.As(diag.Background)...)
					f.Summary = fmt.Sprintf("%s has no child for %s to %s", a.NameOf(diag.Responder), first(asked.V.Local), first(asked.V.Remote))
					f.Detail = selectorDetail(a, asked)
				}
				out.AddTo(a, f)
				continue
			}
			if n := notified2(a, diag.AnySide, isakmp.NotifyInvalidIDInformation); n.OK && n.Side != diag.Initiator {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Strong),
					Summary: fmt.Sprintf("%s refuses the subnets that the initiator asks for", a.NameOf(diag.Responder))})
				continue
			}
			if ev := quickUnanswered(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s leaves phase 2 without an answer, perhaps for the subnets that it is asked for", a.NameOf(diag.Responder))})
				continue
			}
			if n, ok := refusedSubnets(a); ok {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Strong),
					Summary: "the peer refuses the subnets that it is asked for"})
			}
		}
	},
}

// refusedSubnets finds a refusal of identities in a log that shows selectors
// being proposed, and not that phase 1 was done: identities of phase 2 are
// subnets.
func refusedSubnets(a *diag.Attempt) (n diag.Known[*diag.Notify], ok bool) {
	n = notified(a, diag.AnySide, isakmp.NotifyInvalidIDInformation)
	own := diag.Fact(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Configured })
	return n, n.OK && own.OK
}

// requested finds the selectors that were asked for, the responder's own
// first.
func requested(a *diag.Attempt, k diag.Known[*diag.LookedUp]) diag.Known[*diag.Traffic] {
	if len(k.V.Local) > 0 {
		return diag.Known[*diag.Traffic]{V: &diag.Traffic{Local: k.V.Local, Remote: k.V.Remote}, OK: true, Evidence: k.Evidence}
	}
	return diag.Fact(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Offered && len(t.Local) > 0 })
}

func selectorDetail(a *diag.Attempt, asked diag.Known[*diag.Traffic]) diag.SelectorMismatch {
	d := diag.SelectorMismatch{RequestedLocal: texts(asked.V.Local), RequestedRemote: texts(asked.V.Remote)}
	for t := range diag.Facts[diag.Traffic](a, diag.AnySide) {
		if t.V.Role == diag.Configured && t.Side != diag.Initiator {
			d.ConfiguredLocal = append(d.ConfiguredLocal, texts(t.V.Local)...)
			d.ConfiguredRemote = append(d.ConfiguredRemote, texts(t.V.Remote)...)
		}
	}
	return d
}

func texts(list []ike.Selector) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, s.String())
	}
	return out
}

func first(list []ike.Selector) string {
	if len(list) == 0 {
		return "anything"
	}
	return list[0].String()
}

// selectorsCompared: the configurations' selectors were compared.
func selectorsCompared(c diag.Case) (diag.Evidence, bool) { return c.Has(diag.EvidenceConfig) }
