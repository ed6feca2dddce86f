package ike

import (
	"strconv"
	"strings"
)

// screenOS spells a proposal as its definition has it behind the name.
func (p *Proposal) screenOS() string {
	var words []string
	phase1 := p.Protocol == ProtocolIKE
	if phase1 {
		for _, a := range p.Auth {
			switch a {
			case AuthPSK:
				words = append(words, "preshare")
			case AuthRSA, AuthPubkey:
				words = append(words, "rsa-sig")
			case AuthDSS:
				words = append(words, "dsa-sig")
			default:
				words = append(words, a.String())
			}
		}
	}
	none := !phase1
	for _, g := range p.Groups {
		if g != GroupNone {
			words, none = append(words, "group"+strconv.Itoa(int(g))), false
		}
	}
	if none {
		words = append(words, "no-pfs")
	}
	if p.Protocol == ProtocolAH {
		words = append(words, "ah")
	} else {
		words = append(words, "esp")
	}
	for _, c := range p.Ciphers {
		words = append(words, c.keyword())
	}
	for _, i := range p.Integrity {
		switch i {
		case IntegritySHA1, IntegritySHA1Full:
			words = append(words, "sha-1")
		case IntegritySHA256:
			words = append(words, "sha2-256")
		default:
			words = append(words, i.keyword())
		}
	}
	for _, u := range p.Unknown {
		words = append(words, u.Name)
	}
	return strings.Join(words, " ")
}
