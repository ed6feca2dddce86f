package isakmp

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

func TestNames(t *testing.T) {
	tests := []struct {
		v    fmt.Stringer
		want string
	}{
		{PayloadSA, "SA"}, {PayloadNATDDraft, "NAT-D(draft)"}, {PayloadType(200), "PayloadType(200)"},
		{ExchangeMain, "main"}, {ExchangeType(99), "ExchangeType(99)"}, {ExchangeInformational2, "INFORMATIONAL"},
		{NotifyNoProposalChosen, "NO-PROPOSAL-CHOSEN"}, {NotifyDPDRUThere, "R-U-THERE"}, {NotifyType(40000), "NotifyType(40000)"},
		{NotifyV2NoProposalChosen, "NO_PROPOSAL_CHOSEN"}, {IDDERDN, "ID_DER_ASN1_DN"}, {Group(14), "MODP-2048"}, {DOI(77), "DOI(77)"},
		{AuthXAuthInitPSK, "XAUTH, initiator, pre-shared key"}, {ClassKeepalive, "keepalive"}, {Class(9), "Class(9)"}, {Version1, "1.0"},
		{Rule(250), "Rule(250)"},
	}
	for _, tt := range tests {
		if got := tt.v.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	// Numbers that other documents rely on.
	for name, ok := range map[string]bool{
		"quick": ExchangeQuick == 32, "new group": ExchangeNewGroup == 33, "transaction": ExchangeTransaction == 6,
		"fragment": PayloadFragment == 132, "NAT-OA": PayloadNATOA == 21 && PayloadNATOADraft == 131,
		"initial contact": NotifyInitialContact == 24578, "hash information": NotifyInvalidHashInformation == 23,
		"key ID": IDKeyID == 11, "XAUTH status": ConfigXAuthStatus == 16527, "R-U-THERE-ACK": NotifyDPDRUThereAck == 36137,
	} {
		if !ok {
			t.Errorf("%s has another number", name)
		}
	}
	if !PayloadSAK.IsNATD() || !PayloadSAT.IsNATOA() || PayloadNATD.IsNATOA() || !NotifyInvalidSPI.IsError() || NotifyInitialContact.IsError() || NotifyV2Cookie.IsError() {
		t.Error("kinds of numbers")
	}
}

// TestGenerated runs the generators once more and compares.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir+"/registry", os.DirFS("registry")); err != nil {
		t.Fatal(err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for generator, output := range map[string]string{"gen.go": "zenums.go", "genvendors.go": "zvendors.go"} {
		cmd := exec.Command("go", "run", wd+"/"+generator)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", generator, err, out)
		}
		old, _ := os.ReadFile(output)
		if fresh, err := os.ReadFile(dir + "/" + output); err != nil || string(fresh) != string(old) {
			t.Errorf("%s is not what %s writes: run go generate (%v)", output, generator, err)
		}
	}
}

func TestExchangeMode(t *testing.T) {
	for x, want := range map[ExchangeType]string{
		ExchangeMain: "main mode", ExchangeAggressive: "aggressive mode", ExchangeQuick: "quick mode",
		ExchangeNewGroup: "new group mode", ExchangeTransaction: "transaction", 99: "ExchangeType(99)",
	} {
		if got := x.Mode(); got != want {
			t.Errorf("%d: %q, not %q", x, got, want)
		}
	}
}
