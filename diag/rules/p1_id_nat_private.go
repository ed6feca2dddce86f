package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// IDNATPrivate finds an end behind a NAT that calls itself by the address that
// nobody outside knows.
var IDNATPrivate = &diag.Rule{
	Code: diag.IKEP1IDNATPrivate,
	Doc: diag.Doc{
		Meaning: "An end behind an address translation declares its own address as its identity, which is what daemons do by default. " +
			"Its peer sees another address, and expects that one.",
		Explains: []diag.Code{diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted},
		Common:   7, // before the mismatch that it is a case of
		Remedy:   "give the end behind the translation an identity that does not depend on its address, and expect that one at its peer",
		References: []diag.Reference{
			rfc(2407, "4.6.2", "Identification Payload Content"),
			rfc(3947, "3.2", "Detecting the Presence of NAT"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyCheck,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if k := notFound(a, diag.AnySide, diag.LookupPeer); k.OK {
				if id := declared(a, diag.Initiator); id.OK {
					addPrivate(out, a, diag.Initiator, id.V.ID, slices.Concat(k.As(diag.Proof), id.As(diag.Background)))
				}
			}
			if k := failed(a, diag.AnySide, diag.CheckIdentity); k.OK && k.Side != diag.Responder {
				addPrivate(out, a, diag.Responder, k.V.Got, k.As(diag.Proof))
			}
		}
	},
}

// addPrivate reports a refused identity that is the address of a side behind a
// translation, other than the one its peer sees it at.
func addPrivate(out *diag.Sink, a *diag.Attempt, of diag.Side, id ike.Identity, ev []diag.Evidence) {
	nat := diag.Fact(a, of, func(n *diag.NAT) bool { return !n.None })
	addr, err := netip.ParseAddr(id.Value)
	_, seen := a.Addresses(of.Other())
	if !nat.OK || err != nil || !seen.IsValid() || seen == addr || id.Type != isakmp.IDIPv4 && id.Type != isakmp.IDIPv6 {
		return
	}
	out.AddTo(a, diag.Finding{FixAt: diag.EndBoth, Evidence: slices.Concat(ev, nat.As(diag.Background)),
		Detail:  diag.IdentityMismatch{Of: of.String(), Expected: seen.String(), Got: addr.String(), GotType: id.Type.String()},
		Summary: fmt.Sprintf("%s is behind an address translation and calls itself by its inner address %s, where its peer sees %s", a.NameOf(of), addr, seen)})
}
