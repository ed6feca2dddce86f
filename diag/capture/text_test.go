package capture

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/isakmp"
)

// TestNotText: lines of other files are not taken for packets.
func TestNotText(t *testing.T) {
	for _, s := range []string{
		"Nov 21 10:00:00 gw charon: 09[NET] received packet: from 192.0.2.1[500] to 198.51.100.2[500] (176 bytes)",
		"2026-11-21 10:00:00: INFO: initiate new phase 1 negotiation: 192.0.2.1[500]<=>198.51.100.2[500]",
		"src 192.0.2.1 dst 198.51.100.2",
		"conn a > b:",
		"192.0.2.1 > 198.51.100.2",
		"192.0.2.1.500 >",
		"IP address > mask: no packet",
		"300.1.1.1 > 1.1.1.1: udp 5",
		"a.500 > b.500: udp 90",
		`Nov 21 10:00:00 gw charon: 09[IKE] peer said "192.0.2.1.500 > 198.51.100.2.500: udp 90"`,
	} {
		if f := Detect([]byte(s)); f != FormatNone {
			t.Errorf("%q taken for %v", s, f)
		}
	}
}

func TestTextTimes(t *testing.T) {
	const packet = " IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident\n"
	berlin := time.FixedZone("", 3600)
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		stamps  []string
		options Options
		want    []string
		assumed TimeAssumption
	}{
		{[]string{"1700000000.123456", "1700000001.5"[:12] + "00000"}, Options{}, []string{"2023-11-14T22:13:20.123456Z", "2023-11-14T22:13:21.500000Z"}, 0},
		{[]string{"2026-11-21 10:00:00.000001"}, Options{Location: berlin}, []string{"2026-11-21T09:00:00.000001Z"}, AssumedZone},
		{[]string{"23:59:59.900000", "00:00:00.100000", "00:00:05.000000"}, Options{Day: day}, []string{"2026-11-21T23:59:59.900000Z", "2026-11-22T00:00:00.100000Z", "2026-11-22T00:00:05.000000Z"}, AssumedZone | AssumedDate},
		{[]string{"10:00:00.000002", "10:00:00.000001"}, Options{}, []string{"1970-01-01T10:00:00.000002Z", "1970-01-01T10:00:00.000001Z"}, AssumedZone | AssumedDate},
		{[]string{"00:00:00.000000", "00:00:04.000000"}, Options{}, []string{"", ""}, NoTimes},
		{[]string{"", ""}, Options{}, []string{"", ""}, NoTimes},
		{[]string{"10:00:00.123456789"}, Options{Day: day}, []string{"2026-11-21T10:00:00.123456789Z"}, AssumedZone | AssumedDate},
	} {
		var text string
		for _, s := range c.stamps {
			text += strings.TrimLeft(s+packet, " ")
		}
		all, r := read(t, []byte(text), c.options)
		if len(all) != len(c.want) {
			t.Fatalf("%q: %d datagrams", c.stamps, len(all))
		}
		for i, d := range all {
			got := ""
			if !d.Time.IsZero() {
				got = d.Time.Format("2006-01-02T15:04:05.000000Z07:00")
				if d.Time.Nanosecond()%1000 != 0 {
					got = d.Time.Format(time.RFC3339Nano)
				}
			}
			if got != c.want[i] {
				t.Errorf("%q: time %d is %s, want %s", c.stamps, i, got, c.want[i])
			}
		}
		if r.Coverage().Assumed != c.assumed {
			t.Errorf("%q: assumed %b, want %b", c.stamps, r.Coverage().Assumed, c.assumed)
		}
	}
}

// TestRecorderLines: what tcpdump says of itself.
func TestRecorderLines(t *testing.T) {
	text := "tcpdump: verbose output suppressed, use -v for full protocol decode\n" +
		"listening on eth0, link-type EN10MB (Ethernet), capture size 96 bytes\n" +
		"12:00:00.000001 ARP, Request who-has 192.0.2.1 tell 192.0.2.2, length 28\n" +
		"12:00:01.000001 IP gw.example.com.500 > 192.0.2.1.500: isakmp: phase 1 I ident\n" +
		"12:00:02.000001 IP 192.0.2.1 > 192.0.2.2: ESP(spi=0x00000001,seq=0x2), length 100\n" +
		"12:00:02.000002 IP 192.0.2.1 > 192.0.2.2: ip-proto-50\n" +
		"^C\n3 packets captured\n9 packets received by filter\n2 packets dropped by kernel\n"
	all, r := read(t, []byte(text), Options{})
	c := r.Coverage()
	if len(all) != 1 || all[0].Frame != 3 || c.Frames != 4 || c.NotIP != 1 || c.Malformed != 1 || c.Dropped != 2 || c.SnapLength != 96 || c.Fragments != 1 {
		t.Errorf("%d datagrams, %+v", len(all), c)
	}
	if len(c.Interfaces) != 1 || c.Interfaces[0].Name != "eth0" || c.Interfaces[0].Link != LinkEthernet {
		t.Errorf("interfaces %+v", c.Interfaces)
	}
}

