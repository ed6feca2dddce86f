package ike

import (
	"fmt"
	"strings"
	"testing"
)

func checkTable[V any](t *testing.T, name string, table []entry[V]) {
	t.Helper()
	for i := range table {
		if i > 0 && table[i-1].key >= table[i].key {
			t.Errorf("%s: %q stands before %q", name, table[i-1].key, table[i].key)
		}
		if len(table[i].key) > maxName {
			t.Errorf("%s: %q is longer than maxName", name, table[i].key)
		}
		if v, ok := find(table, []byte(table[i].key)); !ok || fmt.Sprint(v) != fmt.Sprint(table[i].v) {
			t.Errorf("%s: %q is not found", name, table[i].key)
		}
	}
}

func TestTablesSorted(t *testing.T) {
	checkTable(t, "cipherNames", cipherNames)
	checkTable(t, "integrityNames", integrityNames)
	checkTable(t, "prfNames", prfNames)
	checkTable(t, "groupNames", groupNames)
	checkTable(t, "authNames", authNames)
	checkTable(t, "dnNames", dnNames)
}

func TestParseCipher(t *testing.T) {
	for want, names := range map[CipherKey]string{
		{CipherAESCBC, 256}:         "AES_CBC_256 AES_CBC-256 aes256 aes_256 AES256 AES-256 aes-256-cbc aes-cbc-256 esp-aes-256 esp-256-aes AES_CBC(7)_256 AES(12)_256 aes_cbc-256 aes256-cbc ESP_AES_256 rijndael256",
		{CipherAESCBC, 128}:         "AES_CBC_128 aes128 AES128",
		{CipherAESCBC, 0}:           "AES_CBC aes esp-aes OAKLEY_AES_CBC ENCR_AES_CBC AES_CBC_000 rijndael AES-CBC",
		{CipherAESCTR, 192}:         "AES_CTR_192 aes192ctr aes_ctr192 aes-192-ctr aesctr224",
		{CipherAESGCM16, 128}:       "AES_GCM_16_128 aes128gcm16 aes128gcm128 aes128gcm aes_gcm128 aes_gcm-128 aes_gcm_c-128 aes_gcm_c_128 aes-128-gcm AES-GCM-128 AES_GCM_16-128 aes_gcm_c-160 esp-gcm128",
		{CipherAESGCM16, 256}:       "AES_GCM_16_256 aes256gcm16 aes_gcm_c-256 aes_gcm256 AES-GCM-256 AES_GCM_C_256",
		{CipherAESGCM12, 256}:       "AES_GCM_12_256 aes256gcm12 aes256gcm96 aes_gcm_b256",
		{CipherAESGCM8, 192}:        "AES_GCM_8_192 aes192gcm8 aes192gcm64 aes_gcm_a192",
		{CipherAESCCM12, 128}:       "AES_CCM_12_128 aes128ccm12 aes128ccm96 aes_ccm_b-152",
		{CipherAESCCM16, 256}:       "AES_CCM_16_256 aes256ccm16 aes256ccm128 aes256ccm aes_ccm_c-280",
		{CipherAESGMAC, 128}:        "NULL_AES_GMAC_128 aes128gmac NULL_AUTH_AES_GMAC_128 aes_gmac128",
		{Cipher3DES, 0}:             "3DES_CBC 3des esp-3des OAKLEY_3DES_CBC 3DES(3)_192 3des_cbc_192 3des168 3DES_CBC(5)_000 3des-cbc",
		{CipherDES, 0}:              "DES_CBC des esp-des DES-CBC",
		{CipherNull, 0}:             "NULL null esp-null null_enc ESP_NULL",
		{CipherCamelliaCBC, 128}:    "CAMELLIA_CBC_128 camellia128",
		{CipherCamelliaCTR, 256}:    "CAMELLIA_CTR_256 camellia256ctr",
		{CipherCamelliaCCM16, 192}:  "CAMELLIA_CCM_16_192 camellia192ccm16 camellia192ccm128",
		{CipherBlowfish, 256}:       "BLOWFISH_CBC_256 blowfish256",
		{CipherCAST, 128}:           "CAST_CBC_128 cast128",
		{CipherSerpent, 256}:        "SERPENT_CBC_256 serpent256",
		{CipherTwofish, 128}:        "TWOFISH_CBC_128 twofish128",
		{CipherTwofishSSH, 0}:       "OAKLEY_TWOFISH_CBC_SSH",
		{CipherChaCha20Poly1305, 0}: "CHACHA20_POLY1305 chacha20poly1305 chacha20_poly1305 CHACHA20_POLY1305_256",
		{CipherIDEA, 0}:             "IDEA_CBC idea",
		{CipherSEAL, 0}:             "esp-seal",
		{Cipher3IDEA, 0}:            "3idea",
		{CipherRC4, 0}:              "rc4",
		{CipherDESIV64, 0}:          "des_iv64 DES_IV64",
	} {
		for name := range strings.FieldsSeq(names) {
			if got, ok := ParseCipher(name); !ok || got != want {
				t.Errorf("ParseCipher(%q) = %v %v, want %v", name, got, ok, want)
			}
			if got, ok := ParseCipher([]byte(strings.ToUpper(name))); !ok || got != want {
				t.Errorf("ParseCipher(%q) = %v %v, want %v", strings.ToUpper(name), got, ok, want)
			}
		}
	}
	if got, ok := ParseCipher("esp-aes 256"); !ok || got != (CipherKey{CipherAESCBC, 256}) {
		t.Errorf("with a blank: %v", got)
	}
	for _, name := range []string{"", "aes999x", "modp2048", "sha256", "HMAC_SHA2_256_128", "ECP_256", "256", "(65001)", "blub", "aes001", "aes064", "aes256gcm7", "esp", strings.Repeat("aes", 1000)} {
		if got, ok := ParseCipher(name); ok {
			t.Errorf("ParseCipher(%q) = %v", name, got)
		}
	}
}

