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

// eachMessage calls f for each ISAKMP message of a capture.
func eachMessage(t *testing.T, pcap string, f func(*exchange.Datagram)) {
	t.Helper()
	in, err := os.Open(pcap)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := capture.NewReader(in, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d exchange.Datagram
	for r.Next(&d) {
		if d.Protocol == exchange.ProtocolUDP && isakmp.Classify(d.Payload, d.Source.Port(), d.Destination.Port()) == isakmp.ClassISAKMP {
			f(&d)
		}
	}
}

// plutoDumps writes the ISAKMP messages of a capture as pluto at one of their
// ends does with plutodebug=raw.
func plutoDumps(t *testing.T, pcap string, local netip.Addr) []byte {
	var b strings.Builder
	b.WriteString("Mar  4 10:00:00.000000: Starting Pluto (Libreswan Version 4.10)\n")
	eachMessage(t, pcap, func(d *exchange.Datagram) {
		when := d.Time.UTC().Format("Jan _2 15:04:05.000000")
		if d.Source.Addr() == local {
			fmt.Fprintf(&b, "%s: | sending %d bytes for STATE_X through eth0 from %s to %s using UDP (for #1)\n", when, len(d.Payload), d.Source, d.Destination)
		} else {
			fmt.Fprintf(&b, "%s: | *received %d bytes from %s on eth0 %s using UDP\n", when, len(d.Payload), d.Source, d.Destination)
		}
		for p := d.Payload; len(p) > 0; p = p[min(16, len(p)):] {
			fmt.Fprintf(&b, "%s: |   % x\n", when, p[:min(16, len(p))])
		}
	})
	return []byte(b.String())
}

// fortigateDumps writes them as FortiOS does with "diagnose debug application
// ike -1", broken into the lines of a terminal.
func fortigateDumps(t *testing.T, pcap string, local netip.Addr) []byte {
	var b strings.Builder
	seen := map[string]bool{}
	eachMessage(t, pcap, func(d *exchange.Datagram) {
		when := d.Time.UTC().Format("2006-01-02 15:04:05.000000")
		word := "in"
		if d.Source.Addr() == local {
			what := "x"
			if seen[string(d.Payload)] {
				what = "P1_RETRANSMIT"
			}
			seen[string(d.Payload)] = true
			fmt.Fprintf(&b, "%s ike 0:gw:7: sent IKE msg (%s): %s->%s, len=%d, id=x\n", when, what, d.Source, d.Destination, len(d.Payload))
			word = "out"
		} else {
			fmt.Fprintf(&b, "%s ike 0: comes %s->%s,ifindex=3....\n", when, d.Source, d.Destination)
		}
		line := fmt.Sprintf("%s ike 0: %s %X", when, word, d.Payload)
		for len(line) > 133 {
			b.WriteString(line[:133] + "\n")
			line = line[133:]
		}
		b.WriteString(line + "\n")
	})
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
		for _, log := range [][]byte{plutoDumps(t, pcap, local[0]), fortigateDumps(t, pcap, local[0])} {
			r := read(t, memory("a/dumps.log", "a", log))
			got, ok := r.Cause()
			if !ok {
				t.Errorf("%s: the dumps show no %s\n%s", name, want.Code, diagtest.Summary(r))
				continue
			}
			if got.Code != want.Code || len(r.Tunnels) != 1 {
				t.Errorf("%s: the capture says %s, the dumps %s\n%s", name, want.Code, got.Code, diagtest.Summary(r))
			}
			for _, e := range got.Evidence {
				if e.Kind == diag.EvidencePacket && e.Where.Line == 0 {
					t.Errorf("%s: evidence without its line: %+v", name, e)
				}
			}
		}
	}
}
