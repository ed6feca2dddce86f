package isakmp

// To add a payload:
//
//  1. Add its number to registry/payload.tsv, and numbers that occur in it to
//     tables of their own there; run go generate.
//  2. If its body has an inner structure, write one file, named after it, with
//     a type, the octets and the RFC section in its comment, Decode and
//     AppendBinary. nat.go is a small example to start from.
//  3. Add a fixture, testdata/payload/<name>.txt: the body in hexadecimal and
//     what it decodes to. TestPayloadFixtures misses it until there is one, and
//     a line in decodeBody beside it.
//
// Then, where it applies: the shortest body, and lengths inside of it, to
// framing.go; what its numbers may mean, to validatebody.go.

// Message is an ISAKMP message. The zero value is ready for Decode, which may
// be called again and again on the same Message.
type Message struct {
	Header
	// Payloads are those of the body if it is not encrypted.
	Payloads []Payload
	// SAs are the security association payloads among them, taken apart.
	// AppendBinary writes a payload's Body, not these.
	SAs []SA
	// LastNext is the next-payload octet of the last payload: PayloadNone in
	// a whole chain, otherwise the payload that the chain promised and Rest
	// begins with, or for IKEv2's encrypted payload the first one inside.
	// AppendBinary needs it only where it is not PayloadNone.
	LastNext PayloadType
	// Encrypted is the body as it was sent, initialization vector and padding
	// included, if Header.Encrypted says so.
	Encrypted []byte
	// Rest is what follows the payloads or the encrypted body: octets behind
	// the end of the chain, or what could not be decoded.
	Rest []byte
	// Problems are the faults of framing in the order of their discovery. The
	// first is what Decode returned.
	Problems []Problem
	// Limits bounds what Decode makes of its input.
	Limits Limits

	// The slabs that SAs are made of, and how many octets of security
	// associations have been read into them and fit them.
	proposals      []Proposal
	transforms     []Transform
	attributes     []Attribute
	octets, fitted int

	fault    ParseError
	headless bool // Decode had fewer octets than a header: all are in Rest
}

// Decode reads a message from b: one UDP payload without the non-ESP marker,
// see StripMarker. wireLen is the length that it had on the wire, which is
// more than len(b) if the capture cut it; 0 means len(b).
//
// Its error is nil or a *ParseError, that of the first of m.Problems, which is
// a part of m and valid until the next Decode. Everything before the fault,
// and every payload after it whose place is certain, is in m all the same. m
// aliases b.
func (m *Message) Decode(b []byte, wireLen int) error {
	m.reset()
	wireLen = max(wireLen, len(b))
	if len(b) < HeaderLen {
		m.Header = Header{}
		m.headless = true
		m.Rest = b
		m.overrun(Path{}, 0, HeaderLen, len(b), wireLen-len(b))
		return m.err()
	}
	m.Header.decode((*[HeaderLen]byte)(b))
	end := wireLen
	if uint64(m.Length) <= uint64(wireLen) {
		end = int(m.Length)
	} else {
		m.problem(RuleOverrun, Path{}, lengthOffset, m.Length, uint32(wireLen))
	}
	if end < HeaderLen {
		m.problem(RuleShort, Path{}, lengthOffset, m.Length, HeaderLen)
		m.Rest = b[HeaderLen:]
		return m.err()
	}
	have, at := b[:min(end, len(b))], HeaderLen
	missing := end - len(have)
	switch major := m.Version.Major(); {
	case m.Header.Encrypted():
		m.Encrypted = have[at:]
		at = len(have)
		if missing != 0 {
			m.problem(RuleCut, Path{}, lengthOffset, uint32(end), uint32(len(have)))
		}
	case major == 1 || major == 2:
		at = m.chain(have, at, missing, m.NextPayload)
	default:
		m.problem(RuleVersion, Path{}, versionOffset, uint32(major), 1)
	}
	m.Rest = b[at:]
	if len(m.Problems) == 0 {
		return nil
	}
	return m.err()
}

// DecodePayloads reads a chain of payloads that begins with one of type first:
// a body that somebody decrypted. What follows the chain, such as padding, is
// in m.Rest. Of m.Header only NextPayload changes. Errors and aliasing are as
// with Decode; offsets count from the beginning of b.
func (m *Message) DecodePayloads(first PayloadType, b []byte) error {
	m.reset()
	m.NextPayload = first
	m.Rest = b[m.chain(b, 0, 0, first):]
	return m.err()
}

func (m *Message) reset() {
	m.Payloads = m.Payloads[:0]
	m.SAs = m.SAs[:0]
	m.Problems = m.Problems[:0]
	m.proposals = m.proposals[:0]
	m.transforms = m.transforms[:0]
	m.attributes = m.attributes[:0]
	m.LastNext = PayloadNone
	m.Encrypted = nil
	m.headless = false
	m.octets = 0
}

// chain decodes the payloads from b[at:] on, the first of which has type next,
// and returns where it stopped. missing is how many octets b lacks by the
// message's length: some, if the capture cut it.
func (m *Message) chain(b []byte, at, missing int, next PayloadType) int {
	slab := reserve(m.Payloads, (len(b)-at)/PayloadHeaderLen, m.Limits.payloads())
	deep := 0 // so many payloads hold all whose bodies are to be checked
	for next != PayloadNone && len(b)-at >= PayloadHeaderLen && len(slab) < cap(slab) {
		n := int(b[at+2])<<8 | int(b[at+3])
		if n < PayloadHeaderLen || n > len(b)-at {
			break
		}
		slab = slab[:len(slab)+1]
		p := &slab[len(slab)-1]
		p.Body = b[at+PayloadHeaderLen : at+n : at+n]
		p.Offset = uint32(at)
		p.Missing = 0
		p.Type = next
		p.Reserved = b[at+1]
		if framings[next] != 0 {
			deep = len(slab)
			if next.sealed() {
				b = b[:at+n] // the next-payload octet names what is inside
			}
		}
		next = PayloadType(b[at])
		at += n
	}
	m.Payloads = slab
	m.LastNext = next
	for i := range slab[:deep] {
		if f := framings[slab[i].Type]; f != 0 {
			m.body(i, f)
		}
	}
	if next != PayloadNone {
		return m.broken(b, at, missing)
	}
	return at
}
