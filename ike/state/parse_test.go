package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

func parse(t *testing.T, text string) *State {
	t.Helper()
	st, err := Parse("x", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		text string
		want Format
	}{
		{"", FormatEmpty},
		{" \r\n\t\n", FormatEmpty},
		{"conn a\n  left=1.2.3.4\n", FormatUnknown},
		{"connections {\n  a {\n  }\n}\n", FormatUnknown},
		{"Nov 21 03:00:00 gw charon: 05[IKE] IKE_SA vpn[1] established between A[a]...B[b]\n", FormatUnknown},
		{"\x00\x01src 1.2.3.4 dst 2.3.4.5\n\tproto esp spi 0x1", FormatUnknown},
		{"west #\n swanctl --list-sas\nvpn: #1, ESTABLISHED, IKEv1, 4ed43d3f6ef826aa_i* 21e8f5df0e61754c_r\n", SwanctlSAs},
		{"Security Associations (1 up, 0 connecting):\n", StrokeStatus},
		{"XfrmInError 0\n", XfrmStat},
		{"list-sa event {vpn {uniqueid=1 version=1", SwanctlRaw},
		{"vpn: IKEv1, no reauthentication, rekeying every 14400s\n  local:  %any\n", SwanctlConnections},
		{"src 10.1.0.0/16 dst 10.2.0.0/16 \n\tdir out priority 1 ptype main \n", XfrmPolicy},
		{"src 1.2.3.4 dst 2.3.4.5\n\tproto esp spi 0x00000001 reqid 1 mode tunnel\n", XfrmState},
		{"000 using kernel interface: xfrm\n", WhackStatus},
		{"006 #2: \"a\", type=ESP, add_time=1, inBytes=84\n", WhackTraffic},
		{"1.2.3.4 2.3.4.5 \n\tesp mode=tunnel spi=1(0x00000001) reqid=0(0x00000000)\n", SetkeySAs},
		{"10.1.0.0/16[any] 10.2.0.0/16[any] any\n\tout prio def ipsec\n", SetkeyPolicies},
		{"IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n", CiscoIKE},
		{"1   IKE Peer: 192.0.2.1\n    Type    : L2L             Role    : initiator\n", CiscoIKE},
		{"interface: outside\n    Crypto map tag: m, seq num: 1\n", CiscoIPsec},
		{"Crypto session current status\n", CiscoSession},
		{"Index   State  Initiator cookie  Responder cookie  Mode           Remote Address\n", JunosIKE},
		{"  Total active tunnels: 1\n", JunosIPsec},
		{"IKE peer 192.0.2.9, Index 4, Gateway Name: g\n", JunosIKE},
		{"Index   Remote Address  State  Initiator cookie  Responder cookie  Mode\n", JunosIKE},
		{"node0:\n-----\n  Total inactive tunnels: 0\n", JunosInactive},
		{"ID: 131073 Virtual-system: root, VPN Name: v\n", JunosIPsec},
		{"ESP Statistics:\n  Encrypted bytes: 1\n", JunosStatistics},
		{"State   Recv-Q  Send-Q   Local Address:Port    Peer Address:Port  Process\n", Sockets},
		{"UNCONN 0 0 0.0.0.0:500 0.0.0.0:*\n", Sockets},
		{"udp        0      0 0.0.0.0:4500            0.0.0.0:*\n", Sockets},
		{"udp        0      0 0.0.0.0:53              0.0.0.0:*\n", FormatUnknown},
		{"  UDP    0.0.0.0:500            *:*\n", Sockets},
		{"udp 17 29 src=10.1.0.2 dst=192.0.2.9 sport=500 dport=500 src=192.0.2.9 dst=10.1.0.2 sport=500 dport=500 use=1\n", Conntrack},
		{"192.0.2.9 dev eth0 src 192.0.2.1 uid 0\n", IPRouteGet},
		{"192.0.2.9 dev eth0 src 192.0.2.1\n    cache\n", IPRouteGet},
		{"192.0.2.9 via 192.0.2.254 dev eth0 metric 5\n", IPRoute},
		{"RTNETLINK answers: Network is unreachable\n", IPRouteGet},
		{"list all ipsec tunnel in vd 0\n", FortiTunnels},
		{"fw # diagnose vpn tunnel list\nlist ipsec tunnel by names in vd 0\n", FortiTunnels},
		{"vd: root/0\nname: a\n", FortiGateways},
		{"name: a\n", FormatUnknown},
		{"'a' 192.0.2.9:0  selectors(total,up): 1/1  rx(pkt,err): 1/0  tx(pkt,err): 1/0\n", FortiSummary},
		{"Flags: R - responder, N - natt-peer\n", RouterOSPeers},
		{"Flags: H - hw-aead, A - AH, E - ESP\n", RouterOSSAs},
		{" 0  E spi=0xD7AE27B src-address=192.0.2.1 dst-address=192.0.2.9 state=mature\n", RouterOSSAs},
		{"Flags: X - disabled, D - dynamic\n", FormatUnknown},
		{"{\"a\": {\"uniqueid\": \"1\", \"state\": \"ESTABLISHED\"}}", ViciSAs},
		{"[{\"a\": {\"local_addrs\": [], \"remote_addrs\": [], \"children\": {}}}]", ViciConnections},
		{"{\"schema\": \"x\", \"state\": 1}", FormatUnknown},
		{"net.ipv4.ip_forward = 1\n", Sysctl},
		{"whack: Pluto is not running (no \"/run/pluto/pluto.ctl\")\n", Refusal},
		{"whack: is Pluto running?  connect() for \"/run/pluto/pluto.ctl\" failed (111 Connection refused)\n", Refusal},
		{"connecting to 'unix:///var/run/charon.vici' failed: No such file or directory\nError: connecting to 'default' URI failed: No such file or directory\n", Refusal},
		{"connecting to 'unix:///var/run/charon.vici' failed: Permission denied\n", FormatUnknown},
		{"# ipsec status\nwhack: Pluto is not running (no \"/run/pluto/pluto.ctl\")\n", FormatUnknown},
		{"net/ipv4/conf/all/rp_filter=1\n", Sysctl},
		{"default via 192.0.2.1 dev eth0 \n", IPRoute},
		{"unreachable 10.0.0.0/8 metric 1024 \n", IPRoute},
		{"10.0.0.0/8\n", FormatUnknown},
		{"local 10.0.0.1\n", FormatUnknown},
		{"#kernel\nIpInReceives 7 0.0\n", Nstat},
	} {
		if got := Detect([]byte(c.text)); got != c.want {
			t.Errorf("Detect(%q) = %v, want %v", c.text, got, c.want)
		}
	}
}

