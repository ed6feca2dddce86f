package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// longLog is the log of one ISAKMP SA whose child is renewed each hour, so many
// times, and of what happens in the end.
func longLog(children int, end string) []byte {
	var b bytes.Buffer
	at := fleetStart
	say := func(format string, args ...any) {
		fmt.Fprintf(&b, "%s 06%s\n", at.Format("2006-01-02T15:04:05"), fmt.Sprintf(format, args...))
	}
	send := func() { say("[NET] <net|1> sending packet: from 198.51.100.10[500] to 203.0.113.20[500] (188 bytes)") }
	receive := func() {
		say("[NET] <net|1> received packet: from 203.0.113.20[500] to 198.51.100.10[500] (188 bytes)")
	}
	exchange := func(mine, its string) {
		say("[ENC] <net|1> generating %s", mine)
		send()
		receive()
		say("[ENC] <net|1> parsed %s", its)
	}
	say("[IKE] <net|1> initiating Main Mode IKE_SA net[1] to 203.0.113.20")
	for _, payloads := range []string{"SA V V V V", "KE No NAT-D NAT-D", "ID HASH"} {
		exchange("ID_PROT request 0 [ "+payloads+" ]", "ID_PROT response 0 [ "+payloads+" ]")
	}
	say("[IKE] <net|1> IKE_SA net[1] established between 198.51.100.10[moon.example.net]...203.0.113.20[sun.example.net]")
	for n := 1; n <= children; n++ {
		exchange(fmt.Sprintf("QUICK_MODE request %d [ HASH SA No ID ID ]", 1000003*n), fmt.Sprintf("QUICK_MODE response %d [ HASH SA No ID ID ]", 1000003*n))
		say("[CFG] <net|1> selected proposal: ESP:AES_CBC_128/HMAC_SHA2_256_128/NO_EXT_SEQ")
		say("[IKE] <net|1> CHILD_SA net{%d} established with SPIs c%07x_i d%07x_o and TS 10.1.0.0/24 === 10.2.0.0/24", n, n, n)
		say("[ENC] <net|1> generating QUICK_MODE request %d [ HASH ]", 1000003*n)
		send()
		if n > 1 {
			at = at.Add(10 * time.Second)
			say("[IKE] <net|1> closing CHILD_SA net{%d} with SPIs c%07x_i (1234 bytes) d%07x_o (5678 bytes) and TS 10.1.0.0/24 === 10.2.0.0/24", n-1, n-1, n-1)
			say("[IKE] <net|1> sending DELETE for ESP CHILD_SA with SPI c%07x", n-1)
			say("[ENC] <net|1> generating INFORMATIONAL_V1 request %d [ HASH D ]", 1000003*n+7)
			send()
		}
		at = at.Add(time.Hour)
	}
	switch end {
	case "refused":
		exchange("QUICK_MODE request 77 [ HASH SA No ID ID ]", "INFORMATIONAL_V1 request 4711 [ HASH N(NO_PROP) ]")
		say("[IKE] <net|1> received NO_PROPOSAL_CHOSEN error notify")
	case "deleted":
		receive()
		say("[ENC] <net|1> parsed INFORMATIONAL_V1 request 4711 [ HASH D ]")
		say("[IKE] <net|1> received DELETE for ESP CHILD_SA with SPI d%07x", children)
		say("[IKE] <net|1> closing CHILD_SA net{%d} with SPIs c%07x_i (1234 bytes) d%07x_o (5678 bytes) and TS 10.1.0.0/24 === 10.2.0.0/24", children, children, children)
	case "silent":
		for range 4 {
			say("[IKE] <net|1> sending DPD request")
			say("[ENC] <net|1> generating INFORMATIONAL_V1 request 4712 [ HASH N(DPD) ]")
			send()
			at = at.Add(30 * time.Second)
		}
		say("[IKE] <net|1> DPD check timed out, enforcing DPD action")
	}
	return b.Bytes()
}

