package ike

import "testing"

// TestAllocs: what runs per line or per packet allocates nothing for known
// algorithms.
func TestAllocs(t *testing.T) {
	line := "IKE:AES_CBC_128/AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048/ECP_256, ESP:AES_GCM_16_128/MODP_2048/NO_EXT_SEQ"
	raw := []byte(line)
	conf := "aes256+aes128-sha2_256-modp2048;dh19,aes256gcm16-prfsha256-ecp256!"
	cisco := "esp-aes 256 esp-sha256-hmac"
	var dst, cfg, xf []Proposal
	dst = AppendProposals(dst, line, ProtocolNone)
	cfg, _ = AppendConfigProposals(cfg, conf, ProtocolIKE, DialectLibreswan)
	xf = AppendCiscoTransforms(xf, cisco)
	offered, accepted := CloneProposals(dst), CloneProposals(dst)
	text := make([]byte, 0, 512)
	for name, f := range map[string]func(){
		"AppendProposals string":  func() { dst = AppendProposals(dst[:0], line, ProtocolNone) },
		"AppendProposals bytes":   func() { dst = AppendProposals(dst[:0], raw, ProtocolNone) },
		"AppendConfigProposals":   func() { cfg, _ = AppendConfigProposals(cfg[:0], conf, ProtocolIKE, DialectLibreswan) },
		"AppendCiscoTransforms":   func() { xf = AppendCiscoTransforms(xf[:0], cisco) },
		"AppendProposalList":      func() { text = AppendProposalList(text[:0], offered) },
		"Compare, a match":        func() { Compare(offered, accepted) },
		"ParseCipher":             func() { ParseCipher("aes256gcm128") },
		"ParseIntegrity":          func() { ParseIntegrity("HMAC_SHA2_256_128") },
		"ParseGroup":              func() { ParseGroup("OAKLEY_GROUP_MODP2048") },
		"ParsePRF":                func() { ParsePRF("PRF_HMAC_SHA2_256") },
		"ParseAuthMethod":         func() { ParseAuthMethod("XAuthInitPSK") },
		"CipherESP, IntegrityESP": func() { CipherESP(12); IntegrityPhase2(5) },
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	// Identities and selectors hold strings and addresses; a name aliases its
	// text.
	for name, f := range map[string]func(){
		"ParseIdentity, a name": func() { ParseIdentity("gw.example.com", DialectStrongSwan) },
		"ParseSelector":         func() { ParseSelector("10.0.0.0/24[tcp/80]") },
		"DN, Equal": func() {
			(Identity{Type: 9, Value: "C=CH, O=Org, CN=gw"}).Equal(Identity{Type: 9, Value: "CN=gw,O=org,C=ch"})
		},
		"DNAttributes": func() {
			for range DNAttributes("C=CH, O=Org, CN=gw") {
			}
		},
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkAppendProposals(b *testing.B) {
	line := []byte("IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048")
	var dst []Proposal
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		dst = AppendProposals(dst[:0], line, ProtocolNone)
	}
}

func BenchmarkCompare(b *testing.B) {
	o := AppendProposals(nil, "IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolNone)
	a := AppendProposals(nil, "IKE:AES_CBC_128/AES_CBC_192/AES_CBC_256/3DES_CBC/HMAC_SHA1_96/HMAC_SHA2_256_128/PRF_HMAC_SHA1/PRF_HMAC_SHA2_256/MODP_1024/ECP_256/MODP_2048", ProtocolNone)
	b.ReportAllocs()
	for b.Loop() {
		Compare(o, a)
	}
}
