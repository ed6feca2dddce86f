package ike

import "testing"

// What is advised is spelled as the vendors' settings take it.
func TestConfigVendors(t *testing.T) {
	phase1 := Proposal{Protocol: ProtocolIKE, Ciphers: aes(256, 128), Integrity: list(IntegritySHA256, IntegritySHA1), PRF: list(PRFSHA256), Groups: list(GroupMODP2048, GroupMODP1536)}
	phase2 := Proposal{Protocol: ProtocolESP, Ciphers: aes(256), Integrity: list(IntegritySHA256), Groups: list(GroupMODP2048)}
	gcm := Proposal{Protocol: ProtocolESP, Ciphers: list(CipherKey{CipherAESGCM16, 128}, CipherKey{CipherAESGCM16, 256})}
	ah := Proposal{Protocol: ProtocolAH, Integrity: list(IntegritySHA256)}
	for _, x := range []struct {
		p    Proposal
		d    Dialect
		want string
	}{
		{phase1, DialectFortinet, "set proposal aes256-sha256 aes256-sha1 aes128-sha256 aes128-sha1, set dhgrp 14 5"},
		{phase2, DialectFortinet, "aes256-sha256"},
		{gcm, DialectFortinet, "aes128gcm aes256gcm"},
		{Proposal{Protocol: ProtocolIKE, Ciphers: list(CipherKey{CipherAESGCM16, 128}), PRF: list(PRFSHA256), Groups: list(GroupECP256)}, DialectFortinet, "set proposal aes128gcm-prfsha256, set dhgrp 19"},
		{Proposal{Protocol: ProtocolESP, Ciphers: list(CipherKey{Cipher3DES, 0})}, DialectFortinet, "3des-null"},
		{phase1, DialectRouterOS, "enc-algorithm aes-256,aes-128, hash-algorithm sha256,sha1, dh-group modp2048,modp1536"},
		{phase2, DialectRouterOS, "enc-algorithms aes-256-cbc, auth-algorithms sha256"},
		{gcm, DialectRouterOS, "enc-algorithms aes-128-gcm,aes-256-gcm"},
		{phase1, DialectPaloAlto, "encryption [ aes-256-cbc aes-128-cbc ], hash [ sha256 sha1 ], dh-group [ group14 group5 ]"},
		{phase2, DialectPaloAlto, "esp encryption aes-256-cbc, esp authentication sha256"},
		{gcm, DialectPaloAlto, "esp encryption [ aes-128-gcm aes-256-gcm ]"},
		{ah, DialectPaloAlto, "ah authentication sha256"},
	} {
		if got := x.p.Config(x.d); got != x.want {
			t.Errorf("%v: %q, want %q", x.d, got, x.want)
		}
	}
}
