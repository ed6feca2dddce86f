package main

import (
	"encoding/binary"
	"testing"

	"golang.org/x/net/bpf"
)

// frame makes a frame of IPv4 or IPv6 with the beginning of a payload.
func frame(v6 bool, protocol byte, fragment uint16, options int, payload ...byte) []byte {
	b := make([]byte, 12)
	if v6 {
		b = binary.BigEndian.AppendUint16(b, typeIPv6)
		h := make([]byte, 40)
		h[6] = protocol
		return append(append(b, h...), payload...)
	}
	b = binary.BigEndian.AppendUint16(b, typeIPv4)
	h := make([]byte, 20+4*options)
	h[0] = 0x45 + byte(options)
	binary.BigEndian.PutUint16(h[6:], fragment)
	h[9] = protocol
	return append(append(b, h...), payload...)
}

// udp is the beginning of a datagram.
func udp(from, to uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, from)
	return append(binary.BigEndian.AppendUint16(b, to), 0, 8, 0, 0)
}

func TestFilter(t *testing.T) {
	vm, err := bpf.NewVM(filter())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bpf.Assemble(filter()); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name string
		b    []byte
		pass bool
	}{
		{"IKE", frame(false, 17, 0, 0, udp(500, 500)...), true},
		{"IKE behind options", frame(false, 17, 0, 3, udp(500, 500)...), true},
		{"an answer to a translated port", frame(false, 17, 0, 0, udp(4500, 40123)...), true},
		{"another UDP", frame(false, 17, 0, 0, udp(53, 40123)...), false},
		{"the first fragment of IKE", frame(false, 17, 0x2000, 0, udp(500, 500)...), true},
		{"a later fragment", frame(false, 17, 0x00b9, 0, 1, 2, 3, 4, 5, 6, 7, 8), true},
		{"ESP", frame(false, 50, 0, 0, 1, 2, 3, 4), true},
		{"AH", frame(false, 51, 0, 0, 1, 2, 3, 4), true},
		{"ICMP", frame(false, 1, 0, 0, 3, 4, 0, 0), true},
		{"TCP", frame(false, 6, 0, 0, udp(500, 500)...), false},
		{"IKE in IPv6", frame(true, 17, 0, 0, udp(500, 500)...), true},
		{"another UDP in IPv6", frame(true, 17, 0, 0, udp(53, 53)...), false},
		{"ESP in IPv6", frame(true, 50, 0, 0, 1, 2, 3, 4), true},
		{"ICMPv6", frame(true, 58, 0, 0, 1, 0, 0, 0), true},
		{"a fragment in IPv6", frame(true, 44, 0, 0, 17, 0, 0, 0), true},
		{"TCP in IPv6", frame(true, 6, 0, 0, 0, 0, 0, 0), false},
		{"ARP", append(make([]byte, 12), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1), false},
		{"nothing", []byte{1, 2}, false},
	} {
		n, err := vm.Run(x.b)
		if (n > 0) != x.pass || err != nil {
			t.Errorf("%s: %d octets pass, %v", x.name, n, err)
		}
	}
}
