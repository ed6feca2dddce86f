package isakmp

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

func TestDecodeMainMode(t *testing.T) {
	b := mainMode1(1)
	if len(b) != 168 {
		t.Fatalf("%d octets, want 168", len(b))
	}
	var m Message
	if err := m.Decode(b, 0); err != nil {
		t.Fatal(err)
	}
	if m.Exchange != ExchangeMain || m.Version != Version1 || m.Length != 168 || m.Header.Encrypted() || m.ResponderCookie != (Cookie{}) {
		t.Errorf("header %+v", m.Header)
	}
	if len(m.Payloads) != 5 || m.Payloads[4].Type != PayloadVendorID || m.Payloads[4].Offset != 148 || m.LastNext != PayloadNone || len(m.Rest) != 0 {
		t.Errorf("payloads %+v", m.Payloads)
	}
	if len(m.SAs) != 1 || len(m.SAs[0].Proposals) != 1 || len(m.SAs[0].Proposals[0].Transforms) != 1 {
		t.Fatalf("SAs %+v", m.SAs)
	}
	tr := &m.SAs[0].Proposals[0].Transforms[0]
	if tr.ID != KeyIKE || len(tr.Attributes) != 7 {
		t.Errorf("transform %+v", tr)
	}
	for class, want := range map[OakleyAttribute]uint64{OakleyEncryption: uint64(CipherAES), OakleyKeyLength: 128, OakleyLifeDuration: 86400} {
		a, ok := tr.Attribute(uint16(class))
		if v, isNumber := a.Uint(); !ok || !isNumber || v != want || a.Short == (class == OakleyLifeDuration) {
			t.Errorf("%v: %+v, want %d", class, a, want)
		}
	}
	if _, ok := tr.Attribute(uint16(OakleyPRF)); ok {
		t.Error("an attribute that is not there")
	}
}

// edit returns a copy of b with the octets at an offset replaced.
func edit(b []byte, at int, octets ...byte) []byte {
	c := append([]byte(nil), b...)
	copy(c[at:], octets)
	return c
}

// Where parts of mainMode1 begin.
const (
	mmSA        = HeaderLen
	mmProposal  = mmSA + PayloadHeaderLen + 8
	mmTransform = mmProposal + proposalLen
	mmAttribute = mmTransform + transformLen
	mmVendor    = mmSA + 60
)

