package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// PeerNotListening finds a peer on which no daemon listens.
var PeerNotListening = &diag.Rule{
	Code: diag.NetPeerNotListening,
	Doc: diag.Doc{
		Meaning: "Nothing listens on the peer's UDP port 500: its daemon is not running, or listens on another address. The host itself is reached, and says so where no filter keeps it from doing that.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: portFree, Reason: "the peer's own list of sockets has none on the port"}},
				Ask:      askLog(diag.EndResponder, "a firewall of the host's own may refuse in the same way; the daemon's log, or its host's list of sockets, shows whether it was running"),
			},
			{
				Code: diag.NetUDP500Blocked,
				Excluded: []diag.Exclusion{
					{If: peerReports, Reason: "the peer's own address reports that the port is closed"},
					{If: portFree, Reason: "the peer's own list of sockets has none on the port"},
				},
				Ask: askCapture(diag.EndResponder, "it shows whether the first message arrives"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerAddrWrong, diag.NetHostFirewall},
		Common:   5,
		Remedy:   "start the daemon on the peer, and let it listen on the address that is dialled",
		References: []diag.Reference{
			{Title: "RFC 792: Destination Unreachable Message", URL: "https://www.rfc-editor.org/rfc/rfc792"},
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyUnreachable | 1<<diag.BodyGaveUp | 1<<diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if free := freePort(v, a.EndOf(diag.Responder)); free.OK {
				if _, ev, ok := unanswered(a); ok {
					weight := diag.Proof
					if running(a) { // the list is of another time, or of another network namespace
						weight = diag.Hint
					}
					out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: slices.Concat(free.As(weight), ev),
						Summary: fmt.Sprintf("no program listens on UDP port %d of %s", free.V.Port, a.NameOf(diag.Responder))})
					continue
				}
			}
			closed := diag.Fact(a, diag.Responder, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer && u.Protocol != protocolESP })
			if closed.OK && cameUpBefore(a).OK {
				continue // PeerDown's
			}
			if closed.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: closed.As(diag.Proof),
					Summary: fmt.Sprintf("%s reports that nothing listens on its IKE port", a.NameOf(diag.Responder))})
				continue
			}
			_, ev, ok := unanswered(a)
			if !ok || unreachable(a).OK || cameUpBefore(a).OK || listens(v, a.EndOf(diag.Responder)).OK {
				continue
			}
			f := diag.Finding{FixAt: diag.EndResponder, Evidence: ev, Summary: fmt.Sprintf("the daemon of %s may not be running", a.NameOf(diag.Responder))}
			e, stopped := daemonStopped(diag.Case{View: v, Attempt: a})
			switch _, _, missed := a.Missed(diag.Responder); {
			case stopped:
				// Whether before or after the attempt, two clocks cannot tell.
				f.Evidence = append(f.Evidence, e.As(diag.Hint))
			case missed && running(a):
				continue // it runs, and nothing came
			case len(ignored(a)) > 0 && a.Shows(diag.PacketsICMP):
				continue // a host without a daemon says so
			}
			if !closedByProbe(a, &f) {
				continue // a probe was answered
			}
			out.AddTo(a, f)
		}
	},
}

// freePort finds that an end's host lists its sockets, and has none that takes
// what comes to the port of IKE from elsewhere.
func freePort(v *diag.View, end int) diag.Known[*diag.Host] {
	free := diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.PortFree && h.Port == portIKE })
	if free.OK {
		return free
	}
	if listens(v, end).OK {
		return free
	}
	return diag.HostFact(v, end, func(h *diag.Host) bool { // to itself only
		return (h.Event == diag.PortListened || h.Event == diag.PortHeld) && h.Port == portIKE
	})
}

// listens finds that a program takes what comes from elsewhere to the port of IKE
// of an end's host.
func listens(v *diag.View, end int) diag.Known[*diag.Host] {
	return diag.HostFact(v, end, func(h *diag.Host) bool {
		return (h.Event == diag.PortListened || h.Event == diag.PortHeld) && h.Port == portIKE && !h.Address.IsLoopback()
	})
}

