package diag

// Kind tells what a finding is.
type Kind uint8

// The kinds, in the order in which a report lists them.
const (
	KindUnset Kind = iota
	Cause          // a root cause, or a candidate for one
	Symptom        // a failure that something else causes
	Advice         // nothing is broken; something is weak or deprecated
	Note           // about the evidence itself
	OK             // a proof that something works, which limits where a fault can be
)

// Severity tells how bad a finding is for the tunnel it is about.
type Severity uint8

// The severities.
const (
	SeverityUnset Severity = iota
	Info
	Warning
	Error    // fails in part or at times
	Critical // the tunnel cannot work
)

// Verdict tells how sure a finding is. The engine computes it.
type Verdict uint8

// The verdicts.
const (
	VerdictUnset Verdict = iota
	Unverifiable         // the evidence that would decide is hidden or absent
	Possible             // one of several explanations, nothing favours it strongly
	Likely               // the best explanation; a look-alike is not ruled out, or the proof may be forged
	Confirmed            // proven, every look-alike ruled out
)

// Status tells whether a finding still holds.
type Status uint8

// The statuses.
const (
	Active    Status = iota
	Recovered        // a later attempt of the same tunnel got past it
	Historic         // it was true of SAs that no longer exist
)

// Phase is the part of a tunnel's life that a code belongs to.
type Phase uint8

// The phases, earlier ones first.
const (
	PhaseUnset     Phase = iota
	PhasePath            // the way between the gateways: ports, routes, NAT, firewalls
	Phase1               // main or aggressive mode
	PhaseXAuth           // phase 1.5: XAUTH and mode config
	Phase2               // quick mode
	PhaseData            // ESP and AH, and what is inside
	PhaseLifecycle       // rekeying, dead peer detection, the end of SAs
	PhaseAny             // no phase in particular
)

// Scope tells what a finding is about.
type Scope uint8

// The scopes.
const (
	ScopeTunnel Scope = iota
	ScopeGateway
	ScopeReport
)

// End names who has to act, or whose evidence is missing.
type End uint8

// The ends. Initiator and responder are roles in the attempt a finding is
// about.
const (
	EndUnknown End = iota
	EndInitiator
	EndResponder
	EndBoth
	EndEither
	EndPath
)

// Side is a role in a negotiation.
type Side uint8

// The sides. A vantage point that is neither, a capture on a router, has none.
const (
	SideUnknown Side = iota
	Initiator
	Responder

	// AnySide asks a View for facts of either side, or of no known side. It
	// is never an answer.
	AnySide Side = 255
)

// Other returns the opposite side.
func (s Side) Other() Side {
	switch s {
	case Initiator:
		return Responder
	case Responder:
		return Initiator
	}
	return SideUnknown
}

// End returns the end that acts in this role.
func (s Side) End() End {
	switch s {
	case Initiator:
		return EndInitiator
	case Responder:
		return EndResponder
	}
	return EndUnknown
}

// Basis tells what an observation rests on. It caps the verdict of what is
// built on it: nothing below Logged is ever confirmed.
type Basis uint8

// The bases, weakest first.
const (
	BasisUnset      Basis = iota
	Recalled              // a dialect built without genuine samples
	Unauthenticated       // a clear packet, which anybody may have sent
	Logged                // a daemon or an operator's file says so
	Authenticated         // cryptographically verified
)

// SourceKind is the kind of evidence a source is.
type SourceKind uint8

// The kinds of sources.
const (
	KindUnknown SourceKind = iota
	KindEmpty
	KindLog
	KindCapture
	KindConfig
	KindSecrets
	KindState
	KindCertificate
	KindProbe
)

// EvidenceKind is the kind of one piece of evidence.
type EvidenceKind uint8

// The kinds of evidence.
const (
	EvidenceLog EvidenceKind = iota + 1
	EvidencePacket
	EvidenceConfig
	EvidenceState
	EvidenceCertificate
	EvidenceProbe
	EvidenceAbsence
)

// Outcome tells how far a tunnel got.
type Outcome uint8

