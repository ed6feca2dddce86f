package ike

import (
	"iter"
	"strings"
)

// DNAttributes iterates over the attributes of a distinguished name: their
// names as Identity spells them, and their values without quotes and
// backslashes. It ends at what is no attribute.
//
// It reads the string form of RFC 4514 section 3, where the attributes of a
// multi-valued RDN come one after the other; with the quotes, semicolons and
// blanks of RFC 2253 section 4; and OpenSSL's form with slashes. The names are
// those of RFC 4519 section 2 and others that daemons print. A value in
// hexadecimal (#0402) stays as it is.
func DNAttributes(dn string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for {
			r, rest, ok := nextRDN(dn)
			if !ok || !yield(r.name, r.value) {
				return
			}
			dn = rest
		}
	}
}

// splitDN cuts a distinguished name into its attributes; ok is false where it
// has too many, or none.
func splitDN(s string, out *[maxRDN]rdn) (n int, ok bool) {
	for strings.TrimLeft(s, " \t,;+/") != "" {
		r, rest, ok := nextRDN(s)
		if !ok || n == maxRDN {
			return n, false
		}
		out[n] = r
		n++
		s = rest
	}
	return n, n > 0
}

// equalDN compares two distinguished names attribute by attribute in any
// order: implementations print them from either end.
func equalDN(a, b string) bool { return pairDN(a, b, false) }

// matchDN does the same where a value * in pattern fits every value.
func matchDN(pattern, s string) bool { return pairDN(pattern, s, true) }

func pairDN(a, b string, wild bool) bool {
	var as, bs [maxRDN]rdn
	n, ok1 := splitDN(a, &as)
	m, ok2 := splitDN(b, &bs)
	if !ok1 || !ok2 {
		return strings.EqualFold(a, b)
	}
	if n != m {
		return false
	}
	// Values first, so that a wildcard takes only what they leave.
	var usedA, usedB [maxRDN]bool
	left := n
	for _, pass := range []bool{false, true} {
		if pass && !wild {
			break
		}
		for i := range n {
			for j := 0; j < m && !usedA[i]; j++ {
				if usedB[j] || !strings.EqualFold(as[i].name, bs[j].name) {
					continue
				}
				if pass && as[i].value == "*" || !pass && equalWords(as[i].value, bs[j].value) {
					usedA[i], usedB[j] = true, true
					left--
				}
			}
		}
	}
	return left == 0
}

// equalWords compares two values without regard to case and to how many blanks
// stand between words (the caseIgnoreMatch of RFC 4517 section 4.2.11, in ASCII).
func equalWords(a, b string) bool {
	for {
		wa, ra := word(a)
		wb, rb := word(b)
		if !strings.EqualFold(wa, wb) {
			return false
		}
		if wa == "" {
			return true
		}
		a, b = ra, rb
	}
}

func word(s string) (w, rest string) {
	s = strings.TrimLeft(s, " \t")
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
