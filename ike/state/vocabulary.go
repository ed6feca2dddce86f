package state

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// proposal reads a chosen list of algorithms, which has one of each kind:
// AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048.
func proposal(proto ike.Protocol, s string) ike.Proposal {
	p := ike.Proposal{Protocol: proto}
	if s == "" {
		return p
	}
	for w := range strings.SplitSeq(s, "/") {
		if !addAlgorithm(&p, w) {
			p.Unknown = append(p.Unknown, ike.Unknown{Name: w})
		}
	}
	return p
}

func addAlgorithm(p *ike.Proposal, w string) bool {
	switch w {
	case "ESN":
		p.ESN = append(p.ESN, true)
		return true
	case "NO_EXT_SEQ":
		p.ESN = append(p.ESN, false)
		return true
	}
	if strings.HasPrefix(w, "PRF_") {
		v, ok := ike.ParsePRF(w)
		if ok {
			p.PRF = append(p.PRF, v)
		}
		return ok
	}
	if p.Protocol != ike.ProtocolAH && len(p.Ciphers) == 0 {
		if v, ok := ike.ParseCipher(w); ok {
			p.Ciphers = append(p.Ciphers, v)
			return true
		}
	}
	if v, ok := ike.ParseGroup(w); ok {
		p.Groups = append(p.Groups, v)
		return true
	}
	v, ok := ike.ParseIntegrity(w)
	if ok {
		p.Integrity = append(p.Integrity, v)
	}
	return ok
}
