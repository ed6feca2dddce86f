package ike

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"strings"
)

// redacted is what every rendering of a Secret shows, an empty one included:
// that a key is empty is as telling as its length.
const redacted = "[secret]"

// Secret holds a pre-shared key, a password or a session key. No formatting
// verb, encoder or panic shows its bytes; whoever needs them says so with
// Reveal. The zero Secret is empty.
//
// The bytes are behind a function: fmt calls no methods on unexported fields
// and would follow a pointer in one.
type Secret struct{ reveal func() []byte }

// NewSecret returns a Secret with a copy of b.
func NewSecret(b []byte) Secret {
	c := bytes.Clone(b)
	return Secret{func() []byte { return c }}
}

// Reveal returns the secret's bytes, shared with the Secret: do not change
// them, and do not let them reach any output.
func (s Secret) Reveal() []byte {
	if s.reveal == nil {
		return nil
	}
	return s.reveal()
}

// Len returns the secret's length in octets.
func (s Secret) Len() int { return len(s.Reveal()) }

// Equal reports in constant time whether both secrets have the same bytes.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare(s.Reveal(), t.Reveal()) == 1
}

// Digest returns an HMAC-SHA-256 of the secret under key. Two digests under
// one key tell whether two secrets are equal without either being kept; under
// a key that nobody else has they do not help to guess the secret.
func (s Secret) Digest(key []byte) [sha256.Size]byte {
	return digest(key, s.Reveal())
}

// LooseDigest is like Digest over what remains of the secret when everything
// is taken away that the eye does not see or that a configuration file's
// syntax may have added: white space, carriage returns and quotes at either
// end, a byte-order mark, and the difference between the common encodings of
// one text. Secrets whose Digests differ and whose LooseDigests agree were
// meant to be equal.
func (s Secret) LooseDigest(key []byte) [sha256.Size]byte {
	return digest(key, loosen(s.Reveal()))
}

func digest(key, b []byte) (sum [sha256.Size]byte) {
	m := hmac.New(sha256.New, key)
	m.Write(b)
	m.Sum(sum[:0])
	return sum
}

func loosen(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	t := strings.Trim(string(b), " \t\r\n\v\f\x00\"'\u00a0")
	// Latin-1 to UTF-8: a text that is no valid UTF-8 was written in it.
	var u []byte
	if valid := strings.ToValidUTF8(t, "") == t; valid {
		return []byte(t)
	}
	for i := 0; i < len(t); i++ {
		u = append(u, string(rune(t[i]))...)
	}
	return u
}

// String returns the same word for every secret, an empty one too: "[secret]".
func (Secret) String() string { return redacted }

// GoString returns what String does, so that %#v is safe.
func (Secret) GoString() string { return redacted }

// Format writes what String returns whatever the verb, %x and %q included.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText returns what String does, for JSON, XML and other encoders: a
// Secret that was encoded cannot be decoded again. Its error is always nil.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns what String does.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
