package ike

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// ParseIdentity reads an identity as the dialect spells it in configurations
// and logs. It never fails: what has no other form is a key ID, as in
// strongSwan. One pair of quotes around it is taken off.
//
//	all         192.0.2.1, 2001:db8::1, gw@example.com, C=CH, O=Org, CN=gw,
//	            /C=CH/O=Org/CN=gw, %any, @gw.example.com, @#6b6579
//	strongSwan  gw.example.com, keyid:name, fqdn:, dns:, email:, rfc822:,
//	            userfqdn:, asn1dn:, ipv4:, ipv6:, ipv4net:, {11}:#6b6579, @@user
//	libreswan   @[name], %fromcert, and a bare gw.example.com is a host name
//	            that is resolved to an address
//	Cisco       address, host, hostname, fqdn, domain, user, user-fqdn, email,
//	            key-id, dn and so on before the value
//	racoon      address, fqdn, user_fqdn, asn1dn, keyid, keyid tag, subnet
//
// A bare name is an FQDN in all dialects but libreswan's.
func ParseIdentity(s string, d Dialect) Identity {
	s = unquote(strings.TrimSpace(s))
	if d == DialectCisco || d == DialectASA || d == DialectRacoon || d == DialectAny {
		if id, ok := keywordIdentity(s, d); ok {
			return id
		}
	}
	if d == DialectStrongSwan || d == DialectAny {
		if id, ok := prefixedIdentity(s); ok {
			return id
		}
	}
	switch s {
	case "":
		return Identity{}
	case "%any", "%any6", "%any4", "*", "0.0.0.0", "::", "0::0":
		return Identity{Any: true}
	case "%fromcert", "%cert":
		return Identity{Type: isakmp.IDDERDN, FromCert: true}
	case "%none", "(none)":
		return Identity{}
	}
	if strings.IndexByte(s, '=') >= 0 {
		if dn := strings.TrimPrefix(s, "@"); looksLikeDN(dn) {
			return Identity{Type: isakmp.IDDERDN, Value: canonicalDN(dn)}
		}
		return keyID(s)
	}
	if id, ok := addressIdentity(s); ok {
		return id
	}
	if strings.IndexByte(s, '@') >= 0 {
		return atIdentity(s)
	}
	if strings.IndexByte(s, ':') >= 0 && d == DialectStrongSwan {
		return keyID(s)
	}
	if d == DialectLibreswan {
		return Identity{Value: s}
	}
	return Identity{Type: isakmp.IDFQDN, Value: s}
}

// atIdentity reads FreeS/WAN's spellings with @, and mail addresses.
func atIdentity(s string) Identity {
	rest, ok := strings.CutPrefix(s, "@")
	if !ok {
		return Identity{Type: isakmp.IDUserFQDN, Value: s}
	}
	switch {
	case strings.HasPrefix(rest, "#"):
		return keyIDHex(rest[1:])
	case strings.HasPrefix(rest, "["):
		return keyID(strings.TrimSuffix(rest[1:], "]"))
	case strings.HasPrefix(rest, "@"):
		return Identity{Type: isakmp.IDUserFQDN, Value: rest[1:]}
	case strings.HasPrefix(rest, "~"):
		if b, err := hex.DecodeString(strings.TrimPrefix(rest[1:], "0x")); err == nil {
			return IdentityFromWire(isakmp.IDDERDN, b)
		}
	}
	return Identity{Type: isakmp.IDFQDN, Value: rest}
}

// addressIdentity reads an address, a prefix or a range of addresses.
func addressIdentity(s string) (Identity, bool) {
	if !addressLike(s, "/-") {
		return Identity{}, false
	}
	if a, ok := parseAddr(s); ok {
		return Identity{Type: byFamily(a, isakmp.IDIPv4, isakmp.IDIPv6), Value: a.String()}, true
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		p = unmapPrefix(p).Masked()
		return Identity{Type: byFamily(p.Addr(), isakmp.IDIPv4Subnet, isakmp.IDIPv6Subnet), Value: p.String()}, true
	}
	if from, to, ok := strings.Cut(s, "-"); ok {
		a, ok1 := parseAddr(from)
		b, ok2 := parseAddr(to)
		if ok1 && ok2 && a.Is4() == b.Is4() && a.Compare(b) <= 0 {
			return Identity{Type: byFamily(a, isakmp.IDIPv4Range, isakmp.IDIPv6Range), Value: a.String() + "-" + b.String()}, true
		}
	}
	return Identity{}, false
}

func byFamily(a netip.Addr, v4, v6 isakmp.IDType) isakmp.IDType {
	if a.Is4() {
		return v4
	}
	return v6
}

