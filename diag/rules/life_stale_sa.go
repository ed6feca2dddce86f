package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// StaleSA finds an SA that one end uses and the other does not have.
var StaleSA = &diag.Rule{
	Code: diag.LifeStaleSA,
	Doc: diag.Doc{
		Meaning: "One end sends on an SA that the other does not have any more: it was deleted there, or lost, and the sender was not told. What is sent vanishes until the sender notices or negotiates anew.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.LifePeerRestarted,
				Excluded: []diag.Exclusion{{If: daemonHolds, Reason: "the daemon there did not start anew: it still counts the SA as up"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndBoth, Why: "the log of the end that has lost the SA says whether it started anew"},
			},
		},
		Explains: []diag.Code{diag.ESPInvalidSPI, diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:   5,
		Remedy:   "take the SA down at the end that still has it, and turn dead peer detection on at both ends",
		References: []diag.Reference{
			rfc(3706, "3", "Rationale for Periodic Message Exchange for Proof of Liveliness"),
			rfc(4301, "5.2", "Processing Inbound IP Traffic"),
		},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyFlow | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil {
			return
		}
		t := trafficOf(a)
		for _, side := range bothSides {
			if f, ok := lostByKernel(t, side); ok {
				out.AddTo(a, f)
				return
			}
		}
		if k, ok := madeBefore(a); ok {
			out.AddTo(a, k)
			return
		}
		for _, s := range t.sas {
			to := s.from.Other()
			f := diag.Finding{FixAt: to.End()}
			left, ev := s.left()
			switch {
			case s.out.listed && left > 0 && !s.in.listed && (t.listed[to] || left >= enough && t.lacks(to)):
				f.Evidence = weighed(s.out.evidence, diag.Strong)
				if k := counted(a, to, "XfrmInNoStates"); k.OK {
					f.Evidence = slices.Concat(f.Evidence, k.As(diag.Strong))
				}
				f.Summary = fmt.Sprintf("%s sends on the SA %08x, which %s does not have", a.NameOf(s.from), s.spi, a.NameOf(to))
			case forgotten(s):
				f.Evidence = weighed(ev, diag.Background)
				f.Evidence = slices.Concat(f.Evidence, weighed(s.came.Evidence, diag.Hint))
				if k := counted(a, to, "XfrmInNoStates"); k.OK && k.V.Value >= enough && a.View().Sole(a.EndOf(to)) {
					f.Evidence = slices.Concat(weighed(ev, diag.Background), weighed(s.came.Evidence, diag.Strong), weighed(s.in.evidence, diag.Background), k.As(diag.Strong))
				}
				f.Summary = fmt.Sprintf("%s decrypted what came on the SA %08x, and does not any more: it seems to have lost the SA", a.NameOf(to), s.spi)
			default:
				continue
			}
			out.AddTo(a, f)
		}
	},
}

// lacks reports whether a side's daemon or kernel lists what it has, which is no
// SA of the tunnel, and the kernel is sent packets for such: a receiver chooses
// the SPI itself (RFC 4303, section 2.1), so it had one of each that its peer
// sends on.
func (t *traffic) lacks(at diag.Side) bool {
	v, end := t.a.View(), t.a.EndOf(at)
	k := counted(t.a, at, "XfrmInNoStates")
	_, listed := v.Listed(end, diag.BodySA)
	return listed && k.OK && k.V.Value >= enough && v.Sole(end)
}

// lostByKernel finds out whether a side's kernel does not have an SA of the
// tunnel that its daemon made and still has.
func lostByKernel(t *traffic, at diag.Side) (f diag.Finding, ok bool) {
	gone, spi := absentState(t.a, at)
	if len(gone) == 0 {
		return f, false
	}
	f.FixAt = at.End()
	f.Evidence = weighed(gone, diag.Strong)
	f.Summary = fmt.Sprintf("the kernel of %s does not have the SA %08x, which its daemon made and did not delete", t.a.NameOf(at), spi)
	for _, s := range t.sas {
		if s.from == at || s.spi != spi {
			continue
		}
		if n, ev := s.left(); n > 0 {
			f.Evidence = slices.Concat(f.Evidence, weighed(ev, diag.Strong))
			f.Summary += fmt.Sprintf(", and %s sends on it", t.a.NameOf(s.from))
		}
	}
	if k := counted(t.a, at, "XfrmInNoStates"); k.OK && t.a.View().Sole(t.a.EndOf(at)) {
		f.Evidence = slices.Concat(weighed(gone, diag.Proof), f.Evidence[len(gone):], k.As(diag.Strong))
	}
	f.Remedies = []diag.Remedy{{End: at.End(), Action: "take the SA down in the daemon, which the kernel has lost, and negotiate anew; find out what emptied the kernel's tables (ip xfrm state flush, another daemon that started)", Source: diag.NoSource}}
	return f, true
}

