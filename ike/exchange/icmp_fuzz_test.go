package exchange

import "testing"

// FuzzReport reads what a router says of a packet: any octets, in full or cut.
func FuzzReport(f *testing.F) {
	f.Add(uint8(ProtocolICMP), []byte("\x03\x03\x00\x00\x00\x00\x00\x00E\x00\x00\x54\x00\x00\x40\x00\x40\x11\x00\x00\xc0\x00\x02\x01\xc6\x33\x64\x02\x01\xf4\x01\xf4\x00\x40\x00\x00abcdefgh12345678"))
	f.Add(uint8(ProtocolICMPv6), []byte("\x01\x04\x00\x00\x00\x00\x00\x00\x60\x00\x00\x00\x00\x10\x11\x40abcdefghijklmnopabcdefghijklmnop\x01\xf4\x01\xf4\x00\x10\x00\x00abcdefgh"))
	f.Fuzz(func(t *testing.T, protocol uint8, b []byte) {
		d := Datagram{Protocol: protocol, Source: hostA, Destination: hostB, Payload: b, WireLen: len(b)}
		if _, ok := ReadReport(&d); ok && protocol != ProtocolICMP && protocol != ProtocolICMPv6 {
			t.Error("a report in no ICMP")
		}
		var tr Tracker
		var s Step
		tr.Observe(&d, &s)
	})
}
