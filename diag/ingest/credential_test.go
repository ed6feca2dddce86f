package ingest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// A private key that lies beside a configuration is read, whole or broken, and
// appears in no output.
func TestCanaryPrivateKey(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	d, err := k.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	conf := []byte("connections { a { version = 1\n local_addrs = 192.0.2.1\n remote_addrs = 192.0.2.2\n local { auth = pubkey\n certs = a.pem\n }\n remote { auth = pubkey\n } } }\n")
	for _, b := range [][]byte{text, der, text[:len(text)-40], der[:len(der)-1]} {
		in := []ingest.Input{memory("a/key.pem", "a", b), memory("a/swanctl.conf", "a", conf)}
		search(t, "private key", outputs(t, in), [][]byte{d, der[len(der)-60 : len(der)-10], text[60:100]})
	}
	r := diagnose(t, []ingest.Input{memory("a/key.pem", "a", text)})
	if r.Sources[0].Kind != diag.KindCertificate || r.Sources[0].Err != "" {
		t.Errorf("%+v", r.Sources[0])
	}
}
