package capture_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// traffic writes a file of n packets as a busy gateway's recording has them:
// main mode in the clear, encrypted messages, also behind the non-ESP marker,
// ESP natively and in UDP; 240 bytes on average.
func traffic(n int) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint32(b, 2|4<<16)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, 262144)
	b = le.AppendUint32(b, 1)
	header := append([]byte("initcookrespcook"), 1, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 200)
	esp := append(be.AppendUint32(be.AppendUint32(nil, 0xc0ffee01), 7), make([]byte, 150)...)
	for i := range n {
		protocol, port, payload := byte(17), uint16(500), append(header[:28:28], make([]byte, 172)...)
		switch i % 4 {
		case 1:
			port, payload = 4500, append(make([]byte, 4), payload...)
		case 2:
			port, payload = 4500, esp
		case 3:
			protocol, payload = 50, esp
		}
		if protocol == 17 {
			u := be.AppendUint16(be.AppendUint16(nil, port), port)
			u = be.AppendUint16(be.AppendUint16(u, uint16(8+len(payload))), 0)
			payload = append(u, payload...)
		}
		ip := append([]byte{0x45, 0}, be.AppendUint16(nil, uint16(20+len(payload)))...)
		ip = append(ip, 0, byte(i), 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, byte(i), 198, 51, 100, 2)
		frame := append(append(make([]byte, 12), 8, 0), append(ip, payload...)...)
		b = le.AppendUint32(b, 1700000000+uint32(i/1000))
		b = le.AppendUint32(b, uint32(i%1000*1000))
		b = le.AppendUint32(b, uint32(len(frame)))
		b = le.AppendUint32(b, uint32(len(frame)))
		b = append(b, frame...)
	}
	return b
}

// facts reads what a tracker wants first of each datagram: the class, and the
// header of IKE or the SPI and sequence number of ESP.
func facts(r *capture.Reader) (messages, packets int, sum uint32) {
	var d exchange.Datagram
	var h isakmp.Header
	for r.Next(&d) {
		b := d.Payload
		switch d.Protocol {
		case exchange.ProtocolUDP:
			switch isakmp.Classify(b, d.Source.Port(), d.Destination.Port()) {
			case isakmp.ClassISAKMP:
				if b, _ = isakmp.StripMarker(b); h.Decode(b) == nil {
					messages++
					sum += h.MessageID + uint32(h.Exchange)
				}
				continue
			case isakmp.ClassESPInUDP:
			default:
				continue
			}
		case exchange.ProtocolESP:
		default:
			continue
		}
		if len(b) >= 8 {
			packets++
			sum += binary.BigEndian.Uint32(b) + binary.BigEndian.Uint32(b[4:])
		}
	}
	return messages, packets, sum
}

// BenchmarkCapture reads a file from memory to decoded IKE and ESP headers.
func BenchmarkCapture(b *testing.B) {
	const n = 100_000
	file := traffic(n)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := capture.NewReader(bytes.NewReader(file), capture.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if messages, packets, _ := facts(r); messages != n/2 || packets != n/2 {
			b.Fatal(messages, packets)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "packets/s")
}

// TestNoAllocations: reading costs the Reader and its window, whatever the
// number of packets.
func TestNoAllocations(t *testing.T) {
	small, large := traffic(100), traffic(5000)
	allocs := func(file []byte) float64 {
		return testing.AllocsPerRun(5, func() {
			r, err := capture.NewReader(bytes.NewReader(file), capture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			facts(r)
		})
	}
	if a, b := allocs(small), allocs(large); a != b || a > 6 {
		t.Errorf("%v allocations for 100 packets, %v for 5000", a, b)
	}
}
