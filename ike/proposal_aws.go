package ike

import (
	"strconv"
	"strings"
)

// aws spells the proposal as the tunnel options of AWS's API. What they have no
// word for is left as strongSwan spells it.
func (p *Proposal) aws() string {
	var words []string
	phase := "Phase1"
	if p.Protocol != ProtocolIKE {
		phase = "Phase2"
	}
	for _, c := range p.Ciphers {
		word := c.keyword()
		switch length := strconv.Itoa(int(c.KeyBits)); c.Cipher {
		case CipherAESCBC:
			word = "AES" + length
		case CipherAESGCM16:
			word = "AES" + length + "-GCM-16"
		}
		words = append(words, phase+"EncryptionAlgorithms "+word)
	}
	for _, i := range p.Integrity {
		word := i.keyword()
		switch i {
		case IntegritySHA1, IntegritySHA1Full:
			word = "SHA1"
		case IntegritySHA256:
			word = "SHA2-256"
		case IntegritySHA384:
			word = "SHA2-384"
		case IntegritySHA512:
			word = "SHA2-512"
		}
		words = append(words, phase+"IntegrityAlgorithms "+word)
	}
	for _, g := range p.Groups {
		if g != GroupNone {
			words = append(words, phase+"DHGroupNumbers "+strconv.Itoa(int(g)))
		}
	}
	for _, u := range p.Unknown {
		words = append(words, u.Name)
	}
	return strings.Join(words, ", ")
}
