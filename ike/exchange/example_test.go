package exchange_test

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// A first message that nobody answers.
func ExampleTracker() {
	message, _ := hex.DecodeString("f89b227c2e45ee23" + "0000000000000000" + "01100200" + "00000000" + "00000050" +
		"00000034" + "0000000100000001" + "0000002801010001" + "0000002001010000" +
		"80010007800e0080" + "80020004" + "80040002" + "80030001" + "800b0001")
	d := exchange.Datagram{
		Protocol:    exchange.ProtocolUDP,
		Source:      netip.MustParseAddrPort("192.0.2.1:500"),
		Destination: netip.MustParseAddrPort("198.51.100.1:500"),
		Payload:     message, WireLen: len(message),
	}
	var t exchange.Tracker
	var s exchange.Step
	at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	for frame, wait := range []time.Duration{0, 4 * time.Second, 11 * time.Second} {
		d.Frame, d.Time = frame+1, at.Add(wait)
		if t.Observe(&d, &s) {
			fmt.Printf("frame %d: %s message %d from the %s, sent %d times before\n", d.Frame, s.Exchange, s.Number, s.From, s.Retransmission)
		}
	}
	fmt.Println(s.Offers)
	for a := range t.Attempts() {
		fmt.Printf("%s: the %s owes a message since %s\n", a.Cookies[0], a.Silent, a.Last[0].First.Format(time.TimeOnly))
	}
	// Output:
	// frame 1: main message 1 from the initiator, sent 0 times before
	// frame 2: main message 1 from the initiator, sent 1 times before
	// frame 3: main message 1 from the initiator, sent 2 times before
	// [IKE:AES_CBC_128/HMAC_SHA2_256_128/MODP_1024]
	// f89b227c2e45ee23: the responder owes a message since 03:00:00
}

// What an ICMP error says: the peer is there, and nobody listens.
func ExampleReadReport() {
	quoted, _ := hex.DecodeString("4500006c00010000401100000a0000010a00000201f401f400580000" + "e407a59c01020304" + "0000000000000000" + "01100200")
	d := exchange.Datagram{
		Protocol: exchange.ProtocolICMP,
		Source:   netip.MustParseAddrPort("10.0.0.2:0"), Destination: netip.MustParseAddrPort("10.0.0.1:0"),
		Payload: append([]byte{3, 3, 0, 0, 0, 0, 0, 0}, quoted...),
	}
	r, ok := exchange.ReadReport(&d)
	fmt.Println(ok, r.Reason, r.Destination)
	// Output: true port-unreachable 10.0.0.2:500
}
