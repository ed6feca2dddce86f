// Package gopacketlayer makes ISAKMP messages a layer of
// github.com/google/gopacket: for NewPacket, for DecodingLayerParser, and for
// SerializeLayers.
//
// Importing it has no effect, and it does not import gopacket/layers. To have
// packets decoded as a whole, call Register once and bind the ports:
//
//	gopacketlayer.Register()
//	layers.RegisterUDPPortLayerType(isakmp.Port, gopacketlayer.LayerType)
//
// On port 4500 there is ESP, too. Bind it only where that does not matter, or
// ask isakmp.Classify before decoding.
package gopacketlayer

import (
	"encoding/binary"
	"errors"

	"github.com/google/gopacket"

	"github.com/ikediag/ikediag/isakmp"
)

// LayerType is the type of Layer. Its number is in gopacket's range for
// applications, and is that of the RFC of ISAKMP.
const LayerType gopacket.LayerType = 2408

// Register tells gopacket the name of LayerType and how to decode it. Without
// it, a Layer can still be given to a DecodingLayerParser. It may be called
// more than once, but not while packets are being decoded.
func Register() {
	gopacket.OverrideLayerType(int(LayerType), gopacket.LayerTypeMetadata{Name: "ISAKMP", Decoder: gopacket.DecodeFunc(decode)})
}

// Layer is an ISAKMP message as a layer. The zero value is ready, and may be
// decoded into again and again, by one goroutine at a time. What was decoded
// aliases the packet's octets until then.
type Layer struct {
	isakmp.Message
	// Marked says that the non-ESP marker of UDP encapsulation came before
	// the message, or is to be written: RFC 3948, section 2.2.
	Marked bool

	contents, encoded []byte
}

var (
	_ gopacket.ApplicationLayer  = (*Layer)(nil)
	_ gopacket.DecodingLayer     = (*Layer)(nil)
	_ gopacket.SerializableLayer = (*Layer)(nil)
)

// LayerType returns LayerType.
func (l *Layer) LayerType() gopacket.LayerType { return LayerType }

// LayerContents returns the octets that were decoded, marker included.
func (l *Layer) LayerContents() []byte { return l.contents }

// LayerPayload returns nil: nothing is in an ISAKMP message.
func (l *Layer) LayerPayload() []byte { return nil }

// Payload returns nil, as LayerPayload. The message's payloads are in
// Payloads.
func (l *Layer) Payload() []byte { return nil }

// CanDecode returns LayerType.
func (l *Layer) CanDecode() gopacket.LayerClass { return LayerType }

// NextLayerType returns gopacket.LayerTypeZero.
func (l *Layer) NextLayerType() gopacket.LayerType { return gopacket.LayerTypeZero }

// DecodeFromBytes decodes a UDP payload, which l aliases. It returns an error
// only if there is not even a header; faults in a message are in l.Problems,
// and what is sound of it can be read. df hears of octets that are missing.
func (l *Layer) DecodeFromBytes(data []byte, df gopacket.DecodeFeedback) error {
	l.contents = data
	data, l.Marked = isakmp.StripMarker(data)
	err := l.Message.Decode(data, 0)
	if errors.Is(err, isakmp.ErrTruncated) {
		df.SetTruncated()
	}
	if len(data) < isakmp.HeaderLen {
		return err
	}
	return nil
}

func decode(data []byte, p gopacket.PacketBuilder) error {
	l := new(Layer)
	if err := l.DecodeFromBytes(data, p); err != nil {
		return err
	}
	p.AddLayer(l)
	p.SetApplicationLayer(l)
	return nil
}

// SerializeTo prepends the message to b, after the marker if l.Marked. With
// opts.FixLengths it writes the header's length as it is, whatever l.Length
// says; the lengths of payloads always fit. ISAKMP has no checksums.
func (l *Layer) SerializeTo(b gopacket.SerializeBuffer, opts gopacket.SerializeOptions) error {
	msg := l.encoded[:0]
	if l.Marked {
		msg = append(msg, 0, 0, 0, 0)
	}
	start := len(msg)
	msg, err := l.Message.AppendBinary(msg)
	if err != nil {
		return err
	}
	l.encoded = msg
	if opts.FixLengths && len(msg)-start >= isakmp.HeaderLen {
		binary.BigEndian.PutUint32(msg[start+24:], uint32(len(msg)-start))
	}
	room, err := b.PrependBytes(len(msg))
	if err != nil {
		return err
	}
	copy(room, msg)
	return nil
}
