package rules

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// What one configuration shows by itself: its reader found a fault, and the
// rules say what that means for the tunnel. A tunnel that came up did so with
// another file, or in spite of it.

// fault is a fault of an end's configuration, with its place.
type fault struct {
	*diag.Fault
	end int
	c   *diag.Connection
	at  diag.Evidence
}

// faults iterates over the faults of some kinds in what is given of the two
// ends' configurations.
func faults(v *diag.View, kinds ...diag.FaultKind) iter.Seq[fault] {
	return func(yield func(fault) bool) {
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK {
				continue
			}
			for i := range c.V.Faults {
				x := &c.V.Faults[i]
				if slices.Contains(kinds, x.Kind) && !yield(fault{Fault: x, end: end, c: c.V, at: v.FaultEvidence(c, x)}) {
					return
				}
			}
		}
	}
}

// unloadable are the kinds of faults for which a daemon refuses to load a
// connection.
var unloadable = []diag.FaultKind{diag.FaultReference, diag.FaultMisspelt, diag.FaultAlgorithmUnknown, diag.FaultAlgorithmMix, diag.FaultProposalLacks, diag.FaultV1Disabled}

// remedy says where to write what instead of the fault.
func (x fault) remedy(end diag.End, action string) diag.Remedy {
	return diag.Remedy{End: end, Action: action, Setting: cmp.Or(x.Setting, x.Place.Setting), Value: x.Instead, Source: x.at.Source, Line: x.at.Where.Line}
}

// lint reports the faults of some kinds. shape completes the finding of one
// fault; it is false where the fault means nothing.
func lint(v *diag.View, out *diag.Sink, shape func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool), kinds ...diag.FaultKind) {
	for x := range faults(v, kinds...) {
		f := diag.Finding{FixAt: endRole(v, x.end)}
		w, ok := shape(&f, x.Fault, cmp.Or(v.EndName(x.end), "one end"))
		if !ok || x.Effect >= diag.FaultFails && v.Up() {
			continue
		}
		if said := refusedToLoad(v, x.end); said.OK && w == diag.Strong && x.Effect >= diag.FaultFails && slices.Contains(unloadable, x.Kind) {
			w, f.Evidence = diag.Proof, append(f.Evidence, said.As(diag.Strong)...)
		}
		if !x.c.Alone() {
			w = min(w, diag.Strong) // another connection may answer
		}
		if x.Effect == diag.FaultRefuses && runs(v, x.end) {
			f.Severity, w = diag.Warning, min(w, diag.Hint) // it runs with another file
		}
		f.Evidence = append(f.Evidence, x.at.As(w))
		for k := range f.Remedies {
			f.Remedies[k] = x.remedy(f.FixAt, f.Remedies[k].Action)
		}
		out.Add(f)
	}
}

// runs reports whether a daemon at an end sent anything, or says that it began.
func runs(v *diag.View, end int) bool {
	if k := diag.HostFact[diag.Software](v, end, nil); k.OK && v.Kind(k.First()) == diag.KindLog {
		return true
	}
	for a := range v.Attempts() {
		for _, side := range [...]diag.Side{diag.Initiator, diag.Responder} {
			if a.EndOf(side) == end && heard(a, side) {
				return true
			}
		}
	}
	return false
}

// endRole returns who an end is, EndEither where nothing tells.
func endRole(v *diag.View, end int) diag.End {
	if a := v.Last(); a != nil {
		switch end {
		case a.EndOf(diag.Initiator):
			return diag.EndInitiator
		case a.EndOf(diag.Responder):
			return diag.EndResponder
		}
	}
	if p, ok := confPairOf(v); ok {
		return p.role(end)
	}
	return diag.EndEither
}

// refusedByLint: the daemon refuses the connection for its proposals, so that
// nothing of them is ever compared with the peer's.
func refusedByLint(c *diag.Connection) bool {
	x := c.Fault(diag.FaultAlgorithmMix, diag.FaultProposalLacks)
	return x != nil && x.Effect >= diag.FaultFails
}

// unknownToDaemon finds that a daemon's log names an algorithm that it does not
// have.
func unknownToDaemon(v *diag.View, name string) (k diag.Known[*diag.Host]) {
	for end := 0; end < 2 && !k.OK; end++ {
		k = diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.AlgorithmNotKnown && strings.EqualFold(h.Name, name) })
	}
	return k
}

// AlgInvalid finds proposals that the daemon refuses to load.
var AlgInvalid = &diag.Rule{
	Code: diag.CFGAlgInvalid,
	Doc: diag.Doc{
		Meaning: "A proposal cannot be loaded: it names an algorithm that the daemon does not have, combines what excludes each other (a combined mode as AES-GCM with a hash, or with a cipher of the other sort), or lacks what it needs. " +
			"The daemon then refuses the connection, or goes on without the proposal.",
		Explains: []diag.Code{
			diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown, diag.IKEP1ProposalMismatch, diag.IKEP2ProposalMismatch, diag.IKEP2PFSMismatch, diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous,
		},
		Common: 5,
		Remedy: "write a proposal that the daemon accepts, and load the configuration again",
		References: []diag.Reference{
			rfc(7296, "3.3", "Security Association Payload"),
			rfc(8221, "4", "Encryption Must Be Authenticated"),
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			if x.Kind == diag.FaultAlgorithmMix && x.Effect < diag.FaultFails {
				return 0, false // it comes up without
			}
			f.Phase = diag.Phase1
			w := diag.Proof
			what := ""
			switch x.Kind {
			case diag.FaultAlgorithmUnknown:
				// A plug-in may bring names of its own.
				w, what = diag.Strong, "its daemon does not know "+diag.Quote(x.Subject)
				if said := unknownToDaemon(v, x.Subject); said.OK {
					w, f.Evidence = diag.Proof, said.As(diag.Proof)
				}
			case diag.FaultAlgorithmMix:
				what = x.Subject + " exclude each other"
			default:
				what = "it has no " + x.Subject
			}
			f.Summary = fmt.Sprintf("a proposal of %s cannot be loaded: %s", name, what)
			if x.Effect < diag.FaultFails {
				f.Severity = diag.Warning
				f.Summary = fmt.Sprintf("a proposal of %s is passed over: %s", name, what)
			}
			f.Remedies = []diag.Remedy{{Action: "write a proposal that can be loaded"}}
			return w, true
		}, diag.FaultAlgorithmUnknown, diag.FaultAlgorithmMix, diag.FaultProposalLacks)
	},
}

