package observe

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

type collector struct{ got []diag.Observation }

func (c *collector) Observe(o *diag.Observation) { c.got = append(c.got, *o) }

func made(t testing.TB) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gw"}, DNSNames: []string{"gw.example.org"}, EmailAddresses: []string{"gw@example.org"},
		IPAddresses: []net.IP{net.ParseIP("192.0.2.1"), net.ParseIP("2001:db8::1")}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if cert, err = x509.CreateCertificate(rand.Reader, x, x, k.Public(), k); err != nil {
		t.Fatal(err)
	}
	if key, err = x509.MarshalPKCS8PrivateKey(k); err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestCertificates(t *testing.T) {
	cert, key := made(t)
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	both := append(append([]byte("subject=CN = gw\n\n"), block("CERTIFICATE", cert)...), block("PRIVATE KEY", key)...)
	for _, x := range []struct {
		name   string
		data   []byte
		format string
		n      int
		bad    bool
	}{
		{"pem", both, "pem", 2, false},
		{"der", cert, "der", 1, false},
		{"der key", key, "der", 1, false},
		{"encrypted", block("ENCRYPTED PRIVATE KEY", key), "pem", 0, false},
		{"broken", block("CERTIFICATE", cert[:len(cert)-9]), "pem", 1, true},
		{"quoted in a configuration", append([]byte(`set certificate "`), block("CERTIFICATE", cert)...), "", 0, true},
		{"cut", cert[:40], "", 0, true},
		{"empty", nil, "", 0, true},
	} {
		if got := credentialFormat(x.data, true); got != x.format {
			t.Errorf("%s: format %q", x.name, got)
		}
		if x.format != "" && Detect(x.data).Kind != diag.KindCertificate {
			t.Errorf("%s: not detected", x.name)
		}
		var c collector
		o := Certificates{To: &c}
		if err := o.Read("dir/"+x.name, bytes.NewReader(x.data)); (err != nil) != x.bad && x.format != "" {
			t.Errorf("%s: %v", x.name, err)
		}
		if x.format != "" && len(c.got) != x.n {
			t.Errorf("%s: %d observations", x.name, len(c.got))
		}
	}
	var c collector
	o := Certificates{To: &c}
	if err := o.Read("etc/gw.pem", bytes.NewReader(both)); err != nil {
		t.Fatal(err)
	}
	x, k := c.got[0].Body.(*diag.Credential), c.got[1].Body.(*diag.Credential)
	var names []string
	for _, n := range x.Names {
		names = append(names, n.Type.String()+" "+n.String())
	}
	if got := strings.Join(names, ", "); got != "ID_DER_ASN1_DN CN=gw, ID_FQDN gw.example.org, ID_USER_FQDN gw@example.org, ID_IPV4_ADDR 192.0.2.1, ID_IPV6_ADDR 2001:db8::1" {
		t.Error(got)
	}
	if x.File != "gw.pem" || !x.Signs || !x.IKE || x.Weak != "" || x.Authority || !x.Issued(x) || k.PublicKey != x.PublicKey || !k.Private || c.got[0].Where.Line != 3 || c.got[1].Where.Line < 10 {
		t.Errorf("%+v %+v %+v", x, k, c.got[1].Where)
	}
	// Nothing of the private key is in what is observed.
	d := k0(t, key)
	all := fmt.Sprintf("%+v %#v %+v %#v", *x, *x, *k, *k)
	for i := range c.got {
		b, err := c.got[i].AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		all += string(b)
	}
	for _, form := range []string{hex.EncodeToString(d), base64.StdEncoding.EncodeToString(d), string(d), strings.Trim(fmt.Sprint(d), "[]")} {
		if strings.Contains(all, form) {
			t.Error("a private key appears")
		}
	}
}

func k0(t testing.TB, der []byte) []byte {
	t.Helper()
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.(*ecdsa.PrivateKey).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzCertificates(f *testing.F) {
	cert, key := made(f)
	f.Add(cert)
	f.Add(key)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c collector
		o := Certificates{To: &c}
		_ = o.Read("f", bytes.NewReader(b))
		if o.recognized > o.units || len(c.got) > maxCredentials {
			t.Errorf("%d of %d, %d observations", o.recognized, o.units, len(c.got))
		}
		Detect(b)
	})
}
