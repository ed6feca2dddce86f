package ike

import (
	"strconv"
	"strings"
)

// pfSense spells the proposal as the elements of a config.xml, each with its
// value. The name of a combined mode there has the key's length in it, and the
// length beside it is that of its check value.
func (p *Proposal) pfSense() string {
	var words []string
	cipher, hash, group, prefix := "encryption-algorithm ", "hash-algorithm ", "dhgroup ", ""
	if p.Protocol != ProtocolIKE {
		cipher, hash, group, prefix = "encryption-algorithm-option ", "hash-algorithm-option ", "pfsgroup ", "hmac_"
	}
	for _, c := range p.Ciphers {
		words = append(words, cipher+c.pfSense())
	}
	for _, i := range p.Integrity {
		word := i.hashWord()
		if word == "sha" {
			word = "sha1"
		}
		if word != "aesxcbc" {
			word = prefix + word
		}
		words = append(words, hash+word)
	}
	for _, g := range p.Groups {
		if g != GroupNone {
			words = append(words, group+strconv.Itoa(int(g)))
		}
	}
	for _, u := range p.Unknown {
		words = append(words, u.Name)
	}
	return strings.Join(words, ", ")
}

func (c CipherKey) pfSense() string {
	length := strconv.Itoa(int(c.KeyBits))
	switch {
	case c.KeyBits == 0:
	case c.Cipher == CipherAESGCM16:
		return "aes" + length + "gcm 128"
	case c.Cipher == CipherAESGCM12:
		return "aes" + length + "gcm 96"
	case c.Cipher == CipherAESGCM8:
		return "aes" + length + "gcm 64"
	case !c.Cipher.AEAD():
		return strings.TrimSuffix(c.keyword(), length) + " " + length
	}
	return c.keyword()
}
