package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// RekeyPhase2Failed finds a child that worked and was not replaced in time.
var RekeyPhase2Failed = &diag.Rule{
	Code: diag.LifeRekeyP2Failed,
	Doc: diag.Doc{
		Meaning: "The tunnel worked until the lifetime of its SAs was over, and no new ones were negotiated in their place: the configuration of one end was changed meanwhile, " +
			"or the ends agree on less than they seemed to when they first negotiated.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.LifeIdleTimeout,
				Excluded: []diag.Exclusion{{If: refusedAgain, Reason: "a new negotiation was begun and refused"}, {If: ranOut, Reason: "the daemon says that the SA had expired"}},
				Ask:      askLog(diag.EndBoth, "the end that deleted the SAs says why"),
			},
			{
				Code:     diag.IKEP2NotTriggered,
				Excluded: []diag.Exclusion{{If: refusedAgain, Reason: "a new negotiation was begun and refused"}, {If: apartNow, Reason: "the two configurations do not fit any more"}},
				Ask:      askConfig(diag.EndBoth, "an end that is configured not to renew its SAs lets them end like this"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.IKEP2ProposalMismatch, diag.IKEP2PFSMismatch, diag.IKEP2TSMismatch, diag.LifeIdleTimeout, diag.ESPCleartextLeak, diag.ESPSelectorGap, diag.ESPStateExpired, diag.LifeExpiresPredictably, diag.LifeFlapping},
		Common:   5,
		Remedy:   "compare the phase-2 settings of both ends as they are now, and load them anew at both",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1<<diag.BodyProgress | 1<<diag.BodyRekey | 1<<diag.BodyTeardown | 1<<diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			if !a.Completed(diag.Phase2) {
				return nil
			}
			failing := diag.Fact(a, diag.AnySide, func(r *diag.Rekey) bool { return r.Child && r.Failed })
			again := refusedAfter(a)
			over := teardown(a, diag.AnySide, true, diag.EndedExpired)
			aged := endedOfAge(a)
			kernel := ranOutInKernel(a)
			unwanted, soon := furtherRefused(a)
			deleted := deletedLater(a)
			if !failing.OK && !over.OK && len(again)+len(aged)+len(kernel)+len(unwanted)+len(deleted) == 0 {
				return nil
			}
			f := &diag.Finding{FixAt: diag.EndEither, Summary: "the SAs of the tunnel ran out and were not replaced"}
			switch {
			case failing.OK && !upAfter(a, last(failing.Evidence)):
				f.Evidence = slices.Concat(failing.As(diag.Proof), again)
				f.Summary = fmt.Sprintf("%s could not renew the SAs of the tunnel", a.NameOf(failing.Side))
			case len(again) > 0:
				f.Evidence = again
				f.Summary = "the tunnel was up, and the negotiation of new SAs for it is refused"
			case over.OK && !alive(a, over.By) && leftNone(v, last(over.Evidence)):
				f.Evidence = over.As(diag.Strong)
				if now := suitesApart(v); now.state == differ {
					// What once fitted does not any more.
					f.Evidence = slices.Concat(over.As(diag.Proof), now.finding.Evidence)
					f.Remedies, f.Detail = now.finding.Remedies, now.finding.Detail
					f.Summary += ": by now " + now.finding.Summary
				}
			case len(aged) > 0:
				f.Evidence = aged
			case len(unwanted) > 0 && !soon:
				f.Evidence = unwanted
				f.Summary = "the tunnel was up, and a further quick mode was answered with something else than its second message"
			case len(kernel) > 0:
				f.Evidence = kernel
				f.Summary = "the kernel's SAs of the tunnel ran out, and no new ones came"
			case soon: // TSMismatch's
				return nil
			default:
				if len(deleted) == 0 {
					return nil
				}
				f.Evidence = deleted
				f.Summary = "an end took the SAs of the tunnel down, and no new ones were negotiated"
				now := suitesApart(v)
				if now.state != differ {
					f.Severity = diag.Info
				} else { // nor could there be
					f.Evidence = slices.Concat(f.Evidence, weighed(now.finding.Evidence, diag.Strong))
					f.Remedies, f.Detail = now.finding.Remedies, now.finding.Detail
					f.Summary += ": by now " + now.finding.Summary
				}
			}
			return f
		})
	},
}

// upAfter reports whether a child came up after a piece of evidence, in its
// source.
func upAfter(a *diag.Attempt, e diag.Evidence) bool {
	for p := range diag.Facts[diag.Progress](a, diag.AnySide) {
		if p.V.Step != diag.Phase2Up {
			continue
		}
		for _, x := range p.Evidence {
			if x.After(e) {
				return true
			}
		}
	}
	return false
}

