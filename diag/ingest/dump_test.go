package ingest_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// plutoDumps writes the ISAKMP messages of a capture as pluto at one of their
// ends does with plutodebug=raw.
func plutoDumps(t *testing.T, pcap string, local netip.Addr) []byte {
	t.Helper()
	f, err := os.Open(pcap)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("Mar  4 10:00:00.000000: Starting Pluto (Libreswan Version 4.10)\n")
	var d exchange.Datagram
	for r.Next(&d) {
		if d.Protocol != exchange.ProtocolUDP || isakmp.Classify(d.Payload, d.Source.Port(), d.Destination.Port()) != isakmp.ClassISAKMP {
			continue
		}
		when := d.Time.UTC().Format("Jan _2 15:04:05.000000")
		if d.Source.Addr() == local {
			fmt.Fprintf(&b, "%s: | sending %d bytes for STATE_X through eth0 from %s to %s using UDP (for #1)\n", when, len(d.Payload), d.Source, d.Destination)
		} else {
			fmt.Fprintf(&b, "%s: | *received %d bytes from %s on eth0 %s using UDP\n", when, len(d.Payload), d.Source, d.Destination)
		}
		for p := d.Payload; len(p) > 0; p = p[min(16, len(p)):] {
			fmt.Fprintf(&b, "%s: |   % x\n", when, p[:min(16, len(p))])
		}
	}
	return []byte(b.String())
}

// What a log shows octet by octet is diagnosed as what a capture shows.
func TestDumps(t *testing.T) {
	for _, name := range []string{"p1-enc-mismatch", "p1-auth-method", "p1-wrong-psk", "p1-no-psk", "p1-wrong-id-initiator", "p1-4500-blocked", "p1-aggressive-vs-main"} {
		pcap := recordings.Path(t, "corpus", "strongswan", name, "initiator.pcap")
		of, err := os.ReadFile(pcap)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := read(t, memory("a/trace", "a", of)).Cause()
		local := diagnose(t, []ingest.Input{memory("a/trace", "a", of)}).Tunnels[0].Ends[0].Addresses
		r := read(t, memory("a/pluto.log", "a", plutoDumps(t, pcap, local[0])))
		got, ok := r.Cause()
		if !ok || got.Code != want.Code || len(r.Tunnels) != 1 {
			t.Errorf("%s: the capture says %s, the dumps %s\n%s", name, want.Code, got.Code, diagtest.Summary(r))
		}
		for _, e := range got.Evidence {
			if e.Kind == diag.EvidencePacket && e.Where.Line == 0 {
				t.Errorf("%s: evidence without its line: %+v", name, e)
			}
		}
	}
}
