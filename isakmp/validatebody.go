package isakmp

// bodyValidator checks the body of one payload of IKEv1.
type bodyValidator struct {
	*validator
	p  *Payload
	at Path
}

func (v *bodyValidator) check(wrong bool, r Rule, got, want uint32) {
	if wrong {
		v.report(r, v.at, int(v.p.Offset), got, want)
	}
}

func (v *validator) body(p *Payload, at Path) {
	b := bodyValidator{v, p, at}
	n := uint32(len(p.Body))
	switch p.Type {
	case PayloadKE:
		b.check(KeyExchange(p.Body).IsZero(), RuleKeyExchange, n, 0)
	case PayloadID:
		b.id()
	case PayloadCert, PayloadCertRequest:
		b.check(n > 0 && CertEncoding(p.Body[0]) > CertX509Attribute, RuleCertEncoding, uint32(first(p.Body)), 0)
	case PayloadHash, PayloadSignature:
		b.check(n == 0, RuleHashEmpty, 0, 0)
	case PayloadNonce:
		b.check(n < 8, RuleNonceLength, n, 8)
		b.check(n > 256, RuleNonceLength, n, 256)
	case PayloadNotify:
		b.notify()
	case PayloadDelete:
		b.deletion()
	case PayloadVendorID:
		b.check(n == 0, RuleVendorEmpty, 0, 0)
	case PayloadNATD, PayloadNATDDraft:
		b.check(!hashLen(len(p.Body)), RuleNATDLength, n, 0)
	case PayloadNATOA, PayloadNATOADraft:
		var oa NATOA
		err := oa.Decode(p.Body)
		_, ok := oa.Addr()
		b.check(err == nil && !ok, RuleNATOA, uint32(oa.Type), 0)
	case PayloadFragment:
		var f Fragment
		b.check(f.Decode(p.Body) == nil && f.Number == 0, RuleFragmentNumber, 0, 1)
		b.check(len(v.m.Payloads) != 1, RuleFragmentAlone, uint32(len(v.m.Payloads)), 1)
	case PayloadAttribute:
		t := ConfigType(first(p.Body))
		b.check(t < ConfigRequest || t > ConfigAck, RuleConfigType, uint32(t), 0)
	}
}

// first returns the first octet of b, 0 if there is none.
func first(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

// hashLen reports whether a hash of IKE has n octets: MD5, SHA-1, SHA-2, and
// TIGER, which has 24.
func hashLen(n int) bool {
	switch n {
	case 16, 20, 24, 32, 48, 64:
		return true
	}
	return false
}

func (v *bodyValidator) id() {
	var id ID
	if id.Decode(v.p.Body) != nil {
		return
	}
	if v.m.Exchange.phase1() {
		// 17 and 0 is what is left of 17 and 500 where ports change: RFC
		// 3947, section 4.
		ok := id.Protocol == 0 && id.Port == 0 || id.Protocol == 17 && (id.Port == Port || id.Port == 0)
		v.check(!ok, RuleIDPort, uint32(id.Protocol)<<16|uint32(id.Port), 17<<16|Port)
	}
	n := len(id.Data)
	switch id.Type {
	case IDIPv4, IDIPv6:
		v.check(n != id.Type.addressLen(), RuleIDLength, uint32(n), uint32(id.Type.addressLen()))
	case IDIPv4Subnet, IDIPv6Subnet, IDIPv4Range, IDIPv6Range:
		a, b, ok := id.pair()
		v.check(!ok, RuleIDLength, uint32(n), uint32(2*id.Type.addressLen()))
		if !ok {
			return
		}
		if id.Type == IDIPv4Range || id.Type == IDIPv6Range {
			v.check(b.Less(a), RuleIDRange, 0, 0)
		} else {
			_, ok = maskLen(b)
			v.check(!ok, RuleIDMask, 0, 0)
		}
	case IDFQDN, IDUserFQDN, IDKeyID, IDList:
		v.check(n == 0, RuleIDLength, 0, 1)
	case IDDERDN:
		v.check(n == 0 || id.Data[0] != derSequence, RuleIDLength, uint32(first(id.Data)), derSequence)
	case IDDERGN:
		v.check(n == 0, RuleIDLength, 0, 1)
	default:
		v.check(true, RuleIDType, uint32(id.Type), 0)
	}
}

func (v *bodyValidator) notify() {
	var n Notify
	if n.Decode(v.p.Body) != nil {
		return
	}
	spi, data := uint32(len(n.SPI)), uint32(len(n.Data))
	v.check(n.Type == 0, RuleNotifyZero, 0, 0)
	switch n.Type {
	case NotifyDPDRUThere, NotifyDPDRUThereAck:
		v.check(spi != 16, RuleDPD, spi, 16)
		v.check(data != 4, RuleDPD, data, 4)
		return
	case NotifyReplayStatus:
		v.check(data != 4, RuleNotifyData, data, 4)
	case NotifyResponderLifetime:
		v.check(NewAttributes(n.Data).Check() != nil, RuleNotifyData, data, 0)
	case NotifyInitialContact:
		v.check(spi != 16, RuleNotifySPI, spi, 16)
	}
	switch n.Protocol {
	case ProtocolISAKMP:
		v.check(spi > 16, RuleNotifySPI, spi, 16)
	case ProtocolAH, ProtocolESP:
		v.check(spi != 0 && spi != 4 && n.Type != NotifyInitialContact, RuleNotifySPI, spi, 4)
	}
}

func (v *bodyValidator) deletion() {
	var d Delete
	if d.Decode(v.p.Body) != nil {
		return
	}
	size, want := int(d.SPISize), 4
	if d.Protocol == ProtocolISAKMP {
		want = 16
	}
	v.check(size != want && !(d.Protocol == ProtocolIPComp && size == 2), RuleDeleteSPI, uint32(size), uint32(want))
	all := size * int(d.Count)
	v.check(all != len(d.SPIs) || all == 0, RuleDeleteCount, uint32(len(d.SPIs)), uint32(all))
}
