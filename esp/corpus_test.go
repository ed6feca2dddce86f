package esp_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
)

// TestCorpusESP opens every ESP packet whose SA is in the folder's kernels'
// listings, and compares sizes with the arithmetic.
func TestCorpusESP(t *testing.T) { onCorpus(t, testCorpusESP) }

func testCorpusESP(t *testing.T, dir string, all bool) {
	opened, unknown, inUDP := 0, 0, 0
	modes := map[string]int{}
	for _, path := range files(t, dir, ".pcap") {
		type entry struct {
			sa *esp.SA
			e  esp.Encapsulation
		}
		sas := map[uint32]entry{}
		for _, listing := range files(t, filepath.Dir(path), "xfrm-state.txt") {
			for _, k := range kernel(t, listing) {
				if k.Protocol != ike.ProtocolESP || k.Larval || k.CipherKey.Len() == 0 {
					continue
				}
				sa, tr := newSA(t, &k)
				e := esp.Encapsulation{Transform: tr, Mode: k.Mode}
				if k.Encap {
					e.Mode += ike.ModeUDPTunnel - ike.ModeTunnel
				}
				sas[k.SPI] = entry{sa, e}
			}
		}
		var p esp.Packet
		var buf []byte
		eachDatagram(t, path, func(d *exchange.Datagram) {
			if !espOf(d, &p) {
				return
			}
			en, ok := sas[p.SPI]
			if !ok {
				unknown++
				return
			}
			in, err := en.sa.Open(buf[:0], &p, 0)
			if err != nil {
				t.Errorf("%s frame %d: %v", path, d.Frame, err)
				return
			}
			opened++
			if d.Protocol == exchange.ProtocolUDP {
				inUDP++
			}
			buf = in.Payload
			modes[en.e.Mode.String()+" "+en.e.Cipher.String()]++
			if !in.Authenticated || !in.PaddingRegular {
				t.Errorf("%s frame %d: %+v", path, d.Frame, in)
			}
			inner := len(in.Payload)
			if en.e.Mode.Inner() == ike.ModeTransport {
				inner += 20
			} else if in.NextHeader != 4 || in.Payload[0]>>4 != 4 || int(binary.BigEndian.Uint16(in.Payload[2:])) != inner {
				t.Errorf("%s frame %d: inner packet % x", path, d.Frame, in.Payload[:min(20, inner)])
			}
			outer := d.WireLen + 20
			if d.Protocol == exchange.ProtocolUDP {
				outer += 8
			}
			if n := en.e.Size(inner); n != outer {
				t.Errorf("%s frame %d: %v makes %d octets of %d, the wire has %d", path, d.Frame, en.e.Mode, n, inner, outer)
			}
			if n, ok := en.sa.FitICV(&p, 0); !ok || n != icvOf(en.e.Transform) {
				t.Errorf("%s frame %d: ICV of %d octets fits, %v", path, d.Frame, n, ok)
			}
		})
	}
	t.Logf("%d opened, %d of them in UDP, %d without SA; %v", opened, inUDP, unknown, modes)
	if opened < 200 || all && opened < 800 || inUDP == 0 {
		t.Errorf("%d opened, %d in UDP", opened, inUDP)
	}
}

// TestCorpusAH checks the integrity check value of every AH packet.
func TestCorpusAH(t *testing.T) { onCorpus(t, testCorpusAH) }

func testCorpusAH(t *testing.T, dir string, _ bool) {
	good := map[string]int{}
	for _, path := range files(t, dir, ".pcap") {
		sas := map[uint32]*esp.SA{}
		encaps := map[uint32]esp.Encapsulation{}
		for _, listing := range files(t, filepath.Dir(path), "xfrm-state.txt") {
			for _, k := range kernel(t, listing) {
				if k.Protocol == ike.ProtocolAH {
					sa, tr := newSA(t, &k)
					sas[k.SPI] = sa
					encaps[k.SPI] = esp.Encapsulation{Transform: tr, Mode: k.Mode, Protocol: ike.ProtocolAH}
				}
			}
		}
		if len(sas) == 0 {
			continue
		}
		name := filepath.Base(filepath.Dir(path))
		for i, ip := range rawPackets(t, path) {
			if len(ip) < 32 || ip[9] != 51 {
				continue
			}
			var a esp.AH
			if err := a.Decode(ip[20:], 0); err != nil {
				t.Fatal(err)
			}
			err := sas[a.SPI].VerifyAH(ip, 0)
			if err != nil {
				t.Errorf("%s packet %d: %v", path, i+1, err)
				continue
			}
			good[name]++
			if n, ok := sas[a.SPI].FitAH(ip, 0); !ok || n != 16 {
				t.Errorf("%s packet %d: ICV of %d octets", path, i+1, n)
			}
			inner := int(binary.BigEndian.Uint16(a.Payload[2:]))
			e := encaps[a.SPI]
			if n := e.Size(inner); n != int(binary.BigEndian.Uint16(ip[2:])) {
				t.Errorf("%s packet %d: %d octets expected", path, i+1, n)
			}
			// What routers change does not count, what a NAT changes does.
			moved := bytes.Clone(ip)
			moved[1], moved[8], moved[10] = 0xb8, 3, ^moved[10]
			if err := sas[a.SPI].VerifyAH(moved, 0); err != nil {
				t.Errorf("%s packet %d after routers: %v", path, i+1, err)
			}
			moved[12]++
			if err := sas[a.SPI].VerifyAH(moved, 0); !errors.Is(err, esp.ErrICV) {
				t.Errorf("%s packet %d after a NAT: %v", path, i+1, err)
			}
		}
	}
	t.Log(good)
	if good["ok-ah"] == 0 {
		t.Error("no AH checked")
	}
}

