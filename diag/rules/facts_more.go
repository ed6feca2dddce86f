package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// rfc refers to a section of an RFC.
func rfc(number int, section, title string) diag.Reference {
	return diag.Reference{RFC: number, Section: section, Title: title}
}

// askLog asks for an end's log.
func askLog(end diag.End, why string) diag.Missing {
	return diag.Missing{Kind: diag.KindLog, End: end, Why: why}
}

// askConfig asks for an end's configuration.
func askConfig(end diag.End, why string) diag.Missing {
	return diag.Missing{Kind: diag.KindConfig, End: end, Why: why}
}

// askCapture asks for a capture taken at an end.
func askCapture(end diag.End, why string) diag.Missing {
	return diag.Missing{Kind: diag.KindCapture, End: end, Why: why}
}

// obstacle finds what kept a side from going on.
func obstacle(a *diag.Attempt, by diag.Side, kinds ...diag.ObstacleKind) diag.Known[*diag.Obstacle] {
	return diag.Fact(a, by, func(o *diag.Obstacle) bool { return slices.Contains(kinds, o.What) })
}

// follows reports whether a source shows some of the later evidence behind some of
// the earlier: which source stands first is nobody's choice.
func follows(later, earlier []diag.Evidence) bool {
	return slices.ContainsFunc(later, func(e diag.Evidence) bool { return slices.ContainsFunc(earlier, e.After) })
}

// hostObstacle finds one that a side's host met outside of any negotiation,
// with the peer of this one.
func hostObstacle(a *diag.Attempt, by diag.Side, kind diag.ObstacleKind) diag.Known[*diag.Obstacle] {
	_, remote := a.Addresses(by)
	peer, _ := a.Addresses(by.Other())
	return diag.HostFact(a.View(), a.EndOf(by), func(o *diag.Obstacle) bool {
		return o.What == kind && o.Remote.IsValid() && (o.Remote == remote || o.Remote == peer)
	})
}

// hostMet finds what the host of either end met outside of any negotiation,
// with the other end or with nobody in particular.
func hostMet(a *diag.Attempt, kind diag.ObstacleKind) diag.Known[*diag.Obstacle] {
	for end := range 2 {
		k := diag.HostFact(a.View(), end, func(o *diag.Obstacle) bool {
			return o.What == kind && (!o.Remote.IsValid() || o.Remote == a.View().Address(1-end))
		})
		if !k.OK {
			continue
		}
		for _, s := range bothSides {
			if a.EndOf(s) == end {
				k.Side = s
			}
		}
		return k
	}
	return diag.Known[*diag.Obstacle]{}
}

// certificate finds what is known of a side's certificate.
func certificate(a *diag.Attempt, of diag.Side, kinds ...diag.CertificateKind) diag.Known[*diag.Certificate] {
	return diag.Fact(a, of, func(c *diag.Certificate) bool { return slices.Contains(kinds, c.What) })
}

// isPhase1 reports whether an exchange negotiates phase 1.
func isPhase1(x isakmp.ExchangeType) bool {
	return x == isakmp.ExchangeMain || x == isakmp.ExchangeAggressive || x == isakmp.ExchangeSAInit
}

// opening finds the message that the initiator began with; where a capture
// tells of none what it is, the first that it shows.
func opening(a *diag.Attempt) diag.Known[*diag.Message] {
	k := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return isPhase1(m.Exchange) && (m.Number == 1 || m.Exchange == isakmp.ExchangeSAInit)
	})
	if !k.OK {
		k = anyMessage(a)
	}
	return k
}

// repeated finds the repetition of a message that a side sent.
func repeated(a *diag.Attempt, from diag.Side, x isakmp.ExchangeType, number uint8) diag.Known[*diag.Message] {
	return a.Message(from, x, number, true)
}

// gaveUp finds that a side stopped waiting.
func gaveUp(a *diag.Attempt, by diag.Side) diag.Known[*diag.GaveUp] {
	return diag.Fact(a, by, func(*diag.GaveUp) bool { return true })
}

// heard reports whether there is any message of a side.
func heard(a *diag.Attempt, from diag.Side) bool {
	return diag.Any(a, from, func(*diag.Message) bool { return true })
}

// unanswered finds an opening that nothing came back to, although the
// initiator waited and the attempt is over, and the responder does not say why.
func unanswered(a *diag.Attempt) (first diag.Known[*diag.Message], ev []diag.Evidence, ok bool) {
	if a.Completed(diag.Phase1) {
		return first, nil, false
	}
	k := silence.Of(a)
	if k == nil {
		return first, nil, false
	}
	return k.first, k.ev, true
}

// unheard is an opening that unanswered finds, with its evidence.
type unheard struct {
	first diag.Known[*diag.Message]
	ev    []diag.Evidence
}

