package ike

import "testing"

// The numbers are those of the registries "Internet Key Exchange (IKE)
// Attributes" and "Magic Numbers for ISAKMP Protocol", which RFC 9395 closed.
func TestRegistryNumbers(t *testing.T) {
	for n, want := range map[uint16]Cipher{1: CipherDES, 2: CipherIDEA, 3: CipherBlowfish, 4: CipherRC5, 5: Cipher3DES, 6: CipherCAST, 7: CipherAESCBC, 8: CipherCamelliaCBC} {
		if got := CipherPhase1(n); got != want {
			t.Errorf("phase-1 cipher %d is %v", n, got)
		}
		if back, ok := want.Phase1(); !ok || back != n {
			t.Errorf("%v has number %d", want, back)
		}
	}
	for n, want := range map[uint8]Cipher{
		1: CipherDESIV64, 2: CipherDES, 3: Cipher3DES, 4: CipherRC5, 5: CipherIDEA, 6: CipherCAST, 7: CipherBlowfish, 8: Cipher3IDEA, 9: CipherDESIV32,
		10: CipherRC4, 11: CipherNull, 12: CipherAESCBC, 13: CipherAESCTR, 14: CipherAESCCM8, 15: CipherAESCCM12, 16: CipherAESCCM16,
		18: CipherAESGCM8, 19: CipherAESGCM12, 20: CipherAESGCM16, 21: CipherSEED, 22: CipherCamelliaCBC, 23: CipherAESGMAC,
	} {
		if got := CipherESP(n); got != want {
			t.Errorf("ESP transform %d is %v", n, got)
		}
		if back, ok := want.ESP(); !ok || back != n {
			t.Errorf("%v has number %d", want, back)
		}
	}
	for n, want := range map[uint16]Integrity{1: IntegrityMD5, 2: IntegritySHA1, 3: IntegrityTiger, 4: IntegritySHA256, 5: IntegritySHA384, 6: IntegritySHA512} {
		if got := IntegrityPhase1(n); got != want {
			t.Errorf("hash %d is %v", n, got)
		}
		if back, ok := want.Phase1(); !ok || back != n {
			t.Errorf("%v has number %d", want, back)
		}
	}
	for n, want := range map[uint16]Integrity{
		0: IntegrityNone, 1: IntegrityMD5, 2: IntegritySHA1, 3: IntegrityDESMAC, 4: IntegrityKPDK, 5: IntegritySHA256, 6: IntegritySHA384, 7: IntegritySHA512,
		8: IntegrityRIPEMD, 9: IntegrityAESXCBC, 10: IntegritySigRSA, 11: IntegrityAES128GMAC, 12: IntegrityAES192GMAC, 13: IntegrityAES256GMAC,
	} {
		if got := IntegrityPhase2(n); got != want {
			t.Errorf("authentication algorithm %d is %v", n, got)
		}
		if back, ok := want.Phase2(); n != 0 && (!ok || back != n) {
			t.Errorf("%v has number %d", want, back)
		}
	}
	for n, want := range map[uint8]Integrity{
		2: IntegrityMD5, 3: IntegritySHA1, 4: IntegrityDESMAC, 5: IntegritySHA256, 6: IntegritySHA384, 7: IntegritySHA512, 8: IntegrityRIPEMD,
		9: IntegrityAESXCBC, 10: IntegritySigRSA, 11: IntegrityAES128GMAC, 12: IntegrityAES192GMAC, 13: IntegrityAES256GMAC,
	} {
		if got := IntegrityAH(n); got != want {
			t.Errorf("AH transform %d is %v", n, got)
		}
		if back, ok := want.AH(); !ok || back != n {
			t.Errorf("%v has number %d", want, back)
		}
	}
}

