package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// fragmentation reads the words of strongSwan's and libreswan's settings.
func fragmentation(s string) (Fragmentation, bool) {
	switch strings.ToLower(s) {
	case "force", "insist":
		return FragmentForce, true
	case "accept":
		return FragmentAccept, true
	}
	b, ok := boolean(s)
	if b {
		return FragmentYes, ok
	}
	return FragmentNo, ok
}

// authWord reads the first word of an authentication setting: what follows a
// dash or a colon names methods, key sizes and hashes.
func authWord(s string) (Auth, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "ike:")
	if i := strings.IndexAny(s, "-:+,"); i >= 0 {
		s = s[:i]
	}
	switch s {
	case "psk", "secret":
		return AuthPSK, true
	case "pubkey", "rsasig", "rsa", "ecdsa", "ecdsasig", "bliss", "ed25519", "ed448", "eddsa", "rsasigkey":
		return AuthPubkey, true
	case "xauth", "hybrid":
		return AuthXAuth, true
	case "eap", "eaponly":
		return AuthEAP, true
	case "null":
		return AuthNull, true
	case "never":
		return AuthNever, true
	case "any":
		return AuthNone, true
	}
	return AuthNone, false
}

// selectors reads a list of traffic selectors.
func selectors(t taker, v Value[string]) Value[[]Selector] {
	var out []Selector
	for f := range strings.SplitSeq(v.V, ",") {
		if f = strings.TrimSpace(f); f == "" {
			continue
		}
		x := Selector{Text: f}
		var err error
		if x.Selector, err = ike.ParseSelector(f); err != nil {
			x.Bad = true
			t.s.problem(v.At, v.Key, wrong("a traffic selector"))
		}
		out = append(out, x)
	}
	return as(v, out)
}

// dynamic is the selector that stands for the end's own address.
func dynamic(key string) Value[[]Selector] {
	return defaulted(key, []Selector{{Text: "dynamic", Selector: ike.Selector{Dynamic: true}}})
}

// certIdentity stands for the subject of the end's certificate.
func certIdentity(key string) Value[ike.Identity] {
	return defaulted(key, ike.ParseIdentity("%fromcert", ike.DialectAny))
}

// hostIdentity is the identity that an end has when none is written: its
// address where it names one, else any.
func hostIdentity(key string, e *End) Value[ike.Identity] {
	if a, ok := e.Host(); ok {
		return defaulted(key, ike.ParseIdentity(a.String(), ike.DialectAny))
	}
	return defaulted(key, ike.Identity{Any: true})
}