// portIKE is the port of IKE (RFC 2408, section 2.5.1).
const portIKE = 500

// portFree: nothing listens on the responder's port.
func portFree(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := freePort(c.View, c.Attempt.EndOf(diag.Responder))
	return k.First(), k.OK
}

// peerReports: the report comes from the address that was dialled.
func peerReports(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.Responder, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer })
	return k.First(), k.OK
}

// daemonStopped: the responder's log ends with its daemon's end, or the daemon
// cannot be asked for its state.
func daemonStopped(c diag.Case) (e diag.Evidence, ok bool) {
	if c.Attempt == nil {
		return e, false
	}
	end := c.Attempt.EndOf(diag.Responder)
	if e, ok = stoppedBy(c.View, end, diag.KindLog); !ok {
		e, ok = stoppedBy(c.View, end, diag.KindState)
	}
	return e, ok
}

// running reports whether the responder's log shows its daemon starting.
func running(a *diag.Attempt) bool {
	return diag.HostFact(a.View(), a.EndOf(diag.Responder), func(*diag.Software) bool { return true }).OK
}

// PeerAddrWrong asks whether the address that is dialled is the peer's.
var PeerAddrWrong = &diag.Rule{
	Code: diag.NetPeerAddrWrong,
	Doc: diag.Doc{
		Meaning: "The initiator dials an address that is not the peer's: a typing error, an old address, the inner instead of the outer one. Nobody answers there, or somebody else.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetUDP500Blocked, Excluded: []diag.Exclusion{byConfigs}, Ask: askConfig(diag.EndResponder, "it shows the responder's own address")},
			{Code: diag.NetPeerNotListening, Excluded: []diag.Exclusion{byConfigs}, Ask: askConfig(diag.EndResponder, "it shows the responder's own address")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   3,
		Remedy:   "configure at the initiator the address that the responder can be reached at",
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		c := compareAddresses(v, diag.Initiator)
		if c.state != notCompared {
			for a := range v.Attempts() {
				if k, _ := elsewhereBound(a); k.OK {
					c = compared{} // the call comes to the right host: LocalAddrWrong's
				}
			}
		}
		out := joined(v, sink, c)
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			_, ev, ok := unanswered(a)
			if !ok || a.Seen(diag.Responder) || unreachable(a).OK || cameUpBefore(a).OK {
				continue
			}
			if _, _, missed := a.Missed(diag.Responder); missed {
				continue // the other end is known, and is the one that was dialled
			}
			if listens(v, a.EndOf(diag.Responder)).OK {
				if _, known := addressKnown(diag.Case{View: v, Attempt: a}); known {
					continue // and its host has the address
				}
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Evidence: ev, Summary: "the address that " + a.NameOf(diag.Initiator) + " dials may not be the peer's"})
		}
	},
}

