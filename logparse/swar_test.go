package logparse

import (
	"math/rand/v2"
	"testing"
)

// TestEightAtOnce compares what looks at eight octets at once with what looks
// at one after the other.
func TestEightAtOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const likely = "0123456789abcdefABCDEF..::...gG/@`[]> \"\\\x00\x7f\x80\xae\xb0\xb9\xe1\xff"
	for range 200_000 {
		b := make([]byte, rng.IntN(30))
		for i := range b {
			if b[i] = likely[rng.IntN(len(likely))]; rng.IntN(3) == 0 {
				b[i] = '0' + byte(rng.IntN(10))
			}
		}
		pos := rng.IntN(len(b) + 1)
		hex, host, dot := pos, pos, pos
		for hex < len(b) && unhex(b[hex]) <= 15 {
			hex++
		}
		for host < len(b) && (unhex(b[host]) <= 15 || b[host] == ':' || b[host] == '.' && host+1 < len(b) && b[host+1] != '.') {
			host++
		}
		for dot < len(b) && b[dot] != '.' {
			dot++
		}
		if n := reachHex(b, pos); n != hex {
			t.Fatalf("%q from %d: hexadecimal digits to %d, not %d", b, pos, n, hex)
		}
		if n := reachHost(b, pos); n != host {
			t.Fatalf("%q from %d: an address to %d, not %d", b, pos, n, host)
		}
		if n := reachOctet(b, pos, '.'); n != dot {
			t.Fatalf("%q from %d: a dot at %d, not %d", b, pos, n, dot)
		}
		quote := pos
		for quote < len(b) && b[quote] != '"' && b[quote] != '\\' {
			quote++
		}
		if n := reachQuote(b, pos); n != quote {
			t.Fatalf("%q from %d: a quote at %d, not %d", b, pos, n, quote)
		}
		if n := reachEither(b, pos, '"', '\\'); n != quote {
			t.Fatalf("%q from %d: a quote at %d, not %d", b, pos, n, quote)
		}
		if len(b) >= 8 {
			digits, value := 0, uint64(0)
			for digits < 8 && b[digits]-'0' <= 9 {
				value = value*10 + uint64(b[digits]-'0')
				digits++
			}
			if n := numeral(first8(b)); n != digits {
				t.Fatalf("%q: %d digits, not %d", b, n, digits)
			}
			if v := decimal(first8(b), max(digits, 1)); digits > 0 && v != value {
				t.Fatalf("%q: the number %d, not %d", b, v, value)
			}
		}
		line := make([]byte, rng.IntN(60))
		for i := range line {
			line[i] = ' ' + byte(rng.IntN('~'-' '+1))
		}
		for range rng.IntN(3) {
			line = append(line, byte(rng.IntN(256)))
			i := rng.IntN(len(line))
			line[i], line[len(line)-1] = line[len(line)-1], line[i]
		}
		special := 0
		for special < len(line) && line[special] >= ' ' && line[special] < 0x7f {
			special++
		}
		if n := reachSpecial(line); n != special {
			t.Fatalf("%q: printable to %d, not %d", line, n, special)
		}
		if all := printable(line); all != (special == len(line)) {
			t.Fatalf("%q: printable: %v", line, all)
		}
	}
}

// TestHeader compares what recognises a header eight octets at a time with what
// its digits may be.
func TestHeader(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const likely = "00112233445566778899:: :/.a\x00\x7f\xb0\xb9\xff"
	octets := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = likely[rng.IntN(len(likely))]
		}
		return b
	}
	for range 100_000 {
		line := octets(8 + rng.IntN(40))
		n := 8 + rng.IntN(len(line)-7)
		from := rng.IntN(n)
		to := from + 1 + rng.IntN(n-from)
		var h header
		h.learn(line, n, &Prefix{Time: line[from:to]}, false)
		next := append([]byte(nil), line[:n]...)
		want := true
		seqFrom, seqTo := sequence(line[:from])
		for i := range next {
			if rng.IntN(8) == 0 {
				was := next[i]
				next[i] = likely[rng.IntN(len(likely))]
				counts := i >= from && i < to || i >= seqFrom && i < seqTo
				want = want && (next[i] == was || counts && was-'0' <= 9 && next[i]-'0' <= 9)
			}
		}
		if _, got := h.cut(append(next, octets(rng.IntN(8))...)); got != want {
			t.Fatalf("%q with the time %q and %q: %v", line[:n], line[from:to], next, got)
		}
	}
}
