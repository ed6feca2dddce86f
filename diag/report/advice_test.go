package report_test

import (
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// Advice says what to write and where: the value is not the one that stands
// there.
func TestAdviceSaysWhatToWrite(t *testing.T) {
	r := base(diag.OutcomeEstablished, "established")
	r.Sources = []diag.SourceReport{source("s1", "branch.conf", diag.KindConfig, "libreswan-ipsec.conf", "g1", 9, 9)}
	r.Findings = []diag.Finding{{
		Code: diag.SecIKEV1Deprecated, Kind: diag.Advice, Severity: diag.Warning, Verdict: diag.Confirmed, Summary: "the connection insists on IKEv1",
		Remedies: []diag.Remedy{{Setting: "ikev2", Value: "yes", Source: 0, Line: 9}},
	}}
	var b strings.Builder
	if err := report.Write(&b, r, report.Options{Format: report.Text}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "write ikev2 = yes at branch.conf:9") {
		t.Error(b.String())
	}
}
