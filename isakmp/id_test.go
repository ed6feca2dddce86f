package isakmp

import (
	"net/netip"
	"strings"
	"testing"
	"unicode"
)

func TestIDAddresses(t *testing.T) {
	v6 := netip.MustParseAddr("2001:db8::5").AsSlice()
	tests := []struct {
		id          ID
		text        string
		first, last string // empty: no range
		prefix      string
	}{
		{ID{Type: IDIPv4, Data: []byte{198, 51, 100, 7}}, "198.51.100.7", "198.51.100.7", "198.51.100.7", "198.51.100.7/32"},
		{ID{Type: IDIPv6, Data: v6}, "2001:db8::5", "2001:db8::5", "2001:db8::5", "2001:db8::5/128"},
		{ID{Type: IDIPv4Subnet, Data: []byte{10, 1, 2, 3, 255, 255, 254, 0}}, "10.1.2.0/23", "10.1.2.0", "10.1.3.255", "10.1.2.0/23"},
		{ID{Type: IDIPv4Subnet, Data: make([]byte, 8)}, "0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.0/0"},
		{ID{Type: IDIPv6Subnet, Data: append(append([]byte(nil), v6...), netip.MustParseAddr("ffff:ffff:ffff:ffff:8000::").AsSlice()...)}, "2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", "2001:db8::/65"},
		{ID{Type: IDIPv4Subnet, Data: []byte{10, 0, 0, 0, 255, 0, 255, 0}}, "10.0.0.0/255.0.255.0", "", "", ""},
		{ID{Type: IDIPv4Range, Data: []byte{10, 0, 0, 1, 10, 0, 0, 9}}, "10.0.0.1-10.0.0.9", "10.0.0.1", "10.0.0.9", ""},
		{ID{Type: IDIPv4, Data: []byte{10, 0, 0}}, "0x0a0000", "", "", ""},
		{ID{Type: IDIPv6Range, Data: v6}, "0x20010db8000000000000000000000005", "", "", ""},
		{ID{Type: IDFQDN, Data: []byte("gw.example.com")}, "gw.example.com", "", "", ""},
		{ID{Type: IDKeyID, Data: []byte{1, 2}}, "0x0102", "", "", ""},
		{ID{Type: 200, Data: []byte("x")}, "0x78", "", "", ""},
	}
	for _, tt := range tests {
		if got := tt.id.String(); got != tt.text {
			t.Errorf("%+v: %q, want %q", tt.id, got, tt.text)
		}
		first, last, ok := tt.id.Range()
		if ok != (tt.first != "") || ok && (first.String() != tt.first || last.String() != tt.last) {
			t.Errorf("%s: from %v to %v, %v, want %s to %s", tt.text, first, last, ok, tt.first, tt.last)
		}
		p, ok := tt.id.Prefix()
		if ok != (tt.prefix != "") || ok && p.String() != tt.prefix {
			t.Errorf("%s: prefix %v, %v, want %s", tt.text, p, ok, tt.prefix)
		}
	}
}

// TestHostileText: what a peer sends is printable and short in a rendering.
func TestHostileText(t *testing.T) {
	name := []byte("CN=\u202egw\x1b]0;title\x07\r\n\\\xff\x00ü")
	id := ID{Type: IDFQDN, Data: append(name, make([]byte, 70000)...)}
	got := id.String()
	if want := `CN=\u202egw\x1b]0;title\a\r\n\\\xff\x00ü`; !strings.HasPrefix(got, want) {
		t.Errorf("%.60q, want %q", got, want)
	}
	if len(got) > 1200 || !strings.HasSuffix(got, "...") {
		t.Errorf("%d octets, ending in %q", len(got), got[len(got)-10:])
	}
	checkPrintable(t, got)
}

func checkPrintable(t testing.TB, s string) {
	t.Helper()
	for _, r := range s {
		if !unicode.IsPrint(r) {
			t.Fatalf("%q is not printable", s)
		}
	}
}

func TestDERName(t *testing.T) {
	pair := func(oid string, tag byte, value string) string { return der(0x30, der(6, oid)+der(tag, value)) }
	cn := pair("\x55\x04\x03", 0x13, "gw")
	tests := []struct{ der, want string }{
		{der(0x30, ""), ""},
		{der(0x30, der(0x31, cn)), "CN=gw"},
		{der(0x30, der(0x31, pair("\x55\x04\x0a", 0x0c, "A, B+C"))+der(0x31, cn)), `O=A\, B\+C, CN=gw`},
		{der(0x30, der(0x31, cn+pair("\x55\x04\x0b", 0x16, "vpn"))), "CN=gw+OU=vpn"},
		{der(0x30, der(0x31, pair("\x55\x04\x03", 0x1e, "\x00g\x00w\x20\x2e"))), `CN=gw\u202e`},
		{der(0x30, der(0x31, pair("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 0x16, "a@example.com"))), "E=a@example.com"},
		{der(0x30, der(0x31, pair("\x2a\x03", 0x02, "\x01"))), "0x2a03=0x01"},
		{der(0x30, der(0x31, cn)) + "x", ""},
		{der(0x30, der(0x31, cn))[:8], ""},
		{"\x30\x85\x01\x01\x01\x01\x01", ""},
		{"\x30\x80", ""},
		{"\x30", ""},
		{der(0x30, der(0x31, cn[:len(cn)-1])), ""},
	}
	for _, tt := range tests {
		if got := DERName([]byte(tt.der)); got != tt.want {
			t.Errorf("%x: %q, want %q", tt.der, got, tt.want)
		}
	}
	long := strings.Repeat(der(0x31, cn), 5000)
	if got := DERName([]byte(der(0x30, long))); len(got) > 1100 || !strings.HasSuffix(got, ", ...") {
		t.Errorf("%d octets, ending in %q", len(got), got[max(0, len(got)-10):])
	}
	names := []struct{ der, want string }{
		{der(0x82, "gw.example.com"), "gw.example.com"},
		{der(0x81, "a@example.com"), "a@example.com"},
		{der(0x87, "\xc6\x33\x64\x07"), "198.51.100.7"},
		{der(0x87, string(netip.MustParseAddr("2001:db8::1").AsSlice())), "2001:db8::1"},
		{der(0xa4, der(0x30, der(0x31, cn))), "CN=gw"},
		{der(0x88, "\x2a\x03"), ""},
		{"", ""},
	}
	for _, tt := range names {
		if got := DERGeneralName([]byte(tt.der)); got != tt.want {
			t.Errorf("%x: %q, want %q", tt.der, got, tt.want)
		}
	}
}

// der returns an element of DER.
func der(tag byte, value string) string {
	n := len(value)
	switch {
	case n < 0x80:
		return string([]byte{tag, byte(n)}) + value
	case n < 0x100:
		return string([]byte{tag, 0x81, byte(n)}) + value
	}
	return string([]byte{tag, 0x82, byte(n >> 8), byte(n)}) + value
}
