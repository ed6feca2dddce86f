package logparse

import "bytes"

// softEtherKept is how many ISAKMP SAs and SA pairs are remembered of a server.
const softEtherKept = 64

// softEtherJob is what a server's log has said of its numbers. The oldest are
// forgotten.
type softEtherJob struct {
	sas   [softEtherKept]softEtherSA
	pairs [softEtherKept]softEtherPair
	next  [2]int // of sas and pairs
}

// softEtherSA is an ISAKMP SA.
type softEtherSA struct {
	number, client uint64
	up             bool
}

// softEtherPair is an SA pair, whose halves have one number.
type softEtherPair struct {
	number  uint64
	in, out uint32
	up      bool
}

// sa returns the ISAKMP SA of a number, nil where it is not known.
func (j *softEtherJob) sa(number uint64) *softEtherSA {
	for i := range j.sas {
		if s := &j.sas[i]; s.number == number && number != 0 {
			return s
		}
	}
	return nil
}

// last returns the number of the ISAKMP SA that a client had last, 0 where none
// is known.
func (j *softEtherJob) last(client uint64) (number uint64) {
	for i := range j.sas {
		if s := &j.sas[i]; s.client == client {
			number = max(number, s.number)
		}
	}
	return number
}

// pair returns the SA pair of a number, nil where it is not known.
func (j *softEtherJob) pair(number uint64) *softEtherPair {
	for i := range j.pairs {
		if p := &j.pairs[i]; p.number == number && number != 0 {
			return p
		}
	}
	return nil
}

// begin remembers an ISAKMP SA.
func (j *softEtherJob) begin(number, client uint64) {
	j.sas[j.next[0]] = softEtherSA{number: number, client: client}
	j.next[0] = (j.next[0] + 1) % softEtherKept
}

// half remembers one half of an SA pair.
func (j *softEtherJob) half(number uint64, spi uint32, inbound bool) {
	p := j.pair(number)
	if p == nil {
		p = &j.pairs[j.next[1]]
		*p = softEtherPair{number: number}
		j.next[1] = (j.next[1] + 1) % softEtherKept
	}
	if inbound {
		p.in = spi
	} else {
		p.out = spi
	}
}

// readSoftEther adds what the numbers stand for, and the ends.
func readSoftEther(c *byPeer, o *byPeerJob, e *Event) {
	if o.soft == nil {
		o.soft = new(softEtherJob)
	}
	j := o.soft
	var l softEtherLine
	if l.find(e.Line); string(trimRight(l.text)) != string(e.Text) {
		l.about = softEtherOther // it stands in what somebody else wrote
	}
	switch {
	case e.Kind == DaemonStarted:
		*j = softEtherJob{} // it counts anew
		return
	case l.about == softEtherOther:
		if e.Kind == Unknown {
			e.Kind = Plain // such as a listener's, or a hub's
		}
		return
	}
	o.role = Responder // an initiator it is of quick modes only
	if l.about != softEtherIKE {
		if n := j.last(l.client); n != 0 {
			e.Prefix.SAID, e.Prefix.HasSAID = n, true
		}
	} else if s := j.sa(l.number); s != nil {
		s.client = l.client // another one has been found to be the same
	}
	c.out.address(FieldRemote, l.peer[0], l.peer[1])
	if own := l.own[0]; string(own) != "0.0.0.0" && string(own) != "::" {
		c.out.address(FieldLocal, own, l.own[1])
	}
	switch e.Kind {
	case PortFloat:
		if string(l.own[1]) == "4500" {
			e.Side = Remote
		}
	case BeingInitiated:
		j.begin(l.number, l.client)
		c.out.add(FieldInitiatorCookie, softEtherValue(e.Text, "Initiator Cookie: "))
		c.out.add(FieldResponderCookie, softEtherValue(e.Text, "Responder Cookie: "))
	case SAEstablished:
		if s := j.sa(l.number); s != nil {
			s.up = true
		}
	case SADeleted:
		if s := j.sa(l.number); s != nil && !s.up {
			e.Kind = HalfOpenDeleted
		}
	case KernelSA:
		spi, inbound := e.Bytes(FieldSPI), string(e.Bytes(FieldName)) == "in"
		n, _ := parseHex(spi)
		j.half(l.number, uint32(n), inbound)
		var buf [128]byte
		if p := softEtherProposal(buf[:0], e.Text); !inbound && n != 0 && p != nil {
			e.Kind = ProposalSelected // by both, since the client's SPI is there
			c.out.add(FieldSelected, p)
		}
	case ChildInitiating:
		if bytes.HasPrefix(e.Text, []byte("The client ")) {
			e.Side = Remote
		}
	case ChildEstablished:
		if p := j.pair(l.number); p != nil {
			p.up = true
			c.out.hex(FieldSPIIn, p.in)
			c.out.hex(FieldSPIOut, p.out)
		}
	case ChildClosing:
		p := j.pair(l.number)
		if p == nil || !p.up { // its other half, or a pair that never was
			e.Kind = Plain
			break
		}
		p.up = false
		c.out.hex(FieldSPIIn, p.in)
		c.out.hex(FieldSPIOut, p.out)
	}
}

// softEtherProposal appends what an SA pair was made with, nil where the line
// does not tell:
//
//	DH Group: (null), Hash Algorithm: SHA-1, Cipher Algorithm: AES-CBC, Cipher Key Size: 256 bits, …
func softEtherProposal(dst, text []byte) []byte {
	cipher, hash, group := softEtherValue(text, "Cipher Algorithm: "), softEtherValue(text, "Hash Algorithm: "), softEtherValue(text, "DH Group: ")
	if cipher == nil || hash == nil || len(cipher)+len(hash)+len(group) > 80 {
		return nil
	}
	dst = append(append(dst, "ESP:"...), cipher...)
	if bits := softEtherValue(text, "Cipher Key Size: "); bytes.HasPrefix(cipher, []byte("AES")) {
		dst = append(append(dst, '_'), bits[:digits(bits)]...)
	}
	dst = append(append(dst, '/'), hash...)
	if i := bytes.IndexByte(group, '('); i > 0 {
		dst = append(append(dst, '/'), trimRight(group[:i])...)
	}
	return dst
}

// softEtherValue returns what stands behind a name, up to the next comma.
func softEtherValue(text []byte, name string) []byte {
	i := bytes.Index(text, []byte(name))
	if i < 0 {
		return nil
	}
	v, _ := cutByte(text[i+len(name):], ',')
	return v
}
