package ike

import "strconv"

// Cipher is an encryption algorithm without its key length. The values are
// this package's own, since phase 1 and ESP number the same algorithms
// differently; Phase1 and ESP give the numbers of the wire.
type Cipher uint32

// The ciphers. CipherNone is "not stated"; CipherNull is ESP without
// encryption (RFC 2410).
const (
	CipherNone Cipher = iota
	CipherNull
	CipherDES
	Cipher3DES
	CipherAESCBC
	CipherAESCTR
	CipherAESCCM8
	CipherAESCCM12
	CipherAESCCM16
	CipherAESGCM8
	CipherAESGCM12
	CipherAESGCM16
	CipherAESGMAC // integrity only, RFC 4543
	CipherCamelliaCBC
	CipherCamelliaCTR
	CipherCamelliaCCM8
	CipherCamelliaCCM12
	CipherCamelliaCCM16
	CipherChaCha20Poly1305
	CipherBlowfish
	CipherCAST
	CipherIDEA
	Cipher3IDEA
	CipherRC4
	CipherRC5
	CipherDESIV32
	CipherDESIV64
	CipherSEED
	CipherSerpent
	CipherTwofish
	CipherTwofishSSH // Twofish under SSH Communications' private number
	CipherSEAL       // Cisco's esp-seal
	cipherCount
)

// Numbers that no table explains live above the known values, one range for
// each registry they may come from.
const (
	phase1Base = 1 << 16 // phase-1 attribute values
	phase2Base = 2 << 16 // ESP transforms, authentication algorithms
	ahBase     = 3 << 16 // AH transforms
	numberMask = 1<<16 - 1
)

func (c Cipher) row() *cipherRow {
	if c < cipherCount {
		return &cipherRows[c]
	}
	return &cipherRows[CipherNone]
}

// String returns strongSwan's name without key length, as AES_CBC, and
// ENCRYPTION_ALGORITHM(65001) or ESP_TRANSFORM(99) for numbers without a name.
func (c Cipher) String() string {
	switch {
	case c < cipherCount:
		return cipherRows[c].name
	case c&^numberMask == phase1Base:
		return numbered("ENCRYPTION_ALGORITHM", uint32(c&numberMask))
	case c&^numberMask == phase2Base:
		return numbered("ESP_TRANSFORM", uint32(c&numberMask))
	}
	return numbered("Cipher", uint32(c))
}

// AEAD reports whether the cipher authenticates too, so that no integrity
// algorithm is negotiated with it.
func (c Cipher) AEAD() bool { return c.row().aead }

// VariableKey reports whether the cipher takes keys of several lengths, so
// that the key length is part of the negotiation.
func (c Cipher) VariableKey() bool { return c.row().variable }

// CipherPhase1 returns the cipher with a phase-1 number (RFC 2409 appendix A,
// attribute 1, and the private numbers of SSH, FreeS/WAN and libreswan).
func CipherPhase1(n uint16) Cipher {
	for c := range cipherRows {
		if n != 0 && cipherRows[c].phase1 == n {
			return Cipher(c)
		}
	}
	return Cipher(phase1Base) | Cipher(n)
}

// CipherESP returns the cipher with an ESP transform identifier (RFC 2407
// section 4.4.4).
func CipherESP(id uint8) Cipher {
	for c := range cipherRows {
		if id != 0 && cipherRows[c].esp == id {
			return Cipher(c)
		}
	}
	return Cipher(phase2Base) | Cipher(id)
}

// Phase1 returns the cipher's phase-1 number, false if it has none.
func (c Cipher) Phase1() (uint16, bool) {
	if c&^numberMask == phase1Base {
		return uint16(c & numberMask), true
	}
	n := c.row().phase1
	return n, n != 0
}

// ESP returns the cipher's ESP transform identifier, false if it has none.
func (c Cipher) ESP() (uint8, bool) {
	if c&^numberMask == phase2Base && c&numberMask <= 0xff {
		return uint8(c & numberMask), true
	}
	n := c.row().esp
	return n, n != 0
}

// private reports whether the cipher goes by a number for private use, which
// means something among those only who consent to it (RFC 2409, appendix A; RFC
// 2407, section 4.4.4): strongSwan takes it from none but its like.
func (c Cipher) private(phase1 bool) bool {
	if phase1 {
		n, _ := c.Phase1()
		return n > 65000
	}
	n, _ := c.ESP()
	return n > 248
}

// CipherKey is a cipher with its key length in bits; 0 bits for a cipher of
// fixed key length and where the length is not stated.
type CipherKey struct {
	Cipher Cipher
	// KeyBits is the length of the key, 0 where the cipher has but one or none
	// is stated.
	KeyBits uint16
}

// String returns strongSwan's log spelling, as AES_CBC_256.
func (c CipherKey) String() string { return string(c.append(nil)) }

func (c CipherKey) append(dst []byte) []byte {
	dst = append(dst, c.Cipher.String()...)
	if c.KeyBits != 0 {
		dst = append(dst, '_')
		dst = strconv.AppendUint(dst, uint64(c.KeyBits), 10)
	}
	return dst
}

// WithDefault returns c with the key length that a configuration of the
// dialect means where it states none: strongSwan's aes, Cisco's esp-aes and
// racoon's aes have 128 bits. Libreswan's aes leaves the length to the
// release and stays open.
func (c CipherKey) WithDefault(d Dialect) CipherKey {
	if c.KeyBits == 0 && c.Cipher.VariableKey() {
		switch d {
		case DialectStrongSwan, DialectCisco, DialectRacoon, DialectASA:
			c.KeyBits = 128
		}
	}
	return c
}
