package diag

import "net/netip"

// Unanswered: a capture shows requests to a server that a tunnel's parties rest
// on, and nothing that comes back from it.
type Unanswered struct {
	// By asked; PartyUnknown is a host behind one of the ends.
	By     Party
	What   Service
	Server netip.AddrPort
	// Requests counts them.
	Requests uint32
	// Lasted: the capture goes on long enough after the first one.
	Lasted bool
}

// Service is what a server does.
type Service uint8

// The services that an IPsec tunnel may rest on, or that its users miss first.
const (
	ServiceDNS    Service = iota + 1 // names (RFC 1035)
	ServiceWINS                      // NetBIOS names (RFC 1002)
	ServiceLDAP                      // a directory (RFC 4511)
	ServiceHTTP                      // web, as CRLs and OCSP are fetched (RFC 5280, RFC 6960)
	ServiceRADIUS                    // users and passwords (RFC 2865)
	ServiceSMB                       // files and printers of Windows networks
)

var serviceNames = [...]string{"", "DNS", "WINS", "LDAP", "HTTP", "RADIUS", "SMB"}

// String returns DNS, WINS, LDAP, HTTP, RADIUS or SMB.
func (s Service) String() string { return name(serviceNames[:], uint8(s)) }

// Certificates reports whether a service is asked for certificates, or whether
// they were revoked.
func (s Service) Certificates() bool { return s == ServiceLDAP || s == ServiceHTTP }

// Kind returns BodyUnanswered.
func (*Unanswered) Kind() BodyKind { return BodyUnanswered }
func (b *Unanswered) party() Party { return b.By }
func (u *Unanswered) slot() uint64 {
	a := u.Server.Addr().As16()
	return uint64(u.By) | uint64(u.What)<<8 | uint64(u.Server.Port())<<16 | hash64(string(a[:]))<<32
}
func (u *Unanswered) clone(dst Body) Body { d := reuse[Unanswered](dst); *d = *u; return d }

// Denied: a capture shows that a server which is reached refuses what it is
// asked for, since whoever asks may not.
type Denied struct {
	// What is the service, Server who offers it, Count how often it refused.
	What   Service
	Server netip.AddrPort
	Count  uint32
}

// Kind returns BodyDenied.
func (*Denied) Kind() BodyKind { return BodyDenied }
func (*Denied) party() Party   { return PartyUnknown }
func (x *Denied) slot() uint64 {
	a := x.Server.Addr().As16()
	return uint64(x.What) | uint64(x.Server.Port())<<16 | hash64(string(a[:]))<<32
}
func (x *Denied) clone(dst Body) Body { d := reuse[Denied](dst); *d = *x; return d }
