package ike

import (
	"encoding/json"
	"strings"
	"testing"
)

func prop(p Protocol, ciphers []CipherKey, integ []Integrity, prf []PRF, groups []Group, esn ...bool) Proposal {
	return Proposal{Protocol: p, Ciphers: ciphers, Integrity: integ, PRF: prf, Groups: groups, ESN: esn}
}

func aes(bits ...uint16) (out []CipherKey) {
	for _, b := range bits {
		out = append(out, CipherKey{CipherAESCBC, b})
	}
	return out
}

func list[T any](v ...T) []T { return v }

func TestAppendProposals(t *testing.T) {
	ike128 := prop(ProtocolIKE, aes(128), list(IntegritySHA256), list(PRFSHA256), list(GroupMODP2048))
	tests := []struct {
		in   string
		p    Protocol
		want []Proposal
	}{
		{"", ProtocolIKE, nil},
		{" , ,", ProtocolIKE, nil},
		{"IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolNone, list(ike128)},
		{"IKE: AES_CBC_128 / HMAC_SHA2_256_128 / PRF_HMAC_SHA2_256 / MODP_2048 ,", ProtocolNone, list(ike128)},
		{"AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolIKE, list(ike128)},
		{"ike:aes_cbc_128/hmac_sha2_256_128/prf_hmac_sha2_256/modp_2048\r\n", ProtocolESP, list(ike128)},
		{"IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024, IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolNone,
			list(prop(ProtocolIKE, list(CipherKey{Cipher3DES, 0}), list(IntegritySHA1), list(PRFSHA1), list(GroupMODP1024)), ike128)},
		{"IKE:AES_CBC_128/AES_CBC_256/HMAC_SHA1_96/HMAC_SHA2_256_128/PRF_HMAC_SHA1/PRF_HMAC_SHA2_256/MODP_2048/ECP_256/CURVE_25519", ProtocolNone,
			list(prop(ProtocolIKE, aes(128, 256), list(IntegritySHA1, IntegritySHA256), list(PRFSHA1, PRFSHA256), list(GroupMODP2048, GroupECP256, GroupCurve25519)))},
		{"ESP:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ", ProtocolNone,
			list(prop(ProtocolESP, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048), false))},
		{"ESP:AES_GCM_16_256/NO_EXT_SEQ/EXT_SEQ", ProtocolNone,
			list(prop(ProtocolESP, list(CipherKey{CipherAESGCM16, 256}), nil, nil, nil, false, true))},
		{"ESP:AES_GCM_16-256/MODP_4096", ProtocolNone,
			list(prop(ProtocolESP, list(CipherKey{CipherAESGCM16, 256}), nil, nil, list(GroupMODP4096)))},
		{"AH:HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ", ProtocolNone,
			list(prop(ProtocolAH, nil, list(IntegritySHA256), nil, list(GroupMODP2048), false))},
		{"AH:AES_256_GMAC/NO_EXT_SEQ", ProtocolNone, list(prop(ProtocolAH, nil, list(IntegrityAES256GMAC), nil, nil, false))},
		{"ESP:NULL/HMAC_SHA1_96/NO_EXT_SEQ", ProtocolNone,
			list(prop(ProtocolESP, list(CipherKey{CipherNull, 0}), list(IntegritySHA1), nil, nil, false))},
		{"ESP:NULL_AES_GMAC_128/NO_EXT_SEQ", ProtocolNone,
			list(prop(ProtocolESP, list(CipherKey{CipherAESGMAC, 128}), nil, nil, nil, false))},
		{"IKE:HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024", ProtocolNone, // strongSwan drops a cipher it does not know
			list(prop(ProtocolIKE, nil, list(IntegritySHA1), list(PRFSHA1), list(GroupMODP1024)))},
	}
	for _, tt := range tests {
		got := AppendProposals(nil, tt.in, tt.p)
		checkProposals(t, tt.in, got, tt.want)
		checkProposals(t, tt.in+" as bytes", AppendProposals(nil, []byte(tt.in), tt.p), tt.want)
		text := string(AppendProposalList(nil, got))
		checkProposals(t, tt.in+" printed and read", AppendProposals(nil, text, ProtocolNone), tt.want)
	}
}

func checkProposals(t *testing.T, what string, got, want []Proposal) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d proposals, want %d: %v", what, len(got), len(want), got)
		return
	}
	for i := range got {
		if !got[i].Equal(&want[i]) {
			t.Errorf("%s: [%d] is %+v, want %+v", what, i, detail(got[i]), detail(want[i]))
		}
	}
}

