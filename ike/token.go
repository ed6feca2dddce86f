package ike

// fieldState is what the names before tell about the next one.
type fieldState struct {
	dialect Dialect
	hashes  int       // fields with hashes seen; libreswan's second is the PRF
	last    Attribute // kind of the name before
	n       int       // names taken
}

// kindOf finds out of which kind a name seems to be that no table explains.
func (f *fieldState) kindOf(p Protocol, k []byte) Attribute {
	for _, h := range kindHints {
		if len(k) >= len(h.key) && string(k[:len(h.key)]) == h.key {
			return h.v
		}
	}
	switch {
	case f.last != AttrNone:
		return f.last
	case p == ProtocolAH:
		return AttrHash
	case p == ProtocolIPComp:
		return AttrNone
	}
	return AttrEncryption // which all spellings put first
}

// kindHints are beginnings that give a name's kind away. The longer of two
// with a common beginning stands first.
var kindHints = []entry[Attribute]{
	{"prf", AttrPRF},
	{"hmac", AttrHash}, {"sha", AttrHash}, {"md5", AttrHash}, {"auth", AttrHash}, {"ripemd", AttrHash}, {"whirlpool", AttrHash},
	{"aesxcbc", AttrHash}, {"aescmac", AttrHash}, {"camelliaxcbc", AttrHash},
	{"modp", AttrGroup}, {"ecp", AttrGroup}, {"ec2n", AttrGroup}, {"curve", AttrGroup}, {"dh", AttrGroup}, {"group", AttrGroup}, {"oakleygroup", AttrGroup},
	{"ke1", AttrGroup}, {"ke2", AttrGroup}, {"ke3", AttrGroup}, {"mlkem", AttrGroup}, {"kyber", AttrGroup}, {"ntru", AttrGroup}, {"frodo", AttrGroup},
	{"bike", AttrGroup}, {"hqc", AttrGroup}, {"saber", AttrGroup}, {"sike", AttrGroup},
	{"aes", AttrEncryption}, {"camellia", AttrEncryption}, {"encr", AttrEncryption}, {"des", AttrEncryption}, {"chacha", AttrEncryption},
	{"esn", AttrESN},
}

// addToken takes one name of a proposal's text into p.
func addToken[S ~string | ~[]byte](p *Proposal, f *fieldState, tok S) {
	if f.n++; f.n > MaxAlgorithms {
		return
	}
	var k key
	setKey(&k, tok)
	kind := f.classify(p, &k)
	if kind == AttrNone {
		kind = f.kindOf(p.Protocol, k.text())
		p.Unknown = append(p.Unknown, Unknown{Kind: kind, Name: string(tok)})
	}
	f.last = kind
}

// classify takes the name k into p and returns its kind, AttrNone if no table
// has it.
func (f *fieldState) classify(p *Proposal, k *key) Attribute {
	switch string(k.text()) {
	case "esn", "extseq", "extendedsequencenumbers", "esnyes":
		p.ESN = append(p.ESN, true)
		return AttrESN
	case "noesn", "noextseq", "noextendedsequencenumbers", "esnno":
		p.ESN = append(p.ESN, false)
		return AttrESN
	case "none", "null":
		return f.classifyNone(p, k)
	}
	if k.hasPRFPrefix() {
		v, ok := prfFromKey(k)
		if ok {
			p.PRF = append(p.PRF, v)
			return AttrPRF
		}
		return AttrNone
	}
	// A name such as aes128gmac is a cipher in ESP and an integrity algorithm
	// in AH; all such names begin with a. Most others are no ciphers, and are
	// found sooner if that is asked last.
	cipherFirst := k.n > 0 && k.b[0] == 'a'
	if cipherFirst && f.cipher(p, k) {
		return AttrEncryption
	}
	if v, ok := integrityFromKey(k); ok {
		if bits := v.gmacBits(); bits > 0 && p.Protocol != ProtocolAH {
			p.Ciphers = append(p.Ciphers, CipherKey{CipherAESGMAC, bits})
			return AttrEncryption
		}
		if f.dialect == DialectLibreswan && p.Protocol == ProtocolIKE && f.hashes > 0 {
			if pv := v.PRF(); pv != PRFNone {
				p.PRF = append(p.PRF, pv)
				return AttrPRF
			}
		}
		p.Integrity = append(p.Integrity, v)
		return AttrHash
	}
	if v, ok := groupFromKey(k, false); ok {
		p.Groups = append(p.Groups, v)
		return AttrGroup
	}
	if !cipherFirst && f.cipher(p, k) {
		return AttrEncryption
	}
	return AttrNone
}

// cipher takes k into p if it is a cipher.
func (f *fieldState) cipher(p *Proposal, k *key) bool {
	if p.Protocol == ProtocolAH {
		return false
	}
	v, ok := cipherFromKey(k)
	if !ok || v.Cipher == CipherNull && f.last != AttrNone {
		return false // no encryption beside another cipher says nothing
	}
	p.Ciphers = append(p.Ciphers, v.WithDefault(f.dialect))
	return true
}

// classifyNone tells the three meanings of none and null apart: ESP without
// encryption, no integrity algorithm beside an AEAD cipher, and no PFS.
func (f *fieldState) classifyNone(p *Proposal, k *key) Attribute {
	null := k.n == 4 && k.b[1] == 'u'
	switch {
	case p.Protocol != ProtocolAH && f.last == AttrNone && null:
		p.Ciphers = append(p.Ciphers, CipherKey{Cipher: CipherNull})
		return AttrEncryption
	case f.last == AttrEncryption && (null || f.dialect == DialectLibreswan):
		return AttrHash // stated, and empty
	}
	p.Groups = append(p.Groups, GroupNone)
	return AttrGroup
}
