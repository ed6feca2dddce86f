package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// teardown finds that a side says why an SA ends.
func teardown(a *diag.Attempt, by diag.Side, child bool, why diag.TeardownReason) diag.Known[*diag.Teardown] {
	return diag.Fact(a, by, func(t *diag.Teardown) bool { return t.Child == child && t.Reason == why })
}

// DPDTimeout finds a peer that does not answer dead peer detection any more.
var DPDTimeout = &diag.Rule{
	Code: diag.LifeDPDTimeout,
	Doc: diag.Doc{
		Meaning: "The tunnel was up, and one end's requests of dead peer detection (RFC 3706, section 5) are not answered any more: the peer or its daemon is gone, or the path is.",
		Explains: []diag.Code{
			diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.LifeStaleSA, diag.LifeRekeyP1Failed, diag.NetNoRouteToPeer, diag.ESPCleartextLeak, diag.NetESPBlocked, diag.NetEspinudpBlocked,
		},
		Common:     7,
		Remedy:     "find out whether the peer is running and can be reached; if it is only slow, give detection more time",
		References: []diag.Reference{rfc(3706, "5", "DPD Protocol")},
	},
	Needs: 1<<diag.BodyTeardown | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			if k := teardown(a, diag.AnySide, false, diag.EndedDPD); k.OK {
				f := &diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s does not answer dead peer detection any more", a.NameOf(k.Side.Other()))}
				if u := unreachable(a); u.OK {
					f.Evidence = append(f.Evidence, u.As(diag.Background)...)
				}
				return f
			}
			for _, s := range bothSides {
				if ev := callsUnanswered(a, s); len(ev) > 0 {
					return &diag.Finding{FixAt: s.Other().End(), Evidence: ev,
						Summary: fmt.Sprintf("%s keeps asking and gets no answer: its peer seems to be gone", a.NameOf(s))}
				}
			}
			return nil
		})
	},
}

// callsUnanswered: in captures, a side of a tunnel that was up sends encrypted
// informational messages over some time, to which none comes back. Deletes are
// not answered either, but come at once.
func callsUnanswered(a *diag.Attempt, s diag.Side) []diag.Evidence {
	if a.Spoken() || !a.Completed(diag.Phase2) || !a.Over() {
		return nil
	}
	info := func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational && m.Encrypted }
	calls := diag.Fact(a, s, info)
	if !calls.OK || calls.Count < 3 || callHeard(a, s, info) {
		return nil
	}
	up := a.ChildUp()
	for i, e := range calls.Evidence {
		if i+1 >= len(calls.Evidence) || !slices.ContainsFunc(up.Evidence, e.After) {
			continue
		}
		if d, ok := diag.Elapsed(e, calls.Evidence[i+1]); ok && d >= 2*time.Second {
			ev := calls.As(diag.Hint)
			if u := unreachable(a); u.OK {
				ev = append(calls.As(diag.Strong), u.As(diag.Strong)...)
			}
			return ev
		}
	}
	return nil
}

// callHeard reports whether anything that match accepts came from a side's
// peer: by what was recorded at that side, where its own are shown there. What
// the peer sent and lost does not count.
func callHeard(a *diag.Attempt, s diag.Side, match func(*diag.Message) bool) bool {
	at := func(from diag.Side) bool {
		is := arrived(from, 0, 0)
		_, ok := a.SeenAt(s, diag.BodyMessage, func(b diag.Body) bool {
			m, isMessage := b.(*diag.Message)
			return isMessage && is(b) && match(m)
		})
		return ok
	}
	if !at(s) {
		return diag.Any(a, s.Other(), match)
	}
	return at(s.Other())
}

// IdleTimeout finds a tunnel that was taken down on purpose since nobody used
// it.
var IdleTimeout = &diag.Rule{
	Code: diag.LifeIdleTimeout,
	Doc: diag.Doc{
		Meaning:  "One end took the tunnel down after a time without traffic, as it is configured to. It comes back when there is traffic, where something makes it.",
		Explains: []diag.Code{diag.LifeDeleteByPeer, diag.ESPCleartextLeak},
		Common:   5,
		Remedy:   "if the tunnel should stay, raise the time of inactivity or send something through it now and then",
	},
	Needs: 1<<diag.BodyTeardown | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			if !diag.Any(a, diag.AnySide, func(t *diag.Teardown) bool { return t.Reason == diag.EndedIdle }) {
				ev := deletedLater(a)
				if len(ev) == 0 {
					return nil
				}
				return &diag.Finding{FixAt: diag.EndUnknown, Evidence: ev, Summary: "an end took the SAs of the tunnel down, perhaps since there was no traffic"}
			}
			k := teardown(a, diag.AnySide, true, diag.EndedIdle)
			if !k.OK {
				k = teardown(a, diag.AnySide, false, diag.EndedIdle)
			}
			f := &diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof), Summary: a.NameOf(k.Side) + " took the tunnel down since there was no traffic"}
			if k.V.Seconds > 0 {
				f.Summary += fmt.Sprintf(" for %d s", k.V.Seconds)
			}
			return f
		})
	},
}

// DeleteByPeer reports that an end took down what was established.
var DeleteByPeer = &diag.Rule{
	Code: diag.LifeDeleteByPeer,
	Doc: diag.Doc{
		Meaning: "An end deleted an SA that was established (RFC 2408, section 3.15), and nothing replaced it. Why, its own log says.",
		References: []diag.Reference{
			rfc(2408, "3.15", "Delete Payload"),
		},
	},
	Needs: 1 << diag.BodyProgress,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if a.Replaced() {
				continue
			}
			if !a.Stepped(diag.DeleteSent) && !a.Stepped(diag.ChildDeleteSent) {
				continue // as most are
			}
			k := diag.Fact(a, diag.AnySide, func(p *diag.Progress) bool { return p.Step == diag.DeleteSent && p.By == diag.Peer })
			if !k.OK && a.Emptied() {
				k = diag.Fact(a, diag.AnySide, func(p *diag.Progress) bool { return p.Step == diag.ChildDeleteSent && p.By == diag.Peer })
			}
			if !k.OK {
				continue
			}
			up := stepped(a, k.By, diag.Phase1Up)
			if up.OK && follows(k.Evidence, up.Evidence) {
				out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s took the established SA down", a.NameOf(k.Side)),
					Missing: []diag.Missing{askLog(k.Side.End(), "only its log says why")}})
			}
		}
	},
}
