package isakmp

import (
	"bytes"
	"testing"
)

// lengths are what seeds put where a length stands: the shapes that decoders
// have crashed or spun on.
var lengths = [...]uint16{0, 1, 3, 4, 7, 8, 9, 27, 0x7fff, 0xffff}

// seeds returns messages whose every 16 bits were a length of trouble, and the
// shapes of known vulnerabilities in other decoders.
func seeds() [][]byte {
	informational := func(payloads ...Payload) []byte {
		m := clear1(ExchangeInformational, payloads...)
		b, err := m.AppendBinary(nil)
		if err != nil {
			panic(err)
		}
		return b
	}
	one := mainMode1(1)
	all := [][]byte{
		nil, one, mainMode1(3), encryptedMessage(),
		informational(Payload{Type: PayloadDelete, Body: []byte{0, 0, 0, 1, 1, 4, 0xff, 0xff}}), // CVE-2004-0183: a huge count
		informational(Payload{Type: PayloadDelete, Body: []byte{0, 0, 0, 1, 1, 0, 0xff, 0xff}}), // and one of nothing
		informational(Payload{Type: PayloadID, Body: []byte{1}}),                                // CVE-2004-0184: shorter than its header
		edit(informational(Payload{Type: PayloadHash}), 30, 0, 0),                               // CVE-2005-1278: length 0
		informational(Payload{Type: PayloadNotify, Body: []byte{0, 0, 0, 1, 1, 255, 0x60, 1}}),  // CVE-2018-14469: no data
		informational(Payload{Type: PayloadNotify, Body: []byte{0, 0, 0, 1, 1, 0, 0x60, 1}}),
		informational(Payload{Type: PayloadID, Body: []byte{6, 0, 0, 0, 1, 2, 3, 4}}), // CVE-2017-13689: an IPv6 subnet of 4 octets
		edit(one, mmAttribute+26, 0xff, 0xff),                                         // CVE-2017-13039: attribute past the end
		informational(Payload{Type: PayloadFragment, Body: []byte{1}}),                // CVE-2016-1287: less than 8
		informational(Payload{Type: PayloadFragment, Body: []byte{0, 1, 0, 1}}),       // CVE-2013-6076: number 0, no message
		edit(one, 36, 0xff, 0xff, 0xff, 0xff),                                         // CVE-2015-3204: situation
		edit(one, 16, 15),                                                             // and next payload 15
		informational(Payload{Type: PayloadKE, Body: make([]byte, 128)}),              // CVE-2015-3240: KE of 0
		edit(one, 17, 0x20), edit(mainMode1(1), 16, byte(PayloadV2SA)), // CVE-2015-3991: the other version's types
		append(append([]byte(nil), one...), one...), // CVE-2022-23094: two messages
		informational(Payload{Type: PayloadDelete, Body: make([]byte, 24)}, Payload{Type: PayloadDelete, Body: make([]byte, 24)}),
		informational(Payload{Type: PayloadID, Body: []byte{9, 0, 0, 0, 0x30}}), // CVE-2013-6075: a name cut short
	}
	for at := 0; at+2 <= len(one); at += 2 {
		for _, n := range lengths {
			all = append(all, edit(one, at, byte(n>>8), byte(n)))
		}
	}
	for n := 0; n < len(one); n += 5 {
		all = append(all, one[:n])
	}
	return all
}

// TestSeeds runs what fuzzing starts from, as every test run should.
func TestSeeds(t *testing.T) {
	var m Message
	for _, b := range seeds() {
		checkMessage(t, &m, b, 0)
		checkMessage(t, &m, b, len(b)+7)
	}
}

func FuzzDecode(f *testing.F) {
	for _, b := range seeds() {
		f.Add(b, 0)
	}
	var m Message
	f.Fuzz(func(t *testing.T, b []byte, lost int) {
		if len(b) > 0xffff {
			return
		}
		checkMessage(t, &m, b, len(b)+lost&0xfff)
	})
}

// FuzzPayloads decodes a decrypted body both ways.
func FuzzPayloads(f *testing.F) {
	for _, b := range seeds() {
		if len(b) > HeaderLen {
			f.Add(b[16], b[HeaderLen:])
		}
	}
	var m Message
	f.Fuzz(func(t *testing.T, first byte, b []byte) {
		err := m.DecodePayloads(PayloadType(first), b)
		again, encErr := m.AppendPayloads(nil)
		if again = append(again, m.Rest...); encErr != nil || !bytes.Equal(again, b) {
			t.Fatalf("encoded %x (%v)\nnot     %x", again, encErr, b)
		}
		checkBodies(t, &m)
		c := Walk(PayloadType(first), b)
		for i := range m.Payloads {
			if whole := m.Payloads[i].Missing == 0; c.Next() != whole {
				t.Fatalf("cursor stops at payload %d: %v", i, c.Err())
			} else if p := c.Payload(); whole && (p.Type != m.Payloads[i].Type || p.Offset != m.Payloads[i].Offset || !bytes.Equal(p.Body, m.Payloads[i].Body)) {
				t.Fatalf("cursor reads %+v", p)
			}
		}
		if err == nil && (c.Next() || c.Err() != nil) {
			t.Fatalf("cursor goes on: %v", c.Err())
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, b := range seeds() {
		f.Add(byte(PayloadID), b)
	}
	f.Fuzz(func(t *testing.T, typ byte, b []byte) {
		v, err := decodeBody(PayloadType(typ), b)
		if v == nil {
			return
		}
		if again, encErr := v.AppendBinary(nil); err == nil && (encErr != nil || !bytes.Equal(again, b)) {
			t.Fatalf("encoded %x (%v)\nnot     %x", again, encErr, b)
		}
		if id, ok := v.(*ID); ok {
			checkPrintable(t, id.String())
			id.Range()
		}
		checkPrintable(t, VendorID(b).String())
		dump(v)
	})
}

func FuzzDERName(f *testing.F) {
	f.Add([]byte(der(0x30, der(0x31, der(0x30, der(6, "\x55\x04\x03")+der(0x13, "gw"))))))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkPrintable(t, DERName(b)+DERGeneralName(b))
	})
}

func FuzzClassify(f *testing.F) {
	f.Add(mainMode1(1), uint16(500), uint16(500))
	f.Fuzz(func(t *testing.T, b []byte, src, dst uint16) {
		if Classify(b, src, dst) == ClassISAKMP {
			StripMarker(b)
		}
	})
}