// NoRouteToPeer finds an initiator without a way to its peer.
var NoRouteToPeer = &diag.Rule{
	Code: diag.NetNoRouteToPeer,
	Doc: diag.Doc{
		Meaning: "The initiator's host has no route to its peer, or a router on the way reports that the peer's network or host cannot be reached.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetPeerAddrWrong,
				Excluded: []diag.Exclusion{{If: addressKnown, Reason: "the address that is dialled is the responder's"}},
				Ask:      askConfig(diag.EndResponder, "it shows whether the address that is dialled is the responder's"),
			},
			{
				Code: diag.CFGConnNotOriented,
				Excluded: []diag.Exclusion{
					{If: senderOnWire, Reason: "messages leave from the initiator's address"},
					{If: routerReports, Reason: "a router on the way reports it"},
					{If: justFound, Reason: "moments before, the daemon found the address on its host"},
				},
				Ask: diag.Missing{Kind: diag.KindCapture, End: diag.EndInitiator, Why: "a host refuses to send from an address that is not its own in the same words"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.NetPeerAddrWrong},
		Common:   4,
		Remedy:   "give the initiator's host a route to its peer, and find out where on the way the peer is not known",
		References: []diag.Reference{
			{Title: "RFC 792: Destination Unreachable Message", URL: "https://www.rfc-editor.org/rfc/rfc792"},
		},
	},
	Needs: 1<<diag.BodyUnreachable | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if heard(a, diag.Responder) {
				continue
			}
			own := noRoute(a, diag.Proof)
			router := diag.Fact(a, diag.Responder, func(u *diag.Unreachable) bool { return u.To != diag.Peer && noSuchHost(u) })
			if len(own) == 0 && !router.OK {
				continue
			}
			if refusal, _ := firewallRefuses(a); refusal.OK && !router.OK {
				continue // of which a system tells its daemon in the same words
			}
			w := diag.Proof
			if compareAddresses(v, diag.Initiator).state == differ {
				w = diag.Hint // of an address that is not the peer's: PeerAddrWrong's
			}
			f := diag.Finding{FixAt: diag.EndInitiator, Evidence: slices.Concat(own, router.As(w)),
				Summary: fmt.Sprintf("%s has no route to its peer", a.NameOf(diag.Initiator))}
			if len(own) == 0 {
				f.FixAt = diag.EndPath
				f.Summary = fmt.Sprintf("a router reports that the peer of %s cannot be reached", a.NameOf(diag.Initiator))
			}
			out.AddTo(a, f)
		}
	},
}

// noRoute: the initiator's system refuses to send to its peer.
func noRoute(a *diag.Attempt, w diag.Weight) []diag.Evidence {
	k := obstacle(a, diag.Initiator, diag.ObstacleRoute)
	if !k.OK {
		k = hostObstacle(a, diag.Initiator, diag.ObstacleRoute)
	}
	own := ownRefusal(a, noSuchHost)
	return slices.Concat(own.As(w), k.As(w))
}

// justFound: the daemon went through the addresses of its host less than a minute
// before the system refused to send, and the one that it sends from was among
// them. One that it had found long ago may have been taken from the host since,
// of which a system tells its daemon in the same words.
func justFound(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	local, _ := c.Attempt.Addresses(diag.Initiator)
	own := diag.HostFact(c.View, c.Attempt.EndOf(diag.Initiator), func(h *diag.Host) bool { return h.Event == diag.OwnAddress && h.Address == local })
	for _, found := range own.Evidence {
		for _, refused := range noRoute(c.Attempt, diag.Proof) {
			if d, ok := diag.Elapsed(found, refused); ok && d >= 0 && d < time.Minute {
				return found, true
			}
		}
	}
	return diag.Evidence{}, false
}

// noSuchHost: what was sent does not arrive since nobody knows the way.
func noSuchHost(u *diag.Unreachable) bool {
	return !u.Port && !u.Prohibited && !u.TooBig && u.Protocol != protocolESP && u.Protocol != protocolAH
}

