package esp

import (
	"iter"
	"strconv"
)

// PortUDP is the port of UDP encapsulation (RFC 3948; RFC 3947, section 4).
const PortUDP = 4500

// UDPHeaderLen is what UDP encapsulation adds (RFC 3948, section 2.1).
const UDPHeaderLen = 8

// UDPKind tells what a UDP payload on port 4500 is.
type UDPKind uint8

// The kinds.
const (
	UDPUnknown   UDPKind = iota
	UDPESP               // RFC 3948, section 2.1
	UDPIKE               // after the non-ESP marker, section 2.2
	UDPKeepalive         // section 2.3
)

// String returns ESP in UDP, IKE, keepalive or unknown.
func (k UDPKind) String() string {
	switch k {
	case UDPUnknown:
		return "unknown"
	case UDPESP:
		return "ESP in UDP"
	case UDPIKE:
		return "IKE"
	case UDPKeepalive:
		return "keepalive"
	}
	return "UDPKind(" + strconv.Itoa(int(k)) + ")"
}

// markerLen is the length of the non-ESP marker: four zero octets, where ESP
// has its SPI.
const markerLen = 4

// UDP is the payload of a UDP datagram from or to port 4500.
type UDP struct {
	// Kind tells ESP from IKE and keepalives.
	Kind UDPKind
	// Body is the ESP packet, the IKE message after its marker, the octets of
	// a keepalive, or whatever else there is. It aliases the input.
	Body []byte
	// Missing counts the octets that the capture cut off.
	Missing int

	err ParseError
}

// Decode sorts a UDP payload. wireLen is the length that it had on the wire;
// where it is greater than len(b), the capture cut it. An error says that it
// is too short to be any of the kinds; Body then holds it all.
func (u *UDP) Decode(b []byte, wireLen int) error {
	wireLen = max(wireLen, len(b))
	u.Kind, u.Body, u.Missing = UDPUnknown, b, wireLen-len(b)
	switch {
	case wireLen > 0 && wireLen < markerLen && len(b) > 0 && all(b, 0xff):
		u.Kind = UDPKeepalive
		return nil
	case len(b) < markerLen:
		return u.err.short(len(b), PartMarker, markerLen, wireLen)
	case all(b[:markerLen], 0):
		u.Kind, u.Body = UDPIKE, b[markerLen:]
		return nil
	case wireLen < HeaderLen:
		return u.err.short(len(b), PartHeader, HeaderLen, wireLen)
	}
	u.Kind = UDPESP
	return nil
}

func all(b []byte, v byte) bool {
	for _, c := range b {
		if c != v {
			return false
		}
	}
	return true
}

// AppendBinary appends the payload's octets, without those Missing.
func (u *UDP) AppendBinary(dst []byte) ([]byte, error) {
	if u.Kind == UDPIKE {
		dst = append(dst, 0, 0, 0, 0)
	}
	return append(dst, u.Body...), nil
}

// Clone returns a copy that owns its Body.
func (u *UDP) Clone() *UDP {
	return &UDP{Kind: u.Kind, Body: append([]byte(nil), u.Body...), Missing: u.Missing}
}

// Validate yields what is wrong with a keepalive. An ESP packet and an IKE
// message have a Validate of their own.
func (u *UDP) Validate() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		if u.Kind == UDPKeepalive && len(u.Body)+u.Missing != 1 {
			yield(ProblemKeepaliveLong)
		}
	}
}
