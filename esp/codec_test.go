package esp

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// codec is what the three codecs have in common.
type codec interface {
	Decode(b []byte, wireLen int) error
	AppendBinary(dst []byte) ([]byte, error)
}

// checkRoundTrip decodes b and encodes it again.
func checkRoundTrip(t *testing.T, c codec, b []byte, wireLen int) {
	t.Helper()
	err := c.Decode(b, wireLen)
	if err != nil {
		var pe *ParseError
		if !errors.As(err, &pe) || pe.Offset < 0 || pe.Offset > len(b) || errors.Unwrap(pe) == nil || pe.Error() == "" {
			t.Fatalf("%T %x: %v", c, b, err)
		}
		if wireLen <= len(b) && errors.Is(err, ErrCut) {
			t.Fatalf("%T %x: %v of what is whole", c, b, err)
		}
		return
	}
	if out, err := c.AppendBinary(nil); err != nil || !bytes.Equal(out, b) {
		t.Fatalf("%T %x: %x, %v", c, b, out, err)
	}
}

func TestShort(t *testing.T) {
	for _, fill := range []byte{0, 1, 4, 0x45, 0xff} {
		for n := 0; n < 80; n++ {
			b := bytes.Repeat([]byte{fill}, n)
			for _, wireLen := range []int{0, n, n + 1, n + 100, -1} {
				checkRoundTrip(t, new(Packet), b, wireLen)
				checkRoundTrip(t, new(AH), b, wireLen)
				checkRoundTrip(t, new(UDP), b, wireLen)
			}
		}
	}
}

// TestAHLength goes through all lengths that AH may claim: gopacket's decoder
// panics on some.
func TestAHLength(t *testing.T) {
	for length := 0; length < 256; length++ {
		b := make([]byte, 1100)
		b[0], b[1] = 6, byte(length)
		for _, n := range []int{12, 16, 24, 40, len(b)} {
			var a AH
			err := a.Decode(b[:n], n)
			switch size := ahLen(byte(length)); {
			case size < 12 && !errors.Is(err, ErrLength), size > n && !errors.Is(err, ErrTruncated),
				size >= 12 && size <= n && (err != nil || a.HeaderLen() != size || len(a.Payload) != n-size):
				t.Errorf("length %d of %d: %v, %+v", length, n, err, a)
			}
			checkRoundTrip(t, new(AH), b[:n], n)
		}
	}
	a := AH{ICV: make([]byte, 5)}
	if _, err := a.AppendBinary(nil); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
	a.ICV = make([]byte, 1020)
	if _, err := a.AppendBinary(nil); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
}

func TestUDP(t *testing.T) {
	for _, c := range []struct {
		in      string
		wireLen int
		kind    UDPKind
		body    string
		err     error
	}{
		{"\xff", 1, UDPKeepalive, "\xff", nil},
		{"\xff\xff", 2, UDPKeepalive, "\xff\xff", nil},
		{"", 0, UDPUnknown, "", ErrTruncated},
		{"", 100, UDPUnknown, "", ErrCut},
		{"\x00", 1, UDPUnknown, "\x00", ErrTruncated},
		{"\x00\x00\x00\x00", 4, UDPIKE, "", nil},
		{"\x00\x00\x00\x00abcd", 8, UDPIKE, "abcd", nil},
		{"\x00\x00\x01\x00", 4, UDPUnknown, "\x00\x00\x01\x00", ErrTruncated},
		{"\x00\x00\x01\x00", 100, UDPESP, "\x00\x00\x01\x00", nil},
		{"\x00\x00\x01\x00\x00\x00\x00\x01", 8, UDPESP, "\x00\x00\x01\x00\x00\x00\x00\x01", nil},
		{"\xff\xff\xff\xff\x00\x00\x00\x01", 8, UDPESP, "\xff\xff\xff\xff\x00\x00\x00\x01", nil},
	} {
		var u UDP
		err := u.Decode([]byte(c.in), c.wireLen)
		if !errors.Is(err, c.err) || u.Kind != c.kind || string(u.Body) != c.body {
			t.Errorf("%x: %v %x %v", c.in, u.Kind, u.Body, err)
		}
	}
}

