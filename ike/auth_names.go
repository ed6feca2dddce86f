package ike

// authNames maps every spelling, as key makes it. racoon names XAUTH and
// hybrid methods by the end that speaks, client or server; on the wire both
// are the one method with which the initiator authenticates itself.
var authNames = []entry[AuthMethod]{
	{"dsa", AuthDSS},
	{"dsasig", AuthDSS},
	{"dss", AuthDSS},
	{"dsssig", AuthDSS},
	{"dsssignature", AuthDSS},
	{"dsssignatures", AuthDSS},
	{"ecdsa", AuthPubkey},
	{"ecdsa256", AuthECDSA256},
	{"ecdsa256signature", AuthECDSA256},
	{"ecdsa384", AuthECDSA384},
	{"ecdsa384signature", AuthECDSA384},
	{"ecdsa521", AuthECDSA521},
	{"ecdsa521signature", AuthECDSA521},
	{"ecdsap256", AuthECDSA256},
	{"ecdsap384", AuthECDSA384},
	{"ecdsap521", AuthECDSA521},
	{"ecdsasig", AuthPubkey},
	{"encryptionwithrsa", AuthRSAEnc},
	{"hybriddssclient", AuthHybridInitDSS},
	{"hybriddssserver", AuthHybridInitDSS},
	{"hybridinitdss", AuthHybridInitDSS},
	{"hybridinitrsa", AuthHybridInitRSA},
	{"hybridrespdss", AuthHybridRespDSS},
	{"hybridresprsa", AuthHybridRespRSA},
	{"hybridrsaclient", AuthHybridInitRSA},
	{"hybridrsaserver", AuthHybridInitRSA},
	{"none", AuthNone},
	{"preshare", AuthPSK},
	{"preshared", AuthPSK},
	{"presharedkey", AuthPSK},
	{"presharedkeys", AuthPSK},
	{"presharekey", AuthPSK},
	{"psk", AuthPSK},
	{"pubkey", AuthPubkey},
	{"publickey", AuthPubkey},
	{"revisedencryptionwithrsa", AuthRSARevEnc},
	{"revisedrsaencryption", AuthRSARevEnc},
	{"rsa", AuthRSA},
	{"rsaenc", AuthRSAEnc},
	{"rsaencr", AuthRSAEnc},
	{"rsaencryption", AuthRSAEnc},
	{"rsarev", AuthRSARevEnc},
	{"rsarevenc", AuthRSARevEnc},
	{"rsarevisedencryption", AuthRSARevEnc},
	{"rsarevisedmode", AuthRSARevEnc},
	{"rsasig", AuthRSA},
	{"rsasignature", AuthRSA},
	{"rsasignatures", AuthRSA},
	{"secret", AuthPSK},
	{"xauthinitdss", AuthXAUTHInitDSS},
	{"xauthinitpreshared", AuthXAUTHInitPSK},
	{"xauthinitpsk", AuthXAUTHInitPSK},
	{"xauthinitrsa", AuthXAUTHInitRSA},
	{"xauthinitrsaencryption", AuthXAUTHInitEnc},
	{"xauthinitrsarevisedencryption", AuthXAUTHInitRev},
	{"xauthpskclient", AuthXAUTHInitPSK},
	{"xauthpskserver", AuthXAUTHInitPSK},
	{"xauthrespdss", AuthXAUTHRespDSS},
	{"xauthresppreshared", AuthXAUTHRespPSK},
	{"xauthresppsk", AuthXAUTHRespPSK},
	{"xauthresprsa", AuthXAUTHRespRSA},
	{"xauthresprsaencryption", AuthXAUTHRespEnc},
	{"xauthresprsarevisedencryption", AuthXAUTHRespRev},
	{"xauthrsaclient", AuthXAUTHInitRSA},
	{"xauthrsaserver", AuthXAUTHInitRSA},
}

// ParseAuthMethod reads an authentication method in any spelling: psk,
// secret, pre-share, pre_shared_key, OAKLEY_PRESHARED_KEY, RSA signature,
// rsa-sig, XAuthInitPSK, xauth_psk_client, HybridInitRSA, pubkey. A name that
// is not known gives false.
func ParseAuthMethod[S ~string | ~[]byte](s S) (AuthMethod, bool) {
	var k key
	setKey(&k, s)
	return authFromKey(&k)
}

func authFromKey(k *key) (AuthMethod, bool) {
	return find(authNames, cutPrefix(k.text(), "oakley"))
}
