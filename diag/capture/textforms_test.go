package capture

import (
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// summary renders what matters of a datagram in one line.
func summary(d *exchange.Datagram, s Said) string {
	var b strings.Builder
	b.WriteString(d.Source.String() + " > " + d.Destination.String())
	b.WriteString(" proto " + strconv.Itoa(int(d.Protocol)))
	if s.LengthKnown {
		b.WriteString(" len " + strconv.Itoa(d.WireLen))
	}
	if d.TTL != 0 {
		b.WriteString(" ttl " + strconv.Itoa(int(d.TTL)))
	}
	if d.DontFragment && d.Source.Addr().Is4() {
		b.WriteString(" DF")
	}
	if len(d.Payload) > 0 {
		b.WriteString(" bytes " + hex.EncodeToString(d.Payload))
	}
	if s.ISAKMP {
		b.WriteString(" phase " + strconv.Itoa(int(s.Phase)) + " " + s.Exchange.String())
		b.WriteString([...]string{"", " I", " R"}[s.Sender])
		if s.Encrypted {
			b.WriteString(" encrypted")
		}
	}
	if s.Quoted.IsValid() {
		b.WriteString(" about " + s.Quoted.String())
	}
	if d.Inner {
		b.WriteString(" inner")
	}
	if d.Fragments > 0 {
		b.WriteString(" fragment")
	}
	b.WriteString([...]string{"", " out", " in"}[d.Direction])
	return b.String()
}

// TestTextForms: the ways in which versions and options of tcpdump print.
func TestTextForms(t *testing.T) {
	main := isakmp.ExchangeMain.String()
	quick := isakmp.ExchangeQuick.String()
	info := isakmp.ExchangeInformational.String()
	for _, c := range []struct{ name, text, want string }{
		{"old udp", "192.0.2.1.500 > 198.51.100.2.500: udp 990 (ttl 128, id 37896)",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 990 ttl 128"},
		{"old with time", "10:21:33.123456 192.0.2.1.500 > 198.51.100.2.500: udp 92 (DF) [tos 0xd] (ttl 64, id 1)",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 92 ttl 64 DF"},
		{"old esp", "192.0.2.1 > 198.51.100.2: ip-proto-50 132 (ttl 128, id 32522)",
			"192.0.2.1:0 > 198.51.100.2:0 proto 50 len 132 ttl 128"},
		{"old ah wrapped", "192.0.2.1 > 198.51.100.2: ip-proto-51\n 90 (DF) [tos 0xd] (ttl 128, id 65281)",
			"192.0.2.1:0 > 198.51.100.2:0 proto 51 len 90 ttl 128 DF"},
		{"old ah at the margin", "192.0.2.1 > 198.51.100.2: ip-proto-51\n129 (DF) (ttl 128, id 1)",
			"192.0.2.1:0 > 198.51.100.2:0 proto 51 len 129 ttl 128 DF"},
		{"wrapped in the middle", "192.0.2.1.500 >  \n198.51.100.2.500: udp 990 (ttl 128,  \nid 37896)",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 990 ttl 128"},
		{"hyphenated and emphasised", "192.0.2.1 > 198.51.100.2: **ip-  \nproto-50** 132 (ttl 128, id 32522)",
			"192.0.2.1:0 > 198.51.100.2:0 proto 50 len 132 ttl 128"},
		{"old isakmp", "192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident: [|sa] (ttl 64, id 1)",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 ttl 64 phase 1 " + main + " I"},
		{"port names", "192.0.2.1.isakmp > 198.51.100.2.isakmp: isakmp: phase 2/others I oakley-quick[E]: [|hash]",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 2 " + quick + " I encrypted"},
		{"old tcp", "192.0.2.1.1038 > 198.51.100.2.389: s  \n395784:395784(0) win .....",
			"192.0.2.1:1038 > 198.51.100.2:389 proto 6"},
		{"old tcp ack", "192.0.2.1.ftp-data > 198.51.100.2.1036: . ack 1\n  win 8760",
			"192.0.2.1:20 > 198.51.100.2:1036 proto 6"},
		{"old icmp", "198.51.100.2 > 192.0.2.1: icmp: 198.51.100.2 udp port 500 unreachable",
			"198.51.100.2:0 > 192.0.2.1:0 proto 1 bytes 0303 about 198.51.100.2:500"},
		{"old first fragment", "192.0.2.1.500 > 198.51.100.2.500: udp 1600 (frag 37896:1480@0+)",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 1600 fragment"},
		{"isakmp", "IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 R inf",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 1 " + info + " R"},
		{"isakmp ?", "12:00:00.000001 IP 192.0.2.1.4500 > 198.51.100.2.4500: NONESP-encap: isakmp: phase 1 ? ident[E]",
			"192.0.2.1:4500 > 198.51.100.2:4500 proto 17 phase 1 " + main + " encrypted"},
		{"number of an exchange", "IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 2/others I #6[E]",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 2 " + isakmp.ExchangeTransaction.String() + " I encrypted"},
		{"keepalive", "IP 192.0.2.1.4500 > 198.51.100.2.4500: isakmp-nat-keep-alive",
			"192.0.2.1:4500 > 198.51.100.2:4500 proto 17 len 1 bytes ff"},
		{"esp", "IP 192.0.2.1 > 198.51.100.2: ESP(spi=0xc0ffee01,seq=0x1f), length 132",
			"192.0.2.1:0 > 198.51.100.2:0 proto 50 len 132 bytes c0ffee010000001f"},
		{"esp in udp", "IP 192.0.2.1.4500 > 198.51.100.2.4500: UDP-encap: ESP(spi=0xc0ffee01,seq=0x1f), length 132",
			"192.0.2.1:4500 > 198.51.100.2:4500 proto 17 len 132 bytes c0ffee010000001f"},
		{"esp on 6", "IP6 2001:db8::1 > 2001:db8::2: ESP(spi=0x00000010,seq=0x1), length 100",
			"[2001:db8::1]:0 > [2001:db8::2]:0 proto 50 len 100 bytes 0000001000000001"},
		{"isakmp on 6", "IP6 2001:db8::1.500 > 2001:db8::2.500: isakmp: phase 1 I agg",
			"[2001:db8::1]:500 > [2001:db8::2]:500 proto 17 phase 1 " + isakmp.ExchangeAggressive.String() + " I"},
		{"verbose", "12:00:00.000001 IP (tos 0x0, ttl 64, id 5, offset 0, flags [DF], proto UDP (17), length 220)\n" +
			"    192.0.2.1.500 > 198.51.100.2.500: [udp sum ok] isakmp 1.0 msgid 00000000 cookie 0102030405060708->0000000000000000: phase 1 I ident:\n    (sa: doi=ipsec situation=identity\n        (p: #1 protoid=isakmp transform=1))",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 192 ttl 64 DF bytes 0102030405060708000000000000000001100200" + "00000000000000c0 phase 1 " + main + " I"},
		{"any interface", "12:00:00.000001 eth0  Out IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 1 " + main + " I out"},
		{"older any interface", "12:00:00.000001  In IP 192.0.2.1.500 > 198.51.100.2.500: UDP, length 28",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 28 in"},
		{"vlan", "12:00:00.000001 00:00:5e:00:53:01 > 00:00:5e:00:53:02, ethertype 802.1Q (0x8100), length 100: vlan 5, p 0, ethertype IPv4 (0x0800), 192.0.2.1.500 > 198.51.100.2.500: UDP, length 54",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 54"},
		{"tcp", "IP 192.0.2.1.1024 > 198.51.100.2.443: Flags [S], seq 1, win 64240, length 0",
			"192.0.2.1:1024 > 198.51.100.2:443 proto 6"},
		{"other udp", "IP 192.0.2.1.1024 > 198.51.100.2.53: 1+ A? example.com. (29)",
			"192.0.2.1:1024 > 198.51.100.2:53 proto 17"},
		{"unreachable port", "IP 198.51.100.2 > 192.0.2.1: ICMP 198.51.100.2 udp port 500 unreachable, length 200",
			"198.51.100.2:0 > 192.0.2.1:0 proto 1 len 200 bytes 0303 about 198.51.100.2:500"},
		{"unreachable port by name", "IP 198.51.100.2 > 192.0.2.1: ICMP 198.51.100.2 udp port isakmp unreachable, length 200",
			"198.51.100.2:0 > 192.0.2.1:0 proto 1 len 200 bytes 0303 about 198.51.100.2:500"},
		{"unreachable host", "IP 203.0.113.9 > 192.0.2.1: ICMP host 198.51.100.2 unreachable, length 200",
			"203.0.113.9:0 > 192.0.2.1:0 proto 1 len 200 bytes 0301 about 198.51.100.2:0"},
		{"prohibited", "IP 203.0.113.9 > 192.0.2.1: ICMP host 198.51.100.2 unreachable - admin prohibited filter, length 200",
			"203.0.113.9:0 > 192.0.2.1:0 proto 1 len 200 bytes 030d about 198.51.100.2:0"},
		{"need to fragment", "IP 203.0.113.9 > 192.0.2.1: ICMP 198.51.100.2 unreachable - need to frag (mtu 1400), length 556",
			"203.0.113.9:0 > 192.0.2.1:0 proto 1 len 556 bytes 0304 about 198.51.100.2:0"},
		{"unreachable on 6", "IP6 2001:db8::2 > 2001:db8::1: ICMP6, destination unreachable, unreachable port, 2001:db8::2 udp port 500, length 100",
			"[2001:db8::2]:0 > [2001:db8::1]:0 proto 58 len 100 bytes 0104 about [2001:db8::2]:500"},
		{"gre", "IP 192.0.2.1 > 198.51.100.2: GREv0, length 88: IP 10.0.0.1.500 > 10.0.0.2.500: isakmp: phase 1 I ident",
			"10.0.0.1:500 > 10.0.0.2:500 proto 17 phase 1 " + main + " I inner"},
		{"ip in ip", "IP 192.0.2.1 > 198.51.100.2: IP 10.0.0.1 > 10.0.0.2: ESP(spi=0x00000001,seq=0x2), length 100",
			"10.0.0.1:0 > 10.0.0.2:0 proto 50 len 100 bytes 0000000100000002 inner"},
		{"cut", "IP 192.0.2.1 > 198.51.100.2:  [|esp]",
			"192.0.2.1:0 > 198.51.100.2:0 proto 50"},
		{"fragment of 6", "IP6 2001:db8::1 > 2001:db8::2: frag (0x0000004d:0|1232) 500 > 500: isakmp: phase 1 I ident[E]",
			"[2001:db8::1]:500 > [2001:db8::2]:500 proto 17 phase 1 " + main + " I encrypted fragment"},
		{"mpls", "MPLS (label 16, tc 0, [S], ttl 64) IP 192.0.2.1.500 > 198.51.100.2.500: UDP, length 28",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 28"},
		{"pppoe", "12:00:00.000001 PPPoE  [ses 0x1] IP 192.0.2.1.500 > 198.51.100.2.500: UDP, length 28",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 28"},
		{"ikev2", "IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: parent_sa ikev2_init[I]",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 0 " + isakmp.ExchangeSAInit.String()},
		{"ikev2 child", "IP 192.0.2.1.4500 > 198.51.100.2.4500: NONESP-encap: isakmp: child_sa  inf2[IR]",
			"192.0.2.1:4500 > 198.51.100.2:4500 proto 17 phase 0 " + isakmp.ExchangeInformational2.String()},
		{"verbose ikev2", "IP (tos 0x0, ttl 64, id 5, offset 0, flags [none], proto UDP (17), length 228)\n" +
			"    192.0.2.1.4500 > 198.51.100.2.4500: [no cksum] NONESP-encap: isakmp 2.0 msgid 00000001 cookie 0102030405060708->1112131415161718: child_sa  ikev2_auth[I]:\n    (v2e: len=168)",
			"192.0.2.1:4500 > 198.51.100.2:4500 proto 17 len 200 ttl 64 bytes 00000000010203040506070811121314151617182e20230800000001000000c4 phase 0 " + isakmp.ExchangeAuth.String()},
		{"cut isakmp", "IP 192.0.2.1.500 > 198.51.100.2.500: [|isakmp]",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 phase 0 " + isakmp.ExchangeNone.String()},
		{"cut icmp", "IP 192.0.2.1 > 198.51.100.2: [|icmp]", "192.0.2.1:0 > 198.51.100.2:0 proto 1"},
		{"ah", "IP 192.0.2.1 > 198.51.100.2: AH(spi=0x00000100,seq=0x20): ESP(spi=0x00000101,seq=0x21), length 100",
			"192.0.2.1:0 > 198.51.100.2:0 proto 51"},
		{"protocol by name", "IP 192.0.2.1 > 198.51.100.2: esp 132", "192.0.2.1:0 > 198.51.100.2:0 proto 50 len 132"},
		{"ah by name", "192.0.2.1 > 198.51.100.2: ipv6-auth 90", "192.0.2.1:0 > 198.51.100.2:0 proto 51 len 90"},
		{"extension headers", "IP6 2001:db8::1 > 2001:db8::2: HBH (rtalert: 0x0000) (padn) DSTOPT RT6 (len=2, type=0, segleft=1, [0]2001:db8::3) 500 > 500: isakmp: phase 1 I ident",
			"[2001:db8::1]:500 > [2001:db8::2]:500 proto 17 phase 1 " + main + " I"},
		{"packet too big", "IP6 2001:db8::2 > 2001:db8::1: ICMP6, packet too big, mtu 1400, length 1240",
			"[2001:db8::2]:0 > [2001:db8::1]:0 proto 58 len 1240 bytes 0200"},
		{"unreachable network", "IP 203.0.113.9 > 192.0.2.1: ICMP net 198.51.100.2 unreachable - admin prohibited, length 36",
			"203.0.113.9:0 > 192.0.2.1:0 proto 1 len 36 bytes 0309 about 198.51.100.2:0"},
		{"ospf", "IP 192.0.2.1 > 224.0.0.5: OSPFv2, Hello, length 48", "192.0.2.1:0 > 224.0.0.5:0 proto 89"},
		{"hex dump", "IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident\n\t0x0000:  4500 0020 0001 4000 3d11 0000 c000 0201  E...............\n\t0x0010:  c633 6402 01f4 01f4 000c 0000 0102 0304  ................",
			"192.0.2.1:500 > 198.51.100.2:500 proto 17 len 4 ttl 61 DF bytes 01020304"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f := Detect([]byte(c.text)); f != FormatText {
				t.Errorf("taken for %v", f)
			}
			r, err := NewReader(strings.NewReader("Some words before.\n\n"+c.text+"\n"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var d exchange.Datagram
			if !r.Next(&d) {
				t.Fatalf("no datagram: %+v", r.Coverage())
			}
			if got := summary(&d, r.Said()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if r.Said().Line != 3 || d.Frame != 1 {
				t.Errorf("line %d, frame %d", r.Said().Line, d.Frame)
			}
			if r.Next(&d) {
				t.Errorf("one more: %s", summary(&d, r.Said()))
			}
			if c := r.Coverage(); c.Frames != 1 || c.Malformed != 0 || c.CutEnd || r.Err() != nil {
				t.Errorf("coverage %+v, %v", c, r.Err())
			}
		})
	}
}
