package state

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

const setkeySample = `192.0.2.1[4500] 192.0.2.2[4500] 
	esp-udp mode=tunnel spi=161(0x000000a1) reqid=1(0x00000001)
	E: aes-cbc  00112233 44556677 8899aabb ccddeeff
	A: hmac-sha512  00112233 44556677 8899aabb ccddeeff 00112233 44556677 8899aabb ccddeeff
 00112233 44556677 8899aabb ccddeeff 00112233 44556677 8899aabb ccddeeff
	seq=0x00000000 replay=4 flags=0x00000000 state=mature 
	created: Nov 21 09:00:00 2026	current: Nov 21 09:00:30 2026
	diff: 30(s)	hard: 3600(s)	soft: 2880(s)
	last: Nov 21 09:00:29 2026	hard: 0(s)	soft: 0(s)
	current: 252(bytes)	hard: 0(bytes)	soft: 0(bytes)
	allocated: 3	hard: 0	soft: 0
	sadb_seq=1 pid=42 refcnt=0
2001:db8::1 2001:db8::2 
	ah mode=transport spi=162(0x000000a2) reqid=0(0x00000000)
	seq=0x00000000 replay=0 flags=0x00000000 state=larval 
	sadb_seq=0 pid=42 refcnt=0
	novelty 00112233445566778899aabbccddeeff
	E2: new 00112233 8899aabb ccddeeff
`

func TestSetkeySAs(t *testing.T) {
	st := parse(t, setkeySample)
	if st.Format != SetkeySAs || len(st.Kernel) != 2 || len(st.Unknown) != 2 {
		t.Fatalf("%v %+v", st.Format, st.Unknown)
	}
	a, b := st.Kernel[0], st.Kernel[1]
	for i, w := range []struct{ got, want any }{
		{a.Protocol, ike.ProtocolESP}, {a.Encap, true}, {a.SourcePort, uint16(4500)}, {a.SPI, uint32(161)}, {a.ReqID, uint32(1)}, {a.Mode, ike.ModeTunnel}, {a.Cipher, "aes-cbc"}, {a.CipherBits, 128},
		{a.IntegrityBits, 512}, {a.IntegrityKey.Len(), 64}, {a.ReplayWindow, uint32(32)}, {a.HardExpire.D.Seconds(), 3600.0}, {a.SoftExpire.D.Seconds(), 2880.0}, {a.Bytes, uint64(252)}, {a.Packets, uint64(3)}, {a.Counted, true},
		{a.Added.Format("15:04:05"), "09:00:00"}, {b.Protocol, ike.ProtocolAH}, {b.Larval, true}, {b.Mode, ike.ModeTransport}, {b.Source.String(), "2001:db8::1"},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
	for _, s := range []string{fmt.Sprintf("%+v", st), fmt.Sprintf("%#v", *st), fmt.Sprint(st.Unknown)} {
		if strings.Contains(s, "8899aabb") {
			t.Errorf("a key shows in %.200s", s)
		}
	}
}

func TestSetkeyPolicies(t *testing.T) {
	st := parse(t, `10.1.0.0/24[any] 10.2.0.0/24[any] any
	out prio def - 5 ipsec
	esp/tunnel/192.0.2.1-192.0.2.2/unique#16385
	created: Nov 21 09:00:00 2026  lastused:                     
	lifetime: 0(s) validtime: 0(s)
	spid=1 seq=1 pid=42
	refcnt=1
10.2.0.0/24[80] 10.1.0.7[any] tcp
	in prio high + 7 discard
	spid=2 seq=1 pid=42
	refcnt=1
(per-socket policy) 
	in(socket) none
	spid=3 seq=0 pid=42
	odd
`)
	if st.Format != SetkeyPolicies || len(st.Policies) != 3 || len(st.Unknown) != 1 {
		t.Fatalf("%v %+v %v", st.Format, st.Policies, st.Unknown)
	}
	a, b, c := st.Policies[0], st.Policies[1], st.Policies[2]
	for i, w := range []struct{ got, want any }{
		{a.Dir, DirOut}, {a.Block, false}, {a.Source.String(), "10.1.0.0/24"}, {a.Templates[0].ReqID, uint32(16385)}, {a.Templates[0].Mode, ike.ModeTunnel}, {a.Templates[0].Destination.String(), "192.0.2.2"}, {a.Priority, uint64(2<<30 + 5)},
		{b.Block, true}, {b.Dir, DirIn}, {b.Source.PortFrom, uint16(80)}, {b.Source.Protocol, uint8(6)}, {b.Priority, uint64(1<<30 - 7)}, {c.Socket, true},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
}

func TestSetkeyHostile(t *testing.T) {
	for _, text := range []string{
		"\tesp mode=\n", "a b\n\tesp mode=x spi=\n\tE:\n\tA: x\n zz\n\tcreated:\n\tdiff:\n\tcurrent:\n\tallocated:\n", "x[ y[\n\tin ipsec\n\t/// \n\tout prio\n", "10.0.0.0/8[any] z any\n\tout prio high - 99999999999999999999 ipsec\n",
		"1.2.3.4 1.2.3.5\n\tesp mode=tunnel spi=1(0x1) reqid=1\n\tE: a 00\n" + strings.Repeat(" 00112233\n", 5000),
	} {
		if st, _ := Parse("f", strings.NewReader(text)); st == nil || len(st.Unknown) > maxUnknown {
			t.Errorf("%.40q", text)
		}
	}
}