func TestValidate(t *testing.T) {
	body := make([]byte, 24)
	for _, c := range []struct {
		v    interface{ validate() []Problem }
		want []Problem
	}{
		{packet{SPI: 256, Sequence: 1, Body: body}, nil},
		{packet{SPI: 255, Sequence: 0, Body: body[:2]}, []Problem{ProblemSPIReserved, ProblemSequenceZero, ProblemAlignment, ProblemTooShort}},
		{packet{SPI: 256, Sequence: 1, Body: body, Missing: 1}, []Problem{ProblemAlignment}},
		{header{Sequence: 1, ICV: body}, []Problem{ProblemSPIZero}},
		{header{SPI: 256, Reserved: 1}, []Problem{ProblemSequenceZero, ProblemReserved, ProblemAHICVLength}},
		{datagram{Kind: UDPKeepalive, Body: body[:2]}, []Problem{ProblemKeepaliveLong}},
		{datagram{Kind: UDPKeepalive, Body: body[:1]}, nil},
	} {
		if got := c.v.validate(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c.v, got)
		}
	}
	// Stopping early must not go on.
	p := Packet{}
	for range p.Validate() {
		break
	}
	for i := range problems {
		if s := fmt.Sprint(Problem(i)); len(s) < 10 || Problem(i).Section() == "" {
			t.Errorf("problem %d: %s", i, s)
		}
	}
}

type (
	packet   Packet
	header   AH
	datagram UDP
)

func (p packet) validate() []Problem { q := Packet(p); return slices.Collect(q.Validate()) }

func (h header) validate() []Problem { q := AH(h); return slices.Collect(q.Validate()) }

func (d datagram) validate() []Problem { q := UDP(d); return slices.Collect(q.Validate()) }

func TestClone(t *testing.T) {
	b := bytes.Repeat([]byte{4}, 60)
	var p Packet
	var a AH
	var u UDP
	if err := errors.Join(p.Decode(b, 70), a.Decode(b, 70), u.Decode(b, 70)); err != nil {
		t.Fatal(err)
	}
	pc, ac, uc := p.Clone(), a.Clone(), u.Clone()
	clear(b)
	if pc.Body[0] != 4 || pc.Missing != 10 || pc.Len() != 70 || ac.ICV[0] != 4 || ac.Payload[0] != 4 || ac.Missing != 10 ||
		uc.Body[0] != 4 || uc.Kind != UDPESP || uc.Missing != 10 {
		t.Errorf("%+v %+v %+v", pc, ac, uc)
	}
}

func TestNames(t *testing.T) {
	for _, s := range []fmt.Stringer{Part(99), UDPKind(99), Problem(99), Verdict(99)} {
		if got := s.String(); !bytes.HasSuffix([]byte(got), []byte("(99)")) {
			t.Error(got)
		}
	}
	for p := PartHeader; p <= PartIP; p++ {
		if p.String() == "" {
			t.Error(int(p))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x00\x00\x01\x00\x00\x00\x00\x01abcdefghijklmnopqrst"), 28)
	f.Add([]byte("\x06\x04\x00\x00\x00\x00\x01\x00\x00\x00\x00\x01abcdefghijklmnopqrst"), 40)
	f.Add([]byte("\x00\x00\x00\x00abcdefghijkl"), 16)
	f.Add([]byte("\xff"), 1)
	f.Add([]byte("E\x00\x00\x34\x00\x00\x00\x00\x40\x33\x00\x00abcdefgh\x04\x04\x00\x00\x00\x00\x01\x00\x00\x00\x00\x01abcdefghijklmnop"), 0)
	var sas []*SA
	for _, tr := range append(transforms(), ccmTransforms()...) {
		sa, err := NewSA(tr, keysFor(tr))
		if err != nil {
			f.Fatal(err)
		}
		sas = append(sas, sa)
	}
	f.Fuzz(func(t *testing.T, b []byte, wireLen int) {
		was := bytes.Clone(b)
		checkRoundTrip(t, new(AH), b, wireLen)
		checkRoundTrip(t, new(UDP), b, wireLen)
		var p Packet
		checkRoundTrip(t, &p, b, wireLen)
		for range p.Validate() {
		}
		for _, sa := range sas {
			if in, err := sa.Open(nil, &p, 0); err == nil && in.Authenticated {
				t.Fatalf("%v opened", sa)
			}
			sa.FitICV(&p, 1)
			if sa.VerifyAH(b, 0) == nil {
				t.Fatalf("%v verified", sa)
			}
		}
		if !bytes.Equal(b, was) {
			t.Fatal("the input was changed")
		}
	})
}
