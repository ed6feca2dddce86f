package esp

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// vectors are whole ESP packets with their plaintext, trailer included.
var vectors = []struct {
	name        string
	tr          Transform
	cipher, mac string
	high        uint32
	packet      string
	plain       string
}{
	{name: "RFC 3602, section 4, case 5: transport mode", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}},
		cipher: "90d382b410eeba7ad938c46cec1a82bf",
		packet: `0000432100000001 e96e8c08ab465763fd098d45dd3ff893
			f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52
			775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6`,
		plain: `08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627
			28292a2b2c2d2e2f3031323334353637 0102030405060708090a0b0c0d0e 0e01`},
	{name: "RFC 3602, section 4, case 7: tunnel mode", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}},
		cipher: "0123456789abcdef0123456789abcdef",
		packet: `0000876500000002 f4e765244f6407adf13dc1380f673f37
			773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c6
			47752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d`,
		plain: `45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f10111213
			1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637 01020304050607080 90a 0a04`},
	{name: "draft-mcgrew-gcm-test-01: AES-128, extended sequence numbers", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 128}, ESN: true},
		cipher: "4c80cdefbb5d10da906ac73c3613a634 2e443b68", high: 0x87654321,
		packet: `0000432100000000 4956ed7e3b244cfe
			fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d
			15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732 459018148f6cbe722fd04796562dfdb4`,
		plain: `45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f7564700373
			69700963796265726369747902646b000021000101020201`},
	{name: "draft-mcgrew-gcm-test-01: AES-192", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 192}},
		cipher: "feffe9928665731c6d6a8f9467308308feffe9928665731c cafebabe",
		packet: `0000a5f80000000a facedbaddecaf888
			a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0315b27452144cc77 95457b9652037f5318027b5b4cd7a636`,
		plain: "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d075680001"},
	{name: "draft-mcgrew-gcm-test-01: AES-256", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 256}},
		cipher: "abbccddef00112233445566778899aababbccddef00112233445566778899aab 11223344",
		packet: `4a2cbfe300000002 0102030405060708
			ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8e
			b335f4eecfdbf831824b4c4915956c96`,
		plain: "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b40101040201020201"},
	{name: "the same with an ICV of 12 octets", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM12, KeyBits: 256}},
		cipher: "abbccddef00112233445566778899aababbccddef00112233445566778899aab 11223344",
		packet: `4a2cbfe300000002 0102030405060708
			ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8e
			b335f4eecfdbf831824b4c49`,
		plain: "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b40101040201020201"},
	{name: "and of 8", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM8, KeyBits: 256}},
		cipher: "abbccddef00112233445566778899aababbccddef00112233445566778899aab 11223344",
		packet: `4a2cbfe300000002 0102030405060708
			ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8e
			b335f4eecfdbf831`,
		plain: "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b40101040201020201"},
	{name: "draft-mcgrew-gcm-test-01: a dummy packet", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 128}},
		cipher: "7d773d00c144c525ac619d18c84a3f47 d9664267",
		packet: "335467aeffffffff 43457e9182443bc6 437f866b cb3f699fe9b0822bac961c4504bef270",
		plain:  "01020201"},
	{name: "draft-mcgrew-gcm-test-01: GMAC", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGMAC, KeyBits: 128}},
		cipher: "4c80cdefbb5d10da906ac73c3613a634 22433c64",
		packet: `0000432100000007 0000000000000000
			45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201
			f2a9a836e155106aa8dcd618e4099aaa`,
		plain: "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201"},
	{name: "RFC 7634, appendix A", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherChaCha20Poly1305}},
		cipher: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3",
		packet: `0102030400000005 1011121314151617
			24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7
			2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0 76aaa8266b7fb0f7b11b369907e1ad43`,
		plain: `45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d0e0f10111213
			1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363701020204`},
	// For RFC 4309 there are no published packets: these are OpenSSL's.
	{name: "CCM with 8 octets", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCCM8, KeyBits: 128}},
		cipher: "404142434445464748494a4b4c4d4e4f a1b2c3",
		packet: `c0ffee0100000007 0102030405060708 8a8430b1bedb99d52fbeb422088d06119eb1bec558555b4cb359a4eb11fe807d37187c4b
			cd1064658a1f1695ee351c80ff51a047 9258f3b95f283075`,
		plain: "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201"},
	{name: "CCM with 12 octets, extended sequence numbers", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCCM12, KeyBits: 192}, ESN: true},
		cipher: "404142434445464748494a4b4c4d4e4f5051525354555657 a1b2c3", high: 5,
		packet: `c0ffee0100000007 0102030405060708 2bbcecad6fc2a38d414669e4e94c669e42bc5cae92b084584faee6c20f52e45b6a1a21db
			d1cb660eb5e3372e37786ff9b43f0bf4 65bbfea4e38c408838f3cfd6`,
		plain: "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201"},
	{name: "CCM with 16 octets", tr: Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCCM16, KeyBits: 256}},
		cipher: "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f a1b2c3",
		packet: `c0ffee0100000007 0102030405060708 7a10a407bfbac628add347e35edefb63d5d85f51d432ff6a8b7a04ef8414f76a5d48cf5b
			f09fe9b88d5ebe521b6a177f95ad0bbb a5415166de520a24a1426b5fac01c6ea`,
		plain: "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201"},
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		sa, err := NewSA(v.tr, Keys{Cipher: ike.NewSecret(unhex(t, v.cipher))})
		if err != nil {
			t.Fatalf("%s: %v", v.name, err)
		}
		var p Packet
		wire, plain := unhex(t, v.packet), unhex(t, v.plain)
		if err := p.Decode(wire, 0); err != nil {
			t.Fatal(err)
		}
		in, err := sa.Open(nil, &p, v.high)
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		n := len(plain)
		if want := plain[:n-2-int(plain[n-2])]; !bytes.Equal(in.Payload, want) || in.NextHeader != plain[n-1] || in.Padding != int(plain[n-2]) {
			t.Errorf("%s: %+v, want %x", v.name, in, want)
		}
		wire[len(wire)-1] ^= 1
		if _, err := sa.Open(nil, &p, v.high); err == nil && v.tr.Cipher.Cipher.AEAD() {
			t.Errorf("%s: a wrong ICV passes", v.name)
		}
	}
}

