package rules

import (
	"iter"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// Advice about the algorithms that configurations allow. Nothing of it breaks
// a tunnel.

// suite is a list of proposals of a configuration, with its place.
type suite struct {
	ps []ike.Proposal
	at func() diag.Evidence
	// child is nil in phase 1.
	child *diag.ConnectionChild
	c     *diag.Connection
}

// suites iterates over the proposals of both ends that are written down: an
// implementation's own list is for its maintainers to keep up to date.
func suites(v *diag.View) iter.Seq[suite] {
	return func(yield func(suite) bool) {
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK {
				continue
			}
			if !yield(suite{ps: c.V.Proposals, c: c.V, at: func() diag.Evidence { return v.PlaceEvidence(c, "Proposals") }}) {
				return
			}
			for i := range c.V.Children {
				k := &c.V.Children[i]
				if !k.Shunt && !yield(suite{ps: k.Proposals, child: k, c: c.V, at: func() diag.Evidence { return v.ChildEvidence(c, i, "Proposals") }}) {
					return
				}
			}
		}
	}
}

// weakness gives advice about what a proposal has: an empty name is none.
func weakness(v *diag.View, out *diag.Sink, remedy, summary string, has func(s suite, p *ike.Proposal) string) {
	var f diag.Finding
	named := ""
	for s := range suites(v) {
		for i := range s.ps {
			name := ""
			if !s.ps[i].Default {
				name = has(s, &s.ps[i])
			}
			if name == "" {
				continue
			}
			e := s.at().As(diag.Proof)
			f.Evidence = append(f.Evidence, e)
			f.Remedies = append(f.Remedies, diag.Remedy{End: diag.EndBoth, Action: remedy, Setting: settingOf(s), Source: e.Source, Line: e.Where.Line})
			if named == "" {
				named = name
			}
			break
		}
	}
	if named != "" {
		f.FixAt, f.Summary = diag.EndBoth, summary+named
		out.Add(f)
	}
}

func settingOf(s suite) string {
	if s.child != nil {
		return s.child.At["Proposals"].Setting
	}
	return s.c.At["Proposals"].Setting
}

// SecWeakCipher advises against ciphers that are broken or have blocks of 64
// bits.
var SecWeakCipher = &diag.Rule{
	Code: diag.SecWeakCipher,
	Doc: diag.Doc{
		Meaning: "A proposal allows a cipher that must not or should no longer be used: DES is broken by search, and with blocks of 64 bits 3DES, Blowfish, CAST and IDEA leak under load.",
		Remedy:  secWeakCipherRemedy,
		References: []diag.Reference{
			rfc(8221, "5", "ESP Encryption Algorithms"),
			rfc(8247, "2.1", "Type 1 - IKEv2 Encryption Algorithm Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secWeakCipherRemedy, "the configuration allows the weak cipher ", func(_ suite, p *ike.Proposal) string {
			for _, c := range p.Ciphers {
				switch c.Cipher {
				case ike.CipherDES, ike.Cipher3DES, ike.CipherBlowfish, ike.CipherCAST, ike.CipherIDEA, ike.Cipher3IDEA, ike.CipherRC4, ike.CipherRC5, ike.CipherDESIV32, ike.CipherDESIV64:
					return c.Cipher.String()
				}
			}
			return ""
		})
	},
}

const secWeakCipherRemedy = "use AES-GCM, or AES-CBC with a key of 128 bits or more"

// SecWeakHash advises against MD5 and SHA-1.
var SecWeakHash = &diag.Rule{
	Code: diag.SecWeakHash,
	Doc: diag.Doc{
		Meaning: "A proposal allows MD5 or SHA-1. No attack on their use in IPsec is known, but MD5 must not be used any more and SHA-1 is on its way out.",
		Remedy:  secWeakHashRemedy,
		References: []diag.Reference{
			rfc(8221, "6", "ESP and AH Authentication Algorithms"),
			rfc(8247, "2.3", "Type 3 - IKEv2 Integrity Algorithm Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secWeakHashRemedy, "the configuration allows the weak hash ", func(_ suite, p *ike.Proposal) string {
			for _, h := range p.Integrity {
				switch h {
				case ike.IntegrityMD5, ike.IntegrityMD5Full, ike.IntegritySHA1, ike.IntegritySHA1Full, ike.IntegrityDESMAC, ike.IntegrityKPDK:
					return h.String()
				}
			}
			return ""
		})
	},
}

const secWeakHashRemedy = "use SHA-256 or better"

