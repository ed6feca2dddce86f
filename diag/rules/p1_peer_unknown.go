package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// PeerUnknown finds a responder that has no connection for the addresses it
// was called on and from.
var PeerUnknown = &diag.Rule{
	Code: diag.IKEP1PeerUnknown,
	Doc: diag.Doc{
		Meaning: "The responder has no configuration for this pair of addresses: the initiator's address is not the configured one, a NAT changed it, or the connection is not loaded.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEVersionMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: noneForCaller, Reason: "its configuration has no connection for the caller, of either version"}},
				Ask:      diag.Missing{Kind: diag.KindConfig, End: diag.EndResponder, Why: "a connection for the other version of IKE is passed over in the same words"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKECookieUnknown, diag.IKEP1ProposalMismatch, diag.IKEP1AuthmethodMismatch},
		Common:   6,
		Remedy:   "configure the peer's address as the responder sees it, or any address with an identity",
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyConnection | 1<<diag.BodyHost,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareAddresses(v, diag.Responder))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			if k := notFound(a, diag.AnySide, diag.LookupGateway); k.OK {
				w := diag.Proof
				switch k.V.Mode {
				case isakmp.ExchangeMain:
					w = diag.Strong // the mode and the method had to fit as well
				case isakmp.ExchangeAggressive:
					w = diag.Hint
				}
				if unoriented(v, a.EndOf(k.Side)).OK {
					w = diag.Hint // it has one, and for another address of its own
				}
				f := diag.Finding{FixAt: diag.EndResponder, Evidence: k.As(w),
					Summary: fmt.Sprintf("%s has no connection for a peer at this address", a.NameOf(diag.Responder))}
				if e, ok := noneForCaller(diag.Case{View: v, Attempt: a}); ok && v.Connection(a.EndOf(diag.Responder)).OK {
					// The connection that is meant is for another peer: whatever else would
					// have had to fit.
					f.Evidence = append(f.Evidence, e.As(diag.Proof))
				}
				if local, remote := a.Addresses(diag.Responder); local.IsValid() && remote.IsValid() {
					f.Detail = diag.AddressUnknown{Local: local, Remote: remote}
					f.Summary = fmt.Sprintf("the responder %s has no connection for a peer at %s", local, remote)
				}
				out.AddTo(a, f)
				if e, name, why := notTaken(a, k); e.Kind != 0 {
					ev := append(k.As(diag.Strong), e)
					if list, ok := v.Unlisted(a.EndOf(diag.Responder), name); ok {
						ev = append(ev, list.As(diag.Proof))
					}
					out.AddTo(a, diag.Finding{Code: diag.CFGConnNotLoaded, FixAt: diag.EndResponder, Evidence: ev,
						Summary:  fmt.Sprintf("the configuration of %s has a connection for its caller, which its daemon %s", a.NameOf(diag.Responder), why),
						Remedies: []diag.Remedy{{End: diag.EndResponder, Action: "let the daemon load the connection", Source: e.Source, Line: e.Where.Line}}})
				}
				continue
			}
			if ev := ignored(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: ev,
					Summary: fmt.Sprintf("%s does not answer: it may have no connection for a peer at this address", a.NameOf(diag.Responder))})
				continue
			}
			n := notified(a, diag.AnySide, isakmp.NotifyNoProposalChosen)
			if n.OK && !n.V.Protected && !failed(a, diag.AnySide, diag.CheckProposal).OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: n.As(diag.Hint),
					Summary: fmt.Sprintf("%s may have no connection for a peer at this address", a.NameOf(diag.Responder))})
				continue
			}
			if ev := cookieForgotten(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: ev,
					Summary: fmt.Sprintf("%s accepted a proposal and then gave the negotiation up: it may have no connection or key for a peer at this address", a.NameOf(diag.Responder))})
			}
		}
	},
}

// noneForCaller: the responder's configuration has no connection for a peer at the
// address from which it was called.
func noneForCaller(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	return c.View.NoneFor(c.Attempt.EndOf(diag.Responder), c.Attempt.From(diag.Initiator))
}

// notTaken finds in the configuration of a responder that has no connection for
// its caller one that it should have.
func notTaken(a *diag.Attempt, none diag.Known[*diag.LookedUp]) (e diag.Evidence, name, why string) {
	v, end := a.View(), a.EndOf(diag.Responder)
	local, remote := a.Addresses(diag.Responder)
	if !remote.IsValid() { // its log may not tell which of its own it was called on
		remote = v.Address(a.EndOf(diag.Initiator))
	}
	if !remote.IsValid() || unoriented(v, end).OK {
		return e, "", ""
	}
	c := v.Connection(end)
	if !c.OK {
		off := diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.ConnectionIgnored && h.Address == remote })
		if off.OK {
			name = off.V.Name
		}
		return off.First().As(diag.Strong), name, "is told not to load"
	}
	if c.V.Version == 2 || c.V.RemoteName != "" || none.V.Mode != 0 && none.V.Mode != c.V.Mode {
		return e, "", ""
	}
	if !c.V.RemoteAny && !slices.Contains(c.V.RemoteAddresses, remote) || !c.V.LocalAny && len(c.V.LocalAddresses) > 0 && local.IsValid() && !slices.Contains(c.V.LocalAddresses, local) {
		return e, "", ""
	}
	if psk, signed := methodKnown(a); psk != signed && psk != isPSK(c.V.LocalAuth) {
		return e, "", ""
	}
	if m := none.V.Auth; m != 0 && (isPSK(m) != isPSK(c.V.LocalAuth) || isXAuth(m) != c.V.XAuth) {
		return e, "", "" // it is refused for that
	}
	return v.PlaceEvidence(c, "RemoteAddresses").As(diag.Strong), v.ConnectionName(end), "has not loaded"
}

// cookieForgotten: the responder had answered the first message of main mode, and
// knows the negotiation no more when the third comes. That message is where it
// needs the key, which in main mode it can look up by address only (RFC 2409,
// section 5.4).
func cookieForgotten(a *diag.Attempt) []diag.Evidence {
	n := notified(a, diag.AnySide, isakmp.NotifyInvalidCookie)
	if !n.OK || n.Side == diag.Initiator || n.V.Protected {
		return nil
	}
	third := sent(a, diag.Initiator, isakmp.ExchangeMain, 3)
	if !third.OK || wasSent(a, diag.Responder, isakmp.ExchangeMain, 4) || !mayBePSK(a) {
		return nil
	}
	return slices.Concat(third.As(diag.Background), n.As(diag.Hint))
}
