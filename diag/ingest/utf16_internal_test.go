package ingest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// UTF-16 of either order is read as its characters, however it comes in pieces;
// half a character is none, and half an octet pair at the end is left out.
func TestNarrow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, units := range [][]uint16{
		utf16.Encode([]rune("conn \"Zürich\" 𝄞 #1\r\n")),
		{0xd834}, {0xdd1e, 'a'}, {0xd834, 0xd834, 0xdd1e}, {0xd834, 'a'}, {},
		func() (many []uint16) {
			for range 20_000 {
				many = append(many, uint16(random.IntN(1<<16)))
			}
			return many
		}(),
	} {
		want := strings.ReplaceAll(string(utf16.Decode(units)), "\ufeff", "")
		for low := range 2 {
			b := []byte{0xff, 0xfe}
			if low == 1 {
				b = []byte{0xfe, 0xff}
			}
			for _, u := range units {
				pair := [2]byte{}
				pair[low], pair[1-low] = byte(u), byte(u>>8)
				b = append(b, pair[:]...)
			}
			for _, odd := range [][]byte{nil, {'x'}} {
				for _, r := range []io.Reader{bytes.NewReader(append(b, odd...)), iotest.OneByteReader(bytes.NewReader(append(b, odd...))), iotest.DataErrReader(bytes.NewReader(b))} {
					got, err := io.ReadAll(narrow(r, b[:2]))
					if err != nil || string(got) != want {
						t.Fatalf("%x: %d octets, %v, want %d", units[:min(len(units), 8)], len(got), err, len(want))
					}
				}
			}
		}
	}
	if r := strings.NewReader("plain"); narrow(r, []byte("pl")) != io.Reader(r) {
		t.Error("what has no mark is read otherwise")
	}
}
