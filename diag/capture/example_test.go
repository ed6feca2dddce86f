package capture_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
)

// Reading a file: datagrams first, then what the file can have shown.
func ExampleReader() {
	f, err := os.Open(filepath.Join("testdata", "fragments.pcap"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	r, err := capture.NewReader(f, capture.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var d exchange.Datagram
	for r.Next(&d) {
		if d.Protocol == exchange.ProtocolUDP && d.Fragments > 1 {
			fmt.Printf("frame %d: %v > %v, %d bytes in %d fragments\n", d.Frame, d.Source, d.Destination, d.WireLen, d.Fragments)
			break
		}
	}
	if err := r.Err(); err != nil {
		fmt.Println(err)
	}
	fmt.Println(r.Format(), "of", r.Coverage().Interfaces[0].Link)
	// Output:
	// frame 10: 198.51.100.64:500 > 203.0.113.129:500, 1196 bytes in 2 fragments
	// pcap of Ethernet
}

// Reading what tcpdump printed: there are few bytes, so that Said has the
// recorder's own reading.
func ExampleReader_Said() {
	const text = `
12:00:01.000000 IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident
12:00:05.000000 IP 192.0.2.1.500 > 198.51.100.2.500: isakmp: phase 1 I ident
`
	r, err := capture.NewReader(strings.NewReader(text), capture.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for d, err := range r.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		s := r.Said()
		fmt.Printf("line %d: %v, phase %d, exchange %v\n", s.Line, d.Source, s.Phase, s.Exchange)
	}
	fmt.Println("date assumed:", r.Coverage().Assumed&capture.AssumedDate != 0)
	// Output:
	// line 2: 192.0.2.1:500, phase 1, exchange main
	// line 3: 192.0.2.1:500, phase 1, exchange main
	// date assumed: true
}

// An ICMP error quotes the datagram that could not be delivered.
func ExamplePeeler_Within() {
	f, err := os.Open(filepath.Join("testdata", "rejected.pcap"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	r, err := capture.NewReader(f, capture.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var p capture.Peeler
	var quoted exchange.Datagram
	for d := range r.All() {
		if d.Protocol == exchange.ProtocolICMP && p.Within(d, &quoted) {
			fmt.Printf("%v refuses %v > %v\n", d.Source.Addr(), quoted.Source, quoted.Destination)
			break
		}
	}
	// Output:
	// 198.51.100.254 refuses 198.51.100.20:500 > 203.0.113.235:500
}