// TestNumbersKept: no number of the wire is lost, known or not.
func TestNumbersKept(t *testing.T) {
	for n := 1; n <= 0xffff; n++ {
		if got, ok := CipherPhase1(uint16(n)).Phase1(); !ok || int(got) != n {
			t.Fatalf("phase-1 cipher %d becomes %d", n, got)
		}
		if got, ok := IntegrityPhase1(uint16(n)).Phase1(); !ok || int(got) != n {
			t.Fatalf("hash %d becomes %d", n, got)
		}
		if got, ok := IntegrityPhase2(uint16(n)).Phase2(); !ok || int(got) != n {
			t.Fatalf("authentication algorithm %d becomes %d", n, got)
		}
	}
	for n := 1; n <= 0xff; n++ {
		if got, ok := CipherESP(uint8(n)).ESP(); !ok || int(got) != n {
			t.Fatalf("ESP transform %d becomes %d", n, got)
		}
		if got, ok := IntegrityAH(uint8(n)).AH(); !ok || int(got) != n {
			t.Fatalf("AH transform %d becomes %d", n, got)
		}
	}
	if _, ok := CipherSEAL.ESP(); ok {
		t.Error("SEAL has a number")
	}
	if _, ok := IntegrityAESCMAC.Phase1(); ok {
		t.Error("AES-CMAC has a phase-1 number")
	}
}

func TestSetAttribute(t *testing.T) {
	p := Proposal{Protocol: ProtocolIKE}
	p.SetTransform(1)
	for _, a := range [][2]uint16{{14, 256}, {1, 7}, {2, 4}, {3, 65001}, {4, 14}} { // key length before the cipher
		if !p.SetAttribute(a[0], a[1]) {
			t.Errorf("attribute %d refused", a[0])
		}
	}
	if p.SetAttribute(11, 1) || p.SetAttribute(12, 3600) || p.SetAttribute(16384, 1) {
		t.Error("a lifetime or a private attribute was taken")
	}
	want := prop(ProtocolIKE, aes(256), list(IntegritySHA256), nil, list(GroupMODP2048))
	want.Auth = list(AuthXAUTHInitPSK)
	checkProposals(t, "phase 1", list(p), list(want))

	p = Proposal{Protocol: ProtocolESP}
	p.SetTransform(12)
	for _, a := range [][2]uint16{{6, 128}, {5, 2}, {4, 61443}, {3, 2}, {11, 1}} {
		if !p.SetAttribute(a[0], a[1]) {
			t.Errorf("attribute %d refused", a[0])
		}
	}
	want = prop(ProtocolESP, aes(128), list(IntegritySHA1), nil, list(GroupMODP1024), true)
	want.Modes = list(ModeUDPTunnel)
	checkProposals(t, "ESP", list(p), list(want))

	p = Proposal{Protocol: ProtocolESP}
	p.SetTransform(3)
	p.SetAttribute(6, 192) // some implementations send what needs no saying
	checkProposals(t, "3DES", list(p), list(prop(ProtocolESP, list(CipherKey{Cipher3DES, 0}), nil, nil, nil)))

	p = Proposal{Protocol: ProtocolAH}
	p.SetTransform(5)
	p.SetAttribute(5, 5)
	p.SetAttribute(4, 1)
	if p.SetAttribute(1, 1) || len(p.Integrity) != 1 || p.Integrity[0] != IntegritySHA256 || p.Modes[0] != ModeTunnel {
		t.Errorf("AH: %s", p)
	}

	p = Proposal{Protocol: ProtocolIKE}
	p.SetAttribute(1, 65001)
	p.SetAttribute(14, 448)
	p.SetAttribute(13, 3)
	if got := p.String(); got != "IKE:ENCRYPTION_ALGORITHM(65001)_448/PRF(3)" {
		t.Errorf("unknown: %s", got)
	}
}

func TestModes(t *testing.T) {
	for n, want := range map[uint16]Mode{1: ModeTunnel, 2: ModeTransport, 3: ModeUDPTunnel, 4: ModeUDPTransport, 61443: ModeUDPTunnel, 61444: ModeUDPTransport, 7: 7} {
		if got := ModeNumber(n); got != want {
			t.Errorf("mode %d is %v", n, got)
		}
	}
	if ModeUDPTunnel.Inner() != ModeTunnel || ModeUDPTransport.Inner() != ModeTransport || ModeTunnel.Inner() != ModeTunnel {
		t.Error("Inner")
	}
}

func TestAuthMethods(t *testing.T) {
	if !AuthPubkey.Agrees(AuthRSA) || !AuthECDSA256.Agrees(AuthPubkey) || AuthPubkey.Agrees(AuthPSK) || AuthRSA.Agrees(AuthDSS) {
		t.Error("Agrees")
	}
	if !AuthXAUTHInitPSK.PSK() || AuthRSA.PSK() || !AuthHybridInitRSA.XAUTH() || AuthPSK.XAUTH() || !AuthDSS.Signature() || AuthRSAEnc.Signature() {
		t.Error("a property is wrong")
	}
}
