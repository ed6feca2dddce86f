package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// ESNMismatch finds two ends of which only one counts with 64 bits.
var ESNMismatch = &diag.Rule{
	Code: diag.IKEP2ESNMismatch,
	Doc: diag.Doc{
		Meaning: "Only one end wants extended sequence numbers, 64 bits instead of 32 (RFC 4303, section 2.2.1; RFC 4304). All else of the phase-2 proposals fits.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP2ProposalMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: sequenceOnly, Reason: "the proposals differ in the sequence numbers only"}},
				Ask:      askLog(diag.EndResponder, "only the responder's log tells in what the proposals differ"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.LifeDeleteByPeer},
		Common:   2,
		Remedy:   "use extended sequence numbers at both ends, or at none",
		References: []diag.Reference{
			{Title: "RFC 4304: Extended Sequence Number (ESN) Addendum to IPsec Domain of Interpretation", URL: "https://www.rfc-editor.org/rfc/rfc4304"},
			rfc(4303, "2.2.1", "Extended (64-bit) Sequence Number"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareSuites(v, suiteESN))
		defer out.rest(diag.Phase2)
		for a := range v.Unfinished(diag.Phase2) {
			if r, ok := childRefusal(a); ok && r.only(ike.AttrESN) {
				out.AddTo(a, r.finding(a, "extended sequence numbers"))
			}
		}
	},
}

// only reports whether the lists were compared and differ in one attribute.
func (r *refusal) only(attr ike.Attribute) bool {
	return r.compared && slices.Equal(r.comparison.Differ, []ike.Attribute{attr})
}

// sequenceOnly: the proposals were compared and differ in the sequence numbers
// only.
func sequenceOnly(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	r, ok := childRefusal(c.Attempt)
	return r.accepted.First(), ok && r.only(ike.AttrESN)
}

// sequences says how wide the sequence numbers of proposals are.
func sequences(ps []ike.Proposal) string {
	wide, narrow := false, false
	for _, p := range ps {
		for _, x := range p.ESN {
			wide, narrow = wide || x, narrow || !x
		}
		narrow = narrow || len(p.ESN) == 0
	}
	switch {
	case wide && narrow:
		return "either"
	case wide:
		return "64 bits"
	}
	return "32 bits"
}
