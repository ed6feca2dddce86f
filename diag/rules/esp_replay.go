package rules

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/diag"
)

// ReplayDrops finds a receiver that drops packets as replays, which a path
// that reorders them makes of late ones.
var ReplayDrops = &diag.Rule{
	Code: diag.ESPReplayDrops,
	Doc: diag.Doc{
		Meaning: "The receiver drops packets whose sequence numbers are too far behind the highest one it has seen, or that it has seen already (RFC 4303, section 3.4.3). " +
			"Where nobody plays packets again, the path reorders them by more than the replay window: several links, or queues by class behind the encryption.",
		Common: 4,
		Remedy: "enlarge the receiver's replay window, and sort packets into queues before they are encrypted",
		References: []diag.Reference{
			rfc(4303, "3.4.3", "Sequence Number Verification"),
		},
	},
	Needs: 1<<diag.BodyFlow | 1<<diag.BodySA | 1<<diag.BodyCounter,
	Check: func(v *diag.View, out *diag.Sink) {
		found := false
		for a := range v.Attempts() {
			for _, s := range trafficOf(a).sas {
				if f, ok := replayed(a, s); ok {
					out.AddTo(a, f)
					found = true
				}
			}
		}
		if !found {
			replaysCounted(v, out)
		}
	},
}

// replaysCounted reports what the host counts where no SA does. Of how many
// packets they are it does not say: only a count that grows is an error.
func replaysCounted(v *diag.View, out *diag.Sink) {
	a := v.Last()
	if a == nil || !childUp(v) {
		return
	}
	for _, side := range bothSides {
		k := counted(a, side, "XfrmInStateSeqError")
		if !k.OK || k.V.Value < enough || kernelListed(v, side) {
			continue
		}
		f := diag.Finding{FixAt: side.End(), Evidence: k.As(diag.Strong),
			Summary: fmt.Sprintf("the kernel of %s drops packets as outside of a replay window (%s)", a.NameOf(side), tally(k.V)),
			Missing: []diag.Missing{{Kind: diag.KindState, End: side.End(), Why: "its SAs have the size of the window and count what it drops"}}}
		if !k.V.Delta {
			f.Severity = diag.Warning
		}
		if !v.Sole(a.EndOf(side)) {
			f.Evidence, f.Severity = k.As(diag.Hint), diag.Warning
		}
		out.AddTo(a, f)
	}
}

func replayed(a *diag.Attempt, s *sa) (f diag.Finding, ok bool) {
	to := s.from.Other()
	f.FixAt = to.End()
	dropped, total := s.in.replay, s.in.packets+s.in.replay
	switch {
	case dropped > 0:
		f.Evidence = weighed(s.in.evidence, diag.Proof)
		if s.came != nil {
			f.Evidence = slices.Concat(f.Evidence, weighed(s.came.Evidence, diag.Background))
		}
		if k := counted(a, to, "XfrmInStateSeqError"); k.OK {
			f.Evidence = slices.Concat(f.Evidence, k.As(diag.Strong))
		}
		f.Summary = fmt.Sprintf("%s drops %d of %d packets as outside of its replay window", a.NameOf(to), dropped, total)
		if s.in.window > 0 {
			f.Summary += fmt.Sprintf(" of %d", s.in.window)
		}
	case s.came != nil && !s.in.listed:
		// The capture alone: what the recommended window would drop.
		dropped, total = s.came.Flow.Dropped(recommendedWindow), s.came.Flow.Packets
		if dropped < enough {
			return f, false
		}
		f.Evidence = weighed(s.came.Evidence, diag.Hint)
		f.Severity = diag.Warning
		f.Summary = fmt.Sprintf("packets come to %s so far out of order that a replay window of %d drops %d of %d", a.NameOf(to), recommendedWindow, dropped, total)
		f.Missing = []diag.Missing{{Kind: diag.KindState, End: to.End(), Why: "its SA has the size of the window and counts what it drops"}}
	default:
		return f, false
	}
	if dropped*mentionable < total {
		f.Severity = diag.Info
	} else if dropped*noticeable < total {
		f.Severity = diag.Warning
	}
	r := diag.Remedy{End: to.End(), Action: "enlarge the replay window", Source: diag.NoSource}
	for _, x := range s.flows() {
		if w := x.Flow.Window(); w > 1 && x.At == to {
			r.Setting, r.Value = "replay window", strconv.FormatUint(uint64(max(w, recommendedWindow)), 10)
			r.Action += ": the packets recorded come up to " + strconv.FormatUint(uint64(w), 10) + " behind"
		}
	}
	f.Remedies = []diag.Remedy{r}
	return f, true
}

const (
	// recommendedWindow is the size that a receiver should have at least.
	recommendedWindow = 64
	// One packet in so many is noticed by who uses the tunnel; one in so many
	// is not worth more than a word.
	noticeable  = 100
	mentionable = 10000
)
