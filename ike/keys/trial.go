package keys

import (
	"crypto/cipher"
	"fmt"

	"github.com/ikediag/ikediag/isakmp"
)

// trial tries the candidates and vectors on a message.
type trial struct {
	a       *attempt
	x       *exchange
	m       *isakmp.Message
	side    Side
	vectors []vector
	dst     []byte
	iv      vector
}

// run opens the message with the first key that makes sense of it: the
// sender's proven one first, then the other side's.
func (t *trial) run() Result {
	a := t.a
	best, bound := Result{}, false
	note := func(r Result) bool {
		if r.Outcome == Opened || best.Outcome == Clear || best.Outcome == NoContext && r.Outcome == Damaged {
			best = r
		}
		return r.Outcome == Opened
	}
	for _, c := range [...]*candidate{a.proven[t.side], a.proven[t.side^1]} {
		if c == nil {
			continue
		}
		bound = true
		if r, some := t.with(c); some && note(r) {
			return best
		}
	}
	for _, c := range a.candidates {
		bound = bound || c.tied
		if c == a.proven[0] || c == a.proven[1] {
			continue
		}
		if r, some := t.with(c); some && note(r) {
			return best
		}
	}
	switch {
	case best.Outcome != Clear:
		return best
	case len(t.vectors) == 0:
		return failed(NoContext, ErrIV)
	case a.proven[t.side] != nil:
		return failed(Damaged, ErrDamaged)
	case bound:
		return failed(WrongKey, ErrWrongKey)
	case a.why != nil:
		return failed(NoKey, fmt.Errorf("%w: %w", ErrNoKey, a.why))
	}
	return failed(NoKey, ErrNoKey)
}

// maxTail bounds the messages in which sense is looked for behind a first block
// that has none: every key that does not fit costs a decryption.
const maxTail = 4096

// with tries one key and reports whether it makes some sense of the message.
func (t *trial) with(c *candidate) (Result, bool) {
	a, block, body := t.a, c.block(), t.m.Encrypted
	size, digest := block.BlockSize(), a.Suite.prfSize()
	if len(t.vectors) == 0 {
		// Without a vector all but the first block can be read.
		t.dst = decrypt(t.dst[:0], block, make([]byte, size), body)
		f, _ := shape(t.m.NextPayload, t.dst, digest)
		return failed(NoContext, ErrIV), f == tailed
	}
	found := nonsense
	var verdict Result
	for i := range t.vectors {
		v := &t.vectors[i]
		if !t.plausible(block, v, digest) && (i > 0 || len(body) > maxTail) {
			continue // all vectors give the same but for the first block
		}
		t.dst = decrypt(t.dst[:0], block, v.b[:size], body)
		f, end := shape(t.m.NextPayload, t.dst, digest)
		if f != whole {
			found = max(found, f)
			continue
		}
		verdict = t.accept(c, v, end)
		if verdict.Outcome == Opened {
			t.iv = *v
			a.proven[t.side] = c
			return verdict, true
		}
	}
	switch {
	case verdict.Outcome != Clear:
		return verdict, true
	case found == begun:
		return failed(Damaged, ErrDamaged), true
	case found == tailed && t.x == &a.phase1 && t.x.n == 0 && t.x.sealed == nil:
		return failed(Damaged, ErrDamaged), true // its vector is known for sure
	case found == tailed:
		return failed(NoContext, ErrIV), true
	}
	return Result{}, false
}

// plausible tells from the first block alone whether a vector may fit.
func (t *trial) plausible(block cipher.Block, v *vector, digest int) bool {
	var b [maxBlock]byte
	size := block.BlockSize()
	block.Decrypt(b[:size], t.m.Encrypted[:size])
	for i := range size {
		b[i] ^= v.b[i]
	}
	n := int(b[2])<<8 | int(b[3])
	return b[1] == 0 && n >= isakmp.PayloadHeaderLen && n <= len(t.m.Encrypted) &&
		(t.m.NextPayload != isakmp.PayloadHash || n == isakmp.PayloadHeaderLen+digest)
}

// accept checks the HASH of a whole plaintext.
func (t *trial) accept(c *candidate, v *vector, end int) Result {
	r := Result{Outcome: Opened, Origin: c.origin}
	if t.x == &t.a.phase1 {
		if r.Hash = t.a.checkPhase1(t.side, c.id, t.m.NextPayload, t.dst); r.Hash == CheckFailed {
			r.Err = ErrHash
		}
		return r
	}
	r.Hash = t.checkPhase2(c.a, v.opens, t.dst[:end])
	if r.Hash == CheckFailed {
		return Result{Outcome: Damaged, Hash: CheckFailed, Err: fmt.Errorf("%w: %w", ErrDamaged, ErrHash)}
	}
	return r
}