func detail(p Proposal) string {
	b, _ := json.Marshal(p)
	return string(b)
}

// The list on the page that the project was asked to implement, with its blanks
// and slips: a lone 256, ECP_512, ECP__521, and two groups run together.
func TestMisspeltProposals(t *testing.T) {
	in := "IKE: AES_CBC_128 / HMAC_SHA2_256_128 / PRF_HMAC_SHA2_256 / MODP_2048, IKE: AES_CBC_128 / 3DES_CBC / HMAC_SHA2_512 / PRF_HMAC_SHA2_512 / 256 / AES_XCBC_96 / " +
		"PRF_AES128_CMAC / MODP_2048_224 / ECP_512 / ECP__521 / ECP_384_BP_ECP_512_BP , IKE: FOO_CBC_128 / HMAC_BAR"
	ps := AppendProposals(nil, in, ProtocolNone)
	if len(ps) != 3 {
		t.Fatalf("%d proposals", len(ps))
	}
	p := ps[1]
	want := []Unknown{{AttrPRF, "256"}, {AttrGroup, "ECP_512"}, {AttrGroup, "ECP_384_BP_ECP_512_BP"}}
	if len(p.Unknown) != len(want) {
		t.Fatalf("unknown %v", p.Unknown)
	}
	for i := range want {
		if p.Unknown[i] != want[i] {
			t.Errorf("unknown %v, want %v", p.Unknown[i], want[i])
		}
	}
	if p.Groups[len(p.Groups)-1] != GroupECP521 || p.Integrity[0] != IntegritySHA512 {
		t.Errorf("known part: %s", p)
	}
	if u := ps[2].Unknown; len(u) != 2 || u[0] != (Unknown{AttrEncryption, "FOO_CBC_128"}) || u[1] != (Unknown{AttrHash, "HMAC_BAR"}) {
		t.Errorf("unknown %v", u)
	}
	again := AppendProposals(nil, string(AppendProposalList(nil, ps)), ProtocolNone)
	checkProposals(t, "printed and read", again, ps)
}

