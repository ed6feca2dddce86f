package ingest_test

import (
	"bytes"
	"encoding/hex"
	"io"
	"regexp"
	"testing"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

var tableKey = regexp.MustCompile(`(?m),"?([0-9a-f]{16,})"?`)

// Neither the keys that open a capture nor the passwords inside appear in any
// output.
func TestCanaryDecrypted(t *testing.T) {
	table := given(t, "k", "captures", "wireshark+wireshark", "ikev1_decryption_table")
	text := content(t, table)
	var secrets [][]byte
	for _, m := range tableKey.FindAllSubmatch(text, -1) {
		b, err := hex.DecodeString(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, b, m[1])
	}
	if len(secrets) != 6 {
		t.Fatalf("%d keys", len(secrets)/2)
	}
	passwords := 0
	for _, file := range []string{"ikev1-bug-12610.pcapng", "ikev1-bug-12620.pcapng", "ikev1-certs.pcap"} {
		in := given(t, "a", "captures", "wireshark+wireshark", file)
		inside := passwordsIn(t, content(t, in), text)
		passwords += len(inside)
		search(t, file, outputs(t, []ingest.Input{table, in}), append(inside, secrets...))
	}
	if passwords == 0 {
		t.Error("no password was looked for")
	}
	const rub = "RUB-NDS+ikev1-psk-main-mode-dict-attacker"
	search(t, rub, outputs(t, []ingest.Input{
		given(t, "a", "captures", rub, "ikev1-psk-main-mode-incomplete.pcapng"),
		given(t, "b", "captures", rub, "ikev1-psk-main-mode-incomplete-responder-view-journalctl-greped.log"),
		memory("c/ipsec.secrets", "c", []byte(": PSK \"XMd3azP95q\"\n")), memory("d/ipsec.secrets", "d", []byte(": PSK \"Wollowitz\"\n")),
	}), [][]byte{[]byte("XMd3azP95q"), []byte("Wollowitz")})
}

func content(t *testing.T, in ingest.Input) []byte {
	t.Helper()
	r, err := in.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// passwordsIn finds the passwords that a capture's XAUTH exchanges carry.
func passwordsIn(t *testing.T, file, table []byte) (found [][]byte) {
	t.Helper()
	var ring keys.Ring
	if _, err := ring.AddTable(table); err != nil {
		t.Fatal(err)
	}
	r, err := capture.NewReader(bytes.NewReader(file), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tracker := exchange.Tracker{Opener: ring.Opener(keys.Limits{})}
	var d exchange.Datagram
	var s exchange.Step
	for r.Next(&d) {
		if !tracker.Observe(&d, &s) || s.Plain == nil {
			continue
		}
		for i := range s.Plain.Payloads {
			var c isakmp.Config
			if p := &s.Plain.Payloads[i]; p.Type != isakmp.PayloadAttribute || c.Decode(p.Body) != nil {
				continue
			}
			if a, ok := c.Attributes.Find(uint16(isakmp.ConfigXAuthPassword)); ok && len(a.Value) > 3 {
				found = append(found, bytes.Clone(a.Value))
			}
		}
	}
	return found
}
