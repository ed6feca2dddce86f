package ike

// cipherRow is what the package knows of one cipher.
type cipherRow struct {
	name     string // strongSwan's log spelling
	config   string // strongSwan's keyword; %d is where the key length goes
	phase1   uint16 // RFC 2409 appendix A and the IANA "ipsec-registry"; 0: none
	esp      uint8  // RFC 2407 section 4.4.4 and the IANA "isakmp-registry"; 0: none
	aead     bool
	variable bool // several key lengths
}

// The phase-1 registry ends with 8 (Camellia); 13 to 27 are what libreswan
// took over from the IKEv2 registry. Numbers above 65000 in phase 1 and above
// 248 in ESP are private use; 65004, 65005, 252 and 253 came with FreeS/WAN and
// live on in strongSwan and libreswan.
var cipherRows = [cipherCount]cipherRow{
	CipherNone:             {name: "none"},
	CipherNull:             {"NULL", "null", 0, 11, false, false},
	CipherDES:              {"DES_CBC", "des", 1, 2, false, false},
	Cipher3DES:             {"3DES_CBC", "3des", 5, 3, false, false},
	CipherAESCBC:           {"AES_CBC", "aes%d", 7, 12, false, true},
	CipherAESCTR:           {"AES_CTR", "aes%dctr", 13, 13, false, true},
	CipherAESCCM8:          {"AES_CCM_8", "aes%dccm8", 14, 14, true, true},
	CipherAESCCM12:         {"AES_CCM_12", "aes%dccm12", 15, 15, true, true},
	CipherAESCCM16:         {"AES_CCM_16", "aes%dccm16", 16, 16, true, true},
	CipherAESGCM8:          {"AES_GCM_8", "aes%dgcm8", 18, 18, true, true},
	CipherAESGCM12:         {"AES_GCM_12", "aes%dgcm12", 19, 19, true, true},
	CipherAESGCM16:         {"AES_GCM_16", "aes%dgcm16", 20, 20, true, true},
	CipherAESGMAC:          {"NULL_AES_GMAC", "aes%dgmac", 0, 23, true, true},
	CipherCamelliaCBC:      {"CAMELLIA_CBC", "camellia%d", 8, 22, false, true},
	CipherCamelliaCTR:      {"CAMELLIA_CTR", "camellia%dctr", 24, 0, false, true},
	CipherCamelliaCCM8:     {"CAMELLIA_CCM_8", "camellia%dccm8", 25, 0, true, true},
	CipherCamelliaCCM12:    {"CAMELLIA_CCM_12", "camellia%dccm12", 26, 0, true, true},
	CipherCamelliaCCM16:    {"CAMELLIA_CCM_16", "camellia%dccm16", 27, 0, true, true},
	CipherChaCha20Poly1305: {"CHACHA20_POLY1305", "chacha20poly1305", 0, 0, true, false},
	CipherBlowfish:         {"BLOWFISH_CBC", "blowfish%d", 3, 7, false, true},
	CipherCAST:             {"CAST_CBC", "cast%d", 6, 6, false, true},
	CipherIDEA:             {"IDEA_CBC", "idea", 2, 5, false, false},
	Cipher3IDEA:            {"3IDEA", "3idea", 0, 8, false, false},
	CipherRC4:              {"RC4", "rc4%d", 0, 10, false, true},
	CipherRC5:              {"RC5_CBC", "rc5%d", 4, 4, false, true},
	CipherDESIV32:          {"DES_IV32", "des_iv32", 0, 9, false, false},
	CipherDESIV64:          {"DES_IV64", "des_iv64", 0, 1, false, false},
	CipherSEED:             {"SEED_CBC", "seed", 0, 21, false, false},
	CipherSerpent:          {"SERPENT_CBC", "serpent%d", 65004, 252, false, true},
	CipherTwofish:          {"TWOFISH_CBC", "twofish%d", 65005, 253, false, true},
	CipherTwofishSSH:       {"TWOFISH_CBC_SSH", "twofish_ssh%d", 65289, 0, false, true},
	CipherSEAL:             {"SEAL", "seal", 0, 0, false, false},
}

