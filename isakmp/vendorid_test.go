package isakmp

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

func TestVendorIDs(t *testing.T) {
	tests := []struct{ id, name, product, version string }{
		{"4a131c81070358455c5728f20e95452f", "NAT-T RFC 3947", "", ""},
		{"90cb80913ebb696e086381b5ec427b1f", `NAT-T draft-ietf-ipsec-nat-t-ike-02\n`, "", ""},
		{"cd60464335df21f87cfdb2fc68b6a448", "NAT-T draft-ietf-ipsec-nat-t-ike-02", "", ""},
		{"7d9419a65310ca6f2c179d9215529d56", "NAT-T draft-ietf-ipsec-nat-t-ike-03", "", ""},
		{"afcad71368a1f1c96b8696fc77570100", "DPD", "", "1.0"},
		{"09002689dfd6b712", "XAUTH", "", ""},
		{"12f5f28c457168a9702d9fe274cc0100", "Cisco Unity", "", "1.0"},
		{"4048b7d56ebce88525e7de7f00d6c2d3", "IKE fragmentation", "", ""},
		{"4048b7d56ebce88525e7de7f00d6c2d380000000", "IKE fragmentation", "", ""},
		{"882fe56d6fd20dbc2251613b2ebe5beb", "strongSwan", "strongSwan", ""},
		{"1aa158ae7f11e77d75ec801db53f7ec5", "strongSwan 4.2.10", "strongSwan", "4.2.10"},
		{hexOf("OE-Libreswan-4.10"), "libreswan", "libreswan", "4.10"},
		{hexOf("OEhyLdACecfa"), "FreeS/WAN, Openswan, libreswan", "Openswan or kin", ""},
		{hexOf("OSW{UGAoLgKd"), "Openswan", "Openswan", ""},
		{"7003cbc1097dbe9c2600ba6983bc8b35", "KAME/racoon", "racoon", ""},
		{"1e2b516905991c7d7c96fcbfb587e46100000008", "MS NT5 ISAKMPOAKLEY", "Windows", "Server 2008 R2"},
		{"1f07f70eaa6514d3b0fa96542a500407", "Cisco VPN 3000", "Cisco VPN 3000", "4.0.7"},
		{"8299031757a36082c6a621de00000000", "FortiGate", "FortiGate", ""},
		{"f4ed19e0c114eb516faaac0ee37daf2807b4381f000000010000138d0000000000000000", "Check Point", "Check Point", "NG AI R55"},
		{"f4ed19e0c114eb516faaac0ee37daf2807b4381f000000010000138d5ba4ce9a0000000018380000", "Check Point", "Check Point", "NGX or later"},
		{"f4ed19e0c114eb516faaac0ee37daf2807b4381f", "Check Point", "Check Point", ""},
		{"47bbe7c993f1fc13b4e6d0db565c68e5010201010201010310382e302e3020284275696c6420313029000000", "SafeNet SoftRemote", "SafeNet SoftRemote", "8.0.0 (Build 10)"},
		{"699369228741c6d4ca094c93e242c9de19e7b7c60000000500000500", "Juniper ScreenOS or Junos", "Juniper", ""},
		{"404bf439522ca3f6", "SonicWall", "SonicWall", ""},
	}
	for _, tt := range tests {
		b, err := hex.DecodeString(tt.id)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := VendorID(b).Lookup()
		if !ok || v.Name != tt.name || v.Product != tt.product || v.Version() != tt.version {
			t.Errorf("%s: %q of %q in version %q, want %+v", tt.id, v.Name, v.Product, v.Version(), tt)
		}
	}
	for _, id := range []string{"", "af", "afcad71368a1f1c96b8696fc7757", "afcad71368a1f1c96b8696fc775701", "4a131c81070358455c5728f20e95452f00", hexOf("OE"), hexOf("OEhyLdA\x00ecfa")} {
		b, _ := hex.DecodeString(id)
		if v, ok := VendorID(b).Lookup(); ok {
			t.Errorf("%s: %v, want none", id, v)
		}
	}
	if s := VendorID("\x1b[2J\xff").String(); s != "0x1b5b324aff" {
		t.Errorf("rendered %q", s)
	}
}

func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }

// TestVendorTable: the table is what binary search needs, and big enough.
func TestVendorTable(t *testing.T) {
	if !slices.IsSortedFunc(vendors[:], func(a, b vendor) int { return strings.Compare(a.id, b.id) }) {
		t.Error("not in order")
	}
	if len(vendors) < 60 {
		t.Errorf("%d entries, want 60", len(vendors))
	}
	for _, v := range vendors {
		if got, ok := VendorID(v.id + strings.Repeat("1", tailLen(v))).Lookup(); !ok || got.known.id != v.id {
			t.Errorf("%x is found as %x", v.id, got.known.id)
		}
	}
}

// tailLen returns the length of some tail that fits.
func tailLen(v vendor) int {
	switch v.tail {
	case tailMajorMinor, tailNibbles:
		return 2
	case tailSwan:
		return 12 - len(v.id)
	}
	return 0
}
