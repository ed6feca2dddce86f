package keys

import (
	"bytes"
	"crypto/cipher"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// make lists the keys that may fit the attempt: those said to belong to it
// first, else in the order of their addition.
func (a *attempt) make(r *ringState, limit int) {
	if a.candidates != nil && a.version == r.version && a.made == a.context {
		return
	}
	a.version, a.made, a.why = r.version, a.context, nil
	a.candidates = make([]*candidate, 0, 4)
	initial, _ := a.Suite.InitialIV(a.KE[0], a.KE[1])
	for _, s := range r.byCookie[a.Cookies[0]] {
		if tie := s.belongs(a, initial); tie != foreign {
			a.derive(r, s, true, limit)
		}
	}
	r.index()
	if initial != nil {
		for _, s := range r.byIV[ivKey(initial[:len(ivKey{})])] {
			if s.belongs(a, initial) == tied {
				a.derive(r, s, true, limit)
			}
		}
	}
	for _, s := range r.loose {
		if len(a.candidates) >= limit {
			break
		}
		a.derive(r, s, false, limit)
	}
	// What has opened a message stays a candidate whatever the limit.
	for i, c := range a.proven {
		if c == nil {
			continue
		}
		same := slices.IndexFunc(a.candidates, func(o *candidate) bool { return o.ka.Equal(c.ka) })
		if same >= 0 {
			a.proven[i] = a.candidates[same] // it may know more by now
		} else {
			a.candidates = append(a.candidates, c)
		}
	}
}

// tie tells whether a set belongs to an attempt.
type tie uint8

const (
	foreign tie = iota
	possible
	tied
)

func (s *set) belongs(a *attempt, initial []byte) tie {
	t := possible
	if !s.cookies[0].IsZero() {
		if s.cookies[0] != a.Cookies[0] || !s.cookies[1].IsZero() && s.cookies[1] != a.Cookies[1] {
			return foreign
		}
		t = tied
	}
	if s.iv.Len() != 0 && initial != nil {
		// Some print the whole hash.
		if !bytes.HasPrefix(s.iv.Reveal(), initial) {
			return foreign
		}
		t = tied
	}
	return t
}

// derive adds the keys that a set yields.
func (a *attempt) derive(r *ringState, s *set, tied bool, limit int) {
	ka, id, auth := s.ka, s.id, s.a
	dh := padDH(a.Suite.Group, s.dh)
	if s.private.Len() != 0 {
		dh = a.shared(s)
	}
	if id.Len() != 0 && dh.Len() != 0 {
		if k, err := a.FromSKEYID(id, dh); err == nil && (ka.Len() == 0 || ka.Equal(k.Ka)) {
			ka, auth = k.Ka, k.A
		}
	}
	if s.e.Len() != 0 {
		if k, err := a.Suite.Expand(s.e); err == nil {
			if ka.Len() != 0 && !ka.Equal(k) {
				id, auth = ike.Secret{}, ike.Secret{} // of two negotiations
			} else {
				ka = k
			}
		}
	}
	if ka.Len() != 0 {
		a.candidate(&candidate{origin: s.origin, tied: tied, ka: ka, id: id, a: auth}, limit)
	}
	if dh.Len() == 0 {
		return
	}
	if signs(a.Suite.Auth) {
		k, err := a.Signature(dh)
		a.derived(k, err, tied, limit)
	}
	if a.Suite.Auth.PSK() {
		for _, psk := range r.psks {
			if len(a.candidates) >= limit {
				return
			}
			k, err := a.PSK(psk, dh)
			a.derived(k, err, tied, limit)
		}
	}
}

func (a *attempt) derived(k Schedule, err error, tied bool, limit int) {
	if err != nil {
		a.why = err
		return
	}
	a.candidate(&candidate{origin: OriginDerived, tied: tied, ka: k.Ka, id: k.ID, a: k.A}, limit)
}

// candidate adds a key. What is there already may learn what SKEYID is.
func (a *attempt) candidate(c *candidate, limit int) {
	for _, o := range a.candidates {
		if o.ka.Equal(c.ka) {
			if o.tied = o.tied || c.tied; o.a.Len() == 0 {
				o.id, o.a = c.id, c.a
			}
			return
		}
	}
	if len(a.candidates) >= limit {
		return
	}
	block, err := a.Suite.newBlock(c.ka.Reveal())
	if err != nil {
		if c.tied {
			a.why = err
		}
		return
	}
	// Behind a function, as an ike.Secret: a cipher has its key inside.
	c.block = func() cipher.Block { return block }
	a.candidates = append(a.candidates, c)
}

// shared returns the Diffie-Hellman secret of a set's private value, whichever
// side has it, empty if neither does.
func (a *attempt) shared(s *set) (dh ike.Secret) {
	g := a.Suite.Group
	mine, ok := s.public[g]
	if !ok {
		if mine, a.why = PublicValue(g, s.private); s.public == nil {
			s.public = map[ike.Group][]byte{}
		}
		s.public[g] = mine
	}
	for side := range a.KE {
		if mine != nil && bytes.Equal(mine, a.KE[side]) && len(a.KE[side^1]) > 0 && s.secrets < maxShared {
			s.secrets++
			dh, a.why = SharedSecret(g, s.private, a.KE[side^1])
			return dh
		}
	}
	return dh
}

// signs reports whether SKEYID is made of the nonces and g^xy: signatures
// (RFC 2409, section 5.1), and hybrid authentication and XAUTH built on them.
func signs(m ike.AuthMethod) bool {
	switch m {
	case ike.AuthHybridInitRSA, ike.AuthHybridRespRSA, ike.AuthHybridInitDSS, ike.AuthHybridRespDSS,
		ike.AuthXAUTHInitDSS, ike.AuthXAUTHRespDSS, ike.AuthXAUTHInitRSA, ike.AuthXAUTHRespRSA:
		return true
	}
	return m.Signature()
}
