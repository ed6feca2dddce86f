package rules

import "github.com/ikediag/ikediag/diag"

// PSKEncoding finds keys that look equal and are not.
var PSKEncoding = &diag.Rule{
	Code: diag.IKEP1PSKEncoding,
	Doc: diag.Doc{
		Meaning: "The two pre-shared keys look the same but their bytes differ: a blank or line end at one end of the key, quotes taken as part of it, " +
			"or a letter that two encodings write differently.",
		Explains: garbled,
		Common:   3,
		Remedy:   "enter the key again at both ends, in plain ASCII without blanks, or in hexadecimal",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		p := comparePSK(v)
		if p.state != keysLooselyEqual || v.Up() {
			return
		}
		f := diag.Finding{FixAt: diag.EndEither, Summary: "the pre-shared keys look the same but differ in bytes that the eye does not see"}
		p.apply(&f)
		out.Add(f)
	},
}
