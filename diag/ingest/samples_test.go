package ingest_test

import (
	"context"
	"encoding/csv"
	"flag"
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

// updateLedger rewrites testdata/samples.tsv.
var updateLedger = flag.Bool("update-samples", false, "rewrite the ledger of samples")

// excerpt is one row of the index of public excerpts: what wrote it and why its
// tunnel failed.
type excerpt struct {
	file      string
	codes     []string // any of them is right; none: nothing is wrong
	confirmed bool
	kind      string // the sort of cause in the index's own words
}

// indexed are the samples that a ledger is kept of: of the dialects that are
// read from genuine samples. A dialect is added by its folder.
var indexed = []string{"libreswan/", "openswan/", "cisco-", "racoon/", "alibaba-vpn/", "strongswan/", "pfsense/", "vyos/", "fortigate/", "juniper/", "sonicwall/"}

// excerpts reads the index, or skips. A file that it names must be there.
func excerpts(t *testing.T) (list []excerpt, dir string) {
	t.Helper()
	dir = recordings.Path(t, "logs", "samples")
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := func(row []string, name string) string {
		if i := slices.Index(rows[0], name); i >= 0 && i < len(row) {
			return row[i]
		}
		return ""
	}
	for _, row := range rows[1:] {
		s := excerpt{file: col(row, "file"), confirmed: col(row, "confirmed") == "confirmed", kind: col(row, "cause_code")}
		if !slices.ContainsFunc(indexed, s.of) {
			continue
		}
		if c := col(row, "codes"); c != "-" && c != "" {
			s.codes = family(strings.Split(c, ","))
		}
		if _, err := os.Stat(filepath.Join(dir, s.file)); err != nil {
			t.Errorf("the index names a file that is not there: %v", err)
			continue
		}
		list = append(list, s)
	}
	return list, dir
}

// Why lines cannot show a cause, or not it alone.
const (
	refused   = "only the responder's log tells what it has against a certificate"
	silence   = "nothing came back, and the log ends before it is given up"
	bare      = "one line that an end gave up, and nothing tells which message it waited for"
	elsewhere = "the fault is in the other end's host, which answers nothing"
	noAnswer  = "quick mode gets no answer, whatever the responder has against it"
	notWhy    = "the initiator is told that no proposal was chosen, and not why"
	notWhose  = "the initiator is told that authentication failed, and neither whose nor why"
	nssWord   = "NSS calls a certificate expired that is not valid yet"
)

// unseen are the samples whose lines cannot show their cause.
var unseen = map[string]string{
	"libreswan/10-x509-cert-09-notyetvalid-initiator-ikev1-west.log":               refused,
	"libreswan/13-x509-crl-01-revoked-initiator-ikev1-west.log":                    refused,
	"libreswan/21-nss-cert-ocsp-02-revoked-ikev1-west.log":                         refused,
	"libreswan/46-nss-cert-crl-02-v3.32-west.log":                                  refused,
	"openswan/03-fail-x509-10-v2.6.38-north.log":                                   refused,
	"libreswan/32-ikev1-policy-01-drop-west.log":                                   silence,
	"alibaba-vpn/01-p1-timeout-api-sourcelog.log":                                  bare,
	"libreswan/44-impair-install-ipsec-sa-inbound-policy-responder-ikev1-west.log": elsewhere,
}

// doubtful are those whose lines show the cause among others that look the
// same: it is one of the first three, and no more can be asked.
var doubtful = map[string]string{
	"libreswan/11-x509-cert-09-notyetvalid-initiator-ikev1-east.log": nssWord,
	"libreswan/17-nss-cert-04-ikev1-west.log":                        refused,
	"libreswan/29-ikev1-x509-19-id-notany-responder-west.log":        refused,
	"libreswan/47-x509-pluto-04-v3.32-west.log":                      refused,
	"libreswan/48-x509-crl-05-v3.20-west.log":                        refused,
	"libreswan/39-ikev1-xauth-35-xauth-only-lease-missing-road.log":  noAnswer,
	"openswan/04-basic-pluto-09-v2.6.38-north.log":                   noAnswer,
	"cisco-ios/01-qm-pfs-mismatch-paranoid-keepalives.log":           notWhy,
	"strongswan/04-cisco-peer-pfs-no-proposal.log":                   notWhy,
	"pfsense/21-phase-2-pfs-mismatch-initiator.log":                  notWhy,
	"pfsense/03-phase-1-main-aggressive-mismatch-initiator.log":      notWhose,
}

// TestSamples holds the diagnosis of public excerpts against their known
// causes: of those whose lines can show it, the first finding is right for
// nine in ten of each vendor's and one of the first three for all; nothing is
// confirmed that is wrong, nothing found where nothing is wrong. The ledger keeps what is found,
// and how many lines no template knows.
func TestSamples(t *testing.T) {
	list, dir := excerpts(t)
	var ledger strings.Builder
	ledger.WriteString("# sample\tlines\tunknown\tcauses, as TestSamples -update-samples finds them\n")
	telling, first := map[string]int{}, map[string]int{}
	for _, s := range list {
		vendor := indexed[slices.IndexFunc(indexed, s.of)]
		b, err := os.ReadFile(filepath.Join(dir, s.file))
		if err != nil {
			t.Fatal(err)
		}
		r, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{memory("a/gateway.log", "a", b)}))
		if err != nil {
			t.Errorf("%s: %v", s.file, err)
			continue
		}
		causes := s.check(t, r)
		src := r.Sources[0]
		fmt.Fprintf(&ledger, "%s\t%d\t%d\t%s\n", s.file, src.Units, src.Units-src.Recognized, strings.Join(causes, " "))
		if !s.confirmed || s.codes == nil || unseen[s.file] != "" {
			continue
		}
		if doubtful[s.file] == "" {
			telling[vendor]++
			if len(causes) > 0 && s.right(causes[0]) {
				first[vendor]++
			} else {
				t.Logf("%s: want %v, got %v", s.file, s.codes, causes)
			}
		}
		if !slices.ContainsFunc(causes[:min(3, len(causes))], s.right) {
			t.Errorf("%s: want one of %v within three, got %v", s.file, s.codes, causes)
		}
	}
	for _, v := range indexed {
		t.Logf("%s: %d of %d first", v, first[v], telling[v])
		if 10*first[v] < 9*telling[v] {
			t.Errorf("%s: only %d of %d have a right code first", v, first[v], telling[v])
		}
	}
	path := filepath.Join("testdata", "samples.tsv")
	if *updateLedger {
		if err := os.WriteFile(path, []byte(ledger.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old, now := strings.Split(string(want), "\n"), strings.Split(ledger.String(), "\n")
	for _, l := range now {
		if !slices.Contains(old, l) {
			t.Errorf("not in the ledger: %s", l)
		}
	}
	for _, l := range old {
		if !slices.Contains(now, l) {
			t.Errorf("in the ledger only: %s", l)
		}
	}
}

// of reports whether the sample is of a vendor's.
func (s excerpt) of(vendor string) bool { return strings.HasPrefix(s.file, vendor) }

func (s excerpt) right(cause string) bool {
	code, _, _ := strings.Cut(cause, ":")
	return slices.Contains(s.codes, code)
}

// check holds a report to what must never be, and lists its causes with their
// verdicts.
func (s excerpt) check(t *testing.T, r *diag.Report) (causes []string) {
	t.Helper()
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind != diag.Cause {
			continue
		}
		causes = append(causes, string(f.Code)+":"+f.Verdict.String())
		switch wrong := !slices.Contains(s.codes, string(f.Code)); {
		case s.codes == nil && f.Severity >= diag.Error:
			t.Errorf("%s: nothing is wrong with it, got %s", s.file, f.Code)
		case wrong && f.Verdict == diag.Confirmed && s.codes != nil:
			t.Errorf("%s: %s is confirmed and wrong, it is %v", s.file, f.Code, s.codes)
		}
	}
	return causes
}