func TestParseIntegrity(t *testing.T) {
	for want, names := range map[Integrity]string{
		IntegritySHA256:        "HMAC_SHA2_256_128 HMAC_SHA2_256 sha256 sha2_256 sha2 SHA2_256(5)_256 esp-sha256-hmac sha256-128 hmac-sha-256-128 hmac_sha256 OAKLEY_SHA2_256 AUTH_ALGORITHM_HMAC_SHA2_256 sha-256 AUTH_HMAC_SHA2_256_128",
		IntegritySHA256Trunc96: "HMAC_SHA2_256_96 sha256_96 sha2_256_96 HMAC_SHA2_256_TRUNCBUG",
		IntegritySHA1:          "HMAC_SHA1_96 sha sha1 esp-sha-hmac ah-sha-hmac SHA1(2)_160 SHA1(2)_000 hmac-sha1-96 OAKLEY_SHA1 OAKLEY_SHA hmac_sha1 SHA-1",
		IntegritySHA1Full:      "HMAC_SHA1_160 sha1_160",
		IntegritySHA384:        "HMAC_SHA2_384_192 sha384 sha2_384 hmac_sha384 esp-sha384-hmac",
		IntegritySHA512:        "HMAC_SHA2_512_256 HMAC_SHA2_512 sha512 sha2_512 esp-sha512-hmac",
		IntegrityMD5:           "HMAC_MD5_96 md5 esp-md5-hmac MD5(1)_128 MD5(1)_096 hmac-md5-96 OAKLEY_MD5 hmac_md5",
		IntegrityMD5Full:       "HMAC_MD5_128 md5_128",
		IntegrityAESXCBC:       "AES_XCBC_96 aesxcbc aes_xcbc aes128_xcbc_96",
		IntegrityAESCMAC:       "AES_CMAC_96 aescmac aes_cmac",
		IntegrityCamelliaXCBC:  "CAMELLIA_XCBC_96 camelliaxcbc",
		IntegrityAES256GMAC:    "AES_256_GMAC",
		IntegrityNone:          "none NULL non_auth",
	} {
		for name := range strings.FieldsSeq(names) {
			if got, ok := ParseIntegrity(name); !ok || got != want {
				t.Errorf("ParseIntegrity(%q) = %v %v, want %v", name, got, ok, want)
			}
		}
	}
	for _, name := range []string{"", "aes256", "modp2048", "PRF_HMAC_SHA1", "sha3"} {
		if got, ok := ParseIntegrity(name); ok {
			t.Errorf("ParseIntegrity(%q) = %v", name, got)
		}
	}
}