// alive reports whether a side's own source shows more children coming up than
// ending: one of them was replaced, or another goes on.
func alive(a *diag.Attempt, by diag.Side) bool {
	n := 0
	for p := range diag.Facts[diag.Progress](a, diag.AnySide) {
		switch {
		case p.By != by:
		case p.V.Step == diag.Phase2Up:
			n += p.Count
		case p.V.Step == diag.Phase2Deleted:
			n -= p.Count
		}
	}
	return n > 0
}

// leftNone reports whether the log that says that a child expired had none in its
// place: it tells of an outage for that reason. What another source says of it is
// taken as it is.
func leftNone(v *diag.View, expired diag.Evidence) bool {
	if v.Kind(expired) != diag.KindLog {
		return true
	}
	for a := range v.Attempts() {
		for o := range diag.Facts[diag.Outage](a, diag.AnySide) {
			if o.V.Reason == diag.EndedExpired && o.First().Source == expired.Source {
				return true
			}
		}
	}
	return false
}

func last(es []diag.Evidence) diag.Evidence {
	if len(es) == 0 {
		return diag.Evidence{}
	}
	return es[len(es)-1]
}

// refusedAfter finds that a quick mode was refused after a child had come up,
// and that none came up since.
func refusedAfter(a *diag.Attempt) []diag.Evidence {
	for _, refusal := range [...][]diag.Evidence{
		failed(a, diag.AnySide, diag.CheckProposal, isakmp.ExchangeQuick).Evidence,
		notFound(a, diag.AnySide, diag.LookupChild).Evidence,
		notified2(a, diag.Responder, isakmp.NotifyNoProposalChosen, isakmp.NotifyInvalidIDInformation).Evidence,
	} {
		if len(refusal) == 0 || ofSecondChild(a) {
			continue
		}
		if e := last(refusal); slices.ContainsFunc(a.ChildUp().Evidence, e.After) && !upAfter(a, e) {
			w := diag.Strong
			if diag.Any(a, diag.AnySide, func(r *diag.Rekey) bool { return r.Child }) || teardown(a, diag.AnySide, true, diag.EndedExpired).OK {
				w = diag.Proof // it was to replace, or the old one is gone
			}
			return []diag.Evidence{e.As(w)}
		}
	}
	return nil
}

// ofSecondChild reports whether a quick mode that was refused was for another child
// than the one that is up: TSMismatch's.
func ofSecondChild(a *diag.Attempt) bool {
	if _, other := strangerChild(a); other {
		return true
	}
	n := notified2(a, diag.Responder, isakmp.NotifyInvalidIDInformation)
	return n.OK && tooEarly(a, last(n.Evidence))
}

// endedOfAge finds that a child was deleted when it was as old as its lifetime
// allows: it ran out, and the end that deleted it had not replaced it.
func endedOfAge(a *diag.Attempt) []diag.Evidence {
	life := diag.Fact(a, diag.AnySide, func(l *diag.Lifetime) bool { return l.Child && l.Received > 0 })
	if !life.OK {
		return nil
	}
	if !a.Stepped(diag.ChildDeleteSent) && !a.Stepped(diag.Phase2Deleted) {
		return nil
	}
	gone := diag.Fact(a, diag.AnySide, func(p *diag.Progress) bool { return p.Step == diag.ChildDeleteSent || p.Step == diag.Phase2Deleted })
	if !gone.OK || alive(a, gone.By) || teardown(a, diag.AnySide, true, diag.EndedIdle).OK {
		return nil
	}
	e := last(gone.Evidence)
	limit := min(life.V.Received, life.V.Configured)
	for p := range diag.Facts[diag.Progress](a, diag.AnySide) {
		if p.V.Step != diag.Phase2Up {
			continue
		}
		age, ok := diag.Elapsed(last(p.Evidence), e)
		slack := 2*time.Second + age/20
		if ok && !upAfter(a, e) && (age-time.Duration(limit)*time.Second).Abs() <= slack {
			return slices.Concat(life.As(diag.Background), []diag.Evidence{e.As(diag.Strong)})
		}
	}
	return nil
}

// ranOutInKernel finds that a kernel told of an SA whose hard lifetime was over,
// and has none in its place.
func ranOutInKernel(a *diag.Attempt) (ev []diag.Evidence) {
	for _, h := range a.SAs() {
		switch {
		case h.SA.Half && h.SA.HardLifeExceeded:
			ev = append(ev, h.Evidence.As(diag.Strong))
		case h.SA.State == diag.SAEstablished:
			return nil
		}
	}
	return ev
}