// silence is what unanswered finds, nil where it finds nothing.
var silence = diag.NewQuestion(func(a *diag.Attempt) *unheard {
	if !a.Over() || heard(a, diag.Responder) || responderSays(a) || diag.Any(a, diag.Responder, func(*diag.Notify) bool { return true }) {
		return nil
	}
	first := opening(a)
	if !first.OK {
		return nil
	}
	again := repeated(a, diag.Initiator, first.V.Exchange, first.V.Number)
	up := gaveUp(a, diag.Initiator)
	told := unreachable(a) // some do not wait for more
	if !again.OK && !up.OK && !told.OK {
		return nil
	}
	k := &unheard{first, slices.Clip(slices.Concat(first.Evidence, again.Evidence, up.Evidence))}
	for i := range k.ev {
		k.ev[i].Weight = diag.Hint
	}
	return k
})

// arrived accepts the messages of a side, in a log of its peer's or in a
// capture, of an exchange and number; number 0 accepts all.
func arrived(from diag.Side, x isakmp.ExchangeType, number uint8) func(diag.Body) bool {
	party := diag.OfInitiator
	if from == diag.Responder {
		party = diag.OfResponder
	}
	return func(b diag.Body) bool {
		m, ok := b.(*diag.Message)
		return ok && (m.From == diag.Peer || m.From == party) && (number == 0 || m.Exchange == x && m.Number == number)
	}
}

// came finds, in a side's own log or a capture taken there, a message of the
// other side's.
func came(a *diag.Attempt, to diag.Side, x isakmp.ExchangeType, number uint8) (diag.Evidence, bool) {
	return a.SeenAt(to, diag.BodyMessage, arrived(to.Other(), x, number))
}

// ignored: a capture at the responder shows the opening arrive, and nothing
// go back, not even a report of a closed port: something is there, and it does
// not talk to this peer. Several implementations are as silent.
func ignored(a *diag.Attempt) []diag.Evidence {
	first, ev, ok := unanswered(a)
	if !ok || unreachable(a).OK {
		return nil
	}
	seen, there := came(a, diag.Responder, first.V.Exchange, first.V.Number)
	if !there || a.View().Kind(seen) != diag.KindCapture {
		return nil
	}
	if _, _, quiet := a.Missed(diag.Responder, diag.KindLog); quiet {
		return nil // the daemon would have said so
	}
	return slices.Concat(ev, []diag.Evidence{seen.As(diag.Hint)})
}

// translated finds a NAT between the ends: by what they say, else by captures of
// both.
func translated(a *diag.Attempt) diag.Known[*diag.NAT] {
	k := diag.Fact(a, diag.AnySide, func(n *diag.NAT) bool { return !n.None })
	for _, side := range bothSides {
		if t, ok := a.Translated(side); ok && !k.OK {
			behind := diag.OfInitiator
			if side == diag.Responder {
				behind = diag.OfResponder
			}
			return diag.Known[*diag.NAT]{V: &diag.NAT{Behind: behind}, OK: true, Count: 1, Evidence: t.Evidence, Side: side}
		}
	}
	return k
}

// methodKnown tells whether the attempt's method is known to be a pre-shared
// key, or known to be signatures.
func methodKnown(a *diag.Attempt) (psk, signed bool) {
	m := methods.Of(a)
	return m.psk, m.signed
}

var methods = diag.NewQuestion(func(a *diag.Attempt) (m struct{ psk, signed bool }) {
	if auth := a.Auth(); auth.OK {
		m.psk = isPSK(auth.V)
		m.signed = !m.psk
		return m
	}
	k := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return m.Proof != isakmp.PayloadNone })
	// Public-key encryption, which would show a HASH as well, names no
	// identity in the clear payloads and is hardly built.
	m.psk, m.signed = k.OK && k.V.Proof == isakmp.PayloadHash, k.OK && k.V.Proof == isakmp.PayloadSignature
	return m
})

// lifecycle reports what ended a tunnel that was up, which check finds, or nil. What
// a later attempt replaced is history.
func lifecycle(v *diag.View, out *diag.Sink, check func(a *diag.Attempt) *diag.Finding) {
	type found struct {
		a *diag.Attempt
		f *diag.Finding
	}
	var all []found
	for _, past := range [...]bool{false, true} {
		for a := range v.Attempts() {
			if a.Overtaken() != past {
				continue
			}
			f := check(a)
			if f == nil {
				continue
			}
			if past {
				f.Status, f.Severity = diag.Recovered, diag.Info
			}
			all = append(all, found{a, f})
		}
		if len(all) > 0 {
			break
		}
	}
	for _, x := range all {
		out.AddTo(x.a, *x.f)
	}
}

// between names both ends for a summary.
func between(v *diag.View) string {
	if x, y := v.EndName(0), v.EndName(1); x != "" && y != "" {
		return "between " + x + " and " + y
	}
	return "between the two ends"
}

// bothSides is the two parties of a negotiation.
var bothSides = [...]diag.Side{diag.Initiator, diag.Responder}
