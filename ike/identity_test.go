package ike

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

func TestParseIdentity(t *testing.T) {
	const (
		ss    = DialectStrongSwan
		libre = DialectLibreswan
		cisco = DialectCisco
		rac   = DialectRacoon
		any   = DialectAny
	)
	tests := []struct {
		in   string
		d    Dialect
		want Identity
	}{
		{"198.51.100.1", ss, Identity{Type: isakmp.IDIPv4, Value: "198.51.100.1"}},
		{"2001:DB8::1", libre, Identity{Type: isakmp.IDIPv6, Value: "2001:db8::1"}},
		{"west.example.com", ss, Identity{Type: isakmp.IDFQDN, Value: "west.example.com"}},
		{"blubb", any, Identity{Type: isakmp.IDFQDN, Value: "blubb"}},
		{`"Standort 1"`, ss, Identity{Type: isakmp.IDFQDN, Value: "Standort 1"}},
		{"@west.example.com", ss, Identity{Type: isakmp.IDFQDN, Value: "west.example.com"}},
		{"@west.example.com", libre, Identity{Type: isakmp.IDFQDN, Value: "west.example.com"}},
		{"west.example.com", libre, Identity{Value: "west.example.com"}}, // to be resolved
		{"gw@example.com", ss, Identity{Type: isakmp.IDUserFQDN, Value: "gw@example.com"}},
		{"gw@example.com", libre, Identity{Type: isakmp.IDUserFQDN, Value: "gw@example.com"}},
		{"@@gw@example.com", ss, Identity{Type: isakmp.IDUserFQDN, Value: "gw@example.com"}},
		{"@#6b6579", ss, Identity{Type: isakmp.IDKeyID, Value: "key"}},
		{"@#0x00ff", libre, Identity{Type: isakmp.IDKeyID, Value: "0x00ff"}},
		{"@[branch 7]", libre, Identity{Type: isakmp.IDKeyID, Value: "branch 7"}},
		{"@#zz", ss, Identity{Type: isakmp.IDKeyID, Value: "#zz"}},
		{"keyid:branch7", ss, Identity{Type: isakmp.IDKeyID, Value: "branch7"}},
		{"keyid:#00ff", ss, Identity{Type: isakmp.IDKeyID, Value: "0x00ff"}},
		{"keyid:0x00ff", ss, Identity{Type: isakmp.IDKeyID, Value: "0x" + hex.EncodeToString([]byte("0x00ff"))}},
		{"fqdn:198.51.100.1", ss, Identity{Type: isakmp.IDFQDN, Value: "198.51.100.1"}},
		{"EMAIL:a@b", ss, Identity{Type: isakmp.IDUserFQDN, Value: "a@b"}},
		{"{11}:#666f6f", ss, Identity{Type: isakmp.IDKeyID, Value: "foo"}},
		{"ipv4:198.51.100.1", ss, Identity{Type: isakmp.IDIPv4, Value: "198.51.100.1"}},
		{"10.0.0.0/8", ss, Identity{Type: isakmp.IDIPv4Subnet, Value: "10.0.0.0/8"}},
		{"10.0.0.1-10.0.0.9", ss, Identity{Type: isakmp.IDIPv4Range, Value: "10.0.0.1-10.0.0.9"}},
		{"%any", ss, Identity{Any: true}},
		{"0.0.0.0", libre, Identity{Any: true}},
		{"%fromcert", libre, Identity{Type: isakmp.IDDERDN, FromCert: true}},
		{"asn1dn", rac, Identity{Type: isakmp.IDDERDN, FromCert: true}},
		{"", ss, Identity{}},
		{"(none)", libre, Identity{}},
		{"C=CH, O=Linux strongSwan, CN=moon.strongswan.org", ss, Identity{Type: isakmp.IDDERDN, Value: "C=CH, O=Linux strongSwan, CN=moon.strongswan.org"}},
		{"CN=gw,O=Example\\, Inc.,emailAddress=a@b", libre, Identity{Type: isakmp.IDDERDN, Value: `CN=gw, O=Example\, Inc., E=a@b`}},
		{"/C=DE/O=Org/CN=gw/emailAddress=a@b", ss, Identity{Type: isakmp.IDDERDN, Value: "C=DE, O=Org, CN=gw, E=a@b"}},
		{"@C=DE,CN=x", libre, Identity{Type: isakmp.IDDERDN, Value: "C=DE, CN=x"}},
		{"==", ss, Identity{Type: isakmp.IDKeyID, Value: "=="}},
		{"a:b", ss, Identity{Type: isakmp.IDKeyID, Value: "a:b"}},
		{"fqdn gw.example.com", cisco, Identity{Type: isakmp.IDFQDN, Value: "gw.example.com"}},
		{"user-fqdn a@b", cisco, Identity{Type: isakmp.IDUserFQDN, Value: "a@b"}},
		{"address 198.51.100.1", cisco, Identity{Type: isakmp.IDIPv4, Value: "198.51.100.1"}},
		{"address 198.51.100.0 255.255.255.0", cisco, Identity{Type: isakmp.IDIPv4Subnet, Value: "198.51.100.0/24"}},
		{"address 198.51.100.1 255.255.255.255", cisco, Identity{Type: isakmp.IDIPv4Subnet, Value: "198.51.100.1/32"}},
		{"host domain example.com", cisco, Identity{Type: isakmp.IDFQDN, Value: "*.example.com"}},
		{"domain example.com", cisco, Identity{Type: isakmp.IDFQDN, Value: "*.example.com"}},
		{"key-id branch", cisco, Identity{Type: isakmp.IDKeyID, Value: "branch"}},
		{"group VPN", cisco, Identity{Type: isakmp.IDKeyID, Value: "VPN"}},
		{`fqdn "gw.example.com"`, rac, Identity{Type: isakmp.IDFQDN, Value: "gw.example.com"}},
		{`user_fqdn "a@b"`, rac, Identity{Type: isakmp.IDUserFQDN, Value: "a@b"}},
		{`keyid tag "grp"`, rac, Identity{Type: isakmp.IDKeyID, Value: "grp"}},
		{"address 198.51.100.1", rac, Identity{Type: isakmp.IDIPv4, Value: "198.51.100.1"}},
	}
	for _, tt := range tests {
		got := ParseIdentity(tt.in, tt.d)
		if got != tt.want {
			t.Errorf("ParseIdentity(%q, %v) = %+v, want %+v", tt.in, tt.d, got, tt.want)
		}
		if !got.Equal(tt.want) || !got.SameValue(tt.want) {
			t.Errorf("%+v is not itself", got)
		}
	}
}

