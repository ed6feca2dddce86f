package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// xauthDraft describes extended authentication, which never became an RFC.
var xauthDraft = diag.Reference{Title: "draft-beaulieu-ike-xauth-02: Extended Authentication within IKE", URL: "https://datatracker.ietf.org/doc/html/draft-beaulieu-ike-xauth-02"}

// XauthFailed finds a user name or password that was refused.
var XauthFailed = &diag.Rule{
	Code: diag.IKEXauthFailed,
	Doc: diag.Doc{
		Meaning: "Phase 1 is done, and the gateway refuses the user name or the password of the extended authentication (XAUTH) that follows.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEXauthBackendDown,
				Excluded: []diag.Exclusion{byConfigs, {If: passwordCompared, Reason: "the gateway compared the password with its own"}, {If: userUnknown, Reason: "the gateway keeps its users in its configuration, and has looked for this one there"}},
				Ask:      askLog(diag.EndResponder, "a server that knows the users and does not answer gives the same refusal"),
			},
		},
		Explains:   []diag.Code{diag.IKERetransmitExhausted, diag.IKEXauthSecretMissing, diag.IKEModecfgPushPull, diag.LifeDeleteByPeer},
		Common:     6,
		Remedy:     "enter the user's name and password as the gateway knows them",
		References: []diag.Reference{xauthDraft},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyMessage | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, comparePasswords(v))
		defer out.rest(diag.PhaseXAuth)
		for a := range v.Unfinished(diag.Phase2) {
			k := failed(a, diag.AnySide, diag.CheckXAuth)
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s refuses its peer's user name or password (XAUTH)", a.NameOf(k.Side))})
				continue
			}
			if ev := stuckInTransaction(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev, Severity: unlessCut(a, diag.Warning),
					Summary: "after phase 1 something was asked and answered, and nothing followed: the user's name or password may be wrong"})
			}
		}
	},
}

// stuckInTransaction: in captures, transactions (XAUTH or mode config) were
// exchanged after phase 1, and no quick mode followed.
func stuckInTransaction(a *diag.Attempt) []diag.Evidence {
	if a.Completed(diag.Phase1) || !a.Over() || a.Spoken() || xauthPassed(a) {
		return nil
	}
	var ev []diag.Evidence
	for _, s := range bothSides {
		t := diag.Fact(a, s, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeTransaction })
		if !t.OK {
			return nil
		}
		ev = append(ev, t.As(diag.Hint)...)
	}
	if a.Exchanged(isakmp.ExchangeQuick) {
		return nil
	}
	return ev
}

// xauthPassed: the gateway said that user and password are right.
func xauthPassed(a *diag.Attempt) bool {
	return diag.Any(a, diag.AnySide, func(x *diag.Check) bool { return x.What == diag.CheckXAuth && x.OK })
}

// unlessCut is a milder severity for what rests on something that did not
// follow, where the evidence ends before it could; else the code's own.
func unlessCut(a *diag.Attempt, mild diag.Severity) diag.Severity {
	if a.Outlasted() {
		return diag.SeverityUnset
	}
	return mild
}

// passwordCompared: the gateway had a password to compare with.
func passwordCompared(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(x *diag.Check) bool {
		return x.What == diag.CheckXAuth && !x.OK && x.Payload == isakmp.PayloadAttribute
	})
	return k.First(), k.OK
}

// userUnknown: the gateway looked for the user among those that its
// configuration has, and asked no server. That it has no such user in a
// configuration without users is what a server that is away may look like: a
// database of them.
func userUnknown(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(x *diag.Check) bool {
		return x.What == diag.CheckXAuth && !x.OK && x.Payload == isakmp.PayloadID
	})
	if !k.OK {
		return diag.Evidence{}, false
	}
	own := c.View.Connection(c.Attempt.EndOf(k.Side))
	return k.First(), own.OK && own.V.XAuthRole == diag.XAuthServer && len(own.V.Users) > 0
}

// XauthSecretMissing finds a client without a password to answer with.
var XauthSecretMissing = &diag.Rule{
	Code: diag.IKEXauthSecretMissing,
	Doc: diag.Doc{
		Meaning:    "The gateway asks for a user name and a password (XAUTH), and the client has none for it.",
		Explains:   []diag.Code{diag.IKERetransmitExhausted, diag.IKEXauthFailed, diag.IKEModecfgPushPull},
		Common:     4,
		Remedy:     "give the client the user's name and password",
		References: []diag.Reference{xauthDraft},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := notFound(a, diag.AnySide, diag.LookupPassword)
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s has no user name and password for its peer (XAUTH)", a.NameOf(k.Side))})
				continue
			}
			if ev := stuckInTransaction(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Evidence: ev, Severity: unlessCut(a, diag.Info),
					Summary: "after phase 1 something was asked and answered, and nothing followed: the client may have no password"})
			}
		}
	},
}