// cipherNames maps every spelling without key length, as key makes it.
var cipherNames = []entry[Cipher]{
	{"3des", Cipher3DES},
	{"3descbc", Cipher3DES},
	{"3desede", Cipher3DES},
	{"3desedecbc", Cipher3DES},
	{"3idea", Cipher3IDEA},
	{"aes", CipherAESCBC},
	{"aescbc", CipherAESCBC},
	{"aesccm", CipherAESCCM16},
	{"aesccm12", CipherAESCCM12},
	{"aesccm16", CipherAESCCM16},
	{"aesccm8", CipherAESCCM8},
	{"aesccma", CipherAESCCM8},
	{"aesccmb", CipherAESCCM12},
	{"aesccmc", CipherAESCCM16},
	{"aesccmicv12", CipherAESCCM12},
	{"aesccmicv16", CipherAESCCM16},
	{"aesccmicv8", CipherAESCCM8},
	{"aesctr", CipherAESCTR},
	{"aesgcm", CipherAESGCM16},
	{"aesgcm12", CipherAESGCM12},
	{"aesgcm16", CipherAESGCM16},
	{"aesgcm8", CipherAESGCM8},
	{"aesgcma", CipherAESGCM8},
	{"aesgcmb", CipherAESGCM12},
	{"aesgcmc", CipherAESGCM16},
	{"aesgcmicv12", CipherAESGCM12},
	{"aesgcmicv16", CipherAESGCM16},
	{"aesgcmicv8", CipherAESGCM8},
	{"aesgmac", CipherAESGMAC},
	{"blowfish", CipherBlowfish},
	{"blowfishcbc", CipherBlowfish},
	{"camellia", CipherCamelliaCBC},
	{"camelliacbc", CipherCamelliaCBC},
	{"camelliaccm12", CipherCamelliaCCM12},
	{"camelliaccm16", CipherCamelliaCCM16},
	{"camelliaccm8", CipherCamelliaCCM8},
	{"camelliaccma", CipherCamelliaCCM8},
	{"camelliaccmb", CipherCamelliaCCM12},
	{"camelliaccmc", CipherCamelliaCCM16},
	{"camelliaccmicv12", CipherCamelliaCCM12},
	{"camelliaccmicv16", CipherCamelliaCCM16},
	{"camelliaccmicv8", CipherCamelliaCCM8},
	{"camelliactr", CipherCamelliaCTR},
	{"cast", CipherCAST},
	{"castcbc", CipherCAST},
	{"chacha20poly1305", CipherChaCha20Poly1305},
	{"chacha20poly1305compat", CipherChaCha20Poly1305},
	{"des", CipherDES},
	{"descbc", CipherDES},
	{"desiv32", CipherDESIV32},
	{"desiv64", CipherDESIV64},
	{"gcm", CipherAESGCM16},
	{"gmac", CipherAESGMAC},
	{"idea", CipherIDEA},
	{"ideacbc", CipherIDEA},
	{"null", CipherNull},
	{"nullaesgmac", CipherAESGMAC},
	{"nullauthaesgmac", CipherAESGMAC},
	{"nullenc", CipherNull},
	{"rc4", CipherRC4},
	{"rc5", CipherRC5},
	{"rc5cbc", CipherRC5},
	{"rc5r16b64cbc", CipherRC5},
	{"rijndael", CipherAESCBC},
	{"seal", CipherSEAL},
	{"seed", CipherSEED},
	{"seedcbc", CipherSEED},
	{"serpent", CipherSerpent},
	{"serpentcbc", CipherSerpent},
	{"tripledes", Cipher3DES},
	{"twofish", CipherTwofish},
	{"twofishcbc", CipherTwofish},
	{"twofishcbcssh", CipherTwofishSSH},
	{"twofishssh", CipherTwofishSSH},
}

// ParseCipher reads a cipher in any of the spellings that strongSwan,
// libreswan, Cisco, racoon and Juniper use in logs, configurations and state
// listings, with or without key length: AES_CBC_256, AES_CBC-256, aes256,
// aes128gcm16, aes_gcm_c-256, AES_CBC(7)_256, esp-aes 256, aes-256-cbc,
// OAKLEY_AES_CBC. The key length is 0 where the spelling states none. A name
// that is not known gives false.
func ParseCipher[S ~string | ~[]byte](s S) (CipherKey, bool) {
	var k key
	setKey(&k, s)
	return cipherFromKey(&k)
}

