package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// PathLost finds a tunnel that was up, and whose next negotiation gets no
// answer any more.
var PathLost = &diag.Rule{
	Code: diag.NetPathLost,
	Doc: diag.Doc{
		Meaning: "The tunnel came up over this path, and a later negotiation between the same addresses gets no answer: what was open is closed by now, the line is down, or the peer is gone.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetPeerDown,
				Excluded: []diag.Exclusion{{If: daemonRuns, Reason: "the peer's daemon was running"}},
				Ask:      askLog(diag.EndResponder, "it shows whether the daemon was running"),
			},
		},
		Explains: []diag.Code{diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.NetPeerAddrWrong, diag.NetHostFirewall, diag.IKERetransmitExhausted, diag.LifeDPDTimeout},
		Common:   5,
		Remedy:   "find out whether the peer can be reached at all, and what changed on the way since the tunnel was up",
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			first, ev, ok := unanswered(a)
			if !ok {
				continue
			}
			up := cameUpBefore(a)
			if !up.OK || unreachable(a).OK || a.Overtaken() {
				continue
			}
			f := diag.Finding{FixAt: diag.EndPath, Evidence: slices.Concat(up.As(diag.Background), ev),
				Summary: fmt.Sprintf("the tunnel was up, and nothing comes back to %s any more", a.NameOf(diag.Initiator))}
			if _, seen := came(a, diag.Responder, first.V.Exchange, first.V.Number); seen {
				continue // it arrives
			}
			if missing, spans, missed := a.Missed(diag.Responder); missed {
				w := diag.Strong
				if spans {
					w = diag.Proof
				}
				f.Evidence = append(f.Evidence, missing.As(w))
				f.Summary = fmt.Sprintf("the tunnel was up, and what %s sends does not come to its peer any more", a.NameOf(diag.Initiator))
			}
			out.AddTo(a, f)
		}
	},
}

// cameUpBefore finds that an earlier attempt of the tunnel brought up a child.
func cameUpBefore(a *diag.Attempt) (up diag.Known[*diag.Progress]) {
	if b := a.LastWorking(); b != nil {
		return b.ChildUp()
	}
	return up
}
