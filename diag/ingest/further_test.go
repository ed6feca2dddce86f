package ingest_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/isakmp"
)

// In a capture a quick mode that is answered by something else than its second
// message is that of a second child where the first one is too young to be renewed:
// later, or where children are renewed as fast, it is a renewal.
func TestFurtherQuickMode(t *testing.T) {
	t.Parallel()
	quick := func(at time.Duration, id uint32) []datagram {
		all := negotiation(at, west, east, 7)[6:]
		for i := range all {
			all[i].id, all[i].at = id, at+time.Duration(i)*10*time.Millisecond
		}
		return all
	}
	refused := func(at time.Duration) []datagram {
		all := quick(at, 0x2222)[:2]
		all[1].exchange, all[1].id = isakmp.ExchangeInformational, 0x3333
		return all
	}
	minute := []byte("conn net\n\tkeyexchange=ikev1\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=198.51.100.2\n\tleftsubnet=10.1.0.0/24\n\trightsubnet=10.2.0.0/24\n\tlifetime=20s\n\tmargintime=5s\n\tauto=start\n")
	for _, c := range []struct {
		name string
		add  []datagram
		conf []byte
		want diag.Code
	}{
		{"seconds later", refused(2 * time.Second), nil, diag.IKEP2TSMismatch},
		{"an hour later", refused(time.Hour), nil, diag.LifeRekeyP2Failed},
		{"after one that renewed it", append(quick(2*time.Second, 0x1111), refused(4*time.Second)...), nil, diag.LifeRekeyP2Failed},
		{"lifetimes are as short", refused(2 * time.Second), minute, diag.LifeRekeyP2Failed},
		{"and is taken", quick(2*time.Second, 0x1111), nil, ""},
	} {
		in := []ingest.Input{memory("a/gw.pcap", "a", record(append(negotiation(0, west, east, 7), c.add...)))}
		if c.conf != nil {
			in = append(in, memory("a/ipsec.conf", "a", c.conf))
		}
		r := diagnose(t, in)
		cause, ok := r.Cause()
		if ok != (c.want != "") || ok && (cause.Code != c.want || cause.Verdict != diag.Possible) {
			t.Errorf("%s: want %s\n%s", c.name, c.want, diagtest.Summary(r))
		}
	}
}