func TestIdentityEqual(t *testing.T) {
	id := func(s string) Identity { return ParseIdentity(s, DialectStrongSwan) }
	tests := []struct {
		a, b            Identity
		equal, same, ok bool // ok: a accepts b
	}{
		{id("gw.example.com"), id("GW.Example.COM."), true, true, true},
		{id("gw.example.com"), id("gw.example.org"), false, false, false},
		{id("gw.example.com"), id("keyid:gw.example.com"), false, true, false},
		{id("198.51.100.1"), id("fqdn:198.51.100.1"), false, true, false},
		{id("keyid:ABC"), id("keyid:abc"), false, false, false},
		{id("keyid:abc"), id("@#616263"), true, true, true},
		{id("west.example.com"), ParseIdentity("west.example.com", DialectLibreswan), false, true, false},
		{id("C=CH, O=Org, CN=gw"), id("/CN=GW/O=org/C=ch"), true, true, true},
		{id("C=CH,O=Two  Words,CN=gw"), id("c=CH, o=two words, commonName=gw"), true, true, true},
		{id("C=CH, O=Org"), id("C=CH, O=Org, CN=gw"), false, false, false},
		{id("C=CH, O=Org, CN=a"), id("C=CH, O=Org, CN=b"), false, false, false},
		{id("C=CH, OU=a, OU=b"), id("C=CH, OU=b, OU=a"), true, true, true},
		{id("C=CH, OU=a, OU=a"), id("C=CH, OU=a, OU=b"), false, false, false},
		{id("C=CH, O=Org, CN=*"), id("C=CH, O=Org, CN=gw"), false, false, true},
		{id("C=CH, O=*, CN=*"), id("CN=x, O=y, C=ch"), false, false, true},
		{id("C=CH, O=Org, CN=*"), id("C=DE, O=Org, CN=gw"), false, false, false},
		{id("%any"), id("gw"), false, false, true},
		{id("gw"), id("%any"), false, false, false},
		{id("%any"), id("%any"), true, true, true},
		{id("*.example.com"), id("gw.EXAMPLE.com"), false, false, true},
		{id("*.example.com"), id("keyid:gw.example.com"), false, false, false},
		{id("*@example.com"), id("a@example.com"), false, false, true},
		{id("10.0.0.0/8"), id("10.1.2.3"), false, false, true},
		{id("10.0.0.1-10.0.0.9"), id("10.0.0.10"), false, false, false},
		{id("10.0.0.1-10.0.0.9"), id("10.0.0.9"), false, false, true},
		{Identity{Type: isakmp.IDDERDN, FromCert: true}, id("CN=x"), false, false, true},
		{Identity{Type: isakmp.IDDERDN, FromCert: true}, id("x"), false, false, false},
	}
	for _, tt := range tests {
		if tt.a.Equal(tt.b) != tt.equal || tt.b.Equal(tt.a) != tt.equal {
			t.Errorf("%v Equal %v is not %v", tt.a, tt.b, tt.equal)
		}
		if tt.a.SameValue(tt.b) != tt.same || tt.b.SameValue(tt.a) != tt.same {
			t.Errorf("%v SameValue %v is not %v", tt.a, tt.b, tt.same)
		}
		if tt.a.Accepts(tt.b) != tt.ok {
			t.Errorf("%v Accepts %v is not %v", tt.a, tt.b, tt.ok)
		}
	}
	if id("%any").String() != "%any" || (Identity{FromCert: true}).String() != "%fromcert" || id("gw").String() != "gw" || !(Identity{}).IsZero() {
		t.Error("String or IsZero")
	}
}

