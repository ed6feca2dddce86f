package ingest_test

import (
	"bytes"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// Two files of whatever content are read or refused, alone and as pieces, and
// the report is rendered.
func FuzzInputs(f *testing.F) {
	for _, s := range []string{"wrong-psk/branch/charon.log", "wrong-psk/branch/wan.pcap", "wrong-psk/branch/swanctl.conf", "wrong-psk/headquarters/list-sas.txt"} {
		b := sample(f, s)
		f.Add(b[:min(len(b), 4000)], []byte("192.0.2.1 : PSK \"x\"\n"))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		r := diagnose(t, []ingest.Input{memory("a/x", "a", a), memory("b/y", "b", b)})
		var out bytes.Buffer
		for _, format := range report.Formats() {
			if err := report.Write(&out, r, report.Options{Format: format}); err != nil {
				t.Fatal(err)
			}
		}
		e := newEngine(t)
		feed := ingest.NewFeed(e, diag.Source{Name: "z"}, ingest.Options{})
		for i := 0; i < len(a); i += 100 {
			if _, err := feed.Write(a[i:min(i+100, len(a))]); err != nil {
				t.Fatal(err)
			}
		}
		_ = feed.Close() // an error says that it is no evidence
		finish(e)
	})
}
