package ingest_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
)

// reported makes the record of an ICMP error (RFC 792) about the packet of
// another record of an Ethernet capture, by a router or by the host that the
// packet was for: it quotes the IP header and eight octets.
func reported(about []byte, kind, code byte, mtu uint16, byPeer bool) []byte {
	be, le := binary.BigEndian, binary.LittleEndian
	ip := about[16+14:]
	quote := ip[:int(ip[0]&15)*4+8]
	b := slices.Clone(about[:16+14])
	n := 20 + 8 + len(quote)
	le.PutUint32(b[8:], uint32(14+n))
	le.PutUint32(b[12:], uint32(14+n))
	le.PutUint32(b[4:], le.Uint32(b[4:])+500)
	router := []byte{192, 0, 2, 99}
	if byPeer {
		router = ip[16:20]
	}
	b = append(b, 0x45, 0, byte(n>>8), byte(n), 0, 0, 0, 0, 62, 1, 0, 0)
	b = append(append(b, router...), ip[12:16]...)
	b = be.AppendUint16(append(b, kind, code, 0, 0, 0, 0), mtu)
	return append(b, quote...)
}

// Reports about ESP are attributed to the tunnel that it is of: what refuses it,
// and which MTU the path has.
func TestReportsAboutESP(t *testing.T) {
	for _, test := range []struct {
		name       string
		kind, code byte
		mtu        uint16
		byPeer     bool
		least      int // octets of the packets that it is about
		want       diag.Code
		verdict    diag.Verdict
		says       string
		fixAt      diag.End
	}{
		{"p2-esp-blocked", 3, 13, 0, false, 0, diag.NetESPBlocked, diag.Likely, "something on the way refuses them", diag.EndPath},
		{"p2-esp-blocked", 3, 2, 0, true, 0, diag.NetESPBlocked, diag.Likely, "the host of the responder", diag.EndResponder},
		{"p2-pmtu-blackhole", 3, 4, 1300, false, 1000, diag.NetPMTUBlackhole, diag.Likely, "a router reports an MTU of 1300", diag.EndPath},
	} {
		in := rewritten(t, []ingest.Input{given(t, "b", "corpus", "strongswan", test.name, "initiator.pcap")}, func(header []byte, all [][]byte) []byte {
			out := slices.Clone(header)
			for _, r := range all {
				out = append(out, r...)
				if p, _, ok := frameOf(r); ok && p == 50 && len(r) >= test.least {
					out = append(out, reported(r, test.kind, test.code, test.mtu, test.byPeer)...)
				}
			}
			return out
		})
		r := read(t, in...)
		f, ok := r.Cause()
		if !ok || f.Code != test.want || f.Verdict != test.verdict || !strings.Contains(f.Summary, test.says) || f.FixAt != test.fixAt {
			t.Errorf("%s, type %d code %d: %s %s %s %q\n%s", test.name, test.kind, test.code, f.Code, f.Verdict, f.FixAt, f.Summary, diagtest.Summary(r))
		}
		if len(r.Tunnels) != 1 {
			t.Errorf("%s: %d tunnels", test.name, len(r.Tunnels))
		}
	}
}
