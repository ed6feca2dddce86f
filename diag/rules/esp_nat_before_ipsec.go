package rules

import (
	"cmp"
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// NATBeforeIPsec finds a gateway whose own source NAT takes the traffic that
// its IPsec policy is for.
var NATBeforeIPsec = &diag.Rule{
	Code: diag.ESPNATBeforeIpsec,
	Doc: diag.Doc{
		Meaning: "The gateway translates the addresses of outgoing traffic before it looks for an IPsec policy. Traffic for the tunnel then no longer has the addresses that the policy names: it leaves unprotected, under the gateway's address, " +
			"or goes into the tunnel from an address that the peer does not expect.",
		LookAlikes: []diag.LookAlike{
			{
				Code: diag.ESPNoRoute,
				Excluded: []diag.Exclusion{
					{If: configsCompared, Reason: "the configuration's own rule translates this traffic"},
					{If: seenOnWire, Reason: "the packets leave, with the gateway's address for a source"},
				},
				Ask: diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "counters of the policy and the translations tell where traffic goes"},
			},
		},
		Explains: []diag.Code{diag.IKEP2NotTriggered, diag.ESPSelectorGap, diag.ESPCleartextLeak},
		Common:   6,
		Remedy:   "exempt the traffic of the tunnel from the translation: by a rule that stands before it, or by denying it first in the access list that the translation uses",
		References: []diag.Reference{
			rfc(4301, "5.1", "Outbound IP Traffic Processing"),
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		clearAs(diag.ESPNATBeforeIpsec, v, out)
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK {
				continue
			}
			for i := range c.V.Children {
				k := &c.V.Children[i]
				if !k.Translated || k.Shunt {
					continue
				}
				e := v.ChildEvidence(c, i, "Translated").As(diag.Strong)
				f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{e, v.ChildEvidence(c, i, "Local").As(diag.Background)}}
				if p, ok := confPairOf(v); ok {
					f.FixAt = p.role(end)
				}
				f.Summary = fmt.Sprintf("%s translates the traffic from %s to %s before IPsec sees it", cmp.Or(v.EndName(end), "one end"), first(k.Local), first(k.Remote))
				r := diag.Remedy{End: f.FixAt, Action: "exempt the traffic of the tunnel from the translation, before this entry", Setting: k.At["Translated"].Setting, Source: e.Source, Line: e.Where.Line}
				if w := writingOf(c.V); w.exempt != nil {
					r.Value = w.exempt(k.Local, k.Remote, r.Setting)
				}
				f.Remedies = []diag.Remedy{r}
				out.Add(f)
				break
			}
		}
	},
}

// seenOnWire: the finding rests on packets.
func seenOnWire(c diag.Case) (diag.Evidence, bool) {
	for _, e := range c.Finding.Evidence {
		if e.Kind == diag.EvidencePacket && !e.Against {
			return e, true
		}
	}
	return diag.Evidence{}, false
}
