package esp_test

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
)

// The payload of a UDP datagram on port 4500 is ESP here.
func ExampleUDP_Decode() {
	payload, _ := hex.DecodeString("c0ffee0100000007" + "00112233445566778899aabbccddeeff")
	var u esp.UDP
	if err := u.Decode(payload, len(payload)); err != nil {
		fmt.Println(err)
		return
	}
	var p esp.Packet
	if err := p.Decode(u.Body, len(u.Body)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: SPI %08x, number %d, %d octets for the peer only\n", u.Kind, p.SPI, p.Sequence, len(p.Body))
	// Output: ESP in UDP: SPI c0ffee01, number 7, 16 octets for the peer only
}

// What to set where big files hang: a DSL line with PPPoE, NAT in between.
func ExampleEncapsulation() {
	e := esp.Encapsulation{
		Transform: esp.Transform{
			Cipher:    ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 256},
			Integrity: ike.IntegritySHA256,
		},
		Mode: ike.ModeUDPTunnel,
	}
	const path = 1492
	fmt.Println("a full packet becomes", e.Size(1500), "octets in", e.Fragments(1500, path), "fragments")
	fmt.Println("tunnel MTU", e.MaxInner(path), "TCP MSS", e.MSS(path))
	// Output:
	// a full packet becomes 1572 octets in 2 fragments
	// tunnel MTU 1422 TCP MSS 1382
}

// Which packets a receiver drops, and what window would not.
func ExampleWindow() {
	arrived := []uint64{1, 2, 8, 3, 4, 9, 5, 6, 7, 9}
	for _, size := range []int{4, 32} {
		w := esp.NewWindow(size)
		for _, seq := range arrived {
			if v := w.Receive(seq); v != esp.Accept {
				fmt.Println("window", size, "number", seq, v)
			}
		}
	}
	// Output:
	// window 4 number 3 too old
	// window 4 number 4 too old
	// window 4 number 5 too old
	// window 4 number 9 duplicate
	// window 32 number 9 duplicate
}

// What sequence numbers tell without keys.
func ExampleFlows() {
	a, b := netip.MustParseAddrPort("192.0.2.1:4500"), netip.MustParseAddrPort("198.51.100.2:4500")
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var flows esp.Flows
	for i, seq := range []uint32{1, 2, 5, 4, 9} {
		flows.Observe(&esp.Arrival{Time: start.Add(time.Duration(i) * time.Second), Source: a, Destination: b,
			SPI: 0xc0ffee01, Sequence: seq, Length: 136, UDP: true})
	}
	for f := range flows.All() {
		fmt.Printf("SPI %08x: %d packets, %d missing, %d reordered; a window of %d suffices; silent for %v\n",
			f.SPI, f.Packets, f.Missing(), f.Reordered, f.WindowNeeded(), f.Silent(start.Add(time.Minute)))
	}
	for _, c := range flows.Conversations() {
		fmt.Println(c.A, "and", c.B, "heard one way only:", c.OneWay())
	}
	// Output:
	// SPI c0ffee01: 5 packets, 4 missing, 1 reordered; a window of 2 suffices; silent for 56s
	// 192.0.2.1 and 198.51.100.2 heard one way only: true
}

// Decrypting with the keys of a kernel's listing: the packet of RFC 7634,
// appendix A.
func ExampleSA_Open() {
	key, _ := hex.DecodeString("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f" + "a0a1a2a3")
	wire, _ := hex.DecodeString("0102030400000005" + "1011121314151617" +
		"24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7" +
		"2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0" +
		"76aaa8266b7fb0f7b11b369907e1ad43")
	t, _ := esp.KernelTransform("", "", "rfc7539esp(chacha20,poly1305)", 288, 128)
	sa, err := esp.NewSA(t, esp.Keys{Cipher: ike.NewSecret(key)})
	if err != nil {
		fmt.Println(err)
		return
	}
	var p esp.Packet
	if err := p.Decode(wire, len(wire)); err != nil {
		fmt.Println(err)
		return
	}
	in, err := sa.Open(nil, &p, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	from, _ := netip.AddrFromSlice(in.Payload[12:16])
	fmt.Println(sa)
	fmt.Println("protocol", in.NextHeader, "from", from, "authenticated:", in.Authenticated)
	// Output:
	// CHACHA20_POLY1305/none [keys secret]
	// protocol 4 from 198.51.100.5 authenticated: true
}

// The tunnel is up, all packets fail their integrity check: the peer cuts
// HMAC-SHA-256 to 96 bits.
func ExampleSA_FitICV() {
	t := esp.Transform{Cipher: ike.CipherKey{Cipher: ike.CipherNull}, Integrity: ike.IntegritySHA256}
	sa, err := esp.NewSA(t, esp.Keys{Integrity: ike.NewSecret(make([]byte, 32))})
	if err != nil {
		fmt.Println(err)
		return
	}
	wire, _ := hex.DecodeString("c0ffee0100000001" + "0102030405060708090a0b0c0d0e0f10" + "01020204" + "2c9ac521edbede1638794e29")
	var p esp.Packet
	if err := p.Decode(wire, len(wire)); err != nil {
		fmt.Println(err)
		return
	}
	_, err = sa.Open(nil, &p, 0)
	fmt.Println(err)
	octets, ok := sa.FitICV(&p, 0)
	fmt.Println(octets*8, "bits fit:", ok)
	// Output:
	// esp: integrity check failed
	// 96 bits fit: true
}
