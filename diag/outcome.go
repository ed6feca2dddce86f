package diag

import (
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Over reports whether nothing more is to be expected of the attempt: it was
// given up or deleted, nothing new was seen of it for longer than the engine's
// patience, or the evidence is at its end.
func (a *Attempt) Over() bool {
	e := a.tunnel.view.engine
	if e.ended {
		return true
	}
	if Any(a, AnySide, func(*GaveUp) bool { return true }) {
		return true
	}
	if a.Stepped(Phase1Failed) || a.Stepped(Phase1Deleted) {
		return true
	}
	end := a.moved()
	return end.Known() && !e.now.IsZero() && e.now.Sub(end.Value) >= e.options.Patience
}

// moved returns when something new was last seen of the attempt. Until phase 1
// is up what repeats itself is nothing new: a daemon that sends one message
// again and again gets no further.
func (a *Attempt) moved() Time {
	if a.up() {
		return a.end()
	}
	var t Time
	for _, s := range a.strands {
		for _, l := range s.facts() {
			if l.first.time().Value.After(t.Value) {
				t = l.first.time()
			}
		}
	}
	return t
}

// Phase returns the phase that the attempt was in last.
func (a *Attempt) Phase() Phase {
	switch {
	case a.child():
		return PhaseLifecycle
	case a.up(), a.inPhase2():
		return Phase2
	}
	return Phase1
}

// inPhase2 reports whether something of a quick mode was seen.
func (a *Attempt) inPhase2() bool {
	return a.reached(isakmp.ExchangeQuick) > 0 ||
		Any(a, AnySide, func(l *LookedUp) bool { return l.What == LookupChild }) ||
		Any(a, AnySide, func(*Traffic) bool { return true }) ||
		a.Stepped(Phase2Started) || a.Stepped(Phase2Failed) ||
		Any(a, AnySide, func(n *Notify) bool { return n.Phase2 })
}

// Stage names how far the attempt got: "main-mode-5" where the fifth message
// was the last new one, "established", "quick-mode-1" …; empty where nothing
// tells.
func (a *Attempt) Stage() string {
	if a.child() {
		return "established"
	}
	if n := a.reached(isakmp.ExchangeQuick); n > 0 {
		return "quick-mode-" + strconv.Itoa(int(n))
	}
	if a.reached(isakmp.ExchangeTransaction) > 0 {
		return "transaction"
	}
	if a.up() {
		return "phase1-established"
	}
	if s := a.seen(); s != "" {
		return s
	}
	s, _ := find(a, AnySide, func(s *SA) bool { return s.Sent > 0 }, nil)
	switch {
	case !s.OK:
		return ""
	case s.V.Aggressive:
		return "aggressive-mode-" + strconv.Itoa(int(s.V.Sent))
	}
	return "main-mode-" + strconv.Itoa(int(s.V.Sent))
}

// seen names how far phase 1 got by its messages. A dump is of one moment, and
// has no messages.
func (a *Attempt) seen() string {
	mode := a.Mode()
	n := a.reached(mode)
	switch {
	case n == 0:
		return ""
	case mode == isakmp.ExchangeMain:
		return "main-mode-" + strconv.Itoa(int(n))
	case mode == isakmp.ExchangeAggressive:
		return "aggressive-mode-" + strconv.Itoa(int(n))
	}
	return ""
}

// reached returns the greatest message number seen of an exchange.
func (a *Attempt) reached(x isakmp.ExchangeType) (n uint8) {
	if a.lacks(BodyCheck) && !a.mayHave(x) {
		return 0
	}
	for _, s := range a.strands {
		for _, sl := range s.factsOf(BodyMessage, BodyCheck) {
			switch b := sl.first.body.(type) {
			case *Message:
				if b.Exchange == x {
					n = max(n, b.Number, 1)
				}
			case *Check:
				if b.Exchange == x {
					n = max(n, b.Number)
				}
			}
		}
	}
	return n
}

// last returns the attempt that tells how far the tunnel got: the last, unless
// that had only begun where the evidence ends and the one before got farther.
func (t *tunnel) last() *Attempt {
	n := len(t.attempts)
	if n == 0 {
		return nil
	}
	a := t.attempts[n-1]
	if n == 1 || a.inPhase2() || a.up() || a.failed() || a.deleted() {
		return a
	}
	if b := t.attempts[n-2]; !b.up() && b.Mode() == a.Mode() && b.reached(b.Mode()) > a.reached(a.Mode()) {
		return b
	}
	return a
}

// standing is how the tunnel stands by all that is found of it: what was
// established may have been lost since, or carry nothing.
func (t *tunnel) standing(all []Finding) Outcome {
	o := t.outcome()
	if o == OutcomePhase1Failed && (t.last().reached(isakmp.ExchangeTransaction) > 0 || t.last().userRefused()) {
		return OutcomeXAuthFailed
	}
	if o != OutcomeEstablished && o != OutcomePartial {
		return o
	}
	passes := slices.ContainsFunc(all, func(f Finding) bool { return f.Code == OKTrafficPasses })
	for i := range all {
		f := &all[i]
		if f.Kind != Cause || f.Status != Active || f.Severity < Error || f.Verdict < Likely || t.view.engine.silenced(f) {
			continue
		}
		switch {
		case f.Phase == PhaseLifecycle:
			return OutcomeLost
		case f.Phase == PhaseData && f.Severity == Critical && !passes:
			return OutcomeNoTraffic
		}
	}
	if t.takenDown() {
		return OutcomeLost
	}
	return o
}

// outcome tells how far the tunnel got, by its last attempt.
func (t *tunnel) outcome() Outcome {
	if len(t.attempts) == 0 {
		return OutcomeUnknown
	}
	a := t.attempts[len(t.attempts)-1]
	if a.child() && t.view.flapped(func(*strand, *slot) {}) >= flaps {
		return OutcomeFlapping
	}
	if Any(a, AnySide, func(s *SA) bool { return s.Child && s.State == SAEstablished }) {
		return OutcomeEstablished
	}
	switch {
	case a.child() && a.lacksChild():
		return OutcomePartial
	case a.child(), t.carrier() != nil:
		return OutcomeEstablished
	case !a.Over():
		return OutcomeNegotiating
	case a.inPhase2():
		return OutcomePhase2Failed
	case a.up() && a.deleted() && t.hadChild() && !a.userRefused():
		return OutcomeLost // nothing went wrong with it
	case a.up() && !a.deleted() && !a.userRefused():
		return OutcomeNegotiating // phase 1 is there, nobody asked for a child
	case a.seen() != "" || a.reached(isakmp.ExchangeTransaction) > 0 || a.failed() || a.deleted():
		return OutcomePhase1Failed
	case Any(a, AnySide, func(s *SA) bool { return s.State == SAConnecting }):
		return OutcomeNegotiating // a dump is of one moment
	}
	return OutcomeUnknown
}

// userRefused reports whether extended authentication failed.
func (a *Attempt) userRefused() bool {
	return Any(a, AnySide, func(c *Check) bool { return c.What == CheckXAuth && !c.OK })
}

// hadChild reports whether any attempt brought a child up.
func (t *tunnel) hadChild() bool { return slices.ContainsFunc(t.attempts, (*Attempt).child) }

// deleted reports whether the ISAKMP SA was taken down.
func (a *Attempt) deleted() bool {
	return a.Stepped(DeleteSent) || a.Stepped(Phase1Deleted)
}

// failed reports whether something of phase 1 went wrong for all to see.
func (a *Attempt) failed() bool {
	return Any(a, AnySide, func(c *Check) bool { return !c.OK }) ||
		Any(a, AnySide, func(l *LookedUp) bool { return !l.Found }) ||
		Any(a, AnySide, func(n *Notify) bool { return n.Type != 0 && n.Type < 16384 }) ||
		a.Stepped(Phase1Failed) ||
		Any(a, AnySide, func(*GaveUp) bool { return true })
}

// renewed is less than any daemon lets an SA live before it renews it, in
// seconds.
const renewed = 5

// lacksChild reports whether a child was refused while another was up: one with
// other selectors, or one so soon after that it renews nothing.
func (a *Attempt) lacksChild() bool {
	for _, s := range a.strands {
		refusals := s.factsOf(BodyNotify, BodyLookup)
		if len(refusals) == 0 {
			continue
		}
		var up *fact // the last one that came up
		var chosen []*Traffic
		renews := false
		for _, sl := range s.factsOf(BodyTraffic, BodyProgress, BodyRekey) {
			switch b := sl.first.body.(type) {
			case *Progress:
				if b.Step == Phase2Up {
					if up == nil || up.at < sl.latest().at {
						up = sl.latest()
					}
				}
			case *Traffic:
				if b.Role == Chosen && len(b.Local) > 0 {
					chosen = append(chosen, b)
				}
			case *Rekey:
				renews = renews || b.Child
			}
		}
		if up == nil || renews {
			continue
		}
		for _, sl := range refusals {
			if r := sl.latest(); up.at < r.at && (refusal(r, up) || unlike(r.body, chosen)) {
				return true
			}
		}
	}
	return false
}

// refusal reports whether a quick mode is refused right after another came up.
func refusal(r, up *fact) bool {
	switch b := r.body.(type) {
	case *Notify:
		if !b.Phase2 || !b.Type.IsError() {
			return false
		}
	case *LookedUp:
		if b.What != LookupChild || b.Found {
			return false
		}
	default:
		return false
	}
	return r.time().Known() && up.time().Known() && r.time().Value.Sub(up.time().Value).Seconds() <= renewed
}

// unlike reports whether a fact is a search for a child in vain, with selectors
// that none of those that are up has.
func unlike(b Body, up []*Traffic) bool {
	l, ok := b.(*LookedUp)
	if !ok || l.What != LookupChild || l.Found || len(l.Local) == 0 || len(up) == 0 {
		return false
	}
	return !slices.ContainsFunc(up, func(t *Traffic) bool { return t.between(l.Local, l.Remote) })
}

// between reports whether two lists of selectors are the two ends', whichever is
// whose.
func (t *Traffic) between(a, b []ike.Selector) bool {
	return slices.Equal(a, t.Local) && slices.Equal(b, t.Remote) || slices.Equal(a, t.Remote) && slices.Equal(b, t.Local)
}
