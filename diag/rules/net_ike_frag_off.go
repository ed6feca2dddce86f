package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// IKEFragOff finds an end that forbids IKE fragmentation where large messages
// are to be expected.
var IKEFragOff = &diag.Rule{
	Code: diag.NetIKEFragOff,
	Doc: diag.Doc{
		Meaning: "With certificates the last messages of phase 1 are larger than a packet. One end forbids that they are cut into IKE fragments, so IP cuts them, and many firewalls and NATs drop IP fragments.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetIKEFragDropped, Ask: askCapture(diag.EndBoth, "it shows whether the fragments of a large message arrive")},
		},
		Common: 2,
		Remedy: "turn IKE fragmentation on at both ends",
		References: []diag.Reference{
			{Title: "RFC 791, section 3.2: Fragmentation and Reassembly", URL: "https://www.rfc-editor.org/rfc/rfc791"},
			{Title: "[MS-IKEE]: Internet Key Exchange Protocol Extensions", URL: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-ikee/"},
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			c, o := v.Connection(end), v.Connection(1-end)
			at, stated := placeOf(c, "FragmentationOff")
			if !c.OK || !c.V.FragmentationOff || !stated || at.Default || o.OK && o.V.FragmentationOff {
				continue
			}
			signs := signed(c) || signed(o)
			cut := wasCut(v)
			if !signs && !cut.OK {
				continue
			}
			f := diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat([]diag.Evidence{v.PlaceEvidence(c, "FragmentationOff").As(diag.Strong)}, cut.As(diag.Background)),
				Summary: "IKE fragmentation is off at one end: its large messages go in IP fragments"}
			if n := v.EndName(end); n != "" {
				f.Summary = fmt.Sprintf("IKE fragmentation is off at %s: its large messages go in IP fragments", n)
			}
			f.Remedies = []diag.Remedy{{End: diag.EndEither, Action: "turn IKE fragmentation on", Setting: at.Setting, Source: f.Evidence[0].Source, Line: f.Evidence[0].Where.Line}}
			if v.Up() {
				f.Severity = diag.Info
			}
			out.Add(f)
			return
		}
	},
}

// placeOf returns the place of a value of a connection.
func placeOf(c diag.Known[*diag.Connection], field string) (p diag.Place, ok bool) {
	if c.OK {
		p, ok = c.V.At[field]
	}
	return p, ok
}

// signed reports whether a connection's ends prove themselves by signatures.
func signed(c diag.Known[*diag.Connection]) bool {
	return c.OK && (c.V.ExpectsCertificates || c.V.LocalAuth != 0 && !isPSK(c.V.LocalAuth))
}

// wasCut finds a message that IP cut into fragments.
func wasCut(v *diag.View) diag.Known[*diag.Message] {
	for a := range v.Attempts() {
		if k := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return m.Fragments > 1 }); k.OK {
			return k
		}
	}
	return diag.Known[*diag.Message]{}
}
