package ingest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// stateOf returns a dump of ike/state's, with texts of it replaced.
func stateOf(t *testing.T, name string, replaced ...string) string {
	t.Helper()
	b, err := os.ReadFile("../../ike/state/testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(replaced...).Replace(string(b))
}

// causes lists what a report says is wrong.
func causes(r *diag.Report) (codes []diag.Code) {
	for i := range r.Findings {
		if r.Findings[i].Kind == diag.Cause {
			codes = append(codes, r.Findings[i].Code)
		}
	}
	return codes
}

// TestGatewayStates: what gateways of several makers print of a healthy tunnel
// is quiet, and with one fact changed the cause comes out of it.
func TestGatewayStates(t *testing.T) {
	noBranch := []string{"4103    DOWN   9c0b6e2d11aa0f31  0000000000000000  Main           198.51.100.77\n", "", "4104    DOWN   5b1c00f2d3a49877  1f00aa5573c2bb01  Aggressive     203.0.113.80\n", ""}
	for _, c := range []struct {
		name, file string
		replaced   []string
		want       diag.Code // empty: no cause at all
		outcome    diag.Outcome
	}{
		{"junos up", "junos-ike", append(noBranch, "No response from peer. Negotiation failed (130 times)", "Tunnel is ready. Waiting for trigger event or peer to trigger negotiation (1 times)",
			"Peer's IKE-ID validation failed during negotiation (7 times)", "User cleared IKE SA from CLI, corresponding IPSec SAs cleared (1 times)"), "", diag.OutcomeEstablished},
		{"junos no answer", "junos-ike", []string{"Peer's IKE-ID", "The"}, diag.NetUDP500Blocked, diag.OutcomePhase1Failed},
		{"junos identity", "junos-ike", []string{"No response from", "The"}, diag.IKEP1IDResponderMismatch, diag.OutcomePhase1Failed},
		{"junos counters", "junos-ipsec-detail", []string{"failures: 12", "failures: 0", "packets:              0", "packets:           1160"}, "", diag.OutcomeEstablished},
		{"junos one way", "junos-ipsec-detail", []string{"failures: 12", "failures: 0"}, diag.NetESPBlocked, diag.OutcomeEstablished},
		{"junos integrity", "junos-ipsec-detail", []string{"packets:              0", "packets:           1160"}, diag.ESPAuthFailures, diag.OutcomeNoTraffic},
		{"junos proposals", "junos-inactive-detail", nil, diag.IKEP1ProposalMismatch, diag.OutcomePhase1Failed},
		{"fortigate up", "forti-tunnel", []string{"rxp=0", "rxp=20", "dec:pkts/bytes=0/0, enc:pkts/bytes=180", "dec:pkts/bytes=20/1000, enc:pkts/bytes=180"}, "", diag.OutcomeEstablished},
		{"fortigate one way", "forti-tunnel", nil, diag.NetEspinudpBlocked, diag.OutcomeEstablished},
		{"fortigate idle", "forti-gateway", []string{"connecting, state 3, started 22s", "connecting, state 3, started 1s"}, "", diag.OutcomeNegotiating},
		{"fortigate no answer", "forti-gateway", nil, diag.NetUDP500Blocked, diag.OutcomePhase1Failed},
		{"fortigate summary", "forti-summary", nil, "", diag.OutcomeEstablished},
		{"fortigate summary one way", "forti-summary", []string{"104320/0", "0/0"}, diag.NetESPBlocked, diag.OutcomeEstablished},
		{"routeros up", "routeros-detail", []string{"add-lifetime=24m23s/30m29s replay", "add-lifetime=24m23s/30m29s current-bytes=84 current-packets=20 replay"}, "", diag.OutcomeEstablished},
		{"routeros one way", "routeros-detail", []string{"current-packets=25", "", "current-bytes=1820", "", "add-lifetime=24m23s/30m29s replay", "add-lifetime=24m23s/30m29s current-bytes=84 current-packets=20 replay"}, diag.NetEspinudpBlocked, diag.OutcomeEstablished},
		{"routeros no return", "routeros-detail", nil, diag.ESPNoReturnRoute, diag.OutcomeNoTraffic},
		{"routeros table", "routeros-table", nil, "", diag.OutcomeEstablished},
		{"vici up", "vici-sas", nil, "", diag.OutcomeEstablished},
		{"vici one way", "vici-sas", []string{`"bytes-in": "252", "packets-in": "3", "use-in": "2"`, `"bytes-in": "0", "packets-in": "0"`}, diag.NetEspinudpBlocked, diag.OutcomeEstablished},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, memory("a/state.txt", "a", []byte(stateOf(t, c.file, c.replaced...))))
			got := causes(r)
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
				t.Errorf("causes %v, want %q", got, c.want)
			}
			if !slices.ContainsFunc(r.Tunnels, func(tn diag.TunnelReport) bool { return tn.Outcome == c.outcome }) {
				t.Errorf("no tunnel is %v", c.outcome)
			}
			for i := range r.Sources {
				if s := &r.Sources[i]; s.Units != s.Recognized {
					t.Errorf("%s: %d of %d lines recognized", s.Dialect, s.Recognized, s.Units)
				}
			}
			if t.Failed() {
				for i := range r.Findings {
					f := &r.Findings[i]
					t.Logf("%s %v %v: %s", f.Code, f.Severity, f.Verdict, f.Summary)
				}
				for i := range r.Tunnels {
					t.Logf("tunnel %v %v: %v, %q", r.Tunnels[i].Ends[0].Addresses, r.Tunnels[i].Ends[1].Addresses, r.Tunnels[i].Outcome, r.Tunnels[i].Stage)
				}
			}
		})
	}
}

