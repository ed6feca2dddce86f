package diag_test

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// refused is a rule of one's own: a gateway refuses what it is offered.
var refused = &diag.Rule{
	Code: "ACME-REFUSED",
	Doc: diag.Doc{Title: "a gateway refuses the offer", Kind: diag.Cause, Phase: diag.Phase1, Severity: diag.Error,
		Remedy: "agree on a proposal"},
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil {
			return
		}
		k := diag.Fact(a, diag.Responder, func(c *diag.Check) bool { return c.What == diag.CheckProposal && !c.OK })
		if k.OK {
			out.AddTo(a, diag.Finding{Summary: "the responder refuses the offer", FixAt: diag.EndEither, Evidence: k.As(diag.Proof)})
		}
	},
}

// said is what a reader makes of one line of a gateway's log.
func said(source diag.SourceID, line int, at time.Time, body diag.Body) *diag.Observation {
	return &diag.Observation{
		Source: source, Where: diag.Where{Line: line}, Time: diag.Time{Value: at}, Basis: diag.Logged, Text: []byte("a line"),
		Keys: diag.Keys{
			Handle: 7, Role: diag.Responder, Local: netip.MustParseAddrPort("192.0.2.1:500"), Remote: netip.MustParseAddrPort("203.0.113.9:500"),
			Cookies: [2]uint64{0xe407a59c01020304, 0},
		},
		Body: body,
	}
}

// An engine without any reader: observations in, changes out. Programs that
// read files or logs leave this to diag/ingest.
func ExampleEngine() {
	engine, err := diag.NewEngine([]*diag.Rule{refused}, diag.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC)
	source := engine.AddSource(diag.Source{Name: "gw.log", Kind: diag.KindLog, Gateway: "fra-1"})
	engine.Observe(said(source, 1, at, &diag.Message{From: diag.Peer, Exchange: isakmp.ExchangeMain, Number: 1}))
	engine.Observe(said(source, 2, at, &diag.Check{By: diag.Self, What: diag.CheckProposal}))
	for c := range engine.Advance(at.Add(time.Second)) {
		fmt.Println(c.Op, c.Finding.Code, c.Finding.Verdict)
	}
	fmt.Println(engine.Report().Tunnels[0].Outcome)
	// Output:
	// opened ACME-REFUSED confirmed
	// negotiating
}

// A monitor that is started anew goes on where it was: nothing opens twice.
func ExampleEngine_Restore() {
	at := time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC)
	engine, _ := diag.NewEngine([]*diag.Rule{refused}, diag.Options{DigestKey: []byte("kept with the snapshots")})
	source := engine.AddSource(diag.Source{Name: "gw.log", Kind: diag.KindLog, Gateway: "fra-1"})
	engine.Observe(said(source, 1, at, &diag.Check{By: diag.Self, What: diag.CheckProposal}))
	for range engine.Advance(at) {
		continue // opened
	}
	snapshot, err := engine.AppendSnapshot(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	again, _ := diag.NewEngine([]*diag.Rule{refused}, diag.Options{DigestKey: []byte("kept with the snapshots")})
	if err := again.Restore(snapshot); err != nil {
		fmt.Println(err)
		return
	}
	for c := range again.Advance(at.Add(time.Minute)) {
		fmt.Println(c.Op)
	}
	fmt.Println(len(again.Report().Findings), "finding")
	// Output: 1 finding
}

// A fault that is known and accepted is silenced, until then.
func ExampleSilence() {
	at := time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC)
	engine, _ := diag.NewEngine([]*diag.Rule{refused}, diag.Options{Silences: []diag.Silence{
		{Code: "ACME-REFUSED", Until: at.AddDate(0, 1, 0), Reason: "the partner changes his gateway in April"},
	}})
	source := engine.AddSource(diag.Source{Name: "gw.log", Kind: diag.KindLog})
	engine.Observe(said(source, 1, at, &diag.Check{By: diag.Self, What: diag.CheckProposal}))
	for c := range engine.Advance(at) {
		fmt.Println(c.Op)
	}
	r := engine.Report()
	fmt.Println(len(r.Findings), len(r.Silenced))
	// Output: 0 1
}

// A fleet works in two stages: what the first makes of each gateway's sources
// goes to whoever has the pair of gateways.
func ExamplePartitionKey() {
	inventory := []diag.Gateway{
		{ID: "fra-1", Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}},
		{ID: "waw-2", Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.9")}},
	}
	o := said(0, 1, time.Time{}, &diag.Check{By: diag.Self, What: diag.CheckProposal})
	key, pair := diag.PartitionKey("fra-1", o, inventory)
	fmt.Printf("%q %v\n", key, pair)
	// Output: "fra-1|waw-2" true
}

// What is fixed about a code.
func ExampleLookup() {
	e, ok := diag.Lookup(diag.IKEP1PSKMismatch)
	fmt.Println(e.Code, e.Kind, e.Phase, e.Severity, ok)
	// Output: IKE-P1-PSK-MISMATCH cause phase1 critical true
}
