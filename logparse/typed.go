package logparse

import (
	"bytes"
	"encoding/binary"
	"iter"
	"net/netip"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Mode returns the exchange of phase 1 that the line names in words: main or
// aggressive.
func (e *Event) Mode() (isakmp.ExchangeType, bool) {
	if !e.may.has(FieldMode) {
		return isakmp.ExchangeNone, false
	}
	return exchangeByName(bytes.TrimSuffix(e.bytes(FieldMode), []byte(" Mode")))
}

// Notify returns the notify message type that the line names: in words, or
// in the list of a message's payloads. Types of IKEv2 that share a number
// with one of IKEv1 are that one.
func (e *Event) Notify() (isakmp.NotifyType, bool) {
	if b := e.Bytes(FieldNotify); b != nil {
		return ParseNotify(b)
	}
	for p, arg := range e.Payloads() {
		if p == isakmp.PayloadNotify {
			return ParseNotify(arg)
		}
	}
	return 0, false
}

// ICMP returns the type and code of the ICMP message that the line names as the
// origin of an error (RFC 792).
func (e *Event) ICMP() (typ, code uint8, ok bool) {
	b, ok := bytes.CutPrefix(e.Bytes(FieldKind), []byte("ICMP type "))
	if !ok {
		return 0, 0, false
	}
	t, rest, ok := bytes.Cut(b, []byte(" code "))
	x, ok1 := parseUint(t)
	y, ok2 := parseUint(rest[:digits(rest)])
	return uint8(x), uint8(y), ok && ok1 && ok2 && x < 256 && y < 256
}

// Payload returns the type of the one payload that the line names, e.g. the
// one that could not be decrypted.
func (e *Event) Payload() (isakmp.PayloadType, bool) {
	return payloadByName(e.Bytes(FieldPayload))
}

// Payloads yields the payloads of a message in order, with what the daemon
// says of each in parentheses, e.g. the type of a notify.
func (e *Event) Payloads() iter.Seq2[isakmp.PayloadType, []byte] {
	return func(yield func(isakmp.PayloadType, []byte) bool) {
		for l := e.payloads(); ; {
			t, arg, ok := l.next()
			if !ok || !yield(t, arg) {
				return
			}
		}
	}
}

// HasPayload reports whether a message's list has a payload of type t.
func (e *Event) HasPayload(t isakmp.PayloadType) bool {
	l := e.payloads()
	return l.has(t)
}

// MessageNumber returns a message's place in its exchange, from 1, as RFC
// 2409, section 5 counts them: six in main mode, three in aggressive and quick
// mode. 0 means that it cannot be told.
func (e *Event) MessageNumber() uint8 {
	x, _ := e.Exchange()
	l := e.payloads()
	first, _, ok := l.next()
	for ok && first == isakmp.PayloadFragment {
		first, _, ok = l.next()
	}
	return e.Place(x, first, first == isakmp.PayloadSA || l.has(isakmp.PayloadSA))
}

// Place is MessageNumber for who has read the line's exchange, x, and its payloads
// already: first is the first one that is no fragment, and sa says whether an SA
// payload is among them.
func (e *Event) Place(x isakmp.ExchangeType, first isakmp.PayloadType, sa bool) uint8 {
	if x != isakmp.ExchangeMain && x != isakmp.ExchangeAggressive && x != isakmp.ExchangeQuick {
		return 0
	}
	request, known := e.Request()
	if !known {
		return 0
	}
	n := uint8(0)
	switch x {
	case isakmp.ExchangeMain:
		switch first {
		case isakmp.PayloadSA:
			n = 1
		case isakmp.PayloadKE:
			n = 3
		case isakmp.PayloadID:
			n = 5
		default:
			return 0
		}
	case isakmp.ExchangeAggressive:
		switch {
		case first == isakmp.PayloadSA:
			n = 1
		case request:
			return 3
		default:
			return 0
		}
	case isakmp.ExchangeQuick:
		switch {
		case sa:
			n = 1
		case request && first == isakmp.PayloadHash:
			return 3
		default:
			return 0
		}
	}
	if !request {
		n++
	}
	return n
}

// AppendProposals appends the proposals of a role to dst: Offered, Configured
// or Selected.
func (e *Event) AppendProposals(dst []ike.Proposal, r Role) []ike.Proposal {
	b, _ := e.ProposalsText(r)
	return ike.AppendProposals(dst, b, ike.Protocol(0))
}

// Identity returns the identity of a role; see IdentityText for the roles.
// Logs seldom say an identity's type: it is what the spelling suggests.
func (e *Event) Identity(r Role) (ike.Identity, bool) {
	b, ok := e.IdentityText(r)
	if !ok {
		return ike.Identity{}, false
	}
	return e.ParseIdentity(b), true
}

// ParseIdentity reads an identity in the spelling of the event's daemon, e.g.
// one of Session.
func (e *Event) ParseIdentity(b []byte) ike.Identity {
	d := ike.DialectAny
	if e.Dialect != nil {
		d = e.Dialect.Spelling
	}
	return ike.ParseIdentity(string(b), d)
}

// AppendSelectors appends the selectors of a role to dst; see SelectorsText
// for the roles. Text that is no selector is left out.
func (e *Event) AppendSelectors(dst []ike.Selector, r Role) []ike.Selector {
	b, _ := e.SelectorsText(r)
	for len(b) > 0 {
		w := b
		if i := bytes.IndexByte(b, ' '); i >= 0 {
			w, b = b[:i], trimBlanks(b[i:])
		} else {
			b = nil
		}
		if s, ok := plainSelector(w); ok {
			dst = append(dst, s)
		} else if s, err := ike.ParseSelector(selectorText(w)); err == nil {
			dst = append(dst, s)
		}
	}
	return dst
}

// plainSelector is ike.ParseSelector for 10.1.0.0/16, which most selectors are.
func plainSelector(w []byte) (s ike.Selector, ok bool) {
	for i, c := range w {
		if c == '0' && (i == 0 || w[i-1]-'0' > 9) && i+1 < len(w) && w[i+1]-'0' <= 9 {
			return s, false // an octal number, for all anybody knows
		}
	}
	a, n := beginIPv4(w)
	if n == 0 || n+2 > len(w) || n+3 < len(w) || w[n] != '/' {
		return s, false
	}
	bits, ok := parseUint(w[n+1:])
	if !ok || bits > 32 {
		return s, false
	}
	from, to := a.As4(), a.As4()
	host := uint32(1<<(32-bits) - 1)
	binary.BigEndian.PutUint32(from[:], binary.BigEndian.Uint32(from[:])&^host)
	binary.BigEndian.PutUint32(to[:], binary.BigEndian.Uint32(to[:])|host)
	return ike.Selector{From: netip.AddrFrom4(from), To: netip.AddrFrom4(to)}, true
}

// selectorText turns "10.0.0.0/24|udp/l2f", which some releases write, into
// the common form.
func selectorText(w []byte) string {
	net, proto, ok := bytes.Cut(w, []byte("|"))
	if !ok {
		return string(w)
	}
	if string(proto) == "/0" || len(proto) == 0 {
		return string(net)
	}
	return string(net) + "[" + string(proto) + "]"
}

// AuthMethod returns the authentication method that the line names:
// Configured or Expected for the one that it is compared with, else RoleNone.
func (e *Event) AuthMethod(r Role) (ike.AuthMethod, bool) {
	f := FieldMethod
	if r == Configured || r == Expected {
		f = FieldExpectedMethod
	}
	return ike.ParseAuthMethod(e.Bytes(f))
}
