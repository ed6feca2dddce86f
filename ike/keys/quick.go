package keys

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// checkPhase2 checks the HASH of a message of phase 2 (RFC 2409, sections 5.5
// and 5.7), and keeps a quick mode's nonces. text is its payloads without
// padding, opens says that its vector is that of a first message.
//
//	HASH(1) = prf(SKEYID_a, M-ID | rest)    also informational, transaction
//	HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest)
//	HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)
func (t *trial) checkPhase2(key ike.Secret, opens bool, text []byte) Check {
	if t.m.NextPayload != isakmp.PayloadHash {
		return CheckNone
	}
	n := int(text[2])<<8 | int(text[3])
	sent, rest := text[isakmp.PayloadHeaderLen:n], text[n:]
	nonce := payload(isakmp.PayloadNonce, isakmp.PayloadHash, text)
	if key.Len() == 0 {
		return CheckNone
	}
	id := binary.BigEndian.AppendUint32(nil, t.m.MessageID)
	is := func(parts ...[]byte) bool { return hmac.Equal(sent, t.a.Suite.prf(key.Reveal(), parts...)) }

	first := is(id, rest)
	if t.m.Exchange != isakmp.ExchangeQuick {
		return checked(first)
	}
	ni, nr := t.x.nonces[0], t.x.nonces[1]
	switch {
	case first:
		t.keepNonce(0, nonce)
		return CheckVerified
	case ni != nil && is(id, ni, rest):
		t.keepNonce(1, nonce)
		return CheckVerified
	case ni != nil && nr != nil && is([]byte{0}, id, ni, nr):
		return CheckVerified
	case opens, nonce != nil && ni != nil, len(rest) == 0 && ni != nil && nr != nil:
		return CheckFailed
	}
	// Its nonces were not recorded, or it is the notification that ends a quick
	// mode under the commit bit, for which no formula is given.
	return CheckNone
}

// keepNonce keeps a quick mode's nonce. The latest counts: a responder may
// answer a repeated message anew.
func (t *trial) keepNonce(i int, nonce []byte) {
	if len(nonce) > 0 && len(nonce) <= maxNonce {
		t.x.nonces[i] = bytes.Clone(nonce)
	}
}
