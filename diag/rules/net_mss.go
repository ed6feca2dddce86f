package rules

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/diag"
)

// MSSClampMissing finds TCP connections through the tunnel that ask for larger
// segments than fit into it.
var MSSClampMissing = &diag.Rule{
	Code: diag.NetMSSClampMissing,
	Doc: diag.Doc{
		Meaning: "The hosts behind the gateways know nothing of the tunnel and announce the segment size of their own link. What they are then sent does not fit once it is encapsulated: " +
			"it is lost where reports of that are, else it travels in fragments. A gateway that lowers the number in the first segments of each connection spares them that.",
		Explains: []diag.Code{diag.NetESPFragmented},
		Common:   5,
		Remedy:   "clamp the MSS of TCP connections through the tunnel at both gateways",
		References: []diag.Reference{
			rfc(9293, "3.7.1", "Maximum Segment Size Option"),
			rfc(4459, "3.2", "Signalling the Lower MTU to the Sources"),
		},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) { eachWay(v, out, unclamped) },
}

// unclamped finds out whether connections in a direction ask for more than the
// other direction takes.
func unclamped(t *traffic, s *sa) (f diag.Finding, ok bool) {
	asks := 0
	for _, x := range s.flows() {
		if mss := int(x.Flow.MSS); mss > asks {
			asks, f.Evidence = mss, weighed(x.Evidence, diag.Strong)
		}
	}
	for _, o := range t.sas {
		if asks == 0 || o.from == s.from {
			continue
		}
		big, ok := swallowed(t, o)
		if !ok {
			if big, ok = fragmented(t.a, o); ok {
				big.Remedies = mtuRemedies(t.a, o, ethernet, 0, 0) // of links with less it is not known
			}
		}
		i := slices.IndexFunc(big.Remedies, func(r diag.Remedy) bool { return r.Setting == settingMSS })
		if !ok || i < 0 {
			continue
		}
		if fits, _ := strconv.Atoi(big.Remedies[i].Value); fits < asks {
			f.FixAt, f.Remedies = diag.EndBoth, big.Remedies[i:i+1]
			f.Remedies[0].Action = "clamp the MSS of TCP connections through the tunnel to the value"
			f.Evidence = slices.Concat(f.Evidence, weighed(big.Evidence, diag.Strong))
			f.Summary = fmt.Sprintf("TCP connections from behind %s ask for segments of %d octets, and %d fit the tunnel", t.a.NameOf(s.from), asks, fits)
			return f, true
		}
	}
	return f, false
}

// settingMSS is what a remedy calls the segment size.
const settingMSS = "TCP MSS"
