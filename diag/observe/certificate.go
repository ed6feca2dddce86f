package observe

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// Certificates turns files of certificates and private keys, PEM or DER, into
// observations. Of a private key nothing leaves this package but which public
// key it belongs to; of an encrypted one nothing at all.
type Certificates struct {
	// To takes the observations, which are of Source.
	To     Target
	Source diag.SourceID

	units, recognized int
	dialect           string
}

// Bounds of a file.
const (
	maxCredentialFile = 4 << 20
	maxCredentials    = 256
)

// Errors that reading certificates gives. They hold nothing of the content.
var (
	errCredentialSize = errors.New("larger than a file of certificates may be")
	errCredential     = errors.New("a block that is no certificate and no private key")
)

// Read observes a file's certificates and keys. What could be read of a faulty
// one stays.
func (o *Certificates) Read(name string, r io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(r, maxCredentialFile+1))
	if err != nil {
		return err
	}
	if len(b) > maxCredentialFile {
		return errCredentialSize
	}
	o.dialect = credentialFormat(b, true)
	file := path.Base(strings.ReplaceAll(name, "\\", "/"))
	if o.dialect != "pem" {
		if !o.block("", b, file, diag.Where{}) {
			return errCredential
		}
		return nil
	}
	var errs []error
	line := 1
	for rest := b; o.units < maxCredentials; {
		block, more := pem.Decode(rest)
		if block == nil {
			break
		}
		begin := bytes.Index(rest, []byte("-----BEGIN "+block.Type))
		at := line + bytes.Count(rest[:max(begin, 0)], []byte{'\n'})
		line += bytes.Count(rest[:len(rest)-len(more)], []byte{'\n'})
		rest = more
		if !o.block(block.Type, block.Bytes, file, diag.Where{Line: at, Index: o.units}) {
			errs = append(errs, fmt.Errorf("line %d: %w", at, errCredential))
		}
	}
	if o.units == 0 {
		errs = append(errs, errCredential)
	}
	return errors.Join(errs...)
}

// block observes one certificate or key; false where it is neither.
func (o *Certificates) block(kind string, der []byte, file string, at diag.Where) bool {
	o.units++
	var c *diag.Credential
	switch {
	case strings.HasSuffix(kind, "PRIVATE KEY"):
		if strings.HasPrefix(kind, "ENCRYPTED") {
			o.recognized++
			return true
		}
		c = privateKey(der)
	case strings.HasSuffix(kind, "CERTIFICATE") || kind == "":
		if x, err := x509.ParseCertificate(der); err == nil {
			c = credential(x)
		} else if kind == "" {
			c = privateKey(der)
		}
	default: // parameters, public keys, requests: nothing that is asked for
		o.recognized++
		return true
	}
	if c == nil {
		o.To.Observe(&diag.Observation{Source: o.Source, Where: at, Basis: diag.Logged, Text: []byte("a block that cannot be read"),
			Body: &diag.Certificate{Of: diag.Self, What: diag.CertificateUnreadable, Subject: diag.Clean(file, 160)}})
		return false
	}
	o.recognized++
	c.File = diag.Clean(file, 160)
	text := "certificate " + c.Subject
	if c.Private {
		text = "private key"
	}
	o.To.Observe(&diag.Observation{Source: o.Source, Where: at, Basis: diag.Logged, Text: []byte(diag.Clean(text, 200)), Body: c})
	return true
}

// Describe fills in what the reading found out about the source.
func (o *Certificates) Describe(s *diag.Source) {
	s.Dialect = o.dialect
	s.Units, s.Recognized = o.units, o.recognized
	s.Coverage.Shows = diag.Bodies(diag.BodyCredential)
}

// credentialFormat names the form of certificates or keys: "pem" where a block
// of such begins a line, "der" where the content is one, empty for all else. A
// configuration that holds a certificate is none: there it is quoted. dashes says
// whether a line may begin with some.
func credentialFormat(head []byte, dashes bool) string {
	if len(head) > 4 && head[0] == 0x30 && head[1] >= 0x80 {
		if _, err := x509.ParseCertificate(head); err == nil || privateKey(head) != nil {
			return "der"
		}
		return ""
	}
	if !dashes {
		return ""
	}
	for rest := head; ; {
		i := bytes.Index(rest, []byte("-----BEGIN "))
		if i < 0 {
			return ""
		}
		before := rest[:i]
		rest = rest[i+len("-----BEGIN "):]
		kind, _, ok := bytes.Cut(rest[:min(len(rest), 64)], []byte("-----"))
		if ok && (len(before) == 0 || before[len(before)-1] == '\n') && (bytes.HasSuffix(kind, []byte("CERTIFICATE")) || bytes.HasSuffix(kind, []byte("PRIVATE KEY"))) {
			return "pem"
		}
	}
}

// certificateFiles returns the names of files without their folders.
func certificateFiles(list []string) (out []string) {
	for _, s := range list {
		if s != "" && s[0] != '%' && len(out) < 16 {
			out = append(out, diag.Clean(path.Base(s), 160))
		}
	}
	return out
}
