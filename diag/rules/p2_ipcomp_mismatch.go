package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// IPCompMismatch finds two ends of which only one wants to compress.
var IPCompMismatch = &diag.Rule{
	Code: diag.IKEP2IpcompMismatch,
	Doc: diag.Doc{
		Meaning: "Only one end is configured for IP payload compression (RFC 3173). Some implementations go on without, some refuse the proposal.",
		Common:  2,
		Remedy:  "compress at both ends or at none; where lines are fast, none is the better choice",
		References: []diag.Reference{
			{Title: "RFC 3173: IP Payload Compression Protocol (IPComp)", URL: "https://www.rfc-editor.org/rfc/rfc3173"},
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, sink *diag.Sink) {
		c := compareKids(v, func(k kidPair) compared {
			if k.k[0].Compressed == k.k[1].Compressed {
				return compared{}
			}
			c := k.differing([2]string{"Compressed", "Compressed"}, diag.Strong,
				fmt.Sprintf("only one of %s and %s compresses what it sends", k.p.name(0), k.p.name(1)), "compress at both ends or at none", [2]string{})
			c.finding.Severity = diag.Warning
			return c
		})
		if childUp(v) {
			return // they go on without
		}
		out := joined(v, sink, c)
		defer out.rest(diag.Phase2)
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleIPComp); k.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Severity: diag.Error, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s does not compress, and refuses a quick mode of its peer, which does", a.NameOf(k.Side))})
			}
		}
	},
}
