package ike

import (
	"strconv"
	"strings"
)

// Words of libreswan, Cisco and racoon where they differ from strongSwan's.

func (c CipherKey) libreswan() string {
	name := ""
	switch c.Cipher {
	case CipherAESGCM8:
		name = "aes_gcm_a"
	case CipherAESGCM12:
		name = "aes_gcm_b"
	case CipherAESGCM16:
		name = "aes_gcm"
	case CipherAESCCM8:
		name = "aes_ccm_a"
	case CipherAESCCM12:
		name = "aes_ccm_b"
	case CipherAESCCM16:
		name = "aes_ccm"
	case CipherAESCTR:
		name = "aes_ctr"
	case CipherAESGMAC:
		name = "aes_gmac"
	case CipherChaCha20Poly1305:
		return "chacha20_poly1305"
	default:
		return c.keyword()
	}
	if c.KeyBits != 0 {
		name += strconv.Itoa(int(c.KeyBits))
	}
	return name
}

func (i Integrity) libreswan() string {
	switch i {
	case IntegritySHA256:
		return "sha2_256"
	case IntegritySHA384:
		return "sha2_384"
	case IntegritySHA512:
		return "sha2_512"
	case IntegrityAESXCBC:
		return "aes_xcbc"
	case IntegrityAESCMAC:
		return "aes_cmac"
	}
	return i.keyword()
}

func (g Group) libreswan() string {
	if k := g.keyword(); g == GroupNone || strings.HasPrefix(k, "modp") && !strings.Contains(k, "s") {
		return k
	}
	return "dh" + strconv.Itoa(int(g))
}

// hashWord is the hash as Cisco and racoon name it in phase 1.
func (i Integrity) hashWord() string {
	switch i {
	case IntegritySHA1, IntegritySHA1Full:
		return "sha"
	case IntegrityMD5, IntegrityMD5Full:
		return "md5"
	case IntegritySHA256Trunc96:
		return "sha256"
	}
	return i.keyword()
}

// cipherWord is the cipher as Cisco and racoon name it, with the key length
// after a blank. ASA has a dash there, and leaves 128 bits of AES out.
func (c CipherKey) cipherWord(sep string) string {
	name := ""
	switch c.Cipher {
	case CipherAESCBC:
		name = "aes"
	case CipherAESGCM16:
		name = "gcm"
	case CipherAESGMAC:
		name = "gmac"
	default:
		return c.keyword()
	}
	if c.KeyBits != 0 && (sep == " " || c.Cipher != CipherAESCBC || c.KeyBits != 128) {
		name += sep + strconv.Itoa(int(c.KeyBits))
	}
	return name
}

// cisco writes a proposal for Cisco's products, with what stands before a key
// length.
func (p *Proposal) cisco(sep string) string {
	var words []string
	if p.Protocol != ProtocolIKE {
		for _, c := range p.Ciphers {
			words = append(words, "esp-"+c.cipherWord(sep))
		}
		prefix := "esp-"
		if p.Protocol == ProtocolAH {
			prefix = "ah-"
		}
		for _, i := range p.Integrity {
			words = append(words, prefix+i.hashWord()+"-hmac")
		}
		for _, u := range p.Unknown {
			words = append(words, u.Name)
		}
		return strings.Join(words, " ")
	}
	for _, c := range p.Ciphers {
		words = append(words, "encryption "+c.cipherWord(sep))
	}
	for _, i := range p.Integrity {
		words = append(words, "hash "+i.hashWord())
	}
	for _, a := range p.Auth {
		switch a {
		case AuthPSK:
			words = append(words, "authentication pre-share")
		case AuthRSA:
			words = append(words, "authentication rsa-sig")
		case AuthRSAEnc:
			words = append(words, "authentication rsa-encr")
		default:
			words = append(words, "authentication "+a.String())
		}
	}
	for _, g := range p.Groups {
		words = append(words, "group "+strconv.Itoa(int(g)))
	}
	for _, u := range p.Unknown {
		words = append(words, u.Name)
	}
	return strings.Join(words, ", ")
}

// HasWords reports whether a dialect has words for all that the proposal names.
// ASA has fewer algorithms for IKEv1 than others: DES and AES, MD5 and SHA-1,
// and the groups 1, 2, 5, 7 and 14.
func (p *Proposal) HasWords(d Dialect) bool {
	if d != DialectASA {
		return true
	}
	for _, c := range p.Ciphers {
		switch c.Cipher {
		case CipherDES, Cipher3DES, CipherAESCBC, CipherNull:
		default:
			return false
		}
	}
	for _, i := range p.Integrity {
		switch i {
		case IntegrityMD5, IntegrityMD5Full, IntegritySHA1, IntegritySHA1Full:
		default:
			return false
		}
	}
	for _, g := range p.Groups {
		switch g {
		case GroupMODP768, GroupMODP1024, GroupMODP1536, 7, GroupMODP2048, GroupNone:
		default:
			return p.Protocol != ProtocolIKE // set pfs has more
		}
	}
	return p.Protocol != ProtocolAH
}

func (p *Proposal) racoon() string {
	var b strings.Builder
	say := func(key, value string) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(key)
		b.WriteByte(' ')
		b.WriteString(value)
		b.WriteByte(';')
	}
	phase1 := p.Protocol == ProtocolIKE
	for _, c := range p.Ciphers {
		say("encryption_algorithm", c.cipherWord(" "))
	}
	for _, i := range p.Integrity {
		word := i.hashWord()
		if word == "sha" {
			word = "sha1"
		}
		if phase1 {
			say("hash_algorithm", word)
		} else {
			say("authentication_algorithm", "hmac_"+word)
		}
	}
	for _, a := range p.Auth {
		switch a {
		case AuthPSK:
			say("authentication_method", "pre_shared_key")
		case AuthRSA:
			say("authentication_method", "rsasig")
		default:
			say("authentication_method", a.String())
		}
	}
	for _, g := range p.Groups {
		if phase1 {
			say("dh_group", strconv.Itoa(int(g)))
		} else if g != GroupNone {
			say("pfs_group", strconv.Itoa(int(g)))
		}
	}
	for _, u := range p.Unknown {
		say(u.Kind.String(), u.Name)
	}
	return b.String()
}
