// Own-dialect reads the log of a gateway that ikediag does not know, beside all
// that it does: tunneld's, which nobody else has.
//
//	go run ./examples/own-dialect examples/own-dialect/testdata/edge7.log
//
// A dialect is a value: the messages as patterns, each with the Kind that says
// what it means and the fields that are in it. No rule knows the words.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/logparse"
)

// tunneld numbers its negotiations, {sa}: that ties its lines together.
//
// Its Basis is not said, so what rests on its lines alone is never confirmed.
// Somebody who has a log of the real daemon that Check finds no fault with says
// logparse.Recorded.
var tunneld = &logparse.Dialect{
	Name:     "tunneld",
	Programs: []string{"tunneld"},   // in syslog and the journal
	Spelling: ike.DialectStrongSwan, // of algorithms and identities
	Templates: [][]logparse.Template{{
		{Kind: logparse.BeingInitiated, Pattern: "#{sa:num} phase 1 from {remote:addr} to {local:addr}"},
		{Kind: logparse.ProposalsReceived, Pattern: "#{sa:num} peer offers {offered:rest}"},
		{Kind: logparse.ProposalsConfigured, Pattern: "#{sa:num} we accept {configured:rest}"},
		{Kind: logparse.ProposalNotFound, Pattern: "#{sa:num} refused: no common proposal"},
		{Kind: logparse.NotifySent, Pattern: "#{sa:num} told peer {notify:word}"},
		{Kind: logparse.PeerConfigSelected, Pattern: "#{sa:num} is {connection:rest}"},
		{Kind: logparse.SAEstablished, Pattern: "#{sa:num} phase 1 up"},
		{Kind: logparse.ChildEstablished, Pattern: "#{sa:num} phase 2 up, spi in 0x{spiin:hex} out 0x{spiout:hex}"},
	}},
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: own-dialect FILE...")
		os.Exit(2)
	}
	o := ingest.Options{Dialects: []*logparse.Dialect{tunneld}}
	r, err := ingest.Files(context.Background(), o, os.Args[1:]...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "own-dialect:", diag.Clean(err.Error(), 400))
	}
	if err := report.Write(os.Stdout, r, report.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, "own-dialect:", err)
		os.Exit(2)
	}
}