// TestRefused: what is not read is refused by name.
func TestRefused(t *testing.T) {
	st, err := Parse("gw.txt", strings.NewReader("Session Type: LAN-to-LAN Detailed\n"))
	var pe *ParseError
	if !errors.Is(err, ErrFormat) || !errors.As(err, &pe) || pe.Format != CiscoVPNSessions || st == nil {
		t.Fatalf("got %v", err)
	}
	if want := "gw.txt: show vpn-sessiondb: format is not read"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if pe.Format.Readable() || !SwanctlSAs.Readable() || !FormatEmpty.Readable() {
		t.Error("Readable is wrong")
	}
}

func TestSwanctlOddities(t *testing.T) {
	st := parse(t, `a: b #2: #7, REKEYING, IKEv2, 4ed43d3f6ef826aa_i 21e8f5df0e61754c_r*
  local  'C=DE, O=L'ab, CN=x' @ 2001:db8::1[4500] [10.0.0.1 fd00::1]
  remote '%any' @ 192.0.2.9[4501] EAP: 'e x' XAuth: 'carol' [10.3.0.1]
  AES_GCM_16-256/(null)/PRF_HMAC_SHA2_384/ECP_384
  established 17s ago, rekeying in -3s, reauth in 20s, expires in 30s
  queued:  QUICK_MODE ISAKMP_DELETE
  active:  MAIN_MODE
  x: y: #3, reqid 4, CREATED, TRANSPORT, AH:
    installed (null)s ago
    in  (null), (null) bytes, (null) packets
    out c0000001/0a1b (0x2a/0xff), 18446744073709551615 bytes,     1 packets,   -1s ago
    local  dynamic
    remote 10.0.0.0/8[tcp/80] 192.168.0.0/16
`)
	if len(st.SAs) != 1 || len(st.SAs[0].Children) != 1 {
		t.Fatalf("got %+v", st)
	}
	sa := st.SAs[0]
	for _, c := range []struct{ got, want any }{
		{sa.Name, "a: b #2"}, {sa.ID, uint64(7)}, {sa.State, IKERekeying}, {sa.Version, 2}, {sa.Role, RoleResponder},
		{sa.Local.Text, "C=DE, O=L'ab, CN=x"}, {sa.Local.Address.String(), "[2001:db8::1]:4500"}, {len(sa.Local.Virtual), 2},
		{sa.Remote.EAP, "e x"}, {sa.Remote.XAuth, "carol"}, {len(sa.Remote.Virtual), 1},
		{sa.Algorithms, "AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384"}, {len(sa.Proposal.Unknown), 0},
		{sa.Rekey.D, -3 * time.Second}, {sa.Reauth.D, 20 * time.Second},
		{strings.Join(sa.Queued, "+"), "QUICK_MODE+ISAKMP_DELETE"}, {sa.Active[0], "MAIN_MODE"},
		{sa.Children[0].Name, "x: y"}, {sa.Children[0].State, ChildCreated}, {sa.Children[0].Mode, ike.ModeTransport},
		{sa.Children[0].Protocol, ike.ProtocolAH}, {sa.Children[0].Age.Known, false}, {sa.Children[0].In.SPI, uint32(0)}, {sa.Children[0].In.Counted, false},
		{sa.Children[0].Out.SPI, uint32(0xc0000001)}, {sa.Children[0].Out.CPI, uint16(0x0a1b)}, {sa.Children[0].Out.Bytes, uint64(1<<64 - 1)},
		{len(st.Unknown), 0},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

// TestPartial: a fault is reported with its line, and what stands before and
// after it is read all the same.
func TestPartial(t *testing.T) {
	good := "%s: #1, ESTABLISHED, IKEv1, 4ed43d3f6ef826aa_i* 21e8f5df0e61754c_r\n  local  'a' @ 192.0.2.1[500]\n"
	text := fmt.Sprintf(good, "one") + "  remote 'b' @ nowhere\n" + fmt.Sprintf(good, "two") + "  something new 4\n"
	st, err := Parse("f", strings.NewReader(text))
	var pe *ParseError
	if !errors.As(err, &pe) || !errors.Is(err, ErrSyntax) || pe.Line != 3 {
		t.Errorf("got %v", err)
	}
	if len(st.SAs) != 2 || st.SAs[1].Name != "two" || st.SAs[1].Line != 4 {
		t.Errorf("got %+v", st.SAs)
	}
	if len(st.Unknown) != 1 || st.Unknown[0] != (Line{6, "something new 4"}) {
		t.Errorf("got %+v", st.Unknown)
	}
}

func TestStrokeOddities(t *testing.T) {
	st := parse(t, `Status of IKE charon daemon (strongSwan 5.5.3):
  uptime: 3 days, since Aug 30 17:21:42 2017
Virtual IP pools (size/online/offline):
  10.42.42.0/24: 254/0/0
Listening IP addresses:
  192.0.2.1
  2001:db8::1
Connections:
          rw:  192.0.2.1,192.0.2.2...%any  IKEv1/2, dpddelay=30s
          rw:   local:  [C=DE, O=a uses b, CN=x] uses public key authentication
          rw:    cert:  "C=DE, O=a uses b, CN=x"
          rw:   remote: uses pre-shared key authentication
          rw:   remote: [carol] uses XAuth authentication: any with XAuth identity 'carol'
        kid 2:   child:  dynamic === 0.0.0.0/0 10.0.0.0/8 TRANSPORT, dpdaction=clear
Shunted Connections:
Bypass LAN 192.0.1.0/24:  192.0.1.0/24 === 192.0.1.0/24 PASS
Routed Connections:
          rw{1}:  ROUTED, TUNNEL, reqid 1
          rw{1}:   10.1.0.0/16 === 10.2.0.0/16
Security Associations (1 up, 0 connecting):
        r[2]w[3]: DELETING, 192.0.2.1[C=DE, CN=a]...b]...2001:db8::9[CN=c[d]]
        r[2]w[3]: Remote XAuth identity: carol: x
        r[2]w[3]: IKEv2 SPIs: 6c69be09930627c6_i* 0df6e74078fdbce0_r, rekeying in 44 minutes, pre-shared key+XAuth reauthentication in 2 weeks
          rw{4}:  REKEYED, TUNNEL, reqid 1, expires in 12 seconds
          rw{4}:   10.1.0.0/16 === 10.2.0.0/16
          rw{5}:  INSTALLED, TRANSPORT_PROXY, reqid 1, ESP in UDP SPIs: cecde7c5_i ca578af0_o, IPCOMP CPIs: 0a1b_i 0c2d_o
          rw{5}:  AES_CBC_128/HMAC_SHA1_96/ESN, 84 bytes_i (1 pkt, 5s ago), 0 bytes_o, rekeying disabled
`)
	if len(st.SAs) != 1 || len(st.SAs[0].Children) != 2 || len(st.Connections) != 1 || len(st.Unknown) != 0 {
		t.Fatalf("got %+v", st)
	}
	sa, con := st.SAs[0], st.Connections[0]
	kid := sa.Children[1]
	for _, c := range []struct{ got, want any }{
		{st.Daemon.Version, "5.5.3"}, {st.Daemon.Uptime.D, 72 * time.Hour}, {len(st.Addresses), 2}, {st.Up, 1}, {st.Connecting, 0},
		{con.Name, "rw"}, {con.Local, "192.0.2.1,192.0.2.2"}, {con.Remote, "%any"}, {con.Versions, "IKEv1/2"}, {con.DPD.D, 30 * time.Second},
		{len(con.LocalAuth), 1}, {con.LocalAuth[0].Certificates[0], "C=DE, O=a uses b, CN=x"}, {len(con.RemoteAuth), 2}, {con.RemoteAuth[1].Method, "XAuth"},
		{con.Children[0].Name, "kid 2"}, {con.Children[0].LocalText, "dynamic"}, {con.Children[0].RemoteText, "0.0.0.0/0 10.0.0.0/8"}, {con.Children[0].Mode, ike.ModeTransport},
		{len(st.Routed), 1}, {st.Routed[0].State, ChildRouted},
		{sa.Name, "r[2]w"}, {sa.ID, uint64(3)}, {sa.State, IKEDeleting}, {sa.Remote.Address.Addr().String(), "2001:db8::9"}, {sa.Remote.XAuth, "carol: x"},
		{sa.Rekey.D, 44 * time.Minute}, {sa.Reauth.D, 14 * 24 * time.Hour}, {sa.Auth, "pre-shared key+XAuth"},
		{sa.Children[0].State, ChildRekeyed}, {sa.Children[0].Expire.D, 12 * time.Second},
		{kid.UDP, true}, {kid.Protocol, ike.ProtocolESP}, {kid.In.SPI, uint32(0xcecde7c5)}, {kid.Out.CPI, uint16(0x0c2d)}, {kid.Mode, ike.ModeTransport},
		{kid.In.Packets, uint64(1)}, {kid.In.Idle.D, 5 * time.Second}, {kid.Out.Idle.Known, false}, {kid.Out.Counted, true}, {kid.RekeyDisabled, true},
		{kid.Proposal.ESN[0], true},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

// TestXfrmReserved tells an SPI that a daemon reserved from an SA, whatever
// somebody has taken out of the listing.
func TestXfrmReserved(t *testing.T) {
	const reserved = `src 192.0.2.2 dst 192.0.2.1
	proto esp spi 0x87e388da(2279835866) reqid 16393(0x00004009) mode transport
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	sel src 192.0.2.2/32 dst 192.0.2.1/32 uid 0
	lifetime config:
	  limit: soft (INF)(bytes), hard (INF)(bytes)
	  expire add: soft 0(sec), hard 30(sec)
	lifetime current:
	  0(bytes), 0(packets)
	  add 2026-11-21 03:29:36 use -
`
	for _, c := range []struct {
		name, old, new string
		want           bool
	}{
		{"reserved", "", "", true},
		{"an SA", "\tsel", "\tenc cbc(aes) <<Keys hidden>> (128 bits)\n\tsel", false},
		{"without the lines of its keys", "0(bytes), 0(packets)", "252(bytes), 3(packets)", false},
		{"that nobody used", "soft 0(sec), hard 30(sec)", "soft 3527(sec), hard 3960(sec)", false},
		{"of which nothing is counted", "  expire add: soft 0(sec), hard 30(sec)\n", "", false},
	} {
		if sa := parse(t, strings.Replace(reserved, c.old, c.new, 1)).Kernel[0]; sa.Larval != c.want {
			t.Errorf("%s: larval %v, want %v", c.name, sa.Larval, c.want)
		}
	}
}

func TestXfrmOddities(t *testing.T) {
	st := parse(t, `src 192.0.2.1 dst 2001:db8::1
	proto comp spi 0x00000c2d(3117) reqid 0(0x00000000) mode transport
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	mark 0x2a/0xffffffff
	if_id 0x7
	aead rfc4106(gcm(aes)) <<Keys hidden>> (288 bits) 128
	anti-replay esn context:
	 seq-hi 0x1, seq 0x2, oseq-hi 0x3, oseq 0x4
	 replay_window 128, bitmap-length 4
	 00000000 00000000 00000000 00000007
	 dir in
	stats:
	  replay-window 1 replay 2 failed 3
	sel src 10.0.0.0/8 dst 0.0.0.0/0
src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00000000 reqid 1 mode tunnel
	expire add: soft 18446744073709551612(sec), hard 0(sec)
`)
	a, b := st.Kernel[0], st.Kernel[1]
	for _, c := range []struct{ got, want any }{
		{len(st.Kernel), 2}, {a.Protocol, ike.ProtocolIPComp}, {a.Mark, uint32(42)}, {a.IfID, uint32(7)}, {a.AEAD, "rfc4106(gcm(aes))"},
		{a.CipherBits, 288}, {a.TruncBits, 128}, {a.CipherKey.Len(), 0}, {a.SeqIn, uint64(1<<32 + 2)}, {a.SeqOut, uint64(3<<32 + 4)},
		{a.ReplayWindow, uint32(128)}, {a.ESN, false}, {a.Replayed, uint64(2)}, {a.OutsideWindow, uint64(1)}, {a.Failed, uint64(3)},
		{a.Selector, "src 10.0.0.0/8 dst 0.0.0.0/0"}, {b.Larval, true}, {b.Line, 15}, {b.HardExpire.Known, false}, {len(st.Unknown), 0},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	st = parse(t, `src 10.1.0.0/16 dst 10.2.0.0/16 proto tcp sport 80 dport 8080
	dir out action block priority 7 ptype main
	mark 0x1/0x1
	tmpl src 192.0.2.1 dst 192.0.2.2
		proto esp reqid 16385 mode tunnel
		level use
`)
	q := st.Policies[0]
	for _, c := range []struct{ got, want any }{
		{q.Dir, DirOut}, {q.Block, true}, {q.Priority, uint64(7)}, {q.Mark, uint32(1)}, {q.Source.Protocol, uint8(6)}, {q.Source.PortFrom, uint16(80)}, {q.Destination.PortTo, uint16(8080)},
		{len(q.Templates), 1}, {q.Templates[0].ReqID, uint32(16385)}, {q.Templates[0].Optional, true}, {len(st.Unknown), 0},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

// TestCanary: no rendering of a State or of an error shows a key.
func TestCanary(t *testing.T) {
	key := "208ed12dcb942ad59f891a6db255c888"
	text := "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x00000001 reqid 1 mode tunnel\n\tenc cbc(aes) 0x" + key + " (128 bits)\n" +
		"\tnewalg 0x" + key + " 1\n\tPSK Geheim1\n\tanother Geheim1Geheim2Geheim3Geheim4Geheim5\nsrc x dst y\n\tenc cbc(aes) 0x" + key + "\n"
	st, err := Parse("f", strings.NewReader(text))
	raw := st.Kernel[0].CipherKey.Reveal()
	if len(raw) != 16 {
		t.Fatal("key not read")
	}
	for _, s := range []string{
		fmt.Sprintf("%v %+v %#v", st, *st, st), fmt.Sprint(err), fmt.Sprintf("%#v", err), fmt.Sprint(st.Unknown),
	} {
		for _, bad := range []string{key, string(raw), "Geheim", fmt.Sprint(raw)} {
			if strings.Contains(s, bad) {
				t.Errorf("%q shows in %.200s", bad, s)
			}
		}
	}
	if len(st.Unknown) != 3 {
		t.Errorf("unknown: %v", st.Unknown)
	}
}

// TestHostile: bad input costs bounded memory and gives a clear word.
func TestHostile(t *testing.T) {
	head := "vpn: #1, ESTABLISHED, IKEv1, 4ed43d3f6ef826aa_i* 21e8f5df0e61754c_r\n"
	st, err := Parse("long", io.MultiReader(strings.NewReader(head), io.LimitReader(endless('x'), 10<<20)))
	if !errors.Is(err, ErrTooLong) || len(st.SAs) != 1 {
		t.Errorf("long line: %v", err)
	}
	_, err = Parse("endless", io.MultiReader(strings.NewReader(head), endless('\n')))
	if !errors.Is(err, ErrTooLong) {
		t.Errorf("endless: %v", err)
	}
	_, err = Parse("blank", endless(' '))
	if !errors.Is(err, ErrFormat) {
		t.Errorf("blank: %v", err)
	}
	st, err = Parse("cut", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(head+head))))
	if !errors.Is(err, iotest.ErrTimeout) || st == nil {
		t.Errorf("cut: %v", err)
	}
	st, err = Parse("many", strings.NewReader(strings.Repeat(head, maxRecords+5)))
	if err != nil || len(st.SAs) != maxRecords || st.Dropped != 5 {
		t.Errorf("many: %v, %d, %d", err, len(st.SAs), st.Dropped)
	}
}

type endless byte

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// TestQueued: a task that the daemon waits to do is read.
func TestQueued(t *testing.T) {
	dir := recordings.Path(t, "configs", "state")
	if st, _ := Parse("1", open(t, dir, "ipsec_exporter/strongswan-1-command.txt")); len(st.SAs) != 1 || len(st.SAs[0].Queued) != 1 || st.SAs[0].Queued[0] != "QUICK_MODE" {
		t.Errorf("queued task: %+v", st.SAs)
	}
}

func open(t *testing.T, dir, name string) io.Reader {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*.txt"))
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(setkeySample))
	f.Add([]byte("10.1.0.0/24[any] 10.2.0.0/24[any] any\n\tout prio def - 5 ipsec\n\tesp/tunnel/192.0.2.1-192.0.2.2/unique#16385\n\tspid=1 seq=1 pid=42\n"))
	f.Add([]byte("Index Initiator cookie Responder cookie\n4 UP c4cd953602568b74 0d6d194993328b02 Main 192.0.2.9\nTotal active tunnels: 1\n<1 192.0.2.9 500 ESP:aes-128/sha1 df27aae4 3/ unlim - 0\n"))
	f.Add([]byte("Flags: A - AH, E - ESP\n # SPI STATE SRC-ADDRESS DST-ADDRESS\n 0 E 0x1 mature 192.0.2.1 192.0.2.9 sha1 aes-cbc 128\n"))
	f.Add([]byte("[[[{\"a\": {\"uniqueid\": 1, \"remote-host\": \"192.0.2.9\", \"state\": \"CREATED\", \"child-sas\": {\"x\": {}}}}]]]"))
	f.Add([]byte("Crypto session current status\nInterface: Gi0\nSession status: UP-ACTIVE\nPeer: 192.0.2.9 port 500\n IKEv1 SA: local 192.0.2.1/500 remote 192.0.2.9/500 Active\n IPSEC FLOW: permit 6 10.1.0.0/255.255.0.0 host 10.2.0.1\n"))
	f.Add([]byte("IKE Peer      Type  Dir   Rky  State      Encrypt Hash  Auth    Lifetime\n1 192.0.2.9 User  Resp  No   AM_Active  3des    SHA   preshrd 86400\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := Parse("f", bytes.NewReader(b))
		if st == nil {
			t.Fatal("no State")
		}
		var pe *ParseError
		if err != nil && !errors.As(err, &pe) {
			t.Fatalf("%T", err)
		}
		if st.Format != Detect(b) {
			t.Fatalf("read as %v, detected as %v", st.Format, Detect(b))
		}
		last := 0
		for _, sa := range st.SAs {
			if sa.Line < last || sa.Line > st.Lines || sa.Line < 1 {
				t.Fatalf("line %d after %d of %d", sa.Line, last, st.Lines)
			}
			last = sa.Line
		}
	})
}