// TestTextFragments: a hex dump has the bytes, so its fragments are put
// together.
func TestTextFragments(t *testing.T) {
	words, err := os.ReadFile(filepath.Join("testdata", "fragments.x.txt"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join("testdata", "fragments.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := read(t, words, Options{})
	want, _ := read(t, file, Options{})
	if len(got) != len(want) {
		t.Fatalf("%d datagrams, want %d", len(got), len(want))
	}
	whole := 0
	for i, d := range got {
		w := want[i]
		if d.Frame != w.Frame || d.Fragments != w.Fragments || !bytes.Equal(d.Payload, w.Payload) || d.Source != w.Source || d.Incomplete != w.Incomplete {
			t.Errorf("datagram %d: %+v\nwant %+v", i, d, w)
		}
		if d.Fragments > 1 {
			whole++
		}
	}
	if whole == 0 {
		t.Error("no fragments")
	}
}

// TestRebuiltHeaders: a verbose text gives headers that decode.
func TestRebuiltHeaders(t *testing.T) {
	words, err := os.ReadFile(filepath.Join("testdata", "nat.vv.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(words), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rebuilt := 0
	for d := range r.All() {
		s := r.Said()
		if !s.ISAKMP {
			continue
		}
		b := d.Payload
		if d.Source.Port() == 4500 && len(b) > 4 {
			b = b[4:]
		}
		var h isakmp.Header
		if err := h.Decode(b); err != nil || h.Exchange != s.Exchange || h.NextPayload != s.FirstPayload {
			t.Errorf("line %d: %v, %+v", s.Line, err, h)
		}
		if !bytes.Contains(s.Text, []byte("isakmp 1.0 msgid")) {
			t.Errorf("line %d: %q", s.Line, s.Text)
		}
		rebuilt++
	}
	if rebuilt < 8 {
		t.Errorf("only %d headers", rebuilt)
	}
}

// TestSeed reads the document that the project was asked to implement.
func TestSeed(t *testing.T) {
	b, err := os.ReadFile(recordings.Path(t, "seeds", "bird-ipsec-troubleshooting.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all, r := read(t, b, Options{})
	var ports, protocols [256]int
	for _, d := range all {
		protocols[d.Protocol]++
		if d.Source.Port() == 500 {
			ports[0]++
			if d.WireLen != 990 && d.WireLen != 92 || d.TTL != 128 || d.Source.Addr() != netip.MustParseAddr("192.168.30.57") {
				t.Errorf("IKE: %+v", d)
			}
		}
	}
	if ports[0] != 4 || protocols[17] != 4 || protocols[50] != 8 || protocols[51] != 6 || protocols[6] != 9 {
		t.Errorf("%d of IKE, %d UDP, %d ESP, %d AH, %d TCP", ports[0], protocols[17], protocols[50], protocols[51], protocols[6])
	}
	if c := r.Coverage(); c.Malformed != 0 || c.Frames != len(all) {
		t.Errorf("%+v", c)
	}
}

// TestLongLines: lines and records above the limit cost no more than it.
func TestLongLines(t *testing.T) {
	packet := "IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident"
	text := packet + strings.Repeat(" x", 1<<20) + "\n" + packet + "\n" + strings.Repeat("    (vid: len=16)\n", 1<<16) + packet + "\n"
	r, err := NewReader(strings.NewReader(text), Options{Limits: Limits{Record: 1 << 10}})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d := range r.All() {
		if d.Source.Port() != 500 {
			t.Error(d)
		}
		n++
	}
	if n != 3 || len(r.w.buf) > firstWindow || cap(r.text.record) > 4<<10 {
		t.Errorf("%d datagrams, window %d, record %d", n, len(r.w.buf), cap(r.text.record))
	}
}
