package observe

import (
	"encoding/binary"
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// denial is what a server refuses a client, counted.
type denial struct {
	count  uint32
	spans  [2]place
	server asking
}

// denied names the service whose server refuses access in a TCP segment, 0
// where none does. Only what stands at the beginning of a segment is looked
// at.
func denied(d *exchange.Datagram) diag.Service {
	b := d.Payload
	if d.Protocol != exchange.ProtocolTCP || len(b) < 20 {
		return 0
	}
	if n := int(b[12]>>4) * 4; n >= 20 && n <= len(b) { // RFC 9293, section 3.1
		b = b[n:]
	} else {
		return 0
	}
	switch d.Source.Port() {
	case 139, 445:
		if deniedSMB(b) {
			return diag.ServiceSMB
		}
	case 389:
		if deniedLDAP(b) {
			return diag.ServiceLDAP
		}
	}
	return 0
}

// deniedSMB reads the status of a response of SMB 1 or 2, which a header of
// four octets with its length precedes.
func deniedSMB(b []byte) bool {
	if len(b) < 4+32 || b[0] != 0 {
		return false
	}
	switch b = b[4:]; string(b[:4]) {
	case "\xfeSMB":
		return b[16]&1 != 0 && deniedStatus(binary.LittleEndian.Uint32(b[8:]))
	case "\xffSMB":
		return b[9]&0x80 != 0 && deniedStatus(binary.LittleEndian.Uint32(b[5:]))
	}
	return false
}

// deniedStatus reports whether an NTSTATUS says that a user or a host may not:
// access denied, logon type not granted, account restriction, network access
// denied.
func deniedStatus(n uint32) bool {
	return n == 0xc0000022 || n == 0xc000015b || n == 0xc000006e || n == 0xc00000ca
}

// deniedLDAP reads the result code of a response: insufficientAccessRights
// (RFC 4511, sections 4.1.1 and 4.1.9).
func deniedLDAP(b []byte) bool {
	_, b, ok := element(b, 0x30)
	if !ok {
		return false
	}
	_, b, ok = after(b, 0x02) // the message's number
	if !ok || len(b) == 0 || b[0]&0xe0 != 0x60 {
		return false
	}
	_, b, ok = element(b, b[0])
	if !ok {
		return false
	}
	code, _, ok := after(b, 0x0a)
	return ok && len(code) == 1 && code[0] == 50
}

// element returns what is in an element of the tag (X.690, section 8.1), as far
// as it is there.
func element(b []byte, tag byte) (rest, inside []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	n, head := int(b[1]), 2
	if n&0x80 != 0 {
		if n &= 0x7f; n == 0 || n > 4 || len(b) < 2+n {
			return nil, nil, false
		}
		head, n = 2+n, 0
		for _, c := range b[2:head] {
			n = n<<8 | int(c)
		}
	}
	if n < 0 || head+n > len(b) {
		return nil, b[head:], true
	}
	return b[head+n:], b[head : head+n], true
}

// after returns an element's content and what follows it.
func after(b []byte, tag byte) (inside, rest []byte, ok bool) {
	rest, inside, ok = element(b, tag)
	return inside, rest, ok && rest != nil
}

// refused counts what servers refuse.
func (v *services) refused(d *exchange.Datagram, what diag.Service) {
	k := asking{what, d.Destination.Addr(), d.Source}
	r := v.denials[k]
	if r == nil {
		if len(v.denials) >= maxAsked {
			return
		}
		if v.denials == nil {
			v.denials = map[asking]*denial{}
		}
		r = &denial{spans: [2]place{{d.Frame, d.Time}}, server: k}
		v.denials[k] = r
		v.denied = append(v.denied, r)
	}
	r.count++
	r.spans[1] = place{d.Frame, d.Time}
}

// endDenials observes them.
func (v *services) endDenials(p *Packets) {
	for _, r := range v.denied {
		k, _, ok := v.of(r.server.client)
		if !ok {
			continue
		}
		k.Near, k.Child, k.MessageID = diag.SideUnknown, 0, 0
		text := fmt.Appendf(nil, "%s > %s: %s, access refused %d times", r.server.server, r.server.client, r.server.what, r.count)
		p.tellSpan(k, r.spans, text, &diag.Denied{What: r.server.what, Server: r.server.server, Count: r.count})
	}
}
