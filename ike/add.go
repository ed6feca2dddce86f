package ike

// Add takes one algorithm by its name into p, for formats that say of which
// kind a value is: encryption_algorithm aes 256, hash sha256, group 14,
// authentication pre-share. The kinds are those of Attribute; AttrKeyLength
// sets the length of the last cipher. A key length that the text leaves out is
// the dialect's default. It reports whether the name is known; one that is not
// is kept as an Unknown.
func (p *Proposal) Add(kind Attribute, name string, d Dialect) bool {
	var k key
	setKey(&k, name)
	ok := false
	switch kind {
	case AttrEncryption:
		var v CipherKey
		if v, ok = cipherFromKey(&k); ok {
			p.Ciphers = append(p.Ciphers, v.WithDefault(d))
		}
	case AttrKeyLength:
		f := fieldState{last: AttrEncryption}
		ok = isKeyLength(p, &f, name)
	case AttrHash:
		var v Integrity
		if v, ok = integrityFromKey(&k); ok && v != IntegrityNone {
			p.Integrity = append(p.Integrity, v)
		}
	case AttrPRF:
		var v PRF
		if v, ok = prfFromKey(&k); ok {
			p.PRF = append(p.PRF, v)
		}
	case AttrGroup:
		var v Group
		if v, ok = groupFromKey(&k, true); ok {
			p.Groups = append(p.Groups, v)
		}
	case AttrAuth:
		var v AuthMethod
		if v, ok = authFromKey(&k); ok {
			p.Auth = append(p.Auth, v)
		}
	case AttrMode:
		var v Mode
		if v, ok = ParseMode(name); ok {
			p.Modes = append(p.Modes, v)
		}
	case AttrESN:
		var f fieldState
		ok = f.classify(&Proposal{Protocol: p.Protocol}, &k) == AttrESN
		if ok {
			f.classify(p, &k)
		}
	}
	if !ok {
		p.Unknown = append(p.Unknown, Unknown{kind, name})
	}
	return ok
}
