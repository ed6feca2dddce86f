package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// modecfgDraft describes mode config, which never became an RFC.
var modecfgDraft = diag.Reference{Title: "draft-dukes-ike-mode-cfg-02: The ISAKMP Configuration Method", URL: "https://datatracker.ietf.org/doc/html/draft-dukes-ike-mode-cfg-02"}

// ModecfgPoolExhausted finds a gateway that has no address left for a client.
var ModecfgPoolExhausted = &diag.Rule{
	Code: diag.IKEModecfgPoolExhausted,
	Doc: diag.Doc{
		Meaning:    "The gateway is to give the client an inner address and has none left, or no pool to take one from.",
		Explains:   []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch, diag.IKEModecfgPushPull},
		Common:     4,
		Remedy:     "enlarge the pool, or let leases that nobody uses end sooner",
		References: []diag.Reference{modecfgDraft},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			none := obstacle(a, diag.AnySide, diag.ObstacleNoPool)
			if a.Completed(diag.Phase2) {
				if none.OK { // the client goes on with the address that it has
					out.AddTo(a, diag.Finding{FixAt: none.Side.End(), Phase: diag.Phase2, Severity: diag.Warning, Evidence: none.As(diag.Strong),
						Summary: fmt.Sprintf("%s has no inner address for the client that asked for one; the tunnel is up without it", a.NameOf(none.Side))})
				}
				continue
			}
			full := obstacle(a, diag.AnySide, diag.ObstaclePool)
			host := diag.HostFact(v, a.EndOf(none.Side), func(o *diag.Obstacle) bool { return o.What == diag.ObstaclePool })
			side := none.Side
			f := diag.Finding{}
			switch {
			case full.OK:
				side = full.Side
				f.Evidence = slices.Concat(full.As(diag.Proof), none.As(diag.Background))
				f.Summary = fmt.Sprintf("%s has no address left in its pool for the client", a.NameOf(side))
			case none.OK && host.OK:
				f.Evidence = slices.Concat(none.As(diag.Proof), host.As(diag.Proof))
				f.Summary = fmt.Sprintf("%s has no address left in its pool for the client", a.NameOf(side))
			case none.OK:
				f.Evidence = none.As(diag.Strong)
				f.Summary = fmt.Sprintf("%s finds no address for the client", a.NameOf(side))
			default:
				continue
			}
			f.FixAt = side.End()
			out.AddTo(a, f)
		}
	},
}

// ModecfgAddrInstallFailed finds a client that cannot use the address that it
// was given.
var ModecfgAddrInstallFailed = &diag.Rule{
	Code: diag.IKEModecfgAddrInstallFailed,
	Doc: diag.Doc{
		Meaning:    "The gateway gave the client an inner address, and the client's host does not let its daemon install it.",
		Explains:   []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch},
		Common:     2,
		Remedy:     "give the client's daemon the rights and the interface that it needs for the address",
		References: []diag.Reference{modecfgDraft},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleAddress); k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s cannot install the inner address that it was given", a.NameOf(k.Side))})
			}
		}
	},
}

// ModecfgPushPull finds two ends that each wait for the other to begin with
// mode config.
var ModecfgPushPull = &diag.Rule{
	Code: diag.IKEModecfgPushPull,
	Doc: diag.Doc{
		Meaning: "Phase 1 is done. One end asks for an inner address (pull), the other waits to be asked in another way, or to give it unasked (push): the request is repeated and not answered.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEXauthMissingOneSide, Ask: askConfig(diag.EndBoth, "it shows what each end expects after phase 1")},
			{Code: diag.NetPathLost, Ask: askLog(diag.EndBoth, "the other end's log shows whether the request arrives")},
		},
		Explains:   []diag.Code{diag.IKERetransmitExhausted},
		Common:     2,
		Remedy:     "configure push or pull alike at both ends",
		References: []diag.Reference{modecfgDraft},
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase2) {
			if !a.Over() || failed(a, diag.AnySide, diag.CheckXAuth).OK {
				continue
			}
			for _, s := range bothSides {
				if ev := askedInVain(a, s); len(ev) > 0 {
					out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
						Summary: fmt.Sprintf("%s asks for, or gives, an inner address, and its peer does not do that: push and pull may not agree", a.NameOf(s))})
					break
				}
			}
		}
	},
}

// askedInVain: a side began with mode config, and its peer did not answer in
// kind: it refused the exchange, or the request was repeated for nothing.
func askedInVain(a *diag.Attempt, s diag.Side) []diag.Evidence {
	transaction := func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeTransaction }
	if !a.Exchanged(isakmp.ExchangeTransaction) {
		return nil // as with most
	}
	asked := diag.Fact(a, s, transaction)
	if !asked.OK || diag.Any(a, s.Other(), transaction) || a.Exchanged(isakmp.ExchangeQuick) {
		return nil
	}
	refused := notified2(a, s.Other(), isakmp.NotifyInvalidExchangeType, isakmp.NotifyUnsupportedExchangeType, isakmp.NotifyAttributesNotSupported)
	again := diag.Fact(a, s, func(m *diag.Message) bool { return transaction(m) && m.Retransmission > 0 })
	switch {
	case refused.OK && follows(refused.Evidence, asked.Evidence):
		return slices.Concat(asked.As(diag.Background), refused.As(diag.Strong))
	case again.OK:
		return slices.Concat(asked.As(diag.Background), again.As(diag.Hint))
	}
	return nil
}
