package rules

import (
	"cmp"
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// PSKShadowed finds a key for anybody that is taken where one for the peer
// stands beside it.
var PSKShadowed = &diag.Rule{
	Code: diag.IKEP1PSKWildcardShadow,
	Doc: diag.Doc{
		Meaning: "The secrets of an end have a key for its peer, and the daemon takes another one that is for anybody: it does not look for the peer by the name that the key has. " +
			"In main mode the key must be found before the peer's identity can be read (RFC 2409, section 5.4).",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1PSKMismatch,
				Excluded: []diag.Exclusion{{If: passedKeyFits, Reason: "the key that is passed over is the other end's"}},
				Ask:      diag.Missing{Kind: diag.KindSecrets, End: diag.EndBoth, Why: "the other end's secrets show which of the two keys it has"},
			},
		},
		Explains: []diag.Code{
			diag.IKEP1PSKMismatch, diag.IKEP1PSKEncoding, diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch,
			diag.IKEP1IDResponderMismatch, diag.NetUDP4500Blocked, diag.NetIKEFragDropped, diag.IKEMsgMalformed,
		},
		Common:     3,
		Remedy:     "name both ends in the key for this peer, by the identities or addresses that the connection has, or take the key for anybody away",
		References: []diag.Reference{rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key")},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		if v.Up() {
			return
		}
		pair := comparePSK(v)
		fits, known := pair.passed()
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK || c.V.PSK.Passed == nil || c.V.PSK.Contested || known && end != fits {
				continue
			}
			passed := v.PassedEvidence(c)
			f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{v.SecretEvidence(c).As(diag.Hint), passed.As(diag.Hint)},
				Summary: fmt.Sprintf("%s takes a key for anybody, though it has one for %s", cmp.Or(v.EndName(end), "one end"), peerText(c.V))}
			switch p, both := confPairOf(v); {
			case known:
				f.FixAt = p.role(end)
				f.Evidence = []diag.Evidence{v.SecretEvidence(c).As(diag.Proof), passed.As(diag.Proof), pair.at[1-end].As(diag.Proof)}
				f.Summary += ", which is the one of its peer"
			case both, !garbledAnywhere(v):
				continue // the other end has neither of them, or nothing fails
			}
			at := c.V.PSK.Passed.At
			f.Remedies = []diag.Remedy{{End: f.FixAt, Setting: at.Setting, Value: at.Value, Source: passed.Source, Line: passed.Where.Line}}
			out.Add(f)
		}
	},
}

// garbledAnywhere reports whether some attempt failed as different keys make it.
func garbledAnywhere(v *diag.View) bool {
	for a := range v.Attempts() {
		if !mayBePSK(a) || showsCertificate(a) {
			continue
		}
		if ev, _ := pskEvidence(a); len(ev) > 0 {
			return true
		}
	}
	return false
}

// passed returns the end that passes over the key that the other end has.
func (p pskPair) passed() (end int, ok bool) {
	if p.state != keysDiffer && p.state != keysLooselyEqual {
		return 0, false
	}
	for end = range p.ends {
		k := &p.ends[end].V.PSK
		if k.Passed != nil && !k.Contested && k.Passed.Digest == p.ends[1-end].V.PSK.Digest {
			return end, true
		}
	}
	return 0, false
}

// passedKeyFits: the key that one end passes over is the one that the other
// end has.
func passedKeyFits(c diag.Case) (diag.Evidence, bool) {
	p := comparePSK(c.View)
	end, ok := p.passed()
	if !ok {
		return diag.Evidence{}, false
	}
	return c.View.PassedEvidence(p.ends[end]), true
}
