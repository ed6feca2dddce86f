package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// What several rules ask of an attempt.

// failed finds a check that a side made and that failed.
func failed(a *diag.Attempt, by diag.Side, what diag.CheckKind, exchange ...isakmp.ExchangeType) diag.Known[*diag.Check] {
	if !a.FailedAt(what) { // as with most
		return diag.Known[*diag.Check]{}
	}
	return diag.Fact(a, by, func(c *diag.Check) bool {
		return c.What == what && !c.OK && (len(exchange) == 0 || slices.Contains(exchange, c.Exchange))
	})
}

// notFound finds a search of a side that found nothing.
func notFound(a *diag.Attempt, by diag.Side, what diag.LookupKind) diag.Known[*diag.LookedUp] {
	return diag.Fact(a, by, func(l *diag.LookedUp) bool { return l.What == what && !l.Found })
}

// notified finds an error notify about phase 1 that a side sent.
func notified(a *diag.Attempt, from diag.Side, types ...isakmp.NotifyType) diag.Known[*diag.Notify] {
	if !a.Notified(types...) { // as with most
		return diag.Known[*diag.Notify]{}
	}
	return diag.Fact(a, from, func(n *diag.Notify) bool { return !n.Phase2 && slices.Contains(types, n.Type) })
}

// notified2 is notified for phase 2.
func notified2(a *diag.Attempt, from diag.Side, types ...isakmp.NotifyType) diag.Known[*diag.Notify] {
	if !a.Notified(types...) {
		return diag.Known[*diag.Notify]{}
	}
	return diag.Fact(a, from, func(n *diag.Notify) bool { return n.Phase2 && slices.Contains(types, n.Type) })
}

// stepped finds that a side took a step, or says so.
func stepped(a *diag.Attempt, by diag.Side, step diag.Step) diag.Known[*diag.Progress] {
	if !a.Stepped(step) {
		return diag.Known[*diag.Progress]{}
	}
	return diag.Fact(a, by, func(p *diag.Progress) bool { return p.Step == step })
}

// sent finds the message of a number that a side sent.
func sent(a *diag.Attempt, from diag.Side, x isakmp.ExchangeType, number uint8) diag.Known[*diag.Message] {
	return a.Message(from, x, number, false)
}

// wasSent reports whether sent finds one.
func wasSent(a *diag.Attempt, from diag.Side, x isakmp.ExchangeType, number uint8) bool {
	return a.Sent(from, x, number)
}

// informed finds an encrypted informational message that a side sent.
func informed(a *diag.Attempt, from diag.Side) diag.Known[*diag.Message] {
	if !a.Exchanged(isakmp.ExchangeInformational) {
		return diag.Known[*diag.Message]{}
	}
	return diag.Fact(a, from, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational && m.Encrypted })
}

// mayBePSK reports whether the attempt authenticates by a pre-shared key, as
// far as anything tells.
func mayBePSK(a *diag.Attempt) bool {
	m := a.Auth()
	return !m.OK || isPSK(m.V)
}

// mayBeSigned reports the same for signatures.
func mayBeSigned(a *diag.Attempt) bool {
	m := a.Auth()
	return !m.OK || !isPSK(m.V)
}

func isPSK(m ike.AuthMethod) bool {
	return m == ike.AuthPSK || m == ike.AuthXAUTHInitPSK || m == ike.AuthXAUTHRespPSK
}

// software returns what a side runs.
func software(a *diag.Attempt, of diag.Side) (diag.Software, diag.Evidence, bool) {
	if k := diag.Fact(a, of, func(*diag.Software) bool { return true }); k.OK {
		return *k.V, k.First(), true
	}
	if k := diag.HostFact(a.View(), a.EndOf(of), func(*diag.Software) bool { return true }); k.OK {
		return *k.V, k.First(), true
	}
	return diag.Software{}, diag.Evidence{}, false
}

// sides is both sides, for facts about which the log does not say whose it is.
var sides = [...]diag.Side{diag.Initiator, diag.Responder, diag.SideUnknown}