// TestHostStates: what a host says of itself beside IPsec, with the log of its
// peer that gets no answer, or alone.
func TestHostStates(t *testing.T) {
	const silence = "2026-03-04T10:00:02 06[IKE] initiating Main Mode IKE_SA net[1] to 192.0.2.1\n" +
		"2026-03-04T10:00:02 06[ENC] generating ID_PROT request 0 [ SA V V V V V ]\n" +
		"2026-03-04T10:00:02 06[NET] sending packet: from 198.51.100.9[500] to 192.0.2.1[500] (180 bytes)\n" +
		"2026-03-04T10:00:06 06[IKE] sending retransmit 1 of request message ID 0, seq 1\n" +
		"2026-03-04T10:00:06 06[NET] sending packet: from 198.51.100.9[500] to 192.0.2.1[500] (180 bytes)\n" +
		"2026-03-04T10:02:47 06[IKE] giving up after 5 retransmits\n"
	for _, c := range []struct {
		name, file string
		replaced   []string
		alone      bool
		want, not  diag.Code
		verdict    diag.Verdict
	}{
		{"listens", "sockets-ss", nil, false, diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.Possible},
		{"nobody listens", "sockets-ss", []string{":500 ", ":501 ", ":4500 ", ":4501 "}, false, diag.NetPeerNotListening, "", diag.Confirmed},
		{"listens to itself", "sockets-ss", []string{"  0.0.0.0:500 ", "127.0.0.1:500 ", "[::]:500 ", "[::1]:500"}, false, diag.NetPeerNotListening, "", diag.Confirmed},
		{"held", "sockets-netstat", []string{"0.0.0.0:68 ", "192.0.2.1:68"}, false, diag.CFGInterfacePort, "", diag.Likely},
		{"sockstat", "sockets-sockstat", []string{"*:500 ", "*:501 ", "127.0.0.1:53", "192.0.2.1:53"}, false, diag.NetPeerNotListening, "", diag.Likely},
		{"sockets alone", "sockets-ss", nil, true, "", "", 0},
		{"tracked one way", "conntrack", nil, true, diag.NetESPBlocked, "", diag.Possible},
		{"tracked both ways", "conntrack", []string{"packets=0 bytes=0", "packets=21 bytes=2100", "[UNREPLIED]", "[ASSURED]"}, true, "", "", 0},
		{"tracked without an answer", "conntrack", []string{"dst=192.0.2.1 sport=500 dport=500 mark", "dst=10.1.0.2 sport=500 dport=500 packets=0 bytes=0 mark", "[UNREPLIED] src=198.51.100.9", "packets=6 bytes=1200 [UNREPLIED] src=198.51.100.9"}, true, diag.NetUDP500Blocked, "", diag.Possible},
		{"asked alone", "ip-route-get", nil, true, "", "", 0},
		{"setkey", "setkey-bsd", []string{"allocated: 0", "allocated: 5", "current: 0(", "current: 420("}, true, "", "", 0},
		{"setkey policies", "setkey-policy-bsd", nil, true, "", "", 0},
		{"vici connections", "vici-conns", nil, true, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []ingest.Input{memory("e/state.txt", "e", []byte(stateOf(t, c.file, c.replaced...)))}
			if !c.alone {
				in = append(in, memory("w/charon.log", "w", []byte(silence)))
			}
			r := diagnose(t, in)
			got := causes(r)
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) || slices.Contains(got, c.not) {
				t.Errorf("causes %v, want %q, not %q", got, c.want, c.not)
			}
			for i := range r.Findings {
				f := &r.Findings[i]
				if f.Code == c.want && f.Verdict != c.verdict {
					t.Errorf("%s is %v, want %v", f.Code, f.Verdict, c.verdict)
				}
				if t.Failed() {
					t.Logf("%s %v %v: %s", f.Code, f.Severity, f.Verdict, f.Summary)
				}
			}
			for i := range r.Sources {
				if s := &r.Sources[i]; s.Units != s.Recognized || s.Err != "" {
					t.Errorf("%s: %d of %d lines recognized, %s", s.Dialect, s.Recognized, s.Units, s.Err)
				}
			}
		})
	}
}

