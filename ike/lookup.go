package ike

import "strconv"

// maxName bounds the names that tables hold; a longer one is unknown without
// being looked up, so that hostile input costs nothing.
const maxName = 48

// key is a name made comparable: lower case, and without the separators that
// tell AES_CBC-256, aes-cbc-256 and aes_cbc_256 apart. It lives on the stack.
type key struct {
	n     int // maxName+1: too long to be known
	paren int // where a number in parentheses stood, as in SHA1(2)_160; else -1
	b     [maxName]byte
}

func (k *key) add(c byte) {
	switch {
	case c >= 'A' && c <= 'Z':
		c += 'a' - 'A'
	case c == '_', c == '-', c == '.', c == ' ', c == '\t':
		return
	}
	if k.n < maxName {
		k.b[k.n] = c
	}
	if k.n <= maxName {
		k.n++
	}
}

// text returns the key, empty for a name too long to be known.
func (k *key) text() []byte {
	if k.n > maxName {
		return nil
	}
	return k.b[:k.n]
}

// setKey makes k the key of s. A function and not a method, since methods take
// no type parameters.
func setKey[S ~string | ~[]byte](k *key, s S) {
	k.n, k.paren = 0, -1
	open := false
	for i := 0; i < len(s) && k.n <= maxName; i++ {
		switch c := s[i]; {
		case open:
			open = c != ')'
		case c == '(':
			open = true
			if k.paren < 0 {
				k.paren = k.n
			}
		default:
			k.add(c)
		}
	}
}

// entry is one name of one value; the tables of names are sorted by key.
type entry[V any] struct {
	key string
	v   V
}

// find looks k up in a sorted table.
func find[V any](t []entry[V], k []byte) (v V, ok bool) {
	lo, hi := 0, len(t)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if t[m].key < string(k) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(t) && t[lo].key == string(k) {
		return t[lo].v, true
	}
	return v, false
}

// cutPrefix takes the first of the prefixes that k has off it.
func cutPrefix(k []byte, prefixes ...string) []byte {
	for _, p := range prefixes {
		if len(k) > len(p) && string(k[:len(p)]) == p {
			return k[len(p):]
		}
	}
	return k
}

// numbered prints a value that no table names, as Cipher(9).
func numbered(kind string, n uint32) string {
	return kind + "(" + strconv.FormatUint(uint64(n), 10) + ")"
}
