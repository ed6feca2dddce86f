package ingest_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
)

// A script reads what there is and asks for the cause.
func ExampleFiles() {
	r, err := ingest.Files(context.Background(), ingest.Options{},
		"../../examples/diagnose/testdata/wrong-psk/branch", "../../examples/diagnose/testdata/wrong-psk/headquarters")
	if err != nil {
		log.Print(err) // names each input that was not read; r holds what the others say
	}
	if cause, ok := r.Cause(); ok {
		fmt.Println(cause.Verdict, cause.Code)
		fmt.Println(cause.Summary)
	}
	// Output:
	// confirmed IKE-P1-PSK-MISMATCH
	// the pre-shared keys of 198.51.100.62 and 203.0.113.138 differ
}

// A monitor gives each live source a feed, lets time pass, and hears what
// changed.
func ExampleNewFeed() {
	engine, err := diag.NewEngine(rules.Default(), diag.Options{MaxTunnels: 10_000})
	if err != nil {
		log.Fatal(err)
	}
	reference := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC) // the lines have no year
	feed := ingest.NewFeed(engine, diag.Source{Name: "charon.log", Gateway: "hq-1", Reference: reference, Zone: time.UTC}, ingest.Options{})

	f, err := os.Open("../../examples/diagnose/testdata/wrong-psk/headquarters/charon.log")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	now := time.Date(2026, 11, 21, 4, 1, 0, 0, time.UTC)
	for piece := make([]byte, 4096); ; { // in life: whatever has been written since the last look
		n, err := f.Read(piece)
		if err == io.EOF {
			break
		}
		if _, err := feed.Write(piece[:n]); err != nil {
			log.Fatal(err)
		}
		now = now.Add(10 * time.Second) // in life: a ticker
		for c := range engine.Advance(now) {
			fmt.Println(c.Op, c.Finding.Code, c.Finding.Verdict)
		}
	}
	// Output:
	// opened IKE-P1-PSK-MISMATCH likely
}

// OldPeer is a rule of the user's own. It is written like ours: on facts, not
// on text.
var OldPeer = &diag.Rule{
	Code: "ACME-OLD-PEER",
	Doc:  diag.Doc{Title: "peer runs an unsupported release", Kind: diag.Advice, Severity: diag.Warning},
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			s := diag.HostFact(v, end, func(s *diag.Software) bool { return s.Product == "strongSwan" && s.Before(6) })
			if s.OK {
				out.Add(diag.Finding{Summary: v.EndName(end) + " runs " + s.V.Product + " " + s.V.Version, Evidence: s.As(diag.Proof)})
				return
			}
		}
	},
}

// Rules of the user's own run beside ours.
func ExampleInputs_ownRule() {
	r, err := ingest.Files(context.Background(), ingest.Options{Rules: append(rules.Default(), OldPeer)},
		"../../examples/diagnose/testdata/healthy/east")
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Code == OldPeer.Code {
			fmt.Println(f.Kind, f.Summary)
		}
	}
	// Output:
	// advice 203.0.113.128 runs strongSwan 5.9.8
}
