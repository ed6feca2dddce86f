package capture

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
)

// TestTextOfRecordings reads what tcpdump printed of recordings, with several
// of its options, and compares each packet with that of the recording itself.
func TestTextOfRecordings(t *testing.T) {
	texts, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		recording, _, _ := strings.Cut(filepath.Base(text), ".")
		compareText(t, filepath.Join("testdata", recording+".pcap"), text)
	}
	if len(texts) < 8 {
		t.Errorf("only %d texts", len(texts))
	}
}

func compareText(t *testing.T, recording, text string) {
	t.Helper()
	file, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	// Fragments are not put together, as a text has them one by one.
	packets := map[int]*exchange.Datagram{}
	whole, binary := read(t, file, Options{})
	for _, d := range whole {
		packets[d.Frame] = d
	}
	words, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(words), Options{})
	if err != nil {
		t.Fatal(text, err)
	}
	timed := !strings.Contains(text, ".t.")
	compared := 0
	for d, err := range r.All() {
		if err != nil {
			t.Fatal(text, err)
		}
		want := packets[d.Frame]
		said := r.Said()
		switch {
		case want == nil:
			if d.Fragments == 0 && binary.Coverage().Fragments == 0 {
				t.Errorf("%s:%d: a packet where there is none", text, said.Line)
			}
			continue
		case want.Fragments > 1 || d.Fragments > 0:
			continue
		}
		compared++
		if d.Protocol != want.Protocol || d.Source != want.Source || d.Destination != want.Destination || d.Inner != want.Inner {
			t.Errorf("%s:%d: %d %v > %v, want %d %v > %v", text, said.Line, d.Protocol, d.Source, d.Destination, want.Protocol, want.Source, want.Destination)
		}
		if timed && (d.Time.Unix()-want.Time.Unix())%86400 != 0 || timed && d.Time.Nanosecond() != want.Time.Nanosecond()/1000*1000 {
			t.Errorf("%s:%d: time %v, want %v", text, said.Line, d.Time, want.Time)
		}
		if d.TTL != 0 && (d.TTL != want.TTL || d.DontFragment != want.DontFragment) {
			t.Errorf("%s:%d: TTL %d, DF %v, want %d, %v", text, said.Line, d.TTL, d.DontFragment, want.TTL, want.DontFragment)
		}
		if said.LengthKnown && d.WireLen != want.WireLen {
			t.Errorf("%s:%d: length %d, want %d", text, said.Line, d.WireLen, want.WireLen)
		}
		if !bytes.HasPrefix(want.Payload, d.Payload) {
			t.Errorf("%s:%d: payload % x, want % x", text, said.Line, d.Payload, want.Payload)
		}
	}
	c, b := r.Coverage(), binary.Coverage()
	if c.Frames != b.Frames || c.Malformed != b.Malformed || c.NotIP != b.NotIP {
		t.Errorf("%s: %d frames, %d malformed, %d no IP; want %d, %d, %d", text, c.Frames, c.Malformed, c.NotIP, b.Frames, b.Malformed, b.NotIP)
	}
	if compared == 0 {
		t.Errorf("%s: nothing to compare", text)
	}
}