func TestAppendConfigProposals(t *testing.T) {
	open := func(p Proposal, kinds ...Attribute) Proposal {
		for _, k := range kinds {
			p.Open = p.Open.With(k)
		}
		return p
	}
	gcm := func(bits uint16) []CipherKey { return list(CipherKey{CipherAESGCM16, bits}) }
	tests := []struct {
		in     string
		p      Protocol
		d      Dialect
		want   []Proposal
		strict bool
	}{
		{"aes128-sha256-modp2048!", ProtocolIKE, DialectStrongSwan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048))), true},
		{"aes128-sha256-modp2048", ProtocolIKE, DialectStrongSwan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048))), false},
		{"aes-sha1-modp1536", ProtocolIKE, DialectStrongSwan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA1), nil, list(GroupMODP1536))), false},
		{"aes256-aes128-sha384-sha256-ecp384-ecp256", ProtocolIKE, DialectStrongSwan,
			list(prop(ProtocolIKE, aes(256, 128), list(IntegritySHA384, IntegritySHA256), nil, list(GroupECP384, GroupECP256))), false},
		{"aes128-sha2_256-modp1536, default", ProtocolESP, DialectStrongSwan,
			list(prop(ProtocolESP, aes(128), list(IntegritySHA256), nil, list(GroupMODP1536)), Proposal{Protocol: ProtocolESP, Default: true}), false},
		{"aes256gcm16-prfsha384-ecp384", ProtocolIKE, DialectStrongSwan, list(prop(ProtocolIKE, gcm(256), nil, list(PRFSHA384), list(GroupECP384))), false},
		{"aes256gcm16-sha512-modp4096", ProtocolIKE, DialectStrongSwan, list(prop(ProtocolIKE, gcm(256), nil, list(PRFSHA512), list(GroupMODP4096))), false},
		{"aes128gcm128-esn-noesn-x25519", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, gcm(128), nil, nil, list(GroupCurve25519), true, false)), false},
		{"aes128-sha256_96", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, aes(128), list(IntegritySHA256Trunc96), nil, nil)), false},
		{"aes128-sha1-modp2048-none", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, aes(128), list(IntegritySHA1), nil, list(GroupMODP2048, GroupNone))), false},
		{"aes256ctr-aesxcbc-x25519", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, list(CipherKey{CipherAESCTR, 256}), list(IntegrityAESXCBC), nil, list(GroupCurve25519))), false},
		{"null-sha256-x25519", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, list(CipherKey{CipherNull, 0}), list(IntegritySHA256), nil, list(GroupCurve25519))), false},
		{"sha256-sha384", ProtocolAH, DialectStrongSwan, list(prop(ProtocolAH, nil, list(IntegritySHA256, IntegritySHA384), nil, nil)), false},
		{"aes128-sha1-modp2048s224,aes128-sha1-modp1024s160", ProtocolIKE, DialectStrongSwan, list(
			prop(ProtocolIKE, aes(128), list(IntegritySHA1), nil, list(GroupMODP2048s224)), prop(ProtocolIKE, aes(128), list(IntegritySHA1), nil, list(GroupMODP1024s160))), false},
		{"aes128gmac-x25519", ProtocolESP, DialectStrongSwan, list(prop(ProtocolESP, list(CipherKey{CipherAESGMAC, 128}), nil, nil, list(GroupCurve25519))), false},

		{"aes128-sha2_256;modp2048", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048))), false},
		{"aes128-sha1;modp2048,3des-sha1;modp2048", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA1), nil, list(GroupMODP2048)),
			prop(ProtocolIKE, list(CipherKey{Cipher3DES, 0}), list(IntegritySHA1), nil, list(GroupMODP2048))), false},
		{"aes-sha2_256;dh14", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(0), list(IntegritySHA256), nil, list(GroupMODP2048))), false},
		{"3des-sha1", ProtocolIKE, DialectLibreswan, list(open(prop(ProtocolIKE, list(CipherKey{Cipher3DES, 0}), list(IntegritySHA1), nil, nil), AttrGroup)), false},
		{"aes256", ProtocolESP, DialectLibreswan, list(open(prop(ProtocolESP, aes(256), nil, nil, nil), AttrHash, AttrGroup)), false},
		{"aes256+aes128-sha2+sha1-modp2048+dh19", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(256, 128), list(IntegritySHA256, IntegritySHA1), nil, list(GroupMODP2048, GroupECP256))), false},
		{"aes_gcm256-null;modp2048", ProtocolESP, DialectLibreswan, list(prop(ProtocolESP, gcm(256), nil, nil, list(GroupMODP2048))), false},
		{"aes_gcm_c-256", ProtocolESP, DialectLibreswan, list(open(prop(ProtocolESP, gcm(256), nil, nil, nil), AttrGroup)), false},
		{"aes_gcm_c-160-null", ProtocolESP, DialectLibreswan, list(open(prop(ProtocolESP, gcm(128), nil, nil, nil), AttrGroup)), false},
		{"AES_CBC_128-HMAC_SHA2_256-MODP2048", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048))), false},
		{"AES_CBC_128-HMAC_SHA2_256_128-MODP2048", ProtocolESP, DialectLibreswan, list(prop(ProtocolESP, aes(128), list(IntegritySHA256), nil, list(GroupMODP2048))), false},
		{"AES_GCM_16_256-NONE-MODP2048", ProtocolESP, DialectLibreswan, list(prop(ProtocolESP, gcm(256), nil, nil, list(GroupMODP2048))), false},
		{"AES_CBC(7)_256-SHA2_256(4)-MODP1536(5)", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(256), list(IntegritySHA256), nil, list(GroupMODP1536))), false},
		{"AES(12)_128-SHA1(2)_160, 3DES(3)_192-MD5(1)_096", ProtocolESP, DialectLibreswan, list(open(prop(ProtocolESP, aes(128), list(IntegritySHA1), nil, nil), AttrGroup),
			open(prop(ProtocolESP, list(CipherKey{Cipher3DES, 0}), list(IntegrityMD5), nil, nil), AttrGroup)), false},
		{"aes256-sha1-sha2_256;dh14", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, aes(256), list(IntegritySHA1), list(PRFSHA256), list(GroupMODP2048))), false},
		{"aes_gcm256-none-sha2_512-dh19", ProtocolIKE, DialectLibreswan, list(prop(ProtocolIKE, gcm(256), nil, list(PRFSHA512), list(GroupECP256))), false},
		{"aes128-sha1;none", ProtocolESP, DialectLibreswan, list(prop(ProtocolESP, aes(128), list(IntegritySHA1), nil, list(GroupNone))), false},
	}
	for _, tt := range tests {
		got, strict := AppendConfigProposals(nil, tt.in, tt.p, tt.d)
		checkProposals(t, tt.in, got, tt.want)
		if strict != tt.strict {
			t.Errorf("%s: strict %v", tt.in, strict)
		}
		// What Config prints means the same.
		if len(got) == 1 && !strings.Contains(tt.in, "(") {
			again, _ := AppendConfigProposals(nil, got[0].Config(tt.d), tt.p, tt.d)
			checkProposals(t, tt.in+" as "+got[0].Config(tt.d), again, tt.want)
		}
	}
}

