package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// KeyLengthMissing finds a proposal for a cipher of variable key length that
// does not say how long the key is.
var KeyLengthMissing = &diag.Rule{
	Code: diag.IKEP2KeylenAttr,
	Doc: diag.Doc{
		Meaning: "AES has keys of three lengths, and a proposal for it has to name one (RFC 3602, section 5.3). One end leaves the attribute out; the other refuses the proposal.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP2ProposalMismatch, Ask: askConfig(diag.EndBoth, "it shows whether the suites fit apart from the length")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.IKEP2PFSMismatch},
		Common:   1,
		Remedy:   "name the key length in the proposal (aes128, aes256), or update the implementation that leaves it out",
		References: []diag.Reference{
			rfc(3602, "5.3", "IKE Phase 2 Key Length Attribute"),
			rfc(2407, "4.5", "IPSEC Security Association Attributes"),
		},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyOffer,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase2) {
			if a.Overtaken() {
				continue
			}
			if k := obstacle(a, diag.AnySide, diag.ObstacleKeyLength); k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s offers a cipher without its key length, which %s refuses", a.NameOf(k.Side.Other()), a.NameOf(k.Side))})
				continue
			}
			// A log may leave the length out of a name; a message that was read does not.
			o := diag.Fact(a, diag.AnySide, func(o *diag.Offer) bool {
				return o.Phase2 && o.Role == diag.Offered && len(o.Proposals) > 0 && !slices.ContainsFunc(o.Proposals, func(p ike.Proposal) bool { return !lacksLength(&p) })
			})
			n := notified2(a, diag.AnySide, isakmp.NotifyNoProposalChosen, isakmp.NotifyBadProposalSyntax)
			if o.OK && n.OK && o.First().Kind == diag.EvidencePacket {
				out.AddTo(a, diag.Finding{FixAt: o.Side.End(), Evidence: slices.Concat(o.As(diag.Strong), n.As(diag.Background)),
					Summary: fmt.Sprintf("%s offers AES without a key length, and is refused", a.NameOf(o.Side))})
			}
		}
	},
}

// lacksLength reports whether a proposal has AES and no length of its key.
func lacksLength(p *ike.Proposal) bool {
	return slices.ContainsFunc(p.Ciphers, func(c ike.CipherKey) bool { return c.Cipher == ike.CipherAESCBC && c.KeyBits == 0 })
}
