package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/rules"
)

// Why a rule may be sure although no fixture of its own was recorded.
const (
	// What configurations and certificates say is the proof: nothing of a
	// daemon's behaviour has to be known to compare them.
	byDefinition = "compares what is written"
	// The counter, the setting or the state has one meaning, which the
	// kernel's documentation gives.
	byKernel = "reads what the kernel documents"
	// The corpus has recordings of it, which the corpus's own test reads.
	inCorpus = "recorded in the corpus"
	// The daemon says the cause itself, in words that stand in its sources
	// (the vocabularies that logparse's tests hold its templates to).
	bySource = "the daemon says so, in the words of its sources"
)

var sureWithoutRecording = map[diag.Code]string{
	diag.CertChainConstraint: bySource, diag.CertCRLUnreachable: bySource, diag.CertKeyusage: byDefinition, diag.CertLDAPUnreachable: bySource,
	diag.CertTypeUnsupported: bySource, diag.CertWeakKey: byDefinition, diag.CFGAlgInvalid: byDefinition, diag.CFGConnNotOriented: bySource,
	diag.CFGDuplicateConn: byDefinition, diag.ESPAuthFailures: byKernel, diag.ESPIpforwardOff: byKernel,
	diag.ESPMarkIfid: byKernel, diag.ESPPolicyMissing: byKernel, diag.ESPPolicyOverlap: byKernel, diag.ESPRpfilter: byKernel,
	diag.ESPSelectorGap: byDefinition, diag.ESPSHA256Trunc: byKernel, diag.ESPSubnetOverlap: byDefinition, diag.ESPUdpencapMismatch: byKernel,
	diag.IKEHalfOpenLimit: bySource, diag.IKEModecfgAddrInstallFailed: bySource, diag.IKEModecfgPoolExhausted: bySource, diag.IKEP1AuthzRejected: bySource,
	diag.IKEP1IDNATPrivate: byDefinition, diag.IKEP1IDTypeMismatch: byDefinition, diag.IKEP1LifetimeMismatch: byDefinition, diag.IKEP1PSKEncoding: byDefinition,
	diag.IKEP1PSKWildcardShadow: byDefinition, diag.IKEP1UniqueRejected: bySource, diag.IKEP2ACLNotMirrored: byDefinition, diag.IKEP2CryptomapNotApplied: byDefinition,
	diag.IKEP2ESNMismatch: byDefinition, diag.IKEP2Lifebytes: bySource, diag.IKEP2ProtocolMismatch: byDefinition, diag.IKEP2ProtoportMismatch: byDefinition,
	diag.IKEXauthBackendDown: bySource, diag.IKEXauthMissingOneSide: byDefinition, diag.LifeDPDUnsupported: bySource, diag.LifeExpiresPredictably: bySource,
	diag.LifeP1GoneP2Alive: bySource, diag.LifeRekeyP1Failed: bySource, diag.LifeStaleSA: inCorpus, diag.LifeTimerExtreme: inCorpus,
	diag.NetHostFirewall: byKernel, diag.NetPeerDNSUnresolved: bySource, diag.NetPeerDown: bySource, diag.NetTransportNAT: byDefinition,
	diag.ESPReplayDrops: inCorpus, diag.NetPMTUBlackhole: inCorpus, diag.LifeSessionLimit: bySource,
}

// A rule of whose fixtures none was recorded or is a public sample is at most
// likely, unless the list says what it may be sure by.
func TestSureByRecordingOnly(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	more, _ := filepath.Glob("testdata/securepoint/*.txtar")
	recorded, sure := map[diag.Code]bool{}, map[diag.Code]string{}
	for _, file := range append(files, more...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := diagtest.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Report(rules.Default())
		if err != nil {
			continue // that is for the fixture's own test to say
		}
		for i := range r.Findings {
			f := &r.Findings[i]
			switch {
			case f.Kind != diag.Cause || f.Status != diag.Active:
			case c.Basis != "synthetic":
				recorded[f.Code] = true
			case f.Verdict == diag.Confirmed:
				sure[f.Code] = file
			}
		}
	}
	for code, file := range sure {
		if !recorded[code] && sureWithoutRecording[code] == "" {
			t.Errorf("%s is confirmed in %s, and no fixture of it was recorded", code, file)
		}
	}
	for code := range sureWithoutRecording {
		if !slices.ContainsFunc(rules.Default(), func(r *diag.Rule) bool { return r.Code == code }) {
			t.Errorf("%s is in the list and has no rule", code)
		}
	}
}
