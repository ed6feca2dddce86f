package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// A report for a terminal. Programs get theirs from diag.Engine or
// diag/ingest; this one is made by hand.
func Example() {
	west, east := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.7")
	r := &diag.Report{
		Verdict:  diag.Broken,
		Sources:  []diag.SourceReport{{ID: "s1", GatewayID: "g1", Source: diag.Source{Name: "east.log", Kind: diag.KindLog, Units: 40, Recognized: 40}}},
		Gateways: []diag.GatewayReport{{ID: "g1", Name: "east", Addresses: []netip.Addr{east}}},
		Tunnels: []diag.TunnelReport{{ID: "t-1", Outcome: diag.OutcomePhase1Failed, Stage: "main-mode-1", Attempts: 1, Ends: [2]diag.EndReport{
			{Addresses: []netip.Addr{west}, Role: diag.Initiator},
			{GatewayID: "g1", Addresses: []netip.Addr{east}, Role: diag.Responder},
		}}},
		Findings: []diag.Finding{{
			Code: diag.IKEP1PeerUnknown, Kind: diag.Cause, Severity: diag.Critical, Verdict: diag.Confirmed, Phase: diag.Phase1, FixAt: diag.EndResponder,
			Summary:  "the responder 198.51.100.7 has no connection for 192.0.2.1",
			Tunnel:   "t-1",
			Incident: "i-1",
			Evidence: []diag.Evidence{{Source: 0, Gateway: "east", Kind: diag.EvidenceLog, Where: diag.Where{Line: 17}, Weight: diag.Proof, Basis: diag.Logged,
				Text: "07[IKE] no IKE config found for 198.51.100.7...192.0.2.1, sending NO_PROPOSAL_CHOSEN"}},
			Remedies: []diag.Remedy{{End: diag.EndResponder, Action: "add a connection whose remote address is 192.0.2.1", Source: diag.NoSource}},
		}},
	}
	if err := report.Write(os.Stdout, r, report.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// BROKEN: The responder 198.51.100.7 has no connection for 192.0.2.1. This is
	//         proven.
	//
	// TUNNEL 192.0.2.1 <-> 198.51.100.7
	//   initiator 192.0.2.1; nothing from this end was given
	//   responder 198.51.100.7
	//   reached   main mode, message 1 of 6; phase 1 failed; 1 attempt
	//
	//   Cause: IKE-P1-PEER-UNKNOWN, critical
	//     Confirmed: it is proven, and what looks like it is ruled out.
	//
	//   What to do
	//     - responder 198.51.100.7: add a connection whose remote address is
	//       192.0.2.1.
	//
	//   Evidence (> proves it)
	//     responder 198.51.100.7, east.log
	//      > :17  07[IKE] no IKE config found for 198.51.100.7...192.0.2.1, sending
	//             NO_PROPOSAL_CHOSEN
	//
	// Read
	//   east.log log, 40 lines
}

// Formats lists what Write can do.
func ExampleFormats() {
	fmt.Println(report.Formats())
	fmt.Println(report.Write(os.Stdout, &diag.Report{}, report.Options{Format: "yaml"}))
	// Output:
	// [text markdown html json sarif]
	// report: unknown format 'yaml'
}

// How to collect what a report misses, from a gateway whose product its sources
// tell.
func ExampleGuideOf() {
	r := &diag.Report{Sources: []diag.SourceReport{{ID: "s1", GatewayID: "g1", Source: diag.Source{Kind: diag.KindLog, Dialect: "cisco-ios"}}}}
	g, ok := report.GuideOf(r, "g1")
	if !ok {
		return
	}
	fmt.Println(g.Product)
	for _, s := range g.Steps(diag.KindState) {
		fmt.Println(s.Command)
	}
	// Output:
	// Cisco IOS and IOS-XE
	// show crypto isakmp sa
	// show crypto ipsec sa
	// show crypto session detail
}

// A change for a bus or a webhook: one line of ikediag.change/v1, complete in
// itself.
func ExampleWriteChange() {
	c := diag.Change{Op: diag.Opened, Finding: diag.Finding{
		Code: diag.IKEP1PeerUnknown, Kind: diag.Cause, Severity: diag.Critical, Verdict: diag.Likely, Phase: diag.Phase1,
		Summary: "the responder has no connection for 192.0.2.1",
	}}
	var b bytes.Buffer
	if err := report.WriteChange(&b, &c, report.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	var change struct {
		Schema, Op string
		Finding    struct{ Code, Verdict string }
	}
	if err := json.Unmarshal(b.Bytes(), &change); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(change)
	// Output: {ikediag.change/v1 opened {IKE-P1-PEER-UNKNOWN likely}}
}
