package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// Flapping finds a tunnel that comes up and goes down all the time.
var Flapping = &diag.Rule{
	Code: diag.LifeFlapping,
	Doc: diag.Doc{
		Meaning: "The tunnel comes up and is lost soon after, again and again. What ends it each time is the cause: dead peer detection, an end that deletes it, two clients with one identity.",
		Remedy:  "look for what the end that takes the SAs down says before it does",
		Common:  4,
		References: []diag.Reference{
			rfc(2408, "3.15", "Delete Payload"),
		},
	},
	Needs: 1 << diag.BodyOutage,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil {
			return
		}
		n, ev := v.Flaps()
		if n >= enough {
			out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: weighed(ev, diag.Proof),
				Summary: fmt.Sprintf("the tunnel %s comes up and is lost again within %d s, %d times so far", between(v), diag.ShortLived, n)})
		}
	},
}
