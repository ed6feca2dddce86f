package observe

import (
	"net/netip"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// segment is a TCP segment from a port, with what it carries.
func segment(port uint16, data []byte) *exchange.Datagram {
	head := make([]byte, 20)
	head[12] = 5 << 4
	return &exchange.Datagram{Protocol: exchange.ProtocolTCP, Source: netip.AddrPortFrom(netip.MustParseAddr("10.8.0.40"), port), Payload: append(head, data...)}
}

// A refusal is what a directory's result code says, and nothing that is cut
// short or of another protocol.
func TestDenied(t *testing.T) {
	refusal := []byte{0x30, 0x0c, 0x02, 0x01, 0x03, 0x67, 0x07, 0x0a, 0x01, 50, 0x04, 0x00, 0x04, 0x00}
	if got := denied(segment(389, refusal)); got != diag.ServiceLDAP {
		t.Errorf("%v", got)
	}
	if got := denied(segment(390, refusal)); got != 0 {
		t.Errorf("another port: %v", got)
	}
	for n := range len(refusal) - 4 {
		if got := denied(segment(389, refusal[:n])); got != 0 && n < 10 {
			t.Errorf("%d octets: %v", n, got)
		}
	}
	fine := append([]byte(nil), refusal...)
	fine[9] = 0
	if got := denied(segment(389, fine)); got != 0 {
		t.Errorf("success: %v", got)
	}
}

func FuzzDenied(f *testing.F) {
	f.Add(uint16(389), []byte{0x30, 0x84, 0, 0, 0, 9, 0x02, 0x01, 0x03, 0x67, 0x03, 0x0a, 0x01, 50})
	f.Add(uint16(445), append([]byte{0, 0, 0, 72}, make([]byte, 72)...))
	f.Fuzz(func(t *testing.T, port uint16, b []byte) {
		denied(segment(port, b))
		denied(&exchange.Datagram{Protocol: exchange.ProtocolTCP, Source: netip.AddrPortFrom(netip.Addr{}, port), Payload: b})
	})
}