func TestUnknownConfigNames(t *testing.T) {
	ps, _ := AppendConfigProposals(nil, "foo128-bar-modp9999", ProtocolESP, DialectStrongSwan)
	want := []Unknown{{AttrEncryption, "foo128"}, {AttrEncryption, "bar"}, {AttrGroup, "modp9999"}}
	if len(ps) != 1 || len(ps[0].Unknown) != 3 {
		t.Fatalf("%v", ps)
	}
	for i, u := range ps[0].Unknown {
		if u != want[i] {
			t.Errorf("%v, want %v", u, want[i])
		}
	}
	if got := ps[0].Config(DialectStrongSwan); got != "foo128-bar-modp9999" {
		t.Errorf("printed %s", got)
	}
}

func TestAppendCiscoTransforms(t *testing.T) {
	esp := func(c Cipher, bits uint16, i ...Integrity) Proposal {
		return prop(ProtocolESP, list(CipherKey{c, bits}), i, nil, nil)
	}
	bundled := func(p Proposal) Proposal { p.Bundled = true; return p }
	tests := []struct {
		in   string
		want []Proposal
	}{
		{"esp-aes 256 esp-sha-hmac", list(esp(CipherAESCBC, 256, IntegritySHA1))},
		{"esp-aes-256 esp-sha-hmac", list(esp(CipherAESCBC, 256, IntegritySHA1))},
		{"{esp-256-aes esp-md5-hmac ,}", list(esp(CipherAESCBC, 256, IntegrityMD5))},
		{"esp-aes esp-sha256-hmac", list(esp(CipherAESCBC, 128, IntegritySHA256))},
		{"esp-3des esp-md5-hmac", list(esp(Cipher3DES, 0, IntegrityMD5))},
		{"esp-null esp-sha512-hmac", list(esp(CipherNull, 0, IntegritySHA512))},
		{"esp-gcm 256", list(esp(CipherAESGCM16, 256))},
		{"esp-gmac esp-md5-hmac", list(esp(CipherAESGMAC, 128, IntegrityMD5))},
		{"esp-seal esp-sha-hmac", list(esp(CipherSEAL, 0, IntegritySHA1))},
		{"esp-3des ah-sha-hmac", list(esp(Cipher3DES, 0), bundled(prop(ProtocolAH, nil, list(IntegritySHA1), nil, nil)))},
		{"ah-md5-hmac esp-aes 192", list(prop(ProtocolAH, nil, list(IntegrityMD5), nil, nil), bundled(esp(CipherAESCBC, 192)))},
		{"esp-aes esp-sha-hmac comp-lzs", list(esp(CipherAESCBC, 128, IntegritySHA1),
			bundled(Proposal{Protocol: ProtocolIPComp, Unknown: list(Unknown{AttrNone, "comp-lzs"})}))},
		{"esp-foo esp-bar-hmac", list(Proposal{Protocol: ProtocolESP, Unknown: list(Unknown{AttrEncryption, "esp-foo"}, Unknown{AttrHash, "esp-bar-hmac"})})},
		{"", nil},
	}
	for _, tt := range tests {
		checkProposals(t, tt.in, AppendCiscoTransforms(nil, tt.in), tt.want)
	}
	ps := AppendCiscoTransforms(nil, "esp-aes esp-sha-hmac mode transport")
	if len(ps) != 1 || len(ps[0].Modes) != 1 || ps[0].Modes[0] != ModeTransport {
		t.Errorf("mode: %v", ps)
	}
	if got := AppendCiscoTransforms(nil, "esp-aes 256 esp-sha256-hmac")[0].Config(DialectCisco); got != "esp-aes 256 esp-sha256-hmac" {
		t.Errorf("printed %s", got)
	}
}

