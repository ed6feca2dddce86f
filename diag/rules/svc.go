package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// DNSResolution finds users behind the tunnel whose name server does not
// answer.
var DNSResolution = &diag.Rule{
	Code: diag.SVCDNSResolution,
	Doc: diag.Doc{
		Meaning:  "Queries to a name server get no answer. Hosts behind the tunnel may be reached by their addresses, and not by their names.",
		Explains: []diag.Code{diag.NetPeerDNSUnresolved},
		Common:   4,
		Remedy:   "let UDP and TCP port 53 pass to the name server, give clients one that they can reach, or route its address into the tunnel",
		References: []diag.Reference{
			rfc(1035, "4.2.1", "UDP usage"),
		},
	},
	Needs: 1 << diag.BodyUnanswered,
	Check: func(v *diag.View, out *diag.Sink) {
		noAnswer(v, out, diag.ServiceDNS, "the name server", nil)
	},
}

// WINSResolution finds users behind the tunnel whose server for the names of
// NetBIOS does not answer.
var WINSResolution = &diag.Rule{
	Code: diag.SVCWINSResolution,
	Doc: diag.Doc{
		Meaning: "Queries to a server of NetBIOS names (WINS) get no answer, so that shares and domains are not found by their short names.",
		Common:  2,
		Remedy:  "let UDP port 137 pass to the WINS server, give clients one that they can reach, or use DNS",
		References: []diag.Reference{
			rfc(1002, "4.2", "Name Service Packets"),
		},
	},
	Needs: 1 << diag.BodyUnanswered,
	Check: func(v *diag.View, out *diag.Sink) {
		noAnswer(v, out, diag.ServiceWINS, "the WINS server", nil)
	},
}

// AuthServerUnreachable finds a gateway that fetches something over HTTP, as
// it does to know what was revoked, and gets no answer.
var AuthServerUnreachable = &diag.Rule{
	Code: diag.SVCAuthServerUnreachable,
	Doc: diag.Doc{
		Meaning:  "A gateway asks another server over HTTP while it negotiates, as for a list of revoked certificates or by OCSP, and nothing comes back.",
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   2,
		Remedy:   "let the gateway reach the server; test it from the gateway itself",
		References: []diag.Reference{
			{RFC: 5280, Section: "4.2.1.13", Title: "CRL Distribution Points"},
		},
	},
	Needs: 1 << diag.BodyUnanswered,
	Check: func(v *diag.View, out *diag.Sink) {
		noAnswer(v, out, diag.ServiceHTTP, "the web server", byGateway)
	},
}

// noAnswer reports a server that a capture shows to be asked in vain.
func noAnswer(v *diag.View, out *diag.Sink, what diag.Service, server string, keep func(*diag.Unanswered) bool) {
	for a := range v.Attempts() {
		k := diag.Fact(a, diag.AnySide, func(u *diag.Unanswered) bool { return u.What == what && (keep == nil || keep(u)) })
		if !k.OK {
			continue
		}
		psk, signed := methodKnown(a)
		if psk && what.Certificates() {
			continue // nobody needs to know what was revoked
		}
		f := diag.Finding{FixAt: diag.EndPath, Evidence: k.As(weighRequests(k.V))}
		if what == diag.ServiceHTTP && !signed {
			f.Evidence = k.As(diag.Hint) // it may be for something else
		}
		if k.Side != diag.SideUnknown {
			f.FixAt = k.Side.End()
		}
		if a.Completed(diag.Phase1) || what == diag.ServiceDNS {
			f.Severity = diag.Warning // the tunnel does not rest on it
		}
		f.Summary = fmt.Sprintf("%s %s does not answer (%s)", server, k.V.Server.Addr(), requests(k.V))
		out.AddTo(a, f)
	}
}

// weighRequests weighs requests without an answer: one may have got lost.
func weighRequests(u *diag.Unanswered) diag.Weight {
	if u.Requests > 1 {
		return diag.Strong
	}
	return diag.Hint
}

func requests(u *diag.Unanswered) string {
	if u.Requests == 1 {
		return "asked once"
	}
	return fmt.Sprintf("asked %d times", u.Requests)
}

// byGateway: an end of the tunnel asks, not a host behind it.
func byGateway(u *diag.Unanswered) bool { return u.By != diag.PartyUnknown }

// asksDirectory reports a gateway that asks an LDAP directory in vain before
// phase 1 is done.
func asksDirectory(v *diag.View, out *diag.Sink) {
	noAnswer(v, out, diag.ServiceLDAP, "the directory", byGateway)
}

// asksRADIUS reports a gateway that asks a RADIUS server in vain.
func asksRADIUS(v *diag.View, out *diag.Sink) {
	noAnswer(v, out, diag.ServiceRADIUS, "the RADIUS server", nil)
}

// anyMessage finds the first message of a capture that tells no more than that
// it passed.
func anyMessage(a *diag.Attempt) diag.Known[*diag.Message] {
	return diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeNone && m.Number == 0 && m.Port != 0 && !m.NATPort
	})
}

// PermissionDenied finds users who reach a server through the tunnel and are
// refused by it.
var PermissionDenied = &diag.Rule{
	Code: diag.SVCPermissionDenied,
	Doc: diag.Doc{
		Meaning: "Everything up to the server works: it is reached, and it answers that whoever asks may not. That is for the server's or its domain's administrator; the tunnel is not involved.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.ESPFirewallInner, Excluded: []diag.Exclusion{{If: serverSaysSo, Reason: "the server itself answers, in its own protocol"}},
				Ask: diag.Missing{Kind: diag.KindCapture, End: diag.EndBoth, Why: "a capture in the clear shows whether the server answers or something before it"}},
		},
		Common:     3,
		Remedy:     "give the user, or the computer, the right on the server or in the domain",
		References: []diag.Reference{rfc(4511, "4.1.9", "Result Message")},
	},
	Needs: 1 << diag.BodyDenied,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := diag.Fact(a, diag.AnySide, func(*diag.Denied) bool { return true })
			if k.OK && a.Completed(diag.Phase2) {
				out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("the server %s is reached (%s), and refuses access %d times", k.V.Server.Addr(), k.V.What, k.V.Count)})
			}
		}
	},
}

// serverSaysSo: the refusal is in the protocol of the service.
func serverSaysSo(c diag.Case) (diag.Evidence, bool) { return c.Has(diag.EvidencePacket) }