// XauthMissingOneSide finds one end that wants XAUTH and one that does not.
var XauthMissingOneSide = &diag.Rule{
	Code: diag.IKEXauthMissingOneSide,
	Doc: diag.Doc{
		Meaning: "Only one of the ends is configured for extended authentication (XAUTH): one waits for it while the other goes on to phase 2, or does not know what it is asked.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEExchangeModeMismatch,
				Excluded: []diag.Exclusion{byConfigs, modeFits, {If: xauthNamed, Reason: "an end says that it does not do XAUTH"}},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in mode is refused in the same words"),
			},
			{
				Code:     diag.IKEP1AuthmethodMismatch,
				Excluded: []diag.Exclusion{byConfigs, methodFits, {If: xauthNamed, Reason: "an end says that it does not do XAUTH"}},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in method is refused in the same words"),
			},
		},
		Explains:   []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP2NoPhase1, diag.IKEP1AuthmethodMismatch},
		Common:     3,
		Remedy:     "configure XAUTH at both ends, or at none",
		References: []diag.Reference{xauthDraft},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyObstacle | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareXAuth(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase2) {
			f := diag.Finding{FixAt: diag.EndEither, Summary: "only one end is configured for XAUTH"}
			none := obstacle(a, diag.AnySide, diag.ObstacleXAuthMethod)
			early := early(a)
			awaited := obstacle(a, diag.AnySide, diag.ObstacleXAuthAwaited)
			k := noneAllows(a)
			asked := soughtInVain(a)
			switch {
			case none.OK:
				f.FixAt, f.Evidence = none.Side.End(), none.As(diag.Proof)
				f.Summary = fmt.Sprintf("%s is asked for XAUTH and is not configured for it", a.NameOf(none.Side))
			case awaited.OK:
				f.Evidence = awaited.As(diag.Strong)
				f.Summary = fmt.Sprintf("%s waits for XAUTH while its peer goes on to phase 2", a.NameOf(awaited.Side))
			case early.OK && xauthMethod(a):
				f.Evidence = early.As(diag.Strong)
				f.Summary = fmt.Sprintf("%s waits for XAUTH while its peer goes on to phase 2", a.NameOf(early.Side))
			case asked.ok && !asked.xauth:
				continue
			case asked.ok:
				f.Evidence = asked.ev
				f.Summary = fmt.Sprintf("%s has a connection for its peer that differs from what it is asked for in XAUTH", a.NameOf(diag.Responder))
			case k.OK && isXAuth(k.V.Auth):
				f.Evidence = k.As(diag.Strong)
				f.Summary = fmt.Sprintf("%s has a connection for its peer, but none with XAUTH", a.NameOf(diag.Responder))
			case k.OK && k.V.Mode == isakmp.ExchangeMain:
				f.Evidence = k.As(diag.Hint)
				f.Summary = fmt.Sprintf("%s may want XAUTH of its peer", a.NameOf(diag.Responder))
			default:
				continue
			}
			out.AddTo(a, f)
		}
	},
}

func isXAuth(m ike.AuthMethod) bool { return m >= ike.AuthHybridInitRSA && m <= ike.AuthXAUTHRespRev }

// xauthMethod reports whether the attempt's method is known to be one with
// XAUTH.
func xauthMethod(a *diag.Attempt) bool {
	m := a.Auth()
	return m.OK && isXAuth(m.V)
}

// xauthNamed: an end says that it does not do XAUTH.
func xauthNamed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := obstacle(c.Attempt, diag.AnySide, diag.ObstacleXAuthMethod)
	return k.First(), k.OK
}

// XauthBackendDown finds a gateway whose authentication server does not
// answer.
var XauthBackendDown = &diag.Rule{
	Code: diag.IKEXauthBackendDown,
	Doc: diag.Doc{
		Meaning:    "The gateway asks another server (RADIUS, LDAP, PAM) whether the user may in, and that server does not answer.",
		Explains:   []diag.Code{diag.IKEXauthFailed, diag.IKERetransmitExhausted},
		Common:     3,
		Remedy:     "let the gateway reach the authentication server; test it from the gateway itself",
		References: []diag.Reference{xauthDraft},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyUnanswered,
	Check: func(v *diag.View, out *diag.Sink) {
		asksRADIUS(v, out)
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleBackend); k.OK && !a.Completed(diag.Phase2) {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("the authentication server of %s does not answer", a.NameOf(k.Side))})
			}
		}
	},
}