// TestCTRVectors are RFC 3686, section 6, whose packets have no trailer.
func TestCTRVectors(t *testing.T) {
	for _, v := range []struct{ key, iv, plain, cipher string }{
		{"ae6852f8121067cc4bf7a5765577f39e 00000030", "0000000000000000",
			hex.EncodeToString([]byte("Single block msg")), "e4095d4fb7a7b3792d6175a3261311b8"},
		{"7e24067817fae0d743d6ce1f32539163 006cb6db", "c0543b59da48d90b",
			"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
			"5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28"},
	} {
		sa, err := NewSA(Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCTR, KeyBits: 128}},
			Keys{Cipher: ike.NewSecret(unhex(t, v.key))})
		if err != nil {
			t.Fatal(err)
		}
		got, err := sa.engine().decrypt(nil, nil, unhex(t, v.iv), unhex(t, v.cipher), nil)
		if err != nil || !bytes.Equal(got, unhex(t, v.plain)) {
			t.Errorf("%x, %v", got, err)
		}
	}
}

// TestMACVectors are RFC 2202, 4868 (section 2.7.2), 3566 (section 4.6) and
// 4493 (section 4), cut as ESP cuts them.
func TestMACVectors(t *testing.T) {
	ob := func(n int) string { return hex.EncodeToString(bytes.Repeat([]byte{0x0b}, n)) }
	hi := hex.EncodeToString([]byte("Hi There"))
	const xkey, ckey = "000102030405060708090a0b0c0d0e0f", "2b7e151628aed2a6abf7158809cf4f3c"
	const c64 = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
		"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
	for _, v := range []struct {
		i               ike.Integrity
		key, data, want string
	}{
		{ike.IntegrityMD5, ob(16), hi, "9294727a3638bb1c13f48ef8"},
		{ike.IntegrityMD5Full, ob(16), hi, "9294727a3638bb1c13f48ef8158bfc9d"},
		{ike.IntegritySHA1, ob(20), hi, "b617318655057264e28bc0b6"},
		{ike.IntegritySHA1Full, ob(20), hi, "b617318655057264e28bc0b6fb378c8ef146be00"},
		{ike.IntegritySHA256, ob(32), hi, "198a607eb44bfbc69903a0f1cf2bbdc5"},
		{ike.IntegritySHA256Trunc96, ob(32), hi, "198a607eb44bfbc69903a0f1"},
		{ike.IntegritySHA256, hex.EncodeToString(bytes.Repeat([]byte("Jefe"), 8)),
			hex.EncodeToString([]byte("what do ya want for nothing?")), "167f928588c5cc2eef8e3093caa0e87c"},
		{ike.IntegritySHA384, ob(48), hi, "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973"},
		{ike.IntegritySHA512, ob(64), hi, "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8"},
		{ike.IntegrityAESXCBC, xkey, "", "75f0251d528ac01c4573dfd5"},
		{ike.IntegrityAESXCBC, xkey, "000102", "5b376580ae2f19afe7219cee"},
		{ike.IntegrityAESXCBC, xkey, "000102030405060708090a0b0c0d0e0f", "d2a246fa349b68a79998a439"},
		{ike.IntegrityAESXCBC, xkey, "000102030405060708090a0b0c0d0e0f10111213", "47f51b4564966215b8985c63"},
		{ike.IntegrityAESCMAC, ckey, "", "bb1d6929e95937287fa37d12"},
		{ike.IntegrityAESCMAC, ckey, c64[:32], "070a16b46b4d4144f79bdd9d"},
		{ike.IntegrityAESCMAC, ckey, c64[:80], "dfa66747de9ae63030ca3261"},
		{ike.IntegrityAESCMAC, ckey, c64, "51f0bebf7e3b9d92fc497417"},
	} {
		m, err := newMAC(v.i, unhex(t, v.key))
		if err != nil {
			t.Fatal(err)
		}
		n, _, _ := macSizes(v.i)
		data := unhex(t, v.data)
		for split := 0; split <= len(data); split++ {
			m.Reset()
			m.Write(data[:split])
			m.Write(data[split:])
			if got := m.Sum(nil)[:n]; !bytes.Equal(got, unhex(t, v.want)) {
				t.Errorf("%v of %s: %x", v.i, v.data, got)
				break
			}
		}
	}
}
