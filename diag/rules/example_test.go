package rules_test

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/rules"
)

// What a finding means, what looks like it and what to do: a rule's
// documentation is data.
func ExampleDefault() {
	for _, r := range rules.Default() {
		if r.Code != diag.IKEP1ProposalMismatch {
			continue
		}
		fmt.Println(r.Doc.Meaning)
		for _, l := range r.Doc.LookAlikes {
			fmt.Println("looks like it:", l.Code)
		}
		break
	}
	// Output:
	// The initiator offers no combination of encryption, hash, group and authentication method that the responder accepts (RFC 2409, section 5).
	// looks like it: IKE-P1-PEER-UNKNOWN
	// looks like it: IKE-P1-AUTHMETHOD-MISMATCH
}

// Codes of the catalogue that no rule finds yet, and what a rule would need.
func ExampleUnruled() {
	for _, n := range rules.Unruled() {
		if n.Code == diag.LifeHAFailoverNoSync {
			fmt.Println(n.Code, n.Needs != "")
		}
	}
	// Output: LIFE-HA-FAILOVER-NO-SYNC true
}
