package esp

import "github.com/ikediag/ikediag/ike"

// KernelTransform returns the transform that a kernel's names stand for: those
// of `ip xfrm state`, as cbc(aes), hmac(sha256) and rfc4106(gcm(aes)), and those
// of setkey, as aes-cbc and hmac-sha1. cipherBits is the length of the
// encryption key with its salt; icvBits is what the listing says behind the key
// of auth-trunc or aead, 0 where it says nothing. Absent names are empty. It is
// false where a name is not known.
func KernelTransform(cipher, integrity, aead string, cipherBits, icvBits int) (Transform, bool) {
	t := Transform{ICV: icvBits / 8}
	c, salt, ok := kernelCipher(cipher+aead, icvBits)
	i, ok2 := kernelIntegrity(integrity)
	t.Cipher.Cipher, t.Integrity = c, i
	if c.VariableKey() {
		t.Cipher.KeyBits = uint16(max(cipherBits-salt, 0))
	}
	if own, _, _ := macSizes(i); aead != "" || t.ICV == own {
		t.ICV = 0
	}
	if i == ike.IntegritySHA256 && t.ICV == 12 {
		t.Integrity, t.ICV = ike.IntegritySHA256Trunc96, 0
	}
	return t, ok && ok2
}

// kernelCipher returns a cipher and the length in bits of its salt.
func kernelCipher(name string, icvBits int) (c ike.Cipher, salt int, ok bool) {
	switch name {
	case "", "ecb(cipher_null)", "cipher_null":
		return ike.CipherNone, 0, true
	case "cbc(des)":
		return ike.CipherDES, 0, true
	case "cbc(des3_ede)":
		return ike.Cipher3DES, 0, true
	case "cbc(aes)":
		return ike.CipherAESCBC, 0, true
	case "cbc(camellia)":
		return ike.CipherCamelliaCBC, 0, true
	case "cbc(blowfish)":
		return ike.CipherBlowfish, 0, true
	case "cbc(cast5)", "cast5":
		return ike.CipherCAST, 0, true
	case "cbc(serpent)":
		return ike.CipherSerpent, 0, true
	case "cbc(twofish)":
		return ike.CipherTwofish, 0, true
	case "rfc3686(ctr(aes))":
		return ike.CipherAESCTR, 32, true
	case "rfc4106(gcm(aes))":
		return bySize(icvBits, ike.CipherAESGCM8, ike.CipherAESGCM12, ike.CipherAESGCM16), 32, true
	case "rfc4309(ccm(aes))":
		return bySize(icvBits, ike.CipherAESCCM8, ike.CipherAESCCM12, ike.CipherAESCCM16), 24, true
	case "rfc4543(gcm(aes))":
		return ike.CipherAESGMAC, 32, true
	case "rfc7539esp(chacha20,poly1305)":
		return ike.CipherChaCha20Poly1305, 32, true
	}
	k, ok := ike.ParseCipher(name)
	if _, salt = keyOctets(k, 0); ok {
		return k.Cipher, salt * 8, true
	}
	return ike.CipherNone, 0, false
}

// kernelIntegrity returns an integrity algorithm.
func kernelIntegrity(name string) (ike.Integrity, bool) {
	switch name {
	case "", "digest_null":
		return ike.IntegrityNone, true
	case "hmac(md5)":
		return ike.IntegrityMD5, true
	case "hmac(sha1)":
		return ike.IntegritySHA1, true
	case "hmac(sha256)":
		return ike.IntegritySHA256, true
	case "hmac(sha384)":
		return ike.IntegritySHA384, true
	case "hmac(sha512)":
		return ike.IntegritySHA512, true
	case "hmac(rmd160)", "rmd160":
		return ike.IntegrityRIPEMD, true
	case "xcbc(aes)":
		return ike.IntegrityAESXCBC, true
	case "cmac(aes)":
		return ike.IntegrityAESCMAC, true
	case "xcbc(camellia)":
		return ike.IntegrityCamelliaXCBC, true
	}
	return ike.ParseIntegrity(name)
}

// bySize picks a combined mode by the length of its integrity check value.
func bySize(icvBits int, c8, c12, c16 ike.Cipher) ike.Cipher {
	switch icvBits {
	case 64:
		return c8
	case 96:
		return c12
	}
	return c16
}
