package observe

import (
	"net/netip"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// unreachable is ICMP's report of a kind about a packet between two hosts.
func unreachable(kind, code byte, from, to netip.Addr) *exchange.Datagram {
	quoted := make([]byte, 28)
	quoted[0], quoted[9] = 0x45, exchange.ProtocolICMP
	copy(quoted[12:], from.AsSlice())
	copy(quoted[16:], to.AsSlice())
	return &exchange.Datagram{
		Protocol: exchange.ProtocolICMP, Payload: append([]byte{kind, code, 0, 0, 0, 0, 0, 0}, quoted...),
		Source: netip.AddrPortFrom(netip.MustParseAddr("10.2.0.1"), 0), Destination: netip.AddrPortFrom(from, 0),
	}
}

// What routers say of packets between private networks is counted, once for
// each host that they could not be delivered to; of others it is not.
func TestUndelivered(t *testing.T) {
	near, far, public := netip.MustParseAddr("10.1.0.5"), netip.MustParseAddr("10.2.0.5"), netip.MustParseAddr("192.0.2.7")
	for _, test := range []struct {
		d    *exchange.Datagram
		want diag.UndeliveredReason
	}{
		{unreachable(3, 1, near, far), diag.HostSilent},
		{unreachable(3, 0, near, far), diag.RouteMissing},
		{unreachable(3, 13, near, far), diag.FirewallSays},
		{unreachable(3, 3, near, far), 0},
		{unreachable(8, 0, near, far), 0},
		{unreachable(3, 1, public, public), 0},
	} {
		var u undelivered
		u.datagram(test.d)
		u.datagram(test.d)
		if (len(u.all) == 1) != (test.want != 0) {
			t.Errorf("%v: %d counted", test.want, len(u.all))
		}
		for k, c := range u.all {
			if k.why != test.want || k.to != far || k.router != test.d.Source.Addr() || c.from != near || c.count != 2 {
				t.Errorf("%+v %+v", k, c)
			}
		}
		for n := range test.d.Payload {
			short := *test.d
			short.Payload = test.d.Payload[:n]
			u.datagram(&short)
		}
	}
	var u undelivered
	for i := range 2 * maxComplaints {
		u.datagram(unreachable(3, 1, near, netip.AddrFrom4([4]byte{10, 3, byte(i >> 8), byte(i)})))
	}
	if len(u.all) != maxComplaints {
		t.Errorf("%d kept", len(u.all))
	}
}

func FuzzUndelivered(f *testing.F) {
	f.Add(unreachable(3, 1, netip.MustParseAddr("10.1.0.5"), netip.MustParseAddr("10.2.0.5")).Payload, false)
	f.Add([]byte{1, 3, 0, 0, 0, 0, 0, 0, 0x60}, true)
	f.Fuzz(func(t *testing.T, b []byte, six bool) {
		d := exchange.Datagram{Protocol: exchange.ProtocolICMP, Payload: b, Source: netip.AddrPortFrom(netip.MustParseAddr("10.2.0.1"), 0)}
		if six {
			d.Protocol = exchange.ProtocolICMPv6
		}
		var u undelivered
		u.datagram(&d)
	})
}
