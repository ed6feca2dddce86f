package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

// ciscoLedger is what the public excerpts of Cisco's devices give: the first
// three causes, and how many of their lines no template knows.
var ciscoLedger = map[string]string{
	"cisco-asa/02-mm-wait-msg4-peer-has-no-key.log":        "IKE-P1-PEER-UNKNOWN:possible unknown=0",
	"cisco-asa/03-no-crypto-map-on-interface.log":          "IKE-P2-CRYPTOMAP-NOT-APPLIED:likely unknown=0",
	"cisco-asa/04-all-sa-proposals-unacceptable.log":       "IKE-P1-PROPOSAL-MISMATCH:likely unknown=0",
	"cisco-asa/06-school-lab-crypto-map-not-found.log":     "IKE-P2-TS-MISMATCH:likely unknown=0",
	"cisco-asa/07-l2l-established.log":                     "unknown=0",
	"cisco-asa/08-runt-packet.log":                         "unknown=0",
	"cisco-asa/09-no-valid-tunnel-group.log":               "IKE-P1-PEER-UNKNOWN:likely IKE-VERSION-MISMATCH:possible unknown=0",
	"cisco-ios/01-qm-pfs-mismatch-paranoid-keepalives.log": "IKE-P2-PROPOSAL-MISMATCH:likely IKE-P2-PFS-MISMATCH:possible unknown=0",
	"cisco-ios/03-no-sa-and-invalid-spi.log":               "ESP-INVALID-SPI:likely unknown=0",
	"cisco-ios/04-invalid-spi-syslog-relay.log":            "ESP-INVALID-SPI:likely unknown=0",
	"cisco-ios/05-iosxe-main-mode-nat-t-ok.log":            "unknown=0",
	"cisco-ios/06-iosxe-invalid-spi-after-clear.log":       "ESP-INVALID-SPI:likely unknown=0",
	"cisco-vpn3000/01-l2l-phase1-ok.log":                   "unknown=0",
}

// ciscoUntold are the excerpts whose lines show their cause among others that
// look the same: it is one of the first three, and no more can be asked.
var ciscoUntold = map[string]string{
	"cisco-ios/01-qm-pfs-mismatch-paranoid-keepalives.log": "the initiator is told that no proposal was chosen, and not why",
}

// Public excerpts of Cisco's devices whose cause is known: it is found, nothing
// wrong is confirmed, and what works or is noise is quiet.
func TestCiscoSamples(t *testing.T) {
	dir := recordings.Path(t, "logs", "samples")
	index, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	seen, telling, first := 0, 0, 0
	for line := range strings.Lines(string(index)) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) < 8 || !strings.HasPrefix(row[0], "cisco-") {
			continue
		}
		seen++
		file, confirmed := row[0], row[7] == "confirmed"
		var codes []string
		if row[4] != "-" {
			codes = family(strings.Split(row[4], ","))
		}
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		r := diagnose(t, []ingest.Input{memory("a/gateway.log", "a", b)})
		var causes, found []string
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Kind != diag.Cause {
				continue
			}
			causes = append(causes, string(f.Code))
			found = append(found, string(f.Code)+":"+f.Verdict.String())
			if codes == nil && f.Severity >= diag.Error {
				t.Errorf("%s: nothing is wrong with it, got %s", file, f.Code)
			}
			if f.Verdict == diag.Confirmed && !slices.Contains(codes, string(f.Code)) {
				t.Errorf("%s: %s is confirmed, it is %v", file, f.Code, codes)
			}
		}
		src := r.Sources[0]
		found = append(found[:min(3, len(found))], fmt.Sprintf("unknown=%d", src.Units-src.Recognized))
		if got := strings.Join(found, " "); got != ciscoLedger[file] {
			t.Errorf("%s: %s, the ledger has %s", file, got, ciscoLedger[file])
		}
		if !confirmed || codes == nil {
			continue
		}
		right := func(c string) bool { return slices.Contains(codes, c) }
		if !slices.ContainsFunc(causes[:min(3, len(causes))], right) {
			t.Errorf("%s: want one of %v within three, got %v", file, codes, causes)
		}
		if ciscoUntold[file] == "" {
			telling++
			if len(causes) > 0 && right(causes[0]) {
				first++
			}
		}
	}
	if seen != len(ciscoLedger) {
		t.Errorf("%d samples, the ledger has %d", seen, len(ciscoLedger))
	}
	t.Logf("%d samples, %d of %d first", seen, first, telling)
	if 10*first < 9*telling {
		t.Errorf("only %d of %d have a right code first", first, telling)
	}
}
