package esp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// TestSecrets looks for keys in every rendering of what has them.
func TestSecrets(t *testing.T) {
	key, mac := []byte("Zq7xKv9#Wm3!Jp5%"), []byte("Yb8~Hd2^Rf6&Lg4@Ux1*Nc0=Ts7|Qz5;")
	// What an output may have of them: text, numbers, two encodings.
	var canaries []string
	for _, k := range [][]byte{key, mac} {
		for i := 0; i+6 <= len(k); i++ {
			b := k[i : i+6]
			canaries = append(canaries, string(b), hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
				strings.Trim(fmt.Sprint(b), "[]"), strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", b), "[]byte{"), "}"))
		}
		canaries = append(canaries, base64.StdEncoding.EncodeToString(k)[:12])
	}
	tr := Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}, Integrity: ike.IntegritySHA256}
	k := Keys{Cipher: ike.NewSecret(key), Integrity: ike.NewSecret(mac)}
	sa, err := NewSA(tr, k)
	if err != nil {
		t.Fatal(err)
	}
	values := []any{sa, *sa, k, &k, struct{ sa *SA }{sa}, struct{ SA SA }{*sa}, []*SA{sa}, map[string]SA{"x": *sa}, struct{ k Keys }{k}}
	for _, bad := range []Keys{{Cipher: k.Integrity, Integrity: k.Cipher}, {Cipher: k.Cipher, Integrity: k.Cipher}, {}} {
		_, err := NewSA(tr, bad)
		values = append(values, err)
	}
	_, err = NewSA(Transform{Cipher: ike.CipherKey{Cipher: ike.CipherTwofish, KeyBits: 128}}, Keys{Cipher: k.Cipher})
	values = append(values, err)
	for _, wire := range [][]byte{make([]byte, 4), make([]byte, 30), make([]byte, 72), make([]byte, 73)} {
		var p Packet
		values = append(values, p.Decode(wire, 0))
		_, err := sa.Open(nil, &p, 0)
		values = append(values, err, sa.VerifyAH(wire, 0), p)
	}
	var p Packet
	_ = p.Decode(seal(t, tr, k, 0x100, 1, 4, make([]byte, 20)), 0)
	in, err := sa.Open(nil, &p, 0)
	values = append(values, in, err)
	for _, v := range values {
		var out []string
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d", "%c"} {
			out = append(out, fmt.Sprintf(verb, v))
		}
		if b, err := json.Marshal(v); err == nil {
			out = append(out, string(b))
		}
		var b strings.Builder
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		out = append(out, b.String(), panicText(v))
		for _, s := range out {
			for _, c := range canaries {
				if strings.Contains(s, c) {
					t.Errorf("%T shows %q: %s", v, c, s)
				}
			}
		}
	}
	if s := fmt.Sprint(sa); s != "AES_CBC_128/HMAC_SHA2_256_128 "+redacted {
		t.Error(s)
	}
}

func panicText(v any) (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	panic(v)
}
