package rules

import "github.com/ikediag/ikediag/diag"

// pskPair is what the two ends' configurations say of the key that each would
// use for the other.
type pskPair struct {
	state pskState
	ends  [2]diag.Known[*diag.Connection]
	at    [2]diag.Evidence
}

type pskState uint8

const (
	keysUnknown      pskState = iota // one of them is not given
	keysHidden                       // both given, one masked
	keysEqual                        // the faults are elsewhere
	keysDiffer                       //
	keysLooselyEqual                 // they differ, but not to the eye
)

// comparePSK compares the keys by their digests.
func comparePSK(v *diag.View) (p pskPair) {
	if _, ok := confPairOf(v); !ok {
		return p
	}
	for i := range p.ends {
		p.ends[i] = v.Connection(i)
		if !p.ends[i].OK || p.ends[i].V.PSK.State == diag.PSKUnread || p.ends[i].V.PSK.State == diag.PSKMissing {
			return p
		}
		if m := p.ends[i].V.LocalAuth; m != 0 && !isPSK(m) {
			return p
		}
		p.at[i] = v.SecretEvidence(p.ends[i])
	}
	x, y := &p.ends[0].V.PSK, &p.ends[1].V.PSK
	switch {
	case x.State == diag.PSKHidden || y.State == diag.PSKHidden:
		p.state = keysHidden
	case x.Ambiguous || y.Ambiguous:
		p.state = keysUnknown
	case x.Digest == y.Digest:
		p.state = keysEqual
	case x.Loose == y.Loose:
		p.state = keysLooselyEqual
	default:
		p.state = keysDiffer
	}
	return p
}

// apply adds what the configurations say to a finding.
func (p pskPair) apply(f *diag.Finding) {
	switch p.state {
	case keysDiffer, keysLooselyEqual:
		w := diag.Proof
		if p.ends[0].V.PSK.Contested || p.ends[1].V.PSK.Contested {
			w = diag.Strong
		}
		f.Evidence = append(f.Evidence, p.at[0].As(w), p.at[1].As(w))
		f.Detail = p.detail()
		f.Remedies = p.remedies()
	case keysEqual:
		// What was configured is equal: either it is not what the daemons
		// loaded, or something else garbles the messages.
		for i := range f.Evidence {
			f.Evidence[i].Weight = min(f.Evidence[i].Weight, diag.Hint)
		}
		for _, e := range p.at {
			e.Against = true
			f.Evidence = append(f.Evidence, e)
		}
	case keysHidden:
		f.Missing = append(f.Missing, diag.Missing{Kind: diag.KindSecrets, End: diag.EndBoth, Decides: []diag.Code{diag.IKEP1PSKMismatch}, Why: "a key is masked in the configuration"})
	}
}

func (p pskPair) detail() diag.KeyMismatch {
	var d diag.KeyMismatch
	for i := range p.ends {
		k := &p.ends[i].V.PSK
		d.Ends[i] = diag.KeyPlace{Gateway: p.at[i].Gateway, File: k.At.File, Line: k.At.Line}
	}
	return d
}

func (p pskPair) remedies() (rs []diag.Remedy) {
	for i := range p.ends {
		at := p.ends[i].V.PSK.At
		rs = append(rs, diag.Remedy{End: diag.EndEither, Action: "set the key to the one that the other end has", Setting: at.Setting, Value: at.Value, Source: p.at[i].Source, Line: p.at[i].Where.Line})
	}
	return rs
}