// furtherRefused: in captures, a quick mode is begun while a child is up, and
// what comes at once in its place is an encrypted message of another exchange,
// as a refusal is. Several such messages may be the deletes of a tunnel that is
// taken down. It is a renewal that is refused, or a second child: soon after the
// first one came up.
func furtherRefused(a *diag.Attempt) (ev []diag.Evidence, soon bool) {
	if a.Spoken() || !a.Over() || a.Replaced() {
		return nil, false
	}
	up := a.ChildUp()
	if !up.OK {
		return nil, false
	}
	later := func(e diag.Evidence) bool {
		return slices.ContainsFunc(up.Evidence, func(u diag.Evidence) bool {
			d, ok := diag.Elapsed(u, e)
			return ok && d >= time.Second // further children are asked for at once
		})
	}
	for _, s := range bothSides {
		begun := sent(a, s, isakmp.ExchangeQuick, 1)
		answer := informed(a, s.Other())
		if answer.Count > 1 {
			continue
		}
		for _, b := range begun.Evidence {
			for _, e := range answer.Evidence {
				if e.After(b) && atOnce([]diag.Evidence{b}, []diag.Evidence{e}) && later(b) && !upAfter(a, b) {
					// One that came later than at once was a renewal: so are those after it.
					soon = tooEarly(a, b) && !slices.ContainsFunc(up.Evidence, later) && !shortLived(a.View())
					return []diag.Evidence{b.As(diag.Background), e.As(diag.Hint)}, soon
				}
			}
		}
	}
	return nil, false
}

// shortLived reports whether an end is configured to renew its children within
// less than a minute.
func shortLived(v *diag.View) bool {
	for end := range 2 {
		c := v.Connection(end)
		if c.OK && slices.ContainsFunc(c.V.Children, func(k diag.ConnectionChild) bool { return k.Lifetime > 0 && k.Lifetime < 60 }) {
			return true
		}
	}
	return false
}

// deletedLater: in captures, one encrypted message comes some time after the
// child was up, is not answered, as a delete is not, and no quick mode
// follows.
func deletedLater(a *diag.Attempt) []diag.Evidence {
	if a.Spoken() || !a.Over() || a.Replaced() {
		return nil
	}
	info := func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational && m.Encrypted }
	for _, s := range bothSides {
		m := diag.Fact(a, s, info)
		if !m.OK || m.Count > 1 || diag.Any(a, s.Other(), info) {
			continue
		}
		up := a.ChildUp()
		for _, u := range up.Evidence {
			if d, ok := diag.Elapsed(u, m.First()); ok && d >= 5*time.Second && !upAfter(a, m.First()) {
				return m.As(diag.Hint)
			}
		}
	}
	return nil
}

// refusedAgain: a new negotiation was begun, and refused.
func refusedAgain(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	ev := refusedAfter(c.Attempt)
	return last(ev), len(ev) > 0
}

// suitesApart finds that the two configurations have no phase-2 proposal in
// common, and certainly so.
func suitesApart(v *diag.View) compared {
	for _, fault := range [...]suiteFault{suiteAlgorithms, suitePFS, suiteProtocol, suiteESN} {
		if c := compareSuites(v, fault); c.state == differ && weightOf(c) == diag.Proof {
			return c
		}
	}
	return compared{}
}

// apartNow: the configurations as they are now would not bring the tunnel up.
func apartNow(c diag.Case) (diag.Evidence, bool) {
	now := suitesApart(c.View)
	if now.state != differ {
		return diag.Evidence{}, false
	}
	return now.finding.Evidence[0], true
}

// ranOut: the daemon says that the SA's hard lifetime was over.
func ranOut(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := teardown(c.Attempt, diag.AnySide, true, diag.EndedExpired)
	return k.First(), k.OK
}

// RekeyPhase1Failed finds a phase 1 that could not be renewed.
var RekeyPhase1Failed = &diag.Rule{
	Code: diag.LifeRekeyP1Failed,
	Doc: diag.Doc{
		Meaning:  "The tunnel was up, and its ISAKMP SA could not be renewed when its lifetime came to its end: the peer does not answer, or refuses what it once accepted.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.ESPCleartextLeak, diag.LifeExpiresPredictably, diag.LifeFlapping},
		Common:   4,
		Remedy:   "look for what keeps a new phase 1 from succeeding: the same causes as for a first one, an address or a port that changed",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1 << diag.BodyRekey,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			k := diag.Fact(a, diag.AnySide, func(r *diag.Rekey) bool { return !r.Child && r.Failed })
			if !k.OK {
				return nil
			}
			return &diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
				Summary: fmt.Sprintf("%s could not renew the ISAKMP SA", a.NameOf(k.Side))}
		})
	},
}
