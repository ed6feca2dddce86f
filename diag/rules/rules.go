package rules

import "github.com/ikediag/ikediag/diag"

// Default returns all rules, in the order of the catalogue.
func Default() []*diag.Rule {
	return []*diag.Rule{
		AuthAmbiguous,
		RetransmitExhausted,
		PeerUnknown,
		ProposalMismatch,
		PSKMismatch,
		PSKEncoding,
		PSKMissing,
		IDInitiatorMismatch,
		IDResponderMismatch,
		RSAKeyInitiator,
		RSAKeyResponder,
		TSMismatch,
		EvidenceEncrypted,
		Phase1Established,
		Phase2Established,
	}
}
