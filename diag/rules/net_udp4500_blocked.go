package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// UDP4500Blocked finds a path that carries port 500 and not port 4500, to
// which the negotiation moves as soon as it has found a NAT.
var UDP4500Blocked = &diag.Rule{
	Code: diag.NetUDP4500Blocked,
	Doc: diag.Doc{
		Meaning: "The two ends found a NAT between them and moved to UDP port 4500 (RFC 3947, section 4), on which nothing arrives: a firewall knows of port 500 only.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1PSKMismatch,
				Excluded: []diag.Exclusion{{If: fifthNeverCame, Reason: "the message on port 4500 does not arrive at the responder"}, {If: fifthAccepted, Reason: "the responder accepted the fifth message"}, {If: thirdSent, Reason: "the initiator accepted the responder's proof, which the key is in"}},
				Ask:      askLog(diag.EndResponder, "the responder's log or capture shows whether the fifth message arrives"),
			},
			{
				Code:     diag.NetIKEFragDropped,
				Excluded: []diag.Exclusion{{If: fifthSmall, Reason: "the message is too small to be fragmented"}},
				Ask:      askCapture(diag.EndInitiator, "it shows whether the fifth message is fragmented"),
			},
		},
		Explains: []diag.Code{diag.NetPacketLoss, diag.IKERetransmitExhausted, diag.IKEP1PSKMismatch, diag.NetIKEFragDropped, diag.NetUDP500Oneway, diag.IKEModecfgPushPull},
		Common:   6,
		Remedy:   "allow UDP port 4500 both ways between the two gateways",
		References: []diag.Reference{
			rfc(3947, "4", "Changing to New Ports"),
		},
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if a.Completed(diag.Phase1) && !goesOnWaiting(a) || !mayMove(a) {
				continue
			}
			if f, ok := port4500(a); ok {
				blocked4500ByProbe(a, &f)
				out.AddTo(a, f)
				continue
			}
			for _, find := range [...]func(*diag.Attempt) (diag.Finding, bool){back4500, aggressive4500, backAggressive4500} {
				if f, ok := find(a); ok {
					out.AddTo(a, f)
					break
				}
			}
		}
	},
}

// mayMove reports whether the attempt came to where the initiator moves to port
// 4500: behind the fourth message of main mode, or the second of aggressive mode.
func mayMove(a *diag.Attempt) bool {
	return wasSent(a, diag.Responder, isakmp.ExchangeMain, 4) || wasSent(a, diag.Responder, isakmp.ExchangeMain, 6) || a.Mode() == isakmp.ExchangeAggressive
}

// goesOnWaiting reports whether the initiator repeated the message with which it
// moves to port 4500, or one of which its log does not say which it is, or gave up.
func goesOnWaiting(a *diag.Attempt) bool {
	return a.Repeated(diag.Initiator, isakmp.ExchangeMain, 5) || a.Repeated(diag.Initiator, isakmp.ExchangeAggressive, 3) ||
		a.Repeated(diag.Initiator, isakmp.ExchangeNone, 0) || gaveUp(a, diag.Initiator).OK
}

