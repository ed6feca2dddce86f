package ingest_test

import (
	"cmp"
	"slices"
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

// What goes in the clear once a tunnel carries nothing any more is not translated
// before IPsec sees it; beside what it carries, it may be.
func TestClearAfterEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		at   time.Duration
		want bool
	}{{"beside", 2 * time.Second, true}, {"after", 30 * time.Second, false}} {
		all := working(20)
		for i := range 5 {
			all = append(all, datagram{at: c.at + time.Duration(i)*100*time.Millisecond, src: west, dst: [4]byte{10, 20, 0, 1}, ttl: 64, protocol: 1, payload: []byte{8, 0, 0, 0, 0, 7, 0, byte(i), 1, 2, 3, 4}})
		}
		slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
		r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(all))})
		got := slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == diag.ESPNATBeforeIpsec })
		if got != c.want {
			t.Errorf("%s: %v\n%s", c.name, got, diagtest.Summary(r))
		}
	}
}
