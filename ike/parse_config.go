package ike

// AppendConfigProposals reads a list of proposals as a configuration file of
// strongSwan or libreswan says it, appends them to dst and returns it:
//
//	aes128-sha256-modp2048!                    strongSwan's ipsec.conf
//	aes256gcm16-prfsha384-ecp384, default      strongSwan's swanctl.conf
//	aes256+aes128-sha2+sha1-dh14, 3des-sha1    libreswan
//	aes128-sha2_256;modp2048                   libreswan
//	AES_CBC_128-HMAC_SHA2_256-MODP2048         libreswan's log and status
//	AES(12)_128-SHA1(2)_160                    older libreswan, Openswan
//
// All are for the protocol p. strict reports the exclamation mark at the end,
// without which ipsec.conf of strongSwan means the built-in proposals too; to
// say that is the caller's business. The word default gives a Proposal with
// Default set. What libreswan completes by itself, a group in phase 1 and 2 and
// an integrity algorithm, is in Open. It never fails: a name that is not known
// becomes an Unknown. After MaxProposals it stops, and within one proposal after
// MaxAlgorithms.
//
// Slices between the length and the capacity of dst are reused.
func AppendConfigProposals[S ~string | ~[]byte](dst []Proposal, s S, p Protocol, d Dialect) (ps []Proposal, strict bool) {
	if s = trim(s); len(s) > 0 && s[len(s)-1] == '!' {
		strict, s = true, s[:len(s)-1]
	}
	start := len(dst)
	for len(s) > 0 && len(dst)-start < MaxProposals {
		var one S
		one, s = cutByte(s, ',')
		if one = trim(one); len(one) == 0 {
			continue
		}
		dst = extend(dst)
		q := &dst[len(dst)-1]
		q.Protocol = p
		if foldEqual(one, "default") {
			q.Default = true
			continue
		}
		readConfigured(q, one, d)
	}
	return dst, strict
}

// readConfigured reads one proposal: fields parted by - or ;, in each
// alternatives parted by +.
func readConfigured[S ~string | ~[]byte](p *Proposal, s S, d Dialect) {
	f := fieldState{dialect: d}
	for len(s) > 0 {
		i := 0
		for i < len(s) && s[i] != '-' && s[i] != ';' {
			i++
		}
		field := s[:i]
		if s = s[i:]; len(s) > 0 {
			s = s[1:]
		}
		hashes := len(p.Integrity)
		for len(field) > 0 {
			var tok S
			tok, field = cutByte(field, '+')
			if tok = trim(tok); len(tok) > 0 && !isKeyLength(p, &f, tok) {
				addToken(p, &f, tok)
			}
		}
		if len(p.Integrity) > hashes {
			f.hashes++
		} else if f.last == AttrHash {
			f.hashes++ // none
		}
	}
	settle(p, &f, d)
}

// isKeyLength takes the number in libreswan's aes_gcm_c-256 to the cipher
// before it.
func isKeyLength[S ~string | ~[]byte](p *Proposal, f *fieldState, tok S) bool {
	if f.last != AttrEncryption || len(p.Ciphers) == 0 || len(tok) != 3 {
		return false
	}
	bits := uint16(0)
	for i := 0; i < len(tok); i++ {
		if tok[i] < '0' || tok[i] > '9' {
			return false
		}
		bits = bits*10 + uint16(tok[i]-'0')
	}
	c := &p.Ciphers[len(p.Ciphers)-1]
	if c.Cipher.VariableKey() {
		c.KeyBits = withoutSalt(c.Cipher, bits)
	}
	return true
}

// settle applies what both daemons do to a proposal that they have read.
func settle(p *Proposal, f *fieldState, d Dialect) {
	if p.Protocol == ProtocolIKE && p.AEAD() {
		// Beside an AEAD cipher a hash can only be the PRF.
		if len(p.PRF) == 0 {
			for _, i := range p.Integrity {
				if v := i.PRF(); v != PRFNone {
					p.PRF = append(p.PRF, v)
				}
			}
		}
		p.Integrity = p.Integrity[:0]
	}
	if d != DialectLibreswan {
		return
	}
	if len(p.Integrity) == 0 && f.hashes == 0 && !p.AEAD() {
		p.Open = p.Open.With(AttrHash)
	}
	if len(p.Groups) == 0 {
		p.Open = p.Open.With(AttrGroup)
	}
}

// foldEqual reports whether s is word, which is in lower case.
func foldEqual[S ~string | ~[]byte](s S, word string) bool {
	if len(s) != len(word) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