// typedPrefixes are strongSwan's, from 5.2 on.
var typedPrefixes = []struct {
	prefix string
	t      isakmp.IDType
}{
	{"ipv4:", isakmp.IDIPv4}, {"ipv6:", isakmp.IDIPv6},
	{"ipv4net:", isakmp.IDIPv4Subnet}, {"ipv6net:", isakmp.IDIPv6Subnet},
	{"ipv4range:", isakmp.IDIPv4Range}, {"ipv6range:", isakmp.IDIPv6Range},
	{"rfc822:", isakmp.IDUserFQDN}, {"email:", isakmp.IDUserFQDN}, {"userfqdn:", isakmp.IDUserFQDN},
	{"fqdn:", isakmp.IDFQDN}, {"dns:", isakmp.IDFQDN},
	{"asn1dn:", isakmp.IDDERDN}, {"asn1gn:", isakmp.IDDERGN},
	{"keyid:", isakmp.IDKeyID},
}

func prefixedIdentity(s string) (Identity, bool) {
	for _, p := range typedPrefixes {
		if hasFoldPrefix(s, p.prefix) {
			return ofType(p.t, s[len(p.prefix):]), true
		}
	}
	if num, rest, ok := strings.Cut(s, "}:"); ok && strings.HasPrefix(num, "{") {
		if n, err := strconv.ParseUint(num[1:], 0, 8); err == nil {
			return ofType(isakmp.IDType(n), rest), true
		}
	}
	return Identity{}, false
}

// ofType makes an identity of a type that the text states, from a value that
// is hex after # and text else.
func ofType(t isakmp.IDType, v string) Identity {
	if h, ok := strings.CutPrefix(v, "#"); ok {
		if b, err := hex.DecodeString(strings.ReplaceAll(h, ":", "")); err == nil {
			return IdentityFromWire(t, b)
		}
	}
	switch t {
	case isakmp.IDKeyID:
		return keyID(v)
	case isakmp.IDDERDN:
		return Identity{Type: t, Value: canonicalDN(v)}
	case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDIPv4Subnet, isakmp.IDIPv6Subnet, isakmp.IDIPv4Range, isakmp.IDIPv6Range:
		if id, ok := addressIdentity(v); ok {
			id.Type = t
			return id
		}
	}
	return Identity{Type: t, Value: v}
}

// idKeywords are the words that Cisco and racoon put before a value.
var idKeywords = []struct {
	word string
	t    isakmp.IDType
}{
	{"address", isakmp.IDIPv4}, {"ip", isakmp.IDIPv4}, {"ipv4", isakmp.IDIPv4}, {"ipv6", isakmp.IDIPv6},
	{"subnet", isakmp.IDIPv4Subnet},
	{"fqdn", isakmp.IDFQDN}, {"host", isakmp.IDFQDN}, {"hostname", isakmp.IDFQDN}, {"domain", isakmp.IDFQDN},
	{"user-fqdn", isakmp.IDUserFQDN}, {"user_fqdn", isakmp.IDUserFQDN}, {"user", isakmp.IDUserFQDN}, {"email", isakmp.IDUserFQDN},
	{"asn1dn", isakmp.IDDERDN}, {"dn", isakmp.IDDERDN},
	{"keyid", isakmp.IDKeyID}, {"key-id", isakmp.IDKeyID}, {"group", isakmp.IDKeyID},
}

func keywordIdentity(s string, d Dialect) (Identity, bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		if d == DialectRacoon && foldEqual(s, "asn1dn") {
			return Identity{Type: isakmp.IDDERDN, FromCert: true}, true
		}
		return Identity{}, false
	}
	word, v := s[:i], strings.TrimSpace(s[i:])
	for _, k := range idKeywords {
		if !foldEqual(word, k.word) {
			continue
		}
		if k.t == isakmp.IDKeyID {
			if tag, ok := strings.CutPrefix(v, "tag "); ok {
				v = strings.TrimSpace(tag)
			}
		}
		v = unquote(v)
		switch k.t {
		case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDIPv4Subnet:
			if id, ok := addressIdentity(v); ok {
				return id, true
			}
			// Cisco's match identity address 192.0.2.0 255.255.255.0.
			if sel, err := ParseSelector(v); err == nil && !sel.Dynamic {
				return addressIdentity(sel.String())
			}
			return Identity{Value: v}, true
		}
		// Cisco's host domain example.com and user domain example.com.
		if foldEqual(word, "domain") {
			v = "*." + strings.TrimPrefix(v, ".")
		} else if dom, ok := strings.CutPrefix(v, "domain "); ok && k.t == isakmp.IDUserFQDN {
			v = "*@" + strings.TrimSpace(dom)
		} else if ok && k.t == isakmp.IDFQDN {
			v = "*." + strings.TrimSpace(dom)
		}
		return ofType(k.t, v), true
	}
	return Identity{}, false
}

// keyID makes a key ID of text.
func keyID(s string) Identity { return IdentityFromWire(isakmp.IDKeyID, []byte(s)) }

// keyIDHex makes a key ID of hex digits, with libreswan's 0x or without; text
// that is not hex stays as it is.
func keyIDHex(s string) Identity {
	h := s
	if hasFoldPrefix(h, "0x") {
		h = h[2:]
	}
	if b, err := hex.DecodeString(h); err == nil && len(b) > 0 {
		return IdentityFromWire(isakmp.IDKeyID, b)
	}
	return keyID("#" + s)
}

// unquote takes off one pair of quotes.
func unquote(s string) string {
	if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}