// HostFirewall finds a message that reaches the responder's interface and not
// its daemon.
var HostFirewall = &diag.Rule{
	Code: diag.NetHostFirewall,
	Doc: diag.Doc{
		Meaning: "The initiator's message arrives at the responder's interface, where a capture shows it, and its daemon never sees it: the host's own firewall drops it, or the daemon is bound to another address. Or the tunnel is up, ESP arrives at an interface, and neither the SA nor the kernel's errors count it. Or a gateway that is a firewall has no word in its configuration that lets IKE in at the interface of the tunnel.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetPeerNotListening,
				Excluded: []diag.Exclusion{{If: daemonRuns, Reason: "the daemon was running"}, {If: cameUp, Reason: "the tunnel came up"}},
				Ask:      askLog(diag.EndResponder, "it shows whether the daemon was running"),
			},
			{
				Code:     diag.IKEP1PeerUnknown,
				Excluded: []diag.Exclusion{{If: daemonQuiet, Reason: "the daemon's log shows nothing of the message"}, {If: cameUp, Reason: "the tunnel came up"}},
				Ask:      askLog(diag.EndResponder, "some responders answer nothing to a peer that they do not know, and log it"),
			},
			{
				Code:     diag.ESPInvalidSPI,
				Excluded: []diag.Exclusion{{If: neverUp, Reason: "there is no SA yet"}, {If: errorsCounted, Reason: "the kernel counts its errors, and none is of this kind"}},
				Ask:      diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "/proc/net/xfrm_stat counts what IPsec itself drops"},
			},
		},
		Explains: []diag.Code{
			diag.IKERetransmitExhausted, diag.NetPeerNotListening, diag.ESPNoReturnRoute, diag.ESPFirewallInner, diag.LifeStaleSA, diag.NetESPBlocked,
			diag.NetESPOneway, diag.NetPMTUBlackhole,
		},
		Common: 4,
		Remedy: "let the host's firewall pass UDP ports 500 and 4500 to the daemon",
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyFlow | 1<<diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		espKeptOut(v, out)
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s does not let IKE in at %s: what its peer begins is not answered", name, diag.Quote(x.Subject))
			f.Remedies = []diag.Remedy{{Action: "let IKE in at the interface that faces the peer"}}
			return diag.Strong, true // what it begins itself may come up
		}, diag.FaultNotLetIn)
		for a := range v.Unfinished(diag.Phase1) {
			first, _, ok := unanswered(a)
			if !ok || unreachable(a).OK {
				continue
			}
			seen, there := came(a, diag.Responder, first.V.Exchange, first.V.Number)
			if !there || v.Kind(seen) != diag.KindCapture {
				continue
			}
			f := diag.Finding{FixAt: diag.EndResponder, Evidence: []diag.Evidence{seen.As(diag.Hint)},
				Summary: fmt.Sprintf("the first message arrives at %s, which does not answer: its firewall may keep it from the daemon", a.NameOf(diag.Responder))}
			if quiet, spans, missed := a.Missed(diag.Responder, diag.KindLog); missed {
				w := diag.Strong
				if spans {
					w = diag.Proof
				}
				f.Evidence = append(f.Evidence, quiet.As(w))
				f.Summary = fmt.Sprintf("the first message arrives at %s, and its daemon does not see it", a.NameOf(diag.Responder))
			}
			out.AddTo(a, f)
		}
	},
}

// daemonRuns: the responder's log shows its daemon starting, and not ending.
func daemonRuns(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || !running(c.Attempt) {
		return diag.Evidence{}, false
	}
	if _, stopped := daemonStopped(c); stopped {
		return diag.Evidence{}, false
	}
	if _, again := restarted(c.Attempt); again {
		return diag.Evidence{}, false // it was down for a while
	}
	k := diag.HostFact(c.View, c.Attempt.EndOf(diag.Responder), func(*diag.Software) bool { return true })
	return k.First(), true
}

// restarted finds that the responder's daemon started anew after the tunnel was
// up for it. When it had ended, no log says.
func restarted(a *diag.Attempt) (start diag.Evidence, ok bool) {
	v, end := a.View(), a.EndOf(diag.Responder)
	again := diag.HostFact(v, end, func(*diag.Software) bool { return true })
	if !again.OK || again.Count < 2 {
		return start, false
	}
	for _, e := range cameUpBefore(a).Evidence {
		if start = last(again.Evidence); start.After(e) {
			return start, true
		}
	}
	return start, false
}

// daemonQuiet: the responder's log is there and shows nothing of the attempt.
func daemonQuiet(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	e, _, ok := c.Attempt.Missed(diag.Responder, diag.KindLog)
	return e, ok
}
