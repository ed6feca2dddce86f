package isakmp

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// message is an ISAKMP message of a recording.
type message struct {
	file    string
	frame   int
	b       []byte
	wireLen int
}

// recorded returns the ISAKMP messages in the pcap and pcapng files below
// folders of dir.
func recorded(t testing.TB, dir string, folders ...string) []message {
	var all []message
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if ext := filepath.Ext(name); ext != ".pcap" && ext != ".pcapng" && ext != ".cap" {
				return nil
			}
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			name = strings.TrimPrefix(name, dir)
			frames(b, func(frame int, link uint32, packet []byte, wireLen int) {
				if udp, lost, src, dst := udpPayload(link, packet, wireLen); Classify(udp, src, dst) == ClassISAKMP {
					if src == PortNATT || dst == PortNATT {
						udp, _ = StripMarker(udp)
					}
					all = append(all, message{name, frame, udp, len(udp) + lost})
				}
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// frames reads pcap and pcapng as far as these tests need it.
func frames(b []byte, yield func(frame int, link uint32, packet []byte, wireLen int)) {
	if len(b) < 24 {
		return
	}
	order := binary.ByteOrder(binary.LittleEndian)
	u32 := func(at int) int { return int(order.Uint32(b[at:])) }
	if order.Uint32(b) != 0x0a0d0d0a { // pcap
		if magic := order.Uint32(b); magic != 0xa1b2c3d4 && magic != 0xa1b23c4d {
			order = binary.BigEndian
		}
		link := uint32(u32(20)) & 0xffff
		b = b[24:]
		for n := 1; len(b) >= 16 && 16+u32(8) <= len(b); n++ {
			size := u32(8)
			yield(n, link, b[16:16+size], u32(12))
			b = b[16+size:]
		}
		return
	}
	var links []uint32
	for n := 0; len(b) >= 12; {
		if u32(0) == 0x0a0d0d0a {
			links = nil
			order = binary.LittleEndian
			if order.Uint32(b[8:]) != 0x1a2b3c4d {
				order = binary.BigEndian
			}
		}
		size := u32(4)
		if size < 12 || size > len(b) {
			return
		}
		switch u32(0) {
		case 1:
			links = append(links, uint32(order.Uint16(b[8:])))
		case 6:
			n++
			if size >= 32 && u32(8) < len(links) && 28+u32(20) <= size {
				yield(n, links[u32(8)], b[28:28+u32(20)], u32(24))
			}
		}
		b = b[size:]
	}
}

// udpPayload returns the UDP payload of a frame, how many of its octets the
// recording lost, and the ports.
func udpPayload(link uint32, b []byte, wireLen int) (udp []byte, lost int, src, dst uint16) {
	skip := map[uint32]int{0: 4, 12: 0, 14: 0, 101: 0, 108: 4, 113: 16, 276: 20}
	n, ok := skip[link]
	if link == 1 && len(b) >= 18 {
		n, ok = 14, true
		for t := binary.BigEndian.Uint16(b[12:]); len(b) >= n+4 && (t == 0x8100 || t == 0x88a8); n += 4 {
			t = binary.BigEndian.Uint16(b[n+2:])
		}
	}
	if !ok || len(b) < n+20 {
		return
	}
	lost = wireLen - len(b)
	b = b[n:]
	end := 0 // of the IP packet
	switch b[0] >> 4 {
	case 4:
		if b[9] != 17 || binary.BigEndian.Uint16(b[6:])&0x3fff != 0 {
			return
		}
		end = int(binary.BigEndian.Uint16(b[2:]))
		n = int(b[0]&15) * 4
	case 6:
		if len(b) < 40 || b[6] != 17 {
			return
		}
		end = int(binary.BigEndian.Uint16(b[4:])) + 40
		n = 40
	default:
		return
	}
	if len(b) < n+8 || end < n+8 {
		return
	}
	lost = max(0, end-len(b))
	b = b[n:min(end, len(b))]
	return b[8:], lost, binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
}
