package isakmp_test

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ikediag/ikediag/isakmp"
)

// offer is a main mode message 1: AES-128, SHA-1, pre-shared key, group 14,
// and the vendor ID of dead peer detection.
var offer, _ = hex.DecodeString("e407a59c01020304000000000000000001100200000000000000006c" +
	"0d00003c00000001000000010000003001010001000000280101000080010007800e0080800200028003000180" +
	"04000e800b0001000c000400015180" + "00000014afcad71368a1f1c96b8696fc77570100")

// Decoding shows what a peer offers.
func Example() {
	var m isakmp.Message // reuse it for the next message
	if err := m.Decode(offer, 0); err != nil {
		fmt.Println(err) // what was read before the fault is in m
	}
	fmt.Println(m.Exchange, m.InitiatorCookie)
	for _, sa := range m.SAs {
		for _, p := range sa.Proposals {
			for _, t := range p.Transforms {
				group, _ := t.Attribute(uint16(isakmp.OakleyGroup))
				n, _ := group.Uint()
				fmt.Println(p.Protocol, isakmp.Group(n))
			}
		}
	}
	for _, p := range m.Payloads {
		if p.Type == isakmp.PayloadVendorID {
			fmt.Println(isakmp.VendorID(p.Body))
		}
	}
	// Output:
	// main e407a59c01020304
	// ISAKMP MODP-2048
	// DPD 1.0
}

// A message that the capture cut is not one that its sender broke.
func ExampleMessage_Decode_cut() {
	var m isakmp.Message
	err := m.Decode(offer[:96], len(offer))
	fmt.Println(errors.Is(err, isakmp.ErrCut), len(m.SAs[0].Proposals[0].Transforms[0].Attributes))

	err = m.Decode(offer[:96], 0)
	fmt.Println(errors.Is(err, isakmp.ErrTruncated), err)
	// Output:
	// true 7
	// true isakmp: header at 24: reaches beyond the end of what holds it (108, not 96) [RFC 2408, section 3.1]
}

// Walk is for who wants to know the payloads and no more.
func ExampleWalk() {
	var h isakmp.Header
	if h.Decode(offer) != nil {
		return
	}
	c := isakmp.Walk(h.NextPayload, offer[isakmp.HeaderLen:])
	for c.Next() {
		fmt.Println(c.Payload().Type, len(c.Payload().Body))
	}
	// Output:
	// SA 56
	// VID 16
}

// Messages are put together from payloads, and payloads from their types.
func ExampleMessage_AppendBinary() {
	n := isakmp.Notify{DOI: isakmp.DOIIPsec, Protocol: isakmp.ProtocolISAKMP, Type: isakmp.NotifyNoProposalChosen}
	body, _ := n.AppendBinary(nil)
	m := isakmp.Message{
		Header: isakmp.Header{
			InitiatorCookie: isakmp.Cookie{1, 2, 3, 4, 5, 6, 7, 8},
			Version:         isakmp.Version1,
			Exchange:        isakmp.ExchangeInformational,
		},
		Payloads: []isakmp.Payload{{Type: isakmp.PayloadNotify, Body: body}},
	}
	b, err := m.AppendBinary(nil)
	fmt.Printf("%x %v\n", b, err)
	// Output:
	// 010203040506070800000000000000000b10050000000000000000280000000c000000010100000e <nil>
}

// Validate tells what breaks a rule of the RFCs, and which.
func ExampleMessage_Validate() {
	var m isakmp.Message
	m.Decode(offer, 0)
	m.MessageID = 7
	for p := range m.Validate() {
		fmt.Println(p.String())
	}
	// Output:
	// header at 20: message ID is not 0 in phase 1 (7, not 0) [RFC 2408, section 3.1]
}

// A vendor ID may tell the sender's software.
func ExampleVendorID_Lookup() {
	v, ok := isakmp.VendorID("OE-Libreswan-4.10").Lookup()
	fmt.Println(v.Product, v.Version(), ok)
	// Output:
	// libreswan 4.10 true
}

// An identification may be one of an address, a network or a name.
func ExampleID_String() {
	var id isakmp.ID
	if id.Decode([]byte{4, 0, 0, 0, 10, 1, 0, 0, 255, 255, 0, 0}) == nil {
		fmt.Println(id.Type, id)
	}
	// Output:
	// ID_IPV4_ADDR_SUBNET 10.1.0.0/16
}
