package ike

import (
	"strings"
	"unicode"
)

// maxRDN bounds the parts of a distinguished name that are compared; a name
// with more compares as text.
const maxRDN = 32

// rdn is one attribute of a distinguished name, its name in canonical form.
type rdn struct{ name, value string }

// dnNames maps the names and numbers that an attribute may have to the one
// that strongSwan prints (RFC 4519 section 2, RFC 4524, RFC 2985).
var dnNames = []entry[string]{
	{"0.9.2342.19200300.100.1.1", "UID"},
	{"0.9.2342.19200300.100.1.25", "DC"},
	{"1.2.840.113549.1.9.1", "E"},
	{"1.2.840.113549.1.9.2", "unstructuredName"},
	{"1.2.840.113549.1.9.8", "unstructuredAddress"},
	{"2.5.4.10", "O"},
	{"2.5.4.11", "OU"},
	{"2.5.4.12", "T"},
	{"2.5.4.13", "D"},
	{"2.5.4.3", "CN"},
	{"2.5.4.4", "S"},
	{"2.5.4.42", "G"},
	{"2.5.4.43", "I"},
	{"2.5.4.46", "dnQualifier"},
	{"2.5.4.5", "serialNumber"},
	{"2.5.4.6", "C"},
	{"2.5.4.7", "L"},
	{"2.5.4.8", "ST"},
	{"2.5.4.9", "STREET"},
	{"c", "C"},
	{"cn", "CN"},
	{"commonname", "CN"},
	{"countryname", "C"},
	{"d", "D"},
	{"dc", "DC"},
	{"description", "D"},
	{"dnqualifier", "dnQualifier"},
	{"domaincomponent", "DC"},
	{"e", "E"},
	{"email", "E"},
	{"emailaddress", "E"},
	{"g", "G"},
	{"givenname", "G"},
	{"gn", "G"},
	{"i", "I"},
	{"initials", "I"},
	{"l", "L"},
	{"localityname", "L"},
	{"o", "O"},
	{"organizationalunitname", "OU"},
	{"organizationname", "O"},
	{"ou", "OU"},
	{"s", "S"},
	{"serialnumber", "serialNumber"},
	{"sn", "serialNumber"},
	{"st", "ST"},
	{"stateorprovincename", "ST"},
	{"street", "STREET"},
	{"streetaddress", "STREET"},
	{"surname", "S"},
	{"t", "T"},
	{"title", "T"},
	{"uid", "UID"},
	{"un", "unstructuredName"},
	{"unstructuredaddress", "unstructuredAddress"},
	{"unstructuredname", "unstructuredName"},
	{"userid", "UID"},
}

// dnName returns the canonical name of an attribute, or the name itself.
func dnName(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "OID."), "oid.")
	if len(s) > maxName {
		return s
	}
	var b [maxName]byte
	k := b[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		k = append(k, c)
	}
	if n, ok := find(dnNames, k); ok {
		return n
	}
	return s
}

// nextRDN cuts the first attribute off a distinguished name, in RFC 4514's
// spelling, in OpenSSL's with slashes, or in strongSwan's. ok is false at the
// end and for what is no attribute.
func nextRDN(s string) (r rdn, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t,;+")
	slash := strings.HasPrefix(s, "/")
	s = strings.TrimLeft(s, "/")
	name, v, found := strings.Cut(s, "=")
	if !found {
		return rdn{}, s, false
	}
	name = strings.TrimLeftFunc(strings.TrimSpace(name), parts)
	v = strings.TrimLeft(v, " \t")
	i, end := 0, 0 // end: behind the last octet that is no bare blank
	quoted := false
loop:
	for ; i < len(v); i++ {
		switch c := v[i]; {
		case c == '\\' && i+1 < len(v):
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case slash && c == '/' && attributeFollows(v[i+1:]), !slash && (c == ',' || c == ';' || c == '+' && attributeFollows(v[i+1:])):
			break loop
		case c == ' ' || c == '\t':
			continue
		}
		end = i + 1
	}
	return rdn{dnName(name), unescapeDN(v[:end])}, v[i:], name != ""
}

// parts reports whether a character stands between attributes, and in no name.
func parts(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;+/", r) }

// attributeFollows tells a slash or a plus that parts two attributes from one
// that belongs to a value.
func attributeFollows(s string) bool {
	s = strings.TrimLeft(s, " \t")
	for i := 0; i < len(s) && i <= maxName; i++ {
		switch c := s[i]; {
		case c == '=':
			return i > 0
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == ' ':
		default:
			return false
		}
	}
	return false
}

// unescapeDN takes the quotes and backslashes of RFC 4514 out of a value.
func unescapeDN(v string) string {
	if strings.IndexByte(v, '\\') < 0 && strings.IndexByte(v, '"') < 0 {
		return v
	}
	b := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '"':
		case c == '\\' && i+2 < len(v) && unhex(v[i+1]) >= 0 && unhex(v[i+2]) >= 0:
			b = append(b, byte(unhex(v[i+1])<<4|unhex(v[i+2])))
			i += 2
		case c == '\\' && i+1 < len(v):
			i++
			b = append(b, v[i])
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// looksLikeDN reports whether s begins with an attribute whose name is one.
func looksLikeDN(s string) bool {
	s = strings.TrimLeft(s, "/ ")
	return attributeFollows(s)
}

// canonicalDN spells a distinguished name as strongSwan prints it; what is no
// distinguished name stays as it is.
func canonicalDN(s string) string {
	var b strings.Builder
	rest := s
	for strings.TrimLeft(rest, " \t,;+/") != "" {
		r, tail, ok := nextRDN(rest)
		if !ok {
			return s
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		writeRDN(&b, r)
		rest = tail
	}
	return b.String()
}

func writeRDN(b *strings.Builder, r rdn) {
	b.WriteString(r.name)
	b.WriteByte('=')
	for i := 0; i < len(r.value); i++ {
		if c := r.value[i]; c == ',' || c == ';' || c == '\\' || c == '"' || c == '+' || i == 0 && c == ' ' || i == len(r.value)-1 && c == ' ' {
			b.WriteByte('\\')
		}
		b.WriteByte(r.value[i])
	}
}
