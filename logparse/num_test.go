package logparse

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"
)

// TestParseUint holds it against the library's, which takes the same digits.
func TestParseUint(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 100_000 {
		b := strconv.AppendUint(nil, rng.Uint64()>>rng.IntN(64), 10)
		switch i % 4 {
		case 1:
			b[rng.IntN(len(b))] = byte(rng.IntN(256))
		case 2: // around the largest
			b = strconv.AppendUint(nil, math.MaxUint64-uint64(rng.IntN(20)), 10)
			b[len(b)-1-rng.IntN(2)] = '0' + byte(rng.IntN(10))
		case 3:
			b = b[:rng.IntN(len(b)+1)]
		}
		want, err := strconv.ParseUint(string(b), 10, 64)
		if got, ok := parseUint(b); ok != (err == nil) || ok && got != want {
			t.Fatalf("%q: %d %v, want %d, %v", b, got, ok, want, err)
		}
	}
}

func TestParseAddrPort(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1":               "192.0.2.1:0",
		"192.0.2.1[500]":          "192.0.2.1:500",
		"192.0.2.1:4500":          "192.0.2.1:4500",
		"2001:db8::1[500]":        "[2001:db8::1]:500",
		"::":                      "[::]:0",
		"::1":                     "[::1]:0",
		"1::":                     "[1::]:0",
		"1:2:3:4:5:6:7:8":         "[1:2:3:4:5:6:7:8]:0",
		"::ffff:192.0.2.1":        "[::ffff:192.0.2.1]:0",
		"fe80::1:0:0:5":           "[fe80::1:0:0:5]:0",
		"":                        "",
		"%any":                    "",
		"xxx.xxx.xxx.xxx":         "",
		"192.0.2":                 "",
		"192.0.2.256":             "",
		"192.0.2.1[70000]":        "",
		"192.0.2.1[":              "",
		"1:2:3:4:5:6:7:8:9":       "",
		"1::2::3":                 "",
		":1":                      "",
		"12345::":                 "",
		"1:2:3:4:5:6:7::8":        "[1:2:3:4:5:6:7:8]:0",
		"Our Public IP[500]":      "",
		"[500]":                   "",
		"1:2:3:4:5:6:192.0.2.1":   "[1:2:3:4:5:6:c000:201]:0",
		"1:2:3:4:5:6:7:192.0.2.1": "",
	} {
		got, ok := parseAddrPort([]byte(in))
		if !ok {
			if want != "" {
				t.Errorf("%q: not read", in)
			}
			continue
		}
		if got.String() != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

// FuzzParseIPv6 holds the parser against the library's.
func FuzzParseIPv6(f *testing.F) {
	for _, s := range []string{"::", "1::2", "fe80::1:0:0:5", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseIPv6([]byte(s))
		want, err := netip.ParseAddr(s)
		if err != nil || want.Zone() != "" || want.Is4() {
			return // the parser may be laxer, e.g. with leading zeros
		}
		if !ok || got != want {
			t.Errorf("%q: %v %v, want %v", s, got, ok, want)
		}
	})
}
