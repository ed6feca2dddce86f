package ike

// Bounds, so that a hostile peer's offer costs bounded memory and time.
const (
	// MaxProposals is how many proposals one text gives and how many of one
	// list Compare looks at. An SA payload of real daemons holds a few dozen.
	MaxProposals = 256

	// MaxAlgorithms is how many names one proposal's text gives. The longest
	// of real daemons, strongSwan's built-in ones, hold about fifty.
	MaxAlgorithms = 512
)

// AppendProposals reads a list of proposals as strongSwan logs them and as
// swanctl --list-sas shows them, appends them to dst and returns it:
//
//	IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048, IKE:...
//	ESP: AES_GCM_16_256 / MODP_2048 / NO_EXT_SEQ
//	AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
//
// Blanks do not matter, nor does case. A proposal without a protocol's name in
// front is for p. It never fails: a name that is not known becomes an Unknown.
// After MaxProposals it stops, and within one proposal after MaxAlgorithms.
//
// Slices between the length and the capacity of dst are reused.
func AppendProposals[S ~string | ~[]byte](dst []Proposal, s S, p Protocol) []Proposal {
	start := len(dst)
	for len(s) > 0 && len(dst)-start < MaxProposals {
		var one S
		one, s = cutByte(s, ',')
		if one = trim(one); len(one) > 0 {
			dst = appendLogged(dst, one, p)
		}
	}
	return dst
}

// appendLogged reads one proposal.
func appendLogged[S ~string | ~[]byte](dst []Proposal, s S, proto Protocol) []Proposal {
	for i := 0; i < len(s); i++ {
		if s[i] == '/' {
			break
		}
		if s[i] == ':' {
			if v, ok := ParseProtocol(s[:i]); ok {
				proto, s = v, s[i+1:]
			}
			break
		}
	}
	dst = extend(dst)
	p := &dst[len(dst)-1]
	p.Protocol = proto
	var f fieldState
	for len(s) > 0 {
		var tok S
		tok, s = cutByte(s, '/')
		if tok = trim(tok); len(tok) > 0 {
			addToken(p, &f, tok)
		}
	}
	return dst
}

// cutByte splits s at the first c, which falls away.
func cutByte[S ~string | ~[]byte](s S, c byte) (before, after S) {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return s[:i], s[i+1:]
		}
	}
	return s, s[len(s):]
}

// trim takes blanks off both ends.
func trim[S ~string | ~[]byte](s S) S {
	for len(s) > 0 && blank(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && blank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
