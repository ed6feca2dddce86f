package esp

import (
	"testing"

	"github.com/ikediag/ikediag/ike"
)

func aesCBC(bits uint16) ike.CipherKey { return ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: bits} }

func gcm16() ike.CipherKey { return ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 128} }

// TestSize has lengths that were added up by hand: outer header, UDP, SPI and
// sequence number, IV, padded payload with trailer, ICV.
func TestSize(t *testing.T) {
	cbc := func(i ike.Integrity) Transform { return Transform{Cipher: aesCBC(128), Integrity: i} }
	for _, c := range []struct {
		name        string
		e           Encapsulation
		inner, want int
	}{
		// RFC 3602, section 4, case 7: 84 octets give 96 of ciphertext.
		{"RFC 3602, case 7", Encapsulation{Transform: cbc(0)}, 84, 20 + 8 + 16 + 96},
		// Case 5: transport mode; 84 octets with their header give 80.
		{"RFC 3602, case 5", Encapsulation{Transform: cbc(0), Mode: ike.ModeTransport}, 84, 20 + 8 + 16 + 80},
		// RFC 7634, appendix A: 84 octets give 88 and a tag of 16.
		{"RFC 7634", Encapsulation{Transform: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherChaCha20Poly1305}}}, 84, 20 + 8 + 8 + 88 + 16},
		{"CBC, SHA-256", Encapsulation{Transform: cbc(ike.IntegritySHA256)}, 84, 20 + 8 + 16 + 96 + 16},
		{"CBC, SHA-256 cut to 96", Encapsulation{Transform: cbc(ike.IntegritySHA256Trunc96)}, 84, 20 + 8 + 16 + 96 + 12},
		{"the same by length", Encapsulation{Transform: Transform{Cipher: aesCBC(128), Integrity: ike.IntegritySHA256, ICV: 12}}, 84, 20 + 8 + 16 + 96 + 12},
		{"CBC, SHA-512", Encapsulation{Transform: cbc(ike.IntegritySHA512)}, 1400, 20 + 8 + 16 + 1408 + 32},
		{"in UDP", Encapsulation{Transform: cbc(ike.IntegritySHA1), Mode: ike.ModeUDPTunnel}, 1400, 20 + 8 + 8 + 16 + 1408 + 12},
		{"over IPv6", Encapsulation{Transform: cbc(ike.IntegritySHA1), OuterIPv6: true}, 1400, 40 + 8 + 16 + 1408 + 12},
		{"3DES", Encapsulation{Transform: Transform{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Integrity: ike.IntegrityMD5}}, 1400, 20 + 8 + 8 + 1408 + 12},
		{"NULL", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA1}}, 1400, 20 + 8 + 1404 + 12},
		{"GCM", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 1400, 20 + 8 + 8 + 1404 + 16},
		{"GCM, transport in UDP", Encapsulation{Transform: Transform{Cipher: gcm16()}, Mode: ike.ModeUDPTransport}, 1400, 20 + 8 + 8 + 8 + 1384 + 16},
		{"transport over IPv6", Encapsulation{Transform: Transform{Cipher: gcm16()}, Mode: ike.ModeTransport, InnerIPv6: true}, 1400, 40 + 8 + 8 + 1364 + 16},
		{"AH", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA1}, Protocol: ike.ProtocolAH}, 84, 20 + 24 + 84},
		{"AH, SHA-256", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA256}, Protocol: ike.ProtocolAH}, 84, 20 + 28 + 84},
		{"AH, SHA-256, aligned to 8", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA256}, Protocol: ike.ProtocolAH, AlignAH8: true}, 84, 20 + 32 + 84},
		{"AH over IPv6", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA256}, Protocol: ike.ProtocolAH, OuterIPv6: true}, 84, 40 + 32 + 84},
		{"AH, transport", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA1}, Protocol: ike.ProtocolAH, Mode: ike.ModeTransport}, 84, 24 + 84},
		{"AH without algorithm", Encapsulation{Protocol: ike.ProtocolAH}, 84, 0},
		{"unknown cipher", Encapsulation{Transform: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherSEAL}}}, 84, 0},
		{"shorter than its header", Encapsulation{Transform: cbc(0)}, 19, 0},
	} {
		if got := c.e.Size(c.inner); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		if got := c.e.Overhead(c.inner); c.want != 0 && got != c.want-c.inner {
			t.Errorf("%s: overhead %d", c.name, got)
		}
	}
}