func TestAdd(t *testing.T) {
	p := Proposal{Protocol: ProtocolIKE}
	for _, a := range []struct {
		kind Attribute
		name string
		ok   bool
	}{
		{AttrEncryption, "aes 256", true}, {AttrHash, "sha", true}, {AttrAuth, "pre-share", true}, {AttrGroup, "14", true}, {AttrGroup, "nope", false},
	} {
		if ok := p.Add(a.kind, a.name, DialectCisco); ok != a.ok {
			t.Errorf("Add(%v, %q) = %v", a.kind, a.name, ok)
		}
	}
	if got := p.Config(DialectCisco); got != "encryption aes 256, hash sha, authentication pre-share, group 14, nope" {
		t.Errorf("Cisco: %s", got)
	}
	if got := p.Config(DialectRacoon); got != "encryption_algorithm aes 256; hash_algorithm sha1; authentication_method pre_shared_key; dh_group 14; group nope;" {
		t.Errorf("racoon: %s", got)
	}
	q := Proposal{Protocol: ProtocolESP}
	q.Add(AttrEncryption, "aes", DialectLibreswan)
	q.Add(AttrKeyLength, "192", DialectLibreswan)
	q.Add(AttrESN, "esn", DialectAny)
	q.Add(AttrMode, "transport", DialectAny)
	q.Add(AttrPRF, "sha1", DialectAny)
	if q.String() != "ESP:AES_CBC_192/PRF_HMAC_SHA1/EXT_SEQ" || q.Modes[0] != ModeTransport {
		t.Errorf("%s %v", q, q.Modes)
	}
}

func TestProposalJSON(t *testing.T) {
	p := AppendProposals(nil, "IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolNone)[0]
	p.Add(AttrAuth, "psk", DialectAny)
	got := detail(p)
	want := `{"text":"IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048","protocol":"IKE","encryption":"AES_CBC","key_length":128,` +
		`"hash":"HMAC_SHA2_256_128","prf":"PRF_HMAC_SHA2_256","group":"MODP_2048","auth":"PSK"}`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	all := AppendProposals(nil, "ESP:AES_CBC_128/AES_CBC_256/3DES_CBC/FOO/HMAC_SHA1_96/MODP_2048/KE_NONE/NO_EXT_SEQ/EXT_SEQ, AH:HMAC_MD5_96", ProtocolNone)
	all = append(all, p, Proposal{Protocol: ProtocolESP, Default: true})
	all[0].Modes = append(all[0].Modes, ModeTunnel, ModeUDPTunnel)
	all[1].Bundled = true
	all[1].Open = all[1].Open.With(AttrGroup).With(AttrHash)
	for _, p := range all {
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Proposal
		if err := json.Unmarshal(b, &q); err != nil || !q.Equal(&p) {
			t.Errorf("%s is read as %s (%v)", b, detail(q), err)
		}
	}
	var q Proposal
	if err := json.Unmarshal([]byte(`{"text":1}`), &q); err == nil {
		t.Error("a number was taken for a text")
	}
}

func TestReuse(t *testing.T) {
	dst := AppendProposals(nil, "IKE:AES_CBC_128/AES_CBC_256/HMAC_SHA1_96/MODP_2048/FOO, ESP:NULL/EXT_SEQ", ProtocolNone)
	dst[0].Bundled, dst[0].Default, dst[0].Open = true, true, 7
	got := AppendProposals(dst[:0], "ESP:3DES_CBC/HMAC_MD5_96", ProtocolNone)
	checkProposals(t, "reused", got, list(prop(ProtocolESP, list(CipherKey{Cipher3DES, 0}), list(IntegrityMD5), nil, nil)))
	kept := got[0].Clone()
	AppendProposals(got[:0], "IKE:AES_CBC_128/HMAC_SHA1_96", ProtocolNone)
	if kept.String() != "ESP:3DES_CBC/HMAC_MD5_96" {
		t.Errorf("a clone changed: %s", kept)
	}
	if CloneProposals(nil) != nil || len(CloneProposals(dst)) != len(dst) {
		t.Error("CloneProposals")
	}
}

func TestMaxProposals(t *testing.T) {
	s := strings.Repeat("x,", 10*MaxProposals)
	if n := len(AppendProposals(nil, s, ProtocolIKE)); n != MaxProposals {
		t.Errorf("%d proposals", n)
	}
	if ps := AppendProposals(nil, strings.Repeat("x/", 10*MaxAlgorithms), ProtocolIKE); len(ps[0].Unknown) != MaxAlgorithms {
		t.Errorf("%d names", len(ps[0].Unknown))
	}
	if ps, _ := AppendConfigProposals(nil, s, ProtocolIKE, DialectAny); len(ps) != MaxProposals {
		t.Errorf("%d proposals", len(ps))
	}
}
