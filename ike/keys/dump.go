package keys

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Dump is a value that a daemon wrote to its debug log.
type Dump struct {
	// Session tells the negotiations of one log apart; different logs need
	// different numbers. With 0, dumps of which it is not known to which
	// negotiation they belong: they are taken in the order of the log.
	Session uint64
	// Name is the log's word for the value, such as "SKEYID_e",
	// "encryption key Ka" (charon), "final encryption key computed" (racoon)
	// or "enc key" (pluto).
	Name  string
	Value ike.Secret
}

// field is one of the values of a set.
type field uint8

const (
	fieldNone field = iota
	fieldDH
	fieldID // SKEYID
	fieldD
	fieldA
	fieldE
	fieldKa
	fieldIV
	fieldCookies // 16 octets of both cookies, and more
)

// fieldOf knows the words of charon (libcharon's keymat_v1.c and
// isakmp_natd.c), of racoon (oakley.c) and of pluto (crypt_dh.c), as plain
// makes them.
func fieldOf(name string) field {
	switch plain(name) {
	case "shared diffie hellman secret", "dh's shared", "dh shared-secret", "dh shared secret":
		return fieldDH
	case "skeyid":
		return fieldID
	case "skeyid_d":
		return fieldD
	case "skeyid_a":
		return fieldA
	case "skeyid_e":
		return fieldE
	case "encryption key ka", "encryption key", "enc key":
		return fieldKa
	case "initial iv", "iv":
		return fieldIV
	case "natd_chunk":
		return fieldCookies
	}
	return fieldNone
}

// plain takes from a name what the daemons put around it.
func plain(name string) string {
	name = strings.TrimRight(strings.ToLower(strings.TrimSpace(name)), ":. ")
	name = strings.TrimSuffix(name, " computed")
	name = strings.TrimPrefix(name, "compute ")
	return strings.TrimPrefix(name, "final ")
}

// maxName bounds the names that are looked at.
const maxName = 64

// AddDump adds a value from a debug log and reports whether it was of use. The
// values of one session make up a set: a value that the set has already, and
// that differs, begins the next one, since a daemon negotiates again and again.
// The cookies in a NAT-D hash's input and the initial IV tell to which
// negotiation a set belongs; a set that has neither is tried on all.
func (r *Ring) AddDump(d Dump) bool {
	if len(d.Name) > maxName || d.Value.Len() == 0 || d.Value.Len() > maxSecret {
		return false
	}
	f := fieldOf(d.Name)
	if f == fieldNone {
		return false
	}
	if f == fieldCookies {
		if _, ok := cookiesOf(d.Value); !ok {
			return false
		}
	}
	s := r.state()
	cur := s.sessions[d.Session]
	if cur != nil {
		if cur.has(f, d.Value) {
			return true
		}
		if cur.begunAnew(f) {
			cur = nil
		}
	}
	if cur == nil {
		cur = &set{origin: OriginDump}
		if r.add(cur) != nil {
			return false
		}
		s.sessions[d.Session] = cur
	}
	s.version++
	r.put(cur, f, d.Value)
	return true
}

// begunAnew reports whether a value of kind f, which the set does not have,
// shows that another negotiation begins. A NAT-D hash is taken both before and
// after the keys are made.
func (s *set) begunAnew(f field) bool {
	switch f {
	case fieldDH:
		return s.dh.Len() != 0 || s.id.Len() != 0 || s.ka.Len() != 0
	case fieldID:
		return s.id.Len() != 0 || s.e.Len() != 0 || s.ka.Len() != 0
	case fieldCookies:
		return !s.cookies[0].IsZero()
	}
	v := s.value(f)
	return v != nil && v.Len() != 0
}

// value returns where a set keeps a value, nil for cookies.
func (s *set) value(f field) *ike.Secret {
	switch f {
	case fieldDH:
		return &s.dh
	case fieldID:
		return &s.id
	case fieldD:
		return &s.d
	case fieldA:
		return &s.a
	case fieldE:
		return &s.e
	case fieldKa:
		return &s.ka
	case fieldIV:
		return &s.iv
	}
	return nil
}

// has reports whether the set has this very value.
func (s *set) has(f field, v ike.Secret) bool {
	if f == fieldCookies {
		c, ok := cookiesOf(v)
		return ok && c == s.cookies
	}
	p := s.value(f)
	return p.Len() != 0 && p.Equal(v)
}

// cookiesOf reads the input of a NAT-D hash, CKY-I | CKY-R | IP | port (RFC
// 3947, section 3.2). The cookies are no secret.
func cookiesOf(v ike.Secret) (c [2]isakmp.Cookie, ok bool) {
	b := v.Reveal()
	if len(b) != 16+4+2 && len(b) != 16+16+2 {
		return c, false
	}
	copy(c[0][:], b)
	copy(c[1][:], b[8:])
	return c, !c[0].IsZero()
}
