package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// KeysUnverifiable notes that two configurations leave open whether their keys
// agree: that nothing differs is then no proof that the ends fit.
var KeysUnverifiable = &diag.Rule{
	Code: diag.EvidInsufficient,
	Doc: diag.Doc{
		Meaning: "Both ends authenticate with a pre-shared key, and the key of one of them is masked, or its file was not given, or it depends on an address that is not known before. Everything else can be compared, and this cannot.",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		p, ok := confPairOf(v)
		if !ok || v.Last() != nil {
			return // what was seen of negotiations tells more
		}
		var ev []diag.Evidence
		why := ""
		for end := range p.c {
			c := p.c[end].V
			if !isPSK(c.LocalAuth) && !isPSK(c.RemoteAuth) {
				return
			}
			switch c.PSK.State {
			case diag.PSKMissing:
				return // which is worse
			case diag.PSKHidden:
				why = "a key is masked in the configuration"
				ev = append(ev, v.SecretEvidence(p.c[end]).As(diag.Background))
			case diag.PSKUnread:
				if why == "" {
					why = "the secrets of an end are not given, or which one it takes depends on who calls"
				}
				ev = append(ev, v.PlaceEvidence(p.c[end], "LocalAuth").As(diag.Background))
			}
		}
		if why == "" {
			return
		}
		out.Add(diag.Finding{
			Verdict: diag.Unverifiable, FixAt: diag.EndUnknown, Evidence: ev,
			Summary: fmt.Sprintf("whether the pre-shared keys of %s and %s agree cannot be told", p.name(0), p.name(1)),
			Missing: []diag.Missing{{Kind: diag.KindSecrets, End: diag.EndBoth, Decides: []diag.Code{diag.IKEP1PSKMismatch, diag.IKEP1PSKMissing}, Why: why}},
		})
	},
}
