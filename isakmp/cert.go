package isakmp

// Cert is a certificate payload: RFC 2408, section 3.9. After the generic
// header:
//
//	+---------------+-----------------------------------------------+
//	|   encoding    |          certificate data (variable)          |
//	+---------------+-----------------------------------------------+
type Cert struct {
	// Encoding is what Data is (RFC 2408, section 3.9).
	Encoding CertEncoding
	// Data aliases the decoded octets.
	Data []byte
}

// Decode reads the body of a certificate payload. Its error is ErrTruncated.
func (c *Cert) Decode(body []byte) error {
	*c = Cert{}
	if len(body) < 1 {
		return ErrTruncated
	}
	c.Encoding, c.Data = CertEncoding(body[0]), body[1:]
	return nil
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (c Cert) AppendBinary(dst []byte) ([]byte, error) {
	return append(append(dst, byte(c.Encoding)), c.Data...), nil
}

// CertRequest is a certificate request payload: RFC 2408, section 3.10. After
// the generic header:
//
//	+---------------+-----------------------------------------------+
//	|   encoding    |        certificate authority (variable)       |
//	+---------------+-----------------------------------------------+
type CertRequest struct {
	// Encoding is what is asked for (RFC 2408, section 3.10).
	Encoding CertEncoding
	// Authority aliases the decoded octets: for X.509 the authority's name in
	// DER, which DERName renders; empty for any authority.
	Authority []byte
}

// Decode reads the body of a certificate request payload. Its error is
// ErrTruncated.
func (c *CertRequest) Decode(body []byte) error {
	*c = CertRequest{}
	if len(body) < 1 {
		return ErrTruncated
	}
	c.Encoding, c.Authority = CertEncoding(body[0]), body[1:]
	return nil
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (c CertRequest) AppendBinary(dst []byte) ([]byte, error) {
	return append(append(dst, byte(c.Encoding)), c.Authority...), nil
}