func port4500(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndPath
	if !stuckAtFifth(a) {
		return f, false
	}
	floated := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeMain && m.Number == 5 && m.NATPort
	})
	nat := translated(a)
	missing, lost := a.Unseen(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, isakmp.ExchangeMain, 5))
	lost = lost && wasSent(a, diag.Responder, isakmp.ExchangeMain, 4)
	waited := repeated(a, diag.Initiator, isakmp.ExchangeMain, 5)
	switch {
	case floated.OK && lost:
		f.Evidence = slices.Concat(floated.As(diag.Strong), nat.As(diag.Background), waited.As(diag.Background))
		w := waitedOut(waited, gaveUp(a, diag.Initiator), missing)
		f.Evidence = append(f.Evidence, missing.As(w))
		f.Summary = fmt.Sprintf("%s moves to UDP port 4500, on which nothing reaches the responder", a.NameOf(diag.Initiator))
	case floated.OK && (waited.OK || gaveUp(a, diag.Initiator).OK) && !showsMessages(a, diag.Responder):
		// Some responders are as silent where they cannot read it.
		f.Evidence = slices.Concat(floated.As(diag.Hint), waited.As(diag.Hint), nat.As(diag.Background))
		f.Summary = fmt.Sprintf("%s moves to UDP port 4500, on which nothing comes back", a.NameOf(diag.Initiator))
	case portUntold(a) && nat.OK && (waited.OK || gaveUp(a, diag.Initiator).OK) && !a.Seen(diag.Responder):
		// An initiator that has found a NAT sends its fifth message there (RFC
		// 3947, section 4), whether its log tells the port or not.
		f.Evidence = slices.Concat(nat.As(diag.Hint), waited.As(diag.Hint))
		f.Summary = fmt.Sprintf("%s has found a NAT and moves to UDP port 4500, on which nothing comes back", a.NameOf(diag.Initiator))
	case portUntold(a) && lost && waited.Count > 1:
		// Nothing tells the port, and what is lost is the first that would use
		// another one.
		fifth := sent(a, diag.Initiator, isakmp.ExchangeMain, 5)
		f.Evidence = slices.Concat(fifth.As(diag.Strong), waited.As(diag.Background), []diag.Evidence{missing.As(diag.Strong)})
		f.Summary = fmt.Sprintf("the fifth message of %s, the first that may use UDP port 4500, does not reach the responder", a.NameOf(diag.Initiator))
	case lost && nat.OK && !a.Seen(diag.Initiator) && abandoned(a, missing):
		// The responder's view: it was left after the fourth message, when
		// the initiator moves.
		f.Evidence = slices.Concat(nat.As(diag.Hint), []diag.Evidence{missing.As(diag.Hint)})
		f.Summary = fmt.Sprintf("nothing comes to %s after the NAT was found, when the initiator moves to UDP port 4500", a.NameOf(diag.Responder))
	case lost && oddPort(a) && !a.Seen(diag.Initiator) && abandoned(a, missing):
		f.Evidence = []diag.Evidence{missing.As(diag.Hint)}
		if first, ok := came(a, diag.Responder, isakmp.ExchangeMain, 1); ok {
			f.Evidence = append(f.Evidence, first.As(diag.Hint))
		}
		f.Summary = fmt.Sprintf("%s comes from port %d, as behind a NAT, and nothing comes of it when it moves to UDP port 4500", a.NameOf(diag.Initiator), a.Port(diag.Initiator))
	default:
		return f, false
	}
	return f, true
}

// waitedOut weighs that a message is missing at the end that it was for: it is
// proof where its sender repeated it or gave up, and the source goes on.
func waitedOut(again diag.Known[*diag.Message], gone diag.Known[*diag.GaveUp], missing diag.Evidence) diag.Weight {
	if (again.Count > 1 || gone.OK) && missing.Outlasts() {
		return diag.Proof
	}
	return diag.Strong
}

// back4500 finds that the responder's answer on port 4500 does not come back.
func back4500(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndPath
	waited, gone := repeated(a, diag.Initiator, isakmp.ExchangeMain, 5), gaveUp(a, diag.Initiator)
	if !waited.OK && !gone.OK || !a.Over() {
		return f, false
	}
	sixth := diag.Fact(a, diag.Responder, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeMain && m.Number == 6 && m.NATPort
	})
	if !sixth.OK {
		return f, false
	}
	missing, lost := a.Unseen(diag.Initiator, diag.BodyMessage, arrived(diag.Responder, isakmp.ExchangeMain, 6))
	if !lost {
		return f, false
	}
	w := waitedOut(waited, gone, missing)
	if m := sixth.V; m.Length > surePayload || m.Fragments > 1 || m.Length == 0 && m.Proof != isakmp.PayloadHash {
		w = diag.Hint // it may be lost for its size
	}
	f.Evidence = slices.Concat(sixth.As(w), translated(a).As(diag.Background), waited.As(diag.Background), []diag.Evidence{missing.As(w)})
	f.Summary = fmt.Sprintf("both ends move to UDP port 4500, on which nothing of the responder's comes back to %s", a.NameOf(diag.Initiator))
	return f, true
}

// fifthAccepted: the responder was content with the fifth message: it sent the
// sixth.
func fifthAccepted(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := sent(c.Attempt, diag.Responder, isakmp.ExchangeMain, 6)
	return k.First(), k.OK
}

// oddPort: the initiator's messages come from a port that is no daemon's: a NAT
// on the way changed it, most often.
func oddPort(a *diag.Attempt) bool {
	p := a.Port(diag.Initiator)
	return p != 0 && p != 500 && p != 4500
}

