package gopacketlayer_test

import (
	"encoding/hex"
	"fmt"

	"github.com/google/gopacket"

	"github.com/ikediag/ikediag/isakmp/gopacketlayer"
)

// An ISAKMP message by gopacket's parser, without allocations. What comes
// before it is decoded by layers of gopacket's own.
func ExampleLayer() {
	message, _ := hex.DecodeString("e407a59c0102030400000000000000000b10050000000000000000280000000c0000000101000018")
	var layer gopacketlayer.Layer
	parser := gopacket.NewDecodingLayerParser(gopacketlayer.LayerType, &layer)
	var found []gopacket.LayerType
	if err := parser.DecodeLayers(message, &found); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(found), layer.Exchange, layer.InitiatorCookie, layer.Payloads[0].Type)
	// Output: 1 informational e407a59c01020304 N
}
