//go:build live && linux

package live

import "path/filepath"

// authority makes a certification authority.
func (l *lab) authority(name string) string {
	l.t.Helper()
	l.shell(`cd %[1]s; pki --gen --type rsa --size 2048 --outform pem >%[2]s.key
pki --self --in %[2]s.key --ca --lifetime 3650 --dn 'C=DE, O=Lab, CN=%[2]s' --outform pem >%[2]s.crt`, l.dir, name)
	return name
}

// certify gives a side a certificate of an authority; it trusts the one that
// it is told to.
func (s *side) certify(by, trusts, options string) {
	s.l.t.Helper()
	s.cert, s.ca, s.auth = s.ns+"-cert", trusts, "pubkey"
	s.l.shell(`cd %[1]s; pki --gen --type rsa --size 2048 --outform pem >%[2]s.key
pki --pub --in %[2]s.key | pki --issue --cacert %[3]s.crt --cakey %[3]s.key --dn 'C=DE, O=Lab, CN=%[4]s' --san %[4]s %[5]s --outform pem >%[2]s.crt`,
		filepath.Clean(s.l.dir), s.cert, by, s.id, options)
}
