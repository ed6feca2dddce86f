package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// SessionLimit reports a tunnel that was taken down since it was up for as
// long as is allowed.
var SessionLimit = &diag.Rule{
	Code: diag.LifeSessionLimit,
	Doc: diag.Doc{
		Meaning:    "One end allows a connection to be up for so long and no longer, whatever passes through it, and took the tunnel down. It comes back when somebody makes it.",
		Explains:   []diag.Code{diag.LifeDeleteByPeer, diag.ESPCleartextLeak},
		Common:     3,
		Remedy:     "raise the maximum connect time of the policy, or take it out",
		References: []diag.Reference{rfc(2408, "3.15", "Delete Payload")},
	},
	Needs: 1 << diag.BodyTeardown,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			k := teardown(a, diag.AnySide, false, diag.EndedLimit)
			if !k.OK {
				return nil
			}
			return &diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
				Summary: fmt.Sprintf("%s took the tunnel down since it was up for as long as is allowed", a.NameOf(k.Side))}
		})
	},
}

// DPDUnsupported finds a peer that cannot do dead peer detection.
var DPDUnsupported = &diag.Rule{
	Code: diag.LifeDPDUnsupported,
	Doc: diag.Doc{
		Meaning:    "One end is configured to find out whether its peer is alive, and the peer did not say that it can tell (RFC 3706, section 5.1): a peer that dies goes unnoticed until the SAs run out.",
		Common:     3,
		Remedy:     "turn dead peer detection on at the peer, or watch the tunnel by other means, such as a ping through it",
		References: []diag.Reference{rfc(3706, "5.1", "DPD Vendor ID")},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleNoDPD)
			if !k.OK || a.Overtaken() {
				continue
			}
			f := diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Proof), Severity: diag.Info,
				Summary: fmt.Sprintf("%s does not do dead peer detection: if it dies, nobody notices", a.NameOf(k.Side.Other()))}
			out.AddTo(a, f)
		}
	},
}

// DPDSequence finds messages of dead peer detection with wrong sequence
// numbers.
var DPDSequence = &diag.Rule{
	Code: diag.LifeDPDSeq,
	Doc: diag.Doc{
		Meaning:    "The peer's messages of dead peer detection have sequence numbers that do not follow each other (RFC 3706, section 6). They are not believed, so a peer that is alive may be taken for dead.",
		Common:     1,
		Remedy:     "update the peer's software; else give detection more tries, or turn it off at one end",
		References: []diag.Reference{rfc(3706, "6", "Resistance to Replay Attack and False Proof of Liveliness")},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleDPDSequence)
			if !k.OK || a.Overtaken() {
				continue
			}
			f := diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Strong),
				Summary: fmt.Sprintf("%s sends dead peer detection with wrong sequence numbers", a.NameOf(k.Side.Other()))}
			if k.Count < 2 {
				f.Severity = diag.Info // a late or a doubled packet does it once
			}
			out.AddTo(a, f)
		}
	},
}

// RekeyCollision finds that both ends negotiated the same SAs anew at once.
var RekeyCollision = &diag.Rule{
	Code: diag.LifeRekeyCollision,
	Doc: diag.Doc{
		Meaning:    "Both ends negotiated new SAs for the same traffic at the same time, so that there are two pairs where one is needed. Traffic passes as long as both ends keep both; where each deletes another one it stops.",
		Common:     3,
		Remedy:     "give the two ends different times to renew, or let only one of them begin",
		References: []diag.Reference{rfc(2408, "4.3", "Security Association Modification"), rfc(2409, "5.5", "Phase 2 - Quick Mode")},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleRedundant); k.OK && !a.Overtaken() {
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong), Summary: fmt.Sprintf("%s finds that two SA pairs were negotiated for the same traffic", a.NameOf(k.Side))}
				if k.Count < enough {
					f.Severity = diag.Info // now and then it happens to everybody
				}
				out.AddTo(a, f)
				continue
			}
			if x, y, ok := twins(a.SAs()); ok {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Severity: diag.Info, Evidence: []diag.Evidence{x.Evidence.As(diag.Strong), y.Evidence.As(diag.Strong)},
					Summary: fmt.Sprintf("%s has two SA pairs of the same age for the same traffic", a.NameOf(x.At))})
			}
		}
	},
}

// twins finds two SA pairs of one side that were made at the same time for the
// same traffic. Those of which one replaces the other are of different ages.
func twins(all []diag.Held) (x, y diag.Held, ok bool) {
	for i, x := range all {
		for _, y := range all[i+1:] {
			a, b := x.SA, y.SA
			if x.At == y.At && x.Evidence.Source == y.Evidence.Source && !a.Half && !b.Half && a.SPIIn != b.SPIIn && a.State == diag.SAEstablished && b.State == diag.SAEstablished &&
				len(a.Local) > 0 && slices.Equal(a.Local, b.Local) && slices.Equal(a.Remote, b.Remote) && a.Age > 0 && b.Age > 0 && max(a.Age, b.Age)-min(a.Age, b.Age) <= moments {
				return x, y, true
			}
		}
	}
	return x, y, false
}
