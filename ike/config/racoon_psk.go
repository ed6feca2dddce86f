package config

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// psk.txt of racoon: a line for each peer, its address or identity, blanks, and
// the key, which goes on to the end of the line.

// RacoonKey is the name of the entries of a psk.txt.
const RacoonKey = "psk.txt"

// racoonKeys reads a psk.txt.
func (s *source) racoonKeys(name string, b []byte) {
	s.c.SecretsRead = true
	text, line := string(b), 0
	for text != "" && !s.full {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		line++
		at := Pos{name, line}
		owner, key, ok := racoonKeyLine(l)
		if owner == "" {
			continue
		}
		if !s.unit(at) {
			return
		}
		if !ok {
			s.problem(at, "", ErrSyntax)
			continue
		}
		e := SecretEntry{Kind: SecretPSK, Name: RacoonKey, OwnerText: []string{owner}, At: at}
		id := ike.ParseIdentity(owner, ike.DialectRacoon)
		if owner == "*" {
			id = ike.Identity{Any: true}
		} else if a, err := netip.ParseAddr(owner); err == nil {
			a = a.Unmap()
			e.Peers = netip.PrefixFrom(a, a.BitLen())
		}
		e.Owners = []ike.Identity{id}
		how := Plain
		v := []byte(key)
		if strings.HasPrefix(key, "0x") {
			if v, how, ok = decodeSecret(key); !ok {
				s.problem(at, "", wrong("a hex secret"))
				continue
			}
		}
		e.set(written(at, "", v), how)
		if masked(key) {
			e.Secret.V, e.Secret.Origin, e.Spelling = ike.Secret{}, Hidden, Masked
		}
		s.recognize(at)
		s.c.Secrets = append(s.c.Secrets, e)
	}
}

// racoonKeyLine splits a line. The owner is empty where there is none, ok
// false where the line is not of the format: then nothing of it may show.
func racoonKeyLine(l string) (owner, key string, ok bool) {
	l = strings.TrimRight(l, "\r")
	l = strings.TrimLeft(l, " \t")
	if l == "" || l[0] == '#' {
		return "", "", false
	}
	owner, key, _ = strings.Cut(strings.ReplaceAll(l, "\t", " "), " ")
	if i := strings.IndexAny(l, " \t"); i >= 0 {
		key = strings.TrimLeft(l[i:], " \t")
	}
	for i := range len(owner) {
		if c := owner[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("._:@*%-/", c) >= 0) {
			return owner, "", false
		}
	}
	return owner, key, key != ""
}

// LooksLikeKeys reports whether a content may be a psk.txt: lines of an address
// or name and one word or more. Much else looks like it, so that it is one only
// beside a racoon.conf.
func LooksLikeKeys(head []byte) bool {
	lines, sure := 0, 0
	text := string(decodeText(head[:min(len(head), detectSize)]))
	for text != "" {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		owner, key, ok := racoonKeyLine(l)
		if owner == "" {
			continue
		}
		if !ok || strings.HasSuffix(key, ";") || strings.HasSuffix(key, "{") || strings.ContainsAny(key, "\x00") {
			return false
		}
		lines++
		_, err := netip.ParseAddr(owner)
		if err == nil || owner == "*" || strings.ContainsAny(owner, "@") || strings.Contains(strings.Trim(owner, "."), ".") {
			sure++
		}
	}
	return sure > 0 && sure*2 >= lines
}
