package keys

import (
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Verdict is the outcome of a Proof.
type Verdict uint8

// The verdicts.
const (
	// NotCheckable: nothing follows. Proof.Err says why.
	NotCheckable Verdict = iota
	// Equal: the side used the given key.
	Equal
	// Different: the side used another key, or somebody changed its message
	// on the way: nothing tells these apart, and the second is rare.
	Different
)

var verdictNames = [...]string{"not checkable", "equal", "different"}

// String returns not checkable, equal or different.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

// Proof tells whether a side of phase 1 used a given pre-shared key.
type Proof struct {
	Verdict Verdict
	// Err is nil, or the reason for NotCheckable: it wraps ErrUnsupported,
	// ErrIncomplete, ErrKeyLength or ErrDamaged. With Equal it may be ErrHash:
	// the key opens the side's message, whose HASH is wrong for some other
	// reason, such as a changed SA payload.
	Err error
}

// ProvePSK tells whether side used psk, from a HASH that was sent in the clear
// (RFC 2409, sections 5 and 5.4): both of aggressive mode, unless the
// initiator encrypts its own. It needs no Diffie-Hellman secret. The cost is
// two HMACs.
func (p *Phase1) ProvePSK(psk ike.Secret, side Side) Proof {
	if err := p.restsOnPSK(psk, side); err != nil {
		return Proof{Err: err}
	}
	sent := p.Hash[side]
	if len(sent) == 0 {
		return Proof{Err: fmt.Errorf("%w: the %v's HASH", ErrIncomplete, side)}
	}
	id, err := p.pskID(psk)
	if err != nil {
		return Proof{Err: err}
	}
	want, err := p.HASH(side, id, p.ID[side])
	switch {
	case err != nil:
		return Proof{Err: err}
	case len(sent) != len(want):
		return Proof{Err: fmt.Errorf("%w: HASH of %d octets", ErrDamaged, len(sent))}
	case hmac.Equal(sent, want):
		return Proof{Verdict: Equal}
	}
	return Proof{Verdict: Different}
}

// ProveMain tells whether side used psk, given the Diffie-Hellman secret, from
// an encrypted message of the side, raw, from its header on: one of main or
// aggressive mode, or of an informational exchange. iv is its initialization
// vector (RFC 2409, appendix B): nil for Suite.InitialIV, that of the first
// encrypted message, else the last ciphertext block of the message before it
// in phase 1, and Suite.NextIV of that for an informational exchange. dh is
// taken for the exchange's secret: one of another exchange gives Different.
func (p *Phase1) ProveMain(psk, dh ike.Secret, side Side, raw, iv []byte) Proof {
	if err := p.restsOnPSK(psk, side); err != nil {
		return Proof{Err: err}
	}
	s, err := p.PSK(psk, padDH(p.Suite.Group, dh))
	if err != nil {
		return Proof{Err: err}
	}
	if iv == nil {
		if iv, err = p.Suite.InitialIV(p.KE[0], p.KE[1]); err != nil {
			return Proof{Err: err}
		}
	}
	var m isakmp.Message
	if err := m.Decode(raw, len(raw)); err != nil || !m.Header.Encrypted() {
		return Proof{Err: fmt.Errorf("%w: no encrypted message", ErrDamaged)}
	}
	size := p.Suite.blockSize()
	if len(iv) != size || len(m.Encrypted) == 0 || len(m.Encrypted)%size != 0 {
		return Proof{Err: fmt.Errorf("%w: %d octets of ciphertext", ErrDamaged, len(m.Encrypted))}
	}
	block, err := p.Suite.newBlock(s.Ka.Reveal())
	if err != nil {
		return Proof{Err: err}
	}
	plain := decrypt(nil, block, iv, m.Encrypted)
	f, end := shape(m.NextPayload, plain, p.Suite.prfSize())
	switch f {
	case whole:
	case nonsense:
		return Proof{Verdict: Different}
	default:
		return Proof{Err: ErrDamaged}
	}
	check := CheckNone
	if isPhase1(&m) {
		check = p.checkPhase1(side, s.ID, m.NextPayload, plain)
	} else if m.Exchange == isakmp.ExchangeInformational && m.NextPayload == isakmp.PayloadHash {
		n := isakmp.PayloadHeaderLen + p.Suite.prfSize()
		id := binary.BigEndian.AppendUint32(nil, m.MessageID)
		check = checked(hmac.Equal(plain[isakmp.PayloadHeaderLen:n], p.Suite.prf(s.A.Reveal(), id, plain[n:end])))
	}
	if check == CheckFailed {
		return Proof{Verdict: Equal, Err: ErrHash}
	}
	return Proof{Verdict: Equal}
}

// checkPhase1 checks the HASH in a side's decrypted message of phase 1.
func (p *Phase1) checkPhase1(side Side, id ike.Secret, first isakmp.PayloadType, plain []byte) Check {
	sent := payload(isakmp.PayloadHash, first, plain)
	identification := payload(isakmp.PayloadID, first, plain)
	if identification == nil {
		identification = p.ID[side] // aggressive mode's went ahead in the clear
	}
	if len(sent) == 0 || id.Len() == 0 {
		return CheckNone
	}
	want, err := p.HASH(side, id, identification)
	if err != nil {
		return CheckNone
	}
	return checked(hmac.Equal(sent, want))
}

// restsOnPSK returns why a pre-shared key plays no part, or cannot be checked.
func (p *Phase1) restsOnPSK(psk ike.Secret, side Side) error {
	if side > Responder {
		return fmt.Errorf("%w: %v", ErrUnsupported, side)
	}
	if p.Suite.Auth == ike.AuthNone {
		return fmt.Errorf("%w: the responder's choice", ErrIncomplete)
	}
	if !p.Suite.Auth.PSK() {
		return fmt.Errorf("%w: %v takes no pre-shared key", ErrUnsupported, p.Suite.Auth)
	}
	if psk.Len() == 0 {
		return fmt.Errorf("%w: pre-shared key", ErrIncomplete)
	}
	return nil
}
