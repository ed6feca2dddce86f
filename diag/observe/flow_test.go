package observe_test

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/state"
)

// kept collects what is observed.
type kept struct{ all []diag.Observation }

func (k *kept) Observe(o *diag.Observation) { k.all = append(k.all, *o) }

func (k *kept) flows() (fs []diag.Flow) {
	seen := map[diag.Flow]bool{}
	for _, o := range k.all {
		if f, ok := o.Body.(*diag.Flow); ok && !seen[*f] {
			seen[*f] = true
			fs = append(fs, *f)
		}
	}
	return fs
}

func flowsOf(t *testing.T, path string) []diag.Flow {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	k := &kept{}
	p := observe.Packets{To: k}
	if err := p.Read(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return k.flows()
}

// From the receiver's capture comes the number of packets that its kernel
// dropped and counted.
func TestReplayDrops(t *testing.T) {
	dir := recordings.Path(t, "corpus", "strongswan", "p2-replay") + "/"
	st, err := os.ReadFile(dir + "responder.xfrm-state.txt")
	if err != nil {
		t.Fatal(err)
	}
	s, err := state.Parse("xfrm", bytes.NewReader(st))
	if err != nil {
		t.Fatal(err)
	}
	checked := false
	for _, f := range flowsOf(t, dir+"responder.pcap") {
		for _, sa := range s.Kernel {
			if sa.SPI == f.SPI && sa.ReplayWindow > 0 && sa.SeqIn > 0 {
				checked = true
				if got, want := f.Dropped(sa.ReplayWindow), sa.Replayed+sa.OutsideWindow; got != want || want == 0 {
					t.Errorf("SPI %08x: a window of %d drops %d, the kernel counted %d", f.SPI, sa.ReplayWindow, got, want)
				}
				if f.Dropped(f.Window()) != 0 {
					t.Errorf("a window of %d still drops %d", f.Window(), f.Dropped(f.Window()))
				}
			}
		}
	}
	if !checked {
		t.Error("no flow of the capture is in the kernel's list")
	}
}

// A gateway's capture shows what it decrypts a second time, in the clear: no
// healthy tunnel's traffic is taken for traffic beside the tunnel.
func TestDecryptedIsNotClear(t *testing.T) {
	opened := false
	for _, path := range recordings.Glob(t, "corpus", "*", "ok-*", "*.pcap") {
		for _, f := range flowsOf(t, path) {
			if f.Clear {
				t.Errorf("%s: %d packets from %s to %s are taken for traffic in the clear", path, f.Packets, f.Source, f.Destination)
			}
			opened = opened || f.Opened > 0
		}
	}
	if !opened {
		t.Error("no recording shows decrypted packets")
	}
}

// A packet of a known flow costs no memory, and neither does one in the clear.
func TestPacketAllocations(t *testing.T) {
	p := observe.Packets{To: &kept{}}
	d := exchange.Datagram{
		Time: time.Unix(1e9, 0), Source: netip.MustParseAddrPort("192.0.2.1:0"), Destination: netip.MustParseAddrPort("198.51.100.2:0"),
		Protocol: exchange.ProtocolESP, Payload: make([]byte, 120), WireLen: 120, TTL: 64,
	}
	s := exchange.Step{Class: exchange.ESP, SPI: 0xc0ffee01, Length: 120}
	step := func() {
		s.Sequence++
		d.Time = d.Time.Add(time.Millisecond)
		p.Step(&d, &s)
	}
	step()
	if n := testing.AllocsPerRun(100, step); n > 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

// Packets with made-up SPIs cost bounded memory and do not make a capture
// forget the tunnel.
func TestFlowFlood(t *testing.T) {
	k := &kept{}
	p := observe.Packets{To: k}
	var capture bytes.Buffer
	line := func(i int, spi uint32, seq int) {
		fmt.Fprintf(&capture, "2026-02-03 10:%02d:%02d.%06d IP 192.0.2.1 > 198.51.100.2: ESP(spi=0x%08x,seq=0x%x), length 132\n", i/60000%60, i/1000%60, i%1000*1000, spi, seq)
	}
	for i := range 64 {
		line(i, 0xc0ffee01, i+1)
	}
	for i := range 20000 {
		line(i+64, 0x10000000+uint32(i), 1)
	}
	line(30000, 0xc0ffee01, 65)
	if err := p.Read(&capture); err != nil {
		t.Fatal(err)
	}
	flows := k.flows()
	if len(flows) > 1<<13 {
		t.Errorf("%d flows are kept", len(flows))
	}
	for _, f := range flows {
		if f.SPI == 0xc0ffee01 {
			if f.Packets != 65 {
				t.Errorf("%d packets of the tunnel are counted, not 65", f.Packets)
			}
			return
		}
	}
	t.Error("the tunnel is forgotten")
}

// A capture that goes on tells its flows while it waits for more, each time with
// all packets from the first on, and nothing where nothing has come.
func TestFlowsToldEvery(t *testing.T) {
	line := func(i int) string {
		return fmt.Sprintf("2026-02-03 10:00:%02d.000000 IP 192.0.2.1 > 198.51.100.2: ESP(spi=0xc0ffee01,seq=0x%x), length 132\n", i, i)
	}
	k := &kept{}
	p := observe.Packets{To: told{k}, Every: 10 * time.Millisecond}
	r, w := io.Pipe()
	done := make(chan error)
	go func() { done <- p.Read(r) }()
	for i := range 12 {
		_, _ = io.WriteString(w, line(i+1))
	}
	time.Sleep(200 * time.Millisecond)
	_, _ = io.WriteString(w, line(13))
	w.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var got []uint64
	for _, f := range k.flows() {
		got = append(got, f.Packets)
	}
	// One line is held until it is seen whether it goes on.
	if !slices.Contains(got, 11) && !slices.Contains(got, 12) || got[len(got)-1] != 13 || len(got) > 20 || !slices.IsSorted(got) {
		t.Errorf("told of %v packets", got)
	}
}

// told keeps copies of flows, whose bodies are used again.
type told struct{ *kept }

func (k told) Observe(o *diag.Observation) {
	c := *o
	if f, ok := o.Body.(*diag.Flow); ok {
		g := *f
		c.Body = &g
	}
	k.all = append(k.all, c)
}

// Who calls Step gets flows from Flush, as often as it is called.
func TestFlush(t *testing.T) {
	k := &kept{}
	p := observe.Packets{To: told{k}}
	p.Flush()
	d := exchange.Datagram{
		Frame: 1, Time: time.Unix(1e9, 0), Source: netip.MustParseAddrPort("192.0.2.1:0"), Destination: netip.MustParseAddrPort("198.51.100.2:0"),
		Protocol: exchange.ProtocolESP, Payload: make([]byte, 120), WireLen: 120, TTL: 64,
	}
	for i := range uint32(6) {
		p.Step(&d, &exchange.Step{Class: exchange.ESP, SPI: 0xc0ffee01, Length: 120, Sequence: i + 1})
		d.Frame, d.Time = d.Frame+1, d.Time.Add(2*time.Second)
		if i%3 == 2 {
			p.Flush()
		}
	}
	fs := k.flows()
	if len(fs) != 2 || fs[0].Packets != 3 || fs[1].Packets != 6 || fs[1].Seconds != 10 || fs[1].Since != 0 {
		t.Errorf("%+v", fs)
	}
}

func BenchmarkPackets(b *testing.B) {
	p := observe.Packets{To: &kept{}}
	d := exchange.Datagram{
		Time: time.Unix(1e9, 0), Source: netip.MustParseAddrPort("192.0.2.1:0"), Destination: netip.MustParseAddrPort("198.51.100.2:0"),
		Protocol: exchange.ProtocolESP, Payload: make([]byte, 120), WireLen: 120, TTL: 64,
	}
	s := exchange.Step{Class: exchange.ESP, Length: 120}
	b.ReportAllocs()
	for b.Loop() {
		s.Sequence++
		s.SPI = 0xc0ff0000 | s.Sequence%1000
		d.Time = d.Time.Add(time.Microsecond)
		p.Step(&d, &s)
	}
}
