package ike

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ASN.1 tags that occur in a Name (RFC 5280 section 4.1.2.4).
const (
	tagOID      = 0x06
	tagUTF8     = 0x0c
	tagT61      = 0x14
	tagBMP      = 0x1e
	tagSequence = 0x30
	tagSet      = 0x31
)

// decodeDN spells the DER encoding of a distinguished name as strongSwan
// prints it. It is false where b is no Name; what follows one is ignored.
func decodeDN(b []byte) (string, bool) {
	tag, name, _, ok := der(b)
	if !ok || tag != tagSequence {
		return "", false
	}
	var out strings.Builder
	for n := 0; len(name) > 0; n++ {
		var set []byte
		if tag, set, name, ok = der(name); !ok || tag != tagSet || n == 4*maxRDN {
			return "", false
		}
		for len(set) > 0 {
			var ava, oid, val []byte
			var valTag byte
			if tag, ava, set, ok = der(set); !ok || tag != tagSequence {
				return "", false
			}
			if tag, oid, ava, ok = der(ava); !ok || tag != tagOID {
				return "", false
			}
			if valTag, val, _, ok = der(ava); !ok {
				return "", false
			}
			if out.Len() > 0 {
				out.WriteString(", ")
			}
			writeRDN(&out, rdn{dnName(oidText(oid)), derText(valTag, val)})
		}
	}
	return out.String(), out.Len() > 0
}

// der reads one element with a definite length.
func der(b []byte) (tag byte, body, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	tag, n, at := b[0], int(b[1]), 2
	if n > 0x80 {
		k := n - 0x80
		if k > 3 || len(b) < 2+k {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+k] {
			n = n<<8 | int(c)
		}
		at += k
	} else if n == 0x80 {
		return 0, nil, nil, false
	}
	if len(b)-at < n {
		return 0, nil, nil, false
	}
	return tag, b[at : at+n], b[at+n:], true
}

// oidText spells an object identifier in dotted form.
func oidText(b []byte) string {
	var out []byte
	v, first := uint64(0), true
	for _, c := range b {
		if v >= 1<<56 {
			return "0x" + hex.EncodeToString(b)
		}
		v = v<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if first {
			top := min(v/40, 2)
			out = strconv.AppendUint(out, top, 10)
			v -= top * 40
			first = false
		}
		out = append(out, '.')
		out = strconv.AppendUint(out, v, 10)
		v = 0
	}
	return string(out)
}

// derText returns a string value in UTF-8.
func derText(tag byte, b []byte) string {
	switch {
	case tag == tagBMP && len(b)%2 == 0:
		u := make([]uint16, 0, len(b)/2)
		for i := 0; i < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case tag != tagUTF8 && !utf8.Valid(b) || tag == tagT61 && !utf8.Valid(b):
		// Read as Latin-1, which T61 stands for in practice.
		r := make([]rune, 0, len(b))
		for _, c := range b {
			r = append(r, rune(c))
		}
		return string(r)
	}
	return string(b)
}