// TestFaults breaks a sound message in one place and checks what Decode says
// of it, and that the rest of the message is still read.
func TestFaults(t *testing.T) {
	sound := mainMode1(2) // 208 octets, the SA is of 100
	tests := []struct {
		name   string
		b      []byte
		reason error
		rule   Rule
		path   string
		offset int
		read   string // payloads/proposals/transforms/attributes
	}{
		{"nothing", nil, ErrTruncated, RuleOverrun, "header", 0, "0/0/0/0"},
		{"27 octets", sound[:27], ErrTruncated, RuleOverrun, "header", 0, "0/0/0/0"},
		{"length 0", edit(sound, 24, 0, 0, 0, 0), ErrLength, RuleShort, "header", 24, "0/0/0/0"},
		{"length 27", edit(sound, 24, 0, 0, 0, 27), ErrLength, RuleShort, "header", 24, "0/0/0/0"},
		{"length + 1", edit(sound, 24, 0, 0, 0, 209), ErrTruncated, RuleOverrun, "header", 24, "5/1/2/14"},
		{"length huge", edit(sound, 24, 0xff, 0xff, 0xff, 0xff), ErrTruncated, RuleOverrun, "header", 24, "5/1/2/14"},
		{"length - 1", edit(sound, 24, 0, 0, 0, 207), ErrTruncated, RuleOverrun, "payload[4] VID", 188, "5/1/2/14"},
		{"version 3", edit(sound, 17, 0x30), ErrVersion, RuleVersion, "header", 17, "0/0/0/0"},
		{"no last payload", edit(sound, 188, 13), ErrTruncated, RulePromised, "payload[5] VID", 208, "5/1/2/14"},
		{"payload length 0", edit(sound, 130, 0, 0), ErrLength, RuleShort, "payload[1] VID", 128, "1/1/2/14"},
		{"payload length 3", edit(sound, 130, 0, 3), ErrLength, RuleShort, "payload[1] VID", 128, "1/1/2/14"},
		{"payload length large", edit(sound, 130, 0xff, 0xff), ErrTruncated, RuleOverrun, "payload[1] VID", 128, "2/1/2/14"},
		{"SA of 4", edit(edit(sound, mmSA+2, 0, 4), 32, 13, 0, 0, 96), ErrLength, RuleShort, "payload[0] SA", 32, "6/0/0/0"},
		{"SA of 8", edit(edit(sound, mmSA+2, 0, 8), 36, 13, 0, 0, 92), ErrLength, RuleShort, "payload[0] SA", 32, "6/0/0/0"},
		{"proposal next 1", edit(sound, mmProposal, 1), ErrChain, RuleChain, "payload[0] SA, proposal[0]", 40, "5/1/2/14"},
		{"proposal goes on", edit(sound, mmProposal, 2), ErrTruncated, RulePromised, "payload[0] SA, proposal[0]", 128, "5/1/2/14"},
		{"proposal length 7", edit(sound, mmProposal+2, 0, 7), ErrLength, RuleShort, "payload[0] SA, proposal[0]", 40, "5/0/0/0"},
		{"proposal length + 1", edit(sound, mmProposal+2, 0, 89), ErrTruncated, RuleOverrun, "payload[0] SA, proposal[0]", 40, "5/1/2/14"},
		{"proposal length - 1", edit(sound, mmProposal+2, 0, 87), ErrTruncated, RuleOverrun, "payload[0] SA, proposal[0], transform[1]", 88, "5/1/2/13"},
		{"proposal leftover", edit(sound, mmTransform, 0), ErrLength, RuleLeftover, "payload[0] SA, proposal[0], transform[0]", 88, "5/1/1/7"},
		{"SPI size", edit(sound, mmProposal+6, 81), ErrLength, RuleShort, "payload[0] SA, proposal[0]", 40, "5/1/0/0"},
		{"transform count", edit(sound, mmProposal+7, 3), ErrLength, RuleCount, "payload[0] SA, proposal[0]", 40, "5/1/2/14"},
		{"transform next 2", edit(sound, mmTransform, 2), ErrChain, RuleChain, "payload[0] SA, proposal[0], transform[0]", 48, "5/1/1/7"},
		{"transform goes on", edit(sound, mmTransform+40, 3), ErrTruncated, RulePromised, "payload[0] SA, proposal[0], transform[1]", 128, "5/1/2/14"},
		{"transform length 0", edit(sound, mmTransform+2, 0, 0), ErrLength, RuleShort, "payload[0] SA, proposal[0], transform[0]", 48, "5/1/0/0"},
		{"transform length large", edit(sound, mmTransform+2, 4, 0), ErrTruncated, RuleOverrun, "payload[0] SA, proposal[0], transform[0]", 48, "5/1/1/7"},
		{"attribute length", edit(sound, mmAttribute+26, 0, 5), ErrTruncated, RuleOverrun, "payload[0] SA, proposal[0], transform[0], attribute[6]", 80, "5/1/2/13"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m Message
			checkMessage(t, &m, tt.b, 0)
			err := m.Decode(tt.b, 0)
			var parse *ParseError
			if !errors.Is(err, tt.reason) || !errors.As(err, &parse) {
				t.Fatalf("error %v, want %v", err, tt.reason)
			}
			if parse.Rule != tt.rule || parse.Path.String() != tt.path || parse.Offset != tt.offset {
				t.Errorf("%v, want rule %q of %s at %d", err, tt.rule, tt.path, tt.offset)
			}
			if got := countParts(&m); got != tt.read {
				t.Errorf("read %s, want %s", got, tt.read)
			}
			if !strings.HasPrefix(err.Error(), "isakmp: "+tt.path) {
				t.Errorf("error text %q", err)
			}
		})
	}
}