// The outcomes, by the last attempt that was seen.
const (
	OutcomeUnknown      Outcome = iota // no attempt was seen, or nothing tells how it went
	OutcomeNegotiating                 // it is under way, or phase 1 is up and nobody has asked for a child
	OutcomePhase1Failed                // phase 1 was not completed, or its SA was taken down before a child was up
	OutcomeXAuthFailed                 // phase 1 is authenticated, XAUTH or mode config did not end
	OutcomePhase2Failed                // a quick mode was begun, and no child is up
	OutcomePartial                     // some children are up
	OutcomeNoTraffic                   // established, and a cause is found why nothing passes
	OutcomeLost                        // it was established and is not any more: a cause is found why, or it was taken down
	OutcomeFlapping                    // it comes up and goes down again and again
	OutcomeEstablished                 // a child is up, and none is known to be missing
)

// ReportVerdict sums a report up.
type ReportVerdict uint8

// The verdicts of a report.
const (
	Undecided ReportVerdict = iota // nothing tells, or something that was given could be placed nowhere
	Healthy                        // tunnels are established, and nothing is found wrong
	Degraded                       // a tunnel is up in part or flaps, or a cause is found that does not stop it
	// Broken: a tunnel does not work, or a cause of severity error or critical
	// is confirmed or likely.
	Broken
)

var (
	kindNames         = [...]string{"", "cause", "symptom", "advice", "note", "ok"}
	severityNames     = [...]string{"", "info", "warning", "error", "critical"}
	verdictNames      = [...]string{"", "unverifiable", "possible", "likely", "confirmed"}
	statusNames       = [...]string{"active", "recovered", "historic"}
	phaseNames        = [...]string{"", "path", "phase1", "phase1.5", "phase2", "data", "lifecycle", "any"}
	scopeNames        = [...]string{"tunnel", "gateway", "report"}
	endNames          = [...]string{"unknown", "initiator", "responder", "both", "either", "path"}
	sideNames         = [...]string{"unknown", "initiator", "responder"}
	basisNames        = [...]string{"", "recalled", "unauthenticated", "logged", "authenticated"}
	sourceKindNames   = [...]string{"unknown", "empty", "log", "capture", "config", "secrets", "state", "certificate", "probe"}
	evidenceKindNames = [...]string{"", "log", "packet", "config", "state", "certificate", "probe", "absence"}
	outcomeNames      = [...]string{"unknown", "negotiating", "phase1-failed", "xauth-failed", "phase2-failed", "partial", "no-traffic", "lost", "flapping", "established"}
	reportNames       = [...]string{"undecided", "healthy", "degraded", "broken"}
)

func name(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return "unknown"
}

// The String methods return the words of the JSON schema.

// String returns the name in JSON.
func (k Kind) String() string { return name(kindNames[:], uint8(k)) }

// String returns the name in JSON.
func (s Severity) String() string { return name(severityNames[:], uint8(s)) }

// String returns the name in JSON.
func (v Verdict) String() string { return name(verdictNames[:], uint8(v)) }

// String returns the name in JSON.
func (s Status) String() string { return name(statusNames[:], uint8(s)) }

// String returns the name in JSON.
func (p Phase) String() string { return name(phaseNames[:], uint8(p)) }

// String returns the name in JSON.
func (s Scope) String() string { return name(scopeNames[:], uint8(s)) }

// String returns the name in JSON.
func (e End) String() string { return name(endNames[:], uint8(e)) }

// String returns the name in JSON.
func (s Side) String() string { return name(sideNames[:], uint8(s)) }

// String returns the name in JSON.
func (b Basis) String() string { return name(basisNames[:], uint8(b)) }

// String returns the name in JSON.
func (k SourceKind) String() string { return name(sourceKindNames[:], uint8(k)) }

// String returns the name in JSON.
func (k EvidenceKind) String() string { return name(evidenceKindNames[:], uint8(k)) }

// String returns the name in JSON.
func (o Outcome) String() string { return name(outcomeNames[:], uint8(o)) }

// String returns the name in JSON.
func (v ReportVerdict) String() string { return name(reportNames[:], uint8(v)) }

// ParseSeverity returns the severity of that name.
func ParseSeverity(s string) (Severity, bool) {
	for i, n := range severityNames {
		if n == s && n != "" {
			return Severity(i), true
		}
	}
	return SeverityUnset, false
}
