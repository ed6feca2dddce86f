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
	f.Add([]byte("10:00:00.000000 192.0.2.57.500 > 198.51.100.40.500: udp 990 (ttl 128, id 1)\n10:00:01.000000 192.0.2.57.500 > 198.51.100.40.500: isakmp: phase 1 I ident\n"+
		"10:00:02.000000 192.0.2.57.1025 > 10.1.0.53.53: 1+ A? a.example. (35)\n10:00:03.000000 198.51.100.40.500 > 192.0.2.57.500: isakmp: phase 2/others R oakley-quick[E]\n"),
		[]byte("fafaeb49382a763c,735be0cb62f82675c4f7bf8fbab9b56834ba76d6ab4fa240\n"))
	f.Add(printed("192.0.2.57", "198.51.100.40", "192.0.2.57 > 198.51.100.40: ip-proto-50 132"), printed("203.0.113.7", "198.51.100.40", "198.51.100.40 > 203.0.113.7: AH(spi=0xc0ffee02,seq=0x1)"))
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