// TestCorpusReplay predicts the drops of a kernel whose window is too small
// for the path from the recording at its side.
func TestCorpusReplay(t *testing.T) { onCorpus(t, testCorpusReplay) }

func testCorpusReplay(t *testing.T, dir string, _ bool) {
	dir = filepath.Join(dir, "strongswan", "p2-replay")
	counted := uint64(0)
	stat, err := os.ReadFile(filepath.Join(dir, "responder.xfrm_stat.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(stat)) {
		if f := strings.Fields(line); f[0] == "XfrmInStateSeqError" {
			for _, c := range f[1] {
				counted = counted*10 + uint64(c-'0')
			}
		}
	}
	var sum uint64
	for _, k := range kernel(t, filepath.Join(dir, "responder.xfrm-state.txt")) {
		if k.ReplayWindow == 0 {
			continue
		}
		w := esp.NewWindow(int(k.ReplayWindow))
		var flows esp.Flows
		var p esp.Packet
		eachDatagram(t, filepath.Join(dir, "responder.pcap"), func(d *exchange.Datagram) {
			if espOf(d, &p) && p.SPI == k.SPI {
				w.Receive(uint64(p.Sequence))
				flows.Observe(&esp.Arrival{Time: d.Time, Source: d.Source, Destination: d.Destination,
					SPI: p.SPI, Sequence: p.Sequence, Length: d.WireLen})
			}
		})
		c := w.Counts()
		sum += c.Dropped()
		if w.Top() != k.SeqIn {
			t.Errorf("SPI %08x: top %d, the kernel has %d", k.SPI, w.Top(), k.SeqIn)
		}
		f := flows.Get(esp.FlowKey{Destination: k.Destination, SPI: k.SPI})
		if f == nil {
			t.Fatalf("no flow with SPI %08x", k.SPI)
		}
		t.Logf("SPI %08x window %d: %+v; %d packets, %d reordered, deepest %d, missing %d",
			k.SPI, k.ReplayWindow, c, f.Packets, f.Reordered, f.Deepest, f.Missing())
		if f.WindowNeeded() <= uint64(k.ReplayWindow) || f.Missing() != 0 {
			t.Errorf("flow: %+v", f)
		}
		// The window that the flow asks for drops nothing.
		w.SetSize(int(f.WindowNeeded()))
		eachDatagram(t, filepath.Join(dir, "responder.pcap"), func(d *exchange.Datagram) {
			if espOf(d, &p) && p.SPI == k.SPI {
				w.Receive(uint64(p.Sequence))
			}
		})
		if n := w.Counts().Dropped(); n != 0 {
			t.Errorf("a window of %d drops %d", w.Size(), n)
		}
	}
	if sum != counted {
		t.Errorf("%d drops predicted, the kernel counted %d", sum, counted)
	}
}

// TestCorpusFlows checks flows of all recordings: order does not matter to
// what it must not matter to.
func TestCorpusFlows(t *testing.T) { onCorpus(t, testCorpusFlows) }

func testCorpusFlows(t *testing.T, dir string, _ bool) {
	for _, path := range files(t, dir, ".pcap") {
		var list []esp.Arrival
		var p esp.Packet
		eachDatagram(t, path, func(d *exchange.Datagram) {
			if espOf(d, &p) {
				list = append(list, esp.Arrival{Time: d.Time, Source: d.Source, Destination: d.Destination,
					SPI: p.SPI, Sequence: p.Sequence, Length: d.WireLen, UDP: d.Protocol == exchange.ProtocolUDP})
			}
		})
		var forward, backward esp.Flows
		for i := range list {
			forward.Observe(&list[i])
			backward.Observe(&list[len(list)-1-i])
		}
		for f := range forward.All() {
			b := backward.Get(f.FlowKey)
			if b == nil || f.Packets != b.Packets || f.Octets != b.Octets || f.Duplicates != b.Duplicates ||
				f.Lowest != b.Lowest || f.Highest != b.Highest || f.Missing() != b.Missing() ||
				!f.First.Equal(b.First) || !f.Last.Equal(b.Last) {
				t.Errorf("%s:\n%+v\n%+v", path, f, b)
			}
			if f.Restarts != 0 || f.Late != 0 || f.Wrappings != 0 {
				t.Errorf("%s: %+v", path, f)
			}
		}
	}
}
