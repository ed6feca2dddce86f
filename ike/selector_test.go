package ike

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

func TestParseSelector(t *testing.T) {
	for in, want := range map[string]string{
		"10.0.0.0/24":                  "10.0.0.0/24",
		"10.0.0.7/24":                  "10.0.0.0/24",
		"10.0.0.1":                     "10.0.0.1/32",
		"10.0.0.1/32":                  "10.0.0.1/32",
		"2001:db8::/32":                "2001:db8::/32",
		"2001:db8::1":                  "2001:db8::1/128",
		"::ffff:10.0.0.1":              "10.0.0.1/32",
		"0.0.0.0/0":                    "0.0.0.0/0",
		"::/0":                         "::/0",
		"dynamic":                      "dynamic",
		"%dynamic":                     "dynamic",
		"dynamic[udp/1701]":            "dynamic[udp/1701]",
		"10.0.0.0/24[tcp/80]":          "10.0.0.0/24[tcp/80]",
		"10.0.0.0/24[tcp/http]":        "10.0.0.0/24[tcp/80]",
		"10.0.0.0/24[tcp]":             "10.0.0.0/24[tcp]",
		"10.1.0.0/16[icmp]":            "10.1.0.0/16[icmp]",
		"10.1.0.0/16[icmp/8(0)]":       "10.1.0.0/16[icmp/8(0)]",
		"10.1.0.0/16[icmp/8]":          "10.1.0.0/16[icmp/8(0)]",
		"10.0.0.1/32[udp/l2f]":         "10.0.0.1/32[udp/1701]",
		"10.0.0.1/32[17/1701]":         "10.0.0.1/32[udp/1701]",
		"10.0.0.1/32[udp/1024-65535]":  "10.0.0.1/32[udp/1024-65535]",
		"10.0.0.1/32[99]":              "10.0.0.1/32[99]",
		"10.0.0.1/32[/53]":             "10.0.0.1/32[/53]",
		"10.0.0.1/32[udp/opaque]":      "10.0.0.1/32[udp/opaque]",
		"10.0.0.1/32[tcp/ftp-data]":    "10.0.0.1/32[tcp/20]",
		"192.0.2.0/24[any]":            "192.0.2.0/24",
		"192.0.2.0/24[0]":              "192.0.2.0/24",
		"10.0.0.0-10.0.0.9":            "10.0.0.0..10.0.0.9",
		"10.0.0.0..10.0.0.255":         "10.0.0.0/24",
		"10.0.0.3 - 10.0.0.9":          "10.0.0.3..10.0.0.9",
		"10.0.0.0-10.0.0.9[tcp/80]":    "10.0.0.0..10.0.0.9[tcp/80]",
		"2001:db8::1-2001:db8::5":      "2001:db8::1..2001:db8::5",
		"10.0.0.1/32/UDP/1701":         "10.0.0.1/32[udp/1701]",
		"10.0.0.0/24/TCP/0":            "10.0.0.0/24[tcp]",
		"10.0.0.1/32:17/1701":          "10.0.0.1/32[udp/1701]",
		"10.0.0.1/32:17/%any":          "10.0.0.1/32[udp]",
		"10.0.0.0/255.255.255.0/0/0":   "10.0.0.0/24",
		"1.2.3.4/255.255.255.255/47/0": "1.2.3.4/32[gre]",
		"0.0.0.0/0.0.0.0/0/0":          "0.0.0.0/0",
		"10.0.0.0/255.255.255.0":       "10.0.0.0/24",
		"10.0.0.0 0.0.0.255":           "10.0.0.0/24",
		"10.0.0.0 255.255.255.0":       "10.0.0.0/24",
		"10.0.0.1 0.0.0.0":             "10.0.0.1/32",
		"10.0.0.1 255.255.255.255":     "10.0.0.1/32",
		"0.0.0.0 255.255.255.255":      "0.0.0.0/0",
		"0.0.0.0 0.0.0.0":              "0.0.0.0/0",
		"host 10.0.0.1":                "10.0.0.1/32",
		"any":                          "0.0.0.0/0",
		"any6":                         "::/0",
		" 10.0.0.0/24 ":                "10.0.0.0/24",
	} {
		got, err := ParseSelector(in)
		if err != nil || got.String() != want {
			t.Errorf("ParseSelector(%q) = %v %v, want %s", in, got, err, want)
			continue
		}
		if again, err := ParseSelector(got.String()); err != nil || !again.Equal(got) {
			t.Errorf("%s is read as %v %v", got, again, err)
		}
	}
	for _, in := range []string{"", "x", "10.0.0.0/33", "10.0.0.0/24[", "10.0.0.0/24[tcp/80", "10.0.0.0/24[blub]", "10.0.0.0/24[tcp/99999]", "10.0.0.0/24[tcp/90-80]",
		"10.0.0.9-10.0.0.1", "10.0.0.1-2001:db8::1", "10.0.0.0 255.0.255.0", "10.0.0.0/24 tcp", "vhost:%priv,%no", "10.0.0.0/255.255.0.255",
		"fe80::1%eth0", strings.Repeat("[", 1000), "10.0.0.0/24[icmp/300(0)]"} {
		if got, err := ParseSelector(in); !errors.Is(err, ErrSelector) || got.IsValid() {
			t.Errorf("ParseSelector(%q) = %v %v", in, got, err)
		}
	}
	if _, err := ParseSelector("\x1b[31m" + strings.Repeat("x", 500)); strings.ContainsRune(err.Error(), 0x1b) || len(err.Error()) > 200 {
		t.Errorf("the error shows foreign text: %q", err)
	}
}

