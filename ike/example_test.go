package ike_test

import (
	"encoding/json"
	"fmt"

	"github.com/ikediag/ikediag/ike"
)

// What a responder that runs strongSwan logs when no proposal suits it, and
// which attribute is to blame.
func ExampleCompare() {
	received := ike.AppendProposals(nil, "IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024", ike.ProtocolIKE)
	configured := ike.AppendProposals(nil, "IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024, IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024", ike.ProtocolIKE)
	c := ike.Compare(received, configured)
	fmt.Println(c.Match, c.Differ)
	fmt.Println("nearest:", configured[c.Accepted])
	// Output:
	// false [key_length]
	// nearest: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024
}

// A reusable destination makes reading a line's proposals free of allocations.
func ExampleAppendProposals() {
	var ps []ike.Proposal
	for _, line := range []string{"ESP:AES_GCM_16_256/MODP_2048/NO_EXT_SEQ", "AH: HMAC_SHA1_96 / FOO_BAR"} {
		ps = ike.AppendProposals(ps[:0], line, ike.ProtocolESP)
		fmt.Println(ps[0].Protocol, ps[0].Ciphers, ps[0].Integrity, ps[0].Groups, ps[0].Unknown)
	}
	// Output:
	// ESP [AES_GCM_16_256] [] [MODP_2048] []
	// AH [] [HMAC_SHA1_96] [] [{hash FOO_BAR}]
}

// One policy in the words of three products.
func ExampleProposal_Config() {
	ps, strict := ike.AppendConfigProposals(nil, "aes128-sha256-modp2048!", ike.ProtocolIKE, ike.DialectStrongSwan)
	p := ps[0]
	p.Add(ike.AttrAuth, "psk", ike.DialectStrongSwan)
	fmt.Println(strict)
	fmt.Println(p.Config(ike.DialectLibreswan))
	fmt.Println(p.Config(ike.DialectCisco))
	fmt.Println(p.Config(ike.DialectRacoon))
	// Output:
	// true
	// aes128-sha2_256;modp2048
	// encryption aes 128, hash sha256, authentication pre-share, group 14
	// encryption_algorithm aes 128; hash_algorithm sha256; authentication_method pre_shared_key; dh_group 14;
}

// A transform set that applies two protocols at once.
func ExampleAppendCiscoTransforms() {
	for _, p := range ike.AppendCiscoTransforms(nil, "esp-aes 256 ah-sha-hmac") {
		fmt.Println(p, p.Bundled)
	}
	// Output:
	// ESP:AES_CBC_256 false
	// AH:HMAC_SHA1_96 true
}

// The numbers of a transform on the wire, in any order of its attributes.
func ExampleProposal_SetAttribute() {
	p := ike.Proposal{Protocol: ike.ProtocolIKE}
	for _, a := range [][2]uint16{{14, 256}, {1, 7}, {2, 4}, {4, 14}, {3, 1}} {
		p.SetAttribute(a[0], a[1])
	}
	b, _ := json.Marshal(p)
	fmt.Println(string(b))
	// Output:
	// {"text":"IKE:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048","protocol":"IKE","encryption":"AES_CBC","key_length":256,"hash":"HMAC_SHA2_256_128","group":"MODP_2048","auth":"PSK"}
}

// Two identities that look alike in a log and are not equal.
func ExampleIdentity_SameValue() {
	sent := ike.ParseIdentity("keyid:gw-a.example.com", ike.DialectStrongSwan)
	expected := ike.ParseIdentity("@gw-a.example.com", ike.DialectLibreswan)
	fmt.Println(sent, sent.Type, expected, expected.Type)
	fmt.Println(sent.Equal(expected), sent.SameValue(expected))
	// Output:
	// gw-a.example.com ID_KEY_ID gw-a.example.com ID_FQDN
	// false true
}

func ExampleParseSelector() {
	ours, _ := ike.ParseSelector("10.0.0.0/16")
	theirs, _ := ike.ParseSelector("10.0.1.0/24[tcp/https]")
	fmt.Println(theirs, ours.Equal(theirs), ours.Contains(theirs), ours.Overlaps(theirs))
	// Output:
	// 10.0.1.0/24[tcp/443] false true true
}

func ExampleParseLifetime() {
	l, _ := ike.ParseLifetime("seconds 3600 kilobytes 4608000")
	fmt.Println(l, l.Duration())
	// Output:
	// 3600s/4608000kB 1h0m0s
}

// A secret does not show, whatever holds it.
func ExampleSecret() {
	entry := struct {
		ID  string
		PSK ike.Secret
	}{"gw", ike.NewSecret([]byte("do not show"))}
	fmt.Printf("%v %+v %x\n", entry, entry, entry.PSK)
	// Output:
	// {gw [secret]} {ID:gw PSK:[secret]} [secret]
}