// countParts tells how much of a message was read.
func countParts(m *Message) string {
	n := [4]int{len(m.Payloads)}
	for _, sa := range m.SAs {
		for _, p := range sa.Proposals {
			n[1]++
			for _, tr := range p.Transforms {
				n[2]++
				n[3] += len(tr.Attributes)
			}
		}
	}
	var b strings.Builder
	for i, v := range n {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(unnamed("", uint32(v)))
	}
	return strings.NewReplacer("(", "", ")", "").Replace(b.String())
}

// TestFaultDoesNotHideOthers checks that Decode goes on behind a payload that
// is broken inside.
func TestFaultDoesNotHideOthers(t *testing.T) {
	notify := []byte{0, 0, 0, 1, 1, 200, 0, 14} // an SPI of 200 octets
	m := Message{
		Header: Header{Version: Version1, Exchange: ExchangeInformational},
		Payloads: []Payload{
			{Type: PayloadNotify, Body: notify},
			{Type: PayloadDelete, Body: []byte{0, 0, 0, 1, 3, 4, 0xff, 0xff, 1, 2, 3, 4}},
			{Type: PayloadCert},
			{Type: PayloadAttribute, Body: []byte{1, 0, 0, 0, 0, 1, 0, 9, 1}},
			{Type: PayloadVendorID, Body: []byte("after")},
		},
	}
	b, err := m.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, &m, b, 0)
	if len(m.Payloads) != 5 || len(m.Problems) != 4 {
		t.Fatalf("%d payloads, problems %v", len(m.Payloads), m.Problems)
	}
	want := []struct {
		rule Rule
		path string
	}{
		{RuleOverrun, "payload[0] N"}, {RuleOverrun, "payload[1] D"}, {RuleShort, "payload[2] CERT"}, {RuleOverrun, "payload[3] ATTR, attribute[0]"},
	}
	for i, p := range m.Problems {
		if p.Rule != want[i].rule || p.Path.String() != want[i].path {
			t.Errorf("problem %v, want %v of %s", &p, want[i].rule, want[i].path)
		}
	}
}

// TestCut cuts a message at every octet: with its wire length the capture is
// to blame, without it the sender, and what is before the cut is read.
func TestCut(t *testing.T) {
	for _, whole := range [][]byte{mainMode1(2), encryptedMessage()} {
		var m, part Message
		if err := m.Decode(whole, 0); err != nil {
			t.Fatal(err)
		}
		for n := range len(whole) {
			checkMessage(t, &part, whole[:n], len(whole))
			if err := part.Decode(whole[:n], len(whole)); !errors.Is(err, ErrCut) || len(part.Problems) != 1 {
				t.Fatalf("cut at %d: %v, %v", n, err, part.Problems)
			}
			checkMessage(t, &part, whole[:n], 0)
			if err := part.Decode(whole[:n], 0); !errors.Is(err, ErrTruncated) {
				t.Fatalf("truncated at %d: %v", n, err)
			}
			if n >= mmVendor+40 && len(part.Encrypted) == 0 && countParts(&part)[1:] != "/1/2/14" {
				t.Fatalf("truncated at %d: read %s", n, countParts(&part))
			}
		}
	}
}

// TestCutAndBroken: a length beyond the end on the wire is the sender's fault
// even where the capture cut the message.
func TestCutAndBroken(t *testing.T) {
	b := edit(mainMode1(1), mmVendor+2, 0xff, 0xff)
	var m Message
	if err := m.Decode(b[:mmVendor+10], len(b)); !errors.Is(err, ErrTruncated) {
		t.Errorf("%v", err)
	}
}

// encryptedMessage returns a main mode message 5.
func encryptedMessage() []byte {
	m := Message{
		Header: Header{
			InitiatorCookie: Cookie{1}, ResponderCookie: Cookie{2}, Version: Version1,
			Exchange: ExchangeMain, Flags: FlagEncryption, NextPayload: PayloadID,
		},
		Encrypted: []byte("sixteen octets, or a multiple of"),
	}
	b, err := m.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	return b
}