// ParseError finds lines that the daemon does not understand.
var ParseError = &diag.Rule{
	Code: diag.CFGParseError,
	Doc: diag.Doc{
		Meaning:  "A line of the configuration is not what its format has: a word that is misspelt, or the name of a section that does not exist. The daemon refuses the connection, or the whole file and does not start, or it goes on without what was meant.",
		Explains: []diag.Code{diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted, diag.NetPeerNotListening},
		Common:   5,
		Remedy:   "correct the line, and load the configuration again",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			if x.Effect != diag.FaultRefuses { // else it is before anything is sent
				f.Phase = diag.Phase1
			}
			if x.Kind == diag.FaultMisspelt {
				f.Summary = fmt.Sprintf("a setting of %s is no word of its format: %s, perhaps %s is meant", name, diag.Quote(x.Subject), diag.Quote(x.Setting))
				f.Remedies = []diag.Remedy{{Action: "correct the name of the setting"}}
			} else {
				f.Summary = fmt.Sprintf("the connection of %s refers to a section that does not exist: %s", name, diag.Quote(x.Subject))
				f.Remedies = []diag.Remedy{{Action: "name a section that exists, or write it"}}
			}
			if x.Effect < diag.FaultFails {
				f.Severity = diag.Warning
			}
			return diag.Strong, true
		}, diag.FaultReference, diag.FaultMisspelt)
	},
}

// sameEnds reports a connection of a host with itself.
func sameEnds(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
	f.Phase = diag.Phase1
	f.Summary = fmt.Sprintf("both ends of a connection of %s are the host itself", name)
	f.Remedies = []diag.Remedy{{Action: "set the peer's address"}}
	return diag.Proof, true
}

// oneHost: the configuration itself has one host for both ends.
func oneHost(c diag.Case) (diag.Evidence, bool) { return c.Has(diag.EvidenceConfig) }

// DuplicateConn finds connections that the daemon cannot tell apart.
var DuplicateConn = &diag.Rule{
	Code: diag.CFGDuplicateConn,
	Doc: diag.Doc{
		Meaning: "Two connections have the same ends, identities and methods and want the same traffic. The daemon takes one of them, which depends on their order; what the other says has no effect.",
		Common:  4,
		Remedy:  "remove one of the two, or give them different ends or identities",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Severity = diag.Warning
			f.Summary = fmt.Sprintf("connections %s and %s have the same ends and traffic", diag.Quote(x.Place.Setting), diag.Quote(x.Subject))
			f.Remedies = []diag.Remedy{{Action: "remove one of the two"}}
			return diag.Proof, true
		}, diag.FaultTwice)
	},
}

// Unrecognised notes statements that have no effect, or that nobody
// understood.
var Unrecognised = &diag.Rule{
	Code: diag.CFGUnrecognised,
	Doc: diag.Doc{
		Meaning: "The configuration has statements that the daemon passes over, or that are no words of its format: what they were meant to do does not happen, and the comparison of the two ends may lack it.",
		Remedy:  "remove them, or write what has the effect",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			if x.Effect != diag.FaultNoEffect {
				return 0, false
			}
			f.Summary = fmt.Sprintf("the daemon of %s takes no notice of %s", name, diag.Quote(x.Subject))
			f.Remedies = []diag.Remedy{{Action: "remove it, or write what has the effect"}}
			return diag.Proof, true
		}, diag.FaultIgnored, diag.FaultAlgorithmMix)
		for end := range 2 {
			if c := v.Connection(end); c.OK && c.V.UnreadStatements > 0 {
				out.Add(diag.Finding{FixAt: diag.EndEither, Evidence: c.As(diag.Background), Summary: fmt.Sprintf("%d statements of %s are not understood", c.V.UnreadStatements, cmp.Or(v.EndName(end), "one end"))})
			}
		}
	},
}

// compareOwnKey finds an end that signs and whose configuration names nothing
// to sign with.
func compareOwnKey(v *diag.View) compared {
	if c := compareKeyPair(v); c.state == differ {
		return c
	}
	for x := range faults(v, diag.FaultNoPrivateKey, diag.FaultNoCertificate) {
		// A card or a folder may hold it all the same.
		e := x.at.As(diag.Strong)
		f := diag.Finding{FixAt: endRole(v, x.end), Evidence: []diag.Evidence{e}}
		name, action := cmp.Or(v.EndName(x.end), "one end"), "name the certificate of this end"
		f.Summary = fmt.Sprintf("%s authenticates by a signature, and its configuration names no certificate", name)
		if x.Kind == diag.FaultNoPrivateKey {
			f.Summary = fmt.Sprintf("%s authenticates by a signature, and its secrets name no private key", name)
			action = "name the private key in the secrets file"
		}
		f.Remedies = []diag.Remedy{{End: f.FixAt, Action: action, Setting: x.Setting, Source: e.Source, Line: e.Where.Line}}
		return compared{state: differ, finding: &f}
	}
	return compared{}
}
