package isakmp

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// HeaderLen is the length of the ISAKMP header in octets.
const HeaderLen = 28

// Where in the header fields are.
const (
	nextOffset      = 16
	versionOffset   = 17
	exchangeOffset  = 18
	flagsOffset     = 19
	messageIDOffset = 20
	lengthOffset    = 24
)

// Cookie is one side's half of the name of an ISAKMP SA: RFC 2408, section
// 2.5.3. IKEv2 calls it an IKE SPI.
type Cookie [8]byte

// String returns the cookie as 16 hexadecimal digits.
func (c Cookie) String() string { return hex.EncodeToString(c[:]) }

// IsZero reports whether the cookie is all zero, as the responder's is in the
// first message.
func (c Cookie) IsZero() bool { return c == Cookie{} }

// Version is the version octet of the header: the major version in the upper
// four bits, the minor one in the lower.
type Version uint8

// The versions of RFC 2408 and RFC 7296.
const (
	Version1 Version = 0x10
	Version2 Version = 0x20
)

// Major returns the major version, 1 for IKEv1.
func (v Version) Major() uint8 { return uint8(v) >> 4 }

// Minor returns the minor version.
func (v Version) Minor() uint8 { return uint8(v) & 15 }

// String returns the version as in 1.0.
func (v Version) String() string {
	return strconv.Itoa(int(v.Major())) + "." + strconv.Itoa(int(v.Minor()))
}

// Flags is the flags octet of the header.
type Flags uint8

// The flags of RFC 2408, section 3.1, and of RFC 7296, section 3.1.
const (
	FlagEncryption Flags = 1 << iota // E: the body is encrypted
	FlagCommit                       // C: the SA is not to be used before a CONNECTED notification has come
	FlagAuthOnly                     // A: authenticated, not encrypted
	FlagInitiator                    // I of IKEv2: sent by the original initiator
	FlagVersion                      // V of IKEv2: the sender could speak a higher major version
	FlagResponse                     // R of IKEv2: the message answers one with the same message ID
)

// Header is the header of a message, RFC 2408, section 3.1:
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+---------------------------------------------------------------+
//	|                    initiator cookie, 8 octets                 |
//	+---------------------------------------------------------------+
//	|                    responder cookie, 8 octets                 |
//	+---------------+-------+-------+---------------+---------------+
//	| next payload  | major | minor | exchange type |     flags     |
//	+---------------+-------+-------+---------------+---------------+
//	|                           message ID                          |
//	+---------------------------------------------------------------+
//	|                             length                            |
//	+---------------------------------------------------------------+
type Header struct {
	// The cookies; the responder's is zero in an initiator's first message.
	InitiatorCookie, ResponderCookie Cookie
	// NextPayload is the type of the first payload, in the encrypted body
	// where there is one.
	NextPayload PayloadType
	Version     Version
	Exchange    ExchangeType
	Flags       Flags
	// MessageID is 0 in phase 1.
	MessageID uint32
	// Length is that of the whole message in octets, header included.
	Length uint32
}

// Encrypted reports whether the body of an IKEv1 message is encrypted. IKEv2
// has a payload for that.
func (h *Header) Encrypted() bool {
	return h.Version.Major() == 1 && h.Flags&FlagEncryption != 0
}

// Decode reads a header from the beginning of b. Its error is ErrTruncated,
// and h is then left as it was.
func (h *Header) Decode(b []byte) error {
	if len(b) < HeaderLen {
		return ErrTruncated
	}
	h.decode((*[HeaderLen]byte)(b))
	return nil
}

func (h *Header) decode(b *[HeaderLen]byte) {
	h.InitiatorCookie = Cookie(b[0:8])
	h.ResponderCookie = Cookie(b[8:16])
	h.NextPayload = PayloadType(b[16])
	h.Version = Version(b[17])
	h.Exchange = ExchangeType(b[18])
	h.Flags = Flags(b[19])
	h.MessageID = binary.BigEndian.Uint32(b[20:24])
	h.Length = binary.BigEndian.Uint32(b[24:28])
}

func (h *Header) encode(b *[HeaderLen]byte) {
	*(*Cookie)(b[0:8]) = h.InitiatorCookie
	*(*Cookie)(b[8:16]) = h.ResponderCookie
	b[16] = byte(h.NextPayload)
	b[17] = byte(h.Version)
	b[18] = byte(h.Exchange)
	b[19] = byte(h.Flags)
	binary.BigEndian.PutUint32(b[20:24], h.MessageID)
	binary.BigEndian.PutUint32(b[24:28], h.Length)
}

// AppendBinary appends the header's 28 octets to dst. Its error is always nil.
func (h Header) AppendBinary(dst []byte) ([]byte, error) {
	var b [HeaderLen]byte
	h.encode(&b)
	return append(dst, b[:]...), nil
}
