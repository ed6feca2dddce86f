package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// VersionMismatch finds one end that speaks IKEv1 and one that speaks IKEv2.
var VersionMismatch = &diag.Rule{
	Code: diag.IKEVersionMismatch,
	Doc: diag.Doc{
		Meaning: "One end negotiates IKEv1 and the other is configured for IKEv2 only, or the other way round. " +
			"The responder says that the version is not spoken, or finds no connection that it could be for.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1PeerUnknown,
				Excluded: []diag.Exclusion{byConfigs, {If: versionNamed, Reason: "the responder names the version as the reason"}},
				Ask:      askConfig(diag.EndResponder, "it shows whether there is a connection for this peer, and for which version"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEP1ProposalMismatch},
		Common:   3,
		Remedy:   "configure the same version of IKE at both ends, IKEv2 where both can",
		References: []diag.Reference{
			rfc(2408, "3.1", "ISAKMP Header Format"),
			rfc(2408, "3.14.1", "Notify Message Types"),
		},
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyObstacle | 1<<diag.BodyNotify | 1<<diag.BodyLookup | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareVersions(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			f := diag.Finding{FixAt: diag.EndEither}
			named := notified(a, diag.AnySide, isakmp.NotifyInvalidMajorVersion)
			refused := obstacle(a, diag.AnySide, diag.ObstacleVersion)
			v2 := beginsV2(a)
			_, silence, _ := unanswered(a)
			unknown := notFound(a, diag.AnySide, diag.LookupGateway)
			clear := clearRefusal(a, isakmp.NotifyNoProposalChosen)
			switch {
			case named.OK || refused.OK:
				f.Evidence = slices.Concat(named.As(diag.Proof), refused.As(diag.Proof))
				f.Summary = fmt.Sprintf("%s does not speak the version of IKE that its peer begins with", a.NameOf(diag.Responder))
			case unknown.OK && v2.OK:
				f.Evidence = slices.Concat(v2.As(diag.Strong), unknown.As(diag.Background))
				f.Summary = fmt.Sprintf("%s begins with IKEv2, for which the responder has no connection", a.NameOf(diag.Initiator))
			case unknown.OK:
				f.Evidence = unknown.As(diag.Hint)
				f.Summary = fmt.Sprintf("%s may be configured for IKEv2 only", a.NameOf(diag.Responder))
			case v2.OK && len(clear) > 0:
				f.Evidence = slices.Concat(v2.As(diag.Hint), clear)
				f.Summary = fmt.Sprintf("%s begins with IKEv2, and may meet a responder that is configured for IKEv1 only", a.NameOf(diag.Initiator))
			case v2.OK && len(silence) > 0:
				f.Evidence = slices.Concat(v2.As(diag.Hint), silence)
				f.Summary = fmt.Sprintf("%s begins with IKEv2, which a responder that speaks IKEv1 only may leave without an answer", a.NameOf(diag.Initiator))
			case len(clear) > 0:
				f.Evidence = clear
				f.Summary = fmt.Sprintf("%s may be configured for another version of IKE", a.NameOf(diag.Responder))
			default:
				continue
			}
			if ev, ok := versionByProbe(a, v2.OK); ok {
				f.Evidence = append(f.Evidence, ev...)
			}
			out.AddTo(a, f)
		}
	},
}

// beginsV2 finds that the initiator begins with IKEv2.
func beginsV2(a *diag.Attempt) diag.Known[*diag.Message] {
	if !a.Exchanged(isakmp.ExchangeSAInit) { // as with most
		return diag.Known[*diag.Message]{}
	}
	return diag.Fact(a, diag.Initiator, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeSAInit })
}

// versionNamed: a side says that it is about the version.
func versionNamed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	if k := notified(c.Attempt, diag.AnySide, isakmp.NotifyInvalidMajorVersion); k.OK {
		return k.First(), true
	}
	k := obstacle(c.Attempt, diag.AnySide, diag.ObstacleVersion)
	return k.First(), k.OK
}

// clearRefusal: the responder refused the opening with a notify in the clear,
// and nobody's log says why.
func clearRefusal(a *diag.Attempt, types ...isakmp.NotifyType) []diag.Evidence {
	n := notified(a, diag.AnySide, types...)
	if !n.OK || n.Side == diag.Initiator || n.V.Protected || responderSays(a) {
		return nil
	}
	if wasSent(a, diag.Responder, isakmp.ExchangeMain, 2) || wasSent(a, diag.Responder, isakmp.ExchangeAggressive, 2) {
		return nil // it accepted the opening
	}
	return n.As(diag.Hint)
}

// responderSays reports whether the responder's own word on what it refused is
// there.
func responderSays(a *diag.Attempt) bool {
	return diag.Any(a, diag.Responder, func(c *diag.Check) bool { return !c.OK }) ||
		diag.Any(a, diag.Responder, func(l *diag.LookedUp) bool { return !l.Found }) ||
		diag.Any(a, diag.Responder, func(*diag.Obstacle) bool { return true }) ||
		failed(a, diag.SideUnknown, diag.CheckProposal).OK || notFound(a, diag.SideUnknown, diag.LookupGateway).OK
}
