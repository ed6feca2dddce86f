package ike

// Attribute names one thing two proposals may disagree about.
type Attribute uint8

// The attributes, in the order in which Comparison.Differ lists them.
const (
	AttrNone       Attribute = iota
	AttrProtocol             // IKE, AH, ESP or IPCOMP
	AttrEncryption           // the cipher, whatever its key length
	AttrKeyLength            // the same cipher with another key length
	AttrHash                 // hash in phase 1, integrity algorithm in phase 2
	AttrPRF                  // pseudo-random function, where it is negotiated apart from the hash
	AttrGroup                // Diffie-Hellman group; in phase 2 that of perfect forward secrecy
	AttrAuth                 // authentication method, phase 1 only
	AttrESN                  // extended sequence numbers, phase 2 only
	AttrMode                 // tunnel or transport, phase 2 only
	attrCount
)

var attributeNames = [attrCount]string{
	"none", "protocol", "encryption", "key_length", "hash", "prf", "group", "auth", "esn", "mode",
}

// String returns the attribute's name as it stands in reports: encryption,
// key_length, hash, prf, group, auth, esn, mode or protocol.
func (a Attribute) String() string {
	if a < attrCount {
		return attributeNames[a]
	}
	return numbered("Attribute", uint32(a))
}

// MarshalText returns the attribute's name. Its error is always nil.
func (a Attribute) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Attributes is a set of attributes. The zero value is empty.
type Attributes uint16

// With returns the set with a in it.
func (s Attributes) With(a Attribute) Attributes { return s | 1<<a }

// Without returns the set without a.
func (s Attributes) Without(a Attribute) Attributes { return s &^ (1 << a) }

// Has reports whether a is in the set.
func (s Attributes) Has(a Attribute) bool { return s>>a&1 != 0 }

// Append appends the set's members to dst in the order of the constants.
func (s Attributes) Append(dst []Attribute) []Attribute {
	for a := AttrProtocol; a < attrCount; a++ {
		if s.Has(a) {
			dst = append(dst, a)
		}
	}
	return dst
}
