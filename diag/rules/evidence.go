package rules

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// EvidenceEncrypted notes that the decisive messages could not be read.
var EvidenceEncrypted = &diag.Rule{
	Code: diag.EvidEncrypted,
	Doc: diag.Doc{
		Meaning: "The capture shows that encrypted messages passed, not what they say. A log of either end, or the keys, would.",
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if a.Spoken() {
				continue
			}
			m := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return m.Encrypted && !m.Opened && m.Exchange != isakmp.ExchangeQuick })
			if m.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: m.As(diag.Background), Summary: "the decisive messages are encrypted",
					Missing: []diag.Missing{{Kind: diag.KindLog, End: diag.EndResponder, Why: "it says what it made of the encrypted messages"}}})
			}
		}
	},
}
