package observe

import (
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
)

// The maximum segment size is read from the first segments of connections,
// behind whatever options, and from nothing that is cut short.
func TestSegmentSize(t *testing.T) {
	syn := make([]byte, 32)
	syn[12], syn[13] = 8<<4, 2
	copy(syn[20:], []byte{1, 3, 3, 7, 2, 4, 5, 180, 4, 2, 0, 0})
	d := exchange.Datagram{Protocol: exchange.ProtocolTCP, Payload: syn}
	if n := segmentSize(&d); n != 1460 {
		t.Errorf("%d", n)
	}
	for n := range syn {
		d.Payload = syn[:n]
		if got := segmentSize(&d); n < 28 && got != 0 {
			t.Errorf("%d octets: %d", n, got)
		}
	}
	syn[13] = 16
	d.Payload = syn
	if n := segmentSize(&d); n != 0 {
		t.Errorf("no first segment: %d", n)
	}
}

func FuzzSegmentSize(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6 << 4, 2, 0, 0, 0, 0, 0, 0, 2, 4, 5, 180})
	f.Fuzz(func(t *testing.T, b []byte) {
		segmentSize(&exchange.Datagram{Protocol: exchange.ProtocolTCP, Payload: b})
	})
}
