package main

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// frame is what one frame shows of IPsec. What stands in it several times, in
// tunnels, under AH, or quoted by an ICMP error, is listed from the outside in.
type frame struct {
	number int
	time   time.Time
	// dateless says that the recording tells the time of day only.
	dateless bool
	ends     []ends // of each IP header
	layers   []layer
	// known says that there is ESP, AH, or something on IKE's ports that the
	// reference takes for IKE or for what NAT traversal wraps.
	known  bool
	pieces pieces
	// refused says that an incomplete datagram was left alone by the reference.
	refused bool
}

// ends are the addresses of one IP header.
type ends struct{ source, destination netip.Addr }

// layer is one UDP, ESP or AH packet, or with no protocol, the message that is
// whole with this frame's piece.
type layer struct {
	protocol  uint8
	source    uint16 // UDP ports
	dest      uint16
	message   *isakmp.Message
	bytes     []byte // of the message
	words     string // of a text that has no bytes
	foreign   bool   // the message was on ports that are not IKE's
	keepalive bool
	sa        *sa // of ESP or AH
}

// sa is how ESP and AH say which SA a packet belongs to. Either number is -1
// where the recorder cut it off.
type sa struct{ spi, sequence int64 }

// newFrame looks into a datagram and keeps what it shows. ok is false where
// that is nothing.
func newFrame(r *capture.Reader, d *exchange.Datagram, cut pieces) (f frame, ok bool) {
	f = frame{number: d.Frame, time: d.Time, pieces: cut}
	f.dateless = r.Coverage().Assumed&capture.AssumedDate != 0
	for _, h := range r.Enclosing() {
		f.ends = append(f.ends, ends{h.Source, h.Destination})
	}
	f.ends = append(f.ends, addrs(d.Source, d.Destination))
	ok = f.add(d)
	var p capture.Peeler
	var inner exchange.Datagram
	for outer := *d; p.Within(&outer, &inner); outer = inner {
		if around := p.Enclosing(); len(around) > 0 {
			for _, h := range around[1:] {
				f.ends = append(f.ends, ends{h.Source, h.Destination})
			}
			f.ends = append(f.ends, addrs(inner.Source, inner.Destination))
		}
		ok = f.add(&inner) || ok
	}
	if said := r.Said(); !ok && len(said.Text) > 0 && (said.ISAKMP || f.onIKEPort()) {
		// A text without the bytes: the recorder's words have to do.
		f.layers = append(f.layers, layer{words: string(said.Text[:min(len(said.Text), 200)])})
		ok = true
	}
	// Where fragments are missing, the reference shows the first one only if
	// the recorder cut that: whole ones are a multiple of eight bytes.
	f.refused = d.Incomplete && (len(d.Payload)+8)%8 == 0
	return f, ok
}

// onIKEPort says whether a UDP packet is on a port of IKE's.
func (f *frame) onIKEPort() bool {
	for i := range f.layers {
		l := &f.layers[i]
		if l.on(isakmp.Port) || l.on(isakmp.PortNATT) || l.on(isakmp.PortGDOI) {
			return true
		}
	}
	return false
}

// add notes what a datagram carries and reports whether that is IPsec.
func (f *frame) add(d *exchange.Datagram) bool {
	b := slices.Clone(d.Payload)
	l := layer{protocol: d.Protocol, source: d.Source.Port(), dest: d.Destination.Port()}
	found := true
	switch d.Protocol {
	case exchange.ProtocolUDP:
		found = f.addUDP(&l, b, d.WireLen)
	case exchange.ProtocolESP:
		l.sa = readSA(b)
		f.known = true
	case exchange.ProtocolAH:
		l.sa = readSA(b[min(4, len(b)):])
		f.known = true
	default:
		return false
	}
	f.layers = append(f.layers, l)
	if l.message != nil {
		if whole := f.pieces.add(addrs(d.Source, d.Destination), l.message); whole != nil {
			l = layer{}
			l.decode(whole, len(whole))
			f.layers = append(f.layers, l)
		}
	}
	return found
}

// addUDP tells what a UDP payload is by its ports first.
func (f *frame) addUDP(l *layer, b []byte, wireLen int) bool {
	switch {
	case l.on(isakmp.PortNATT):
		switch {
		case len(b) == 0:
			return false
		case len(b) == 1 && b[0] == 0xff:
			l.keepalive = true
		case len(b) >= 4 && binary.BigEndian.Uint32(b) == 0:
			l.decode(b[4:], wireLen-4)
		default:
			l.sa = readSA(b)
		}
		f.known = true
		return true
	case l.on(isakmp.Port), l.on(isakmp.PortGDOI):
		if len(b) == 0 {
			return false
		}
		l.decode(b, wireLen)
		f.known = f.known || l.hasHeader()
		return true
	case isakmp.Classify(b, l.source, l.dest) == isakmp.ClassISAKMP:
		message, marked := isakmp.StripMarker(b)
		if marked {
			wireLen -= 4
		}
		l.decode(message, wireLen)
		l.foreign = true
		return true
	}
	return false
}

func (l *layer) on(port uint16) bool { return l.source == port || l.dest == port }

// decode keeps a message with all that could be read of it; what could not is
// in its Problems.
func (l *layer) decode(b []byte, wireLen int) {
	l.bytes = b
	l.message = new(isakmp.Message)
	_ = l.message.Decode(b, wireLen)
}

// hasHeader says whether the message has a whole header whose length is none
// that no message can have.
func (l *layer) hasHeader() bool {
	return !l.foreign && len(l.bytes) >= isakmp.HeaderLen && l.message.Length >= isakmp.HeaderLen
}

// readSA reads SPI and sequence number.
func readSA(b []byte) *sa {
	s := &sa{-1, -1}
	if len(b) >= 4 {
		s.spi = int64(binary.BigEndian.Uint32(b))
	}
	if len(b) >= 8 {
		s.sequence = int64(binary.BigEndian.Uint32(b[4:]))
	}
	return s
}
