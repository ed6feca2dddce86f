package ike

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

func FuzzAppendProposals(f *testing.F) {
	for _, s := range []string{
		"IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048, IKE:3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024",
		"ESP: AES_GCM_16_128 / NO_EXT_SEQ", "AH:AES_256_GMAC", "IKE:(65001)_256/UNDEFINED/256/ECP__521", "NULL/NONE/KE_NONE", ":/,:", "IKE:ESP:AH",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ps := AppendProposals(nil, s, ProtocolESP)
		viaBytes := AppendProposals(nil, []byte(s), ProtocolESP)
		if len(ps) != len(viaBytes) {
			t.Fatalf("%d proposals as string, %d as bytes", len(ps), len(viaBytes))
		}
		for i := range ps {
			if !ps[i].Equal(&viaBytes[i]) {
				t.Fatalf("[%d] differs as bytes", i)
			}
			if !hasTokens(&ps[i]) {
				continue // nothing but a protocol and separators
			}
			// What is printed is read as the same.
			again := AppendProposals(nil, ps[i].String(), ProtocolESP)
			if len(again) != 1 || again[0].String() != ps[i].String() {
				t.Fatalf("%q is read as %v", ps[i].String(), again)
			}
			if b, err := json.Marshal(ps[i]); err != nil {
				t.Fatalf("%v: %s", err, b)
			}
		}
		if c := Compare(ps, ps); len(ps) > 0 && !c.Match && !c.Incomplete && !strings.Contains(strings.ToUpper(s), "UNDEFINED") {
			t.Fatalf("%q does not match itself: %+v", s, c)
		}
	})
}

func hasTokens(p *Proposal) bool {
	return len(p.Ciphers)+len(p.Integrity)+len(p.PRF)+len(p.Groups)+len(p.ESN)+len(p.Unknown) > 0
}

func FuzzAppendConfigProposals(f *testing.F) {
	for _, s := range []string{
		"aes128-sha256-modp2048!", "aes256gcm16-prfsha384-ecp384, default", "aes256+aes128-sha2+sha1-dh14", "aes_gcm_c-256-null;modp2048",
		"AES(12)_128-SHA1(2)_160", "null-sha1-none", "-;+,!", "aes128gcm128-esn-noesn",
	} {
		f.Add(s, uint8(1), uint8(1))
		f.Add(s, uint8(3), uint8(2))
	}
	f.Fuzz(func(t *testing.T, s string, p, d uint8) {
		ps, _ := AppendConfigProposals(nil, s, Protocol(p), Dialect(d))
		for i := range ps {
			for d := range dialectCount {
				_ = ps[i].Config(d)
			}
			_ = ps[i].Detail()
		}
		Compare(ps, ps)
		AppendCiscoTransforms(nil, s)
	})
}

func FuzzCiscoTransforms(f *testing.F) {
	f.Add("esp-aes 256 esp-sha-hmac")
	f.Add("{ esp-256-aes ah-md5-hmac comp-lzs , } mode transport")
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range AppendCiscoTransforms(nil, s) {
			_ = p.Config(DialectCisco)
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"AES_CBC_256", "aes256gcm128", "SHA1(2)_160", "OAKLEY_GROUP_MODP2048", "group 65536", "xauth_psk_client", "1h 3 kilobytes", "500m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := ParseCipher(s); ok {
			if again, ok := ParseCipher(c.String()); !ok || again != c {
				t.Fatalf("%v is read as %v", c, again)
			}
		}
		if v, ok := ParseIntegrity(s); ok && v != IntegrityNone {
			if again, ok := ParseIntegrity(v.String()); !ok || again != v {
				t.Fatalf("%v is read as %v", v, again)
			}
		}
		ParsePRF(s)
		ParseGroup(s)
		ParseAuthMethod(s)
		ParseMode(s)
		ParseProtocol(s)
		if l, err := ParseLifetime(s); err == nil {
			if again, err := ParseLifetime(l.String()); err != nil || again != l {
				t.Fatalf("%v is read as %v %v", l, again, err)
			}
		}
		ParseVolume(s)
	})
}

func FuzzParseIdentity(f *testing.F) {
	for _, s := range []string{
		"198.51.100.1", "@gw", "a@b", "@#6b6579", "@[x]", "C=CH, O=a\\,b, CN=\"x;y\"", "/C=DE/CN=a+OU=b", "keyid:#00", "{9}:#3000", "%any", "host domain x", "10.0.0.0/8",
		`CN=\20x\20`, "=", "a=", "CN=a+b",
	} {
		f.Add(s, uint8(1))
		f.Add(s, uint8(2))
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, s string, d uint8) {
		id := ParseIdentity(s, Dialect(d))
		if !id.Equal(id) || !id.SameValue(id) || !id.IsZero() && !id.Accepts(id) {
			t.Fatalf("%+v is not itself", id)
		}
		if id.Type == isakmp.IDDERDN && id.Value != "" {
			if again := canonicalDN(id.Value); !equalDN(again, id.Value) {
				t.Fatalf("%q becomes %q", id.Value, again)
			}
			for name, value := range DNAttributes(id.Value) {
				if name == "" || len(value) > len(id.Value) {
					t.Fatalf("%q has %q=%q", id.Value, name, value)
				}
			}
		}
		other := ParseIdentity(strings.ToUpper(s), Dialect(d))
		if id.Equal(other) != other.Equal(id) {
			t.Fatalf("Equal of %+v and %+v depends on the order", id, other)
		}
	})
}

func FuzzIdentityFromWire(f *testing.F) {
	f.Add(uint8(9), []byte("\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x0c\x04name"))
	f.Add(uint8(4), []byte("\x0a\x00\x00\x00\xff\x00\x00\x00"))
	f.Add(uint8(11), []byte("key"))
	f.Fuzz(func(t *testing.T, typ uint8, b []byte) {
		id := IdentityFromWire(isakmp.IDType(typ), b)
		if int(id.Type) != int(typ) || !id.Equal(id) {
			t.Fatalf("%+v", id)
		}
		if sel, ok := SelectorFromWire(isakmp.IDType(typ), b); ok && !sel.IsValid() {
			t.Fatalf("%v is not valid", sel)
		}
	})
}

func FuzzParseSelector(f *testing.F) {
	for _, s := range []string{"10.0.0.0/24[tcp/80]", "10.0.0.1-10.0.0.9", "dynamic[udp/l2f]", "10.0.0.0/255.255.255.0/17/1701", "10.0.0.1/32/UDP/1701", "::/0[ipv6-icmp/128(0)]", "host 10.0.0.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sel, err := ParseSelector(s)
		if err != nil {
			return
		}
		if !sel.IsValid() || !sel.Equal(sel) || sel.PortFrom <= sel.PortTo && (!sel.Contains(sel) || !sel.Overlaps(sel)) {
			t.Fatalf("%q gives %+v", s, sel)
		}
		again, err := ParseSelector(sel.String())
		if err != nil || !again.Equal(sel) {
			t.Fatalf("%q is read as %v %v", sel.String(), again, err)
		}
	})
}