func TestParseOthers(t *testing.T) {
	for want, names := range map[Group]string{
		GroupMODP2048:     "MODP_2048 modp2048 MODP2048 MODP2048(14) dh14 DH14 group14 14 OAKLEY_GROUP_MODP2048 dh-group-14 2048-bit",
		GroupMODP1024:     "MODP_1024 modp1024 group2 2 dh2",
		GroupMODP1024s160: "MODP_1024_160 modp1024s160 dh22 OAKLEY_GROUP_DH22",
		GroupMODP2048s256: "MODP_2048_256 modp2048s256 dh24",
		GroupECP256:       "ECP_256 ecp256 dh19 OAKLEY_GROUP_ECP_256",
		GroupECP521:       "ECP_521 ecp521 ECP__521 dh21",
		GroupBrainpool512: "ECP_512_BP ecp512bp",
		GroupCurve25519:   "CURVE_25519 curve25519 x25519 dh31",
		GroupNone:         "none KE_NONE modpnone no-pfs dh0",
		Group(99):         "99 dh99",
	} {
		for name := range strings.FieldsSeq(names) {
			got, ok := ParseGroup(name)
			if name == "2048-bit" {
				got, ok = ParseGroup("2048-bit MODP group")
			}
			if !ok || got != want {
				t.Errorf("ParseGroup(%q) = %v %v, want %v", name, got, ok, want)
			}
		}
	}
	if got, ok := ParseGroup("group 14"); !ok || got != GroupMODP2048 {
		t.Errorf("group 14: %v", got)
	}
	for _, name := range []string{"", "ECP_512", "dh", "group", "dh65536", "modp", "dhx"} {
		if got, ok := ParseGroup(name); ok {
			t.Errorf("ParseGroup(%q) = %v", name, got)
		}
	}
	for want, names := range map[PRF]string{
		PRFSHA256: "PRF_HMAC_SHA2_256 prfsha256 HMAC_SHA2_256 sha2_256 prf-sha256", PRFSHA1: "PRF_HMAC_SHA1 prfsha1 sha",
		PRFAESXCBC: "PRF_AES128_XCBC prfaesxcbc", PRFMD5: "PRF_HMAC_MD5",
	} {
		for name := range strings.FieldsSeq(names) {
			if got, ok := ParsePRF(name); !ok || got != want {
				t.Errorf("ParsePRF(%q) = %v %v", name, got, ok)
			}
		}
	}
	for want, names := range map[AuthMethod][]string{
		AuthPSK:           {"psk", "PSK", "pre-share", "pre_shared_key", "pre-shared key", "OAKLEY_PRESHARED_KEY", "PRESHARED_KEY", "secret"},
		AuthRSA:           {"rsa-sig", "rsasig", "RSA signature", "OAKLEY_RSA_SIG", "rsa"},
		AuthPubkey:        {"pubkey", "ecdsa-sig"},
		AuthECDSA256:      {"ECDSA-256 signature", "OAKLEY_ECDSA_P256"},
		AuthXAUTHInitPSK:  {"XAuthInitPSK", "XAUTHInitPreShared", "xauth_psk_client", "xauth_psk_server"},
		AuthXAUTHRespRSA:  {"XauthRespRSA"},
		AuthHybridInitRSA: {"HybridInitRSA", "hybrid_rsa_client", "hybrid_rsa_server"},
		AuthRSAEnc:        {"rsa-encr"},
		AuthRSARevEnc:     {"OAKLEY_RSA_REVISED_MODE"},
	} {
		for _, name := range names {
			if got, ok := ParseAuthMethod(name); !ok || got != want {
				t.Errorf("ParseAuthMethod(%q) = %v %v", name, got, ok)
			}
		}
	}
	for want, names := range map[Mode]string{ModeTunnel: "TUNNEL tunnel ENCAPSULATION_MODE_TUNNEL", ModeTransport: "transport", ModeUDPTunnel: "TUNNEL-in-UDP UDP-Tunnel"} {
		for name := range strings.FieldsSeq(names) {
			if got, ok := ParseMode(name); !ok || got != want {
				t.Errorf("ParseMode(%q) = %v %v", name, got, ok)
			}
		}
	}
	for want, names := range map[Protocol]string{ProtocolIKE: "IKE isakmp PROTO_ISAKMP", ProtocolAH: "AH PROTO_IPSEC_AH", ProtocolESP: "esp PROTO_IPSEC_ESP", ProtocolIPComp: "IPCOMP"} {
		for name := range strings.FieldsSeq(names) {
			if got, ok := ParseProtocol(name); !ok || got != want {
				t.Errorf("ParseProtocol(%q) = %v %v", name, got, ok)
			}
		}
	}
}

