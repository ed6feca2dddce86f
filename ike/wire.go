package ike

// Attribute classes of the wire: RFC 2409 appendix A for phase 1, RFC 2407
// section 4.5 for phase 2.
const (
	p1Encryption = 1
	p1Hash       = 2
	p1Auth       = 3
	p1Group      = 4
	p1PRF        = 13
	p1KeyLength  = 14

	p2Group     = 3
	p2Mode      = 4
	p2Auth      = 5
	p2KeyLength = 6
	p2ESN       = 11 // RFC 4304 section 2
)

// SetTransform takes a transform identifier of the wire (RFC 2407 section
// 4.4) into p, whose Protocol must be set. Phase 1 knows only KEY_IKE, which
// says nothing.
func (p *Proposal) SetTransform(id uint8) {
	switch p.Protocol {
	case ProtocolESP:
		p.setCipher(CipherESP(id))
	case ProtocolAH:
		if len(p.Integrity) == 0 {
			p.Integrity = append(p.Integrity, IntegrityAH(id))
		}
	}
}

// SetAttribute takes one SA attribute of the wire into p, whose Protocol must
// be set, and reports whether the attribute belongs to a proposal's
// vocabulary; lifetimes, see Lifetime, do not. One transform has one value of
// each: a Proposal is to be filled from one transform.
func (p *Proposal) SetAttribute(class, value uint16) bool {
	if p.Protocol == ProtocolIKE {
		return p.setPhase1(class, value)
	}
	return p.setPhase2(class, value)
}

func (p *Proposal) setPhase1(class, value uint16) bool {
	switch class {
	case p1Encryption:
		p.setCipher(CipherPhase1(value))
	case p1KeyLength:
		p.setKeyBits(value)
	case p1Hash:
		p.Integrity = append(p.Integrity, IntegrityPhase1(value))
	case p1Auth:
		p.Auth = append(p.Auth, AuthMethod(value))
	case p1Group:
		p.Groups = append(p.Groups, Group(value))
	case p1PRF:
		p.PRF = append(p.PRF, PRFNumber(value))
	default:
		return false
	}
	return true
}

func (p *Proposal) setPhase2(class, value uint16) bool {
	switch class {
	case p2KeyLength:
		p.setKeyBits(value)
	case p2Auth:
		// AH names the algorithm twice; the attribute is the finer name.
		p.Integrity = append(p.Integrity[:0], IntegrityPhase2(value))
	case p2Group:
		p.Groups = append(p.Groups, Group(value))
	case p2Mode:
		p.Modes = append(p.Modes, ModeNumber(value))
	case p2ESN:
		p.ESN = append(p.ESN, value == 1)
	default:
		return false
	}
	return true
}

// setCipher and setKeyBits may come in either order.
func (p *Proposal) setCipher(c Cipher) {
	if n := len(p.Ciphers); n > 0 && p.Ciphers[n-1].Cipher == CipherNone {
		p.Ciphers[n-1].Cipher = c
	} else {
		p.Ciphers = append(p.Ciphers, CipherKey{Cipher: c})
	}
	p.dropFixedLength()
}

func (p *Proposal) setKeyBits(bits uint16) {
	if n := len(p.Ciphers); n > 0 {
		p.Ciphers[n-1].KeyBits = bits
	} else {
		p.Ciphers = append(p.Ciphers, CipherKey{KeyBits: bits})
	}
	p.dropFixedLength()
}

// dropFixedLength forgets the key length of a cipher that has only one, which
// some implementations send all the same.
func (p *Proposal) dropFixedLength() {
	c := &p.Ciphers[len(p.Ciphers)-1]
	if c.Cipher != CipherNone && c.Cipher < cipherCount && !c.Cipher.VariableKey() {
		c.KeyBits = 0
	}
}
