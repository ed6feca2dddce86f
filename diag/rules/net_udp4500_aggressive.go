package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// aggressive4500 finds the same of aggressive mode, which moves to port 4500 with
// its third message (RFC 3947, section 4). What would answer that is not part of
// it: extended authentication, mode config, or nothing until a quick mode.
func aggressive4500(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndPath
	if !stuckAtThird(a) {
		return f, false
	}
	third := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeAggressive && m.Number == 3 && m.NATPort
	})
	floats := third.OK
	if !floats {
		third = sent(a, diag.Initiator, isakmp.ExchangeAggressive, 3)
	}
	nat := translated(a)
	again, gone := repeated(a, diag.Initiator, isakmp.ExchangeAggressive, 3), gaveUp(a, diag.Initiator)
	waited := again.OK || gone.OK
	missing, lost := a.Unseen(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, isakmp.ExchangeAggressive, 3))
	switch {
	case floats && lost:
		w := waitedOut(again, gone, missing)
		f.Evidence = slices.Concat(third.As(diag.Strong), nat.As(diag.Background), again.As(diag.Background), []diag.Evidence{missing.As(w)})
		f.Summary = fmt.Sprintf("%s moves to UDP port 4500, on which nothing reaches the responder", a.NameOf(diag.Initiator))
	case floats && waited && !a.Seen(diag.Responder):
		// Who got the third message does not repeat the second.
		second := repeated(a, diag.Responder, isakmp.ExchangeAggressive, 2)
		w := diag.Hint
		if second.OK && follows(second.Evidence, third.Evidence) {
			w = diag.Strong
		}
		f.Evidence = slices.Concat(third.As(diag.Hint), again.As(diag.Hint), second.As(w), nat.As(diag.Background))
		f.Summary = fmt.Sprintf("%s moves to UDP port 4500, on which nothing comes back", a.NameOf(diag.Initiator))
	case nat.OK && gone.OK && lost && (!third.OK || third.V.Length == 0):
		// A log that tells no port.
		f.Evidence = slices.Concat(nat.As(diag.Strong), third.As(diag.Background), gone.As(diag.Strong), []diag.Evidence{missing.As(diag.Strong)})
		f.Summary = fmt.Sprintf("%s has found a NAT and moves to UDP port 4500, on which nothing reaches the responder", a.NameOf(diag.Initiator))
	case nat.OK && gone.OK && !a.Seen(diag.Responder) && (!third.OK || third.V.Length == 0):
		f.Evidence = slices.Concat(nat.As(diag.Hint), third.As(diag.Background), gone.As(diag.Hint))
		f.Summary = fmt.Sprintf("%s has found a NAT and moves to UDP port 4500, on which nothing comes back", a.NameOf(diag.Initiator))
	default:
		return f, false
	}
	return f, true
}

// stuckAtThird: aggressive mode got to its second message, the attempt is over,
// and nothing tells that the responder got the third.
func stuckAtThird(a *diag.Attempt) bool {
	return !a.Completed(diag.Phase1) && a.Over() && a.Mode() == isakmp.ExchangeAggressive && wasSent(a, diag.Responder, isakmp.ExchangeAggressive, 2) &&
		!diag.Any(a, diag.Responder, func(m *diag.Message) bool {
			return m.Exchange != isakmp.ExchangeAggressive && m.Exchange != isakmp.ExchangeNone
		}) &&
		!diag.Any(a, diag.AnySide, func(c *diag.Check) bool { return !c.OK }) &&
		!diag.Any(a, diag.AnySide, func(n *diag.Notify) bool { return n.Type < isakmp.NotifyConnected }) &&
		!diag.Any(a, diag.AnySide, func(*diag.Obstacle) bool { return true })
}

// backAggressive4500 finds that what the responder goes on with on port 4500 does
// not come back.
func backAggressive4500(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndPath
	goesOn := func(m *diag.Message) bool {
		return m.NATPort && m.Exchange != isakmp.ExchangeAggressive && m.Exchange != isakmp.ExchangeNone
	}
	if a.Mode() != isakmp.ExchangeAggressive || !a.Over() {
		return f, false
	}
	next := diag.Fact(a, diag.Responder, goesOn)
	again, gone := repeated(a, diag.Initiator, isakmp.ExchangeAggressive, 3), gaveUp(a, diag.Initiator)
	if !next.OK || diag.Any(a, diag.Initiator, goesOn) {
		return f, false // or it answers
	}
	all := arrived(diag.Responder, isakmp.ExchangeNone, 0)
	missing, lost := a.Unseen(diag.Initiator, diag.BodyMessage, func(b diag.Body) bool {
		m, ok := b.(*diag.Message)
		return ok && all(b) && goesOn(m)
	})
	if lost && !again.OK && !gone.OK {
		return f, false
	}
	if !lost {
		if !again.OK { // a daemon may say no more than that it was a repetition
			again = repeated(a, diag.Initiator, isakmp.ExchangeNone, 0)
		}
		if a.Seen(diag.Initiator) || !again.OK || !follows(again.Evidence, next.Evidence) {
			return f, false
		}
		f.Evidence = slices.Concat(next.As(diag.Background), again.As(diag.Strong), translated(a).As(diag.Background))
		f.Summary = fmt.Sprintf("%s repeats its third message, as if nothing came back to it on UDP port 4500", a.NameOf(diag.Initiator))
		return f, true
	}
	w := waitedOut(again, gone, missing)
	f.Evidence = slices.Concat(next.As(w), translated(a).As(diag.Background), again.As(diag.Background), []diag.Evidence{missing.As(w)})
	f.Summary = fmt.Sprintf("both ends move to UDP port 4500, on which nothing of the responder's comes back to %s", a.NameOf(diag.Initiator))
	return f, true
}

// thirdSent: the initiator sent the third message of aggressive mode, and so had
// found the responder's proof right (RFC 2409, section 5.4).
func thirdSent(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := sent(c.Attempt, diag.Initiator, isakmp.ExchangeAggressive, 3)
	return k.First(), k.OK
}