func cipherFromKey(kk *key) (CipherKey, bool) {
	k := cutPrefix(kk.text(), "oakley", "esp", "encr")
	if c, ok := find(cipherNames, k); ok {
		return CipherKey{Cipher: c}, true
	}
	// A key length at the end: aescbc256, aesgcm16128, aesgcm128.
	if n := trailingDigits(k); n > 3 {
		if ck, ok := sized(k[:len(k)-3], k[len(k)-3:]); ok {
			return ck, true
		}
	} else if n == 3 || n == 2 {
		// Combined modes have no key of two digits: those count octets of
		// the integrity check value.
		if ck, ok := sized(k[:len(k)-n], k[len(k)-n:]); ok && (n == 3 || !ck.Cipher.AEAD()) {
			return ck, true
		}
	}
	// In the middle, as aes256gcm16, or in front, as 256aes.
	for i := 0; i+3 < len(k); i++ {
		if digits(k[i:i+3]) != 3 {
			continue
		}
		var b [maxName]byte
		name := append(b[:0], k[:i]...)
		if rest := k[i+3:]; len(rest) > 3 && string(rest[1:3]) == "cm" {
			name = append(append(name, rest[:3]...), icvOctets(rest[3:])...)
		} else {
			name = append(name, rest...)
		}
		return sized(name, k[i:i+3])
	}
	return CipherKey{}, false
}

// icvOctets turns the length of an integrity check value in bits, as in
// strongSwan's aes256gcm128, into octets, as in its aes256gcm16.
func icvOctets(n []byte) string {
	switch string(n) {
	case "64", "8":
		return "8"
	case "96", "12":
		return "12"
	case "128", "16":
		return "16"
	}
	return "?"
}

// sized looks up a name whose key length stands apart.
func sized(name, bits []byte) (CipherKey, bool) {
	c, ok := find(cipherNames, name)
	if !ok || bits[0] == '0' && string(bits) != "000" { // as in older libreswan's AES(12)_000
		return CipherKey{}, false
	}
	if c == CipherNull && string(bits) != "000" {
		return CipherKey{}, false // no encryption has no key
	}
	ck := CipherKey{Cipher: c}
	if c.VariableKey() {
		for _, d := range bits {
			ck.KeyBits = ck.KeyBits*10 + uint16(d-'0')
		}
		ck.KeyBits = withoutSalt(c, ck.KeyBits)
		if !c.takesKey(ck.KeyBits) {
			return CipherKey{}, false
		}
	}
	return ck, true
}

// withoutSalt returns the key length proper where bits counts the nonce's
// salt too, as the Linux kernel and older libreswan do: 4 octets for counter
// and Galois mode (RFC 4106 section 8.1, RFC 3686 section 5.1), 3 for CCM (RFC
// 4309 section 7.1).
func withoutSalt(c Cipher, bits uint16) uint16 {
	salt := uint16(0)
	switch c {
	case CipherAESCTR, CipherAESGCM8, CipherAESGCM12, CipherAESGCM16, CipherAESGMAC, CipherCamelliaCTR:
		salt = 32
	case CipherAESCCM8, CipherAESCCM12, CipherAESCCM16, CipherCamelliaCCM8, CipherCamelliaCCM12, CipherCamelliaCCM16:
		salt = 24
	}
	switch bits - salt {
	case 128, 192, 256:
		return bits - salt
	}
	return bits
}

// takesKey reports whether a cipher has keys of a length. 0 is "not stated".
func (c Cipher) takesKey(bits uint16) bool {
	switch c {
	case CipherBlowfish, CipherCAST, CipherRC5:
		return true // any number of octets, within limits of their own
	}
	return bits == 0 || bits == 128 || bits == 192 || bits == 256
}

func trailingDigits(k []byte) int {
	n := 0
	for n < len(k) && k[len(k)-1-n] >= '0' && k[len(k)-1-n] <= '9' {
		n++
	}
	return n
}

// digits counts the digits at k's beginning.
func digits(k []byte) int {
	n := 0
	for n < len(k) && k[n] >= '0' && k[n] <= '9' {
		n++
	}
	return n
}