func TestEncrypted(t *testing.T) {
	var m Message
	b := append(encryptedMessage(), "after"...)
	if err := m.Decode(b, 0); err != nil {
		t.Fatal(err)
	}
	if len(m.Payloads) != 0 || string(m.Encrypted) != "sixteen octets, or a multiple of" || string(m.Rest) != "after" {
		t.Errorf("%+v", m)
	}
	// What somebody decrypted is a chain with padding behind it.
	plain := []byte{byte(PayloadHash), 0, 0, 8, 1, 0, 0, 0, 0, 0, 0, 6, 1, 2, 0, 0, 0, 7}
	if err := m.DecodePayloads(PayloadID, plain); err != nil {
		t.Fatal(err)
	}
	if len(m.Payloads) != 2 || m.Payloads[1].Type != PayloadHash || m.Payloads[1].Offset != 8 || len(m.Rest) != 4 || m.Exchange != ExchangeMain {
		t.Errorf("%+v", m)
	}
	again, err := m.AppendPayloads(nil)
	if err != nil || string(append(again, m.Rest...)) != string(plain) {
		t.Errorf("%x, %v", again, err)
	}
}

func TestV2(t *testing.T) {
	inner := []byte{byte(PayloadV2IDi), 0, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8} // SK: IDi is inside
	b := Header{InitiatorCookie: Cookie{1}, NextPayload: PayloadV2Encrypted, Version: Version2, Exchange: ExchangeAuth, Flags: FlagInitiator, Length: HeaderLen + 12}
	msg, _ := b.AppendBinary(nil)
	msg = append(msg, inner...)
	var m Message
	checkMessage(t, &m, msg, 0)
	if err := m.Decode(msg, 0); err != nil || len(m.Payloads) != 1 || m.LastNext != PayloadV2IDi || m.Header.Encrypted() {
		t.Errorf("%v, %+v", err, m)
	}
	for p := range m.Validate() {
		t.Errorf("%v", &p)
	}
}

func TestLimits(t *testing.T) {
	whole := mainMode1(8)
	tests := []struct {
		limits Limits
		path   string
		read   string
	}{
		{Limits{Payloads: 3}, "payload[3] VID", "3/1/8/56"},
		{Limits{Proposals: 1, Transforms: 5}, "payload[0] SA, proposal[0], transform[5]", "5/1/5/35"},
		{Limits{Attributes: 10}, "payload[0] SA, proposal[0], transform[1], attribute[3]", "5/1/8/10"},
	}
	for _, tt := range tests {
		m := Message{Limits: tt.limits}
		err := m.Decode(whole, 0)
		var parse *ParseError
		if !errors.Is(err, ErrTooMany) || !errors.As(err, &parse) || parse.Path.String() != tt.path || countParts(&m) != tt.read {
			t.Errorf("%+v: %v, read %s, want %s and %s", tt.limits, err, countParts(&m), tt.path, tt.read)
		}
		if again, err := m.AppendBinary(nil); err != nil || string(again) != string(whole) {
			t.Errorf("%+v: encoded %x, %v", tt.limits, again, err)
		}
	}
	m := Message{Limits: Limits{Problems: 2}}
	broken := edit(whole, mmTransform+2, 0, 4, 0, 0)
	for i := range 8 {
		binary.BigEndian.PutUint16(broken[mmAttribute+40*i+26:], 99)
	}
	m.Decode(edit(broken, mmTransform+2, 0, 40), 0)
	if len(m.Problems) != 2 {
		t.Errorf("%d problems kept, want 2", len(m.Problems))
	}
}

// TestReuse: nothing of a long message remains in a short one.
func TestReuse(t *testing.T) {
	var m Message
	m.Decode(edit(mainMode1(8), 24, 0xff), 0)
	m.Decode(encryptedMessage(), 0)
	checkMessage(t, &m, mainMode1(1), 0)
	short := Message{Header: Header{Version: Version1, Exchange: ExchangeInformational}, Payloads: []Payload{{Type: PayloadHash, Body: []byte{1}}}}
	b, _ := short.AppendBinary(nil)
	checkMessage(t, &m, b, 0)
	if len(m.SAs) != 0 || len(m.Payloads) != 1 || len(m.Problems) != 0 || m.Encrypted != nil {
		t.Errorf("%+v", m)
	}
}
