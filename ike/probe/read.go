package probe

import (
	"bytes"
	"slices"

	"github.com/ikediag/ikediag/isakmp"
)

// Bounds of what is read for one message.
const (
	// MaxRead is how many datagrams are looked at: the question ends when more
	// come.
	MaxRead = 1024
	// MaxKept is how many of them are kept, each cut to 16 KiB.
	MaxKept   = 8
	maxOctets = 16 << 10

	maxVendors  = 32
	maxFailures = 8
)

// An ask is a message that was sent, and what would answer it.
type ask struct {
	cookies  [2]isakmp.Cookie // the second zero until it is known
	exchange isakmp.ExchangeType
	number   int // of the message in its exchange
	v2       bool
	sent     []byte // without a marker
	offered  []Transform
}

// reply is what a datagram says that answers.
type reply struct {
	cookies [2]isakmp.Cookie
	outcome Outcome
	notify  isakmp.NotifyType
	chosen  *Transform
	natd    [][]byte
	vendors []isakmp.VendorID
	message isakmp.Message
	secret  [][2]int // where HASH and SIG stand
}

// read judges a datagram, without its marker; false where it is no answer.
func (q *ask) read(b []byte, r *reply) bool {
	m := &r.message
	if len(b) < isakmp.HeaderLen || !bytes.Equal(b[:8], q.cookies[0][:]) || bytes.Equal(b, q.sent) {
		return false
	}
	if m.Decode(b, 0) != nil || int(m.Length) != len(b) {
		return false
	}
	*r = reply{message: r.message}
	if q.v2 {
		return q.readV2(r)
	}
	if m.Version.Major() != 1 || m.Encrypted != nil || q.number > 1 && m.ResponderCookie != q.cookies[1] {
		return false
	}
	for _, p := range m.Payloads {
		switch {
		case p.Type == isakmp.PayloadVendorID && len(r.vendors) < maxVendors:
			r.vendors = append(r.vendors, bytes.Clone(p.Body))
		case p.Type.IsNATD() && len(r.natd) < maxVendors:
			r.natd = append(r.natd, p.Body)
		case p.Type == isakmp.PayloadHash || p.Type == isakmp.PayloadSignature:
			at := int(p.Offset) + isakmp.PayloadHeaderLen
			r.secret = append(r.secret, [2]int{at, at + len(p.Body)})
		}
	}
	switch m.Exchange {
	case isakmp.ExchangeInformational:
		return r.refusal(func(n *isakmp.Notify, body []byte) error { return n.Decode(body) }, isakmp.PayloadNotify)
	case q.exchange:
	default:
		return false
	}
	if m.ResponderCookie.IsZero() {
		return false
	}
	r.outcome = Answered
	if q.number > 1 {
		return has(m, isakmp.PayloadKE)
	}
	if len(m.SAs) != 1 || len(m.SAs[0].Proposals) != 1 || len(m.SAs[0].Proposals[0].Transforms) != 1 {
		return false
	}
	chosen, ok := transformOf(&m.SAs[0].Proposals[0].Transforms[0])
	if !ok || !slices.Contains(q.offered, chosen) {
		return false // what nobody offered
	}
	r.chosen = &chosen
	return true
}

// readV2 judges an answer to IKE_SA_INIT: the same exchange, or an error, which
// one that does not know the version may give in its own.
func (q *ask) readV2(r *reply) bool {
	m := &r.message
	if m.Version.Major() == 1 {
		return m.Exchange == isakmp.ExchangeInformational && r.refusal(func(n *isakmp.Notify, body []byte) error { return n.Decode(body) }, isakmp.PayloadNotify)
	}
	if m.Flags&isakmp.FlagResponse == 0 || m.Exchange != isakmp.ExchangeSAInit && m.Exchange != isakmp.ExchangeInformational2 {
		return false
	}
	for _, p := range m.Payloads {
		if p.Type == isakmp.PayloadV2VendorID && len(r.vendors) < maxVendors {
			r.vendors = append(r.vendors, bytes.Clone(p.Body))
		}
	}
	if has(m, isakmp.PayloadV2SA) {
		r.outcome = Answered
		return true
	}
	if r.refusal(func(n *isakmp.Notify, body []byte) error { return n.DecodeV2(body) }, isakmp.PayloadV2Notify) {
		return true
	}
	// Asking for a cookie is going on (RFC 7296, section 2.6).
	r.outcome = Answered
	return slices.ContainsFunc(m.Payloads, func(p isakmp.Payload) bool {
		var n isakmp.Notify
		return p.Type == isakmp.PayloadV2Notify && n.DecodeV2(p.Body) == nil && isakmp.NotifyTypeV2(n.Type) == isakmp.NotifyV2Cookie
	})
}

// refusal takes the first error notification.
func (r *reply) refusal(decode func(*isakmp.Notify, []byte) error, t isakmp.PayloadType) bool {
	for _, p := range r.message.Payloads {
		var n isakmp.Notify
		if p.Type == t && decode(&n, p.Body) == nil && n.Type.IsError() {
			r.outcome, r.notify = Refused, n.Type
			return true
		}
	}
	return false
}

func has(m *isakmp.Message, t isakmp.PayloadType) bool {
	return slices.ContainsFunc(m.Payloads, func(p isakmp.Payload) bool { return p.Type == t })
}

// transformOf reads a suite.
func transformOf(w *isakmp.Transform) (t Transform, ok bool) {
	for _, a := range w.Attributes {
		v, known := a.Uint()
		if !known || v > 1<<16-1 {
			continue // a lifetime
		}
		switch isakmp.OakleyAttribute(a.Class) {
		case isakmp.OakleyEncryption:
			t.Cipher = isakmp.CipherAlgorithm(v)
		case isakmp.OakleyKeyLength:
			t.KeyLength = uint16(v)
		case isakmp.OakleyHash:
			t.Hash = isakmp.HashAlgorithm(v)
		case isakmp.OakleyGroup:
			t.Group = isakmp.Group(v)
		case isakmp.OakleyAuth:
			t.Auth = isakmp.AuthMethod(v)
		}
	}
	return t, w.ID == isakmp.KeyIKE
}
