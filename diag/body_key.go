package diag

// KeyProof: the messages of a negotiation, checked with a pre-shared key that
// was given, prove whether a side used that key (RFC 2409, section 5.4). The
// key itself is not in it.
type KeyProof struct {
	// Of is the side whose messages were checked.
	Of Party
	// Digest is the given key's, as in PSK: it compares with a connection's.
	Digest [32]byte
	// Used: the side used this key; otherwise it used another.
	Used bool
}

// Kind returns BodyKeyProof.
func (*KeyProof) Kind() BodyKind { return BodyKeyProof }
func (b *KeyProof) party() Party { return b.Of }
func (k *KeyProof) slot() uint64 {
	s := uint64(k.Of) | hash64(string(k.Digest[:]))<<9
	if k.Used {
		s |= 1 << 8
	}
	return s
}
func (k *KeyProof) clone(dst Body) Body { d := reuse[KeyProof](dst); *d = *k; return d }
