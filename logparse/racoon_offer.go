package logparse

import "bytes"

// racoonOffer is a proposal of phase 1 that is being compared with the peer's,
// in the words "mine:peer's" of one attribute a line.
type racoonOffer struct {
	mine, peer iosOffer
	told2      bool // what does not fit in phase 2 was said
}

func (p *racoonOffer) reset() {
	p.mine.begin(false, true)
	p.peer.begin(false, true)
	p.told2 = false
}

// proposal follows a comparison. The line that refuses an attribute has the
// proposals, as far as the log shows them.
func (c *racoonLog) proposal(j *racoonJob, n *slot, e *Event) {
	p := &j.offer
	switch e.Kind {
	case ProposalSelecting:
		p.mine.begin(false, false)
		p.peer.begin(false, false)
	case ProposalAttribute:
		p.take(e.Bytes(FieldTransform), e.Bytes(FieldValue))
	case ProposalMismatch:
		kind := e.Bytes(FieldTransform)
		p.mine.differ |= attributeBit(kind)
		if _, pair, ok := bytes.Cut(e.Text, []byte(" = ")); ok && p.peer.nCipher+p.peer.nHash == 0 {
			p.take(kind, pair)
		}
		if string(kind) != "auth" {
			n.stage |= racoonRefuse
		}
	case ProposalNotFound:
		if n.stage&racoonRefuse == 0 && p.mine.differ == differsMethod {
			e.Kind = MethodMismatch
		}
		n.stage |= racoonTold
	}
}

// take takes one attribute of both ends in.
func (p *racoonOffer) take(kind, pair []byte) {
	i := bytes.IndexByte(pair, ':')
	if i < 0 {
		return
	}
	p.mine.attribute(kind, racoonWord(pair[:i]))
	p.peer.attribute(kind, racoonWord(pair[i+1:]))
}

// racoonWord spells an attribute's value in one word: "1024-bit MODP group".
func racoonWord(b []byte) []byte {
	b = trimBlanks(b)
	if i := bytes.Index(b, []byte("-bit MODP group")); i > 0 {
		switch string(b[:i]) {
		case "768":
			return []byte("1")
		case "1024":
			return []byte("2")
		case "1536":
			return []byte("5")
		case "2048":
			return []byte("14")
		case "3072":
			return []byte("15")
		case "4096":
			return []byte("16")
		case "6144":
			return []byte("17")
		case "8192":
			return []byte("18")
		}
	}
	return b
}
