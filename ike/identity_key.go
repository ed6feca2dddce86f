package ike

import (
	"strings"
	"unicode"

	"github.com/ikediag/ikediag/isakmp"
)

// Key returns a text that is the same for identities that are Equal, to look
// them up by; different ones may share it. It is empty for those that accept
// others than their equals, such as patterns, and for distinguished names.
func (i Identity) Key() string {
	if i.Any || i.FromCert || strings.HasPrefix(i.Value, "*") {
		return ""
	}
	switch i.Type {
	case isakmp.IDFQDN, isakmp.IDUserFQDN, isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDKeyID:
		return strings.TrimRight(strings.Map(foldRune, i.Value), ".")
	}
	return ""
}

// foldRune returns the first of the letters that differ in case only.
func foldRune(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}