// portUntold: the initiator sent the fifth message, and its log tells neither
// its own address nor the port that it uses.
func portUntold(a *diag.Attempt) bool {
	if local, _ := a.Addresses(diag.Initiator); local.IsValid() {
		return false
	}
	fifth := sent(a, diag.Initiator, isakmp.ExchangeMain, 5)
	return fifth.OK && fifth.V.Length == 0
}

// spokeOn4500 is what the responder sent on port 4500 before phase 1 was up. It
// moves there only as a message comes to it there (RFC 3947, section 4), so that
// the port is open both ways.
func spokeOn4500(a *diag.Attempt) diag.Known[*diag.Message] {
	return diag.Fact(a, diag.Responder, clearOn4500)
}

func clearOn4500(m *diag.Message) bool { return m.NATPort && !m.Encrypted }

func cameOn4500(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := spokeOn4500(c.Attempt)
	return k.First(), k.OK
}

// showsMessages reports whether a side's own sources show what it sent and
// received. Not all logs do.
func showsMessages(a *diag.Attempt, side diag.Side) bool {
	_, ok := a.SeenAt(side, diag.BodyMessage, func(diag.Body) bool { return true })
	return ok
}

// stuckAtFifth: main mode got to its fourth message, the attempt is over, and
// nothing of the fifth or of what would follow came to the responder's
// attention.
func stuckAtFifth(a *diag.Attempt) bool {
	if a.Completed(diag.Phase1) || !a.Over() || !wasSent(a, diag.Responder, isakmp.ExchangeMain, 4) || wasSent(a, diag.Responder, isakmp.ExchangeMain, 6) || diag.Any(a, diag.Responder, clearOn4500) {
		return false
	}
	// An answer is encrypted, or holds a notify; a clear Delete is its sender
	// giving up.
	if informed(a, diag.Responder).OK ||
		diag.Any(a, diag.AnySide, func(c *diag.Check) bool { return !c.OK }) ||
		diag.Any(a, diag.AnySide, func(n *diag.Notify) bool { return n.Type < 16384 }) ||
		diag.Any(a, diag.Responder, func(l *diag.LookedUp) bool { return l.What != diag.LookupGateway }) {
		return false
	}
	named := diag.Fact(a, diag.AnySide, func(i *diag.Identity) bool { return i.Role == diag.Declared && i.Auth != 0 })
	return !named.OK || named.By == diag.Initiator
}

// abandoned reports whether the responder waited in vain: it gave the
// negotiation up, repeated its own message more than once, or its source goes on
// without more of it.
func abandoned(a *diag.Attempt, missing diag.Evidence) bool {
	return missing.Outlasts() || repeated(a, diag.Responder, isakmp.ExchangeMain, 4).Count > 1 || diag.Any(a, diag.Responder, func(p *diag.Progress) bool { return p.Step == diag.Phase1Failed }) ||
		diag.Any(a, diag.Responder, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational }) // see stuckAtFifth
}

// large reports whether the fifth message, the third of aggressive mode, is greater than what a path is sure
// to carry in one piece, as far as its size is known.
func large(a *diag.Attempt) bool {
	return diag.Any(a, diag.Initiator, func(m *diag.Message) bool {
		return (m.Exchange == isakmp.ExchangeMain && m.Number == 5 || m.Exchange == isakmp.ExchangeAggressive && m.Number == 3) && (m.Length > surePayload || m.Fragments > 1)
	})
}

// surePayload is the size of an ISAKMP message that no path has to fragment:
// what is left of the 576 octets that every host takes (RFC 791, section 3.1)
// after an IP header with options and a UDP header.
const surePayload = 508

// fifthNeverCame: the responder's log or capture shows what came before the
// fifth message, and not the fifth.
func fifthNeverCame(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || failed(c.Attempt, diag.AnySide, diag.CheckDecrypt).OK || failed(c.Attempt, diag.AnySide, diag.CheckFormat).OK {
		return diag.Evidence{}, false
	}
	e, ok := c.Attempt.Unseen(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, isakmp.ExchangeMain, 5))
	return e, ok && e.Whole()
}

// fifthSmall: the size of the fifth message, or of aggressive mode's third, is
// known, and small.
func fifthSmall(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || large(c.Attempt) {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.Initiator, func(m *diag.Message) bool {
		return (m.Exchange == isakmp.ExchangeMain && m.Number == 5 || m.Exchange == isakmp.ExchangeAggressive && m.Number == 3) && m.Length > 0
	})
	return k.First(), k.OK
}
