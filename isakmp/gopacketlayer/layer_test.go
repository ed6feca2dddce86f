package gopacketlayer

import (
	"bytes"
	"encoding/hex"
	"errors"
	"go/parser"
	"go/token"
	"net"
	"strconv"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/ikediag/ikediag/isakmp"
)

// message returns an informational message with a notification.
func message(t testing.TB) []byte {
	body, err := isakmp.Notify{DOI: isakmp.DOIIPsec, Protocol: isakmp.ProtocolISAKMP, Type: isakmp.NotifyNoProposalChosen}.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	m := isakmp.Message{
		Header:   isakmp.Header{InitiatorCookie: isakmp.Cookie{1, 2, 3, 4}, Version: isakmp.Version1, Exchange: isakmp.ExchangeInformational},
		Payloads: []isakmp.Payload{{Type: isakmp.PayloadNotify, Body: body}},
	}
	b, err := m.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// frame returns an Ethernet frame around layers of UDP.
func frame(t testing.TB, port layers.UDPPort, inner ...gopacket.SerializableLayer) []byte {
	ip := &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: net.IPv4(198, 51, 100, 1), DstIP: net.IPv4(203, 0, 113, 1)}
	udp := &layers.UDP{SrcPort: port, DstPort: port}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	all := append([]gopacket.SerializableLayer{
		&layers.Ethernet{SrcMAC: make(net.HardwareAddr, 6), DstMAC: make(net.HardwareAddr, 6), EthernetType: layers.EthernetTypeIPv4}, ip, udp,
	}, inner...)
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNewPacket(t *testing.T) {
	Register()
	Register() // does no harm
	layers.RegisterUDPPortLayerType(isakmp.Port, LayerType)
	msg := message(t)
	p := gopacket.NewPacket(frame(t, isakmp.Port, gopacket.Payload(msg)), layers.LayerTypeEthernet, gopacket.Default)
	l, ok := p.ApplicationLayer().(*Layer)
	if !ok || l.Exchange != isakmp.ExchangeInformational || len(l.Payloads) != 1 || !bytes.Equal(l.LayerContents(), msg) {
		t.Fatalf("%v", p)
	}
	if LayerType.String() != "ISAKMP" || p.Layer(LayerType) == nil || p.ErrorLayer() != nil {
		t.Errorf("%v, %v", LayerType, p.ErrorLayer())
	}
	p = gopacket.NewPacket(frame(t, isakmp.Port, gopacket.Payload(msg[:20])), layers.LayerTypeEthernet, gopacket.Default)
	if f := p.ErrorLayer(); f == nil || !errors.Is(f.Error(), isakmp.ErrTruncated) {
		t.Errorf("20 octets: %v", f)
	}
}

func TestDecodingLayerParser(t *testing.T) {
	msg := message(t)
	marked := append([]byte{0, 0, 0, 0}, msg...)
	var l Layer
	parser := gopacket.NewDecodingLayerParser(LayerType, &l)
	var decoded []gopacket.LayerType
	for _, b := range [][]byte{msg, marked} {
		if err := parser.DecodeLayers(b, &decoded); err != nil || len(decoded) != 1 || decoded[0] != LayerType || parser.Truncated {
			t.Fatalf("%v, %v", decoded, err)
		}
		if l.Marked != (len(b) == len(marked)) || l.Payloads[0].Type != isakmp.PayloadNotify {
			t.Errorf("%+v", l)
		}
	}
	// A message that is cut keeps what there is of it.
	if err := parser.DecodeLayers(msg[:34], &decoded); err != nil || !parser.Truncated || len(l.Payloads) != 1 || len(l.Problems) == 0 {
		t.Errorf("cut: %v, %v, %+v", err, parser.Truncated, l.Problems)
	}
	if n := testing.AllocsPerRun(100, func() { parser.DecodeLayers(marked, &decoded) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSerialize(t *testing.T) {
	msg := message(t)
	var l Layer
	for _, marked := range []bool{false, true} {
		if err := l.DecodeFromBytes(msg, gopacket.NilDecodeFeedback); err != nil {
			t.Fatal(err)
		}
		l.Marked = marked
		want := msg
		if marked {
			want = append([]byte{0, 0, 0, 0}, msg...)
		}
		f := frame(t, isakmp.PortNATT, &l)
		if !bytes.HasSuffix(f, want) || len(f) != 14+20+8+len(want) {
			t.Errorf("%s\nnot %s", hex.Dump(f), hex.Dump(want))
		}
	}
	// Lengths are only fixed when asked.
	l.Length = 9
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{}, &l); err != nil || b.Bytes()[4+27] != 9 {
		t.Errorf("%x, %v", b.Bytes(), err)
	}
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true}, &l); err != nil || int(b.Bytes()[4+27]) != len(msg) {
		t.Errorf("%x, %v", b.Bytes(), err)
	}
}

// TestImports: gopacket/layers costs every process milliseconds at its start.
func TestImports(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "layer.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, imp := range file.Imports {
		if path, _ := strconv.Unquote(imp.Path.Value); path == "github.com/google/gopacket/layers" {
			t.Errorf("imports %s", path)
		}
	}
}

func FuzzLayer(f *testing.F) {
	f.Add(message(f))
	var l Layer
	b := gopacket.NewSerializeBuffer()
	f.Fuzz(func(t *testing.T, data []byte) {
		if l.DecodeFromBytes(data, gopacket.NilDecodeFeedback) != nil {
			return
		}
		if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{}, &l); err != nil || !bytes.Equal(b.Bytes(), data) {
			t.Fatalf("encoded %x (%v)\nnot     %x", b.Bytes(), err, data)
		}
	})
}
