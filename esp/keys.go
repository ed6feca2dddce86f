package esp

import (
	"fmt"
	"log/slog"

	"github.com/ikediag/ikediag/ike"
)

// Keys are the keys of one SA, one direction.
type Keys struct {
	// Cipher is the encryption key; for counter and combined modes with the
	// salt behind it, as kernels print it and key schedules yield it (RFC
	// 3686, section 5.1; RFC 4106, section 8.1; RFC 4309, section 7.1; RFC
	// 4543, section 5; RFC 7634, section 2).
	Cipher ike.Secret
	// Integrity is the key of the integrity algorithm.
	Integrity ike.Secret
}

// KeyError says that a key's length does not fit its algorithm. It shows
// lengths and no keys, and unwraps to ErrKey.
type KeyError struct {
	// Algorithm is the one that the key is for.
	Algorithm string
	// Have and Want are lengths in octets, salt included.
	Have, Want int
}

// Error returns the lengths.
func (e *KeyError) Error() string {
	return fmt.Sprintf("esp: %s takes a key of %d octets, not of %d", e.Algorithm, e.Want, e.Have)
}

// Unwrap returns ErrKey.
func (e *KeyError) Unwrap() error { return ErrKey }

// redacted is what every rendering of an SA shows besides its algorithms.
const redacted = "[keys secret]"

// SA opens the packets of one direction of an SA. It is made by NewSA and is
// for one goroutine at a time; the zero SA neither decrypts nor authenticates. No formatting verb or encoder shows its keys.
//
// Like ike.Secret it keeps them behind a function, where reflection does not
// reach.
type SA struct {
	transform Transform
	err       ParseError
	engine    func() *engine
}

// use returns the engine; the zero SA is that of the zero Transform.
func (s *SA) use() *engine {
	if s.engine == nil {
		e := new(engine)
		e.sizes, _ = s.transform.Sizes()
		s.engine = func() *engine { return e }
	}
	return s.engine()
}

// Transform returns the SA's algorithms.
func (s *SA) Transform() Transform { return s.transform }

// String returns the algorithms.
func (s SA) String() string {
	return s.transform.Cipher.String() + "/" + s.transform.Integrity.String() + " " + redacted
}

// GoString is String, so that %#v is safe.
func (s SA) GoString() string { return s.String() }

// Format writes String whatever the verb.
func (s SA) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText returns String, for JSON, XML and other encoders.
func (s SA) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns String.
func (s SA) LogValue() slog.Value { return slog.StringValue(s.String()) }
