package ike

// integrityNames maps every spelling, as key makes it.
var integrityNames = []entry[Integrity]{
	{"aes128cmac", IntegrityAESCMAC},
	{"aes128cmac96", IntegrityAESCMAC},
	{"aes128gmac", IntegrityAES128GMAC},
	{"aes128xcbc", IntegrityAESXCBC},
	{"aes128xcbc96", IntegrityAESXCBC},
	{"aes192gmac", IntegrityAES192GMAC},
	{"aes256gmac", IntegrityAES256GMAC},
	{"aescmac", IntegrityAESCMAC},
	{"aescmac96", IntegrityAESCMAC},
	{"aesxcbc", IntegrityAESXCBC},
	{"aesxcbc96", IntegrityAESXCBC},
	{"aesxcbcmac", IntegrityAESXCBC},
	{"aesxcbcmac96", IntegrityAESXCBC},
	{"camelliaxcbc", IntegrityCamelliaXCBC},
	{"camelliaxcbc96", IntegrityCamelliaXCBC},
	{"desmac", IntegrityDESMAC},
	{"hmacmd5", IntegrityMD5},
	{"hmacmd5128", IntegrityMD5Full},
	{"hmacmd596", IntegrityMD5},
	{"hmacripemd", IntegrityRIPEMD},
	{"hmacripemd160", IntegrityRIPEMD},
	{"hmacripemd16096", IntegrityRIPEMD},
	{"hmacsha", IntegritySHA1},
	{"hmacsha1", IntegritySHA1},
	{"hmacsha1160", IntegritySHA1Full},
	{"hmacsha196", IntegritySHA1},
	{"hmacsha2256", IntegritySHA256},
	{"hmacsha2256128", IntegritySHA256},
	{"hmacsha225696", IntegritySHA256Trunc96},
	{"hmacsha2256truncbug", IntegritySHA256Trunc96},
	{"hmacsha2384", IntegritySHA384},
	{"hmacsha2384192", IntegritySHA384},
	{"hmacsha2512", IntegritySHA512},
	{"hmacsha2512256", IntegritySHA512},
	{"hmacsha256", IntegritySHA256},
	{"hmacsha256128", IntegritySHA256},
	{"hmacsha25696", IntegritySHA256Trunc96},
	{"hmacsha384", IntegritySHA384},
	{"hmacsha384192", IntegritySHA384},
	{"hmacsha512", IntegritySHA512},
	{"hmacsha512256", IntegritySHA512},
	{"hmactiger", IntegrityTiger},
	{"kpdk", IntegrityKPDK},
	{"kpdkmd5", IntegrityKPDK},
	{"md5", IntegrityMD5},
	{"md5128", IntegrityMD5Full},
	{"md596", IntegrityMD5},
	{"md5hmac", IntegrityMD5},
	{"nonauth", IntegrityNone},
	{"none", IntegrityNone},
	{"null", IntegrityNone},
	{"ripemd160", IntegrityRIPEMD},
	{"sha", IntegritySHA1},
	{"sha1", IntegritySHA1},
	{"sha1160", IntegritySHA1Full},
	{"sha196", IntegritySHA1},
	{"sha1hmac", IntegritySHA1},
	{"sha2", IntegritySHA256},
	{"sha2256", IntegritySHA256},
	{"sha2256128", IntegritySHA256},
	{"sha225696", IntegritySHA256Trunc96},
	{"sha2256truncbug", IntegritySHA256Trunc96},
	{"sha2384", IntegritySHA384},
	{"sha2384192", IntegritySHA384},
	{"sha2512", IntegritySHA512},
	{"sha2512256", IntegritySHA512},
	{"sha256", IntegritySHA256},
	{"sha256128", IntegritySHA256},
	{"sha25696", IntegritySHA256Trunc96},
	{"sha256hmac", IntegritySHA256},
	{"sha384", IntegritySHA384},
	{"sha384192", IntegritySHA384},
	{"sha384hmac", IntegritySHA384},
	{"sha512", IntegritySHA512},
	{"sha512256", IntegritySHA512},
	{"sha512hmac", IntegritySHA512},
	{"shahmac", IntegritySHA1},
	{"sigrsa", IntegritySigRSA},
	{"tiger", IntegrityTiger},
}

// ParseIntegrity reads a hash or integrity algorithm in any spelling:
// HMAC_SHA2_256_128, sha256, sha2_256, SHA1(2)_160, esp-sha-hmac, ah-md5-hmac,
// hmac-sha-256-128, OAKLEY_SHA2_256. "none" and "null" give IntegrityNone and
// true, a name that is not known false.
func ParseIntegrity[S ~string | ~[]byte](s S) (Integrity, bool) {
	var k key
	setKey(&k, s)
	return integrityFromKey(&k)
}

func integrityFromKey(kk *key) (Integrity, bool) {
	k := kk.text()
	if kk.paren >= 0 && kk.paren <= len(k) {
		// What follows in SHA1(2)_160 is the key's length, no truncation.
		k = k[:kk.paren]
	}
	return find(integrityNames, cutPrefix(k, "oakley", "esp", "ah", "authalgorithm", "auth"))
}

// gmacBits returns the key length of AES-GMAC, an integrity algorithm of AH
// that ESP has as a cipher (RFC 4543), 0 for any other.
func (v Integrity) gmacBits() uint16 {
	switch v {
	case IntegrityAES128GMAC:
		return 128
	case IntegrityAES192GMAC:
		return 192
	case IntegrityAES256GMAC:
		return 256
	}
	return 0
}
