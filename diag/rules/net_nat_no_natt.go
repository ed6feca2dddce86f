package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// NATWithoutTraversal finds an end that keeps ESP out of UDP although there is
// an address translation on the way.
var NATWithoutTraversal = &diag.Rule{
	Code: diag.NetNATNoNATT,
	Doc: diag.Doc{
		Meaning: "There is an address translation between the ends, and one of them is configured not to put ESP into UDP (RFC 3948). " +
			"ESP has no ports for the translation to tell connections apart by: packets pass in one direction only, for one host only, or not at all. " +
			"Some responders take no negotiation at all from a peer that does not offer it (RFC 3947, section 3.1).",
		Explains: []diag.Code{diag.NetESPBlocked, diag.NetESPOneway, diag.NetNATSingleClient},
		Common:   3,
		Remedy:   "allow UDP encapsulation at both ends",
		References: []diag.Reference{
			rfc(3947, "3.2", "Detecting the Presence of NAT"),
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleTraversal); k.OK && !a.Completed(diag.Phase2) {
				out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Phase: diag.Phase1, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s takes no negotiation from a peer that does not offer NAT traversal", a.NameOf(k.Side))})
			}
		}
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK || !c.V.NATTraversalOff {
				continue
			}
			at := c.V.At["NATTraversalOff"]
			off := v.PlaceEvidence(c, "NATTraversalOff").As(diag.Strong)
			f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{off}}
			if childUp(v) {
				f.Severity = diag.Warning // some translations let ESP pass
			}
			name := v.EndName(end)
			if name == "" {
				name = "one end"
			}
			f.Summary = fmt.Sprintf("%s keeps ESP out of UDP, and there is an address translation %s", name, between(v))
			f.Remedies = []diag.Remedy{{End: diag.EndEither, Action: "allow UDP encapsulation", Setting: at.Setting, Value: "auto", Source: off.Source, Line: off.Where.Line}}
			found := false
			for a := range v.Attempts() {
				if nat := translated(a); nat.OK {
					found = true
					g := f
					g.Evidence = slices.Concat(f.Evidence, nat.As(diag.Strong))
					out.AddTo(a, g)
				}
			}
			if p, ok := confPairOf(v); ok && !found && !childUp(v) {
				// The configurations show it as well: the other end calls an
				// address that this one does not have.
				for far := range 2 {
					want, have, known := p.addresses(far)
					if known && translates(want, have) {
						f.Evidence = slices.Concat(f.Evidence, []diag.Evidence{v.PlaceEvidence(p.c[far], "RemoteAddresses").As(diag.Hint)})
						out.Add(f)
						break
					}
				}
			}
		}
	},
}