// TestMTU has the numbers that vendors' tables and calculators give for a path
// of 1500 octets.
func TestMTU(t *testing.T) {
	for _, c := range []struct {
		name            string
		e               Encapsulation
		path, mtu, mss  int
		fragmentsOf1500 int
	}{
		{"AES-CBC, SHA-1", Encapsulation{Transform: Transform{Cipher: aesCBC(128), Integrity: ike.IntegritySHA1}}, 1500, 1438, 1398, 2},
		{"AES-CBC, SHA-256", Encapsulation{Transform: Transform{Cipher: aesCBC(256), Integrity: ike.IntegritySHA256}}, 1500, 1438, 1398, 2},
		{"AES-CBC, SHA-256 in UDP", Encapsulation{Transform: Transform{Cipher: aesCBC(256), Integrity: ike.IntegritySHA256}, Mode: ike.ModeUDPTunnel}, 1500, 1422, 1382, 2},
		{"AES-GCM", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 1500, 1446, 1406, 2},
		{"AES-GCM in UDP", Encapsulation{Transform: Transform{Cipher: gcm16()}, Mode: ike.ModeUDPTunnel}, 1500, 1438, 1398, 2},
		{"3DES, SHA-1", Encapsulation{Transform: Transform{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Integrity: ike.IntegritySHA1}}, 1500, 1446, 1406, 2},
		{"AES-GCM over PPPoE", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 1492, 1438, 1398, 2},
		{"AES-GCM, IPv6 in IPv6", Encapsulation{Transform: Transform{Cipher: gcm16()}, OuterIPv6: true, InnerIPv6: true}, 1500, 1426, 1366, 2},
		{"AES-GCM, transport", Encapsulation{Transform: Transform{Cipher: gcm16()}, Mode: ike.ModeTransport}, 1500, 1466, 1426, 2},
		{"AH, SHA-1", Encapsulation{Transform: Transform{Integrity: ike.IntegritySHA1}, Protocol: ike.ProtocolAH}, 1500, 1456, 1416, 2},
		{"jumbo frames", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 9000, 8946, 8906, 1},
		{"576", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 576, 522, 482, 3},
		{"no room", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 60, 0, 0, 39},
		{"none at all", Encapsulation{Transform: Transform{Cipher: gcm16()}}, 20, 0, 0, 0},
	} {
		if got := c.e.MaxInner(c.path); got != c.mtu {
			t.Errorf("%s: MTU %d, want %d", c.name, got, c.mtu)
		}
		if got := c.e.MSS(c.path); got != c.mss {
			t.Errorf("%s: MSS %d, want %d", c.name, got, c.mss)
		}
		if got := c.e.Fragments(1500, c.path); got != c.fragmentsOf1500 {
			t.Errorf("%s: %d fragments, want %d", c.name, got, c.fragmentsOf1500)
		}
	}
	var unknown Encapsulation
	unknown.Cipher.Cipher = ike.CipherSEAL
	if unknown.MaxInner(1500) != 0 || unknown.MSS(1500) != 0 || unknown.Overhead(1500) != 0 || unknown.Fragments(1500, 1500) != 0 {
		t.Error("numbers for a cipher that is not known")
	}
}

