package ike

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	const (
		ike = "IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048"
		esp = "ESP:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ"
	)
	tests := []struct {
		name              string
		offered, accepted string
		differ            string // "" is a match
		i, j              int
		incomplete        bool
	}{
		{"same", ike, ike, "", 0, 0, false},
		{"second of each", "IKE:3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024, " + ike, "IKE:AES_CBC_256/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1536, " + ike, "", 1, 1, false},
		{"within sets", ike, "IKE:AES_CBC_256/AES_CBC_128/HMAC_SHA1_96/HMAC_SHA2_256_128/PRF_HMAC_SHA1/PRF_HMAC_SHA2_256/MODP_1024/MODP_2048", "", 0, 0, false},
		{"key length", "IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ike, "key_length", 0, 0, false},
		{"encryption", "IKE:3DES_CBC/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ike, "encryption", 0, 0, false},
		{"hash, and not its PRF", "IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048", ike, "hash", 0, 0, false},
		{"PRF alone", "IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_AES128_XCBC/MODP_2048", ike, "prf", 0, 0, false},
		{"group", "IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024", ike, "group", 0, 0, false},
		{"several", "IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024", ike, "encryption hash group", 0, 0, false},
		{"PRF implied", "IKE:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048", ike, "", 0, 0, false},
		{"PRF implied, and another", "IKE:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048", "IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA1/MODP_2048", "prf", 0, 0, false},
		{"truncation does not count in phase 1", "IKE:AES_CBC_128/HMAC_SHA2_256_96/MODP_2048", ike, "", 0, 0, false},
		{"truncation counts in phase 2", "ESP:AES_CBC_128/HMAC_SHA2_256_96/MODP_2048", esp, "hash", 0, 0, false},
		{"group not stated in phase 1", "IKE:AES_CBC_128/HMAC_SHA2_256_128", ike, "", 0, 0, true},
		{"key length not stated", "IKE:AES_CBC/HMAC_SHA2_256_128/MODP_2048", ike, "", 0, 0, true},
		{"PFS offered only", esp, "ESP:AES_CBC_128/HMAC_SHA2_256_128/NO_EXT_SEQ", "group", 0, 0, false},
		{"PFS demanded only", "ESP:AES_CBC_128/HMAC_SHA2_256_128/NO_EXT_SEQ", esp, "group", 0, 0, false},
		{"PFS optional", "ESP:AES_CBC_128/HMAC_SHA2_256_128/NO_EXT_SEQ", "ESP:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048/KE_NONE/NO_EXT_SEQ", "", 0, 0, false},
		{"ESN", "ESP:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048/EXT_SEQ", esp, "esn", 0, 0, false},
		{"no ESN stated is off", "ESP:AES_CBC_128/HMAC_SHA2_256_128/MODP_2048", esp, "", 0, 0, false},
		{"AEAD ignores integrity", "ESP:AES_GCM_16_256/HMAC_SHA1_96", "ESP:AES_GCM_16_256", "", 0, 0, false},
		{"AEAD against CBC", "ESP:AES_GCM_16_128", "ESP:AES_CBC_128/HMAC_SHA1_96", "encryption", 0, 0, false},
		{"AEAD key length", "ESP:AES_GCM_16_128", "ESP:AES_GCM_16_256", "key_length", 0, 0, false},
		{"AEAD check value", "ESP:AES_GCM_16_128", "ESP:AES_GCM_8_128", "encryption", 0, 0, false},
		{"ESP without integrity", "ESP:AES_CBC_128", "ESP:AES_CBC_128/HMAC_SHA1_96", "hash", 0, 0, false},
		{"AH", "AH:HMAC_MD5_96", "AH:HMAC_SHA1_96", "hash", 0, 0, false},
		{"protocol", "AH:HMAC_SHA2_256_128", esp, "protocol", 0, 0, false},
		{"protocol is farthest", "AH:HMAC_SHA2_256_128, ESP:3DES_CBC/HMAC_MD5_96", esp, "encryption hash group", 1, 0, false},
		{"nearest of two", "IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024, IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ike, "key_length", 1, 0, false},
		{"among equals the lighter", "IKE:3DES_CBC/HMAC_SHA2_256_128/MODP_2048, IKE:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048", ike, "key_length", 1, 0, false},
		{"among equals the first", "IKE:AES_CBC_192/HMAC_SHA2_256_128/MODP_2048, IKE:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048", ike, "key_length", 0, 0, false},
		{"unknown name on both", "IKE:FOO_CBC/HMAC_SHA2_256_128/MODP_2048", "IKE:foo_cbc/HMAC_SHA2_256_128/MODP_2048", "", 0, 0, false},
		{"unknown names differ", "IKE:FOO_CBC/HMAC_SHA2_256_128/MODP_2048", "IKE:BAR_CBC/HMAC_SHA2_256_128/MODP_2048", "encryption", 0, 0, true},
		{"unknown against known", "IKE:FOO_CBC/HMAC_SHA2_256_128/MODP_2048", ike, "encryption", 0, 0, true},
		{"undefined is nothing", "IKE:UNDEFINED/HMAC_SHA2_256_128/MODP_2048", "IKE:UNDEFINED/HMAC_SHA2_256_128/MODP_2048", "encryption", 0, 0, true},
		{"cipher that the log dropped", "IKE:HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ike, "encryption", 0, 0, false},
		{"hash not stated in phase 1", "IKE:AES_CBC_128/MODP_2048", ike, "", 0, 0, true},
		{"AEAD among others", "ESP:AES_GCM_16_128/AES_CBC_128", "ESP:AES_GCM_16_128/AES_CBC_256/HMAC_SHA1_96", "", 0, 0, false},
		{"a private number", "ESP:TWOFISH_CBC_256/HMAC_SHA2_256_128", "ESP:TWOFISH_CBC_256/HMAC_SHA2_256_128", "", 0, 0, true},
		{"a private number among others", "ESP:TWOFISH_CBC_256/AES_CBC_128/HMAC_SHA2_256_128", "ESP:TWOFISH_CBC_256/AES_CBC_128/HMAC_SHA2_256_128", "", 0, 0, false},
		{"a private number of phase 1", "IKE:SERPENT_CBC_128/HMAC_SHA1_96/MODP_2048", "IKE:SERPENT_CBC_128/HMAC_SHA1_96/MODP_2048", "", 0, 0, true},
		{"IPCOMP", "IPCOMP:DEFLATE", "IPCOMP:DEFLATE", "", 0, 0, false},
		{"nothing offered", "", ike, "", -1, -1, false},
		{"both empty", "", "", "", -1, -1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, a := AppendProposals(nil, tt.offered, ProtocolNone), AppendProposals(nil, tt.accepted, ProtocolNone)
			got := Compare(o, a)
			match := tt.differ == "" && tt.i >= 0
			if got.Match != match || names(got.Differ) != tt.differ || got.Offered != tt.i || got.Accepted != tt.j || got.Incomplete != tt.incomplete {
				t.Errorf("Compare(%s, %s) = %+v", tt.offered, tt.accepted, got)
			}
			// What differs does so from either end.
			if back := Compare(a, o); back.Match != match || names(back.Differ) != tt.differ {
				t.Errorf("turned round: %+v", back)
			}
		})
	}
}

func names(a []Attribute) string {
	var out []string
	for _, x := range a {
		out = append(out, x.String())
	}
	return strings.Join(out, " ")
}

func TestCompareConfigured(t *testing.T) {
	offered := AppendProposals(nil, "IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", ProtocolNone)
	accepted, _ := AppendConfigProposals(nil, "aes128-sha256-modp2048, default", ProtocolIKE, DialectStrongSwan)
	if c := Compare(offered, accepted); c.Match || names(c.Differ) != "key_length" || c.Accepted != 0 || !c.Incomplete {
		t.Errorf("beside the built-in proposals: %+v", c)
	}
	if c := Compare(offered, accepted[1:]); c.Match || len(c.Differ) != 0 || !c.Incomplete {
		t.Errorf("with the built-in proposals only: %+v", c)
	}
	libre, _ := AppendConfigProposals(nil, "aes256-sha2_256", ProtocolIKE, DialectLibreswan)
	if c := Compare(offered, libre); !c.Match || !c.Incomplete {
		t.Errorf("group left open: %+v", c)
	}
	esp := AppendProposals(nil, "ESP:AES_CBC_256/HMAC_SHA1_96/MODP_1024", ProtocolNone)
	libre, _ = AppendConfigProposals(nil, "aes256", ProtocolESP, DialectLibreswan)
	if c := Compare(esp, libre); !c.Match || !c.Incomplete {
		t.Errorf("integrity and group left open: %+v", c)
	}
}

func TestCompareAuthAndMode(t *testing.T) {
	with := func(auth AuthMethod, mode Mode, p Protocol) []Proposal {
		q := Proposal{Protocol: p, Ciphers: aes(128), Integrity: list(IntegritySHA1)}
		if auth != AuthNone {
			q.Auth = list(auth)
		}
		if mode != ModeNone {
			q.Modes = list(mode)
		}
		return list(q)
	}
	for _, tt := range []struct {
		x, y AuthMethod
		want string
	}{{AuthPSK, AuthPSK, ""}, {AuthPSK, AuthRSA, "auth"}, {AuthPSK, AuthXAUTHInitPSK, "auth"}, {AuthPubkey, AuthRSA, ""}, {AuthNone, AuthRSA, ""}} {
		if c := Compare(with(tt.x, 0, ProtocolIKE), with(tt.y, 0, ProtocolIKE)); names(c.Differ) != tt.want {
			t.Errorf("%v and %v: %+v", tt.x, tt.y, c)
		}
	}
	for _, tt := range []struct {
		x, y Mode
		want string
	}{{ModeTunnel, ModeTunnel, ""}, {ModeTunnel, ModeUDPTunnel, ""}, {ModeTunnel, ModeTransport, "mode"}, {ModeNone, ModeTransport, ""}} {
		if c := Compare(with(0, tt.x, ProtocolESP), with(0, tt.y, ProtocolESP)); names(c.Differ) != tt.want {
			t.Errorf("%v and %v: %+v", tt.x, tt.y, c)
		}
	}
}

func TestCompareBundles(t *testing.T) {
	both := AppendCiscoTransforms(nil, "esp-3des ah-sha-hmac")
	esp := AppendCiscoTransforms(nil, "esp-3des esp-sha-hmac")
	other := AppendCiscoTransforms(nil, "ah-md5-hmac esp-3des")
	if c := Compare(both, both); !c.Match {
		t.Errorf("a bundle with itself: %+v", c)
	}
	if c := Compare(both, esp); names(c.Differ) != "protocol" {
		t.Errorf("a bundle with half of it: %+v", c)
	}
	if c := Compare(both, other); names(c.Differ) != "hash" {
		t.Errorf("two bundles: %+v", c)
	}
	if c := Compare(both, slices.Concat(esp, both)); !c.Match || c.Accepted != 1 {
		t.Errorf("among others: %+v", c)
	}
}

// TestCompareHostile: the longest lists cost bounded time and say that they
// were cut.
func TestCompareHostile(t *testing.T) {
	var b strings.Builder
	for i := range MaxProposals + 50 {
		fmt.Fprintf(&b, "IKE:")
		for j := range 100 {
			fmt.Fprintf(&b, "X%d_%d/", i, j)
		}
		b.WriteByte(',')
	}
	o := AppendProposals(nil, b.String(), ProtocolNone)
	a := AppendProposals(nil, strings.ReplaceAll(b.String(), "X", "Y"), ProtocolNone)
	if c := Compare(o, a); c.Match || !c.Incomplete {
		t.Errorf("%+v", c)
	}
	many := make([]Proposal, MaxProposals+1)
	if c := Compare(many, many); !c.Match || !c.Incomplete {
		t.Errorf("%+v", c)
	}
}
