package keys

import "github.com/ikediag/ikediag/isakmp"

// form says how much sense a plaintext makes.
type form uint8

const (
	nonsense form = iota
	// tailed: the beginning does not make sense, what follows does. CBC
	// decryption with the right key and the wrong initialization vector, or
	// damage to the first block, gives this.
	tailed
	// begun: the first payload's header makes sense, what follows does not:
	// the right key and damage further on.
	begun
	// whole: a chain of payloads, then padding.
	whole
)

// maxPadding bounds what may follow the chain. RFC 2409, appendix B pads to
// the block size; some pad by up to 255 octets more to hide the length.
const maxPadding = 255 + maxBlock

// shape tells how much sense a plaintext makes whose first payload has type
// first, and where its chain of payloads ends if it is whole. digest is the
// length of a HASH.
func shape(first isakmp.PayloadType, plain []byte, digest int) (form, int) {
	n, ok := header(first, plain)
	if ok {
		switch first {
		case isakmp.PayloadHash:
			ok = n == isakmp.PayloadHeaderLen+digest
		case isakmp.PayloadID: // RFC 2407, section 4.6.2.1
			ok = n >= 8 && plain[4] >= 1 && plain[4] <= 11
		}
	}
	if !ok {
		if resumes(first, plain, digest) {
			return tailed, 0
		}
		return nonsense, 0
	}
	if end, ok := chain(isakmp.PayloadType(plain[0]), plain, n); ok {
		return whole, end
	}
	return begun, 0
}

// header checks the generic header (RFC 2408, section 3.2) at the beginning of
// b and returns the payload's length.
func header(t isakmp.PayloadType, b []byte) (n int, ok bool) {
	if !inner(t) || len(b) < isakmp.PayloadHeaderLen {
		return 0, false
	}
	n = int(b[2])<<8 | int(b[3])
	next := isakmp.PayloadType(b[0])
	return n, b[1] == 0 && n >= isakmp.PayloadHeaderLen && n <= len(b) && (next == isakmp.PayloadNone || inner(next))
}

// inner reports whether a payload of this type may stand in an encrypted chain:
// those of RFC 2408 and its extensions, and private ones.
func inner(t isakmp.PayloadType) bool {
	switch {
	case t == isakmp.PayloadSA, t >= isakmp.PayloadKE && t <= 16, t == isakmp.PayloadNATD, t == isakmp.PayloadNATOA:
		return true
	}
	return t >= 128 && t != isakmp.PayloadFragment
}

// chain walks the payloads from b[at:] on, the first of which has type next,
// and returns where they end.
func chain(next isakmp.PayloadType, b []byte, at int) (end int, ok bool) {
	for next != isakmp.PayloadNone {
		n, ok := header(next, b[at:])
		if !ok {
			return at, false
		}
		next = isakmp.PayloadType(b[at])
		at += n
	}
	return at, len(b)-at <= maxPadding
}

// maxResume bounds the search for where a chain resumes.
const maxResume = 512

// resumes reports whether a plaintext makes sense from its second payload on.
func resumes(first isakmp.PayloadType, b []byte, digest int) bool {
	switch first {
	case isakmp.PayloadHash:
		at := isakmp.PayloadHeaderLen + digest
		if at > len(b) {
			return false
		}
		if zeros(b[at:]) && len(b)-at >= 4 {
			return true // a HASH alone, and padding
		}
		end, ok := chain(isakmp.PayloadHash, b, at) // of whatever type
		return ok && end > at && len(b)-end < 2*maxBlock
	case isakmp.PayloadID:
		// The ID's length is lost. A HASH is what follows in the end.
		for at := 8; at+isakmp.PayloadHeaderLen <= min(len(b), maxResume); at++ {
			if b[at+1] != 0 || int(b[at+2])<<8|int(b[at+3]) != isakmp.PayloadHeaderLen+digest {
				continue
			}
			if end, ok := chain(isakmp.PayloadHash, b, at); ok && len(b)-end < 2*maxBlock {
				return true
			}
		}
	}
	return false
}

func zeros(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// payload returns the body of the first payload of type t in a whole
// plaintext.
func payload(t, first isakmp.PayloadType, plain []byte) []byte {
	for c := isakmp.Walk(first, plain); c.Next(); {
		if p := c.Payload(); p.Type == t {
			return p.Body
		}
	}
	return nil
}