func TestSelectorRelations(t *testing.T) {
	sel := func(s string) Selector {
		x, err := ParseSelector(s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	tests := []struct {
		a, b                      string
		equal, contains, overlaps bool
	}{
		{"10.0.0.0/24", "10.0.0.0/24", true, true, true},
		{"10.0.0.0/24", "10.0.0.0-10.0.0.255", true, true, true},
		{"10.0.0.0/16", "10.0.1.0/24", false, true, true},
		{"10.0.1.0/24", "10.0.0.0/16", false, false, true},
		{"10.0.0.0/24", "10.0.1.0/24", false, false, false},
		{"10.0.0.0-10.0.0.9", "10.0.0.5-10.0.0.20", false, false, true},
		{"0.0.0.0/0", "::/0", false, false, false},
		{"10.0.0.0/24", "10.0.0.0/24[tcp/80]", false, true, true},
		{"10.0.0.0/24[tcp/80]", "10.0.0.0/24", false, false, true},
		{"10.0.0.0/24[tcp]", "10.0.0.0/24[udp]", false, false, false},
		{"10.0.0.0/24[tcp/80]", "10.0.0.0/24[tcp/443]", false, false, false},
		{"10.0.0.0/24[tcp/1-1000]", "10.0.0.0/24[tcp/443]", false, true, true},
		{"dynamic", "dynamic", true, true, true},
		{"dynamic", "10.0.0.1", false, false, false},
		{"0.0.0.0/0", "dynamic", false, false, false},
	}
	for _, tt := range tests {
		a, b := sel(tt.a), sel(tt.b)
		if a.Equal(b) != tt.equal || b.Equal(a) != tt.equal {
			t.Errorf("%s Equal %s is not %v", a, b, tt.equal)
		}
		if a.Contains(b) != tt.contains {
			t.Errorf("%s Contains %s is not %v", a, b, tt.contains)
		}
		if a.Overlaps(b) != tt.overlaps || b.Overlaps(a) != tt.overlaps {
			t.Errorf("%s Overlaps %s is not %v", a, b, tt.overlaps)
		}
	}
	var zero Selector
	if zero.IsValid() || zero.Contains(zero) || zero.Overlaps(sel("0.0.0.0/0")) || zero.String() != "invalid" {
		t.Error("the zero Selector selects something")
	}
	a, b := sel("10.0.0.0/24"), sel("10.0.0.0/24")
	b.PortTo = 0xffff
	if !a.Equal(b) || !a.AllPorts() || !b.AllPorts() || b.String() != a.String() {
		t.Error("two spellings of any port differ")
	}
}

func TestSelectorPrefix(t *testing.T) {
	for _, s := range []string{"0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.1.2.3/32", "::/0", "2001:db8::/33", "::1/128"} {
		p := netip.MustParsePrefix(s)
		if got, ok := SelectorPrefix(p).Prefix(); !ok || got != p {
			t.Errorf("%s comes back as %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"10.0.0.0-10.0.0.9", "10.0.0.1-10.0.0.2", "10.0.0.128-10.0.1.127"} {
		sel, _ := ParseSelector(s)
		if p, ok := sel.Prefix(); ok {
			t.Errorf("%s is taken for %v", s, p)
		}
	}
	if SelectorPrefix(netip.Prefix{}).IsValid() {
		t.Error("no prefix gives a selector")
	}
}

func TestSelectorFromWire(t *testing.T) {
	for _, tt := range []struct {
		t    isakmp.IDType
		data []byte
		want string
	}{
		{isakmp.IDIPv4, []byte{10, 0, 0, 1}, "10.0.0.1/32"},
		{isakmp.IDIPv4Subnet, []byte{10, 0, 0, 0, 255, 255, 255, 0}, "10.0.0.0/24"},
		{isakmp.IDIPv4Subnet, []byte{0, 0, 0, 0, 0, 0, 0, 0}, "0.0.0.0/0"},
		{isakmp.IDIPv4Range, []byte{10, 0, 0, 1, 10, 0, 0, 9}, "10.0.0.1..10.0.0.9"},
		{isakmp.IDIPv6Subnet, append(make([]byte, 16), make([]byte, 16)...), "::/0"},
		{isakmp.IDIPv4Subnet, []byte{10, 0, 0, 0, 255, 0, 255, 0}, ""},
		{isakmp.IDIPv4Range, []byte{10, 0, 0, 9, 10, 0, 0, 1}, ""},
		{isakmp.IDIPv4, []byte{10, 0, 0}, ""},
		{isakmp.IDIPv4Subnet, []byte{10}, ""},
		{isakmp.IDIPv6Range, nil, ""},
		{isakmp.IDFQDN, []byte("x"), ""},
	} {
		got, ok := SelectorFromWire(tt.t, tt.data)
		if ok != (tt.want != "") || ok && got.String() != tt.want {
			t.Errorf("%v %v is %v %v, want %s", tt.t, tt.data, got, ok, tt.want)
		}
	}
}
