package logparse

import "bytes"

// racoonOffer is a proposal of phase 1 that is being compared with the peer's,
// in the words "mine:peer's" of one attribute a line.
type racoonOffer struct {
	mine, peer iosOffer
	told2      bool   // what does not fit in phase 2 was said
	shown      bool   // the peer's was shown whole
	due        uint8  // lines that are to show what was refused: 2 the peer's, 1 this end's
	pair       uint64 // which proposals the refused attributes are of
	mixed      bool   // they are of several
}

func (p *racoonOffer) reset() {
	p.mine.begin(false, true)
	p.peer.begin(false, true)
	p.told2, p.shown, p.mixed, p.due, p.pair = false, false, false, 0, 0
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
		if string(e.Bytes(FieldTransform)) == "group" && p.peer.nCipher > 0 && bytes.IndexByte(e.Bytes(FieldValue), ':') > 0 {
			e.Kind = ProposalsReceived
			c.out.add(FieldOffered, p.peer.add())
			p.shown, p.due = true, 1
		}
	case ProposalMismatch:
		kind := e.Bytes(FieldTransform)
		p.mine.differ |= attributeBit(kind)
		if of, pair, ok := bytes.Cut(e.Text, []byte(" = ")); ok && !p.shown {
			_, of, _ = bytes.Cut(of, []byte("DB("))
			h := hash(1, of)
			p.mixed = p.mixed || p.pair != 0 && p.pair != h
			p.pair = h
			p.take(kind, pair)
		}
		if string(kind) != "auth" {
			n.stage |= racoonRefuse
		}
		if p.shown && p.due == 1 {
			p.due = 0
			e.Kind = ProposalsConfigured
			c.out.add(FieldConfigured, p.mine.add())
		}
	case ProposalNotFound:
		if n.stage&racoonRefuse == 0 && p.mine.differ == differsMethod {
			e.Kind = MethodMismatch
		} else if !p.shown && !p.mixed && p.peer.nCipher+p.peer.nHash+p.peer.nGroup > 0 {
			p.due = 2
		}
		n.stage |= racoonTold
	}
}

// refused shows, on the lines that only say that a message was given up, what
// of both ends' proposals was refused: as much as the log tells.
func (c *racoonLog) refused(j *racoonJob, e *Event) {
	p := &j.offer
	switch {
	case p.shown:
	case p.due == 2:
		e.Kind = ProposalsReceived
		c.out.add(FieldOffered, p.peer.add())
		p.due = 1
	case p.due == 1:
		e.Kind = ProposalsConfigured
		c.out.add(FieldConfigured, p.mine.add())
		p.due = 0
	}
}

// take takes one attribute of both ends in.
func (p *racoonOffer) take(kind, pair []byte) {
	i := bytes.IndexByte(pair, ':')
	if i < 0 {
		return
	}
	for k, v := range [...][]byte{racoonWord(pair[:i]), racoonWord(pair[i+1:])} {
		if string(kind) == "key length" && string(v) == "0" {
			continue
		}
		if k == 0 {
			p.mine.attribute(kind, v)
		} else {
			p.peer.attribute(kind, v)
		}
	}
}

// racoonWord spells an attribute's value in one word: "1024-bit MODP group".
func racoonWord(b []byte) []byte {
	b = trimBlanks(b)
	if bits, _, ok := bytes.Cut(b, []byte("-bit MODP group")); ok {
		for _, g := range racoonGroups {
			if string(bits) == g.bits {
				return g.number
			}
		}
	}
	return b
}

// racoonGroups are the groups by their size.
var racoonGroups = [...]struct {
	bits   string
	number []byte
}{{"768", []byte("1")}, {"1024", []byte("2")}, {"1536", []byte("5")}, {"2048", []byte("14")},
	{"3072", []byte("15")}, {"4096", []byte("16")}, {"6144", []byte("17")}, {"8192", []byte("18")}}
