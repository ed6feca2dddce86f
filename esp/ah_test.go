package esp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// ahPacket is an IP packet with AH of which a test says, octet by octet, what
// may change on the way.
type ahPacket struct {
	name    string
	front   string // headers in front of AH; x marks octets that may change
	padding int    // octets behind the ICV
}

var ahPackets = []ahPacket{
	{"IPv4", "45xxLLLL1234xxxxxx33xxxx c0000201c6336402", 0},
	{"IPv4, ICV padded", "45xxLLLL1234xxxxxx33xxxx c0000201c6336402", 4},
	{"IPv4, router alert and record route", "48xxLLLL1234xxxxxx33xxxx c0000201c6336402 94040000 xxxxxxxxxxxxxx 00", 0},
	{"IPv6", "6xxxxxxxLLLL33xx 20010db8000000000000000000000001 20010db8000000000000000000000002", 4},
	{"IPv6, hop by hop and destination options", "6xxxxxxxLLLL00xx 20010db8000000000000000000000001 20010db8000000000000000000000002" +
		"3c00 0502 0000 0100 3300 3e02xxxx 0100", 4},
}

// build returns the packet with its integrity check value, and the offsets of
// what may change. seed fills what may change.
func (a ahPacket) build(t *testing.T, tr Transform, k Keys, high uint32, seed byte) (ip []byte, free []int) {
	var zeroed, sent []byte
	digits := bytes.Join(bytes.Fields([]byte(a.front)), nil)
	size := icvLen(tr)
	total := len(digits)/2 + ahFixed + size + a.padding + 10
	length := total
	if digits[0] == '6' {
		length -= ipv6Len
	}
	for i := 0; i < len(digits); i += 2 {
		hi, lo := digits[i], digits[i+1]
		switch {
		case hi == 'L':
			b := byte(length >> 8)
			if len(sent) > 0 && digits[i-1] == 'L' {
				b = byte(length)
			}
			sent, zeroed = append(sent, b), append(zeroed, b)
		case hi == 'x' || lo == 'x':
			b, z := seed, byte(0)
			if hi != 'x' {
				b, z = hi&15<<4|seed&15, hi&15<<4
			}
			if digits[0] == '4' && (i/2 == 6 || i/2 == 7) {
				b &= byte(0x40 * (7 - i/2)) // DF at most: no fragment
			}
			free = append(free, len(sent))
			sent, zeroed = append(sent, b), append(zeroed, z)
		default:
			b := unhex(t, string(digits[i:i+2]))
			sent, zeroed = append(sent, b...), append(zeroed, b...)
		}
	}
	if digits[0] == '4' && len(digits) > 40 { // record route: type and length, zeroed with the rest
		copy(sent[24:], []byte{7, 7, 4})
	}
	words := byte((ahFixed+size+a.padding)/4 - 2)
	head := []byte{59, words, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9}
	tail := append(bytes.Repeat([]byte{0x77}, a.padding), []byte("0123456789")...)
	m, err := newMAC(tr.Integrity, k.Integrity.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{zeroed, head, make([]byte, size), tail} {
		m.Write(b)
	}
	if tr.ESN {
		m.Write(binary.BigEndian.AppendUint32(nil, high))
	}
	return bytes.Join([][]byte{sent, head, m.Sum(nil)[:size], tail}, nil), free
}

func TestVerifyAH(t *testing.T) {
	for _, tr := range []Transform{
		{Integrity: ike.IntegritySHA256}, {Integrity: ike.IntegritySHA1, ESN: true}, {Integrity: ike.IntegrityAESXCBC},
		{Integrity: ike.IntegritySHA256, ICV: 12},
	} {
		k := keysFor(tr)
		sa, err := NewSA(tr, k)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range ahPackets {
			for _, seed := range []byte{0, 1, 0x1e, 0xff} {
				ip, free := a.build(t, tr, k, 3, seed)
				if err := sa.VerifyAH(ip, 3); err != nil {
					t.Fatalf("%+v %s: %v\n%x", tr, a.name, err, ip)
				}
				if err := sa.VerifyAH(append(bytes.Clone(ip), 0, 0, 0), 3); err != nil {
					t.Errorf("%+v %s: %v with octets behind it", tr, a.name, err)
				}
				if n, ok := sa.FitAH(ip, 3); !ok || n != icvLen(tr) {
					t.Errorf("%+v %s: ICV of %d octets fits", tr, a.name, n)
				}
				mutable := map[int]bool{}
				for _, i := range free {
					mutable[i] = true
				}
				for i := range ip {
					bad := bytes.Clone(ip)
					bad[i] ^= 1
					if err := sa.VerifyAH(bad, 3); err == nil && !mutable[i] {
						t.Fatalf("%+v %s: octet %d does not count", tr, a.name, i)
					}
				}
				for n := range ip {
					if err := sa.VerifyAH(ip[:n], 3); err == nil || errors.Is(err, ErrICV) {
						t.Fatalf("%+v %s: %v of %d octets", tr, a.name, err, n)
					}
				}
				if err := sa.VerifyAH(ip, 4); tr.ESN != errors.Is(err, ErrICV) {
					t.Errorf("%+v %s: %v with another high half", tr, a.name, err)
				}
			}
		}
	}
}

// TestVerifyAHHeaders gives headers that cannot be right, or not be computed.
func TestVerifyAHHeaders(t *testing.T) {
	tr := Transform{Integrity: ike.IntegritySHA1}
	sa, err := NewSA(tr, keysFor(tr))
	if err != nil {
		t.Fatal(err)
	}
	tail := "3b04000000000100000000010000000000000000000000000000000000000000"
	v6 := "6000000000203300" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002"
	for _, c := range []struct {
		name, ip string
		want     error
	}{
		{"whole", "450000340000000040330000c0000201c6336402" + tail, ErrICV},
		{"version", "550000340000000040330000c0000201c6336402" + tail, ErrUnsupported},
		{"header length", "440000340000000040330000c0000201c6336402" + tail, ErrLength},
		{"header beyond the packet", "4f0000340000000040330000c0000201c6336402" + tail, ErrLength},
		{"total length", "450000350000000040330000c0000201c6336402" + tail, ErrTruncated},
		{"fragment", "450000340000200040330000c0000201c6336402" + tail, ErrUnsupported},
		{"not AH", "450000340000000040320000c0000201c6336402" + tail, ErrUnsupported},
		{"source route", "460000380000000040330000c0000201c633640283040400" + tail, ErrUnsupported},
		{"option without length", "460000380000000040330000c0000201c633640201010107" + tail, ErrLength},
		{"option too long", "460000380000000040330000c0000201c633640207050400" + tail, ErrLength},
		{"IPv6", v6 + tail, ErrICV},
		{"IPv6, routing header", "6000000000282b00" + v6[16:] + "3300000100000000" + tail, ErrUnsupported},
		{"IPv6, fragment", "6000000000282c00" + v6[16:] + "3300000100000000" + tail, ErrUnsupported},
		{"IPv6, options too long", "6000000000280000" + v6[16:] + "33ff000000000000" + tail, ErrLength},
		{"IPv6, option too long", "6000000000280000" + v6[16:] + "330005ff00000000" + tail, ErrLength},
		{"IPv6, no AH", "6000000000083c00" + v6[16:] + "3c00010400000000", ErrTruncated},
	} {
		if err := sa.VerifyAH(unhex(t, c.ip), 0); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	none, _ := NewSA(Transform{}, Keys{})
	if err := none.VerifyAH(nil, 0); !errors.Is(err, ErrUnsupported) {
		t.Error(err)
	}
	if _, ok := none.FitAH(nil, 0); ok {
		t.Error("fits without algorithm")
	}
}

// TestPeek decrypts cut packets as far as they go.
func TestPeek(t *testing.T) {
	payload := bytes.Repeat([]byte("0123456789abcdef"), 10)
	for _, tr := range transforms() {
		k := keysFor(tr)
		sa, err := NewSA(tr, k)
		if err != nil {
			t.Fatal(err)
		}
		wire := seal(t, tr, k, 0x100, 1, 4, payload)
		sizes, _ := tr.Sizes()
		for n := HeaderLen; n <= len(wire); n++ {
			var p Packet
			_ = p.Decode(wire[:n], len(wire))
			got, err := sa.Peek(nil, &p)
			switch want := max(min(n-HeaderLen-sizes.IV, len(payload)), 0); {
			case tr.Cipher.Cipher == ike.CipherChaCha20Poly1305 && n >= HeaderLen+sizes.IV:
				if !errors.Is(err, ErrUnsupported) {
					t.Fatal(err)
				}
			case n < HeaderLen+sizes.IV:
				if !errors.Is(err, ErrCut) {
					t.Fatal(err)
				}
			case err != nil || len(got) < want-15 || !bytes.HasPrefix(append(bytes.Clone(payload), got[min(len(got), len(payload)):]...), got):
				t.Fatalf("%+v, %d octets: %x, %v", tr, n, got, err)
			}
		}
	}
	for _, v := range vectors {
		sa, err := NewSA(v.tr, Keys{Cipher: ike.NewSecret(unhex(t, v.cipher))})
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		wire, plain := unhex(t, v.packet), unhex(t, v.plain)
		if len(wire) < 48 {
			continue
		}
		_ = p.Decode(wire[:48], len(wire))
		if got, err := sa.Peek(nil, &p); err == nil && (len(got) < 16 || !bytes.HasPrefix(plain, got)) {
			t.Errorf("%s: %x", v.name, got)
		}
	}
}