// madeBefore finds out whether the SPI that a side does not know is of an SA
// that it had made.
func madeBefore(a *diag.Attempt) (f diag.Finding, ok bool) {
	k := unknownSPI(a)
	if !k.OK || k.V.SPI == 0 {
		return f, false
	}
	for p := range diag.Facts[diag.Progress](a, k.Side) {
		if p.V.Step == diag.Phase2Up && p.V.SPIIn == k.V.SPI {
			f = diag.Finding{FixAt: k.Side.End(), Evidence: slices.Concat(p.As(diag.Strong), k.As(diag.Proof)),
				Summary: fmt.Sprintf("%s is sent protected traffic on the SA %08x, which it had made and does not have any more", a.NameOf(k.Side), k.V.SPI)}
			return f, true
		}
	}
	return f, false
}

// absentState finds an SA that a side's daemon made, and its kernel then did
// not have: that on which packets come where it is one of them.
func absentState(a *diag.Attempt, at diag.Side) (ev []diag.Evidence, spi uint32) {
	made := map[uint32]bool{} // by its SPI, whether packets come on it
	for p := range diag.Facts[diag.Progress](a, at) {
		if p.V.Step == diag.Phase2Up {
			made[p.V.SPIIn], made[p.V.SPIOut] = true, false
		}
	}
	delete(made, 0)
	take := func(k diag.Known[*diag.Obstacle]) {
		if in, ok := made[k.V.SPI]; ok && k.V.What == diag.ObstacleSAGone && (in || ev == nil) && !takenDown(a, last(k.Evidence)) {
			ev, spi = k.Evidence, k.V.SPI
		}
	}
	for k := range diag.Facts[diag.Obstacle](a, at) {
		take(k)
	}
	for k := range diag.HostFacts[diag.Obstacle](a.View(), a.EndOf(at)) {
		take(k)
	}
	return ev, spi
}

// takenDown reports whether SAs were taken down after a piece of evidence, in the
// same log: the daemon knows that they are gone. One that takes an SA down, or is
// told that its peer does, may ask the kernel a last time what it has counted,
// after saying so.
func takenDown(a *diag.Attempt, after diag.Evidence) bool {
	for p := range diag.Facts[diag.Progress](a, diag.AnySide) {
		switch p.V.Step {
		case diag.Phase2Deleted, diag.Phase1Deleted, diag.ChildDeleteSent, diag.DeleteSent:
		default:
			continue
		}
		down := last(p.Evidence)
		if d, ok := diag.Elapsed(down, after); down.After(after) || ok && d < time.Second {
			return true
		}
	}
	return false
}

// daemonHolds: the daemon of the end to be fixed has the SA, as its log or its
// own listing says, and only its kernel does not.
func daemonHolds(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for _, side := range bothSides {
		if c.Finding.FixAt != side.End() {
			continue
		}
		if ev, _ := absentState(c.Attempt, side); len(ev) > 0 {
			return ev[0], true
		}
		for _, s := range trafficOf(c.Attempt).sas {
			if s.from != side && forgotten(s) && s.in.listed {
				return s.in.evidence[0], true
			}
		}
	}
	return diag.Evidence{}, false
}

// forgotten reports whether a capture at the receiver shows that it decrypted
// what came on an SA and answered, and does neither any more. A listing of its
// daemon's that counts nothing on it is of what the daemon believes.
func forgotten(s *sa) bool {
	if s.came == nil || s.in.listed && (!s.in.counted || s.in.packets > 0) {
		return false
	}
	f := s.came.Flow
	return f.Opened > 0 && f.Sealed >= enough && f.Unanswered >= enough && f.Partial == 0
}
