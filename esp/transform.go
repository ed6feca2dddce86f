package esp

import "github.com/ikediag/ikediag/ike"

// Transform is what an SA does to packets. Its zero value is ESP with neither
// encryption nor integrity, which no RFC allows.
type Transform struct {
	// Cipher is the encryption algorithm with its key length in bits, salt not
	// counted; none and NULL are the same, and so is none for AH.
	Cipher ike.CipherKey
	// Integrity is the integrity algorithm, none with a combined mode.
	Integrity ike.Integrity
	// ICV is the length in octets that the integrity check value is cut to, 0
	// for the algorithm's own: 12 makes HMAC-SHA-256-96 of HMAC-SHA-256-128.
	ICV int
	// ESN says that sequence numbers are extended (RFC 4303, section 2.2.1).
	ESN bool
}

// Sizes are the lengths in octets that decide how long packets get.
type Sizes struct {
	// IV is the initialization vector in each packet.
	IV int
	// Block is what the padded payload is a multiple of; RFC 4303, section
	// 2.4, asks for at least 4.
	Block int
	// ICV is the integrity check value in each packet.
	ICV int
}

// cipherSizes returns IV, block and ICV of a cipher: RFC 2410 for NULL, 2405
// and 2451 for DES, 3DES and other ciphers with blocks of 64 bits, 3602 for
// AES-CBC, 3686 for counter mode, 4106 for GCM, 4309 for CCM, 4543 for GMAC,
// 4312 and 5529 for Camellia, 4196 for SEED, 7634 for ChaCha20-Poly1305.
func cipherSizes(c ike.Cipher) (Sizes, bool) {
	switch c {
	case ike.CipherNone, ike.CipherNull:
		return Sizes{0, 4, 0}, true
	case ike.CipherDES, ike.Cipher3DES, ike.CipherBlowfish, ike.CipherCAST, ike.CipherIDEA, ike.CipherRC5, ike.CipherDESIV64:
		return Sizes{8, 8, 0}, true
	case ike.CipherAESCBC, ike.CipherCamelliaCBC, ike.CipherSEED, ike.CipherSerpent, ike.CipherTwofish:
		return Sizes{16, 16, 0}, true
	case ike.CipherAESCTR, ike.CipherCamelliaCTR:
		return Sizes{8, 4, 0}, true
	case ike.CipherAESGCM8, ike.CipherAESCCM8, ike.CipherCamelliaCCM8:
		return Sizes{8, 4, 8}, true
	case ike.CipherAESGCM12, ike.CipherAESCCM12, ike.CipherCamelliaCCM12:
		return Sizes{8, 4, 12}, true
	case ike.CipherAESGCM16, ike.CipherAESCCM16, ike.CipherCamelliaCCM16, ike.CipherAESGMAC, ike.CipherChaCha20Poly1305:
		return Sizes{8, 4, 16}, true
	}
	return Sizes{}, false
}

// macSizes returns the length of an algorithm's integrity check value as it is
// on the wire, and uncut: RFC 2403 and 2404, 4868 (section 2.3), 3566, 4494,
// 4543, 2857, and 4595 for the full HMAC-MD5 and HMAC-SHA-1.
func macSizes(i ike.Integrity) (icv, full int, ok bool) {
	switch i {
	case ike.IntegrityNone:
		return 0, 0, true
	case ike.IntegrityMD5:
		return 12, 16, true
	case ike.IntegrityMD5Full:
		return 16, 16, true
	case ike.IntegritySHA1:
		return 12, 20, true
	case ike.IntegritySHA1Full:
		return 20, 20, true
	case ike.IntegritySHA256:
		return 16, 32, true
	case ike.IntegritySHA256Trunc96:
		return 12, 32, true
	case ike.IntegritySHA384:
		return 24, 48, true
	case ike.IntegritySHA512:
		return 32, 64, true
	case ike.IntegrityAESXCBC, ike.IntegrityAESCMAC, ike.IntegrityCamelliaXCBC:
		return 12, 16, true
	case ike.IntegrityAES128GMAC, ike.IntegrityAES192GMAC, ike.IntegrityAES256GMAC:
		return 24, 24, true // with the IV, RFC 4543, section 4
	case ike.IntegrityRIPEMD:
		return 12, 20, true
	}
	return 0, 0, false
}

// Sizes returns the lengths that the transform gives ESP packets; false where
// an algorithm's are not known.
func (t Transform) Sizes() (Sizes, bool) {
	s, ok := cipherSizes(t.Cipher.Cipher)
	if !ok {
		return Sizes{}, false
	}
	icv, _, ok := macSizes(t.Integrity)
	if s.ICV += icv; t.ICV > 0 && s.ICV > 0 {
		s.ICV = t.ICV
	}
	return s, ok
}