// TestLongDN: a name with more parts than are compared still equals itself, and
// costs little.
func TestLongDN(t *testing.T) {
	long := strings.Repeat("OU=x, ", 5000) + "CN=y"
	a, b := ParseIdentity(long, DialectAny), ParseIdentity(strings.ToUpper(long), DialectAny)
	if !a.Equal(b) || a.Equal(ParseIdentity(long+"z", DialectAny)) {
		t.Error("a long name is compared wrongly")
	}
	ParseIdentity("CN=a"+strings.Repeat(",", 1<<20), DialectAny)
	ParseIdentity(strings.Repeat("CN=a/+", 1<<17), DialectAny)
}

// TestDNAttributes: RFC 4514 section 4's examples, and the other forms.
func TestDNAttributes(t *testing.T) {
	for dn, want := range map[string][]string{
		"":                                 nil,
		"gw.example.com":                   nil,
		"UID=jsmith,DC=example,DC=net":     {"UID", "jsmith", "DC", "example", "DC", "net"},
		"OU=Sales+CN=J.  Smith,DC=net":     {"OU", "Sales", "CN", "J.  Smith", "DC", "net"},
		`CN=James \"Jim\" Smith\, III,C=x`: {"CN", `James "Jim" Smith, III`, "C", "x"},
		`CN=Lu\C4\8Di\C4\87`:               {"CN", "Lu\u010di\u0107"},
		"1.3.6.1.4.1.1466.0=#04024869":     {"1.3.6.1.4.1.1466.0", "#04024869"},
		`O="Lab, Inc."; CN=gw`:             {"O", "Lab, Inc.", "CN", "gw"},
		`O="a\"b" , CN = gw`:               {"O", `a"b`, "CN", "gw"},
		`CN=two  words  ,O=x`:              {"CN", "two  words", "O", "x"},
		`CN=gw\ ,O=\20x\20`:                {"CN", "gw ", "O", " x "},
		`CN=" gw "`:                        {"CN", " gw "},
		`CN=a\+b+OU=c+d`:                   {"CN", "a+b", "OU", "c+d"},
		"/C=DE/O=a/b, c/CN=gw":             {"C", "DE", "O", "a/b, c", "CN", "gw"},
		"OID.2.5.4.9=x,streetAddress=y":    {"STREET", "x", "STREET", "y"},
		"CN=a, gw.example.com":             {"CN", "a"},
		`CN=a\`:                            {"CN", `a\`},
	} {
		var got []string
		for name, value := range DNAttributes(dn) {
			got = append(got, name, value)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", dn, got, want)
		}
	}
	for range DNAttributes("CN=a,CN=b") {
		break // asks for no more
	}
}

// A value that ends in a blank keeps it, however often its name is spelled
// anew.
func TestCanonicalBlank(t *testing.T) {
	id := ParseIdentity(`CN=gw\20,O=x`, DialectAny)
	if again := canonicalDN(id.Value); id.Value != `CN=gw\ , O=x` || again != id.Value {
		t.Errorf("%q, then %q", id.Value, again)
	}
}

func TestIdentityFromWire(t *testing.T) {
	tests := []struct {
		t    isakmp.IDType
		hex  string
		want string
	}{
		{isakmp.IDIPv4, "c6336401", "198.51.100.1"},
		{isakmp.IDIPv4, "c63364", "0xc63364"},
		{isakmp.IDIPv6, "20010db8000000000000000000000001", "2001:db8::1"},
		{isakmp.IDIPv6, "c6336401", "0xc6336401"},
		{isakmp.IDIPv4Subnet, "0a000000ff000000", "10.0.0.0/8"},
		{isakmp.IDIPv4Subnet, "0a000000ff00ff00", "0x0a000000ff00ff00"},
		{isakmp.IDIPv4Range, "0a0000010a000009", "10.0.0.1-10.0.0.9"},
		{isakmp.IDFQDN, hex.EncodeToString([]byte("gw.example.com")), "gw.example.com"},
		{isakmp.IDKeyID, "666f6f", "foo"},
		{isakmp.IDKeyID, "00ff", "0x00ff"},
		{isakmp.IDKeyID, "", "0x"},
		{isakmp.IDDERDN, "3029" + "310b3009060355040613024348" + "310c300a060355040a13034f7267" + "310c300a06035504030c036777" + "31", "C=CH, O=Org, CN=gw1"},
		{isakmp.IDDERDN, "300f" + "310d300b06035504031e0400e40041", "CN=äA"},
		{isakmp.IDDERDN, "300f" + "310d300b06035504031404" + "e4412c42", `CN=äA\,B`},
		{isakmp.IDDERDN, "300f" + "310d300b06092a864886f70d01", "0x300f310d300b06092a864886f70d01"},
		{isakmp.IDDERDN, "3000", "0x3000"},
		{isakmp.IDDERDN, "", "0x"},
		{99, "0102", "0x0102"},
	}
	for _, tt := range tests {
		b, err := hex.DecodeString(tt.hex)
		if err != nil {
			t.Fatal(tt.hex, err)
		}
		if got := IdentityFromWire(tt.t, b); got.Value != tt.want || got.Type != tt.t {
			t.Errorf("%v %s is %q, want %q", tt.t, tt.hex, got.Value, tt.want)
		}
	}
	// What is printed is read back as the same identity.
	b, _ := hex.DecodeString("300f" + "310d300b06035504031404" + "e4412c42")
	id := IdentityFromWire(isakmp.IDDERDN, b)
	if again := ParseIdentity(id.Value, DialectAny); !again.Equal(id) {
		t.Errorf("%v is read as %v", id, again)
	}
	if s, ok := decodeDN([]byte("\x30\x10\x31\x0e\x30\x0c\x06\x07\x88\x37\xff\xff\xff\xff\x7f\x0c\x01x")); !ok || !strings.HasSuffix(s, "=x") {
		t.Errorf("a large object identifier: %q %v", s, ok)
	}
}