// However long an ISAKMP SA lives and however many children it had: what
// happens in the end is what is told.
func TestLongLived(t *testing.T) {
	for _, end := range []string{"", "refused", "deleted", "silent"} {
		told := func(children int) (all []string) {
			r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{memory("gw.log", "", longLog(children, end))}))
			if err != nil || len(r.Tunnels) != 1 {
				t.Fatal(len(r.Tunnels), err)
			}
			for _, f := range r.Findings {
				if f.Kind != diag.Advice {
					all = append(all, fmt.Sprint(f.Kind, " ", f.Code, " ", f.Verdict, " ", f.Severity, " ", f.Status))
				}
			}
			return append(all, r.Verdict.String())
		}
		want := told(3)
		verdict := map[string]diag.ReportVerdict{"": diag.Healthy, "refused": diag.Broken, "silent": diag.Broken, "deleted": diag.Undecided}[end]
		if want[len(want)-1] != verdict.String() {
			t.Errorf("%q: %q, want %v", end, want, verdict)
		}
		for _, n := range []int{12, 25, 60, 500} {
			if got := told(n); !slices.Equal(got, want) {
				t.Errorf("%q after %d children: %q, want %q", end, n, got, want)
			}
		}
		t.Logf("%q: %q", end, want)
	}
}

// turned is what the responder's log says where the initiator's is longLog's; it
// says less, so that another child is the last of which it tells all.
func turned(log []byte) []byte {
	swap := strings.NewReplacer(
		"sending packet: from 198.51.100.10[500] to 203.0.113.20[500]", "received packet: from 198.51.100.10[500] to 203.0.113.20[500]",
		"received packet: from 203.0.113.20[500] to 198.51.100.10[500]", "sending packet: from 203.0.113.20[500] to 198.51.100.10[500]",
		"generating", "parsed", "parsed", "generating",
		"initiating Main Mode IKE_SA net[1] to 203.0.113.20", "198.51.100.10 is initiating a Main Mode IKE_SA",
		"198.51.100.10[moon.example.net]...203.0.113.20[sun.example.net]", "203.0.113.20[sun.example.net]...198.51.100.10[moon.example.net]",
		"10.1.0.0/24 === 10.2.0.0/24", "10.2.0.0/24 === 10.1.0.0/24",
		"_i ", "_o ", "_o ", "_i ",
		"sending DELETE", "received DELETE",
	)
	var b strings.Builder
	for line := range strings.Lines(string(log)) {
		if !strings.Contains(line, "CHILD_SA") {
			b.WriteString(swap.Replace(line))
		}
	}
	return []byte(b.String())
}

// The clocks of two ends are compared by messages that are one and the same,
// not by those of children that a strand tells of as one.
func TestLongLivedClocks(t *testing.T) {
	for _, n := range []int{3, 12, 25, 60, 500} {
		log := longLog(n, "")
		r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{memory("1.log", "", turned(log)), memory("2.log", "", log)}))
		if err != nil || len(r.Tunnels) != 1 || r.Tunnels[0].Ends[0].GatewayID == "" || r.Tunnels[0].Ends[1].GatewayID == "" {
			t.Fatal(n, r.Tunnels, err)
		}
		if slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == diag.EvidClockOffset }) {
			t.Errorf("after %d children the clocks differ, which are one", n)
		}
	}
}

// In the log of a gateway with many tunnels much may be said between the time
// when a child comes up and its end.
func TestDeletedMuchLater(t *testing.T) {
	log := longLog(1, "deleted")
	end := bytes.Index(log, []byte("2026-03-01T09:00:00 06[NET] <net|1> received packet"))
	var b bytes.Buffer
	b.Write(log[:end])
	for n := range 9000 {
		fmt.Fprintf(&b, "2026-03-01T08:30:00 07[NET] <other|%d> sending packet: from 198.51.100.10[500] to 203.0.113.%d[500] (92 bytes)\n", 2+n/100, 100+n/100)
	}
	b.Write(log[end:])
	r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{memory("gw.log", "", b.Bytes())}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Tunnels {
		if x := &r.Tunnels[i]; x.Stage == "established" && x.Outcome != diag.OutcomeLost {
			t.Errorf("%v, want %v", x.Outcome, diag.OutcomeLost)
		}
	}
	if !slices.ContainsFunc(r.Tunnels, func(x diag.TunnelReport) bool { return x.Stage == "established" }) {
		t.Error("no tunnel was up")
	}
}
