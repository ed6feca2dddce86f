package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// IDPSKMainMode finds a connection that cannot choose its key: in main mode
// with a pre-shared key the peer's name comes encrypted with it.
var IDPSKMainMode = &diag.Rule{
	Code: diag.IKEP1IDPSKMainmode,
	Doc: diag.Doc{
		Meaning: "The connection is for a peer at any address that is known by a name, in main mode with a pre-shared key of its own. The name comes in the fifth message, encrypted with keys that the pre-shared key goes into: " +
			"it has to be found by the peer's address alone (RFC 2409, section 5.4). Where several such peers have different keys, the wrong one is taken for all but one of them.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP1PSKMismatch, Ask: askLog(diag.EndResponder, "it shows which connection and which key were taken")},
		},
		Common: 3,
		Remedy: "use certificates for peers without a fixed address, or one key for all of them, or give each a fixed address",
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK || !keyUnfindable(c.V) {
				continue
			}
			f := diag.Finding{FixAt: diag.EndResponder, Evidence: []diag.Evidence{v.PlaceEvidence(c, "RemoteID").As(diag.Strong), v.SecretEvidence(c).As(diag.Background)},
				Summary: fmt.Sprintf("the key for %s cannot be chosen by its name in main mode: other peers without a fixed address have other keys", diag.Quote(c.V.RemoteID.String()))}
			if v.Up() {
				f.Severity = diag.Info
			}
			out.Add(f)
			return
		}
	},
}

// keyUnfindable reports whether a connection's key stands under a name, its
// peer may be at any address, and others of the same configuration may be meant.
func keyUnfindable(c *diag.Connection) bool {
	named := c.RemoteID.Type == isakmp.IDFQDN || c.RemoteID.Type == isakmp.IDUserFQDN || c.RemoteID.Type == isakmp.IDKeyID
	return isPSK(c.LocalAuth) && c.Version == 1 && c.Mode == isakmp.ExchangeMain && c.RemoteAny && named && !c.RemoteID.Any &&
		c.PSK.State == diag.PSKKnown && !c.PSK.Wildcard && c.PSK.OthersDiffer
}
