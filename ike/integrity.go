package ike

// Integrity is a hash in phase 1 and an integrity algorithm in phase 2. One
// type serves both, as in all implementations' spelling; IntegritySHA1 is SHA
// in phase 1 and HMAC-SHA-1-96 in ESP.
type Integrity uint32

// The algorithms. IntegrityNone is "none", and "not stated".
const (
	IntegrityNone          Integrity = iota
	IntegrityMD5                     // HMAC-MD5-96
	IntegrityMD5Full                 // all 128 bits
	IntegritySHA1                    // HMAC-SHA-1-96
	IntegritySHA1Full                // all 160 bits
	IntegritySHA256                  // HMAC-SHA-256-128
	IntegritySHA256Trunc96           // HMAC-SHA-256-96: the Linux kernel's, and Android's, old truncation
	IntegritySHA384                  // HMAC-SHA-384-192
	IntegritySHA512                  // HMAC-SHA-512-256
	IntegrityAESXCBC                 // AES-XCBC-MAC-96
	IntegrityAESCMAC                 // AES-CMAC-96
	IntegrityCamelliaXCBC            // Camellia-XCBC-96
	IntegrityAES128GMAC
	IntegrityAES192GMAC
	IntegrityAES256GMAC
	IntegrityRIPEMD // HMAC-RIPEMD-160-96
	IntegrityTiger
	IntegrityDESMAC
	IntegrityKPDK
	IntegritySigRSA
	integrityCount
)

type integrityRow struct {
	name   string // strongSwan's log spelling
	config string // strongSwan's keyword
	phase1 uint16 // RFC 2409 appendix A, attribute 2
	phase2 uint16 // RFC 2407 section 4.5, attribute 5
	ah     uint8  // RFC 2407 section 4.4.3
	prf    PRF
}

// 250 and 252 are libreswan's private numbers.
var integrityRows = [integrityCount]integrityRow{
	IntegrityNone:          {name: "none"},
	IntegrityMD5:           {"HMAC_MD5_96", "md5", 1, 1, 2, PRFMD5},
	IntegrityMD5Full:       {"HMAC_MD5_128", "md5_128", 0, 0, 0, PRFMD5},
	IntegritySHA1:          {"HMAC_SHA1_96", "sha1", 2, 2, 3, PRFSHA1},
	IntegritySHA1Full:      {"HMAC_SHA1_160", "sha1_160", 0, 0, 0, PRFSHA1},
	IntegritySHA256:        {"HMAC_SHA2_256_128", "sha256", 4, 5, 5, PRFSHA256},
	IntegritySHA256Trunc96: {"HMAC_SHA2_256_96", "sha256_96", 0, 252, 252, PRFSHA256},
	IntegritySHA384:        {"HMAC_SHA2_384_192", "sha384", 5, 6, 6, PRFSHA384},
	IntegritySHA512:        {"HMAC_SHA2_512_256", "sha512", 6, 7, 7, PRFSHA512},
	IntegrityAESXCBC:       {"AES_XCBC_96", "aesxcbc", 0, 9, 9, PRFAESXCBC},
	IntegrityAESCMAC:       {"AES_CMAC_96", "aescmac", 0, 250, 250, PRFAESCMAC},
	IntegrityCamelliaXCBC:  {"CAMELLIA_XCBC_96", "camelliaxcbc", 0, 0, 0, PRFCamelliaXCBC},
	IntegrityAES128GMAC:    {"AES_128_GMAC", "aes128gmac", 0, 11, 11, PRFNone},
	IntegrityAES192GMAC:    {"AES_192_GMAC", "aes192gmac", 0, 12, 12, PRFNone},
	IntegrityAES256GMAC:    {"AES_256_GMAC", "aes256gmac", 0, 13, 13, PRFNone},
	IntegrityRIPEMD:        {"HMAC_RIPEMD160_96", "ripemd160", 0, 8, 8, PRFNone},
	IntegrityTiger:         {"HMAC_TIGER", "tiger", 3, 0, 0, PRFTiger},
	IntegrityDESMAC:        {"DES_MAC", "desmac", 0, 3, 4, PRFNone},
	IntegrityKPDK:          {"KPDK_MD5", "kpdk", 0, 4, 0, PRFNone},
	IntegritySigRSA:        {"SIG_RSA", "sigrsa", 0, 10, 10, PRFNone},
}

func (i Integrity) row() *integrityRow {
	if i < integrityCount {
		return &integrityRows[i]
	}
	return &integrityRows[IntegrityNone]
}

// String returns strongSwan's name, as HMAC_SHA2_256_128, and
// HASH_ALGORITHM(9), AUTH_ALGORITHM(99) or AH_TRANSFORM(99) for numbers
// without a name.
func (i Integrity) String() string {
	n := uint32(i & numberMask)
	switch {
	case i < integrityCount:
		return integrityRows[i].name
	case i&^numberMask == phase1Base:
		return numbered("HASH_ALGORITHM", n)
	case i&^numberMask == phase2Base:
		return numbered("AUTH_ALGORITHM", n)
	case i&^numberMask == ahBase:
		return numbered("AH_TRANSFORM", n)
	}
	return numbered("Integrity", uint32(i))
}

// PRF returns the pseudo-random function that IKEv1 derives from a hash: its
// HMAC, unless a PRF is negotiated apart (RFC 2409 section 4).
func (i Integrity) PRF() PRF { return i.row().prf }

// IntegrityPhase1 returns the hash with a phase-1 number (RFC 2409 appendix
// A, attribute 2).
func IntegrityPhase1(n uint16) Integrity {
	for i := range integrityRows {
		if n != 0 && integrityRows[i].phase1 == n {
			return Integrity(i)
		}
	}
	return Integrity(phase1Base) | Integrity(n)
}

// IntegrityPhase2 returns the algorithm with a number of the Authentication
// Algorithm attribute (RFC 2407 section 4.5, attribute 5).
func IntegrityPhase2(n uint16) Integrity {
	if n == 0 {
		return IntegrityNone
	}
	for i := range integrityRows {
		if integrityRows[i].phase2 == n {
			return Integrity(i)
		}
	}
	return Integrity(phase2Base) | Integrity(n)
}

// IntegrityAH returns the algorithm that an AH transform identifier stands
// for (RFC 2407 section 4.4.3).
func IntegrityAH(id uint8) Integrity {
	for i := range integrityRows {
		if id != 0 && integrityRows[i].ah == id {
			return Integrity(i)
		}
	}
	return Integrity(ahBase) | Integrity(id)
}

// Phase1 returns the number in phase 1, false if there is none.
func (i Integrity) Phase1() (uint16, bool) {
	if i&^numberMask == phase1Base {
		return uint16(i & numberMask), true
	}
	n := i.row().phase1
	return n, n != 0
}

// Phase2 returns the number of the Authentication Algorithm attribute, false
// if there is none.
func (i Integrity) Phase2() (uint16, bool) {
	if i&^numberMask == phase2Base {
		return uint16(i & numberMask), true
	}
	n := i.row().phase2
	return n, n != 0
}

// AH returns the AH transform identifier, false if there is none.
func (i Integrity) AH() (uint8, bool) {
	if i&^numberMask == ahBase && i&numberMask <= 0xff {
		return uint8(i & numberMask), true
	}
	n := i.row().ah
	return n, n != 0
}
