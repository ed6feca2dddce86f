package ingest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// What keeps a whole gateway from working is told to a monitor, once.
func TestGatewayChange(t *testing.T) {
	e := newEngine(t)
	f := ingest.NewFeed(e, diag.Source{Name: "charon.log", Gateway: "hq"}, ingest.Options{Zone: time.UTC})
	if _, err := f.Write([]byte("2026-02-03T04:05:06Z hq charon: 00[NET] unable to bind socket: Address already in use\n")); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 2, 3, 4, 5, 7, 0, time.UTC)
	var said []diag.Change
	for range 3 {
		for c := range e.Advance(now) {
			said = append(said, c)
		}
		now = now.Add(time.Minute)
	}
	if len(said) != 1 || said[0].Op != diag.Opened || said[0].Finding.Code != diag.CFGInterfacePort || said[0].Finding.Gateway != "hq" || said[0].Tunnel.ID != "" {
		t.Fatalf("%+v", said)
	}
	var b bytes.Buffer
	if err := report.WriteChange(&b, &said[0], report.Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"tunnel":null`) || !strings.Contains(b.String(), `"identities":[],"name":"hq"}]`) {
		t.Error(b.String())
	}
}
