package keys

import (
	"crypto/des"
	"fmt"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// RingLimits bounds a Ring. Zero means the default.
type RingLimits struct {
	// Sets is the number of sets of keys, one for each line of a key table,
	// Diffie-Hellman secret, or negotiation in a debug log: 8192. A set takes
	// about 1 KiB.
	Sets int
	// PSKs is the number of pre-shared keys: 256.
	PSKs int
}

// maxSecret is the length of the longest secret that is kept: that of group
// 18, or a pre-shared key that nobody would type.
const maxSecret = 1024

// Ring collects secrets. The zero value is ready. What is beyond its Limits,
// set before the first use, is refused and counted: the first come stay.
type Ring struct {
	// Limits bounds what is kept; it is set before the first use.
	Limits RingLimits

	s *ringState
}

// set is the secrets of one negotiation, as far as they are known.
type set struct {
	origin Origin
	// cookies are zero where they are not known.
	cookies             [2]isakmp.Cookie
	dh, private         ike.Secret
	id, d, a, e, ka, iv ike.Secret

	public  map[ike.Group][]byte // of private
	secrets int                  // computed from private, see maxShared
}

// maxShared bounds the Diffie-Hellman secrets computed from one private value,
// each of which takes long: forged messages may pretend to belong to it.
const maxShared = 16

type ringState struct {
	sets     []*set
	byCookie map[isakmp.Cookie][]*set
	sessions map[uint64]*set
	psks     []ike.Secret
	refused  int
	version  int // of the contents, so that Openers notice additions

	// byIV and loose are the sets without cookies: those with an initial
	// vector by its first octets, and those without. They are of version
	// indexed.
	byIV    map[ivKey][]*set
	loose   []*set
	indexed int
}

// ivKey is the beginning of an initial vector: as much as all ciphers have.
type ivKey [des.BlockSize]byte

// index brings byIV and loose up to date.
func (s *ringState) index() {
	if s.byIV != nil && s.indexed == s.version {
		return
	}
	s.byIV, s.loose, s.indexed = map[ivKey][]*set{}, nil, s.version
	for _, n := range s.sets {
		switch iv := n.iv.Reveal(); {
		case !n.cookies[0].IsZero():
		case len(iv) >= len(ivKey{}):
			k := ivKey(iv[:len(ivKey{})])
			s.byIV[k] = append(s.byIV[k], n)
		default:
			s.loose = append(s.loose, n)
		}
	}
}

func (r *Ring) state() *ringState {
	if r.s == nil {
		r.s = &ringState{byCookie: map[isakmp.Cookie][]*set{}, sessions: map[uint64]*set{}}
	}
	return r.s
}

// Len returns the number of sets and pre-shared keys.
func (r *Ring) Len() int {
	if r.s == nil {
		return 0
	}
	return len(r.s.sets) + len(r.s.psks)
}

// Refused returns how many additions did not fit the Limits.
func (r *Ring) Refused() int {
	if r.s == nil {
		return 0
	}
	return r.s.refused
}

// AddKey adds an encryption key (Ka) and the initiator's cookie of the ISAKMP
// SA that it belongs to. Several keys may have the same cookie: with
// pre-shared keys that differ, each side has its own. The error is
// ErrKeyLength for a length that no cipher has, ErrIncomplete for a zero
// cookie, or ErrFull.
func (r *Ring) AddKey(initiator isakmp.Cookie, key ike.Secret) error {
	if initiator.IsZero() {
		return fmt.Errorf("%w: cookie", ErrIncomplete)
	}
	if n := key.Len(); !tableKeyLen(n) {
		return fmt.Errorf("%w: %d octets", ErrKeyLength, n)
	}
	return r.add(&set{origin: OriginTable, cookies: [2]isakmp.Cookie{initiator}, ka: key})
}

// AddPSK adds a pre-shared key, to be combined with every Diffie-Hellman
// secret. A key that is there already changes nothing. The error is ErrFull,
// or ErrKeyLength for an empty key and one of more than 1024 octets.
func (r *Ring) AddPSK(psk ike.Secret) error {
	if psk.Len() == 0 || psk.Len() > maxSecret {
		return fmt.Errorf("%w: pre-shared key", ErrKeyLength)
	}
	s := r.state()
	for i := range s.psks {
		if s.psks[i].Equal(psk) {
			return nil
		}
	}
	if len(s.psks) >= orDefault(r.Limits.PSKs, 256) {
		s.refused++
		return ErrFull
	}
	s.psks = append(s.psks, psk)
	s.version++
	return nil
}

// AddDH adds a Diffie-Hellman secret g^xy, of the negotiation with the
// initiator's cookie, or with a zero one, of whichever it fits. The error is
// ErrFull or ErrKeyLength.
func (r *Ring) AddDH(initiator isakmp.Cookie, dh ike.Secret) error {
	if dh.Len() == 0 || dh.Len() > maxSecret {
		return fmt.Errorf("%w: Diffie-Hellman secret", ErrKeyLength)
	}
	return r.add(&set{origin: OriginDerived, cookies: [2]isakmp.Cookie{initiator}, dh: dh})
}

// AddPrivate adds the private Diffie-Hellman value of either side of the
// negotiation with the initiator's cookie. The error is ErrFull, ErrKeyLength,
// or ErrIncomplete for a zero cookie.
func (r *Ring) AddPrivate(initiator isakmp.Cookie, private ike.Secret) error {
	if initiator.IsZero() {
		return fmt.Errorf("%w: cookie", ErrIncomplete)
	}
	if private.Len() == 0 || private.Len() > maxSecret {
		return fmt.Errorf("%w: private value", ErrKeyLength)
	}
	return r.add(&set{origin: OriginDerived, cookies: [2]isakmp.Cookie{initiator}, private: private})
}

func (r *Ring) add(n *set) error {
	s := r.state()
	if len(s.sets) >= orDefault(r.Limits.Sets, 8192) {
		s.refused++
		return ErrFull
	}
	s.version++
	s.sets = append(s.sets, n)
	if c := n.cookies[0]; !c.IsZero() {
		s.byCookie[c] = append(s.byCookie[c], n)
	}
	return nil
}

// put sets a value of a set.
func (r *Ring) put(n *set, f field, v ike.Secret) {
	if f != fieldCookies {
		*n.value(f) = v
		return
	}
	if c, ok := cookiesOf(v); ok {
		n.cookies = c
		r.s.byCookie[c[0]] = append(r.s.byCookie[c[0]], n)
	}
}

func orDefault(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}