// SecWeakDH advises against small and trapped groups.
var SecWeakDH = &diag.Rule{
	Code: diag.SecWeakDH,
	Doc: diag.Doc{
		Meaning: "A proposal allows a Diffie-Hellman group that is too small (768, 1024 or 1536 bits), or one with small subgroups of unexplained origin (22 to 24).",
		Remedy:  secWeakDHRemedy,
		References: []diag.Reference{
			rfc(8247, "2.4", "Type 4 - IKEv2 Diffie-Hellman Group Transforms"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secWeakDHRemedy, "the configuration allows the weak group ", func(_ suite, p *ike.Proposal) string {
			for _, g := range p.Groups {
				switch g {
				case ike.GroupMODP768, ike.GroupMODP1024, ike.GroupMODP1536, ike.GroupEC2N155, ike.GroupEC2N185, ike.GroupMODP1024s160, ike.GroupMODP2048s224, ike.GroupMODP2048s256, ike.GroupMODPNull:
					return g.String()
				}
			}
			return ""
		})
	},
}

const secWeakDHRemedy = "use group 14 or better: 19, 20, 21 or 31"

// SecESPNull advises against ESP that does not encrypt.
var SecESPNull = &diag.Rule{
	Code: diag.SecESPNull,
	Doc: diag.Doc{
		Meaning: "A proposal allows ESP with the NULL cipher: packets are authenticated and readable by anybody.",
		Remedy:  secESPNullRemedy,
		References: []diag.Reference{
			{Title: "RFC 2410: The NULL Encryption Algorithm and Its Use With IPsec", URL: "https://www.rfc-editor.org/rfc/rfc2410"},
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secESPNullRemedy, "the configuration allows ESP without encryption: ", func(s suite, p *ike.Proposal) string {
			for _, c := range p.Ciphers {
				if s.child != nil && c.Cipher == ike.CipherNull {
					return c.Cipher.String()
				}
			}
			return ""
		})
	},
}

const secESPNullRemedy = "use AES-GCM, or AES-CBC with SHA-256"

// SecESPNoAuth advises against ESP whose packets are not authenticated.
var SecESPNoAuth = &diag.Rule{
	Code: diag.SecESPNoAuth,
	Doc: diag.Doc{
		Meaning: "A proposal allows ESP with a cipher that does not authenticate, and without a hash: packets can be changed on the way without anybody noticing.",
		Remedy:  secESPNoAuthRemedy,
		References: []diag.Reference{
			rfc(8221, "4", "Encryption Must Be Authenticated"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secESPNoAuthRemedy, "the configuration allows ESP without authentication: ", func(s suite, p *ike.Proposal) string {
			// libreswan and Cisco have defaults where no hash is written.
			if s.child == nil || s.c.Product != "strongSwan" || p.Protocol != ike.ProtocolESP || len(p.Ciphers) == 0 || p.AEAD() || len(p.Integrity)+len(p.Unknown) > 0 || p.Open != 0 {
				return ""
			}
			return p.Ciphers[0].String()
		})
	},
}

const secESPNoAuthRemedy = "add a hash, or use AES-GCM"

// SecAHOnly advises against AH alone.
var SecAHOnly = &diag.Rule{
	Code: diag.SecAHOnly,
	Doc: diag.Doc{
		Meaning: "The traffic is protected with AH alone: packets are authenticated and readable by anybody, and AH does not pass address translation.",
		Remedy:  secAHOnlyRemedy,
		References: []diag.Reference{
			rfc(8221, "4", "Encryption Must Be Authenticated"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secAHOnlyRemedy, "the configuration protects traffic without encryption: ", func(s suite, p *ike.Proposal) string {
			if s.child == nil || p.Protocol != ike.ProtocolAH {
				return ""
			}
			for i := range s.ps {
				if s.ps[i].Protocol == ike.ProtocolESP {
					return ""
				}
			}
			return p.Protocol.String()
		})
	},
}

const secAHOnlyRemedy = "use ESP"

// SecNoPFS advises to renew keys with an exchange of their own.
var SecNoPFS = &diag.Rule{
	Code: diag.SecNoPFS,
	Doc: diag.Doc{
		Meaning: "Phase 2 is negotiated without perfect forward secrecy: whoever learns the keys of one phase 1 can read all that was protected under it.",
		Remedy:  secNoPFSRemedy,
		References: []diag.Reference{
			rfc(2409, "8", "Perfect Forward Secrecy"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		weakness(v, out, secNoPFSRemedy, "phase 2 is negotiated without perfect forward secrecy: group ", func(s suite, p *ike.Proposal) string {
			if s.child == nil || p.Protocol == ike.ProtocolIPComp || hasGroup(s.ps) || p.Open.Has(ike.AttrGroup) || len(p.Unknown) > 0 {
				return ""
			}
			return "none"
		})
	},
}

const secNoPFSRemedy = "add a group to the phase-2 proposals of both ends at once, group 14 or better"