// TestCanonicalNames makes sure that what String prints is read back.
func TestCanonicalNames(t *testing.T) {
	for c := CipherNull; c < cipherCount; c++ {
		ck := CipherKey{c, 0}
		if c.VariableKey() {
			ck.KeyBits = 256
		}
		if got, ok := ParseCipher(ck.String()); !ok || got != ck {
			t.Errorf("%s is read as %v", ck, got)
		}
		if got, ok := ParseCipher(ck.keyword()); !ok || got != ck {
			t.Errorf("keyword %s is read as %v", ck.keyword(), got)
		}
		if got, ok := ParseCipher(ck.libreswan()); !ok || got != ck {
			t.Errorf("libreswan's %s is read as %v", ck.libreswan(), got)
		}
	}
	for i := IntegrityMD5; i < integrityCount; i++ {
		for _, s := range []string{i.String(), i.keyword(), i.libreswan()} {
			if got, ok := ParseIntegrity(s); !ok || got != i {
				t.Errorf("%s is read as %v", s, got)
			}
		}
	}
	for p := PRFMD5; p < prfCount; p++ {
		for _, s := range []string{p.String(), p.keyword()} {
			if got, ok := ParsePRF(s); !ok || got != p {
				t.Errorf("%s is read as %v", s, got)
			}
		}
	}
	for g := range Group(groupTableSize) {
		if g.row().name == "" {
			continue
		}
		for _, s := range []string{g.String(), g.keyword(), g.libreswan()} {
			if got, ok := ParseGroup(s); !ok || got != g {
				t.Errorf("%s is read as %v", s, got)
			}
		}
	}
	for _, r := range authRows {
		if got, ok := ParseAuthMethod(r.name); !ok || got != r.m {
			t.Errorf("%s is read as %v", r.name, got)
		}
	}
}

func TestUnknownValues(t *testing.T) {
	for got, want := range map[string]string{
		CipherPhase1(65001).String():             "ENCRYPTION_ALGORITHM(65001)",
		CipherESP(99).String():                   "ESP_TRANSFORM(99)",
		IntegrityPhase1(9).String():              "HASH_ALGORITHM(9)",
		IntegrityPhase2(99).String():             "AUTH_ALGORITHM(99)",
		IntegrityAH(200).String():                "AH_TRANSFORM(200)",
		PRFNumber(3).String():                    "PRF(3)",
		Group(99).String():                       "Group(99)",
		AuthMethod(8).String():                   "AuthMethod(8)",
		Protocol(9).String():                     "Protocol(9)",
		Mode(9).String():                         "Mode(9)",
		Dialect(99).String():                     "Dialect(99)",
		Attribute(99).String():                   "Attribute(99)",
		GroupMODPNull.String():                   "MODP_NULL",
		Cipher(9 << 16).String():                 "Cipher(589824)",
		Integrity(9 << 16).String():              "Integrity(589824)",
		(CipherKey{CipherESP(99), 128}).String(): "ESP_TRANSFORM(99)_128",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if CipherPhase1(99) == CipherESP(99) {
		t.Error("numbers of two registries are mixed")
	}
}

func TestAttributes(t *testing.T) {
	s := Attributes(0).With(AttrGroup).With(AttrEncryption).With(AttrMode).Without(AttrMode)
	if got := s.Append(nil); len(got) != 2 || got[0] != AttrEncryption || got[1] != AttrGroup || s.Has(AttrMode) || !s.Has(AttrGroup) {
		t.Errorf("%v", got)
	}
	if b, err := AttrKeyLength.MarshalText(); err != nil || string(b) != "key_length" {
		t.Errorf("%s %v", b, err)
	}
}

// TestKeyLengthsThatDoNotExist: a cipher's name with a length that it does not
// take is no name of it.
func TestKeyLengthsThatDoNotExist(t *testing.T) {
	for name, known := range map[string]bool{
		"aes129": false, "aes64": false, "aes256": true, "aes512gcm16": false, "camellia192": true, "twofish100": false,
		"blowfish448": true, "AES_CBC_257": false, "AES_GCM_16_128": true,
	} {
		if _, ok := ParseCipher(name); ok != known {
			t.Errorf("%s: known %v", name, ok)
		}
	}
}