// TestMaxInner checks MaxInner against Size over all paths: what it names fits,
// and one octet more does not.
func TestMaxInner(t *testing.T) {
	for _, tr := range transforms() {
		for _, mode := range []ike.Mode{ike.ModeTunnel, ike.ModeTransport, ike.ModeUDPTunnel, ike.ModeUDPTransport} {
			for _, six := range []bool{false, true} {
				for _, proto := range []ike.Protocol{ike.ProtocolESP, ike.ProtocolAH} {
					e := Encapsulation{Transform: tr, Protocol: proto, Mode: mode, OuterIPv6: six}
					for path := 0; path < 1600; path += 7 {
						n := e.MaxInner(path)
						if n > 0 && (e.Size(n) > path || e.Size(n) == 0) || n > 0 && e.Size(n+1) <= path {
							t.Fatalf("%+v: path %d, inner %d: %d, then %d", e, path, n, e.Size(n), e.Size(n+1))
						}
						if least := e.Size(40); n == 0 && least != 0 && least <= path {
							t.Fatalf("%+v: nothing fits %d, 40 octets take %d", e, path, least)
						}
					}
				}
			}
		}
	}
}

// TestSizes compares the arithmetic with packets that the library sealed.
func TestSizes(t *testing.T) {
	for _, tr := range transforms() {
		e := Encapsulation{Transform: tr}
		for n := 20; n < 60; n++ {
			wire := seal(t, tr, keysFor(tr), 0x100, 1, 4, make([]byte, n))
			if got := e.Size(n); got != 20+len(wire) {
				t.Fatalf("%+v: %d octets become %d, want %d", tr, n, got, 20+len(wire))
			}
		}
	}
}

func TestKernelTransform(t *testing.T) {
	for _, c := range []struct {
		cipher, integrity, aead string
		bits, icv               int
		want                    Transform
		ok                      bool
	}{
		{"cbc(aes)", "hmac(sha256)", "", 128, 128, Transform{Cipher: aesCBC(128), Integrity: ike.IntegritySHA256}, true},
		{"cbc(aes)", "hmac(sha256)", "", 256, 96, Transform{Cipher: aesCBC(256), Integrity: ike.IntegritySHA256Trunc96}, true},
		{"cbc(des3_ede)", "hmac(md5)", "", 192, 96, Transform{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Integrity: ike.IntegrityMD5}, true},
		{"rfc3686(ctr(aes))", "hmac(sha1)", "", 160, 96, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCTR, KeyBits: 128}, Integrity: ike.IntegritySHA1}, true},
		{"", "", "rfc4106(gcm(aes))", 160, 128, Transform{Cipher: gcm16()}, true},
		{"", "", "rfc4106(gcm(aes))", 288, 64, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM8, KeyBits: 256}}, true},
		{"", "", "rfc4309(ccm(aes))", 152, 96, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCCM12, KeyBits: 128}}, true},
		{"", "", "rfc4543(gcm(aes))", 160, 128, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGMAC, KeyBits: 128}}, true},
		{"", "", "rfc7539esp(chacha20,poly1305)", 288, 128, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherChaCha20Poly1305}}, true},
		{"ecb(cipher_null)", "xcbc(aes)", "", 0, 96, Transform{Integrity: ike.IntegrityAESXCBC}, true},
		{"", "hmac(sha512)", "", 0, 256, Transform{Integrity: ike.IntegritySHA512}, true},
		{"aes-cbc", "hmac-sha1", "", 128, 0, Transform{Cipher: aesCBC(128), Integrity: ike.IntegritySHA1}, true},
		{"3des-cbc", "hmac-md5", "", 192, 0, Transform{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Integrity: ike.IntegrityMD5}, true},
		{"aes-ctr", "hmac-sha2-256", "", 160, 0, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCTR, KeyBits: 128}, Integrity: ike.IntegritySHA256}, true},
		{"null", "", "", 0, 0, Transform{Cipher: ike.CipherKey{Cipher: ike.CipherNull}}, true},
		{"cbc(sm4)", "hmac(sha1)", "", 128, 96, Transform{Integrity: ike.IntegritySHA1}, false},
		{"cbc(aes)", "hmac(sm3)", "", 128, 96, Transform{Cipher: aesCBC(128), ICV: 12}, false},
	} {
		got, ok := KernelTransform(c.cipher, c.integrity, c.aead, c.bits, c.icv)
		if got != c.want || ok != c.ok {
			t.Errorf("%s %s %s: %+v %v", c.cipher, c.integrity, c.aead, got, ok)
		}
	}
}
