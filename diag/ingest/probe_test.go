package ingest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/probe"
)

const unansweredLog = `2026-03-04T10:00:00 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)
2026-03-04T10:00:02 06[IKE] initiating Main Mode IKE_SA net[1] to 203.0.113.20
2026-03-04T10:00:02 06[ENC] generating ID_PROT request 0 [ SA V V V V V ]
2026-03-04T10:00:02 06[NET] sending packet: from 198.51.100.10[500] to 203.0.113.20[500] (180 bytes)
2026-03-04T10:00:04 07[IKE] sending retransmit 1 of request message ID 0, seq 1
2026-03-04T10:00:04 07[NET] sending packet: from 198.51.100.10[500] to 203.0.113.20[500] (180 bytes)
2026-03-04T10:00:12 10[IKE] giving up after 1 retransmits
2026-03-04T10:00:12 10[IKE] establishing IKE_SA failed, peer not responding
`

// closedProbe is what a probe stores that was told of a closed port.
func closedProbe(t *testing.T, from string) string {
	t.Helper()
	gateway := netip.MustParseAddr("203.0.113.20")
	r := probe.Result{Gateway: gateway, Local: netip.MustParseAddr(from), Begun: time.Unix(1772618400, 0), Ended: time.Unix(1772618401, 0), Sent: 1, Answers: []probe.Answer{{
		Question: probe.Port500, Outcome: probe.Unreachable, Destination: netip.AddrPortFrom(gateway, 500), Sent: 1,
		Failures: []probe.Failure{{Reason: exchange.PortUnreachable, Router: gateway}},
	}}}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func textInput(name, group, text string) ingest.Input {
	return ingest.Input{Name: name, Group: group, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// A stored probe is of kind probe, makes no gateway and no tunnel, and is
// evidence wherever it lies. It confirms nothing.
func TestProbe(t *testing.T) {
	for _, c := range []struct {
		from, group string
		want        diag.Verdict
	}{
		{"198.51.100.10", "a", diag.Likely},
		{"198.51.100.10", "elsewhere", diag.Likely},
		{"192.0.2.77", "a", diag.Possible},
	} {
		log, stored := textInput("a/charon.log", "a", unansweredLog), textInput(c.group+"/probe.json", c.group, closedProbe(t, c.from))
		for range 2 {
			r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{log, stored}))
			if err != nil {
				t.Fatal(err)
			}
			log, stored = stored, log // any order
			i := slices.IndexFunc(r.Sources, func(s diag.SourceReport) bool { return s.Kind == diag.KindProbe })
			if i < 0 || r.Sources[i].Dialect != probe.Schema || r.Sources[i].Units != 1 {
				t.Fatalf("%+v", r.Sources)
			}
			if len(r.Tunnels) != 1 || len(r.Gateways) != 1 {
				t.Errorf("%d tunnels, %d gateways", len(r.Tunnels), len(r.Gateways))
			}
			f, ok := findingOf(r, diag.NetPeerNotListening)
			if !ok || f.Verdict != c.want {
				t.Errorf("from %s in %s: %v, %s", c.from, c.group, ok, f.Verdict)
			}
			if !slices.ContainsFunc(f.Evidence, func(e diag.Evidence) bool { return e.Kind == diag.EvidenceProbe }) {
				t.Error("the probe is no evidence")
			}
		}
	}
}

func findingOf(r *diag.Report, c diag.Code) (diag.Finding, bool) {
	for _, f := range r.Findings {
		if f.Code == c {
			return f, true
		}
	}
	return diag.Finding{}, false
}

// A Feed takes a probe in while the engine runs, and a snapshot keeps it.
func TestProbeFeed(t *testing.T) {
	e, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	feed := func(name, text string) {
		f := ingest.NewFeed(e, diag.Source{Name: name}, ingest.Options{})
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		for range e.Advance(time.Time{}) {
			// The report has it.
		}
	}
	feed("charon.log", unansweredLog)
	if f, ok := findingOf(e.Report(), diag.NetPeerNotListening); !ok || f.Verdict != diag.Possible {
		t.Fatalf("%v %s", ok, f.Verdict)
	}
	feed("probe.json", closedProbe(t, "198.51.100.10"))
	if f, ok := findingOf(e.Report(), diag.NetPeerNotListening); !ok || f.Verdict != diag.Likely {
		t.Errorf("%v %s", ok, f.Verdict)
	}
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Restore(b); err != nil {
		t.Fatal(err)
	}
	if f, ok := findingOf(again.Report(), diag.NetPeerNotListening); !ok || f.Verdict != diag.Likely {
		t.Errorf("after a snapshot: %v %s", ok, f.Verdict)
	}
}

// A gateway's log of a probe is about no tunnel, and names no fault of one.
func TestProbeLogged(t *testing.T) {
	const charon = `2026-03-04T10:00:00 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)
2026-03-04T10:00:02 12[NET] <1> received packet: from 198.51.100.7[53327] to 203.0.113.129[500] (173 bytes)
2026-03-04T10:00:02 12[ENC] <1> parsed ID_PROT request 0 [ SA V ]
VENDOR
2026-03-04T10:00:02 12[IKE] <1> 198.51.100.7 is initiating a Main Mode IKE_SA
2026-03-04T10:00:02 12[CFG] <1> received proposals: IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024
2026-03-04T10:00:02 12[CFG] <1> configured proposals: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
2026-03-04T10:00:02 12[IKE] <1> no proposal found
2026-03-04T10:00:02 12[ENC] <1> generating INFORMATIONAL_V1 request 112643514 [ N(NO_PROP) ]
2026-03-04T10:00:02 12[NET] <1> sending packet: from 203.0.113.129[500] to 198.51.100.7[53327] (56 bytes)
`
	const pluto = `Nov 21 22:00:22.600000: Starting Pluto (Libreswan Version 4.10 IKEv2 IKEv1) pid:77
VENDOR
Nov 21 22:00:26.625757: "site" #4: responding to Main Mode
Nov 21 22:00:26.625813: "site" #4: OAKLEY_GROUP 2 not supported.  Attribute OAKLEY_GROUP_DESCRIPTION
Nov 21 22:00:26.625854: "site" #4: Oakley Transform [AES_CBC (256), HMAC_SHA2_256, MODP2048] refused
Nov 21 22:00:26.625887: "site" #4: no acceptable Oakley Transform
Nov 21 22:00:26.626934: packet from 198.51.100.7:39749: sending notification NO_PROPOSAL_CHOSEN to 198.51.100.7:39749
Nov 21 22:00:26.627236: "site" #4: deleting state (STATE_MAIN_R0) aged 0.001626s and NOT sending notification
`
	for _, c := range []struct {
		log, vendor string
		want        bool
	}{
		{charon, "2026-03-04T10:00:02 12[ENC] <1> received unknown vendor ID: 69:6b:65:64:69:61:67:20:70:72:6f:62:65", false},
		{charon, "2026-03-04T10:00:02 12[ENC] <1> received unknown vendor ID: 69:6b:65:64:69:61:67:20:70:72:6f:62:66", true},
		{pluto, "Nov 21 22:00:26.625343: packet from 198.51.100.7:39749: ignoring unknown Vendor ID payload [69 6b 65 64  69 61 67 20  70 72 6f 62  65]", false},
		{pluto, "Nov 21 22:00:26.625343: packet from 198.51.100.7:39749: ignoring unknown Vendor ID payload [69 6b 65 64  69 61 67 20  70 72 6f 62]", true},
	} {
		want, vendor := c.want, c.vendor
		r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{textInput("gw.log", "", strings.Replace(c.log, "VENDOR", vendor, 1))}))
		if err != nil {
			t.Fatal(err)
		}
		if _, fault := r.Cause(); fault && !want || (len(r.Tunnels) == 1) != want {
			t.Errorf("%s: %v, %d tunnels", vendor, fault, len(r.Tunnels))
		}
		if n, ok := findingOf(r, diag.EvidInsufficient); !want && (!ok || n.Count != 1) {
			t.Errorf("it is not said that something is left out: %+v", r.Findings)
		}
	}
}
