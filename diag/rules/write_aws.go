package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/ike"
)

// writeAWS is for the options of a tunnel as AWS's API has them. It has tunnel
// and main mode only.
var writeAWS = writing{
	algorithms: ike.DialectAWS,
	single:     true,
	versions:   [2]string{"ikev1", "ikev2"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	pfs: func(g ike.Group, _ string) (string, string) {
		if g == ike.GroupNone { // it insists on a group
			return "", ""
		}
		return "Phase2DHGroupNumbers", fmt.Sprint(uint16(g))
	},
}