// TestGatewayEnds: what one end's gateway lists in several files and the other
// end's daemon in another is one tunnel with one attempt, and counters that the
// device has of all its tunnels count for the only one.
func TestGatewayEnds(t *testing.T) {
	ike, _, _ := strings.Cut(stateOf(t, "junos-ike-detail"), "IKE peer 198.51.100.77")
	sas, counters, _ := strings.Cut(stateOf(t, "junos-ipsec-detail", "failures: 12", "failures: 0"), "\nESP Statistics:")
	const peer = "net: #1, ESTABLISHED, IKEv1, 4ed43d3f6ef826aa_i 21e8f5df0e61754c_r*\n" +
		"  local  'branch.example.net' @ 198.51.100.9[500]\n  remote 'srx1.example.net' @ 192.0.2.1[500]\n" +
		"  net: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_CBC-128/HMAC_SHA1_96\n    installed 1800s ago, rekeying in 1000s, expires in 1858s\n" +
		"    in  b941875f,      0 bytes,     0 packets\n    out 94337ff7,      0 bytes,     0 packets\n    local  10.2.0.0/24\n    remote 10.1.0.0/24\n"
	r := diagnose(t, []ingest.Input{
		memory("a/ike.txt", "a", []byte(ike)), memory("a/ipsec.txt", "a", []byte(sas)), memory("a/statistics.txt", "a", []byte("ESP Statistics:"+counters)),
		memory("b/sas.txt", "b", []byte(peer)),
	})
	if len(r.Tunnels) != 1 || r.Tunnels[0].Attempts != 1 {
		t.Fatalf("%d tunnels, %+v", len(r.Tunnels), r.Tunnels)
	}
	if f := &r.Findings[0]; f.Code != diag.NetESPBlocked || f.Verdict != diag.Likely {
		t.Errorf("%s %v: %s", f.Code, f.Verdict, f.Summary)
	}
}

// TestNoRoles: where nothing tells who initiated a tunnel, nobody is called so.
func TestNoRoles(t *testing.T) {
	r := read(t, memory("a/state.txt", "a", []byte(stateOf(t, "forti-tunnel"))))
	found := false
	for i := range r.Findings {
		f := &r.Findings[i]
		found = found || f.Code == diag.NetEspinudpBlocked
		if f.FixAt == diag.EndInitiator || f.FixAt == diag.EndResponder || strings.Contains(f.Summary, "initiator") || strings.Contains(f.Summary, "responder") {
			t.Errorf("%s at %v: %s", f.Code, f.FixAt, f.Summary)
		}
		for _, m := range f.Missing {
			if m.End == diag.EndInitiator || m.End == diag.EndResponder {
				t.Errorf("%s asks %v", f.Code, m.End)
			}
		}
	}
	for i := range r.Tunnels {
		for _, e := range r.Tunnels[i].Ends {
			if e.Role != diag.SideUnknown {
				t.Errorf("%v is %v", e.Addresses, e.Role)
			}
		}
	}
	if !found {
		t.Error("nothing is lost")
	}
}
