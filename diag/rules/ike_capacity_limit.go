package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// CapacityLimit finds a gateway that has no room for another tunnel.
var CapacityLimit = &diag.Rule{
	Code: diag.IKECapacityLimit,
	Doc: diag.Doc{
		Meaning: "A gateway refuses a tunnel since it has as many as its licence, its hardware or its daemon allow, or since it is out of memory.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEHalfOpenLimit, Ask: askLog(diag.EndResponder, "it shows whether established tunnels or unfinished negotiations are too many")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.NetUDP500Blocked},
		Common:   2,
		Remedy:   "take down what is not used, find out what eats the memory, or get a licence or a device for more tunnels",
		References: []diag.Reference{
			rfc(2408, "2.5.3", "Anti-Clogging Token (\"Cookie\") Creation"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase2) {
			if a.Overtaken() {
				continue
			}
			k := obstacle(a, diag.AnySide, diag.ObstacleCapacity)
			if !k.OK {
				k = hostMet(a, diag.ObstacleCapacity)
			}
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s has no room for another tunnel: %s", a.NameOf(k.Side), what(k.V.Detail))})
				return
			}
		}
	},
}

// what names what is used up.
func what(detail string) string {
	if detail == "" {
		return "something is used up"
	}
	return "no more " + detail
}
