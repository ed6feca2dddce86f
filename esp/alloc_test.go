package esp

import (
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// TestAllocs holds what runs per packet to no allocation.
func TestAllocs(t *testing.T) {
	payload := make([]byte, 1400)
	cbc := Transform{Cipher: aesCBC(128), Integrity: ike.IntegritySHA256}
	gcm := Transform{Cipher: gcm16()}
	open := func(tr Transform) func() {
		sa, err := NewSA(tr, keysFor(tr))
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		if err := p.Decode(seal(t, tr, keysFor(tr), 0x100, 1, 4, payload), 0); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, 2000)
		return func() {
			if _, err := sa.Open(buf, &p, 0); err != nil {
				t.Error(err)
			}
		}
	}
	bad := func(tr Transform) func() {
		sa, _ := NewSA(tr, keysFor(tr))
		var p Packet
		_ = p.Decode(make([]byte, 200), 0)
		short := p
		short.Body = nil
		buf := make([]byte, 0, 2000)
		return func() {
			if _, err := sa.Open(buf, &p, 0); err == nil {
				t.Error("opened")
			}
			if _, err := sa.Open(buf, &short, 0); err == nil {
				t.Error("opened")
			}
		}
	}
	wire := seal(t, cbc, keysFor(cbc), 0x100, 1, 4, payload)
	ah := append([]byte{4, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, payload...)
	ip := append([]byte{0x45, 0, 5, 152, 0, 0, 0, 0, 64, 51, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, ah...)
	dst := make([]byte, 0, 2000)
	sa, err := NewSA(cbc, keysFor(cbc))
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	var a AH
	var u UDP
	var flows Flows
	w := NewWindow(1024)
	x := Arrival{Time: began, Source: hostA, Destination: hostB, SPI: 0x100, Length: 100}
	full := Flows{MaxFlows: 2}
	for name, f := range map[string]func(){
		"ESP":        func() { _ = p.Decode(wire, 0); dst, _ = p.AppendBinary(dst[:0]) },
		"AH":         func() { _ = a.Decode(ah, 0); dst, _ = a.AppendBinary(dst[:0]) },
		"UDP":        func() { _ = u.Decode(wire, 0); dst, _ = u.AppendBinary(dst[:0]) },
		"ESP, error": func() { _ = p.Decode(wire[:5], 0) },
		"AH, error":  func() { _ = a.Decode(ah[:20], 100) },
		"UDP, error": func() { _ = u.Decode(wire[:2], 0) },
		"validate": func() {
			for range p.Validate() {
				t.Helper()
			}
		},
		"window":           func() { x.Sequence++; w.ReceiveLow(x.Sequence) },
		"flow":             func() { x.Sequence++; flows.Observe(&x) },
		"flow, evicting":   func() { x.SPI = 256 + x.SPI%7; x.Sequence++; full.Observe(&x) },
		"open CBC":         open(cbc),
		"open GCM":         open(gcm),
		"open XCBC":        open(Transform{Cipher: aesCBC(256), Integrity: ike.IntegrityAESXCBC}),
		"open 3DES":        open(Transform{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Integrity: ike.IntegrityMD5}),
		"open NULL":        open(Transform{Integrity: ike.IntegritySHA512}),
		"open ChaCha20":    open(Transform{Cipher: ike.CipherKey{Cipher: ike.CipherChaCha20Poly1305}}),
		"open GMAC":        open(Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGMAC, KeyBits: 128}}),
		"open CBC, error":  bad(cbc),
		"open GCM, error":  bad(gcm),
		"fit":              func() { _ = p.Decode(wire, 0); sa.FitICV(&p, 0) },
		"verify AH":        func() { _ = sa.VerifyAH(ip, 0) },
		"verify AH, error": func() { _ = sa.VerifyAH(ip[:30], 0) },
		"size":             func() { e := Encapsulation{Transform: cbc}; _ = e.Size(1400) + e.MaxInner(1500) },
	} {
		f()
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
