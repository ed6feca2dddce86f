package keys

import (
	"bytes"
	"container/list"
	"crypto/cipher"
	"crypto/sha256"
	"slices"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// What is kept of one attempt. A payload that is longer is not kept, and what
// it is needed for is not checkable.
const (
	maxSA             = 8192
	maxKE             = 1024
	maxNonce          = 256 // RFC 2409, section 5
	maxIdentification = 2048
	maxKept           = 2048 // of an encrypted message of main mode
)

// attempt is what an Opener knows of one negotiation.
type attempt struct {
	key     attemptKey
	place   *list.Element
	settled bool // a key fits

	Phase1
	context int // counts what was learned, so that candidates are made anew

	// candidates are the keys that may fit, made of version and context.
	candidates []*candidate
	version    int
	made       int // context when made
	why        error

	// proven is the key that opened a message of a side.
	proven    [2]*candidate
	phase1    exchange
	exchanges map[uint32]*exchange
	order     []uint32 // of exchanges, for eviction
	// kept are the first encrypted messages of each side, for ProveMain.
	kept [2]keptMessage
}

type keptMessage struct {
	raw     []byte
	vectors []vector // it may have
}

type attemptKey struct{ initiator, responder isakmp.Cookie }

// candidate is a key that may fit an attempt.
type candidate struct {
	origin Origin
	// tied says that the key was said to belong to the attempt.
	tied bool
	ka   ike.Secret
	// id is SKEYID and a SKEYID_a, empty where not known.
	id, a ike.Secret
	block func() cipher.Block
}

// exchange chains the initialization vectors of one exchange.
type exchange struct {
	// blocks are the last ciphertext blocks of the messages that opened,
	// latest first, and sealed that of the latest other one: what is forged
	// or damaged must not push out what is known.
	blocks [3][maxBlock]byte
	n      int
	sealed []byte
	// seen are the latest messages, so that one that comes again is
	// decrypted as before.
	seen   [4]seenMessage
	next   int
	nonces [2][]byte // of its first and second message, in quick mode
}

type seenMessage struct {
	sum  [sha256.Size]byte
	iv   [maxBlock]byte
	ok   bool // decrypted with iv
	used bool
}

// collect takes what a clear message shows. The first of each kind counts: a
// side that has an answer does not take another.
func (a *attempt) collect(m *isakmp.Message, side Side) {
	if m.Exchange != isakmp.ExchangeMain && m.Exchange != isakmp.ExchangeAggressive {
		return
	}
	for i := range m.Payloads {
		p := &m.Payloads[i]
		if p.Missing != 0 || len(p.Body) == 0 {
			continue
		}
		switch p.Type {
		case isakmp.PayloadSA:
			a.collectSA(m, i, side)
		case isakmp.PayloadKE:
			a.keep(&a.KE[side], p.Body, maxKE)
		case isakmp.PayloadNonce:
			a.keep(&a.Nonce[side], p.Body, maxNonce)
		case isakmp.PayloadID:
			a.keep(&a.ID[side], p.Body, maxIdentification)
		case isakmp.PayloadHash:
			a.keep(&a.Hash[side], p.Body, maxDigest)
		}
	}
}

func (a *attempt) collectSA(m *isakmp.Message, i int, side Side) {
	if side == Initiator {
		a.keep(&a.SA, m.Payloads[i].Body, maxSA)
		return
	}
	if a.Suite != (Suite{}) {
		return
	}
	for j := range m.SAs {
		if m.SAs[j].Payload == i {
			if s, ok := SuiteFromSA(&m.SAs[j]); ok {
				a.Suite = s
				a.context++
			}
		}
	}
}

func (a *attempt) keep(where *[]byte, body []byte, limit int) {
	if *where == nil && len(body) <= limit {
		*where = bytes.Clone(body)
		a.context++
	}
}

// remember keeps a side's first encrypted message, where a pre-shared key may
// be checked with it: one of phase 1, or the notification that tells the other
// side that phase 1 failed.
func (a *attempt) remember(raw []byte, m *isakmp.Message, side Side, vectors []vector) {
	k := &a.kept[side]
	if k.raw != nil || len(raw) > maxKept || !a.Suite.Auth.PSK() || !isPhase1(m) && m.Exchange != isakmp.ExchangeInformational {
		return
	}
	k.raw, k.vectors = bytes.Clone(raw), slices.Clone(vectors)
}

// exchange returns the chain of an exchange. Those of phase 1 have message ID
// 0; so might others, which have a vector of their own all the same.
func (a *attempt) exchange(m *isakmp.Message, limit int) *exchange {
	if isPhase1(m) {
		return &a.phase1
	}
	if x := a.exchanges[m.MessageID]; x != nil {
		return x
	}
	if a.exchanges == nil {
		a.exchanges = map[uint32]*exchange{}
	}
	if len(a.order) >= limit {
		// Those of which nothing opened go first: they may be forged.
		i := max(0, slices.IndexFunc(a.order, func(id uint32) bool { return a.exchanges[id].n == 0 }))
		delete(a.exchanges, a.order[i])
		a.order = slices.Delete(a.order, i, i+1)
	}
	x := &exchange{}
	a.exchanges[m.MessageID] = x
	a.order = append(a.order, m.MessageID)
	return x
}

func isPhase1(m *isakmp.Message) bool {
	return m.Exchange == isakmp.ExchangeMain || m.Exchange == isakmp.ExchangeAggressive
}

// vector is an initialization vector to try.
type vector struct {
	b [maxBlock]byte
	// opens says that it is that of an exchange's first message.
	opens bool
}

// vectors appends the initialization vectors that a message may have: the last
// ciphertext block of the exchange's latest message, those before it, as one
// may have got lost on its way to the sender, and that of a first message (RFC
// 2409, appendix B).
func (a *attempt) vectors(dst []vector, x *exchange, m *isakmp.Message) []vector {
	dst = x.last(dst)
	initial, err := a.Suite.InitialIV(a.KE[0], a.KE[1])
	if x == &a.phase1 {
		if err == nil {
			dst = append(dst, newVector(initial, true))
		}
		return dst
	}
	size := a.Suite.blockSize()
	var bases [len(x.blocks) + 2]vector
	all := a.phase1.last(bases[:0])
	if err == nil {
		// Aggressive mode whose last message came in the clear, or an end that
		// could not open what it got.
		all = append(all, newVector(initial, true))
	}
	for i := range all {
		if iv, err := a.Suite.NextIV(all[i].b[:size], m.MessageID); err == nil {
			dst = append(dst, newVector(iv, true))
		}
	}
	return dst
}

func newVector(iv []byte, opens bool) (v vector) {
	copy(v.b[:], iv)
	v.opens = opens
	return v
}

// last appends the last blocks of an exchange's messages.
func (x *exchange) last(dst []vector) []vector {
	for i := range x.n {
		dst = append(dst, vector{b: x.blocks[i]})
	}
	if x.sealed != nil {
		dst = append(dst, newVector(x.sealed, false))
	}
	return dst
}

// push puts a message's last block in the chain.
func (x *exchange) push(body []byte, size int, opened bool) {
	end := body[len(body)-size:]
	if !opened {
		x.sealed = append(x.sealed[:0], end...)
		return
	}
	copy(x.blocks[1:], x.blocks[:len(x.blocks)-1])
	x.blocks[0] = newVector(end, false).b
	x.n = min(x.n+1, len(x.blocks))
}

// find returns the record of a message that came before, nil if there is none.
func (x *exchange) find(sum [sha256.Size]byte) *seenMessage {
	for i := range x.seen {
		if s := &x.seen[i]; s.used && s.sum == sum {
			return s
		}
	}
	return nil
}

func (x *exchange) record(sum [sha256.Size]byte) *seenMessage {
	s := &x.seen[x.next]
	x.next = (x.next + 1) % len(x.seen)
	*s = seenMessage{sum: sum, used: true}
	return s
}
