package ike

// AppendCiscoTransforms reads a transform set of Cisco IOS or ASA, appends what
// it holds to dst and returns it:
//
//	esp-aes 256 esp-sha-hmac
//	esp-aes-256 esp-sha256-hmac
//	esp-3des ah-sha-hmac comp-lzs
//	{ esp-256-aes esp-md5-hmac }
//	esp-aes esp-sha-hmac mode transport
//
// The set is one proposal for each protocol in it; where there are several,
// the later are Bundled, since all of them are applied together. The word mode
// and what follows it gives the mode. It never fails: a name that is not known
// becomes an Unknown. After MaxAlgorithms words it stops.
func AppendCiscoTransforms[S ~string | ~[]byte](dst []Proposal, s S) []Proposal {
	start := len(dst)
	var prev Protocol
	mode := ModeNone
	for range MaxAlgorithms {
		var w S
		if w, s = cutWord(s); len(w) == 0 {
			break
		}
		if foldEqual(w, "mode") {
			w, s = cutWord(s)
			if m, ok := ParseMode(w); ok {
				mode = m
			} else {
				p := ciscoFor(&dst, start, ProtocolESP)
				p.Unknown = append(p.Unknown, Unknown{AttrMode, string(w)})
			}
			continue
		}
		if prev != ProtocolNone && len(dst) > start && keyLengthWord(w) {
			setCiscoKeyLength(ciscoFor(&dst, start, prev), w)
			continue
		}
		prev = ProtocolESP
		switch {
		case hasFoldPrefix(w, "ah-"):
			prev = ProtocolAH
		case hasFoldPrefix(w, "comp-"):
			prev = ProtocolIPComp
		}
		addCisco(ciscoFor(&dst, start, prev), w)
	}
	for i := start; i < len(dst); i++ {
		dst[i].Bundled = i > start
		if mode != ModeNone {
			dst[i].Modes = append(dst[i].Modes, mode)
		}
		for j := range dst[i].Ciphers {
			dst[i].Ciphers[j] = dst[i].Ciphers[j].WithDefault(DialectCisco)
		}
	}
	return dst
}

// ciscoFor returns the proposal for a protocol, a new one if there is none.
func ciscoFor(dst *[]Proposal, start int, proto Protocol) *Proposal {
	for i := start; i < len(*dst); i++ {
		if (*dst)[i].Protocol == proto {
			return &(*dst)[i]
		}
	}
	*dst = extend(*dst)
	p := &(*dst)[len(*dst)-1]
	p.Protocol = proto
	return p
}

func addCisco[S ~string | ~[]byte](p *Proposal, w S) {
	var k key
	setKey(&k, w)
	// The name ends in -hmac if and only if it is an integrity algorithm.
	if t := k.text(); len(t) > 4 && string(t[len(t)-4:]) == "hmac" || p.Protocol == ProtocolAH {
		if v, ok := integrityFromKey(&k); ok {
			p.Integrity = append(p.Integrity, v)
		} else {
			p.Unknown = append(p.Unknown, Unknown{AttrHash, string(w)})
		}
		return
	}
	if p.Protocol == ProtocolESP {
		if v, ok := cipherFromKey(&k); ok {
			p.Ciphers = append(p.Ciphers, v)
		} else {
			p.Unknown = append(p.Unknown, Unknown{AttrEncryption, string(w)})
		}
		return
	}
	p.Unknown = append(p.Unknown, Unknown{AttrNone, string(w)})
}

func keyLengthWord[S ~string | ~[]byte](w S) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return len(w) == 3
}

func setCiscoKeyLength[S ~string | ~[]byte](p *Proposal, w S) {
	n := len(p.Ciphers)
	if n == 0 || !p.Ciphers[n-1].Cipher.VariableKey() {
		p.Unknown = append(p.Unknown, Unknown{AttrKeyLength, string(w)})
		return
	}
	bits := uint16(0)
	for i := 0; i < len(w); i++ {
		bits = bits*10 + uint16(w[i]-'0')
	}
	p.Ciphers[n-1].KeyBits = bits
}

// cutWord returns the first word of s, with blanks, commas and braces as
// separators, and the rest.
func cutWord[S ~string | ~[]byte](s S) (word, rest S) {
	i := 0
	for i < len(s) && ciscoSeparator(s[i]) {
		i++
	}
	j := i
	for j < len(s) && !ciscoSeparator(s[j]) {
		j++
	}
	return s[i:j], s[j:]
}

func ciscoSeparator(c byte) bool { return blank(c) || c == ',' || c == '{' || c == '}' }

func hasFoldPrefix[S ~string | ~[]byte](s S, prefix string) bool {
	return len(s) >= len(prefix) && foldEqual(s[:len(prefix)], prefix)
}
