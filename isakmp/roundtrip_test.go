package isakmp

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// checkMessage decodes b into m and fails if what the package promises of any
// input does not hold.
func checkMessage(t testing.TB, m *Message, b []byte, wireLen int) {
	t.Helper()
	err := m.Decode(b, wireLen)
	if (err != nil) != (len(m.Problems) != 0) {
		t.Fatalf("error %v with problems %v", err, m.Problems)
	}
	again, encErr := m.AppendBinary([]byte("x"))
	if encErr != nil || !bytes.Equal(again[1:], b) {
		t.Fatalf("encoded %x (%v)\nnot     %x", again[1:], encErr, b)
	}
	checkPlaces(t, m, b)
	checkBodies(t, m)
	checkClone(t, m, b)
	var fresh Message
	fresh.Decode(b, wireLen)
	if !sameMessage(m, &fresh) {
		t.Fatalf("reused %+v\nfresh  %+v", m, fresh)
	}
	for p := range m.Validate() {
		if p.String() == "" || p.Rule.String() == "" {
			t.Fatal("problem without words")
		}
	}
}

// sameMessage compares what two messages hold, without their slabs.
func sameMessage(a, b *Message) bool {
	same := func(x, y any) bool { return reflect.DeepEqual(x, y) }
	return a.Header == b.Header && a.LastNext == b.LastNext && bytes.Equal(a.Encrypted, b.Encrypted) &&
		bytes.Equal(a.Rest, b.Rest) && len(a.Payloads) == len(b.Payloads) && len(a.SAs) == len(b.SAs) && len(a.Problems) == len(b.Problems) &&
		(len(a.Payloads) == 0 || same(a.Payloads, b.Payloads)) && (len(a.SAs) == 0 || same(a.SAs, b.SAs)) &&
		(len(a.Problems) == 0 || same(a.Problems, b.Problems))
}

// checkPlaces fails unless payloads stand where they say, one after the other.
func checkPlaces(t testing.TB, m *Message, b []byte) {
	t.Helper()
	at := HeaderLen
	for i := range m.Payloads {
		p := &m.Payloads[i]
		if int(p.Offset) != at || !bytes.Equal(p.Body, b[at+PayloadHeaderLen:at+PayloadHeaderLen+len(p.Body)]) {
			t.Fatalf("payload %d is not at %d", i, p.Offset)
		}
		at += PayloadHeaderLen + len(p.Body)
	}
	for _, p := range m.Problems {
		if p.Offset < 0 || p.Offset > len(b) || !p.Rule.Framing() {
			t.Fatalf("problem at %d of %d: %v", p.Offset, len(b), &p)
		}
	}
}

func checkClone(t testing.TB, m *Message, b []byte) {
	t.Helper()
	own := bytes.Clone(b)
	var n Message
	n.Decode(own, len(b))
	c := n.Clone()
	for i := range own {
		own[i] ^= 0xff
	}
	again, err := c.AppendBinary(nil)
	if err != nil || !bytes.Equal(again, b) {
		t.Fatalf("clone %x (%v)\nnot   %x", again, err, b)
	}
}

// typed is what every payload type implements.
type typed interface {
	AppendBinary(dst []byte) ([]byte, error)
}

// decodeBody decodes a body by its type, as a user would who switches on it.
func decodeBody(t PayloadType, body []byte) (typed, error) {
	switch t {
	case PayloadSA, PayloadV2SA:
		sa := SA{V2: t == PayloadV2SA}
		return &sa, sa.Decode(body)
	case PayloadKE:
		return KeyExchange(body), nil
	case PayloadID:
		var id ID
		return &id, id.Decode(body)
	case PayloadCert:
		var c Cert
		return &c, c.Decode(body)
	case PayloadCertRequest:
		var c CertRequest
		return &c, c.Decode(body)
	case PayloadHash:
		return Hash(body), nil
	case PayloadSignature:
		return Signature(body), nil
	case PayloadNonce:
		return Nonce(body), nil
	case PayloadNotify:
		var n Notify
		return &n, n.Decode(body)
	case PayloadV2Notify:
		var n notifyV2
		return &n, n.DecodeV2(body)
	case PayloadDelete:
		var d Delete
		return &d, d.Decode(body)
	case PayloadV2Delete:
		var d deleteV2
		return &d, d.DecodeV2(body)
	case PayloadVendorID, PayloadV2VendorID:
		return VendorID(body), nil
	case PayloadAttribute:
		var c Config
		return &c, c.Decode(body)
	case PayloadNATD, PayloadNATDDraft:
		return NATD(body), nil
	case PayloadNATOA, PayloadNATOADraft:
		var n NATOA
		return &n, n.Decode(body)
	case PayloadFragment:
		var f Fragment
		return &f, f.Decode(body)
	}
	return nil, nil
}

type notifyV2 struct{ Notify }

func (n *notifyV2) AppendBinary(dst []byte) ([]byte, error) { return n.AppendBinaryV2(dst) }

type deleteV2 struct{ Delete }

func (d *deleteV2) AppendBinary(dst []byte) ([]byte, error) { return d.AppendBinaryV2(dst) }

// checkBodies fails unless every body that is whole and without a fault can be
// decoded and encoded again, as the message said.
func checkBodies(t testing.TB, m *Message) {
	t.Helper()
	faulty := map[int]bool{}
	for _, p := range m.Problems {
		if i, _, ok := p.Path.Payload(); ok {
			faulty[i] = true
		}
	}
	for i := range m.Payloads {
		p := &m.Payloads[i]
		if p.Missing != 0 {
			continue
		}
		v, err := decodeBody(p.Type, p.Body)
		if v == nil || faulty[i] && err != nil {
			continue
		}
		if err != nil {
			t.Fatalf("payload %d %v: %v, but not in the message", i, p.Type, err)
		}
		if faulty[i] {
			t.Fatalf("payload %d %v: a fault in the message, but not alone", i, p.Type)
		}
		if again, err := v.AppendBinary(nil); err != nil || !bytes.Equal(again, p.Body) {
			t.Fatalf("payload %d %v: encoded %x (%v)\nnot %x", i, p.Type, again, err, p.Body)
		}
	}
}

// TestRecordings decodes every ISAKMP message that anybody recorded for us.
func TestRecordings(t *testing.T) {
	all := recorded(t, recordings.Path(t), "captures", "corpus")
	if len(all) < 2000 {
		t.Errorf("%d messages, want 2000 or more", len(all))
	}
	var m Message
	payloads, sas, encrypted := 0, 0, 0
	for _, msg := range all {
		checkMessage(t, &m, msg.b, msg.wireLen)
		payloads += len(m.Payloads)
		sas += len(m.SAs)
		if len(m.Encrypted) != 0 {
			encrypted++
		}
	}
	t.Logf("%d messages, %d payloads, %d security associations, %d encrypted", len(all), payloads, sas, encrypted)
	if payloads < 5000 || sas < 600 || encrypted < 700 {
		t.Error("too few to be all of them")
	}
}
