package isakmp

import (
	"encoding/hex"
	"strconv"
	"testing"
)

// TestAllocations: a reused Message allocates nothing, on faults neither, and
// nor do cursors in nested loops.
func TestAllocations(t *testing.T) {
	sound, eight := mainMode1(1), mainMode1(8)
	var m Message
	var out []byte
	tests := []struct {
		name string
		f    func()
	}{
		{"decode", func() { m.Decode(sound, 0) }},
		{"decode 8 transforms", func() { m.Decode(eight, 0) }},
		{"decode encrypted", func() { m.Decode(sealed, 0) }},
		{"decode cut", func() { m.Decode(eight[:200], len(eight)) }},
		{"decode faults", func() {
			for _, b := range faulty {
				if m.Decode(b, 0) == nil {
					panic("no fault")
				}
			}
		}},
		{"encode", func() { m.Decode(eight, 0); out, _ = m.AppendBinary(out[:0]) }},
		{"encode SA", func() { m.Decode(eight, 0); out, _ = m.SAs[0].AppendBinary(out[:0]) }},
		{"cursor", func() {
			for c := Walk(PayloadSA, eight[HeaderLen:]); c.Next(); {
				inner := Walk(PayloadSA, eight[HeaderLen:])
				for inner.Next() {
					attrs := NewAttributes(inner.Payload().Body)
					for attrs.Next() {
						attrs.Attribute().Uint()
					}
				}
			}
		}},
		{"iterator", func() {
			for p := range Walk(PayloadSA, eight[HeaderLen:]).All() {
				_ = p
			}
		}},
		{"bodies", decodeBodies},
		{"vendor ID", func() { VendorID(dpd).Lookup() }},
	}
	for _, tt := range tests {
		tt.f() // slabs grow
		if n := testing.AllocsPerRun(100, tt.f); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

var (
	sealed       = encryptedMessage()
	notification = []byte{0, 0, 0, 1, 1, 0, 0, 14, 0, 0, 0, 0}
	dpd, _       = hex.DecodeString("afcad71368a1f1c96b8696fc77570100")
	faulty       = [][]byte{
		nil, edit(mainMode1(1), 24, 0xff), edit(mainMode1(1), 17, 0x30), edit(mainMode1(8), mmAttribute+26, 0xff),
		edit(mainMode1(8), mmTransform+2, 0, 1), edit(mainMode1(8), mmProposal+7, 1), mainMode1(8)[:100],
	}
)

func decodeBodies() {
	b := notification
	var n Notify
	var d Delete
	var id ID
	var c Config
	if n.Decode(b) != nil || d.Decode(b) != nil || id.Decode(b) != nil || c.Decode(b[:4]) != nil || n.Decode(b[:5]) == nil {
		panic("decoded wrongly")
	}
	id.Addr()
	id.Prefix()
	n.Lifetime()
}

// TestRatios holds decoding and encoding to a bare walk over the same payload
// headers, in the same process and interleaved, so that neither machine nor
// load matter much.
func TestRatios(t *testing.T) {
	if testing.Short() || raceEnabled || strconv.IntSize != 64 {
		t.Skip("times mean nothing under -short, under -race and with 32 bits")
	}
	b := mainMode1(1)
	var m Message
	if err := m.Decode(b, 0); err != nil {
		t.Fatal(err)
	}
	var out []byte
	gates := []struct {
		name string
		f    func()
		most float64
	}{
		{"encode", func() { out, _ = m.AppendBinary(out[:0]) }, 3.75}, // 3 on an idle machine
		{"decode", func() { m.Decode(b, 0) }, 7.5},                    // 6 on an idle machine
	}
	for _, g := range gates {
		ratio := 0.0
		for range 5 { // a moment of peace is enough
			if ratio = xwalk(b, g.f); ratio <= g.most {
				break
			}
		}
		t.Logf("%s: %.1f of a bare walk", g.name, ratio)
		if ratio > g.most {
			t.Errorf("%s costs %.1f of a bare walk, want %.2f or less", g.name, ratio, g.most)
		}
	}
}
