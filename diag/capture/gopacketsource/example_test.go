package gopacketsource_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/google/gopacket"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/capture/gopacketsource"
)

// one is a source of one frame; in life it is a handle of pcap or AF_PACKET.
type one struct{ frame []byte }

func (s *one) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	b := s.frame
	if s.frame = nil; b == nil {
		return nil, gopacket.CaptureInfo{}, io.EOF
	}
	return b, gopacket.CaptureInfo{Timestamp: time.Unix(0, 0), CaptureLength: len(b), Length: len(b)}, nil
}

// Datagrams from any of gopacket's sources.
func ExampleNew() {
	// IPv4, UDP, port 4500: a NAT keepalive.
	frame, _ := hex.DecodeString("4500001d00010000401100000a0000010a0000021194119400090000ff")
	s := gopacketsource.New(&one{frame}, capture.LinkIPv4, gopacketsource.Options{})
	for d, err := range s.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v > %v %x\n", d.Source, d.Destination, d.Payload)
	}
	// Output: 10.0.0.1:4500 > 10.0.0.2:4500 ff
}
