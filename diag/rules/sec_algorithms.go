package rules

import "github.com/ikediag/ikediag/diag"

// Advice about the algorithms that configurations allow. Nothing of it breaks
// a tunnel. What is weak, and what each format has to say instead, the readers
// of the formats know.

// SecWeakCipher advises against ciphers that are broken or have blocks of 64
// bits.
var SecWeakCipher = &diag.Rule{
	Code: diag.SecWeakCipher,
	Doc: diag.Doc{
		Meaning: "A proposal allows a cipher that must not or should no longer be used: DES is broken by search, and with blocks of 64 bits 3DES, Blowfish, CAST and IDEA leak under load.",
		Remedy:  "use AES-GCM, or AES-CBC with a key of 128 bits or more",
		References: []diag.Reference{
			rfc(8221, "5", "ESP Encryption Algorithms"),
			rfc(8247, "2.1", "Type 1 - IKEv2 Encryption Algorithm Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultWeakCipher, "the configuration allows the weak cipher %s")
	},
}

// SecWeakHash advises against MD5 and SHA-1.
var SecWeakHash = &diag.Rule{
	Code: diag.SecWeakHash,
	Doc: diag.Doc{
		Meaning: "A proposal allows MD5 or SHA-1. No attack on their use in IPsec is known, but MD5 must not be used any more and SHA-1 is on its way out.",
		Remedy:  "use SHA-256 or better",
		References: []diag.Reference{
			rfc(8221, "6", "ESP and AH Authentication Algorithms"),
			rfc(8247, "2.3", "Type 3 - IKEv2 Integrity Algorithm Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultWeakHash, "the configuration allows the weak hash %s")
	},
}

// SecWeakDH advises against small and trapped groups.
var SecWeakDH = &diag.Rule{
	Code: diag.SecWeakDH,
	Doc: diag.Doc{
		Meaning: "A proposal allows a Diffie-Hellman group that is too small (768, 1024 or 1536 bits), or one with small subgroups of unexplained origin (22 to 24).",
		Remedy:  "use group 14 or better: 19, 20, 21 or 31",
		References: []diag.Reference{
			rfc(8247, "2.4", "Type 4 - IKEv2 Diffie-Hellman Group Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultWeakGroup, "the configuration allows the weak group %s")
	},
}

// SecESPNull advises against ESP that does not encrypt.
var SecESPNull = &diag.Rule{
	Code: diag.SecESPNull,
	Doc: diag.Doc{
		Meaning: "A proposal allows ESP with the NULL cipher: packets are authenticated and readable by anybody.",
		Remedy:  "use AES-GCM, or AES-CBC with SHA-256",
		References: []diag.Reference{
			{Title: "RFC 2410: The NULL Encryption Algorithm and Its Use With IPsec", URL: "https://www.rfc-editor.org/rfc/rfc2410"},
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultNullCipher, "the configuration allows ESP without encryption: %s")
	},
}

// SecESPNoAuth advises against ESP whose packets are not authenticated.
var SecESPNoAuth = &diag.Rule{
	Code: diag.SecESPNoAuth,
	Doc: diag.Doc{
		Meaning: "A proposal allows ESP with a cipher that does not authenticate, and without a hash: packets can be changed on the way without anybody noticing.",
		Remedy:  "add a hash, or use AES-GCM",
		References: []diag.Reference{
			rfc(8221, "4", "Encryption Must Be Authenticated"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultNoAuthentication, "the configuration allows ESP without authentication: %s")
	},
}

// SecAHOnly advises against AH alone.
var SecAHOnly = &diag.Rule{
	Code: diag.SecAHOnly,
	Doc: diag.Doc{
		Meaning: "The traffic is protected with AH alone: packets are authenticated and readable by anybody, and AH does not pass address translation.",
		Remedy:  "use ESP",
		References: []diag.Reference{
			rfc(8221, "4", "Encryption Must Be Authenticated"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultAHOnly, "the configuration protects traffic without encryption: %s")
	},
}

// SecNoPFS advises to renew keys with an exchange of their own.
var SecNoPFS = &diag.Rule{
	Code: diag.SecNoPFS,
	Doc: diag.Doc{
		Meaning: "Phase 2 is negotiated without perfect forward secrecy: whoever learns the keys of one phase 1 can read all that was protected under it.",
		Remedy:  "add a group to the phase-2 proposals of both ends at once, group 14 or better",
		References: []diag.Reference{
			rfc(2409, "8", "Perfect Forward Secrecy"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultNoPFS, "phase 2 is negotiated without perfect forward secrecy: group %s")
	},
}
